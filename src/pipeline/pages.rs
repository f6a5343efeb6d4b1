//! The article of one entry: its page, or what the feed itself says where the page cannot be had.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Job;
use crate::article::{Article, Hints, extract, from_entry, text_of_html};
use crate::feed::{Entry, Is, Sighting, decode};
use crate::fetch::{Accept, FailureClass, Request, Share, Web};
use crate::source::{SourceId, SourceKind, Validators};

/// How often a page that failed for a passing reason is tried, once a poll.
pub(super) const PAGE_TRIES: u32 = 3;

/// An article and whether its page should be tried again.
pub(super) struct Read {
    /// From the page, or from the feed.
    pub(super) article: Article,
    /// True if the page failed for a reason that may pass.
    pub(super) again: bool,
}

/// Fetches and extracts the page of `entry`, which `source` lists. Never fails: the feed's own text serves where the page
/// does not. Feeds of one outlet that say the same of a page share it.
pub(super) async fn read_page(source: &SourceId, entry: &Entry, web: &dyn Web) -> Read {
    let Some(url) = entry.url.clone() else {
        return Read { article: from_feed(entry, "the entry has no address").await, again: false };
    };
    let request = Request { url, accept: Accept::Page, validators: Validators::default() };
    let share = Share { says: entry.content_hash(), taker: source.0.clone() };
    let response = match web.get_shared(request, share).await {
        Ok(response) => response,
        Err(error) => {
            let again = matches!(
                error.class,
                FailureClass::Dns
                    | FailureClass::Connect
                    | FailureClass::Tls
                    | FailureClass::Timeout
                    | FailureClass::Slow
                    | FailureClass::Incomplete
                    | FailureClass::Unreadable
                    | FailureClass::Held
            );
            return Read { article: from_feed(entry, &error.message).await, again };
        }
    };
    if response.status != 200 {
        // A feed is often ahead of the servers that deliver its pages: 404 for the first minutes.
        let again = response.status >= 500 || matches!(response.status, 404 | 408 | 425 | 429);
        // All that is known of an entry without a title is on its page.
        let again = again || entry.title.is_none() && matches!(response.status, 401 | 403 | 451);
        return Read {
            article: from_feed(entry, &format!("its page answered {}", response.status)).await,
            again,
        };
    }
    let entry_for_page = entry.clone();
    let extracted = blocking(move || {
        let entry = entry_for_page;
        let html = decode(&response.body, response.headers.content_type.as_deref());
        let text = entry.content_html.as_deref().or(entry.summary_html.as_deref()).map(text_of_html);
        let hints = Hints {
            title: entry.title.clone(),
            published: entry.published,
            language: entry.language.clone(),
            content_type: response.headers.content_type.clone(),
            text,
        };
        extract(&html, &response.url, &hints).map_err(|error| error.to_string())
    })
    .await;
    match extracted {
        Some(Ok(article)) => Read { article, again: false },
        Some(Err(why)) => Read { article: from_feed(entry, &why).await, again: false },
        None => Read { article: from_feed(entry, "its page broke the extractor").await, again: false },
    }
}

/// The article that the entry itself tells.
pub(super) async fn from_feed(entry: &Entry, because: &str) -> Article {
    let (entry_for_text, because) = (entry.clone(), because.to_owned());
    blocking(move || from_entry(&entry_for_text, &because)).await.unwrap_or_else(|| bare(entry))
}

/// The sightings, each with the article that its entry tells; those with nothing new to read have an empty one.
pub(super) async fn drafts(job: &Job, sightings: Vec<Sighting>) -> Vec<(Sighting, Article)> {
    // All in one go: a turn of the blocking pool costs as much as a short text.
    let is_page = matches!(job.source.kind, SourceKind::Watch { .. });
    let drafted = blocking(move || {
        let draft = |sighting: Sighting| {
            let article = match &sighting.is {
                Is::Known(known, _) if known.hash == sighting.hash => None,
                _ if is_page => None,
                _ => alone(|| from_entry(&sighting.entry, "")),
            };
            let article = article.unwrap_or_else(|| bare(&sighting.entry));
            (sighting, article)
        };
        sightings.into_iter().map(draft).collect()
    });
    drafted.await.unwrap_or_default()
}

/// Forgets the texts of entries that are as they were; returns how many bytes of text are left.
pub(super) fn forget_known(sightings: &mut [Sighting]) -> usize {
    let mut left = 0;
    for Sighting { entry, hash, is, .. } in sightings {
        if matches!(is, Is::Known(known, _) if known.hash == *hash) {
            (entry.summary_html, entry.content_html) = (None, None);
        }
        let texts = [&entry.summary_html, &entry.content_html];
        left += texts.into_iter().flatten().map(String::len).sum::<usize>();
    }
    left
}

/// Runs `work`; `None` if it panicked, which then costs one entry and not all of them.
fn alone<T>(work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    if done.is_err() {
        tracing::error!("a parser panicked; the entry's text is skipped, please report it");
    }
    done.ok()
}

/// What can be said of an entry whose text cannot be read.
fn bare(entry: &Entry) -> Article {
    Article {
        url: entry.url.clone(),
        title: entry.title.clone().unwrap_or_default(),
        published: entry.published,
        ..Article::default()
    }
}

/// Runs `work` on the blocking pool; `None` if it panicked. Parsing hostile input may take long, and whatever it
/// still does wrong must cost one entry, not the daemon.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(%error, "a parser panicked; the input is skipped, please report it");
            None
        }
    }
}
