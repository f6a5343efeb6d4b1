//! The network goes away and comes back: no source is to blame, and nothing is lost.

use std::time::Duration;

use newswatch::store::table;
use tokio::time::sleep;

use super::support::house::House;
use super::support::press::{Item, rss};

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
