//! Sources in the text of a configuration file: finding, adding, removing. Only their own lines change; all else stays
//! byte for byte. Works on the places that the TOML reader tells, so what looks like a header in a string is none.

use std::fmt::Write as _;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use url::Url;

use crate::source::{Source, SourceId, SourceKind};

/// The tables that hold sources.
pub(super) const SOURCE_TABLES: [&str; 3] = ["feed", "page", "sitemap"];

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

/// A source as it is written in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is written.
    pub draft: Draft,
    /// The line of its header, from 1.
    pub line: usize,
    /// From the header to the end of the last value.
    at: Range<usize>,
    /// False for a table within an array (`feed = [{ … }]`).
    own_lines: bool,
}

/// Why a file cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is no TOML.
    #[error("this file is not TOML: `newswatch check` shows where")]
    NotToml,
    /// Sources are written in an array, within whose brackets a person has to look.
    #[error("line {line} writes `{table}` as one array in brackets: edit it by hand")]
    Array {
        /// The table.
        table: &'static str,
        /// Where, from 1.
        line: usize,
    },
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
        let mut toml = format!("[[{}]]\n", self.table);
        for (key, value) in &self.keys {
            let value = match value {
                Value::Text(text) => quoted(text),
                Value::Texts(texts) => {
                    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
                }
                Value::Flag(flag) => flag.to_string(),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(toml, "{key} = {value}");
        }
        toml
    }
}

/// `text` as a basic string of TOML. Control characters and what reorders a line are escaped.
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

/// The sources that `text` holds, in its order.
///
/// # Errors
/// If it is not TOML.
pub(super) fn sources_in(text: &str) -> Result<Vec<Written>, EditError> {
    let tables = DeTable::parse(text).map_err(|_| EditError::NotToml)?;
    let mut found = Vec::new();
    for table in SOURCE_TABLES {
        let Some(array) = tables.get_ref().get(table).and_then(|value| value.get_ref().as_array()) else {
            continue;
        };
        for element in array {
            let Some(keys) = element.get_ref().as_table() else { continue };
            let header = element.span();
            let own_lines = text.get(header.start..).is_some_and(|rest| rest.starts_with("[["));
            let end = keys.values().map(|value| value.span().end).fold(header.end, usize::max);
            found.push(Written {
                draft: Draft { table, keys: values(keys) },
                line: 1 + text.bytes().take(header.start).filter(|byte| *byte == b'\n').count(),
                at: header.start..end,
                own_lines,
            });
        }
    }
    found.sort_by_key(|written| written.at.start);
    Ok(found)
}

/// The values of a table in the order of the file.
fn values(table: &DeTable<'_>) -> Vec<(String, Value)> {
    let mut keys: Vec<_> = table.iter().collect();
    keys.sort_by_key(|(key, _)| key.span().start);
    let value = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(Value::Text(text.to_string())),
        DeValue::Boolean(flag) => Some(Value::Flag(*flag)),
        DeValue::Array(array) => {
            let texts = array.iter().map(|text| text.get_ref().as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Value::Texts)
        }
        _ => None,
    };
    keys.into_iter()
        .filter_map(|(key, found)| Some((key.get_ref().to_string(), value(found.get_ref())?)))
        .collect()
}

/// `text` with `drafts` behind its last source, else at its end, a blank line around each. The line ends are the text's.
///
/// # Errors
/// If it is not TOML, or writes such sources as one array in brackets.
pub fn add(text: &str, drafts: &[Draft]) -> Result<String, EditError> {
    let sources = sources_in(text)?;
    if let Some(array) = sources
        .iter()
        .find(|written| !written.own_lines && drafts.iter().any(|draft| draft.table == written.draft.table))
    {
        return Err(EditError::Array { table: array.draft.table, line: array.line });
    }
    let last = sources.iter().rfind(|written| written.own_lines);
    let at = last.map_or(text.len(), |last| with_comments_below(text, line_end(text, last.at.end)));
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() + 128 * drafts.len());
    out.push_str(before);
    if !before.is_empty() && !before.ends_with('\n') {
        out.push_str(newline);
    }
    for draft in drafts {
        if !out.is_empty() && !ends_blank(&out) {
            out.push_str(newline);
        }
        out.push_str(&draft.to_toml().replace('\n', newline));
    }
    if !after.is_empty() && !is_blank(first_line(after)) {
        out.push_str(newline);
    }
    out.push_str(after);
    Ok(out)
}

/// `text` without `source`, which was found in it. Comments go with it that are its own: those directly below its last
/// line unless a table follows them directly, and those directly above it if blank lines set both off from the rest, they do not
/// open the file, and are no ruled heading.
///
/// # Errors
/// If the source is written in an array in brackets.
pub fn remove(text: &str, source: &Written) -> Result<String, EditError> {
    if !source.own_lines {
        return Err(EditError::Array { table: source.draft.table, line: source.line });
    }
    let end = with_comments_below(text, line_end(text, source.at.end));
    let header = line_start(text, source.at.start);
    let (Some(above), Some(below)) = (text.get(..header), text.get(end..)) else {
        return Ok(text.to_owned());
    };
    let start = if below.is_empty() || is_blank(first_line(below)) { own_comments(above) } else { header };
    let head = text.get(..start).unwrap_or_default();
    let blank: usize = below.split_inclusive('\n').take_while(|line| is_blank(line)).map(str::len).sum();
    let rest = below.get(blank..).unwrap_or_default();
    if rest.is_empty() {
        // The blank line that set it off ends the file no more.
        let kept: usize = head.split_inclusive('\n').map(str::len).sum();
        let blank: usize =
            head.split_inclusive('\n').rev().take_while(|line| is_blank(line)).map(str::len).sum();
        return Ok(head.get(..kept - blank).unwrap_or(head).to_owned());
    }
    let below = if head.is_empty() || ends_blank(head) { rest } else { below };
    Ok(format!("{head}{below}"))
}

/// Where the comments begin that stand directly at the end of `above` and belong to what follows it alone.
fn own_comments(above: &str) -> usize {
    let lines: Vec<&str> = above.split_inclusive('\n').collect();
    let comments = lines.iter().rev().take_while(|line| is_comment(line)).count();
    let (rest, own) = lines.split_at(lines.len() - comments);
    let ruled = own.iter().any(|line| ["──", "--", "==", "##"].iter().any(|rule| line.contains(rule)));
    if rest.last().is_some_and(|line| is_blank(line)) && !ruled {
        rest.iter().map(|line| line.len()).sum()
    } else {
        above.len()
    }
}

/// The end of the comment lines that stand at `at`, unless a table follows them directly: then they are its own.
fn with_comments_below(text: &str, at: usize) -> usize {
    let below = text.get(at..).unwrap_or_default();
    let comments: usize = below.split_inclusive('\n').take_while(|line| is_comment(line)).map(str::len).sum();
    if is_blank(first_line(below.get(comments..).unwrap_or_default())) { at + comments } else { at }
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The end of the line around `at`, its line break included.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
}

fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

fn ends_blank(text: &str) -> bool {
    text.split_inclusive('\n').next_back().is_none_or(is_blank)
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

#[cfg(test)]
mod tests;
