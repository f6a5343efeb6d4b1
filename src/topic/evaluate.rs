//! The one evaluator: a topic and what was found in an article → a verdict on every clause.
//!
//! **Score.** Each line scores the weight of the best zone in which a hit counts (title 1.0, lead 0.7, body 0.4 unless
//! `fields` says otherwise), 0 without one. The score is the mean over the lines, by their `weight`, times 100; of
//! `any` only the best `min` lines are in it, so further alternatives that are not mentioned cost nothing.

use std::collections::HashMap;

use super::findings::{Findings, Hit};
use super::rule::{Line, Topic, Way};
use super::spec::ZoneWeights;
use super::window::{Window, tightest};
use super::zones::Zones;
use crate::article::Zone;

/// A topic judged, clause by clause.
#[derive(Debug)]
pub(super) struct Verdict<'t> {
    /// By way, in the order of the rule.
    pub(super) ways: Vec<WayVerdict<'t>>,
    /// Hits of `none` that count.
    pub(super) vetoes: Vec<(&'t Line, Hit)>,
    /// The article's language, if the topic does not want it.
    pub(super) foreign: Option<String>,
}

/// One way into a topic.
#[derive(Debug)]
pub(super) struct WayVerdict<'t> {
    pub(super) way: &'t Way,
    /// The lines of `all`, then of `any`.
    pub(super) lines: Vec<LineVerdict<'t>>,
    /// The tightest window over the lines of `all`, if `near` asks for one.
    pub(super) window: Option<Window>,
    /// 0.0..=100.0.
    pub(super) score: f64,
}

/// One line.
#[derive(Debug)]
pub(super) struct LineVerdict<'t> {
    pub(super) line: &'t Line,
    /// Every hit, also those that do not count.
    pub(super) hits: Vec<(Hit, Standing)>,
    /// Where its best hit stands.
    pub(super) best: Option<Zone>,
    /// The weight there, 0 without one.
    weight: f64,
}

/// Whether a hit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does.
    Counts,
    /// No: its zone weighs nothing.
    Weightless,
    /// No: a mask covers it.
    Masked,
}

impl LineVerdict<'_> {
    /// What the line adds to the score, before its weight: 0..=100.
    pub(super) fn score(&self) -> u8 {
        rounded(self.weight * 100.0)
    }

    /// The hits that count.
    pub(super) fn counting(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(|(_, standing)| *standing == Standing::Counts).map(|(hit, _)| hit)
    }
}

impl WayVerdict<'_> {
    /// How many lines of `all`, and how many of `any`, have a hit that counts.
    pub(super) fn lines_hit(&self) -> (usize, usize) {
        let (all, any) = self.lines.split_at_checked(self.way.all.len()).unwrap_or((&self.lines, &[]));
        let hit = |lines: &[LineVerdict<'_>]| lines.iter().filter(|line| line.best.is_some()).count();
        (hit(all), hit(any))
    }

    /// Every line that is needed has a hit that counts.
    pub(super) fn lines_hold(&self) -> bool {
        let (all, any) = self.lines_hit();
        all == self.way.all.len() && any >= self.way.min
    }

    /// `near` is met, or not asked for.
    pub(super) fn near_holds(&self) -> bool {
        self.way.near.is_none_or(|near| self.window.is_some_and(|window| window.words <= near))
    }

    /// The way leads in, whatever its score.
    pub(super) fn holds(&self) -> bool {
        self.lines_hold() && self.near_holds()
    }

    /// What share of the needed lines has a hit that counts, 0.0..=1.0.
    fn share(&self) -> f64 {
        let (all, any) = self.lines_hit();
        ratio(all + any.min(self.way.min), self.way.all.len() + self.way.min)
    }
}

impl Verdict<'_> {
    /// The topic is true, and the score reaches `min_score`.
    pub(super) fn matched(&self, min_score: u8) -> bool {
        self.vetoes.is_empty()
            && self.foreign.is_none()
            && self.best().is_some_and(|(_, way)| way.holds() && rounded(way.score) >= min_score)
    }

    /// The way that is told of, with its number: one that leads in before one that does not, then the nearer, then
    /// the higher score, then the first.
    pub(super) fn best(&self) -> Option<(usize, &WayVerdict<'_>)> {
        let rank = |way: &WayVerdict<'_>| (way.holds(), way.share(), way.score);
        self.ways
            .iter()
            .enumerate()
            .reduce(|best, other| if rank(other.1) > rank(best.1) { other } else { best })
    }
}

/// Whether `topic` could be true of the article if every zone counted and nothing were masked: quick, and enough to
/// pass over most candidates.
pub(super) fn is_possible(topic: &Topic, findings: &Findings<'_>) -> bool {
    let hits = |line: &&Line| findings.any(&line.terms);
    topic.ways.iter().any(|way| {
        let lacking = way.all.iter().filter(|line| !hits(line)).count();
        // A near miss counts too, where there is more than one line.
        lacking <= usize::from(way.all.len() + way.min > 1) && way.any.iter().filter(hits).count() >= way.min
    })
}

/// Judges `topic` with `weights` in place of its own.
pub(super) fn evaluate<'t>(topic: &'t Topic, weights: &ZoneWeights, findings: &Findings<'_>) -> Verdict<'t> {
    let masks = Masks::new(&findings.hits(&topic.mask));
    let ways = topic.ways.iter().map(|way| {
        let lines: Vec<_> = way.lines().map(|line| judge_line(line, weights, &masks, findings)).collect();
        judge_way(way, lines, findings)
    });
    let language = findings.language().filter(|_| !topic.lang.is_empty());
    Verdict {
        ways: ways.collect(),
        // What furniture would weigh is a question about the positive lines: vetoes keep the topic's own weights.
        vetoes: topic.none.iter().filter_map(|line| veto(line, topic, &masks, findings)).collect(),
        foreign: language.filter(|language| !topic.lang.iter().any(|wanted| primary(wanted) == language)),
    }
}

fn judge_line<'t>(
    line: &'t Line,
    weights: &ZoneWeights,
    masks: &Masks,
    findings: &Findings<'_>,
) -> LineVerdict<'t> {
    let standing = |hit: &Hit| match () {
        () if masks.cover(hit) => Standing::Masked,
        () if weights.of(hit.zone) > 0.0 => Standing::Counts,
        () => Standing::Weightless,
    };
    let hits: Vec<_> = findings.hits(&line.terms).into_iter().map(|hit| (hit, standing(&hit))).collect();
    let (mut best, mut weight) = (None, 0.0);
    for (hit, _) in hits.iter().filter(|(_, standing)| *standing == Standing::Counts) {
        let here = f64::from(weights.of(hit.zone).min(1.0));
        if here > weight {
            (best, weight) = (Some(hit.zone), here);
        }
    }
    LineVerdict { line, hits, best, weight }
}

fn judge_way<'t>(way: &'t Way, lines: Vec<LineVerdict<'t>>, findings: &Findings<'_>) -> WayVerdict<'t> {
    let (all, any) = lines.split_at_checked(way.all.len()).unwrap_or((&lines, &[]));
    let window = way.near.and_then(|_| {
        let counting: Vec<Vec<Hit>> = all.iter().map(|line| line.counting().copied().collect()).collect();
        tightest(&counting, findings.words_in(Zone::Lead))
    });
    let mut any: Vec<_> = any.iter().collect();
    any.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let scored = || all.iter().chain(any.iter().copied().take(way.min));
    let shares: f64 = scored().map(|line| line.line.weight).sum();
    let score = scored().map(|line| line.line.weight * line.weight).sum::<f64>() / shares * 100.0;
    WayVerdict { way, window, score: if score.is_finite() { score } else { 0.0 }, lines }
}

/// The first hit of a line of `none` that counts. A term with a zone prefix vetoes there whatever the zone weighs: who
/// writes `furniture: horoscope` means it.
fn veto<'t>(
    line: &'t Line,
    topic: &Topic,
    masks: &Masks,
    findings: &Findings<'_>,
) -> Option<(&'t Line, Hit)> {
    let asked_for = |hit: &Hit| line.terms.get(hit.term).is_some_and(|term| term.zones != Zones::ALL);
    let mut hits = findings.hits(&line.terms).into_iter();
    let first = hits.find(|hit| !masks.cover(hit) && (topic.fields.of(hit.zone) > 0.0 || asked_for(hit)))?;
    Some((line, first))
}

/// Where masks lie: by zone the masks' starts, each with the furthest end of all masks that start there or before.
struct Masks(HashMap<Zone, Vec<(usize, usize)>>);

impl Masks {
    /// `hits` in zone and word order.
    fn new(hits: &[Hit]) -> Self {
        let mut zones: HashMap<Zone, Vec<(usize, usize)>> = HashMap::new();
        for hit in hits {
            let masks = zones.entry(hit.zone).or_default();
            let furthest = masks.last().map_or(0, |(_, end)| *end);
            masks.push((hit.first, hit.end.max(furthest)));
        }
        Self(zones)
    }

    /// True if one mask holds all words of `hit`.
    fn cover(&self, hit: &Hit) -> bool {
        let Some(masks) = self.0.get(&hit.zone) else { return false };
        let before = masks.partition_point(|(start, _)| *start <= hit.first);
        before
            .checked_sub(1)
            .and_then(|last| masks.get(last))
            .is_some_and(|(_, furthest)| *furthest >= hit.end)
    }
}

/// A score as it is told: a whole number of 0..=100.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100 first")]
pub(super) fn rounded(score: f64) -> u8 {
    score.round().clamp(0.0, 100.0) as u8
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}
