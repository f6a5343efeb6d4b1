//! Terms of a text: what likeness, novelty and topics by example compare. Folded words with a light stem, pairs of
//! characters of scripts without spaces.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::quality::FixedState;

use super::fold::{Gap, Word, each_word_while, spelling};

/// A term by its hash: the index keeps no texts. Of a million terms, two share one with a chance of one in forty million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

impl Key {
    /// The key of a term as [`terms`] has it.
    pub fn of(term: &str) -> Self {
        Self(FixedState::default().hash_one(term))
    }
}

/// One term of a text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Folded and stemmed, or a pair of characters of a script without spaces.
    pub text: String,
    /// Its bytes.
    pub span: Range<usize>,
}

/// The terms of `text` in order. Numbers are terms like any other: dates, tolls and sums tell events of the same people
/// apart.
pub fn terms(text: &str) -> Vec<Term> {
    let mut found = Vec::with_capacity(text.len() / 6);
    each_term(text, |_| true, |term, span| found.push(Term { text: term.to_owned(), span }));
    found
}

/// Calls `sink` with each term of `text`, in order, and lends it the term; until `fits`, which is asked about each word
/// (is it one character of a script without spaces?), says no.
pub fn each_term(text: &str, mut fits: impl FnMut(bool) -> bool, mut sink: impl FnMut(&str, Range<usize>)) {
    let mut found = Held::default();
    // The word before, the bytes of it, and whether it is one character of a script without spaces.
    let (mut before, mut place, mut before_wide) = (String::new(), 0..0, false);
    each_word_while(text, |Word { folded, span, gap }| {
        let wide = is_single_wide(text.get(span.clone()).unwrap_or_default());
        if !fits(wide) {
            return false;
        }
        let word = spelling::canonical(folded).unwrap_or(folded);
        if wide {
            // A single Han or Kana character says little; pairs of them are near enough to words.
            if before_wide && place.end == span.start {
                before.push_str(word);
                found.put(&before, place.start..span.end, &mut sink);
            }
        } else if gap == Gap::Hyphen && PREFIXES.contains(&before.as_str()) {
            // "anti-tank" is "antitank".
            found.take_back(&place);
            before.push_str(word);
            found.put(stem(&before), place.start..span.end, &mut sink);
        } else if !is_letter(word) {
            found.put(stem(word), span.clone(), &mut sink);
        }
        before.clear();
        before.push_str(word);
        (place, before_wide) = (span, wide);
        true
    });
    found.give(&mut sink);
}

/// The last term, which the next word may take back.
#[derive(Default)]
struct Held {
    term: String,
    span: Range<usize>,
}

impl Held {
    fn put(&mut self, term: &str, span: Range<usize>, sink: &mut impl FnMut(&str, Range<usize>)) {
        self.give(sink);
        self.term.push_str(term);
        self.span = span;
    }

    fn take_back(&mut self, span: &Range<usize>) {
        if self.span == *span {
            self.term.clear();
        }
    }

    fn give(&mut self, sink: &mut impl FnMut(&str, Range<usize>)) {
        if !self.term.is_empty() {
            sink(&self.term, self.span.clone());
            self.term.clear();
        }
    }
}

/// Prefixes that are written with a hyphen or without.
const PREFIXES: &[&str] =
    &["anti", "non", "co", "pre", "re", "post", "multi", "counter", "over", "semi", "super", "cyber"];

/// A single Latin letter is an initial or a piece of "U.S.".
fn is_letter(folded: &str) -> bool {
    folded.len() == 1 && folded.bytes().all(|b| b.is_ascii_lowercase())
}

/// The first `bytes` bytes of `text`, or a little less so as not to break a character.
pub fn clip(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// Whether `word`, as written, is one character of a script that is written without spaces.
fn is_single_wide(word: &str) -> bool {
    let mut chars = word.chars();
    let wide = chars.next().is_some_and(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'));
    wide && chars.next().is_none()
}

/// `term` without the commonest English endings, so that "missiles" and "missile", "confirmed" and "confirming" compare
/// equal. Only for words of ASCII letters; deliberately light, as a stemmer that merges more than inflections merges names.
pub fn stem(term: &str) -> &str {
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
}
