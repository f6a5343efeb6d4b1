//! How long to wait after a good answer.

use std::time::Duration;

use super::next::has_cadence;
use crate::clock::{Timestamp, later};
use crate::source::{Rhythm, Source, SourceId, SourceState};
use crate::text::count::short;

const DAY: Duration = Duration::from_hours(24);

/// The longest of what the source's cadence allows in the person's interval, what the feed says of itself, and the
/// answer's freshness; within floor and ceiling, and outside of the hours that the feed rules out.
pub(super) fn regular(source: &Source, state: &SourceState, now: Timestamp) -> (Duration, String) {
    let cadence = state.cadence.wait(source.interval, source.min_interval, now);
    let cadence = cadence.filter(|_| has_cadence(&source.kind));
    // Where it is the bound that decides, it is no pace of the source.
    let most = source.interval * 4;
    let mut chosen = match cadence {
        None => (source.interval, "interval"),
        Some(wait) if wait >= most => (wait, "its cadence, at most 4 intervals:"),
        Some(wait) => (wait, "its cadence:"),
    };
    let ttl = state.rhythm.ttl_minutes.map(minutes);
    let update = state.rhythm.update_minutes.map(minutes);
    let fresh = state.fresh_for.map(Duration::from_secs);
    for (wait, name) in [(ttl, "feed's ttl"), (update, "feed's updatePeriod"), (fresh, "max-age")] {
        if let Some(wait) = wait.filter(|wait| *wait > chosen.0) {
            chosen = (wait, name);
        }
    }
    let wait = chosen.0.clamp(source.min_interval, source.max_interval.max(source.min_interval));
    let why = if wait == chosen.0 {
        format!("{} {}", chosen.1, words(wait))
    } else {
        format!("{} {}, cut to {}", chosen.1, words(chosen.0), words(wait))
    };
    // The jitter comes on top: it must not lead into an hour that is ruled out.
    match skipped(&state.rhythm, later(now, wait + jitter(source, wait))) {
        Some(more) if wait + more <= source.max_interval => {
            (wait + more, format!("{why}, then the feed's skipHours and skipDays"))
        }
        // A weekend is longer than a day: asked as seldom as the ceiling allows.
        Some(_) if wait < source.max_interval => {
            let most = source.max_interval;
            (most, format!("{why}, then the feed's skipHours and skipDays, cut to {}", words(most)))
        }
        _ => (wait, why),
    }
}

/// How much later than `at` the first hour begins that the feed does not rule out; `None` if `at` is in one.
fn skipped(rhythm: &Rhythm, at: Timestamp) -> Option<Duration> {
    const HOUR: i64 = 3_600;
    let allowed = |second: i64| {
        let hour = u8::try_from(second.div_euclid(HOUR).rem_euclid(24)).unwrap_or(0);
        // The first day of 1970 was a Thursday.
        let day = u8::try_from((second.div_euclid(24 * HOUR) + 4).rem_euclid(7)).unwrap_or(0);
        !rhythm.skip_hours.contains(&hour) && !rhythm.skip_days.contains(&day)
    };
    let at = at.as_second();
    if allowed(at) {
        return None;
    }
    let hour = at.div_euclid(HOUR);
    let next = (hour + 1..=hour + 168).map(|hour| hour * HOUR).find(|second| allowed(*second))?;
    Some(Duration::from_secs(u64::try_from(next - at).unwrap_or(0)))
}

fn minutes(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}

/// Up to a tenth of `wait`, upward only, always the same for one source: sources do not march in step.
pub(super) fn jitter(source: &Source, wait: Duration) -> Duration {
    wait.min(DAY).mul_f64(fraction(source) / 10.0)
}

/// A number in `0.0..1.0` that depends on the id alone.
pub(super) fn fraction(source: &Source) -> f64 {
    fraction_of(&source.id)
}

/// As [`fraction`].
pub(super) fn fraction_of(id: &SourceId) -> f64 {
    let hash = u32::from_str_radix(id.0.get(..8).unwrap_or("0"), 16).unwrap_or(0);
    f64::from(hash) / (f64::from(u32::MAX) + 1.0)
}

pub(super) fn words(wait: Duration) -> String {
    let seconds = wait.as_secs().max(1);
    // Nobody wants the seconds of an hour.
    let seconds = if seconds > 600 { seconds - seconds % 60 } else { seconds };
    short(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::source;

    #[test]
    fn row_14_hours_and_days_that_the_feed_rules_out_are_passed_over() {
        let rhythm = Rhythm { skip_hours: vec![22, 23, 0, 1], skip_days: vec![0, 6], ..Rhythm::default() };
        let until = |at: &str| {
            let at: Timestamp = at.parse().unwrap();
            skipped(&rhythm, at).map(|more| later(at, more).to_string())
        };
        // 2023-09-08 is a Friday.
        assert_eq!(until("2023-09-07T12:30:00Z"), None);
        assert_eq!(until("2023-09-06T22:30:00Z").as_deref(), Some("2023-09-07T02:00:00Z"));
        assert_eq!(until("2023-09-08T22:10:00Z").as_deref(), Some("2023-09-11T02:00:00Z"));
        let all = Rhythm { skip_hours: (0..24).collect(), ..Rhythm::default() };
        assert_eq!(
            skipped(&all, Timestamp::UNIX_EPOCH),
            None,
            "a feed that rules out every hour rules out none"
        );
    }

    #[test]
    fn a_weekend_that_the_feed_rules_out_is_kept_to_as_far_as_the_ceiling_allows() {
        let looks = |source: &Source, from: &str, until: &str| {
            let mut state = SourceState::new(from.parse().unwrap(), "");
            state.rhythm.skip_days = vec![0, 6];
            let (mut looks, until) = (Vec::new(), until.parse().unwrap());
            while state.next_check < until {
                let at = state.next_check;
                let (wait, _) = regular(source, &state, at);
                state.next_check = later(at, wait + jitter(source, wait));
                looks.push(at);
            }
            looks
        };
        // A Saturday and a Sunday.
        let mut source = source();
        let weekend = looks(&source, "2023-09-08T23:50:00Z", "2023-09-11T00:00:00Z");
        assert!(weekend.len() <= 3, "the last of Friday, then once a day: {weekend:?}");
        let monday = looks(&source, "2023-09-11T00:00:00Z", "2023-09-11T12:00:00Z");
        assert!(monday.len() > 40, "{}", monday.len());
        source.max_interval = DAY * 3;
        let weekend = looks(&source, "2023-09-08T23:50:00Z", "2023-09-11T00:00:00Z");
        assert_eq!(weekend.len(), 1, "not at all: {weekend:?}");
    }
}
