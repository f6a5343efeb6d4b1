//! From bytes to alert, on a paused clock: first look, alert, sidebar, retelling, news, restart, a channel that is down.

use std::sync::atomic::Ordering;
use std::time::Duration;

use newswatch::alert::AlertKind;
use newswatch::store::table;
use tokio::time::sleep;

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::{Item, page, rss};

const CONFIG: &str = r#"
[fetch]
interval = "15m"
min_interval = "15m"
max_interval = "15m"
[[feed]]
url = "https://harbour.example/rss"
name = "Harbour Post"
[[feed]]
url = "https://ledger.example/rss"
name = "Asia Ledger"
[[feed]]
url = "https://courier.example/rss"
name = "Metro Courier"
[topic.nk-arms]
name = "Russia-North Korea arms"
all  = ["North Korea | Kim Jong Un | DPRK", "Russia | Putin | Moscow", "arms | weapons | artillery | shells | munitions"]
near = 60
cooldown = "1h"
[alerts]
channels = ["log", "desktop"]
"#;

const START: &str = "2023-09-04T12:00:00Z";

fn first_report() -> String {
    page(
        "Kim Jong Un plans to meet Putin to discuss arms, New York Times reports",
        &[
            "North Korea's leader Kim Jong Un plans to travel to Russia this month to meet President Vladimir Putin and discuss supplying weapons for the war in Ukraine, the New York Times reported on Monday, citing American and allied officials.",
            "He would travel from Pyongyang to Vladivostok, probably by armoured train, where both leaders are expected on the campus of the Far Eastern Federal University for an economic forum from 10 to 13 September.",
            "Moscow wants artillery shells and anti-tank missiles, the newspaper said, while Pyongyang seeks technology for satellites and nuclear-powered submarines as well as food aid.",
        ],
        &["Rain expected", "Ten recipes"],
    )
}

fn retelling() -> String {
    page(
        "Kim Jong-un to visit Putin over weapons deal: NYT",
        &[
            "Kim Jong-un plans to travel to Russia this month for a meeting with President Vladimir Putin about weapons for the war in Ukraine, according to the New York Times, which cited American and allied officials.",
            "The North Korean leader would probably go by armored train from Pyongyang to Vladivostok, where both leaders are expected at an economic forum on the campus of the Far Eastern Federal University from 10 to 13 September.",
            "Moscow wants artillery shells and antitank missiles from North Korea; Pyongyang seeks satellite technology, nuclear-powered submarines and food aid, the newspaper said.",
        ],
        &["Markets close higher"],
    )
}

fn news() -> String {
    page(
        "Kremlin confirms Kim Jong Un will visit Putin for arms talks in Vladivostok",
        &[
            "The Kremlin confirmed that North Korea's leader Kim Jong Un will travel to Russia to meet President Vladimir Putin in Vladivostok, where weapons and artillery shells for the war in Ukraine are to be discussed.",
            "Spokesman Dmitry Peskov told this newspaper that the delegation includes the defence minister Kang Sun Nam and two marshals, and that full-scale negotiations with a banquet in honour of the guest were planned.",
            "Railway workers at the Khasan border station said that they had been ordered to repaint the platform and to cancel all commuter services until Thursday morning.",
        ],
        &[],
    )
}

fn recipe() -> String {
    page(
        "A stew for long evenings",
        &[
            "Brown the beef in two batches, then add onions, carrots and a spoonful of flour, and let everything take colour over a low flame for ten minutes.",
            "Pour in the stock, add bay leaves and thyme, cover the pot and leave it alone for three hours; the meat should fall apart under a fork before you serve it.",
        ],
        &[
            "Kim Jong Un and Putin to discuss arms in Russia",
            "North Korea weapons for Russia: what we know",
            "Putin, Kim, artillery: a timeline",
        ],
    )
}

fn item(host: &str, slug: &str, title: &str) -> Item {
    Item::new(&format!("https://{host}/{slug}"), title, "Mon, 04 Sep 2023 11:00:00 GMT")
}

/// Three feeds with one old item each.
fn house() -> House {
    let house = House::new(START);
    for host in ["harbour.example", "ledger.example", "courier.example"] {
        let old = item(host, "old", "Moscow museum puts DPRK weapons on display");
        house.web.serve(&format!("https://{host}/rss"), rss(host, &[old]));
    }
    house
}

fn publish(house: &House, host: &str, slug: &str, title: &str, body: String) {
    let old = item(host, "old", "Moscow museum puts DPRK weapons on display");
    house.web.serve(&format!("https://{host}/rss"), rss(host, &[item(host, slug, title), old]));
    house.web.serve(&format!("https://{host}/{slug}"), body);
}

const HALF_HOUR: Duration = Duration::from_mins(30);

#[tokio::test(start_paused = true)]
async fn a_story_is_told_once_and_again_only_when_something_new_is_known() {
    let house = house();
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    assert_eq!(house.desktop.heard(), [], "the first look sets the baseline");

    publish(&house, "harbour.example", "kim", "Kim Jong Un plans to meet Putin", first_report());
    publish(&house, "courier.example", "stew", "A stew for long evenings", recipe());
    sleep(HALF_HOUR).await;
    let heard = house.desktop.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].0, AlertKind::New);
    assert!(heard[0].1.contains("Kim Jong Un plans to meet Putin"), "{heard:?}");
    let body = house.desktop.told.lock().unwrap()[0].body.clone();
    assert!(body.contains("1 outlet, 1 origin: The New York Times"), "{body}");

    publish(&house, "ledger.example", "kim", "Kim Jong-un to visit Putin", retelling());
    sleep(HALF_HOUR).await;
    let told = house.desktop.told.lock().unwrap().clone();
    assert_eq!(told.len(), 2);
    assert_eq!((told[1].kind, told[1].id), (AlertKind::Quiet, told[0].id), "{:?}", told[1]);
    assert!(told[1].body.contains("2 outlets, 1 origin: The New York Times"), "{}", told[1].body);

    sleep(Duration::from_hours(1)).await;
    publish(&house, "courier.example", "kremlin", "Kremlin confirms", news());
    sleep(HALF_HOUR).await;
    let told = house.desktop.told.lock().unwrap().clone();
    assert_eq!(told.len(), 3);
    assert_eq!((told[2].kind, told[2].id), (AlertKind::Update, told[0].id));
    assert!(told[2].body.contains("New: "), "{}", told[2].body);
    assert_eq!(house.log.heard(), house.desktop.heard());

    daemon.stop().await;
    let sidebar = house
        .reader()
        .read(|db| {
            let report = table::report_at(db, "https://courier.example/stew")?.expect("stored");
            table::verdicts_of(db, report.id)
        })
        .unwrap();
    assert_eq!(sidebar.len(), 1, "a sidebar that names the topic is kept as a suppressed hit");
    assert!(!sidebar[0].verdict.raised());
    assert!(sidebar[0].verdict.why.contains("furniture"), "{}", sidebar[0].verdict.why);
}

#[tokio::test(start_paused = true)]
async fn row_21_a_restart_tells_nothing_twice_and_keeps_the_schedule() {
    let house = house();
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    publish(&house, "harbour.example", "kim", "Kim Jong Un plans to meet Putin", first_report());
    sleep(HALF_HOUR).await;
    daemon.stop().await;
    assert_eq!(house.desktop.heard().len(), 1);
    let asked = house.web.log.lock().unwrap().len();

    let daemon = house.start(CONFIG);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(house.web.log.lock().unwrap().len(), asked, "no poll because of a start");
    sleep(HALF_HOUR).await;
    daemon.stop().await;
    assert_eq!(house.desktop.heard().len(), 1);
    assert_eq!(house.web.asked("https://harbour.example/kim"), 1, "a page is fetched once");
}

#[tokio::test(start_paused = true)]
async fn an_alert_waits_for_a_channel_that_is_down() {
    let house = house();
    house.desktop.down.store(true, Ordering::SeqCst);
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    publish(&house, "harbour.example", "kim", "Kim Jong Un plans to meet Putin", first_report());
    sleep(HALF_HOUR).await;
    assert_eq!((house.log.heard().len(), house.desktop.heard().len()), (1, 0));
    house.desktop.down.store(false, Ordering::SeqCst);
    sleep(HALF_HOUR).await;
    assert_eq!(house.desktop.heard(), house.log.heard());
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_fails_for_a_moment_is_read_at_a_later_look() {
    let house = house();
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    publish(&house, "harbour.example", "kim", "Leader plans a journey", first_report());
    house.web.script("https://harbour.example/kim", |_| Answer::status(502));
    sleep(Duration::from_mins(18)).await;
    assert_eq!(house.desktop.heard(), [], "the feed alone does not name the topic");
    house.web.serve("https://harbour.example/kim", first_report());
    sleep(HALF_HOUR).await;
    daemon.stop().await;
    assert_eq!(house.desktop.heard().len(), 1, "no alert is lost to a bad moment of one page");
}

#[tokio::test(start_paused = true)]
async fn one_pass_looks_at_every_source_and_ends() {
    let house = house();
    house.once(CONFIG, true).await;
    publish(&house, "harbour.example", "kim", "Kim Jong Un plans to meet Putin", first_report());
    publish(&house, "ledger.example", "kim", "Kim Jong-un to visit Putin", retelling());
    house.once(CONFIG, false).await;
    assert_eq!(house.desktop.heard(), [], "nothing is due yet");
    house.once(CONFIG, true).await;
    let told = house.desktop.told.lock().unwrap().clone();
    assert_eq!(
        told.iter().filter(|alert| alert.kind == AlertKind::New).count(),
        1,
        "one story, one alert: {told:#?}"
    );
    let last = told.last().unwrap();
    assert!(last.body.contains("2 outlets, 1 origin: The New York Times"), "{}", last.body);
}

#[tokio::test(start_paused = true)]
async fn a_watched_page_is_told_when_its_text_changes() {
    let config = r#"
[fetch]
interval = "15m"
min_interval = "15m"
max_interval = "15m"
[[page]]
url = "https://ministry.example/statement"
watch = "main"
name = "Ministry"
[topic.visit]
all = ["visit"]
[alerts]
channels = ["log"]
"#;
    let house = House::new(START);
    let text = |second: &str| {
        format!(
            "<html><head><title>Statements</title></head><body><main><p>The ministry has no comment on the visit at this time.</p>{second}</main></body></html>"
        )
    };
    house.web.serve("https://ministry.example/statement", text(""));
    let daemon = house.start(config);
    sleep(HALF_HOUR).await;
    assert_eq!(house.log.heard(), []);
    house.web.serve(
        "https://ministry.example/statement",
        text("<p>The visit will take place on Wednesday in Vladivostok.</p>"),
    );
    sleep(HALF_HOUR).await;
    house.web.script("https://ministry.example/statement", |_| {
        Answer::ok("<html><body><h1>502</h1></body></html>")
    });
    sleep(HALF_HOUR).await;
    daemon.stop().await;
    assert_eq!(house.log.heard().len(), 1, "an error page is never a change");
    let reports = house.reader().read(|db| table::reports_of(db, 1)).unwrap();
    assert_eq!(reports.len(), 2, "the page itself and its change: {reports:?}");
    assert_eq!(reports[1].novel[0].sentence, "The visit will take place on Wednesday in Vladivostok.");
}

/// Headlines of stories that have nothing in common.
const TITLES: [&str; 8] = [
    "Flood closes Porto Alegre airport",
    "Dam breaks, flood reaches Derna",
    "Emilia counts losses of spring flood",
    "Flood money: audit blames Jackson mayor",
    "Slovenia asks neighbours for help, flood cuts valleys",
    "Flood insurance dearer, says Zurich broker",
    "Beijing suburb empties, flood water rising",
    "Vermont towns rebuild bridges that flood took",
];

#[tokio::test(start_paused = true)]
async fn a_feed_that_breaks_off_proves_nothing_about_the_rest() {
    let config = "[[feed]]\nurl = \"https://a.example/rss\"\n[fetch]\narticles = false\n[topic.t]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n";
    let house = House::new(START);
    let items = |numbers: std::ops::Range<usize>| -> Vec<Item> {
        numbers.rev().map(|n| Item::new(&format!("https://a.example/{n}"), TITLES[n], "")).collect()
    };
    let cut = |feed: &str, entries: usize| -> String {
        let end = feed.match_indices("</item>").nth(entries - 1).unwrap().0 + "</item>".len();
        format!("{}<item><title>Half an it", &feed[..end])
    };
    let old = rss("a", &items(0..6));
    house.web.serve("https://a.example/rss", cut(&old, 2));
    let daemon = house.start(config);
    sleep(Duration::from_mins(10)).await;
    house.web.serve("https://a.example/rss", old);
    sleep(HALF_HOUR).await;
    assert_eq!(house.log.heard(), [], "old items that were cut off at the first look are no news");

    let new = rss("a", &items(0..8));
    // The server gives the broken answer the ETag of the whole document.
    let (broken, whole) = (cut(&new, 1), Answer::ok(new).headers);
    let (served, headers) = (std::sync::atomic::AtomicBool::new(false), whole.clone());
    let rest = rss("a", &items(0..8));
    house.web.script("https://a.example/rss", move |_| {
        let body = if served.swap(true, Ordering::SeqCst) { rest.clone() } else { broken.clone() };
        Answer { headers: headers.clone(), ..Answer::ok(body) }
    });
    sleep(Duration::from_hours(1)).await;
    daemon.stop().await;
    let titles: Vec<String> = house.log.heard().into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles, [TITLES[7], TITLES[6]], "nothing is lost behind a 304");
}
