//! Whether the person is told about a source itself: that it fails for long, fell silent, became something else, or that
//! entries may have been missed; and that it works again. Once each.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::silence::Pauses;
use crate::clock::{Timestamp, since};
use crate::source::{Gap, SourceState};
use crate::text::count::span;

const DAY: Duration = Duration::from_hours(24);
/// A source that fails for so long, and so often, is in trouble.
const FAILING: (Duration, u32) = (DAY, 2);
/// One that brings something else (a wall, an error page, a stranger's page) will hardly mend by itself.
const REPLACED: (Duration, u32) = (Duration::from_hours(3), 3);
/// A server that asks to wait for so long, so often, gives nothing either.
const BUSY: (Duration, u32) = (Duration::from_hours(3 * 24), 4);
/// What was silent for so long when it was first looked at is shown, and not told: a list that is imported has many such.
const DEAD: Duration = Duration::from_hours(30 * 24);
/// So many documents in a row whose texts are less than a fourth as long as usual are stubs.
const STUBS: u32 = 3;
const SHORTER: f32 = 4.0;
/// Texts that are usually shorter than this, in bytes, are stubs already.
const TEXT: f32 = 300.0;
/// How much one document, or one page, counts for what is usual.
const LEARN: f32 = 0.1;
/// So many article pages in a row that hold no article are walls, if most did before.
const WALLS: u32 = 5;
const READABLE: f32 = 0.5;
/// Gaps are told at most this often.
pub(super) const GAP_AGAIN: Duration = DAY;

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
    /// Its article pages show something else: consent walls, checks for robots, error pages.
    Walls,
    /// A part of it cannot be had: a sitemap of an index.
    Partial,
}

impl Trouble {
    /// The word for it in tables and `--json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Replaced => "replaced",
            Self::Failing => "failing",
            Self::Silent => "silent",
            Self::Stubs => "stubs",
            Self::Walls => "walls",
            Self::Partial => "partial",
        }
    }

    /// True if it is seen from answers that are no good, so that the first good one ends it.
    fn is_failure(self) -> bool {
        matches!(self, Self::Gone | Self::Replaced | Self::Failing)
    }
}

/// What is kept between two looks at one source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// The trouble that the person was told of.
    pub trouble: Option<Trouble>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// True if it was told in one alert with others of its host.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// Since when it is well again, while its host's alert waits for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub well: Option<Timestamp>,
    /// When a look last found it still in the trouble that was told together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Timestamp>,
    /// True if the trouble is shown and was not told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub untold: bool,
    /// When it last came back from a failure that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back: Option<Timestamp>,
    /// The usual length of its texts, in bytes of markup; 0 before the first.
    pub usual: f32,
    /// Documents in a row with texts that are much shorter.
    pub short: u32,
    /// Which share of its article pages held an article.
    pub readable: f32,
    /// Article pages in a row that held none.
    pub walls: u32,
    /// How far apart it publishes.
    pub pauses: Pauses,
    /// When a gap was last told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_told: Option<Timestamp>,
}

/// What a look saw that matters here. `Default` is a look that brought no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen<'a> {
    /// When the new entries were published.
    pub published: &'a [Timestamp],
    /// The middle length of the texts of a whole document, in bytes.
    pub length: Option<u32>,
    /// How many article pages held an article.
    pub articles: u32,
    /// How many held something else.
    pub walls: u32,
    /// What failed while the rest was had.
    pub part: Option<&'a FailingPart>,
}

/// A part of a source that fails while the rest is had: a sitemap of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailingPart {
    /// Since when.
    pub since: Timestamp,
    /// How often in a row.
    pub times: u32,
    /// Which, and how: `https://a.example/news.xml: answered 404 Not Found`.
    pub error: String,
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

impl HealthNews {
    /// With the evidence of another one.
    fn and(self, other: &Self) -> Self {
        Self { why: format!("{}; {}", self.why, other.why), ..self }
    }
}

/// What a look changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Entries may have been missed.
    Gap(HealthNews),
    /// A trouble began.
    Begins(Trouble, HealthNews),
    /// It ended.
    Ends(HealthNews),
    /// Of one that was told with others of its host: it was asked, and they have to be looked at.
    Asked,
}

impl Health {
    /// Takes in the `state` after a look at `now`, and what was `seen`. What changes is said once.
    pub fn look(&mut self, state: &SourceState, seen: &Seen<'_>, now: Timestamp) -> Option<Change> {
        let first = self.pauses == Pauses::default();
        self.measure(seen);
        self.pauses.learn(seen.published, now);
        let gap = self.gap(state, now);
        match (self.changed(first, state, seen.part, now), gap) {
            (None, gap) => gap.map(Change::Gap),
            // A failure or a silence that ends leaves a gap: one telling for both.
            (Some(Change::Ends(news)), Some(gap)) => Some(Change::Ends(news.and(&gap))),
            (Some(Change::Begins(trouble, news)), Some(gap)) => Some(Change::Begins(trouble, news.and(&gap))),
            (change, _) => change,
        }
    }

    /// What becomes of its trouble; `first`: at the first look that brings dates.
    fn changed(
        &mut self,
        first: bool,
        state: &SourceState,
        part: Option<&FailingPart>,
        now: Timestamp,
    ) -> Option<Change> {
        let answered = state.failures == 0 && state.error.is_none();
        if answered && self.trouble.is_some_and(Trouble::is_failure) {
            self.back = Some(now);
            return self.ended(now);
        }
        match (self.trouble, self.trouble_of(state, part, now)) {
            (before, Some((trouble, what))) if before != Some(trouble) => {
                let dead = first && self.pauses.silence(None, now).is_some_and(|silence| silence > DEAD);
                self.told(trouble, now);
                self.untold = trouble == Trouble::Silent && dead;
                let why = self.evidence(state, trouble, part, now);
                (!self.untold).then_some(Change::Begins(trouble, HealthNews { what, why, bad: true }))
            }
            // A failure that is not yet long is no recovery.
            (Some(_), None) if answered => self.ended(now),
            (Some(_), _) if self.together => Some(self.still(now)),
            _ => None,
        }
    }

    /// True while something is wrong that the person was told of.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.trouble.is_some() && !self.untold && self.well.is_none()
    }

    /// Notes that the person was told of a trouble.
    fn told(&mut self, trouble: Trouble, now: Timestamp) {
        (self.trouble, self.since) = (Some(trouble), Some(now));
        (self.together, self.well, self.asked, self.untold) = (false, None, None, false);
    }

    /// Notes that the person was told of a trouble together with others of the host.
    pub fn told_together(&mut self, trouble: Trouble, now: Timestamp) {
        self.told(trouble, now);
        self.together = true;
    }

    /// Forgets the trouble.
    pub fn forget_trouble(&mut self) {
        (self.trouble, self.since, self.well, self.asked) = (None, None, None, None);
        (self.together, self.untold) = (false, false);
    }

    fn still(&mut self, now: Timestamp) -> Change {
        (self.well, self.asked) = (None, Some(now));
        Change::Asked
    }

    fn ended(&mut self, now: Timestamp) -> Option<Change> {
        if self.together {
            self.well.get_or_insert(now);
            return Some(Change::Asked);
        }
        let untold = self.untold;
        let after = self.since.map_or(Duration::ZERO, |told| since(now, told));
        let was = self.trouble.map_or("trouble", ending);
        self.forget_trouble();
        let why = format!("{was} ended {} after it was told", span(after));
        (!untold).then(|| Change::Ends(HealthNews { what: "is well again".to_owned(), why, bad: false }))
    }

    fn measure(&mut self, seen: &Seen<'_>) {
        for _ in 0..seen.articles.min(100) {
            self.readable += LEARN * (1.0 - self.readable);
        }
        if seen.articles > 0 {
            self.walls = 0;
        } else {
            self.walls = self.walls.saturating_add(seen.walls);
        }
        // What never was readable is no news.
        if self.walls < WALLS {
            for _ in 0..seen.walls.min(100) {
                self.readable -= LEARN / 2.0 * self.readable;
            }
        }
        let Some(length) = seen.length else { return };
        #[expect(clippy::cast_precision_loss, reason = "thousands of bytes")]
        let length = length as f32;
        if self.usual > TEXT && length * SHORTER < self.usual {
            self.short = self.short.saturating_add(1);
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
                "of what it published from {} to {} ({}), some may be missing: the document held nothing that was known. A \
                 shorter interval helps",
                minute(from),
                minute(to),
                span(since(to, from)),
            ),
            bad: true,
        })
    }

    /// The trouble that it is in, and what to say of it.
    fn trouble_of(
        &self,
        state: &SourceState,
        part: Option<&FailingPart>,
        now: Timestamp,
    ) -> Option<(Trouble, String)> {
        if state.resting {
            return Some((Trouble::Gone, "is gone for good".to_owned()));
        }
        let begun = match state.failing_since {
            None if state.busy > 0 => Some(state.last_success?),
            begun => begun,
        };
        if let Some(begun) = begun {
            // What was told stays what it is while the failures last.
            let told = self.trouble.filter(|trouble| matches!(trouble, Trouble::Failing | Trouble::Replaced));
            let time = since(now, begun);
            return told.map(|trouble| (trouble, String::new())).or_else(|| failure(state, time));
        }
        let long = |part: &&FailingPart| since(now, part.since) >= FAILING.0 && part.times >= FAILING.1;
        if let Some(part) = part.filter(long) {
            let time = span(since(now, part.since));
            return Some((Trouble::Partial, format!("has a sitemap that has failed for {time}")));
        }
        if let Some(silence) = self.pauses.silence(self.back, now) {
            return Some((Trouble::Silent, format!("has published nothing for {}", span(silence))));
        }
        if self.walls >= WALLS && self.readable >= READABLE {
            return Some((Trouble::Walls, "shows walls in place of its articles".to_owned()));
        }
        (self.short >= STUBS).then(|| (Trouble::Stubs, "cuts its texts short".to_owned()))
    }

    fn evidence(
        &self,
        state: &SourceState,
        trouble: Trouble,
        part: Option<&FailingPart>,
        now: Timestamp,
    ) -> String {
        match trouble {
            Trouble::Gone => "410 Gone on three days: it is asked no more until `source refresh`".to_owned(),
            Trouble::Failing | Trouble::Replaced => {
                let error = state.error.as_deref().unwrap_or("no answer");
                let next = span(since(state.next_check, now));
                let good = state.last_success.map_or("never".to_owned(), minute);
                format!("{error}. Last good answer: {good}; it is asked further, next in {next}")
            }
            Trouble::Silent => {
                let usual = self.pauses.usual().unwrap_or_default();
                format!("it answers, and used to publish every {}", span(usual))
            }
            Trouble::Partial => {
                let error = part.map_or("one of its sitemaps cannot be read", |part| part.error.as_str());
                format!("{error}. Its other sitemaps are read, and this one is asked further")
            }
            Trouble::Stubs => "its texts are less than a fourth as long as they were".to_owned(),
            Trouble::Walls => format!(
                "its last {} article pages held no article (a consent wall, a check for robots, an error page); what its \
                 feed says is read instead",
                self.walls
            ),
        }
    }
}

/// What to say of failures that have lasted for `time`, if that is long.
fn failure(state: &SourceState, time: Duration) -> Option<(Trouble, String)> {
    let long = |(least, times): (Duration, u32)| time >= least && state.failures.max(state.busy) >= times;
    if state.error_class.as_deref() == Some("content") && long(REPLACED) {
        return Some((Trouble::Replaced, "gives something else than it should".to_owned()));
    }
    long(if state.failing_since.is_some() { FAILING } else { BUSY })
        .then(|| (Trouble::Failing, format!("has failed for {}", span(time))))
}

fn ending(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Gone => "being gone",
        Trouble::Replaced => "giving something else",
        Trouble::Failing => "failing",
        Trouble::Silent => "its silence",
        Trouble::Stubs => "cutting texts short",
        Trouble::Walls => "showing walls",
        Trouble::Partial => "the failing of its sitemap",
    }
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
