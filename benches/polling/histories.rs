//! When entries were published: made up by kind, and taken from captured feeds.

use std::path::Path;

use fastrand::Rng;
use newswatch::clock::Timestamp;
use newswatch::feed::read_feed;

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;
const WEEK: f64 = 604_800.0;
/// Histories of each kind.
const EACH: u64 = 12;
/// A made history is so long; the first weeks are before the first look.
const WEEKS: f64 = 16.0;
const BEFORE: f64 = 4.0;
/// A captured one must hold so many entries, half of which are before the first look.
const FEWEST: usize = 10;
const LONGEST: f64 = 120.0 * DAY;

/// When entries were published, in seconds since 1970, in order; and from when to when they are looked for.
pub(crate) struct History {
    pub(crate) times: Vec<f64>,
    pub(crate) begin: f64,
    pub(crate) end: f64,
}

/// A kind of history: its name, and how to make one.
pub(crate) type Kind = (&'static str, fn(&mut Rng) -> Vec<f64>);

/// All kinds.
pub(crate) const KINDS: [Kind; 6] = [
    ("regular", regular),
    ("bursty", bursty),
    ("diurnal", |rng| daily(rng, of_day)),
    ("weekly", |rng| daily(rng, of_week)),
    ("dying", |rng| daily(rng, |at| of_week(at) * (1.0 - at / (0.7 * WEEKS * WEEK)).max(0.01))),
    ("reviving", |rng| {
        daily(rng, |at| {
            let share = at / (WEEKS * WEEK);
            of_week(at) * if (0.4..0.65).contains(&share) { 0.01 } else { 1.0 }
        })
    }),
];

/// Some histories of `kind`, always the same.
pub(crate) fn made((_, make): Kind) -> Vec<History> {
    (1..=EACH)
        .map(|seed| {
            let mut times = make(&mut Rng::with_seed(seed));
            times.sort_by(f64::total_cmp);
            History { times, begin: BEFORE * WEEK, end: WEEKS * WEEK }
        })
        .collect()
}

/// The histories in the feeds of a folder.
pub(crate) fn captured() -> Vec<History> {
    let Some(folder) = std::env::var_os("NEWSWATCH_FEEDS") else { return Vec::new() };
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| captured_in(path)).collect()
}

fn captured_in(path: &Path) -> Option<History> {
    let base = url::Url::parse("https://example.org/feed").ok()?;
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().ok()?;
    let feed = read_feed(&std::fs::read(path).ok()?, None, &base, now).ok()?;
    let published = feed.entries.iter().filter_map(|entry| entry.published.or(entry.updated));
    #[expect(clippy::cast_precision_loss, reason = "seconds of our era")]
    let mut times: Vec<f64> = published.map(|time| time.as_second() as f64).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    if times.len() < FEWEST {
        return None;
    }
    // Half an hour in, by and large: not at the moment of publication.
    let begin = times[times.len() / 2 - 1] + Rng::with_seed(times.len() as u64).f64() * HOUR;
    let last = *times.last()?;
    let end = (last + HOUR).min(begin + LONGEST);
    (end - begin > 6.0 * HOUR).then_some(History { times, begin, end })
}

/// Every hour, three, six or twenty-four, give or take two minutes.
fn regular(rng: &mut Rng) -> Vec<f64> {
    let gap = rng.choice([1.0, 3.0, 6.0, 24.0]).unwrap_or(1.0) * HOUR;
    let mut at = rng.f64() * gap;
    let mut times = Vec::new();
    while at < WEEKS * WEEK {
        times.push((at + bell(rng) * 120.0).max(0.0));
        at += gap;
    }
    times
}

/// Two to nine entries in a row, ten minutes apart, whenever something happens.
fn bursty(rng: &mut Rng) -> Vec<f64> {
    let (mut at, mut times) = (0.0, Vec::new());
    while at < WEEKS * WEEK {
        at += waiting(rng, 16.0 * HOUR);
        let mut next = at;
        for _ in 0..rng.u32(2..10) {
            times.push(next);
            next += waiting(rng, 600.0);
        }
    }
    times
}

/// Five to forty-five entries a day, at random times of which some are likelier.
fn daily(rng: &mut Rng, likely: impl Fn(f64) -> f64) -> Vec<f64> {
    let rate = (5.0 + rng.f64() * 40.0) / DAY;
    // In the local time of somewhere.
    let zone = rng.f64() * DAY;
    let (mut at, mut times) = (0.0, Vec::new());
    while at < WEEKS * WEEK {
        at += waiting(rng, 1.0 / (2.0 * rate));
        if rng.f64() * 2.0 < likely(at + zone) {
            times.push(at);
        }
    }
    times
}

fn of_day(at: f64) -> f64 {
    match at.rem_euclid(DAY) / HOUR {
        hour if hour < 5.0 => 0.05,
        hour if (7.0..20.0).contains(&hour) => 1.0 + 0.8 * ((hour - 7.0) / 13.0 * std::f64::consts::PI).sin(),
        _ => 0.3,
    }
}

fn of_week(at: f64) -> f64 {
    of_day(at) * if at.rem_euclid(WEEK) < 5.0 * DAY { 1.0 } else { 0.25 }
}

fn waiting(rng: &mut Rng, mean: f64) -> f64 {
    -mean * (1.0 - rng.f64()).ln()
}

/// Normally distributed, nearly.
fn bell(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}
