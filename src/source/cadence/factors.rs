//! How much more than usual is published at an hour, on a day, at a time since the last entry.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "slots are few, and seconds of our era fit"
)]

pub(super) const HOUR: f64 = 3_600.0;
pub(super) const HALF_DAY: f64 = 43_200.0;
const DAY: f64 = 2.0 * HALF_DAY;
pub(super) const WEEK: f64 = 604_800.0;

/// So many entries of no weight in each slot hold its factor towards 1.
const HELD_BACK: f64 = 4.0;
const AGE_HELD_BACK: f64 = 2.0;

/// Classes of the time since the last entry: the first ends at [`FIRST_AGE`] seconds, each is [`AGE_STEP`] times as long.
pub(super) const AGES: usize = 28;
const FIRST_AGE: f64 = 150.0;
const AGE_STEP: f64 = 1.3;

/// Counts and time by slot of a cycle (hours of a day, days of a week); old ones count less.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table<const N: usize> {
    seen: [f64; N],
    /// Hours, or how many were expected.
    weight: [f64; N],
}

impl<const N: usize> Default for Table<N> {
    fn default() -> Self {
        Self { seen: [0.0; N], weight: [0.0; N] }
    }
}

impl<const N: usize> Table<N> {
    pub(super) fn seen(&mut self, slot: usize) {
        self.seen[slot] += 1.0;
    }

    /// So many seconds went by in this slot.
    pub(super) fn pass(&mut self, slot: usize, time: f64) {
        self.weight[slot] += time / HOUR;
    }

    pub(super) fn pass_evenly(&mut self, time: f64) {
        (0..N).for_each(|slot| self.pass(slot, time / N as f64));
    }

    pub(super) fn decay(&mut self, keep: f64) {
        self.numbers().for_each(|value| *value *= keep);
    }

    pub(super) fn total(&self) -> f64 {
        self.seen.iter().sum()
    }

    /// Seconds that went by.
    pub(super) fn time(&self) -> f64 {
        self.weight.iter().sum::<f64>() * HOUR
    }

    /// All numbers, to be stored.
    pub(super) fn numbers(&mut self) -> impl Iterator<Item = &mut f64> {
        self.seen.iter_mut().chain(&mut self.weight)
    }

    /// Entries in this slot, as a multiple of what an even distribution brings. Neighbouring hours lend each other half.
    pub(super) fn factor(&self, slot: usize) -> f64 {
        let of = |values: &[f64; N]| {
            if N < 24 {
                return values[slot];
            }
            0.25 * values[(slot + N - 1) % N] + 0.5 * values[slot] + 0.25 * values[(slot + 1) % N]
        };
        let expected = of(&self.weight) / self.weight.iter().sum::<f64>().max(0.001) * self.total();
        (of(&self.seen) + HELD_BACK) / (expected + HELD_BACK)
    }

    pub(super) fn followed(&self, power: f64) -> [f64; N] {
        std::array::from_fn(|slot| self.factor(slot).powf(power))
    }

    pub(super) fn mean_followed(&self, power: f64) -> f64 {
        self.followed(power).iter().sum::<f64>() / N as f64
    }
}

/// Entries by time since the one before, and how many would have come if that played no part.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Ages {
    table: Table<AGES>,
}

impl Ages {
    pub(super) fn seen(&mut self, age: f64) {
        self.table.seen(age_of(age));
    }

    pub(super) fn decay(&mut self, keep: f64) {
        self.table.decay(keep);
    }

    pub(super) fn numbers(&mut self) -> impl Iterator<Item = &mut f64> {
        self.table.numbers()
    }

    /// Accounts for the ages `from..to`, at each of which `rate` entries a second are expected.
    pub(super) fn pass(&mut self, from: f64, to: f64, rate: impl Fn(f64) -> f64) {
        let mut at = from.max(0.0);
        // All later ages are one class.
        let mut steps = 0;
        while at < to && steps < 512 {
            let slot = age_of(at);
            let end =
                if slot + 1 < AGES && steps < 511 { age_end(slot).max(at + 1.0).min(at + HOUR) } else { to };
            let end = end.min(to);
            self.table.weight[slot] += rate(at) * (end - at);
            at = end;
            steps += 1;
        }
    }

    fn factor(&self, slot: usize) -> f64 {
        (self.table.seen[slot] + AGE_HELD_BACK) / (self.table.weight[slot] + AGE_HELD_BACK)
    }

    pub(super) fn followed(&self, power: f64) -> [f64; AGES] {
        std::array::from_fn(|slot| self.factor(slot).powf(power))
    }

    /// The mean over time rather than over classes: what was expected in each class stands for its share of time.
    pub(super) fn mean_followed(&self, power: f64) -> f64 {
        let all: f64 = self.table.weight.iter().sum();
        if all <= 0.0 {
            return 1.0;
        }
        self.followed(power).iter().zip(self.table.weight).map(|(weight, time)| weight * time).sum::<f64>()
            / all
    }
}

pub(super) fn hour_of(time: f64) -> usize {
    (time.rem_euclid(DAY) / HOUR) as usize % 24
}

/// Thursday, the first day of 1970, is 0.
pub(super) fn day_of(time: f64) -> usize {
    (time.rem_euclid(WEEK) / DAY) as usize % 7
}

pub(super) fn age_of(age: f64) -> usize {
    if age < FIRST_AGE { 0 } else { ((age / FIRST_AGE).ln() / AGE_STEP.ln()) as usize + 1 }.min(AGES - 1)
}

fn age_end(slot: usize) -> f64 {
    FIRST_AGE * AGE_STEP.powi(i32::try_from(slot).unwrap_or(0))
}
