//! Article × topics → [`Evaluation`]s: what a person watches, compiled, and the one evaluator. Pure.
//!
//! A rule is written ([`spec`]), compiled with every problem told at once (`compile`), and evaluated (`evaluate`).
//! The evaluator writes a trace; everything that explains is a printer of it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::article::Zone;

pub mod spec;
mod check;
mod common;
mod compile;
mod compounds;
mod doubt;
mod evaluate;
mod example;
mod expect;
mod explain;
mod expressions;
mod filing;
mod findings;
mod hosts;
mod interner;
mod lexicon;
mod matcher;
mod memo;
mod outline;
mod pattern;
mod phrase;
mod problem;
pub mod propose;
mod query;
mod quote;
mod reader;
mod rule;
mod sets;
mod sieve;
mod stem;
pub mod suggest;
mod term;
#[cfg(test)]
mod tests;
mod told;
mod verdict;
mod window;
mod wording;
mod zones;

pub use compile::TopicSet;
pub use example::{Comparing, Counting, Stored};
pub use expect::{gist, unmet};
pub use filing::PhraseCounts;
pub use problem::TopicProblem;
pub use quote::{Quote, Quoter};
pub use spec::{Example, ExampleSpec, ExampleUse, Severity, TopicSpec, Written, ZoneWeights};

/// One topic judged on one article: true or false, with everything that led there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The topic's id.
    pub topic: String,
    /// Whether the topic is true of the article (and the score reached `min_score`).
    pub matched: bool,
    /// 0..=100.
    pub score: u8,
    /// Of the topic.
    pub severity: Severity,
    /// Reasons for, a clause each: `@nk  8×  title "Kim Jong Un"; body "Mr. Kim" (=Mr. Kim)`, `NEAR/60 ok: 9 words, title`.
    pub why: Vec<String>,
    /// Reasons against: `@nk: no hit that counts (7 hits, all in furniture)`, `NEAR/60: the tightest window is 212 words, in body`.
    pub why_not: Vec<String>,
    /// Hits of the positive lines, in zone and byte order; those that do not count (furniture, masked) are marked.
    pub evidence: Vec<Evidence>,
    /// True if the topic would be true if furniture counted: a sidebar names it. Kept as a suppressed hit.
    pub furniture_only: bool,
    /// The one line that lacks, if every other line that is needed has a hit that counts and there are at least two.
    #[serde(default)]
    pub near_miss: Option<String>,
}

impl Evaluation {
    /// It matched, or would have if furniture counted.
    #[must_use]
    pub fn is_hit(&self) -> bool {
        self.matched || self.furniture_only
    }
}

/// One hit of one term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where.
    pub zone: Zone,
    /// Bytes of that zone's original text.
    pub span: Range<usize>,
    /// The words there, as written in the article.
    pub text: String,
    /// The term that hit, as written in the rule.
    pub term: String,
    /// The line of the rule that it belongs to, as written (`@nk`, `arms | weapons`).
    pub line: String,
    /// False if its zone weighs nothing or a mask covers it.
    pub counts: bool,
}
