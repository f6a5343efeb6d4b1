//! A clock that follows tokio's time: paused time moves it.

use std::sync::Mutex;
use std::time::Duration;

use newswatch::clock::{Clock, Timestamp, earlier, later};
use tokio::time::Instant;

/// Stands at `start` when made, and moves with tokio's clock.
pub struct TestClock {
    start: Mutex<Timestamp>,
    since: Instant,
}

impl TestClock {
    /// `start` as RFC 3339.
    pub fn at(start: &str) -> Self {
        Self { start: Mutex::new(start.parse().unwrap()), since: Instant::now() }
    }

    /// It is later by so much, and nothing else moved: the machine slept.
    pub fn set_ahead(&self, by: Duration) {
        let mut start = self.start.lock().unwrap();
        *start = later(*start, by);
    }

    /// It is set back by so much.
    pub fn set_back(&self, by: Duration) {
        let mut start = self.start.lock().unwrap();
        *start = earlier(*start, by);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        later(*self.start.lock().unwrap(), self.since.elapsed())
    }
}
