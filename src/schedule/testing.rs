//! What the tests of schedules share, those in the store too.

use std::time::Duration;

use super::{Answer, Outcome};
use crate::clock::Timestamp;
use crate::source::{FirstLook, Source, SourceKind, Validators};

pub(crate) fn source() -> Source {
    let url = url::Url::parse("https://example.org/rss").unwrap();
    let kind = SourceKind::Feed;
    Source {
        id: Source::id_of(&kind, &url),
        kind,
        url,
        name: None,
        tags: Vec::new(),
        interval: Duration::from_mins(15),
        min_interval: Duration::from_mins(5),
        max_interval: Duration::from_hours(24),
        backoff: Duration::from_mins(10),
        articles: true,
        robots: false,
        first_look: FirstLook::Baseline,
    }
}

pub(crate) fn now() -> Timestamp {
    "2023-09-04T12:00:00Z".parse().unwrap()
}

/// A whole document without anything to read in it.
pub(super) fn read(answer: Answer) -> Outcome {
    Outcome::Read {
        validators: Validators::default(),
        body_hash: "h".into(),
        new: 1,
        whole: true,
        empty: false,
        window: None,
        answer,
    }
}
