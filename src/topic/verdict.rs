//! What the evaluator finds: a verdict on every part of a rule, and what the parts add up to.

use super::evaluate::rounded;
use super::findings::Hit;
use super::rule::{Boost, Line, Node};
use super::window::{Span, Window, windows, windows_in_order};
use crate::article::Zone;

/// A topic judged, clause by clause.
#[derive(Debug)]
pub(super) struct Verdict<'t> {
    pub(super) rule: Judged<'t>,
    /// Boosts of which a hit counts.
    pub(super) boosts: Vec<&'t Boost>,
    /// The pattern and the factor of the article's host, if that is not 1.
    pub(super) trust: Option<(&'t str, f32)>,
    /// The article's language, if the topic does not want it.
    pub(super) foreign: Option<String>,
    /// Why the topic does not take articles of this host.
    pub(super) refused: Option<String>,
}

/// One part of a rule.
#[derive(Debug)]
pub(super) struct Judged<'t> {
    pub(super) node: &'t Node,
    pub(super) tally: Tally,
    pub(super) detail: Detail<'t>,
}

/// What is known of a part beyond its [`Tally`].
#[derive(Debug)]
pub(super) enum Detail<'t> {
    /// Of `Line` and `Different`.
    Line(LineVerdict<'t>),
    /// Of `And`, `Or`, `AtLeast`: its parts.
    Of(Vec<Judged<'t>>),
    /// Of `Near`: its parts, and the tightest window over them.
    Near(Vec<Judged<'t>>, Option<Window>),
    /// Of `Not`: the first hit of what must not be there.
    Not(Option<(&'t Line, Hit)>),
}

/// What a part adds up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// It is true.
    pub(super) holds: bool,
    /// It would be if nothing vetoed.
    pub(super) leads: bool,
    /// Of the lines that it needs, those that have a hit that counts.
    pub(super) hit: usize,
    /// How many lines it needs.
    pub(super) needed: usize,
    /// Over the needed lines: weight of the line times weight of the zone.
    pub(super) sum: f64,
    /// Over the needed lines: weight of the line.
    pub(super) shares: f64,
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
    pub(super) weight: f64,
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

    /// How many different terms have a hit that counts.
    pub(super) fn different(&self) -> usize {
        let mut terms: Vec<usize> = self.counting().map(|hit| hit.term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.len()
    }
}

impl Tally {
    /// 0.0..=100.0.
    fn score(&self) -> f64 {
        let score = self.sum / self.shares * 100.0;
        if score.is_finite() { score } else { 0.0 }
    }

    /// The better of two parts: true before false, then the nearer to it, then the higher score.
    fn rank(&self) -> (bool, bool, f64, f64) {
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let share = if self.needed == 0 { 0.0 } else { number(self.hit) / number(self.needed) };
        (self.holds, self.leads, share, self.score())
    }

    fn plus(self, other: Self) -> Self {
        Self {
            holds: self.holds && other.holds,
            leads: self.leads && other.leads,
            hit: self.hit + other.hit,
            needed: self.needed + other.needed,
            sum: self.sum + other.sum,
            shares: self.shares + other.shares,
        }
    }

    /// All of `parts`.
    pub(super) fn all<'j>(parts: impl Iterator<Item = &'j Self>) -> Self {
        let none = Self { holds: true, leads: true, ..Self::default() };
        parts.fold(none, |sum, part| sum.plus(*part))
    }

    /// The best `min` of `parts`.
    pub(super) fn at_least(min: usize, of: &[Judged<'_>]) -> Self {
        let mut parts: Vec<&Self> = of.iter().map(|part| &part.tally).collect();
        // Stable: the earlier of two equal ones is first.
        parts.sort_by(|a, b| b.rank().partial_cmp(&a.rank()).unwrap_or(std::cmp::Ordering::Equal));
        let count = |is: fn(&Self) -> bool| of.iter().filter(|part| is(&part.tally)).count();
        let best = Self::all(parts.into_iter().take(min));
        Self { holds: count(|tally| tally.holds) >= min, leads: count(|tally| tally.leads) >= min, ..best }
    }
}

impl<'t> Judged<'t> {
    /// Its parts, if it has any.
    pub(super) fn parts(&self) -> &[Self] {
        match &self.detail {
            Detail::Of(of) | Detail::Near(of, _) => of,
            Detail::Line(_) | Detail::Not(_) => &[],
        }
    }

    /// The part of an `Or` that is told of: the best one.
    pub(super) fn best(&self) -> usize {
        let parts = self.parts().iter().enumerate();
        let best =
            parts.reduce(|best, other| if other.1.tally.rank() > best.1.tally.rank() { other } else { best });
        best.map_or(0, |(place, _)| place)
    }

    /// The rows of words that count as a hit of this part inside a window.
    fn spans(&self, lead: usize) -> Vec<Span> {
        match (&self.detail, self.node) {
            (Detail::Line(line), _) => line.counting().map(|hit| Span::of(hit, lead)).collect(),
            (Detail::Near(of, _), Node::Near { words, ordered, .. }) => {
                let mut windows = near(of, *ordered, lead);
                windows.retain(|window| window.words() <= *words);
                windows
            }
            (Detail::Of(of), _) => of.iter().flat_map(|part| part.spans(lead)).collect(),
            _ => Vec::new(),
        }
    }

    /// The first hit that counts.
    pub(super) fn first_hit(&self) -> Option<(&'t Line, Hit)> {
        match &self.detail {
            Detail::Line(line) => Some((line.line, *line.counting().next()?)),
            _ => self.parts().iter().find_map(Self::first_hit),
        }
    }
}

/// The smallest windows over a hit of each of `of`.
pub(super) fn near(of: &[Judged<'_>], ordered: bool, lead: usize) -> Vec<Window> {
    let spans: Vec<Vec<Span>> = of.iter().map(|part| part.spans(lead)).collect();
    if ordered { windows_in_order(&spans) } else { windows(&spans) }
}

impl Verdict<'_> {
    /// With boosts and trust, 0..=100.
    pub(super) fn score(&self) -> u8 {
        let boosts: f64 = self.boosts.iter().map(|boost| f64::from(boost.points)).sum();
        let trust = self.trust.map_or(1.0, |(_, factor)| f64::from(factor));
        rounded((self.rule.tally.score() + boosts) * trust)
    }

    /// The topic is true, and the score reaches `min_score`.
    pub(super) fn matched(&self, min_score: u8) -> bool {
        self.may_match() && self.rule.tally.holds && self.score() >= min_score
    }

    /// Nothing speaks against it but the rule itself.
    pub(super) fn may_match(&self) -> bool {
        self.foreign.is_none() && self.refused.is_none()
    }
}
