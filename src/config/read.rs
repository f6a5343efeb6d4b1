//! The small typed reader over TOML tables: every value with its place, every unknown key refused with a hint.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::collect::{Collector, Place};
use super::schema::{INCLUDED, MAIN, Shape, nearest};
use super::value::{A_DURATION, Mistake};
use crate::topic::Written;

/// A value under a key.
#[derive(Debug, Clone)]
pub(super) struct Item<'d> {
    key: &'d str,
    /// Where the value stands.
    pub(super) place: Place,
    value: &'d DeValue<'d>,
}

/// A table whose keys are known.
#[derive(Debug)]
pub(super) struct Section<'d> {
    /// Its header, or the whole of an inline table.
    pub(super) place: Place,
    table: &'d DeTable<'d>,
}

impl<'d> Section<'d> {
    /// The whole of file `index`.
    pub(super) fn top(index: usize, table: &'d DeTable<'d>, to: &mut Collector) -> Self {
        let section = Self { place: Place { file: index, at: 0..0 }, table };
        let shape = if index == 0 { &MAIN } else { &INCLUDED };
        section.refuse_unknown(shape, to);
        section
    }

    fn refuse_unknown(&self, shape: &Shape, to: &mut Collector) {
        for key in self.table.keys() {
            let (name, place) = (key.get_ref().as_ref(), Place { file: self.place.file, at: key.span() });
            if shape.keys.contains(&name) {
                continue;
            }
            if shape.later.contains(&name) {
                later(to, &place, name);
            } else if shape.name == INCLUDED.name && MAIN.keys.contains(&name) {
                to.error(&place, format!("`{name}` in an included file"), "move it to the main file");
            } else {
                to.error(&place, format!("unknown key `{name}`"), shape.hint(name));
            }
        }
    }

    /// The value of `key`, if it is written.
    pub(super) fn get(&self, key: &'static str) -> Option<Item<'d>> {
        item(self.place.file, key, self.table.get(key)?)
    }

    /// The tables of `[[key]]`, in the order of the file.
    pub(super) fn tables(&self, key: &'static str, shape: &Shape, to: &mut Collector) -> Vec<Section<'d>> {
        let Some(item) = self.get(key) else { return Vec::new() };
        if let DeValue::Table(_) = item.value {
            to.error(
                &item.place,
                format!("`[{key}]` is one table"),
                format!("write [[{key}]], once for each"),
            );
            return Vec::new();
        }
        item.list("an array of tables", to).iter().filter_map(|item| item.section(shape, to)).collect()
    }

    /// The values of a table whose keys are names, in the order of the file.
    pub(super) fn named(&self, key: &'static str, to: &mut Collector) -> Vec<(Written, Item<'d>)> {
        self.get(key).map(|item| item.named(to)).unwrap_or_default()
    }
}

impl<'d> Item<'d> {
    /// Says that the value is something else than `wanted` ("a string").
    fn mismatch(&self, wanted: &str, to: &mut Collector) {
        let (found, hint) = match self.value {
            DeValue::String(_) => ("a string", "write it without quotes"),
            DeValue::Integer(_) | DeValue::Float(_) => ("a number", "put it in quotes"),
            DeValue::Boolean(_) => ("true or false", "put it in quotes"),
            DeValue::Datetime(_) => ("a date or time", "put it in quotes"),
            DeValue::Array(_) => ("an array", "write a single value, without [ ]"),
            DeValue::Table(_) => ("a table", "write a single value"),
        };
        let hint = if wanted == A_DURATION && matches!(self.value, DeValue::Integer(_) | DeValue::Float(_)) {
            "put it in quotes, with a unit"
        } else if wanted.starts_with("an array") {
            "put it in brackets: [ … ]"
        } else if wanted.starts_with("a table") {
            "write a table: { key = … }"
        } else {
            hint
        };
        to.error(&self.place, format!("`{}` must be {wanted}, not {found}", self.key), hint);
    }

    /// The string with its place.
    pub(super) fn text(&self, to: &mut Collector) -> Option<Written> {
        let DeValue::String(text) = self.value else {
            self.mismatch("a string", to);
            return None;
        };
        Some(Written { text: text.to_string(), file: self.place.file, at: self.place.at.clone() })
    }

    /// The string, which must hold more than white space.
    pub(super) fn filled(&self, to: &mut Collector) -> Option<Written> {
        let text = self.text(to)?;
        if text.text.trim().is_empty() {
            to.error(&self.place, format!("`{}` is empty", self.key), "write something, or delete the line");
            return None;
        }
        Some(text)
    }

    /// The string as something else, which `wanted` names ("a duration").
    pub(super) fn parsed<T>(
        &self,
        wanted: &str,
        parse: impl FnOnce(&str) -> Result<T, Mistake>,
        to: &mut Collector,
    ) -> Option<T> {
        let DeValue::String(text) = self.value else {
            self.mismatch(wanted, to);
            return None;
        };
        parse(text).map_err(|mistake| to.error(&self.place, mistake.message, mistake.hint)).ok()
    }

    /// The string, one of `choices`.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&'static str, T)], to: &mut Collector) -> Option<T> {
        let text = self.text(to)?.text;
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words = || choices.iter().map(|(word, _)| *word);
            let hint = nearest(&text, words()).map_or_else(
                || format!("one of: {}", words().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            to.error(&self.place, format!("`{}` cannot be `{text}`", self.key), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, to: &mut Collector) -> Option<bool> {
        let value = self.value.as_bool();
        if value.is_none() {
            let found = if let DeValue::String(_) = self.value { "in quotes" } else { "anything else" };
            to.error(
                &self.place,
                format!("`{}` must be true or false, not {found}", self.key),
                "write true or false",
            );
        }
        value
    }

    /// A whole number within `range`.
    pub(super) fn count(&self, range: RangeInclusive<u64>, to: &mut Collector) -> Option<u64> {
        let DeValue::Integer(integer) = self.value else {
            self.mismatch("a whole number", to);
            return None;
        };
        let value =
            u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|value| range.contains(value));
        if value.is_none() {
            let hint = format!("write a whole number from {} to {}", range.start(), range.end());
            to.error(&self.place, format!("`{}` is out of range", self.key), hint);
        }
        value
    }

    /// A whole number within `range`, perhaps with a minus.
    pub(super) fn signed(&self, range: RangeInclusive<i16>, to: &mut Collector) -> Option<i16> {
        let DeValue::Integer(integer) = self.value else {
            self.mismatch("a whole number", to);
            return None;
        };
        let digits = integer.as_str();
        let value = digits.parse().ok().filter(|value| integer.radix() == 10 && range.contains(value));
        if value.is_none() {
            let hint = format!("write a whole number from {} to {}", range.start(), range.end());
            to.error(&self.place, format!("`{}` is out of range", self.key), hint);
        }
        value
    }

    /// A number above or at `least`, up to `most`.
    pub(super) fn number(&self, least: f32, most: f32, to: &mut Collector) -> Option<f32> {
        let text = match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            DeValue::Float(float) => float.as_str(),
            _ => {
                self.mismatch("a number", to);
                return None;
            }
        };
        let value = text.parse::<f32>().ok().filter(|value| (least..=most).contains(value));
        if value.is_none() {
            let hint = format!("write a number from {least} to {most}");
            to.error(&self.place, format!("`{}` is out of range", self.key), hint);
        }
        value
    }

    /// Whether it is a whole number, where a string is usual.
    pub(super) fn is_integer(&self) -> bool {
        self.value.is_integer()
    }

    /// Whether it is a table, where a string is usual.
    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Whether it is the string `text`.
    pub(super) fn is(&self, text: &str) -> bool {
        self.value.as_str() == Some(text)
    }

    /// The values of an array; `wanted` names it ("an array of strings").
    pub(super) fn list(&self, wanted: &str, to: &mut Collector) -> Vec<Item<'d>> {
        let DeValue::Array(array) = self.value else {
            self.mismatch(wanted, to);
            return Vec::new();
        };
        array.iter().filter_map(|value| item(self.place.file, self.key, value)).collect()
    }

    /// An array of strings.
    pub(super) fn texts(&self, to: &mut Collector) -> Vec<Written> {
        self.list("an array of strings", to).iter().filter_map(|item| item.text(to)).collect()
    }

    /// A table of this shape.
    pub(super) fn section(&self, shape: &Shape, to: &mut Collector) -> Option<Section<'d>> {
        let DeValue::Table(table) = self.value else {
            self.mismatch("a table", to);
            return None;
        };
        let section = Section { place: self.place.clone(), table };
        section.refuse_unknown(shape, to);
        Some(section)
    }

    /// A table whose keys are not known beforehand: only to look into it.
    pub(super) fn peek(&self, key: &'static str) -> Option<Item<'d>> {
        self.value.as_table().and_then(|table| item(self.place.file, key, table.get(key)?))
    }

    /// A table whose keys are names, in the order of the file.
    pub(super) fn named(&self, to: &mut Collector) -> Vec<(Written, Item<'d>)> {
        let mut named = self.entries(to);
        named.retain(|(name, _)| {
            if !is_name(&name.text) {
                to.error(
                    &Place::from(name),
                    format!("`{}` is no name", name.text),
                    "a name is letters, digits, `-` and `_`, at most 64 of them",
                );
            }
            is_name(&name.text)
        });
        named
    }

    /// A table with any keys, in the order of the file.
    pub(super) fn entries(&self, to: &mut Collector) -> Vec<(Written, Item<'d>)> {
        let DeValue::Table(table) = self.value else {
            self.mismatch("a table", to);
            return Vec::new();
        };
        let file = self.place.file;
        let entry = |(key, value): (&'d Spanned<DeString<'d>>, &'d Spanned<DeValue<'d>>)| {
            let name = Written { text: key.get_ref().to_string(), file, at: key.span() };
            Some((name, item(file, key.get_ref(), value)?))
        };
        let mut entries: Vec<_> = table.iter().filter_map(entry).collect();
        entries.sort_by_key(|(name, _)| name.at.start);
        entries
    }
}

/// A value, unless the parser made it up in place of one that it could not read: it places those at 0..0.
fn item<'d>(file: usize, key: &'d str, value: &'d Spanned<DeValue<'d>>) -> Option<Item<'d>> {
    let at: Range<usize> = value.span();
    (at != (0..0)).then(|| Item { key, place: Place { file, at }, value: value.get_ref() })
}

/// What topics, sets and channels may be called: names stand in terms (`@name`), arguments and tables.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= 64
        && name.chars().all(|character| character.is_alphanumeric() || character == '-' || character == '_')
}

/// Refuses what is planned.
pub(super) fn later(to: &mut Collector, place: &Place, what: &str) {
    to.error(
        place,
        format!("`{what}` is not supported by this version yet"),
        "delete it until a version supports it",
    );
}
