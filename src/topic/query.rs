//! What a topic asks, as one expression: read from a `query` string or made of the lines of `all`, `any`, `also` and
//! `none`, and printed back as a query that reads as the same.
//!
//! `parse` gives only expressions that can be printed, at most [`MAX_DEPTH`] deep: what walks them may recurse.

use std::ops::Range;

use super::spec::Written;
use super::term::Alternative;

mod grammar;
mod lexer;
mod lines;
mod operator;
mod print;
#[cfg(test)]
mod tests;
mod unexpected;
mod words;

pub(super) use lines::{line, of_topic, query};

/// Deeper parentheses are refused.
pub(super) const MAX_DEPTH: usize = 32;

/// Longer queries are refused: their words belong into sets.
const MAX_BYTES: usize = 16 << 10;

/// The most words of a window: more than any article has.
pub(super) const MAX_NEAR: usize = 10_000;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr<'a> {
    /// Alternatives, of which one must hit.
    Line(Line<'a>),
    /// All of these; none of them is an `And` again.
    And(Vec<Expr<'a>>),
    /// One of these; none of them is an `Or` again.
    Or(Vec<Expr<'a>>),
    /// One window of so many words holds a hit of each.
    Near {
        words: usize,
        /// In this order.
        ordered: bool,
        of: Vec<Expr<'a>>,
    },
    /// So many different ones of these; of a single line: of its alternatives.
    AtLeast { min: usize, of: Vec<Expr<'a>> },
    /// Not this.
    Not(Box<Expr<'a>>),
}

/// Alternatives with a weight.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// Its share in the score.
    pub(super) weight: f32,
    /// As in the rule.
    pub(super) written: String,
}

/// One alternative and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub(super) alternative: Alternative,
    pub(super) at: &'a Written,
    /// The bytes of that string, if not all of it is meant.
    pub(super) within: Option<Range<usize>>,
}

impl PartialEq for Line<'_> {
    /// Two lines are the same if they look for the same, wherever and however that is written.
    fn eq(&self, other: &Self) -> bool {
        let asked = |part: &Part<'_>| (part.alternative.term.clone(), part.alternative.zones);
        self.weight.to_bits() == other.weight.to_bits()
            && self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|(one, other)| asked(one) == asked(other))
    }
}

impl<'a> Expr<'a> {
    /// All of `parts`.
    fn and(parts: Vec<Self>) -> Self {
        Self::joined(parts, Self::And, |part| match part {
            Self::And(of) => Ok(of),
            other => Err(other),
        })
    }

    /// One of `parts`.
    fn or(parts: Vec<Self>) -> Self {
        Self::joined(parts, Self::Or, |part| match part {
            Self::Or(of) => Ok(of),
            other => Err(other),
        })
    }

    /// `parts` with those of the same kind dissolved; a single one stays itself.
    fn joined(
        parts: Vec<Self>,
        join: fn(Vec<Self>) -> Self,
        same: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Self {
        let mut flat: Vec<Self> = Vec::with_capacity(parts.len());
        for part in parts {
            match same(part) {
                Ok(inner) => flat.extend(inner),
                Err(other) => flat.push(other),
            }
        }
        match flat.pop() {
            Some(only) if flat.is_empty() => only,
            last => {
                flat.extend(last);
                join(flat)
            }
        }
    }

    /// Its parts, if it has any.
    pub(super) fn parts(&self) -> &[Self] {
        match self {
            Self::Line(_) => &[],
            Self::And(of) | Self::Or(of) | Self::Near { of, .. } | Self::AtLeast { of, .. } => of,
            Self::Not(inner) => std::slice::from_ref(inner),
        }
    }

    /// The lines that speak for the topic, in the order of the rule: all that no NOT stands before.
    pub(super) fn positive_lines(&self) -> Vec<&Line<'a>> {
        let (mut lines, mut open) = (Vec::new(), vec![self]);
        while let Some(expr) = open.pop() {
            match expr {
                Self::Line(line) => lines.push(line),
                Self::Not(_) => {}
                other => open.extend(other.parts().iter().rev()),
            }
        }
        lines
    }

    /// Whether it can only be true of an article in which something hits.
    pub(super) fn asks_for_something(&self) -> bool {
        match self {
            Self::Line(_) => true,
            Self::Not(_) => false,
            Self::And(of) | Self::Near { of, .. } => of.iter().any(Self::asks_for_something),
            Self::Or(of) | Self::AtLeast { of, .. } => of.iter().all(Self::asks_for_something),
        }
    }
}
