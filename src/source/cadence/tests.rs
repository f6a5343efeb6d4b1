//! What is learnt of publishers of several habits.

#![expect(clippy::cast_precision_loss, reason = "counts of some thousand")]

use proptest::prelude::*;

use super::*;
use crate::clock::{later, since};

const FLOOR: Duration = Duration::from_mins(5);
const QUARTER: Duration = Duration::from_mins(15);

fn at(seconds: f64) -> Timestamp {
    later(Timestamp::UNIX_EPOCH, Duration::from_secs_f64(seconds))
}

/// A source that publishes at `times` (seconds), asked as its cadence says from `begin` to `end`: when it was asked.
fn asked(times: &[f64], begin: f64, end: f64) -> (Cadence, Vec<f64>) {
    let (mut cadence, mut now, mut next, mut asked) = (Cadence::default(), begin, 0, Vec::new());
    while now < end {
        let until = times.partition_point(|time| *time <= now);
        let new: Vec<_> = times[next..until].iter().map(|time| at(*time)).collect();
        cadence.look(&new, Some(20), QUARTER, at(now));
        asked.push(now);
        next = until;
        now += cadence.wait(QUARTER, FLOOR, at(now)).unwrap_or(QUARTER).as_secs_f64();
    }
    (cadence, asked)
}

/// Each half hour from nine to five on five days of the week, for so many weeks.
fn office(weeks: u32) -> Vec<f64> {
    let days = (0..weeks * 7).filter(|day| day % 7 < 5).map(f64::from);
    days.flat_map(|day| (18..34).map(move |half| (day * 48.0 + f64::from(half)) * 1_800.0 + 61.0)).collect()
}

#[test]
fn nothing_is_known_at_first() {
    let mut cadence = Cadence::default();
    assert_eq!(cadence.wait(QUARTER, FLOOR, at(0.0)), None);
    cadence.look(&[], Some(0), QUARTER, at(400.0));
    assert_eq!(cadence.wait(QUARTER, FLOOR, at(400.0)), None);
    cadence.look(&[at(500.0), at(501.0), at(502.0)], Some(3), QUARTER, at(600.0));
    let wait = cadence.wait(QUARTER, FLOOR, at(600.0)).unwrap();
    assert!((QUARTER / 2..QUARTER * 5).contains(&wait), "{wait:?}: three entries say little");
}

#[test]
fn requests_go_where_entries_come() {
    let (_, asked) = asked(&office(8), 0.0, 8.0 * WEEK);
    let within = |from: f64, to: f64| {
        asked
            .iter()
            .filter(|at| **at > 5.0 * WEEK)
            .filter(|at| (from..to).contains(&at.rem_euclid(WEEK)))
            .count()
    };
    let (morning, night) = (within(10.0 * HOUR, 14.0 * HOUR), within(22.0 * HOUR, 26.0 * HOUR));
    assert!(morning >= 2 * night, "{morning} by day, {night} by night");
    let (thursday, saturday) = (within(0.0, 24.0 * HOUR), within(120.0 * HOUR, 144.0 * HOUR));
    assert!(thursday > saturday, "{thursday} on a day of work, {saturday} on one of rest");
    assert!(night > 0 && saturday > 0, "it may begin to");
}

#[test]
fn the_budget_is_kept() {
    for times in [office(8), (0..8 * 168).map(|hour| f64::from(hour) * HOUR).collect()] {
        let (_, asked) = asked(&times, 0.0, 8.0 * WEEK);
        let share = asked.len() as f64 / (8.0 * WEEK / QUARTER.as_secs_f64());
        assert!((0.5..1.06).contains(&share), "{share} of the requests of a fixed interval");
    }
}

#[test]
fn a_steady_beat_is_met() {
    let beat: Vec<f64> = (0..21 * 24).map(|hour| f64::from(hour) * HOUR + 720.0).collect();
    let (_, asked) = asked(&beat, 0.0, 21.0 * 24.0 * HOUR);
    let delay = |time: &f64| asked[asked.partition_point(|at| at < time).min(asked.len() - 1)] - time;
    let late: Vec<f64> = beat[14 * 24..20 * 24].iter().map(delay).collect();
    let mean = late.iter().sum::<f64>() / late.len() as f64;
    assert!(mean < 300.0, "found {mean} s late; 450 s without learning");
}

#[test]
fn what_was_learnt_is_kept_over_a_restart() {
    let (cadence, _) = asked(&office(8), 0.0, 8.0 * WEEK);
    let again = Cadence::from_bytes(&cadence.to_bytes());
    for hours in 0..168 {
        let now = at(8.0 * WEEK + f64::from(hours) * HOUR);
        let (before, after) =
            (cadence.wait(QUARTER, FLOOR, now).unwrap(), again.wait(QUARTER, FLOOR, now).unwrap());
        assert!(before.abs_diff(after) <= Duration::from_mins(3), "{before:?} {after:?}");
    }
}

#[test]
fn a_silent_source_is_asked_less_often_and_never_given_up() {
    let (cadence, _) = asked(&office(4), 0.0, 4.0 * WEEK);
    for weeks in [6.0, 30.0, 500.0] {
        let mut cadence = cadence.clone();
        cadence.look(&[], None, QUARTER, at(weeks * WEEK));
        let wait = cadence.wait(QUARTER, FLOOR, at(weeks * WEEK)).unwrap();
        assert!(
            wait > Duration::from_mins(25) && wait <= Duration::from_mins(61),
            "{wait:?} after {weeks} weeks"
        );
    }
}

#[test]
fn an_interval_of_a_second_is_kept() {
    let second = Duration::from_secs(1);
    let mut cadence = Cadence::default();
    cadence.look(&[at(1e6), at(1.1e6)], Some(2), second, at(1.2e6));
    let wait = cadence.wait(second, second, at(1.2e6)).unwrap();
    assert!(wait <= second * 5, "{wait:?}: a test server wants seconds");
}

#[test]
fn of_a_long_document_the_newest_count() {
    let all: Vec<_> = (0..5_000).map(|n| at(f64::from(n) * 1e5)).collect();
    let look = |times: &[Timestamp]| {
        let mut cadence = Cadence::default();
        cadence.look(times, Some(5_000), QUARTER, at(5e8));
        cadence
    };
    assert_eq!(look(&all), look(&all[5_000 - MOST..]));
}

#[test]
fn the_window_is_not_outrun() {
    // Thirty entries an hour and a document of ten: what comes in ten minutes must not push out what was not seen.
    let mut cadence = Cadence::default();
    let times: Vec<_> = (0..2_000).map(|n| at(f64::from(n) * 120.0)).collect();
    cadence.look(&times, Some(10), QUARTER, at(240_000.0));
    let wait = cadence.wait(Duration::from_hours(1), FLOOR, at(240_000.0)).unwrap();
    assert!(wait <= Duration::from_mins(10), "{wait:?}");
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600), layout in any::<bool>()) {
        let bytes = if layout { [&[LAYOUT][..], &bytes].concat() } else { bytes };
        let wait = Cadence::from_bytes(&bytes).wait(QUARTER, FLOOR, at(1.7e9));
        prop_assert!(wait.is_none_or(|wait| wait >= FLOOR));
    }

    #[test]
    fn whatever_is_seen_the_wait_is_sane(
        looks in prop::collection::vec((prop::collection::vec(-1e9_f64..4e9, 0..30), 0.0..1e7_f64, prop::option::of(0_usize..500)), 1..20),
        interval in 1_u64..1_000_000,
    ) {
        let interval = Duration::from_secs(interval);
        let (mut cadence, mut now) = (Cadence::default(), 1.7e9);
        for (times, gone, window) in looks {
            now += gone;
            let times: Vec<_> = times.into_iter().map(|time| at(time.max(0.0))).collect();
            cadence.look(&times, window, interval, at(now));
            if let Some(wait) = cadence.wait(interval, FLOOR, at(now)) {
                prop_assert!(wait >= FLOOR);
                prop_assert!(wait <= interval.mul_f64(SLOWEST) + Duration::from_mins(10) + FLOOR, "{:?}", wait);
            }
            prop_assert!(since(at(now), at(cadence.until.max(0.0))) < Duration::from_secs(2) || cadence.until == 0.0);
        }
        let stored = cadence.to_bytes();
        prop_assert!(stored.len() < 600);
        let again = Cadence::from_bytes(&stored);
        prop_assert_eq!(again.to_bytes(), stored);
        prop_assert_eq!(again.wait(interval, FLOOR, at(now)).is_some(), cadence.wait(interval, FLOOR, at(now)).is_some());
    }
}
