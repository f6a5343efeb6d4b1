//! One `url` of a sitemap, or one `sitemap` of an index: what stands in it, by the path of its elements.

use url::Url;

use super::markup::{Tag, split_name, unescape};
use super::plain::{collapse, short};
use super::sitemap::Child;
use super::{Entry, EntrySource, dates, is_language, web_address};
use crate::clock::Timestamp;

/// Deepest element that is told from others.
const MAX_DEPTH: usize = 8;
/// Longest value that is kept, in bytes: browsers take addresses of some thousands.
const MAX_VALUE: usize = 8_192;
/// Most translations of a page that are looked at for its language.
const MAX_ALTERNATES: usize = 100;

/// The values that are read, with their paths below the element.
const VALUES: [&[&str]; 8] = [
    &["loc"],
    &["lastmod"],
    &["news", "title"],
    &["news", "publication_date"],
    &["news", "keywords"],
    &["news", "publication", "name"],
    &["news", "publication", "language"],
    &["news", "language"],
];
const LOC: usize = 0;
const LASTMOD: usize = 1;
const TITLE: usize = 2;
const PUBLISHED: usize = 3;
const KEYWORDS: usize = 4;
const NAME: usize = 5;
const LANGUAGES: [usize; 2] = [6, 7];

/// An element of a list as far as it was read.
pub(super) struct Record<'a> {
    /// The prefix that the format itself has in this document; extensions have others.
    prefix: &'a str,
    /// The names of the elements that are open, as written.
    path: Vec<&'a str>,
    /// How many are open below that.
    below: usize,
    values: [String; VALUES.len()],
    /// Translations of the page: language and address (`xhtml:link`).
    alternates: Vec<(String, String)>,
}

impl<'a> Record<'a> {
    /// The element called `name` begins.
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            prefix: split_name(name).0,
            path: Vec::new(),
            below: 0,
            values: Default::default(),
            alternates: Vec::new(),
        }
    }

    /// A start tag within.
    pub(super) fn start(&mut self, tag: &Tag<'a>) {
        if let (Some(language), Some(href)) = (tag.attribute("hreflang"), tag.attribute("href"))
            && self.alternates.len() < MAX_ALTERNATES
        {
            self.alternates.push((language, href));
        }
        if tag.empty {
            return;
        }
        if self.path.len() < MAX_DEPTH && self.below == 0 {
            self.path.push(tag.name);
        } else {
            self.below += 1;
        }
    }

    /// An end tag within. One that closes nothing is passed over; one that closes an outer element closes all in it.
    pub(super) fn end(&mut self, name: &str) {
        if self.below > 0 {
            self.below -= 1;
        } else if let Some(at) = self.path.iter().rposition(|open| *open == name) {
            self.path.truncate(at);
        }
    }

    /// Text within.
    pub(super) fn text(&mut self, text: &str, cdata: bool) {
        let Some(value) = self.place().and_then(|at| self.values.get_mut(at)) else { return };
        if value.len() + text.len() <= MAX_VALUE {
            if cdata { value.push_str(text) } else { value.push_str(&unescape(text)) }
        }
    }

    /// Which value the open elements are.
    fn place(&self) -> Option<usize> {
        let own = |name: &str| split_name(name).0 == self.prefix;
        let [first, ..] = self.path[..] else { return None };
        // `image:loc` outside its `image:image` is not the address of the page.
        if self.below > 0 || (self.path.len() == 1 && !own(first)) {
            return None;
        }
        VALUES.iter().position(|path| {
            path.len() == self.path.len()
                && path
                    .iter()
                    .zip(&self.path)
                    .all(|(want, name)| split_name(name).1.eq_ignore_ascii_case(want))
        })
    }

    fn value(&self, at: usize) -> Option<&str> {
        self.values.get(at).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn address(&self, base: &Url) -> Option<Url> {
        web_address(self.value(LOC)?, base)
    }

    fn date(&self, at: usize, now: Timestamp) -> Option<Timestamp> {
        dates::parse(self.value(at)?, now)
    }

    /// As a sitemap of an index.
    pub(super) fn child(&self, base: &Url, now: Timestamp) -> Option<Child> {
        Some(Child { url: self.address(base)?, modified: self.date(LASTMOD, now) })
    }

    /// As an entry, and the name of its publication.
    pub(super) fn entry(self, base: &Url, now: Timestamp) -> Option<(Entry, Option<String>)> {
        let url = self.address(base)?;
        let (published, updated) = (self.date(PUBLISHED, now), self.date(LASTMOD, now));
        let name = self.value(NAME).and_then(short);
        let said = LANGUAGES.into_iter().find_map(|at| self.value(at));
        let translation = || {
            let own = |(_, href): &&(String, String)| web_address(href, base).as_ref() == Some(&url);
            Some(self.alternates.iter().find(own)?.0.trim()).filter(|tag| *tag != "x-default")
        };
        let mut categories: Vec<String> = Vec::new();
        for keyword in self.value(KEYWORDS).unwrap_or_default().split(',').filter_map(collapse) {
            if !categories.contains(&keyword) && categories.len() < MAX_ALTERNATES {
                categories.push(keyword);
            }
        }
        let written = [PUBLISHED, LASTMOD].into_iter().find_map(|at| self.value(at));
        let entry = Entry {
            title: self.value(TITLE).and_then(short),
            published,
            updated,
            date_text: written.filter(|_| published.or(updated).is_none()).and_then(short),
            language: said.or_else(translation).filter(|tag| is_language(tag)).map(str::to_owned),
            categories,
            source: name.clone().map(|name| EntrySource { title: Some(name), url: None }),
            url: Some(url),
            ..Entry::default()
        };
        Some((entry, name))
    }
}
