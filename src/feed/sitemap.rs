//! Sitemaps (sitemaps.org 0.9 with Google's news extension): a list of addresses as a feed, or an index of more sitemaps.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use url::Url;

use super::markup::{Tag, Token, Tokens, split_name};
use super::plain::clip;
use super::sitemap_entry::Record;
use super::sniff::other_than;
use super::unpack::unpack;
use super::{Entry, Feed, FeedError, MAX_ENTRIES, TRUNCATED, decode, identify, read_feed, web_address};
use crate::clock::Timestamp;

/// Most addresses that are read of one sitemap, and most that one may have (sitemaps.org).
const MAX_ADDRESSES: usize = 50_000;
/// Most sitemaps of an index that are looked at. Those that are left out are old, or nothing tells when they are from.
const MAX_CHILDREN: usize = 500;
/// Most bytes that are read of one sitemap, unpacked, and most that one may have (sitemaps.org).
const MAX_SIZE: usize = 50 * 1024 * 1024;
/// The formats of feeds whose roots may stand where a sitemap should: search engines take those as well.
const FEEDS: [&str; 3] = ["rss", "rdf", "feed"];

/// What stands at the address of a sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one a document")]
pub enum Sitemap {
    /// Addresses, each with what the sitemap says of its page. Keys are given.
    Entries(Feed),
    /// Further sitemaps, in document order; of very many the newest.
    Index(Vec<Child>),
}

/// A sitemap in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Where it is.
    pub url: Url,
    /// When it last changed, as the index says (`lastmod`).
    pub modified: Option<Timestamp>,
}

/// Reads a sitemap or an index of sitemaps: XML, a text of one address a line, or a feed; packed with gzip or not.
/// `base` makes relative addresses absolute; dates more than two days after `now` are no dates.
///
/// # Errors
/// When the bytes are none of these (HTML, empty, broken): says what was found instead.
pub fn read_sitemap(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    now: Timestamp,
) -> Result<Sitemap, FeedError> {
    let unpacked = unpack(bytes, MAX_SIZE);
    let decoded = decode(&unpacked.bytes, content_type);
    let text = clip(decoded.trim_start(), MAX_SIZE);
    let mut repairs = Vec::new();
    if unpacked.cut || decoded.trim_start().len() > MAX_SIZE {
        repairs.push(format!("{TRUNCATED}: only the first {} MiB were read", MAX_SIZE / 1024 / 1024));
    }
    let mut tokens = Tokens::new(text);
    let mut first = None;
    while let Some(token) = tokens.next() {
        let Token::Start(root) = token else { continue };
        match split_name(root.name).1.to_ascii_lowercase().as_str() {
            "urlset" => return Ok(Sitemap::Entries(addresses(&root, tokens, base, now, repairs))),
            "sitemapindex" => return Ok(Sitemap::Index(children(&root, tokens, base, now))),
            name if FEEDS.contains(&name) => {
                let feed = read_feed(&unpacked.bytes, content_type, base, now)?;
                return Ok(Sitemap::Entries(Feed { entries: identify(feed.entries), ..feed }));
            }
            "html" => return Err(other_than("sitemap", text, Some("html"))),
            _ => first = first.or(Some(root.name)),
        }
    }
    if text.starts_with('{') {
        let feed = read_feed(&unpacked.bytes, content_type, base, now)?;
        return Ok(Sitemap::Entries(Feed { entries: identify(feed.entries), ..feed }));
    }
    match lines(text, unpacked.broken) {
        Some((found, cut)) if first.is_none() => {
            repairs.extend(cut.then(|| format!("only the first {MAX_ADDRESSES} addresses were read")));
            Ok(Sitemap::Entries(feed(found, repairs)))
        }
        _ => Err(other_than("sitemap", text, first)),
    }
}

/// The elements `url` (or `sitemap`) of a document, as records.
struct Records<'a> {
    tokens: Tokens<'a>,
    /// What an element of the list is called.
    item: &'static str,
    root: &'a str,
    open: Option<Record<'a>>,
    /// True once the document ended as it should.
    ended: bool,
    /// True if it ended within an element of the list.
    cut: bool,
}

impl<'a> Records<'a> {
    fn new(root: &Tag<'a>, tokens: Tokens<'a>, item: &'static str) -> Self {
        Self { tokens, item, root: root.name, open: None, ended: root.empty, cut: false }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let is_item = |item: &str, name: &str| split_name(name).1.eq_ignore_ascii_case(item);
        while !self.ended {
            let Some(token) = self.tokens.next() else {
                self.cut = self.open.take().is_some();
                return None;
            };
            match token {
                Token::Start(tag) if is_item(self.item, tag.name) => {
                    if let Some(unclosed) = self.open.replace(Record::new(tag.name)) {
                        return Some(unclosed);
                    }
                }
                Token::End(name) if is_item(self.item, name) => {
                    if let Some(record) = self.open.take() {
                        return Some(record);
                    }
                }
                Token::End(name) if name == self.root => {
                    self.ended = true;
                    return self.open.take();
                }
                Token::Start(tag) => self.each(|record| record.start(&tag)),
                Token::End(name) => self.each(|record| record.end(name)),
                Token::Text(text) => self.each(|record| record.text(text, false)),
                Token::CData(text) => self.each(|record| record.text(text, true)),
            }
        }
        None
    }
}

impl<'a> Records<'a> {
    fn each(&mut self, tell: impl FnOnce(&mut Record<'a>)) {
        if let Some(record) = &mut self.open {
            tell(record);
        }
    }
}

fn addresses(root: &Tag, tokens: Tokens, base: &Url, now: Timestamp, mut repairs: Vec<String>) -> Feed {
    let mut records = Records::new(root, tokens, "url");
    let (mut found, mut names, mut without) = (Found::default(), HashSet::new(), 0_usize);
    for record in &mut records {
        if found.entries.len() >= MAX_ADDRESSES {
            repairs.push(format!("only the first {MAX_ADDRESSES} addresses were read"));
            break;
        }
        match record.entry(base, now) {
            Some((entry, name)) => {
                names.insert(name);
                found.push(entry);
            }
            None => without += 1,
        }
    }
    if without > 0 {
        repairs.push(format!("{without} entries without an address are left out"));
    }
    if records.cut {
        repairs.push(format!("{TRUNCATED}: the last entry was incomplete and is left out"));
    } else if !records.ended && found.entries.len() < MAX_ADDRESSES {
        repairs.push(format!("{TRUNCATED}: the end of the sitemap is missing"));
    }
    let mut feed = feed(found, repairs);
    // One name for all is the site's own.
    let mut names = names.into_iter().flatten();
    if let (Some(name), None) = (names.next(), names.next()) {
        feed.entries.iter_mut().for_each(|entry| entry.source = None);
        feed.title = Some(name);
    }
    feed
}

fn children(root: &Tag, tokens: Tokens, base: &Url, now: Timestamp) -> Vec<Child> {
    let mut seen = HashSet::new();
    let mut children: Vec<Child> = Records::new(root, tokens, "sitemap")
        .filter_map(|record| record.child(base, now))
        .filter(|child| seen.insert(child.url.clone()))
        .take(MAX_ADDRESSES)
        .collect();
    keep_newest(&mut children, MAX_CHILDREN, |child| child.modified);
    children
}

/// The addresses in a text of one a line, and whether there are too many; `None` if it is something else. `broken`: the
/// last line may be cut off.
fn lines(text: &str, broken: bool) -> Option<(Found, bool)> {
    let mut found = Found::default();
    let whole = if broken { text.rsplit_once('\n').map_or("", |(whole, _)| whole) } else { text };
    let mut lines = whole.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines.by_ref().take(MAX_ADDRESSES) {
        let url = Url::parse(line).ok().filter(|_| !line.contains(char::is_whitespace))?;
        let url = web_address(url.as_str(), &url)?;
        found.push(Entry { url: Some(url), ..Entry::default() });
    }
    (!found.entries.is_empty()).then(|| (found, lines.next().is_some()))
}

/// Entries, one for each address.
#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl Found {
    /// Adds `entry`; of two with one address the first counts, with the later date of change.
    fn push(&mut self, mut entry: Entry) {
        let Some(url) = &entry.url else { return };
        let address = String::from(crate::text::address::canonical(url));
        if let Some(known) = self.places.get(&address).and_then(|at| self.entries.get_mut(*at)) {
            known.updated = known.updated.max(entry.updated);
            return;
        }
        entry.key.clone_from(&address);
        self.places.insert(address, self.entries.len());
        self.entries.push(entry);
    }
}

/// The feed of what was found: of too many the newest.
fn feed(found: Found, mut repairs: Vec<String>) -> Feed {
    let mut entries = identify(found.entries);
    let total = entries.len();
    if total > MAX_ENTRIES {
        keep_newest(&mut entries, MAX_ENTRIES, |entry| entry.updated.max(entry.published));
        repairs.push(format!("only the newest {MAX_ENTRIES} of {total} addresses were kept"));
    }
    Feed { format: "sitemap".to_owned(), entries, repairs, ..Feed::default() }
}

/// Keeps the newest `most` of a list. Of those without a date the first and the last: news are added at one of the two
/// ends.
fn keep_newest<T>(all: &mut Vec<T>, most: usize, date: impl Fn(&T) -> Option<Timestamp>) {
    let times: Vec<Option<Timestamp>> = all.iter().map(date).collect();
    let of = |at: usize| times.get(at).copied().flatten();
    let (mut dated, rest): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|at| of(*at).is_some());
    dated.sort_by_key(|at| Reverse(of(*at)));
    let others = rest.len().min((most / 2).max(most.saturating_sub(dated.len())));
    let first = rest.iter().take(others / 2);
    let last = rest.iter().rev().take(others - others / 2);
    let kept: HashSet<usize> =
        dated.iter().take(most.saturating_sub(others)).chain(first).chain(last).copied().collect();
    let mut places = 0..all.len();
    all.retain(|_| places.next().is_some_and(|at| kept.contains(&at)));
}

#[cfg(test)]
mod tests;
