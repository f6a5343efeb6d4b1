//! Which entry is which, over whole journeys: no story is told twice because its publisher names it anew, and none is
//! lost because it looks like another.

use std::time::Duration;

use newswatch::alert::AlertKind;
use newswatch::store::table;
use tokio::time::sleep;

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::{Item, page, rss};

const START: &str = "2023-09-04T12:00:00Z";
const MIN: fn(u64) -> Duration = Duration::from_mins;
const FEED: &str = "https://a.example/rss";
const DATE: &str = "Mon, 04 Sep 2023 11:07:00 GMT";

const TEXTS: [(&str, &str); 6] = [
    (
        "Floods break dam above Derna",
        "Floods broke the old dam above the town of Derna on Sunday night and swept whole districts of it into the sea.",
    ),
    (
        "Floods close the port of Cairns",
        "Cyclone Jasper brought floods to Cairns, and the harbour master closed the port until Thursday, the bureau said.",
    ),
    (
        "Danube floods reach Passau",
        "The Danube rose to eleven metres in Passau, and floods stood in the old town up to the first floor of its houses.",
    ),
    (
        "Lismore after the floods",
        "Lismore counts the damage of the floods: two thousand homes, four schools and the only bridge across the Wilsons.",
    ),
    (
        "Floods on the Indus",
        "Engineers cut a canal near Sukkur to lead the floods of the Indus away from the barrage, the minister of water said.",
    ),
    (
        "Floods in Valencia",
        "A year of rain fell in eight hours on Valencia, and floods carried cars through the streets of Paiporta and Chiva.",
    ),
];

fn config(feed: &str) -> String {
    format!(
        "[fetch]\ninterval = \"15m\"\n[[feed]]\nurl = \"{FEED}\"\nname = \"A\"\n{feed}\n[topic.t]\nall = [\"flood | floods\"]\ncooldown = \"1h\"\n[alerts]\nchannels = [\"log\"]\n"
    )
}

fn quiet() -> String {
    config("articles = false")
}

/// The story `n` as an item with an id and an address of its own.
fn story(n: usize) -> Item {
    let (title, text) = TEXTS[n];
    Item { summary: text.into(), ..Item::new(&format!("https://a.example/{n}"), title, DATE) }
}

fn plain(n: usize) -> Item {
    let title = [
        "A bridge is opened",
        "Chess federation elects a president",
        "Bakers strike for pay",
        "A comet passes",
    ][n];
    Item {
        summary: format!("{title}, said those who were there and saw all of it."),
        ..Item::new(&format!("https://a.example/p{n}"), title, DATE)
    }
}

fn plains() -> Vec<Item> {
    (0..4).map(plain).collect()
}

impl House {
    fn feed(&self, items: &[Item]) {
        self.web.serve(FEED, rss("a", items));
    }

    /// Titles of what was told aloud.
    fn aloud(&self) -> Vec<(AlertKind, String)> {
        self.log.heard().into_iter().filter(|(kind, _)| *kind != AlertKind::Quiet).collect()
    }

    fn reports(&self) -> i64 {
        self.reader().read(|db| db.query_row("SELECT count(*) FROM report", [], |row| row.get(0))).unwrap()
    }

    fn rules(&self) -> String {
        let sources = self.reader().read(table::list_sources).unwrap();
        serde_json::to_string(&sources[0].learnt.as_ref().map(|learnt| learnt.rules.clone())).unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn row_60_ids_that_change_at_every_look_neither_ring_again_nor_hide_what_is_new() {
    let house = House::new(START);
    let churned = |items: Vec<Item>, look: usize| -> Vec<Item> {
        items.into_iter().enumerate().map(|(n, item)| Item { id: format!("{look}-{n}"), ..item }).collect()
    };
    house.feed(&churned(vec![story(0), plain(0), plain(1), plain(2)], 0));
    let daemon = house.start(&quiet());
    sleep(MIN(20)).await;
    assert_eq!(house.reports(), 4);
    // The look that teaches the rule brings a new story too, and an edit of title and text under the old address.
    let edited = Item {
        title: "Bakers end strike".into(),
        summary: "The bakers went back to work after floods hit the mill.".into(),
        ..plain(2)
    };
    house.feed(&churned(vec![story(1), story(0), plain(0), plain(1), edited.clone()], 1));
    sleep(MIN(17)).await;
    assert_eq!(
        house.aloud().len(),
        2,
        "the new one, and the edit that the topic is true of: {:?}",
        house.aloud()
    );
    assert!(house.rules().contains("guid_churn"), "{}", house.rules());
    for look in 2..6 {
        house.feed(&churned(vec![story(1), story(0), plain(0), plain(1), edited.clone()], look));
        sleep(MIN(17)).await;
    }
    assert_eq!(house.reports(), 6);
    house.feed(&churned(vec![story(2), story(1), story(0), plain(0), plain(1)], 7));
    sleep(MIN(17)).await;
    daemon.stop().await;
    assert_eq!(house.aloud().len(), 3, "{:?}", house.aloud());
}

#[tokio::test(start_paused = true)]
async fn row_60_an_id_that_becomes_shared_makes_nothing_new_but_what_is_new() {
    let house = House::new(START);
    let shared = |item: Item| Item { id: "tag:a".into(), ..item };
    house.feed(&[shared(story(0)), plain(0)]);
    let daemon = house.start(&quiet());
    sleep(MIN(20)).await;
    house.feed(&[shared(story(1)), shared(story(0)), plain(0)]);
    sleep(MIN(17)).await;
    house.feed(&[shared(story(2)), shared(story(1)), plain(0)]);
    sleep(MIN(17)).await;
    house.feed(&[shared(story(3)), plain(0)]);
    sleep(MIN(17)).await;
    daemon.stop().await;
    let told: Vec<String> = house.aloud().into_iter().map(|(_, title)| title).collect();
    assert_eq!(told, [TEXTS[1].0, TEXTS[2].0, TEXTS[3].0]);
    assert_eq!(house.reports(), 5);
    assert!(house.rules().contains("guid_dup"), "{}", house.rules());
}

#[tokio::test(start_paused = true)]
async fn row_60_visitors_numbers_in_links_are_no_part_of_them_and_cost_no_requests() {
    let house = House::new(START);
    let tokens = |items: Vec<Item>, look: usize| -> Vec<Item> {
        items
            .into_iter()
            .enumerate()
            .map(|(n, item)| {
                let url = format!("{}?id=7&amp;visit=a1b2c3d4e5f6a7b8c9{look:03}{n:03}", item.url);
                Item { id: String::new(), url, ..item }
            })
            .collect()
    };
    house.feed(&tokens(vec![story(0), plain(0), plain(1), plain(2)], 0));
    // Pages are read, and none of them is there.
    let daemon = house.start(&config(""));
    for look in 1..8 {
        house.feed(&tokens(vec![story(0), plain(0), plain(1), plain(2)], look));
        sleep(MIN(17)).await;
    }
    assert_eq!((house.reports(), house.aloud()), (4, vec![]));
    let asked = house.web.log.lock().unwrap().iter().filter(|(url, ..)| url != FEED).count();
    assert_eq!(asked, 0, "pages of the first look are not read, and nothing is new");
    assert!(house.rules().contains("\"parameter\":\"visit\""), "{}", house.rules());
    house.feed(&tokens(vec![story(1), story(0), plain(0), plain(1)], 9));
    sleep(MIN(90)).await;
    daemon.stop().await;
    assert_eq!(house.aloud().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn row_60_a_repost_is_not_told_and_is_explained() {
    let house = House::new(START);
    house.feed(&plains());
    let daemon = house.start(&config(""));
    sleep(MIN(20)).await;
    for url in ["https://a.example/0", "https://a.example/again"] {
        house.web.serve(url, page(TEXTS[0].0, &[TEXTS[0].1, TEXTS[0].1], &[]));
    }
    house.feed(&[vec![story(0)], plains()].concat());
    sleep(MIN(17)).await;
    // Under a new id at the old address, then under a new address.
    let renamed = Item { id: "tag:again".into(), ..story(0) };
    house.feed(&[vec![renamed.clone()], plains()].concat());
    sleep(MIN(17)).await;
    let again = Item {
        id: "tag:once-more".into(),
        url: "https://a.example/again".into(),
        date: "Mon, 04 Sep 2023 12:30:00 GMT".into(),
        ..story(0)
    };
    house.feed(&[vec![again, renamed], plains()].concat());
    sleep(MIN(60)).await;
    daemon.stop().await;
    assert_eq!((house.reports(), house.aloud().len()), (5, 1), "{:?}", house.aloud());
    let reposts = house
        .reader()
        .read(|db| {
            let report = table::report_at(db, "https://a.example/0")?.unwrap();
            table::reposts_of(db, &report.source, &report.key)
        })
        .unwrap();
    let mut urls: Vec<&str> = reposts.iter().map(|repost| repost.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(urls, ["https://a.example/0", "https://a.example/again"]);
}

#[tokio::test(start_paused = true)]
async fn a_column_with_the_same_title_every_day_is_told_every_day() {
    let house = House::new(START);
    house.feed(&plains());
    let daemon = house.start(&config(""));
    sleep(MIN(20)).await;
    let blurb = "All that you need to know before the day begins, from our newsroom to you.";
    let mut items = plains();
    for (day, (_, text)) in TEXTS.iter().enumerate().take(3) {
        let url = format!("https://a.example/briefing-{day}");
        house.web.serve(&url, page("Morning briefing", &[text, text], &[]));
        let item = Item {
            summary: blurb.into(),
            ..Item::new(&url, "Morning briefing", &format!("Tue, 0{} Sep 2023 05:00:00 GMT", 5 + day))
        };
        items.insert(0, item);
        house.feed(&items);
        sleep(Duration::from_hours(24)).await;
    }
    daemon.stop().await;
    assert_eq!(house.reports(), 7);
    assert_eq!(house.aloud().len(), 3, "{:?}", house.aloud());
}

#[tokio::test(start_paused = true)]
async fn a_warning_given_again_is_a_report_where_no_page_says_that_it_is_the_old_one() {
    // Pages are off; pages are on, but cannot be had.
    for feed in [quiet(), config("")] {
        let house = House::new(START);
        house.feed(&plains());
        let daemon = house.start(&feed);
        sleep(MIN(20)).await;
        let text =
            "Floods are possible near the river. Be prepared to act and move valuables upstairs tonight.";
        let warning = |hour: u32| Item {
            id: format!("tag:warning-{hour}"),
            summary: text.into(),
            ..Item::new(
                "https://a.example/area",
                "Flood alert: Derwent",
                &format!("Mon, 04 Sep 2023 {hour}:05:00 GMT"),
            )
        };
        house.feed(&[vec![warning(12)], plains()].concat());
        sleep(MIN(60)).await;
        house.feed(&plains());
        sleep(MIN(60)).await;
        assert_eq!(house.reports(), 5);
        house.feed(&[vec![warning(14)], plains()].concat());
        sleep(MIN(60)).await;
        daemon.stop().await;
        assert_eq!(house.reports(), 6);
    }
}

#[tokio::test(start_paused = true)]
async fn row_59_cosmetic_edits_are_no_versions_and_real_ones_are_told_for_what_they_are() {
    let house = House::new(START);
    house.feed(&plains());
    let daemon = house.start(&quiet());
    sleep(MIN(20)).await;
    let text = TEXTS[0].1;
    let with = |title: &str, text: &str| Item { title: title.into(), summary: text.into(), ..story(0) };
    let looks = [
        with(TEXTS[0].0, text),
        with(
            "Floods break dam above Derna.",
            &format!("&lt;p class=\"x1\"&gt;{text}&lt;img src=\"/pixel?n=1\"&gt;&lt;/p&gt;"),
        ),
        with(TEXTS[0].0, &format!("&lt;div&gt; {text} &lt;/div&gt;&lt;p&gt;12 comments&lt;/p&gt;")),
        with(TEXTS[0].0, &format!("&lt;div&gt; {text} &lt;/div&gt;&lt;p&gt;15 comments&lt;/p&gt;")),
        Item { url: "https://a.example/0?utm_source=x".into(), ..with(TEXTS[0].0, text) },
    ];
    for look in looks {
        house.feed(&[vec![look], plains()].concat());
        sleep(MIN(17)).await;
    }
    assert_eq!((house.reports(), house.aloud().len()), (5, 1));
    let more = "Mayor Abdulmenam al-Ghaithi was arrested by prosecutors in Derna on Monday over the dam that broke in the floods, prosecutor Siddiq al-Sour said, with 16 officials of the water board.";
    house.feed(&[vec![with("Floods in Derna: mayor arrested over dam", more)], plains()].concat());
    sleep(MIN(120)).await;
    daemon.stop().await;
    let kinds: Vec<AlertKind> = house.aloud().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!((house.reports(), kinds), (6, vec![AlertKind::New, AlertKind::Update]));
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_brings_the_topic_in_is_told() {
    let house = House::new(START);
    house.feed(&plains());
    let daemon = house.start(&quiet());
    sleep(MIN(20)).await;
    let edited = Item {
        summary: "A bridge is opened early, as floods took the old one in the night.".into(),
        ..plain(0)
    };
    house.feed(&[vec![edited], plains().split_off(1)].concat());
    sleep(MIN(20)).await;
    daemon.stop().await;
    assert_eq!(house.aloud(), [(AlertKind::New, "A bridge is opened".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn one_page_for_all_entries_is_no_identity() {
    let house = House::new(START);
    let one = |items: Vec<Item>| -> Vec<Item> {
        items
            .into_iter()
            .map(|item| Item { id: String::new(), url: "https://a.example/blog".into(), ..item })
            .collect()
    };
    house.feed(&one(plains()));
    let daemon = house.start(&quiet());
    sleep(MIN(20)).await;
    let mut items = plains();
    for n in 0..3 {
        items.insert(0, story(n));
        house.feed(&one(items.clone()));
        sleep(MIN(17)).await;
    }
    house.feed(&one(vec![story(3)]));
    sleep(MIN(17)).await;
    daemon.stop().await;
    assert_eq!((house.reports(), house.aloud().len()), (8, 4), "{:?}", house.aloud());
    assert!(house.rules().contains("one_link"), "{}", house.rules());
}

#[tokio::test(start_paused = true)]
async fn an_empty_first_answer_is_no_baseline() {
    let house = House::new(START);
    house.feed(&[]);
    let daemon = house.start(&quiet());
    sleep(Duration::from_hours(24)).await;
    let old = |n: usize| Item { date: "Fri, 01 Sep 2023 11:00:00 GMT".into(), ..story(n) };
    // The server comes to itself: two are from before the first look, one came since.
    house.feed(&[Item { date: "Tue, 05 Sep 2023 11:00:00 GMT".into(), ..story(2) }, old(1), old(0)]);
    sleep(MIN(40)).await;
    assert_eq!(house.aloud(), [(AlertKind::New, TEXTS[2].0.to_owned())]);
    house.feed(&[old(3), Item { date: "Tue, 05 Sep 2023 11:00:00 GMT".into(), ..story(2) }, old(1), old(0)]);
    sleep(MIN(40)).await;
    daemon.stop().await;
    assert_eq!(house.aloud().len(), 2, "from then on what is new is news, whatever its date");
}

#[tokio::test(start_paused = true)]
async fn the_first_entry_of_a_new_feed_is_told() {
    let house = House::new(START);
    house.feed(&[]);
    let daemon = house.start(&quiet());
    sleep(Duration::from_hours(72)).await;
    house.feed(&[Item { date: String::new(), ..story(0) }]);
    sleep(MIN(40)).await;
    daemon.stop().await;
    assert_eq!(house.aloud(), [(AlertKind::New, TEXTS[0].0.to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_is_taken_back_is_told_but_not_for_ever() {
    let house = House::new(START);
    house.feed(&plains());
    let daemon = house.start(&quiet());
    sleep(MIN(20)).await;
    let warning = Item {
        title: "Warning of floods in the harbour".into(),
        summary: "Floods are expected at the harbour tonight, the weather office warned everyone there."
            .into(),
        ..story(0)
    };
    let none = Item {
        title: "No warning for the harbour".into(),
        summary: "The office lifted what it had said of floods in the harbour, all may go back home now."
            .into(),
        ..story(0)
    };
    for look in 0..3 {
        let item = if look % 2 == 0 { &warning } else { &none };
        house.feed(&[vec![item.clone()], plains()].concat());
        sleep(MIN(80)).await;
    }
    assert_eq!(house.reports(), 4 + 3);
    let titles: Vec<String> = house.aloud().into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles.first(), titles.last(), "{titles:?}");
    assert!(titles.len() > 1, "{titles:?}");
    for look in 3..20 {
        let item = if look % 2 == 0 { &warning } else { &none };
        house.feed(&[vec![item.clone()], plains()].concat());
        sleep(MIN(17)).await;
    }
    daemon.stop().await;
    assert_eq!(house.reports(), 4 + 6, "two servers that disagree");
}

#[tokio::test(start_paused = true)]
async fn what_may_be_a_repost_waits_for_its_page_and_is_told_where_that_proves_nothing() {
    let house = House::new(START);
    house.feed(&plains());
    let daemon = house.start(&config(""));
    sleep(MIN(20)).await;
    for url in ["https://a.example/0", "https://a.example/again-0"] {
        house.web.serve(url, page(TEXTS[0].0, &[TEXTS[0].1, TEXTS[0].1], &[]));
    }
    house.feed(&[vec![story(0)], plains()].concat());
    sleep(MIN(17)).await;
    assert_eq!((house.reports(), house.aloud().len()), (5, 1));
    let again = |n: usize| Item {
        id: format!("tag:again-{n}"),
        url: format!("https://a.example/again-{n}"),
        date: format!("Mon, 04 Sep 2023 12:3{n}:00 GMT"),
        ..story(0)
    };
    // The page fails once, and is the other's then.
    house.web.script("https://a.example/again-0", |_| Answer::status(503));
    house.feed(&[vec![again(0), story(0)], plains()].concat());
    sleep(MIN(17)).await;
    house.web.serve("https://a.example/again-0", page(TEXTS[0].0, &[TEXTS[0].1, TEXTS[0].1], &[]));
    sleep(MIN(33)).await;
    assert_eq!((house.reports(), house.web.asked("https://a.example/again-0")), (5, 2));
    // The page cannot be read.
    house.web.script("https://a.example/again-1", |_| Answer::status(403));
    house.feed(&[vec![again(1), again(0), story(0)], plains()].concat());
    sleep(MIN(33)).await;
    assert_eq!(house.reports(), 6);
    daemon.stop().await;
}
