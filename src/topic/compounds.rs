//! Words of rules that a text may write apart: "Viet Nam" is `Vietnam`.

use super::common::is_very_common;
use super::sieve::Sieve;

/// Parts of a compound that a text writes apart have at least this many letters ("Viet Nam", not "Ma Li").
const MIN_PART: usize = 3;

/// Which words a rule writes as one. Every two words of a text that follow one another are asked for, and nearly none
/// make one: what is asked first is a sum over their letters, which that of the whole follows from.
#[derive(Debug, Clone, Default)]
pub(super) struct Compounds {
    /// Until [`Compounds::finish`].
    words: Vec<u64>,
    sieve: Sieve,
}

/// The sum over the bytes of a word (Karp, Rabin, "Efficient randomized pattern-matching algorithms", 1987).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    sum: u64,
    /// What the sum of a word before it is to be multiplied by.
    power: u64,
}

const BASE: u64 = 0x2545_f491_4f6c_dd1d;

impl Sum {
    pub(super) fn of(word: &str) -> Self {
        let add = |(sum, power): (u64, u64), byte: u8| {
            (sum.wrapping_mul(BASE).wrapping_add(u64::from(byte)), power.wrapping_mul(BASE))
        };
        let (sum, power) = word.bytes().fold((0, 1), add);
        Self { sum, power }
    }

    /// That of both words as one.
    fn and(self, tail: Self) -> Self {
        Self {
            sum: self.sum.wrapping_mul(tail.power).wrapping_add(tail.sum),
            power: self.power.wrapping_mul(tail.power),
        }
    }

    /// Spread over the upper bits.
    fn hash(self) -> u64 {
        (self.sum ^ self.sum >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Compounds {
    /// `word` stands in a rule.
    pub(super) fn add(&mut self, word: &str) {
        if word.len() >= MIN_PART * 2 {
            self.words.push(Sum::of(word).hash());
        }
    }

    /// To be called once, after the last word was added.
    pub(super) fn finish(&mut self) {
        let mut words = std::mem::take(&mut self.words);
        words.sort_unstable();
        words.dedup();
        self.sieve = Sieve::of(words.iter().copied(), words.len());
    }

    /// False if `head` and `tail`, which have these sums, are certainly not halves of one word of a rule.
    pub(super) fn may_hold(&self, head: Sum, tail: Sum) -> bool {
        self.sieve.may_hold(head.and(tail).hash())
    }
}

/// Whether `part` may be half of a compound that is written apart: "put in" is not Putin.
pub(super) fn stands_apart(part: &str) -> bool {
    part.chars().nth(MIN_PART - 1).is_some()
        && part.chars().all(char::is_alphabetic)
        && !is_very_common(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Compounds, Sum};

    proptest! {
        #[test]
        fn never_denies_a_word_cut_in_two(words in proptest::collection::vec("\\PC{6,12}", 1..30), cut in 0_usize..12) {
            let mut compounds = Compounds::default();
            words.iter().for_each(|word| compounds.add(word));
            compounds.finish();
            for word in &words {
                let at = word.char_indices().nth(cut).map_or(0, |(at, _)| at);
                let (head, tail) = word.split_at(at);
                prop_assert_eq!(Sum::of(head).and(Sum::of(tail)), Sum::of(word));
                prop_assert!(compounds.may_hold(Sum::of(head), Sum::of(tail)));
            }
        }
    }

    #[test]
    fn denies_most_others() {
        let mut compounds = Compounds::default();
        ["vietnam", "warship", "airstrike"].iter().for_each(|word| compounds.add(word));
        compounds.finish();
        let may_hold = |head: &str, tail: &str| compounds.may_hold(Sum::of(head), Sum::of(tail));
        assert!(may_hold("viet", "nam"));
        assert!(!may_hold("nam", "viet") && !may_hold("war", "ships") && !may_hold("viet", "name"));
    }
}
