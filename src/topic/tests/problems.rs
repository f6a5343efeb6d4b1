//! What is wrong with rules, and what is told about it.

use super::{problems, read};
use crate::topic::TopicSet;

/// `message (hint)`, with `warning: ` in front of warnings.
fn shown(toml: &str) -> Vec<String> {
    let line = |problem: crate::topic::TopicProblem| {
        let hint = problem.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}{}{hint}", if problem.warning { "warning: " } else { "" }, problem.message)
    };
    problems(toml).into_iter().map(line).collect()
}

#[test]
fn sets() {
    assert_eq!(
        shown("[sets]\narms = [\"shells\"]\n[topic.t]\nall = [\"@armz\", \"body:@sanctions\"]"),
        ["unknown set `@armz` (did you mean `@arms`?)", "unknown set `@sanctions` (define it under [sets])",]
    );
    assert_eq!(
        shown(
            "[sets]\na = [\"@b\"]\nb = [\"x\", \"@c\"]\nc = [\"@a\"]\nd = [\"@a\"]\ne = [\"@e\"]\n[topic.t]\nall = [\"@d\"]"
        ),
        [
            "sets in a circle: @a → @b → @c → @a (take one of them out of the other)",
            "sets in a circle: @e → @e (take one of them out of the other)",
        ]
    );
    assert_eq!(
        shown("[sets]\na = []\nb = [\"@aa\", \"we*\"]\n[topic.t]\nall = [\"@b\"]"),
        [
            "set `a` is empty (give it a phrase, or remove it)",
            "unknown set `@aa` (did you mean `@a`?)",
            "prefix `we*` is under 3 letters (write more of the word, or the whole words)",
        ]
    );
    assert_eq!(
        shown("[sets]\na = [\"title:x\"]\n[topic.t]\nall = [\"lead:@a\"]"),
        ["`lead:@a` can never hit: the set's own zones are others"]
    );
}

#[test]
fn topics_as_a_whole() {
    for (rule, problem) in [
        (
            "none = [\"x\"]",
            "topic `t` has no line that says what to look for (give it `all = [\"…\"]`, `any = [\"…\"]` or `query = '…'`)",
        ),
        (
            "all = [\"x\"]\nnear = 60",
            "near = 60 needs at least two lines in `all` (split the line in two, or remove near)",
        ),
        (
            "all = [\"x\", \"y\"]\nnear = 0",
            "near = 0 leaves no room for a word (write a number of words, such as 60)",
        ),
        (
            "any = [\"x\", \"y\"]\nmin = 3",
            "min = 3, but `any` has 2 lines (lower min, or add lines to `any`)",
        ),
        ("any = [\"x\", \"y\"]\nmin = 0", "min = 0 asks for nothing (write 1 or more, or remove min)"),
        (
            "all = [\"x\"]\nalso = [{ near = 3 }]",
            "near = 3 needs at least two lines in `all` (split the line in two, or remove near)",
        ),
        ("all = [\"x\"]\nalso = [{}]", "a way in without lines (give it `all = [\"…\"]`)"),
        ("all = [{ any = [], weight = 1 }]", "a line without terms (give it a phrase, or remove it)"),
        (
            "all = [{ any = [\"x\"], weight = -1 }]",
            "weight -1 of a line (write a number above 0; 1 is usual)",
        ),
        ("all = [\"x\"]\nmin_score = 101", "min_score 101 is never reached (scores go from 0 to 100)"),
        (
            "all = [\"x\"]\nmask = [\"~yyy*\"]",
            "`~yyy*` has both `~` and `*` (drop one of them: all forms of a word is for whole words)",
        ),
        ("all = [\"x\"]\nnone = [\"titel:y\"]", "unknown zone `titel:` (did you mean `title:`?)"),
    ] {
        let all = shown(&format!("[topic.t]\n{rule}"));
        assert!(all.contains(&problem.to_owned()), "{rule}: {all:#?}");
    }
}

#[test]
fn warnings_do_not_stop_a_rule() {
    for (rule, warning) in [
        (
            "all = [\"news\"]",
            "warning: `news` alone is in nearly every article (add a second line, or more words)",
        ),
        (
            "all = [\"furniture: Kim\"]",
            "warning: `furniture:Kim` never counts: furniture weighs 0 (give furniture a weight in `fields`, or remove the prefix)",
        ),
        (
            "all = [\"Kim AND Putin\"]",
            "warning: `AND` in `Kim AND Putin` is an ordinary word here (write the topic as query = '…', or a line for each part and `|` between alternatives)",
        ),
    ] {
        let toml = format!("[topic.t]\n{rule}");
        assert_eq!(shown(&toml), [warning]);
        let (specs, sets) = read(&toml);
        assert!(TopicSet::compile(&specs, &sets).is_ok_and(|(_, warnings)| warnings.len() == 1));
    }
    for quiet in ["all = [\"news\", \"Kim\"]", "all = [\"Kim\"]", "all = [\"=US\"]", "all = [\"world cup\"]"]
    {
        assert_eq!(shown(&format!("[topic.t]\n{quiet}")), Vec::<String>::new(), "{quiet}");
    }
}

#[test]
fn topics_that_can_never_match_or_nearly_always_do() {
    const ZERO: &str = "fields = { title = 0.0 }";
    for (rule, warning) in [
        (
            "all = [\"Kim\"]\nin = [\"furniture\"]",
            "nothing counts in topic `t`: `in` names only furniture, which weighs 0",
        ),
        (
            &format!("all = [\"Kim\"]\nin = [\"title\"]\n{ZERO}"),
            "nothing counts in topic `t`: `in` names only title, which weighs 0",
        ),
        (
            &format!("all = [\"title:Kim | body:Putin\"]\nin = [\"title\", \"body\"]\n{ZERO}"),
            "`title:Kim` never counts: title weighs 0",
        ),
        ("all = [\"NOT Kim\"]", "`NOT` in `NOT Kim` is an ordinary word here"),
        (
            "all = [\"Kim | Putin\", \"x\"]\nnone = [\"putin\", \"KIM\"]",
            "`putin` keeps out what the topic asks for: it can never match",
        ),
        (
            "all = [\"Kim Jong Un\", \"Putin\"]\nnone = [\"Kim\"]",
            "`Kim` keeps out what the topic asks for: it can hardly ever match",
        ),
        (
            "all = [\"Kim Jong Un\"]\nnone = [\"jong un\"]",
            "`jong un` keeps out what the topic asks for: it can hardly ever match",
        ),
        ("query = 'title:Kim AND NOT Kim'", "`Kim` keeps out what the topic asks for: it can never match"),
        ("all = [\"Kim\"]\nsources = { skip = [\"*\"] }", "`*` skips every host: the topic can never match"),
        (
            "all = [\"Kim Jong Un\", \"Putin\"]\nnear = 1",
            "no window of 1 can hold what is to stand near: that takes 2 words",
        ),
        (
            "query = '\"the of in by to\" ONEAR/5 Putin'",
            "no window of 5 can hold what is to stand near: that takes 6 words",
        ),
        ("all = [\"the\", \"a\"]", "`the` and `a` are in nearly every article"),
        ("all = [\"the's.\", \"-a\"]", "`the's.` and `-a` are in nearly every article"),
        ("query = '(the AND (x OR of)) OR Kim'", "`the` and `of` are in nearly every article"),
    ] {
        let all = problems(&format!("[topic.t]\n{rule}"));
        let told: Vec<_> = all.iter().map(|one| (one.message.as_str(), one.warning)).collect();
        assert_eq!(told, [(warning, true)], "{rule}");
    }
    for quiet in [
        "all = [\"Kim\"]\nin = [\"furniture\", \"body\"]",
        "all = [\"Kim | Putin\"]\nnone = [\"Kim\"]",
        "all = [\"Kim\"]\nnone = [\"title:Kim\"]",
        "any = [\"Kim\", \"Putin\"]\nnone = [\"Kim\"]",
        "all = [\"Kim\"]\nnone = [\"=KIM\"]",
        "all = [\"Kim\"]\nnone = [\"Kim Jong Un\"]",
        "all = [\"Kim Jong Un\"]\nnone = [\"Kim Un\"]",
        "all = [\"anti-tank\"]\nnone = [\"tank\"]",
        "all = [\"Kim Jong Un\", \"Putin\"]\nnear = 4",
        "all = [\"Kim\", \"Kim Jong\"]\nnear = 2",
        "query = 'weapon* NEAR/1 weapons'",
        "all = [\"the\", \"Kim\"]",
        "all = [\"Kim\"]\nsources = { skip = [\"*.example.org\"] }",
    ] {
        assert_eq!(shown(&format!("[topic.t]\n{quiet}")), Vec::<String>::new(), "{quiet}");
    }
}

#[test]
fn every_problem_is_told_at_once_where_it_stands() {
    let (specs, sets) =
        read("[sets]\ns = [\"ar*\"]\n[topic.t]\nall = [\"@x\", \"!\"]\n[topic.u]\nany = [\"yy*\"]");
    let problems = TopicSet::compile(&specs, &sets).map(|_| ()).expect_err("four problems");
    assert_eq!(
        problems.iter().map(|problem| problem.at.text.as_str()).collect::<Vec<_>>(),
        ["ar*", "!", "@x", "yy*"]
    );
}

#[test]
fn all_that_is_wrong_with_the_terms_of_a_query_is_told_at_once() {
    let query = |text: &str| shown(&format!("[topic.t]\nquery = '''{text}'''"));
    let prefix = "prefix `ar*` is under 3 letters (write more of the word, or the whole words)";
    assert_eq!(
        query("titel:(ar* | @armz) AND /(/ AND ATLEAST/2 (ar* | @armz) AND ATLEAST/3 (a | ar*)"),
        [
            "unknown zone `titel:` (did you mean `title:`?)",
            prefix,
            "no regular expression: unclosed group (look-around and back-references are not supported; `\\` before a sign takes it as it is)",
            prefix,
            prefix,
            "unknown set `@armz` (define it under [sets])",
            "unknown set `@armz` (define it under [sets])",
        ]
    );
    assert_eq!(query("ATLEAST/3 (a | @armz)"), ["unknown set `@armz` (define it under [sets])"]);
    assert_eq!(
        shown("[sets]\nr = [\"@s\"]\ns = [\"ar*\", \"b\"]\n[topic.t]\nquery = 'ATLEAST/2 @r'"),
        [prefix]
    );
    assert_eq!(
        shown(
            "[topic.t]\nall = [\"Kim\"]\nescalate = [{ to = \"critical\", when = 'ar* AND titel:x AND @armz' }]"
        ),
        [
            "unknown zone `titel:` (did you mean `title:`?)",
            prefix,
            "unknown set `@armz` (define it under [sets])"
        ]
    );
    // Behind what is wrong with the grammar nothing is read; a single term makes no further trouble.
    let grammar = query("ar* NEAR/5 b NEAR/9 @armz");
    assert_eq!((grammar.len(), &grammar[0]), (2, &prefix.to_owned()), "{grammar:?}");
    assert_eq!(query("ar*"), [prefix]);
    let (single, two) = (query("'Kim Jong Un' AND ar*"), query("ar* OR NOT b"));
    assert_eq!(single, ["single quotes make no phrase (write double quotes: \"Kim Jong Un\")"]);
    assert!(two.len() == 2 && two[1].starts_with("one side of an OR"), "{two:?}");
    assert_eq!(query(&"ar* | ".repeat(1000)).len(), 21, "and not a thousand of one query");
}
