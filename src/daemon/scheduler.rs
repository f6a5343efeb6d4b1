//! The scheduler: reads what is due from the store, lets `schedule::plan` choose, hands out jobs, waits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Event, Freed, Live, Mode, Shared};
use crate::clock::{Timestamp, since};
use crate::pipeline::Job;
use crate::schedule::{self, Due, Jump};
use crate::source::{Source, SourceId, SourceKind};
use crate::store::{StoreError, table};

/// Longest wait between two turns, so that the watchdog sees a scheduler that lives.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Between two looks while the network seems to be down.
const PROBE: Duration = Duration::from_secs(20);
/// Due sources that one turn considers: some milliseconds of reading.
const CONSIDERED: u32 = 2_048;
/// Where so many are due, but at hosts that are busy already: of each host so many …
const OF_EACH: usize = 8;
/// … read again after this time, as that costs more.
const CROWDED: Duration = Duration::from_secs(2);

/// Runs until `stop`, or in mode `Once` until every planned source was looked at.
pub(super) async fn run(
    shared: Arc<Shared>,
    mode: Mode,
    jobs: Sender<Job>,
    mut done: UnboundedReceiver<Freed>,
    stop: CancellationToken,
) -> Result<(), StoreError> {
    let mut running = Running::default();
    let mut backlog = Backlog::default();
    let once = match mode {
        Mode::Forever => false,
        Mode::Once { all } => {
            let now = shared.now();
            backlog.due =
                shared
                    .store
                    .write(move |tx| {
                        if all { table::all_sources(tx, now) } else { table::due_sources(tx, now, u32::MAX) }
                    })
                    .await?;
            shared.emit(Event::Planned(backlog.due.len()));
            true
        }
    };
    let mut sources = ById::new(shared.live());
    // What became due while nobody ran is asked in turn.
    let mut paused = !once;
    let mut turned = (shared.now(), Instant::now());
    let mut probed: Option<Instant> = None;
    while !stop.is_cancelled() {
        shared.turn();
        let (live, now) = (shared.live(), shared.now());
        if !Arc::ptr_eq(&sources.live, &live) {
            sources = ById::new(live);
        }
        let jump = Jump::between(turned.0, now, turned.1.elapsed());
        turned = (now, Instant::now());
        match jump {
            Some(Jump::Back(by)) => shared.store.write(move |tx| table::clock_set_back(tx, by, now)).await?,
            Some(Jump::Ahead) => paused |= !once,
            None => {}
        }
        let offline = shared.offline.load(Ordering::Relaxed) && !once;
        paused |= offline;
        if paused && !offline {
            shared.store.write(move |tx| in_turn(tx, now)).await?;
            (paused, backlog) = (false, Backlog::default());
        }
        let fetch = &sources.live.settings.fetch;
        let mut free = fetch.workers.saturating_sub(running.ids.len());
        if offline {
            // One now and then finds out when the network is back, whatever still hangs.
            let probe = free > 0 && probed.is_none_or(|last| last.elapsed() >= PROBE);
            free = usize::from(probe);
            probed = if probe { Some(Instant::now()) } else { probed };
        }
        let mut start = schedule::plan(&backlog.due, &running.hosts, free, fetch.per_host);
        if !once && backlog.crowded_for().is_none() && (start.len() < free || backlog.is_old()) {
            backlog = Backlog::read(&shared, now).await?;
            for crowded in [false, true] {
                if crowded {
                    backlog.read_each_host(&shared, now, fetch.per_host).await?;
                }
                backlog.due.retain(|due| !running.ids.contains_key(&due.id));
                start = schedule::plan(&backlog.due, &running.hosts, free, fetch.per_host);
                if start.len() >= free || !backlog.is_full {
                    break;
                }
            }
        }
        let started: Vec<(Due, Source)> = backlog
            .take(&start.into_iter().collect())
            .into_iter()
            .filter_map(|due| sources.get(&due.id).cloned().map(|source| (due, source)))
            .collect();
        for (host, job) in make_jobs(&shared, started).await? {
            running.start(host, &job.source.id);
            if jobs.send(job).await.is_err() {
                return Ok(());
            }
        }
        shared.running.store(running.ids.len(), Ordering::Relaxed);
        if once && backlog.due.is_empty() && running.ids.is_empty() {
            return Ok(());
        }
        // While every place is taken, only the end of a look changes anything.
        let next = backlog.next.filter(|_| running.ids.len() < fetch.workers && !offline);
        let wait = next.map_or(LONGEST_WAIT, |next| since(next, now).min(LONGEST_WAIT));
        // What became due meanwhile is read with the rest.
        let wait = backlog.crowded_for().unwrap_or(wait);
        tokio::select! {
            () = stop.cancelled() => {}
            ended = done.recv() => match ended {
                Some(freed) => running.free(&freed),
                None => return Ok(()),
            },
            () = shared.replan.notified() => backlog.read = None,
            () = tokio::time::sleep(wait) => {}
        }
        while let Ok(freed) = done.try_recv() {
            running.free(&freed);
        }
    }
    Ok(())
}

/// Plans what is overdue after a pause so that it is not asked all at once.
fn in_turn(db: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let overdue: Vec<_> = table::due_sources(db, now, u32::MAX)?.into_iter().map(|due| due.id).collect();
    table::put_next_checks(db, &schedule::spread(&overdue, now))
}

/// What is due, as it was read a moment ago: while many sources wait, not every turn reads them all anew.
#[derive(Default)]
struct Backlog {
    /// Without what was started since.
    due: Vec<Due>,
    /// When the next source beside these is due.
    next: Option<Timestamp>,
    read: Option<Instant>,
    /// More is due than was read.
    is_full: bool,
    /// It was read by host.
    by_host: bool,
}

impl Backlog {
    async fn read(shared: &Shared, now: Timestamp) -> Result<Self, StoreError> {
        let read = Some(Instant::now());
        let (due, next) = shared
            .store
            .write(move |tx| Ok((table::due_sources(tx, now, CONSIDERED)?, table::next_due(tx, now)?)))
            .await?;
        let is_full = due.len() >= CONSIDERED as usize;
        Ok(Self { due, next, read, is_full, by_host: false })
    }

    /// Reads what is due of each host: where one has more of it than is considered, the others are due all the same.
    async fn read_each_host(
        &mut self,
        shared: &Shared,
        now: Timestamp,
        per_host: usize,
    ) -> Result<(), StoreError> {
        let of_each = u32::try_from(per_host.max(OF_EACH)).unwrap_or(CONSIDERED);
        let read = shared.store.write(move |tx| table::due_of_each_host(tx, now, of_each, CONSIDERED));
        (self.due, self.by_host, self.read) = (read.await?, true, Some(Instant::now()));
        Ok(())
    }

    /// How long what was read by host will do.
    fn crowded_for(&self) -> Option<Duration> {
        let left = CROWDED.checked_sub(self.read.filter(|_| self.by_host)?.elapsed())?;
        (!left.is_zero()).then_some(left)
    }

    fn is_old(&self) -> bool {
        self.read.is_none_or(|read| read.elapsed() >= LONGEST_WAIT)
    }

    /// Takes out those that start.
    fn take(&mut self, start: &HashSet<SourceId>) -> Vec<Due> {
        if start.is_empty() {
            return Vec::new();
        }
        self.due.extract_if(.., |due| start.contains(&due.id)).collect()
    }
}

/// The sources of a configuration by id, as their places in order of the ids: 100,000 of them cost less than a megabyte.
struct ById {
    live: Arc<Live>,
    order: Vec<usize>,
}

impl ById {
    fn new(live: Arc<Live>) -> Self {
        let sources = &live.settings.sources;
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_unstable_by_key(|place| sources.get(*place).map(|source| &source.id));
        Self { live, order }
    }

    fn get(&self, id: &SourceId) -> Option<&Source> {
        let sources = &self.live.settings.sources;
        let found =
            self.order.binary_search_by_key(&Some(id), |place| sources.get(*place).map(|source| &source.id));
        sources.get(*self.order.get(found.ok()?)?)
    }
}

/// Makes the jobs of those that start now, each with its host, and moves their `next_check` on before their requests
/// start: all in one transaction, as each commit waits for the disk.
async fn make_jobs(shared: &Shared, started: Vec<(Due, Source)>) -> Result<Vec<(String, Job)>, StoreError> {
    if started.is_empty() {
        return Ok(Vec::new());
    }
    let now = shared.now();
    shared
        .store
        .write(move |tx| {
            let mut jobs = Vec::with_capacity(started.len());
            for (due, source) in started {
                let Some(state) = table::source_state(tx, &source.id)? else { continue };
                let state = schedule::starting(&source, &state, now);
                table::put_start(tx, &source.id, &state)?;
                let watched = match source.kind {
                    SourceKind::Watch { .. } | SourceKind::Sitemap => table::watched_text(tx, &source.id)?,
                    SourceKind::Feed | SourceKind::Links { .. } => None,
                };
                let job = Job {
                    address: state.place(&source),
                    validators: schedule::validators(&state, now),
                    body_hash: state.body_hash,
                    last_full: state.last_full,
                    first_look: !state.baseline_done,
                    empty_since: state.empty_since,
                    watched,
                    waits: table::waits(tx, &source.id)?,
                    source,
                };
                jobs.push((due.host, job));
            }
            Ok(jobs)
        })
        .await
}

/// Looks under way, by source and counted by host.
#[derive(Default)]
struct Running {
    /// With its host, while it holds a place there.
    ids: HashMap<SourceId, Option<String>>,
    hosts: BTreeMap<String, usize>,
}

impl Running {
    fn start(&mut self, host: String, id: &SourceId) {
        *self.hosts.entry(host.clone()).or_default() += 1;
        self.ids.insert(id.clone(), Some(host));
    }

    fn free(&mut self, freed: &Freed) {
        let host = match freed {
            Freed::Host(id) => self.ids.get_mut(id).and_then(Option::take),
            Freed::Look(id) => self.ids.remove(id).flatten(),
        };
        let Some(host) = host else { return };
        if let Some(count) = self.hosts.get_mut(&host) {
            *count -= 1;
            if *count == 0 {
                self.hosts.remove(&host);
            }
        }
    }
}
