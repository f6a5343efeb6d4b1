//! Whoever is told of a rule is told of it as it is written, however much topics share.

use proptest::prelude::*;

use super::super::term::{Term, parse};
use super::{article, compile};

const TERMS: [&str; 18] = [
    "Kim",
    "kim",
    "=Kim",
    "title:Kim",
    "title: kim",
    "body:(Kim | =US)",
    "(Kim|kim)",
    "arm*",
    "arms",
    "~visit",
    "visited",
    "anti-tank",
    "antitank",
    "=US",
    "/k.m/",
    "@pair",
    "body:@pair",
    "Kim's",
];
const SETS: &str = "[sets]\npair = ['Kim', '=Kim', 'body: kim', 'arms']\n";
const PAIR: [&str; 4] = ["Kim", "=Kim", "body: kim", "arms"];

/// A string of a rule: terms with something between them, and around them.
fn string() -> impl Strategy<Value = String> {
    let terms = proptest::collection::vec((0..TERMS.len(), 0..4_usize), 1..5);
    terms.prop_map(|terms| {
        let before = |(place, (term, gap)): (usize, &(usize, usize))| {
            let gap = if place == 0 { ["", "", " ", ""][*gap] } else { [" | ", " | ", "|", " |  "][*gap] };
            format!("{gap}{}", TERMS[*term])
        };
        terms.iter().enumerate().map(before).collect()
    })
}

/// The terms of `text` as written.
fn terms_of(text: &str) -> Vec<String> {
    let (alternatives, faults) = parse(text);
    assert!(faults.is_empty(), "{text}");
    let of_one = |one: super::super::term::Alternative| match one.term {
        Term::Set(_) => PAIR.into_iter().flat_map(terms_of).collect(),
        Term::Phrase(_) => vec![one.written],
    };
    alternatives.into_iter().flat_map(of_one).collect()
}

proptest! {
    #[test]
    fn lines_and_terms_are_told_as_written(lines in proptest::collection::vec(proptest::collection::vec(string(), 1..3), 1..12)) {
        let topic = |(number, strings): (usize, &Vec<String>)| {
            format!("[topic.t{number:02}]\nall = ['zzz', {{ any = {strings:?} }}]\nmin_score = 0\n")
        };
        let set = compile(&format!("{SETS}{}", lines.iter().enumerate().map(topic).collect::<String>()));
        let line = |strings: &[String]| strings.iter().map(|text| text.trim()).collect::<Vec<_>>().join(" | ");

        let whole = article("Kim", "zzz: kim of the US visited arms, anti-tank and antitank.");
        for (strings, judged) in lines.iter().zip(set.explain(&whole)) {
            prop_assert!(judged.matched);
            let terms: Vec<String> = strings.iter().flat_map(|text| terms_of(text)).collect();
            let evidence: Vec<_> = judged.evidence.iter().filter(|one| one.line != "zzz").collect();
            prop_assert!(!evidence.is_empty());
            for one in evidence {
                prop_assert_eq!(&one.line, &line(strings));
                prop_assert!(terms.contains(&one.term), "{} of {:?}", one.term, strings);
            }
        }
        let lacks: Vec<_> = set.judge(&article("zzz", "")).into_iter().filter_map(|one| one.near_miss).collect();
        prop_assert_eq!(lacks, lines.iter().map(|strings| line(strings)).collect::<Vec<_>>());
    }
}
