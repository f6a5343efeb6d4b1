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
    /// By topic: where its outline starts; the next one says where it ends, and one follows the last.
    starts: Vec<u32>,
    /// One outline after the other: a [`Head`]; for each line the number of its terms, then these as [`Needed`].
    all: Vec<u32>,
}

/// What an outline starts with: zones that weigh something in the lowest bits, and [`Head::WHOLE`].
#[derive(Debug, Clone, Copy)]
struct Head(u32);

impl Head {
    /// The lines are all that the rule is made of, but for windows and a veto; the veto's terms are the first line.
    const WHOLE: u32 = 1 << 4;
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
        let mut outlines = Self { starts: Vec::with_capacity(topics.len() + 1), all: Vec::new() };
        let mut parts = Parts::default();
        for topic in topics {
            outlines.starts.push(number(outlines.all.len()));
            let counting = Zone::ALL.into_iter().filter(|zone| topic.fields.of(*zone) > 0.0).map(Zones::of);
            let counting = counting.fold(Zones::NONE, Zones::or);
            parts.clear();
            let is_whole = parts.add(&topic.rule)
                && topic.mask.is_empty()
                && topic.lang.is_empty()
                && topic.extras.is_none()
                && parts.vetoes.len() <= MAX_TERMS;
            let whole = if is_whole { Head::WHOLE } else { 0 };
            outlines.all.push(u32::from(counting.bits()) | whole);
            if is_whole {
                outlines.all.push(number(parts.vetoes.len()));
                outlines.all.append(&mut parts.vetoes);
            }
            outlines.all.append(&mut parts.lines);
        }
        outlines.starts.push(number(outlines.all.len()));
        outlines.all.shrink_to_fit();
        outlines
    }

    /// What can be said of the topic at `place` without its rule.
    pub(super) fn look(&self, place: usize, findings: &Findings<'_>) -> Outlook {
        let bound = |place: usize| self.starts.get(place).map(|start| index(*start));
        let Some((head, outline)) = bound(place)
            .zip(bound(place + 1))
            .and_then(|(start, end)| self.all.get(start..end)?.split_first())
        else {
            return Outlook::Open;
        };
        let (mut lines, head) = (outline, Head(*head));
        let vetoes = if head.is_whole() { next_line(&mut lines) } else { None };
        // Lines without any hit, and those without one in a zone that weighs something.
        let (mut nowhere, mut lacking, mut lacks, mut count) = (0, 0, 0, 0);
        while let Some(line) = next_line(&mut lines) {
            let zones = line.iter().map(|term| Needed(*term).zones(findings)).fold(Zones::NONE, Zones::or);
            nowhere += usize::from(zones == Zones::NONE);
            if nowhere == 2 {
                return Outlook::False;
            }
            if zones.and(head.counting()).is_none() {
                (lacking, lacks) = (lacking + 1, count);
            }
            count += 1;
        }
        let is_vetoed = || {
            vetoes.is_none_or(|terms| terms.iter().any(|term| Needed(*term).zones(findings) != Zones::NONE))
        };
        // Furniture does not make up for a line that stands nowhere.
        match (nowhere, lacking) {
            (0, _) => Outlook::Open,
            _ if is_vetoed() => Outlook::Open,
            (_, 1) if count > 1 => Outlook::Nearly(lacks),
            _ => Outlook::False,
        }
    }
}

/// The terms of the first of `lines`, which loses it.
fn next_line<'o>(lines: &mut &'o [u32]) -> Option<&'o [u32]> {
    let (length, rest) = lines.split_first()?;
    let (line, rest) = rest.split_at_checked(index(*length))?;
    *lines = rest;
    Some(line)
}

/// What one rule asks for.
#[derive(Debug, Default)]
struct Parts {
    /// As in an outline.
    lines: Vec<u32>,
    /// What must not hit.
    vetoes: Vec<u32>,
}

impl Parts {
    fn clear(&mut self) {
        self.lines.clear();
        self.vetoes.clear();
    }

    /// The lines that `node` needs, as deep as the parser of queries allows. Whether they and the vetoes say all.
    fn add(&mut self, node: &Node) -> bool {
        match node {
            Node::Line(line) => self.add_line(line),
            Node::Different { line, .. } => {
                self.add_line(line);
                false
            }
            // Every part, also after one that says too little.
            Node::And(of) | Node::Near { of, .. } => {
                of.iter().map(|part| self.add(part)).fold(true, |all, one| all & one)
            }
            Node::Not(inner) => match &**inner {
                Node::Line(line) => {
                    self.vetoes.extend(needed(line));
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
            self.lines.push(number(line.terms.len()));
            self.lines.extend(needed(line));
        }
        fits
    }
}

impl Head {
    fn is_whole(self) -> bool {
        self.0 & Self::WHOLE != 0
    }

    fn counting(self) -> Zones {
        Zones::from_bits(self.0)
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

/// The terms of `line` as [`Needed`].
fn needed(line: &Line) -> impl Iterator<Item = u32> {
    line.terms.iter().map(|term| term.pattern << Needed::ZONES | u32::from(term.zones.bits()))
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
