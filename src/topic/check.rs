//! What is wrong with a topic as a whole, beyond its single strings.

use super::doubt::doubt;
use super::problem::{Fault, TopicProblem};
use super::query::{Expr, Part};
use super::sets::Catalogue;
use super::spec::{TopicSpec, WaySpec, Written};
use super::term::{Alternative, Form, Term};

/// Problems of the topic as a whole. `rule` is what it asks.
pub(super) fn check_topic(
    spec: &TopicSpec,
    rule: Option<&Expr<'_>>,
    sets: &Catalogue,
    problems: &mut Vec<TopicProblem>,
) {
    let mut say = |at: &Written, fault: Fault| problems.push(fault.at(at));
    let no_lines = spec.way.all.is_empty() && spec.way.any.is_empty();
    match &spec.query {
        None if no_lines && spec.also.is_empty() && spec.examples.is_none() => say(
            &spec.id,
            Fault::new(
                format!("topic `{}` has no line that says what to look for", spec.id.text),
                "give it `all = [\"…\"]`, `any = [\"…\"]` or `query = '…'`",
            ),
        ),
        Some(query) if !no_lines => say(
            query,
            Fault::new(
                "`query` beside `all` or `any`",
                "put all of it into the query, or the query's parts into lines; `also` may stand beside it",
            ),
        ),
        _ => {}
    }
    if spec.min_score > 100 {
        let fault =
            Fault::new(format!("min_score {} is never reached", spec.min_score), "scores go from 0 to 100");
        say(&spec.id, fault);
    }
    for one in &spec.escalate {
        if one.when.is_none() && one.min_score.is_none() {
            let fault =
                Fault::new("an escalation without a reason", "give it `when = '…'` or `min_score = 70`");
            say(&one.at, fault);
        }
        if one.to <= spec.severity {
            let fault = Fault::new(
                format!("escalating to {} changes nothing", one.at.text),
                "the topic is as severe already: raise `to`, or lower `severity`",
            );
            say(&one.at, fault.into_warning());
        }
    }
    if no_lines && spec.query.is_none() {
        // The main way is absent, not empty.
    } else if spec.query.is_none() {
        check_way(&spec.way, &spec.id, problems);
    }
    spec.also.iter().for_each(|way| check_way(way, &spec.id, problems));
    if let Some(rule) = rule {
        refuse_expressions_alone(rule, sets, problems);
        doubt(spec, rule, sets, problems);
    }
}

/// Problems of one way into the topic `id`.
fn check_way(way: &WaySpec, id: &Written, problems: &mut Vec<TopicProblem>) {
    let lines = || way.all.iter().chain(&way.any);
    let at = lines().flat_map(|line| &line.terms).next().unwrap_or(id);
    let mut say = |message: String, hint: &str| problems.push(Fault::new(message, hint).at(at));
    match way.near {
        Some(0) => {
            say("near = 0 leaves no room for a word".to_owned(), "write a number of words, such as 60");
        }
        Some(words) if way.all.len() < 2 => {
            say(
                format!("near = {words} needs at least two lines in `all`"),
                "split the line in two, or remove near",
            );
        }
        _ => {}
    }
    match way.min {
        Some(0) => {
            say("min = 0 asks for nothing".to_owned(), "write 1 or more, or remove min");
        }
        Some(min) if min > way.any.len() => {
            say(
                format!("min = {min}, but `any` has {} lines", way.any.len()),
                "lower min, or add lines to `any`",
            );
        }
        _ => {}
    }
    if lines().next().is_none() {
        say("a way in without lines".to_owned(), "give it `all = [\"…\"]`");
    }
    for line in lines() {
        let at = line.terms.first().unwrap_or(id);
        if line.terms.is_empty() {
            problems.push(Fault::new("a line without terms", "give it a phrase, or remove it").at(at));
        }
        if !(line.weight.is_finite() && line.weight > 0.0) {
            let fault =
                Fault::new(format!("weight {} of a line", line.weight), "write a number above 0; 1 is usual");
            problems.push(fault.at(at));
        }
    }
}

fn say_of(part: &Part<'_>, fault: Fault, problems: &mut Vec<TopicProblem>) {
    problems.push(Fault { within: part.within.clone(), ..fault }.at(part.at));
}

/// A topic that looks only for expressions: nothing else passes over the articles that it is not about, and what it
/// means shows nowhere.
fn refuse_expressions_alone(rule: &Expr<'_>, sets: &Catalogue, problems: &mut Vec<TopicProblem>) {
    let is_expression = |alternative: &Alternative| match &alternative.term {
        Term::Phrase(phrase) => phrase.form == Form::Regex,
        Term::Set(name) => {
            let inside = sets.get(name);
            let of_set =
                |one: &Alternative| matches!(&one.term, Term::Phrase(phrase) if phrase.form == Form::Regex);
            !inside.is_empty() && inside.iter().all(of_set)
        }
    };
    let lines = rule.positive_lines();
    let parts = || lines.iter().flat_map(|line| &line.parts);
    if let Some(first) = parts().next()
        && parts().all(|part| is_expression(&part.alternative))
    {
        let fault = Fault::new(
            "an expression alone makes no topic",
            "add a phrase, as in any = ['/CVE-\\d+/', \"zero-day\"], or a second line",
        );
        say_of(first, fault, problems);
    }
}
