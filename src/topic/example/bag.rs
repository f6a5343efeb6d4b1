//! The terms of one article, counted: the top of its own text, never furniture.

use crate::article::Article;
use crate::text::rarity;
use crate::text::terms::{Key, clip, each_term};
use crate::topic::spec::EXAMPLE_BYTES;

/// How much of an article counts: what it is about stands at the top, and background makes all articles of a
/// correspondent alike.
const WORDS: usize = 400;
/// Words of a headline that count.
const TITLE_WORDS: usize = 60;
/// Bytes that are looked at for [`WORDS`] words, whatever they are.
const BYTES: usize = EXAMPLE_BYTES;
/// How often a word of the title counts.
const TITLE_WEIGHT: f32 = 2.0;
/// In so many of [`rarity::REPORTS`] imaginary reports stand the words that carry no content ("the", "would", "но").
const FUNCTION: u16 = 400;

/// Counted terms.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bag {
    /// Distinct, in order of their keys.
    pub(super) counts: Vec<(Key, f32)>,
    /// How many terms there are in all, those of the title doubly.
    pub(super) length: f32,
    /// Content words, each time that they stand there.
    pub(super) content: usize,
}

impl Bag {
    /// Counts the terms of `article`.
    pub(super) fn of(article: &Article) -> Self {
        let mut counts: Vec<(Key, f32)> = Vec::with_capacity(WORDS + TITLE_WORDS);
        each_counted(article, |term, _, weight| {
            let key = Key::of(term);
            if rarity::frequency(key) < FUNCTION {
                counts.push((key, weight));
            }
        });
        let content = counts.len();
        counts.sort_unstable_by_key(|(key, _)| *key);
        counts.dedup_by(|again, first| {
            let same = again.0 == first.0;
            first.1 += if same { again.1 } else { 0.0 };
            same
        });
        let length = counts.iter().map(|(_, count)| count).sum();
        Self { counts, length, content }
    }
}

/// Calls `sink` with each term that counts, the word as it is written, and how often it counts.
pub(super) fn each_counted(article: &Article, mut sink: impl FnMut(&str, &str, f32)) {
    let parts = [
        (article.title.as_str(), TITLE_WORDS, TITLE_WEIGHT),
        (article.lead.as_str(), WORDS, 1.0),
        (article.body.as_str(), WORDS, 1.0),
    ];
    let mut left = WORDS;
    for (text, most, weight) in parts {
        let text = clip(text, BYTES);
        let is_title = weight > 1.0;
        // Two characters of a script without spaces count as a word.
        let mut budget = 2 * if is_title { most } else { left };
        let within = |wide: bool| {
            let cost = if wide { 1 } else { 2 };
            let fits = budget >= cost;
            budget = budget.saturating_sub(cost);
            fits
        };
        each_term(text, within, |term, span| sink(term, text.get(span).unwrap_or_default(), weight));
        if !is_title {
            left = budget / 2;
        }
    }
}
