//! A text as a vector of BM25-weighted terms, of length 1.

use std::cmp::Ordering;

use super::MIN_WORDS;
use super::bag::Bag;
use super::frequencies::Frequencies;
use crate::text::terms::Key;

/// How soon a repeated term stops counting more; the usual value.
const K1: f32 = 1.2;
/// How much a long text is held against its terms, 0..=1; the usual value.
const B: f32 = 0.75;

/// Terms with their weights, in order of their keys; weights are above 0, and their squares add up to 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Vector(Vec<(Key, f32)>);

impl Vector {
    /// The vector of an article; `None` if it says too little.
    pub(super) fn of(bag: &Bag, frequencies: &Frequencies) -> Option<Self> {
        if bag.content < MIN_WORDS {
            return None;
        }
        let norm = K1 * (1.0 - B + B * bag.length / frequencies.mean_length());
        let weigh =
            |(key, count): &(Key, f32)| (*key, frequencies.idf(*key) * count * (K1 + 1.0) / (count + norm));
        Self::unit(bag.counts.iter().map(weigh).collect())
    }

    /// `weights`, which are in order of their keys, at length 1. `None` if nothing has any weight.
    pub(super) fn unit(mut weights: Vec<(Key, f32)>) -> Option<Self> {
        weights.retain(|(_, weight)| weight.is_finite() && *weight > 0.0);
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        if !(length.is_finite() && length > 0.0) {
            return None;
        }
        for (_, weight) in &mut weights {
            *weight /= length;
        }
        Some(Self(weights))
    }

    /// Terms with their weights.
    pub(super) fn weights(&self) -> &[(Key, f32)] {
        &self.0
    }

    /// Cosine, 0.0..=1.0.
    pub(super) fn cosine(&self, other: &Self) -> f32 {
        // The sum of no numbers is -0.0, which would be shown.
        (self.shared(other).map(|(_, product)| product).sum::<f32>() + 0.0).clamp(0.0, 1.0)
    }

    /// The terms of both with what each adds to the cosine, in order of their keys.
    pub(super) fn shared<'v>(&'v self, other: &'v Self) -> impl Iterator<Item = (Key, f32)> {
        let (mut ours, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        std::iter::from_fn(move || {
            loop {
                let ((key, weight), (their_key, their_weight)) = (ours.peek()?, theirs.peek()?);
                match key.cmp(their_key) {
                    Ordering::Less => ours.next(),
                    Ordering::Greater => theirs.next(),
                    Ordering::Equal => {
                        let both = (*key, weight * their_weight);
                        ours.next();
                        theirs.next();
                        return Some(both);
                    }
                };
            }
        })
    }
}
