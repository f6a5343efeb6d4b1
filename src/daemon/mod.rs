//! The tasks: scheduler → workers → ingester → deliverer, joined by bounded queues; reload, signals, systemd.
//!
//! The stop token ends the scheduler and cancels waits; each later task ends when its input ends. A harvest that is cut
//! off loses nothing: its validators were not stored, so the next look repeats it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Timestamp};
use crate::config::Settings;
use crate::fetch::Web;
use crate::pipeline::{Channels, HEALTH_TOPIC, Ingester};
use crate::schedule::Network;
use crate::source::SourceId;
use crate::store::{Store, StoreError, table};
use crate::text::count::count;
use crate::topic::TopicSpec;

mod deliverer;
mod examples;
mod filing;
mod ingester;
mod live;
mod network;
mod reload;
mod scheduler;
mod signals;
mod upkeep;
mod watchdog;
mod workers;

pub use live::{BuildError, build_live, channel, web};
pub use reload::{HELD, Reloaded, reload};
pub use signals::{Signals, listen};
pub use watchdog::NOTE;

/// Most reports and ends of looks that wait for the ingester; workers wait when it is full. What waits goes into one
/// transaction, and each transaction makes the full-text index merge anew: six feeds at once cost less than three.
const MESSAGES: usize = 128;

/// What a reload swaps, as a whole.
pub struct Live {
    /// The configuration.
    pub settings: Settings,
    /// The web under these settings.
    pub web: Arc<dyn Web>,
    /// The channels under these settings.
    pub channels: Channels,
}

/// How long to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Until the stop token.
    Forever,
    /// One pass over what is due, or over every source.
    Once {
        /// Every source, due or not.
        all: bool,
    },
}

/// What happens, for whoever shows progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// This many sources are to be looked at in this pass (mode `Once`).
    Planned(usize),
    /// A look ended and its reports are stored.
    Polled {
        /// The source's name or address.
        source: String,
        /// Its failure, if it failed.
        failure: Option<String>,
    },
    /// Reports were stored.
    Stored {
        /// New reports.
        reports: usize,
        /// Alerts raised or changed.
        alerts: usize,
    },
    /// A channel took alerts.
    Told(usize),
}

/// What a look gives back to the scheduler.
enum Freed {
    /// The place at its host: the source has answered.
    Host(SourceId),
    /// All: the look is over, and stored.
    Look(SourceId),
}

/// Why the daemon ended unasked.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A task ended that should not.
    #[error("the {0} stopped unasked")]
    TaskEnded(&'static str),
}

/// Everything that the tasks share.
pub struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    live: watch::Sender<Arc<Live>>,
    observe: Box<dyn Fn(Event) + Send + Sync>,
    /// Wakes the deliverer after a commit. `Notify` keeps one permit, so a wake-up between its query and its wait is
    /// not lost.
    deliver: Notify,
    /// Wakes the scheduler after a reload.
    replan: Notify,
    /// The scheduler's last turn, on the monotonic clock: the watchdog's proof that it lives.
    scheduler_turn: Mutex<Option<Instant>>,
    /// Looks under way and messages waiting, for `status`.
    running: AtomicUsize,
    queued: AtomicUsize,
    /// Nobody answers: the network seems to be down.
    offline: AtomicBool,
    network: Mutex<Network>,
}

impl Shared {
    /// Joins the parts. Nothing runs yet.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        live: Live,
        observe: Box<dyn Fn(Event) + Send + Sync>,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            live: watch::Sender::new(Arc::new(live)),
            observe,
            deliver: Notify::new(),
            replan: Notify::new(),
            scheduler_turn: Mutex::new(None),
            running: AtomicUsize::new(0),
            queued: AtomicUsize::new(0),
            offline: AtomicBool::new(false),
            network: Mutex::default(),
        })
    }

    /// What is in force now.
    #[must_use]
    pub fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes the scheduler plan anew: after a jump of the clock.
    pub fn replan(&self) {
        self.replan.notify_one();
    }

    /// Records that the scheduler turned.
    fn turn(&self) {
        *self.scheduler_turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// How long ago the scheduler turned; zero before its first turn.
    fn since_turn(&self) -> Duration {
        self.scheduler_turn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map_or(Duration::ZERO, |turn| turn.elapsed())
    }

    fn emit(&self, event: Event) {
        (self.observe)(event);
    }

    /// Makes the store's sources agree with the configuration. The first looks at new ones are spread over `spread`, at
    /// most their interval.
    async fn sync_sources(&self, live: &Live, spread: Duration) -> Result<(), StoreError> {
        let (sources, now) = (live.settings.sources.clone(), self.now());
        let used = live.settings.channels_used();
        let others = live.settings.alerts.channels.clone();
        let channels = |topic: &TopicSpec| topic.channels.as_ref().unwrap_or(&others).clone();
        let topics: BTreeMap<String, Vec<String>> =
            live.settings.topics.iter().map(|topic| (topic.id.text.clone(), channels(topic))).collect();
        let dropped = self
            .store
            .write(move |tx| {
                table::sync_sources(tx, &sources, now, |source| {
                    crate::schedule::first_check(source, now, spread.min(source.interval))
                })?;
                table::judge_by(tx, &topics.keys().map(String::as_str).collect(), now)?;
                table::read_by(tx, env!("CARGO_PKG_VERSION"), now)?;
                table::drop_unused(tx, &used, |topic| match topics.get(topic) {
                    Some(own) => own,
                    // Trouble with sources is of no topic.
                    None if topic == HEALTH_TOPIC => &others,
                    None => &[],
                })
            })
            .await?;
        if dropped > 0 {
            tracing::info!(
                dropped,
                "dropped {}: no topic uses the channel any more",
                count(dropped, "waiting delivery")
            );
        }
        Ok(())
    }
}

/// Runs until `stop`, or until the pass is over.
///
/// # Errors
/// When the store fails for good or a task ends unasked: the process should exit non-zero and be restarted.
pub async fn run(shared: Arc<Shared>, mode: Mode, stop: CancellationToken) -> Result<(), DaemonError> {
    let live = shared.live();
    let spread = match mode {
        Mode::Forever => first_looks(&live),
        Mode::Once { .. } => Duration::ZERO,
    };
    filing::refile(&shared.store, live.clone()).await;
    shared.sync_sources(&live, spread).await?;
    for warning in examples::compare(&shared.store, live).await {
        tracing::warn!("{warning}");
    }
    let now = shared.now();
    let index = shared.store.write(move |tx| Ingester::rebuild(tx, now)).await?;

    let (jobs_in, jobs_out) = mpsc::channel(1);
    let (messages_in, messages_out) = mpsc::channel(MESSAGES);
    let (done_in, done_out) = mpsc::unbounded_channel::<Freed>();
    let all_stored = CancellationToken::new();
    let upkeep_stop = CancellationToken::new();

    let scheduler = guarded(&stop, scheduler::run(shared.clone(), mode, jobs_in, done_out, stop.clone()));
    let workers =
        guarded(&stop, workers::run(shared.clone(), jobs_out, messages_in, done_in.clone(), stop.clone()));
    let ingester =
        guarded(&stop, ingester::run(shared.clone(), index, messages_out, done_in, all_stored.clone()));
    let deliverer = guarded(&stop, deliverer::run(shared.clone(), all_stored.clone()));
    let upkeep = guarded(&stop, upkeep::run(shared.clone(), mode, upkeep_stop.clone()));
    let watchdog = guarded(&stop, watchdog::run(shared.clone(), upkeep_stop.clone()));

    let scheduler = join("scheduler", scheduler.await);
    let workers = join("workers", workers.await);
    let ingester = join("ingester", ingester.await);
    // Also when the ingester failed: what is in the outbox is told.
    let deliverer = join("deliverer", deliverer.await);
    let result = scheduler.and(workers).and(ingester).and(deliverer);
    stop.cancel();
    all_stored.cancel();
    upkeep_stop.cancel();
    join("upkeep", upkeep.await)?;
    join("watchdog", watchdog.await)?;
    result
}

/// Spawns `task`; if it fails or panics, everything stops: the process ends and is restarted.
fn guarded<T: Send + 'static>(
    stop: &CancellationToken,
    task: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> tokio::task::JoinHandle<Result<T, StoreError>> {
    let guard = stop.clone().drop_guard();
    tokio::spawn(async move {
        let result = task.await;
        if result.is_ok() {
            guard.disarm();
        }
        result
    })
}

fn join(
    name: &'static str,
    ended: Result<Result<(), StoreError>, tokio::task::JoinError>,
) -> Result<(), DaemonError> {
    match ended {
        Ok(result) => Ok(result?),
        Err(error) => {
            tracing::error!(%error, "the {name} stopped unasked: {error}");
            Err(DaemonError::TaskEnded(name))
        }
    }
}

/// A second for each source: an import of a thousand is spread, three start at once.
fn first_looks(live: &Live) -> Duration {
    Duration::from_secs(live.settings.sources.len() as u64)
}
