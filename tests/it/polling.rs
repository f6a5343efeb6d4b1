//! Polling over days, through the daemon: clocks that are set, a machine that sleeps, restarts, addresses that move, servers
//! that ask to wait.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use newswatch::clock::{Clock, later};
use newswatch::store::{Reader, SourceRow, table};
use tokio::time::{Instant, sleep};

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::{Item, page, rss};

const START: &str = "2023-09-04T12:00:00Z";
const FEED: &str = "https://a.example/rss";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

fn config(feeds: &[String]) -> String {
    let feeds: String = feeds.iter().map(|url| format!("[[feed]]\nurl = \"{url}\"\n")).collect();
    format!(
        "[fetch]\narticles = false\n[topic.t]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n{feeds}"
    )
}

fn one() -> String {
    config(&[FEED.to_owned()])
}

fn calm() -> String {
    rss("a", &[Item::new("https://a.example/1", "Calm at the harbour", "Mon, 04 Sep 2023 10:00:00 GMT")])
}

/// The first source as it is now.
fn row(house: &House) -> SourceRow {
    house.reader().read(table::list_sources).unwrap().remove(0)
}

#[tokio::test(start_paused = true)]
async fn row_15_a_wait_that_a_server_asked_for_outlives_a_restart_and_is_kept_to() {
    let house = House::new(START);
    house.web.script(FEED, |_| Answer::status(429).retry_after(6 * 3_600));
    for (hours, asked) in [(1, 1), (4, 1), (3, 2)] {
        let daemon = house.start(&one());
        sleep(HOUR * hours).await;
        daemon.stop().await;
        assert_eq!(house.web.asked(FEED), asked, "{:?}", row(&house).state);
    }
    assert_eq!((row(&house).state.failures, row(&house).state.status), (0, Some(429)));
}

#[tokio::test(start_paused = true)]
async fn row_17_who_refuses_because_a_limit_is_used_up_is_busy_until_there_is_more() {
    let house = House::new(START);
    house.web.script(FEED, |_| {
        let mut answer = Answer::status(403);
        answer.headers.quiet_for = Some(3 * 3_600);
        answer
    });
    let daemon = house.start(&one());
    sleep(HOUR * 2).await;
    daemon.stop().await;
    let SourceRow { state, .. } = row(&house);
    assert_eq!((house.web.asked(FEED), state.failures, state.status), (1, 0, Some(403)));
    assert_eq!(state.why_next, "403 Forbidden, Retry-After 3h");
}

#[tokio::test(start_paused = true)]
async fn row_21_the_next_check_is_stored_before_the_request_starts() {
    let house = House::new(START);
    let planned = Arc::<Mutex<Vec<(bool, String)>>>::default();
    let (path, clock, log) = (house.folder.path().join("newswatch.db"), house.clock.clone(), planned.clone());
    house.web.script(FEED, move |_| {
        let SourceRow { state, .. } =
            Reader::open(&path).unwrap().read(table::list_sources).unwrap().remove(0);
        log.lock().unwrap().push((state.next_check > later(clock.now(), HOUR / 12), state.why_next));
        Answer::ok(calm())
    });
    let daemon = house.start(&one());
    sleep(HOUR * 12).await;
    daemon.stop().await;
    let planned = planned.lock().unwrap();
    assert!(planned.len() > 3, "{planned:?}");
    assert!(planned.iter().all(|(later, why)| *later && why == "asked, no answer stored yet"), "{planned:?}");
}

#[tokio::test(start_paused = true)]
async fn row_22_after_sleep_what_is_overdue_is_asked_in_turn() {
    const HOSTS: usize = 120;
    let house = House::new(START);
    let feeds: Vec<String> = (0..HOSTS).map(|n| format!("https://host{n}.example/rss")).collect();
    for feed in &feeds {
        house.web.serve(feed, calm());
    }
    let daemon = house.start(&config(&feeds));
    sleep(HOUR * 3).await;
    let (woken, before) = (Instant::now(), house.web.log.lock().unwrap().len());
    house.clock.set_ahead(HOUR * 10);
    sleep(Duration::from_mins(2)).await;
    daemon.stop().await;
    let log = house.web.log.lock().unwrap();
    let mut seconds: HashMap<u64, usize> = HashMap::new();
    for (_, asked, _) in log.iter().skip(before) {
        *seconds.entry((*asked - woken).as_secs()).or_default() += 1;
    }
    assert_eq!(seconds.values().sum::<usize>(), HOSTS, "each once");
    assert!(seconds.values().all(|count| *count <= HOSTS / 10), "{seconds:?}");
}

#[tokio::test(start_paused = true)]
async fn row_23_a_clock_that_is_set_back_stops_nobody() {
    let house = House::new(START);
    house.web.serve(FEED, calm());
    let daemon = house.start(&one());
    sleep(HOUR * 6).await;
    let asked = |before: usize| house.web.asked(FEED) - before;
    assert!(asked(0) > 2, "{}", asked(0));
    for days in [1, 5, 400] {
        let before = asked(0);
        house.clock.set_back(DAY * days);
        sleep(HOUR * 5).await;
        assert!((1..=24).contains(&asked(before)), "{days} days: {}", asked(before));
        let state = row(&house).state;
        assert!(state.next_check <= later(house.clock.now(), DAY), "{days} days: {state:?}");
    }
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn row_24_a_move_is_adopted_after_days_and_taken_back_if_the_new_address_fails() {
    const NEW: &str = "https://new.example/rss";
    let house = House::new(START);
    house.web.script(FEED, |_| Answer::ok(calm()).found_at(NEW, &[301, 308]));
    house.web.serve(NEW, calm());
    let daemon = house.start(&one());
    sleep(HOUR * 18).await;
    assert_eq!((row(&house).state.address, house.web.asked(NEW)), (None, 0), "one day proves nothing");
    sleep(HOUR * 42).await;
    assert_eq!(row(&house).state.address.unwrap().as_str(), NEW);
    let before = house.web.asked(FEED);
    sleep(HOUR * 8).await;
    assert!(house.web.asked(FEED) == before && house.web.asked(NEW) > 1, "asked there from now on");

    house.web.script(NEW, |_| Answer::status(404));
    house.web.serve(FEED, calm());
    sleep(HOUR * 10).await;
    daemon.stop().await;
    let SourceRow { state, url, entries, .. } = row(&house);
    assert_eq!((state.address, state.failures, url.as_str(), entries), (None, 0, FEED, 1));
    assert!(house.web.asked(FEED) > before, "the old address was not forgotten");
    assert_eq!(house.log.heard(), [], "and nobody was told what they knew");
}

#[tokio::test(start_paused = true)]
async fn row_25_a_portal_that_redirects_for_good_for_days_changes_nothing() {
    let (house, looks) = (House::new(START), AtomicUsize::new(0));
    house.web.script(FEED, move |_| match looks.fetch_add(1, Ordering::SeqCst) {
        0 | 8.. => Answer::ok(calm()),
        _ => Answer::ok("<html><body>Welcome to our hotel</body></html>")
            .found_at("https://portal.example/", &[301]),
    });
    for look in 0..9 {
        house.once(&one(), true).await;
        let SourceRow { state, .. } = row(&house);
        assert_eq!((state.address, state.moving), (None, None));
        assert_eq!(state.failures > 0, (1..8).contains(&look), "the portal's page is no feed");
        sleep(DAY).await;
    }
    assert_eq!(row(&house).entries, 1);
}

#[tokio::test(start_paused = true)]
async fn row_26_what_is_elsewhere_for_now_is_never_taken_for_moved() {
    for hops in [&[302][..], &[303], &[307], &[301, 302], &[307, 308]] {
        let house = House::new(START);
        house.web.script(FEED, move |_| Answer::ok(calm()).found_at("https://now.example/rss", hops));
        for _ in 0..6 {
            house.once(&one(), true).await;
            sleep(DAY).await;
        }
        let state = row(&house).state;
        assert_eq!((state.address, state.moving, state.polls), (None, None, 6), "{hops:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn row_50_another_feed_of_a_host_is_asked_while_pages_of_the_first_are_read() {
    let house = House::new(START);
    let feeds = [FEED.to_owned(), "https://a.example/other".to_owned()];
    for (place, feed) in feeds.iter().enumerate() {
        let pages: Vec<String> = (0..4).map(|n| format!("https://a.example/{place}/{n}")).collect();
        let items: Vec<Item> =
            pages.iter().map(|url| Item::new(url, &format!("Calm at {url}"), "")).collect();
        house.web.serve(feed, rss("a", &items));
        for url in pages {
            house.web.script(&url, |_| Answer {
                delay: Duration::from_mins(4),
                ..Answer::ok(page(
                    "Calm",
                    &["It is calm at the harbour, the port authority said on Monday."],
                    &[],
                ))
            });
        }
    }
    let config = config(&feeds).replace("articles = false\n", "");
    let daemon = house.start(&config.replace("[[feed]]\n", "[[feed]]\nfirst_look = \"alert\"\n"));
    sleep(Duration::from_mins(1)).await;
    assert_eq!(feeds.map(|feed| house.web.asked(&feed)), [1, 1], "{:?}", house.web.log.lock().unwrap());
    daemon.stop().await;
}
