//! The words of all rules, numbered: a word of a text becomes a symbol or, mostly, nothing.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::compounds::Compounds;
use super::interner::Interner;
use super::stem::WordForms;
use crate::text::fold::shapes::Shapes;

/// The number of a word, a prefix or the forms of a word.
pub(super) type Symbol = u32;

/// The sorts of strings that have a number.
const WORD: u8 = b' ';
const PREFIX: u8 = b'*';
const FORMS: u8 = b'~';

/// Collects words and prefixes while rules are compiled.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    symbols: Interner,
    /// The words of `~` terms.
    pub(super) forms: WordForms,
    /// Words that a text may write apart.
    pub(super) compounds: Compounds,
    /// What [`Lexicon::word`] asks first.
    word_shapes: Shapes,
    /// What [`Lexicon::prefixes_of`] asks first: a bit for the first [`KEY`] bytes of each prefix.
    starts: Vec<u64>,
    /// Lengths in bytes of the prefixes, by their first [`KEY`] bytes.
    lengths: HashMap<[u8; KEY], Vec<usize>, RandomState>,
}

/// Every prefix has three letters, so at least three bytes.
const KEY: usize = 3;

impl Lexicon {
    /// The symbol of `word`, new or known.
    pub(super) fn add_word(&mut self, word: &str) -> Symbol {
        self.symbols.add(word, WORD).0
    }

    /// The symbol of the prefix `start`, new or known; never one of a word.
    pub(super) fn add_prefix(&mut self, start: &str) -> Symbol {
        if let Some(key) = start.as_bytes().first_chunk::<KEY>() {
            let lengths = self.lengths.entry(*key).or_default();
            if let Err(place) = lengths.binary_search(&start.len()) {
                lengths.insert(place, start.len());
            }
        }
        self.symbols.add(start, PREFIX).0
    }

    /// The symbol of all forms of `word`, new or known; never one of a word.
    pub(super) fn add_forms(&mut self, word: &str) -> Symbol {
        let (symbol, is_new) = self.symbols.add(word, FORMS);
        if is_new {
            self.forms.add(word, symbol);
        }
        symbol
    }

    /// To be called once, after the last word was added.
    pub(super) fn finish(&mut self) {
        self.symbols.shrink();
        self.compounds.finish(self.symbols.of_sort(WORD));
        self.word_shapes = Shapes::of(self.symbols.of_sort(WORD), self.symbols.len());
        self.starts = vec![0; START_BITS / 64];
        for key in self.lengths.keys() {
            let slot = start_slot(*key);
            if let Some(bits) = self.starts.get_mut(slot / 64) {
                *bits |= 1 << (slot % 64);
            }
        }
    }

    /// Number of symbols: each is smaller.
    pub(super) fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The symbol of `word`.
    pub(super) fn word(&self, word: &str) -> Option<Symbol> {
        if self.word_shapes.may_hold(word, "") { self.symbols.get(word, WORD) } else { None }
    }

    /// The symbols of all prefixes that `word` starts with.
    pub(super) fn prefixes_of<'a>(&'a self, word: &'a str) -> impl Iterator<Item = Symbol> + 'a {
        let key = word.as_bytes().first_chunk::<KEY>().filter(|key| {
            let slot = start_slot(**key);
            self.starts.get(slot / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
        });
        let lengths = key.and_then(|key| self.lengths.get(key)).map_or(&[][..], Vec::as_slice);
        lengths.iter().filter_map(|length| self.symbols.get(word.get(..*length)?, PREFIX))
    }
}

/// Bits in front of the prefixes: few enough to stay in the cache.
const START_BITS: usize = 1 << 14;

fn start_slot(key: [u8; KEY]) -> usize {
    let spread = key.into_iter().fold(0_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x9e37_79b1));
    usize::try_from(spread >> 18).unwrap_or(0) % START_BITS
}

#[cfg(test)]
mod tests {
    use super::Lexicon;

    #[test]
    fn words_and_prefixes_are_found() {
        let mut lexicon = Lexicon::default();
        let (arms, weap, weapon) =
            (lexicon.add_word("arms"), lexicon.add_prefix("weap"), lexicon.add_prefix("weapon"));
        assert_eq!(lexicon.add_word("arms"), arms);
        lexicon.finish();
        assert_eq!(lexicon.word("arms"), Some(arms));
        assert_eq!(lexicon.word("weapon"), None);
        assert_eq!(lexicon.prefixes_of("weapons").collect::<Vec<_>>(), [weap, weapon]);
        assert_eq!(lexicon.prefixes_of("weaken").count() + lexicon.prefixes_of("we").count(), 0);
        assert_eq!(lexicon.prefixes_of("wéap").count(), 0, "no cut inside a character");
    }
}
