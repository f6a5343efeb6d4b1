//! How a topic fares: hits, near misses, and whether it is too tight.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::Connection;
use serde::Serialize;

use super::when::When;
use crate::clock::{Timestamp, earlier, since};
use crate::store::{NearMisses, TopicHits, table};
use crate::text::count::count;

/// What counts as recent.
const RECENT: Duration = Duration::from_hours(30 * 24);
/// A store younger than this says nothing about a topic, nor does one that a topic was judged by for less.
const YOUNG: Duration = Duration::from_hours(7 * 24);
/// So many near misses without a hit are no accident.
const MANY: u64 = 10;

/// One topic in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Numbers {
    /// Stored articles that it was true of.
    matched: u64,
    last_hit: Option<Timestamp>,
    /// Since when it judges what is found; `null` if it was never run.
    judged_since: Option<Timestamp>,
    /// All that is stored was found since then.
    #[serde(skip)]
    judged_all: bool,
    /// Of the last 30 days, those that are stored and that it has judged, also in part.
    #[serde(skip)]
    judged_days: u64,
    /// Those of the last 30 days …
    hits_30d: u64,
    /// … by the day, over as many of these days as are stored and it has judged; `null` before the first.
    hits_per_day: Option<f64>,
    /// Articles of the last 30 days that one line lacked to.
    near_misses_30d: u64,
    /// The line that lacked most often then, with how often.
    lacked_most: Option<Lacked>,
    /// Many near misses and no hit.
    too_tight: bool,
}

/// A line and how often it alone lacked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Lacked {
    line: String,
    times: u64,
}

/// All topics in numbers.
pub(super) struct AllNumbers {
    hits: BTreeMap<String, TopicHits>,
    near: BTreeMap<String, NearMisses>,
    judged: BTreeMap<String, Timestamp>,
    now: Timestamp,
    oldest: Option<Timestamp>,
    /// For how much of the last 30 days there are articles.
    known: Duration,
}

impl AllNumbers {
    /// As the store says.
    pub(super) fn read(db: &Connection, now: Timestamp) -> rusqlite::Result<Self> {
        let from = earlier(now, RECENT);
        let oldest = table::oldest_report(db)?;
        Ok(Self {
            hits: table::topic_hits(db, from)?,
            near: table::near_misses(db, from)?,
            judged: table::judged_since(db)?,
            now,
            oldest,
            known: oldest.map_or(Duration::ZERO, |oldest| since(now, oldest)).min(RECENT),
        })
    }

    /// Before there is a store.
    pub(super) fn none() -> Self {
        let (hits, near, judged) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { hits, near, judged, now: Timestamp::MIN, oldest: None, known: Duration::ZERO }
    }

    /// Whether there are articles.
    pub(super) fn is_stored(&self) -> bool {
        self.oldest.is_some()
    }

    /// Those of `topic`.
    pub(super) fn of(&self, topic: &str) -> Numbers {
        let hits = self.hits.get(topic);
        let near = self.near.get(topic);
        let recent = hits.map_or(0, |hits| hits.recent);
        let near_misses = near.map_or(0, |near| near.count);
        let lacked = near.and_then(|near| near.lacked.first());
        let judged_since = self.judged.get(topic).copied();
        // It may have been left out for a while: what it found before is among its hits.
        let started = judged_since.into_iter().chain(hits.and_then(|hits| hits.first_recent)).min();
        let judged_for =
            started.filter(|_| judged_since.is_some()).map_or(self.known, |start| since(self.now, start));
        let judged = self.known.min(judged_for);
        let days = judged.as_secs_f64() / 86_400.0;
        let whole = f64::from(u32::try_from(recent).unwrap_or(u32::MAX));
        Numbers {
            matched: hits.map_or(0, |hits| hits.matched),
            last_hit: hits.map(|hits| hits.last),
            judged_since,
            judged_all: judged_since.zip(self.oldest).is_none_or(|(since, oldest)| since <= oldest),
            hits_30d: recent,
            // Less than a day counts as one, and two digits are enough.
            hits_per_day: (days > 0.0).then(|| (whole / days.max(1.0) * 100.0).round() / 100.0),
            near_misses_30d: near_misses,
            lacked_most: lacked.map(|(line, times)| Lacked { line: line.clone(), times: *times }),
            judged_days: judged.as_secs().div_ceil(86_400),
            too_tight: judged >= YOUNG && recent == 0 && near_misses >= MANY,
        }
    }
}

impl Numbers {
    /// When it was last true, or for how long it was not.
    pub(super) fn last_hit(&self, when: &When) -> String {
        match (self.last_hit, self.judged_since) {
            (Some(last), _) => when.words(last),
            (None, None) if self.was_never_run() => "not run yet".to_owned(),
            (None, Some(since)) if !self.judged_all => format!("none since {}", when.local(since)),
            (None, _) => "never".to_owned(),
        }
    }

    /// Whether nothing is known of it.
    pub(super) fn was_never_run(&self) -> bool {
        self.judged_since.is_none() && self.matched == 0 && self.near_misses_30d == 0
    }

    /// Hits of the last 30 days, by the day, near misses, and what they lacked.
    pub(super) fn words(&self) -> [String; 4] {
        if self.was_never_run() {
            return ["-"; 4].map(str::to_owned);
        }
        [
            self.hits_30d.to_string(),
            self.hits_per_day.map_or_else(|| "-".to_owned(), |a_day| a_day.to_string()),
            self.near_misses_30d.to_string(),
            self.lacked_most
                .as_ref()
                .map_or_else(|| "-".to_owned(), |Lacked { line, times }| format!("{line} ({times}×)")),
        ]
    }

    /// That `topic` is too tight, if it is.
    pub(super) fn complaint(&self, topic: &str) -> Option<String> {
        let Lacked { line, .. } = self.lacked_most.as_ref().filter(|_| self.too_tight)?;
        let near = match self.near_misses_30d {
            1 => "1 near miss".to_owned(),
            many => format!("{many} near misses"),
        };
        Some(format!(
            "{topic} may be too tight: {near} and no hit in {}, mostly for want of {line}",
            count(self.judged_days, "day")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_with_many_near_misses_and_no_hit_is_too_tight() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let near = NearMisses { count: 12, lacked: vec![("@arms".into(), 9), ("@nk".into(), 3)] };
        let hit = TopicHits {
            matched: 40,
            recent: 3,
            first_recent: Some(at(86_400 * 3)),
            last: Timestamp::UNIX_EPOCH,
        };
        let mut all = AllNumbers {
            hits: [("hit".into(), hit)].into(),
            near: [("hit".into(), near.clone()), ("tight".into(), near)].into(),
            judged: [("new".into(), at(0)), ("fresh".into(), at(900))].into(),
            now: at(1000),
            oldest: Some(at(100)),
            known: Duration::from_hours(20 * 24),
        };
        assert_eq!(all.of("hit").words(), ["3", "0.15", "12", "@arms (9×)"]);
        assert_eq!(all.of("hit").complaint("hit"), None);
        let said = "tight may be too tight: 12 near misses and no hit in 20 days, mostly for want of @arms";
        assert_eq!(all.of("tight").complaint("tight").as_deref(), Some(said));
        assert_eq!(all.of("new").words(), ["0", "0", "0", "-"]);
        assert_eq!(all.of("unread").words(), ["-", "-", "-", "-"]);
        all.judged.insert("tight".into(), at(100));
        assert_eq!(all.of("tight").complaint("tight"), None, "the topic is young");
        let when = When { now: at(1000), zone: jiff::tz::TimeZone::UTC };
        let last = ["hit", "new", "fresh", "tight", "unread"].map(|topic| all.of(topic).last_hit(&when));
        assert_eq!(last, ["16 min ago", "never", "none since 1970-01-01 00:15", "never", "not run yet"]);
        all.now = at(86_400 * 5);
        all.judged.insert("hit".into(), at(86_400 * 3));
        assert_eq!(all.of("hit").hits_per_day, Some(1.5), "judged for two of twenty days");
        all.hits.get_mut("hit").unwrap().first_recent = Some(at(86_400));
        assert_eq!(all.of("hit").hits_per_day, Some(0.75), "and hit before it was left out for a while");
        all.now = at(1000);
        all.judged.remove("hit");
        all.known = Duration::from_hours(12);
        assert_eq!(all.of("tight").complaint("tight"), None, "the store is young");
        assert_eq!(all.of("hit").hits_per_day, Some(3.0));
        assert_eq!(AllNumbers::none().of("hit").hits_per_day, None);
    }
}
