//! The only reader of the time. Everything else takes `now` as a value.

pub use jiff::{SignedDuration, Timestamp};

/// Tells what time it is. Production uses [`SystemClock`]; tests drive one from tokio's paused time.
pub trait Clock: Send + Sync {
    /// The wall-clock time now. Waiting is done on tokio's monotonic clock, never on differences of this.
    fn now(&self) -> Timestamp;
}

/// The wall clock of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place where the time is read")]
        Timestamp::now()
    }
}

/// `t` moved by `by`, stopping at the ends of representable time instead of panicking.
#[must_use]
pub fn later(t: Timestamp, by: std::time::Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    t.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// `t` moved back by `by`, stopping at the ends of representable time.
#[must_use]
pub fn earlier(t: Timestamp, by: std::time::Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    t.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// How long after `earlier` `t` is; zero if it is not after.
#[must_use]
pub fn since(t: Timestamp, earlier: Timestamp) -> std::time::Duration {
    t.duration_since(earlier).try_into().unwrap_or_default()
}
