//! `near`: the tightest window of words, within one zone, that holds a hit of every line.

use super::findings::Hit;
use crate::article::Zone;

/// A window that holds a hit of every line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// From the first word of its first hit to the last word of its last.
    pub(super) words: usize,
    pub(super) zone: Zone,
}

/// The tightest window over all zones; the earlier of two equal ones. `lines`: the hits that count, by line, each in
/// zone and word order.
///
/// One sweep over the hits by where they end: for each line the latest start so far is remembered, and the earliest of
/// these starts opens the tightest window that ends here. Linear in the hits times the lines.
pub(super) fn tightest(lines: &[Vec<Hit>]) -> Option<Window> {
    let mut best: Option<Window> = None;
    for zone in Zone::ALL {
        let of_zone = |line: usize, hits: &Vec<Hit>| -> Vec<(usize, usize, usize)> {
            hits.iter().filter(|hit| hit.zone == zone).map(|hit| (hit.end, hit.first, line)).collect()
        };
        let mut hits: Vec<_> =
            lines.iter().enumerate().flat_map(|(line, hits)| of_zone(line, hits)).collect();
        hits.sort_unstable();
        let mut latest: Vec<Option<usize>> = vec![None; lines.len()];
        for (end, first, line) in hits {
            if let Some(start) = latest.get_mut(line) {
                *start = (*start).max(Some(first));
            }
            // `None` is the least: a line without a hit so far leaves no window.
            let Some(start) = latest.iter().min().copied().flatten() else { continue };
            if best.is_none_or(|best| end - start < best.words) {
                best = Some(Window { words: end - start, zone });
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hit, Window, tightest};
    use crate::article::Zone;

    fn hits(zone: Zone, places: &[(usize, usize)]) -> Vec<Hit> {
        places.iter().map(|(first, width)| Hit { zone, first: *first, end: first + width, term: 0 }).collect()
    }

    #[test]
    fn within_one_zone() {
        let lines = [hits(Zone::Title, &[(0, 2)]), hits(Zone::Body, &[(1, 1)])];
        assert_eq!(tightest(&lines), None);
        let lines = [hits(Zone::Body, &[(0, 2), (40, 2)]), hits(Zone::Body, &[(30, 1), (50, 1)])];
        assert_eq!(tightest(&lines), Some(Window { words: 11, zone: Zone::Body }));
        assert_eq!(tightest(&[]), None);
    }

    proptest! {
        /// Against trying every choice of one hit a line.
        #[test]
        fn as_if_every_choice_were_tried(lines in proptest::collection::vec(
            proptest::collection::vec((0_usize..40, 1_usize..5), 0..5), 1..4))
        {
            let lines: Vec<_> = lines.iter().map(|places| hits(Zone::Body, places)).collect();
            let choices = lines.iter().fold(vec![Vec::new()], |choices: Vec<Vec<Hit>>, line| {
                choices.iter().flat_map(|choice| line.iter().map(|hit| [choice.as_slice(), &[*hit]].concat())).collect()
            });
            let naive = choices.iter().filter_map(|choice| {
                Some(choice.iter().map(|hit| hit.end).max()? - choice.iter().map(|hit| hit.first).min()?)
            }).min();
            prop_assert_eq!(tightest(&lines).map(|window| window.words), naive);
        }
    }
}
