//! Bugs that were found by reading, each with the journey that shows it.
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use newswatch::alert::{Alert, AlertKind};
use newswatch::clock::{Clock, Timestamp, later};
use newswatch::daemon::{Live, Mode, Shared, reload, run};
use newswatch::notify::{Notifier, NotifyError, Receipt};
use newswatch::pipeline::Channels;
use newswatch::store::table;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::support::fake_web::Answer;
use super::support::house::{House, settings};
use super::support::press::{Item, page, rss};

const START: &str = "2023-09-04T12:00:00Z";
const MIN: fn(u64) -> Duration = Duration::from_mins;
const D: &str = "Mon, 04 Sep 2023 11:00:00 GMT";

fn one(extra_feed: &str, extra: &str) -> String {
    format!(
        "[fetch]\ninterval = \"15m\"\n[[feed]]\nurl = \"https://a.example/rss\"\nname = \"A\"\n{extra_feed}\n[topic.t]\nall = [\"flood | floods\"]\ncooldown = \"1h\"\n[alerts]\nchannels = [\"log\"]\n{extra}\n"
    )
}
fn item(slug: &str, title: &str) -> Item {
    Item::new(&format!("https://a.example/{slug}"), title, D)
}
fn with(slug: &str, title: &str, summary: &str) -> Item {
    Item { summary: summary.into(), ..item(slug, title) }
}
fn feed(house: &House, items: &[Item]) {
    house.web.serve("https://a.example/rss", rss("a", items));
}
const OLD: fn() -> Item = || item("old", "Chess federation elects a president");

const FLOOD: [&str; 3] = [
    "Floods broke the old dam above the town of Derna on Sunday night and swept whole districts of the town into the sea, officials said.",
    "Mayor Abdulmenam al-Ghaithi told reporters that 2,300 people were missing after the floods, and that the harbour could not be reached by road.",
    "Rescue teams from Benghazi, Tobruk and Malta reached the valley on Monday with 14 boats and two helicopters, the Red Crescent said.",
];

fn sql(house: &House, text: &str) {
    let db = rusqlite::Connection::open(house.folder.path().join("newswatch.db")).unwrap();
    db.busy_timeout(Duration::from_secs(5)).unwrap();
    db.execute_batch(text).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dead_deliverer_ends_the_daemon() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("articles = false", ""));
    sleep(MIN(30)).await;
    // One moment of trouble with the store while an alert is marked as told.
    sql(&house, "CREATE TRIGGER boom BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'boom'); END");
    feed(&house, &[with("1", "Floods in Derna", FLOOD[0]), OLD()]);
    sleep(MIN(30)).await;
    sql(&house, "DROP TRIGGER boom");
    feed(
        &house,
        &[
            with(
                "2",
                "Flood warning for Queensland rivers as cyclone nears",
                "The Bureau of Meteorology warns of flood in Cairns.",
            ),
            OLD(),
        ],
    );
    sleep(Duration::from_hours(24)).await;
    let heard = house.log.heard();
    assert!(
        daemon.task.is_finished() || heard.iter().any(|(_, t)| t.contains("Queensland")),
        "zombie: the daemon runs on and tells nobody: {heard:?}, outbox {:?}",
        house.reader().read(table::outbox_len)
    );
}

#[tokio::test(start_paused = true)]
async fn a_dead_ingester_ends_the_daemon() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("articles = false", ""));
    sleep(MIN(30)).await;
    sql(&house, "CREATE TRIGGER boom BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'boom'); END");
    feed(&house, &[with("1", "Floods in Derna", FLOOD[0]), OLD()]);
    sleep(MIN(30)).await;
    sql(&house, "DROP TRIGGER boom");
    sleep(Duration::from_hours(24)).await;
    let heard = house.log.heard();
    assert!(
        daemon.task.is_finished() || heard.len() == 1,
        "zombie: {heard:?}, asked {}",
        house.web.asked("https://a.example/rss")
    );
}

#[tokio::test(start_paused = true)]
async fn developments_inside_the_cooldown_do_not_prolong_it() {
    use newswatch::alert::{Case, Told, VerdictKind, decide};
    use newswatch::story::{Judged, NewsKind, NovelSentence, StoryView};
    use newswatch::topic::{Evaluation, Severity};
    let evaluation = Evaluation {
        topic: "t".into(),
        matched: true,
        score: 80,
        severity: Severity::Notice,
        why: vec![],
        why_not: vec![],
        evidence: vec![],
        furniture_only: false,
        near_miss: None,
    };
    let judged = Judged {
        kind: NewsKind::Development,
        origins: vec![],
        novel: vec![NovelSentence { sentence: "x".into(), why: "y".into() }],
        view: StoryView { outlets: vec!["A".into()], origins: vec![] },
    };
    let now: Timestamp = START.parse().unwrap();
    let mut told = Told { aloud: now, outlets: 1, origins: 1 };
    let cooldown = Duration::from_hours(6);
    for n in 1..=10 {
        let verdict = decide(
            &Case {
                evaluation: &evaluation,
                judged: &judged,
                told: Some(&told),
                unsent: false,
                baseline: false,
                cooldown,
            },
            later(now, MIN(n)),
        );
        let VerdictKind::Update { due } = verdict.kind else { panic!() };
        told.aloud = due; // as ingest does
    }
    assert!(
        told.aloud <= later(now, cooldown),
        "ten developments in ten minutes silence the story until {}",
        told.aloud
    );
}

#[tokio::test(start_paused = true)]
async fn a_busy_story_is_told_again_after_one_cooldown() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("articles = false", ""));
    sleep(MIN(20)).await;
    let news = [
        ("Floods break dam above Derna", FLOOD.join(" ")),
        ("Floods in Derna: 2,300 missing, army confirms dam collapsed", "The army confirmed that the dam above Derna collapsed in the floods and General Khalifa Haftar sent 900 soldiers of the Tariq brigade to Derna.".to_owned()),
        ("Floods in Derna: mayor arrested over dam", "Mayor Abdulmenam al-Ghaithi was arrested by prosecutors in Derna on Monday over the dam that broke in the floods, prosecutor Siddiq al-Sour said, with 16 officials of the water board.".to_owned()),
        ("Floods in Derna: minister resigns", "Minister Othman Abdeljalil resigned after the floods in Derna on Monday, and Prime Minister Osama Hammad named Fathallah Kwaidir of Sirte to follow him with 48 million dinars.".to_owned()),
        ("Floods in Derna: second dam collapsed", "A second dam at Mansour above Derna collapsed on Monday and new floods killed 310 people at Wadi Bu Mansur, Tamer Ramadan of Geneva said.".to_owned()),
    ];
    let mut items = vec![OLD()];
    for (n, (title, text)) in news.iter().enumerate() {
        items.insert(0, with(&n.to_string(), title, text));
        feed(&house, &items);
        sleep(MIN(18)).await;
    }
    // Another development 75 minutes after the last telling aloud.
    sleep(MIN(60)).await;
    let before = house.log.heard().len();
    items.insert(0, with("last", "Floods in Derna: United Nations agrees airlift", "The United Nations agreed to an airlift on Monday: 77 flights from Brindisi will bring tents to Derna after the floods, Martin Griffiths said in New York."));
    feed(&house, &items);
    sleep(MIN(80)).await;
    let db = rusqlite::Connection::open(house.folder.path().join("newswatch.db")).unwrap();
    let told: String = db.query_row("SELECT group_concat(told || ' due ' || (SELECT max(due) FROM delivery WHERE alert = id)) FROM alert", [], |r| r.get(0)).unwrap();
    assert!(
        house.log.heard().len() > before,
        "the story is silent although the cooldown of 1 h is over: {told} now {}",
        house.clock.now()
    );
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_watched_page_that_changes_again_is_told_again() {
    let config = "[fetch]\ninterval = \"15m\"\n[[page]]\nurl = \"https://m.example/status\"\nwatch = \"main\"\nname = \"M\"\n[topic.t]\nall = [\"outage\"]\ncooldown = \"1h\"\n[alerts]\nchannels = [\"log\"]\n";
    let house = House::new(START);
    let show = |text: &str| {
        house.web.serve(
            "https://m.example/status",
            format!("<html><head><title>Status</title></head><body><main><p>{text}</p></main></body></html>"),
        );
    };
    show("All systems work.");
    let daemon = house.start(config);
    sleep(MIN(30)).await;
    show("Major outage of the payment system.");
    sleep(MIN(30)).await;
    assert_eq!(house.log.heard().len(), 1);
    show("All systems work.");
    sleep(Duration::from_hours(72)).await;
    let before = house.log.heard().iter().filter(|(k, _)| *k != AlertKind::Quiet).count();
    show("Major outage of the payment system.");
    sleep(Duration::from_hours(12)).await;
    let after = house.log.heard().iter().filter(|(k, _)| *k != AlertKind::Quiet).count();
    daemon.stop().await;
    assert!(after > before, "the second outage, three days later, is silent: {:?}", house.log.heard());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_fails_is_tried_three_times() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("", ""));
    sleep(MIN(20)).await;
    feed(&house, &[item("1", "A bridge is opened"), OLD()]);
    house.web.script("https://a.example/1", |_| Answer::status(503));
    sleep(Duration::from_hours(24)).await;
    daemon.stop().await;
    let asked = house.web.asked("https://a.example/1");
    assert!(asked <= 3, "asked {asked} times in a day");
}

#[tokio::test(start_paused = true)]
async fn the_page_of_an_entry_told_from_the_feed_is_no_second_alert() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("", ""));
    sleep(MIN(20)).await;
    feed(
        &house,
        &[
            with("1", "Floods break dam above Derna", "Floods broke a dam above Derna, officials said."),
            OLD(),
        ],
    );
    house.web.script("https://a.example/1", |_| Answer::status(502));
    sleep(MIN(16)).await;
    house.web.serve("https://a.example/1", page("Floods break dam above Derna", &FLOOD, &[]));
    sleep(Duration::from_hours(24)).await;
    daemon.stop().await;
    let loud: Vec<_> = house
        .log
        .told
        .lock()
        .unwrap()
        .iter()
        .filter(|a| a.kind != AlertKind::Quiet)
        .map(|a| (a.kind, a.title.clone(), a.why.clone()))
        .collect();
    assert_eq!(loud.len(), 1, "one article of one outlet: {loud:?}");
}

#[tokio::test(start_paused = true)]
async fn the_baseline_does_not_ring_when_a_feed_moves_its_links_to_https() {
    let house = House::new(START);
    let items = |scheme: &str| -> Vec<Item> {
        (0..20)
            .map(|n| Item {
                id: format!("guid-{n}"),
                url: format!("{scheme}://a.example/{n}"),
                title: format!(
                    "Floods number {n} in the town of {}",
                    ["Derna", "Cairns", "Passau", "Lismore"][n % 4]
                ),
                date: format!("Mon, {:02} Jun 2023 11:00:00 GMT", n + 1),
                summary: String::new(),
            })
            .collect()
    };
    for n in 0..20 {
        for scheme in ["http", "https"] {
            house.web.serve(
                &format!("{scheme}://a.example/{n}"),
                page(&format!("Floods number {n}"), &FLOOD, &[]),
            );
        }
    }
    feed(&house, &items("http"));
    let daemon = house.start(&one("", ""));
    sleep(MIN(30)).await;
    assert_eq!(house.log.heard(), []);
    feed(&house, &items("https"));
    sleep(Duration::from_hours(6)).await;
    daemon.stop().await;
    assert_eq!(
        house.log.heard(),
        [],
        "three months old, known since the first look, only the scheme of the links changed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_quiet_revision_does_not_wipe_the_news_of_an_update_that_waits() {
    let house = House::new(START);
    let config = one(
        "articles = false\n[[feed]]\nurl = \"https://b.example/rss\"\nname = \"B\"\narticles = false",
        "",
    );
    feed(&house, &[OLD()]);
    house.web.serve("https://b.example/rss", rss("b", &[OLD()]));
    let daemon = house.start(&config);
    sleep(MIN(20)).await;
    let first = with("1", "Floods break dam above Derna", &FLOOD.join(" "));
    feed(&house, &[first.clone(), OLD()]);
    sleep(MIN(17)).await;
    let second = with(
        "2",
        "Floods in Derna: mayor arrested over dam",
        "Mayor Abdulmenam al-Ghaithi was arrested by prosecutors in Derna on Monday over the dam that broke in the floods, prosecutor Siddiq al-Sour said, with 16 officials of the water board.",
    );
    feed(&house, &[second, first, OLD()]);
    sleep(MIN(17)).await;
    let told = house.log.heard().len();
    house.web.serve(
        "https://b.example/rss",
        rss("b", &[with("9", "Floods break dam above Derna", &FLOOD.join(" ")), OLD()]),
    );
    sleep(MIN(90)).await;
    daemon.stop().await;
    let all: Vec<_> = house
        .log
        .told
        .lock()
        .unwrap()
        .iter()
        .map(|a| (a.kind, a.title.clone(), a.body.clone(), a.why.clone()))
        .collect();
    let update =
        all.iter().find(|a| a.0 == AlertKind::Update).unwrap_or_else(|| panic!("no update {told}: {all:?}"));
    assert!(update.2.contains("New: "), "told aloud, and it does not say what is new: {update:?}");
}

#[tokio::test(start_paused = true)]
async fn quiet_hours_hold_for_a_retry_too() {
    let house = House::new("2023-09-04T20:00:00Z");
    feed(&house, &[OLD()]);
    house.log.down.store(true, Ordering::SeqCst);
    let daemon = house.start(&one(
        "articles = false",
        "quiet_hours = { from = \"22:00\", to = \"07:00\", except = \"critical\" }",
    ));
    sleep(MIN(60)).await;
    feed(&house, &[with("1", "Floods in Derna", FLOOD[0]), OLD()]);
    sleep(MIN(5 * 60)).await;
    assert_eq!(house.log.heard(), []);
    house.log.down.store(false, Ordering::SeqCst); // 02:00: the person's machine is back
    sleep(MIN(3 * 60)).await;
    let now = house.clock.now();
    let heard = house.log.heard();
    daemon.stop().await;
    assert_eq!(heard, [], "told before {now}, within the quiet hours");
}

struct Jumping(AtomicI64, Instant);
impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        later(Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap(), self.1.elapsed())
    }
}
#[tokio::test(start_paused = true)]
async fn row_23_a_clock_that_was_ahead_does_not_stop_polling() {
    let house = House::new(START);
    house.web.script("https://a.example/rss", |_| {
        let mut a = Answer::ok(rss("a", &[OLD()]));
        a.headers.fresh_for = Some(60);
        a
    });
    let right = START.parse::<Timestamp>().unwrap().as_second();
    let clock = Arc::new(Jumping(AtomicI64::new(right + 3 * 365 * 86_400), Instant::now()));
    let config = one("articles = false", "");
    for wrong in [true, false] {
        let shared =
            Shared::new(house.store(), clock.clone(), house.live(settings(&config)), Box::new(|_| {}));
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(shared, Mode::Forever, stop.clone()));
        sleep(MIN(20)).await;
        if wrong {
            clock.0.store(right, Ordering::SeqCst); // NTP sets it right
            sleep(MIN(20)).await;
        }
        stop.cancel();
        task.await.unwrap().unwrap();
    }
    let before = house.web.asked("https://a.example/rss");
    let shared = Shared::new(house.store(), clock.clone(), house.live(settings(&config)), Box::new(|_| {}));
    let stop = CancellationToken::new();
    let task = tokio::spawn(run(shared, Mode::Forever, stop.clone()));
    sleep(Duration::from_hours(24)).await;
    stop.cancel();
    task.await.unwrap().unwrap();
    assert!(
        house.web.asked("https://a.example/rss") > before,
        "not asked for a day, over a restart too: {before}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_reused_id_does_not_make_a_baseline_entry_new() {
    let house = House::new(START);
    let reused =
        |slug: &str, title: &str| Item { id: "tag:a".into(), ..with(slug, title, "Floods were reported.") };
    feed(&house, &[reused("1", "Floods in Derna"), reused("2", "Floods in Cairns"), OLD()]);
    let daemon = house.start(&one("articles = false", ""));
    sleep(MIN(20)).await;
    feed(&house, &[reused("1", "Floods in Derna"), OLD()]);
    sleep(MIN(60)).await;
    daemon.stop().await;
    assert_eq!(house.log.heard(), [], "an item of the baseline rings because its neighbour left the feed");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_rests_longer_than_seen_does_not_ring() {
    let house = House::new(START);
    let floods: Vec<Item> = (0..3)
        .map(|n| {
            with(
                &format!("f{n}"),
                &format!("Floods number {n} in {}", ["Derna", "Cairns", "Passau"][n]),
                "Floods were reported.",
            )
        })
        .collect();
    feed(&house, &floods);
    for (n, flood) in floods.iter().enumerate() {
        house.web.serve(&format!("https://a.example/f{n}"), page(&flood.title, &FLOOD, &[]));
    }
    let daemon = house.start(&one("interval = \"24h\"", "[store]\nkeep = { text = \"2d\", seen = \"2d\" }"));
    sleep(Duration::from_hours(24 * 5)).await;
    let mut all = vec![item("x", "A bridge is opened")];
    all.extend(floods);
    feed(&house, &all);
    sleep(Duration::from_hours(48)).await;
    daemon.stop().await;
    assert_eq!(house.log.heard(), [], "the entries never left the feed");
}

struct Slow {
    told: std::sync::Mutex<Vec<(AlertKind, u32)>>,
    wait: Duration,
}
#[async_trait::async_trait]
impl Notifier for Slow {
    fn name(&self) -> &'static str {
        "log"
    }
    async fn tell(&self, alert: &Alert, _: Option<&str>) -> Result<Receipt, NotifyError> {
        sleep(self.wait).await;
        self.told.lock().unwrap().push((alert.kind, alert.revision));
        Ok(Receipt::default())
    }
}
#[tokio::test(start_paused = true)]
async fn a_quiet_revision_that_comes_while_the_first_is_told_is_quiet() {
    let house = House::new(START);
    let config = one(
        "articles = false\n[[feed]]\nurl = \"https://b.example/rss\"\nname = \"B\"\narticles = false",
        "",
    );
    feed(&house, &[OLD()]);
    house.web.serve("https://b.example/rss", rss("b", &[OLD()]));
    let slow = Arc::new(Slow { told: std::sync::Mutex::default(), wait: Duration::from_secs(20) });
    let mut channels = Channels::new();
    channels.insert("log".into(), slow.clone());
    let live = Live { settings: settings(&config), web: house.web.clone(), channels };
    let shared = Shared::new(house.store(), house.clock.clone(), live, Box::new(|_| {}));
    let stop = CancellationToken::new();
    let task = tokio::spawn(run(shared, Mode::Once { all: true }, stop.clone()));
    task.await.unwrap().unwrap();
    feed(&house, &[with("1", "Floods break dam above Derna", &FLOOD.join(" ")), OLD()]);
    house.web.script("https://b.example/rss", |_| Answer {
        delay: Duration::from_secs(10),
        ..Answer::ok(rss("b", &[with("9", "Floods break dam above Derna", &FLOOD.join(" ")), OLD()]))
    });
    let live = Live {
        settings: settings(&config),
        web: house.web.clone(),
        channels: [("log".to_owned(), slow.clone() as Arc<dyn Notifier>)].into(),
    };
    let shared = Shared::new(house.store(), house.clock.clone(), live, Box::new(|_| {}));
    run(shared, Mode::Once { all: true }, CancellationToken::new()).await.unwrap();
    let told = slow.told.lock().unwrap().clone();
    assert_eq!(told, [(AlertKind::New, 1), (AlertKind::Quiet, 2)], "one story rings twice as new");
}

#[tokio::test(start_paused = true)]
async fn row_14_a_ttl_holds_over_a_304() {
    let house = House::new(START);
    house.web.serve(
        "https://a.example/rss",
        rss("a", &[OLD()]).replace("<title>a</title>", "<title>a</title><ttl>120</ttl>"),
    );
    let daemon = house.start(&one("articles = false", ""));
    sleep(Duration::from_hours(24)).await;
    daemon.stop().await;
    let asked = house.web.asked("https://a.example/rss");
    assert!(asked <= 13, "ttl of 2 h, asked {asked} times in 24 h");
}

#[test]
fn pruning_gives_pages_back() {
    let house_folder = tempfile::tempdir().unwrap();
    let path = house_folder.path().join("n.db");
    let store = newswatch::store::Store::open(&path).unwrap();
    store
        .write_blocking(|tx| {
            for n in 0..500 {
                tx.execute(
                    "INSERT INTO seen VALUES ('s', ?1, 'h', 0, NULL, NULL, NULL, NULL, NULL, 0, 0)",
                    [format!("{n}{}", "x".repeat(3000))],
                )?;
            }
            Ok(())
        })
        .unwrap();
    let now: Timestamp = START.parse().unwrap();
    store.write_blocking(|tx| table::prune(tx, now, now, &[])).unwrap();
    let free: i64 =
        store.write_blocking(|tx| tx.query_row("PRAGMA freelist_count", [], |r| r.get(0))).unwrap();
    assert!(free < 10, "{free} free pages are left: incremental_vacuum gave one back");
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_hangs_delays_neither_another_nor_the_end() {
    use newswatch::alert::Told;
    let house = House::new(START);
    let store = house.store();
    let now = house.clock.now();
    store
        .write_blocking(|tx| {
            for n in 1..=31 {
                let alert = Alert {
                    id: 0,
                    revision: 1,
                    topic: "t".into(),
                    topic_name: "T".into(),
                    story: n,
                    severity: newswatch::topic::Severity::Notice,
                    kind: AlertKind::New,
                    title: "x".into(),
                    body: String::new(),
                    url: None,
                    why: "w".into(),
                    raised: now,
                };
                let id = table::insert_alert(tx, &alert, &Told { aloud: now, outlets: 1, origins: 1 })?;
                table::want(tx, id, if n == 31 { "log" } else { "desktop" }, 1, AlertKind::New, now)?;
            }
            Ok(())
        })
        .unwrap();
    let mut channels = Channels::new();
    channels.insert(
        "desktop".into(),
        Arc::new(Slow { told: std::sync::Mutex::default(), wait: Duration::from_hours(1) }),
    );
    channels.insert("log".into(), house.log.clone());
    let before = Instant::now();
    let clock = house.clock.clone();
    let log = house.log.clone();
    let task =
        tokio::spawn(
            async move { newswatch::pipeline::deliver(&store, &channels, None, clock.as_ref()).await },
        );
    while log.heard().is_empty() {
        sleep(Duration::from_secs(1)).await;
    }
    let other = before.elapsed();
    let ended = tokio::time::timeout(Duration::from_hours(24), task).await.is_ok();
    assert!(
        other <= Duration::from_mins(1) && ended && before.elapsed() < Duration::from_mins(2),
        "the other channel waited {other:?}; ended {ended} after {:?}",
        before.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn the_cooldown_counts_from_the_telling_after_quiet_hours() {
    let house = House::new("2023-09-05T03:00:00Z");
    feed(&house, &[OLD()]);
    let daemon = house.start(
        &one("articles = false", "quiet_hours = { from = \"22:00\", to = \"07:00\" }").replace("1h", "2h"),
    );
    sleep(MIN(30)).await;
    let first = with("1", "Floods break dam above Derna", &FLOOD.join(" "));
    feed(&house, &[first.clone(), OLD()]);
    sleep(MIN(225)).await; // 07:15
    assert_eq!(house.log.heard().len(), 1, "told at 07:00");
    feed(
        &house,
        &[
            with(
                "2",
                "Floods in Derna: mayor arrested over dam",
                "Mayor Abdulmenam al-Ghaithi was arrested by prosecutors in Derna on Monday over the dam that broke in the floods, prosecutor Siddiq al-Sour said, with 16 officials of the water board.",
            ),
            first,
            OLD(),
        ],
    );
    sleep(MIN(30)).await; // 07:45
    let heard = house.log.heard();
    daemon.stop().await;
    assert_eq!(heard.len(), 1, "told at 07:00 and again within the cooldown of 2 h: {heard:?}");
}

#[tokio::test(start_paused = true)]
async fn what_comes_before_the_first_alert_has_left_is_told_by_it_and_starts_no_cooldown() {
    let house = House::new("2023-09-05T03:00:00Z");
    feed(&house, &[OLD()]);
    house.log.down.store(true, Ordering::SeqCst);
    let daemon = house.start(&one("articles = false", ""));
    sleep(MIN(30)).await;
    let first = with("1", "Floods break dam above Derna", &FLOOD.join(" "));
    feed(&house, &[first.clone(), OLD()]);
    sleep(MIN(20)).await;
    let arrested = with(
        "2",
        "Floods in Derna: mayor arrested over dam",
        "Mayor Abdulmenam al-Ghaithi was arrested by prosecutors in Derna on Monday over the dam that broke in the floods, prosecutor Siddiq al-Sour said, with 16 officials of the water board.",
    );
    feed(&house, &[arrested.clone(), first.clone(), OLD()]);
    sleep(MIN(20)).await;
    house.log.down.store(false, Ordering::SeqCst);
    sleep(MIN(40)).await;
    let army = with(
        "3",
        "Floods in Derna: 2,300 missing, army confirms dam collapsed",
        "The army confirmed that the dam above Derna collapsed in the floods and General Khalifa Haftar sent 900 soldiers of the Tariq brigade to Derna.",
    );
    feed(&house, &[army, arrested, first, OLD()]);
    // Less than two cooldowns of one hour since the article before.
    sleep(MIN(50)).await;
    daemon.stop().await;
    let db = rusqlite::Connection::open(house.folder.path().join("newswatch.db")).unwrap();
    let decided: String = db
        .query_row(
            "SELECT group_concat(kind, ' ') FROM (SELECT kind FROM verdict ORDER BY report)",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert!(decided.starts_with(r#"{"do":"tell"} {"do":"join"} {"do":"update","#), "{decided}");
    let told: Vec<_> = house.log.told.lock().unwrap().iter().map(|a| (a.kind, a.why.clone())).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0].0, AlertKind::New);
    assert!(told[0].1.contains("story not told before"), "{told:?}");
    assert_eq!(told[1].0, AlertKind::Update);
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_waits_stays_as_severe_as_what_it_waits_with() {
    let house = House::new("2023-09-04T20:00:00Z");
    feed(&house, &[OLD()]);
    house.log.down.store(true, Ordering::SeqCst);
    let config =
        one("articles = false", "quiet_hours = { from = \"22:00\", to = \"07:00\", except = \"critical\" }");
    let escalate = "cooldown = \"1h\"\nescalate = [{ to = \"critical\", when = 'title:dam' }]";
    let daemon = house.start(&config.replace("cooldown = \"1h\"", escalate));
    sleep(MIN(30)).await;
    let first = with("1", "Floods break dam above Derna", &FLOOD.join(" "));
    feed(&house, &[first.clone(), OLD()]);
    sleep(MIN(4 * 60)).await;
    let arrested = with(
        "2",
        "Floods in Derna: mayor arrested",
        "Mayor Abdulmenam al-Ghaithi was arrested by prosecutors in Derna on Monday over the dam that broke in the floods, prosecutor Siddiq al-Sour said, with 16 officials of the water board.",
    );
    feed(&house, &[arrested, first, OLD()]);
    sleep(MIN(60)).await;
    house.log.down.store(false, Ordering::SeqCst); // 01:30
    sleep(MIN(60)).await;
    daemon.stop().await;
    let told = house.log.told.lock().unwrap();
    let told: Vec<_> = told.iter().map(|alert| (alert.kind, alert.severity)).collect();
    assert_eq!(told, [(AlertKind::New, newswatch::topic::Severity::Critical)], "in the quiet hours");
}

#[tokio::test(start_paused = true)]
async fn a_source_taken_out_and_put_back_is_asked_again() {
    let house = House::new(START);
    house.web.script("https://a.example/rss", |_| Answer::status(410));
    let config = one("articles = false", "");
    let daemon = house.start(&config);
    sleep(Duration::from_hours(24 * 5)).await;
    feed(&house, &[OLD()]);
    let asked = house.web.asked("https://a.example/rss");
    assert_eq!(asked, 3);
    let path = house.folder.path().join("newswatch.toml");
    for text in [config.replace("a.example/rss", "b.example/rss"), config.clone()] {
        std::fs::write(&path, format!("{text}[store]\npath = \"/x/n.db\"\n")).unwrap();
        reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
        sleep(Duration::from_hours(48)).await;
    }
    daemon.stop().await;
    house.once(&config, true).await;
    assert!(house.web.asked("https://a.example/rss") > asked, "no way to wake it but to edit the database");
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_is_taken_back_is_not_fetched_for_ever() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    house.web.serve("https://a.example/1", page("A bridge is opened", &["The bridge was opened on Monday by the mayor of the town, who cut a ribbon of red silk before a crowd of children."], &[]));
    let daemon = house.start(&one("", ""));
    sleep(MIN(20)).await;
    let count = Arc::new(AtomicUsize::new(0));
    for title in ["A bridge is opened", "A bridge is opened at last", "A bridge is opened"] {
        let n = count.clone();
        house.web.script("https://a.example/rss", move |_| {
            // A busy feed: something else is new at each look.
            let n = n.fetch_add(1, Ordering::SeqCst);
            let other = Item { url: String::new(), ..with(&format!("n{n}"), &format!("Number {n}"), "x") };
            Answer::ok(rss("a", &[other, item("1", title), OLD()]))
        });
        sleep(MIN(60)).await;
    }
    let asked = house.web.asked("https://a.example/1");
    sleep(Duration::from_hours(12)).await;
    daemon.stop().await;
    let more = house.web.asked("https://a.example/1") - asked;
    assert_eq!(more, 0, "an unchanged entry, its page fetched {more} times more in 12 h");
}

#[tokio::test(start_paused = true)]
async fn one_page_in_two_feeds_of_a_site_is_one_outlet() {
    let house = House::new(START);
    let config = one("[[feed]]\nurl = \"https://a.example/world\"\nname = \"A World\"", "");
    feed(&house, &[OLD()]);
    house.web.serve("https://a.example/world", rss("w", &[OLD()]));
    let daemon = house.start(&config);
    sleep(MIN(20)).await;
    let i = item("1", "Floods break dam above Derna");
    house.web.serve("https://a.example/1", page("Floods break dam above Derna", &FLOOD, &[]));
    feed(&house, &[i.clone(), OLD()]);
    house.web.serve("https://a.example/world", rss("w", &[i, OLD()]));
    sleep(MIN(40)).await;
    daemon.stop().await;
    let told = house.log.told.lock().unwrap().clone();
    assert!(
        told.iter().all(|a| a.body.starts_with("1 outlet")),
        "the same page in two feeds of one site counts as two outlets"
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_not_there_yet_is_read_later() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("", ""));
    sleep(MIN(20)).await;
    feed(&house, &[item("1", "Night of terror above the old town"), OLD()]);
    house.web.script("https://a.example/1", |_| Answer::status(404));
    sleep(MIN(17)).await;
    house.web.serve("https://a.example/1", page("Night of terror above the old town", &FLOOD, &[]));
    sleep(Duration::from_hours(24)).await;
    daemon.stop().await;
    assert_eq!(
        house.log.heard().len(),
        1,
        "the page came a minute after its feed; asked {}",
        house.web.asked("https://a.example/1")
    );
}

#[tokio::test(start_paused = true)]
async fn a_rule_of_two_clauses_on_a_watched_page() {
    let config = "[fetch]\ninterval = \"15m\"\n[[page]]\nurl = \"https://m.example/status\"\nwatch = \"main\"\nname = \"M\"\n[topic.t]\nall = [\"North Korea\", \"visit\"]\n[alerts]\nchannels = [\"log\"]\n";
    let house = House::new(START);
    let show = |text: &str| {
        house.web.serve("https://m.example/status", format!("<html><head><title>Statement</title></head><body><main><p>Statement on North Korea.</p><p>{text}</p></main></body></html>"));
    };
    show("There is no comment.");
    let daemon = house.start(config);
    sleep(MIN(30)).await;
    show("The visit will take place on Wednesday in Vladivostok.");
    sleep(MIN(60)).await;
    daemon.stop().await;
    let told = house.log.told.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "the page says North Korea and visit, and the visit is what changed");
}

#[tokio::test(start_paused = true)]
async fn the_alert_of_a_watched_page_says_what_changed() {
    let config = "[fetch]\ninterval = \"15m\"\n[[page]]\nurl = \"https://m.example/status\"\nwatch = \"main\"\nname = \"M\"\n[topic.t]\nall = [\"visit\"]\n[alerts]\nchannels = [\"log\"]\n";
    let house = House::new(START);
    let show = |text: &str| {
        house.web.serve("https://m.example/status", format!("<html><head><title>Statement</title></head><body><main><p>Statement.</p><p>{text}</p></main></body></html>"));
    };
    show("There is no comment.");
    let daemon = house.start(config);
    sleep(MIN(30)).await;
    show("The visit will take place on Wednesday in Vladivostok.");
    sleep(MIN(60)).await;
    daemon.stop().await;
    let told = house.log.told.lock().unwrap().clone();
    assert!(
        told[0].body.contains("Vladivostok") || told[0].title.contains("Vladivostok"),
        "{:?} {:?}",
        told[0].title,
        told[0].body
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_that_cannot_be_stored_takes_nothing_else_along() {
    let house = House::new(START);
    let config = one("articles = false", "[[feed]]\nurl = \"https://b.example/rss\"\narticles = false");
    feed(&house, &[OLD()]);
    house.web.serve("https://b.example/rss", rss("b", &[OLD()]));
    let daemon = house.start(&config);
    sleep(MIN(30)).await;
    sql(
        &house,
        "CREATE TRIGGER poison BEFORE INSERT ON report WHEN new.key LIKE '%poison' BEGIN SELECT RAISE(ABORT, 'poison'); END",
    );
    feed(&house, &[with("poison", "Floods in Derna", FLOOD[0]), OLD()]);
    house.web.serve(
        "https://b.example/rss",
        rss("b", &[with("good", "Flood warning for Queensland rivers", FLOOD[1]), OLD()]),
    );
    sleep(Duration::from_hours(24)).await;
    assert!(!daemon.task.is_finished(), "it runs on");
    let heard = house.log.heard();
    assert!(heard.iter().any(|(_, title)| title.contains("Queensland")), "{heard:?}");
    let sources = house.reader().read(table::list_sources).unwrap();
    let broken = sources.iter().find(|source| source.url.contains("a.example")).unwrap();
    assert!(
        broken.state.failures > 0 && broken.state.error.as_deref().unwrap_or_default().contains("poison")
    );
    sql(&house, "DROP TRIGGER poison");
    sleep(Duration::from_hours(96)).await;
    daemon.stop().await;
    let heard = house.log.heard();
    assert!(heard.iter().any(|(_, title)| title.contains("Derna")), "it is not lost: {heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_look_fails_if_its_report_could_not_be_stored_long_before_its_end() {
    let house = House::new(START);
    feed(&house, &[OLD()]);
    let daemon = house.start(&one("", ""));
    sleep(MIN(30)).await;
    sql(
        &house,
        "CREATE TRIGGER poison BEFORE INSERT ON report WHEN new.key LIKE '%poison' BEGIN SELECT RAISE(ABORT, 'poison'); END",
    );
    house.web.serve("https://a.example/poison", page("Floods in Derna", &FLOOD, &[]));
    // The page of the second keeps the look going when the report of the first is refused, alone in its batch.
    house.web.script("https://a.example/slow", |_| Answer {
        delay: MIN(2),
        ..Answer::ok(page("Chess", &["Chess."], &[]))
    });
    let slow = Item { date: "Mon, 04 Sep 2023 11:30:00 GMT".into(), ..with("slow", "Chess again", "Chess.") };
    feed(&house, &[slow, with("poison", "Floods in Derna", FLOOD[0]), OLD()]);
    sleep(MIN(60)).await;
    assert!(!daemon.task.is_finished(), "it runs on");
    sql(&house, "DROP TRIGGER poison");
    sleep(Duration::from_hours(24)).await;
    daemon.stop().await;
    let heard = house.log.heard();
    assert!(heard.iter().any(|(_, title)| title.contains("Derna")), "it is not lost: {heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_look_that_panics_is_a_failed_one() {
    let house = House::new(START);
    let daemon = house.start(&one("", ""));
    house.web.script("https://a.example/rss", |_| panic!("a bug"));
    sleep(MIN(30)).await;
    assert!(!daemon.task.is_finished(), "it runs on");
    daemon.stop().await;
    let sources = house.reader().read(table::list_sources).unwrap();
    assert!(sources[0].state.failures > 0, "{:?}", sources[0].state);
}
