//! The words, phrases and names of an article that a rule could look for.

use std::ops::Range;

use crate::article::{Article, Zone};
use crate::text::fold::{Gap, Word, each_word_while, fold, spelling};
use crate::text::rarity;
use crate::text::terms::{Key, clip, stem};

/// The longest phrase, in words; of scripts without spaces, in characters.
const MAX_WORDS: usize = 3;
const MAX_CHARACTERS: usize = 4;
/// What is looked at of each zone, in words and bytes.
const WORDS: usize = 1_000;
const BYTES: usize = 32 * 1024;
/// In so many of [`rarity::REPORTS`] imaginary reports stand words that begin or end no phrase: "the", "said", "year".
const FREQUENT: u16 = 180;

/// A run of words in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase<'t> {
    /// The same for all its forms: folded, stemmed, one space between the words.
    pub(super) key: &'t str,
    /// As it is written there.
    pub(super) written: &'t str,
    /// How many words.
    pub(super) words: usize,
    /// It is written like a name, where that means something.
    pub(super) name: bool,
    /// In how many of [`rarity::REPORTS`] imaginary reports its rarest word stands.
    pub(super) frequency: u16,
    /// Where it stands.
    pub(super) zone: Zone,
    /// The bytes there.
    pub(super) at: Range<usize>,
}

/// How a word begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// With a small letter, or one of a script without capitals.
    Small,
    /// With a capital letter, at the start of a sentence, where it means nothing.
    Sentence,
    /// With a capital letter.
    Capital,
}

#[derive(Debug)]
struct Token {
    stem: String,
    start: usize,
    end: usize,
    begins: Begins,
    /// One character of a script without spaces.
    wide: bool,
    /// Nothing but white space or a hyphen stands before it.
    joins: bool,
    frequency: u16,
}

/// Where an article names outlets that only report it: they are no part of what it is about.
pub type Reporters = fn(&Article) -> Vec<(Zone, Range<usize>)>;

/// Calls `sink` with each phrase that a topic may be about: [`each_phrase`], but for the names of those that only report.
pub(super) fn each_matter(article: &Article, reporters: Reporters, mut sink: impl FnMut(Phrase<'_>)) {
    let mut names = reporters(article);
    names.sort_by_key(|(zone, at)| (*zone, at.start));
    each_phrase(article, |phrase| {
        let before =
            names.partition_point(|(zone, name)| (*zone, name.end) <= (phrase.zone, phrase.at.start));
        let is_of_name =
            names.get(before).is_some_and(|(zone, name)| *zone == phrase.zone && name.start < phrase.at.end);
        if !is_of_name {
            sink(phrase);
        }
    });
}

/// Calls `sink` with each phrase of the article's own text.
fn each_phrase(article: &Article, mut sink: impl FnMut(Phrase<'_>)) {
    let mut key = String::new();
    for zone in [Zone::Title, Zone::Lead, Zone::Body] {
        let text = clip(article.zone(zone), BYTES);
        let tokens = tokens(text);
        let content = |token: &&Token| token.frequency < FREQUENT && !token.wide;
        let titled = tokens.iter().filter(content).all(|token| token.begins != Begins::Small);
        for from in 0..tokens.len() {
            key.clear();
            let Some(rest) = tokens.get(from..) else { continue };
            for (count, token) in (1..).zip(rest.iter().take(MAX_CHARACTERS)) {
                if count > 1 && !token.joins {
                    break;
                }
                if count > 1 && !token.wide {
                    key.push(' ');
                }
                key.push_str(&token.stem);
                let Some(run) = rest.get(..count) else { break };
                if let Some(phrase) = phrase(run, &key, text, zone, titled) {
                    sink(phrase);
                }
            }
        }
    }
}

/// The phrase of these tokens, if it could stand in a rule. `titled`: all words of the text have capitals.
fn phrase<'t>(run: &[Token], key: &'t str, text: &'t str, zone: Zone, titled: bool) -> Option<Phrase<'t>> {
    let (first, last) = (run.first()?, run.last()?);
    let wide = run.iter().all(|token| token.wide);
    let fits =
        if wide { run.len() > 1 } else { run.len() <= MAX_WORDS && !run.iter().any(|token| token.wide) };
    let has_letters = |token: &Token| token.stem.chars().any(char::is_alphabetic);
    // "Un" is French for "a", but not in "Kim Jong Un".
    let ends_name = !titled && run.len() > 1 && last.begins == Begins::Capital;
    let carries = |token: &Token| token.frequency < FREQUENT && has_letters(token);
    let ends_well = wide || carries(first) && (carries(last) || ends_name && has_letters(last));
    let short = run.len() == 1 && first.stem.chars().count() < 3;
    if !fits || short || !ends_well {
        return None;
    }
    let name = !titled
        && first.begins != Begins::Small
        && last.begins != Begins::Small
        && run.iter().all(|token| token.begins != Begins::Small || token.frequency >= FREQUENT)
        && (run.len() > 1 || first.begins == Begins::Capital);
    let frequency = run.iter().map(|token| token.frequency).min()?;
    let at = first.start..last.end;
    let written = text.get(at.clone())?;
    Some(Phrase { key, written, words: run.len(), name, frequency, zone, at })
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    each_word_while(text, |Word { folded, span, gap }| {
        let word = spelling::canonical(folded).unwrap_or(folded);
        let stem = stem(word).to_owned();
        let between = text.get(tokens.last().map_or(0, |last| last.end)..span.start).unwrap_or_default();
        let mut letters = text.get(span.clone()).unwrap_or_default().chars();
        let letter = letters.next();
        let starts = tokens.is_empty()
            || gap == Gap::Paragraph
            || between.contains(['.', '!', '?', ':', '"', '“', '”']);
        let frequency = rarity::frequency(Key::of(&stem));
        // The second part of a given name: "Jong-un".
        let before =
            tokens.last().filter(|_| gap == Gap::Hyphen && frequency >= FREQUENT).map(|last| last.begins);
        tokens.push(Token {
            frequency,
            stem,
            start: span.start,
            end: span.end,
            begins: match (letter.is_some_and(char::is_uppercase), starts) {
                (false, _) => before.unwrap_or(Begins::Small),
                (true, true) => Begins::Sentence,
                (true, false) => Begins::Capital,
            },
            wide: letter.is_some_and(is_wide) && letters.next().is_none(),
            joins: matches!(gap, Gap::Space | Gap::Hyphen | Gap::None),
        });
        tokens.len() < WORDS
    });
    tokens
}

/// Whether words are written without spaces in the script of `letter`.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The term of a rule that hits all `forms` of one phrase, the most frequent form first: the form itself, the beginning
/// that all have (`weapon*`), or the forms with `|` between them.
pub(super) fn term_of(forms: &[String]) -> String {
    let clean = |form: &String| -> String {
        let kept = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '\'' | '’');
        let words = form
            .split_whitespace()
            .map(|word| word.chars().filter(|letter| kept(*letter)).collect::<String>());
        let words = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        words.strip_suffix("'s").or(words.strip_suffix("’s")).unwrap_or(&words).to_owned()
    };
    let mut seen: Vec<(String, String)> = Vec::new();
    for form in forms.iter().map(clean) {
        // Case, hyphens, spaces and British spelling make no difference to a rule.
        let plain: String = fold(&form).into_iter().map(|token| token.folded).collect();
        if !plain.is_empty() && !seen.iter().any(|(known, _)| *known == plain) {
            seen.push((plain, form));
        }
    }
    let Some((_, first)) = seen.first() else { return String::new() };
    if seen.len() == 1 {
        return first.clone();
    }
    if let Some((_, shortest)) = seen.iter().min_by_key(|(plain, _)| plain.len()) {
        let stem = shortest.to_lowercase();
        let last = stem.rsplit(' ').next().unwrap_or_default();
        if last.chars().count() >= 4 && seen.iter().all(|(_, form)| form.to_lowercase().starts_with(&stem)) {
            return format!("{shortest}*");
        }
    }
    seen.into_iter().take(4).map(|(_, form)| form).collect::<Vec<_>>().join(" | ")
}

/// `text` as a string of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn phrases(text: &str) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        let article = Article { body: text.to_owned(), ..Article::default() };
        each_phrase(&article, |phrase| found.push((phrase.written.to_owned(), phrase.name)));
        found
    }

    #[test]
    fn phrases_end_at_punctuation_and_at_common_words() {
        let found = phrases("They said the armoured train of Kim Jong-un, who left");
        let written: Vec<&str> = found.iter().map(|(written, _)| written.as_str()).collect();
        for wanted in
            ["armoured", "armoured train", "train", "train of Kim", "Kim", "Kim Jong", "Kim Jong-un"]
        {
            assert!(written.contains(&wanted), "{wanted} {written:?}");
        }
        assert!(!written.iter().any(|one| one.contains("who") || one.starts_with("the")), "{written:?}");
        let names: Vec<&str> =
            found.iter().filter(|(_, name)| *name).map(|(written, _)| written.as_str()).collect();
        assert_eq!(names, ["Kim", "Kim Jong", "Kim Jong-un", "Jong", "Jong-un"]);
        assert!(phrases("Kim And Putin In Moscow").iter().all(|(_, name)| !name), "a headline in capitals");
    }

    #[test]
    fn scripts_without_spaces_give_runs_of_characters() {
        let written: Vec<String> = phrases("普京访朝").into_iter().map(|(written, _)| written).collect();
        assert_eq!(written, ["普京", "普京访", "普京访朝", "京访", "京访朝", "访朝"]);
    }

    #[test]
    fn one_term_covers_the_forms() {
        let term = |forms: &[&str]| term_of(&forms.iter().map(|form| (*form).to_owned()).collect::<Vec<_>>());
        assert_eq!(term(&["weapons", "weapon"]), "weapon*");
        assert_eq!(term(&["Kim Jong Un", "Kim Jong-un", "Kim Jong Un's"]), "Kim Jong Un");
        assert_eq!(term(&["North Korean", "North Koreans"]), "North Korean*");
        assert_eq!(term(&["supplies", "supply"]), "supplies | supply");
        assert_eq!(term(&["arms", "arm"]), "arms | arm");
    }

    proptest! {
        #[test]
        fn any_text_gives_terms_that_a_rule_takes(text in any::<String>()) {
            for (written, _) in phrases(&text) {
                let term = term_of(&[written]);
                prop_assert!(!term.contains(['|', '*', '"', ':', '(']));
            }
        }
    }
}
