//! `near`: the tightest window of words, within one run of the text, that holds a hit of every line.
//!
//! Title, text and furniture are a run each. The text is lead and body: the lead is but its first paragraph, which
//! names the actors where the second names the matter.

use super::findings::Hit;
use crate::article::Zone;

/// What is read in one go.
const RUNS: [&[Zone]; 3] = [&[Zone::Title], &[Zone::Lead, Zone::Body], &[Zone::Furniture]];

/// A window that holds a hit of every line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// From the first word of its first hit to the last word of its last.
    pub(super) words: usize,
    /// Where its first word stands.
    from: Zone,
    /// Where its last word stands: another zone if it reaches from the lead into the body.
    to: Zone,
}

impl Window {
    /// `title`, or `lead and body`.
    pub(super) fn place(&self) -> String {
        if self.from == self.to {
            self.from.word().to_owned()
        } else {
            format!("{} and {}", self.from.word(), self.to.word())
        }
    }
}

/// The tightest window over all runs; the earlier of two equal ones. `lines`: the hits that count, by line, each in
/// zone and word order. `lead`: the words of the lead, which the body follows.
///
/// One sweep over the hits by where they end: for each line the latest start so far is remembered, and the earliest of
/// these starts opens the tightest window that ends here. Linear in the hits times the lines.
pub(super) fn tightest(lines: &[Vec<Hit>], lead: usize) -> Option<Window> {
    let before = |zone: Zone| if zone == Zone::Body { lead } else { 0 };
    let mut best: Option<Window> = None;
    for run in RUNS {
        let of_run = |line: usize, hits: &Vec<Hit>| -> Vec<(usize, Zone, usize, usize)> {
            let hits = hits.iter().filter(|hit| run.contains(&hit.zone));
            hits.map(|hit| (hit.end + before(hit.zone), hit.zone, hit.first + before(hit.zone), line))
                .collect()
        };
        let mut hits: Vec<_> = lines.iter().enumerate().flat_map(|(line, hits)| of_run(line, hits)).collect();
        hits.sort_unstable();
        let mut latest: Vec<Option<(usize, Zone)>> = vec![None; lines.len()];
        for (end, to, first, line) in hits {
            if let Some(start) = latest.get_mut(line) {
                *start = (*start).max(Some((first, to)));
            }
            // `None` is the least: a line without a hit so far leaves no window.
            let Some((start, from)) = latest.iter().min().copied().flatten() else { continue };
            if best.is_none_or(|best| end - start < best.words) {
                best = Some(Window { words: end - start, from, to });
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
    fn within_one_run() {
        for (one, other) in
            [(Zone::Title, Zone::Body), (Zone::Title, Zone::Lead), (Zone::Body, Zone::Furniture)]
        {
            assert_eq!(tightest(&[hits(one, &[(0, 2)]), hits(other, &[(1, 1)])], 9), None);
        }
        let lines = [hits(Zone::Body, &[(0, 2), (40, 2)]), hits(Zone::Body, &[(30, 1), (50, 1)])];
        let window = Some(Window { words: 11, from: Zone::Body, to: Zone::Body });
        assert_eq!(tightest(&lines, 9), window);
        assert_eq!(tightest(&[], 9), None);
    }

    #[test]
    fn the_body_follows_the_lead() {
        let lines = [hits(Zone::Lead, &[(0, 1), (7, 1)]), hits(Zone::Body, &[(3, 1), (30, 1)])];
        let window = tightest(&lines, 9).expect("both stand in the text");
        assert_eq!((window.words, window.place().as_str()), (6, "lead and body"));
    }

    proptest! {
        /// Against trying every choice of one hit a line. Places from the 20th on are the body's.
        #[test]
        fn as_if_every_choice_were_tried(lines in proptest::collection::vec(
            proptest::collection::vec((0_usize..40, 1_usize..5), 0..5), 1..4))
        {
            let lead = 20;
            let lines: Vec<Vec<Hit>> = lines.iter().map(|places| hits(Zone::Body, places)).collect();
            let zoned: Vec<Vec<Hit>> = lines.iter().map(|line| {
                let zoned = |hit: &Hit| match hit.first.checked_sub(lead) {
                    Some(first) => Hit { first, end: hit.end - lead, ..*hit },
                    None => Hit { zone: Zone::Lead, ..*hit },
                };
                line.iter().map(zoned).collect()
            }).collect();
            let choices = lines.iter().fold(vec![Vec::new()], |choices: Vec<Vec<Hit>>, line| {
                choices.iter().flat_map(|choice| line.iter().map(|hit| [choice.as_slice(), &[*hit]].concat())).collect()
            });
            let naive = choices.iter().filter_map(|choice| {
                Some(choice.iter().map(|hit| hit.end).max()? - choice.iter().map(|hit| hit.first).min()?)
            }).min();
            prop_assert_eq!(tightest(&zoned, lead).map(|window| window.words), naive);
        }
    }
}
