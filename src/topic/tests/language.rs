//! What queries, word forms, expressions, zones, boosts, escalations and hosts mean.

use url::Url;

use super::{article, compile, hits, one, problems, written};
use crate::article::Article;
use crate::topic::{Evaluation, Severity, TopicSet};

/// The one topic `t` with this query, on `article`.
fn query(query: &str, article: &Article) -> Evaluation {
    one(&format!("query = '''{query}'''\nmin_score = 0"), article)
}

fn matched(text: &str, body: &str) -> bool {
    query(text, &article("", body)).matched
}

#[test]
fn a_query_is_what_its_lines_are() {
    let text =
        Article { lead: "Russia sells arms".to_owned(), ..article("Kim to visit Putin", "The North, live") };
    for (lines, as_query) in [
        ("all = [\"Kim\", \"arms | shells\"]", "Kim AND (arms | shells)"),
        ("all = [\"Kim\", \"Putin\"]\nnear = 4", "Kim NEAR/4 Putin"),
        ("any = [\"Kim\", \"grain\"]", "Kim OR grain"),
        ("any = [\"Kim\", \"grain\", \"arms\"]\nmin = 2", "ATLEAST/2 (Kim OR grain OR arms)"),
        (
            "all = [\"grain\"]\nalso = [{ all = [\"Kim\", \"=Putin\"], near = 15 }]",
            "grain OR Kim NEAR/15 =Putin",
        ),
        (
            "all = [\"Kim\"]\nnone = [\"title: horoscope\", \"live blog\"]",
            "Kim AND NOT title:horoscope AND NOT \"live blog\"",
        ),
        ("all = [\"Kim\", { any = [\"arms\", \"shells\"], weight = 2 }]", "Kim AND (arms | shells)^2"),
    ] {
        let (specs, _) = super::read(&format!("[topic.t]\n{lines}"));
        assert_eq!(specs[0].as_query().as_deref(), Some(as_query));
        let (by_lines, by_query) = (one(&format!("{lines}\nmin_score = 0"), &text), query(as_query, &text));
        assert_eq!((by_lines.matched, by_lines.score), (by_query.matched, by_query.score), "{as_query}");
    }
}

#[test]
fn operators() {
    assert!(matched("Kim AND NOT Putin", "Kim alone") && !matched("Kim AND NOT Putin", "Kim and Putin"));
    assert!(matched("a1 OR b1 AND c1", "a1") && !matched("(a1 OR b1) AND c1", "a1"));
    assert!(
        matched("Kim ONEAR/4 Putin", "Kim meets Putin") && !matched("Kim ONEAR/4 Putin", "Putin meets Kim")
    );
    assert!(
        matched("Kim NEAR/3 Putin", "Putin meets Kim") && !matched("Kim NEAR/2 Putin", "Putin meets Kim")
    );
    let chain = "(Kim NEAR/3 Putin) NEAR/8 (arms OR shells)";
    assert!(matched(chain, "Putin meets Kim, who has many shells"));
    assert!(!matched(chain, "Kim will very soon meet Putin on shells"));
    assert!(!matched(chain, "Putin meets Kim, who has many and then many shells"));
}

#[test]
fn at_least_counts_different_ones() {
    let words = "ATLEAST/2 (Kim | Putin | shells)";
    assert!(!matched(words, "Kim, Kim and Kim") && matched(words, "Kim and Putin"));
    let set = "[sets]\nkim = [\"Kim Jong Un\", \"=Mr. Kim\"]\nnk = [\"@kim\", \"Pyongyang\"]\n[topic.t]\nmin_score = 0\n";
    let set = compile(&format!("{set}query = 'ATLEAST/2 @nk'"));
    let judge = |body: &str| set.explain(&article("", body)).remove(0);
    assert!(judge("Kim Jong Un, called Mr. Kim").matched);
    let once = judge("Pyongyang, or Pyongyang again");
    assert_eq!(once.why_not, ["ATLEAST/2: 1 different of @nk"]);
    assert!(
        judge("Kim Jong Un in Pyongyang").why.contains(&"ATLEAST/2 ok: 2 different terms of @nk".to_owned())
    );
    let few = query("ATLEAST/2 (a1 OR b1 AND c1 OR d1)", &article("", "a1 b1"));
    assert!(few.why_not.contains(&"ATLEAST/2: 1 of 3 hold".to_owned()), "{few:#?}");
}

#[test]
fn the_trace_of_a_query_speaks_its_words() {
    let vetoed = query("Kim AND NOT title:horoscope", &article("Horoscope", "Kim"));
    assert_eq!(vetoed.why_not, ["NOT title:horoscope: title \"Horoscope\""]);
    let far = query("Kim ONEAR/3 Putin", &article("", "Putin, then Kim"));
    assert_eq!(far.why_not, ["ONEAR/3: nowhere in this order"]);
    // A way that is vetoed does not close the other one.
    let open = query("Kim AND NOT Putin OR arms", &article("Kim, Putin", "arms"));
    assert!(open.matched && open.why_not.is_empty() && open.score == 40, "{open:#?}");
    let shut = query("Kim AND NOT Putin OR grain", &article("Kim, Putin", "arms"));
    assert_eq!(shut.why_not, ["NOT Putin: title \"Putin\""]);
}

#[test]
fn one_line_that_lacks_is_a_near_miss() {
    let near = |rule: &str, text: &Article| one(rule, text).near_miss;
    let text = article("Kim and Putin", "a train");
    let rule = "all = [\"Kim\", \"Putin\", \"arms | shells\"]";
    assert_eq!(near(rule, &text).as_deref(), Some("arms | shells"));
    assert_eq!(near("all = [\"Kim\", \"grain\", \"arms\"]", &text), None, "two lack");
    assert_eq!(near("all = [\"grain\"]", &text), None, "there is but one");
    assert_eq!(near(&format!("{rule}\nnone = [\"train\"]"), &text), None, "vetoed as well");
    assert_eq!(near("all = [\"Kim\"]\nany = [\"grain\", \"arms\"]", &text).as_deref(), Some("grain | arms"));
    assert_eq!(near("all = [\"Kim\", \"Putin\"]", &text), None, "it matched");
    let sidebar = Article { furniture: "Putin".to_owned(), ..article("Kim", "") };
    assert_eq!(near("all = [\"Kim\", \"Putin\"]", &sidebar).as_deref(), Some("Putin"));
    assert_eq!(one("all = [\"Putin\", \"arms\"]", &sidebar).near_miss, None, "no hit that counts");
    // However many terms the lines have.
    let long = |from: usize| (from..from + 40).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" | ");
    let rule = format!("all = [\"{}\", \"{}\"]", long(0), long(40));
    assert!(near(&rule, &article("", "w7")).is_some() && near(&rule, &article("", "w77")).is_some());
}

#[test]
fn word_forms() {
    let german = |rule: &str, body: &str| {
        let text = Article { language: Some("de".to_owned()), ..article("", body) };
        one(&format!("all = [{rule:?}]"), &text).matched
    };
    for text in ["they negotiate", "Negotiating again", "it was negotiated", "he negotiates"] {
        assert!(hits("~negotiate", text), "{text}");
    }
    assert!(hits("~trade deal", "trading deals") && !hits("~trade deal", "deals and trade"));
    assert!(
        hits("~organise", "organized")
            && hits("~air-strike", "two airstrikes")
            && hits("~airstrike", "air-strikes")
    );
    assert!(!hits("~sell", "sold") && !hits("~meet", "meat"));
    assert!(
        german("~Verhandlung", "die Verhandlungen")
            && german("~Waffe", "Waffen")
            && !german("~sell", "selling")
    );
    assert!(hits("~무기", "무기를 판다") && hits("~金正恩", "金正恩访问"));
    let evidence = one("all = [\"~negotiate\"]", &article("", "Kim's nephew negotiated")).evidence;
    assert_eq!(evidence.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["negotiated"]);
}

#[test]
fn expressions() {
    let rule = r"any = ['/CVE-20\d\d-\d{4,7}/', 'zero-day']";
    let hit = one(rule, &article("Patch now", "A flaw, CVE-2024-12345, is used."));
    assert!(hit.matched);
    assert_eq!(hit.evidence.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["CVE-2024-12345"]);
    assert!(!one(rule, &article("", "cve-2024-12345")).matched, "the text as it stands");
    assert!(one(r"any = ['/(?i)cve-\d+/', 'x1']", &article("", "Cve-7")).matched);
    assert!(one(r"any = ['title:/№|\$\$/', 'x1']", &article("Cash: $$", "")).matched);
    assert!(!one(r"any = ['/\$\$/', 'x1']", &article("", "no")).matched);
    assert!(matched(r"/\d+ tons?/ NEAR/6 grain", "sold 40 tons of grain"));
}

#[test]
fn only_the_zones_that_are_asked() {
    let text = Article { lead: "Putin".to_owned(), ..article("Visit", "Kim, horoscope") };
    let rule = |more: &str| format!("all = [\"Kim | Putin\"]\n{more}");
    assert!(one(&rule("in = [\"title\", \"lead\"]"), &text).matched);
    assert!(!one(&rule("in = [\"title\"]"), &text).matched);
    assert!(!one(&rule("in = [\"lead\"]\nnone = [\"horoscope\"]"), &text).matched, "vetoes look everywhere");
    let told = problems("[topic.t]\nall = [\"body:Kim\"]\nin = [\"title\"]");
    assert_eq!(told[0].message, "`body:Kim` can never hit: `in` names other zones");
}

#[test]
fn boosts_move_the_score_and_not_the_truth() {
    let rule =
        "all = [\"Kim\"]\nboost = { \"armoured train\" = 15, \"World Cup | Olympics\" = -30, grain = 5 }";
    let up = one(rule, &article("", "Kim in his armored train"));
    assert!(up.matched && up.score == 55);
    assert!(up.why.contains(&"boost  armoured train +15".to_owned()), "{up:#?}");
    let down = one(rule, &article("Kim", "Olympics"));
    assert_eq!((down.matched, down.score), (true, 70));
    assert!(!one(rule, &article("", "The armoured train")).matched);
    assert_eq!(one(rule, &article("Kim", "an armoured train")).score, 100, "capped");
}

#[test]
fn severity_rises() {
    let rule = "all = [\"Kim\"]\nescalate = [{ to = \"critical\", when = 'title:summit OR \"arms deal\"', min_score = 70 }, { to = \"warning\", min_score = 90 }]";
    let severity = |title: &str, body: &str| {
        let judged = one(rule, &article(title, body));
        (judged.severity, judged.why.last().cloned().unwrap_or_default())
    };
    assert_eq!(severity("", "Kim").0, Severity::Notice);
    assert_eq!(
        severity("Kim", ""),
        (Severity::Warning, "escalated to warning: score of 90 or more".to_owned())
    );
    let (critical, why) = severity("Kim at summit", "");
    assert_eq!(critical, Severity::Critical);
    assert_eq!(why, "escalated to critical: title:summit OR \"arms deal\", score of 70 or more");
    assert_eq!(severity("Grain summit", "").0, Severity::Notice, "no match, no alarm");
}

/// `set` on an article of `host`.
fn of_host(set: &TopicSet, host: &str) -> Evaluation {
    let url = (!host.is_empty()).then(|| Url::parse(&format!("https://{host}/a")).expect("a URL"));
    set.explain(&Article { url, ..article("Kim", "") }).remove(0)
}

#[test]
fn sources_are_taken_or_skipped() {
    let set =
        compile("[topic.t]\nall = [\"Kim\"]\nsources = { only = [\"*.org\"], skip = [\"*.spam.org\"] }");
    assert!(of_host(&set, "www.example.org").matched);
    assert_eq!(of_host(&set, "a.spam.org").why_not, ["sources: a.spam.org is skipped (*.spam.org)"]);
    assert_eq!(
        of_host(&set, "example.com").why_not,
        ["sources: example.com is not among those of the topic"]
    );
    assert!(!of_host(&set, "").matched);
    let told = problems("[topic.t]\nall = [\"Kim\"]\nsources = { skip = [\"https://a.org/x\"] }");
    assert_eq!(told[0].hint.as_deref(), Some("write `a.org`"));
}

#[test]
fn trust_multiplies_the_score() {
    let globs = [(written("*"), 1.0), (written("*.blogspot.com"), 0.3)];
    let set = compile("[topic.t]\nall = [\"Kim\"]").with_trust(&globs).expect("hosts");
    assert_eq!(of_host(&set, "example.org").score, 100);
    let blog = of_host(&set, "a.blogspot.com");
    assert_eq!((blog.matched, blog.score), (false, 30));
    assert!(blog.why.contains(&"trust  ×0.3 (*.blogspot.com)".to_owned()), "{blog:#?}");
    assert_eq!(blog.why_not, ["score 30 is below min_score 40"]);
    assert!(compile("[topic.t]\nall = [\"Kim\"]").with_trust(&[(written("a b"), 1.0)]).is_err());
}

#[test]
fn what_makes_no_topic() {
    let told = |toml: &str| problems(toml).into_iter().map(|one| one.message).collect::<Vec<_>>();
    for (toml, message) in [
        ("[topic.t]\nquery = 'a1'\nall = [\"b\"]", "`query` beside `all` or `any`"),
        ("[topic.t]\nquery = 'NOT a1'", "the query only says what not to find"),
        ("[topic.t]\nall = ['/CVE-\\d+/']", "an expression alone makes no topic"),
        (
            "[sets]\ncve = ['/CVE-\\d+/']\n[topic.t]\nquery = '@cve AND NOT x'",
            "an expression alone makes no topic",
        ),
        ("[topic.t]\nquery = 'a1 AND @x'", "unknown set `@x`"),
        (
            "[sets]\ns = [\"a\", \"b\"]\n[topic.t]\nquery = 'ATLEAST/3 @s'",
            "ATLEAST/3, but @s has 2 different terms",
        ),
        ("[topic.t]\nall = [\"Kim\"]\nescalate = [{ to = \"critical\" }]", "an escalation without a reason"),
        (
            "[topic.t]\nall = [\"Kim\"]\nescalate = [{ to = \"info\", min_score = 1 }]",
            "escalating to info changes nothing",
        ),
        (
            "[topic.t]\nall = [\"Kim\"]\nescalate = [{ to = \"critical\", when = 'a b' }]",
            "no operator stands before `b`",
        ),
        ("[topic.t]\nall = [\"Kim\"]\nboost = { \"ar*\" = 1 }", "prefix `ar*` is under 3 letters"),
        ("[topic.t]\nquery = 'news OR \"Kim Jong Un\"'", "`news` alone is in nearly every article"),
    ] {
        assert!(told(toml).contains(&message.to_owned()), "{toml}: {:?}", told(toml));
    }
    assert_eq!(told("[topic.t]\nquery = 'news AND Kim AND NOT the'"), Vec::<String>::new());
    let within = problems("[topic.t]\nquery = 'a1 AND @x'").remove(0).within;
    assert_eq!(within, Some(7..9));
}

#[test]
fn a_veto_of_a_zone_is_not_hidden_by_a_plain_one() {
    let text = Article { furniture: "Your horoscope".to_owned(), ..article("Kim", "") };
    for veto in ["horoscope | furniture:horoscope", "furniture:horoscope | horoscope"] {
        assert!(!one(&format!("all = [\"Kim\"]\nnone = [\"{veto}\"]"), &text).matched, "{veto}");
    }
    assert!(one("all = [\"Kim\"]\nnone = [\"horoscope\"]", &text).matched);
}

#[test]
fn an_expression_hits_after_a_hundred_hits() {
    let text =
        article("", &format!("{} and the artillery of 2024", "2001, then a pause of years. ".repeat(120)));
    assert!(one(r"query = '/20\d\d/ NEAR/5 artillery'", &text).matched);
}
