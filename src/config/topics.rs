//! `[sets]`, `[defaults.topic]` and `[topic.ID]`, of all files.

use std::collections::BTreeMap;
use std::time::Duration;

use super::alerts::{Channels, SEVERITIES};
use super::collect::{Collector, File, Place};
use super::examples::examples;
use super::expect::{Expected, expected};
use super::read::{Item, Section};
use super::schema::{DEFAULTS, LINE, TOPIC, TOPIC_DEFAULTS, WAY};
use super::topic_parts::{boost, escalate, fields, languages, sources, zones};
use super::value::{A_DURATION, duration_or_zero};
use crate::topic::spec::{LineSpec, Sets, WaySpec};
use crate::topic::{Severity, TopicSpec, Written, ZoneWeights};

/// A window of more words than any article has.
const MAX_NEAR: u64 = 10_000;
/// More lines than any topic has.
const MAX_MIN: u64 = 10_000;

/// What a topic is unless it says otherwise.
#[derive(Debug, Clone)]
struct Defaults {
    lang: Vec<String>,
    fields: ZoneWeights,
    min_score: u8,
    severity: Severity,
    cooldown: Duration,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            lang: vec!["*".to_owned()],
            fields: ZoneWeights::default(),
            min_score: 40,
            severity: Severity::default(),
            cooldown: Duration::from_hours(6),
        }
    }
}

impl Defaults {
    /// These, with what `section` writes over them.
    fn with(&self, section: &Section, to: &mut Collector) -> Self {
        let get = |key| section.get(key);
        let score = get("min_score").and_then(|item| item.count(0..=100, to));
        Self {
            lang: get("lang").and_then(|item| languages(&item, to)).unwrap_or_else(|| self.lang.clone()),
            fields: get("fields").and_then(|item| fields(&item, self.fields, to)).unwrap_or(self.fields),
            min_score: score.and_then(|score| u8::try_from(score).ok()).unwrap_or(self.min_score),
            severity: get("severity").and_then(|item| item.choice(&SEVERITIES, to)).unwrap_or(self.severity),
            cooldown: get("cooldown")
                .and_then(|item| item.parsed(A_DURATION, duration_or_zero, to))
                .unwrap_or(self.cooldown),
        }
    }
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// By id.
    pub(super) specs: Vec<TopicSpec>,
    /// Of all files.
    pub(super) sets: Sets,
    /// `[trust]` of all files: patterns of hosts, each with its factor.
    pub(super) trust: Vec<(Written, f32)>,
    /// Their own tests.
    pub(super) expected: Vec<Expected>,
    /// The ids of topics of which something could not be read, by where they stand: file and first byte.
    pub(super) flawed: BTreeMap<(usize, usize), String>,
    /// How many errors stand in them.
    pub(super) errors: usize,
}

/// Reads the sets and topics of one file after another.
pub(super) struct TopicReader<'s> {
    channels: &'s Channels,
    /// The files, if those that they name may be read too.
    files: Option<&'s [File]>,
    defaults: Defaults,
    sets: Sets,
    trust: BTreeMap<String, (Written, f32)>,
    topics: BTreeMap<String, TopicSpec>,
    expected: Vec<Expected>,
    flawed: BTreeMap<(usize, usize), String>,
    errors: usize,
}

impl<'s> TopicReader<'s> {
    /// Reads `[defaults.topic]` of the main file. `files`: the files, if those that they name may be read too.
    pub(super) fn new(
        main: Option<&Section>,
        channels: &'s Channels,
        files: Option<&'s [File]>,
        to: &mut Collector,
    ) -> Self {
        let defaults = main
            .and_then(|main| main.get("defaults"))
            .and_then(|item| item.section(&DEFAULTS, to))
            .and_then(|section| section.get("topic"))
            .and_then(|item| item.section(&TOPIC_DEFAULTS, to))
            .map(|section| Defaults::default().with(&section, to));
        Self {
            channels,
            files,
            defaults: defaults.unwrap_or_default(),
            sets: Sets::new(),
            trust: BTreeMap::new(),
            topics: BTreeMap::new(),
            expected: Vec::new(),
            flawed: BTreeMap::new(),
            errors: 0,
        }
    }

    /// Reads the sets and topics of a file.
    pub(super) fn read(&mut self, file: &Section, to: &mut Collector) {
        for (name, item) in file.named("sets", to) {
            let terms = item.texts(to);
            if let Some((first, _)) = self.sets.get(&name.text) {
                twice(&format!("set `{}`", name.text), &name, first, to);
            } else {
                self.sets.insert(name.text.clone(), (name, terms));
            }
        }
        let trust = file.get("trust").map(|item| item.entries(to)).unwrap_or_default();
        for (glob, item) in trust {
            let Some(factor) = item.number(0.0, 10.0, to) else { continue };
            if let Some((first, _)) = self.trust.get(&glob.text) {
                twice(&format!("`{}` in [trust]", glob.text), &glob, first, to);
            } else {
                self.trust.insert(glob.text.clone(), (glob, factor));
            }
        }
        for (id, item) in file.named("topic", to) {
            let before = to.errors();
            let spec = self.topic(&id, &item, to);
            if let Some(expect) = item.peek("expect") {
                self.expected.extend(expected(&id, &expect, to));
            }
            if to.errors() > before {
                self.flawed.insert((id.file, id.at.start), id.text.clone());
                self.errors += to.errors() - before;
            }
            let Some(spec) = spec else { continue };
            if let Some(first) = self.topics.get(&id.text) {
                twice(&format!("topic `{}`", id.text), &id, &first.id, to);
            } else {
                self.topics.insert(id.text, spec);
            }
        }
    }

    /// All that was read.
    pub(super) fn finish(self) -> Topics {
        Topics {
            specs: self.topics.into_values().collect(),
            sets: self.sets,
            trust: self.trust.into_values().collect(),
            expected: self.expected,
            flawed: self.flawed,
            errors: self.errors,
        }
    }

    fn topic(&self, id: &Written, item: &Item, to: &mut Collector) -> Option<TopicSpec> {
        let section = item.section(&TOPIC, to)?;
        let Defaults { lang, fields, min_score, severity, cooldown } = self.defaults.with(&section, to);
        let texts = |key, to: &mut Collector| section.get(key).map(|item| item.texts(to)).unwrap_or_default();
        let also = section.get("also").map(|item| item.list("an array of tables", to)).unwrap_or_default();
        Some(TopicSpec {
            id: id.clone(),
            name: section
                .get("name")
                .and_then(|item| item.filled(to))
                .map_or_else(|| id.text.clone(), |name| name.text),
            query: section.get("query").and_then(|item| item.text(to)),
            way: way(&section, to),
            also: also.iter().filter_map(|item| further_way(item, to)).collect(),
            none: texts("none", to),
            mask: texts("mask", to),
            zones: section.get("in").map(|item| zones(&item, to)).unwrap_or_default(),
            boost: section.get("boost").map(|item| boost(&item, to)).unwrap_or_default(),
            escalate: section.get("escalate").map(|item| escalate(&item, to)).unwrap_or_default(),
            sources: section.get("sources").map(|item| sources(&item, to)).unwrap_or_default(),
            fields,
            min_score,
            severity,
            lang,
            channels: section.get("channels").map(|item| self.channels.names(&item, to)),
            cooldown,
            examples: section.get("examples").and_then(|item| examples(&item, self.files, to)),
        })
    }
}

/// Says that `second` is a name that stands at `first` already.
fn twice(what: &str, second: &Written, first: &Written, to: &mut Collector) {
    let message = format!("{what} is already at {}", to.name(&Place::from(first)));
    to.error(&Place::from(second), message, "rename one of the two");
}

/// The `all`, `any`, `min` and `near` of a topic or of an entry of `also`.
fn way(section: &Section, to: &mut Collector) -> WaySpec {
    let mut count = |key, most, of: &'static str| {
        let item = section.get(key)?;
        let count = item.count(1..=most, to).and_then(|count| usize::try_from(count).ok());
        if section.get(of).is_none() {
            to.missing(
                &item.place,
                format!("`{key}` without `{of}`"),
                format!("write {of} = [ … ], or delete `{key}`"),
            );
            return None;
        }
        count.map(|count| (count, item.place))
    };
    let mut min = count("min", MAX_MIN, "any");
    let near = count("near", MAX_NEAR, "all");
    let all = section.get("all").map(|item| lines(&item, to)).unwrap_or_default();
    let any = section.get("any").map(|item| lines(&item, to)).unwrap_or_default();
    let too_many = |(min, _): &mut (usize, Place)| *min > any.len() && !any.is_empty();
    if let Some((min, place)) = min.take_if(too_many) {
        let message = format!("`min` is {min}, but `any` has {} lines", any.len());
        to.error(&place, message, "lower it: no article could ever match");
    }
    WaySpec { all, any, min: min.map(|(min, _)| min), near: near.map(|(near, _)| near) }
}

/// An entry of `also`.
fn further_way(item: &Item, to: &mut Collector) -> Option<WaySpec> {
    let section = item.section(&WAY, to)?;
    if section.get("all").is_none() && section.get("any").is_none() {
        to.missing(
            &item.place,
            "a further way in has `all` or `any`",
            "write { all = [\"…\", \"…\"], near = 15 }",
        );
    }
    Some(way(&section, to))
}

/// The lines of `all` or `any`.
fn lines(item: &Item, to: &mut Collector) -> Vec<LineSpec> {
    item.list("an array of lines", to).iter().filter_map(|item| line(item, to)).collect()
}

/// One line: a string, `{ term = "…", weight = 2 }` or `{ any = ["…", "…"], weight = 2 }`.
fn line(item: &Item, to: &mut Collector) -> Option<LineSpec> {
    if !item.is_table() {
        return item.text(to).map(|term| LineSpec { terms: vec![term], weight: 1.0 });
    }
    let section = item.section(&LINE, to)?;
    let weight = section.get("weight").and_then(|item| item.number(0.01, 100.0, to)).unwrap_or(1.0);
    let terms = match (section.get("term"), section.get("any")) {
        (Some(term), None) => term.text(to).into_iter().collect(),
        (None, Some(any)) => any.texts(to),
        (Some(_), Some(any)) => {
            to.error(&any.place, "a line has `term` or `any`, not both", "put all of them into `any`");
            return None;
        }
        (None, None) => {
            to.missing(
                &section.place,
                "this line has no terms",
                "write { any = [\"…\", \"…\"], weight = 2 }",
            );
            return None;
        }
    };
    Some(LineSpec { terms, weight })
}
