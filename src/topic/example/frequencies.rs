//! In how many articles each term stands: known words from the start, then what the store has.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bag::Bag;
use crate::text::rarity;
use crate::text::terms::Key;

/// Terms of an article, as long as nothing is stored …
const USUAL_LENGTH: f64 = 250.0;
/// … which so many articles outweigh.
const USUAL_ARTICLES: f64 = 100.0;
/// More different terms are not counted: the rest is rare, and taken for rare.
const MOST_TERMS: usize = 1_000_000;

/// Document frequencies.
#[derive(Debug, Default)]
pub(super) struct Frequencies {
    articles: u32,
    terms: HashMap<Key, u32, RandomState>,
    length: f64,
}

impl Frequencies {
    /// Counts one more article.
    pub(super) fn count(&mut self, bag: &Bag) {
        self.articles = self.articles.saturating_add(1);
        self.length += f64::from(bag.length);
        let has_room = self.terms.len() < MOST_TERMS;
        for (key, _) in &bag.counts {
            match self.terms.get_mut(key) {
                Some(count) => *count = count.saturating_add(1),
                None if has_room => {
                    self.terms.insert(*key, 1);
                }
                None => {}
            }
        }
    }

    /// Lets go of what only one article has, which is most of all terms and tells no more than a term that none has.
    pub(super) fn settle(&mut self) {
        self.terms.retain(|_, count| *count > 1);
        self.terms.shrink_to_fit();
    }

    /// Inverse document frequency as in BM25, never negative: ln(1 + (N − n + ½) / (n + ½)), warm start included.
    pub(super) fn idf(&self, term: Key) -> f32 {
        let all = f64::from(rarity::REPORTS) + f64::from(self.articles);
        let counted = self.terms.get(&term).copied().unwrap_or(0);
        let with = f64::from(rarity::frequency(term)) + f64::from(counted);
        #[expect(clippy::cast_possible_truncation, reason = "a logarithm of a count")]
        let idf = (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln() as f32;
        idf
    }

    /// Terms of the mean article, at least 1.
    pub(super) fn mean_length(&self) -> f32 {
        let mean =
            (USUAL_LENGTH * USUAL_ARTICLES + self.length) / (USUAL_ARTICLES + f64::from(self.articles));
        #[expect(clippy::cast_possible_truncation, reason = "some hundred words")]
        let mean = mean.max(1.0) as f32;
        mean
    }
}
