//! Terms of a report: what likeness and novelty compare.

use super::{Report, wire};
use crate::text::terms::each_term;
pub(super) use crate::text::terms::{Key, clip, stem, terms};

/// How much of a report counts: news stands at the top, and background further down makes different events alike.
const WORDS: usize = 150;
/// Words of a headline that count; a longer one is not a headline.
const TITLE_WORDS: usize = 60;
/// Bytes that are looked at for [`WORDS`] words, whatever they are.
const BYTES: usize = 8 * 1024;
/// How often a word of the title counts.
const TITLE_WEIGHT: f32 = 2.0;

/// The terms of a report by which its story is found, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Distinct, with their counts, in order of first appearance; title words count double.
    counts: Vec<(Key, f32)>,
}

impl Terms {
    /// Reads `report`. What a wire writes around its news does not count.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut places: Vec<(Key, usize, f32)> = Vec::with_capacity(WORDS + TITLE_WORDS);
        let mut read = |text: &str, words: usize, weight| {
            let mut budget = 2 * words;
            let within = |wide: bool| {
                // Two characters of a script without spaces count as a word.
                let cost = if wide { 1 } else { 2 };
                let fits = budget >= cost;
                budget = budget.saturating_sub(cost);
                fits
            };
            each_term(clip(text, BYTES), within, |term, _| {
                places.push((Key::of(term), places.len(), weight));
            });
        };
        read(&report.title, TITLE_WORDS, TITLE_WEIGHT);
        read(&wire::body(clip(&report.text, BYTES)), WORDS, 1.0);
        places.sort_unstable_by_key(|(key, place, _)| (*key, *place));
        places.dedup_by(|again, first| {
            let same = again.0 == first.0;
            first.2 += if same { again.2 } else { 0.0 };
            same
        });
        places.sort_unstable_by_key(|(_, place, _)| *place);
        Self { counts: places.into_iter().map(|(key, _, count)| (key, count)).collect() }
    }

    /// Each term with its count.
    pub(super) fn counts(&self) -> &[(Key, f32)] {
        &self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_top_of_a_report_counts_and_its_title_doubly() {
        let text = (0..300).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        let report = Report {
            id: 1,
            time: crate::clock::Timestamp::UNIX_EPOCH,
            title: "W0 alone".to_owned(),
            text,
            outlet: String::new(),
            language: None,
            credit: None,
        };
        let found = Terms::of(&report);
        assert_eq!(found.counts().len(), 151);
        assert_eq!(found.counts().first(), Some(&(Key::of("w0"), 3.0)));
    }
}
