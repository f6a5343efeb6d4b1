//! What each part of the language means.

use super::{article, compile, hits, one};
use crate::article::{Article, Zone};

#[test]
fn hyphen_space_and_nothing_are_one() {
    for text in [
        "anti-tank missiles",
        "anti tank missiles",
        "antitank missiles",
        "Anti–Tank missiles",
        "anti\u{ad}tank missiles",
    ] {
        for phrase in
            ["anti-tank", "anti tank", "antitank", "ANTI-TANK missile*", "antita*", "antitank missiles"]
        {
            assert_eq!(
                hits(phrase, text),
                phrase != "antita*" || !text.contains("anti tank"),
                "{phrase} in {text}"
            );
        }
    }
    for text in ["Kim Jong Un", "Kim Jong-un", "KIM JONG-UN’s", "Kim Jongun", "Kim  Jong\nUn"] {
        assert!(hits("Kim Jong Un", text) && hits("kim jong-un", text), "{text}");
    }
    assert!(
        hits("F-16", "an F16")
            && hits("F16", "an F-16")
            && hits("Viet Nam", "Vietnam")
            && hits("Vietnam", "Viet Nam")
    );
    for text in ["chequebook", "cheque book", "check book", "cheque-book", "checkbook"] {
        assert!(hits("chequebook", text) && hits("checkbook", text), "{text}");
    }
}

#[test]
fn what_is_not_one_word_is_not_joined() {
    assert!(!hits("Putin", "they put in an order"));
    assert!(!hits("therapist", "the rapist"));
    assert!(!hits("1013", "10-13 September") && !hits("10 13", "1013"));
    assert!(!hits("Mali", "Ma Li"));
    assert!(!hits("anti tank", "anti.\n\nTank"), "no phrase reaches over the end of a paragraph");
    assert!(!hits("arm", "arms") && !hits("North Korea", "North Koreans"));
}

#[test]
fn spelling_case_accents_possessive() {
    assert!(hits("armoured train", "his ARMORED train") && hits("armored train", "his armoured train"));
    assert!(hits("Erdogan", "Erdoğan's visit") && hits("Łódź", "Lodz"));
    assert!(hits("=the North", "from the North's ports") && !hits("=the North", "The north"));
    assert!(hits("=US", "the US said") && !hits("=US", "told us"));
    assert!(hits("=Mr. Kim", "Mr Kim") && !hits("=Mr. Kim", "MR KIM"));
    assert!(hits("=anti-Tank", "anti Tank") && !hits("=anti-Tank", "anti-tank"));
}

#[test]
fn prefixes() {
    assert!(hits("weapon*", "weapons") && hits("weapon*", "weapon") && !hits("weapon*", "weap"));
    assert!(hits("defenc*", "defence") && hits("defenc*", "defenceless") && hits("defens*", "Defence"));
    assert!(hits("armour*", "an armored car") && hits("armor*", "an armoured car"));
    assert!(hits("armoured train*", "two armored trains") && !hits("armoured train*", "armored cars"));
    assert!(hits("Путин*", "с Путиным"));
}

#[test]
fn scripts_without_spaces_and_particles() {
    assert!(hits("金正恩", "朝鲜领导人金正恩访问俄罗斯") && hits("俄罗斯", "朝鲜领导人金正恩访问俄罗斯"));
    assert!(!hits("金正日", "朝鲜领导人金正恩访问俄罗斯"));
    assert!(hits("プーチン", "ロシアのプーチン大統領"));
    for text in ["김정은 위원장", "김정은이", "김정은은", "김정은에게", "김정은과"] {
        assert!(hits("김정은", text), "{text}");
    }
    assert!(hits("북한 노동당", "북한의 노동당은") && !hits("북한", "북한산"));
    assert!(hits("NATO", "NATO는"));
}

#[test]
fn every_line_of_all_and_some_of_any() {
    let text = article("Russia and the North", "shells and rockets");
    assert!(one(r#"all = ["Russia", "shells"]"#, &text).matched);
    let missed = one(r#"all = ["Russia", "shells", "grain"]"#, &text);
    assert_eq!(missed.why_not, ["grain: no hit", "nearest miss: 2 of 3 lines; no hit for grain"]);
    assert!(one(r#"any = ["Russia", "grain"]"#, &text).matched);
    assert!(one("any = [\"Russia\", \"grain\", \"shells | x\"]\nmin = 2", &text).matched);
    let missed = one("any = [\"Russia\", \"grain\"]\nmin = 2", &text);
    assert_eq!(
        missed.why_not,
        ["grain: no hit", "any: 1 of 2 lines hit, 2 needed", "nearest miss: 1 of 2 lines; no hit for grain"]
    );
    assert!(one("all = [\"Russia\"]\nany = [\"rockets\", \"grain\"]", &text).matched);
    assert!(!one("all = [\"Russia\"]\nany = [\"grain\"]", &text).matched);
}

#[test]
fn zones_weigh() {
    let text = Article { lead: "artillery".to_owned(), ..article("Russia", "grain") };
    let score = |rule: &str| one(rule, &text).score;
    assert_eq!(score(r#"all = ["Russia"]"#), 100);
    assert_eq!(score(r#"all = ["artillery"]"#), 70);
    assert_eq!(score(r#"all = ["grain"]"#), 40);
    assert_eq!(score(r#"all = ["Russia", "grain"]"#), 70);
    assert_eq!(score(r#"all = ["Russia", { any = ["grain"], weight = 3 }]"#), 55);
    // The best line of `any` counts, the others cost nothing.
    assert_eq!(score(r#"any = ["grain", "Russia", "missing"]"#), 100);
    assert_eq!(score("any = [\"grain\", \"Russia\", \"missing\"]\nmin = 2"), 70);
    assert_eq!(score("all = [\"grain\"]\nfields = { body = 0.9 }"), 90);
}

#[test]
fn a_low_score_is_no_match() {
    let low = one("all = [\"grain\"]\nmin_score = 41", &article("Russia", "grain"));
    assert!(!low.matched && !low.furniture_only);
    assert_eq!(low.why_not, ["score 40 is below min_score 41"]);
    assert!(one("all = [\"grain\"]\nmin_score = 40", &article("", "grain")).matched);
}

#[test]
fn zone_prefixes() {
    let text = article("Summit opens", "Kim and Putin talk arms");
    let matched = |line: &str| one(&format!("all = [{line:?}]\nmin_score = 0"), &text).matched;
    assert!(matched("title: summit") && !matched("body: summit") && !matched("title:Kim"));
    assert!(
        matched("title:(Kim | summit)") && !matched("title:(Kim | Putin)") && matched("title:Kim | Putin")
    );
    let set = compile(
        "[sets]\nwho = [\"Kim\", \"title:summit\"]\n[topic.t]\nall = [\"title:@who\"]\n[topic.u]\nall = [\"body:@who\"]",
    );
    let evidence: Vec<_> =
        set.judge(&text).into_iter().flat_map(|hit| hit.evidence).map(|one| (one.zone, one.text)).collect();
    assert_eq!(evidence, [(Zone::Title, "Summit".to_owned()), (Zone::Body, "Kim".to_owned())]);
}

#[test]
fn near_is_one_window_in_the_title_or_the_text() {
    let rule = "all = [\"Kim\", \"Putin\"]\nnear = 5\nmin_score = 0";
    let near = one(rule, &article("", "Kim will soon meet Putin"));
    assert!(near.matched && near.why.contains(&"NEAR/5 ok: 5 words, body".to_owned()), "{near:#?}");
    let far = one(rule, &article("", "Kim will very soon meet Putin"));
    assert_eq!(far.why_not, ["NEAR/5: the tightest window is 6 words, in body"]);
    let apart = one(rule, &article("Kim", "Putin"));
    assert_eq!(
        apart.why_not,
        ["NEAR/5: neither the title nor the text (lead and body) holds a hit of every line"]
    );
}

#[test]
fn the_body_reads_on_from_the_lead() {
    let rule = "all = [\"Kim\", \"Putin\", \"arms\"]\nnear = 6\nmin_score = 0";
    let text = |lead: &str, body: &str| Article { lead: lead.to_owned(), ..article("Pier", body) };
    let across = one(rule, &text("The talks of Kim and Putin.", "Both want arms deals."));
    assert!(
        across.matched && across.why.contains(&"NEAR/6 ok: 6 words, lead and body".to_owned()),
        "{across:#?}"
    );
    let far = one(rule, &text("Kim and Putin hold talks.", "Both want arms deals."));
    assert_eq!(far.why_not, ["NEAR/6: the tightest window is 8 words, in lead and body"]);
    // A lead that weighs nothing still takes its room, and the title is read by itself.
    let light = format!("{rule}\nfields = {{ lead = 0.0 }}");
    assert!(!one(&light, &text("Kim and Putin", "arms")).matched);
    let headline = Article { lead: "Putin, arms".to_owned(), ..article("Kim", "") };
    assert!(!one(rule, &headline).matched);
    assert!(
        !hits("Kim Putin", "Kim.\n\nPutin") && !one(r#"all = ["Kim Putin"]"#, &text("Kim", "Putin")).matched
    );
}

#[test]
fn initials_with_and_without_stops() {
    for (term, text) in [
        ("=US", "A U.S. newspaper said"),
        ("=UN", "the U.N.'s council"),
        ("=UAE", "the U.A.E"),
        ("=DPRK", "(D.P.R.K.)"),
        ("DPRK", "a D.P.R.K.-flagged ship"),
        ("dprk", "anti-D.P.R.K. leaflets"),
        ("=US Army", "the U.S. Army"),
        ("US visa*", "new U.S. visas"),
        ("=КНДР", "лидер К.Н.Д.Р."),
        ("=U.S.", "the US said"),
    ] {
        assert!(hits(term, text), "{term} in {text}");
    }
    for (term, text) in [
        ("=US", "told u.s. so"),
        ("=US", "the U.S.S.R."),
        ("=PR", "the D.P.R.K."),
        ("=US", "vitamin U. S is next"),
        ("=US", "U..S"),
        ("=US", "U.\nS"),
        ("12", "1.2"),
        ("abcdefghi", "a.b.c.d.e.f.g.h.i"),
    ] {
        assert!(!hits(term, text), "{term} in {text}");
    }
    let found = one(r#"all = ["=DPRK"]"#, &article("The D.P.R.K. leader", ""));
    assert_eq!(found.evidence.first().map(|one| one.text.as_str()), Some("D.P.R.K"));
}

#[test]
fn also_is_a_further_way_in() {
    let rule = "all = [\"arms\", \"Russia\"]\nalso = [{ all = [\"Kim\", \"Putin\"], near = 3 }]";
    let by_second = one(rule, &article("Kim meets Putin", ""));
    assert!(by_second.matched && by_second.why.contains(&"by way 2 of 2".to_owned()));
    assert_eq!(by_second.evidence.len(), 2);
    assert!(one(rule, &article("arms for Russia", "")).matched);
    assert!(!one(rule, &article("Kim, arms", "")).matched);
    assert!(one("also = [{ any = [\"Kim\"] }]", &article("Kim", "")).matched);
}

#[test]
fn none_is_a_veto() {
    let rule = "all = [\"Kim\"]\nnone = [\"title: horoscope\", \"live blog | as it happened\"]";
    assert!(one(rule, &article("Kim", "his horoscope")).matched);
    let vetoed = one(rule, &article("Horoscope: Kim", ""));
    assert_eq!((vetoed.matched, vetoed.score), (false, 100));
    assert_eq!(vetoed.why_not, ["none: title: horoscope: title \"Horoscope\""]);
    assert!(!one(rule, &article("Kim", "Live-blog of the day")).matched);
    // Only hits that count are a veto, unless the zone is named.
    let sidebar = Article { furniture: "live blog".to_owned(), ..article("Kim", "") };
    assert!(one(rule, &sidebar).matched);
    assert!(!one("all = [\"Kim\"]\nnone = [\"furniture: live blog\"]", &sidebar).matched);
}

#[test]
fn masks_hide_what_they_cover() {
    let rule = "all = [\"Kim\"]\nmask = [\"Kim Kardashian\"]";
    let masked = one(rule, &article("Kim Kardashian", "Kim Kardashian's sister"));
    assert!(!masked.matched && !masked.furniture_only);
    assert_eq!(masked.why_not, ["Kim: no hit that counts (2 hits, all masked)"]);
    assert!(masked.evidence.iter().all(|one| !one.counts));
    let both = one(rule, &article("Kim Kardashian and Kim", ""));
    assert!(both.matched);
    assert_eq!(
        both.evidence.iter().map(|one| (one.span.start, one.counts)).collect::<Vec<_>>(),
        [(0, false), (19, true)]
    );
    // A mask hides only what lies wholly inside it.
    assert!(
        one(
            "all = [\"Kim Kardashian West\"]\nmask = [\"Kim Kardashian\"]",
            &article("Kim Kardashian West", "")
        )
        .matched
    );
}

#[test]
fn languages() {
    let text =
        |language: Option<&str>| Article { language: language.map(str::to_owned), ..article("Kim", "") };
    let rule = "all = [\"Kim\"]\nlang = [\"en\", \"ko\"]";
    assert!(one(rule, &text(Some("en"))).matched && one(rule, &text(Some("EN-gb"))).matched);
    assert!(one(rule, &text(None)).matched, "an unknown language is not a foreign one");
    assert_eq!(one(rule, &text(Some("fr"))).why_not, ["lang: the article is in fr, the topic wants en, ko"]);
    assert!(one("all = [\"Kim\"]\nlang = [\"en\", \"*\"]", &text(Some("fr"))).matched);
}

#[test]
fn furniture_never_counts_but_is_told() {
    let text = Article { furniture: "Kim, Kim and Putin".to_owned(), ..article("Grain prices", "Wheat") };
    let suppressed = one(r#"all = ["Kim"]"#, &text);
    assert!(!suppressed.matched && suppressed.furniture_only);
    assert_eq!(suppressed.why_not, ["Kim: no hit that counts (2 hits, all in furniture)"]);
    // What would be false even so is no suppressed hit.
    assert!(!one(r#"all = ["Kim", "Lukashenko"]"#, &text).furniture_only);
    assert!(!one("all = [\"Kim\"]\nnone = [\"wheat\"]", &text).furniture_only);
    assert!(!one("all = [\"Kim\"]\nfields = { body = 0.0 }", &text).furniture_only);
    // Where furniture weighs something it counts.
    assert!(one("all = [\"Kim\"]\nfields = { furniture = 0.4 }", &text).matched);
}

#[test]
fn evidence_points_into_the_article() {
    let text = Article {
        lead: "Пан Ґріш: «Ким Чен Ын»".to_owned(), ..article("Mr. Kim’s train", "KIM")
    };
    let hit = one(r#"all = ["=Mr. Kim | Ким Чен Ын | Kim"]"#, &text);
    let shown: Vec<_> =
        hit.evidence.iter().map(|one| (one.zone.word(), one.text.as_str(), one.term.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("title", "Mr. Kim", "=Mr. Kim"),
            ("title", "Kim", "Kim"),
            ("lead", "Ким Чен Ын", "Ким Чен Ын"),
            ("body", "KIM", "Kim")
        ]
    );
    for one in &hit.evidence {
        assert_eq!(text.zone(one.zone).get(one.span.clone()), Some(one.text.as_str()));
    }
    let many = one(r#"all = ["shell*"]"#, &article("shell shells shelled shelling shellfire", ""));
    assert_eq!(
        many.why.first().map(String::as_str),
        Some(
            "shell*  5×  title \"shell\" (shell*), \"shells\" (shell*), \"shelled\" (shell*), \"shelling\" (shell*) …"
        )
    );
    assert_eq!(
        hit.why.first().map(String::as_str),
        Some(
            "=Mr. Kim | Ким Чен Ын | Kim  4×  title \"Mr. Kim\" (=Mr. Kim), \"Kim\"; lead \"Ким Чен Ын\"; body \"KIM\""
        )
    );
}

#[test]
fn topics_come_in_the_order_of_their_ids() {
    let set =
        compile("[topic.b]\nall = [\"Kim\"]\n[topic.a]\nall = [\"Kim | Putin\"]\n[topic.c]\nall = [\"x\"]");
    let ids = |all: Vec<super::Evaluation>| all.into_iter().map(|one| one.topic).collect::<Vec<_>>();
    assert_eq!(ids(set.judge(&article("Kim", ""))), ["a", "b"]);
    assert_eq!(ids(set.explain(&article("Kim", ""))), ["a", "b", "c"]);
}

#[test]
fn a_page_that_repeats_itself_costs_no_more_than_its_length() {
    let set = compile(
        "[topic.t]\nall = [\"Kim | Kim Kim\", \"Putin | Kim Kim Kim\", \"a-b a-b | a a\"]\nnear = 60\nmask = [\"Kim Kim Kim Kim\"]",
    );
    for piece in ["Kim ", "a-b-", "a.", "Kim-", "Putin Kim "] {
        let _ = set.judge(&article("", &piece.repeat(20_000)));
    }
}
