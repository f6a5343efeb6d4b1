//! `newswatch topic list`: every topic with what it asks for, how often it matched, and how often it nearly did.

use std::io;

use serde::Serialize;

use super::Exit;
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{ODD, paint, severity};
use super::table::Table;
use super::topic_numbers::{AllNumbers, Numbers};
use super::when::When;
use crate::text::count::count;
use crate::topic::spec::{LineSpec, WaySpec};
use crate::topic::{ExampleSpec, ExampleUse, Severity, TopicSpec};

#[derive(Debug, Serialize)]
struct Topic {
    id: String,
    name: String,
    severity: Severity,
    /// What it asks for: a line for each way in, and one for the veto.
    lines: Vec<String>,
    #[serde(flatten)]
    numbers: Numbers,
}

/// Lists them; without a store nothing has matched yet. `No` if there is none.
pub(super) fn run(context: &Context) -> anyhow::Result<Exit> {
    let settings = context.settings()?;
    let numbers = match Context::store_if_any(&settings)? {
        Some(store) => store.read(|db| AllNumbers::read(db, context.now()))?,
        None => AllNumbers::none(),
    };
    let topics: Vec<Topic> =
        settings.topics.iter().map(|spec| Topic::of(spec, numbers.of(&spec.id.text))).collect();
    let mut printer = context.printer();
    if context.json {
        printer.json(&topics)?;
    } else {
        print(&topics, numbers.is_stored(), &context.when(), &mut printer)?;
    }
    Ok(Exit::yes_if(!topics.is_empty()))
}

/// `is_stored`: whether there are articles.
fn print(topics: &[Topic], is_stored: bool, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if topics.is_empty() {
        return to.line("no topics: add a [topic.NAME] to the configuration");
    }
    let headings =
        ["SEVERITY", "TOPIC", "NAME", "HITS 30 D", "A DAY", "NEAR MISSES", "LACKED", "LAST HIT", "ASKS FOR"];
    let mut table = Table::new(headings);
    for topic in topics {
        let [hits, a_day, near_misses, lacked] = topic.numbers.words();
        table.row([
            severity(topic.severity).to_owned(),
            topic.id.clone(),
            topic.name.clone(),
            hits,
            a_day,
            near_misses,
            lacked,
            topic.numbers.last_hit(when),
            topic.lines.join("; "),
        ]);
    }
    to.table(table)?;
    for line in topics.iter().filter_map(|topic| topic.numbers.complaint(&topic.id)) {
        to.line(format!("{} {}", paint(ODD, "!"), shown(&line)))?;
    }
    if let Some(topic) = topics.iter().find(|topic| topic.numbers.was_never_run()) {
        let id = shown(&topic.id);
        to.line(if is_stored {
            format!("not run yet: `newswatch topic backtest {id}` shows what it finds in what is stored")
        } else {
            "not run yet, and nothing is stored: `newswatch once` looks at the sources".to_owned()
        })?;
    }
    Ok(())
}

impl Topic {
    fn of(spec: &TopicSpec, numbers: Numbers) -> Self {
        let first = spec.query.as_ref().map_or_else(
            || way(&spec.way),
            |query| query.text.split_whitespace().collect::<Vec<_>>().join(" "),
        );
        let mut lines = vec![first];
        lines.retain(|first| !first.is_empty());
        for also in &spec.also {
            lines.push(further(&lines, "or ", &way(also)));
        }
        if let Some(examples) = &spec.examples {
            let word = match examples.usage {
                ExampleUse::Or => "or ",
                ExampleUse::And => "and ",
                ExampleUse::Score => "scored by how ",
            };
            lines.push(further(&lines, word, &like(examples)));
        }
        if !spec.none.is_empty() {
            let none: Vec<&str> = spec.none.iter().map(|written| written.text.as_str()).collect();
            lines.push(format!("none of {}", none.join(" | ")));
        }
        Self { id: spec.id.text.clone(), name: spec.name.clone(), severity: spec.severity, lines, numbers }
    }
}

/// `what` with the `word` that joins it to the lines before, if there are any.
fn further(before: &[String], word: &str, what: &str) -> String {
    if before.is_empty() { what.to_owned() } else { format!("{word}{what}") }
}

/// By example: `like 3 examples, unlike 1`.
fn like(examples: &ExampleSpec) -> String {
    let like = format!("like {}", count(examples.like.len(), "example"));
    if examples.unlike.is_empty() { like } else { format!("{like}, unlike {}", examples.unlike.len()) }
}

/// One way in: `all of (@nk) (@russia), within 60 words`.
fn way(way: &WaySpec) -> String {
    let group = |lines: &[LineSpec]| lines.iter().map(line).collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    if !way.all.is_empty() {
        parts.push(format!("all of {}", group(&way.all)));
    }
    if !way.any.is_empty() {
        parts.push(format!("{} of {}", way.min.unwrap_or(1), group(&way.any)));
    }
    if let Some(near) = way.near {
        parts.push(format!("within {near} words"));
    }
    parts.join(", ")
}

fn line(line: &LineSpec) -> String {
    let terms: Vec<&str> = line.terms.iter().map(|written| written.text.as_str()).collect();
    format!("({})", terms.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::Written;

    #[test]
    fn a_way_in_reads_as_a_line() {
        let line = |terms: &[&str]| LineSpec {
            terms: terms.iter().map(|text| Written { text: (*text).into(), file: 0, at: 0..0 }).collect(),
            weight: 1.0,
        };
        let both = WaySpec {
            all: vec![line(&["@nk"]), line(&["arms | weapons", "shells"])],
            any: vec![line(&["summit"])],
            min: None,
            near: Some(60),
        };
        assert_eq!(way(&both), "all of (@nk) (arms | weapons | shells), 1 of (summit), within 60 words");
        assert_eq!(
            way(&WaySpec { any: vec![line(&["a"]), line(&["b"])], min: Some(2), ..WaySpec::default() }),
            "2 of (a) (b)"
        );
    }
}
