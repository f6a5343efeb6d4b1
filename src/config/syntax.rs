//! TOML text → tables with places, and every syntax error that can be told apart.

use std::collections::BTreeSet;

use toml::de::{DeTable, Error};

use super::collect::{Collector, File, Place};

/// What the parser says of a line after which it reads no further.
const STOPS_AT: &str = "key with no value";

/// A file's text in which each line that would stop the parser is blank, and what was said of it.
#[derive(Debug)]
pub(super) struct Readable {
    /// As long as the original: places hold in both.
    text: String,
    errors: Vec<Error>,
}

impl Readable {
    /// Reads `text`. The parser recovers from most mistakes, but the tables end at a key without `=`; such lines are blanked
    /// out, so that the problems behind them are told as well.
    pub(super) fn new(text: &str) -> Self {
        let mut readable = Self { text: text.to_owned(), errors: Vec::new() };
        let (_, errors) = DeTable::parse_recoverable(text);
        let stops = errors.iter().filter(|error| error.message().starts_with(STOPS_AT));
        let lines: BTreeSet<(usize, usize)> =
            stops.filter_map(Error::span).filter_map(|at| line_around(text, at.start)).collect();
        for (start, end) in lines {
            readable.text.replace_range(start..end, &" ".repeat(end - start));
        }
        readable.errors = errors;
        readable
    }

    /// The tables of this text; its syntax errors go to `to`.
    pub(super) fn tables(&self, index: usize, file: &File, to: &mut Collector) -> DeTable<'_> {
        let (tables, errors) = DeTable::parse_recoverable(&self.text);
        let mut errors: Vec<&Error> = self.errors.iter().chain(&errors).collect();
        errors.sort_by_key(|error| error.span().map(|at| at.start));
        for error in errors {
            let at = error.span().unwrap_or_default();
            let (message, hint) = told(error, file.text.get(at.clone()).unwrap_or_default());
            to.syntax(&Place { file: index, at }, message, Some(hint));
        }
        tables.into_inner()
    }
}

/// The bytes of the line around `at`, without its end.
fn line_around(text: &str, at: usize) -> Option<(usize, usize)> {
    let (before, after) = text.split_at_checked(at)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = at + after.find(['\n', '\r']).unwrap_or(after.len());
    (start < end).then_some((start, end))
}

/// A syntax error in words, with what to do.
fn told(error: &Error, text: &str) -> (String, String) {
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    match what {
        "duplicate key" => {
            (format!("`{text}` is written twice"), "it stands above already; keep one of them".to_owned())
        }
        "string values must be quoted" if text.is_empty() => {
            ("there is no value".to_owned(), "write one, or delete the line".to_owned())
        }
        "string values must be quoted" => {
            (format!("`{text}` is not a value"), format!("put text in quotes: \"{text}\""))
        }
        what if expected.is_empty() => {
            (format!("not TOML: {what}"), "see https://toml.io for how to write it".to_owned())
        }
        what => (format!("not TOML: {what}"), format!("expected {expected}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<(usize, String)> {
        let files = [File { path: "a.toml".into(), text: text.into() }];
        let mut collector = Collector::new(&files, Vec::new());
        Readable::new(text).tables(0, &files[0], &mut collector);
        collector.finish().0.into_iter().map(|problem| (problem.line, problem.message)).collect()
    }

    #[test]
    fn a_line_without_equals_does_not_hide_the_rest() {
        let text = "url \"x\"\n[fetch]\nworkers\nper_host = yes\n";
        let expected = [
            (1, "not TOML: key with no value"),
            (3, "not TOML: key with no value"),
            (4, "`yes` is not a value"),
        ];
        assert_eq!(errors(text), expected.map(|(line, message)| (line, message.to_owned())));
    }

    #[test]
    fn one_mistake_is_told_once_a_line() {
        assert_eq!(errors("a == 3\n"), [(1, "not TOML: extra `=`".to_owned())]);
        assert_eq!(errors("a = 1\na = 2\n"), [(2, "`a` is written twice".to_owned())]);
    }

    #[test]
    fn valid_text_has_no_errors() {
        assert_eq!(errors("[fetch]\nworkers = 3\n"), []);
    }
}
