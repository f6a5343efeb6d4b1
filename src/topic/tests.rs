//! The topic room as a whole: rules as text, articles as values.

use std::time::Duration;

use toml::{Table, Value};

use super::spec::{BoostSpec, EscalationSpec, LineSpec, Sets, SourcesSpec, TopicSpec, WaySpec};
use super::{Evaluation, Severity, TopicProblem, TopicSet, Written, ZoneWeights};
use crate::article::{Article, Zone};

mod problems;
mod queries;
mod language;
mod quality;
mod reference;
mod rules;
mod scanning;
mod shortcuts;
mod stories;
mod watchlists;
mod wording;

/// The `[sets]` and `[topic.ID]` of a TOML text.
pub(super) fn read(toml: &str) -> (Vec<TopicSpec>, Sets) {
    let table: Table = toml.parse().expect("the rules of a test are TOML");
    let tables = |key: &str| table.get(key).and_then(Value::as_table).cloned().unwrap_or_default();
    let sets = tables("sets")
        .into_iter()
        .map(|(name, strings)| (name.clone(), (written(&name), list(Some(&strings)))));
    (tables("topic").iter().map(|(id, topic)| spec(id, topic)).collect(), sets.collect())
}

fn spec(id: &str, topic: &Value) -> TopicSpec {
    let number = |key: &str| {
        topic.get(key).and_then(Value::as_integer).map(|number| u8::try_from(number).expect("small"))
    };
    let weight = |zone: &str, usual: f32| {
        let written = topic.get("fields").and_then(|fields| fields.get(zone)).and_then(Value::as_float);
        #[expect(clippy::cast_possible_truncation, reason = "weights are short")]
        written.map_or(usual, |weight| weight as f32)
    };
    let usual = ZoneWeights::default();
    TopicSpec {
        id: written(id),
        name: id.to_owned(),
        query: topic.get("query").and_then(Value::as_str).map(written),
        way: way(topic),
        also: topic.get("also").and_then(Value::as_array).into_iter().flatten().map(way).collect(),
        none: list(topic.get("none")),
        mask: list(topic.get("mask")),
        zones: list(topic.get("in")).iter().map(|zone| zone_called(&zone.text)).collect(),
        boost: topic.get("boost").and_then(Value::as_table).map(boosts).unwrap_or_default(),
        escalate: topic
            .get("escalate")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(escalation)
            .collect(),
        sources: topic.get("sources").map(sources).unwrap_or_default(),
        fields: ZoneWeights {
            title: weight("title", usual.title),
            lead: weight("lead", usual.lead),
            body: weight("body", usual.body),
            furniture: weight("furniture", usual.furniture),
        },
        min_score: number("min_score").unwrap_or(40),
        severity: Severity::Notice,
        lang: topic.get("lang").map_or_else(
            || vec!["*".to_owned()],
            |lang| list(Some(lang)).into_iter().map(|one| one.text).collect(),
        ),
        channels: None,
        cooldown: Duration::ZERO,
        examples: None,
    }
}

fn zone_called(word: &str) -> Zone {
    Zone::ALL.into_iter().find(|zone| zone.word() == word).expect("a zone")
}

fn boosts(table: &Table) -> Vec<BoostSpec> {
    let points = |value: &Value| i16::try_from(value.as_integer().expect("points")).expect("small");
    table.iter().map(|(line, value)| BoostSpec { line: written(line), points: points(value) }).collect()
}

fn escalation(value: &Value) -> EscalationSpec {
    let to = value.get("to").and_then(Value::as_str).expect("a severity");
    EscalationSpec {
        at: written(to),
        to: Value::String(to.to_owned()).try_into().expect("a severity"),
        when: value.get("when").and_then(Value::as_str).map(written),
        min_score: value
            .get("min_score")
            .and_then(Value::as_integer)
            .map(|score| u8::try_from(score).expect("small")),
    }
}

fn sources(value: &Value) -> SourcesSpec {
    SourcesSpec { only: list(value.get("only")), skip: list(value.get("skip")) }
}

fn way(topic: &Value) -> WaySpec {
    let number = |key: &str| {
        topic
            .get(key)
            .and_then(Value::as_integer)
            .map(|number| usize::try_from(number).expect("not negative"))
    };
    let lines =
        |key: &str| topic.get(key).and_then(Value::as_array).into_iter().flatten().map(line).collect();
    WaySpec { all: lines("all"), any: lines("any"), min: number("min"), near: number("near") }
}

fn line(value: &Value) -> LineSpec {
    if let Some(text) = value.as_str() {
        return LineSpec { terms: vec![written(text)], weight: 1.0 };
    }
    #[expect(clippy::cast_possible_truncation, reason = "weights are short")]
    let weight = value.get("weight").map_or(1.0, |weight| {
        weight
            .as_float()
            .or_else(|| weight.as_integer().map(|whole| f64::from(i32::try_from(whole).expect("small"))))
            .expect("a number") as f32
    });
    LineSpec { terms: list(value.get("any")), weight }
}

fn list(value: Option<&Value>) -> Vec<Written> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|one| written(one.as_str().expect("a string")))
        .collect()
}

pub(super) fn written(text: &str) -> Written {
    Written { text: text.to_owned(), file: 0, at: 0..0 }
}

/// The compiled set; the rules must be right.
pub(super) fn compile(toml: &str) -> TopicSet {
    let (specs, sets) = read(toml);
    TopicSet::compile(&specs, &sets).expect("the rules of this test are right").0
}

/// Errors and warnings of the rules.
fn problems(toml: &str) -> Vec<TopicProblem> {
    let (specs, sets) = read(toml);
    TopicSet::compile(&specs, &sets).map_or_else(|problems| problems, |(_, warnings)| warnings)
}

/// An article with a title and a body.
pub(super) fn article(title: &str, body: &str) -> Article {
    Article { title: title.to_owned(), body: body.to_owned(), ..Article::default() }
}

/// The one topic `t` with `rule`, on `article`.
fn one(rule: &str, article: &Article) -> Evaluation {
    let set = compile(&format!("[topic.t]\n{rule}"));
    let mut all = set.explain(article);
    let judged = set.judge(article);
    assert_eq!(all.len(), 1);
    let evaluation = all.remove(0);
    assert_eq!(judged, is_told(&evaluation).then(|| as_judged(&evaluation)).into_iter().collect::<Vec<_>>());
    assert_eq!(evaluation.matched, evaluation.why_not.is_empty(), "{evaluation:#?}");
    evaluation
}

/// What judging makes of an explanation: a near miss goes without reasons and score.
fn as_judged(one: &Evaluation) -> Evaluation {
    if one.is_hit() {
        return one.clone();
    }
    Evaluation { score: 0, why: Vec::new(), why_not: Vec::new(), evidence: Vec::new(), ..one.clone() }
}

/// What judging tells of.
fn is_told(one: &Evaluation) -> bool {
    one.is_hit() || one.near_miss.is_some()
}

/// Whether the one line `line` hits a body of `text`.
fn hits(line: &str, text: &str) -> bool {
    one(&format!("all = [{line:?}]"), &article("", text)).matched
}
