//! A feed as published → a small well-formed feed that says the same, which is all that feed-rs ever sees: it ends
//! the process on deep nesting, panics on some authors and durations, and reads other namespaces as no entries.
//! One pass over the tokens; the output is five elements deep whatever the input is.

use url::Url;

use super::decode::decoded_twice;
use super::element::{Inside, Mode, mode, person_name};
use super::markup::{Tag, Token, Tokens, escape_into, split_name, without_forbidden};
use super::plain::clip;
use super::vocabulary::{Field, Part, Vocabulary};
use super::{MAX_ENTRIES, MAX_TEXT, TRUNCATED, is_language};
use crate::clock::Timestamp;

/// Longest base address that is believed, in bytes: it is copied into every link.
const MAX_BASE: usize = 2_048;
/// Longest value that is no prose (an address, a date, a name), in bytes; what is longer is none.
const MAX_VALUE: usize = 8_192;
/// Most fields of an entry, links counted one by one.
const MAX_FIELDS: usize = 100;
/// Most bytes that are written: escaping makes up to six of one.
const MAX_OUTPUT: usize = 32 << 20;

/// What a feed became.
#[derive(Debug)]
pub(super) struct Tidied {
    /// RSS 2.0 or Atom 1.0.
    pub(super) xml: String,
    /// Ids and prose. The document holds their places here instead, so that feed-rs need not read them once more.
    pub(super) texts: Vec<String>,
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
        entry: None,
        inside: None,
        had: Vec::new(),
        entries: 0,
        found: 0,
        ended: false,
        repairs: Vec::new(),
    };
    tidy.base = tidy.base_of(root);
    tidy.open_root(root);
    let single = split_name(root.name).1.eq_ignore_ascii_case("entry");
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
        if tidy.ended || (single && tidy.entry.is_none()) {
            return tidy.finish();
        }
    }
    match tidy.entry.take() {
        Some(entry) => {
            tidy.xml.truncate(entry.start);
            tidy.repair(&format!("{TRUNCATED}: the last entry was incomplete and is left out"));
        }
        None => tidy.repair(&format!("{TRUNCATED}: the end of the feed is missing")),
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
    entry: Option<Entry>,
    inside: Option<Inside<'a>>,
    /// The fields of the feed itself that were written.
    had: Vec<Field>,
    entries: usize,
    found: usize,
    ended: bool,
    repairs: Vec<String>,
}

/// The entry that is being written.
struct Entry {
    /// Where it starts in the output.
    start: usize,
    base: Url,
    language: Option<String>,
    had: Vec<Field>,
    /// Second-best values, for fields that get no better one.
    spare: Vec<(Field, String)>,
    /// An id that is an address, should there be no link.
    permalink: Option<String>,
}

impl Entry {
    /// Keeps a second-best value; only the first of a field can ever be needed.
    fn spare(&mut self, field: Field, value: &str) {
        if !value.is_empty() && self.spare.iter().all(|(own, _)| *own != field) {
            self.spare.push((field, value.to_owned()));
        }
    }
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
        let own = tag.attribute("xml:base").and_then(|own| base.join(own.trim()).ok());
        own.filter(|own| own.as_str().len() <= MAX_BASE).unwrap_or_else(|| base.clone())
    }

    fn open_root(&mut self, root: &Tag) {
        if self.atom {
            self.xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\"");
            self.attribute("xml:lang", language_of(root).as_deref());
            self.xml.push('>');
        } else {
            self.xml.push_str(
                "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
                 xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>",
            );
        }
    }

    fn finish(mut self) -> Tidied {
        self.xml.push_str(if self.atom { "</feed>" } else { "</channel></rss>" });
        let Self { xml, texts, entries, found, repairs, .. } = self;
        Tidied { xml, texts, entries, found, repairs }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        self.vocabulary.declare(tag);
        let part = self.vocabulary.part(tag, self.entry.is_some());
        if part == Part::Entry && tag.empty {
            return; // It says nothing; a feed of FeedBurner's had one inside each entry.
        }
        self.found += usize::from(part == Part::Entry);
        if let Some(inside) = &mut self.inside {
            // An entry begins only where the element before it was never closed; Atom may hold entries in content.
            if part != Part::Entry || (self.atom && self.entry.is_some()) {
                inside.start(tag, matches!(part, Part::Entry | Part::Root | Part::Channel));
                return;
            }
            self.repair("an element without its end");
            self.close_inside();
        }
        match part {
            Part::Channel => self.base = self.base_of(tag),
            Part::Entry => {
                if self.entry.is_some() {
                    self.repair("an entry without its end");
                    self.close_entry();
                }
                self.open_entry(tag);
            }
            Part::Field { field: Field::Link, second } if self.atom || tag.attribute("href").is_some() => {
                self.link(tag, second);
                self.inside = (!tag.empty).then(|| Inside::unread(*tag));
            }
            Part::Field { field, second } => {
                let mode = if self.atom { mode(tag, field) } else { Mode::of_rss(field) };
                if !tag.empty {
                    self.inside = Some(Inside::field(*tag, field, second, mode));
                }
            }
            Part::Unread => self.inside = (!tag.empty).then(|| Inside::unread(*tag)),
            Part::Root | Part::Wrapper => {}
        }
    }

    fn end(&mut self, name: &str) {
        let local = split_name(name).1;
        let is = |names: &[&str]| names.iter().any(|own| own.eq_ignore_ascii_case(local));
        let (closes, ends) = (is(&["item", "entry", "channel"]), is(&["rss", "rdf", "feed"]));
        let outer = closes || ends;
        if let Some(inside) = &mut self.inside {
            if inside.end(name, outer) {
                return self.close_inside();
            }
            if !outer || inside.holds_outer() {
                return;
            }
            self.repair("an element without its end");
            self.close_inside();
        }
        if outer {
            self.close_entry();
        }
        self.ended |= ends;
    }

    fn text(&mut self, text: &'a str, cdata: bool) {
        let Some(inside) = &mut self.inside else { return };
        for fault in inside.text(text, cdata) {
            self.repair(fault);
        }
    }

    fn open_entry(&mut self, tag: &Tag) {
        if self.entries == MAX_ENTRIES || self.xml.len() + self.written > MAX_OUTPUT {
            self.repair(&format!("only the first {} entries were read", self.entries));
            self.ended = true;
            return;
        }
        let about = tag.attributes().find(|(name, _)| split_name(name) == ("rdf", "about"));
        let about = about.and_then(|(name, _)| tag.attribute(name));
        self.entry = Some(Entry {
            start: self.xml.len(),
            base: self.base_of(tag),
            language: language_of(tag),
            had: Vec::new(),
            spare: about
                .iter()
                .filter(|about| !about.is_empty())
                .map(|about| (Field::Id, about.clone()))
                .collect(),
            permalink: about.filter(|about| is_address(about)),
        });
        self.xml.push_str(if self.atom { "<entry>" } else { "<item>" });
    }

    fn close_entry(&mut self) {
        let Some(entry) = &mut self.entry else { return };
        let mut spare = std::mem::take(&mut entry.spare);
        spare.extend(entry.permalink.take().map(|link| (Field::Link, link)));
        for (field, value) in spare {
            self.put(field, &value, None);
        }
        self.entry = None;
        self.entries += 1;
        self.xml.push_str(if self.atom { "</entry>" } else { "</item>" });
    }

    fn close_inside(&mut self) {
        let Some(inside) = self.inside.take() else { return };
        let tag = inside.tag;
        if let Some((field, second, value, markup)) = inside.into_field() {
            if markup && !self.atom {
                self.repair("markup that was not escaped");
            }
            let value = value.trim();
            match &mut self.entry {
                Some(entry) if second => entry.spare(field, value),
                _ => self.field(field, value, &tag),
            }
        }
    }

    /// A field whose value is `value`, from the element `tag`.
    fn field(&mut self, field: Field, value: &str, tag: &Tag) {
        if self.had().contains(&field) {
            return;
        }
        let base = matches!(field, Field::Link | Field::Id).then(|| self.base_of(tag));
        let join = |value| base.and_then(|base| base.join(value).ok()).map(String::from);
        match (field, &mut self.entry) {
            (Field::Link, _) => {
                let url = join(value);
                return self.put(field, url.as_deref().unwrap_or(value), None);
            }
            // RSS 2.0: a guid is the address of the entry unless it says that it is not.
            (Field::Id, Some(entry)) => match tag.attribute("isPermaLink").as_deref().map(str::trim) {
                Some("true") => entry.permalink = join(value),
                None if is_address(value) => entry.permalink = Some(value.to_owned()),
                _ => {}
            },
            _ => {}
        }
        let language = language_of(tag);
        self.put(field, value, language.as_deref());
    }

    /// A link that stands in attributes (Atom's).
    fn link(&mut self, tag: &Tag, second: bool) {
        let Some(href) = tag.attribute("href").filter(|href| !href.trim().is_empty()) else { return };
        let base = self.base_of(tag);
        let href = base.join(href.trim()).map_or(href, String::from);
        let alternate = tag.attribute("rel").is_none_or(|rel| rel.trim().eq_ignore_ascii_case("alternate"));
        let Some(entry) = self.entry.as_mut().filter(|_| alternate) else { return };
        if second {
            return entry.spare(Field::Link, &href);
        }
        if !self.atom {
            return self.put(Field::Link, &href, None);
        }
        if entry.had.len() == MAX_FIELDS || href.len() > MAX_VALUE {
            return;
        }
        entry.had.push(Field::Link);
        self.atom_link(&href, tag.attribute("type").as_deref());
    }

    fn atom_link(&mut self, href: &str, kind: Option<&str>) {
        self.xml.push_str("<link");
        self.attribute("href", Some(href));
        self.attribute("type", kind);
        self.xml.push_str("/>");
    }

    /// The fields that were written, of the entry or of the feed.
    fn had(&mut self) -> &mut Vec<Field> {
        self.entry.as_mut().map_or(&mut self.had, |entry| &mut entry.had)
    }

    /// Writes a field, unless it is empty or was written before.
    fn put(&mut self, field: Field, value: &str, language: Option<&str>) {
        let had = self.had();
        let prose = matches!(field, Field::Title | Field::Id | Field::Summary | Field::Content);
        if value.is_empty() || had.contains(&field) || (!prose && value.len() > MAX_VALUE) {
            return;
        }
        had.push(field);
        if self.atom && field == Field::Link {
            return self.atom_link(value, None);
        }
        let twice = matches!(field, Field::Title | Field::Summary | Field::Content | Field::Author)
            .then(|| decoded_twice(value))
            .flatten();
        if twice.is_some() {
            self.repair("text that was encoded twice");
        }
        let value = twice.as_deref().unwrap_or(value);
        let date;
        let value = match field {
            Field::Published | Field::Updated => {
                date = super::dates::parse(value, self.now).map(|time| time.to_string());
                date.as_deref().unwrap_or(value)
            }
            Field::Author => person_name(value),
            _ => value,
        };
        let (rss, atom) = match field {
            Field::Title => ("title", "title"),
            Field::Link => ("link", "link"),
            Field::Id => ("guid", "id"),
            Field::Published => ("pubDate", "published"),
            Field::Updated => ("updated", "updated"),
            Field::Author => ("dc:creator", "name"),
            Field::Summary => ("description", "summary"),
            Field::Content => ("content:encoded", "content"),
            Field::Language => ("language", "language"),
            Field::Ttl => ("ttl", "ttl"),
        };
        let name = if self.atom { atom } else { rss };
        let person = self.atom && field == Field::Author;
        self.xml.push_str(if person { "<author><" } else { "<" });
        self.xml.push_str(name);
        if self.atom && matches!(field, Field::Title | Field::Summary | Field::Content) {
            self.attribute("type", Some("html"));
            let inherited = self.entry.as_ref().and_then(|entry| entry.language.clone());
            self.attribute("xml:lang", language.or(inherited.as_deref()));
        }
        self.xml.push('>');
        if prose {
            self.xml.push_str(&self.texts.len().to_string());
            let text = clip(value, MAX_TEXT.min(MAX_OUTPUT.saturating_sub(self.written)));
            self.written += text.len();
            self.texts.push(without_forbidden(text).trim().to_owned());
        } else {
            escape_into(&mut self.xml, value);
        }
        self.xml.push_str("</");
        self.xml.push_str(name);
        self.xml.push_str(if person { "></author>" } else { ">" });
    }

    fn attribute(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.xml.push(' ');
            self.xml.push_str(name);
            self.xml.push_str("=\"");
            escape_into(&mut self.xml, value);
            self.xml.push('"');
        }
    }
}

fn language_of(tag: &Tag) -> Option<String> {
    tag.attribute("xml:lang").map(|tag| tag.trim().to_owned()).filter(|tag| is_language(tag))
}

fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}
