//! Article pages over real sockets: after the feed, once, only where robots.txt allows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use newswatch::article::TextFrom;
use newswatch::clock::{Clock, SystemClock};
use newswatch::daemon::{Mode, Shared, run};
use newswatch::feed::Known;
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::shared::SharedPages;
use newswatch::fetch::{Accept, ClientSettings, FailureClass, FetchError, Request, Response, Web};
use newswatch::pipeline::{Harvested, Job, Message, Polled, harvest};
use newswatch::schedule::Outcome;
use newswatch::source::{Source, Validators};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::support::fake_web::{Answer, FakeWeb};
use super::support::house::{House, Knows, first_job, settings};
use super::support::press::{Item, page, rss};
use super::support::server::{Server, answer};

const TEXT: &str = "The harbour was closed on Monday after a crane fell into the water near the old customs house, \
                    the port authority said, and ships wait outside until divers have looked at the ground.";

type Client = SharedPages<HttpClient>;

fn client() -> Client {
    let settings = ClientSettings {
        spacing: Duration::ZERO,
        allow: vec!["127.0.0.1/32".parse().unwrap()],
        ..ClientSettings::default()
    };
    SharedPages::new(HttpClient::new(&settings, Arc::new(SystemClock)).unwrap())
}

/// A site with a feed of `count` entries, of which the last is private.
async fn site(count: usize) -> Server {
    Server::start(move |asked| {
        let host = String::from_utf8_lossy(asked.header("host")[0]).into_owned();
        match asked.path.as_str() {
            "/robots.txt" => answer("200 OK", &[], "User-agent: *\nDisallow: /private\nDisallow: /feed"),
            path if path.starts_with("/feed") => {
                let place = |n: usize| if n + 1 == count { "private".to_owned() } else { n.to_string() };
                let item = |n| {
                    let title = format!("Crane number {n} falls into the harbour");
                    Item {
                        summary: TEXT.into(),
                        ..Item::new(&format!("http://{host}/{}", place(n)), &title, "")
                    }
                };
                answer("200 OK", &[], rss("a", &(0..count).map(item).collect::<Vec<_>>()))
            }
            _ => answer("200 OK", &["Content-Type: text/html"], page("Crane", &[TEXT, TEXT], &[])),
        }
    })
    .await
}

fn source(server: &Server, path: &str, robots: bool) -> Source {
    let url = server.url(path);
    let text = format!(
        "[fetch]\nallow = ['127.0.0.0/8']\nrobots = {robots}\n[[feed]]\nurl = '{url}'\nfirst_look = 'alert'\n[topic.x]\nall = ['x']\n"
    );
    settings(&text).sources.remove(0)
}

/// One look: its reports, and how it ended.
async fn look(client: &dyn Web, source: Source, known: Vec<Known>) -> (Vec<Harvested>, Polled) {
    look_at(client, &SystemClock, source, known).await
}

async fn look_at(
    web: &dyn Web,
    clock: &dyn Clock,
    source: Source,
    known: Vec<Known>,
) -> (Vec<Harvested>, Polled) {
    let job = Job { first_look: known.is_empty(), ..first_job(source) };
    let (send, mut receive) = tokio::sync::mpsc::channel(256);
    harvest(job, web, &Knows(known), clock, &send).await;
    drop(send);
    let (mut reports, mut polled) = (Vec::new(), None);
    while let Some(message) = receive.recv().await {
        match message {
            Message::Report(report) => reports.push(*report),
            Message::Polled(end) => polled = Some(*end),
        }
    }
    (reports, polled.unwrap())
}

fn paths(server: &Server) -> Vec<String> {
    server.asked().into_iter().map(|asked| asked.path).collect()
}

#[tokio::test]
async fn row_50_pages_come_after_the_feed_once_and_for_new_entries_only() {
    let (server, client) = (site(4).await, client());
    let (reports, _) = look(&client, source(&server, "/feed", false), Vec::new()).await;
    let mut asked = paths(&server);
    assert_eq!(
        asked[..2],
        ["/feed", "/robots.txt"],
        "robots.txt decides about pages, and comes before the first"
    );
    asked[2..].sort();
    assert_eq!(asked[2..], ["/0", "/1", "/2"]);
    assert_eq!(server.connections(), 1, "one at a time");
    let known: Vec<Known> = reports.into_iter().map(|report| report.known).collect();
    assert_eq!(known.len(), 4);
    let (again, _) = look(&client, source(&server, "/feed", false), known).await;
    assert!(again.is_empty());
    assert_eq!(paths(&server)[5..], ["/feed"]);
}

#[tokio::test]
async fn row_49_a_page_that_is_not_allowed_is_told_from_the_feed_and_why() {
    let (server, client) = (site(2).await, client());
    let (reports, polled) = look(&client, source(&server, "/feed", false), Vec::new()).await;
    assert!(matches!(polled.outcome, Outcome::Read { new: 2, .. }));
    let private = reports.iter().find(|report| report.entry.url == Some(server.url("/private"))).unwrap();
    let place = format!("127.0.0.1:{}", server.url("/").port().unwrap());
    assert_eq!(
        private.article.text_from,
        TextFrom::Feed(format!("robots.txt of {place} disallows this page"))
    );
    assert!(private.article.text().contains("divers"), "{:?}", private.article);
    assert!(!private.known.hash.is_empty(), "and is not tried again");
    assert!(!paths(&server).contains(&"/private".to_owned()));
}

#[tokio::test]
async fn row_49_robots_txt_decides_about_feeds_only_where_the_person_says_so() {
    let (server, client) = (site(1).await, client());
    let (_, polled) = look(&client, source(&server, "/feed", false), Vec::new()).await;
    assert!(matches!(polled.outcome, Outcome::Read { .. }));
    let (_, polled) = look(&client, source(&server, "/feed?2", true), Vec::new()).await;
    assert!(matches!(polled.outcome, Outcome::Failed { class: FailureClass::Disallowed, .. }), "{polled:?}");
    assert!(!paths(&server).contains(&"/feed?2".to_owned()));
}

#[tokio::test]
async fn row_50_a_feed_waits_for_one_page_of_another_feed_not_for_all() {
    let (server, client) = (site(41).await, client());
    let many = look(&client, source(&server, "/feed", false), Vec::new());
    let other = async {
        while server.asked().len() < 5 {
            tokio::task::yield_now().await;
        }
        other_feed(&client, &server).await
    };
    let (_, before) = tokio::join!(many, other);
    let asked = paths(&server);
    let place = asked.iter().position(|path| path == "/feed?other").unwrap();
    assert!(place <= before + 2, "asked {before} before and {place} in the end");
    assert_eq!(asked.len(), 43);
}

/// Asks for another feed; how much was asked before.
async fn other_feed(client: &Client, server: &Server) -> usize {
    let before = server.asked().len();
    let url = server.url("/feed?other");
    client.get(Request { url, accept: Accept::Feed, validators: Validators::default() }).await.unwrap();
    before
}

#[tokio::test(start_paused = true)]
async fn row_50_slow_pages_do_not_hold_up_what_the_feed_says() {
    let house = House::new("2023-09-04T12:00:00Z");
    let feed = "https://a.example/feed";
    let item = |n| Item::new(&format!("https://a.example/{n}"), &format!("Crane number {n} falls"), "");
    house.web.serve(feed, rss("a", &(0..6).map(item).collect::<Vec<_>>()));
    for n in 0..6 {
        house.web.script(&format!("https://a.example/{n}"), |_| Answer {
            delay: Duration::from_mins(3),
            ..Answer::ok(page("Crane", &[TEXT, TEXT], &[]))
        });
    }
    let text = format!("[[feed]]\nurl = '{feed}'\nfirst_look = 'alert'\n[topic.x]\nall = ['x']\n");
    let source = settings(&text).sources.remove(0);
    let (reports, polled) =
        look_at(house.web.as_ref(), house.clock.as_ref(), source.clone(), Vec::new()).await;
    let read =
        |reports: &[Harvested]| reports.iter().filter(|one| one.article.text_from == TextFrom::Page).count();
    assert_eq!((reports.len(), read(&reports)), (6, 4), "all are told");
    assert!(matches!(&polled.outcome, Outcome::Read { validators, .. } if !validators.is_empty()));
    assert_eq!(polled.waiting.map(|waiting| waiting.len()), Some(2));
    let tries: Vec<u32> = reports.iter().map(|report| report.known.tries).collect();
    assert_eq!(tries, [0; 6], "nobody asked for what there was no time for");
    let known = reports.into_iter().map(|report| report.known).collect();
    let (rest, _) = look_at(house.web.as_ref(), house.clock.as_ref(), source, known).await;
    assert_eq!((rest.len(), read(&rest)), (2, 2), "the pages that were left come at the next look");
}

const CONFIG: &str = "[fetch]\ninterval = '15m'\n[[feed]]\nurl = 'https://a.example/feed'\nfirst_look = 'alert'\n[topic.x]\nall = ['crane']\n[alerts]\nchannels = ['log']\n";

/// A feed of two cranes, whose server counts the requests without validators.
fn cranes(house: &House) -> Arc<AtomicUsize> {
    let unconditional = Arc::new(AtomicUsize::new(0));
    let count = unconditional.clone();
    let item = |n| Item::new(&format!("https://a.example/{n}"), &format!("Crane number {n} falls"), "");
    let feed = rss("a", &[item(1), item(2)]);
    house.web.script("https://a.example/feed", move |asked| {
        count.fetch_add(usize::from(asked.validators.is_empty()), Ordering::Relaxed);
        Answer::ok(feed.clone())
    });
    house.web.serve("https://a.example/1", page("Crane", &[TEXT, TEXT], &[]));
    unconditional
}

/// From where the text of each report is, the first first.
fn texts(house: &House) -> Vec<String> {
    let sql = "SELECT text_from FROM report ORDER BY id";
    let all = |db: &rusqlite::Connection| db.prepare(sql)?.query_map([], |row| row.get(0))?.collect();
    house.reader().read(all).unwrap()
}

#[tokio::test(start_paused = true)]
async fn row_1_a_page_that_is_tried_again_makes_no_feed_unconditional() {
    let house = House::new("2023-09-04T12:00:00Z");
    let unconditional = cranes(&house);
    house.web.script("https://a.example/2", |_| Answer::status(503));
    let daemon = house.start(CONFIG);
    sleep(Duration::from_mins(10)).await;
    house.web.serve("https://a.example/2", page("Crane", &[TEXT, TEXT], &[]));
    sleep(Duration::from_hours(3)).await;
    daemon.stop().await;
    assert_eq!(unconditional.load(Ordering::Relaxed), 1, "the first look alone");
    let texts = texts(&house);
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert_eq!(texts[2], texts[1], "read at a look that brought 304");
    assert_eq!(house.web.asked("https://a.example/2"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_waited_waits_on_if_its_report_could_not_be_stored() {
    let house = House::new("2023-09-04T12:00:00Z");
    let _ = cranes(&house);
    house.web.script("https://a.example/2", |_| Answer::status(503));
    let daemon = house.start(CONFIG);
    sleep(Duration::from_mins(10)).await;
    house.web.serve("https://a.example/2", page("Crane", &[TEXT, TEXT], &[]));
    let sql = |sql: &'static str| house.store().write_blocking(|tx| tx.execute_batch(sql)).unwrap();
    sql("CREATE TRIGGER poison BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'poison'); END");
    sleep(Duration::from_mins(25)).await;
    assert!(house.web.asked("https://a.example/2") >= 2 && texts(&house).len() == 2, "read in vain");
    sql("DROP TRIGGER poison");
    sleep(Duration::from_hours(3)).await;
    daemon.stop().await;
    let texts = texts(&house);
    assert_eq!(
        (texts.len(), texts.last()),
        (3, texts.get(1)),
        "the feed itself brings it no more: {texts:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn row_50_looks_at_which_a_page_was_not_asked_for_are_no_tries() {
    let house = House::new("2023-09-04T12:00:00Z");
    let unconditional = cranes(&house);
    let held = Holds { web: house.web.clone(), asked: AtomicUsize::new(0) };
    let mut live = house.live(settings(CONFIG));
    live.web = Arc::new(held);
    let clock: Arc<dyn Clock> = house.clock.clone();
    let shared = Shared::new(house.store(), clock, live, Box::new(|_| {}));
    let stop = CancellationToken::new();
    house.web.serve("https://a.example/2", page("Crane", &[TEXT, TEXT], &[]));
    let daemon = tokio::spawn(run(shared, Mode::Forever, stop.clone()));
    sleep(Duration::from_hours(8)).await;
    stop.cancel();
    daemon.await.unwrap().unwrap();
    assert_eq!(unconditional.load(Ordering::Relaxed), 1);
    let texts = texts(&house);
    assert_eq!((texts.len(), texts.last()), (3, texts.get(1)), "{texts:?}");
}

/// Does not ask for the second page the first six times.
struct Holds {
    web: Arc<FakeWeb>,
    asked: AtomicUsize,
}

#[async_trait::async_trait]
impl Web for Holds {
    async fn get(&self, request: Request) -> Result<Response, FetchError> {
        if request.url.path() == "/2" && self.asked.fetch_add(1, Ordering::Relaxed) < 6 {
            let (class, message) = (FailureClass::Held, "not asked".to_owned());
            return Err(FetchError { class, message, retry_after: Some(60) });
        }
        self.web.get(request).await
    }
}
