//! Private addresses, by every road.

use newswatch::fetch::{ClientSettings, FailureClass};
use url::Url;

use super::{failure, get, settings};
use crate::support::server::{Server, answer, redirect};

/// All ways to write 127.0.0.1 that URL parsers know, and some that lead there.
const SPELLINGS: [&str; 12] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.01",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "localhost",
    "LOCALHOST",
];

#[tokio::test]
async fn row_28_no_spelling_of_loopback_gets_through() {
    let server = Server::start(|_| answer("200 OK", &[], "secret")).await;
    let port = server.url("/").port().unwrap();
    let settings = ClientSettings { allow: Vec::new(), ..settings() };
    for host in SPELLINGS {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let (class, message) = failure(&settings, url).await;
        assert_eq!(class, FailureClass::Forbidden, "{host}: {message}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_refusal_says_what_to_do() {
    let settings = ClientSettings { allow: Vec::new(), ..settings() };
    let (_, message) = failure(&settings, Url::parse("http://127.1/feed?key=secret").unwrap()).await;
    insta::assert_snapshot!(message, @"127.0.0.1 is a loopback address; to reach it, name its network in `allow` of [fetch]");
    let (_, message) = failure(&settings, Url::parse("http://localhost/feed?key=secret").unwrap()).await;
    assert!(message.starts_with("localhost leads to "), "{message}");
}

#[tokio::test]
async fn row_28_a_redirect_does_not_get_further_than_a_request() {
    // All of 127/8 is this machine; only 127.0.0.1 may be asked.
    let inner = Server::start_on("127.0.0.2", |_| answer("200 OK", &[], "secret")).await;
    let inside = inner.url("/").to_string();
    for target in [&inside, "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "//[::1]/"] {
        let target = target.to_owned();
        let server = Server::start(move |_| redirect(&target)).await;
        let (class, message) = failure(&settings(), server.url("/")).await;
        assert_eq!(class, FailureClass::Forbidden, "{message}");
        assert_eq!(server.connections(), 1);
    }
    assert_eq!(inner.connections(), 0);
}

#[tokio::test]
async fn row_28_a_redirect_to_a_name_is_judged_by_where_it_leads() {
    let inner = Server::start(|_| answer("200 OK", &[], "secret")).await;
    let inside = format!("http://localhost:{}/", inner.url("/").port().unwrap());
    let server = Server::start_on("127.0.0.2", move |_| redirect(&inside)).await;
    let only_outer = ClientSettings { allow: vec!["127.0.0.2/32".parse().unwrap()], ..settings() };
    let (class, message) = failure(&only_outer, server.url("/")).await;
    assert_eq!(class, FailureClass::Forbidden, "{message}");
    assert_eq!(inner.connections(), 0);
}

#[tokio::test]
async fn an_allowed_name_is_reached_at_its_allowed_address() {
    let server = Server::start(|_| answer("200 OK", &[], "ours")).await;
    let url = format!("http://localhost:{}/", server.url("/").port().unwrap());
    assert_eq!(get(Url::parse(&url).unwrap()).await.unwrap().body, b"ours");
}

#[tokio::test]
async fn other_schemes_are_not_asked() {
    for url in ["ftp://127.0.0.1/", "file:///etc/passwd", "mailto:desk@example.org"] {
        let (class, message) = failure(&settings(), Url::parse(url).unwrap()).await;
        assert_eq!(class, FailureClass::Redirect, "{message}");
    }
}
