//! An index of sitemaps as one source: its sitemaps are read one after the other, and their entries make one feed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use super::pages::blocking;
use super::sitemap_memory::{Memory, News};
use super::{Job, answer};
use crate::clock::{Clock, Timestamp, earlier};
use crate::feed::{Child, Feed, MAX_ENTRIES, Sitemap, read_sitemap};
use crate::fetch::{Accept, FailureClass, Request, Response, Web};
use crate::schedule::Outcome;
use crate::source::{FirstLook, SourceKind};
use crate::text::fingerprint::fingerprint;

/// Most documents that one look asks for beside the index itself.
const MAX_REQUESTS: usize = 20;
/// Most pages that one look reads; the rest waits for the next. A site that moves has thousands of new addresses.
pub(super) const MAX_PAGES: usize = 200;
/// Most sitemaps of an index within the index that one look takes up.
const MAX_NESTED: usize = 10;
/// What was published longer ago than this is no news.
const OLD: Duration = Duration::from_hours(30 * 24);
/// After so many failures in a row the rest waits for the next look.
const MAX_FAILURES: usize = 5;

/// What the sitemaps of an index say together.
pub(super) struct Gathered {
    /// Their entries, each once.
    pub(super) feed: Feed,
    /// Keys of entries that are no news: they were there at the first look already.
    pub(super) old: HashSet<String>,
    /// Seconds for which the answers stay fresh, as the least of them says.
    pub(super) fresh_for: Option<u64>,
    read: Vec<Child>,
    memory: Memory,
}

impl Gathered {
    /// What the next look should know. `again`: some entry must come by once more.
    pub(super) fn remember(mut self, again: bool) -> Option<String> {
        if again {
            self.read.iter().for_each(|child| self.memory.reread(child));
        }
        self.memory.write()
    }
}

/// Reads those of `children` that may have changed since the last look. A sitemap that cannot be read is asked again at
/// a later look, and what it holds then is new; it is a failure of the source only where none could be read.
///
/// # Errors
/// How the look ended, and what the next one should know.
pub(super) async fn gather(
    job: &Job,
    children: Vec<Child>,
    web: &dyn Web,
    clock: &dyn Clock,
) -> Result<Gathered, (Outcome, Option<String>)> {
    let remembered = Memory::read(job.watched.as_deref());
    // Also for a source that was no index before: its entries were seen, those of its sitemaps were not.
    let news = match (&remembered, job.source.first_look) {
        (Some(_), _) => News::All,
        (None, FirstLook::Alert) if job.first_look => News::Recent,
        (None, _) => News::None,
    };
    let mut look = Look { web, clock, news, gathered: Gathered::new(remembered.unwrap_or_default()) };
    match look.run(children).await {
        Some(outcome) if look.gathered.read.is_empty() => Err((outcome, look.gathered.memory.write())),
        _ => Ok(look.gathered),
    }
}

/// Whether an address that a sitemap names for the first time is no news by its `date`: sites list old pages late, move
/// them, and drop them and bring them back. Nothing is old that may have come while nobody looked.
pub(super) fn is_old(job: &Job, date: Option<Timestamp>, now: Timestamp) -> bool {
    job.source.kind == SourceKind::Sitemap
        && job.source.first_look == FirstLook::Baseline
        && date.is_some_and(|date| date < earlier(job.last_full.unwrap_or(now), OLD))
}

impl Gathered {
    fn new(memory: Memory) -> Self {
        let feed = Feed { format: "sitemap".to_owned(), ..Feed::default() };
        Self { feed, old: HashSet::new(), fresh_for: None, read: Vec::new(), memory }
    }
}

struct Look<'a> {
    web: &'a dyn Web,
    clock: &'a dyn Clock,
    news: News,
    gathered: Gathered,
}

impl Look<'_> {
    /// Returns the first failure, if there was one.
    async fn run(&mut self, children: Vec<Child>) -> Option<Outcome> {
        let mut plan: VecDeque<(Child, bool)> =
            self.due(&children, self.news).into_iter().map(|child| (child, false)).collect();
        let (mut first_failure, mut failures) = (None, 0);
        for _ in 0..MAX_REQUESTS {
            if self.gathered.feed.entries.len() >= MAX_ENTRIES {
                break;
            }
            let Some((child, nested)) = plan.pop_front() else { break };
            self.gathered.memory.asked(&child, self.clock.now());
            match self.ask(&child).await {
                Ok(None) => failures = 0,
                Ok(Some(_)) if nested => {
                    tracing::debug!(url = %child.url, "an index of sitemaps in an index in an index is not read");
                }
                Ok(Some(more)) => {
                    failures = 0;
                    let was_there = self.gathered.memory.is_index(&child);
                    let due = self.due(&more, if was_there { News::None } else { self.news });
                    due.into_iter().take(MAX_NESTED).rev().for_each(|child| plan.push_front((child, true)));
                }
                Err(outcome) => {
                    tracing::debug!(url = %child.url, ?outcome, "a sitemap of an index could not be read");
                    failures += 1;
                    let busy = matches!(outcome, Outcome::Busy { .. });
                    first_failure = first_failure.or(Some(outcome));
                    if busy || failures >= MAX_FAILURES {
                        break;
                    }
                }
            }
        }
        first_failure
    }

    fn due(&mut self, children: &[Child], news: News) -> Vec<Child> {
        let now = self.clock.now();
        self.gathered.memory.list(children, news, now);
        self.gathered.memory.due(children, now)
    }

    /// Asks for a sitemap and takes in its entries. Returns the sitemaps in it, if it is an index itself.
    async fn ask(&mut self, child: &Child) -> Result<Option<Vec<Child>>, Outcome> {
        let now = self.clock.now();
        let memory = &mut self.gathered.memory;
        let validators = memory.validators(child, now);
        let request = Request { url: child.url.clone(), accept: Accept::Feed, validators };
        let failed = |class, message| Outcome::Failed { class, message: format!("{}: {message}", child.url) };
        let response = self.web.get(request).await.map_err(|error| failed(error.class, error.message))?;
        let fresh = [self.gathered.fresh_for, response.headers.fresh_for];
        self.gathered.fresh_for = fresh.into_iter().flatten().min();
        match answer::without_body(&response) {
            None => {}
            Some(Outcome::NotModified { .. }) => {
                memory.unchanged(child, now);
                self.gathered.read.push(child.clone());
                return Ok(None);
            }
            Some(busy @ Outcome::Busy { .. }) => return Err(busy),
            Some(_) => {
                let said = format!("answered {}", answer::status_words(response.status));
                return Err(failed(FailureClass::Status, said));
            }
        }
        let hash = fingerprint(&[&response.body]);
        let validators = response.headers.validators.clone();
        if memory.holds(child, &hash) {
            memory.was_read(child, now, hash, validators);
            self.gathered.read.push(child.clone());
            return Ok(None);
        }
        let read = blocking(move || parse(&response, now)).await;
        match read.unwrap_or_else(|| Err("the document broke the parser".to_owned())) {
            Err(message) => Err(failed(FailureClass::Content, message)),
            Ok(Sitemap::Index(more)) => {
                self.gathered.read.push(child.clone());
                Ok(Some(more))
            }
            Ok(Sitemap::Entries(feed)) => {
                let whole = !feed.is_truncated();
                self.take(child, feed);
                // One that broke off is read again at the next look. What it holds then and did not now is new, as one that
                // always breaks off would else never have news.
                if whole {
                    self.gathered.memory.was_read(child, now, hash, validators);
                } else {
                    self.gathered.memory.was_taken(child);
                }
                self.gathered.read.push(child.clone());
                Ok(None)
            }
        }
    }

    fn take(&mut self, child: &Child, feed: Feed) {
        let Gathered { feed: all, old, memory, .. } = &mut self.gathered;
        all.title = all.title.take().or(feed.title);
        let places: HashMap<String, usize> =
            all.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        for entry in feed.entries {
            if memory.was_there(child, &entry) {
                old.insert(entry.key.clone());
            }
            match places.get(&entry.key).and_then(|at| all.entries.get_mut(*at)) {
                // A news sitemap names what another only lists.
                Some(known) if known.title.is_none() => *known = entry,
                Some(_) => {}
                None => all.entries.push(entry),
            }
        }
    }
}

fn parse(response: &Response, now: Timestamp) -> Result<Sitemap, String> {
    let content_type = response.headers.content_type.as_deref();
    read_sitemap(&response.body, content_type, &response.url, now).map_err(|error| error.to_string())
}
