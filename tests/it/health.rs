//! What is told of the sources themselves: each trouble once, its end once, and nothing that is not theirs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use newswatch::alert::AlertKind;
use newswatch::clock::{Timestamp, later};
use newswatch::store::table;
use tokio::time::{Instant, sleep};

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::{Item, page, rss};

const START: &str = "2023-09-04T12:00:00Z";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// A configuration of these feeds, each asked about every four hours.
fn config(feeds: &[String], articles: bool) -> String {
    let feeds: String =
        feeds.iter().map(|url| format!("[[feed]]\nurl = \"{url}\"\nname = \"{}\"\n", name(url))).collect();
    format!(
        "[fetch]\ninterval = \"4h\"\nmin_interval = \"1h\"\nmax_interval = \"4h\"\narticles = {articles}\n\
         [topic.t]\nall = [\"nothing of the kind\"]\n[alerts]\nchannels = [\"log\"]\n{feeds}"
    )
}

fn name(url: &str) -> String {
    url.trim_start_matches("https://").replace(['.', '/'], " ")
}

fn urls<const N: usize>(urls: [&str; N]) -> Vec<String> {
    urls.map(str::to_owned).to_vec()
}

fn date(seconds: u64) -> String {
    let start: Timestamp = START.parse().unwrap();
    let long_before = Duration::from_hours(24 * 365);
    let at = later(start, Duration::from_secs(seconds));
    let at = newswatch::clock::earlier(at, long_before);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Seconds from a year before the start.
const YEAR: u64 = 365 * 86_400;

/// The newest `window` of items that come each `step` seconds, as they stand `now` seconds after the start.
fn items(url: &str, step: u64, window: u64, now: u64, text: &str) -> Vec<Item> {
    let newest = (YEAR + now) / step;
    (newest.saturating_sub(window) + 1..=newest)
        .rev()
        .map(|n| {
            let title = format!("Number {n} of {}", name(url));
            Item { summary: text.to_owned(), ..Item::new(&format!("{url}/{n}"), &title, &date(n * step)) }
        })
        .collect()
}

/// A feed that publishes each `step` seconds, while `broken` says nothing else about an hour since the start.
fn publish(
    house: &House,
    url: &str,
    step: u64,
    broken: impl Fn(u64) -> Option<Answer> + Send + Sync + 'static,
) {
    let (start, address) = (Instant::now(), url.to_owned());
    house.web.script(url, move |_| {
        let now = start.elapsed().as_secs();
        broken(now / 3_600)
            .unwrap_or_else(|| Answer::ok(rss("x", &items(&address, step, 20, now, "A short text."))))
    });
}

fn told(house: &House) -> Vec<String> {
    let told = house.log.told.lock().unwrap();
    assert!(told.iter().all(|alert| alert.kind == AlertKind::Health), "{told:?}");
    told.iter().map(|alert| alert.title.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_long_failure_is_told_once_and_its_end_once_over_restarts() {
    let feeds = urls(["https://harbour.example/rss", "https://courier.example/rss"]);
    let house = House::new(START);
    publish(&house, &feeds[0], 3_600, |hour| (24..120).contains(&hour).then(|| Answer::status(500)));
    publish(&house, &feeds[1], 3_600, |_| None);
    for _ in 0..24 {
        let daemon = house.start(&config(&feeds, false));
        sleep(10 * HOUR).await;
        daemon.stop().await;
    }
    assert_eq!(
        told(&house),
        ["harbour example rss has failed for 30 hours", "harbour example rss is well again"]
    );
    let bad = house.log.told.lock().unwrap()[0].clone();
    assert!(bad.body.contains("answered 500") && bad.body.contains("next in"), "{}", bad.body);
    assert!(bad.url.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_source_is_stale_by_its_own_rhythm() {
    let feeds = urls(["https://hourly.example/rss", "https://weekly.example/rss"]);
    let house = House::new(START);
    for (url, step) in [(&feeds[0], 3_600), (&feeds[1], 7 * 86_400)] {
        let address = url.clone();
        publish(&house, url, step, move |hour| {
            let frozen = (24..24 + 84).contains(&hour);
            frozen.then(|| Answer::ok(rss("x", &items(&address, step, 20, 24 * 3_600, "A short text."))))
        });
    }
    let daemon = house.start(&config(&feeds, false));
    sleep(104 * HOUR).await;
    assert_eq!(told(&house), ["hourly example rss has published nothing for 3 days"]);
    sleep(2 * DAY).await;
    daemon.stop().await;
    assert_eq!(told(&house)[1..], ["hourly example rss is well again"]);
}

#[tokio::test(start_paused = true)]
async fn a_consent_wall_in_place_of_a_feed_is_told_once() {
    let feeds = urls(["https://harbour.example/rss"]);
    let house = House::new(START);
    let wall = "<!doctype html><html><head><title>Before you continue</title></head><body><h1>We value your privacy</h1></body></html>";
    publish(&house, &feeds[0], 3_600, move |hour| (24..48).contains(&hour).then(|| Answer::ok(wall)));
    let daemon = house.start(&config(&feeds, false));
    sleep(5 * DAY).await;
    daemon.stop().await;
    let wanted =
        ["harbour example rss gives something else than it should", "harbour example rss is well again"];
    assert_eq!(told(&house), wanted);
    let why = house.log.told.lock().unwrap()[0].body.clone();
    assert!(why.contains("Before you continue"), "{why}");
    let rows = house.reader().read(table::list_sources).unwrap();
    assert_eq!((rows[0].state.status, rows[0].health()), (Some(200), "ok"));
}

#[tokio::test(start_paused = true)]
async fn texts_that_shrink_to_stubs_are_told_once() {
    let feeds = urls(["https://harbour.example/rss"]);
    let house = House::new(START);
    let full = "The ferry was late again. ".repeat(40);
    let (start, url) = (Instant::now(), feeds[0].clone());
    house.web.script(&feeds[0], move |_| {
        let now = start.elapsed().as_secs();
        let text = if (48..96).contains(&(now / 3_600)) { "Read more" } else { &full };
        Answer::ok(rss("x", &items(&url, 3_600, 20, now, text)))
    });
    let daemon = house.start(&config(&feeds, false));
    sleep(6 * DAY).await;
    daemon.stop().await;
    assert_eq!(
        told(&house),
        ["harbour example rss cuts its texts short", "harbour example rss is well again"]
    );
}

#[tokio::test(start_paused = true)]
async fn article_pages_that_become_a_wall_are_told_once() {
    let feeds = urls(["https://harbour.example/rss"]);
    let house = House::new(START);
    publish(&house, &feeds[0], 3_600, |_| None);
    let start = Instant::now();
    for n in 0..8 * 24 {
        let url = format!("{}/{}", feeds[0], YEAR / 3_600 + n);
        house.web.script(&url, move |_| {
            let walled = (48..96).contains(&(start.elapsed().as_secs() / 3_600));
            let wall = "Before you continue, accept all cookies.";
            let text = format!("The ferry number {n} left the old harbour late on a windy day. ").repeat(8);
            let text = if walled { wall } else { &text };
            Answer::ok(page(&format!("Number {n}"), &[text], &[]))
        });
    }
    let daemon = house.start(&config(&feeds, true));
    sleep(6 * DAY).await;
    daemon.stop().await;
    let wanted =
        ["harbour example rss shows walls in place of its articles", "harbour example rss is well again"];
    assert_eq!(told(&house), wanted);
}

#[tokio::test(start_paused = true)]
async fn pages_that_show_the_start_of_what_the_feed_tells_whole_are_no_walls() {
    let feeds = urls(["https://harbour.example/rss"]);
    let house = House::new(START);
    let (start, address) = (Instant::now(), feeds[0].clone());
    let text = "The ferry left the old harbour late, and the captain said why to nobody. ".repeat(12);
    house.web.script(&feeds[0], move |_| {
        let now = start.elapsed().as_secs();
        Answer::ok(rss("x", &items(&address, 3_600, 20, now, &text)))
    });
    for n in 0..8 * 24 {
        house.web.script(&format!("{}/{}", feeds[0], YEAR / 3_600 + n), move |_| {
            // Free for two days, then paid for.
            let paid = (48..).contains(&(start.elapsed().as_secs() / 3_600));
            let text = format!("The ferry number {n} left the old harbour late on a windy day. ");
            let text = text.repeat(if paid { 5 } else { 8 });
            let mark = r#"<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>"#;
            let html = page(&format!("Number {n}"), &[&text], &[]);
            Answer::ok(if paid { html.replace("</head>", &format!("{mark}</head>")) } else { html })
        });
    }
    let daemon = house.start(&config(&feeds, true));
    sleep(6 * DAY).await;
    daemon.stop().await;
    assert_eq!(told(&house), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn row_61_a_gap_is_told_with_its_span() {
    let feeds = urls(["https://harbour.example/rss"]);
    let house = House::new(START);
    let url = feeds[0].clone();
    // Between two looks, four hundred entries: the window shows the last twenty.
    publish(&house, &feeds[0], 3_600, move |hour| {
        let new = |n: u64| {
            Item::new(&format!("{url}/burst/{n}"), &format!("Burst {n}"), &date(YEAR + 25 * 3_600 + n))
        };
        (hour >= 25).then(|| Answer::ok(rss("x", &(380..400).rev().map(new).collect::<Vec<_>>())))
    });
    let daemon = house.start(&config(&feeds, false));
    sleep(2 * DAY).await;
    daemon.stop().await;
    assert_eq!(told(&house)[..1], ["harbour example rss may have published more than was seen"]);
    let gap = house.reader().read(table::list_sources).unwrap()[0].state.gap.unwrap();
    assert!(gap.from < gap.to && gap.to < gap.seen, "{gap:?}");
    let why = house.log.told.lock().unwrap()[0].why.clone();
    assert!(why.contains("from 2023-09-05 1") && why.contains("to 2023-09-05 13:06 UTC"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_of_its_own_many_gaps_are_told_once() {
    let feeds: Vec<String> = (0..12).map(|n| format!("https://host{n}.example/rss")).collect();
    let house = House::new(START);
    for url in &feeds {
        publish(&house, url, 3_600, |_| None);
    }
    for rest in [3 * DAY, Duration::ZERO] {
        let daemon = house.start(&config(&feeds, false));
        sleep(12 * HOUR).await;
        daemon.stop().await;
        sleep(rest).await;
    }
    assert_eq!(
        told(&house),
        ["newswatch asked nobody for 3 days: sources may have published more than was seen"]
    );
    let rows = house.reader().read(table::list_sources).unwrap();
    assert!(rows.iter().all(|row| row.state.gap.is_some() && row.told.trouble.is_none()), "{rows:?}");
}

#[tokio::test(start_paused = true)]
async fn thirty_sources_of_one_host_that_fail_together_are_one_alert_and_one_end() {
    let mut feeds: Vec<String> = (0..30).map(|n| format!("https://feeds.harbour.example/{n}")).collect();
    feeds.push("https://courier.example/rss".to_owned());
    let house = House::new(START);
    let asked_by_hand = Arc::new(AtomicU64::new(0));
    for url in &feeds {
        let (is_other, asked) = (url.contains("courier"), asked_by_hand.clone());
        publish(&house, url, 3_600, move |hour| {
            let fails = (24..72).contains(&hour) && !is_other;
            asked.fetch_add(u64::from(fails), Ordering::Relaxed);
            fails.then(|| Answer::status(502))
        });
    }
    for _ in 0..15 {
        let daemon = house.start(&config(&feeds, false));
        sleep(8 * HOUR).await;
        daemon.stop().await;
    }
    assert!(asked_by_hand.load(Ordering::Relaxed) >= 30 * 3);
    let alerts = house.log.told.lock().unwrap().clone();
    assert_eq!(alerts.len(), 2, "{alerts:#?}");
    let title = &alerts[0].title;
    assert!(title.starts_with("harbour.example: 30 of 30 sources have failed for "), "{title}");
    assert!(
        alerts[0].body.contains("502 Bad Gateway") && alerts[0].body.contains("and 25 more"),
        "{alerts:?}"
    );
    assert_eq!(alerts[1].title, "harbour.example: 30 of 30 sources are well again");
    assert_eq!(alerts[0].id, alerts[1].id, "channels show it in the same place");
    let rows = house.reader().read(table::list_sources).unwrap();
    assert!(rows.iter().all(|row| row.told.trouble.is_none() && !row.told.together));
}

#[tokio::test(start_paused = true)]
async fn a_publisher_that_walls_all_its_feeds_is_one_alert_and_a_straggler_is_named() {
    let feeds: Vec<String> = (0..6).map(|n| format!("https://harbour.example/{n}")).collect();
    let house = House::new(START);
    for (n, url) in feeds.iter().enumerate() {
        publish(&house, url, 3_600, move |hour| {
            let wall = (24..60).contains(&hour) || n == 4 && (24..200).contains(&hour);
            wall.then(|| Answer::ok("<!doctype html><title>Consent</title><p>We value your privacy"))
        });
    }
    let daemon = house.start(&config(&feeds, false));
    sleep(12 * DAY).await;
    daemon.stop().await;
    let wanted = [
        "harbour.example: 6 of 6 sources give something else than they should",
        "harbour.example: 5 of 6 sources are well again",
        "harbour example 4 is well again",
    ];
    assert_eq!(told(&house), wanted);
    let still = house.log.told.lock().unwrap()[1].body.clone();
    assert!(still.contains("Still in trouble: harbour example 4"), "{still}");
}
