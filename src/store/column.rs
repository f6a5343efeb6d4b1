//! Columns that hold times and JSON values.

use rusqlite::Row;
use rusqlite::types::{FromSql, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Timestamp;

/// A time out of a column of milliseconds.
pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    let millis: i64 = row.get(column)?;
    Timestamp::from_millisecond(millis).map_err(|error| bad(column, error))
}

/// The same where there may be none.
pub(super) fn time_opt(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let millis: Option<i64> = row.get(column)?;
    millis.map(Timestamp::from_millisecond).transpose().map_err(|error| bad(column, error))
}

/// Reads the columns of a row one after the other: to look each up by its name costs more than to read it.
pub(super) struct Columns<'a, 'b> {
    row: &'a Row<'b>,
    names: std::str::Split<'a, &'static str>,
    at: usize,
}

impl<'a, 'b> Columns<'a, 'b> {
    /// Those of `row` from its first on, which are `names`, parted by ", ".
    pub(super) fn new(row: &'a Row<'b>, names: &'a str) -> Self {
        Self { row, names: names.split(", "), at: 0 }
    }

    /// The value of the next one, which is `column`.
    pub(super) fn next<T: FromSql>(&mut self, column: &str) -> rusqlite::Result<T> {
        debug_assert_eq!(self.names.next(), Some(column), "columns are read in their order");
        self.at += 1;
        self.row.get(self.at - 1)
    }

    /// A time.
    pub(super) fn time(&mut self, column: &str) -> rusqlite::Result<Timestamp> {
        Timestamp::from_millisecond(self.next(column)?).map_err(|error| bad(column, error))
    }

    /// The same where there may be none.
    pub(super) fn time_opt(&mut self, column: &str) -> rusqlite::Result<Option<Timestamp>> {
        let millis: Option<i64> = self.next(column)?;
        millis.map(Timestamp::from_millisecond).transpose().map_err(|error| bad(column, error))
    }

    /// As [`json_opt`].
    pub(super) fn json_opt<T: DeserializeOwned>(&mut self, column: &str) -> rusqlite::Result<Option<T>> {
        let text: Option<String> = self.next(column)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

/// A value out of a JSON column.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| bad(column, error))
}

/// The same where there may be none. What an older version wrote and this one cannot read counts as none.
pub(super) fn json_opt<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// A value as JSON for a column.
pub(super) fn to_json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// A unit-like enum (severity, kind) as its bare serde word.
pub(super) fn word<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    Ok(to_json(value)?.trim_matches('"').to_owned())
}

/// The other way.
pub(super) fn from_word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(text)).map_err(|error| bad(column, error))
}

/// An error that names the column.
pub(super) fn bad(column: &str, error: impl std::fmt::Display) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, format!("column {column}: {error}").into())
}
