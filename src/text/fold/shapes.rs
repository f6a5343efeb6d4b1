//! A small filter in front of a dictionary: most words of a text are in no dictionary of ours, and their shape (two
//! first bytes, two last bytes, length) tells so without hashing the whole word.

/// A set of word shapes. Answers "certainly not in" or "perhaps in".
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    bits: Vec<u64>,
}

impl Shapes {
    /// The shapes of `words`, about `count` of them.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>, count: usize) -> Self {
        // Sixteen bits a word keep false answers at a few per cent; a power of two makes the modulus a mask.
        let mut shapes = Self { bits: vec![0; (count / 4).next_power_of_two().clamp(16, 1 << 18)] };
        for word in words {
            let slot = shapes.slot(word, "");
            if let Some(bits) = shapes.bits.get_mut(slot / 64) {
                *bits |= 1 << (slot % 64);
            }
        }
        shapes
    }

    /// False if `head` + `tail`, written as one word, is certainly none of the words.
    #[must_use]
    pub fn may_hold(&self, head: &str, tail: &str) -> bool {
        let slot = self.slot(head, tail);
        self.bits.get(slot / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
    }

    fn slot(&self, head: &str, tail: &str) -> usize {
        let (first, last) = (head.as_bytes(), if tail.is_empty() { head } else { tail }.as_bytes());
        let byte = |byte: Option<&u8>| u64::from(byte.copied().unwrap_or(0));
        // A part of a single byte lends its neighbour from the other part: the shape must be that of the whole.
        let a = byte(first.first());
        let z = byte(last.last());
        let y = if last.len() > 1 { byte(last.get(last.len() - 2)) } else { byte(first.last()) };
        let b = if first.len() > 1 { byte(first.get(1)) } else { byte(tail.as_bytes().first()) };
        let length = u64::try_from(head.len() + tail.len()).unwrap_or(u64::MAX);
        let mixed = (a | b << 8 | y << 16 | z << 24 | length << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> 40).unwrap_or(0) & (self.bits.len() * 64).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Shapes;

    proptest! {
        /// A filter may pass too much, never too little; and a word cut in two has the shape of the whole.
        #[test]
        fn never_denies_a_member(words in proptest::collection::vec("\\PC{1,8}", 1..30), cut in 0_usize..8) {
            let shapes = Shapes::of(words.iter().map(String::as_str), words.len());
            for word in &words {
                prop_assert!(shapes.may_hold(word, ""));
                if let Some((at, _)) = word.char_indices().nth(cut).filter(|(at, _)| *at > 0) {
                    let (head, tail) = word.split_at(at);
                    prop_assert!(shapes.may_hold(head, tail), "{head}|{tail}");
                }
            }
        }
    }

    #[test]
    fn denies_most_others() {
        let shapes = Shapes::of(["defence", "armour"], 2);
        assert!(!shapes.may_hold("of", ""));
        assert!(!shapes.may_hold("minister", ""));
    }
}
