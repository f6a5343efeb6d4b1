//! The example files are the documentation of every key: they must load, show the defaults and leave nothing out.

use std::path::Path;

use super::read;
use crate::config::schema::{ALL, LATER_CHANNELS};
use crate::config::{AlertSettings, FetchSettings, load_with};

const MAIN: &str = include_str!("../../../config/newswatch.toml");

/// The main file with every commented key in force.
fn all_keys() -> String {
    let in_force = |line: &'static str| match line.strip_prefix('#') {
        Some(key) if key.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => key,
        _ => line,
    };
    MAIN.lines().map(in_force).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_main_file_shows_the_defaults() {
    let settings = read(&all_keys()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(settings.warnings, []);
    let plain = read("[[feed]]\nurl = 'https://example.org/'\n[topic.example]\nall = ['Pyongyang']\n")
        .expect("valid");

    // Those three have no default; what they show is an example.
    let (mut fetch, mut alerts) = (settings.fetch, settings.alerts);
    assert!(fetch.contact.take().is_some() && alerts.quiet_hours.take().is_some());
    assert_eq!(std::mem::take(&mut fetch.hosts).len(), 1);
    assert_eq!(fetch, FetchSettings::default());
    assert_eq!(alerts, AlertSettings::default());
    assert_eq!(settings.channels, plain.channels);
    assert_eq!(settings.store, plain.store);
    for source in &settings.sources {
        let mut expected = plain.sources[0].clone();
        (expected.id, expected.kind) = (source.id.clone(), source.kind.clone());
        (expected.url, expected.name) = (source.url.clone(), source.name.clone());
        assert_eq!(*source, expected);
    }
    let ([shown, _], [expected]) = (settings.topics.as_slice(), plain.topics.as_slice()) else {
        panic!("an example in lines, one as a query")
    };
    assert_eq!(
        (&shown.lang, shown.fields, shown.min_score, shown.severity, shown.cooldown),
        (&expected.lang, expected.fields, expected.min_score, expected.severity, expected.cooldown)
    );
}

#[test]
fn the_main_file_mentions_every_key_in_its_table() {
    let all_keys = all_keys();
    let tables = toml::de::DeTable::parse(&all_keys).expect("TOML");
    let mut keys = Vec::new();
    let mut open: Vec<(&str, &toml::de::DeValue)> = Vec::new();
    for (key, value) in tables.get_ref() {
        keys.push(("the main file", key.get_ref().to_string()));
        let name = match key.get_ref().as_ref() {
            "fetch" => "[fetch]",
            "host" => "[[host]]",
            "feed" => "[[feed]]",
            "page" => "[[page]]",
            "sitemap" => "[[sitemap]]",
            "defaults" => "[defaults]",
            "topic" => "TOPICS",
            "channel" => "CHANNELS",
            "alerts" => "[alerts]",
            "store" => "[store]",
            _ => continue,
        };
        open.push((name, value.get_ref()));
    }
    while let Some((table, value)) = open.pop() {
        if let Some(array) = value.as_array() {
            open.extend(array.iter().map(|value| (table, value.get_ref())));
        }
        for (key, value) in value.as_table().into_iter().flat_map(|table| table.iter()) {
            keys.push((table, key.get_ref().to_string()));
            let inner = match (table, key.get_ref().as_ref()) {
                ("TOPICS", _) => "[topic.ID]",
                ("CHANNELS", _) => "[channel.NAME]",
                ("[defaults]", _) => "[defaults.topic]",
                (_, "fields") => "`fields`",
                (_, "quiet_hours") => "`quiet_hours`",
                ("[topic.ID]", "escalate") => "an entry of `escalate`",
                ("[topic.ID]", "sources") => "`sources`",
                (_, "keep") => "`keep`",
                ("[topic.ID]", "also") => "a further way in (`also`)",
                ("[topic.ID]", "all" | "any") => "a line of `all` or `any`",
                _ => continue,
            };
            open.push((inner, value.get_ref()));
        }
    }
    for shape in ALL {
        for key in shape.keys {
            let shown = keys.iter().any(|(table, name)| *table == shape.name && name == key);
            assert!(shown, "config/newswatch.toml does not show `{key}` of {}", shape.name);
        }
    }
}

#[test]
fn what_is_not_supported_is_not_shown() {
    for word in ALL.iter().flat_map(|shape| shape.later).chain(&LATER_CHANNELS) {
        assert!(!MAIN.contains(&format!("{word} =")), "{word}");
    }
}

#[test]
fn the_example_configuration_loads_without_a_word() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/newswatch.toml");
    let settings = load_with(&path, &super::home()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(settings.warnings, []);
    let names: Vec<_> = settings.files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert_eq!(names, ["newswatch.toml", "russia-north-korea.toml", "starter.toml", "three-lines.toml"]);
    assert!(settings.sources.len() >= 20);
    let topics: Vec<_> = settings.topics.iter().map(|topic| topic.id.text.as_str()).collect();
    assert_eq!(topics, ["nk-arms", "nk-arms-simple"]);
}
