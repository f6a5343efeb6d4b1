//! What is seen of an index of sitemaps as a source: sitemaps that fail, servers that ask to wait, silence and cadence.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use newswatch::clock::{Timestamp, later, since};
use newswatch::source::SourceState;
use newswatch::store::table;
use tokio::time::{Instant, sleep};

use super::support::fake_web::Answer;
use super::support::house::House;

const CONFIG: &str = r#"
[fetch]
interval = "1h"
min_interval = "30m"
max_interval = "1h"
articles = false
[[sitemap]]
url = "https://a.example/sitemap.xml"
name = "A"
[topic.t]
all = ["nothing of the kind"]
[alerts]
channels = ["log"]
"#;
const START: &str = "2023-09-04T12:00:00Z";
const HOUR: Duration = Duration::from_hours(1);

fn url(path: &str) -> String {
    format!("https://a.example/{path}")
}

fn index(sitemaps: &[&str]) -> String {
    let list: String =
        sitemaps.iter().map(|path| format!("<sitemap><loc>{}</loc></sitemap>", url(path))).collect();
    format!("<sitemapindex>{list}</sitemapindex>")
}

/// A sitemap of news of these times, in hours since the start.
fn news(hours: impl Iterator<Item = u64>) -> String {
    let start: Timestamp = START.parse().unwrap();
    let entry = |hour: u64| {
        let (place, at) = (url(&format!("news/{hour}")), later(start, HOUR * u32::try_from(hour).unwrap()));
        format!(
            "<url><loc>{place}</loc><news:news><news:publication_date>{at}</news:publication_date>\
             <news:title>Number {hour}</news:title></news:news></url>"
        )
    };
    format!("<urlset>{}</urlset>", hours.map(entry).collect::<String>())
}

fn told(house: &House) -> Vec<String> {
    house.log.heard().into_iter().map(|(_, title)| title).collect()
}

fn state(house: &House) -> SourceState {
    house.reader().read(table::list_sources).unwrap()[0].state.clone()
}

#[tokio::test(start_paused = true)]
async fn a_sitemap_of_an_index_that_fails_for_long_is_told_once_and_named() {
    let house = House::new(START);
    let start = Instant::now();
    let hour = move || start.elapsed().as_secs() / 3_600;
    house.web.serve(&url("sitemap.xml"), index(&["live.xml", "dead.xml"]));
    house.web.script(&url("live.xml"), move |_| Answer::ok(news(0..=hour())));
    house.web.script(&url("dead.xml"), move |_| match hour() {
        10..15 | 40..90 => Answer::status(404),
        _ => Answer::ok(news(0..1)),
    });
    for _ in 0..10 {
        let daemon = house.start(CONFIG);
        sleep(HOUR * 8).await;
        daemon.stop().await;
    }
    assert_eq!(told(&house), ["A has a sitemap that has failed for 24 hours"], "over restarts");
    let alert = house.log.told.lock().unwrap()[0].clone();
    assert!(alert.body.starts_with("https://a.example/dead.xml: answered 404 Not Found"), "{}", alert.body);
    assert_eq!(state(&house).failures, 0, "the rest is read");
    let daemon = house.start(CONFIG);
    sleep(HOUR * 24).await;
    daemon.stop().await;
    assert_eq!(told(&house)[1..], ["A is well again"]);
}

#[tokio::test(start_paused = true)]
async fn a_sitemap_that_fails_and_is_named_no_more_is_no_trouble() {
    let house = House::new(START);
    house.web.serve(&url("sitemap.xml"), index(&["live.xml", "dead.xml"]));
    house.web.serve(&url("live.xml"), news(0..1));
    house.web.script(&url("dead.xml"), |_| Answer::status(500));
    let daemon = house.start(CONFIG);
    sleep(HOUR * 30).await;
    assert_eq!(told(&house).len(), 1, "{:?}", told(&house));
    house.web.serve(&url("sitemap.xml"), index(&["live.xml"]));
    sleep(HOUR * 3).await;
    daemon.stop().await;
    assert_eq!(told(&house)[1..], ["A is well again"]);
}

#[tokio::test(start_paused = true)]
async fn row_15_what_a_sitemap_of_an_index_asks_for_holds_for_the_index() {
    for good in [false, true] {
        let house = House::new(START);
        house.web.serve(&url("sitemap.xml"), index(&["live.xml", "other.xml"]));
        house.web.serve(&url("live.xml"), news(0..1));
        house.web.script(&url("other.xml"), move |_| {
            let answer = if good { Answer::ok(news(0..1)) } else { Answer::status(429) };
            answer.retry_after(6 * 3_600)
        });
        let daemon = house.start(CONFIG);
        sleep(HOUR / 2).await;
        daemon.stop().await;
        let state = state(&house);
        let last = state.last_attempt.unwrap();
        assert!(since(state.next_check, last) >= HOUR * 6, "{}", state.why_next);
        assert!(state.quiet_until.is_some_and(|until| since(until, last) >= HOUR * 6), "also by hand");
        assert_eq!(state.failures, 0, "the other one was read");
    }
}

#[tokio::test(start_paused = true)]
async fn row_15_a_wait_is_kept_though_another_sitemap_failed_first() {
    let house = House::new(START);
    house.web.serve(&url("sitemap.xml"), index(&["one.xml", "two.xml"]));
    house.web.script(&url("one.xml"), |_| Answer::status(500));
    house.web.script(&url("two.xml"), |_| Answer::status(503).retry_after(6 * 3_600));
    let daemon = house.start(CONFIG);
    sleep(HOUR / 2).await;
    daemon.stop().await;
    let state = state(&house);
    assert!(
        state.quiet_until.is_some_and(|until| since(until, state.last_attempt.unwrap()) >= HOUR * 6),
        "{state:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_silence_of_an_index_is_told_and_new_files_are_no_gap() {
    let house = House::new(START);
    let start = Instant::now();
    let frozen = Arc::new(AtomicU64::new(u64::MAX));
    let until = frozen.clone();
    let hour = move || (start.elapsed().as_secs() / 3_600).min(until.load(Ordering::Relaxed));
    // A file a day, as many sites have them.
    let today = hour.clone();
    house.web.script(&url("sitemap.xml"), move |_| {
        let days: Vec<String> = (0..=today() / 24).map(|day| format!("day{day}.xml")).collect();
        Answer::ok(index(&days.iter().map(String::as_str).collect::<Vec<_>>()))
    });
    for day in 0..20 {
        let hour = hour.clone();
        house.web.script(&url(&format!("day{day}.xml")), move |_| {
            Answer::ok(news((day * 24..((day + 1) * 24).min(hour() + 1)).step_by(3)))
        });
    }
    let daemon = house.start(&CONFIG.replace("\"1h\"", "\"3h\""));
    sleep(HOUR * 24 * 9).await;
    assert_eq!((told(&house), state(&house).gap), (vec![], None));
    let learnt = state(&house).cadence.gap().expect("a cadence");
    assert!(learnt < HOUR * 8, "{learnt:?}");
    frozen.store(24 * 9 - 1, Ordering::Relaxed);
    sleep(HOUR * 24 * 4).await;
    daemon.stop().await;
    assert_eq!(told(&house), ["A has published nothing for 2 days"]);
}
