//! Topics as they run: every line a list of terms, every term a numbered phrase in some zones.

use std::sync::Arc;

use super::matcher::PatternId;
use super::spec::{Severity, ZoneWeights};
use super::zones::Zones;

/// One alternative of a line.
#[derive(Debug, Clone)]
pub(super) struct Term {
    /// As in the rule: `=Mr. Kim`.
    pub(super) written: Arc<str>,
    pub(super) pattern: PatternId,
    pub(super) zones: Zones,
}

/// The alternatives of a line; lines with the same ones share them.
pub(super) type Terms = Arc<[Term]>;

/// One line of a topic.
#[derive(Debug)]
pub(super) struct Line {
    /// As in the rule: `@nk`, `arms | weapons`.
    pub(super) written: Box<str>,
    pub(super) terms: Terms,
    /// Its share in the score, above 0.
    pub(super) weight: f64,
}

/// One way into a topic.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) all: Vec<Line>,
    pub(super) any: Vec<Line>,
    /// How many lines of `any` must hit; 0 if there are none.
    pub(super) min: usize,
    /// Words.
    pub(super) near: Option<usize>,
}

impl Way {
    /// All lines: those of `all`, then those of `any`.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.all.iter().chain(&self.any)
    }
}

/// A topic, compiled.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) id: Box<str>,
    pub(super) severity: Severity,
    pub(super) min_score: u8,
    pub(super) fields: ZoneWeights,
    /// Lower-case language codes; empty for any.
    pub(super) lang: Vec<Box<str>>,
    /// At least one, unless examples alone lead in.
    pub(super) ways: Vec<Way>,
    pub(super) none: Vec<Line>,
    pub(super) mask: Terms,
}
