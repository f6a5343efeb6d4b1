//! Finding sources: what is asked, in which order, and when it ends.

use std::sync::Mutex;
use std::time::Duration;

use newswatch::feed::addresses;
use newswatch::pipeline::{Discovered, MAX_REQUESTS, Wanted, discover};
use newswatch::source::SourceKind;

use crate::support::clock::TestClock;
use crate::support::fake_web::{Answer, FakeWeb};
use crate::support::press::{Item, page, rss};

const HOME: &str = "https://harbour.example/";

fn feed(n: usize) -> String {
    let items: Vec<Item> = (0..n)
        .map(|n| {
            Item::new(
                &format!("{HOME}{n}"),
                &format!("The ferry number {n} is late again"),
                "Mon, 04 Sep 2023 11:00:00 GMT",
            )
        })
        .collect();
    rss("harbour", &items)
}

fn head(links: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>Harbour</title>{links}</head><body><main><p>Some words about the harbour and its ships.</p></main></body></html>"
    )
}

/// What a search brings, and what it asked.
async fn search(web: &FakeWeb, pasted: &str, wanted: Wanted) -> (Discovered, Vec<String>) {
    let told = Mutex::new(Vec::new());
    let clock = TestClock::at("2023-09-05T12:00:00Z");
    let tell = |url: &url::Url| told.lock().unwrap().push(url.to_string());
    let discovered = discover(&addresses(pasted).unwrap(), wanted, web, &clock, &tell).await;
    (discovered, told.into_inner().unwrap())
}

fn found(discovered: &Discovered) -> Vec<String> {
    discovered
        .found
        .iter()
        .map(|found| format!("{} {}", found.candidate.kind.word(), found.candidate.url))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn an_address_of_a_feed_is_asked_once() {
    let web = FakeWeb::default();
    web.serve("https://harbour.example/rss", feed(3));
    let (discovered, asked) = search(&web, "harbour.example/rss", Wanted::Any).await;
    assert_eq!(found(&discovered), ["feed https://harbour.example/rss"]);
    assert_eq!(asked.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_scheme_http_is_tried_after_https() {
    let web = FakeWeb::default();
    web.serve("http://harbour.example/rss", feed(3));
    let (discovered, asked) = search(&web, "harbour.example/rss", Wanted::Any).await;
    assert_eq!(found(&discovered), ["feed http://harbour.example/rss"]);
    assert_eq!(asked, ["https://harbour.example/rss", "http://harbour.example/rss"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_page_names_is_read_and_ranked() {
    let web = FakeWeb::default();
    let link = |href: &str| format!("<link rel=alternate type=application/rss+xml href={href}>");
    web.serve(HOME, head(&[link("/comments/feed/"), link("/gone"), link("/feed/"), link("/small")].concat()));
    web.serve("https://harbour.example/comments/feed/", feed(30));
    web.script("https://harbour.example/gone", |_| Answer::status(404));
    web.serve("https://harbour.example/feed/", feed(20));
    web.serve("https://harbour.example/small", feed(1));
    let (discovered, asked) = search(&web, HOME, Wanted::Any).await;
    assert_eq!(
        found(&discovered),
        [
            "feed https://harbour.example/feed/",
            "feed https://harbour.example/small",
            "feed https://harbour.example/comments/feed/"
        ]
    );
    assert_eq!(asked.len(), 5, "usual addresses are left alone: {asked:?}");
    assert!(
        discovered
            .failed
            .iter()
            .any(|vain| vain.url.path() == "/gone" && vain.why == "answered 404 Not Found")
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_of_feeds_is_followed_once() {
    let web = FakeWeb::default();
    web.serve(HOME, head("<a href=/feeds.html>RSS</a>"));
    web.serve(
        "https://harbour.example/feeds.html",
        head("<a href=/feeds2.html>RSS</a><a href=/world.rss>World</a>"),
    );
    web.serve("https://harbour.example/world.rss", feed(5));
    web.serve("https://harbour.example/feeds2.html", head("<a href=/never.rss>RSS</a>"));
    let (discovered, asked) = search(&web, HOME, Wanted::Any).await;
    assert_eq!(found(&discovered), ["feed https://harbour.example/world.rss"]);
    assert!(!asked.contains(&"https://harbour.example/never.rss".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn usual_addresses_are_tried_until_one_is_there() {
    let web = FakeWeb::default();
    web.serve(HOME, head(""));
    web.serve("https://harbour.example/rss.xml", feed(5));
    let (discovered, asked) = search(&web, HOME, Wanted::Any).await;
    assert_eq!(found(&discovered), ["feed https://harbour.example/rss.xml"]);
    assert_eq!(asked, [HOME, "https://harbour.example/feed/", "https://harbour.example/rss.xml"]);
}

#[tokio::test(start_paused = true)]
async fn without_a_feed_the_sitemap_of_news_and_the_list_of_the_page_are_offered() {
    let web = FakeWeb::default();
    let teasers: String = (0..6)
        .map(|n| format!("<h3><a href=/story/{n}>The ferry number {n} is late again</a></h3>"))
        .collect();
    web.serve(HOME, head(&teasers));
    web.serve(
        "https://harbour.example/robots.txt",
        "Sitemap: https://harbour.example/all.xml\nSitemap: https://harbour.example/index-news.xml\n",
    );
    web.serve(
        "https://harbour.example/index-news.xml",
        "<sitemapindex><sitemap><loc>https://harbour.example/google-news.xml</loc></sitemap><sitemap><loc>https://harbour.example/old.xml</loc></sitemap></sitemapindex>",
    );
    web.serve(
        "https://harbour.example/google-news.xml",
        "<urlset><url><loc>https://harbour.example/story/1</loc><lastmod>2023-09-04</lastmod></url></urlset>",
    );
    let (discovered, asked) = search(&web, HOME, Wanted::Any).await;
    assert_eq!(
        found(&discovered),
        ["links https://harbour.example/", "sitemap https://harbour.example/google-news.xml"]
    );
    assert!(
        matches!(&discovered.found[0].candidate.kind, SourceKind::Links { selector } if selector == "h3 a")
    );
    assert!(asked.len() <= MAX_REQUESTS, "{asked:?}");
    // A kind alone asks for no other.
    let (discovered, asked) = search(&web, HOME, Wanted::Page).await;
    assert_eq!((found(&discovered), asked.len()), (vec!["links https://harbour.example/".to_owned()], 1));
    let (discovered, _) = search(&web, HOME, Wanted::Sitemap).await;
    assert_eq!(found(&discovered), ["sitemap https://harbour.example/google-news.xml"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_with_nothing_on_it_can_be_watched() {
    let web = FakeWeb::default();
    web.serve(
        "https://harbour.example/statement",
        page("Statement", &["The strait is closed to all ships."], &[]),
    );
    let (discovered, asked) = search(&web, "https://harbour.example/statement", Wanted::Any).await;
    assert_eq!(found(&discovered), ["watch https://harbour.example/statement"]);
    assert!(asked.len() <= MAX_REQUESTS);
    let distinct: std::collections::HashSet<&String> = asked.iter().collect();
    assert_eq!(distinct.len(), asked.len(), "nothing is asked twice");
}

#[tokio::test(start_paused = true)]
async fn known_sites_are_asked_by_rule_alone() {
    let web = FakeWeb::default();
    web.serve("https://github.com/o/r/releases.atom", feed(3));
    web.serve("https://github.com/o/r/commits.atom", feed(9));
    let (discovered, asked) = search(&web, "github.com/o/r/issues/7", Wanted::Any).await;
    assert_eq!(discovered.found[0].why[0], "the releases of a GitHub repository");
    assert!(asked.iter().all(|url| url.contains(".atom")), "{asked:?}");
    // What looks like Mastodon and is none is asked as any page is.
    web.serve("https://harbour.example/@kim", feed(2));
    let (discovered, asked) = search(&web, "https://harbour.example/@kim", Wanted::Any).await;
    assert_eq!(found(&discovered), ["feed https://harbour.example/@kim"]);
    assert_eq!(asked[0], "https://harbour.example/@kim.rss");
}

#[tokio::test(start_paused = true)]
async fn a_site_that_takes_for_ever_ends_the_search() {
    let web = FakeWeb::default();
    web.script(HOME, |_| Answer {
        delay: Duration::from_secs(40),
        ..Answer::ok(head("<link rel=feed href=/a><link rel=feed href=/b><link rel=feed href=/c>"))
    });
    for path in ["a", "b", "c"] {
        web.script(&format!("{HOME}{path}"), |_| Answer {
            delay: Duration::from_secs(40),
            ..Answer::ok(feed(2))
        });
    }
    let begin = tokio::time::Instant::now();
    let (discovered, asked) = search(&web, HOME, Wanted::Any).await;
    assert_eq!(found(&discovered), ["feed https://harbour.example/a"], "what came in time is kept");
    assert_eq!((asked.len(), begin.elapsed()), (3, Duration::from_secs(90)));
    assert!(discovered.failed[0].why.contains("too long"));
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_not_there_is_not_asked_for_more() {
    let web = FakeWeb::default();
    let (discovered, asked) = search(&web, "nowhere.example", Wanted::Any).await;
    assert!(discovered.found.is_empty() && !discovered.reached);
    assert_eq!(asked, ["https://nowhere.example/", "http://nowhere.example/"]);
}
