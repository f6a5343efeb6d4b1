//! What is overdue after a pause (a suspended machine, a clock that was set, a daemon that was stopped, a network that
//! was down) is not asked all at once.

use std::time::Duration;

use super::wait::fraction_of;
use crate::clock::{SignedDuration, Timestamp, later};
use crate::source::SourceId;

/// So few are asked at once: nobody notices, and the person at a laptop has the news at once.
const FEW: usize = 16;
/// Time for each …
const EACH: Duration = Duration::from_millis(500);
/// … and for all.
const MOST: Duration = Duration::from_mins(10);
/// Clocks drift and are corrected by less.
const DRIFT: SignedDuration = SignedDuration::from_secs(60);

/// That the wall clock went otherwise than the time that passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// It is later than it should be: the machine slept, or its clock was slow.
    Ahead,
    /// It was set back by so much: what was planned by it comes so much sooner.
    Back(Duration),
}

impl Jump {
    /// Whether there was one, if the wall clock went from `before` to `now` while `passed` passed.
    #[must_use]
    pub fn between(before: Timestamp, now: Timestamp, passed: Duration) -> Option<Self> {
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        let ahead = now.duration_since(before).saturating_sub(passed);
        if ahead > DRIFT {
            return Some(Self::Ahead);
        }
        (ahead < -DRIFT).then(|| Self::Back(ahead.unsigned_abs()))
    }
}

/// When to ask each of `overdue`: each at its own place in a span that grows with their number, by a hash of its id.
/// Nothing if there are few.
#[must_use]
pub fn spread(overdue: &[SourceId], now: Timestamp) -> Vec<(SourceId, Timestamp)> {
    if overdue.len() <= FEW {
        return Vec::new();
    }
    let span = EACH.saturating_mul(u32::try_from(overdue.len()).unwrap_or(u32::MAX)).min(MOST);
    overdue.iter().map(|id| (id.clone(), later(now, span.mul_f64(fraction_of(id))))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{earlier, since};
    use crate::schedule::testing::now;
    use crate::text::fingerprint::fingerprint;

    #[test]
    fn row_22_many_overdue_sources_are_spread() {
        let ids: Vec<SourceId> =
            (0..1_000).map(|n| SourceId(fingerprint(&[n.to_string().as_str()]))).collect();
        let times = spread(&ids, now());
        assert_eq!(times.len(), 1_000);
        let mut minutes = [0; 10];
        for (_, time) in &times {
            minutes[usize::try_from(since(*time, now()).as_secs() / 60).unwrap()] += 1;
        }
        assert!(minutes[..8].iter().all(|count| (80..160).contains(count)), "{minutes:?}");
        assert_eq!(spread(&ids[..10], now()), [], "a few are asked at once");
    }

    #[test]
    fn row_22_sleep_and_clocks_that_were_set_are_noticed() {
        let minute = Duration::from_mins(1);
        let go = |wall: Timestamp, passed| Jump::between(now(), wall, passed);
        assert_eq!(go(later(now(), minute), minute), None);
        assert_eq!(go(later(now(), minute * 2), minute), None, "a minute of drift");
        assert_eq!(go(later(now(), minute * 90), minute), Some(Jump::Ahead));
        assert_eq!(go(earlier(now(), minute * 59), minute), Some(Jump::Back(minute * 60)));
    }
}
