//! The small feed that the pass writes: RSS 2.0 or Atom 1.0, of the fields that feed-rs is to read.

use super::super::decode::decoded_twice;
use super::super::markup::{Tag, escape_into, split_name, without_forbidden};
use super::super::plain::clip;
use super::super::vocabulary::Field;
use super::super::{MAX_ENTRIES, MAX_TEXT, dates};
use super::{Entry, MAX_OUTPUT, Reach, Tidy, is_address, language_of};

/// Longest value that is no prose (an address, a date), in bytes; what is longer is none.
pub(super) const MAX_VALUE: usize = 8_192;

impl Tidy<'_> {
    pub(super) fn open_root(&mut self, root: &Tag) {
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

    pub(super) fn open_channel(&mut self, tag: &Tag) {
        self.base = self.base_of(tag);
        self.channels += 1;
        self.reach = Reach::Feed;
        if self.cdf
            && let Some(address) = tag.attribute("href")
        {
            self.beside.feed_link("alternate", &address, &self.base);
        }
        self.beside.inherited_language(language_of(tag));
    }

    pub(super) fn open_entry(&mut self, tag: &Tag) {
        if self.entries == MAX_ENTRIES || self.xml.len() + self.written > MAX_OUTPUT {
            self.repair(&format!("only the first {} entries were read", self.entries));
            self.reach = Reach::Done;
            return;
        }
        let about = tag.attributes().find(|(name, _)| split_name(name) == ("rdf", "about"));
        let about = about.and_then(|(name, _)| tag.attribute(name));
        self.beside.open_entry(language_of(tag));
        self.entry = Some(Entry {
            base: self.base_of(tag),
            language: language_of(tag),
            had: Vec::new(),
            nested: 0,
            in_source: false,
            empty: 0,
            links: 0,
            spare: about.iter().map(|about| (u8::MAX, Field::Id, about.clone())).collect(),
            permalink: about.filter(|about| is_address(about)),
        });
        self.xml.push_str(if self.atom { "<entry>" } else { "<item>" });
        if self.cdf {
            for (name, field) in [("href", Field::Link), ("lastmod", Field::Updated)] {
                if let Some(value) = tag.attribute(name) {
                    self.field(field, 0, value.trim(), tag);
                }
            }
        }
    }

    pub(super) fn close_entry(&mut self) {
        self.inside = None;
        let Some(entry) = &mut self.entry else { return };
        let empty = entry.empty;
        let mut spare = std::mem::take(&mut entry.spare);
        spare.extend(entry.permalink.take().map(|link| (u8::MAX, Field::Link, link)));
        spare.sort_by_key(|(rank, ..)| *rank);
        for (_, field, value) in spare {
            self.put(field, &value, None);
        }
        self.entry = None;
        self.entries += 1;
        let end = if self.atom { "</entry>" } else { "</item>" };
        self.xml.push_str(end);
        for _ in 0..empty.min(MAX_ENTRIES.saturating_sub(self.entries)) {
            self.beside.open_entry(None);
            self.entries += 1;
            self.xml.push_str(if self.atom { "<entry>" } else { "<item>" });
            self.xml.push_str(end);
        }
    }

    pub(super) fn atom_link(&mut self, href: &str, kind: Option<&str>) {
        self.xml.push_str("<link");
        self.attribute("href", Some(href));
        self.attribute("type", kind);
        self.xml.push_str("/>");
    }

    /// Writes a field, unless it is empty or was written before.
    pub(super) fn put(&mut self, field: Field, value: &str, language: Option<&str>) {
        let had = self.entry.as_mut().map_or(&mut self.had, |entry| &mut entry.had);
        let prose = matches!(field, Field::Title | Field::Id | Field::Summary | Field::Content);
        if value.is_empty() || had.contains(&field) || (!prose && value.len() > MAX_VALUE) {
            return;
        }
        let date = match field {
            Field::Published | Field::Updated => {
                let Some(date) = dates::parse(value, self.now) else {
                    self.repair("a date that could not be read");
                    return self.beside.unread_date(value);
                };
                Some(date.to_string())
            }
            _ => None,
        };
        let had = self.entry.as_mut().map_or(&mut self.had, |entry| &mut entry.had);
        had.push(field);
        if self.atom && field == Field::Link {
            return self.atom_link(value, None);
        }
        let twice = matches!(field, Field::Title | Field::Summary | Field::Content)
            .then(|| decoded_twice(value))
            .flatten();
        if twice.is_some() {
            self.repair("text that was encoded twice");
        }
        let value = date.as_deref().or(twice.as_deref()).unwrap_or(value);
        let (rss, atom) = match field {
            Field::Title => ("title", "title"),
            Field::Link => ("link", "link"),
            Field::Id => ("guid", "id"),
            Field::Published => ("pubDate", "published"),
            Field::Updated => ("updated", "updated"),
            Field::Summary => ("description", "summary"),
            Field::Content => ("content:encoded", "content"),
            _ => return,
        };
        let name = if self.atom { atom } else { rss };
        self.xml.push('<');
        self.xml.push_str(name);
        if self.atom && matches!(field, Field::Title | Field::Summary | Field::Content) {
            self.attribute("type", Some("html"));
            let inherited = self.entry.as_ref().and_then(|entry| entry.language.clone());
            self.attribute("xml:lang", language.or(inherited.as_deref()));
        }
        self.xml.push('>');
        if prose {
            let text = clip(value, MAX_TEXT.min(MAX_OUTPUT.saturating_sub(self.written)));
            self.xml.push_str(&self.texts.len().to_string());
            self.written += text.len();
            self.texts.push(without_forbidden(text).trim().to_owned());
        } else {
            escape_into(&mut self.xml, value);
        }
        self.xml.push_str("</");
        self.xml.push_str(name);
        self.xml.push('>');
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
