//! What each topic needs at the least, in one piece of memory: most candidates are passed over by it, and most near
//! misses told, without a walk through their rules, which lie scattered.

use super::findings::Findings;
use super::matcher::PatternId;
use super::rule::{Line, Node, Topic};
use super::zones::Zones;
use crate::article::Zone;

/// Lines of more terms are taken to hit: they are sets, and a copy for every topic would be large.
const MAX_TERMS: usize = 12;

/// The lines that must hit, by topic.
#[derive(Debug, Default)]
pub(super) struct Outlines {
    /// By topic; the next one says where it ends, and one follows the last.
    topics: Vec<Outline>,
    /// By line: how many terms it has.
    lines: Vec<u8>,
    terms: Vec<Needed>,
}

#[derive(Debug, Clone, Copy)]
struct Outline {
    /// Its first place in `lines`.
    lines: u32,
    /// Its first place in `terms`.
    terms: u32,
    /// Zones that weigh something.
    counting: Zones,
    /// The lines are all that the rule is made of, but for windows and a veto; the veto's terms are the last line.
    is_whole: bool,
}

/// A term: its phrase, and its zones in the lowest bits.
#[derive(Debug, Clone, Copy)]
struct Needed(u32);

/// What a look at the outline tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// It is false, and not nearly true.
    False,
    /// This of its lines, counted from 0, lacks, and nothing else.
    Nearly(usize),
    /// It may be true.
    Open,
}

impl Outlines {
    pub(super) fn new(topics: &[Topic]) -> Self {
        let mut outlines = Self { topics: Vec::with_capacity(topics.len() + 1), ..Self::default() };
        for topic in topics {
            let counting = Zone::ALL.into_iter().filter(|zone| topic.fields.of(*zone) > 0.0).map(Zones::of);
            let counting = counting.fold(Zones::NONE, Zones::or);
            let (lines, terms) = (number(outlines.lines.len()), number(outlines.terms.len()));
            let mut vetoes = Vec::new();
            let is_whole = outlines.add(&topic.rule, &mut vetoes)
                && topic.mask.is_empty()
                && topic.lang.is_empty()
                && topic.extras.is_none()
                && vetoes.len() <= MAX_TERMS;
            if is_whole {
                outlines.add_terms(vetoes.into_iter());
            }
            outlines.topics.push(Outline { lines, terms, counting, is_whole });
        }
        let (lines, terms) = (number(outlines.lines.len()), number(outlines.terms.len()));
        outlines.topics.push(Outline { lines, terms, counting: Zones::NONE, is_whole: false });
        outlines.lines.shrink_to_fit();
        outlines.terms.shrink_to_fit();
        outlines
    }

    /// The lines that `node` needs, as deep as the parser of queries allows. Whether they and `vetoes` say all.
    fn add(&mut self, node: &Node, vetoes: &mut Vec<Needed>) -> bool {
        match node {
            Node::Line(line) => self.add_line(line),
            Node::Different { line, .. } => {
                self.add_line(line);
                false
            }
            // Every part, also after one that says too little.
            Node::And(of) | Node::Near { of, .. } => {
                of.iter().map(|part| self.add(part, vetoes)).fold(true, |all, one| all & one)
            }
            Node::Not(inner) => match &**inner {
                Node::Line(line) => {
                    vetoes.extend(needed(line));
                    true
                }
                _ => false,
            },
            Node::Or(_) | Node::AtLeast { .. } => false,
        }
    }

    fn add_line(&mut self, line: &Line) -> bool {
        let fits = line.terms.len() <= MAX_TERMS;
        if fits {
            self.add_terms(needed(line));
        }
        fits
    }

    fn add_terms(&mut self, terms: impl Iterator<Item = Needed>) {
        let before = self.terms.len();
        self.terms.extend(terms);
        self.lines.push(u8::try_from(self.terms.len() - before).unwrap_or(u8::MAX));
    }

    /// What can be said of the topic at `place` without its rule.
    pub(super) fn look(&self, place: usize, findings: &Findings<'_>) -> Outlook {
        let (Some(outline), Some(end)) = (self.topics.get(place), self.topics.get(place + 1)) else {
            return Outlook::Open;
        };
        let mut lines = self.lines.get(index(outline.lines)..index(end.lines)).unwrap_or_default();
        let mut terms = self.terms.get(index(outline.terms)..index(end.terms)).unwrap_or_default();
        let mut vetoes = &[][..];
        if outline.is_whole
            && let Some((last, others)) = lines.split_last()
        {
            lines = others;
            (terms, vetoes) = terms.split_at_checked(terms.len() - usize::from(*last)).unwrap_or_default();
        }
        // Lines without any hit, and those without one in a zone that weighs something.
        let (mut nowhere, mut lacking, mut lacks) = (0, 0, 0);
        for (number, length) in lines.iter().enumerate() {
            let (line, rest) = terms.split_at_checked(usize::from(*length)).unwrap_or_default();
            terms = rest;
            let zones = line.iter().map(|term| term.zones(findings)).fold(Zones::NONE, Zones::or);
            nowhere += usize::from(zones == Zones::NONE);
            if nowhere == 2 {
                return Outlook::False;
            }
            if zones.and(outline.counting).is_none() {
                (lacking, lacks) = (lacking + 1, number);
            }
        }
        // Furniture does not make up for a line that stands nowhere.
        match (nowhere, lacking) {
            (0, _) => Outlook::Open,
            _ if !outline.is_whole || vetoes.iter().any(|term| term.zones(findings) != Zones::NONE) => {
                Outlook::Open
            }
            (_, 1) if lines.len() > 1 => Outlook::Nearly(lacks),
            _ => Outlook::False,
        }
    }
}

impl Needed {
    const ZONES: u32 = 4;

    /// Where it hits.
    fn zones(self, findings: &Findings<'_>) -> Zones {
        let found: PatternId = self.0 >> Self::ZONES;
        findings.zones_of(found).and(Zones::from_bits(self.0)).unwrap_or(Zones::NONE)
    }
}

fn needed(line: &Line) -> impl Iterator<Item = Needed> {
    line.terms.iter().map(|term| Needed(term.pattern << Needed::ZONES | u32::from(term.zones.bits())))
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
