//! What a server answered: an outcome, or a document to read.

use std::collections::HashSet;

use crate::clock::Timestamp;
use crate::feed::{
    Entry, Feed, Sitemap, decode, identify, read_feed, read_links, read_sitemap, read_watched,
};
use crate::fetch::{FailureClass, FetchError, Response};
use crate::schedule::{Hints, Outcome};
use crate::source::{Source, SourceKind};

/// The outcome of an answer whose body does not matter.
pub(super) fn without_body(response: &Response) -> Option<Outcome> {
    let headers = &response.headers;
    match response.status {
        200 => None,
        304 => Some(Outcome::NotModified {
            validators: headers.validators.clone(),
            hints: Hints { fresh_for: headers.fresh_for, ttl_minutes: None },
        }),
        429 | 503 => {
            Some(Outcome::Busy { said: status_words(response.status), retry_after: headers.retry_after })
        }
        410 => Some(Outcome::Gone),
        status => Some(Outcome::Failed {
            class: FailureClass::Status,
            message: format!("answered {}", status_words(status)),
        }),
    }
}

/// The outcome of a request that got no answer, or was not made.
pub(super) fn without_answer(error: FetchError) -> Outcome {
    match error.class {
        FailureClass::Held => Outcome::Busy { said: error.message, retry_after: error.retry_after },
        class => Outcome::Failed { class, message: error.message },
    }
}

/// A status with its words.
pub(super) fn status_words(status: u16) -> String {
    let words = match status {
        401 => " Unauthorized",
        403 => " Forbidden",
        404 => " Not Found",
        429 => " Too Many Requests",
        500 => " Internal Server Error",
        502 => " Bad Gateway",
        503 => " Service Unavailable",
        _ => "",
    };
    format!("{status}{words}")
}

/// What `response` holds; only a sitemap can be an index.
pub(super) fn read(source: &Source, response: &Response, now: Timestamp) -> Result<Sitemap, String> {
    let content_type = response.headers.content_type.as_deref();
    let page = || decode(&response.body, content_type);
    let feed = match &source.kind {
        SourceKind::Feed => read_feed(&response.body, content_type, &response.url, now)
            .map(|feed| Feed { entries: each_once(identify(feed.entries)), ..feed }),
        SourceKind::Sitemap => match read_sitemap(&response.body, content_type, &response.url, now) {
            Ok(Sitemap::Entries(feed)) => Ok(Feed { entries: each_once(feed.entries), ..feed }),
            index_or_error => return index_or_error.map_err(|error| error.to_string()),
        },
        SourceKind::Links { selector } => read_links(&page(), selector, &response.url, now),
        SourceKind::Watch { selector } => read_watched(&page(), selector, &response.url),
    };
    feed.map(Sitemap::Entries).map_err(|error| error.to_string())
}

/// Feeds repeat entries, and have some that say nothing; the first of each key counts.
fn each_once(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = HashSet::new();
    entries.retain(|entry| !entry.is_blank() && seen.insert(entry.key.clone()));
    entries
}
