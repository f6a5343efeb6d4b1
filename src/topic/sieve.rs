//! A small filter in front of something large: most of what is asked for is not there, and a few bits that stay in the
//! cache tell so.

/// A set of hashes that may hold too much, never too little (Bloom, "Space/time trade-offs in hash coding with allowable
/// errors", 1970, with one bit for each).
#[derive(Debug, Clone, Default)]
pub(super) struct Sieve {
    bits: Vec<u64>,
}

/// More bits than these would not stay in the cache.
const MOST: usize = 1 << 23;

impl Sieve {
    /// Holds `hashes`, about `count` of them, which are spread over their upper bits.
    pub(super) fn of(hashes: impl Iterator<Item = u64>, count: usize) -> Self {
        let bits = (count * 16).next_power_of_two().clamp(64, MOST);
        let mut sieve = Self { bits: vec![0; bits / 64] };
        for hash in hashes {
            let (place, bit) = sieve.slot(hash);
            sieve.bits.get_mut(place).into_iter().for_each(|bits| *bits |= bit);
        }
        sieve
    }

    /// False if `hash` is certainly not in it.
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (place, bit) = self.slot(hash);
        self.bits.get(place).is_some_and(|bits| bits & bit != 0)
    }

    fn slot(&self, hash: u64) -> (usize, u64) {
        let place = usize::try_from(hash >> 38).unwrap_or(0) & self.bits.len().saturating_sub(1);
        (place, 1 << (hash >> 32 & 63))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Sieve;

    proptest! {
        #[test]
        fn never_denies_what_it_holds(hashes in proptest::collection::vec(any::<u64>(), 0..100)) {
            let sieve = Sieve::of(hashes.iter().copied(), hashes.len());
            prop_assert!(hashes.iter().all(|hash| sieve.may_hold(*hash)));
        }
    }

    #[test]
    fn denies_most_others() {
        let hash = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let sieve = Sieve::of((0..1_000).map(hash), 1_000);
        assert!((1_000..2_000).filter(|number| sieve.may_hold(hash(*number))).count() < 150);
        assert!(!Sieve::default().may_hold(1));
    }
}
