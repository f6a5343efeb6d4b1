//! A problem in the configuration, told so that the person can mend it: file, line, column, the line itself, a hint.

use std::fmt::{self, Display, Formatter, Write as _};
use std::path::PathBuf;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// 1-based; 0 if the whole file is meant.
    pub line: usize,
    /// 1-based, in characters; 0 if the whole file is meant.
    pub column: usize,
    /// How many characters are meant.
    pub width: usize,
    /// The line itself, with user names and passwords of URLs masked; cut after 2,000 characters.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Odd, but works.
    pub warning: bool,
}

/// A place in a file, for problems that are found later than the file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The file.
    pub file: PathBuf,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) width: usize,
    pub(super) text: String,
}

impl Mark {
    /// A problem at this place.
    #[must_use]
    pub fn problem(&self, message: String, hint: Option<String>, warning: bool) -> Problem {
        let Self { file, line, column, width, text } = self.clone();
        Problem { file, line, column, width, text, message, hint, warning }
    }
}

/// All problems of a configuration, in order of file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl std::error::Error for Problems {}

impl Display for Problems {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl Problem {
    /// The same on one line, for a log: "a.toml:12:1: error: unknown key `naer`; did you mean `near`?"
    #[must_use]
    pub fn line(&self) -> String {
        let kind = if self.warning { "warning" } else { "error" };
        let mut line = visible(&self.file.to_string_lossy());
        if self.line > 0 {
            let _ = write!(line, ":{}:{}", self.line, self.column);
        }
        let _ = write!(line, ": {kind}: {}", visible(&self.message));
        if let Some(hint) = &self.hint {
            let _ = write!(line, "; {}", visible(hint));
        }
        line
    }
}

impl Display for Problem {
    /// As the Rust compiler shows its own, without colours and without a newline at the end.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let kind = if self.warning { "warning" } else { "error" };
        writeln!(f, "{kind}: {}", visible(&self.message))?;
        let number = if self.line == 0 { String::new() } else { self.line.to_string() };
        let gutter = number.len().max(1);
        write!(f, "{:gutter$}--> {}", "", visible(&self.file.to_string_lossy()))?;
        let hint = self.hint.as_deref().map(visible);
        if self.line == 0 {
            return hint.map_or(Ok(()), |hint| write!(f, "\n{:gutter$} = {hint}", ""));
        }
        writeln!(f, ":{number}:{}", self.column)?;
        let Excerpt { shown, indent, carets } = Excerpt::of(self);
        write!(f, "{:gutter$} |\n{number} | {shown}\n{:gutter$} | {:indent$}{:^<carets$}", "", "", "", "")?;
        hint.map_or(Ok(()), |hint| write!(f, " {hint}"))
    }
}

/// A line is shown whole up to here; of a longer one, the part around the place.
const WINDOW: usize = 100;
/// What stands before the place when the line's start is cut away.
const BEFORE: usize = 40;

/// What is shown of a line, and the terminal cells before and under the mark.
struct Excerpt {
    shown: String,
    indent: usize,
    carets: usize,
}

impl Excerpt {
    fn of(problem: &Problem) -> Self {
        let start = problem.column.saturating_sub(1);
        let length = problem.text.chars().count();
        let first = if length > WINDOW { start.saturating_sub(BEFORE).min(length - WINDOW) } else { 0 };
        let mut excerpt = Self { shown: String::new(), indent: 0, carets: 0 };
        if first > 0 {
            excerpt.shown.push('…');
            excerpt.indent += 1;
        }
        for (at, character) in problem.text.chars().enumerate().skip(first).take(WINDOW) {
            let before = excerpt.shown.len();
            push_visible(&mut excerpt.shown, character);
            let cells = excerpt.shown.get(before..).map_or(1, |new| new.chars().map(cells).sum());
            if at < start {
                excerpt.indent += cells;
            } else if at < start.saturating_add(problem.width) {
                excerpt.carets += cells;
            }
        }
        if first + WINDOW < length {
            excerpt.shown.push('…');
        }
        excerpt.carets = excerpt.carets.max(1);
        excerpt
    }
}

/// `text` with everything that could steer a terminal written as an escape.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| push_visible(&mut out, character));
    out
}

/// Control characters, and those that reorder or hide text (bidirectional controls, zero widths), become `\u{…}`; a
/// tab becomes one space so that marks stay in line.
fn push_visible(out: &mut String, character: char) {
    let hidden = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if character == '\t' {
        out.push(' ');
    } else if character.is_control() || hidden {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}", character.escape_unicode());
    } else {
        out.push(character);
    }
}

/// How many cells of a terminal `character` takes: two for the wide ones of East Asia and for most pictographs
/// (the bulk of Unicode's East Asian Width W and F), one for all others.
fn cells(character: char) -> usize {
    let wide = matches!(character,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}' | '\u{1f900}'..='\u{1f9ff}' | '\u{20000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, column: usize, width: usize) -> Problem {
        Problem {
            file: "a.toml".into(),
            line: 12,
            column,
            width,
            text: text.into(),
            message: "unknown key `naer`".into(),
            hint: Some("did you mean `near`?".into()),
            warning: false,
        }
    }

    #[test]
    fn a_problem_points_at_its_place() {
        let expected = "error: unknown key `naer`\n  --> a.toml:12:1\n   |\n12 | naer = 60\n   | ^^^^ did you mean `near`?";
        assert_eq!(at("naer = 60", 1, 4).to_string(), expected);
        let line = "a.toml:12:1: error: unknown key `naer`; did you mean `near`?";
        assert_eq!(at("naer = 60", 1, 4).line(), line);
    }

    #[test]
    fn wide_characters_take_two_cells() {
        let shown = at("a = [\"김정은\", \"xx\"]", 13, 2).to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[4], "   |                ^^ did you mean `near`?");
    }

    #[test]
    fn control_characters_are_written_out_and_the_mark_stays_under_its_place() {
        let shown = at("\ta\u{1b}[31m = \u{202e}x", 11, 1).to_string();
        assert!(shown.contains(" | \u{20}a\\u{1b}[31m = \\u{202e}x"), "{shown}");
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
        let mark = shown.lines().last().and_then(|line| line.find('^'));
        let place = shown.lines().nth(3).and_then(|line| line.find("\\u{202e}"));
        assert_eq!(mark, place);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}naer{}", "x".repeat(500), "y".repeat(500));
        let shown = at(&text, 501, 4).to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[3].starts_with("12 | …xxxx") && lines[3].ends_with("yyy…"), "{shown}");
        assert_eq!(lines[3].chars().count(), 5 + WINDOW + 2);
        let mark: Vec<char> = lines[4].chars().collect();
        let under: String = lines[3].chars().zip(mark).filter(|(_, m)| *m == '^').map(|(c, _)| c).collect();
        assert_eq!(under, "naer");
    }

    #[test]
    fn a_whole_file_has_no_line() {
        let problem = Problem { line: 0, column: 0, warning: true, ..at("", 0, 0) };
        assert_eq!(problem.to_string(), "warning: unknown key `naer`\n --> a.toml\n  = did you mean `near`?");
    }
}
