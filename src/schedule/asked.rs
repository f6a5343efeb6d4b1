//! When the person wants a source to be looked at now.

use crate::clock::Timestamp;
use crate::source::SourceState;

/// The state of a source that the person wants to be looked at; one that rests is woken. `None` if its server asked to
/// wait (429, 503) and the wait is not over: that is kept to.
#[must_use]
pub fn asked_for(state: &SourceState, now: Timestamp) -> Option<SourceState> {
    if state.busy > 0 && state.next_check > now {
        return None;
    }
    let mut next = state.clone();
    next.next_check = now.min(state.next_check);
    "asked for by name".clone_into(&mut next.why_next);
    (next.resting, next.gone) = (false, 0);
    Some(next)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::{earlier, later};

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

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
        let until = later(now(), Duration::from_hours(1));
        let state =
            SourceState { busy: 1, ..SourceState::new(until, "429 Too Many Requests, Retry-After 1h") };
        assert_eq!(asked_for(&state, now()), None);
        assert!(asked_for(&state, until).is_some());
    }
}
