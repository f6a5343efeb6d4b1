//! Bytes → a [`Feed`] of [`Entry`]s: feeds by feed-rs, sitemaps, listing pages by their links, watched pages by their text. Pure.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::Timestamp;
pub use crate::source::Rhythm;

mod beside;
mod bounded;
mod dates;
mod decode;
mod discover;
mod element;
mod identity;
mod item;
mod json;
mod links;
mod markup;
mod mend;
mod noise;
mod noise_words;
mod opml;
mod page;
mod page_dates;
mod page_sink;
mod parse;
mod plain;
mod sitemap;
mod sitemap_entry;
mod sniff;
mod stand_in;
mod tidy;
mod unpack;
mod vocabulary;
mod ticking;
mod watch;

pub use dates::parse as parse_date;
pub use decode::decode;
pub use discover::{
    Candidate, Finds, Ranked, Sample, Via, addresses, common_feeds, common_sitemaps, from_page, guess_links,
    guess_watch, newest_child, rank, robots, robots_sitemaps, sample, site_feeds,
};
pub use identity::{Is, Known, Learnt, Marks, Recognised, Rule, RuleKind, Sighting, identify, recognise};
pub use links::read_links;
pub use opml::{Outline, OutlineKind, read_opml, write_opml};
pub use parse::read_feed;
pub use sitemap::{Child, Sitemap, read_sitemap};
pub use stand_in::replaces;
pub use ticking::Ticking;
pub use watch::{Change, change, read_watched};

/// Most entries that are taken from one document.
pub const MAX_ENTRIES: usize = 5_000;

/// Longest text that is kept, in bytes: the longest of 3,931 measured feeds has 0.3 MB. What is longer is cut.
const MAX_TEXT: usize = 1 << 20;
/// The repair that says so.
const CUT: &str = "a text longer than 1 MiB, which was cut";

/// A document read as a list of entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Feed {
    /// "rss2", "rss1", "rss0", "cdf", "atom", "json", "sitemap", "links", "watch".
    pub format: String,
    /// The feed's own title, as plain text.
    pub title: Option<String>,
    /// Declared language of the feed.
    pub language: Option<String>,
    /// Where the feed says that it is (`rel="self"`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_url: Option<Url>,
    /// The page that the feed belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_url: Option<Url>,
    /// `WebSub` hubs that tell of changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hubs: Vec<Url>,
    /// Entries in document order.
    pub entries: Vec<Entry>,
    /// What the feed says about how often to look.
    pub rhythm: Rhythm,
    /// The name of each repair that was needed to read the document.
    pub repairs: Vec<String>,
}

/// Where a feed says that it took an entry from (RSS and Atom `source`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EntrySource {
    /// Its title, as plain text.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<Url>,
}

/// A file that belongs to an entry: an enclosure, a media link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it is.
    pub url: Url,
    /// Its media type ("audio/mpeg").
    pub media_type: Option<String>,
    /// Its length in bytes, as declared.
    pub length: Option<u64>,
}

/// An item as its source published it. Text fields are plain text unless named html.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// Identity within the source, set by [`identify`]: guid or id, else link, else a hash of title and date.
    pub key: String,
    /// The guid/id as published, if any.
    pub id: Option<String>,
    /// The address of its page, absolute.
    pub url: Option<Url>,
    /// Plain text.
    pub title: Option<String>,
    /// As dated by the feed, if plausible: from 1990 to two days ahead of now.
    pub published: Option<Timestamp>,
    /// Last changed, as dated by the feed, if plausible.
    pub updated: Option<Timestamp>,
    /// What the feed writes in place of a date, where no plausible date can be read from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_text: Option<String>,
    /// Authors by name, in the order of the feed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Summary as HTML, as published.
    pub summary_html: Option<String>,
    /// Full content as HTML, as published.
    pub content_html: Option<String>,
    /// Declared language of the entry, else of the feed.
    pub language: Option<String>,
    /// Categories, tags and keywords, in the order of the feed, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Where the feed took it from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<EntrySource>,
    /// Enclosures and media links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
}

/// What a document says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// As in [`Feed::format`].
    pub format: String,
    /// Declared language.
    pub language: Option<String>,
    /// Where it says that it is.
    pub self_url: Option<Url>,
    /// The page that it belongs to.
    pub site_url: Option<Url>,
    /// `WebSub` hubs.
    pub hubs: Vec<Url>,
    /// How often to look.
    pub rhythm: Rhythm,
    /// The name of each repair that was needed.
    pub repairs: Vec<String>,
}

/// Why a document could not be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FeedError(pub String);

/// How a repair begins that says that the document broke off.
const TRUNCATED: &str = "truncated";

impl Feed {
    /// All of it but its title and entries.
    #[must_use]
    pub fn about(&self) -> About {
        About {
            format: self.format.clone(),
            language: self.language.clone(),
            self_url: self.self_url.clone(),
            site_url: self.site_url.clone(),
            hubs: self.hubs.clone(),
            rhythm: self.rhythm.clone(),
            repairs: self.repairs.clone(),
        }
    }

    /// Whether the document broke off: its entries are good, but there were more of them.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.repairs.iter().any(|repair| repair.starts_with(TRUNCATED))
    }
}

impl Entry {
    /// Whether the entry says nothing by which it could be known or read: an `<item/>`.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.id.is_none()
            && self.url.is_none()
            && self.title.is_none()
            && self.summary_html.is_none()
            && self.content_html.is_none()
    }

    /// Fingerprint of what the entry says (not of its identity): a changed hash under the same key is an edit. What a
    /// reader does not see (markup, white space, typography, counts of comments, dates) does not change it.
    #[must_use]
    pub fn content_hash(&self) -> String {
        identity::content_hash(self)
    }
}

/// `link` made absolute against `base`, if it is an address of the web.
#[must_use]
pub fn web_address(link: &str, base: &Url) -> Option<Url> {
    base.join(link.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether `tag` can be a language tag (BCP 47). Each entry inherits the feed's, so none may be of any length.
fn is_language(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
}

#[cfg(test)]
mod tests;
