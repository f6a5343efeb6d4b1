//! Fixtures of `tests/fixtures/topic`: a story each, judged by the rules there; the whole trace is a snapshot.

use std::fmt::Write;

use toml::{Table, Value};

use super::compile;
use crate::article::Article;
use crate::topic::{Evaluation, TopicSet};

/// Judges one fixture and returns its trace as text.
fn trace(set: &TopicSet, story: &Table) -> String {
    let text = |key: &str| story.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let article = Article {
        title: text("title"),
        lead: text("lead"),
        body: text("body"),
        furniture: text("furniture"),
        language: Some(text("language")),
        ..Article::default()
    };
    let judged = set.judge(&article);
    let expected = |key: &str| -> Vec<String> {
        let ids = story.get("expect").and_then(|expect| expect.get(key)).and_then(Value::as_array);
        ids.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let ids = |keep: fn(&Evaluation) -> bool| -> Vec<String> {
        judged.iter().filter(|one| keep(one)).map(|one| one.topic.clone()).collect()
    };
    assert_eq!(ids(|one| one.matched), expected("matched"), "{judged:#?}");
    assert_eq!(ids(|one| one.furniture_only), expected("furniture_only"), "{judged:#?}");
    set.explain(&article).iter().map(shown).collect()
}

fn shown(evaluation: &Evaluation) -> String {
    let head = match (evaluation.matched, evaluation.furniture_only) {
        (true, _) => "MATCH",
        (false, true) => "FURNITURE ONLY",
        (false, false) => "NO MATCH",
    };
    let mut text = format!("{head} {}  score {}\n", evaluation.topic, evaluation.score);
    for (mark, reasons) in [("+", &evaluation.why), ("-", &evaluation.why_not)] {
        for reason in reasons {
            writeln!(text, "  {mark} {reason}").expect("a string takes everything");
        }
    }
    text
}

macro_rules! stories {
    ($($name:ident: $file:literal),* $(,)?) => {$(
        #[test]
        fn $name() {
            let set = compile(include_str!("../../../tests/fixtures/topic/rules.toml"));
            let story = include_str!(concat!("../../../tests/fixtures/topic/", $file, ".toml")).parse().expect("TOML");
            insta::with_settings!({ snapshot_path => "../../../tests/fixtures/topic", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!($file, trace(&set, &story));
            });
        }
    )*};
}

stories! {
    the_story_matches_in_every_spelling: "report",
    a_sidebar_is_not_a_report: "sidebar",
    a_neighbouring_story_is_a_near_miss: "near-miss",
    masked_words_do_not_count: "mask",
    a_second_way_in: "also",
    a_live_blog_is_vetoed: "veto",
    russian_names: "russian",
    korean_names: "korean",
    chinese_names: "chinese",
    another_language_is_not_wanted: "foreign",
}
