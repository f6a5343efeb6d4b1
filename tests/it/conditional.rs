//! Conditional requests over many looks: what goes out, what is kept, and what a broken answer or a crash leaves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use newswatch::clock::Clock;
use newswatch::fetch::{Headers, Request};
use newswatch::pipeline::{Ingester, Message};
use newswatch::source::{Source, SourceKind, SourceState, Validators};
use newswatch::store::{SourceRow, table};

use super::support::fake_web::Answer;
use super::support::house::{House, Knows, first_job, settings};
use super::support::press::{Item, rss};

const FEED: &str = "https://a.example/rss";
const CONFIG: &str = "[fetch]\narticles = false\n[[feed]]\nurl = 'https://a.example/rss'\nname = 'A'\nfirst_look = 'alert'\n\
                      [topic.x]\nall = ['nothing']\n[alerts]\nchannels = ['log']\n";

/// A feed that is answered by hand: each look by the next answer, the last one again and again.
struct Desk {
    house: House,
    asked: Arc<Mutex<Vec<Validators>>>,
}

impl Desk {
    fn new(answers: Vec<fn() -> Answer>) -> Self {
        let (house, asked) = (House::new("2023-09-04T12:00:00Z"), Arc::<Mutex<Vec<Validators>>>::default());
        let log = asked.clone();
        house.web.script(FEED, move |request: &Request| {
            let mut log = log.lock().unwrap();
            log.push(request.validators.clone());
            answers[(log.len() - 1).min(answers.len() - 1)]()
        });
        Self { house, asked }
    }

    /// One look; what it sent, and how the source is after it.
    async fn look(&self) -> (Validators, SourceRow) {
        self.house.once(CONFIG, true).await;
        let sent = self.asked.lock().unwrap().last().cloned().unwrap();
        (sent, self.house.reader().read(table::list_sources).unwrap().remove(0))
    }

    /// Titles of all reports.
    fn titles(&self) -> Vec<String> {
        let sql = "SELECT title FROM report_text ORDER BY id";
        self.house.reader().read(|db| db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()).unwrap()
    }
}

fn items(count: usize) -> Vec<Item> {
    let item = |n: usize| {
        let title = format!("Report number {n} of the harbour");
        Item::new(&format!("https://a.example/{n}"), &title, "Mon, 04 Sep 2023 08:00:00 GMT")
    };
    (0..count).map(item).collect()
}

/// An answer with this status, entity tag and body.
fn tagged(status: u16, etag: &str, body: String) -> Answer {
    let etag = (!etag.is_empty()).then(|| etag.as_bytes().to_vec());
    let headers = Headers { validators: Validators { etag, last_modified: None }, ..Headers::default() };
    Answer { headers, body, ..Answer::status(status) }
}

fn tag(validators: &Validators) -> &str {
    validators.etag.as_deref().map_or("", |etag| std::str::from_utf8(etag).unwrap())
}

#[tokio::test(start_paused = true)]
async fn row_1_every_further_request_carries_the_validators() {
    let desk = Desk::new(vec![|| tagged(200, "W/\"1\"", rss("a", &items(2)))]);
    assert!(desk.look().await.0.is_empty());
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_hours(1)).await;
        assert_eq!(tag(&desk.look().await.0), "W/\"1\"");
    }
}

#[tokio::test(start_paused = true)]
async fn row_9_an_unchanged_body_is_not_read_and_row_5_its_validators_are_taken() {
    let desk = Desk::new(vec![
        || tagged(200, "1", rss("a", &items(2))),
        || tagged(200, "2", rss("a", &items(2))),
        || tagged(200, "", rss("a", &items(2))),
    ]);
    desk.look().await;
    let (sent, row) = desk.look().await;
    assert_eq!((tag(&sent), tag(&row.state.validators)), ("1", "2"), "touched, not changed");
    assert_eq!((row.state.polls, row.state.useful), (2, 1));
    let (sent, row) = desk.look().await;
    assert_eq!((tag(&sent), tag(&row.state.validators)), ("2", ""), "a 200 without any takes them away");
    assert_eq!(desk.titles().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn row_6_a_crash_before_the_end_of_a_look_asks_again() {
    let desk = Desk::new(vec![|| tagged(200, "1", rss("a", &items(3)))]);
    let house = &desk.house;
    let settings = settings(CONFIG);
    let (send, mut receive) = tokio::sync::mpsc::channel(64);
    let job = first_job(settings.sources[0].clone());
    newswatch::pipeline::harvest(job, house.web.as_ref(), &Knows::default(), house.clock.as_ref(), &send)
        .await;
    drop(send);
    let mut messages = Vec::new();
    while let Some(message) = receive.recv().await {
        messages.push(message);
    }
    assert!(matches!(messages.last(), Some(Message::Polled(_))), "validators come last");
    let (store, now) = (house.store(), house.clock.now());
    let stored = |count: usize| {
        store
            .write_blocking(|tx| {
                table::sync_sources(tx, &settings.sources, now, |_| SourceState::new(now, "first"))?;
                Ingester::rebuild(tx, now)?.ingest(tx, &settings, &messages[..count], now)?;
                table::source_state(tx, &settings.sources[0].id)
            })
            .unwrap()
            .unwrap()
    };
    // Killed after two of three reports: nothing of the answer holds yet.
    let state = stored(2);
    assert!(state.validators.is_empty() && state.body_hash.is_none() && state.last_full.is_none());
    assert_eq!(desk.titles().len(), 2);
    drop(store);
    let (again, row) = desk.look().await;
    assert!(again.is_empty() && tag(&row.state.validators) == "1");
    assert_eq!(desk.titles().len(), 3, "nothing is lost and nothing stands twice");
}

#[tokio::test(start_paused = true)]
async fn row_33_what_is_no_feed_changes_nothing_and_row_7_what_breaks_off_is_asked_for_whole() {
    let desk = Desk::new(vec![
        || tagged(200, "1", rss("a", &items(2))),
        || tagged(200, "2", "<!DOCTYPE html><html><body>Sign in</body></html>".into()),
        || tagged(200, "3", String::new()),
        || tagged(500, "4", String::new()),
        || tagged(200, "5", rss("a", &items(3)).split("</item>").take(2).collect::<Vec<_>>().join("</item>")),
        || tagged(200, "6", rss("a", &items(3))),
    ]);
    let (_, good) = desk.look().await;
    for _ in 0..3 {
        let (sent, row) = desk.look().await;
        assert_eq!((tag(&sent), tag(&row.state.validators)), ("1", "1"));
        assert_eq!(
            (row.state.body_hash, row.state.last_full),
            (good.state.body_hash.clone(), good.state.last_full)
        );
    }
    let (_, cut) = desk.look().await;
    assert!(cut.state.validators.is_empty(), "what broke off is asked for whole: {:?}", cut.state);
    assert!(desk.look().await.0.is_empty());
    assert_eq!(desk.titles().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn row_8_another_address_account_or_version_asks_for_everything() {
    let desk = Desk::new(vec![|| tagged(200, "1", rss("a", &items(2)))]);
    desk.look().await;
    assert_eq!(tag(&desk.look().await.0), "1");
    // What is known is kept under the address, account and all.
    let id = |url: &str| Source::id_of(&SourceKind::Feed, &url.parse().unwrap());
    assert!(id(FEED) != id("https://me:secret@a.example/rss") && id(FEED) != id("https://a.example/rss?all"));
    let now = desk.house.clock.now();
    desk.house.store().write_blocking(|tx| table::read_by(tx, "0.0.0-older", now)).unwrap();
    assert!(desk.look().await.0.is_empty());
    assert_eq!(tag(&desk.look().await.0), "1", "once");
}

#[tokio::test(start_paused = true)]
async fn row_8_a_server_that_says_304_for_ever_is_asked_for_all_after_a_week() {
    let desk = Desk::new(vec![|| tagged(200, "1", rss("a", &items(2)))]);
    desk.look().await;
    let mut unconditional = 0;
    for _ in 0..14 {
        tokio::time::sleep(Duration::from_hours(24)).await;
        unconditional += usize::from(desk.look().await.0.is_empty());
    }
    assert_eq!(unconditional, 2);
}

#[tokio::test(start_paused = true)]
async fn row_32_a_304_to_a_request_for_everything_is_no_success() {
    let desk = Desk::new(vec![|| Answer::status(304), || tagged(200, "1", rss("a", &items(2))), || {
        Answer::status(304)
    }]);
    let (sent, row) = desk.look().await;
    assert!(sent.is_empty());
    assert_eq!((row.state.failures, row.state.polls, row.state.last_success), (1, 0, None));
    assert_eq!(row.state.error.as_deref(), Some("answered 304 Not Modified though all was asked for"));
    desk.look().await;
    let (sent, row) = desk.look().await;
    assert_eq!((tag(&sent), row.state.failures, row.state.polls), ("1", 0, 2));
}

/// A delta of one entry.
fn delta(named: bool) -> Answer {
    let mut answer = tagged(226, "2", rss("a", &items(4)[3..]));
    answer.headers.delta = named;
    answer
}

#[tokio::test(start_paused = true)]
async fn row_10_a_part_is_merged_and_proves_nothing_about_the_rest() {
    let desk = Desk::new(vec![|| tagged(200, "1", rss("a", &items(3))), || delta(true), || {
        tagged(200, "3", rss("a", &items(4)))
    }]);
    let (_, full) = desk.look().await;
    tokio::time::sleep(Duration::from_hours(1)).await;
    let (sent, part) = desk.look().await;
    assert_eq!((tag(&sent), tag(&part.state.validators)), ("1", "2"));
    assert_eq!((part.state.last_full, &part.state.body_hash), (full.state.last_full, &full.state.body_hash));
    assert_eq!((part.state.useful, part.state.failures, &part.about), (2, 0, &full.about));
    assert_eq!(desk.titles().len(), 4);
    let (sent, _) = desk.look().await;
    assert_eq!(tag(&sent), "2");
    assert_eq!(desk.titles().len(), 4, "what the part left out was known");
}

#[tokio::test(start_paused = true)]
async fn row_10_a_part_that_nobody_can_merge_is_a_failure() {
    let desk = Desk::new(vec![|| tagged(200, "1", rss("a", &items(3))), || delta(false)]);
    desk.look().await;
    let (_, row) = desk.look().await;
    assert_eq!((row.state.failures, tag(&row.state.validators)), (1, "1"));
    assert_eq!(row.state.error.as_deref(), Some("answered 226 IM Used, of a kind that was not asked for"));
    let unasked = Desk::new(vec![|| delta(true)]);
    assert_eq!(unasked.look().await.1.state.failures, 1, "nor one that nobody asked for");
}

#[tokio::test(start_paused = true)]
async fn row_52_hubs_in_headers_come_before_those_in_the_feed() {
    let desk = Desk::new(vec![|| {
        let atom = "<link rel='hub' href='https://inside.example/' xmlns='http://www.w3.org/2005/Atom'/>";
        let mut answer = tagged(200, "1", rss("a", &items(1)).replace("<item>", &format!("{atom}<item>")));
        answer.headers.links.hubs = vec!["https://hub.example/".into(), "javascript:x".into()];
        answer.headers.links.itself = Some("/true.xml".into());
        answer
    }]);
    let about = desk.look().await.1.about.unwrap();
    assert_eq!(about.hubs.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["https://hub.example/"]);
    assert_eq!(about.self_url.unwrap().as_str(), "https://a.example/true.xml");
}
