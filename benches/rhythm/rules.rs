//! When to ask next, by three rules.

use std::time::Duration;

use newswatch::schedule::Rhythm;

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
    rhythm: Rhythm,
    interval: Duration,
    before: Option<f64>,
}

impl Ours {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { rhythm: Rhythm::default(), interval, before: None }
    }
}

impl Rule for Ours {
    fn wait(&mut self, new: &[f64], now: f64) -> f64 {
        let new: Vec<_> = new.iter().map(|time| stamp(*time)).collect();
        if let Some(before) = self.before.replace(now) {
            self.rhythm.asked(Duration::from_secs_f64(now - before), self.interval);
        }
        self.rhythm.look(&new, Some(WINDOW), stamp(now));
        let floor = Duration::from_secs_f64(FLOOR);
        self.rhythm.wait(self.interval, floor, stamp(now)).unwrap_or(self.interval).as_secs_f64()
    }
}
