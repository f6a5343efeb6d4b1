//! The network goes away and comes back: no source is to blame, and nothing is lost.

use std::time::Duration;

use newswatch::alert::AlertKind;
use newswatch::clock::since;
use newswatch::schedule::{Outcome, after};
use newswatch::source::SourceState;
use newswatch::store::table;
use tokio::time::sleep;

use super::support::fake_web::Answer;
use super::support::house::{House, settings};
use super::support::press::{Item, page, rss};

const HOSTS: usize = 6;

fn config() -> String {
    let feeds: String =
        (0..HOSTS).map(|n| format!("[[feed]]\nurl = \"https://host{n}.example/rss\"\n")).collect();
    format!(
        "[fetch]\narticles = false\n[topic.t]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n{feeds}"
    )
}

fn serve(house: &House, title: &str) {
    for n in 0..HOSTS {
        let url = format!("https://host{n}.example/{}", title.len());
        let item = Item::new(&url, &format!("{title} at place {n}"), "Mon, 04 Sep 2023 10:00:00 GMT");
        house.web.serve(&format!("https://host{n}.example/rss"), rss(&format!("host{n}"), &[item]));
    }
}

#[tokio::test(start_paused = true)]
async fn row_22_a_dead_network_blames_nobody_and_asks_little() {
    let house = House::new("2023-09-04T12:00:00Z");
    serve(&house, "Calm");
    let daemon = house.start(&config());
    sleep(Duration::from_hours(2)).await;

    house.web.unplug(true);
    let before = house.web.log.lock().unwrap().len();
    sleep(Duration::from_hours(8)).await;
    let asked = house.web.log.lock().unwrap().len() - before;
    let sources = house.reader().read(table::list_sources).unwrap();
    for source in &sources {
        assert_eq!((source.state.failures, source.health()), (0, "ok"), "{}: {:?}", source.url, source.state);
    }
    assert!(asked <= 8 * 180 + 20, "one look in 20 s: {asked}");

    serve(&house, "A flood");
    house.web.unplug(false);
    sleep(Duration::from_mins(10)).await;
    daemon.stop().await;
    let sources = house.reader().read(table::list_sources).unwrap();
    assert!(
        sources.iter().all(|source| source.state.useful == 2 && source.state.error.is_none()),
        "{sources:?}"
    );
    assert!(!house.log.heard().is_empty(), "what was published meanwhile is told");
}

#[tokio::test(start_paused = true)]
async fn row_22_a_day_offline_is_told_once_and_so_is_its_end() {
    let house = House::new("2023-09-04T12:00:00Z");
    serve(&house, "Calm");
    let daemon = house.start(&config());
    sleep(Duration::from_hours(2)).await;
    house.web.unplug(true);
    sleep(Duration::from_hours(30)).await;
    let heard = house.log.heard();
    assert!(matches!(&heard[..], [(AlertKind::Health, title)] if title.contains("network")), "{heard:?}");
    house.web.unplug(false);
    sleep(Duration::from_hours(1)).await;
    daemon.stop().await;
    let heard = house.log.heard();
    assert!(matches!(&heard[..], [_, (_, title)] if title == "The network is back"), "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn row_22_a_look_that_reads_pages_proves_that_the_network_is_there() {
    let house = House::new("2023-09-04T12:00:00Z");
    let item = |n| Item::new(&format!("https://a.example/{n}"), &format!("Crane number {n} falls"), "");
    house.web.serve("https://a.example/rss", rss("a", &(0..18).map(item).collect::<Vec<_>>()));
    for n in 0..18 {
        house.web.script(&format!("https://a.example/{n}"), |_| Answer {
            delay: Duration::from_secs(30),
            ..Answer::ok(page("Crane", &["A crane fell into the harbour on Monday."], &[]))
        });
    }
    let dead: String = (0..3).map(|n| format!("[[feed]]\nurl = \"https://dead{n}.example/rss\"\n")).collect();
    let daemon = house.start(&format!(
        "[topic.t]\nall = [\"flood\"]\n[[feed]]\nurl = \"https://a.example/rss\"\nfirst_look = \"alert\"\n{dead}"
    ));
    sleep(Duration::from_mins(8)).await;
    let sources = house.reader().read(table::list_sources).unwrap();
    let failing: Vec<u32> = sources
        .iter()
        .filter(|source| source.url.contains("dead"))
        .map(|source| source.state.failures)
        .collect();
    assert!(failing.iter().all(|failures| *failures > 0), "they are to blame: {failing:?}");
    daemon.stop().await;
}

#[test]
fn what_was_not_asked_is_neither_busy_nor_failing() {
    let source =
        settings("[[feed]]\nurl = \"https://a.example/rss\"\n[topic.t]\nall = [\"x\"]\n").sources.remove(0);
    let now = "2023-09-04T12:00:00Z".parse().unwrap();
    let mut state = SourceState::new(now, "");
    for _ in 0..9 {
        let held = Outcome::Held { message: "not asked".into(), retry_after: Some(60) };
        state = after(&source, &state, &held, now);
    }
    assert_eq!((state.busy, state.failures, state.failing_since), (0, 0, None));
    let busy = Outcome::Busy { said: "503".into(), retry_after: None };
    let state = after(&source, &state, &busy, now);
    assert!(since(state.next_check, now) < source.interval * 2, "{}", state.why_next);
}
