//! Finding the sources that an address stands for: asks what `feed` proposes, one request after another, a dozen at
//! most, and reads the answers as the daemon will.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use url::Url;

use super::answer::status_words;
use super::pages::blocking;
use crate::clock::Clock;
use crate::feed::{
    Candidate, Feed, Finds, Ranked, Sample, Sitemap, Via, common_feeds, common_sitemaps, decode, from_page,
    guess_links, guess_watch, newest_child, rank, read_feed, read_links, read_sitemap, read_watched, robots,
    robots_sitemaps, sample, site_feeds,
};
use crate::fetch::{Accept, Request, Response, Web};
use crate::source::SourceKind;
use crate::text::address::canonical;

mod vain;

pub use vain::Vain;

/// Most requests of one search, redirects aside.
pub const MAX_REQUESTS: usize = 12;
/// Longest time of one search; what was found by then is told.
const MAX_TIME: Duration = Duration::from_secs(90);
/// Most feeds that are asked because a page, or a page that it links to, names them.
const MAX_NAMED: usize = 7;
/// Said of what no parser should break on.
const BROKE: &str = "the document broke the parser; please report it";
/// Requests that are kept for sitemaps while usual addresses are tried.
const KEPT: usize = 3;

/// What kind of source is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The best there is.
    Any,
    /// A feed.
    Feed,
    /// A page, by its links or for its text.
    Page,
    /// A sitemap.
    Sitemap,
    /// The page at the address itself, read so.
    Selected(SourceKind),
}

/// What a search brought.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The sources, the best first.
    pub found: Vec<Ranked>,
    /// What was asked in vain.
    pub failed: Vec<Vain>,
    /// Whether the address itself answered with a document.
    pub reached: bool,
}

/// Looks for sources at the first of `addresses` that answers. `tell` hears of each request before it is made.
pub async fn discover(
    addresses: &[Url],
    wanted: Wanted,
    web: &dyn Web,
    clock: &dyn Clock,
    tell: &(dyn Fn(&Url) + Sync),
) -> Discovered {
    let mut search = Search {
        web,
        clock,
        tell,
        deadline: Instant::now() + MAX_TIME,
        requests: 0,
        asked: HashSet::new(),
        read: Vec::new(),
        done: Discovered::default(),
        page: Finds::default(),
    };
    search.run(addresses, wanted).await;
    let Search { read, mut done, page, .. } = search;
    done.found = rank(read, page.language.as_deref(), clock.now());
    done
}

/// A search under way.
struct Search<'a> {
    web: &'a dyn Web,
    clock: &'a dyn Clock,
    tell: &'a (dyn Fn(&Url) + Sync),
    deadline: Instant,
    /// How many requests were made.
    requests: usize,
    /// Every address that was asked, or answered in place of one.
    asked: HashSet<Url>,
    read: Vec<(Candidate, Sample)>,
    done: Discovered,
    page: Finds,
}

/// What an answer is.
enum Document {
    Feed(Feed),
    Sitemap(Sitemap),
    Page { html: String, finds: Finds },
}

impl Search<'_> {
    async fn run(&mut self, addresses: &[Url], wanted: Wanted) {
        if let Wanted::Selected(kind) = wanted {
            return self.selected(addresses, kind).await;
        }
        let feeds = matches!(wanted, Wanted::Any | Wanted::Feed);
        if let Some(url) = addresses.first().filter(|_| feeds) {
            for (feed, rule) in site_feeds(url) {
                self.try_feed(Candidate {
                    url: feed,
                    kind: SourceKind::Feed,
                    via: Via::Site(rule),
                    title: None,
                })
                .await;
            }
            if self.found_feed() {
                self.done.reached = true;
                return;
            }
        }
        let Some((url, document)) = self.open(addresses).await else { return };
        let html = match document {
            Some(Document::Feed(feed)) if feeds => {
                return self
                    .keep(Candidate { url, kind: SourceKind::Feed, via: Via::Itself, title: None }, &feed);
            }
            Some(Document::Sitemap(sitemap)) if matches!(wanted, Wanted::Any | Wanted::Sitemap) => {
                let itself = Candidate { url, kind: SourceKind::Sitemap, via: Via::Itself, title: None };
                return self.keep_sitemap(itself, sitemap).await;
            }
            Some(Document::Page { html, finds }) => {
                self.page = finds;
                Some(html)
            }
            Some(_) => {
                return self.vain(url, "is a feed or sitemap itself; without --kind it is taken as such");
            }
            None => None,
        };
        if feeds {
            self.named_feeds().await;
            self.usual_feeds(&url).await;
        }
        if wanted == Wanted::Sitemap || (wanted == Wanted::Any && !self.found_feed()) {
            self.sitemaps(&url).await;
        }
        if let Some(html) = html
            && (wanted == Wanted::Page || (wanted == Wanted::Any && !self.found_feed()))
        {
            self.guess(html, url).await;
        }
    }

    /// Asks the addresses until one answers well: where it was found, and what it is. `None` as a document if the site
    /// answers, but not with one that can be read.
    async fn open(&mut self, addresses: &[Url]) -> Option<(Url, Option<Document>)> {
        let mut answered = None;
        for url in addresses {
            match self.get(url, Accept::Page).await {
                Ok(response) => {
                    self.done.reached = true;
                    let found = settled(&response, url);
                    let document = self.read(response).await.map_err(|why| self.vain(url.clone(), why));
                    return Some((found, document.ok()));
                }
                // The site is there; only this page is not.
                Err(Failed { answered: true, .. }) => answered = answered.or(Some(url.clone())),
                Err(Failed { forbidden: true, .. }) => return None,
                Err(_) => {}
            }
        }
        Some((answered?, None))
    }

    /// The page at the address, read as the person says.
    async fn selected(&mut self, addresses: &[Url], kind: SourceKind) {
        let Some((url, Some(document))) = self.open(addresses).await else { return };
        let Document::Page { html, finds } = document else {
            return self.vain(url, "is a feed or sitemap, not a page: it is added without a selector");
        };
        self.page = finds;
        let (base, now, how) = (url.clone(), self.clock.now(), kind.clone());
        let read = blocking(move || match &how {
            SourceKind::Watch { selector } => read_watched(&html, selector, &base),
            SourceKind::Links { selector } => read_links(&html, selector, &base, now),
            SourceKind::Feed | SourceKind::Sitemap => Ok(Feed::default()),
        });
        match read.await {
            Some(Ok(feed)) => self.keep(Candidate { url, kind, via: Via::Selected, title: None }, &feed),
            Some(Err(error)) => self.vain(url, error.to_string()),
            None => self.vain(url, BROKE),
        }
    }

    /// The feeds that the page names; if it only links to pages about feeds, those that they link to.
    async fn named_feeds(&mut self) {
        let mut lists = Vec::new();
        let candidates = std::mem::take(&mut self.page.candidates);
        for candidate in candidates.into_iter().take(MAX_NAMED) {
            if candidate.via == Via::Linked && self.found_feed() {
                break;
            }
            if let Some(Document::Page { finds, .. }) = self.try_feed(candidate).await {
                lists.push(finds);
            }
        }
        let further = lists.into_iter().flat_map(|finds| finds.candidates).take(MAX_NAMED);
        for candidate in further {
            if self.found_feed() {
                break;
            }
            self.try_feed(candidate).await;
        }
    }

    /// The usual addresses of feeds, until one is there.
    async fn usual_feeds(&mut self, url: &Url) {
        for candidate in common_feeds(url) {
            if self.found_feed() || self.requests + KEPT >= MAX_REQUESTS {
                break;
            }
            self.try_feed(candidate).await;
        }
    }

    /// The sitemaps that robots.txt names, else the usual ones; one is enough.
    async fn sitemaps(&mut self, url: &Url) {
        let mut candidates = Vec::new();
        if let Some(robots) = robots(url)
            && let Ok(response) = self.get(&robots, Accept::Page).await
        {
            candidates = robots_sitemaps(&response.body, &response.url);
        }
        candidates.extend(common_sitemaps(url));
        for candidate in candidates {
            let before = self.read.len();
            let Ok(response) = self.get(&candidate.url, Accept::Feed).await else { continue };
            let found = settled(&response, &candidate.url);
            match self.read(response).await {
                Ok(Document::Sitemap(sitemap)) => {
                    self.keep_sitemap(Candidate { url: found, ..candidate }, sitemap).await;
                }
                Ok(Document::Feed(feed)) => {
                    self.keep(Candidate { url: found, kind: SourceKind::Feed, ..candidate }, &feed);
                }
                Ok(Document::Page { .. }) => {
                    self.vain(candidate.url, "an HTML page, not a sitemap");
                }
                Err(why) => self.vain(candidate.url, why),
            }
            if self.read.len() > before {
                return;
            }
        }
    }

    /// The list of links that the page is, else its text.
    async fn guess(&mut self, html: String, url: Url) {
        let (base, now) = (url.clone(), self.clock.now());
        let nothing_else = self.read.is_empty();
        let guessed = blocking(move || {
            let links =
                guess_links(&html, &base, now).map(|(selector, feed)| (SourceKind::Links { selector }, feed));
            let watch =
                || guess_watch(&html, &base).map(|(selector, feed)| (SourceKind::Watch { selector }, feed));
            links.or_else(|| if nothing_else { watch() } else { None })
        });
        match guessed.await {
            Some(Some((kind, feed))) => {
                self.keep(Candidate { url, kind, via: Via::Guess, title: None }, &feed);
            }
            Some(None) if nothing_else => {
                self.vain(
                    url,
                    "names no feed, lists no headlines, and says nothing to watch without its scripts",
                );
            }
            Some(None) => {}
            None => self.vain(url, BROKE),
        }
    }

    fn vain(&mut self, url: Url, why: impl Into<String>) {
        self.done.failed.push(Vain::document(url, why));
    }

    /// Asks for a feed and keeps it if it is one. Returns what else the answer is.
    async fn try_feed(&mut self, candidate: Candidate) -> Option<Document> {
        let response = self.get(&candidate.url, Accept::Feed).await.ok()?;
        let url = settled(&response, &candidate.url);
        match self.read(response).await {
            Ok(Document::Feed(feed)) => self.keep(Candidate { url, ..candidate }, &feed),
            Ok(other) => {
                let what = if matches!(other, Document::Sitemap(_)) { "a sitemap" } else { "an HTML page" };
                self.vain(candidate.url, format!("{what}, not a feed"));
                return Some(other);
            }
            Err(why) => self.vain(candidate.url, why),
        }
        None
    }

    /// Keeps a sitemap; of an index, what its newest part shows.
    async fn keep_sitemap(&mut self, candidate: Candidate, sitemap: Sitemap) {
        let children = match sitemap {
            Sitemap::Entries(feed) => return self.keep(candidate, &feed),
            Sitemap::Index(children) => children,
        };
        let Some((child, lasting)) = newest_child(&children) else { return };
        let Ok(response) = self.get(&child.url, Accept::Feed).await else { return };
        let url = if lasting { settled(&response, &child.url) } else { candidate.url.clone() };
        if let Ok(Document::Sitemap(Sitemap::Entries(feed)) | Document::Feed(feed)) =
            self.read(response).await
        {
            self.keep(Candidate { url, ..candidate }, &feed);
        }
    }

    fn keep(&mut self, candidate: Candidate, feed: &Feed) {
        // Two addresses that redirect to one are one.
        let same =
            |(known, _): &(Candidate, Sample)| known.url == candidate.url && known.kind == candidate.kind;
        if !self.read.iter().any(same) {
            let sample = sample(feed, &candidate.url, &self.page.links, self.clock.now());
            self.read.push((candidate, sample));
        }
    }

    /// Whether there is a feed that a person would take.
    fn found_feed(&self) -> bool {
        let good = |(candidate, sample): &(Candidate, Sample)| {
            candidate.kind == SourceKind::Feed && sample.entries > 0 && !sample.comments
        };
        self.read.iter().any(good)
    }

    /// Makes one request, if there are any left and the address was not asked yet.
    async fn get(&mut self, url: &Url, accept: Accept) -> Result<Response, Failed> {
        let over = self.requests >= MAX_REQUESTS || Instant::now() >= self.deadline;
        if over || !self.asked.insert(canonical(url)) {
            return Err(Failed { answered: false, forbidden: false });
        }
        self.requests += 1;
        (self.tell)(url);
        let request = Request { url: url.clone(), accept, validators: crate::source::Validators::default() };
        let vain = match timeout_at(self.deadline, self.web.get(request)).await {
            Ok(Ok(response)) if (200..300).contains(&response.status) => {
                self.asked.insert(canonical(&response.url));
                return Ok(response);
            }
            Ok(Ok(response)) => Vain::status(url.clone(), response.status),
            Ok(Err(error)) => Vain::error(url.clone(), &error),
            Err(_) => Vain::late(url.clone()),
        };
        let failed = Failed { answered: vain.answered, forbidden: vain.forbidden };
        self.done.failed.push(vain);
        Err(failed)
    }

    /// Reads an answer as what it is: a feed, a sitemap or a page.
    async fn read(&self, response: Response) -> Result<Document, String> {
        let now = self.clock.now();
        let read = blocking(move || {
            let (bytes, kind, url) =
                (&response.body, response.headers.content_type.as_deref(), &response.url);
            let no_feed = match read_feed(bytes, kind, url, now) {
                Ok(feed) => return Ok(Document::Feed(feed)),
                Err(error) => error.to_string(),
            };
            if let Ok(sitemap) = read_sitemap(bytes, kind, url, now) {
                return Ok(Document::Sitemap(sitemap));
            }
            let html = decode(bytes, kind);
            if !looks_like_page(&html, kind) {
                let kind = kind.unwrap_or("no content type");
                return Err(format!("neither a feed, a sitemap nor a page ({kind}): {no_feed}"));
            }
            from_page(&html, url)
                .map(|finds| Document::Page { html, finds })
                .map_err(|error| error.to_string())
        });
        read.await.unwrap_or_else(|| Err(BROKE.to_owned()))
    }
}

/// Why a request brought nothing; what to say of it is noted.
struct Failed {
    /// The server answered, with an error.
    answered: bool,
    /// Nobody was asked, as the address is private.
    forbidden: bool,
}

fn looks_like_page(text: &str, content_type: Option<&str>) -> bool {
    let by_type = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let start: String = text.trim_start().chars().take(2_000).collect::<String>().to_ascii_lowercase();
    start.starts_with('<')
        && (by_type || ["<html", "<!doctype html", "<head", "<body"].iter().any(|tag| start.contains(tag)))
}

/// The address to keep of an answer to `asked`: where redirects lead, but no further than to the first that is only for
/// now and leads to another host (RFC 9110 15.4.3: what is there later may be elsewhere).
fn settled(response: &Response, asked: &Url) -> Url {
    let targets = response.hops.iter().skip(1).map(|hop| &hop.from).chain([&response.url]);
    let passing =
        response.hops.iter().zip(targets).find(|(hop, target)| {
            !matches!(hop.status, 301 | 308) && hop.from.host_str() != target.host_str()
        });
    let mut url = passing.map_or(&response.url, |(hop, _)| &hop.from).clone();
    if url.host_str().is_none() {
        url = asked.clone();
    }
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests;
