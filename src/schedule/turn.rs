//! When a look changes how a source is: one line for the log, and none for the looks that find it as it was.

use std::time::Duration;

use super::wait::words;
use crate::clock::{Timestamp, since};
use crate::source::SourceState;

/// A source that refuses so often in a row does it for long.
const LONG_BUSY: u32 = 4;

/// How a source turned, in words that follow its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// It is in trouble now.
    Worse(String),
    /// It is well again.
    Better(String),
    /// Something else that is worth a line.
    Otherwise(String),
}

/// The turn of a look that ended at `now` and led from `before` to `after`.
#[must_use]
pub fn turn(before: &SourceState, after: &SourceState, now: Timestamp) -> Option<Turn> {
    let next = words(since(after.next_check, now));
    let error = after.error.as_deref().unwrap_or("no good answer");
    let was_well = before.failures == 0 && before.busy == 0;
    if after.resting && !before.resting {
        return Some(Turn::Worse(format!(
            "{error}: rests, as that was confirmed; `source refresh` wakes it"
        )));
    }
    if after.failures > 0 && before.failures == 0 {
        return Some(Turn::Worse(format!("fails: {error}; asked again in {next}")));
    }
    if after.busy > 0 && was_well {
        return Some(Turn::Otherwise(format!("is busy: {error}; asked again in {next}")));
    }
    if after.busy == LONG_BUSY && before.busy < LONG_BUSY {
        return Some(Turn::Worse(format!(
            "is still busy: {error}, {LONG_BUSY} times; asked again in {next}"
        )));
    }
    if !was_well && after.failures == 0 && after.busy == 0 {
        let since_when = before.failing_since.or(before.last_success).map(|from| since(now, from));
        let lasted = since_when.filter(|lasted| *lasted >= Duration::from_secs(1)).map(words);
        return Some(Turn::Better(match lasted {
            Some(lasted) => format!("is well again, after {lasted}"),
            None => "is well again".to_owned(),
        }));
    }
    let moved = after.address.as_ref().filter(|address| before.address.as_ref() != Some(*address));
    moved.map(|address| Turn::Otherwise(format!("moved for good to {address}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;
    use crate::fetch::FailureClass;
    use crate::schedule::testing::{now, read, source};
    use crate::schedule::{Answer, Outcome, after};

    #[test]
    fn a_line_is_said_when_a_source_turns_and_none_while_it_stays_so() {
        let (mut state, mut at, mut said) = (SourceState::new(now(), ""), now(), Vec::new());
        let failed = Outcome::Failed { class: FailureClass::Status, message: "answered 500".into() };
        let busy = Outcome::Busy { said: "429".into(), retry_after: Some(1_200) };
        let well = read(Answer::default());
        let held = Outcome::Held { message: "quiet".into(), retry_after: Some(60) };
        let offline = Outcome::Offline { message: "no such host".into() };
        let looks = [
            &well, &well, &failed, &failed, &offline, &failed, &well, &held, &well, &busy, &busy, &busy,
            &busy, &busy, &well,
        ];
        for outcome in looks {
            let next = after(&source(), &state, outcome, at);
            said.extend(turn(&state, &next, at));
            (state, at) = (next, later(at, Duration::from_mins(1)));
        }
        let [
            Turn::Worse(fails),
            Turn::Better(well),
            Turn::Otherwise(busy),
            Turn::Worse(long),
            Turn::Better(_),
        ] = &said[..]
        else {
            panic!("{said:?}")
        };
        assert!(fails.starts_with("fails: answered 500; asked again in 15m"), "{fails}");
        assert_eq!(well, "is well again, after 4m");
        assert!(busy.starts_with("is busy: answered 429; asked again in 2"), "{busy}");
        assert!(long.starts_with("is still busy: answered 429, 4 times; asked again in "), "{long}");
    }

    #[test]
    fn a_source_that_is_gone_or_moved_has_a_line() {
        let (mut state, mut at, mut said) = (SourceState::new(now(), ""), now(), Vec::new());
        for _ in 0..4 {
            let next = after(&source(), &state, &Outcome::Gone, at);
            said.extend(turn(&state, &next, at));
            (state, at) = (next, later(at, Duration::from_hours(25)));
        }
        assert!(
            matches!(&said[..], [Turn::Worse(fails), Turn::Worse(rests)]
            if fails.contains("410 Gone") && rests.contains("rests")),
            "{said:?}"
        );
        let before = SourceState::new(now(), "");
        let to = url::Url::parse("https://example.org/new").unwrap();
        let moved = SourceState { address: Some(to), ..before.clone() };
        let line = "moved for good to https://example.org/new";
        assert_eq!(turn(&before, &moved, now()), Some(Turn::Otherwise(line.into())));
    }
}
