//! What judging passes over, in random sets of rules with everything in them, on articles in turn: each verdict must be
//! that of a full look at the topic alone.

use proptest::prelude::*;

use super::{article, as_judged, compile, is_told};
use crate::article::Article;

const TERMS: [&str; 16] = [
    "kim",
    "putin",
    "=Putin",
    "arm*",
    "~visit",
    "anti-tank",
    "北韓",
    "김정은",
    "=US",
    "/k.m/",
    "kim putin",
    "title:train",
    "body:kim",
    "furniture:grain",
    "@pair",
    "@many",
];
const WORDS: [&str; 17] = [
    "kim",
    "Putin",
    "putin",
    "arms",
    "army",
    "visited",
    "visiting",
    "anti",
    "tank",
    "北韓",
    "김정은이",
    "US",
    "us",
    "train",
    "grain",
    "Kim",
    "w1",
];
const SETS: &str = "[sets]\npair = ['kim', 'title:putin']\nmany = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8', 'w9', 'w10', 'w11', 'w12', 'w13', 'tank']\n";

fn line() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..TERMS.len(), 1..4)
        .prop_map(|terms| terms.into_iter().map(|term| TERMS[term]).collect::<Vec<_>>().join(" | "))
        .prop_filter("an expression alone", |line| line.trim() != "/k.m/" && line != "/k.m/ | /k.m/")
}

fn list(lines: &[String]) -> String {
    format!("[{}]", lines.iter().map(|line| format!("'{line}'")).collect::<Vec<_>>().join(", "))
}

fn query() -> impl Strategy<Value = String> {
    let leaf = line().prop_map(|line| format!("({line})"));
    leaf.prop_recursive(3, 10, 3, |part| {
        let parts = proptest::collection::vec(part.clone(), 2..4);
        prop_oneof![
            parts.clone().prop_map(|of| format!("({})", of.join(" AND "))),
            parts.clone().prop_map(|of| format!("({})", of.join(" OR "))),
            parts.clone().prop_map(|of| format!("(ATLEAST/2 ({}))", of.join(" OR "))),
            (part.clone(), part.clone()).prop_map(|(one, other)| format!("({one} AND NOT {other})")),
            (line(), line(), 1..9_usize).prop_map(|(one, other, n)| format!("(({one}) NEAR/{n} ({other}))")),
            (line(), line(), 1..9_usize).prop_map(|(one, other, n)| format!("(({one}) ONEAR/{n} ({other}))")),
            Just("(ATLEAST/2 @many)".to_owned()),
            Just("(ATLEAST/2 @pair)".to_owned()),
        ]
    })
}

fn rule() -> impl Strategy<Value = String> {
    use proptest::collection::vec;
    let lines = (vec(line(), 0..4), vec(line(), 0..4), 1..4_usize, proptest::option::of(1..12_usize))
        .prop_map(|(mut all, any, min, near)| {
            if all.is_empty() && any.is_empty() {
                all.push("kim".to_owned());
            }
            let near =
                near.filter(|_| all.len() > 1).map(|near| format!("near = {near}\n")).unwrap_or_default();
            let min = if any.is_empty() { String::new() } else { format!("min = {}\n", min.min(any.len())) };
            format!("all = {}\nany = {}\n{near}{min}", list(&all), list(&any))
        });
    let way = prop_oneof![2 => lines, 1 => query().prop_map(|query| format!("query = '''{query}'''\n"))];
    let extras = [
        "in = ['title', 'body']\n",
        "in = ['lead']\n",
        "lang = ['en', 'ko']\n",
        "boost = { train = 30, 'visit* | arms' = -40 }\n",
        "sources = { skip = ['*.skip.example'] }\n",
        "sources = { only = ['good.example'] }\n",
        "mask = ['kim putin', 'anti tank']\n",
        "none = ['grain', 'title:train']\n",
        "none = ['furniture:train']\n",
        "also = [{ all = ['train', 'army'], near = 5 }]\n",
        "min_score = 0\n",
        "min_score = 75\n",
        "fields = { lead = 0.0, furniture = 0.3 }\n",
        "escalate = [{ to = 'critical', when = 'kim AND train' }]\n",
    ];
    (way, vec(0..extras.len(), 0..4)).prop_map(move |(way, chosen)| {
        let mut rule = way;
        for extra in chosen {
            let key = extras[extra].split(' ').next().unwrap();
            if !rule.lines().any(|line| line.starts_with(&format!("{key} "))) {
                rule.push_str(extras[extra]);
            }
        }
        rule
    })
}

fn subject() -> impl Strategy<Value = Article> {
    let zone = || {
        proptest::collection::vec((0..WORDS.len(), 0..5_usize), 0..10).prop_map(|words| {
            words
                .into_iter()
                .flat_map(|(word, gap)| [WORDS[word], [" ", " ", "-", ". ", "\n\n"][gap]])
                .collect::<String>()
        })
    };
    (zone(), zone(), zone(), zone(), 0..4_usize, 0..3_usize).prop_map(
        |(title, lead, body, furniture, language, host)| Article {
            lead,
            furniture,
            language: ["", "en", "ko-KR", "de"]
                .get(language)
                .filter(|l| !l.is_empty())
                .map(|l| (*l).to_owned()),
            url: ["https://good.example/1", "https://a.skip.example/2"]
                .get(host)
                .map(|url| url.parse().unwrap()),
            ..article(&title, &body)
        },
    )
}

fn readable(toml: &str) -> bool {
    let (specs, sets) = super::read(toml);
    crate::topic::TopicSet::compile(&specs, &sets).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn each_topic_is_judged_as_if_alone(
        rules in proptest::collection::vec(rule(), 1..14),
        subjects in proptest::collection::vec(subject(), 1..8),
        counted in proptest::collection::vec(subject(), 0..4),
    ) {
        let rules: Vec<_> = rules.iter().enumerate().map(|(id, rule)| format!("{SETS}[topic.t{id:02}]\n{rule}"))
            .filter(|rule| readable(rule)).collect();
        let own: Vec<_> = rules.iter().map(|rule| rule.strip_prefix(SETS).unwrap().to_owned()).collect();
        let trust = |set: crate::topic::TopicSet| set.with_trust(&[(super::written("good.example"), 0.5), (super::written("*"), 1.2)]).unwrap();
        let set = trust(compile(&format!("{SETS}{}", own.concat())));
        let mut counts = set.count_phrases();
        for article in &counted { counts.count(&set, article); }
        for (number, subject) in subjects.iter().enumerate() {
            if number == 2 { set.refile(&counts); }
            let alone = rules.iter().flat_map(|rule| trust(compile(rule)).explain(subject));
            let alone: Vec<_> = alone.filter(is_told).map(|one| as_judged(&one)).collect();
            prop_assert_eq!(set.judge(subject), alone, "{}\n{:?}", own.concat(), subject);
        }
    }
}

/// More words than are remembered at once, in turn and by several at a time.
#[test]
fn what_is_forgotten_is_found_again() {
    const WORDS: usize = 50_000;
    let topic = |n| format!("[topic.t{n:02}]\nall = ['~wort{}en']\nmin_score = 0\n", n * 2_000);
    let set = compile(&(0..25).map(topic).collect::<Vec<_>>().concat());
    let judge = |language: &str| {
        for from in (0..WORDS).step_by(5_000) {
            let words: Vec<_> = (from..from + 5_000).map(|n| format!("wort{n}en")).collect();
            let subject = Article { language: Some(language.to_owned()), ..article("", &words.join(" ")) };
            let found: Vec<_> = set.judge(&subject).into_iter().map(|one| one.topic).collect();
            let wanted: Vec<_> = (from..from + 5_000)
                .filter(|n| n % 2_000 == 0)
                .map(|n| format!("t{:02}", n / 2_000))
                .collect();
            assert_eq!(found, wanted, "{language} from {from}");
        }
    };
    ["de", "ru", "de", "en"].into_iter().for_each(judge);
    std::thread::scope(|scope| {
        for language in ["de", "en", "ko"] {
            scope.spawn(move || judge(language));
        }
    });
}
