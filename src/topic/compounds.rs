//! Words of rules that a text may write apart: "Viet Nam" is `Vietnam`.

use super::common::is_very_common;
use super::sieve::Sieve;
use crate::text::fold::shapes::Shapes;
use crate::text::fold::spelling;

/// Parts of a compound that a text writes apart have at least this many letters ("Viet Nam", not "Ma Li").
const MIN_PART: usize = 3;

/// Which words a rule writes as one. Every two words of a text that follow one another are asked for, and nearly none
/// make one: their shape tells so of most, their bytes of nearly all others.
#[derive(Debug, Clone, Default)]
pub(super) struct Compounds {
    /// Until [`Compounds::finish`].
    words: Vec<u64>,
    shapes: Shapes,
    bytes: Sieve,
}

impl Compounds {
    /// `word` stands in a rule.
    pub(super) fn add(&mut self, word: &str) {
        if word.len() >= MIN_PART * 2 {
            self.words.push(hash(word, ""));
        }
    }

    /// To be called once, after the last word was added; `known`: these words and others.
    pub(super) fn finish<'a>(&mut self, known: impl Iterator<Item = &'a str>) {
        let mut words = std::mem::take(&mut self.words);
        words.sort_unstable();
        words.dedup();
        let bytes = Sieve::of(words.iter().copied(), words.len());
        let may_hold = |word: &&str| bytes.may_hold(hash(word, ""));
        // Halves are joined as they are spelled: "cheque book" is `checkbook`.
        let spelled = || spelling::all().filter(|(_, usual)| may_hold(usual)).map(|(spelled, _)| spelled);
        words.extend(spelled().map(|word| hash(word, "")));
        self.shapes = Shapes::of(known.filter(may_hold).chain(spelled()), words.len());
        self.bytes = Sieve::of(words.iter().copied(), words.len());
    }

    /// False if `head` and `tail` are certainly not halves of one word of a rule.
    pub(super) fn may_hold(&self, head: &str, tail: &str) -> bool {
        self.shapes.may_hold(head, tail) && self.bytes.may_hold(hash(head, tail))
    }
}

/// Of `head` and `tail` as one, spread over the upper bits (Fowler, Noll, Vo, FNV-1a).
fn hash(head: &str, tail: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = head.bytes().chain(tail.bytes()).fold(0xcbf2_9ce4_8422_2325, mix);
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Whether `part` may be half of a compound that is written apart: "put in" is not Putin.
pub(super) fn stands_apart(part: &str) -> bool {
    part.chars().nth(MIN_PART - 1).is_some() && part.chars().all(char::is_alphabetic) && !is_very_common(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Compounds;

    proptest! {
        #[test]
        fn never_denies_a_word_cut_in_two(words in proptest::collection::vec("\\PC{6,12}", 1..30), cut in 1_usize..12) {
            let mut compounds = Compounds::default();
            for word in &words {
                compounds.add(word);
            }
            compounds.finish(words.iter().map(String::as_str));
            for word in &words {
                let Some((at, _)) = word.char_indices().nth(cut) else { continue };
                let (head, tail) = word.split_at(at);
                prop_assert!(compounds.may_hold(head, tail));
            }
        }
    }

    #[test]
    fn denies_most_others() {
        let mut compounds = Compounds::default();
        let words = ["vietnam", "warship", "airstrike"];
        for word in &words {
            compounds.add(word);
        }
        compounds.finish(words.into_iter());
        assert!(compounds.may_hold("viet", "nam"));
        for (head, tail) in [("nam", "viet"), ("war", "ships"), ("vie", "nam"), ("airs", "trice")] {
            assert!(!compounds.may_hold(head, tail), "{head} {tail}");
        }
    }
}
