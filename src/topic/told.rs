//! Which parts of a verdict are told of: of every OR the best part, or all of its lines if that is a line.

use super::findings::Hit;
use super::rule::{Line, Node};
use super::verdict::{Detail, Judged, LineVerdict};

/// The parts of a verdict that are told of, in the order of the rule.
#[derive(Debug, Default)]
pub(super) struct Told<'v, 't> {
    pub(super) lines: Vec<ToldLine<'v, 't>>,
    /// `Near` parts.
    pub(super) nears: Vec<&'v Judged<'t>>,
    /// `AtLeast` parts, and `Or` parts of lines alone, in which too few hold: how many do, of how many, and how many
    /// should.
    pub(super) too_few: Vec<(usize, usize, usize)>,
    /// What NOT found.
    pub(super) vetoes: Vec<(&'t Line, Hit)>,
    /// Which way of how many, if an OR leads to others as well.
    pub(super) way: Option<(usize, usize)>,
    /// Of the lines that are needed, those that have a hit that counts.
    pub(super) hit: usize,
    /// How many lines are needed.
    pub(super) needed: usize,
}

/// One line.
#[derive(Debug)]
pub(super) struct ToldLine<'v, 't> {
    pub(super) verdict: &'v LineVerdict<'t>,
    /// More than 1 for ATLEAST over its terms.
    pub(super) min: usize,
    /// It is needed and does not hold.
    pub(super) is_missing: bool,
}

impl<'v, 't> Told<'v, 't> {
    /// Of `judged`. `guide` is a verdict on the same rule that chooses among the parts of each OR.
    pub(super) fn of(judged: &'v Judged<'t>, guide: &Judged<'_>) -> Self {
        let mut told = Self::default();
        told.add(judged, guide, true);
        (told.hit, told.needed) = lines_of(judged, guide);
        told
    }

    /// The lines that are needed and do not hold.
    pub(super) fn missing(&self) -> impl Iterator<Item = &ToldLine<'v, 't>> {
        self.lines.iter().filter(|line| line.is_missing)
    }

    fn add(&mut self, judged: &'v Judged<'t>, guide: &Judged<'_>, needed: bool) {
        match (&judged.detail, judged.node) {
            (Detail::Line(verdict), node) => {
                let min = if let Node::Different { min, .. } = node { *min } else { 1 };
                self.lines.push(ToldLine { verdict, min, is_missing: needed && !judged.tally.leads });
            }
            (Detail::Not(hit), _) => self.vetoes.extend(*hit),
            (Detail::Of(of), Node::Or(_)) => {
                let best = guide.best();
                let is_line = |part: &Judged<'_>| matches!(part.detail, Detail::Line(_));
                if !of.get(best).is_some_and(is_line) {
                    self.way = Some(way(of, best, is_line));
                    if let (Some(part), Some(guide)) = (of.get(best), guide.parts().get(best)) {
                        self.add(part, guide, needed);
                    }
                    return;
                }
                let lines = || of.iter().zip(guide.parts()).filter(|(part, _)| is_line(part));
                lines().for_each(|(part, guide)| self.add(part, guide, needed && !judged.tally.leads));
                if needed && !judged.tally.leads {
                    self.too_few.push((0, lines().count(), 1));
                }
            }
            (Detail::Of(of), Node::AtLeast { min, .. }) => {
                let lacks = needed && !judged.tally.leads;
                of.iter().zip(guide.parts()).for_each(|(part, guide)| self.add(part, guide, lacks));
                if lacks {
                    self.too_few.push((of.iter().filter(|part| part.tally.leads).count(), of.len(), *min));
                }
            }
            (Detail::Of(of) | Detail::Near(of, _), _) => {
                of.iter().zip(guide.parts()).for_each(|(part, guide)| self.add(part, guide, needed));
                if let Detail::Near(..) = judged.detail {
                    self.nears.push(judged);
                }
            }
        }
    }
}

/// How many lines are hit and needed, by the parts that the guide chooses.
fn lines_of(judged: &Judged<'_>, guide: &Judged<'_>) -> (usize, usize) {
    let parts = || judged.parts().iter().zip(guide.parts());
    match judged.node {
        Node::And(_) | Node::Near { .. } => parts().fold((0, 0), |(hit, needed), (part, guide)| {
            let of_part = lines_of(part, guide);
            (hit + of_part.0, needed + of_part.1)
        }),
        Node::Or(_) => match parts().nth(guide.best()) {
            Some((part, _)) if matches!(part.detail, Detail::Line(_)) => (usize::from(judged.tally.leads), 1),
            Some((part, guide)) => lines_of(part, guide),
            None => (0, 0),
        },
        _ => (judged.tally.hit, judged.tally.needed),
    }
}

/// The number of part `best` among `of`, from 1, and their count; lines that stand side by side are one way.
fn way(of: &[Judged<'_>], best: usize, is_line: impl Fn(&Judged<'_>) -> bool) -> (usize, usize) {
    let lines = of.iter().filter(|part| is_line(part)).count();
    let before = of.get(..best).unwrap_or_default();
    let lines_before = before.iter().filter(|part| is_line(part)).count();
    (best + 1 - lines_before.saturating_sub(1), of.len() - lines.saturating_sub(1))
}
