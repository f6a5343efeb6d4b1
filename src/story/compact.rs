//! The terms of a report in a few bytes: a hundred thousand reports are kept.
//!
//! Numbers in ascending order, each as its distance to the one before, seven bits a byte. Common terms came early, have
//! small numbers and so lie close. Those that weigh carry their count in two bits, or in a byte of its own.

/// The terms of one report.
#[derive(Debug, Default)]
pub(super) struct Compact {
    bytes: Box<[u8]>,
    /// Where those begin that are only counted.
    rest: u32,
}

impl Compact {
    /// `weighty` terms with their counts, `rest` without, both in ascending order of their numbers (below 2²⁸).
    pub(super) fn new(weighty: &[(u32, f32)], rest: &[u32]) -> Self {
        let mut bytes = Vec::with_capacity(2 * (weighty.len() + rest.len()) + 8);
        let mut last = 0;
        for (number, count) in weighty {
            let count = whole(*count);
            put(u64::from(number - last) << 2 | u64::from(count.min(4) - 1), &mut bytes);
            if count >= 4 {
                bytes.push(count);
            }
            last = *number;
        }
        let end = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        last = 0;
        for number in rest {
            put(u64::from(number - last), &mut bytes);
            last = *number;
        }
        Self { bytes: bytes.into(), rest: end }
    }

    /// The terms that weigh, with their counts.
    pub(super) fn weighty(&self) -> impl Iterator<Item = (u32, f32)> {
        let mut bytes = self.bytes.get(..self.middle()).unwrap_or_default();
        let mut last = 0;
        std::iter::from_fn(move || {
            let code = take(&mut bytes)?;
            last += u32::try_from(code >> 2).ok()?;
            let count = match code & 3 {
                3 => bytes.split_off_first().copied()?,
                few => u8::try_from(few).ok()? + 1,
            };
            Some((last, f32::from(count)))
        })
    }

    /// The terms that are only counted.
    pub(super) fn rest(&self) -> impl Iterator<Item = u32> {
        let mut bytes = self.bytes.get(self.middle()..).unwrap_or_default();
        let mut last = 0;
        std::iter::from_fn(move || {
            last += u32::try_from(take(&mut bytes)?).ok()?;
            Some(last)
        })
    }

    fn middle(&self) -> usize {
        usize::try_from(self.rest).unwrap_or(usize::MAX)
    }
}

/// A count as it is kept: at least 1, and no text says anything that much oftener than others.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte first")]
fn whole(count: f32) -> u8 {
    count.clamp(1.0, 255.0) as u8
}

fn put(mut value: u64, to: &mut Vec<u8>) {
    loop {
        let seven = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        to.push(seven | u8::from(value > 0) << 7);
        if value == 0 {
            return;
        }
    }
}

#[inline]
fn take(from: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = from.split_off_first()?;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(
            weighty in proptest::collection::btree_map(0_u32..1 << 28, 1_u8..=255, 0..60),
            rest in proptest::collection::btree_set(0_u32..1 << 28, 0..150),
        ) {
            let weighty: Vec<(u32, f32)> =
                weighty.into_iter().map(|(number, count)| (number, f32::from(count))).collect();
            let rest: Vec<u32> = rest.into_iter().collect();
            let compact = Compact::new(&weighty, &rest);
            prop_assert_eq!(compact.weighty().collect::<Vec<_>>(), weighty);
            prop_assert_eq!(compact.rest().collect::<Vec<_>>(), rest);
        }
    }
}
