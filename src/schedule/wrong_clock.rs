//! Times that were stored by a clock that was ahead.

use std::time::Duration;

use super::trouble::MAX_RETRY_AFTER;
use crate::clock::{Timestamp, later, since};
use crate::source::{Source, SourceState};

/// The longest jitter, and some room.
const ROOM: Duration = Duration::from_hours(3);

/// The latest that a look at `source` is ever planned for, at `now`: what is stored as later was planned by a clock that
/// was ahead, or for a longer ceiling.
#[must_use]
pub fn latest(source: &Source, now: Timestamp) -> Timestamp {
    later(now, source.max_interval.max(source.interval).max(source.min_interval).max(MAX_RETRY_AFTER) + ROOM)
}

/// `state` as of `now`: nothing in it happened later, else it would count as just happened until the time has come.
pub(super) fn by_clock(state: &SourceState, now: Timestamp) -> SourceState {
    let mut state = state.clone();
    let SourceState { last_attempt, last_success, last_full, empty_since, counted, failing_since, .. } =
        &mut state;
    for time in [last_attempt, last_success, last_full, empty_since, counted, failing_since] {
        *time = time.map(|time| time.min(now));
    }
    if let Some(moving) = &mut state.moving {
        moving.last = moving.last.min(now);
    }
    // No wait is longer than that.
    state.quiet_until = state.quiet_until.filter(|until| since(*until, now) <= MAX_RETRY_AFTER);
    state.cadence.not_after(now);
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::earlier;
    use crate::fetch::FailureClass;
    use crate::schedule::testing::{now, read, source};
    use crate::schedule::{Answer, Outcome, after, asked_for, starting};
    use crate::source::{Cadence, Moving};

    const DAY: Duration = Duration::from_hours(24);

    fn failed() -> Outcome {
        Outcome::Failed { class: FailureClass::Status, message: "answered 500".into() }
    }

    #[test]
    fn row_23_what_a_clock_wrote_that_was_a_year_ahead_counts_as_written_now() {
        let year = later(now(), DAY * 365);
        let mut state = after(&source(), &SourceState::new(now(), ""), &read(Answer::default()), year);
        state = after(&source(), &state, &failed(), year);
        let to = source().url.join("/feed").unwrap();
        (state.moving, state.quiet_until) = (Some(Moving { to, days: 1, last: year }), Some(year));
        let begun = starting(&source(), &state, now());
        let times = [begun.last_attempt, begun.last_success, begun.last_full, begun.counted];
        assert_eq!(times, [Some(now()); 4]);
        assert_eq!((begun.failing_since, begun.moving.unwrap().last), (Some(now()), now()));
        assert!(asked_for(&state, now()).is_some(), "nobody asks to wait for a year");

        let (mut at, mut failures) = (now(), Vec::new());
        while since(at, now()) < DAY * 40 {
            state = after(&source(), &state, &failed(), at);
            failures.push(state.failures);
            at = state.next_check;
        }
        assert!(failures.iter().zip(2..).all(|(counted, n)| *counted >= n - 1), "each counts: {failures:?}");
        assert!(state.why_next.ends_with("weeks: once a week"), "{}", state.why_next);
    }

    #[test]
    fn row_23_a_cadence_outlives_a_clock_that_is_set_back() {
        let shows = |day| {
            let at = later(now(), DAY * day);
            let window =
                crate::schedule::Window { entries: 10, known: 9, published: vec![at], ..Default::default() };
            let Outcome::Read { validators, body_hash, new, whole, empty, answer, .. } =
                read(Answer::default())
            else {
                unreachable!("it is a document")
            };
            let window = Some(window);
            (at, Outcome::Read { validators, body_hash, new, whole, empty, window, answer })
        };
        let mut state = SourceState::new(now(), "");
        for day in 0..40 {
            let (at, outcome) = shows(day);
            state = after(&source(), &state, &outcome, at);
        }
        let (last, _) = shows(39);
        let back = earlier(last, DAY * 5);
        state = after(&source(), &state, &read(Answer::default()), back);
        let kept = Cadence::from_bytes(&state.cadence.to_bytes());
        assert_eq!(kept.newest(), Some(back), "nothing was published after now");
        assert!(kept.gap().unwrap() < DAY * 2, "{:?}", kept.gap());
        // Time goes on from there.
        let later_on = after(&source(), &state, &read(Answer::default()), later(back, DAY * 4));
        assert!(later_on.cadence.gap() > state.cadence.gap());
    }
}
