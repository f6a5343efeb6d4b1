//! How soon entries are found, by three rules that make the same number of requests: `cargo bench --bench cadence`.
//!
//! Publication histories are replayed without a network: six kinds that are made here, and those in the feeds of the
//! folder that `NEWSWATCH_FEEDS` names. Each rule meets each history with what a first look at the feed shows, and then
//! learns. `fixed` asks evenly, `miniflux` after a week divided by the entries in it (5 min to 24 h), stretched until it
//! makes as many requests. The delay is from publication to the request that finds the entry.

mod histories;
mod rules;

use histories::{History, KINDS};
use newswatch::clock::{Timestamp, later};
use rules::{Fixed, Miniflux, Ours, Rule};
use std::time::Duration;

/// Entries in a document.
const WINDOW: usize = 20;

fn main() {
    let minutes = std::env::var("NEWSWATCH_INTERVAL").ok().and_then(|text| text.parse().ok()).unwrap_or(15);
    let interval = Duration::from_secs(minutes * 60);
    println!(
        "interval {minutes} min; median and 95th percentile of the delay in seconds: newswatch, fixed, miniflux"
    );
    println!(
        "{:10} {:>6} {:>7} | {:>6} {:>6} {:>6} {:>6} | {:>6} {:>6} {:>6} {:>6} | useful",
        "", "found", "asked", "", "", "", "gain", "", "", "", "gain"
    );
    let mut all = Totals::default();
    let captured = histories::captured();
    let kinds = KINDS.iter().map(|kind| (kind.0, histories::made(*kind))).chain([("captured", captured)]);
    for (name, histories) in kinds {
        let mut totals = Totals::default();
        for history in &histories {
            totals.add(&compare(history, interval));
        }
        totals.print(name);
        all.add(&totals);
    }
    all.print("all");
}

/// What the three rules did.
#[derive(Default, Clone)]
struct Totals([Run; 3]);

/// What one rule did.
#[derive(Default, Clone)]
struct Run {
    asked: usize,
    useful: usize,
    delays: Vec<f64>,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        for (run, other) in self.0.iter_mut().zip(&other.0) {
            run.asked += other.asked;
            run.useful += other.useful;
            run.delays.extend_from_slice(&other.delays);
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "for people"
    )]
    fn print(&mut self, name: &str) {
        self.0.iter_mut().for_each(|run| run.delays.sort_by(f64::total_cmp));
        if self.0.iter().any(|run| run.delays.is_empty()) {
            return println!("{name:10} none");
        }
        let [ours, fixed, miniflux] = [0, 1, 2].map(|n| {
            let delays = &self.0[n].delays;
            let at = |share: f64| delays[((delays.len() - 1) as f64 * share) as usize];
            (at(0.5), at(0.95), self.0[n].useful as f64 / self.0[n].asked.max(1) as f64)
        });
        let better = if fixed.0 <= miniflux.0 { fixed } else { miniflux };
        let gain = |of: f64, than: f64| 100.0 * (1.0 - of / than);
        println!(
            "{name:10} {:6} {:7} | {:6.0} {:6.0} {:6.0} {:5.0}% | {:6.0} {:6.0} {:6.0} {:5.0}% | {:.3} {:.3} {:.3}",
            self.0[0].delays.len(),
            self.0[0].asked,
            ours.0,
            fixed.0,
            miniflux.0,
            gain(ours.0, better.0),
            ours.1,
            fixed.1,
            miniflux.1,
            gain(ours.1, better.1),
            ours.2,
            fixed.2,
            miniflux.2
        );
    }
}

/// The three rules over one history: as many requests as the first makes.
fn compare(history: &History, interval: Duration) -> Totals {
    let ours = replay(history, &mut Ours::new(interval));
    let span = history.end - history.begin;
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let even = span / (ours.asked.max(1) as f64);
    let fixed = replay(history, &mut Fixed(even));
    let (mut low, mut high) = (1e-4_f64, 1e4_f64);
    let mut miniflux = Run::default();
    for _ in 0..16 {
        let stretch = (low * high).sqrt();
        miniflux = replay(history, &mut Miniflux::new(stretch));
        if miniflux.asked.abs_diff(ours.asked) * 200 <= ours.asked {
            break;
        }
        if miniflux.asked > ours.asked { low = stretch } else { high = stretch }
    }
    Totals([ours, fixed, miniflux])
}

fn replay(history: &History, rule: &mut dyn Rule) -> Run {
    let times = &history.times;
    let mut next = times.partition_point(|time| *time <= history.begin);
    let mut now = history.begin;
    let mut wait = rule.wait(&times[next.saturating_sub(WINDOW)..next], now);
    let mut run = Run::default();
    loop {
        now += wait.max(1.0);
        if now > history.end {
            return run;
        }
        let until = next + times[next..].partition_point(|time| *time <= now);
        // What fell out of the document before it was asked for is found by nobody, and counts as found now.
        let new = &times[next..until];
        run.delays.extend(new.iter().map(|time| now - time));
        run.asked += 1;
        run.useful += usize::from(!new.is_empty());
        wait = rule.wait(&new[new.len().saturating_sub(WINDOW)..], now);
        next = until;
    }
}

fn stamp(seconds: f64) -> Timestamp {
    later(Timestamp::UNIX_EPOCH, Duration::from_secs_f64(seconds))
}
