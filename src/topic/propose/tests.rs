//! Topics from examples: readable, true of their own examples, not of what is not meant.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Given, Keys, NoProposal, propose};
use crate::article::Article;
use crate::story::reporters;

fn article(text: &str) -> Article {
    let (title, text) = text.trim().split_once("\n\n").unwrap_or(("", text));
    let (lead, body) = text.split_once("\n\n").unwrap_or((text, ""));
    Article { title: title.into(), lead: lead.into(), body: body.into(), ..Article::default() }
}

fn given(texts: &[(&str, &str)]) -> Vec<Given> {
    let given = |(name, text): &(&str, &str)| Given {
        name: Some((*name).to_owned()),
        called: (*name).to_owned(),
        article: Arc::new(article(text)),
    };
    texts.iter().map(given).collect()
}

fn like() -> Vec<Given> {
    given(&[
        ("like/broadsheet.txt", include_str!("../../../tests/fixtures/example/like/broadsheet.txt")),
        ("like/wire.txt", include_str!("../../../tests/fixtures/example/like/wire.txt")),
        ("like/tabloid.txt", include_str!("../../../tests/fixtures/example/like/tabloid.txt")),
    ])
}

fn unlike() -> Vec<Given> {
    given(&[
        ("unlike/missile-test.txt", include_str!("../../../tests/fixtures/example/unlike/missile-test.txt")),
        ("unlike/grain.txt", include_str!("../../../tests/fixtures/example/unlike/grain.txt")),
    ])
}

#[test]
fn the_reference_story_makes_a_readable_topic() {
    let proposal = propose(&like(), &unlike(), None, Keys::default(), reporters).expect("a topic");
    for judged in &proposal.judged {
        assert_eq!(judged.matched, judged.like, "{judged:?}\n{}", proposal.toml);
    }
    insta::assert_snapshot!("reference-story", proposal.toml);
}

#[test]
fn who_reports_is_no_term_unless_it_is_the_news() {
    let told = |name: &'static str, title: &str| {
        let text = format!(
            "{title}\n\nThe ferry of Quillport stays in port, The New York Times and Reuters reported on Friday.\n\n\
             The Times spoke to the captain of the ferry, Ada Quill. Reuters spoke to passengers who live in New York. \
             The National Security Council of Quillport was silent, it told The National."
        );
        Given { name: Some(name.into()), called: name.into(), article: Arc::new(article(&text)) }
    };
    let proposed = |titles: [&str; 2]| {
        let like = [told("a", titles[0]), told("b", titles[1])];
        propose(&like, &[], None, Keys::default(), reporters).expect("a topic").toml
    };
    let ferry = proposed(["Ferry strike in Quillport", "Strike holds the ferry of Quillport"]);
    assert!(ferry.contains("Quillport") && !ferry.contains("Times") && !ferry.contains("Reuters"), "{ferry}");
    let outlet = proposed(["Reuters staff go on strike in Quillport", "Quillport: strike at Reuters"]);
    assert!(ferry.contains("National Security Council"), "{ferry}");
    assert!(outlet.contains("\"Reuters\"") && !outlet.contains("Times"), "{outlet}");
}

#[test]
fn one_example_is_enough() {
    for one in like() {
        let proposal =
            propose(std::slice::from_ref(&one), &[], Some("mine"), Keys { expect: true }, reporters)
                .expect("a topic");
        assert!(proposal.judged[0].matched, "{}", proposal.toml);
        assert!(
            proposal.toml.contains("[topic.mine]") && proposal.toml.contains("expect = { match"),
            "{}",
            proposal.toml
        );
        toml::Table::try_from(proposal.toml.parse::<toml::Table>().expect("TOML")).expect("a table");
    }
}

#[test]
fn what_is_not_meant_is_kept_out_by_a_word_that_only_it_has() {
    let like = given(&[(
        "a",
        "Kim in Moscow\n\nKim Jong Un met Vladimir Putin in Moscow and spoke of weapons for the front.",
    )]);
    let unlike = given(&[(
        "b",
        "Kim in Moscow: horoscope\n\nKim Jong Un met Vladimir Putin in Moscow, and the stars spoke of weapons.",
    )]);
    let proposal = propose(&like, &unlike, None, Keys::default(), reporters).expect("a topic");
    assert!(proposal.toml.contains("\"title: horoscope\""), "{}", proposal.toml);
    assert!(proposal.judged[0].matched && !proposal.judged[1].matched, "{}", proposal.toml);
}

#[test]
fn examples_without_anything_in_common_make_no_topic() {
    let like = given(&[("a", "Alpha\n\nBeta gamma delta."), ("b", "Epsilon\n\nZeta eta theta.")]);
    assert_eq!(propose(&like, &[], None, Keys::default(), reporters), Err(NoProposal::NothingShared));
}

proptest! {
    #[test]
    fn any_texts_make_valid_toml_that_matches_them_or_nothing(
        texts in proptest::collection::vec("(\\PC|[A-Z][a-z]{3,8} |\\n\\n){0,40}", 1..3),
        name in "\\PC{0,12}",
    ) {
        let like: Vec<Given> = texts
            .iter()
            .map(|text| Given { name: Some(name.clone()), called: name.clone(), article: Arc::new(article(text)) })
            .collect();
        match propose(&like, &[], None, Keys::default(), reporters) {
            Ok(proposal) => {
                prop_assert!(proposal.toml.parse::<toml::Table>().is_ok(), "{}", proposal.toml);
                prop_assert!(proposal.judged.iter().all(|judged| judged.matched), "{}", proposal.toml);
            }
            Err(error) => prop_assert_eq!(error, NoProposal::NothingShared),
        }
    }
}
