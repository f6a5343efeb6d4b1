//! What the words of texts were found to be: the words of the news are mostly the same, and to spell, stem and look up a
//! word costs more than all else that is done with it.

use super::lexicon::Symbol;
use super::matcher::{End, Node};

/// Words that are remembered. A power of two.
const WORDS: usize = 1 << 16;

/// Words that share a place: as many as one line of the cache holds.
const WAYS: usize = 4;

/// More than so many starts are forgotten, all of them: they come again.
const STARTS: usize = 1 << 18;

/// A symbol that a word is, with the node of the rows that begin with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Start {
    pub(super) symbol: Symbol,
    pub(super) root: Node,
    /// Of `root`.
    pub(super) end: End,
}

/// Words by their hash, each with its starts. That two words are taken for one happens once in 2⁶³ times; a word that
/// takes another's place costs a look at the dictionary, no more.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// By a part of the hash; the word that came last is first. Empty: nothing is remembered.
    words: Vec<[Known; WAYS]>,
    starts: Vec<Start>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// 0: none is known here.
    hash: u64,
    at: u32,
    count: u32,
}

impl Memo {
    /// To be called before it shall remember.
    pub(super) fn prepare(&mut self) {
        if self.words.is_empty() {
            self.words.resize(WORDS / WAYS, Default::default());
        }
    }

    /// The starts of the word with this hash, as `find` finds them if it is not known.
    pub(super) fn starts(&mut self, hash: u64, find: impl FnOnce(&mut Vec<Start>)) -> &[Start] {
        let hash = hash | 1;
        let place = usize::try_from(hash >> 1).unwrap_or(0) % (WORDS / WAYS);
        // Which of the ways it is cannot be foreseen: no branch may depend on it.
        let known = self.words.get(place).map(|ways| {
            let way =
                ways.iter().enumerate().fold(0, |at, (way, known)| if known.hash == hash { way } else { at });
            ways.get(way).copied().unwrap_or_default()
        });
        let known = known.filter(|known| known.hash == hash).unwrap_or_else(|| {
            if self.starts.len() > STARTS {
                self.starts.clear();
                self.words.fill(Default::default());
            }
            let at = self.starts.len();
            find(&mut self.starts);
            let number = |count: usize| u32::try_from(count).unwrap_or(0);
            let known = Known { hash, at: number(at), count: number(self.starts.len() - at) };
            if let Some(ways) = self.words.get_mut(place) {
                ways.rotate_right(1);
                ways[0] = known;
            }
            known
        });
        let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        self.starts.get(index(known.at)..index(known.at) + index(known.count)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{End, Memo, Start};

    proptest! {
        /// Whatever it remembers and forgets, it says what was found.
        #[test]
        fn says_what_was_found(asked in proptest::collection::vec(0_u64..40, 1..200), remembers in any::<bool>()) {
            let mut memo = Memo::default();
            if remembers {
                memo.prepare();
            }
            for word in asked {
                // Some words meet in one place, more than it has room for.
                let hash = (word % 5) << 1 | (word / 5) << 40;
                let symbol = u32::try_from(word).unwrap();
                let start = Start { symbol, root: 0, end: End::default() };
                let found = vec![start; usize::try_from(word % 4).unwrap()];
                let said = memo.starts(hash, |starts| starts.extend(&found));
                prop_assert_eq!(said, found.as_slice());
            }
        }
    }

    #[test]
    fn forgets_rather_than_grows() {
        let mut memo = Memo::default();
        memo.prepare();
        let start = Start { symbol: 1, root: 0, end: End::default() };
        for word in 0..1_000 {
            memo.starts(word << 1, |starts| starts.extend([start; 1_000]));
        }
        assert!(memo.starts.len() < 300_000);
    }
}
