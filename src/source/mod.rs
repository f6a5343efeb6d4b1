//! What we watch, and what is known about polling it. Pure.

mod cadence;
mod rhythm;
mod state;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::fingerprint::fingerprint;

pub use cadence::Cadence;
pub use rhythm::Rhythm;
pub use state::{Gap, Moving, SourceState, Validators};

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

    /// `url` with the credentials that the person gave for this source, if it is of the same origin (RFC 9110 15.4).
    #[must_use]
    pub fn own(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if url.origin() == self.url.origin() {
            // These fail only where there is no host.
            let _ = url.set_username(self.url.username());
            let _ = url.set_password(self.url.password());
        }
        url
    }
}
