//! Sentences of a text, as byte spans.
//!
//! A rule-based splitter: a terminator ends a sentence unless what stands before it is an abbreviation or an initial,
//! or what follows cannot begin one. One pass, linear in the text.

use std::ops::Range;

/// Words that a full stop follows without ending the sentence, without their stop, in lower case.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "sgt", "capt", "col", "gen", "lt", "cmdr", "adm", "maj", "cpl",
    "pvt", "gov", "sen", "rep", "reps", "sens", "hon", "rev", "fr", "sr", "jr", "pres", "supt", "insp",
    "det", "no", "nos", "vs", "v", "art", "fig", "vol", "pp", "ed", "eds", "approx", "ca", "cf", "al",
    "viz", "mt", "ft", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "hr", "bzw", "ca", "nr", "str", "mme", "mlle", "sra", "srta", "dott", "ing", "им", "г", "ул", "тыс",
    "млн", "млрд", "руб",
];

/// Abbreviations that may also stand at the end of a sentence: they end it only before a [`STARTERS`] word.
const CLOSERS: &[&str] =
    &["inc", "corp", "co", "ltd", "llc", "plc", "bros", "etc", "esq", "usw", "ave", "blvd", "dept"];

/// Words that, capitalised after an abbreviation, begin a sentence rather than go on with a name.
#[rustfmt::skip]
const STARTERS: &[&str] = &[
    "The", "A", "An", "He", "She", "It", "They", "We", "I", "You", "But", "And", "In", "On", "At", "This",
    "That", "These", "Those", "There", "His", "Her", "Its", "Their", "As", "If", "When", "While", "After",
    "Before", "However", "For", "Both",
];

/// The sentences of `text` in order, trimmed, never empty. A blank line always ends one; abbreviations ("Mr.",
/// "U.S.", initials) do not. Handles the full stops of Chinese and Japanese.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    // Start of the word that is being read, to look at what stands before a full stop.
    let mut word = 0;
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        if c.is_whitespace() {
            let mut breaks = usize::from(c == '\n') + 2 * usize::from(c == '\u{2029}');
            while let Some(&(at, next)) = chars.peek().filter(|(_, next)| next.is_whitespace()) {
                breaks += usize::from(next == '\n') + 2 * usize::from(next == '\u{2029}');
                end = at + next.len_utf8();
                chars.next();
            }
            word = end;
            if breaks > 1 {
                push(text, start..at, &mut found);
                start = end;
            }
            continue;
        }
        if !is_terminator(c) {
            continue;
        }
        let plain_stop = c == '.' && chars.peek().is_none_or(|&(_, next)| !is_terminator(next));
        while let Some(&(at, next)) =
            chars.peek().filter(|(_, next)| is_terminator(*next) || is_closing(*next))
        {
            end = at + next.len_utf8();
            chars.next();
        }
        let rest = text.get(end..).unwrap_or_default();
        let ends = is_wide(c)
            || rest.is_empty()
            || rest.starts_with(char::is_whitespace)
                && begins_sentence(rest)
                && !(plain_stop && abbreviated(text.get(word..at).unwrap_or_default(), rest));
        if ends {
            push(text, start..end, &mut found);
            start = end;
            word = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// Adds `span` without the white space around it, if anything is left.
fn push(text: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let Some(piece) = text.get(span.clone()) else { return };
    let start = span.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    if start < end {
        found.push(start..end);
    }
}

/// Punctuation that can end a sentence.
fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '؟' | '۔' | '।') || is_wide(c)
}

/// Full stops of scripts written without spaces: they need none after them.
fn is_wide(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '．')
}

/// What may stand between a terminator and the end of its sentence.
fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）' | '】' | '›')
}

/// Whether the text after a terminator and a space can begin a sentence: not in lower case, and not a dash that goes
/// on with a quotation ("Why now?" – she asked).
fn begins_sentence(rest: &str) -> bool {
    let mut following = rest.trim_start().chars();
    match following.find(|c| !is_opening(*c)) {
        Some(c) => !c.is_lowercase() && !matches!(c, ',' | ';' | ':' | '–' | '—' | '-'),
        None => true,
    }
}

/// What may stand before the first word of a sentence.
fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '(' | '[' | '“' | '‘' | '«' | '„' | '「' | '『' | '（' | '‹' | '¿' | '¡')
}

/// Whether the full stop after `word` belongs to an abbreviation and not to the end of a sentence.
fn abbreviated(word: &str, rest: &str) -> bool {
    let word = word.trim_start_matches(is_opening);
    let word = word.rsplit(['-', '–', '/']).next().unwrap_or(word);
    let lower = word.to_lowercase();
    if TITLES.contains(&lower.as_str()) {
        // "No." and the months are abbreviations only before a number: "He said no. Then he left."
        let numbered = matches!(lower.as_str(), "no" | "nos" | "mar" | "art" | "ed" | "fig" | "vol" | "pp");
        return !numbered || rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    }
    let initial = {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    // "U.S", "a.m", "N.Y": letters between stops, at most two of them each.
    let dotted = word.contains('.')
        && word.split('.').all(|part| part.chars().count() <= 2 && part.chars().all(char::is_alphabetic));
    let may_close = dotted || CLOSERS.contains(&lower.as_str());
    (initial && word != "I") || may_close && !starts_with_starter(rest)
}

/// Whether the next word is one that rarely stands inside a name.
fn starts_with_starter(rest: &str) -> bool {
    let rest = rest.trim_start().trim_start_matches(is_opening);
    rest.split(|c: char| !c.is_alphanumeric()).next().is_some_and(|first| STARTERS.contains(&first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().filter_map(|span| text.get(span)).collect()
    }

    #[test]
    fn plain_sentences_end_at_their_terminators() {
        assert_eq!(
            split("He came. She left! Why? Nobody knows…"),
            ["He came.", "She left!", "Why?", "Nobody knows…"]
        );
    }

    #[test]
    fn abbreviations_initials_and_decimals_do_not_end_a_sentence() {
        for whole in [
            "Mr. Kim will meet Mr. Putin.",
            "The U.S. Navy and the U.N. Security Council agreed.",
            "John F. Kennedy and J. R. R. Tolkien never met.",
            "Growth was 3.5 percent, or $1.2 billion.",
            "Lt. Gen. Park met Gov. Smith on Sept. 4 at 10 a.m. local time.",
            "He was No. 3 in the party.",
            "Apple Inc. Chief Executive Tim Cook spoke.",
            "The visit (see Fig. 2) costs approx. 40 million.",
        ] {
            assert_eq!(split(whole), [whole]);
        }
    }

    #[test]
    fn an_abbreviation_ends_a_sentence_before_a_word_that_begins_one() {
        assert_eq!(split("He left the U.S. The trip was long."), ["He left the U.S.", "The trip was long."]);
        assert_eq!(split("She said no. Then she left."), ["She said no.", "Then she left."]);
        assert_eq!(split("So do I. They agree."), ["So do I.", "They agree."]);
    }

    #[test]
    fn quotations_keep_their_closing_marks_and_their_verbs() {
        assert_eq!(split("“We will go.” He paused."), ["“We will go.”", "He paused."]);
        assert_eq!(
            split("\"Really?\" he asked. \"Yes!\" she said."),
            ["\"Really?\" he asked.", "\"Yes!\" she said."]
        );
        assert_eq!(
            split("He left (at last.) “Good,” she said."),
            ["He left (at last.)", "“Good,” she said."]
        );
    }

    #[test]
    fn wide_stops_need_no_space() {
        assert_eq!(
            split("普京将访问平壤。「他会来吗？」没人知道！"),
            ["普京将访问平壤。", "「他会来吗？」", "没人知道！"]
        );
    }

    #[test]
    fn a_blank_line_ends_a_sentence_and_a_single_break_does_not() {
        assert_eq!(
            split("A heading\n \nA line\nthat goes on.\r\n\r\nEnd"),
            ["A heading", "A line\nthat goes on.", "End"]
        );
        assert!(split(" \n\n \t ").is_empty());
    }

    proptest! {
        #[test]
        fn spans_are_ordered_trimmed_and_lose_nothing_but_space(text in "[ \\n.!?。」\"a-cA-C3é]{0,80}") {
            let spans = sentences(&text);
            let mut last = 0;
            for span in &spans {
                prop_assert!(last <= span.start && span.start < span.end);
                prop_assert!(text[last..span.start].trim().is_empty());
                prop_assert_eq!(text[span.clone()].trim(), &text[span.clone()]);
                last = span.end;
            }
            prop_assert!(text[last..].trim().is_empty());
        }
    }
}
