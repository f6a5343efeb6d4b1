//! What we watch, and what is known about polling it. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::Timestamp;
use crate::text::fingerprint::fingerprint;

/// Names a source over restarts and edits of the configuration: a hash of its kind and address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl std::fmt::Display for SourceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a source is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum SourceKind {
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A listing page: each link that the CSS selector finds is an entry.
    Links {
        /// CSS selector of the links (or of elements that hold one).
        selector: String,
    },
    /// One page watched for change of the text under a CSS selector.
    Watch {
        /// CSS selector of the watched text.
        selector: String,
    },
    /// A sitemap, or an index of sitemaps: each address is an entry.
    Sitemap,
}

impl SourceKind {
    /// The word for this kind in tables and `--json`: "feed", "links", "watch", "sitemap".
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Links { .. } => "links",
            Self::Watch { .. } => "watch",
            Self::Sitemap => "sitemap",
        }
    }
}

/// What the first successful look at a source does with the entries found there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstLook {
    /// Store them, alert about none of them.
    #[default]
    Baseline,
    /// Treat them as news.
    Alert,
}

/// One thing that is polled, with every setting already resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Stable identity, from [`Source::id_of`].
    pub id: SourceId,
    /// How it is read.
    pub kind: SourceKind,
    /// Where it is.
    pub url: Url,
    /// The outlet's name as the person gave it; otherwise the feed's title or the host serves.
    pub name: Option<String>,
    /// Under which headings the person keeps it, each once: "World", or below one another "World/Asia".
    #[serde(default)]
    pub tags: Vec<String>,
    /// Wanted time between two looks.
    pub interval: Duration,
    /// Never more often than this.
    pub min_interval: Duration,
    /// Never less often than this (Retry-After aside).
    pub max_interval: Duration,
    /// First wait after an error, doubled each time.
    pub backoff: Duration,
    /// Whether the article page of each new entry is fetched.
    pub articles: bool,
    /// Whether robots.txt decides about the source itself; about article pages it always does.
    #[serde(default)]
    pub robots: bool,
    /// What the first look does.
    pub first_look: FirstLook,
}

impl Source {
    /// The identity of a source of this kind at this address.
    #[must_use]
    pub fn id_of(kind: &SourceKind, url: &Url) -> SourceId {
        let selector = match kind {
            SourceKind::Feed | SourceKind::Sitemap => "",
            SourceKind::Links { selector } | SourceKind::Watch { selector } => selector,
        };
        let mut hash = fingerprint(&[kind.word(), url.as_str(), selector]);
        hash.truncate(12);
        SourceId(hash)
    }
}

/// The validators of the last full answer, kept and sent back byte for byte (RFC 9110 8.8.3: an ETag is opaque).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag` header as received.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` header as received.
    pub last_modified: Option<Vec<u8>>,
}

impl Validators {
    /// True if there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What is known about polling one source. Written only by `schedule`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// When to look next.
    pub next_check: Timestamp,
    /// Why then, in words for the person: "interval 15m", "Retry-After 1h", "error 3, backing off 40m".
    pub why_next: String,
    /// When a request was last started.
    pub last_attempt: Option<Timestamp>,
    /// When an answer was last good (200 or 304).
    pub last_success: Option<Timestamp>,
    /// When an unconditional request last brought a full answer.
    pub last_full: Option<Timestamp>,
    /// Failures in a row; a good answer of any kind resets it.
    pub failures: u32,
    /// Answers of 429 or 503 in a row: not failures, but each doubles the wait if the server names none.
    pub busy: u32,
    /// Answers of 410 in a row.
    pub gone: u32,
    /// The last failure, in words; `None` after a success.
    pub error: Option<String>,
    /// What to send for a conditional request.
    pub validators: Validators,
    /// Fingerprint of the last body, to notice unchanged 200s.
    pub body_hash: Option<String>,
    /// True once a first good answer that held entries was recorded.
    pub baseline_done: bool,
    /// When the source was first looked at, if it held no entry then.
    pub empty_since: Option<Timestamp>,
    /// True after 410 Gone: polled no more until the person says otherwise.
    pub resting: bool,
    /// Good answers so far.
    pub polls: u64,
    /// Good answers that brought something new.
    pub useful: u64,
    /// Seconds that the last full answer said it stays fresh; holds over 304s that do not repeat it (RFC 9111 4.3.4).
    pub fresh_for: Option<u64>,
    /// Minutes that the feed itself asks to wait (RSS `ttl`); holds over answers that bring no document.
    pub ttl_minutes: Option<u32>,
}

impl SourceState {
    /// The state of a source that was never looked at, first due at `next_check`.
    #[must_use]
    pub fn new(next_check: Timestamp, why: &str) -> Self {
        Self {
            next_check,
            why_next: why.to_owned(),
            last_attempt: None,
            last_success: None,
            last_full: None,
            failures: 0,
            busy: 0,
            gone: 0,
            error: None,
            validators: Validators::default(),
            body_hash: None,
            baseline_done: false,
            empty_since: None,
            resting: false,
            polls: 0,
            useful: 0,
            fresh_for: None,
            ttl_minutes: None,
        }
    }
}
