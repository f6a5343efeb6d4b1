//! An index of sitemaps as one source: its sitemaps are read one after the other, and their entries make one feed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use super::pages::blocking;
use super::sitemap_memory::{Memory, News};
use super::{Job, answer};
use crate::alert::FailingPart;
use crate::article::Article;
use crate::clock::{Clock, Timestamp, earlier};
use crate::feed::{Child, Entry, Feed, Is, MAX_ENTRIES, Sighting, Sitemap, read_sitemap};
use crate::fetch::{Accept, FailureClass, Request, Response, Web};
use crate::schedule::{Outcome, Window};
use crate::source::{FirstLook, Source, SourceKind};
use crate::text::fingerprint::fingerprint;

/// Most documents that one look asks for beside the index itself.
const MAX_REQUESTS: usize = 20;
/// Most pages that one look reads; the rest waits for the next. A site that moves has thousands of new addresses.
const MAX_PAGES: usize = 200;
/// Most sitemaps of an index within the index that one look takes up.
const MAX_NESTED: usize = 10;
/// What was published longer ago than this is no news, if it comes in a crowd.
const OLD: Duration = Duration::from_hours(30 * 24);
/// More than so many at once are a crowd.
const FEW: usize = 20;
/// Why an entry of a crowd is not read.
pub(super) const CROWD: &str = "more than 30 days old by its date, and one of many that came at once";
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
    /// Seconds for which the servers asked to be left alone, as the longest of the answers says.
    pub(super) quiet_for: Option<u64>,
    /// Which of them has failed for the longest.
    pub(super) failing: Option<FailingPart>,
    /// How many hold what they held.
    unchanged: usize,
    /// All that were to be read could be.
    whole: bool,
    read: Vec<Child>,
    memory: Memory,
}

impl Gathered {
    /// What the sitemaps show that changed: `sightings` are their entries. One that is as it was shows what was known, and
    /// of one that could not be read nothing is known: then nobody can say whether something was missed.
    pub(super) fn window(&self, job: &Job, sightings: &[Sighting], now: Timestamp) -> Option<Window> {
        let crowd = Crowd::of(job, sightings, now);
        let is_old = |one: &Sighting| self.old.contains(&one.entry.key) || crowd.has_old(job, one, now);
        let window = answer::window(job, sightings, is_old).filter(|window| window.entries > 0)?;
        let (known, oldest) = (window.known + self.unchanged, window.oldest.filter(|_| self.whole));
        Some(Window { known, oldest, ..window })
    }

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
    let mut remembered = Memory::read(job.watched.as_deref());
    // Another address or another version of the program: the answers of its sitemaps go as its own did.
    if let Some(memory) = remembered.as_mut().filter(|_| job.body_hash.is_none()) {
        memory.forget_answers();
    }
    // Also for a source that was no index before: its entries were seen, those of its sitemaps were not.
    let news = match (&remembered, job.source.first_look) {
        (Some(_), _) => News::All,
        (None, FirstLook::Alert) if job.first_look => News::Recent,
        (None, _) => News::None,
    };
    let mut look = Look {
        source: &job.source,
        web,
        clock,
        news,
        named: HashSet::new(),
        gathered: Gathered::new(remembered.unwrap_or_default()),
    };
    match look.run(children).await {
        Some(outcome) if look.gathered.read.is_empty() => Err((outcome, look.gathered.memory.write())),
        _ => Ok(look.gathered),
    }
}

/// Whether its page is still to be read.
pub(super) fn is_unread(is: &Is) -> bool {
    !matches!(is, Is::Known(known, _) if !known.hash.is_empty())
}

/// Whether many addresses came into a sitemap at once: sites move their old pages, and drop them and bring them back. A
/// few that say that they are old are told, as dates are often wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd {
    /// Many that are new to us.
    new: bool,
    /// Many that are new to us and old by what the sitemap says, or one of very many.
    old: bool,
}

impl Crowd {
    /// The crowd among `sightings`. Dates that are all old may be wrong: they are believed beside newer ones, or where more
    /// came at once than anybody writes. One is newer where nothing else is: that of the front page.
    pub(super) fn of(job: &Job, sightings: &[Sighting], now: Timestamp) -> Self {
        let unread = || sightings.iter().filter(|sighting| is_unread(&sighting.is));
        let is_old = |sighting: &&Sighting| is_old(job, date_of(&sighting.entry), now);
        let old = unread().filter(is_old).count();
        let dated = sightings.iter().filter(|sighting| date_of(&sighting.entry).is_some());
        let recent = dated.filter(|sighting| !is_old(sighting)).count();
        // A sitemap that holds more than is read shows an old address when a newer one goes.
        let full = sightings.len() >= MAX_ENTRIES && recent > FEW;
        Self { new: unread().count() > FEW, old: full || old > MAX_PAGES || old > FEW && recent > 1 }
    }

    /// Whether what `sighting` shows is no news by what the sitemap says.
    pub(super) fn has_old(self, job: &Job, sighting: &Sighting, now: Timestamp) -> bool {
        is_unread(&sighting.is) && self.is_old(job, &sighting.entry, now)
    }

    /// Whether `entry`, which is new to us, is no news by what the sitemap says.
    pub(super) fn is_old(self, job: &Job, entry: &Entry, now: Timestamp) -> bool {
        self.old && is_old(job, date_of(entry), now)
    }

    /// The same by what its page says.
    pub(super) fn is_old_page(self, job: &Job, article: &Article, now: Timestamp) -> bool {
        self.new && is_old(job, article.published, now)
    }
}

fn date_of(entry: &Entry) -> Option<Timestamp> {
    entry.published.or(entry.updated)
}

/// Nothing is old that may have come while nobody looked.
fn is_old(job: &Job, date: Option<Timestamp>, now: Timestamp) -> bool {
    job.source.kind == SourceKind::Sitemap
        && job.source.first_look == FirstLook::Baseline
        && date.is_some_and(|date| date < earlier(job.last_full.unwrap_or(now), OLD))
}

/// Feeds list the newest first; stories are told in the order in which things happened.
pub(super) fn oldest_first(mut sightings: Vec<Sighting>) -> Vec<Sighting> {
    sightings.reverse();
    // The addresses of a sitemap only have the date of their last change.
    sightings.sort_by_key(|sighting| sighting.entry.published.or(sighting.entry.updated));
    sightings
}

/// Leaves out those whose pages wait for the next look, if there are more than one look reads: of the dated ones the
/// newest are read, of the others those at both ends, as a sitemap may grow at either. True if some were left out.
pub(super) fn leave_for_later(sightings: &mut Vec<Sighting>, is_old: impl Fn(&Entry) -> bool) -> bool {
    let to_read = |sighting: &Sighting| is_unread(&sighting.is) && !is_old(&sighting.entry);
    let places = sightings.iter().enumerate().filter(|(_, sighting)| to_read(sighting));
    let (mut dated, undated): (Vec<_>, Vec<_>) =
        places.map(|(at, sighting)| (date_of(&sighting.entry), at)).partition(|(date, _)| date.is_some());
    if dated.len() + undated.len() <= MAX_PAGES {
        return false;
    }
    dated.sort_unstable_by(|one, other| other.cmp(one));
    let share = undated.len().min(MAX_PAGES.saturating_sub(dated.len()).max(MAX_PAGES / 2));
    let front = share / 2;
    let ends = undated.iter().take(front).chain(undated.iter().rev().take(share - front));
    let read: HashSet<usize> = dated.iter().take(MAX_PAGES - share).chain(ends).map(|(_, at)| *at).collect();
    let mut at = 0;
    sightings.retain(|sighting| {
        at += 1;
        !to_read(sighting) || read.contains(&(at - 1))
    });
    true
}

impl Gathered {
    fn new(memory: Memory) -> Self {
        let feed = Feed { format: "sitemap".to_owned(), ..Feed::default() };
        Self {
            feed,
            old: HashSet::new(),
            fresh_for: None,
            quiet_for: None,
            failing: None,
            unchanged: 0,
            whole: false,
            read: Vec::new(),
            memory,
        }
    }
}

struct Look<'a> {
    source: &'a Source,
    web: &'a dyn Web,
    clock: &'a dyn Clock,
    news: News,
    /// The addresses of those that the index names, and the indexes in it.
    named: HashSet<String>,
    gathered: Gathered,
}

impl Look<'_> {
    /// Returns the first failure, if there was one, or that its server asked to wait.
    async fn run(&mut self, children: Vec<Child>) -> Option<Outcome> {
        let mut plan: VecDeque<(Child, bool)> =
            self.due(&children, self.news).into_iter().map(|child| (child, false)).collect();
        let (mut failure, mut failures, mut asked) = (None, 0, HashSet::new());
        for _ in 0..MAX_REQUESTS {
            if self.gathered.feed.entries.len() >= MAX_ENTRIES {
                break;
            }
            // An index may name itself, or two the same sitemap.
            let next =
                std::iter::from_fn(|| plan.pop_front()).find(|(child, _)| asked.insert(child.url.clone()));
            let Some((child, nested)) = next else { break };
            self.gathered.memory.asked(&child, self.clock.now());
            let answered = self.ask(&child).await;
            if answered.is_ok() {
                self.gathered.memory.answered(&child);
            }
            match answered {
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
                    self.note(&child, &outcome);
                    let busy = matches!(outcome, Outcome::Busy { .. } | Outcome::Held { .. });
                    if busy || failure.is_none() {
                        failure = Some(outcome);
                    }
                    if busy || failures >= MAX_FAILURES {
                        break;
                    }
                }
            }
        }
        let all_asked = plan.iter().all(|(child, _)| asked.contains(&child.url));
        self.gathered.whole = all_asked && failure.is_none();
        // What was not come to may have named them.
        let is_named = |url: &str| !all_asked || self.named.contains(url);
        self.gathered.failing = self.gathered.memory.failing(is_named, self.clock.now()).cloned();
        failure
    }

    /// Keeps that a sitemap could not be had. One that was not asked for is none of them.
    fn note(&mut self, child: &Child, outcome: &Outcome) {
        let now = self.clock.now();
        match outcome {
            Outcome::Busy { said, .. } => {
                self.gathered.memory.failed(child, &format!("{}: {said}", child.url), now);
            }
            Outcome::Failed { message, .. } => self.gathered.memory.failed(child, message, now),
            _ => {}
        }
    }

    fn due(&mut self, children: &[Child], news: News) -> Vec<Child> {
        let now = self.clock.now();
        self.named.extend(children.iter().map(|child| child.url.to_string()));
        self.gathered.memory.list(children, news, now);
        self.gathered.memory.due(children, now)
    }

    /// Asks for a sitemap and takes in its entries. Returns the sitemaps in it, if it is an index itself.
    async fn ask(&mut self, child: &Child) -> Result<Option<Vec<Child>>, Outcome> {
        let now = self.clock.now();
        let memory = &mut self.gathered.memory;
        let validators = memory.validators(child, now);
        let request =
            Request { url: child.url.clone(), accept: Accept::Sitemap, validators: validators.clone() };
        let failed = |class, message| Outcome::Failed { class, message: format!("{}: {message}", child.url) };
        let response =
            answer::ask(self.source, self.web, request).await.map_err(
                |error| match answer::without_answer(error) {
                    Outcome::Failed { class, message } => failed(class, message),
                    busy => busy,
                },
            )?;
        let fresh = [self.gathered.fresh_for, response.headers.fresh_for];
        self.gathered.fresh_for = fresh.into_iter().flatten().min();
        self.gathered.quiet_for = self.gathered.quiet_for.max(answer::quiet_for(&response));
        match answer::without_body(&response, &validators, false) {
            None => {}
            Some(Outcome::NotModified { .. }) => {
                memory.unchanged(child, now);
                self.gathered.unchanged += 1;
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
            self.gathered.unchanged += 1;
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
            let place = places.get(&entry.key);
            if !memory.was_there(child, &entry) {
                // What is new in one is new, whatever is read for the first time.
                old.remove(&entry.key);
            } else if place.is_none() {
                old.insert(entry.key.clone());
            }
            match place.and_then(|at| all.entries.get_mut(*at)) {
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

#[cfg(test)]
mod tests;
