//! Permanent redirects: when a new address takes the place of the old one, and when it gives it back.

use std::time::Duration;

use url::Url;

use crate::clock::{Timestamp, since};
use crate::source::{Moving, Source, SourceState, Validators};

/// A new address is adopted once it was good on so many days …
const DAYS: u32 = 3;
/// … so far apart: one evening behind a hotel's portal is one day.
const NEXT_DAY: Duration = Duration::from_hours(20);
/// So many failures in a row, and the old address is asked again.
const FAILURES: u32 = 3;

/// Notes where a document was found: `to` if permanent redirects alone led there (RFC 9110 15.4.2, 15.4.9).
pub(super) fn moved(source: &Source, state: &mut SourceState, to: Option<&Url>, now: Timestamp) {
    let here = state.address.as_ref().unwrap_or(&source.url);
    let Some(to) = to.filter(|to| *to != here) else {
        state.moving = None;
        return;
    };
    if *to == source.url {
        // It went back.
        adopt(state, None);
        return;
    }
    let seen = match state.moving.take().filter(|moving| moving.to == *to) {
        None => Moving { to: to.clone(), days: 1, last: now },
        Some(seen) if since(now, seen.last) >= NEXT_DAY => Moving { days: seen.days + 1, last: now, ..seen },
        Some(seen) => seen,
    };
    if seen.days >= DAYS {
        adopt(state, Some(seen.to));
    } else {
        state.moving = Some(seen);
    }
}

/// Goes back to the configured address if the adopted one fails.
pub(super) fn fall_back(state: &mut SourceState) {
    if state.address.is_some() && state.failures + 1 >= FAILURES {
        adopt(state, None);
    }
}

/// Validators belong to an address.
fn adopt(state: &mut SourceState, address: Option<Url>) {
    (state.address, state.moving) = (address, None);
    (state.validators, state.body_hash) = (Validators::default(), None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;
    use crate::schedule::testing::{now, source};

    const DAY: Duration = Duration::from_hours(24);

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn row_24_a_move_is_adopted_on_the_third_day() {
        let (source, to) = (source(), url("https://new.example/rss"));
        let mut state = SourceState::new(now(), "");
        state.validators.etag = Some(b"old".to_vec());
        for (hours, adopted) in [(0, false), (1, false), (24, false), (25, false), (43, false), (44, true)] {
            let at = later(now(), Duration::from_hours(hours));
            moved(&source, &mut state, Some(&to), at);
            assert_eq!(state.address.is_some(), adopted, "after {hours} hours: {:?}", state.moving);
        }
        assert!(state.validators.is_empty(), "they belong to the old address");
        moved(&source, &mut state, None, later(now(), DAY * 3));
        assert_eq!(state.address, Some(to), "no redirect any more");
    }

    #[test]
    fn row_25_a_stray_redirect_changes_nothing() {
        let (source, mut state) = (source(), SourceState::new(now(), ""));
        for (day, to) in [
            Some("https://portal.example/"),
            None,
            Some("https://a.example/"),
            Some("https://b.example/"),
            None,
        ]
        .into_iter()
        .enumerate()
        {
            let at = later(now(), DAY * u32::try_from(day).unwrap());
            moved(&source, &mut state, to.map(url).as_ref(), at);
        }
        assert_eq!((state.address, state.moving), (None, None));
    }

    #[test]
    fn row_24_the_old_address_is_tried_again_if_the_new_one_fails() {
        let mut state = SourceState::new(now(), "");
        state.address = Some(url("https://new.example/rss"));
        for failures in 0..3 {
            assert!(state.address.is_some());
            state.failures = failures;
            fall_back(&mut state);
        }
        assert_eq!(state.address, None);
    }

    #[test]
    fn a_source_that_goes_back_home_is_asked_there() {
        let (source, mut state) = (source(), SourceState::new(now(), ""));
        state.address = Some(url("https://new.example/rss"));
        let home = source.url.clone();
        moved(&source, &mut state, Some(&home), now());
        assert_eq!(state.address, None);
    }
}
