//! When the person wants a source to be looked at now, or more often.

use super::wait::{jitter, regular};
use super::wrong_clock::by_clock;
use crate::clock::{Timestamp, later};
use crate::source::{Source, SourceState};

/// The state of a source that the person wants to be looked at; one that rests is woken. `None` if its server asked to
/// wait (429, 503) and the wait is not over: that is kept to.
#[must_use]
pub fn asked_for(state: &SourceState, now: Timestamp) -> Option<SourceState> {
    let mut next = by_clock(state, now);
    if next.quiet_until.is_some_and(|until| until > now) {
        return None;
    }
    next.next_check = now.min(state.next_check);
    "asked for by name".clone_into(&mut next.why_next);
    (next.resting, next.gone) = (false, 0);
    Some(next)
}

/// The state of a source whose interval, floor or ceiling the person changed: planned as the last look would plan it by
/// them. `None` if that is no sooner, or it waits for something else than its interval: what the feed says of itself,
/// what its server asked for, and the back-off of failures are kept to.
#[must_use]
pub fn replanned(source: &Source, state: &SourceState, now: Timestamp) -> Option<SourceState> {
    let mut next = by_clock(state, now);
    let waits = next.failures > 0 || next.busy > 0 || next.quiet_until.is_some_and(|until| until > now);
    let last = next.last_attempt.filter(|_| !waits)?;
    let (wait, why) = regular(source, &next, last);
    let jitter = jitter(source, wait);
    // What is overdue by them is not asked all at once.
    let at = later(last, wait + jitter).max(later(now, jitter));
    if at >= next.next_check {
        return None;
    }
    (next.next_check, next.why_next) = (at, why);
    Some(next)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::{earlier, since};
    use crate::fetch::FailureClass;
    use crate::schedule::testing::{now, read, source};
    use crate::schedule::{Answer, Outcome, after};
    use crate::source::Rhythm;

    #[test]
    fn what_is_asked_for_is_due_and_awake_and_nothing_else_changes() {
        let state = SourceState {
            resting: true,
            gone: 3,
            failures: 3,
            polls: 7,
            ..SourceState::new(later(now(), Duration::from_hours(9)), "x")
        };
        let next = asked_for(&state, now()).unwrap();
        assert_eq!((next.next_check, next.resting, next.gone), (now(), false, 0));
        assert_eq!(
            SourceState {
                next_check: state.next_check,
                why_next: state.why_next.clone(),
                resting: true,
                gone: 3,
                ..next
            },
            state
        );
        let due = SourceState::new(earlier(now(), Duration::from_hours(1)), "x");
        assert_eq!(
            asked_for(&due, now()).unwrap().next_check,
            due.next_check,
            "what is overdue stays first in the row"
        );
    }

    #[test]
    fn a_wait_that_a_server_asked_for_is_kept() {
        let hour = later(now(), Duration::from_hours(1));
        let busy = Outcome::Busy { said: "429 Too Many Requests".into(), retry_after: Some(3_600) };
        let limit = read(Answer { quiet_for: Some(3_600), ..Answer::default() });
        for outcome in [busy, limit] {
            let state = after(&source(), &SourceState::new(now(), ""), &outcome, now());
            assert_eq!(asked_for(&state, now()), None, "{outcome:?}");
            assert!(asked_for(&state, hour).is_some(), "{outcome:?}");
        }
    }

    #[test]
    fn the_back_off_of_failures_is_no_wait_that_a_server_asked_for() {
        let busy = Outcome::Busy { said: "429 Too Many Requests".into(), retry_after: Some(60) };
        let failed = Outcome::Failed { class: FailureClass::Timeout, message: "too slow".into() };
        for trouble in [failed, Outcome::Gone] {
            let mut state = after(&source(), &SourceState::new(now(), ""), &busy, now());
            for _ in 0..3 {
                state = after(&source(), &state, &trouble, state.next_check);
            }
            assert_eq!(state.busy, 0, "429 is not what it answered last");
            let soon = later(state.last_attempt.unwrap(), Duration::from_secs(1));
            assert!(asked_for(&state, soon).is_some(), "after {trouble:?}: {}", state.why_next);
        }
    }

    #[test]
    fn a_changed_interval_moves_only_what_waits_for_it() {
        let quicker = Source { interval: Duration::from_mins(6), ..source() };
        let soon = later(now(), Duration::from_mins(1));
        let replan = |outcome: &Outcome| {
            let state = after(&source(), &SourceState::new(now(), ""), outcome, now());
            assert_eq!(replanned(&source(), &state, soon), None, "nothing changed: {outcome:?}");
            replanned(&quicker, &state, soon).map(|next| since(next.next_check, now()).as_secs() / 60)
        };
        assert_eq!(replan(&read(Answer::default())), Some(6));
        assert_eq!(replan(&read(Answer { fresh_for: Some(0), ..Answer::default() })), Some(6));
        let rhythm = Rhythm { ttl_minutes: Some(1_440), ..Rhythm::default() };
        assert_eq!(replan(&read(Answer { rhythm: Some(rhythm), ..Answer::default() })), None, "its ttl");
        assert_eq!(replan(&read(Answer { fresh_for: Some(7_200), ..Answer::default() })), None, "max-age");
        assert_eq!(replan(&read(Answer { quiet_for: Some(7_200), ..Answer::default() })), None);
        let failed = Outcome::Failed { class: FailureClass::Timeout, message: "too slow".into() };
        assert_eq!(replan(&failed), None);
        assert_eq!(replan(&Outcome::Busy { said: "503".into(), retry_after: None }), None);
        let overdue = later(now(), Duration::from_mins(13));
        let state = after(&source(), &SourceState::new(now(), ""), &read(Answer::default()), now());
        assert!(replanned(&quicker, &state, overdue).is_some_and(|next| next.next_check >= overdue));
    }
}
