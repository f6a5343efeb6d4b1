//! `~word`: the forms of a word, by the stemmer of the article's language.
//!
//! A word of a rule is stemmed in every language of its script when rules are compiled; a word of a text only if it
//! begins as one of these stems does, which few do.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use super::interner::Interner;
use super::lexicon::Symbol;
use crate::text::fold::{each_word, spelling};

/// Longer words have no forms; the stemmers' time grows with the word.
const MAX_WORD: usize = 64;

/// The languages that have a stemmer, by ISO 639-1, sorted.
const LANGUAGES: [(&str, Algorithm); 19] = [
    ("ar", Algorithm::Arabic),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nb", Algorithm::Norwegian),
    ("nl", Algorithm::Dutch),
    ("nn", Algorithm::Norwegian),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
];

/// The language of a text, for its stems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// A place in [`LANGUAGES`].
    Known(usize),
    /// One without a stemmer: a word has no forms but itself.
    Other,
}

impl Language {
    /// By an ISO 639-1 code, perhaps with a region. English if nothing is known.
    pub(super) fn of(code: Option<&str>) -> Self {
        let code = code.map_or("en", |code| code.split(['-', '_']).next().unwrap_or(code)).to_lowercase();
        LANGUAGES.binary_search_by_key(&code.as_str(), |(known, _)| known).map_or(Self::Other, Self::Known)
    }

    fn algorithm(self) -> Option<Algorithm> {
        let Self::Known(place) = self else { return None };
        LANGUAGES.get(place).map(|(_, algorithm)| *algorithm)
    }

    /// A number of its own.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Known(place) => place,
            Self::Other => LANGUAGES.len(),
        }
    }
}

/// Bits in front of the stems of one language: few enough to stay in the cache.
const START_BITS: usize = 1 << 12;

/// The words of all `~` terms.
#[derive(Debug, Default)]
pub(super) struct WordForms {
    /// Stems, by place of their language.
    stems: Interner,
    /// By stem: the symbol of the words that have it.
    symbols: Vec<Symbol>,
    /// Further symbols: of other words with the same stem.
    more: HashMap<u32, Vec<Symbol>, RandomState>,
    /// By language: a bit for the first letters of each stem. Empty as long as there is no `~` term.
    starts: Vec<Vec<u64>>,
}

impl WordForms {
    /// Knows all forms of `word`, as it stands in a rule, by `symbol`. To be called once for a word.
    pub(super) fn add(&mut self, word: &str, symbol: Symbol) {
        if self.is_empty() {
            self.starts.resize_with(LANGUAGES.len() + 1, || vec![0; START_BITS / 64]);
        }
        let folded = folded(word);
        for (place, starts) in self.starts.iter_mut().enumerate() {
            let language = if place < LANGUAGES.len() { Language::Known(place) } else { Language::Other };
            let stem = stem(language, &folded, word);
            let letters: Vec<char> = stem.chars().take(4).collect();
            // A stem's last letter may differ from the word's ("die" of "dying").
            let sure = if letters.len() > 3 { 3 } else { letters.len().saturating_sub(1).max(1) };
            set(starts, start(letters.into_iter().take(sure)));
            let (number, is_new) = self.stems.add(&stem, mark(place));
            if is_new {
                self.symbols.push(symbol);
            } else {
                self.more.entry(number).or_default().push(symbol);
            }
        }
    }

    /// Whether there is a `~` term at all.
    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// What the word is that stands in a text as `original` and was folded to `folded`.
    pub(super) fn symbols(
        &self,
        language: Language,
        folded: &str,
        original: &str,
    ) -> impl Iterator<Item = Symbol> {
        let number = self.number(language, folded, original);
        let first = number.and_then(|number| self.symbols.get(usize::try_from(number).ok()?)).copied();
        let more = number.and_then(|number| self.more.get(&number)).map_or(&[][..], Vec::as_slice);
        first.into_iter().chain(more.iter().copied())
    }

    /// The number of the word's stem.
    fn number(&self, language: Language, folded: &str, original: &str) -> Option<u32> {
        let starts = self.starts.get(language.place())?;
        let may_hold = |word: &str| {
            let mut sum = 0;
            word.chars().take(3).any(|letter| {
                sum = mixed(sum, letter);
                is_set(starts, slot_of(sum))
            })
        };
        let folded = match language.algorithm() {
            // Arabic puts the article in front of the word.
            Some(Algorithm::Arabic) => folded,
            _ if may_hold(folded) => folded,
            // Stems are of the American spelling, which may begin otherwise: "oestrogen", "aeroplanes", "grey".
            Some(Algorithm::English) => spelling::canonical(folded).filter(|word| may_hold(word))?,
            _ => return None,
        };
        self.stems.get(&stem(language, folded, original), mark(language.place()))
    }
}

/// The sort of the stems of a language, among [`Interner`]'s.
fn mark(place: usize) -> u8 {
    u8::try_from(place).unwrap_or(u8::MAX) & 0x7f
}

/// The stem of a word, folded; the word itself if it has none.
pub(super) fn stem(language: Language, folded: &str, original: &str) -> String {
    let Some(algorithm) = language.algorithm() else { return folded.to_owned() };
    let word: String = if algorithm == Algorithm::English {
        spelling::canonical(folded).unwrap_or(folded).to_owned()
    } else if original.is_ascii() {
        folded.to_owned()
    } else {
        // Stemmers need the accents that folding takes away.
        original.nfc().flat_map(char::to_lowercase).filter(|ch| ch.is_alphabetic()).collect()
    };
    if word.len() > MAX_WORD || !word.chars().all(|ch| is_letter_of(algorithm, ch)) {
        return folded.to_owned();
    }
    let stem = Stemmer::create(algorithm).stem(&word);
    if stem.is_empty() { folded.to_owned() } else { self::folded(&stem) }
}

/// Stemmers are asked only about words of their own script.
fn is_letter_of(algorithm: Algorithm, ch: char) -> bool {
    match algorithm {
        Algorithm::Russian => matches!(ch, '\u{430}'..='\u{451}'),
        Algorithm::Greek => matches!(ch, '\u{386}'..='\u{3ce}'),
        Algorithm::Arabic => matches!(ch, '\u{621}'..='\u{652}'),
        Algorithm::English => ch.is_ascii_lowercase(),
        _ => ch.is_ascii_lowercase() || matches!(ch, '\u{df}'..='\u{17f}' | '\u{218}'..='\u{21b}'),
    }
}

pub(super) fn folded(word: &str) -> String {
    let mut folded = String::new();
    each_word(word, |word| folded.push_str(word.folded));
    folded
}

/// The bit of some first letters. "y" is "i": "skies" is of "sky".
fn start(letters: impl Iterator<Item = char>) -> usize {
    slot_of(letters.fold(0, mixed))
}

fn mixed(sum: u32, letter: char) -> u32 {
    (sum.rotate_left(5) ^ u32::from(if letter == 'y' { 'i' } else { letter })).wrapping_mul(0x9e37_79b1)
}

fn slot_of(sum: u32) -> usize {
    usize::try_from(sum >> 20).unwrap_or(0) % START_BITS
}

fn set(bits: &mut [u64], slot: usize) {
    bits.get_mut(slot / 64).into_iter().for_each(|bits| *bits |= 1 << (slot % 64));
}

fn is_set(bits: &[u64], slot: usize) -> bool {
    bits.get(slot / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LANGUAGES, Language, WordForms, folded, stem};

    fn is_form(rule: &str, language: Option<&str>, text: &str) -> bool {
        let mut forms = WordForms::default();
        forms.add(rule, 7);
        forms.symbols(Language::of(language), &folded(text), text).eq([7])
    }

    #[test]
    fn by_the_language_of_the_text() {
        assert!(LANGUAGES.is_sorted_by_key(|(code, _)| code));
        for (language, rule, text) in [
            ("en", "negotiate", "Negotiating"),
            ("en", "organise", "organized"),
            ("en", "sky", "skies"),
            ("en", "die", "dying"),
            ("en", "Aeroplane", "aeroplanes"),
            ("en", "airplane", "aeroplanes"),
            ("en", "gray", "grey"),
            ("en", "grey", "gray"),
            ("en", "estrogen", "oestrogen"),
            ("en", "oestrogen", "estrogens"),
            ("en", "hemorrhage", "haemorrhages"),
            ("en", "haemorrhage", "hemorrhaging"),
            ("en", "pediatric", "paediatric"),
            ("en", "fetus", "foetuses"),
            ("en", "anesthetic", "anaesthetics"),
            ("en-GB", "summit", "summits"),
            ("de", "Verhandlung", "Verhandlungen"),
            ("de", "Waffe", "Waffen"),
            ("fr", "négocier", "négociations"),
            ("es", "negociación", "negociaciones"),
            ("ru", "переговоры", "переговорами"),
            ("sv", "vapen", "vapnet"),
        ] {
            let expected = language != "sv";
            assert_eq!(is_form(rule, Some(language), text), expected, "{rule} {text}");
        }
        assert!(is_form("sell", None, "selling"), "English if nothing is known");
        assert!(!is_form("sell", Some("de"), "selling") && is_form("sell", Some("de"), "sell"));
        assert!(!is_form("무기", Some("ko"), "무기들") && is_form("무기", Some("ko"), "무기"));
    }

    proptest! {
        #[test]
        fn any_word_has_a_stem(
            language in 0..LANGUAGES.len(),
            word in "[a-zà-ÿ]{0,12}|[a-zàäåæçéèêëğıîïñóöøşßúüăâîșț']{0,16}|[а-яё]{0,14}|[α-ωά-ώϊΐ]{0,14}|[ء-يَ-ْ]{0,10}|\\PC{0,8}",
        ) {
            let known = Language::Known(language);
            let stem = stem(known, &folded(&word), &word);
            prop_assert!(word.is_empty() || folded(&word).is_empty() || !stem.is_empty());
        }
    }
}
