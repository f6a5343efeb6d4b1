//! The press over real sockets, and what its content promises.

use std::collections::HashSet;
use std::sync::Arc;

use scraper::{Html, Selector};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::content::{Format, Piece, SITES, Site};
use super::{Moment, Phase, Press, expected};
use crate::clock::Clock;
use crate::source::SourceKind;

async fn press(phase: Phase) -> (Press, Arc<Moment>, CancellationToken) {
    let (moment, stop) = (Arc::new(Moment::new(phase)), CancellationToken::new());
    let press = Press::start(Arc::clone(&moment), stop.clone()).await.expect("loopback has ports");
    (press, moment, stop)
}

struct Answer {
    status: String,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

async fn open(url: &Url) -> TcpStream {
    let address = (url.host_str().expect("a host"), url.port().expect("a port"));
    TcpStream::connect(address).await.expect("the outlet listens")
}

/// One request on a connection of its own; `headers` are whole lines.
async fn ask(method: &str, url: &Url, headers: &str) -> Answer {
    let mut stream = open(url).await;
    let request =
        format!("{method} {} HTTP/1.1\r\nHost: press\r\nConnection: close\r\n{headers}\r\n", url.path());
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status").to_owned();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

fn pieces() -> impl Iterator<Item = (&'static Site, &'static Piece)> {
    SITES.iter().flat_map(|site| site.pieces.iter().map(move |piece| (site, piece)))
}

/// The text of HTML under `selector`, words apart by one space.
fn text(html: &str, selector: &str) -> String {
    let selector = Selector::parse(selector).expect("a selector");
    let found: Vec<String> = Html::parse_document(html)
        .select(&selector)
        .flat_map(|node| node.text().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    found.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a piece itself says, without captions and advertisements.
fn prose(piece: &Piece) -> String {
    text(piece.body, "body > p:not(.ad, .promo), .para")
}

fn told_of(text: &str) -> bool {
    ["Kim", "Pyongyang", "North Korea"].iter().any(|name| text.contains(name))
        && ["Putin", "Russia", "Moscow"].iter().any(|name| text.contains(name))
}

#[tokio::test]
async fn every_outlet_lists_what_is_published_and_nothing_else() {
    let (press, moment, _stop) = press(Phase::Baseline).await;
    for phase in Phase::ALL {
        moment.set(phase);
        for outlet in press.outlets() {
            let answer = ask("GET", &outlet.feed_url, "").await;
            assert_eq!(answer.status, "200", "{}", outlet.feed_url);
            let listed: Vec<(String, String)> = if let SourceKind::Links { selector } = &outlet.kind {
                let selector = Selector::parse(selector).expect("a selector");
                let page = Html::parse_document(&answer.body);
                let links = page.select(&selector).map(|link| {
                    (link.attr("href").expect("an address").to_owned(), link.text().collect::<String>())
                });
                links.collect()
            } else {
                let feed = feed_rs::parser::parse(answer.body.as_bytes()).expect("a feed");
                assert_eq!(feed.title.expect("a title").content, outlet.name);
                let entries = feed.entries.into_iter().map(|entry| {
                    assert!(entry.id.starts_with("tag:"), "{}", entry.id);
                    assert!(
                        entry.published.is_some() && entry.summary.or(None).is_some()
                            || entry.content.is_some()
                    );
                    let link = entry.links.first().expect("a link").href.clone();
                    let path = Url::parse(&link).expect("an absolute link").path().to_owned();
                    (path, entry.title.expect("a title").content)
                });
                entries.collect()
            };
            let published = outlet.site.published(phase);
            let wanted: Vec<_> =
                published.iter().map(|piece| (piece.path.to_owned(), piece.title.to_owned())).collect();
            assert_eq!(listed, wanted, "{} in {phase:?}", outlet.name);
            assert!(!listed.is_empty(), "{} has no baseline", outlet.name);
        }
    }
}

#[tokio::test]
async fn every_page_is_served_whole_beside_its_sidebar() {
    let (press, _, _stop) = press(Phase::Update).await;
    let mut bodies = HashSet::new();
    for outlet in press.outlets() {
        for url in outlet.pages(Phase::Update) {
            let answer = ask("GET", &url, "").await;
            assert_eq!(answer.status, "200", "{url}");
            let piece = outlet.site.pieces.iter().find(|piece| piece.path == url.path()).expect("its piece");
            assert!(answer.body.contains(piece.body), "{url} lacks its text");
            assert!(!answer.body.contains("{{"), "{url} has an empty place");
            assert_eq!(text(&answer.body, "h1"), piece.title, "{url}");
            assert!(text(&answer.body, "title").starts_with(piece.title), "{url}");
            assert!(told_of(&text(&answer.body, "aside, .sidebar")), "{url} has a dull sidebar");
            if outlet.site.shell.contains("json_ld") {
                let json_ld = text(&answer.body, "script[type='application/ld+json']");
                let json_ld: serde_json::Value = serde_json::from_str(&json_ld).expect("JSON");
                assert_eq!(json_ld["headline"], piece.title);
            }
            assert!(bodies.insert(answer.body), "{url} repeats a page");
        }
    }
    assert_eq!(bodies.len(), pieces().count());
}

#[tokio::test]
async fn an_unchanged_feed_is_304_until_there_is_news() {
    let (press, moment, _stop) = press(Phase::Breaks).await;
    for outlet in press.outlets() {
        moment.set(Phase::Breaks);
        let first = ask("GET", &outlet.feed_url, "").await;
        let etag = first.header("etag").expect("an ETag").to_owned();
        let date = first.header("last-modified").expect("a date").to_owned();
        let (same, weak) =
            (format!("If-None-Match: {etag}\r\n"), format!("If-None-Match: \"x\", W/{etag}\r\n"));
        let (other, since) = ("If-None-Match: \"x\"\r\n", format!("If-Modified-Since: {date}\r\n"));
        for conditional in [same.clone(), weak, since.clone(), format!("{same}{since}")] {
            let answer = ask("GET", &outlet.feed_url, &conditional).await;
            assert_eq!((answer.status.as_str(), answer.body.as_str()), ("304", ""), "{conditional}");
            assert_eq!(answer.header("etag"), Some(etag.as_str()));
        }
        // RFC 9110 13.1.3: with If-None-Match, If-Modified-Since is ignored.
        for conditional in
            [other.to_owned(), format!("{other}{since}"), "If-Modified-Since: today\r\n".to_owned()]
        {
            assert_eq!(ask("GET", &outlet.feed_url, &conditional).await.status, "200", "{conditional}");
        }
        moment.set(Phase::Retold);
        let changed = outlet.name != expected::ALERT_OUTLET;
        let answer = ask("GET", &outlet.feed_url, &format!("{same}{since}")).await;
        assert_eq!(answer.status, if changed { "200" } else { "304" }, "{}", outlet.name);
    }
}

#[tokio::test]
async fn only_get_and_only_what_is_published() {
    let (press, moment, _stop) = press(Phase::Baseline).await;
    let outlet = press.outlets().first().expect("six");
    for method in ["HEAD", "POST", "DELETE"] {
        let answer = ask(method, &outlet.feed_url, "Content-Length: 0\r\n").await;
        assert_eq!((answer.status.as_str(), answer.header("allow")), ("405", Some("GET")), "{method}");
    }
    for path in ["/", "/robots.txt", "/rss.xml/"] {
        assert_eq!(
            ask("GET", &outlet.base.join(path).expect("an address"), "").await.status,
            "404",
            "{path}"
        );
    }
    let story = outlet.pages(Phase::Breaks).into_iter().next().expect("the story");
    assert_eq!(ask("GET", &story, "").await.status, "404", "not yet published");
    moment.set(Phase::Breaks);
    assert_eq!(ask("GET", &story, "").await.status, "200");
}

#[tokio::test]
async fn the_stop_ends_idle_connections_and_closes_the_ports() {
    let (press, _, stop) = press(Phase::Update).await;
    let outlet = press.outlets().first().expect("six").clone();
    let mut idle = open(&outlet.base).await;
    idle.write_all(b"GET /nowhere HTTP/1.1\r\nHost: press\r\n\r\n").await.expect("sent");
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.expect("an answer");
    stop.cancel();
    press.stopped().await;
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("an orderly end");
    assert!(
        TcpStream::connect((outlet.base.host_str().expect("a host"), outlet.base.port().expect("a port")))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_configuration_names_every_source_and_the_topic() {
    let (press, _, _stop) = press(Phase::Baseline).await;
    let config: toml::Table = press.config().parse().expect("TOML");
    let urls = |table: &str| -> Vec<String> {
        let list = config[table].as_array().expect("a list");
        list.iter().map(|source| source["url"].as_str().expect("an address").to_owned()).collect()
    };
    let (feeds, pages) = (urls("feed"), urls("page"));
    assert_eq!((feeds.len(), pages.len()), (5, 1));
    let wanted: HashSet<String> = press.outlets().iter().map(|outlet| outlet.feed_url.to_string()).collect();
    assert_eq!(feeds.into_iter().chain(pages).collect::<HashSet<_>>(), wanted);
    assert_eq!(config["page"][0]["links"].as_str(), Some("main article h2 a"));
    let hosts: HashSet<_> = press.outlets().iter().map(|outlet| outlet.base.authority().to_owned()).collect();
    assert_eq!(hosts.len(), expected::OUTLETS);
    let topic = config["topic"]["nk-arms"].as_table().expect("the topic");
    let sets = config["sets"].as_table().expect("sets");
    for line in topic["all"].as_array().expect("lines") {
        let set = line.as_str().and_then(|line| line.strip_prefix('@')).expect("a set");
        assert!(sets.contains_key(set), "{set} is not defined");
    }
}

#[test]
fn texts_are_as_long_as_reports_are() {
    let mut seen = HashSet::new();
    for (site, piece) in pieces() {
        let words = prose(piece).split_whitespace().count();
        assert!((120..=260).contains(&words), "{}{}: {words} words", site.name, piece.path);
        assert!(seen.insert(piece.title) && seen.insert(piece.summary), "{} is said twice", piece.title);
    }
}

#[test]
fn six_outlets_name_one_origin_and_the_update_names_none() {
    let names_origin = |piece: &Piece| {
        let text = format!("{} {}", piece.title, prose(piece)).to_lowercase();
        text.contains("new york times") || text.contains("nyt")
    };
    let telling: Vec<_> = pieces().filter(|(_, piece)| names_origin(piece)).collect();
    let outlets: HashSet<_> = telling.iter().map(|(site, _)| site.name).collect();
    assert_eq!((telling.len(), outlets.len()), (expected::OUTLETS, expected::OUTLETS));
    assert!(telling.iter().all(|(_, piece)| told_of(&prose(piece))));
    assert_eq!(pieces().filter(|(_, piece)| told_of(&prose(piece))).count(), expected::REPORTS);
    let first = telling.iter().find(|(_, piece)| piece.since == Phase::Breaks).expect("the first");
    assert_eq!((first.0.name, first.1.title), (expected::ALERT_OUTLET, expected::ALERT_TITLE));
    let (site, update) = pieces().find(|(_, piece)| piece.since == Phase::Update).expect("the update");
    assert_eq!((site.name, update.title), (expected::UPDATE_OUTLET, expected::UPDATE_TITLE));
    for fact in expected::UPDATE_FACTS {
        let who: Vec<_> =
            pieces().filter(|(_, piece)| prose(piece).contains(fact)).map(|(_, piece)| piece.title).collect();
        assert_eq!(who, [expected::UPDATE_TITLE], "{fact}");
    }
}

#[test]
fn the_sidebar_page_has_the_topic_beside_it_and_not_in_it() {
    let (site, piece) = pieces().find(|(_, piece)| piece.path == expected::SIDEBAR_PATH).expect("the page");
    assert_eq!((site.name, piece.title), (expected::SIDEBAR_OUTLET, expected::SIDEBAR_TITLE));
    let own = format!("{} {} {}", piece.title, piece.summary, piece.body);
    for word in
        ["Kim", "Korea", "Pyongyang", "Putin", "Russia", "Moscow", "weapon", "arms", "missile", "shells"]
    {
        assert!(!own.contains(word), "{word} is in the article");
        assert!(
            word == "shells" || text(site.shell, ".sidebar").contains(word),
            "{word} is not in the sidebar"
        );
    }
}

#[test]
fn the_clock_of_the_fiction_follows_the_story() {
    for (_, piece) in pieces() {
        assert!(piece.date < piece.since.begins(), "{} is dated after its phase", piece.path);
    }
    let moment = Moment::new(Phase::Baseline);
    for phase in Phase::ALL {
        moment.set(phase);
        assert_eq!(moment.phase(), phase);
        assert!(moment.now() >= phase.begins());
    }
    assert!(Phase::ALL.windows(2).all(|pair| matches!(pair, [a, b] if a.begins() < b.begins())));
    assert!(SITES.iter().any(|site| site.format == Format::Listing));
}
