//! The topic room as a whole: rules as text, articles as values.

use std::time::Duration;

use toml::{Table, Value};

use super::spec::{LineSpec, Sets, TopicSpec, WaySpec};
use super::{Evaluation, Severity, TopicProblem, TopicSet, Written, ZoneWeights};
use crate::article::Article;

mod problems;
mod quality;
mod reference;
mod rules;
mod stories;
mod watchlists;

/// The `[sets]` and `[topic.ID]` of a TOML text.
fn read(toml: &str) -> (Vec<TopicSpec>, Sets) {
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
        way: way(topic),
        also: topic.get("also").and_then(Value::as_array).into_iter().flatten().map(way).collect(),
        none: list(topic.get("none")),
        mask: list(topic.get("mask")),
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
    }
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

fn written(text: &str) -> Written {
    Written { text: text.to_owned(), file: 0, at: 0..0 }
}

/// The compiled set; the rules must be right.
fn compile(toml: &str) -> TopicSet {
    let (specs, sets) = read(toml);
    TopicSet::compile(&specs, &sets).expect("the rules of this test are right").0
}

/// Errors and warnings of the rules.
fn problems(toml: &str) -> Vec<TopicProblem> {
    let (specs, sets) = read(toml);
    TopicSet::compile(&specs, &sets).map_or_else(|problems| problems, |(_, warnings)| warnings)
}

/// An article with a title and a body.
fn article(title: &str, body: &str) -> Article {
    Article { title: title.to_owned(), body: body.to_owned(), ..Article::default() }
}

/// The one topic `t` with `rule`, on `article`.
fn one(rule: &str, article: &Article) -> Evaluation {
    let set = compile(&format!("[topic.t]\n{rule}"));
    let mut all = set.explain(article);
    let judged = set.judge(article);
    assert_eq!(all.len(), 1);
    let evaluation = all.remove(0);
    assert_eq!(
        judged,
        if evaluation.matched || evaluation.furniture_only { vec![evaluation.clone()] } else { vec![] }
    );
    assert_eq!(evaluation.matched, evaluation.why_not.is_empty(), "{evaluation:#?}");
    evaluation
}

/// Whether the one line `line` hits a body of `text`.
fn hits(line: &str, text: &str) -> bool {
    one(&format!("all = [{line:?}]"), &article("", text)).matched
}
