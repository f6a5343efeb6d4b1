//! Whether the person is told about a source itself: that it fails for long, fell silent, became something else, or that
//! entries may have been missed; and that it works again. Once each.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, later, since};
use crate::source::{Gap, SourceState};

const DAY: Duration = Duration::from_hours(24);
/// A source that fails for so long, and so often, is in trouble.
const FAILING: (Duration, u32) = (DAY, 4);
/// One that brings something else (a wall, an error page, a stranger's page) will hardly mend by itself.
const REPLACED: (Duration, u32) = (Duration::from_hours(3), 3);
/// A source is silent after so many of its usual gaps, and at least so long …
const SILENT_GAPS: u32 = 8;
const SILENT: Duration = Duration::from_hours(7 * 24);
/// … if its usual gap is no longer than this: one that publishes once a month may take a holiday.
const REGULAR: Duration = Duration::from_hours(7 * 24);
/// So many documents in a row whose texts are less than a fourth as long as usual are stubs.
const STUBS: u32 = 3;
const SHORTER: f32 = 4.0;
/// Texts that are usually shorter than this, in bytes, are stubs already.
const TEXT: f32 = 300.0;
/// How much one document counts for what is usual.
const LEARN: f32 = 0.1;
/// Gaps are told at most this often.
const GAP_AGAIN: Duration = DAY;

/// What is wrong with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// 410 on three days: it is asked no more.
    Gone,
    /// It gives something else in place of what it should.
    Replaced,
    /// It cannot be had.
    Failing,
    /// It answers, and has published nothing for much longer than it used to.
    Silent,
    /// Its texts are cut short.
    Stubs,
}

/// What is kept between two looks at one source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Health {
    /// The trouble that the person was told of.
    pub trouble: Option<Trouble>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The usual length of its texts, in bytes of markup; 0 before the first.
    #[serde(default)]
    pub usual: f32,
    /// Documents in a row with texts that are much shorter.
    #[serde(default)]
    pub short: u32,
    /// When a gap was last told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_told: Option<Timestamp>,
}

/// What the person is told about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthNews {
    /// What happened, to follow the source's name: "has failed for 2 days".
    pub what: String,
    /// The evidence.
    pub why: String,
    /// False for good news.
    pub bad: bool,
}

impl Health {
    /// Takes in the `state` after a look at `now`; `length` is the middle length of the texts of a document that was read,
    /// in bytes. What is to be told is told once.
    pub fn look(&mut self, state: &SourceState, length: Option<u32>, now: Timestamp) -> Option<HealthNews> {
        self.measure(length);
        if let Some(gap) = self.gap(state, now) {
            return Some(gap);
        }
        let found = self.trouble_of(state, now);
        match (self.trouble, found) {
            (before, Some((trouble, what))) if before != Some(trouble) => {
                (self.trouble, self.since) = (Some(trouble), Some(now));
                Some(HealthNews { what, why: evidence(state, trouble), bad: true })
            }
            // A failure that is not yet long is no recovery.
            (Some(trouble), None) if state.failures == 0 && state.error.is_none() => {
                let since_then = self.since.take().map_or(Duration::ZERO, |told| since(now, told));
                self.trouble = None;
                let why = format!("{} ended {} after it was told", word(trouble), words(since_then));
                Some(HealthNews { what: "is well again".to_owned(), why, bad: false })
            }
            _ => None,
        }
    }

    fn measure(&mut self, length: Option<u32>) {
        let Some(length) = length else { return };
        #[expect(clippy::cast_precision_loss, reason = "thousands of bytes")]
        let length = length as f32;
        if self.usual > TEXT && length * SHORTER < self.usual {
            self.short += 1;
        } else {
            self.short = 0;
            self.usual = if self.usual == 0.0 { length } else { self.usual + LEARN * (length - self.usual) };
        }
    }

    fn gap(&mut self, state: &SourceState, now: Timestamp) -> Option<HealthNews> {
        let Gap { from, to, seen } = state.gap.filter(|gap| gap.seen == now)?;
        // One that was told later than now was told by a clock that was ahead.
        if self.gap_told.is_some_and(|told| told <= seen && since(seen, told) < GAP_AGAIN) {
            return None;
        }
        self.gap_told = Some(seen);
        Some(HealthNews {
            what: "may have published more than was seen".to_owned(),
            why: format!(
                "of what it published from {} to {}, some may be missing: the document held nothing that was known. A \
                 shorter interval helps",
                minute(from),
                minute(to)
            ),
            bad: true,
        })
    }

    fn trouble_of(&self, state: &SourceState, now: Timestamp) -> Option<(Trouble, String)> {
        if state.resting {
            return Some((Trouble::Gone, "is gone for good".to_owned()));
        }
        if let Some(begun) = state.failing_since {
            let time = since(now, begun);
            let long = |(least, times): (Duration, u32)| time >= least && state.failures >= times;
            if state.error_class.as_deref() == Some("content") && long(REPLACED) {
                return Some((Trouble::Replaced, "gives something else than it should".to_owned()));
            }
            // What was told of stays what it is while the failures last.
            let known =
                self.trouble.filter(|trouble| matches!(trouble, Trouble::Failing | Trouble::Replaced));
            return match known {
                Some(trouble) => Some((trouble, String::new())),
                None => long(FAILING).then(|| (Trouble::Failing, format!("has failed for {}", words(time)))),
            };
        }
        if let (Some(newest), Some(gap)) = (state.cadence.newest(), state.cadence.gap())
            && gap <= REGULAR
            && later(newest, (gap * SILENT_GAPS).max(SILENT)) < now
        {
            return Some((
                Trouble::Silent,
                format!("has published nothing for {}", words(since(now, newest))),
            ));
        }
        (self.short >= STUBS).then(|| (Trouble::Stubs, "cuts its texts short".to_owned()))
    }
}

fn evidence(state: &SourceState, trouble: Trouble) -> String {
    match trouble {
        Trouble::Gone => "410 Gone on three days: it is asked no more until `source refresh`".to_owned(),
        Trouble::Failing | Trouble::Replaced => {
            let error = state.error.as_deref().unwrap_or("no answer");
            format!("{error}. It is asked further, less and less often; {}", state.why_next)
        }
        Trouble::Silent => {
            let gap = state.cadence.gap().unwrap_or_default();
            format!("it answers, and used to publish every {}", words(gap))
        }
        Trouble::Stubs => "its texts are less than a fourth as long as they were".to_owned(),
    }
}

fn word(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Gone => "being gone",
        Trouble::Replaced => "giving something else",
        Trouble::Failing => "failing",
        Trouble::Silent => "its silence",
        Trouble::Stubs => "cutting texts short",
    }
}

/// Two units are enough.
fn words(time: Duration) -> String {
    let unit = if time >= DAY { 3_600 } else { 60 };
    let seconds = (time.as_secs() / unit * unit).max(60);
    humantime::format_duration(Duration::from_secs(seconds)).to_string()
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: u64) -> Timestamp {
        later("2023-09-04T12:00:00Z".parse().unwrap(), Duration::from_hours(hours))
    }

    fn failing(hours: u64, class: &str) -> SourceState {
        SourceState {
            failing_since: Some(at(0)),
            failures: u32::try_from(hours / 3).unwrap() + 1,
            error: Some("answered 500".into()),
            error_class: Some(class.into()),
            ..SourceState::new(at(hours + 1), "error 3, backing off 40m")
        }
    }

    fn well(hours: u64) -> SourceState {
        SourceState { last_success: Some(at(hours)), ..SourceState::new(at(hours + 1), "interval 15m") }
    }

    #[test]
    fn long_failure_is_told_once_and_recovery_once() {
        let mut health = Health::default();
        let mut told = Vec::new();
        for hours in 0..72 {
            told.extend(
                health.look(&failing(hours, "status"), None, at(hours)).map(|news| (hours, news.what)),
            );
        }
        assert_eq!(told, [(24, "has failed for 1day".to_owned())]);
        let good = health.look(&well(72), None, at(72)).unwrap();
        assert_eq!((good.what.as_str(), good.bad), ("is well again", false));
        assert_eq!(good.why, "failing ended 2days after it was told");
        assert_eq!(health.look(&well(73), None, at(73)), None);
    }

    #[test]
    fn a_day_of_trouble_that_ends_is_not_told() {
        let mut health = Health::default();
        for hours in 0..23 {
            assert_eq!(health.look(&failing(hours, "dns"), None, at(hours)), None);
        }
        assert_eq!(health.look(&well(23), None, at(23)), None);
    }

    #[test]
    fn a_wall_is_told_sooner() {
        let mut health = Health::default();
        let told = (0..30).find_map(|hours| {
            health.look(&failing(hours, "content"), None, at(hours)).map(|news| (hours, news))
        });
        let (hours, news) = told.unwrap();
        assert_eq!((hours, news.what.as_str()), (6, "gives something else than it should"));
        assert_eq!(health.look(&failing(40, "status"), None, at(40)), None, "one trouble, told once");
    }

    #[test]
    fn silence_is_told_by_the_sources_own_measure() {
        let hour = Duration::from_hours(1);
        let mut daily = well(0);
        for day in 0..40 {
            daily.cadence.look(&[at(day * 24)], Some(10), hour, at(day * 24 + 1));
        }
        let mut health = Health::default();
        let told = (40 * 24..70 * 24).find_map(|hours| {
            daily.cadence.look(&[], Some(10), hour, at(hours));
            health.look(&daily, None, at(hours)).map(|news| (hours / 24 - 39, news))
        });
        let (days, news) = told.unwrap();
        assert!((7..16).contains(&days), "after {days} days: {news:?}");
        daily.cadence.look(&[at(70 * 24)], Some(10), hour, at(70 * 24));
        assert!(health.look(&daily, None, at(70 * 24)).is_some_and(|news| !news.bad));
        let mut rare = well(0);
        for month in 0..6 {
            rare.cadence.look(&[at(month * 720)], Some(10), hour, at(month * 720 + 1));
        }
        rare.cadence.look(&[], Some(10), hour, at(9_000));
        assert_eq!(Health::default().look(&rare, None, at(9_000)), None, "it may take a holiday");
    }

    #[test]
    fn texts_that_become_stubs_are_told() {
        let mut health = Health::default();
        for look in 0..20 {
            assert_eq!(health.look(&well(look), Some(2_000), at(look)), None);
        }
        assert_eq!(health.look(&well(20), Some(100), at(20)), None);
        assert_eq!(health.look(&well(21), Some(100), at(21)), None);
        let news = health.look(&well(22), Some(100), at(22)).unwrap();
        assert_eq!(news.what, "cuts its texts short");
        assert!(health.look(&well(23), Some(2_000), at(23)).is_some_and(|news| !news.bad));
    }

    #[test]
    fn a_gap_is_told_with_its_span_and_not_every_hour() {
        let mut health = Health::default();
        let with_gap =
            |hours| SourceState { gap: Some(Gap { from: at(0), to: at(5), seen: at(hours) }), ..well(hours) };
        let news = health.look(&with_gap(6), None, at(6)).unwrap();
        assert!(news.why.contains("from 2023-09-04 12:00 UTC to 2023-09-04 17:00 UTC"), "{}", news.why);
        assert_eq!(health.look(&with_gap(7), None, at(7)), None);
        assert!(health.look(&with_gap(40), None, at(40)).is_some());
        assert!(health.look(&with_gap(9), None, at(9)).is_some(), "the clock was ahead");
    }
}
