//! Page → [`Article`] with zones (title, lead, body, furniture), metadata and dates. Pure.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::Timestamp;

mod arena; // the tree while it is built
mod dom; // HTML → a flat page
mod blocks; // a page → blocks of text
mod roles; // what class, id and tag say of an element
mod labels; // what a line says of itself
mod cards; // rows of boxes that tell of other articles
mod lead; // where the lead ends
mod lists; // lists of other articles below the text
mod choose; // which elements hold the article
mod zones; // blocks → title, lead, body, furniture
mod jsonld; // what the page says in JSON-LD
mod microdata; // the same in microdata
mod dates; // dates as pages write them for machines
mod dateline; // dates as a reader sees them
mod title; // the headline
mod metadata; // byline, dates, site, address
mod embedded; // an article among the data of scripts
mod kind; // plain, live, video, paid
mod live; // the posts of a live page
mod template; // what repeats on the pages of a host
mod stub; // pages that are no article
mod extract;
mod from_entry;

#[cfg(test)]
mod tests;

pub use extract::{Hints, extract};
pub use from_entry::{from_entry, text_of_html};
pub use kind::Kind;
pub use lead::split_lead;
pub use live::Post;
pub use template::{Sketch, Template};

/// Where in an article words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// The headline.
    Title,
    /// Standfirst or first paragraph.
    Lead,
    /// The rest of the article's own text.
    Body,
    /// Everything on the page that is not the article: navigation, sidebars, "most read", related links.
    Furniture,
}

impl Zone {
    /// All zones, in reading order.
    pub const ALL: [Self; 4] = [Self::Title, Self::Lead, Self::Body, Self::Furniture];

    /// The word for this zone in rules and explanations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Body => "body",
            Self::Furniture => "furniture",
        }
    }
}

/// An entry's page, extracted. Paragraphs are separated by a blank line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Where it was read, after redirects.
    pub url: Option<Url>,
    /// What the page calls its own address, made canonical.
    pub canonical_url: Option<Url>,
    /// Headline without the site's name.
    pub title: String,
    /// Standfirst, or the first paragraph.
    pub lead: String,
    /// The text after the lead.
    pub body: String,
    /// The text of the page that is not the article.
    pub furniture: String,
    /// Who wrote it, as printed.
    pub byline: Option<String>,
    /// Who supplied the text, as the page prints or declares it, if not the site itself: "Source: Reuters", "AFP".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// Which evidence gave `published`: "feed", "json-ld", "microdata", "meta", "time", "address", "text", or empty.
    pub published_from: String,
    /// Which evidence gave the rest.
    #[serde(default)]
    pub evidence: Evidence,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// The site's name for itself.
    pub site: Option<String>,
    /// Where the text comes from.
    pub text_from: TextFrom,
    /// The sort of page that it stands on.
    #[serde(default)]
    pub kind: Kind,
    /// The posts of a live page, as the page orders them; their text stands in lead and body too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<Post>,
    /// The block quotes of the text, in order; they stand in lead and body too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<String>,
    /// What is written beside its pictures, in order; it stands in the furniture too, as an archive picture tells of
    /// other days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
    /// What its text was made of, for the [`Template`] of its host.
    #[serde(skip)]
    pub sketch: Sketch,
}

/// Which evidence won for a field; empty where there was none, or none is known any more.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// "heading" (a `<h1>`), "feed", "meta", "json-ld", "microdata" or "document" (its `<title>`).
    pub title: String,
    /// "json-ld", "microdata", "meta", "text" or "feed".
    pub byline: String,
    /// "words" of the text, or "declared" by page or feed.
    pub language: String,
}

/// Where the text of an article comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "from", content = "because")]
pub enum TextFrom {
    /// Its own page.
    Page,
    /// The feed's content or summary, with the reason why not the page.
    Feed(String),
    /// Nowhere yet.
    #[default]
    None,
}

impl Article {
    /// The text of one zone.
    #[must_use]
    pub fn zone(&self, zone: Zone) -> &str {
        match zone {
            Zone::Title => &self.title,
            Zone::Lead => &self.lead,
            Zone::Body => &self.body,
            Zone::Furniture => &self.furniture,
        }
    }

    /// Lead and body: the article's own text without its title.
    #[must_use]
    pub fn text(&self) -> String {
        [self.lead.as_str(), self.body.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }
}

/// Why a page gave no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// It holds none, or cannot be read: why, in words.
    #[error("{0}")]
    NoArticle(String),
    /// It holds too little text: why, in words. With the text of its feed beside it, it may do.
    #[error("{0}")]
    TooShort(String),
    /// It holds the start of one, and the feed has more of it.
    #[error("the page shows only the start, its feed says more")]
    OnlyTheStart,
}
