//! Which centroids an article can be like at all: an inverted index, so that many topics by example do not cost each
//! article a comparison with each.
//!
//! By the inequality of Cauchy and Schwarz, what a part of a centroid adds to a cosine is at most the length of that
//! part. So the commonest terms of a centroid are left out of the index, as long as the length of what is left out stays
//! below the topic's threshold: an article that shares none of the others cannot reach it (Bayardo, Ma and Srikant,
//! "Scaling Up All Pairs Similarity Search", 2007).

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::frequencies::Frequencies;
use super::vector::Vector;
use crate::text::terms::Key;

/// The centroids by their rarer terms.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The centroids that have the term, with its weight there.
    postings: HashMap<Key, Vec<(u32, f32)>, RandomState>,
    /// By centroid: its number elsewhere, what the terms that are not posted can add at most, and its threshold.
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    number: usize,
    rest: f32,
    threshold: f32,
}

/// Sums of single-precision products may be off by so much.
const SLACK: f32 = 1e-4;

impl Index {
    /// Adds a centroid, which will be known by `number`.
    pub(super) fn add(
        &mut self,
        number: usize,
        centroid: &Vector,
        threshold: f32,
        frequencies: &Frequencies,
    ) {
        let Ok(slot) = u32::try_from(self.entries.len()) else { return };
        let mut terms: Vec<(f32, Key, f32)> =
            centroid.weights().iter().map(|(key, weight)| (frequencies.idf(*key), *key, *weight)).collect();
        // The commonest first.
        terms.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut rest = 0.0_f32;
        for (_, key, weight) in terms {
            let with = rest + weight * weight;
            if with.sqrt() + SLACK < threshold {
                rest = with;
            } else {
                self.postings.entry(key).or_default().push((slot, weight));
            }
        }
        self.entries.push(Entry { number, rest: rest.sqrt(), threshold });
    }

    /// The numbers of the centroids that `article` may reach the threshold of, in order.
    pub(super) fn candidates(&self, article: &Vector) -> Vec<usize> {
        let mut sums: HashMap<u32, f32, RandomState> = HashMap::default();
        for (key, weight) in article.weights() {
            for (slot, their_weight) in self.postings.get(key).into_iter().flatten() {
                *sums.entry(*slot).or_insert(0.0) += weight * their_weight;
            }
        }
        let reachable = |(slot, sum): (u32, f32)| {
            let entry = self.entries.get(usize::try_from(slot).ok()?)?;
            (sum + entry.rest + SLACK >= entry.threshold).then_some(entry.number)
        };
        let mut numbers: Vec<usize> = sums.into_iter().filter_map(reachable).collect();
        numbers.sort_unstable();
        numbers
    }
}
