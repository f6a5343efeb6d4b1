//! What a topic's examples have in common: Rocchio's centroid.

use super::vector::Vector;
use crate::text::terms::Key;

/// The weightiest terms that are kept: more change likeness little and cost memory.
pub(super) const MAX_TERMS: usize = 100;
/// What an `unlike` example takes away, against what a `like` one gives.
const GAMMA: f32 = 0.5;

/// The mean of `like` minus half the mean of `unlike`; what falls below 0 is left out, as is usual. `None` without
/// anything to be like. The order of the examples does not matter, to the last bit.
pub(super) fn centroid(like: &[Vector], unlike: &[Vector]) -> Option<Vector> {
    let share = |vectors: &[Vector]| 1.0 / f32::from(u16::try_from(vectors.len().max(1)).unwrap_or(u16::MAX));
    let (gain, loss) = (share(like), -GAMMA * share(unlike));
    let scaled = |vectors: &[Vector], by: f32| -> Vec<(Key, f32)> {
        vectors.iter().flat_map(Vector::weights).map(|(key, weight)| (*key, weight * by)).collect()
    };
    let mut parts = scaled(like, gain);
    parts.extend(scaled(unlike, loss));
    parts.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    parts.dedup_by(|again, first| {
        let same = again.0 == first.0;
        first.1 += if same { again.1 } else { 0.0 };
        same
    });
    parts.retain(|(_, weight)| *weight > 0.0);
    parts.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    parts.truncate(MAX_TERMS);
    parts.sort_unstable_by_key(|(key, _)| *key);
    Vector::unit(parts)
}

/// The least likeness of one of `like` to the others: what the examples themselves reach. `None` with fewer than two.
pub(super) fn among_themselves(like: &[Vector], unlike: &[Vector]) -> Option<f32> {
    if like.len() < 2 {
        return None;
    }
    let without = |left_out: usize| {
        let others: Vec<Vector> = like
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != left_out)
            .map(|(_, one)| one.clone())
            .collect();
        Some(like.get(left_out)?.cosine(&centroid(&others, unlike)?))
    };
    // With many examples, as many again would be quadratic: these tell enough.
    (0..like.len().min(20)).filter_map(without).min_by(f32::total_cmp)
}
