//! Permanent redirects: when a new address takes the place of the old one, and what is asked while it fails.

use std::time::Duration;

use url::Url;

use crate::clock::{Timestamp, since};
use crate::source::{Moving, Source, SourceState, Validators};

/// A new address is adopted once it was good on so many days …
const DAYS: u32 = 3;
/// … so far apart: one evening behind a hotel's portal is one day.
const NEXT_DAY: Duration = Duration::from_hours(20);
/// So many failures in a row, and the other of the two addresses is asked.
const FAILURES: u32 = 3;

/// Notes where a document was found: `to` if permanent redirects alone led there (RFC 9110 15.4.2, 15.4.9).
pub(super) fn moved(source: &Source, state: &mut SourceState, to: Option<&Url>, now: Timestamp) {
    let adopted = state.address.clone().filter(|_| !state.at_home);
    let is_home = |url: &Url| source.own(url) == source.url;
    let here = |url: &&Url| adopted.as_ref().map_or_else(|| is_home(url), |here| here == *url);
    let Some(to) = to.filter(|url| !here(url)) else {
        state.moving = None;
        if state.at_home {
            // It is back where it was, and sends nobody on.
            (state.address, state.at_home) = (None, false);
        }
        return;
    };
    if is_home(to) {
        // It went back.
        adopt(state, None);
        return;
    }
    if state.address.as_ref() == Some(to) {
        // The old address sends there again, and it answers.
        adopt(state, Some(to.clone()));
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

/// After a failure was counted: every few of them the other address is asked, that it moved to or that it had. Either may
/// be the one that comes back: the old one is often given up, the new one may be away for an hour.
pub(super) fn alternate(state: &mut SourceState) {
    if state.address.is_some() && state.failures.is_multiple_of(FAILURES) {
        state.at_home = !state.at_home;
        forget(state);
    }
}

fn adopt(state: &mut SourceState, address: Option<Url>) {
    (state.address, state.at_home, state.moving) = (address, false, None);
    forget(state);
}

/// Validators belong to an address.
fn forget(state: &mut SourceState) {
    (state.validators, state.body_hash) = (Validators::default(), None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;
    use crate::fetch::FailureClass;
    use crate::schedule::testing::{now, read, source};
    use crate::schedule::{Answer, Outcome, after, asked_for};

    const DAY: Duration = Duration::from_hours(24);

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn failed() -> Outcome {
        Outcome::Failed { class: FailureClass::Status, message: "answered 500".into() }
    }

    /// A source that was adopted at another address.
    fn adopted() -> SourceState {
        SourceState { address: Some(url("https://new.example/rss")), ..SourceState::new(now(), "") }
    }

    /// So many looks, each when it is due: which host each asked. `answer` says what the host answers.
    fn asked(state: &mut SourceState, looks: usize, answer: impl Fn(&str, Timestamp) -> Outcome) -> String {
        let mut hosts = String::new();
        for _ in 0..looks {
            let (at, place) = (state.next_check, state.place(&source()));
            hosts.push_str(if place == source().url { "o" } else { "n" });
            *state = after(&source(), state, &answer(place.host_str().unwrap(), at), at);
        }
        hosts
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
    fn row_24_the_old_address_is_tried_again_and_the_new_one_is_not_forgotten() {
        let mut state = adopted();
        state.validators.etag = Some(b"new".to_vec());
        assert_eq!(asked(&mut state, 13, |_, _| failed()), "nnnooonnnooon", "each in turn");
        assert!(state.validators.is_empty());

        // The new host is away for an hour; the old one is dead for ever.
        let mut state = adopted();
        let back = later(now(), Duration::from_hours(1));
        let hosts = asked(&mut state, 9, |host, at| {
            if host == "new.example" && at > back { read(Answer::default()) } else { failed() }
        });
        assert_eq!(hosts, "nnnooonnn");
        assert_eq!((state.failures, state.at_home, state.address.is_some()), (0, false, true));
    }

    #[test]
    fn row_24_an_old_address_that_answers_again_is_where_the_source_is() {
        let old_is_well = |moved: Option<&str>| {
            let (mut state, moved) = (adopted(), moved.map(url));
            let hosts = asked(&mut state, 5, |host, _| match host {
                "new.example" => failed(),
                _ => read(Answer { moved: moved.clone(), ..Answer::default() }),
            });
            (hosts, state)
        };
        let (hosts, state) = old_is_well(None);
        assert_eq!((hosts.as_str(), state.address), ("nnnoo", None), "it went back");
        let (hosts, state) = old_is_well(Some("https://new.example/rss"));
        assert_eq!((hosts.as_str(), state.address.is_some(), state.at_home), ("nnnon", true, false));
        let (hosts, state) = old_is_well(Some("https://newer.example/rss"));
        assert_eq!((hosts.as_str(), state.moving.unwrap().days), ("nnnoo", 1), "not believed yet");
    }

    #[test]
    fn row_29_a_source_that_moved_rests_once_both_addresses_say_410() {
        let mut state = adopted();
        assert_eq!(asked(&mut state, 5, |_, _| Outcome::Gone), "nnnoo");
        assert!(!state.resting);
        assert_eq!(asked(&mut state, 1, |_, _| Outcome::Gone), "o");
        assert!(state.resting, "three times each");
        let woken = asked_for(&state, state.next_check).unwrap();
        assert_eq!((woken.resting, woken.gone), (false, 0));

        let mut state = adopted();
        let hosts = asked(&mut state, 4, |host, _| match host {
            "new.example" => Outcome::Gone,
            _ => read(Answer::default()),
        });
        assert_eq!((hosts.as_str(), state.resting, state.gone, state.address), ("nnno", false, 0, None));
    }

    #[test]
    fn a_source_that_goes_back_home_is_asked_there() {
        let (source, mut state) = (source(), adopted());
        let home = source.url.clone();
        moved(&source, &mut state, Some(&home), now());
        assert_eq!(state.address, None);
    }

    #[test]
    fn a_private_source_that_moves_within_its_origin_keeps_its_account() {
        let mut private = source();
        private.url = url("https://me:secret@example.org/rss");
        let (mut state, to) = (SourceState::new(now(), ""), url("https://example.org/feed"));
        for day in 0..3 {
            moved(&private, &mut state, Some(&to), later(now(), DAY * day));
        }
        assert_eq!(state.address, Some(to), "shown without secrets");
        assert_eq!(state.place(&private).as_str(), "https://me:secret@example.org/feed");
        moved(&private, &mut state, Some(&url("https://example.org/rss")), later(now(), DAY * 4));
        assert_eq!((&state.address, state.place(&private)), (&None, private.url.clone()), "back home");
        state.address = Some(url("https://elsewhere.example/feed"));
        assert_eq!(state.place(&private).as_str(), "https://elsewhere.example/feed", "secrets stay home");
    }
}
