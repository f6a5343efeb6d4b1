//! The journey without tasks: [`harvest()`] reads a source, [`Ingester`] judges and stores, [`deliver()`] tells.
//!
//! Messages between the tasks are plain values. Ingest is idempotent and acknowledges by committing, so a repeated,
//! shuffled or interrupted stream of messages ends in the same store.

use async_trait::async_trait;

use crate::alert::FailingPart;
use crate::article::{Article, Template};
use url::Url;

use crate::clock::Timestamp;
use crate::feed::{About, Entry, Known, Learnt, Marks};
use crate::schedule::Outcome;
use crate::source::{Source, SourceId, Validators};
use crate::store::{Repost, Waiting};

mod answer;
mod deliver;
mod discover;
mod examples;
mod expect;
mod filing;
mod first_look;
mod harvest;
mod health;
mod ingest;
mod outlet;
mod pages;
mod polled;
mod replay;
mod sitemap_memory;
mod sitemaps;
mod slug;
mod versions;
mod waiting;
mod watch;

pub use deliver::{Channels, Delivered, deliver};
pub use discover::{Discovered, MAX_REQUESTS, Vain, Wanted, discover};
pub use examples::compare_examples;
pub use expect::{Case, Tested, test_topics};
pub use filing::refile_topics;
pub use harvest::harvest;
pub use health::{TOPIC as HEALTH_TOPIC, tell_of_network};
pub use ingest::{Ingested, Ingester};
pub use replay::{Applied, apply, backtest};
pub use watch::UNCHANGED;

/// One look at a source, with everything that harvesting needs to know but [`Remembered`]: it has no
/// way to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What is looked at.
    pub source: Source,
    /// Where it is: the configured address, unless it moved for good.
    pub address: Url,
    /// What the request sends.
    pub validators: Validators,
    /// Fingerprint of the last body.
    pub body_hash: Option<String>,
    /// True until a first good answer that held entries was stored.
    pub first_look: bool,
    /// When the source was first looked at, if it held no entry then.
    pub empty_since: Option<Timestamp>,
    /// The last text of a watched page; of an index of sitemaps, what is remembered of them.
    pub watched: Option<String>,
    /// When the last full answer was stored.
    pub last_full: Option<Timestamp>,
    /// Whether pages of its entries are still to be read.
    pub waits: bool,
}

/// What is remembered of the entries of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remembered {
    /// Those that were seen before, the most recent first.
    pub known: Vec<Known>,
    /// How the source names them.
    pub learnt: Learnt,
    /// Those whose pages are still to be read.
    pub waiting: Vec<Waiting>,
}

impl Job {
    /// What is stored of `entry`, which is another posting of the entry `of`.
    fn repost(&self, entry: &Entry, of: &str, why: &str, found: Timestamp) -> Option<Repost> {
        let url = entry.url.as_ref()?.to_string();
        Some(Repost { url, source: self.source.id.clone(), of: of.to_owned(), why: why.to_owned(), found })
    }
}

/// Where a look learns what is remembered, once it has a document: most looks end without one. Reading is all that it
/// can do there.
#[async_trait]
pub trait Recall: Send + Sync {
    /// What is remembered of the entries of a source.
    ///
    /// # Errors
    /// When it cannot be read: why.
    async fn recall(&self, source: &SourceId) -> Result<Remembered, String>;

    /// What the last pages of `host` held; nothing where that cannot be read.
    async fn template(&self, host: &str) -> Template;
}

/// What workers send to the ingester: each report as it is ready, `Polled` last.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// One entry with its article.
    Report(Box<Harvested>),
    /// The look is over. Validators travel here, behind every report, so that they never advance past one that was
    /// not stored.
    Polled(Box<Polled>),
}

/// An entry with its article, not judged yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Harvested {
    /// Where it was found.
    pub source: Source,
    /// As published.
    pub entry: Entry,
    /// As extracted.
    pub article: Article,
    /// The outlet's name as shown to the person.
    pub outlet: String,
    /// Whether it belongs to a first look that sets the baseline.
    pub baseline: bool,
    /// When it was read.
    pub found: Timestamp,
    /// For the change of a watched page: so many bytes at the start of the body are new, the rest stood there before.
    pub changed: Option<usize>,
    /// Fingerprint of what the entry says.
    pub content_hash: String,
    /// Fingerprint of the article that the feed itself makes of it.
    pub feed_text: String,
    /// What is remembered about the entry once it is stored.
    pub known: Known,
    /// The key of an entry that it repeats if their pages say the same, and why.
    pub repeats: Option<(String, &'static str)>,
}

/// How a look ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Polled {
    /// What was looked at.
    pub source: Source,
    /// How it ended.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// How many article pages held an article.
    pub articles: u32,
    /// How many held something else: consent walls, checks for robots, error pages, too little text.
    pub walls: u32,
    /// A part of it that fails while the rest was had.
    pub failing: Option<FailingPart>,
    /// The source's own title.
    pub title: Option<String>,
    /// Keys that were found again.
    pub present: Vec<String>,
    /// Of these, what is known by other marks now.
    pub moved: Vec<(String, Marks)>,
    /// Entries that were told under another id or address before.
    pub reposts: Vec<Repost>,
    /// Entries that are known from now on without a report: reposts with a key of their own, bare addresses.
    pub recorded: Vec<Known>,
    /// What the document says of itself, if one was read.
    pub about: Option<About>,
    /// How the source names its entries, if a document was read.
    pub learnt: Option<Learnt>,
    /// The text of a watched page; of an index of sitemaps, what is to be remembered of them.
    pub watched: Option<String>,
    /// The entries whose pages are still to be read, in place of those of earlier looks.
    pub waiting: Option<Vec<Waiting>>,
}

impl Polled {
    /// The end of a look that brought nothing but its outcome.
    #[must_use]
    pub fn bare(source: Source, outcome: Outcome, at: Timestamp) -> Self {
        Self {
            source,
            outcome,
            at,
            status: None,
            articles: 0,
            walls: 0,
            failing: None,
            title: None,
            present: Vec::new(),
            moved: Vec::new(),
            reposts: Vec::new(),
            recorded: Vec::new(),
            about: None,
            learnt: None,
            watched: None,
            waiting: None,
        }
    }
}
