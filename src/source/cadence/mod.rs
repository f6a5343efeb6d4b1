//! When a source publishes: learnt from the times of its entries, so that the requests that its interval allows are made
//! when an entry is likely.
//!
//! The same number of requests finds entries sooner if more of them are made when more is published. For the mean
//! delay the best density of requests follows the square root of the rate (Cho and Garcia-Molina, "Effective page
//! refresh policies for web crawlers", TODS 2003); see `docs/decisions/0009`. The rate is taken as a product of four
//! factors, each held back towards 1 until enough was seen: hour of the day, day of the week (both UTC), time since the
//! last entry (bursts, steady beats), and how the last days compare with the source's beat. Everything is kept as
//! decayed sums of constant size; nothing is kept of single entries.

mod factors;

use std::time::Duration;

use crate::clock::Timestamp;
use factors::{Ages, HALF_DAY, HOUR, Table, WEEK, age_of, day_of, hour_of};

/// After this many seconds what was seen counts half: a change of habits shows within weeks.
const MEMORY: f64 = 8.0 * WEEK;
/// After this many seconds an entry counts half for how busy the source is just now.
const RECENT: f64 = WEEK;
/// How far requests follow the rate of the hour and the day: more than the square root, as the median counts too.
const FOLLOW_HOURS: f64 = 0.65;
/// How far they follow the time since the last entry.
const FOLLOW_AGE: f64 = 0.4;
/// A moment counts at least and at most as so many moments of the average.
const WEIGHTS: (f64, f64) = (0.1, 20.0);
/// The longest wait, in average ones: a source that was never seen to publish at night may begin to.
const LONGEST: f64 = 3.0;
/// A source that publishes less than once in so many intervals is asked less often …
const IDLE: f64 = 3.0;
/// … down to so many times less often. No wait is longer than that.
const SLOWEST: f64 = 4.0;
/// Of one document so many of the newest entries count: a sitemap brings thousands, each accounted for by the hour.
const MOST: usize = 256;
/// The first byte of what is stored.
const LAYOUT: u8 = 1;
/// How many requests the budget remembers.
const BUDGET: f64 = 200.0;

/// What is known about when a source publishes. `Default` knows nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cadence {
    /// Seconds since 1970 up to which time has been accounted for; 0 before the first entry.
    until: f64,
    /// When the newest entry was published, in seconds since 1970.
    last: f64,
    hours: Table<24>,
    days: Table<7>,
    ages: Ages,
    /// Entries and seconds of the last days.
    recent: (f64, f64),
    /// Entries in the last document.
    window: f64,
    /// Requests made, and requests that were due, lately.
    budget: (f64, f64),
}

impl Cadence {
    /// Takes in a look that was made at `now`: when each new entry was published, in any order, and how many entries
    /// the document held. A time that cannot be (in the future, or long before the newest that is known) counts as `now`.
    /// `interval` is what the source may be asked in, as for [`wait`](Self::wait).
    pub fn look(
        &mut self,
        published: &[Timestamp],
        window: Option<usize>,
        interval: Duration,
        now: Timestamp,
    ) {
        self.not_after(now);
        let now = seconds(now);
        if self.until > 0.0 {
            self.asked(now - self.until, interval);
        }
        let mut times: Vec<f64> = published.iter().map(|time| seconds(*time).min(now)).collect();
        if self.until > 0.0 {
            // What is published late with an old date was not there to be found before.
            times.iter_mut().filter(|time| **time < self.last).for_each(|time| *time = now);
        }
        times.sort_by(f64::total_cmp);
        let oldest = times.len().saturating_sub(MOST);
        for time in times.into_iter().skip(oldest) {
            self.advance(time);
            self.entry(time);
        }
        if self.until > 0.0 {
            self.advance(now);
        }
        if let Some(window) = window {
            #[expect(clippy::cast_precision_loss, reason = "documents hold thousands of entries")]
            (self.window = window as f64);
        }
    }

    /// A clock that was ahead is set back: what was accounted for after `now` is yet to come.
    pub fn not_after(&mut self, now: Timestamp) {
        (self.until, self.last) = (self.until.min(seconds(now)), self.last.min(seconds(now)));
    }

    fn entry(&mut self, time: f64) {
        if self.until == 0.0 {
            (self.until, self.last) = (time, time);
            return;
        }
        self.ages.seen(time - self.last);
        self.hours.seen(hour_of(time));
        self.days.seen(day_of(time));
        self.recent.0 += 1.0;
        self.last = time;
    }

    /// Accounts for the time up to `to`.
    fn advance(&mut self, to: f64) {
        let gone = to - self.until;
        if self.until == 0.0 || gone <= 0.0 {
            return;
        }
        let keep = (-gone / MEMORY * std::f64::consts::LN_2).exp();
        self.hours.decay(keep);
        self.days.decay(keep);
        self.ages.decay(keep);
        let keep = (-gone / RECENT * std::f64::consts::LN_2).exp();
        self.recent = (self.recent.0 * keep, self.recent.1 * keep + gone.min(4.0 * RECENT));
        let rate = self.hours.total() / self.hours.time().max(HOUR);
        // More than a week brings each hour of the week alike.
        let whole = (gone / WEEK).floor() * WEEK;
        self.hours.pass_evenly(whole);
        self.days.pass_evenly(whole);
        let mut from = self.until + whole;
        while from < to {
            let next = (((from / HOUR).floor() + 1.0) * HOUR).min(to);
            self.hours.pass(hour_of(from), next - from);
            self.days.pass(day_of(from), next - from);
            from = next;
        }
        let expected = |at: f64| rate * self.hours.factor(hour_of(at)) * self.days.factor(day_of(at));
        self.ages.pass(self.until - self.last, to - self.last, |age| expected(self.last + age));
        self.until = to;
    }

    /// As bytes for the store; empty if nothing is known.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.until == 0.0 {
            return Vec::new();
        }
        let mut bytes = vec![LAYOUT];
        bytes.extend([self.until, self.last].iter().flat_map(|time| time.to_le_bytes()));
        #[expect(clippy::cast_possible_truncation, reason = "seven digits are enough for what is estimated")]
        bytes.extend(self.clone().numbers().flat_map(|number| (*number as f32).to_le_bytes()));
        bytes
    }

    /// What [`to_bytes`](Self::to_bytes) gave; knows nothing if `bytes` are anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut cadence = Self::default();
        let Some((times, numbers)) = bytes.strip_prefix(&[LAYOUT]).and_then(|rest| rest.split_at_checked(16))
        else {
            return cadence;
        };
        if numbers.len() != 4 * cadence.numbers().count() {
            return cadence;
        }
        let [until, last] =
            [&times[..8], &times[8..]].map(|time| f64::from_le_bytes(time.try_into().unwrap_or_default()));
        for (number, bytes) in cadence.numbers().zip(numbers.chunks_exact(4)) {
            *number = f32::from_le_bytes(bytes.try_into().unwrap_or_default()).into();
        }
        let sane = until.is_finite()
            && last.is_finite()
            && cadence.numbers().all(|number| *number >= 0.0 && number.is_finite());
        if sane { Self { until, last, ..cadence } } else { Self::default() }
    }

    fn numbers(&mut self) -> impl Iterator<Item = &mut f64> {
        let Self { hours, days, ages, recent, window, budget, .. } = self;
        let single = [&mut recent.0, &mut recent.1, window, &mut budget.0, &mut budget.1];
        hours.numbers().chain(days.numbers()).chain(ages.numbers()).chain(single)
    }

    /// When the newest known entry was published.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        #[expect(clippy::cast_possible_truncation, reason = "whole seconds of our era")]
        (self.until > 0.0).then(|| Timestamp::from_second(self.last as i64).ok()).flatten()
    }

    /// The usual time between two entries, over the last weeks; `None` if no entry was ever seen.
    #[must_use]
    pub fn gap(&self) -> Option<Duration> {
        let entries = self.hours.total().max(0.01);
        (self.until > 0.0).then(|| Duration::from_secs_f64((self.hours.time() / entries).min(100.0 * WEEK)))
    }

    /// How long to wait from `now` for the next look, if the source may be asked once in `interval` on average; `None`
    /// if no entry was ever seen. At least `floor`.
    pub fn wait(&self, interval: Duration, floor: Duration, now: Timestamp) -> Option<Duration> {
        if self.until == 0.0 {
            return None;
        }
        let now = seconds(now);
        let mean = interval.as_secs_f64() * self.slowness(interval);
        // Weights are 1 on average, so that the budget is kept.
        let target = mean * self.mean_weight() * self.overspent();
        let hours = self.hours.followed(FOLLOW_HOURS);
        let days = self.days.followed(FOLLOW_HOURS);
        let ages = self.ages.followed(FOLLOW_AGE);
        let rate = self.rate();
        let (mut done, mut expected, mut ahead) = (0.0, 0.0, 0.0);
        // Fine enough for the hours, and for an interval of seconds.
        let step = (mean / 20.0).clamp(0.001, 600.0);
        let longest = (LONGEST * mean).min(SLOWEST * interval.as_secs_f64());
        while done < target && ahead < longest && (expected < self.window / 3.0 || self.window == 0.0) {
            let at = now + ahead;
            let weight = hours[hour_of(at)] * days[day_of(at)] * ages[age_of(at - self.last)];
            done += step * weight.clamp(WEIGHTS.0, WEIGHTS.1);
            expected += step * rate * self.hours.factor(hour_of(at)) * self.days.factor(day_of(at));
            ahead += step;
        }
        Some(Duration::from_secs_f64(ahead).max(floor))
    }

    /// Notes that a request was made `gone` seconds after the one before, while one was due in `interval`.
    fn asked(&mut self, gone: f64, interval: Duration) {
        let keep = 1.0 - 1.0 / BUDGET;
        let due = gone / (interval.as_secs_f64() * self.slowness(interval)).max(1.0);
        // What was not asked for while nobody ran is not made up for.
        self.budget = (self.budget.0.mul_add(keep, 1.0), self.budget.1.mul_add(keep, due.min(LONGEST)));
    }

    /// How many intervals a look may be apart on average: 1 for a source that publishes often.
    fn slowness(&self, interval: Duration) -> f64 {
        let gap = 1.0 / self.rate().max(1.0 / (52.0 * WEEK));
        (gap / (IDLE * interval.as_secs_f64())).sqrt().clamp(1.0, SLOWEST)
    }

    /// Entries a second, just now.
    fn rate(&self) -> f64 {
        // Half a day at its usual rate: where little time was seen, the last hours say little.
        let long = self.hours.total() / self.hours.time().max(HOUR);
        (self.recent.0 + long * HALF_DAY) / (self.recent.1 + HALF_DAY)
    }

    fn mean_weight(&self) -> f64 {
        self.hours.mean_followed(FOLLOW_HOURS)
            * self.days.mean_followed(FOLLOW_HOURS)
            * self.ages.mean_followed(FOLLOW_AGE)
    }

    fn overspent(&self) -> f64 {
        let grace = 20.0;
        ((self.budget.0 + grace) / (self.budget.1 + grace)).clamp(0.5, 2.0)
    }
}

fn seconds(time: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "seconds of our era fit")]
    (time.as_second() as f64)
}

#[cfg(test)]
mod tests;
