//! Terms of a report: what likeness and novelty compare.

use std::collections::HashMap;
use std::ops::Range;

use super::{Report, wire};
use crate::text::fold::{Token, fold};

/// How much of a report counts: news stands at the top, and background further down makes different events alike.
const WORDS: usize = 150;
/// Words of a headline that count; a longer one is not a headline.
const TITLE_WORDS: usize = 60;
/// Bytes that are looked at for [`WORDS`] words, whatever they are.
const BYTES: usize = 8 * 1024;
/// How often a word of the title counts.
const TITLE_WEIGHT: f32 = 2.0;

/// One term of a text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// Folded and stemmed, or a pair of characters of a script without spaces.
    pub text: String,
    /// Its bytes.
    pub span: Range<usize>,
}

/// The terms of `text` in order. Numbers are terms like any other: dates, tolls and sums tell events of the same people
/// apart.
pub(super) fn terms(text: &str) -> Vec<Term> {
    from_tokens(text, &fold(text))
}

fn from_tokens(text: &str, tokens: &[Token]) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::with_capacity(tokens.len());
    let mut previous: Option<&Token> = None;
    for token in tokens {
        let before = previous.replace(token);
        if is_single_wide(token, text) {
            // A single Han or Kana character says little; pairs of them are near enough to words.
            if let Some(before) =
                before.filter(|before| before.span.end == token.span.start && is_single_wide(before, text))
            {
                let pair = format!("{}{}", before.folded, token.folded);
                found.push(Term { text: pair, span: before.span.start..token.span.end });
            }
        } else if let Some(before) =
            before.filter(|before| token.joined && PREFIXES.contains(&before.folded.as_str()))
        {
            // "anti-tank" is "antitank".
            found.pop_if(|term| term.span == before.span);
            let whole = format!("{}{}", before.folded, token.folded);
            found.push(Term { text: stem(&whole).to_owned(), span: before.span.start..token.span.end });
        } else if !is_letter(&token.folded) {
            found.push(Term { text: stem(&token.folded).to_owned(), span: token.span.clone() });
        }
    }
    found
}

/// Prefixes that are written with a hyphen or without.
const PREFIXES: &[&str] =
    &["anti", "non", "co", "pre", "re", "post", "multi", "counter", "over", "semi", "super", "cyber"];

/// A single Latin letter is an initial or a piece of "U.S.".
fn is_letter(folded: &str) -> bool {
    folded.len() == 1 && folded.bytes().all(|b| b.is_ascii_lowercase())
}

/// The first `bytes` bytes of `text`, or a little less so as not to break a character.
pub(super) fn clip(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// Whether `token` is one character of a script that is written without spaces.
fn is_single_wide(token: &Token, text: &str) -> bool {
    let mut chars = text.get(token.span.clone()).unwrap_or_default().chars();
    let wide = chars.next().is_some_and(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'));
    wide && chars.next().is_none()
}

/// `term` without the commonest English endings, so that "missiles" and "missile", "confirmed" and "confirming" compare
/// equal. Only for words of ASCII letters; deliberately light, as a stemmer that merges more than inflections merges names.
pub(super) fn stem(term: &str) -> &str {
    if term.len() < 4 || !term.bytes().all(|b| b.is_ascii_lowercase()) {
        return term;
    }
    let single = match term.strip_suffix('s') {
        // "press", "status", "crisis" are no plurals.
        Some(rest) if rest.len() >= 3 && !rest.ends_with(['s', 'u', 'i']) => rest,
        _ => term,
    };
    for (ending, keep) in [("ing", 4), ("ed", 4), ("er", 4), ("ie", 5), ("y", 5), ("e", 3)] {
        if let Some(rest) = single.strip_suffix(ending).filter(|rest| rest.len() >= keep) {
            return rest;
        }
    }
    single
}

/// The distinct terms of a report with their counts, in order of first appearance; title words count double.
/// What a wire writes around its news does not count.
pub(super) fn of_report(report: &Report) -> Vec<(String, f32)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut counts: Vec<(String, f32)> = Vec::new();
    let title = first_terms(&report.title, TITLE_WORDS).into_iter().map(|term| (term.text, TITLE_WEIGHT));
    let text =
        first_terms(&wire::body(clip(&report.text, BYTES)), WORDS).into_iter().map(|term| (term.text, 1.0));
    for (term, weight) in title.chain(text) {
        let place = *places.entry(term.clone()).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count += weight,
            None => counts.push((term, weight)),
        }
    }
    counts
}

/// The terms of the first `words` words of `text`; two characters of a script without spaces count as a word.
fn first_terms(text: &str, words: usize) -> Vec<Term> {
    let text = clip(text, BYTES);
    let tokens = fold(text);
    let mut budget = 2 * words;
    let within = tokens.iter().take_while(|token| {
        let cost = if is_single_wide(token, text) { 1 } else { 2 };
        let fits = budget >= cost;
        budget = budget.saturating_sub(cost);
        fits
    });
    let count = within.count();
    from_tokens(text, tokens.get(..count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_stem_and_other_words_do_not() {
        for same in [
            ["missiles", "missile"],
            ["confirmed", "confirming"],
            ["countries", "country"],
            ["houses", "house"],
            ["shells", "shell"],
        ] {
            let [one, other] = same;
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        for different in
            [["press", "pres"], ["putin", "puts"], ["kim", "kims2"], ["army", "arms"], ["party", "part"]]
        {
            let [one, other] = different;
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn a_prefix_counts_the_same_with_its_hyphen_and_without() {
        let found: Vec<String> =
            terms("anti-tank antitank U.S. co-op").into_iter().map(|term| term.text).collect();
        assert_eq!(found, ["antitank", "antitank", "coop"]);
    }

    #[test]
    fn characters_of_scripts_without_spaces_become_pairs() {
        let found: Vec<String> = terms("普京访朝 2023").into_iter().map(|term| term.text).collect();
        assert_eq!(found, ["普京", "京访", "访朝", "2023"]);
    }

    #[test]
    fn only_the_top_of_a_report_counts_and_its_title_doubly() {
        let text = (0..300).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        let report = Report {
            id: 1,
            time: crate::clock::Timestamp::UNIX_EPOCH,
            title: "W0 alone".to_owned(),
            text,
            outlet: String::new(),
            language: None,
        };
        let found = of_report(&report);
        assert_eq!(found.len(), 151);
        assert_eq!(found.first(), Some(&("w0".to_owned(), 3.0)));
    }
}
