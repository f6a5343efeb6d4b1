//! What topics are told to lack.

use proptest::prelude::*;

use super::*;
use crate::story::reporters;
use crate::topic::tests::{article, compile};

fn suggest(rule: &str, texts: &[(&str, &str)]) -> Suggestions {
    let topics = compile(&format!("[topic.t]\n{rule}"));
    let articles: Vec<Article> = texts.iter().map(|(title, body)| article(title, body)).collect();
    let standing = |article: &Article| Standing::of(&topics.explain(article)[0]);
    let mut learning = Learning::new(reporters);
    for article in &articles {
        learning.learn(article, standing(article));
    }
    let mut weighing = learning.finish();
    for article in &articles {
        weighing.weigh(article, standing(article));
    }
    weighing.finish(&topics, "t")
}

fn texts<'t>() -> Vec<(&'t str, &'t str)> {
    let mut texts = vec![
        ("Kim may go to Vladivostok", "Kim Jong Un could meet Putin in Vladivostok, it was said."),
        ("Putin awaits Kim", "Kim Jong Un takes the armoured train to Vladivostok to see Putin."),
        ("A train ride", "The armoured trains of Kim Jong Un are slow. Putin waits in Vladivostok."),
        ("Kim Kardashian in Moscow", "Kim Kardashian met nobody. Putin was elsewhere."),
        ("Kim Kardashian again", "Kim Kardashian thanked Putin for nothing. A horoscope follows."),
    ];
    texts.extend([("Grain ships", "Grain leaves Odessa under a deal."); 20]);
    texts
}

#[test]
fn vetoes_of_lines_and_of_queries() {
    for rule in ["all = [\"Kim\"]\nnone = [\"horoscope\"]", "query = 'Kim AND NOT horoscope'"] {
        let topics = compile(&format!("[topic.t]\n{rule}"));
        let standing = |title: &str| Standing::of(&topics.explain(&article(title, ""))[0]);
        assert_eq!(standing("Kim and a horoscope"), Standing::Vetoed, "{rule}");
        assert_eq!((standing("Kim"), standing("Putin")), (Standing::Matched, Standing::Other), "{rule}");
    }
}

#[test]
fn what_matched_articles_share_and_the_topic_lacks() {
    let found = suggest("all = [\"Kim Jong Un\", \"Putin\"]", &texts());
    let terms: Vec<&str> = found.shared.iter().map(|one| one.term.as_str()).collect();
    assert_eq!(terms, ["Vladivostok", "armoured train*"]);
    assert_eq!((found.shared[0].matched, found.shared[0].others), (3, 0));
    assert_eq!(found.shared[0].titles.len(), 3);
    assert_eq!(found.counts.matched, 3);
    // Near misses are what the topic turns away.
    assert_eq!(found.lines(), ["\"Vladivostok | armoured train*\",", "none = [\"Kim Kardashian\"]"]);
}

#[test]
fn what_stands_behind_vetoed_articles() {
    let found = suggest("all = [\"Kim\", \"Putin\"]\nnone = [\"Kardashian\"]", &texts());
    assert_eq!(found.counts.vetoed, 2);
    let behind: Vec<(&str, Instead)> =
        found.behind.iter().map(|one| (one.term.as_str(), one.instead)).collect();
    assert_eq!(behind, [("Kim Kardashian", Instead::Mask)]);
    assert_eq!(found.lines().last().map(String::as_str), Some("mask = [\"Kim Kardashian\"]"));
}

#[test]
fn who_only_reports_is_no_term() {
    let mut texts = texts();
    let reported = ["\n\nReuters reported it first.", "\n\nThe Associated Press has it from Reuters."];
    let bodies: Vec<String> =
        (0..3).map(|at: usize| format!("{}{}", texts[at].1, reported[at % 2])).collect();
    for (text, body) in texts.iter_mut().zip(&bodies) {
        text.1 = body;
    }
    let found = suggest("all = [\"Kim Jong Un\", \"Putin\"]", &texts);
    let terms: Vec<&str> = found.shared.iter().map(|one| one.term.as_str()).collect();
    assert_eq!(terms, ["Vladivostok", "armoured train*"]);
}

#[test]
fn one_article_shares_nothing() {
    let found = suggest("all = [\"horoscope\"]", &texts());
    assert_eq!((found.counts.matched, found.shared.len()), (1, 0));
}

proptest! {
    #[test]
    fn the_ratio_is_never_negative_and_grows_with_support(
        all in 2_u32..50, rest in 1_u32..5_000, with in 2_u32..50, rest_with in 0_u32..5_000,
    ) {
        let (with, rest_with) = (with.min(all), rest_with.min(rest));
        if let Some(ratio) = likelihood((with, all), (rest_with, rest)) {
            prop_assert!(ratio >= -1e-9 && ratio.is_finite());
            if with < all {
                let more = likelihood((with + 1, all), (rest_with, rest)).expect("still more frequent");
                prop_assert!(more > ratio);
            }
        }
    }
}
