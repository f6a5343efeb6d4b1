//! Reports of one event: which story a report belongs to, who said it first, what is new in it. Pure.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

mod attribution;
mod byline;
mod compact;
mod foreign;
mod gazetteer;
mod index;
mod members;
mod mention;
mod novelty;
mod origin;
mod outlets;
mod terms;
mod turn;
mod view;
mod vocabulary;
mod wire;

#[cfg(test)]
mod tests;

pub use gazetteer::outlet_name;
pub use index::{Assignment, Candidate, StoryIndex};
pub use mention::reporters;
pub use novelty::novel_sentences;
pub use origin::origins;
pub use terms::Terms;
pub use view::{Judged, StoryView, judge};

/// One article from one outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The store's id; in `inspect` the position in the manifest.
    pub id: i64,
    /// When it was published, else when it was first seen.
    pub time: Timestamp,
    /// Headline.
    pub title: String,
    /// Lead and body, paragraphs separated by a blank line.
    pub text: String,
    /// The outlet's name as shown to the person.
    pub outlet: String,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Who wrote or supplied it, as the page says beside the text: "Reuters", "Source: AFP".
    pub credit: Option<String>,
}

/// Who a report says it has its news from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Canonical name: "The New York Times".
    pub name: String,
    /// What it is.
    pub kind: OriginKind,
    /// The words of the report that say so: "the New York Times reported on Monday".
    pub evidence: String,
}

/// What kind of origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OriginKind {
    /// A newspaper, broadcaster or site.
    Outlet,
    /// A wire agency.
    Agency,
    /// The report names nobody: its own outlet.
    Own,
}

/// A sentence that no earlier report of the story says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NovelSentence {
    /// The sentence.
    pub sentence: String,
    /// Why it counts as new: "covered 0.31 by the nearest earlier sentence; new: Vostochny, 13".
    pub why: String,
}

/// What a report is to its story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NewsKind {
    /// It opens the story.
    New,
    /// An independent origin says the same.
    Confirmation,
    /// It brings new sentences.
    Development,
    /// It corrects or retracts.
    Correction,
    /// Nothing new.
    Rehash,
}

impl NewsKind {
    /// The word in tables and `--json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Confirmation => "confirmation",
            Self::Development => "development",
            Self::Correction => "correction",
            Self::Rehash => "rehash",
        }
    }
}
