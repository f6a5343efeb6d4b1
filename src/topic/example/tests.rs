//! Topics by example: the vectors, the thresholds, and what they make of articles.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::bag::Bag;
use super::centroid::{MAX_TERMS, among_themselves, centroid};
use super::frequencies::Frequencies;
use super::index::Index;
use super::vector::Vector;
use super::{Counting, Stored};
use crate::article::Article;
use crate::text::terms::Key;
use crate::topic::spec::{Example, ExampleSpec, ExampleUse};
use crate::topic::tests::{read, written};
use crate::topic::{Evaluation, TopicSet};

const LIKE: [&str; 3] = [
    include_str!("../../../tests/fixtures/example/like/broadsheet.txt"),
    include_str!("../../../tests/fixtures/example/like/wire.txt"),
    include_str!("../../../tests/fixtures/example/like/tabloid.txt"),
];
const UNLIKE: [&str; 2] = [
    include_str!("../../../tests/fixtures/example/unlike/missile-test.txt"),
    include_str!("../../../tests/fixtures/example/unlike/grain.txt"),
];
const FOLLOW_UP: &str = include_str!("../../../tests/fixtures/example/other/follow-up.txt");
const ROVER: &str = include_str!("../../../tests/fixtures/example/other/rover.txt");

fn article(text: &str) -> Article {
    let (title, text) = text.trim().split_once("\n\n").expect("a headline");
    let (lead, body) = text.split_once("\n\n").unwrap_or((text, ""));
    Article { title: title.into(), lead: lead.into(), body: body.into(), ..Article::default() }
}

fn examples(like: &[&str], unlike: &[&str], usage: ExampleUse) -> ExampleSpec {
    let example = |text: &&str| Example {
        at: written("x.txt"),
        name: "x.txt".into(),
        article: Some(Arc::new(article(text))),
    };
    ExampleSpec {
        at: written(""),
        like: like.iter().map(example).collect(),
        unlike: unlike.iter().map(example).collect(),
        min: None,
        usage,
    }
}

/// The topic `t` with `rule` and `spec`.
fn set(rule: &str, spec: &ExampleSpec) -> TopicSet {
    let (mut specs, sets) = read(&format!("[topic.t]\n{rule}"));
    for topic in &mut specs {
        topic.examples = Some(spec.clone());
    }
    TopicSet::compile(&specs, &sets).expect("right").0
}

fn one(set: &TopicSet, article: &Article) -> Evaluation {
    let explained = set.explain(article).remove(0);
    let told: Vec<_> =
        Some(explained.clone()).into_iter().filter(|one| one.matched || one.furniture_only).collect();
    assert_eq!(set.judge(article), told);
    assert_eq!(explained.matched, explained.why_not.is_empty(), "{explained:#?}");
    for evidence in &explained.evidence {
        assert_eq!(article.zone(evidence.zone).get(evidence.span.clone()), Some(evidence.text.as_str()));
    }
    explained
}

/// The topic's thresholds, from stored `articles`.
fn learn<'a>(set: &TopicSet, articles: impl Iterator<Item = &'a Article> + Clone, stored: &Stored) {
    let mut counting = Counting::default();
    articles.clone().for_each(|article| counting.count(article));
    let mut comparing = set.comparing(counting, stored);
    articles.for_each(|article| comparing.compare(set, article));
    set.take(comparing);
}

#[test]
fn examples_alone_make_a_topic() {
    let set = set("", &examples(&LIKE, &UNLIKE, ExampleUse::Or));
    let hit = one(&set, &article(FOLLOW_UP));
    assert!(hit.matched && hit.score > 50, "{hit:#?}");
    insta::assert_snapshot!(hit.why.join("\n"), @r"
    like 0.59 ≥ 0.20 (auto 0.20, the least, as nothing is stored yet): Vladivostok, artillery, Putin, Kim, submarine, shells
    score 74: like the examples
    ");
    for miss in [ROVER, UNLIKE[0], UNLIKE[1]] {
        let miss = one(&set, &article(miss));
        assert!(!miss.matched, "{miss:#?}");
    }
    let miss = one(&set, &article(UNLIKE[0]));
    insta::assert_snapshot!(
        miss.why_not.join("\n"),
        @"like: 0.14 < 0.20 (auto 0.20, the least, as nothing is stored yet): Kim, Korea, Jong, missiles, Korean, Pyongyang"
    );
    assert!(set.judge(&article(ROVER)).is_empty());
}

#[test]
fn trust_is_a_factor_of_likeness_too() {
    let trusting = |factor: f32| {
        let set = set("", &examples(&LIKE, &UNLIKE, ExampleUse::Or));
        let set = set.with_trust(&[(written("*.blog.example"), factor)]).expect("a host");
        let url = "https://a.blog.example/1".parse().ok();
        one(&set, &Article { url, ..article(FOLLOW_UP) })
    };
    let less = trusting(0.6);
    assert_eq!((less.matched, less.score), (true, 44));
    assert_eq!(
        less.why.last().map(String::as_str),
        Some("score 44: like the examples, trust ×0.6 (*.blog.example)")
    );
    let none = trusting(0.0);
    assert!(!none.matched, "{none:#?}");
    assert_eq!(none.why_not, ["like: score 0 is below min_score 40, trust ×0 (*.blog.example)"]);
}

#[test]
fn unlike_examples_push_away() {
    let likeness = |unlike: &[&str]| {
        let why =
            one(&set("all = [\"Korea\"]", &examples(&LIKE, unlike, ExampleUse::And)), &article(UNLIKE[0]));
        let said =
            why.why_not.iter().chain(&why.why).find(|why| why.starts_with("like")).expect("said").clone();
        said.split_whitespace().nth(1).and_then(|number| number.parse::<f32>().ok()).expect("a number")
    };
    assert!(likeness(&UNLIKE) < likeness(&[]) - 0.03, "{} {}", likeness(&UNLIKE), likeness(&[]));
}

#[test]
fn with_and_both_are_needed() {
    let set = set("all = [\"Putin\"]", &examples(&LIKE, &UNLIKE, ExampleUse::And));
    assert!(one(&set, &article(FOLLOW_UP)).matched);
    let grain = one(&set, &article(UNLIKE[1]));
    assert!(!grain.matched && grain.why_not[0].starts_with("like: "), "{grain:#?}");
    // What says too little to compare is judged by the lines.
    assert!(one(&set, &article("Putin to speak\n\nToday.")).matched);
}

#[test]
fn with_or_the_lines_still_lead_in_and_vetoes_still_hold() {
    let spec = || examples(&LIKE, &[], ExampleUse::Or);
    assert!(one(&set("all = [\"rover\"]", &spec()), &article(ROVER)).matched);
    assert!(one(&set("all = [\"rover\"]", &spec()), &article(FOLLOW_UP)).matched);
    let vetoed = one(&set("all = [\"rover\"]\nnone = [\"Kremlin\"]", &spec()), &article(FOLLOW_UP));
    assert!(!vetoed.matched && vetoed.why_not[0].starts_with("none: "), "{vetoed:#?}");
    let demanding = one(&set("all = [\"rover\"]\nmin_score = 99", &spec()), &article(FOLLOW_UP));
    assert!(demanding.why_not.iter().any(|why| why.contains("below min_score 99")), "{demanding:#?}");
}

#[test]
fn with_score_only_the_score_moves() {
    let plain =
        |text| one(&set("all = [\"Putin\"]", &examples(&[ROVER], &[], ExampleUse::Score)), &article(text));
    let like =
        |text| one(&set("all = [\"Putin\"]", &examples(&LIKE, &[], ExampleUse::Score)), &article(text));
    assert!(plain(FOLLOW_UP).matched && like(FOLLOW_UP).matched);
    assert!(plain(FOLLOW_UP).score < like(FOLLOW_UP).score);
    assert!(!like(ROVER).matched);
}

#[test]
fn too_few_words_say_nothing() {
    let set = set("", &examples(&LIKE, &[], ExampleUse::Or));
    let short = one(&set, &article("Kim Jong Un to meet Putin\n\nArms talks in Vladivostok."));
    assert_eq!(short.why_not, ["like: fewer than 20 content words, too few to compare with the examples"]);
}

#[test]
fn what_cannot_be_compared_is_not_lost() {
    let short = article("Kim Jong Un to meet Putin\n\nArms talks in Vladivostok.");
    for usage in [ExampleUse::And, ExampleUse::Score] {
        let hit = one(&set("all = [\"Putin\"]", &examples(&LIKE, &[], usage)), &short);
        let why = "like: not compared (fewer than 20 content words, too few to compare with the examples)";
        assert!(hit.matched && hit.why.iter().any(|said| said == why), "{hit:#?}");
        let hit = one(
            &set("all = [\"Putin\"]", &examples(&["Short\n\nToo short."], &[], usage)),
            &article(FOLLOW_UP),
        );
        let why = "like: not compared (none of the examples can be compared)";
        assert!(hit.matched && hit.why.iter().any(|said| said == why), "{hit:#?}");
    }
}

#[test]
fn a_min_of_nothing_is_refused() {
    for (min, is_right) in [(0.0, false), (0.005, false), (0.01, true)] {
        let (mut specs, sets) = read("[topic.t]");
        specs[0].examples = Some(ExampleSpec { min: Some(min), ..examples(&LIKE, &[], ExampleUse::Or) });
        assert_eq!(TopicSet::compile(&specs, &sets).is_ok(), is_right, "{min}");
    }
}

#[test]
fn long_examples_are_kept_as_far_as_they_are_read() {
    let long = Article { body: "ä ".repeat(1 << 20), furniture: "x".into(), ..article(LIKE[0]) };
    let (whole, example) = (Bag::of(&long), Example::new(written("x.txt"), "x.txt".into(), long));
    let kept = example.article.expect("kept");
    assert!(kept.body.len() <= 16 * 1024 && kept.furniture.is_empty());
    assert_eq!(Bag::of(&kept), whole);
}

#[test]
fn auto_is_what_hardly_any_stored_article_reaches() {
    let spec = examples(&LIKE, &[], ExampleUse::Or);
    let set = set("", &spec);
    let said = |set: &TopicSet| one(set, &article(ROVER)).why_not[0].clone();
    assert!(said(&set).contains("(auto 0.20, the least, as nothing is stored yet)"), "{}", said(&set));
    let missile = article(UNLIKE[0]);
    let others: Vec<Article> = (0..400).map(made_up).collect();
    learn(&set, others.iter(), &Stored::default());
    assert!(said(&set).contains("(auto 0.20, the least, of 400 stored articles)"), "{}", said(&set));
    learn(&set, others.iter().chain([&missile]), &Stored::default());
    assert!(said(&set).contains(", of 401 stored articles)"), "{}", said(&set));
    assert!(!one(&set, &missile).matched, "{:#?}", one(&set, &missile));
    assert!(one(&set, &article(FOLLOW_UP)).matched);
}

#[test]
fn what_is_about_the_topic_does_not_raise_auto() {
    let others: Vec<Article> = (0..400).map(made_up).collect();
    let follow_up = article(FOLLOW_UP);
    let threshold = |rule: &str| {
        let set = set(rule, &examples(&LIKE, &[], ExampleUse::Or));
        learn(&set, others.iter().chain([&follow_up]), &Stored::default());
        set
    };
    // The lines are true of the follow-up, so it says nothing about chance.
    let known = threshold("all = [\"Vladivostok\", \"missiles\"]");
    assert!(one(&known, &article(ROVER)).why_not.iter().any(|why| why.contains("auto 0.20")));
    // Without lines it counts; but the examples themselves set a bound.
    let unknown = threshold("");
    let said = one(&unknown, &article(ROVER)).why_not.join("\n");
    assert!(said.contains("as like as the examples are to each other"), "{said}");
}

#[test]
fn stored_articles_serve_as_examples() {
    let mut spec = examples(&LIKE, &[], ExampleUse::Or);
    for (number, example) in spec.like.iter_mut().enumerate() {
        (example.name, example.article) = (number.to_string(), None);
    }
    let set = set("", &spec);
    let names: Vec<String> = set.stored_examples().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["0", "1", "2"]);
    let none = one(&set, &article(FOLLOW_UP));
    assert_eq!(none.why_not, ["like: none of the examples can be compared"]);
    let mut stored = Stored::default();
    for (number, text) in LIKE.iter().enumerate() {
        stored.insert(&number.to_string(), article(text));
    }
    learn(&set, [].iter(), &stored);
    assert!(one(&set, &article(FOLLOW_UP)).matched);
}

/// An article of words that no other has, with some that all have.
fn made_up(number: usize) -> Article {
    let words: Vec<String> = (0..60).map(|place| format!("word{}", number * 37 + place)).collect();
    article(&format!("Report {number}\n\nRussia said on Monday that {}.", words.join(" ")))
}

/// Texts of few words, so that they share some.
fn text() -> impl Strategy<Value = Article> {
    vec(0_usize..60, 0..80).prop_map(|words| {
        let words: Vec<String> = words.into_iter().map(|word| format!("term{word}")).collect();
        Article { body: words.join(" "), ..Article::default() }
    })
}

fn vector(article: &Article) -> Option<Vector> {
    Vector::of(&Bag::of(article), &Frequencies::default())
}

fn vectors(articles: &[Article]) -> Vec<Vector> {
    articles.iter().filter_map(vector).collect()
}

proptest! {
    #[test]
    fn likeness_is_a_share_the_same_both_ways(a in text(), b in text()) {
        if let (Some(a), Some(b)) = (vector(&a), vector(&b)) {
            let cosine = a.cosine(&b);
            prop_assert!((0.0..=1.0).contains(&cosine));
            prop_assert_eq!(cosine.to_bits(), b.cosine(&a).to_bits());
            prop_assert!((a.cosine(&a) - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn neither_the_order_of_words_nor_of_examples_matters(
        (texts, shuffled) in vec(text(), 1..6).prop_flat_map(|texts| (Just(texts.clone()), Just(texts).prop_shuffle())),
        unlike in vec(text(), 0..3),
    ) {
        let reversed = |article: &Article| Article {
            body: article.body.split(' ').rev().collect::<Vec<_>>().join(" "),
            ..Article::default()
        };
        for article in &texts {
            prop_assert_eq!(vector(article), vector(&reversed(article)));
        }
        let unlike = vectors(&unlike);
        let (one, other) = (centroid(&vectors(&texts), &unlike), centroid(&vectors(&shuffled), &unlike));
        prop_assert_eq!(&one, &other);
        if let Some(one) = one {
            prop_assert!(one.weights().len() <= MAX_TERMS);
            prop_assert!(one.weights().iter().all(|(_, weight)| *weight > 0.0 && *weight <= 1.0001));
        }
        if let Some(least) = among_themselves(&vectors(&texts), &unlike) {
            prop_assert!((0.0..=1.0).contains(&least));
        }
    }

    #[test]
    fn the_index_passes_over_no_centroid_that_is_reached(
        examples in vec(vec(text(), 1..4), 1..8),
        article in text(),
        threshold in 0.05_f32..0.9,
    ) {
        let frequencies = Frequencies::default();
        let centroids: Vec<Vector> = examples.iter().filter_map(|texts| centroid(&vectors(texts), &[])).collect();
        let mut index = Index::default();
        for (number, centroid) in centroids.iter().enumerate() {
            index.add(number, centroid, threshold, &frequencies);
        }
        if let Some(article) = vector(&article) {
            let found = index.candidates(&article);
            prop_assert!(found.is_sorted());
            for (number, centroid) in centroids.iter().enumerate() {
                prop_assert!(centroid.cosine(&article) < threshold || found.contains(&number));
            }
        }
    }

    #[test]
    fn any_article_can_be_compared(title in any::<String>(), body in any::<String>()) {
        let any = Article { title, body, ..Article::default() };
        let bag = Bag::of(&any);
        prop_assert!(bag.counts.is_sorted_by_key(|(key, _)| *key));
        if let Some(vector) = Vector::of(&bag, &Frequencies::default()) {
            let length: f32 = vector.weights().iter().map(|(_, weight)| weight * weight).sum();
            prop_assert!((length - 1.0).abs() < 1e-3);
        }
        let topics = set("", &examples(&LIKE, &[], ExampleUse::Or));
        one(&topics, &any);
    }
}

#[test]
fn a_common_word_weighs_less_than_a_rare_one() {
    let mut frequencies = Frequencies::default();
    (0..300).for_each(|number| frequencies.count(&Bag::of(&made_up(number))));
    let idf = |frequencies: &Frequencies, word: &str| frequencies.idf(Key::of(word));
    let known = |word| idf(&frequencies, word);
    assert!(known("the") < known("russia") && known("russia") < known("vladivostok"), "{}", known("russia"));
    frequencies.settle();
    assert!(idf(&frequencies, "vladivostok") > 5.0);
}
