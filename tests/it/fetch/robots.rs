//! robots.txt before pages, over real sockets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use newswatch::clock::SystemClock;
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::shared::SharedPages;
use newswatch::fetch::{Accept, ClientSettings, FailureClass, FetchError, Request, Response, Share, Web};
use newswatch::store::Store;
use url::Url;

use super::{client, settings};
use crate::support::server::{Act, Asked, Server, answer, redirect};

/// A server whose pages all say "page", and whose robots.txt is answered by `script`.
async fn site(script: impl Fn() -> Vec<Act> + Send + Sync + 'static) -> Server {
    Server::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => script(),
        _ => answer("200 OK", &[], "page"),
    })
    .await
}

fn page(url: Url) -> Request {
    Request { accept: Accept::Page, ..super::request(url) }
}

async fn follow(client: &impl Web, url: Url) -> Result<Response, FetchError> {
    client.get_allowed(page(url)).await
}

fn paths(server: &Server) -> Vec<String> {
    server.asked().into_iter().map(|asked: Asked| asked.path).collect()
}

#[tokio::test]
async fn row_47_robots_txt_is_asked_for_once_however_many_pages_wait_for_it() {
    let server = site(|| answer("200 OK", &[], "User-agent: newswatch\nDisallow: /private")).await;
    let web = SharedPages::new(client(&settings()));
    let pages = (0..50).map(|n| {
        let share = Share { says: String::new(), taker: n.to_string() };
        web.get_shared(page(server.url(&format!("/{n}"))), share)
    });
    assert!(join_all(pages).await.iter().all(|one| one.as_ref().is_ok_and(|page| page.body == b"page")));
    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].path.as_str()), (51, "/robots.txt"), "before the first page");
    assert_eq!(server.connections(), 1, "one at a time");
    assert!(asked[0].header("user-agent")[0].starts_with(b"newswatch/"));

    let error = follow(&web, server.url("/private/x?y")).await.unwrap_err();
    assert_eq!(error.class, FailureClass::Disallowed);
    let place = format!("127.0.0.1:{}", server.url("/").port().unwrap());
    assert_eq!(error.message, format!("robots.txt of {place} disallows this page"));
    assert_eq!(server.asked().len(), 51, "it was not asked for");
    assert_eq!(web.get(page(server.url("/private/x"))).await.unwrap().body, b"page", "what a person wants");
}

#[tokio::test]
async fn row_47_missing_is_free_and_broken_is_closed() {
    for status in ["404 Not Found", "403 Forbidden", "410 Gone"] {
        let server = site(move || answer(status, &[], "User-agent: *\nDisallow: /")).await;
        assert!(follow(&client(&settings()), server.url("/x")).await.is_ok(), "{status}");
    }
    let cut = || vec![Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nUser".to_vec()), Act::Close];
    let bad: [fn() -> Vec<Act>; 3] =
        [|| answer("500 Internal Server Error", &[], ""), || answer("503 x", &[], ""), cut];
    for script in bad {
        let server = site(script).await;
        let client = client(&settings());
        for _ in 0..2 {
            let error = follow(&client, server.url("/x")).await.unwrap_err();
            assert_eq!(error.class, FailureClass::Unreadable, "{error}");
        }
        assert_eq!(paths(&server), ["/robots.txt"], "neither the page nor robots.txt again at once");
    }
    let server = site(|| answer("500 x", &[], "")).await;
    let port = format!(":{}", server.url("/").port().unwrap());
    let error = follow(&client(&settings()), server.url("/x")).await.unwrap_err();
    insta::assert_snapshot!(error.message.replace(&port, ""), @"robots.txt of 127.0.0.1 cannot be read (answered 500), so none of its pages is");
}

#[tokio::test]
async fn row_47_five_redirects_of_robots_txt_are_followed() {
    for (hops, allowed) in [(5, false), (6, true)] {
        let server = Server::start(move |asked| match asked.path.strip_prefix("/r") {
            Some("obots.txt") => redirect("/r1"),
            Some(n) if n.parse::<u32>().is_ok_and(|n| n < hops) => {
                redirect(&format!("/r{}", n.parse::<u32>().unwrap() + 1))
            }
            Some(_) => answer("200 OK", &[], "User-agent: *\nDisallow: /x"),
            None => answer("200 OK", &[], "page"),
        })
        .await;
        assert_eq!(follow(&client(&settings()), server.url("/x")).await.is_ok(), allowed, "{hops}");
        assert_eq!(server.asked().iter().filter(|asked| asked.path.starts_with("/r")).count(), 6);
    }
}

#[tokio::test]
async fn row_27_robots_txt_decides_at_each_hop_of_a_page() {
    let closed = site(|| answer("200 OK", &[], "User-agent: *\nDisallow: /")).await;
    let target = closed.url("/there");
    let open = Server::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => answer("404 Not Found", &[], ""),
        _ => redirect(target.as_str()),
    })
    .await;
    let error = follow(&client(&settings()), open.url("/here")).await.unwrap_err();
    assert_eq!(error.class, FailureClass::Disallowed);
    assert_eq!(
        (paths(&open), paths(&closed)),
        (vec!["/robots.txt".into(), "/here".into()], vec!["/robots.txt".into()])
    );
}

#[tokio::test]
async fn row_47_what_was_read_outlives_a_restart() {
    let server = site(|| answer("200 OK", &[], "User-agent: *\nDisallow: /x\n")).await;
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
        let client = HttpClient::new(&settings(), Arc::new(SystemClock)).unwrap().with_book(Arc::new(store));
        assert_eq!(follow(&client, server.url("/x")).await.unwrap_err().class, FailureClass::Disallowed);
        assert!(follow(&client, server.url("/y")).await.is_ok());
    }
    assert_eq!(paths(&server), ["/robots.txt", "/y", "/y"]);
}

#[tokio::test]
async fn row_48_a_crawl_delay_spaces_pages_and_no_feeds() {
    let server = site(|| answer("200 OK", &[], "User-agent: *\nCrawl-delay: 0.15")).await;
    let client = client(&ClientSettings { spacing: Duration::ZERO, ..settings() });
    follow(&client, server.url("/1")).await.unwrap();
    let begin = Instant::now();
    let (feed, page) = (client.get(super::request(server.url("/feed"))), follow(&client, server.url("/2")));
    let (page, feed) = tokio::join!(page, feed);
    assert!(
        page.is_ok() && feed.is_ok() && begin.elapsed() > Duration::from_millis(100),
        "{:?}",
        begin.elapsed()
    );
    assert_eq!(paths(&server), ["/robots.txt", "/1", "/feed", "/2"]);
}
