//! Which entries a first look leaves untold.

use std::time::Duration;

use crate::clock::{Timestamp, earlier};

/// A feed lists an entry some time after its date.
const LATE: Duration = Duration::from_hours(24);
/// Most undated entries that a feed which was empty can have got since.
const FEW: usize = 5;

/// Whether an entry dated `published`, one of `entries` in the first document that holds any, was there before the person
/// began to watch. A feed that was empty at `empty_since` may be new, and then its first entries are news; or its server
/// had a bad moment, and then they are old. Their dates tell; where there are none, their number does.
pub(super) fn was_there_before(
    published: Option<Timestamp>,
    entries: usize,
    empty_since: Option<Timestamp>,
) -> bool {
    match (empty_since, published) {
        (None, _) => true,
        (Some(empty), Some(published)) => published < earlier(empty, LATE),
        (Some(_), None) => entries > FEW,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_was_empty_tells_what_came_since() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let empty = at("2023-09-04T12:00:00Z");
        assert!(was_there_before(at("2023-09-04T13:00:00Z"), 1, None), "an ordinary first look");
        assert!(!was_there_before(at("2023-09-04T13:00:00Z"), 50, empty));
        assert!(!was_there_before(at("2023-09-04T09:00:00Z"), 50, empty), "listed late");
        assert!(was_there_before(at("2023-09-01T09:00:00Z"), 50, empty));
        assert!(!was_there_before(None, 1, empty));
        assert!(was_there_before(None, 50, empty), "fifty at once were there before");
    }
}
