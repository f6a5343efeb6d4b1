//! The scheduler: reads what is due from the store, lets `schedule::plan` choose, hands out jobs, waits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Event, Mode, Shared};
use crate::clock::{Timestamp, since};
use crate::pipeline::Job;
use crate::schedule::{self, Due, Jump};
use crate::source::{Source, SourceId};
use crate::store::{StoreError, table};

/// Longest wait between two turns, so that the watchdog sees a scheduler that lives.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Between two looks while the network seems to be down.
const PROBE: Duration = Duration::from_secs(20);
/// Due sources that one turn considers.
const CONSIDERED: u32 = 4_096;

/// Runs until `stop`, or in mode `Once` until every planned source was looked at.
pub(super) async fn run(
    shared: Arc<Shared>,
    mode: Mode,
    jobs: Sender<Job>,
    mut done: UnboundedReceiver<SourceId>,
    stop: CancellationToken,
) -> Result<(), StoreError> {
    let mut running = Running::default();
    let mut planned = match mode {
        Mode::Forever => None,
        Mode::Once { all } => {
            let now = shared.now();
            let due =
                shared
                    .store
                    .write(move |tx| {
                        if all { table::all_sources(tx, now) } else { table::due_sources(tx, now, u32::MAX) }
                    })
                    .await?;
            shared.emit(Event::Planned(due.len()));
            Some(due)
        }
    };
    // What became due while nobody ran is asked in turn.
    let mut paused = planned.is_none();
    let mut turned = (shared.now(), Instant::now());
    let mut probed: Option<Instant> = None;
    while !stop.is_cancelled() {
        shared.turn();
        let (live, now) = (shared.live(), shared.now());
        let jump = Jump::between(turned.0, now, turned.1.elapsed());
        turned = (now, Instant::now());
        match jump {
            Some(Jump::Back(by)) => shared.store.write(move |tx| table::clock_set_back(tx, by, now)).await?,
            Some(Jump::Ahead) if planned.is_none() => paused = true,
            _ => {}
        }
        let offline = shared.offline.load(Ordering::Relaxed) && planned.is_none();
        paused |= offline;
        if paused && !offline {
            shared.store.write(move |tx| in_turn(tx, now)).await?;
            paused = false;
        }
        let mut due = match &planned {
            Some(due) => due.clone(),
            None => shared.store.write(move |tx| table::due_sources(tx, now, CONSIDERED)).await?,
        };
        due.retain(|due| !running.ids.contains_key(&due.id));
        let fetch = &live.settings.fetch;
        let mut free = fetch.workers.saturating_sub(running.ids.len());
        if offline {
            // One at a time finds out when the network is back.
            let probe = running.ids.is_empty() && probed.is_none_or(|last| last.elapsed() >= PROBE);
            free = usize::from(probe);
            probed = if probe { Some(Instant::now()) } else { probed };
        }
        let start = schedule::plan(&due, &running.hosts, free, fetch.per_host);
        if let Some(planned) = &mut planned {
            let started: HashSet<&SourceId> = start.iter().collect();
            planned.retain(|due| !started.contains(&due.id));
        }
        for id in start {
            let Some(source) = live.settings.sources.iter().find(|source| source.id == id) else { continue };
            let Some(job) = job(&shared, source).await? else { continue };
            running.start(&due, &id);
            if jobs.send(job).await.is_err() {
                return Ok(());
            }
        }
        shared.running.store(running.ids.len(), Ordering::Relaxed);
        if planned.as_ref().is_some_and(Vec::is_empty) && running.ids.is_empty() {
            return Ok(());
        }
        let wait = wait(&shared, planned.is_some(), now).await?;
        tokio::select! {
            () = stop.cancelled() => {}
            ended = done.recv() => match ended {
                Some(id) => running.end(&id),
                None => return Ok(()),
            },
            () = shared.replan.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
        while let Ok(id) = done.try_recv() {
            running.end(&id);
        }
    }
    Ok(())
}

/// Until the next check is due, at most [`LONGEST_WAIT`].
async fn wait(shared: &Shared, once: bool, now: Timestamp) -> Result<Duration, StoreError> {
    if once {
        return Ok(LONGEST_WAIT);
    }
    let next = shared.store.write(move |tx| table::next_due(tx, now)).await?;
    Ok(next.map_or(LONGEST_WAIT, |next| since(next, now).min(LONGEST_WAIT)))
}

/// Plans what is overdue after a pause so that it is not asked all at once.
fn in_turn(db: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let overdue: Vec<_> = table::due_sources(db, now, u32::MAX)?.into_iter().map(|due| due.id).collect();
    table::put_next_checks(db, &schedule::spread(&overdue, now))
}

/// Makes the job for `source`, and moves its `next_check` on before the request starts.
async fn job(shared: &Shared, source: &Source) -> Result<Option<Job>, StoreError> {
    let (source, now) = (source.clone(), shared.now());
    shared
        .store
        .write(move |tx| {
            let Some(state) = table::source_state(tx, &source.id)? else { return Ok(None) };
            table::put_source_state(tx, &source.id, &schedule::starting(&source, &state, now))?;
            Ok(Some(Job {
                validators: schedule::validators(&state, now),
                address: state.address.unwrap_or_else(|| source.url.clone()),
                body_hash: state.body_hash,
                last_full: state.last_full,
                first_look: !state.baseline_done,
                empty_since: state.empty_since,
                known: table::known_entries(tx, &source.id)?,
                learnt: table::learnt(tx, &source.id)?,
                watched: table::watched_text(tx, &source.id)?,
                source,
            }))
        })
        .await
}

/// Looks under way, by source and counted by host.
#[derive(Default)]
struct Running {
    ids: HashMap<SourceId, String>,
    hosts: BTreeMap<String, usize>,
}

impl Running {
    fn start(&mut self, due: &[Due], id: &SourceId) {
        let host = due.iter().find(|due| due.id == *id).map(|due| due.host.clone()).unwrap_or_default();
        *self.hosts.entry(host.clone()).or_default() += 1;
        self.ids.insert(id.clone(), host);
    }

    fn end(&mut self, id: &SourceId) {
        let Some(host) = self.ids.remove(id) else { return };
        if let Some(count) = self.hosts.get_mut(&host) {
            *count -= 1;
            if *count == 0 {
                self.hosts.remove(&host);
            }
        }
    }
}
