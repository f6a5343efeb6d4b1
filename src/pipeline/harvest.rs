//! One look at one source: fetch, parse, read the article of each new entry, send reports, then how it ended.

use std::collections::HashSet;

use tokio::sync::mpsc::Sender;

use super::first_look::was_there_before;
use super::outlet::outlet;
use super::pages::{PAGE_TRIES, Read, blocking, from_feed, read_page};
use super::{Harvested, Job, Message, Polled, sitemaps};
use crate::article::{Article, TextFrom, text_of_html};
use crate::clock::{Clock, Timestamp};
use crate::feed::{
    About, Child, Entry, Feed, Is, Known, Learnt, Marks, Sighting, Sitemap, change, decode, identify,
    read_feed, read_links, read_sitemap, read_watched, recognise, replaces,
};
use crate::fetch::{Accept, FailureClass, Request, Response, Web};
use crate::schedule::{Hints, Outcome};
use crate::source::{FirstLook, Source, SourceKind, Validators};
use crate::store::{Repost, table::text_hash};
use crate::text::fingerprint::fingerprint;

/// Harvests `job`. Returns early if nobody receives any more; then nothing is lost, as `Polled` was not sent.
pub async fn harvest(mut job: Job, web: &dyn Web, clock: &dyn Clock, out: &Sender<Message>) {
    let mut look = Look::default();
    let Some(outcome) = look.run(&mut job, web, clock, out).await else { return };
    let Look { title, present, moved, reposts, recorded, watched, about, learnt, .. } = look;
    let at = clock.now();
    let polled = Polled {
        source: job.source,
        outcome,
        at,
        title,
        present,
        moved,
        reposts,
        recorded,
        watched,
        about,
        learnt,
    };
    // A closed queue means the daemon is stopping: the next start looks again.
    let _ = out.send(Message::Polled(Box::new(polled))).await;
}

/// What a look finds out beside its reports.
#[derive(Default)]
struct Look {
    title: Option<String>,
    present: Vec<String>,
    moved: Vec<(String, Marks)>,
    reposts: Vec<Repost>,
    recorded: Vec<Known>,
    /// Keys of entries that are new to us and no news.
    old: HashSet<String>,
    /// Whether the document broke off.
    broken: bool,
    watched: Option<String>,
    about: Option<About>,
    learnt: Option<Learnt>,
}

impl Look {
    /// `None` if nobody receives any more.
    async fn run(
        &mut self,
        job: &mut Job,
        web: &dyn Web,
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<Outcome> {
        let accept = match job.source.kind {
            SourceKind::Feed | SourceKind::Sitemap => Accept::Feed,
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
        let waiting = job.known.iter().any(|known| known.hash.is_empty());
        if job.body_hash.as_deref() == Some(&body_hash) && !waiting {
            // A document that held no entry holds none now.
            let empty = job.first_look && job.known.is_empty();
            return Some(Outcome::Read { validators, body_hash, new: 0, whole: true, empty, hints });
        }
        let (source, now) = (job.source.clone(), clock.now());
        let document = match blocking(move || read(&source, &response, now)).await {
            Some(Ok(document)) => document,
            Some(Err(message)) => return Some(Outcome::Failed { class: FailureClass::Content, message }),
            None => return Some(broken("the document broke the parser")),
        };
        let feed = match document {
            Sitemap::Entries(feed) => feed,
            Sitemap::Index(children) => return self.index(job, children, web, clock, out).await,
        };
        if let (SourceKind::Watch { .. }, Some(before)) = (&job.source.kind, &job.watched)
            && feed.entries.iter().any(|entry| replaces(before, &watched_text(entry)))
        {
            let message = "an error page or a wall stands in for the page".to_owned();
            return Some(Outcome::Failed { class: FailureClass::Content, message });
        }
        let hints = Hints { ttl_minutes: feed.rhythm.ttl_minutes, ..hints };
        self.title.clone_from(&feed.title);
        self.about = Some(feed.about());
        let (whole, empty) = (!feed.is_truncated(), feed.entries.is_empty());
        self.broken = !whole;
        let Some(sightings) = self.recognise(job, feed.entries, now).await else {
            return Some(broken("its entries broke the recogniser"));
        };
        let (new, again) = self.entries(job, sightings, web, clock, out).await?;
        // Without validators the next look brings the document again: with the pages to retry, or with the entries that
        // were cut off. A body that breaks off at the same place twice is all that there is, so its hash is kept.
        let validators = if again || !whole { Validators::default() } else { validators };
        let body_hash = if again { String::new() } else { body_hash };
        Some(Outcome::Read { validators, body_hash, new, whole, empty, hints })
    }

    /// Tells known entries from new ones. A watched page is compared with its last text instead.
    async fn recognise(
        &mut self,
        job: &mut Job,
        entries: Vec<Entry>,
        now: Timestamp,
    ) -> Option<Vec<Sighting>> {
        if matches!(job.source.kind, SourceKind::Watch { .. }) {
            let sighting =
                |entry| Sighting { entry, marks: Marks::default(), hash: String::new(), is: Is::New };
            return Some(entries.into_iter().map(sighting).collect());
        }
        let known = std::mem::take(&mut job.known);
        let learnt = std::mem::take(&mut job.learnt);
        let recognised = blocking(move || recognise(entries, &known, learnt, now)).await?;
        self.learnt = Some(recognised.learnt);
        Some(recognised.entries)
    }

    /// Reads what an index of sitemaps names. Its own validators say nothing of that, so none are kept.
    async fn index(
        &mut self,
        job: &mut Job,
        children: Vec<Child>,
        web: &dyn Web,
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<Outcome> {
        let empty = children.is_empty();
        let mut gathered = match sitemaps::gather(job, children, web, clock).await {
            Ok(gathered) => gathered,
            Err((outcome, memory)) => {
                self.watched = memory;
                return Some(outcome);
            }
        };
        let feed = std::mem::take(&mut gathered.feed);
        self.old = std::mem::take(&mut gathered.old);
        self.title.clone_from(&feed.title);
        self.about = Some(feed.about());
        let hints = Hints { fresh_for: gathered.fresh_for, ttl_minutes: None };
        let Some(sightings) = self.recognise(job, feed.entries, clock.now()).await else {
            return Some(broken("its entries broke the recogniser"));
        };
        let (new, again) = self.entries(job, sightings, web, clock, out).await?;
        self.watched = gathered.remember(again);
        let (validators, body_hash) = (Validators::default(), String::new());
        Some(Outcome::Read { validators, body_hash, new, whole: true, empty, hints })
    }

    /// Sends a report for each entry that is new or changed. Returns how many, and whether one has to be tried again.
    async fn entries(
        &mut self,
        job: &Job,
        sightings: Vec<Sighting>,
        web: &dyn Web,
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<(usize, bool)> {
        let count = sightings.len();
        let first_look = job.first_look && job.source.first_look == FirstLook::Baseline;
        let (old, now) = (std::mem::take(&mut self.old), clock.now());
        let is_old = |entry: &Entry, unread: bool| {
            first_look && was_there_before(entry.published, count, job.empty_since)
                || old.contains(&entry.key)
                || unread && sitemaps::is_old(job, entry.published.or(entry.updated), now)
        };
        let mut sightings = oldest_first(sightings);
        let (mut new, mut any_again) = (0, self.flooded(&mut sightings, |entry| is_old(entry, true), now));
        for Sighting { mut entry, marks, mut hash, mut is } in sightings {
            let found = clock.now();
            let mut changed = None;
            if matches!(job.source.kind, SourceKind::Watch { .. }) {
                match self.watch(job, &mut entry, found) {
                    Watched::First => {}
                    Watched::Same => continue,
                    Watched::Changed(article, news) => changed = Some((*article, news)),
                }
                hash = entry.content_hash();
                // A look that was cut off may have told this change.
                let told = job.known.iter().find(|known| known.key == entry.key);
                is = told.map_or(Is::New, |known| Is::Known(known.clone(), None));
            }
            let mut repeats = None;
            let unread = !matches!(&is, Is::Known(known, _) if !known.hash.is_empty());
            let tries = match is {
                Is::Known(known, why) => {
                    self.reposts.extend(why.and_then(|why| repost(job, &entry, &known.key, why, found)));
                    if known.hash == hash {
                        if known.marks != marks {
                            self.moved.push((entry.key.clone(), marks));
                        }
                        self.present.push(entry.key);
                        continue;
                    }
                    known.tries
                }
                Is::Perhaps { of, why } if job.source.articles => {
                    repeats = Some((of, why));
                    0
                }
                Is::Perhaps { of, why } | Is::Repost { of, why } => {
                    self.reposts.extend(repost(job, &entry, &of, why, found));
                    self.recorded.push(Known { key: entry.key, hash, tries: 0, marks });
                    continue;
                }
                Is::New => 0,
            };
            let mut baseline = is_old(&entry, unread);
            // An address alone is no report; its page may make one.
            let bare = job.source.kind == SourceKind::Sitemap && entry.title.is_none();
            if bare && baseline {
                new += 1;
                self.recorded.push(Known { key: entry.key, hash, tries: 0, marks });
                continue;
            }
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
            // A sitemap may only say when the page was last touched.
            baseline |= unread && sitemaps::is_old(job, article.published, found);
            let again = again && tries + 1 < PAGE_TRIES;
            any_again |= again;
            new += 1;
            let known = Known {
                key: entry.key.clone(),
                hash: if again { String::new() } else { hash },
                tries: if again { tries + 1 } else { 0 },
                marks,
            };
            if bare && article.text_from != TextFrom::Page {
                self.recorded.push(known);
                continue;
            }
            let outlet = outlet(&job.source, &article, self.title.as_deref());
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
                repeats,
            };
            out.send(Message::Report(Box::new(harvested))).await.ok()?;
        }
        Some((new, any_again))
    }

    /// Leaves out the oldest of the new entries if there are more than a source may bring in a day. True if some were:
    /// then the next look finds them again.
    fn flooded(
        &mut self,
        sightings: &mut Vec<Sighting>,
        is_old: impl Fn(&Entry) -> bool,
        now: Timestamp,
    ) -> bool {
        let Some(learnt) = &mut self.learnt else { return false };
        let is_new = |sighting: &Sighting| {
            matches!(sighting.is, Is::New | Is::Perhaps { .. }) && !is_old(&sighting.entry)
        };
        let new = sightings.iter().filter(|sighting| is_new(sighting)).count();
        let mut over = new - learnt.admit(new, now);
        let flooded = over > 0;
        sightings.retain(|sighting| {
            let left_out = over > 0 && is_new(sighting);
            over -= usize::from(left_out);
            !left_out
        });
        flooded
    }

    /// Compares a watched page with what it said at the last look.
    fn watch(&mut self, job: &Job, entry: &mut Entry, now: Timestamp) -> Watched {
        let text = watched_text(entry);
        let change = job.watched.as_deref().map(|before| change(before, &text, now));
        if self.broken && matches!(&change, Some(Some(change)) if change.only_removes()) {
            // A page that broke off proves nothing about what it lacks.
            return Watched::Same;
        }
        self.watched = Some(text.clone());
        let Some(before) = job.watched.as_deref() else { return Watched::First };
        let Some(change) = change.flatten() else { return Watched::Same };
        // The same change may come again later (works, outage, works, outage): the key holds both texts and when the last
        // look was stored, which a crash does not move.
        let since = job.last_full.map(|at| at.to_string()).unwrap_or_default();
        entry.key = fingerprint(&[before, &text, &since]);
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

fn watched_text(entry: &Entry) -> String {
    entry.content_html.as_deref().map(text_of_html).unwrap_or_default()
}

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
fn read(source: &Source, response: &Response, now: Timestamp) -> Result<Sitemap, String> {
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

/// Feeds list the newest first; stories are told in the order in which things happened.
fn oldest_first(mut sightings: Vec<Sighting>) -> Vec<Sighting> {
    sightings.reverse();
    sightings.sort_by_key(|sighting| sighting.entry.published);
    sightings
}

fn broken(what: &str) -> Outcome {
    Outcome::Failed { class: FailureClass::Content, message: what.to_owned() }
}

fn repost(job: &Job, entry: &Entry, of: &str, why: &str, found: Timestamp) -> Option<Repost> {
    let url = entry.url.as_ref()?.to_string();
    Some(Repost { url, source: job.source.id.clone(), of: of.to_owned(), why: why.to_owned(), found })
}
