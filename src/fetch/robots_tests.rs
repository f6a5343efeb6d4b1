//! Rules, how long they hold, and what hostile ones cost.

use std::fmt::Write as _;
use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::clock::{earlier, later};
use crate::fetch::Headers;

const DAY: Duration = Duration::from_hours(24);

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "as the client answers")]
fn answer(status: u16, body: &[u8]) -> Result<Response, FetchError> {
    let url = "https://a.example/robots.txt".parse().unwrap();
    Ok(Response { url, hops: Vec::new(), status, headers: Headers::default(), body: body.to_vec().into() })
}

fn failure(class: FailureClass) -> Result<Response, FetchError> {
    Err(FetchError { class, retry_after: None, message: "a.example: no".into() })
}

/// Whether `body` lets us have `path`.
#[track_caller]
fn allows(body: &str, path: &str) -> bool {
    let kept = Kept::after(None, answer(200, body.as_bytes()), now());
    let page = Url::parse("https://a.example").unwrap().join(path).unwrap();
    let (ours, theirs) = (verdict(&kept.rules_at(now()).unwrap(), &page), verdict(body, &page));
    assert_eq!(ours, theirs, "what is kept says the same");
    ours.allowed
}

#[test]
fn row_47_our_group_counts_else_that_for_all() {
    let body = "User-agent: other\nDisallow: /\n\nUser-agent: NewsWatch # us\nUser-agent: third\nDisallow: /private\n\
                \nUser-agent: *\nDisallow: /for-all\n\nUser-agent: newswatch\nDisallow: /too";
    assert!(!allows(body, "/private/x") && !allows(body, "/too"), "groups of one robot are one");
    assert!(allows(body, "/for-all") && allows(body, "/"));
    let body = "User-agent: newswatch-images\nDisallow: /a\n\nUser-agent: *\nDisallow: /b";
    assert!(allows(body, "/a") && !allows(body, "/b"), "the token is the whole word");
}

#[test]
fn row_47_the_longest_rule_wins_and_allow_wins_a_draw() {
    let body = "User-agent: *\nDisallow: /news\nAllow: /news/public\nDisallow: /*.pdf$\nAllow: /same\nDisallow: /same";
    assert!(!allows(body, "/news/x") && allows(body, "/news/public/x") && allows(body, "/same"));
    assert!(!allows(body, "/x.pdf") && allows(body, "/x.pdf?x=1"));
    let body = "User-agent: *\nDisallow: /caf%C3%A9\nDisallow: /a%2fb\nDisallow: /%7ejoe";
    assert!(
        !allows(body, "/café") && !allows(body, "/a%2Fb") && !allows(body, "/~joe") && allows(body, "/a/b")
    );
    assert!(allows("User-agent: *\nDisallow:", "/x"), "an empty rule forbids nothing");
    assert!(allows("<!DOCTYPE html><p>Disallow: / is not said here", "/x"));
    assert!(!allows("\u{feff}user-agent:*\rdisallow:/x\r", "/x"));
    assert!(allows("User-agent: *\nDisallow: /", "/robots.txt"));
}

#[test]
fn row_47_what_is_not_there_forbids_nothing_and_what_cannot_be_read_all() {
    for status in [400, 401, 403, 404, 410, 451, 499] {
        assert_eq!(&*Kept::after(None, answer(status, b""), now()).rules_at(now()).unwrap(), "", "{status}");
    }
    let lost = Kept::after(None, failure(FailureClass::Redirect), now());
    assert_eq!(&*lost.rules_at(now()).unwrap(), "", "more than five redirects");
    for bad in [answer(500, b""), answer(503, b""), answer(429, b""), failure(FailureClass::Dns)] {
        assert!(Kept::after(None, bad, now()).rules_at(now()).is_err());
    }
}

#[test]
fn row_47_a_copy_holds_a_day_and_longer_only_while_the_server_is_away() {
    let kept = Kept::after(None, answer(200, b"User-agent: *\nDisallow: /x"), now());
    assert!(!kept.is_due(later(now(), Duration::from_mins(24 * 60 - 1))) && kept.is_due(later(now(), DAY)));
    assert!(kept.is_due(earlier(now(), DAY)), "the clock was ahead");
    let later_on = later(now(), DAY);
    let away = Kept::after(Some(&kept), answer(503, b""), later_on);
    assert_eq!(away.rules_at(later_on).unwrap(), kept.rules.clone().unwrap());
    let back = Kept::after(Some(&away), answer(404, b""), later(later_on, DAY));
    assert_eq!((back.rules.as_deref(), back.failures, back.failing), (Some(""), 0, None));
}

#[test]
fn row_47_after_thirty_days_out_of_reach_it_counts_as_not_there() {
    let (mut kept, mut at, mut asked) = (None, now(), 0);
    while since(at, now()) < DAY * 30 {
        let next = Kept::after(kept.as_ref(), failure(FailureClass::Timeout), at);
        assert!(next.rules_at(at).is_err());
        while !next.is_due(at) {
            at = later(at, Duration::from_mins(1));
        }
        asked += 1;
        kept = Some(next);
    }
    assert!(kept.unwrap().rules_at(at).is_ok());
    assert!((30..50).contains(&asked), "asked {asked} times: ten minutes, doubled, then daily");
}

#[test]
fn row_48_a_crawl_delay_is_spacing_within_reason() {
    let delay = |said: &str| {
        let body = format!("User-agent: *\nCrawl-delay: {said}");
        verdict(&for_us(body.as_bytes()), &"https://a.example/".parse().unwrap()).delay
    };
    assert_eq!(delay("10"), Duration::from_secs(10));
    assert_eq!(delay("0.5"), Duration::from_millis(500));
    assert_eq!(delay("86400"), Duration::from_mins(1));
    for odd in ["", "-1", "NaN", "inf", "1e400", "soon"] {
        assert!(delay(odd) <= MOST_DELAY && (delay(odd).is_zero() || odd.contains('e')), "{odd}");
    }
}

#[test]
fn row_47_500_kib_are_read_and_no_more() {
    let mut body = "User-agent: *\n".to_owned();
    while body.len() < BYTE_LIMIT - 40 {
        body.push_str("# padding\n");
    }
    body.push_str("Disallow: /last\n");
    while body.len() <= BYTE_LIMIT {
        body.push_str("# padding\n");
    }
    body.push_str("Disallow: /beyond\n");
    assert!(!allows(&body, "/last") && allows(&body, "/beyond"));
}

/// The time of one verdict over 500 KiB of `line`, repeated.
fn time_of(line: &str, path: &str) -> Duration {
    let mut body = "User-agent: *\n".to_owned();
    while body.len() < BYTE_LIMIT {
        writeln!(body, "{line}").unwrap();
    }
    let rules = for_us(body.as_bytes());
    let page = Url::parse("https://a.example").unwrap().join(path).unwrap();
    let begin = Instant::now();
    let _ = verdict(&rules, &page);
    begin.elapsed()
}

#[test]
fn row_47_hostile_rules_cost_little() {
    let long = format!("/{}", "a".repeat(2_000));
    let stars = format!("Disallow: /{}b", "*a".repeat(250_000));
    for line in [
        "Disallow: /*b",
        "Disallow: /*a*a*a*a*a*b$",
        "Disallow: /****************b",
        "Allow:*",
        stars.as_str(),
    ] {
        let time = time_of(line, &long);
        assert!(time < Duration::from_secs(3), "{time:?} for {line:.40}");
    }
}

proptest! {
    #[test]
    fn no_bytes_break_it_and_what_is_kept_says_the_same(
        lines in prop::collection::vec(prop::sample::select(vec![
            "User-agent: *", "user-agent: newswatch", "User-Agent: x", "Disallow: /a", "Allow: /a/b*c$", "Crawl-delay: 3",
            "Disallow: /%7E#x", "Allow: é é", "Sitemap: x", "", "Disallow: *$", "disallow", "\u{0}\r",
        ]), 0..12),
        junk in prop::collection::vec(any::<u8>(), 0..40),
        path in "/[a-c/~%#?é]{0,6}",
    ) {
        let body = [lines.join("\n").as_bytes(), &junk].concat();
        let page = Url::parse(&format!("https://a.example{path}")).unwrap();
        let robots = Robots::parse(&body, TOKEN);
        let ours = verdict(&for_us(&body), &page);
        prop_assert_eq!(ours.allowed, robots.is_url_allowed(&page));
        prop_assert_eq!(ours.delay, robots.crawl_delay().unwrap_or_default().min(MOST_DELAY));
    }
}
