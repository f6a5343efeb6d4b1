//! A feed as published → a small well-formed feed that says the same, which is all that feed-rs ever sees: it ends
//! the process on deep nesting, panics on some authors and durations, and reads other namespaces as no entries.
//! One pass over the tokens; the output is five elements deep whatever the input is.

use url::Url;

use super::beside::Beside;
use super::element::{End, Inside, Mode, mode};
use super::markup::{Tag, Token, Tokens, split_name};
use super::vocabulary::{Field, Part, Vocabulary};
use super::{Feed, TRUNCATED, is_language};
use crate::clock::Timestamp;

mod entry;
mod write;

use entry::{Entry, MAX_FIELDS};
use write::MAX_VALUE;

/// Longest base address that is believed, in bytes: it is copied into every link.
const MAX_BASE: usize = 2_048;
/// Most bytes that are written: escaping makes up to six of one.
const MAX_OUTPUT: usize = 32 << 20;
/// What is added to the rank of a field that stands deeper than it should.
const NESTED: u8 = 8;

/// What a feed became.
#[derive(Debug)]
pub(super) struct Tidied {
    /// RSS 2.0 or Atom 1.0.
    pub(super) xml: String,
    /// Ids and prose. The document holds their places here instead, so that feed-rs need not read them once more.
    pub(super) texts: Vec<String>,
    /// What the feed says besides, and what is to be added to each entry.
    pub(super) beside: (Feed, Vec<super::Entry>),
    /// How many entries were written.
    pub(super) entries: usize,
    /// How many start tags of entries were seen.
    pub(super) found: usize,
    /// What had to be repaired, each once.
    pub(super) repairs: Vec<String>,
}

/// Rewrites the feed whose root is `root` and whose rest `tokens` will read. Addresses are resolved against `base`.
pub(super) fn tidy<'a>(root: &Tag<'a>, tokens: Tokens<'a>, atom: bool, base: &Url, now: Timestamp) -> Tidied {
    let mut tidy = Tidy {
        atom,
        vocabulary: Vocabulary::new(root, atom),
        base: base.clone(),
        now,
        xml: String::new(),
        texts: Vec::new(),
        written: 0,
        beside: Beside::default(),
        cdf: split_name(root.name).1.eq_ignore_ascii_case("channel"),
        entry: None,
        inside: None,
        had: Vec::new(),
        entries: 0,
        found: 0,
        channels: 0,
        reach: Reach::Feed,
        repairs: Vec::new(),
    };
    tidy.base = tidy.base_of(root);
    tidy.open_root(root);
    tidy.beside.inherited_language(language_of(root));
    let is = |name: &str| split_name(root.name).1.eq_ignore_ascii_case(name);
    if tidy.cdf {
        tidy.open_channel(root);
    }
    // RSS 1.0 has its entries outside the channel.
    tidy.channels += usize::from(is("rdf"));
    let single = is("entry");
    if single {
        tidy.open_entry(root);
    }
    for token in tokens {
        match token {
            Token::Start(tag) => tidy.start(&tag),
            Token::End(name) => tidy.end(name),
            Token::Text(text) => tidy.text(text, false),
            Token::CData(text) => tidy.text(text, true),
        }
        if tidy.reach == Reach::Done || (single && tidy.entry.is_none()) {
            return tidy.finish();
        }
    }
    if tidy.entry.is_some() {
        // What of it was complete is good; the element that broke off is not.
        tidy.repair(&format!("{TRUNCATED}: the last entry is incomplete"));
        tidy.close_entry();
    } else if tidy.reach == Reach::Feed {
        tidy.repair(&format!("{TRUNCATED}: the end of the feed is missing"));
    } else if tidy.reach == Reach::PastChannel && !tidy.cdf {
        tidy.repair("a feed without its last end tag");
    }
    tidy.finish()
}

struct Tidy<'a> {
    atom: bool,
    vocabulary: Vocabulary<'a>,
    base: Url,
    now: Timestamp,
    xml: String,
    texts: Vec<String>,
    /// How many bytes the texts have.
    written: usize,
    beside: Beside,
    /// Whether the document is a CDF, or an RSS 1.1, whose root is the channel.
    cdf: bool,
    entry: Option<Entry>,
    inside: Option<Inside<'a>>,
    /// The fields of the feed itself that were written.
    had: Vec<Field>,
    entries: usize,
    found: usize,
    /// How many channels are open.
    channels: usize,
    reach: Reach,
    repairs: Vec<String>,
}

/// How far the reading got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The feed is open.
    Feed,
    /// The channel is closed; more may follow.
    PastChannel,
    /// The root is closed; another feed may follow.
    PastRoot,
    /// The rest is not read.
    Done,
}

impl<'a> Tidy<'a> {
    fn repair(&mut self, what: &str) {
        if !self.repairs.iter().any(|repair| repair == what) {
            self.repairs.push(what.to_owned());
        }
    }

    /// The base address that holds inside `tag` (`xml:base`).
    fn base_of(&self, tag: &Tag) -> Url {
        let base = self.entry.as_ref().map_or(&self.base, |entry| &entry.base);
        let own = tag.attribute("xml:base").or_else(|| tag.attribute("base").filter(|_| self.cdf));
        let own = own.and_then(|own| base.join(own.trim()).ok());
        own.filter(|own| own.as_str().len() <= MAX_BASE).unwrap_or_else(|| base.clone())
    }

    fn finish(mut self) -> Tidied {
        self.xml.push_str(if self.atom { "</feed>" } else { "</channel></rss>" });
        let Self { xml, texts, entries, found, repairs, .. } = self;
        Tidied { xml, texts, beside: self.beside.finish(self.atom), entries, found, repairs }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        self.vocabulary.declare(tag);
        let part = self.vocabulary.part(tag, self.entry.is_some());
        self.found += usize::from(part == Part::Entry);
        if let Some(inside) = &mut self.inside {
            // An entry begins only where the element before it was never closed; Atom may hold entries in content.
            let begins = part == Part::Entry && !(self.atom && self.entry.is_some());
            let field = matches!(part, Part::Field { .. }) && !tag.name.eq_ignore_ascii_case(inside.tag.name);
            if !(begins || (field && inside.is_simple())) {
                inside.start(tag, matches!(part, Part::Entry | Part::Root | Part::Channel));
                return;
            }
            self.repair("an element without its end");
            self.close_inside();
        }
        if self.reach != Reach::Feed && self.entry.is_none() && !matches!(part, Part::Entry | Part::Channel) {
            return;
        }
        let in_source = self.entry.as_ref().is_some_and(|entry| entry.in_source);
        let unread = (!tag.empty).then(|| Inside::unread(*tag));
        match part {
            Part::Channel => self.open_channel(tag),
            Part::Entry => match &mut self.entry {
                // It says nothing; a feed of FeedBurner's had one inside each entry.
                Some(entry) if tag.empty => entry.empty += 1,
                Some(_) if in_source => self.inside = unread,
                _ => self.start_entry(tag),
            },
            Part::Field { field, .. } if in_source && !matches!(field, Field::Title | Field::Link) => {
                self.inside = unread;
            }
            Part::Field { field: Field::Link, rank } if link_address(tag).is_some() => {
                self.link(tag, rank);
                self.inside = unread;
            }
            Part::Field { field, rank } => {
                let mode = if self.atom { mode(tag, field) } else { Mode::of_rss(field, tag) };
                if !tag.empty {
                    self.inside = Some(Inside::field(*tag, field, rank, mode));
                } else if field == Field::Category {
                    self.field(field, rank, "", tag);
                }
            }
            Part::Source => self.entry.iter_mut().for_each(|entry| entry.in_source = !tag.empty),
            Part::Media | Part::Wrapper => {
                if part == Part::Media && !in_source {
                    self.beside.media(tag, &self.base_of(tag));
                }
                if self.cdf && tag.name.eq_ignore_ascii_case("a") && self.entry.is_some() {
                    self.link(tag, 1);
                }
                self.entry.iter_mut().for_each(|entry| entry.nested += usize::from(!tag.empty));
            }
            Part::Unread => self.inside = unread,
            Part::Root => {}
        }
    }

    fn start_entry(&mut self, tag: &Tag<'a>) {
        if self.entry.is_some() {
            self.repair("an entry without its end");
            self.close_entry();
        }
        if self.reach != Reach::Feed {
            self.repair("entries after the end of the feed");
        }
        self.open_entry(tag);
        if tag.empty {
            self.close_entry();
        }
    }

    fn end(&mut self, name: &str) {
        let local = split_name(name).1;
        let is = |names: &[&str]| names.iter().any(|own| own.eq_ignore_ascii_case(local));
        let (channel, ends) = (is(&["channel"]), is(&["rss", "rdf", "feed"]));
        let outer = channel || ends || is(&["item", "entry"]);
        if let Some(inside) = &mut self.inside {
            match inside.end(name, outer) {
                End::Own => return self.close_inside(),
                End::Within => return,
                End::Outer => {
                    self.repair("an element without its end");
                    self.close_inside();
                }
            }
        }
        if outer {
            self.close_entry();
            self.channels = self.channels.saturating_sub(usize::from(channel));
            if ends {
                self.reach = Reach::PastRoot;
            } else if channel && self.channels == 0 {
                self.reach = Reach::PastChannel;
            }
        } else if let Some(entry) = &mut self.entry {
            if entry.in_source {
                entry.in_source = !is(&["source"]);
            } else {
                entry.nested = entry.nested.saturating_sub(1);
            }
        }
    }

    fn text(&mut self, text: &'a str, cdata: bool) {
        let Some(inside) = &mut self.inside else { return };
        for fault in inside.text(text, cdata) {
            self.repair(fault);
        }
    }

    fn close_inside(&mut self) {
        let Some(inside) = self.inside.take() else { return };
        let tag = inside.tag;
        if let Some((field, rank, value, markup)) = inside.into_field() {
            if markup && !self.atom {
                self.repair("markup that was not escaped");
            }
            self.field(field, rank, value.trim(), &tag);
        }
    }

    /// A field whose value is `value`, from the element `tag`.
    fn field(&mut self, field: Field, rank: u8, value: &str, tag: &Tag) {
        // Another id may still be an address; another of any other field is of no use.
        let written = |entry: &Entry| !entry.in_source && field != Field::Id && entry.had.contains(&field);
        if self.entry.as_ref().is_some_and(written) {
            return;
        }
        let base = self.base_of(tag);
        let address;
        let value = match field {
            Field::Link => {
                address = base.join(value).ok();
                address.as_ref().filter(|_| !value.is_empty()).map_or(value, Url::as_str)
            }
            _ => value,
        };
        let Some(entry) = &mut self.entry else {
            if !self.beside.feed_field(field, value, &base) {
                self.put(field, value, None);
            }
            return;
        };
        if entry.in_source {
            return self.beside.source_field(field, value, &base);
        }
        if self.beside.entry_field(field, value, tag, &base) || value.is_empty() {
            return;
        }
        let rank = rank + if entry.nested > 0 { NESTED } else { 0 };
        if rank > 0 {
            return entry.spare(rank, field, value);
        }
        if field == Field::Id && entry.permalink.is_none() {
            // RSS 2.0: a guid is the address of the entry unless it says that it is not.
            let own = tag.attribute("isPermaLink");
            entry.permalink = match own.as_deref().map(str::trim) {
                Some(own) if own.eq_ignore_ascii_case("true") => base.join(value).map(String::from).ok(),
                Some(_) => None,
                None if value.starts_with('/') => base.join(value).map(String::from).ok(),
                None => is_address(value).then(|| value.to_owned()),
            };
        }
        let language = language_of(tag);
        self.put(field, value, language.as_deref());
    }

    /// A link that stands in attributes (Atom's).
    fn link(&mut self, tag: &Tag, rank: u8) {
        if let Some(entry) = &mut self.entry {
            entry.links += 1;
            if entry.links > MAX_FIELDS {
                return;
            }
        }
        let Some(href) = link_address(tag) else { return };
        let base = self.base_of(tag);
        let href = base.join(href.trim()).map_or(href, String::from);
        let relations = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        // The registered ones may be written as addresses (RFC 4287, section 4.2.7.2).
        let mut relations =
            relations.split_ascii_whitespace().map(|one| one.rsplit('/').next().unwrap_or(one));
        let relation = relations.next().unwrap_or("alternate");
        let Some(entry) = &mut self.entry else {
            return self.beside.feed_link(relation, &href, &base);
        };
        match relation {
            "alternate" if entry.in_source => self.beside.source_field(Field::Link, &href, &base),
            "enclosure" if !entry.in_source => self.beside.media(tag, &base),
            "alternate" => {
                let rank = rank + if entry.nested > 0 { NESTED } else { 0 };
                if rank > 0 {
                    entry.spare(rank, Field::Link, &href);
                } else if self.atom && href.len() <= MAX_VALUE {
                    entry.had.push(Field::Link);
                    self.atom_link(&href, tag.attribute("type").as_deref());
                } else {
                    self.put(Field::Link, &href, None);
                }
            }
            _ => {}
        }
    }
}

/// The address that a link has in its attributes.
fn link_address(tag: &Tag) -> Option<String> {
    ["href", "url", "uri"]
        .iter()
        .filter(|name| **name == "href" || tag.empty)
        .find_map(|name| tag.attribute(name).filter(|address| !address.trim().is_empty()))
}

fn language_of(tag: &Tag) -> Option<String> {
    tag.attribute("xml:lang").map(|tag| tag.trim().to_owned()).filter(|tag| is_language(tag))
}

fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}
