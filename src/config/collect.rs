//! Collects problems while the files are read, and turns byte places into line, column and excerpt.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use super::problem::Problem;
use crate::topic::Written;

/// More than this many problems are counted, not shown.
const MAX_PROBLEMS: usize = 500;
/// Syntax errors are often one mistake and its echoes; more than this many in one file are not shown.
const MAX_SYNTAX: usize = 20;
/// A longer line is kept up to here.
const MAX_LINE: usize = 2_000;

/// A configuration file as read.
#[derive(Debug)]
pub(super) struct File {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What it says, without byte order mark.
    pub(super) text: String,
}

/// Bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Index of the file; 0 is the main file.
    pub(super) file: usize,
    /// Where in it.
    pub(super) at: Range<usize>,
}

impl From<&Written> for Place {
    fn from(written: &Written) -> Self {
        Self { file: written.file, at: written.at.clone() }
    }
}

/// A problem with its place in bytes.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) file: usize,
    /// `None`: the whole file.
    pub(super) at: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) warning: bool,
}

/// The problems found so far.
pub(super) struct Collector<'f> {
    files: &'f [File],
    /// Byte offsets of the line starts, by file.
    starts: Vec<Vec<usize>>,
    /// Lines (0-based) with a syntax error, by file.
    broken: Vec<BTreeSet<usize>>,
    found: Vec<Found>,
    /// How many of them are more than warnings.
    errors: usize,
}

impl<'f> Collector<'f> {
    /// Begins with what was found while the files were read.
    pub(super) fn new(files: &'f [File], found: Vec<Found>) -> Self {
        let starts = files.iter().map(|file| line_starts(&file.text)).collect();
        let errors = found.iter().filter(|found| !found.warning).count();
        Self { files, starts, broken: vec![BTreeSet::new(); files.len()], found, errors }
    }

    /// Text that is not TOML. One a line is enough: the rest of them are echoes.
    pub(super) fn syntax(&mut self, place: &Place, message: String, hint: Option<String>) {
        let line = self.line_of(place);
        let Some(broken) = self.broken.get_mut(place.file) else { return };
        if broken.insert(line) && broken.len() <= MAX_SYNTAX {
            self.push(Found { file: place.file, at: Some(place.at.clone()), message, hint, warning: false });
        }
    }

    /// Something wrong at `place`, and what to do about it.
    pub(super) fn error(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        self.tell(place, message.into(), hint.into(), false);
    }

    /// Something odd at `place`.
    pub(super) fn warning(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        self.tell(place, message.into(), hint.into(), true);
    }

    /// Something absent that should be in the table at `place`. Not told of a file with syntax errors, where it may have
    /// been lost with a broken line.
    pub(super) fn missing(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        if !self.is_broken(place.file) {
            self.error(place, message, hint);
        }
    }

    /// A warning about the whole: something that no file has, unless a broken line may have held it.
    pub(super) fn nothing(&mut self, message: &str, hint: &str) {
        if !self.any_broken() && self.errors == 0 {
            let (message, hint) = (message.to_owned(), Some(hint.to_owned()));
            self.push(Found { file: 0, at: None, message, hint, warning: true });
        }
    }

    fn tell(&mut self, place: &Place, message: String, hint: String, warning: bool) {
        // What stands on a line with a syntax error is a guess of the parser.
        let line = self.line_of(place);
        if self.broken.get(place.file).is_some_and(|broken| broken.contains(&line)) {
            return;
        }
        self.push(Found { file: place.file, at: Some(place.at.clone()), message, hint: Some(hint), warning });
    }

    /// Adds a problem as it is.
    pub(super) fn push(&mut self, found: Found) {
        self.errors += usize::from(!found.warning);
        self.found.push(found);
    }

    /// How many errors there are so far.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    /// The file and 0-based line of every error so far.
    pub(super) fn lines_with_errors(&self) -> BTreeSet<(usize, usize)> {
        let errors = self.found.iter().filter(|found| !found.warning);
        errors
            .filter_map(|found| Some(self.line(&Place { file: found.file, at: found.at.clone()? })))
            .collect()
    }

    /// The bytes `within` of the string `text`, which stands at `place`; all of it if it is written with escapes, so that
    /// its bytes are others.
    pub(super) fn part(&self, place: Place, text: &str, within: Range<usize>) -> Place {
        let written = self.files.get(place.file).and_then(|file| file.text.get(place.at.clone()));
        match written.and_then(|written| written.find(text)) {
            Some(before) => {
                let start = place.at.start + before;
                Place { at: start + within.start..start + within.end, ..place }
            }
            None => place,
        }
    }

    /// The file and 0-based line of `place`.
    pub(super) fn line(&self, place: &Place) -> (usize, usize) {
        (place.file, self.line_of(place))
    }

    /// Whether a file has syntax errors.
    pub(super) fn is_broken(&self, file: usize) -> bool {
        self.broken.get(file).is_some_and(|lines| !lines.is_empty())
    }

    /// Whether any file has syntax errors.
    pub(super) fn any_broken(&self) -> bool {
        self.broken.iter().any(|lines| !lines.is_empty())
    }

    /// The name of a place for the text of a problem: `watchlists/a.toml:3:1`.
    pub(super) fn name(&self, place: &Place) -> String {
        let Some(file) = self.files.get(place.file) else { return String::new() };
        let line = self.line_of(place);
        let start = self.line_start(place.file, line);
        format!("{}:{}:{}", file.path.display(), line + 1, chars(&file.text, start..place.at.start) + 1)
    }

    /// All problems, in order of file and line; true if one of them is more than a warning.
    pub(super) fn finish(mut self) -> (Vec<Problem>, bool) {
        let fatal = self.errors > 0;
        let mut found = std::mem::take(&mut self.found);
        let order = |found: &Found| {
            (found.file, found.at.as_ref().map(|at| (at.start, at.end)), found.message.clone())
        };
        found.sort_by_cached_key(order);
        found.dedup_by(|a, b| order(a) == order(b));
        let more = found.len().saturating_sub(MAX_PROBLEMS);
        let mut problems: Vec<Problem> =
            found.into_iter().take(MAX_PROBLEMS).map(|found| self.resolve(found)).collect();
        if more > 0 {
            problems.push(self.resolve(Found {
                file: 0,
                at: None,
                message: format!("{more} more problems are not shown"),
                hint: Some("mend these first".into()),
                warning: !fatal,
            }));
        }
        (problems, fatal)
    }

    fn resolve(&self, found: Found) -> Problem {
        let Found { file, at, message, hint, warning } = found;
        let path = self.files.get(file).map(|file| file.path.clone()).unwrap_or_default();
        let mut problem =
            Problem { file: path, line: 0, column: 0, width: 0, text: String::new(), message, hint, warning };
        if let (Some(at), Some(source)) = (at, self.files.get(file)) {
            let text = source.text.as_str();
            let line = self.line_of(&Place { file, at: at.clone() });
            let start = self.line_start(file, line);
            let end = self.line_start(file, line + 1);
            let shown = text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
            problem.line = line + 1;
            problem.column = chars(text, start..at.start) + 1;
            problem.width = chars(text, at.start..at.end.min(start + shown.len())).max(1);
            let shown = shown.get(..shown.floor_char_boundary(4 * MAX_LINE)).unwrap_or_default();
            problem.text = masked(shown).chars().take(MAX_LINE).collect();
        }
        problem
    }

    /// The 0-based line of the start of `place`.
    fn line_of(&self, place: &Place) -> usize {
        self.starts
            .get(place.file)
            .map_or(0, |starts| starts.partition_point(|start| *start <= place.at.start).saturating_sub(1))
    }

    /// Where a 0-based line starts; the end of the text past the last line.
    fn line_start(&self, file: usize, line: usize) -> usize {
        let end = self.files.get(file).map_or(0, |file| file.text.len());
        self.starts.get(file).and_then(|starts| starts.get(line)).copied().unwrap_or(end)
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// How many characters `range` holds; a range that ends inside a character is cut before it.
fn chars(text: &str, range: Range<usize>) -> usize {
    let (start, end) = (text.floor_char_boundary(range.start), text.floor_char_boundary(range.end));
    text.get(start..end).map_or(0, |part| part.chars().count())
}

/// `line` with the user name and password of every URL in it replaced by as many `*`: problems are pasted into chats.
fn masked(line: &str) -> Cow<'_, str> {
    if !line.contains('@') {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    // The userinfo of a URL is what stands before the last `@` of its authority, which ends at one of these. The URL
    // standard reads `https:user@host`, without slashes, as well.
    for run in line.split_inclusive(['/', '\\', '?', '#', '"', ' ', '\t']) {
        let scheme = run.trim_start_matches(['\'', '[', '{', '=', ',']).get(..4);
        let authority = out.ends_with(['/', '\\']) || scheme.is_some_and(|s| s.eq_ignore_ascii_case("http"));
        match run.rfind('@').and_then(|at| run.split_at_checked(at)) {
            Some((user, host)) if authority => {
                out.extend(user.chars().map(|_| '*'));
                out.push_str(host);
            }
            _ => out.push_str(run),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_and_nothing_else() {
        assert_eq!(
            masked(r#"url = "https://me:se@cret@example.org/x""#),
            r#"url = "https://**********@example.org/x""#
        );
        assert_eq!(masked("url = 'https:me:secret@example.org'"), "url = ****************@example.org'");
        for line in [
            r#"all = ["@nk", "@dprk"]"#,
            r#"contact = "mailto:me@example.org""#,
            "url = \"https://a.org/@me/feed\"",
        ] {
            assert_eq!(masked(line), line);
        }
    }

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let files = [File { path: "a.toml".into(), text: "x = 1\r\né = \"ü\"\r\n".into() }];
        let mut collector = Collector::new(&files, Vec::new());
        let place = Place { file: 0, at: 12..16 };
        assert_eq!(collector.name(&place), "a.toml:2:5");
        collector.error(&place, "m", "h");
        let (problems, fatal) = collector.finish();
        assert!(fatal);
        assert_eq!((problems[0].line, problems[0].column, problems[0].width), (2, 5, 3));
        assert_eq!(problems[0].text, "é = \"ü\"");
    }

    #[test]
    fn more_than_enough_problems_are_counted() {
        let files = [File { path: "a.toml".into(), text: "x".into() }];
        let mut collector = Collector::new(&files, Vec::new());
        for n in 0..MAX_PROBLEMS + 7 {
            collector.warning(&Place { file: 0, at: 0..1 }, format!("problem {n}"), "h");
        }
        let (problems, fatal) = collector.finish();
        assert!(!fatal);
        assert_eq!(problems.len(), MAX_PROBLEMS + 1);
        assert_eq!(problems.last().map(|p| p.message.as_str()), Some("7 more problems are not shown"));
    }
}
