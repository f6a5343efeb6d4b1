//! One look at one source: fetch, parse, read the article of each new entry, send reports, then how it ended.

use std::collections::HashSet;

use tokio::sync::mpsc::Sender;

use super::answer::{about, answer, ask, read, window, without_answer, without_body};
use super::first_look::was_there_before;
use super::outlet::outlet;
use super::pages::{Page, Read, article_of, blocking, drafts, forget_known, from_feed};
use super::waiting::Pages;
use super::watch::{Last, Watched, watched_text};
use super::{Harvested, Job, Message, Polled, Recall, Remembered, sitemaps, slug, watch};
use crate::alert::FailingPart;
use crate::article::{Article, TextFrom};
use crate::clock::{Clock, Timestamp, since};
use crate::feed::{About, Child, Entry, Is, Known, Learnt, Marks, Sighting, Sitemap, recognise, replaces};
use crate::fetch::{Accept, FailureClass, Request, SMALL, Web};
use crate::schedule::{Answer, Outcome};
use crate::source::{FirstLook, SourceKind, Validators};
use crate::store::{Repost, table::text_hash};
use crate::text::fingerprint::fingerprint;

/// Harvests `job`. Returns early if nobody receives any more; then nothing is lost, as `Polled` was not sent.
pub async fn harvest(job: Job, web: &dyn Web, recall: &dyn Recall, clock: &dyn Clock, out: &Sender<Message>) {
    let mut look = Look::default();
    let Some(outcome) = look.run(&job, web, recall, clock, out).await else { return };
    let at = clock.now();
    // After a look that failed nothing is known of those that it did not come to.
    let failed = matches!(outcome, Outcome::Failed { .. });
    let polled = Polled {
        source: job.source,
        outcome,
        at,
        status: look.status,
        articles: look.articles,
        walls: look.walls,
        failing: look.failing,
        title: look.title,
        present: look.present,
        moved: look.moved,
        reposts: look.reposts,
        recorded: look.recorded,
        watched: look.watched,
        about: look.about,
        learnt: look.learnt,
        waiting: look.pages.filter(|_| !failed).map(Pages::after),
    };
    // A closed queue means the daemon is stopping: the next start looks again.
    let _ = out.send(Message::Polled(Box::new(polled))).await;
}

/// What a look finds out beside its reports.
#[derive(Default)]
struct Look {
    status: Option<u16>,
    /// Article pages that held an article, and those that held something else.
    articles: u32,
    walls: u32,
    failing: Option<FailingPart>,
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
    /// Whether the next look needs the whole page, though it may be as it was.
    unsettled: bool,
    about: Option<About>,
    learnt: Option<Learnt>,
    remembered: Remembered,
    /// The pages that wait, once what is remembered was asked for.
    pages: Option<Pages>,
}

impl Look {
    /// `None` if nobody receives any more.
    async fn run(
        &mut self,
        job: &Job,
        web: &dyn Web,
        recall: &dyn Recall,
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<Outcome> {
        let accept = match job.source.kind {
            SourceKind::Feed => Accept::Feed,
            SourceKind::Sitemap => Accept::Sitemap,
            SourceKind::Links { .. } | SourceKind::Watch { .. } => Accept::Page,
        };
        let request = Request { url: job.address.clone(), accept, validators: job.validators.clone() };
        let response = match ask(&job.source, web, request).await {
            Ok(response) => response,
            Err(error) => return Some(without_answer(error)),
        };
        self.status = Some(response.status);
        let part = job.source.kind == SourceKind::Feed && job.validators.etag.is_some();
        if let Some(outcome) = without_body(&response, &job.validators, part) {
            if matches!(outcome, Outcome::NotModified { .. }) {
                self.watched = watch::unchanged(job);
                if job.waits {
                    if let Err(outcome) = self.recall(job, recall).await {
                        return Some(outcome);
                    }
                    self.waiting(job, (web, recall), clock, out).await?;
                }
            }
            return Some(outcome);
        }
        let body_hash = fingerprint(&[&response.body]);
        let validators = response.headers.validators.clone();
        let answer = answer(&response);
        let part = response.status == 226;
        let links = response.headers.links.clone();
        if let Err(outcome) = self.recall(job, recall).await {
            return Some(outcome);
        }
        let known = &self.remembered.known;
        let held = self.pages.as_ref().is_some_and(|pages| pages.holds_all(known));
        if job.body_hash.as_deref() == Some(&body_hash) && held && !part {
            // A document that held no entry holds none now.
            let empty = job.first_look && known.is_empty();
            self.watched = watch::unchanged(job);
            self.waiting(job, (web, recall), clock, out).await?;
            return Some(Outcome::Read {
                validators,
                body_hash,
                new: 0,
                whole: true,
                empty,
                window: None,
                answer,
            });
        }
        let (source, now, place) = (job.source.clone(), clock.now(), response.url.clone());
        let large = response.body.place();
        let document = match blocking(move || read(&source, &response, now)).await {
            Some(Ok(document)) => document,
            Some(Err(message)) => return Some(Outcome::Failed { class: FailureClass::Content, message }),
            None => return Some(broken("the document broke the parser")),
        };
        let feed = match document {
            Sitemap::Entries(feed) => feed,
            Sitemap::Index(children) => {
                // Its sitemaps may be large, too.
                drop(large);
                return self.index(job, children, (web, recall), clock, out).await;
            }
        };
        if let (SourceKind::Watch { .. }, Some(last)) = (&job.source.kind, &job.watched) {
            let (last, text) = (Last::read(last), feed.entries.first().map(watched_text).unwrap_or_default());
            if replaces(&last.text, &text) {
                return Some(broken("an error page or a wall stands in for the page"));
            }
            self.watched = last.doubts(&text, now);
            if self.watched.is_some() {
                let why = "nothing is left of what the page said; the next look decides whether that is news";
                return Some(broken(why));
            }
        }
        let answer = Answer { rhythm: Some(feed.rhythm.clone()), ..answer };
        if !part {
            self.title.clone_from(&feed.title);
            self.about = Some(about(&feed, &links, &place));
        }
        let (whole, empty) = (!feed.is_truncated(), feed.entries.is_empty());
        self.broken = !whole;
        let Some(mut sightings) = self.recognise(job, feed.entries, now).await else {
            return Some(broken("its entries broke the recogniser"));
        };
        let crowd = sitemaps::Crowd::of(job, &sightings, now);
        let window = window(job, &sightings, |sighting| crowd.has_old(job, sighting, now));
        // Pages are read for minutes. A large document that brings little keeps its place from no other meanwhile.
        let _large = large.filter(|_| forget_known(&mut sightings) > SMALL);
        let (new, left_out) = self.entries(job, sightings, (web, recall), clock, out).await?;
        self.waiting(job, (web, recall), clock, out).await?;
        // Without validators the next look brings the document again, with the entries that were left out or cut off. A
        // body that breaks off at the same place twice is all that there is, so its hash is kept.
        let validators =
            if left_out || !whole || self.unsettled { Validators::default() } else { validators };
        if part {
            return Some(Outcome::Merged { validators, new, window, answer });
        }
        let body_hash = if left_out || self.unsettled { String::new() } else { body_hash };
        Some(Outcome::Read { validators, body_hash, new, whole, empty, window, answer })
    }

    async fn recall(&mut self, job: &Job, recall: &dyn Recall) -> Result<(), Outcome> {
        let remembered = recall.recall(&job.source.id).await;
        self.remembered =
            remembered.map_err(|error| broken(&format!("what is known of it could not be read: {error}")))?;
        self.pages = Some(Pages::of(&mut self.remembered));
        Ok(())
    }

    /// Reads the pages that wait of entries that the document did not bring again.
    async fn waiting(
        &mut self,
        job: &Job,
        (web, recall): (&dyn Web, &dyn Recall),
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<()> {
        let sightings = self.pages.as_ref().map(Pages::to_read).unwrap_or_default();
        if !sightings.is_empty() {
            self.entries(job, sightings, (web, recall), clock, out).await?;
        }
        Some(())
    }

    /// Tells known entries from new ones. A watched page is compared with its last text instead.
    async fn recognise(&mut self, job: &Job, entries: Vec<Entry>, now: Timestamp) -> Option<Vec<Sighting>> {
        if matches!(job.source.kind, SourceKind::Watch { .. }) {
            let sighting =
                |entry| Sighting { entry, marks: Marks::default(), hash: String::new(), is: Is::New };
            return Some(entries.into_iter().map(sighting).collect());
        }
        let Remembered { known, learnt, .. } = std::mem::take(&mut self.remembered);
        let recognised = blocking(move || recognise(entries, &known, learnt, now)).await?;
        self.learnt = Some(recognised.learnt);
        self.moved.extend(recognised.reread);
        Some(recognised.entries)
    }

    /// Reads what an index of sitemaps names. Its own validators say nothing of that, so none are kept.
    async fn index(
        &mut self,
        job: &Job,
        children: Vec<Child>,
        (web, recall): (&dyn Web, &dyn Recall),
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
        self.title.clone_from(&feed.title);
        self.about = Some(feed.about());
        self.failing = gathered.failing.take();
        let (fresh_for, quiet_for) = (gathered.fresh_for, gathered.quiet_for);
        let answer = Answer { fresh_for, quiet_for, ..Answer::default() };
        let now = clock.now();
        let Some(sightings) = self.recognise(job, feed.entries, now).await else {
            return Some(broken("its entries broke the recogniser"));
        };
        let window = gathered.window(job, &sightings, now);
        self.old = std::mem::take(&mut gathered.old);
        let (new, left_out) = self.entries(job, sightings, (web, recall), clock, out).await?;
        self.waiting(job, (web, recall), clock, out).await?;
        self.watched = gathered.remember(left_out);
        let (validators, body_hash) = (Validators::default(), String::new());
        Some(Outcome::Read { validators, body_hash, new, whole: true, empty, window, answer })
    }

    /// Counts a page that held an article, or something else.
    fn count(&mut self, page: Page, article: bool) {
        self.walls += u32::from(page == Page::Wall);
        self.articles += u32::from(article);
    }

    /// Sends a report for each entry that is new or changed. Returns how many, and whether some were left out, which the
    /// next look has to find anew.
    async fn entries(
        &mut self,
        job: &Job,
        sightings: Vec<Sighting>,
        (web, recall): (&dyn Web, &dyn Recall),
        clock: &dyn Clock,
        out: &Sender<Message>,
    ) -> Option<(usize, bool)> {
        let count = sightings.len();
        let first_look = job.first_look && job.source.first_look == FirstLook::Baseline;
        let (old, now) = (std::mem::take(&mut self.old), clock.now());
        let crowd = sitemaps::Crowd::of(job, &sightings, now);
        let is_old = |entry: &Entry, unread: bool| {
            first_look && was_there_before(entry.published, count, job.empty_since)
                || old.contains(&entry.key)
                || unread && crowd.is_old(job, entry, now)
        };
        let mut sightings = sitemaps::oldest_first(sightings);
        let is_sitemap = job.source.kind == SourceKind::Sitemap;
        // Before the day's budget is charged: the same addresses come by at every look until they are read.
        let mut left_out = is_sitemap
            && job.source.articles
            && sitemaps::leave_for_later(&mut sightings, |entry| is_old(entry, true));
        left_out |= self.flooded(&mut sightings, |entry| is_old(entry, true), now);
        let mut new = 0;
        for (Sighting { mut entry, marks, mut hash, mut is }, mut draft) in drafts(job, sightings).await {
            let found = clock.now();
            let mut changed: Option<(Article, usize)> = None;
            if matches!(job.source.kind, SourceKind::Watch { .. }) {
                let text = watched_text(&entry);
                let (says, next) = watch::compare(job, &mut entry, text, self.broken, found);
                self.unsettled = next.waits();
                self.watched = Some(next.write());
                match says {
                    Watched::First => {}
                    Watched::Same | Watched::Unproven => continue,
                    Watched::Changed(article, news) => changed = Some((*article, news)),
                }
                draft = from_feed(&entry, "").await;
                hash = entry.content_hash();
                // A look that was cut off may have told this change.
                let told = self.remembered.known.iter().find(|known| known.key == entry.key);
                is = told.map_or(Is::New, |known| Is::Known(known.clone(), None));
            }
            let unread = sitemaps::is_unread(&is);
            let waits_since = self.pages.as_mut().map_or(found, |pages| pages.met(&entry.key, found));
            let Some((tries, repeats)) = self.what_to_read(job, &entry, is, &hash, marks, found) else {
                continue;
            };
            let mut baseline = is_old(&entry, unread);
            let quiet = match () {
                () if !baseline => None,
                () if unread && crowd.is_old(job, &entry, found) => Some(sitemaps::CROWD),
                () => Some("first look, pages are not fetched"),
            };
            // An address alone is no report; its page may make one.
            let bare = is_sitemap && entry.title.is_none();
            if bare && baseline && quiet != Some(sitemaps::CROWD) {
                new += 1;
                self.recorded.push(Known { key: entry.key, hash, tries: 0, marks });
                continue;
            }
            let news_ends = changed.as_ref().map(|(_, news)| *news);
            let Read { mut article, page } = match changed {
                Some((article, _)) => Read { article, page: Page::Done },
                None => article_of(job, &entry, &draft, quiet, since(found, now), (web, recall, found)).await,
            };
            self.count(page, news_ends.is_none() && article.text_from == TextFrom::Page);
            // A sitemap may only say when the page was last touched.
            baseline |= unread && crowd.is_old_page(job, &article, found);
            let again = page.waits(tries, since(found, waits_since));
            if let Some(pages) = self.pages.as_mut().filter(|_| again) {
                pages.leave(&entry, waits_since);
            }
            new += 1;
            let known = Known {
                key: entry.key.clone(),
                hash: if again { String::new() } else { hash.clone() },
                tries: if again { page.tries(tries) } else { 0 },
                marks,
            };
            if bare && article.text_from != TextFrom::Page {
                if again {
                    self.recorded.push(known);
                    continue;
                }
                article.title = entry.url.as_ref().map(slug::title_of).unwrap_or_default();
            }
            let outlet = outlet(&job.source, &article, self.title.as_deref());
            let feed_text = match article.text_from {
                TextFrom::Feed(_) => text_hash(&article),
                TextFrom::Page | TextFrom::None => text_hash(&draft),
            };
            let harvested = Harvested {
                source: job.source.clone(),
                entry,
                article,
                outlet,
                baseline,
                found,
                changed: news_ends,
                content_hash: hash,
                feed_text,
                known,
                repeats,
            };
            out.send(Message::Report(Box::new(harvested))).await.ok()?;
        }
        Some((new, left_out))
    }

    /// Whether there is something new to read of an entry: how often its page was tried, and of which entry it may be a
    /// repost, with the reason. What there is not is noted down.
    fn what_to_read(
        &mut self,
        job: &Job,
        entry: &Entry,
        is: Is,
        hash: &str,
        marks: Marks,
        found: Timestamp,
    ) -> Option<(u32, Option<(String, &'static str)>)> {
        match is {
            Is::New => Some((0, None)),
            // Without pages nothing tells that it is a repost.
            Is::Perhaps { of, why } => Some((0, Some((of, why)).filter(|_| job.source.articles))),
            Is::Known(known, why) => {
                self.reposts.extend(why.and_then(|why| job.repost(entry, &known.key, why, found)));
                // The addresses of a sitemap are its entries: what it says beside differs from sitemap to sitemap.
                let is_sitemap = job.source.kind == SourceKind::Sitemap;
                if known.hash == hash || is_sitemap && !known.hash.is_empty() {
                    if known.marks != marks {
                        self.moved.push((entry.key.clone(), marks));
                    }
                    self.present.push(entry.key.clone());
                    return None;
                }
                Some((known.tries, None))
            }
            Is::Repost { of, why } => {
                self.reposts.extend(job.repost(entry, &of, why, found));
                let (key, hash) = (entry.key.clone(), hash.to_owned());
                self.recorded.push(Known { key, hash, tries: 0, marks });
                None
            }
        }
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
}

fn broken(what: &str) -> Outcome {
    Outcome::Failed { class: FailureClass::Content, message: what.to_owned() }
}
