//! A simulated week: every item that was published is stored, and no server is annoyed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use newswatch::clock::Clock;
use newswatch::store::table;
use tokio::time::{Instant, sleep};

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::{Item, rss};

const HOSTS: usize = 6;
const FEEDS: usize = 12;
const WEEK: Duration = Duration::from_hours(7 * 24);

fn config() -> String {
    let mut config = String::from(
        "[fetch]\ninterval = \"1h\"\nmin_interval = \"1h\"\narticles = false\n[topic.t]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n",
    );
    for feed in 0..FEEDS {
        config.push_str(&format!("[[feed]]\nurl = \"{}\"\n", url(feed)));
    }
    config
}

fn url(feed: usize) -> String {
    format!("https://host{}.example/{feed}.rss", feed % HOSTS)
}

/// Items of `feed` after `hours`: one every `feed + 1` hours, the newest twenty shown.
fn items(feed: usize, hours: u64) -> Vec<Item> {
    let published = hours / (feed as u64 + 1);
    (published.saturating_sub(20)..published)
        .rev()
        .map(|n| Item::new(&format!("https://host.example/{feed}/{n}"), &format!("Item {n} of {feed}"), ""))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_week_of_polling_loses_nothing_and_keeps_its_manners() {
    let house = House::new("2023-09-04T12:00:00Z");
    let start = Instant::now();
    for feed in 0..FEEDS {
        house.web.script(&url(feed), move |_| {
            let hours = start.elapsed().as_secs() / 3_600;
            match (feed, hours) {
                // One server is overloaded on the second day and says how long; another breaks on the third.
                (3, 24..30) => Answer::status(429).retry_after(7_200),
                (4, 48..72) => Answer::status(500),
                (5, 48..60) => Answer::ok("<html><body>Maintenance</body></html>"),
                _ => Answer::ok(rss("x", &items(feed, hours))),
            }
        });
    }
    let daemon = house.start(&config());
    sleep(WEEK).await;
    let published: HashMap<String, usize> =
        (0..FEEDS).map(|feed| (url(feed), (7 * 24 - 1) / (feed + 1))).collect();
    daemon.stop().await;

    let sources = house.reader().read(table::list_sources).unwrap();
    assert_eq!(sources.len(), FEEDS);
    for source in &sources {
        let missing = published[&source.url].saturating_sub(usize::try_from(source.entries).unwrap());
        assert!(missing <= 1, "{} misses {missing} items", source.url);
        assert_eq!(source.state.failures, 0, "{}: {:?}", source.url, source.state.error);
    }

    let log = house.web.log.lock().unwrap();
    let mut at: HashMap<&str, Vec<Instant>> = HashMap::new();
    let mut busy: HashMap<&str, Vec<(Instant, Instant)>> = HashMap::new();
    for (url, asked, answered) in log.iter() {
        at.entry(url).or_default().push(*asked);
        let host = url.split('/').nth(2).unwrap();
        busy.entry(host).or_default().push((*asked, answered.unwrap_or(*asked)));
    }
    for (asked, times) in &at {
        let gaps: Vec<u64> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
        // Those that fail no sooner than the others.
        assert!(gaps.iter().all(|gap| *gap >= 3_600), "{asked} was asked after {:?} s", gaps.iter().min());
    }
    let asked_while_busy = at[url(3).as_str()].iter().filter(|t| {
        let hours = (**t - start).as_secs() / 3_600;
        (24..30).contains(&hours)
    });
    assert!(asked_while_busy.count() <= 3, "Retry-After: 2h is kept");
    for (host, spans) in busy {
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "two requests at once at {host}");
    }
    let starts: Vec<u64> = (0..FEEDS).map(|feed| (at[url(feed).as_str()][0] - start).as_secs()).collect();
    assert!(starts.iter().max() > starts.iter().min(), "the first looks are spread: {starts:?}");
    let _: Arc<dyn Clock> = house.clock.clone();
}
