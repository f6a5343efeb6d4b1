//! Sources in the text of a configuration file: finding, adding, removing. `toml_edit` reads the file and moves the
//! tables; comments go where a person would put them, and all other text stays byte for byte.

use std::ops::Range;

use toml_edit::visit_mut::{VisitMut, visit_table_mut};
use toml_edit::{ArrayOfTables, Document, DocumentMut, Item, Key, RawString, Table, TableLike};

mod draft;
mod gap;

pub use draft::{Draft, Value};
use gap::Place;

/// The tables that hold sources.
pub(super) const SOURCE_TABLES: [&str; 3] = ["feed", "page", "sitemap"];

/// A source as it is written in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is written.
    pub draft: Draft,
    /// The line of its header, from 1.
    pub line: usize,
    /// Its place among those of its table, from 0.
    index: usize,
    /// False for a table within an array (`feed = [{ … }]`).
    own_lines: bool,
}

/// Why a file cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is no TOML.
    #[error("line {line} is not TOML: {message}")]
    NotToml {
        /// Where, from 1.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// Sources are written in an array, within whose brackets a person has to look.
    #[error("line {line} writes `{table}` as one array in brackets: edit it by hand")]
    Array {
        /// The table.
        table: &'static str,
        /// Where, from 1.
        line: usize,
    },
}

/// The sources that `text` holds, in its order.
///
/// # Errors
/// If it is not TOML.
pub(super) fn sources_in(text: &str) -> Result<Vec<Written>, EditError> {
    let document = parse(text)?;
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut found = Vec::new();
    for table in SOURCE_TABLES {
        let item = document.get(table);
        let headed = item.and_then(Item::as_array_of_tables).into_iter().flat_map(ArrayOfTables::iter);
        let headed = headed.map(|keys| (keys as &dyn TableLike, keys.span(), true));
        let inline =
            item.and_then(Item::as_array).into_iter().flatten().filter_map(|keys| keys.as_inline_table());
        let inline = inline.map(|keys| (keys as &dyn TableLike, keys.span(), false));
        found.extend(headed.chain(inline).enumerate().map(|(index, (keys, at, own_lines))| {
            let start = at.unwrap_or_default().start;
            let line = 1 + ends.partition_point(|end| *end < start);
            Written { draft: Draft { table, keys: values(keys) }, line, index, own_lines }
        }));
    }
    found.sort_by_key(|written| written.line);
    Ok(found)
}

fn parse(text: &str) -> Result<Document<&str>, EditError> {
    Document::parse(text).map_err(|error| EditError::NotToml {
        line: line_at(text, error.span()),
        message: error.message().trim().replace('\n', ", "),
    })
}

/// The line, from 1, in which `at` begins.
fn line_at(text: &str, at: Option<Range<usize>>) -> usize {
    let start = at.unwrap_or_default().start;
    1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count()
}

/// The values of a table in the order of the file.
fn values(table: &dyn TableLike) -> Vec<(String, Value)> {
    let value = |item: &Item| match item.as_value()? {
        toml_edit::Value::String(text) => Some(Value::Text(text.value().clone())),
        toml_edit::Value::Boolean(flag) => Some(Value::Flag(*flag.value())),
        toml_edit::Value::Array(array) => {
            let texts = array.iter().map(|text| text.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Value::Texts)
        }
        _ => None,
    };
    table.iter().filter_map(|(key, item)| Some((key.to_owned(), value(item)?))).collect()
}

/// `text` with `drafts` behind its last source, else behind the examples of such sources in its comments, else at its end;
/// a blank line around each. The line ends are the text's.
///
/// # Errors
/// If it is not TOML, or writes such sources as one array in brackets.
pub fn add(text: &str, drafts: &[Draft]) -> Result<String, EditError> {
    if drafts.is_empty() {
        return Ok(text.to_owned());
    }
    let document = parse(text)?;
    let line_of = |table| line_at(text, document.key(table).and_then(Key::span));
    let (mut edited, rendered) = editable(document.clone());
    let sources = edited.iter_mut().filter(|(key, _)| SOURCE_TABLES.contains(&key.get()));
    let sources = sources.filter_map(|(_, item)| item.as_array_of_tables_mut());
    let last = sources.flat_map(ArrayOfTables::iter_mut).filter_map(last_position).max();
    let (at, place) = match last {
        Some(at) => (at, Place::BelowSource),
        None => first_place(&mut edited, drafts),
    };
    let opens = at == 0 && edited.get_values().is_empty();
    let mut above = String::new();
    edit_gap(&mut edited, at + 1, |gap| {
        let below;
        (above, below) = gap::parted(gap, place, opens);
        below
    });
    // The tables behind make room: toml_edit writes tables in the order of their positions.
    let count = isize::try_from(drafts.len()).unwrap_or_default();
    each_table(&mut edited, |table| {
        if let Some(position) = table.position().filter(|position| *position > at) {
            table.set_position(Some(position + count));
        }
    });
    for (draft, position) in drafts.iter().zip(at + 1..) {
        let sources = edited.entry(draft.table).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        let Some(sources) = sources.as_array_of_tables_mut() else {
            return Err(EditError::Array { table: draft.table, line: line_of(draft.table) });
        };
        let mut table = draft.to_table();
        table.set_position(Some(position));
        table.decor_mut().set_prefix(std::mem::replace(&mut above, "\n".to_owned()));
        sources.push(table);
    }
    Ok(gap::changed(text, &rendered, &edited.to_string()))
}

/// Where the first source of a file goes: the position of the table above it, and the place in the gap that follows.
fn first_place(document: &mut DocumentMut, drafts: &[Draft]) -> (isize, Place) {
    let end = last_position(document).unwrap_or_default();
    let own = drafts.first().map(|draft| draft.table);
    for table in own.into_iter().chain(SOURCE_TABLES) {
        let mut found = None;
        each_table(document, |next| {
            let position = next.position().filter(|_| gap::examples_end(above(next), table).is_some());
            found = found.or(position);
        });
        let ends = document.trailing().as_str().and_then(|gap| gap::examples_end(gap, table));
        if let Some(at) = found.map(|position| position - 1).or(ends.map(|_| end)) {
            return (at, Place::BelowExamples(table));
        }
    }
    (end, Place::End)
}

/// `text` without `source`, which was found in it. Comments go with it that are its own: those directly below its last
/// line unless a table follows them directly, and those directly above it if blank lines set both off from the rest, they do not
/// open the file, and are no ruled heading.
///
/// # Errors
/// If it is not TOML, or the source is written in an array in brackets.
pub fn remove(text: &str, source: &Written) -> Result<String, EditError> {
    let (mut edited, rendered) = editable(parse(text)?);
    let no_values_above = edited.get_values().is_empty();
    let Some(sources) = edited.get_mut(source.draft.table).and_then(Item::as_array_of_tables_mut) else {
        return Err(EditError::Array { table: source.draft.table, line: source.line });
    };
    if source.index >= sources.len() {
        return Ok(text.to_owned());
    }
    let mut removed = sources.remove(source.index);
    let opens = no_values_above && removed.position() == Some(1);
    let next = last_position(&mut removed).unwrap_or_default() + 1;
    edit_gap(&mut edited, next, |below| gap::joined(above(&removed), below, opens));
    Ok(gap::changed(text, &rendered, &edited.to_string()))
}

/// `document` to be edited, and as `toml_edit` writes it before that. As the headers of a table share one spelling there,
/// those of sources have the plainest, for the headers to be added.
fn editable(document: Document<&str>) -> (DocumentMut, String) {
    let mut edited = document.into_mut();
    for (mut key, item) in edited.iter_mut() {
        if SOURCE_TABLES.contains(&key.get()) && item.is_array_of_tables() {
            key.fmt();
        }
    }
    let rendered = edited.to_string();
    (edited, rendered)
}

/// Calls `visit` for `table` and every table in it.
fn each_table(table: &mut Table, visit: impl FnMut(&mut Table)) {
    struct Each<F>(F);
    impl<F: FnMut(&mut Table)> VisitMut for Each<F> {
        fn visit_table_mut(&mut self, table: &mut Table) {
            self.0(table);
            visit_table_mut(self, table);
        }
    }
    Each(visit).visit_table_mut(table);
}

/// The last place in the file, from 1, that a header of `table` or of a table in it has.
fn last_position(table: &mut Table) -> Option<isize> {
    let mut last = None;
    each_table(table, |table| last = last.max(table.position()));
    last
}

/// The blank lines, comments and indent before the header of `table`.
fn above(table: &Table) -> &str {
    table.decor().prefix().and_then(RawString::as_str).unwrap_or_default()
}

/// Puts what `edit` makes of it in place of the gap before the table at `position`, or of that at the end if there is none.
fn edit_gap(document: &mut DocumentMut, position: isize, edit: impl FnOnce(&str) -> String) {
    let mut edit = Some(edit);
    each_table(document, |table| {
        if table.position() == Some(position)
            && let Some(edit) = edit.take()
        {
            let edited = edit(&format!("{}[", above(table)));
            table.decor_mut().set_prefix(edited.strip_suffix('[').unwrap_or(&edited));
        }
    });
    if let Some(edit) = edit {
        let trailing = edit(document.trailing().as_str().unwrap_or_default());
        document.set_trailing(trailing);
    }
}

#[cfg(test)]
mod tests;
