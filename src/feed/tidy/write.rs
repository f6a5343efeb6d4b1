//! The small feed that the pass writes: RSS 2.0 or Atom 1.0, of the fields that feed-rs is to read.

use super::super::dates;
use super::super::decode::decoded_twice;
use super::super::markup::{Tag, escape_into, without_forbidden};
use super::super::vocabulary::Field;
use super::{Tidy, language_of};

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

    pub(super) fn atom_link(&mut self, href: &str, kind: Option<&str>) {
        self.xml.push_str("<link");
        self.attribute("href", Some(href));
        self.attribute("type", kind);
        self.xml.push_str("/>");
    }

    /// Writes a field, unless it is empty or was written before.
    pub(super) fn put(&mut self, field: Field, value: &str, language: Option<&str>) {
        let had = self.entry.as_mut().map_or(&mut self.had, |entry| &mut entry.had);
        if value.is_empty() || had.contains(&field) {
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
        if matches!(field, Field::Title | Field::Id | Field::Summary | Field::Content) {
            self.xml.push_str(&self.texts.len().to_string());
            self.texts.push(without_forbidden(value).trim().to_owned());
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
