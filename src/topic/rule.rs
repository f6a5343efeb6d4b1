//! Topics as they run: an expression whose lines are lists of terms, every term a numbered phrase in some zones.

use std::sync::Arc;

use super::hosts::Sources;
use super::matcher::PatternId;
use super::spec::{Severity, ZoneWeights};
use super::zones::Zones;

/// One alternative of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Term {
    pub(super) pattern: PatternId,
    /// Of [`Wording`](super::wording::Wording), or [`NONE`](super::matcher::NONE): as the phrase.
    pub(super) written: u32,
    pub(super) zones: Zones,
}

/// The alternatives of a line; lines with the same ones share them.
pub(super) type Terms = Arc<[Term]>;

/// One line of a topic.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) terms: Terms,
    /// Of [`Wording`](super::wording::Wording), or [`NONE`](super::matcher::NONE): as the terms, with ` | ` between.
    pub(super) written: u32,
    /// Its share in the score, above 0.
    pub(super) weight: f32,
}

/// An expression, compiled. As deep as [`query`](super::query) allows.
#[derive(Debug)]
pub(super) enum Node {
    /// One of the terms hits.
    Line(Line),
    /// All hold.
    And(Box<[Node]>),
    /// One holds.
    Or(Box<[Node]>),
    /// All hold, inside one window of so many words; only lines, `Or` and `Near`.
    Near { words: usize, ordered: bool, of: Box<[Node]> },
    /// So many hold.
    AtLeast { min: usize, of: Box<[Node]> },
    /// So many different terms of the line hit.
    Different { min: usize, line: Box<Line> },
    /// It does not hold.
    Not(Box<Node>),
}

impl Node {
    /// Lines of which one must hit wherever this is true, the cheapest such ones; `None` if there are none.
    pub(super) fn required(&self, cost: &impl Fn(&Line) -> u64) -> Option<Vec<&Line>> {
        match self {
            Self::Line(line) => Some(vec![line]),
            Self::Different { line, .. } => Some(vec![line]),
            Self::And(of) | Self::Near { of, .. } => of
                .iter()
                .filter_map(|node| node.required(cost))
                .min_by_key(|lines| lines.iter().map(|line| cost(line)).sum::<u64>()),
            Self::Or(of) => {
                Some(of.iter().map(|node| node.required(cost)).collect::<Option<Vec<_>>>()?.concat())
            }
            Self::AtLeast { min, of } => {
                let mut parts: Vec<_> = of.iter().map(|node| node.required(cost)).collect::<Option<_>>()?;
                parts.sort_by_key(|lines: &Vec<&Line>| lines.iter().map(|line| cost(line)).sum::<u64>());
                // Without these the others are too few.
                parts.truncate(of.len().saturating_sub(*min) + 1);
                Some(parts.concat())
            }
            Self::Not(_) => None,
        }
    }

    /// The line number `number`, from 0, of those that AND and NEAR ask for.
    pub(super) fn needed_line(&self, number: usize) -> Option<&Line> {
        fn find<'n>(node: &'n Node, left: &mut usize) -> Option<&'n Line> {
            match node {
                Node::Line(line) => match left.checked_sub(1) {
                    None => Some(line),
                    Some(fewer) => {
                        *left = fewer;
                        None
                    }
                },
                Node::And(of) | Node::Near { of, .. } => of.iter().find_map(|part| find(part, left)),
                _ => None,
            }
        }
        find(self, &mut { number })
    }

    /// The lines that speak for it.
    pub(super) fn positive_lines<'n>(&'n self, sink: &mut impl FnMut(&'n Line)) {
        match self {
            Self::Line(line) => sink(line),
            Self::Different { line, .. } => sink(line),
            Self::And(of) | Self::Or(of) | Self::Near { of, .. } | Self::AtLeast { of, .. } => {
                of.iter().for_each(|node| node.positive_lines(sink));
            }
            Self::Not(_) => {}
        }
    }
}

/// A line of which a hit moves the score.
#[derive(Debug)]
pub(super) struct Boost {
    pub(super) line: Line,
    pub(super) points: i16,
}

/// What makes a topic more severe.
#[derive(Debug)]
pub(super) struct Escalation {
    pub(super) to: Severity,
    /// With its query, as written.
    pub(super) when: Option<(Box<str>, Node)>,
    pub(super) min_score: Option<u8>,
}

/// What few topics have.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) boost: Vec<Boost>,
    pub(super) escalate: Vec<Escalation>,
    pub(super) sources: Sources,
}

/// A topic, compiled.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) id: Box<str>,
    pub(super) severity: Severity,
    pub(super) min_score: u8,
    /// Whether it was written as a query: the trace then speaks its words.
    pub(super) is_query: bool,
    pub(super) fields: ZoneWeights,
    /// Lower-case language codes; empty for any.
    pub(super) lang: Box<[Box<str>]>,
    pub(super) rule: Node,
    pub(super) mask: Terms,
    pub(super) extras: Option<Box<Extras>>,
}
