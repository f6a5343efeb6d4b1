//! From any address to the sources that it stands for: what to ask for, in which order, and which answer is best. Asks
//! nothing itself.

use std::collections::HashSet;

use url::Url;

use crate::source::SourceKind;

mod address;
mod densest;
mod guess;
mod page;
mod paths;
mod rank;
mod sample;
mod sites;

pub use address::addresses;
pub use guess::{guess_links, guess_watch};
pub use page::{Finds, from_page};
pub use paths::{common_feeds, common_sitemaps, newest_child, robots, robots_sitemaps};
pub use rank::{Ranked, rank};
pub use sample::{Sample, sample};
pub use sites::site_feeds;

/// Something that may be a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where.
    pub url: Url,
    /// How it would be read.
    pub kind: SourceKind,
    /// How it came up.
    pub via: Via,
    /// What the page that names it calls it.
    pub title: Option<String>,
}

/// How a candidate came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// It stands at the very address that was given.
    Itself,
    /// The site has a rule for the addresses of its feeds; this says which.
    Site(&'static str),
    /// The page names it in its head.
    Declared,
    /// The page links to it.
    Linked,
    /// Many sites have a feed there.
    Path,
    /// The site's robots.txt names it.
    Robots,
    /// Read from how the page is built.
    Guess,
    /// The person says how the page is read.
    Selected,
}

/// The form of an address under which it is known here: what differs in nothing but a last slash is one.
fn identity(url: &Url) -> String {
    let mut text = String::from(crate::text::address::canonical(url));
    if text.ends_with('/') {
        text.pop();
    }
    text
}

/// Adds `candidate` unless its address is there already.
fn push(candidates: &mut Vec<Candidate>, known: &mut HashSet<String>, candidate: Candidate) {
    if known.insert(identity(&candidate.url)) {
        candidates.push(candidate);
    }
}

#[cfg(test)]
mod tests;
