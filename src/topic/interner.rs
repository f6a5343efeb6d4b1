//! Strings, numbered: each once, all in one piece of memory. A hundred thousand topics hold a million phrases; a string of
//! its own for each, and again as a key, would be most of what they take.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A free slot.
const FREE: u64 = u64::MAX;

/// The numbered strings.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// All strings, one after the other, each with its mark.
    text: String,
    /// By number: where the string ends in `text`.
    ends: Vec<u32>,
    /// Hash (the upper half) and number of each string, by hash; a power of two of slots, at most three of four in use;
    /// the next free one is taken. Most that is looked for is not there: the hash tells so without a look at strings.
    slots: Vec<u64>,
    hasher: RandomState,
}

impl Interner {
    /// The number of `text` of the sort `mark`, an ASCII sign, new or known; and whether it is new. Numbers start at 0
    /// and leave none out.
    pub(super) fn add(&mut self, text: &str, mark: u8) -> (u32, bool) {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let hash = self.hash(text, mark);
        let slot = match self.find(text, mark, hash) {
            Ok(known) => return (known, false),
            Err(free) => free,
        };
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.text.push(char::from(mark));
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if let Some(free) = self.slots.get_mut(slot) {
            *free = u64::from(hash) << 32 | u64::from(number);
        }
        (number, true)
    }

    /// The number of `text` of the sort `mark`.
    pub(super) fn get(&self, text: &str, mark: u8) -> Option<u32> {
        self.find(text, mark, self.hash(text, mark)).ok()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// String number `number`.
    pub(super) fn text(&self, number: u32) -> Option<&str> {
        Some(self.split(as_index(number))?.0)
    }

    /// Every string of the sort `mark`.
    pub(super) fn of_sort(&self, mark: u8) -> impl Iterator<Item = &str> {
        let all = (0..self.ends.len()).filter_map(|place| self.split(place));
        all.filter(move |(_, sort)| *sort == mark).map(|(text, _)| text)
    }

    /// Gives back what growing took too much.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Keeps the strings by their numbers only: none can be found or added any more.
    pub(super) fn forget(&mut self) {
        self.slots = Vec::new();
        self.shrink();
    }

    /// The number, or the free slot where it would stand.
    fn find(&self, text: &str, mark: u8, hash: u32) -> Result<u32, usize> {
        let wrap = self.slots.len().saturating_sub(1);
        let mut slot = as_index(hash) & wrap;
        while let Some(known) = self.slots.get(slot).filter(|known| **known != FREE) {
            let (known_hash, number) = halves(*known);
            if known_hash == hash && self.split(as_index(number)) == Some((text, mark)) {
                return Ok(number);
            }
            slot = (slot + 1) & wrap;
        }
        Err(slot)
    }

    /// The string at `place`, and its sort.
    fn split(&self, place: usize) -> Option<(&str, u8)> {
        let end = as_index(*self.ends.get(place)?);
        let start =
            place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| as_index(*end));
        let last = end.checked_sub(1)?;
        Some((self.text.get(start..last)?, *self.text.as_bytes().get(last)?))
    }

    fn hash(&self, text: &str, mark: u8) -> u32 {
        let hash = self.hasher.hash_one(text) ^ u64::from(mark).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        halves(hash).0
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        let old = std::mem::replace(&mut self.slots, vec![FREE; size]);
        for known in old.into_iter().filter(|known| *known != FREE) {
            let mut slot = as_index(halves(known).0) & (size - 1);
            while self.slots.get(slot).is_some_and(|taken| *taken != FREE) {
                slot = (slot + 1) & (size - 1);
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = known;
            }
        }
    }
}

/// The upper and the lower half.
fn halves(both: u64) -> (u32, u32) {
    (u32::try_from(both >> 32).unwrap_or(0), u32::try_from(both & u64::from(u32::MAX)).unwrap_or(0))
}

fn as_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::Interner;

    proptest! {
        #[test]
        fn numbers_as_a_dictionary_does(words in proptest::collection::vec(("\\PC{0,4}", 0_u8..3), 0..200)) {
            let (mut interner, mut known) = (Interner::default(), HashMap::new());
            for (text, mark) in &words {
                let fresh = u32::try_from(known.len()).unwrap();
                let is_new = !known.contains_key(&(text, mark));
                let number = *known.entry((text, mark)).or_insert(fresh);
                prop_assert_eq!(interner.add(text, *mark), (number, is_new));
            }
            prop_assert_eq!(interner.len(), known.len());
            interner.shrink();
            for ((text, mark), number) in &known {
                prop_assert_eq!(interner.get(text, **mark), Some(*number));
            }
            prop_assert_eq!(interner.get("never added", 0), None);
            for ((text, _), number) in &known {
                prop_assert_eq!(interner.text(*number), Some(text.as_str()));
            }
            prop_assert_eq!(interner.of_sort(1).count(), known.keys().filter(|(_, mark)| **mark == 1).count());
            interner.forget();
            prop_assert!(known.iter().all(|((text, _), number)| interner.text(*number) == Some(text.as_str())));
        }
    }
}
