//! The lines of a topic as an expression: `all` is AND or one NEAR, `any` is OR or ATLEAST, `also` is OR, `none` is
//! AND NOT.

use super::super::problem::TopicProblem;
use super::super::spec::{LineSpec, TopicSpec, WaySpec, Written};
use super::super::term::parse as parse_line;
use super::grammar::parse;
use super::{Expr, Line, Part};

/// What `spec` asks; `None` if it asks for nothing. What is wrong with its strings goes to `problems`.
pub(in super::super) fn of_topic<'a>(
    spec: &'a TopicSpec,
    problems: &mut Vec<TopicProblem>,
) -> Option<Expr<'a>> {
    let query = spec.query.as_ref().and_then(|written| query(written, problems));
    let ways = std::iter::once(&spec.way).chain(&spec.also).filter_map(|spec| way(spec, problems));
    let ways: Vec<_> = query.into_iter().chain(ways).collect();
    // Examples alone lead in too: then no line does.
    if ways.is_empty() && spec.examples.is_none() {
        return None;
    }
    let mut parts = vec![Expr::or(ways)];
    for written in &spec.none {
        let line = line(std::slice::from_ref(written), 1.0, problems);
        if !line.parts.is_empty() {
            parts.push(Expr::Not(Box::new(Expr::Line(line))));
        }
    }
    Some(Expr::and(parts))
}

/// The query that stands at `written`; `None` if its grammar is wrong. What is wrong with it goes to `problems`: all that
/// is wrong with terms, and of the grammar the first.
pub(in super::super) fn query<'a>(
    written: &'a Written,
    problems: &mut Vec<TopicProblem>,
) -> Option<Expr<'a>> {
    let mut faults = Vec::new();
    let read = parse(written, &mut faults).map_err(|fault| faults.push(fault)).ok();
    problems.extend(faults.into_iter().map(|fault| fault.at(written)));
    read
}

fn way<'a>(spec: &'a WaySpec, problems: &mut Vec<TopicProblem>) -> Option<Expr<'a>> {
    let mut lines = |lines: &'a [LineSpec]| -> Vec<Expr<'a>> {
        let lines = lines.iter().map(|spec| line(&spec.terms, spec.weight, problems));
        lines.filter(|line| !line.parts.is_empty()).map(Expr::Line).collect()
    };
    let mut parts = lines(&spec.all);
    if let Some(words) = spec.near.filter(|_| parts.len() > 1) {
        parts = vec![Expr::Near { words, ordered: false, of: parts }];
    }
    let any = lines(&spec.any);
    let min = spec.min.unwrap_or(1);
    if min > 1 && any.len() > 1 {
        parts.push(Expr::AtLeast { min, of: any });
    } else if !any.is_empty() {
        parts.push(Expr::or(any));
    }
    (!parts.is_empty()).then(|| Expr::and(parts))
}

/// One line: the alternatives of its strings.
pub(in super::super) fn line<'a>(
    strings: &'a [Written],
    weight: f32,
    problems: &mut Vec<TopicProblem>,
) -> Line<'a> {
    let mut parts = Vec::new();
    for at in strings {
        let (alternatives, faults) = parse_line(&at.text);
        problems.extend(faults.into_iter().map(|fault| fault.at(at)));
        parts.extend(alternatives.into_iter().map(|alternative| Part { alternative, at, within: None }));
    }
    let written = strings.iter().map(|written| written.text.trim()).collect::<Vec<_>>().join(" | ");
    Line { parts, weight, written }
}
