//! Whether a source has fallen silent, by its own measure: how far apart it used to publish.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, since};

/// So many of its usual pauses make a silence …
const USUAL_PAUSES: u32 = 4;
/// … unless it has been quiet nearly as long before: weekends, holidays, seasons.
const LONGEST_PAUSES: u32 = 2;
/// No silence is shorter …
const SHORTEST: Duration = Duration::from_hours(48);
/// … or than this while no weekend of the source was seen.
const SHORTEST_UNKNOWN: Duration = Duration::from_hours(72);
const WEEKEND_SEEN: Duration = Duration::from_hours(8 * 24);
/// One that usually publishes less often than this may take a holiday.
const REGULAR: Duration = Duration::from_hours(15 * 24);
/// Fewer pauses say nothing of what is usual.
const FEWEST: u32 = 6;
/// What was published in one go has no pause between.
const AT_ONCE: Duration = Duration::from_mins(1);
/// How much a pause counts for what is usual, at least.
const LEARN: f32 = 0.05;
/// The longest pause is forgotten by half in so many seconds.
const FORGET: f32 = 8.0 * 7.0 * 86_400.0;

/// The pauses between the entries of a source. `Default` knows nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Pauses {
    /// When the oldest entry that was met was published.
    oldest: Option<Timestamp>,
    /// When the newest was.
    newest: Option<Timestamp>,
    /// How many pauses were seen.
    seen: u32,
    /// The usual one, in seconds.
    usual: f32,
    /// The longest of the last months, in seconds.
    longest: f32,
}

impl Pauses {
    /// Takes in when the new entries of a document that was read at `now` were published, in any order. What has a date
    /// in the future, or an older one than what was known, was published now.
    pub(super) fn learn(&mut self, published: &[Timestamp], now: Timestamp) {
        let known = self.newest;
        let date = |date: &Timestamp| if known.is_some_and(|newest| *date < newest) { now } else { *date };
        let mut dates: Vec<Timestamp> = published.iter().map(|one| date(one).min(now)).collect();
        dates.sort_unstable();
        for date in dates {
            self.oldest.get_or_insert(date);
            let Some(newest) = self.newest.replace(date) else { continue };
            let pause = since(date, newest);
            if pause < AT_ONCE {
                // The next pause is measured from the beginning of the go, so that a trickle is no pause and has some.
                self.newest = Some(newest);
                continue;
            }
            self.seen = self.seen.saturating_add(1);
            let pause = pause.as_secs_f32();
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            let share = (1.0 / self.seen as f32).max(LEARN);
            self.usual += share * (pause - self.usual);
            self.longest = pause.max(self.longest * (-pause / FORGET).exp2());
        }
    }

    /// How long it has been silent at `now`, if that is longer than it should be. Time before `from`, when it could not be
    /// asked, does not count.
    pub(super) fn silence(&self, from: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
        let (oldest, newest) = (self.oldest?, self.newest?);
        let usual = self.usual()?;
        if self.seen < FEWEST || usual > REGULAR {
            return None;
        }
        let shortest = if since(newest, oldest) < WEEKEND_SEEN { SHORTEST_UNKNOWN } else { SHORTEST };
        let longest = Duration::try_from_secs_f32(self.longest).ok()?;
        let most = (usual * USUAL_PAUSES).max(longest * LONGEST_PAUSES).max(shortest);
        let counted = from.map_or(newest, |from| newest.max(from));
        (since(now, counted) >= most).then(|| since(now, newest))
    }

    /// The usual time between two entries; `None` before the second.
    #[must_use]
    pub fn usual(&self) -> Option<Duration> {
        (self.seen > 0).then(|| Duration::try_from_secs_f32(self.usual).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;

    /// 2023-09-04 is a Monday.
    fn at(hours: u64) -> Timestamp {
        later("2023-09-04T00:00:00Z".parse().unwrap(), Duration::from_hours(hours))
    }

    /// What publishes at these hours, asked each hour from the hour `from` on, counts as silent so many hours after the
    /// last one, if ever within `watched` hours; that it counts as silent before is an error.
    #[track_caller]
    fn silent_after(hours: &[u64], from: u64, watched: u64) -> Option<u64> {
        let mut pauses = Pauses::default();
        let last = *hours.last().unwrap();
        let document: Vec<Timestamp> =
            hours.iter().filter(|hour| **hour < from).map(|hour| at(*hour)).collect();
        pauses.learn(&document, at(from));
        for hour in from..=last {
            let new: Vec<Timestamp> = hours.iter().filter(|at| **at == hour).map(|hour| at(*hour)).collect();
            pauses.learn(&new, at(hour));
            assert_eq!(pauses.silence(None, at(hour)), None, "in the middle, at {hour}");
        }
        (last..last + watched).find(|hour| pauses.silence(None, at(*hour)).is_some()).map(|hour| hour - last)
    }

    #[test]
    fn each_source_has_its_own_measure() {
        let every = |step: usize, weeks: u64| (0..weeks * 168).step_by(step).collect::<Vec<u64>>();
        assert_eq!(silent_after(&every(1, 3), 0, 900), Some(48), "hourly");
        assert_eq!(silent_after(&every(24, 6), 0, 900), Some(96), "daily");
        assert_eq!(silent_after(&every(168, 20), 0, 9_000), Some(4 * 168), "weekly");
        assert_eq!(silent_after(&every(720, 60), 0, 9_000), None, "monthly");
        let office = |hour: &u64| hour % 168 < 120 && (8..18).contains(&(hour % 24));
        let working: Vec<u64> = every(1, 8).into_iter().filter(office).collect();
        let after = silent_after(&working, 0, 900).unwrap();
        assert!((110..140).contains(&after), "longer than a weekend of four days: {after}");
        // Ten releases on one day, every third week.
        let bursts: Vec<u64> = every(1, 21).into_iter().filter(|hour| hour % 504 < 10).collect();
        assert!(silent_after(&bursts, 1_050, 3_000).is_none_or(|hours| hours > 900), "rare and many at once");
    }

    #[test]
    fn little_knowledge_is_no_measure() {
        let mut undated = Pauses::default();
        undated.learn(&[Timestamp::MAX; 20], at(0));
        assert_eq!(undated.silence(None, at(5_000)), None, "a list of links has no dates");
        let mut friday = Pauses::default();
        let dates: Vec<Timestamp> = (100..120).map(at).collect();
        friday.learn(&dates, at(120));
        assert_eq!(friday.silence(None, at(119 + 64)), None, "its first weekend");
        assert!(friday.silence(None, at(119 + 72)).is_some());
        assert_eq!(friday.silence(Some(at(180)), at(119 + 72)), None, "it could not be asked");
    }

    #[test]
    fn dates_that_cannot_be_are_now() {
        let mut pauses = Pauses::default();
        pauses.learn(&[at(1), Timestamp::MAX, Timestamp::MIN], at(2));
        assert_eq!(pauses.newest, Some(at(2)));
        pauses.learn(&[at(0)], at(9));
        assert_eq!(pauses.newest, Some(at(9)));
    }
}
