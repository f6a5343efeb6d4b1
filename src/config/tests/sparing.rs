//! Topics with mistakes are left out where that is asked for; any other mistake refuses all.

use std::collections::BTreeSet;

use super::super::assemble::settle_sparing;
use super::super::collect::File;
use super::super::{Problems, Settings};
use super::home;

fn sparing(text: &str) -> Result<(Settings, BTreeSet<String>), Problems> {
    let files = [File { path: "newswatch.toml".into(), text: text.into() }];
    settle_sparing(&files, Vec::new(), &home(), false, true)
}

/// The ids in force, and those left out.
fn left(text: &str) -> (Vec<String>, Vec<String>) {
    let (settings, bad) = sparing(text).unwrap_or_else(|problems| panic!("{problems}"));
    let good: Vec<String> = settings.topics.iter().map(|spec| spec.id.text.clone()).collect();
    let known: Vec<String> = settings
        .topic_set
        .explain(&crate::article::Article::default())
        .into_iter()
        .map(|one| one.topic)
        .collect();
    assert_eq!(good, known, "what is named is in force");
    (good, bad.into_iter().collect())
}

#[test]
fn a_mistake_in_trust_beside_a_bad_topic_refuses_all() {
    let text = "[trust]\n'https://a.example' = 2\n[topic.a]\nall = ['x']\n[topic.b]\nall = ['@flod']\n";
    let Err(problems) = sparing(text) else { panic!("trust is for all topics") };
    assert!(problems.0.iter().any(|problem| problem.line == 2 && !problem.warning), "{problems}");
}

#[test]
fn a_topic_that_is_no_table_is_left_out_with_the_others() {
    let text = "[topic]\nx = 'storm'\n[topic.a]\nall = ['@flod']\n[topic.b]\nall = ['fire']\n";
    assert_eq!(left(text), (vec!["b".to_owned()], vec!["a".to_owned(), "x".to_owned()]));
}

#[test]
fn every_topic_with_the_same_mistake_is_left_out_and_none_for_a_set() {
    let topics = "[topic.a]\nall = ['@flod']\n[topic.b]\nall = ['@y', 'b']\n[topic.c]\nall = ['@flod']\n\
        [topic.d]\nquery = 'ATLEAST/3 @y'\n[topic.e]\nany = ['x']\nmin = 'many'\n";
    let text = format!("[sets]\ny = ['fire']\n{topics}");
    let bad = ["a", "c", "d", "e"].map(str::to_owned).to_vec();
    assert_eq!(left(&text), (vec!["b".to_owned()], bad));
    let text = format!("[sets]\ny = ['@z']\n{topics}");
    assert!(sparing(&text).is_err());
}
