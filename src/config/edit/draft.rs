//! A source to be written, and what TOML makes of it.

use std::fmt::Write as _;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};
use url::Url;

use crate::source::{Source, SourceId, SourceKind};

/// A value as sources have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An array of strings.
    Texts(Vec<String>),
    /// `true` or `false`.
    Flag(bool),
}

/// A source to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// "feed", "page" or "sitemap".
    pub table: &'static str,
    /// Its keys, in the order in which they are written.
    pub keys: Vec<(String, Value)>,
}

impl Draft {
    /// A source at `url` with what is not empty of `name` and `tags`.
    #[must_use]
    pub fn new(table: &'static str, url: &str, name: Option<&str>, tags: &[String]) -> Self {
        let mut keys = vec![("url".to_owned(), Value::Text(url.to_owned()))];
        keys.extend(name.map(|name| ("name".to_owned(), Value::Text(name.to_owned()))));
        if !tags.is_empty() {
            keys.push(("tags".to_owned(), Value::Texts(tags.to_vec())));
        }
        Self { table, keys }
    }

    /// The string under `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.keys.iter().find_map(|(name, value)| match value {
            Value::Text(text) if name == key => Some(text.as_str()),
            _ => None,
        })
    }

    /// Its tags.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        let tags = self.keys.iter().find_map(|(name, value)| match value {
            Value::Texts(tags) if name == "tags" => Some(tags.as_slice()),
            _ => None,
        });
        tags.unwrap_or_default()
    }

    /// Its address, as the configuration reads it.
    #[must_use]
    pub fn url(&self) -> Option<Url> {
        let mut url = Url::parse(self.text("url")?.trim()).ok()?;
        url.set_fragment(None);
        Some(url)
    }

    /// The identity that this source has, if it is one.
    #[must_use]
    pub fn id(&self) -> Option<SourceId> {
        let kind = match (self.table, self.text("links"), self.text("watch")) {
            ("feed", ..) => SourceKind::Feed,
            ("sitemap", ..) => SourceKind::Sitemap,
            ("page", Some(links), None) => SourceKind::Links { selector: links.to_owned() },
            ("page", None, Some(watch)) => SourceKind::Watch { selector: watch.to_owned() },
            _ => return None,
        };
        Some(Source::id_of(&kind, &self.url()?))
    }

    /// The table as TOML, a line a key.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut document = DocumentMut::new();
        document.insert(self.table, Item::ArrayOfTables(ArrayOfTables::from_iter([self.to_table()])));
        document.to_string()
    }

    /// The table without its header.
    pub(super) fn to_table(&self) -> Table {
        let string = |text: &str| quoted(text).parse().unwrap_or_else(|_| toml_edit::Value::from(text));
        let values = self.keys.iter().map(|(key, value)| {
            let value = match value {
                Value::Text(text) => string(text),
                Value::Texts(texts) => texts.iter().map(|text| string(text)).collect(),
                Value::Flag(flag) => toml_edit::Value::from(*flag),
            };
            (key, value)
        });
        values.collect()
    }
}

/// `text` as a basic string of TOML. Control characters and what reorders a line are escaped; `toml_edit` would write the
/// latter as they are, and a line break over several lines.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}') =>
            {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
