//! The only way to standard output and standard error. Whoever closes the pipe early (`| head`) ends the command, it
//! does not break it.

use std::fmt::{Display, Write as _};
use std::io::{self, BufRead, Read, Write};

use serde::Serialize;

use super::context::BadConfiguration;
use super::style::{BAD, paint};
use super::table::Table;
use crate::text::clean::{bounded, one_line};

/// Longest piece of foreign text in one place of a readable listing, in characters.
const SHOWN: usize = 300;

/// Longest answer of a person, in bytes.
const LONGEST_ANSWER: u64 = 1_000;

/// Writes to standard output. Colours are taken out unless it is a terminal that shows them.
pub(super) struct Printer<'a> {
    out: Box<dyn Write + 'a>,
    width: Option<usize>,
}

impl Printer<'static> {
    /// Standard output, `width` columns wide if it is a terminal.
    pub(super) fn stdout(width: Option<usize>) -> Self {
        Self { out: Box::new(anstream::stdout().lock()), width }
    }
}

impl Printer<'_> {
    /// One line; foreign text in it has been through [`shown`].
    pub(super) fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// Asks the person at the terminal; `None` at the end of their input.
    pub(super) fn ask(&mut self, question: &str) -> io::Result<Option<String>> {
        write!(self.out, "{question} ")?;
        self.out.flush()?;
        let mut answer = String::new();
        let read = io::stdin().lock().take(LONGEST_ANSWER).read_line(&mut answer)?;
        Ok((read > 0).then(|| answer.trim().to_owned()))
    }

    /// Bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    /// A table, as wide as the terminal.
    pub(super) fn table(&mut self, table: Table) -> io::Result<()> {
        table.print(self.width, |line| writeln!(self.out, "{line}"))
    }

    /// A value as JSON over several lines.
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.line(escaped(&text))
    }

    /// A value as JSON in one line.
    pub(super) fn json_line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.line(escaped(&text))
    }
}

/// Foreign text as a listing shows it: one line, bounded, nothing in it that controls a terminal.
pub(super) fn shown(text: &str) -> String {
    bounded(&one_line(text), SHOWN)
}

/// JSON with every character escaped that could control a terminal: serde leaves DEL, C1 and the bidirectional
/// overrides as they are. They stand only inside strings, where the escape means the same.
fn escaped(json: &str) -> String {
    if !json.contains(controls) {
        return json.to_owned();
    }
    let mut text = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if controls(c) {
            // Writing into a String cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// What controls a display, line feeds aside. All of these are in the Basic Multilingual Plane.
fn controls(c: char) -> bool {
    c != '\n' && (c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// True if `error` says that nobody reads standard output any more.
pub(super) fn is_closed(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Says on standard error what went wrong.
pub(super) fn trouble(error: &anyhow::Error) {
    if let Some(problems) = error.downcast_ref::<BadConfiguration>() {
        // Several lines each, with a mark under the place; their text was made fit where it was read.
        complain(&problems.to_string());
        return;
    }
    let mut text = format!("{} {}", paint(BAD, "error:"), one_line(&error.to_string()));
    for cause in error.chain().skip(1) {
        let _ = write!(text, "\n  because {}", one_line(&cause.to_string()));
    }
    complain(&text);
}

/// Writes to standard error. If that fails there is nobody left to tell.
pub(super) fn complain(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// What `work` prints, without colours.
#[cfg(test)]
pub(super) fn captured(
    width: Option<usize>,
    work: impl FnOnce(&mut Printer<'_>) -> io::Result<()>,
) -> String {
    let mut buffer = Vec::new();
    work(&mut Printer { out: Box::new(anstream::StripStream::new(&mut buffer)), width }).unwrap();
    String::from_utf8(buffer).unwrap()
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;
    use serde_json::Value;

    use super::*;

    #[test]
    fn json_means_the_same_and_controls_nothing() {
        let hostile = "a\u{1b}[31m\u{7f}\u{9b}2J\u{202e}\u{2066}\r\n\u{2028}é 北";
        let value = serde_json::json!({ "title": hostile });
        for text in [captured(None, |to| to.json(&value)), captured(None, |to| to.json_line(&value))] {
            assert!(!text.contains(controls), "{text:?}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn foreign_text_is_one_bounded_line() {
        let text = shown(&"\u{1b}]0;x\u{7}\n".repeat(1000));
        assert!(text.chars().count() <= SHOWN && !text.contains(controls) && !text.contains('\n'));
    }

    #[test]
    fn a_closed_pipe_is_known_through_contexts() {
        let closed: anyhow::Result<()> =
            Err(io::Error::from(io::ErrorKind::BrokenPipe)).context("while printing");
        assert!(is_closed(&closed.unwrap_err()));
        assert!(!is_closed(&io::Error::from(io::ErrorKind::NotFound).into()));
    }
}
