//! Topics that can never be true, or nearly always: each line is right, and together they say what nobody means.

use std::collections::{HashMap, HashSet};

use super::common::is_very_common;
use super::pattern::rows;
use super::problem::{Fault, TopicProblem};
use super::query::{Expr, Line, Part};
use super::sets::Catalogue;
use super::spec::TopicSpec;
use super::term::{Alternative, Form, Phrase, Term};
use super::zones::Zones;
use crate::article::Zone;
use crate::text::fold::fold;

/// Of a longer phrase, only so many words are looked at.
const LONGEST: usize = 12;

/// Warns of what `rule`, which `spec` asks, can hardly mean.
pub(super) fn doubt(spec: &TopicSpec, rule: &Expr<'_>, sets: &Catalogue, problems: &mut Vec<TopicProblem>) {
    let own = own_zones(spec);
    warn_of_common_words(rule, problems);
    warn_of_dead_zones(spec, rule, sets, problems);
    warn_of_vetoed_lines(rule, own, problems);
    warn_of_narrow_windows(rule, problems);
    for skipped in spec.sources.skip.iter().filter(|skipped| skipped.text.trim() == "*") {
        let fault =
            Fault::new("`*` skips every host: the topic can never match", "name the hosts, or use `only`");
        problems.push(fault.into_warning().at(skipped));
    }
}

/// Where what the topic asks for may hit.
fn own_zones(spec: &TopicSpec) -> Zones {
    spec.zones.iter().map(|zone| Zones::of(*zone)).reduce(Zones::or).unwrap_or(Zones::ALL)
}

/// Says it of one alternative, as a warning.
fn warn(part: &Part<'_>, fault: Fault, problems: &mut Vec<TopicProblem>) {
    problems.push(Fault { within: part.within.clone(), ..fault.into_warning() }.at(part.at));
}

/// A way in asks only for words that nearly every article has.
fn warn_of_common_words(rule: &Expr<'_>, problems: &mut Vec<TopicProblem>) {
    for part in common_alone(rule) {
        let fault = Fault::new(
            format!("`{}` alone is in nearly every article", part.alternative.written),
            "add a second line, or more words",
        );
        warn(part, fault, problems);
    }
    for parts in common_together(rule) {
        let Some(first) = parts.first() else { continue };
        let words: Vec<String> = parts.iter().map(|part| format!("`{}`", part.alternative.written)).collect();
        let fault = Fault::new(
            format!("{} are in nearly every article", words.join(" and ")),
            "add a line that says what the topic is about",
        );
        warn(first, fault, problems);
    }
}

/// The common words of lines of which a hit is enough, whatever else is absent.
fn common_alone<'e, 'a>(rule: &'e Expr<'a>) -> Vec<&'e Part<'a>> {
    match rule {
        Expr::Line(line) => line.parts.iter().filter(|part| is_common(&part.alternative)).collect(),
        Expr::Or(of) => of.iter().flat_map(common_alone).collect(),
        Expr::And(of) => match positive(of).as_slice() {
            [only] => common_alone(only),
            _ => Vec::new(),
        },
        Expr::Near { .. } | Expr::AtLeast { .. } | Expr::Not(_) => Vec::new(),
    }
}

/// The lines that are needed together, where every one has a common word: these.
fn common_together<'e, 'a>(rule: &'e Expr<'a>) -> Vec<Vec<&'e Part<'a>>> {
    match rule {
        Expr::Or(of) => of.iter().flat_map(common_together).collect(),
        Expr::And(of) | Expr::Near { of, .. } => {
            let parts = positive(of);
            match parts.as_slice() {
                [only] => common_together(only),
                _ => parts
                    .iter()
                    .map(|part| always(part))
                    .collect::<Option<Vec<_>>>()
                    .map(|all| all.concat())
                    .into_iter()
                    .collect(),
            }
        }
        Expr::Line(_) | Expr::AtLeast { .. } | Expr::Not(_) => Vec::new(),
    }
}

/// The common words for which `rule` is true of nearly every article; `None` if it is not.
fn always<'e, 'a>(rule: &'e Expr<'a>) -> Option<Vec<&'e Part<'a>>> {
    match rule {
        Expr::Line(line) => {
            line.parts.iter().find(|part| is_common(&part.alternative)).map(|part| vec![part])
        }
        Expr::Or(of) => of.iter().find_map(always),
        Expr::And(of) | Expr::Near { of, .. } => {
            Some(positive(of).into_iter().map(always).collect::<Option<Vec<_>>>()?.concat())
        }
        Expr::AtLeast { .. } | Expr::Not(_) => None,
    }
}

/// The parts that no NOT stands before.
fn positive<'e, 'a>(of: &'e [Expr<'a>]) -> Vec<&'e Expr<'a>> {
    of.iter().filter(|part| !matches!(part, Expr::Not(_))).collect()
}

fn is_common(alternative: &Alternative) -> bool {
    let Term::Phrase(phrase) = &alternative.term else { return false };
    let pieces = || phrase.words.split_whitespace();
    let is_word = |piece: &&str| piece.bytes().any(|byte| byte.is_ascii_alphanumeric());
    matches!(phrase.form, Form::Folded | Form::Stem)
        // Two words at least: not folded for nothing.
        && pieces().filter(is_word).nth(1).is_none()
        && matches!(fold(&phrase.words).as_slice(), [word] if is_very_common(&word.folded))
}

/// A term that can hit only in zones of weight 0 never counts.
fn warn_of_dead_zones(spec: &TopicSpec, rule: &Expr<'_>, sets: &Catalogue, problems: &mut Vec<TopicProblem>) {
    let own = own_zones(spec);
    let dead = |zones: Zones| {
        let held = || Zone::ALL.into_iter().filter(|zone| zones.hold(*zone));
        held()
            .all(|zone| spec.fields.of(zone) <= 0.0)
            .then(|| held().map(Zone::word).collect::<Vec<_>>().join(" and "))
    };
    if let Some(named) = dead(own) {
        let fault = Fault::new(
            format!("nothing counts in topic `{}`: `in` names only {named}, which weighs 0", spec.id.text),
            "give it a weight in `fields`, or add another zone to `in`",
        );
        return problems.push(fault.into_warning().at(&spec.id));
    }
    for part in rule.positive_lines().into_iter().flat_map(|line| &line.parts) {
        let inside = match &part.alternative.term {
            // Most sets are of all zones by their first term.
            Term::Set(name) if sets.get(name).first().is_some_and(|one| one.zones == Zones::ALL) => None,
            Term::Set(name) => sets.get(name).iter().map(|one| one.zones).reduce(Zones::or),
            Term::Phrase(_) => None,
        };
        // What is left of none is an error, and told as such.
        let left = part.alternative.zones.and(own).and_then(|left| left.and(inside.unwrap_or(Zones::ALL)));
        if let Some(named) = left.and_then(dead) {
            let fault = Fault::new(
                format!("`{}` never counts: {named} weighs 0", part.alternative.written.trim()),
                format!("give {named} a weight in `fields`, or remove the prefix"),
            );
            warn(part, fault, problems);
        }
    }
}

/// All that the topic can be true by is excluded too.
fn warn_of_vetoed_lines(rule: &Expr<'_>, own: Zones, problems: &mut Vec<TopicProblem>) {
    let Expr::And(of) = rule else { return };
    let mut vetoes: Vec<&Part<'_>> = Vec::new();
    for part in of {
        let Expr::Not(inner) = part else { continue };
        match inner.as_ref() {
            Expr::Line(line) => vetoes.extend(&line.parts),
            Expr::Or(of) => vetoes.extend(of.iter().filter_map(line_of).flat_map(|line| &line.parts)),
            _ => {}
        }
    }
    if vetoes.is_empty() {
        return;
    }
    let mut kept_out: HashMap<Term, Vec<(Zones, usize)>> = HashMap::new();
    for (place, part) in vetoes.iter().enumerate() {
        kept_out.entry(compared(part)).or_default().push((part.alternative.zones, place));
    }
    let kept_out_by = |part: &Part<'_>| {
        let zones = part.alternative.zones.and(own)?;
        let whole = compared(part);
        let shorter = within(part);
        let vetoes = std::iter::once(&whole).chain(&shorter).filter_map(|term| kept_out.get(term)).flatten();
        vetoes.copied().find(|(veto, _)| zones.and(*veto) == Some(zones)).map(|(_, place)| place)
    };
    if let Some(place) = never(rule, &kept_out_by)
        && let Some(veto) = vetoes.get(place)
    {
        let term = compared(veto);
        let mut asked = rule.positive_lines().into_iter().flat_map(|line| &line.parts);
        let how = if asked.any(|part| compared(part) == term) { "never" } else { "hardly ever" };
        let fault = Fault::new(
            format!(
                "`{}` keeps out what the topic asks for: it can {how} match",
                veto.alternative.written.trim()
            ),
            "take it out of what is excluded, or out of the line",
        );
        warn(veto, fault, problems);
    }
}

fn line_of<'e, 'a>(expr: &'e Expr<'a>) -> Option<&'e Line<'a>> {
    if let Expr::Line(line) = expr { Some(line) } else { None }
}

/// The term of `part`, the same for whatever is written otherwise and hits the same.
fn compared(part: &Part<'_>) -> Term {
    match &part.alternative.term {
        Term::Phrase(phrase) if phrase.form == Form::Folded => folded(&phrase.words),
        term => term.clone(),
    }
}

/// The shorter phrases that hit wherever `part` does, unless its words are written as one: `Kim` in `Kim Jong Un`.
fn within(part: &Part<'_>) -> Vec<Term> {
    let Term::Phrase(phrase) = &part.alternative.term else { return Vec::new() };
    if phrase.form != Form::Folded {
        return Vec::new();
    }
    // Not the parts of "anti-tank", which may well be written as one.
    let words: Vec<&str> = phrase.words.split_whitespace().take(LONGEST).collect();
    let phrases = (1..words.len()).flat_map(|length| words.windows(length));
    phrases.map(|words| folded(&words.join(" "))).collect()
}

fn folded(words: &str) -> Term {
    let words: Vec<String> = fold(words).into_iter().map(|word| word.folded).collect();
    Term::Phrase(Phrase { words: words.join(" "), form: Form::Folded })
}

/// Why `rule` can never be true: the number of a veto. `None` if it can.
fn never(rule: &Expr<'_>, veto: &impl Fn(&Part<'_>) -> Option<usize>) -> Option<usize> {
    let last_of = |found: Option<Vec<usize>>| found?.last().copied();
    match rule {
        Expr::Line(line) => last_of(line.parts.iter().map(veto).collect()),
        Expr::Or(of) => last_of(of.iter().map(|part| never(part, veto)).collect()),
        Expr::And(of) | Expr::Near { of, .. } => of.iter().find_map(|part| never(part, veto)),
        Expr::AtLeast { .. } | Expr::Not(_) => None,
    }
}

/// A window is smaller than the words that must stand in it.
fn warn_of_narrow_windows(rule: &Expr<'_>, problems: &mut Vec<TopicProblem>) {
    let mut open = vec![rule];
    while let Some(expr) = open.pop() {
        open.extend(expr.parts());
        let Expr::Near { words, .. } = expr else { continue };
        if most_needed(expr) <= *words {
            continue;
        }
        let needed = needed(expr);
        let first = expr.positive_lines().into_iter().flat_map(|line| &line.parts).next();
        if let Some(first) = first.filter(|_| needed > *words) {
            let fault = Fault::new(
                format!("no window of {words} can hold what is to stand near: that takes {needed} words"),
                "raise the number; the words of the terms count too",
            );
            warn(first, fault, problems);
        }
    }
}

/// At least what [`needed`] counts, without a look at the words.
fn most_needed(expr: &Expr<'_>) -> usize {
    match expr {
        Expr::Line(line) => {
            let most = |alternative: &Alternative| match &alternative.term {
                Term::Phrase(phrase) => most_words(&phrase.words),
                Term::Set(_) => 1,
            };
            line.parts.iter().map(|part| most(&part.alternative)).min().unwrap_or(0)
        }
        other => other.parts().iter().map(most_needed).sum(),
    }
}

/// No more words than these are in `text`: each has a letter, and between two ASCII words stands something.
fn most_words(text: &str) -> usize {
    let text = text.trim();
    1 + text.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).count()
}

/// The fewest words that `expr` covers. Terms that may hit the same words count once.
fn needed(expr: &Expr<'_>) -> usize {
    let least = |alternative: &Alternative| match &alternative.term {
        Term::Phrase(phrase) => shortest(phrase),
        // To look through all of a set in every topic that has it would take long.
        Term::Set(_) => 1,
    };
    let of_parts = |of: &[Expr<'_>]| of.iter().map(|part| needed(part)).collect::<Vec<_>>();
    match expr {
        Expr::Line(line) => line.parts.iter().map(|part| least(&part.alternative)).min().unwrap_or(0),
        Expr::Or(of) => of_parts(of).into_iter().min().unwrap_or(0),
        Expr::Near { of, ordered, .. } if *ordered || are_apart(of) => of_parts(of).into_iter().sum(),
        Expr::And(of) | Expr::Near { of, .. } => of_parts(of).into_iter().max().unwrap_or(0),
        Expr::AtLeast { .. } | Expr::Not(_) => 0,
    }
}

/// The fewest words of a text that `phrase` covers: "anti-tank" may be written as one.
fn shortest(phrase: &Phrase) -> usize {
    if phrase.form == Form::Regex { 1 } else { rows(phrase).iter().map(Vec::len).min().unwrap_or(1) }
}

/// Whether no word can belong to two of these parts: all are whole words, and no two parts have one in common.
fn are_apart(of: &[Expr<'_>]) -> bool {
    let mut seen: HashSet<String> = HashSet::new();
    of.iter().all(|part| {
        let mut own: HashSet<String> = HashSet::new();
        let alternatives = part.positive_lines().into_iter().flat_map(|line| &line.parts);
        let whole = alternatives.map(|part| &part.alternative.term).all(|term| match term {
            Term::Phrase(phrase) if matches!(phrase.form, Form::Folded | Form::ExactCase) => {
                own.extend(fold(&phrase.words).into_iter().map(|word| word.folded));
                true
            }
            _ => false,
        });
        let apart = whole && own.is_disjoint(&seen);
        seen.extend(own);
        apart
    })
}
