//! One look at one source: fetch, parse, read the article of each new entry, send reports, then how it ended.

use std::collections::HashSet;

use tokio::sync::mpsc::Sender;

use super::outlet::outlet;
use super::pages::{PAGE_TRIES, Read, blocking, from_feed, read_page};
use super::{Harvested, Job, Message, Polled};
use crate::article::{Article, TextFrom, text_of_html};
use crate::clock::{Clock, Timestamp};
use crate::feed::{Entry, Feed, change, decode, identify, read_feed, read_links, read_watched};
use crate::fetch::{Accept, FailureClass, Request, Response, Web};
use crate::schedule::{Hints, Outcome};
use crate::source::{FirstLook, Source, SourceKind, Validators};
use crate::store::{Known, table::text_hash};
use crate::text::fingerprint::fingerprint;

/// Harvests `job`. Returns early if nobody receives any more; then nothing is lost, as `Polled` was not sent.
pub async fn harvest(job: Job, web: &dyn Web, clock: &dyn Clock, out: &Sender<Message>) {
    let mut look = Look { title: None, present: Vec::new(), watched: None };
    let Some(outcome) = look.run(&job, web, clock, out).await else { return };
    let Look { title, present, watched } = look;
    let polled = Polled { source: job.source, outcome, at: clock.now(), title, present, watched };
    // A closed queue means the daemon is stopping: the next start looks again.
    let _ = out.send(Message::Polled(Box::new(polled))).await;
}

/// What a look finds out beside its reports.
struct Look {
    title: Option<String>,
    present: Vec<String>,
    watched: Option<String>,
}

impl Look {
    /// `None` if nobody receives any more.
    async fn run(
        &mut self,
        job: &Job,
        web: &dyn Web,
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<Outcome> {
        let accept = match job.source.kind {
            SourceKind::Feed => Accept::Feed,
            SourceKind::Links { .. } | SourceKind::Watch { .. } => Accept::Page,
        };
        let request = Request { url: job.source.url.clone(), accept, validators: job.validators.clone() };
        let response = match web.get(request).await {
            Ok(response) => response,
            Err(error) => return Some(Outcome::Failed { class: error.class, message: error.message }),
        };
        if let Some(outcome) = without_body(&response) {
            return Some(outcome);
        }
        let body_hash = fingerprint(&[&response.body]);
        let validators = response.headers.validators.clone();
        let hints = Hints { fresh_for: response.headers.fresh_for, ttl_minutes: None };
        let waiting = job.known.values().any(|known| known.hash.is_empty());
        if job.body_hash.as_deref() == Some(&body_hash) && !waiting {
            return Some(Outcome::Read { validators, body_hash, new: 0, whole: true, hints });
        }
        let (source, now) = (job.source.clone(), clock.now());
        let feed = match blocking(move || read(&source, &response, now)).await {
            Some(Ok(feed)) => feed,
            Some(Err(message)) => return Some(Outcome::Failed { class: FailureClass::Content, message }),
            None => {
                let message = "the document broke the parser".to_owned();
                return Some(Outcome::Failed { class: FailureClass::Content, message });
            }
        };
        let hints = Hints { ttl_minutes: feed.rhythm.ttl_minutes, ..hints };
        self.title.clone_from(&feed.title);
        let whole = !feed.is_truncated();
        let (new, again) = self.entries(job, feed, web, clock, out).await?;
        // Without validators the next look brings the document again: with the pages to retry, or with the entries that
        // were cut off. A body that breaks off at the same place twice is all that there is, so its hash is kept.
        let validators = if again || !whole { Validators::default() } else { validators };
        let body_hash = if again { String::new() } else { body_hash };
        Some(Outcome::Read { validators, body_hash, new, whole, hints })
    }

    /// Sends a report for each entry that is new or changed. Returns how many, and whether one has to be tried again.
    async fn entries(
        &mut self,
        job: &Job,
        feed: Feed,
        web: &dyn Web,
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<(usize, bool)> {
        let (mut new, mut any_again) = (0, false);
        let title = feed.title;
        for mut entry in oldest_first(feed.entries) {
            let found = clock.now();
            let mut changed = None;
            if matches!(job.source.kind, SourceKind::Watch { .. }) {
                match self.watch(job, &mut entry) {
                    Watched::First => {}
                    Watched::Same => continue,
                    Watched::Changed(article, news) => changed = Some((*article, news)),
                }
            }
            let hash = entry.content_hash();
            let tries = match job.known.get(&entry.key) {
                Some(known) if known.hash == hash => {
                    self.present.push(entry.key);
                    continue;
                }
                Some(known) => known.tries,
                None => 0,
            };
            let baseline = job.first_look && job.source.first_look == FirstLook::Baseline;
            let news_ends = changed.as_ref().map(|(_, news)| *news);
            let Read { article, again } = match changed {
                Some((article, _)) => Read { article, again: false },
                None if matches!(job.source.kind, SourceKind::Watch { .. }) => {
                    Read { article: from_feed(&entry, "the watched page itself").await, again: false }
                }
                None if baseline => Read {
                    article: from_feed(&entry, "first look, pages are not fetched").await,
                    again: false,
                },
                None if !job.source.articles => {
                    Read { article: from_feed(&entry, "article pages are off").await, again: false }
                }
                None => read_page(&entry, web).await,
            };
            let again = again && tries + 1 < PAGE_TRIES;
            any_again |= again;
            new += 1;
            let known = if again {
                Known { hash: String::new(), tries: tries + 1 }
            } else {
                Known { hash, tries: 0 }
            };
            let outlet = outlet(&job.source, &article, title.as_deref());
            let feed_text = match article.text_from {
                TextFrom::Feed(_) => text_hash(&article),
                TextFrom::Page | TextFrom::None => text_hash(&from_feed(&entry, "").await),
            };
            let harvested = Harvested {
                source: job.source.clone(),
                entry,
                article,
                outlet,
                baseline,
                found,
                changed: news_ends,
                feed_text,
                known,
            };
            out.send(Message::Report(Box::new(harvested))).await.ok()?;
        }
        Some((new, any_again))
    }

    /// Compares a watched page with what it said at the last look.
    fn watch(&mut self, job: &Job, entry: &mut Entry) -> Watched {
        let text = entry.content_html.as_deref().map(text_of_html).unwrap_or_default();
        let before = job.watched.clone();
        self.watched = Some(text.clone());
        let Some(before) = before else { return Watched::First };
        let Some(change) = change(&before, &text) else { return Watched::Same };
        // The same change may come again later (works, outage, works, outage): the key holds both texts and when the last
        // look was stored, which a crash does not move.
        let since = job.last_full.map(|at| at.to_string()).unwrap_or_default();
        entry.key = fingerprint(&[before.as_str(), &text, &since]);
        let kept = change.kept.join("\n\n");
        let mut said = change.added;
        said.extend(change.removed.iter().map(|sentence| format!("[no longer there] {sentence}")));
        let (lead, news) =
            said.split_first().map(|(lead, rest)| (lead.clone(), rest.join("\n\n"))).unwrap_or_default();
        // The rest of the page follows: a rule may have one word there and the other in what is new.
        let body = if news.is_empty() { kept } else { format!("{news}\n\n{kept}") };
        let article = Article {
            url: entry.url.clone(),
            title: entry.title.clone().unwrap_or_else(|| job.source.url.to_string()),
            lead,
            body,
            language: entry.language.clone(),
            text_from: TextFrom::Page,
            ..Article::default()
        };
        Watched::Changed(Box::new(article), news.len())
    }
}

/// What a watched page says.
enum Watched {
    /// It was not looked at before: the page itself is the article.
    First,
    /// What it said at the last look.
    Same,
    /// Something else: the article of the change, and how many bytes of its body are new.
    Changed(Box<Article>, usize),
}

/// The outcome of an answer whose body does not matter.
fn without_body(response: &Response) -> Option<Outcome> {
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

fn status_words(status: u16) -> String {
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

fn read(source: &Source, response: &Response, now: Timestamp) -> Result<Feed, String> {
    let content_type = response.headers.content_type.as_deref();
    let page = || decode(&response.body, content_type);
    match &source.kind {
        SourceKind::Feed => read_feed(&response.body, content_type, &response.url, now)
            .map(|feed| Feed { entries: each_once(identify(feed.entries)), ..feed }),
        SourceKind::Links { selector } => read_links(&page(), selector, &response.url, now),
        SourceKind::Watch { selector } => read_watched(&page(), selector, &response.url),
    }
    .map_err(|error| error.to_string())
}

/// Feeds repeat entries, and have some that say nothing; the first of each key counts.
fn each_once(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = HashSet::new();
    entries.retain(|entry| !entry.is_blank() && seen.insert(entry.key.clone()));
    entries
}

/// Feeds list the newest first; stories are told in the order in which things happened.
fn oldest_first(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.reverse();
    entries.sort_by_key(|entry| entry.published);
    entries
}
