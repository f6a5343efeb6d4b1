//! `/…/` terms: regular expressions over a zone's text as it stands, in linear time.
//!
//! A text is searched once for the fixed parts of all expressions ("CVE-20"), and only those whose part is there are
//! run. Expressions without a fixed part are asked together whether they hold at all.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_syntax::hir::{Hir, HirKind};

use super::problem::Fault;

/// The memory of one compiled expression, in bytes; `\w{100}` takes more.
const MAX_SIZE: usize = 1 << 18;

/// The longest expression, in bytes.
const MAX_SOURCE: usize = 1000;

/// More hits of one expression in one zone are not looked for, as of phrases: an article of a hundred years may name
/// what stands beside the last one.
const MAX_HITS: usize = 1000;

/// Each search may read to the end of the text: together they read at most so many bytes.
const MAX_READ: usize = 1 << 30;

/// A fixed part of fewer bytes is in every text.
const MIN_LITERAL: usize = 2;

/// One expression has at most so many fixed parts, of which a text needs one.
const MAX_LITERALS: usize = 32;

/// Whether `source` is an expression that can be run.
pub(super) fn check(source: &str) -> Result<(), Fault> {
    if source.len() > MAX_SOURCE {
        let message = format!("expression of {} bytes", source.len());
        return Err(Fault::new(message, format!("at most {MAX_SOURCE}: write several")));
    }
    let regex = build(source).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Fault::new(
            format!("the expression `/{source}/` is too large"),
            "make its repetitions smaller: `\\d{1,9}` for `\\d{1,9999}`",
        ),
        error => {
            let said = error.to_string();
            let last = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Fault::new(
                format!("no regular expression: {last}"),
                "look-around and back-references are not supported; `\\` before a sign takes it as it is",
            )
        }
    })?;
    if regex.is_match("") {
        return Err(Fault::new(
            format!("the expression `/{source}/` holds of an empty text"),
            "ask for at least one sign: `+` for `*`",
        ));
    }
    Ok(())
}

fn build(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).size_limit(MAX_SIZE).dfa_size_limit(MAX_SIZE).nest_limit(50).build()
}

/// All expressions of all rules.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    all: Vec<(u32, Regex)>,
    /// While rules are compiled: a fixed part, and the expression's place in `all`.
    literals: Vec<(String, usize)>,
    /// Places in `all` of those without a fixed part.
    bare: Vec<usize>,
    index: Option<AhoCorasick>,
    /// By literal of `index`: the expression's place in `all`.
    owners: Vec<usize>,
    set: Option<RegexSet>,
}

impl Expressions {
    /// Adds `source` under the number `pattern`; nothing if it is no expression, which [`check`] has told.
    pub(super) fn add(&mut self, source: &str, pattern: u32) {
        let Ok(regex) = build(source) else { return };
        let place = self.all.len();
        match regex_syntax::parse(source).ok().and_then(|hir| required(&hir)) {
            Some(literals) => self.literals.extend(literals.into_iter().map(|literal| (literal, place))),
            None => self.bare.push(place),
        }
        self.all.push((pattern, regex));
    }

    /// To be called once, after the last expression was added.
    pub(super) fn finish(&mut self) {
        let literals = std::mem::take(&mut self.literals);
        self.owners = literals.iter().map(|(_, place)| *place).collect();
        if !literals.is_empty() {
            let words = literals.iter().map(|(literal, _)| literal);
            self.index = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok();
            if self.index.is_none() {
                self.bare.append(&mut self.owners);
            }
        }
        self.bare.sort_unstable();
        self.bare.dedup();
        if self.bare.len() > 1 {
            let sources =
                self.bare.iter().filter_map(|place| self.all.get(*place)).map(|(_, regex)| regex.as_str());
            self.set = RegexSetBuilder::new(sources).size_limit(16 * MAX_SIZE).build().ok();
        }
    }

    /// Calls `sink` with the number and the bytes of every hit in `text`.
    pub(super) fn scan(&self, text: &str, mut sink: impl FnMut(u32, Range<usize>)) {
        if self.all.is_empty() || text.is_empty() {
            return;
        }
        let mut wanted: Vec<usize> = Vec::new();
        if let Some(index) = &self.index {
            let owners = index
                .find_overlapping_iter(text)
                .filter_map(|found| self.owners.get(found.pattern().as_usize()));
            for place in owners {
                // A text repeats few of them, many times.
                if !wanted.contains(place) {
                    wanted.push(*place);
                }
            }
        }
        match &self.set {
            Some(set) => {
                wanted.extend(set.matches(text).iter().filter_map(|place| self.bare.get(place)));
            }
            None => wanted.extend(&self.bare),
        }
        let most = (MAX_READ / text.len()).clamp(1, MAX_HITS);
        for (pattern, regex) in wanted.into_iter().filter_map(|place| self.all.get(place)) {
            regex.find_iter(text).take(most).for_each(|hit| sink(*pattern, hit.range()));
        }
    }
}

/// Texts of which one is in everything that `hir` holds of; `None` if there are none, or too short ones. The depth of
/// `hir` is bounded by the nesting that [`build`] allows and the parser's own limit.
fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            (text.len() >= MIN_LITERAL).then(|| vec![text.to_owned()])
        }
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => parts
            .iter()
            .filter_map(required)
            .max_by_key(|literals| literals.iter().map(String::len).min().unwrap_or_default()),
        HirKind::Alternation(parts) => {
            let all = parts.iter().map(required).collect::<Option<Vec<_>>>()?.concat();
            (all.len() <= MAX_LITERALS).then_some(all)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Expressions, build, check, required};

    fn parts(source: &str) -> Option<Vec<String>> {
        required(&regex_syntax::parse(source).expect("an expression"))
    }

    #[test]
    fn fixed_parts() {
        assert_eq!(parts(r"CVE-20\d\d-\d{4,7}"), Some(vec!["CVE-20".to_owned()]));
        assert_eq!(parts("(ab|cde)+x?"), Some(vec!["ab".to_owned(), "cde".to_owned()]));
        assert_eq!(parts(r"\bGHSA(-\w{4}){3}"), Some(vec!["GHSA".to_owned()]));
        assert_eq!(parts("(?i)cve|x"), None);
        assert_eq!(parts("(abc)?d"), None);
    }

    #[test]
    fn bounds() {
        assert!(check(r"CVE-\d+").is_ok());
        for wrong in ["(", "a{1000}{1000}", r"\w{500}", "a*", "(?=x)", &"x".repeat(2000)] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        /// What is passed over without running could not have hit.
        #[test]
        fn as_if_each_were_run(
            sources in proptest::collection::vec("(ab|c|[ab]{1,2}|b+c?|(a|bc)d|aab){1,3}", 1..6),
            text in "[abcd ]{0,40}",
        ) {
            let sources: Vec<_> = sources.into_iter().filter(|source| check(source).is_ok()).collect();
            let (mut all, mut found, mut naive) = (Expressions::default(), Vec::new(), Vec::new());
            for (number, source) in (0..).zip(&sources) {
                all.add(source, number);
                let regex = build(source).expect("checked");
                naive.extend(regex.find_iter(&text).map(|hit| (number, hit.range())));
            }
            all.finish();
            all.scan(&text, |number, span| found.push((number, span)));
            found.sort_by_key(|(number, span)| (*number, span.start));
            prop_assert_eq!(found, naive);
        }
    }
}
