//! What a server answered: an outcome, or a document to read.

use std::collections::HashSet;

use url::Url;

use super::Job;
use crate::clock::Timestamp;
use crate::feed::{
    About, Entry, Feed, Is, Sighting, Sitemap, decode, identify, read_feed, read_links, read_sitemap,
    read_watched, web_address,
};
use crate::fetch::{FailureClass, FetchError, Links, Request, Response, Web};
use crate::schedule::{Answer, Outcome, Window};
use crate::source::{Source, SourceKind, Validators};

/// Asks for what `source` is made of; robots.txt decides about it only where the person says so.
pub(super) async fn ask(source: &Source, web: &dyn Web, request: Request) -> Result<Response, FetchError> {
    if source.robots { web.get_allowed(request).await } else { web.get(request).await }
}

/// The outcome of an answer whose body does not matter, to a request with the validators `sent`. `asked_for_a_part`: 226
/// is welcome.
pub(super) fn without_body(
    response: &Response,
    sent: &Validators,
    asked_for_a_part: bool,
) -> Option<Outcome> {
    let headers = &response.headers;
    match response.status {
        200 => None,
        // Whoever did not ask for a part gets none (RFC 3229 10.5.3), and one that names no kind is none that can be merged.
        226 if headers.delta && asked_for_a_part => None,
        // There is nothing here that it could be unchanged from (RFC 9110 15.4.5): a cache in between is broken.
        304 if sent.is_empty() => Some(Outcome::Failed {
            class: FailureClass::Content,
            message: "answered 304 Not Modified though all was asked for".to_owned(),
        }),
        304 => {
            Some(Outcome::NotModified { validators: headers.validators.clone(), answer: answer(response) })
        }
        // Some refuse with 403 whoever has used up a limit, and say when there is more.
        429 | 503 | 403 if response.status != 403 || headers.quiet_for.is_some() => {
            Some(Outcome::Busy { said: status_words(response.status), retry_after: quiet_for(response) })
        }
        410 => Some(Outcome::Gone),
        status => Some(Outcome::Failed {
            class: FailureClass::Status,
            message: format!("answered {}", status_words(status)),
        }),
    }
}

/// What a good answer says beside its entries, as far as its head tells.
pub(super) fn answer(response: &Response) -> Answer {
    Answer {
        fresh_for: response.headers.fresh_for,
        quiet_for: quiet_for(response),
        rhythm: None,
        moved: response.moved().cloned(),
        bytes: u64::try_from(response.body.len()).unwrap_or(u64::MAX),
    }
}

/// Seconds for which the server asked to be left alone, by whichever header says more.
pub(super) fn quiet_for(response: &Response) -> Option<u64> {
    response.headers.retry_after.max(response.headers.quiet_for)
}

/// What a list of the newest entries shows. `None` for a watched page, which is none. Of those that are new to us,
/// `is_old` tells what is no news: that says nothing of when the source publishes.
pub(super) fn window(
    job: &Job,
    sightings: &[Sighting],
    is_old: impl Fn(&Sighting) -> bool,
) -> Option<Window> {
    if matches!(job.source.kind, SourceKind::Watch { .. }) {
        return None;
    }
    let is_new = |sighting: &&Sighting| matches!(sighting.is, Is::New) && !is_old(sighting);
    let date = |sighting: &Sighting| sighting.entry.published.or(sighting.entry.updated);
    Some(Window {
        entries: sightings.len(),
        known: sightings.iter().filter(|sighting| !matches!(sighting.is, Is::New)).count(),
        // Without a date, it was published since the last look.
        published: sightings.iter().filter(is_new).map(|one| date(one).unwrap_or(Timestamp::MAX)).collect(),
        oldest: sightings.iter().filter_map(date).min(),
        length: middle(sightings.iter().map(|one| text_length(&one.entry)).collect()),
    })
}

fn text_length(entry: &Entry) -> u32 {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    u32::try_from(length(&entry.content_html).max(length(&entry.summary_html))).unwrap_or(u32::MAX)
}

fn middle(mut lengths: Vec<u32>) -> Option<u32> {
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied()
}

/// The outcome of a request that got no answer, or was not made.
pub(super) fn without_answer(error: FetchError) -> Outcome {
    match error.class {
        FailureClass::Held => Outcome::Held { message: error.message, retry_after: error.retry_after },
        class => Outcome::Failed { class, message: error.message },
    }
}

/// A status with its words.
pub(super) fn status_words(status: u16) -> String {
    let words = match status {
        226 => " IM Used, of a kind that was not asked for",
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

/// What a document says of itself. Headers come before what stands in it (`WebSub` 4): they say the same of every format.
pub(super) fn about(feed: &Feed, links: &Links, place: &Url) -> About {
    let address = |link: &String| web_address(link, place);
    let mut about = feed.about();
    let hubs: Vec<Url> = links.hubs.iter().filter_map(address).collect();
    if !hubs.is_empty() {
        about.hubs = hubs;
    }
    about.self_url = links.itself.as_ref().and_then(address).or(about.self_url);
    about
}
