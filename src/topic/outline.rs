//! What each topic needs at the least, in one piece of memory: most candidates are passed over by it, without a walk
//! through their rules, which lie scattered.

use super::findings::Findings;
use super::matcher::PatternId;
use super::rule::{Line, Node, Topic};

/// Lines of more terms are taken to hit: they are sets, and a copy for every topic would be large.
const MAX_TERMS: usize = 12;

/// The lines that must hit, by topic.
#[derive(Debug, Default)]
pub(super) struct Outlines {
    /// By topic: places in `lines`, the next topic's being the end.
    topics: Vec<u32>,
    /// By line: its end in `patterns`; the line before ends where it starts.
    lines: Vec<u32>,
    patterns: Vec<PatternId>,
}

impl Outlines {
    pub(super) fn new(topics: &[Topic]) -> Self {
        let mut outlines = Self { topics: Vec::with_capacity(topics.len() + 1), ..Self::default() };
        outlines.topics.push(0);
        for topic in topics {
            outlines.add(&topic.rule);
            outlines.topics.push(number(outlines.lines.len()));
        }
        outlines.lines.shrink_to_fit();
        outlines.patterns.shrink_to_fit();
        outlines
    }

    /// The lines that `node` needs, as deep as the parser of queries allows.
    fn add(&mut self, node: &Node) {
        match node {
            Node::Line(line) | Node::Different { line, .. } => self.add_line(line),
            Node::And(of) | Node::Near { of, .. } => of.iter().for_each(|part| self.add(part)),
            Node::Or(_) | Node::AtLeast { .. } | Node::Not(_) => {}
        }
    }

    fn add_line(&mut self, line: &Line) {
        if line.terms.len() <= MAX_TERMS {
            self.patterns.extend(line.terms.iter().map(|term| term.pattern));
            self.lines.push(number(self.patterns.len()));
        }
    }

    /// Whether at least two lines that the topic at `place` needs surely have no hit.
    pub(super) fn lacks_two(&self, place: usize, findings: &Findings<'_>) -> bool {
        let bound = |place: usize| self.topics.get(place).map_or(0, |bound| index(*bound));
        let lacking = |line: &usize| {
            let end = |line: usize| self.lines.get(line).map_or(0, |end| index(*end));
            let start = line.checked_sub(1).map_or(0, end);
            let patterns = self.patterns.get(start..end(*line)).unwrap_or_default();
            !patterns.iter().any(|pattern| findings.may_hold(*pattern))
        };
        (bound(place)..bound(place + 1)).filter(lacking).nth(1).is_some()
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
