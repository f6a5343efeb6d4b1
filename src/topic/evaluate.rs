//! The one evaluator: a topic and what was found in an article → a verdict on every clause.
//!
//! **Score.** Each line scores the weight of the best zone in which a hit counts (title 1.0, lead 0.7, body 0.4 unless
//! `fields` says otherwise), 0 without one. The score is the mean over the lines, by their `weight`, times 100; of an
//! OR only the best part is in it, of ATLEAST/n the best n, so further alternatives that are not mentioned cost nothing.
//! Then come the points of `boost`, then the factor of `[trust]`.

use std::collections::HashMap;

use super::findings::{Findings, Hit};
use super::hosts::Trust;
use super::rule::{Escalation, Line, Node, Topic};
use super::spec::ZoneWeights;
use super::verdict::{Detail, Judged, LineVerdict, Standing, Tally, Verdict, near};
use super::window::tightest;
use super::zones::Zones;
use crate::article::Zone;

/// How many lines lack, and how many are needed, for `node` to be true if every zone counted and nothing were masked
/// or vetoed: quick, and enough to pass over most candidates.
pub(super) fn lack(node: &Node, findings: &Findings<'_>) -> (usize, usize) {
    let of_parts = |of: &[Node]| of.iter().map(|part| lack(part, findings)).collect::<Vec<_>>();
    let sum = |parts: &[(usize, usize)]| {
        parts.iter().fold((0, 0), |(lack, needed), part| (lack + part.0, needed + part.1))
    };
    match node {
        Node::Line(line) => (usize::from(!findings.any(&line.terms)), 1),
        Node::Different { min, line } => (usize::from(findings.count(&line.terms, *min) < *min), 1),
        Node::And(of) | Node::Near { of, .. } => of.iter().fold((0, 0), |(lacks, needed), part| {
            let part = lack(part, findings);
            (lacks + part.0, needed + part.1)
        }),
        Node::Or(of) => of
            .iter()
            .map(|part| lack(part, findings))
            .reduce(|best, other| {
                if (other.0, usize::MAX - other.1) < (best.0, usize::MAX - best.1) { other } else { best }
            })
            .unwrap_or_default(),
        Node::AtLeast { min, of } => {
            let mut parts = of_parts(of);
            parts.sort_unstable();
            sum(parts.get(..*min).unwrap_or(&parts))
        }
        Node::Not(_) => (0, 0),
    }
}

/// Judges `topic` with `weights` in place of its own.
pub(super) fn evaluate<'t>(
    topic: &'t Topic,
    weights: &ZoneWeights,
    findings: &Findings<'_>,
    trust: &'t Trust,
) -> Verdict<'t> {
    let masks = Masks::new(&findings.hits(&topic.mask));
    let judge = Judge { own: &topic.fields, weights, masks: &masks, findings, vetoes: false };
    let language = if topic.lang.is_empty() { None } else { findings.language() };
    let boosts = topic.extras.iter().flat_map(|extras| &extras.boost);
    Verdict {
        rule: judge.node(&topic.rule),
        boosts: boosts.filter(|boost| judge.line(&boost.line).best.is_some()).collect(),
        trust: trust.of(findings.host()).filter(|(_, factor)| factor.to_bits() != 1.0_f32.to_bits()),
        foreign: language.filter(|language| !topic.lang.iter().any(|wanted| primary(wanted) == language)),
        refused: topic.extras.as_ref().and_then(|extras| extras.sources.refuse(findings.host())),
    }
}

/// Whether an escalation of a topic that matched with `score` is called for.
pub(super) fn escalates(topic: &Topic, one: &Escalation, score: u8, findings: &Findings<'_>) -> bool {
    let masks = Masks::new(&findings.hits(&topic.mask));
    let judge = Judge { own: &topic.fields, weights: &topic.fields, masks: &masks, findings, vetoes: false };
    one.min_score.is_none_or(|min| score >= min)
        && one.when.as_ref().is_none_or(|(_, node)| judge.node(node).tally.holds)
}

/// What the parts of one rule are judged by.
#[derive(Clone, Copy)]
struct Judge<'j> {
    /// The weights of the topic.
    own: &'j ZoneWeights,
    /// The weights that are supposed.
    weights: &'j ZoneWeights,
    masks: &'j Masks,
    findings: &'j Findings<'j>,
    /// Inside NOT. What furniture would weigh is a question about what is asked for: vetoes keep the topic's own
    /// weights, and a term with a zone prefix vetoes there whatever the zone weighs: who writes
    /// `furniture: horoscope` means it.
    vetoes: bool,
}

impl Judge<'_> {
    /// Judges `node`, which is as deep as the parser of queries allows.
    fn node<'t>(&self, node: &'t Node) -> Judged<'t> {
        let parts = |of: &'t [Node]| of.iter().map(|part| self.node(part)).collect::<Vec<_>>();
        let all = |of: &[Judged<'t>]| Tally::all(of.iter().map(|part| &part.tally));
        match node {
            Node::Line(line) => self.some_of(node, line, 1),
            Node::Different { min, line } => self.some_of(node, line, *min),
            Node::And(of) => {
                let of = parts(of);
                Judged { node, tally: all(&of), detail: Detail::Of(of) }
            }
            Node::Or(of) => {
                let mut judged = Judged { node, tally: Tally::default(), detail: Detail::Of(parts(of)) };
                judged.tally = judged.parts().get(judged.best()).map(|part| part.tally).unwrap_or_default();
                judged
            }
            Node::AtLeast { min, of } => {
                let of = parts(of);
                Judged { node, tally: Tally::at_least(*min, &of), detail: Detail::Of(of) }
            }
            Node::Near { words, ordered, of } => {
                let of = parts(of);
                let tally = all(&of);
                // Some part has no hit: no window can hold one of each.
                let window = if tally.leads {
                    tightest(&near(&of, *ordered, self.findings.words_in(Zone::Lead)))
                } else {
                    None
                };
                let fits = window.is_some_and(|window| window.words() <= *words);
                let tally = Tally { holds: fits && tally.holds, leads: fits && tally.leads, ..tally };
                Judged { node, tally, detail: Detail::Near(of, window) }
            }
            Node::Not(inner) => {
                let inner = Self { vetoes: true, ..*self }.node(inner);
                let holds = !inner.tally.holds;
                let hit = if holds { None } else { inner.first_hit() };
                let tally = Tally { holds, leads: true, ..Tally::default() };
                Judged { node, tally, detail: Detail::Not(hit) }
            }
        }
    }

    /// Judges `node`, of which `min` different terms of `line` must hit.
    fn some_of<'t>(&self, node: &'t Node, line: &'t Line, min: usize) -> Judged<'t> {
        let line = self.line(line);
        let holds = line.best.is_some() && (min < 2 || line.different() >= min);
        let share = f64::from(line.line.weight);
        let tally = Tally {
            holds,
            leads: holds,
            hit: usize::from(holds),
            needed: 1,
            sum: share * line.weight,
            shares: share,
        };
        Judged { node, tally, detail: Detail::Line(line) }
    }

    fn line<'t>(&self, line: &'t Line) -> LineVerdict<'t> {
        let asked_for =
            |hit: &Hit| self.vetoes && line.terms.get(hit.term).is_some_and(|term| term.zones != Zones::ALL);
        let weights = if self.vetoes { self.own } else { self.weights };
        let standing = |hit: &Hit| match () {
            () if self.masks.cover(hit) => Standing::Masked,
            () if weights.of(hit.zone) > 0.0 || asked_for(hit) => Standing::Counts,
            () => Standing::Weightless,
        };
        let hits = self.findings.hits(&line.terms).into_iter().map(|hit| (hit, standing(&hit)));
        let hits: Vec<_> = hits.collect();
        let (mut best, mut weight) = (None, 0.0);
        for (hit, _) in hits.iter().filter(|(_, standing)| *standing == Standing::Counts) {
            let here = f64::from(weights.of(hit.zone).min(1.0));
            if here > weight || best.is_none() {
                (best, weight) = (Some(hit.zone), here);
            }
        }
        LineVerdict { line, hits, best, weight }
    }
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

fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}
