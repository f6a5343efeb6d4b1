//! An article as `--json` gives it and as a person reads it.

use std::io;

use serde::Serialize;
use url::Url;

use super::print::{Printer, shown};
use super::style::{STRONG, paint};
use super::when::When;
use crate::article::{Article, Evidence, Kind, Post, TextFrom};
use crate::clock::Timestamp;
use crate::text::count::count;

/// An article with the evidence for what is said of it.
#[derive(Debug, Serialize)]
pub(super) struct ArticleView {
    pub(super) url: Option<Url>,
    pub(super) canonical_url: Option<Url>,
    pub(super) title: String,
    pub(super) byline: Option<String>,
    pub(super) published: Option<Timestamp>,
    /// "feed", "json-ld", "meta", "time", "text", "address", or empty.
    pub(super) published_from: String,
    /// Who supplied the text, if not the site itself.
    pub(super) credit: Option<String>,
    pub(super) modified: Option<Timestamp>,
    pub(super) language: Option<String>,
    pub(super) site: Option<String>,
    pub(super) lead: String,
    /// Lead and body.
    pub(super) text: String,
    pub(super) furniture: String,
    /// Where the text comes from, in words.
    pub(super) text_from: String,
    /// "article", "live", "video" or "paywall".
    pub(super) kind: &'static str,
    /// The block quotes of the text; they stand in `text` too.
    pub(super) quotes: Vec<String>,
    /// What is written beside its pictures; it stands in `furniture` too.
    pub(super) captions: Vec<String>,
    /// The posts of a live page.
    pub(super) posts: Vec<Post>,
    /// Which evidence won for title, byline and language.
    pub(super) evidence: Evidence,
}

impl ArticleView {
    pub(super) fn of(article: Article) -> Self {
        let text = article.text();
        let Article { url, canonical_url, title, lead, byline, published, published_from, .. } = article;
        let Article { modified, language, site, furniture, text_from, kind, posts, evidence, .. } = article;
        let Article { credit, quotes, captions, .. } = article;
        let text_from = match text_from {
            TextFrom::Page => "page".to_owned(),
            TextFrom::Feed(because) => format!("feed ({because})"),
            TextFrom::None => "nowhere".to_owned(),
        };
        Self {
            url,
            canonical_url,
            title,
            byline,
            credit,
            published,
            published_from,
            modified,
            language,
            site,
            lead,
            text,
            furniture,
            text_from,
            kind: kind.word(),
            quotes,
            captions,
            posts,
            evidence,
        }
    }

    /// Headline and facts, each with its evidence; not the text.
    pub(super) fn print_facts(&self, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
        to.line(paint(STRONG, shown(&self.title)))?;
        let with = |value: &Option<String>, evidence: &str| {
            value.as_ref().map(|value| match evidence {
                "" => value.clone(),
                evidence => format!("{value}, from {evidence}"),
            })
        };
        let mut fact = |name: &str, value: Option<String>| match value {
            Some(value) => to.line(format!("  {name:<10} {}", shown(&value))),
            None => Ok(()),
        };
        let named = match self.evidence.title.as_str() {
            "heading" => "the heading on the page",
            "document" => "the document's title",
            other => other,
        };
        fact("title from", Some(named.to_owned()).filter(|named| !named.is_empty()))?;
        fact("address", self.url.as_ref().map(Url::to_string))?;
        fact(
            "canonical",
            self.canonical_url.as_ref().filter(|url| Some(*url) != self.url.as_ref()).map(Url::to_string),
        )?;
        fact("site", self.site.clone())?;
        fact("byline", with(&self.byline, &self.evidence.byline))?;
        fact("credit", self.credit.clone())?;
        let published = match (self.published, self.published_from.as_str()) {
            (None, _) => "unknown".to_owned(),
            (Some(at), "") => when.both(at),
            (Some(at), evidence) => format!("{}, from {evidence}", when.both(at)),
        };
        fact("published", Some(published))?;
        fact("modified", self.modified.map(|at| when.both(at)))?;
        let said = match self.evidence.language.as_str() {
            "words" => "its words",
            "declared" => "what the page declares",
            other => other,
        };
        fact("language", with(&self.language, said))?;
        let kind = match self.posts.len() {
            _ if self.kind == Kind::Article.word() => None,
            0 => Some(self.kind.to_owned()),
            posts => Some(format!("{}, {}", self.kind, count(posts, "post"))),
        };
        fact("kind", kind)?;
        let words = |text: &str| count(text.split_whitespace().count(), "word");
        let (text, furniture) = (words(&self.text), words(&self.furniture));
        fact("text", Some(format!("{text} from the {}, {furniture} of furniture", self.text_from)))
    }
}
