//! Texts → [`Settings`], or every problem: all sections of all files, and what must agree between them.

use std::collections::BTreeSet;

use super::alerts::{Channels, alerts};
use super::collect::{Collector, File, Found, Place};
use super::held::Held;
use super::hosts::hosts;
use super::kept::Rules;
use super::problem::Problems;
use super::read::Section;
use super::schema::{ALERTS, FETCH, STORE};
use super::sections::{fetch, store};
use super::sources::SourceReader;
use super::syntax::Readable;
use super::topics::{TopicReader, Topics};
use super::{Environment, Settings};
use crate::topic::{TopicProblem, TopicSet};

/// Settles what `files` say, the main file first; `found` is what was wrong with reading them. `named`: whether the files
/// that topics name are read too.
pub(super) fn settle(
    files: &[File],
    found: Vec<Found>,
    environment: &Environment,
    named: bool,
) -> Result<Settings, Problems> {
    settle_sparing(files, found, environment, named, false).map(|(settings, _)| settings)
}

/// The same; if `sparing`, topics with mistakes are left out, as long as nothing else has any, and are named by their ids.
/// Their mistakes are among the warnings, as errors.
pub(super) fn settle_sparing(
    files: &[File],
    found: Vec<Found>,
    environment: &Environment,
    named: bool,
    sparing: bool,
) -> Result<(Settings, BTreeSet<String>), Problems> {
    let mut to = Collector::new(files, found);
    let readable: Vec<Readable> = files.iter().map(|file| Readable::new(&file.text)).collect();
    let tables: Vec<_> = readable
        .iter()
        .zip(files)
        .enumerate()
        .map(|(index, (readable, file))| readable.tables(index, file, &mut to))
        .collect();
    let sections: Vec<Section> =
        tables.iter().enumerate().map(|(index, table)| Section::top(index, table, &mut to)).collect();

    let main = sections.first();
    let get = |key| main.and_then(|main| main.get(key));
    // The files that it names are read by then; here its type is checked.
    if let Some(item) = get("include") {
        item.texts(&mut to);
    }
    let mut fetch = fetch(get("fetch").and_then(|item| item.section(&FETCH, &mut to)).as_ref(), &mut to);
    fetch.hosts = hosts(main, &mut to);
    let store_section = get("store").and_then(|item| item.section(&STORE, &mut to));
    let store = store(store_section.as_ref(), environment, &mut to);
    let channels = Channels::read(main, &mut to);
    let alerts_section = get("alerts").and_then(|item| item.section(&ALERTS, &mut to));
    let alerts = alerts(alerts_section.as_ref(), &channels, environment, &mut to);

    let mut sources = SourceReader::new(&fetch);
    let mut topics = TopicReader::new(main, &channels, named.then_some(files), &mut to);
    for section in &sections {
        sources.read(section, &mut to);
        topics.read(section, &mut to);
    }
    let sources = sources.finish();
    let mut topics = topics.finish();
    let elsewhere = to.errors() > topics.errors || to.any_broken();
    let mut topic_set = compile(&topics, &mut to);
    let mut bad = BTreeSet::new();
    if sparing && !elsewhere && to.errors() > 0 {
        bad = sort_out(&mut topics);
        let compiled = TopicSet::compile(&topics.specs, &topics.sets);
        let Ok(good) = compiled.and_then(|(set, _)| set.with_trust(&topics.trust)) else {
            // A mistake that is no topic's own, as in `[trust]`, is told already: nothing of this can be in force.
            return Err(Problems(to.finish().0));
        };
        topic_set = good;
    }
    if sources.is_empty() {
        to.nothing(
            "there is no source",
            "run `newswatch source add ADDRESS`, or include a file that has one",
        );
    }
    if topics.specs.is_empty() {
        to.nothing("there is no topic, so nothing will be told", "write a [topic.NAME]");
    }

    let expectations = topics.expected.iter().map(|expected| expected.settled(&to)).collect();
    match to.finish() {
        (problems, true) if bad.is_empty() => Err(Problems(problems)),
        (warnings, _) => {
            let rules = Rules::of(&sections).with_examples(&topics.specs);
            let settings = Settings {
                files: files.iter().map(|file| file.path.clone()).collect(),
                fetch,
                sources,
                topics: topics.specs,
                topic_set,
                rules,
                held: Held::default(),
                expectations,
                alerts,
                channels: channels.known,
                store,
                warnings,
            };
            Ok((settings, bad))
        }
    }
}

/// Takes the topics with mistakes out of `topics` and names them; none if the mistake is in the sets, which all may use.
fn sort_out(topics: &mut Topics) -> BTreeSet<String> {
    let Some(mut bad) = TopicSet::mistaken(&topics.specs, &topics.sets) else { return BTreeSet::new() };
    // Also those of which nothing could be read.
    bad.extend(topics.flawed.values().cloned());
    topics.specs.retain(|spec| !bad.contains(&spec.id.text));
    topics.expected.retain(|expected| !bad.contains(&expected.topic));
    bad
}

/// Compiles the topics. A broken line may have held a set, so with syntax errors anywhere this waits until they are mended.
fn compile(topics: &Topics, to: &mut Collector) -> TopicSet {
    if to.any_broken() {
        return TopicSet::default();
    }
    let (set, problems) = match TopicSet::compile(&topics.specs, &topics.sets) {
        Ok((set, warnings)) => (set, warnings),
        Err(problems) => (TopicSet::default(), problems),
    };
    tell(problems, topics, to);
    set.with_trust(&topics.trust).unwrap_or_else(|problems| {
        tell(problems, topics, to);
        TopicSet::default()
    })
}

/// Tells the problems of rules, except echoes of what is told already: on a line with an error, or of a whole topic
/// ("no positive line") of which something could not be read.
fn tell(problems: Vec<TopicProblem>, topics: &Topics, to: &mut Collector) {
    let lines = to.lines_with_errors();
    for TopicProblem { at, within, message, hint, warning } in problems {
        let mut place = Place::from(&at);
        let echo =
            lines.contains(&to.line(&place)) || topics.flawed.contains_key(&(place.file, place.at.start));
        if !echo {
            if let Some(within) = within {
                place = to.part(place, &at.text, within);
            }
            to.push(Found { file: place.file, at: Some(place.at), message, hint, warning });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::Written;

    #[test]
    fn problems_of_rules_stand_where_the_rule_was_written() {
        let text = "[topic.x]\nall = [\n  'x',\n  '@arsm',\n]\n[topic.b]\nall = 3\n";
        let files = [File { path: "a.toml".into(), text: text.into() }];
        let mut to = Collector::new(&files, Vec::new());
        let written = |part: &str| {
            let start = text.find(part).expect("in the text");
            Written { text: part.into(), file: 0, at: start..start + part.len() }
        };
        let topics =
            Topics { flawed: [((0, written("b").at.start), "b".to_owned())].into(), ..Topics::default() };
        let problem = |part: &str, message: &str| TopicProblem {
            at: written(part),
            within: None,
            message: message.into(),
            hint: Some("did you mean `@arms`?".into()),
            warning: false,
        };
        to.error(&Place::from(&written("3")), "`all` must be an array", "h");
        let problems = vec![
            problem("b", "no positive line"),
            problem("3", "an echo"),
            problem("'@arsm'", "there is no set `arsm`"),
        ];
        tell(problems, &topics, &mut to);
        let told: Vec<_> =
            to.finish().0.into_iter().map(|p| (p.line, p.column, p.width, p.message)).collect();
        assert_eq!(
            told,
            [(4, 3, 7, "there is no set `arsm`".to_owned()), (7, 7, 1, "`all` must be an array".to_owned())]
        );
    }
}
