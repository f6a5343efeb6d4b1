//! Tests of kept rules.

use super::*;
use crate::article::Article;
use crate::config::tests::read;

const BOTH: &str = "[defaults.topic]\nmin_score = 0x1E\ncooldown = '1h'\nfields = { body = 0.3 }\n\
    [sets]\nnk = ['@kim', \"DPRK\\tnorth\"]\nkim = ['Kim \"the\" Un']\nother = ['x']\n\
    [topic.a]\nname = 'A'\nall = ['@nk | @kim', { any = ['arms'], weight = 2 }]\nmin_score = 10\nfields.lead = 0.5\n\
    [topic.'б']\nany = ['flood']\n";

fn rules(text: &str) -> Rules {
    read(text).unwrap_or_else(|problems| panic!("{problems}")).rules
}

#[test]
fn a_rule_tells_one_state_of_its_examples_from_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let example = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    let main = "[[feed]]\nurl = 'https://a.example/'\n[store]\npath = '/n/n.db'\n\
        [topic.a]\nexamples = { like = ['*.txt', 'article:7'] }\n[topic.b]\nany = ['x']\n";
    std::fs::write(folder.path().join("n.toml"), main).expect("written");
    let rule = |topic: &str| {
        let settings = super::super::load_with(&folder.path().join("n.toml"), &Environment::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        settings.rules.rule(topic).expect("the rule")
    };
    example("1.txt", "Floods reach the town\n\nThe river Wadi rose above its banks on Monday.");
    let (first, other_topic) = (rule("a"), rule("b"));
    assert!(first.text.contains("\n# examples: 2 like, 0 unlike, "), "{}", first.text);
    assert!(compile_rule(&first.text).is_ok());
    std::fs::rename(folder.path().join("1.txt"), folder.path().join("2.txt")).expect("renamed");
    assert_eq!(rule("a"), first, "the same under another name");
    example("2.txt", "Floods reach the town\n\nThe river Wadi rose above its banks on Tuesday.");
    let second = rule("a");
    assert!(second.hash != first.hash && second.has_other_examples(&first));
    assert!(!first.has_other_examples(&first) && !first.has_other_examples(&other_topic));
    assert_eq!(rule("b"), other_topic);
}

#[test]
fn a_rule_holds_what_it_needs_and_no_more() {
    let rules = rules(BOTH);
    insta::assert_snapshot!(rules.rule("a").unwrap().text, @r#"
    [defaults.topic]
    fields = { body = 0.3 }
    [sets]
    kim = ["Kim \"the\" Un"]
    nk = ["@kim", "DPRK\tnorth"]
    [topic.a]
    all = ["@nk | @kim", { any = ["arms"], weight = 2 }]
    fields = { lead = 0.5 }
    min_score = 10
    "#);
    insta::assert_snapshot!(rules.rule("б").unwrap().text, @r#"
    [defaults.topic]
    fields = { body = 0.3 }
    min_score = 30
    [topic."б"]
    any = ["flood"]
    "#);
    assert_eq!(rules.rule("c"), None);
}

#[test]
fn a_kept_rule_judges_as_the_configuration_does_and_is_kept_as_itself() {
    let settings = read(BOTH).unwrap_or_else(|problems| panic!("{problems}"));
    let article =
        Article { title: "Arms for DPRK north".into(), lead: "A flood.".into(), ..Article::default() };
    for evaluation in settings.topic_set.explain(&article) {
        let rule = settings.rules.rule(&evaluation.topic).unwrap();
        let again = compile_rule(&rule.text).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(again.explain(&article), std::slice::from_ref(&evaluation));
        assert_eq!(rules(&rule.text).rule(&evaluation.topic), Some(rule));
    }
}

#[test]
fn every_topic_of_the_example_configuration_is_kept_as_itself() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/newswatch.toml");
    let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
    let settings =
        super::super::load_with(&path, &environment).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(!settings.topics.is_empty());
    for topic in settings.topics.iter().map(|spec| spec.id.text.as_str()) {
        let rule = settings.rules.rule(topic).unwrap();
        let again = super::super::from_text(std::path::Path::new("r.toml"), &rule.text, &environment);
        assert_eq!(again.map(|again| again.rules.rule(topic)), Ok(Some(rule)));
    }
}

#[test]
fn only_what_is_judged_changes_a_rule() {
    let hash = |text: &str| rules(text).rule("a").unwrap().hash;
    let same = BOTH.replace("name = 'A'", "name = 'B'\nchannels = ['log']").replace("'1h'", "'2h'");
    assert_eq!(hash(BOTH), hash(&same.replace("other = ['x']", "other = ['y']").replace("0x1E", "31")));
    assert_ne!(hash(BOTH), hash(&BOTH.replace("the", "a")), "a set of a set");
    assert_ne!(hash(BOTH), hash(&BOTH.replace("0.3", "0.4")), "laid over by zone");
}
