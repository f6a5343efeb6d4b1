//! When to ask next, by three rules.

use std::time::Duration;

use newswatch::source::Cadence;

use crate::{WINDOW, stamp};

const WEEK: f64 = 604_800.0;
const FLOOR: f64 = 300.0;
const CEILING: f64 = 86_400.0;

/// A rule.
pub(crate) trait Rule {
    /// Seconds to wait after a look at `now` (seconds since 1970) that found entries published at `new`.
    fn wait(&mut self, new: &[f64], now: f64) -> f64;
}

/// Always the same.
pub(crate) struct Fixed(pub(crate) f64);

impl Rule for Fixed {
    fn wait(&mut self, _: &[f64], _: f64) -> f64 {
        self.0
    }
}

/// A week divided by the entries in it.
pub(crate) struct Miniflux {
    stretch: f64,
    times: Vec<f64>,
}

impl Miniflux {
    pub(crate) fn new(stretch: f64) -> Self {
        Self { stretch, times: Vec::new() }
    }
}

impl Rule for Miniflux {
    fn wait(&mut self, new: &[f64], now: f64) -> f64 {
        self.times.extend_from_slice(new);
        let entries = self.times.iter().rev().take_while(|time| **time > now - WEEK).count();
        #[expect(clippy::cast_precision_loss, reason = "hundreds")]
        let wait = if entries == 0 { CEILING } else { (WEEK / entries as f64).clamp(FLOOR, CEILING) };
        (wait * self.stretch).max(FLOOR)
    }
}

/// What newswatch does.
pub(crate) struct Ours {
    cadence: Cadence,
    interval: Duration,
}

impl Ours {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { cadence: Cadence::default(), interval }
    }
}

impl Rule for Ours {
    fn wait(&mut self, new: &[f64], now: f64) -> f64 {
        let new: Vec<_> = new.iter().map(|time| stamp(*time)).collect();
        self.cadence.look(&new, Some(WINDOW), self.interval, stamp(now));
        let floor = Duration::from_secs_f64(FLOOR);
        self.cadence.wait(self.interval, floor, stamp(now)).unwrap_or(self.interval).as_secs_f64()
    }
}
