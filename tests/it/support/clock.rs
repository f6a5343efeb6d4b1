//! A clock that follows tokio's time: paused time moves it.

use newswatch::clock::{Clock, Timestamp, later};
use tokio::time::Instant;

/// Stands at `start` when made, and moves with tokio's clock.
pub struct TestClock {
    start: Timestamp,
    since: Instant,
}

impl TestClock {
    /// `start` as RFC 3339.
    pub fn at(start: &str) -> Self {
        Self { start: start.parse().unwrap(), since: Instant::now() }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        later(self.start, self.since.elapsed())
    }
}
