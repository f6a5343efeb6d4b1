//! TOML text → tables with places, and every syntax error that can be told apart.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::{DeTable, Error};

use super::collect::{Collector, File, Place};

/// What the parser says where a list goes on without a comma.
const NO_COMMA: &str = "missing comma between array elements";
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
        // In a list that is not closed, all that follows is read as part of it.
        let torn = errors.iter().any(|error| error.message().starts_with("unclosed array"));
        for error in errors {
            let at = error.span().unwrap_or_default();
            let told = told(error, &file.text, &at);
            to.syntax(&Place { file: index, at }, told.message, Some(told.hint));
            if torn && told.open {
                break;
            }
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
struct Told {
    message: String,
    hint: String,
    /// Something began and did not end.
    open: bool,
}

fn told(error: &Error, file: &str, at: &Range<usize>) -> Told {
    let text = file.get(at.clone()).unwrap_or_default();
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let told =
        |message: &str, hint: &str| Told { message: message.to_owned(), hint: hint.to_owned(), open: false };
    match what {
        "duplicate key" => {
            told(&format!("`{text}` is written twice"), "it stands above already; keep one of them")
        }
        "string values must be quoted" if text.is_empty() => {
            told("there is no value", "write one, or delete the line")
        }
        "string values must be quoted" => {
            told(&format!("`{text}` is not a value"), &format!("put text in quotes: \"{text}\""))
        }
        // The parser goes by the first letter: `fourty` may have been `false`.
        "invalid boolean" | "invalid float" if !text.is_empty() => told(
            &format!("`{text}` is not a value"),
            &format!("write a number in digits, or text in quotes: \"{text}\""),
        ),
        "invalid basic string" | "invalid literal string" => Told {
            open: true,
            ..told("the quotes are not closed", &format!("add {expected} at the end of the text"))
        },
        NO_COMMA => {
            let (start, end) = line_around(file, at.start).unwrap_or_default();
            let part = |from, to| file.get(from..to).unwrap_or_default().trim();
            let line = part(start, end);
            if !line.matches('"').count().is_multiple_of(2) {
                let hint = "each text stands between two `\"`, with a comma behind it";
                Told { open: true, ..told("a quote is missing in this line", hint) }
            } else if part(start, at.start).is_empty() && opens_something_else(line) {
                Told { open: true, ..told("the list above is not closed", "add `]` where it ends") }
            } else {
                told("a comma is missing here", "write one between the two")
            }
        }
        what if expected.is_empty() => {
            told(&format!("not TOML: {what}"), "see https://toml.io for how to write it")
        }
        what => told(&format!("not TOML: {what}"), &format!("expected {expected}")),
    }
}

/// Whether a line is a `key = …` or a `[table]`, and no part of a list.
fn opens_something_else(line: &str) -> bool {
    let end =
        line.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.')).unwrap_or(line.len());
    let (key, rest) = line.split_at(end);
    line.starts_with('[') || !key.is_empty() && rest.trim_start().starts_with('=')
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
    fn what_is_not_closed_is_told_where_it_shows_and_hides_its_consequences() {
        for (text, line, message) in [
            ("all = [\"Kim, \"Putin\"]\nnear = 3\n", 1, "a quote is missing in this line"),
            ("all = [\"Kim\nnear = 3\n", 1, "the quotes are not closed"),
            ("name = 'Kim\nnear = 3\n", 1, "the quotes are not closed"),
            ("all = [\"Kim\", \"Putin\"\nnear = 3\n", 2, "the list above is not closed"),
            ("all = [\"Kim\"\n\n[topic.b]\nall = [\"y\"]\n", 3, "the list above is not closed"),
            ("all = [\n  \"Kim\"\n  \"Putin\",\n]\n", 3, "a comma is missing here"),
            ("all = [\"Kim\" \"Putin\"]\n", 1, "a comma is missing here"),
        ] {
            assert_eq!(errors(text), [(line, message.to_owned())], "{text}");
        }
    }

    #[test]
    fn each_of_two_open_texts_outside_of_lists_is_told() {
        let open = "the quotes are not closed".to_owned();
        assert_eq!(errors("a = \"x\nb = \"y\nc = 1\n"), [(1, open.clone()), (2, open)]);
    }

    #[test]
    fn a_word_is_no_value_whatever_it_begins_with() {
        for word in ["fourty", "tree", "near", "infinite", "high", "40 words"] {
            let expected = format!("`{word}` is not a value");
            assert_eq!(errors(&format!("near = {word}\n")), [(1, expected)], "{word}");
        }
    }

    #[test]
    fn valid_text_has_no_errors() {
        assert_eq!(errors("[fetch]\nworkers = 3\n"), []);
    }
}
