//! The article of one entry: its page, or what the feed itself says where the page cannot be had.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::{Job, Recall};
use crate::article::{Article, ExtractError, Hints, TextFrom, extract, from_entry, text_of_html};
use crate::clock::Timestamp;
use crate::feed::{Entry, Is, Sighting, decode};
use crate::fetch::{Accept, FailureClass, Request, Share, Web};
use crate::source::{SourceId, SourceKind, Validators};
use crate::text::language::Languages;

/// After so long the pages that are left wait for the next look, and their entries are told from the feed meanwhile: a
/// slow host, or a long `Crawl-delay`, must not hold up what its feed says.
const READING: Duration = Duration::from_mins(10);

/// An article and what became of its page.
pub(super) struct Read {
    /// From the page, or from the feed.
    pub(super) article: Article,
    /// Whether the page is to be read again.
    pub(super) page: Page,
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// It was read, or is never to be.
    Done,
    /// It answered, and held no article.
    Wall,
    /// It was asked for, and failed for a reason that may pass.
    Failed,
    /// It was not asked for, for a reason that will pass.
    Unasked,
}

/// The article of an entry: its page, if that is to be fetched, else what the source itself says. `quiet`: why it is no
/// news, if so. `spent`: how long pages have been read for.
pub(super) async fn article_of(
    job: &Job,
    entry: &Entry,
    draft: &Article,
    quiet: Option<&str>,
    spent: Duration,
    (web, recall, now): (&dyn Web, &dyn Recall, Timestamp),
) -> Read {
    let because = match (&job.source.kind, quiet) {
        (SourceKind::Watch { .. }, _) => "the watched page itself",
        (_, Some(why)) => why,
        _ if !job.source.articles => "article pages are off",
        _ if spent > READING => {
            let article = from_feed(entry, "the pages before it took too long").await;
            return Read { article, page: Page::Unasked };
        }
        _ => return read_page(&job.source.id, entry, web, recall, now).await,
    };
    let article = Article { text_from: TextFrom::Feed(because.to_owned()), ..draft.clone() };
    Read { article, page: Page::Done }
}

/// Fetches and extracts the page of `entry`, which `source` lists. Never fails: the feed's own text serves where the page
/// does not. Feeds of one outlet that say the same of a page share it.
async fn read_page(
    source: &SourceId,
    entry: &Entry,
    web: &dyn Web,
    recall: &dyn Recall,
    now: Timestamp,
) -> Read {
    let Some(url) = entry.url.clone() else {
        return Read { article: from_feed(entry, "the entry has no address").await, page: Page::Done };
    };
    let request = Request { url, accept: Accept::Page, validators: Validators::default() };
    let share = Share { says: entry.content_hash(), taker: source.0.clone() };
    let response = match web.get_shared(request, share).await {
        Ok(response) => response,
        Err(error) => {
            let page = match error.class {
                FailureClass::Unreadable | FailureClass::Held => Page::Unasked,
                FailureClass::Dns
                | FailureClass::Connect
                | FailureClass::Tls
                | FailureClass::Timeout
                | FailureClass::Slow
                | FailureClass::Incomplete => Page::Failed,
                _ => Page::Done,
            };
            return Read { article: from_feed(entry, &error.message).await, page };
        }
    };
    if response.status != 200 {
        // A feed is often ahead of the servers that deliver its pages: 404 for the first minutes.
        let again = response.status >= 500 || matches!(response.status, 404 | 408 | 425 | 429);
        // All that is known of an entry without a title is on its page.
        let again = again || entry.title.is_none() && matches!(response.status, 401 | 403 | 451);
        return Read {
            article: from_feed(entry, &format!("its page answered {}", response.status)).await,
            page: if again { Page::Failed } else { Page::Done },
        };
    }
    if !response.headers.robots_tag.is_empty() {
        let said = response.headers.robots_tag.join(", ");
        tracing::debug!(url = %response.url, "X-Robots-Tag says {said}; noted, as it forbids no reading");
    }
    let template = recall.template(response.url.host_str().unwrap_or_default()).await;
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
            now: Some(now),
            template: Some(template),
        };
        extract(&html, &response.url, &hints)
    })
    .await;
    match extracted {
        Some(Ok(article)) => Read { article, page: Page::Done },
        Some(Err(why)) => {
            // A page of paid news is no wall in place of an article.
            let page = if why == ExtractError::OnlyTheStart { Page::Done } else { Page::Wall };
            Read { article: from_feed(entry, &why.to_string()).await, page }
        }
        None => Read { article: from_feed(entry, "its page broke the extractor").await, page: Page::Done },
    }
}

/// The article that the entry itself tells.
pub(super) async fn from_feed(entry: &Entry, because: &str) -> Article {
    let (entry_for_text, because) = (entry.clone(), because.to_owned());
    blocking(move || from_entry(&entry_for_text, &because, &mut Languages::default()))
        .await
        .unwrap_or_else(|| bare(entry))
}

/// The sightings, each with the article that its entry tells; those with nothing new to read have an empty one.
pub(super) async fn drafts(job: &Job, sightings: Vec<Sighting>) -> Vec<(Sighting, Article)> {
    // All in one go: a turn of the blocking pool costs as much as a short text.
    let is_page = matches!(job.source.kind, SourceKind::Watch { .. });
    let drafted = blocking(move || {
        let mut languages = Languages::default();
        let draft = |sighting: Sighting| {
            let article = match &sighting.is {
                Is::Known(known, _) if known.hash == sighting.hash => None,
                _ if is_page => None,
                _ => alone(|| from_entry(&sighting.entry, "", &mut languages)),
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
