//! What queries are read as, how they are printed, and what is refused.

use proptest::prelude::*;

use super::super::problem::Fault;
use super::super::spec::Written;
use super::super::term::{Alternative, Form, Phrase, Term};
use super::super::zones::Zones;
use super::{Expr, Line, MAX_DEPTH, Part, grammar};
use crate::article::Zone;

fn written(text: &str) -> Written {
    Written { text: text.to_owned(), file: 0, at: 0..0 }
}

/// Of all that is wrong, the first.
fn parse(written: &Written) -> Result<Expr<'_>, Fault> {
    let mut faults = Vec::new();
    let read = grammar::parse(written, &mut faults);
    faults.into_iter().next().map_or(read, Err)
}

fn printed(text: &str) -> String {
    parse(&written(text)).map(|expr| expr.to_string()).expect("a query")
}

/// Message, hint, and the part of the text that is meant.
fn fault(text: &str) -> (String, String, String) {
    let fault = parse(&written(text)).map(|expr| expr.to_string()).expect_err(text);
    let part = fault.within.map_or("", |within| text.get(within).expect("on character boundaries"));
    (fault.message, fault.hint.unwrap_or_default(), part.to_owned())
}

#[test]
fn operators_bind() {
    for (text, same) in [
        ("a OR b AND c", "a OR (b AND c)"),
        ("a AND b OR c AND d", "(a AND b) OR (c AND d)"),
        ("a AND b NEAR/5 c", "a AND (b NEAR/5 c)"),
        ("a AND NOT b NEAR/5 c", "a AND NOT (b NEAR/5 c)"),
        ("(a NEAR/5 b) NEAR/60 c", "((a NEAR/5 b)) NEAR/60 (c)"),
        ("a ONEAR/3 b ONEAR/3 c", "a   ONEAR/3\nb ONEAR/3 c"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("title:(a OR b AND (lead | c))", "title:a OR title:b AND (title:lead | title:c)"),
        ("title: =\"Mr. Kim\" | @nk", "(title:=\"Mr. Kim\" | @nk)"),
        ("ATLEAST/2 @nk AND a", "(ATLEAST/2 @nk) AND a"),
        ("ATLEAST/2 (a OR b AND c OR d)", "ATLEAST/2 (a OR (b AND c) OR d)"),
        ("ATLEAST/2 (a|b)", "ATLEAST/2 (a | b)"),
        ("(a | b)^2 AND c^0.5", "((a | b))^2 AND (c^0.5)"),
        ("“Kim Jong Un” AND x", "\"Kim Jong Un\" AND x"),
        (r"/CVE-\d+|a\/b/ AND x", r"( /CVE-\d+|a\/b/ ) AND x"),
        ("~sell AND weapon* AND \"armoured train*\"", "~\"sell\" AND \"weapon*\" AND \"armoured train*\""),
        ("COVID:x AND y", "\"COVID:x\" AND y"),
        ("\"and\" AND near AND \"AND\"", "\"and\" AND \"near\" AND \"AND\""),
    ] {
        assert_eq!(parse(&written(text)), parse(&written(same)), "{text}");
        assert_eq!(printed(text), printed(same), "{text}");
        assert_eq!(printed(&printed(text)), printed(text), "{text}");
    }
    assert_eq!(printed("((a)) AND (b OR c)"), "a AND (b OR c)");
    assert_eq!(printed("title:(x|y) OR NOT z AND q"), "(title:x | title:y) OR NOT z AND q");
}

#[test]
fn what_is_refused_is_told_with_its_place() {
    let faults: Vec<_> = include_str!("../../../tests/fixtures/topic/refused.txt")
        .lines()
        .map(|line| {
            let (message, hint, part) = fault(line);
            format!("{line}\n    {message}\n    at: {part}\n    hint: {hint}\n")
        })
        .collect();
    insta::with_settings!({ snapshot_path => "../../../tests/fixtures/topic", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("refused", faults.concat());
    });
}

#[test]
fn zones_by_other_names_and_with_white_space_are_refused() {
    for (query, message, hint) in [
        ("headline:Kim", "unknown zone `headline:`", "did you mean `title:`?"),
        ("x AND text:(Kim OR y)", "unknown zone `text:`", "did you mean `body:`?"),
        ("title : Kim", "white space before the colon of a zone", "write `title:`"),
        ("x AND lead :(Kim OR y)", "white space before the colon of a zone", "write `lead:`"),
        ("header :Kim", "white space before the colon of a zone", "did you mean `title:`?"),
    ] {
        let query = written(query);
        let fault = parse(&query).expect_err("refused");
        assert_eq!((fault.message.as_str(), fault.hint.as_deref()), (message, Some(hint)), "{}", query.text);
        assert!(fault.within.is_some());
    }
}

#[test]
fn hostile_queries_are_bounded() {
    for (open, close) in
        [("(", ")"), ("NOT (", ")"), ("title:(", ")"), ("ATLEAST/2 (a OR ", ")"), ("ATLEAST/2 ", "")]
    {
        let text = format!("{}x{}", open.repeat(1000), close.repeat(1000));
        assert!(parse(&written(&text)).is_err(), "{open}");
    }
    let deep = format!("{}x{}", "(".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1));
    assert_eq!(printed(&deep), "x");
    assert_eq!(fault(&"a OR ".repeat(4000)).0, "query of 20000 bytes");
}

fn term() -> impl Strategy<Value = Term> {
    let words = prop_oneof![
        "[a-z]{1,6}",
        "[A-Z][a-z]{2,5}( [a-zé&.:'’()|/^=~@-]{1,5}){0,2}[a-z]",
        "[김金и][a-z]{0,3}[\"“\\\\]?x",
        Just("AND".to_owned()),
        Just("NEAR/5".to_owned()),
        Just("title:x".to_owned()),
    ];
    let phrase = |form| move |words| Term::Phrase(Phrase { words, form });
    prop_oneof![
        4 => words.clone().prop_map(phrase(Form::Folded)),
        1 => words.clone().prop_map(phrase(Form::ExactCase)),
        1 => words.prop_map(phrase(Form::Stem)),
        // Of each pair of letters folding leaves one at the least ("hah" → "ha", "aet" → "et").
        1 => "[a-z]{5,7}|[a-z]{2} [a-z]{5}".prop_map(phrase(Form::Prefix)),
        1 => Just(phrase(Form::Regex)(r"[a|b]\/(\d+) ".to_owned())),
        1 => "[a-z_]{1,5}|набор".prop_map(Term::Set),
    ]
}

fn line() -> impl Strategy<Value = Line<'static>> {
    let zones = prop_oneof![3 => Just(Zones::ALL), 1 => Just(Zones::of(Zone::Title)), 1 => Just(Zones::of(Zone::Body))];
    let part = (term(), zones).prop_map(|(term, zones)| Part {
        alternative: Alternative { term, zones, written: String::new() },
        at: Box::leak(Box::new(written(""))),
        within: None,
    });
    (proptest::collection::vec(part, 1..4), prop_oneof![3 => Just(1.0_f32), 1 => Just(2.5)])
        .prop_map(|(parts, weight)| Line { parts, weight, written: String::new() })
}

fn expr() -> impl Strategy<Value = Expr<'static>> {
    let in_window = line().prop_map(Expr::Line).prop_recursive(2, 6, 3, |part| {
        let parts = proptest::collection::vec(part, 2..4);
        prop_oneof![
            parts.clone().prop_map(Expr::or),
            (parts, 1_usize..20, any::<bool>()).prop_map(|(of, words, ordered)| Expr::Near {
                words,
                ordered,
                of
            }),
        ]
    });
    in_window.prop_recursive(4, 24, 3, |part| {
        let parts = proptest::collection::vec(part.clone(), 2..4);
        let no_or = |of: Vec<Expr<'static>>| of.into_iter().all(|part| !matches!(part, Expr::Or(_)));
        prop_oneof![
            parts.clone().prop_map(Expr::or),
            parts.clone().prop_map(Expr::and),
            parts
                .prop_filter("an OR in the list is the list", move |of| no_or(of.clone()))
                .prop_map(|of| Expr::AtLeast { min: 2, of }),
            (part.clone(), part)
                .prop_filter("NOT NOT", |(_, not)| not.asks_for_something())
                .prop_map(|(one, not)| Expr::and(vec![one, Expr::Not(Box::new(not))])),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same(expr in expr()) {
        let text = written(&expr.to_string());
        let again = parse(&text);
        prop_assert!(again.as_ref().is_ok_and(|again| *again == expr), "{}\n{again:#?}\n{expr:#?}", text.text);
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place(text in "\\PC{0,60}|([a-z]{1,3}|[ ()|\"/^=~@:*]|AND|OR|NOT|NEAR/5|ATLEAST/2|title:| ){0,20}") {
        let query = written(&text);
        match parse(&query) {
            Ok(expr) => {
                let again = written(&expr.to_string());
                prop_assert_eq!(parse(&again), Ok(expr), "{}", again.text);
            }
            Err(fault) => {
                let within = fault.within.unwrap_or(0..0);
                prop_assert!(text.get(within).is_some());
                prop_assert!(fault.hint.is_some());
            }
        }
    }
}
