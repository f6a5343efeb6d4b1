//! What is remembered of a host between its turns: who waits, when the last request started, how long quiet is wanted,
//! and whether it was slow.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Semaphore};
use tokio::time::Instant;

/// A turn that is held longer was a slow one.
pub(super) const SLOW_TURN: Duration = Duration::from_secs(10);
/// A host with so many slow turns in a row is a slow host, until a turn is quick again.
const SLOW_TURNS: u32 = 2;
/// A slow host that is not asked for so long is forgotten to be slow.
const REMEMBERED: Duration = Duration::from_hours(24);
/// The longest quiet that one answer gets for its whole host: a day for one address must not silence a platform.
pub(super) const MOST_QUIET: Duration = Duration::from_hours(1);
/// Below this many gates no sweep is worth its walk.
pub(super) const SWEEP_FLOOR: usize = 64;

/// One host's door.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) slots: Arc<Semaphore>,
    /// How many slots there are.
    most: usize,
    /// Between two starts.
    pub(super) spacing: Duration,
    /// Whether the number of slots is the word of whoever knows this server.
    pub(super) own_limit: bool,
    /// When the last request here started. Held while waiting for the next start, so that starts are in a row.
    pub(super) last_start: AsyncMutex<Option<Instant>>,
    record: Mutex<Record>,
}

/// How the host behaved.
#[derive(Debug, Default, Clone)]
struct Record {
    quiet_until: Option<Instant>,
    slow_turns: u32,
    last_end: Option<Instant>,
}

impl Gate {
    pub(super) fn new(slots: usize, spacing: Duration, own_limit: bool) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            most: slots,
            spacing,
            own_limit,
            last_start: AsyncMutex::new(None),
            record: Mutex::default(),
        }
    }

    /// This gate under new settings: it remembers what `before` did, and requests under way count where they can.
    pub(super) fn after(self, before: &Self) -> Self {
        // Whoever holds it waits for the next start, which is not before now.
        let last_start = before.last_start.try_lock().map_or_else(|_| Some(Instant::now()), |last| *last);
        let slots = if self.most == before.most { Arc::clone(&before.slots) } else { self.slots };
        let record = before.record().clone();
        Self { slots, last_start: AsyncMutex::new(last_start), record: Mutex::new(record), ..self }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing starts here for `span`, at most an hour of it. A quiet that lasts longer already stays.
    pub(super) fn keep_quiet(&self, span: Duration) {
        let until = Instant::now().checked_add(span.min(MOST_QUIET));
        let mut record = self.record();
        record.quiet_until = record.quiet_until.max(until);
    }

    /// How long the quiet still lasts.
    pub(super) fn quiet_for(&self) -> Option<Duration> {
        let left = self.record().quiet_until?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Whether the host belongs into the slow lane.
    pub(super) fn is_slow(&self) -> bool {
        self.record().slow_turns >= SLOW_TURNS
    }

    /// A turn is over that lasted for `span`.
    pub(super) fn turn_ended(&self, span: Duration) {
        let mut record = self.record();
        record.slow_turns = if span > SLOW_TURN { record.slow_turns.saturating_add(1) } else { 0 };
        record.last_end = Some(Instant::now());
    }
}

/// What can be forgotten when nothing is left to remember.
pub(super) trait Forgettable {
    /// Whether a new one would do as well. Asked while nobody holds it.
    fn is_blank(&mut self, now: Instant) -> bool;
}

impl Forgettable for Gate {
    fn is_blank(&mut self, now: Instant) -> bool {
        let over = |since: Option<Instant>, span| {
            since.is_none_or(|since| since.checked_add(span).is_some_and(|end| end <= now))
        };
        let spacing = self.spacing;
        let record = self.record.get_mut().unwrap_or_else(PoisonError::into_inner);
        over(record.quiet_until, Duration::ZERO)
            && (record.slow_turns == 0 || over(record.last_end, REMEMBERED))
            && over(*self.last_start.get_mut(), spacing)
    }
}

/// The slots of one address: nothing is left to remember of it when nobody holds one.
impl Forgettable for Semaphore {
    fn is_blank(&mut self, _: Instant) -> bool {
        true
    }
}

/// One thing for each key, made when it is first asked for and forgotten when it is blank.
#[derive(Debug)]
pub(super) struct Each<K, T> {
    things: HashMap<K, Arc<T>>,
    /// Blank things are dropped when there are this many: twice what was left by the last sweep, so that the cost of a
    /// turn stays constant on average and the map stays within twice what is in use.
    sweep_at: usize,
}

impl<K, T> Default for Each<K, T> {
    fn default() -> Self {
        Self { things: HashMap::new(), sweep_at: SWEEP_FLOOR }
    }
}

impl<K: Eq + Hash, T: Forgettable> Each<K, T> {
    pub(super) fn get(&mut self, key: K, make: impl FnOnce(&K) -> T) -> Arc<T> {
        if let Some(thing) = self.things.get(&key) {
            return Arc::clone(thing);
        }
        if self.things.len() >= self.sweep_at {
            let now = Instant::now();
            // Whoever waits or works holds it, so that there is no exclusive access.
            self.things.retain(|_, thing| Arc::get_mut(thing).is_none_or(|thing| !thing.is_blank(now)));
            self.sweep_at = (self.things.len() * 2).max(SWEEP_FLOOR);
        }
        let thing = Arc::new(make(&key));
        self.things.insert(key, Arc::clone(&thing));
        thing
    }

    pub(super) fn things(&self) -> &HashMap<K, Arc<T>> {
        &self.things
    }
}
