//! What servers see of us.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use newswatch::clock::SystemClock;
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::{Accept, BuildError, ClientSettings, Request, Web};

use super::{client, get, in_process_with, request, settings};
use crate::support::server::{Act, Server, answer, redirect};

#[tokio::test]
async fn row_37_the_request_is_honest_and_small() {
    let server = Server::start(|_| answer("200 OK", &[], "ok")).await;
    let client = client(&settings());
    client.get(request(server.url("/feed.xml?a=b"))).await.unwrap();
    client.get(Request { accept: Accept::Page, ..request(server.url("/")) }).await.unwrap();
    let (asked, host) = (server.asked(), server.url("/").port().unwrap().to_string());
    let shown = |n: usize| {
        let head = String::from_utf8_lossy(&asked[n].head).replace('\r', "");
        head.replace(&host, "PORT").replace(env!("CARGO_PKG_VERSION"), "VERSION")
    };
    insta::assert_snapshot!(shown(0), @r"
    GET /feed.xml?a=b HTTP/1.1
    accept: application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5
    accept-encoding: gzip, br, zstd, deflate
    user-agent: newswatch/VERSION (+mailto:desk@example.org)
    host: 127.0.0.1:PORT
    ");
    insta::assert_snapshot!(shown(1), @r"
    GET / HTTP/1.1
    accept: text/html, application/xhtml+xml, */*;q=0.5
    accept-encoding: gzip, br, zstd, deflate
    user-agent: newswatch/VERSION (+mailto:desk@example.org)
    host: 127.0.0.1:PORT
    ");
    assert_eq!(server.connections(), 1, "the connection is used again");
}

#[test]
fn without_a_contact_the_agent_is_the_product_alone_and_a_bad_one_is_refused() {
    let new = |contact: &str| {
        let settings = ClientSettings { contact: Some(contact.into()), ..settings() };
        HttpClient::new(&settings, Arc::new(SystemClock)).err()
    };
    assert_eq!(new("https://example.org/about"), None);
    for bad in ["desk\r\nX-Evil: 1", "Zoë"] {
        assert_eq!(new(bad), Some(BuildError::Contact(bad.into())));
    }
}

#[tokio::test]
async fn proxies_of_the_environment_are_passed_by() {
    // Nobody listens on the discard port. A proxy would connect for us, past the guard.
    let proxy = "http://127.0.0.1:9";
    let variables = [("http_proxy", proxy), ("all_proxy", proxy), ("no_proxy", "")];
    if in_process_with(&variables, "fetch::manners::proxies_of_the_environment_are_passed_by") {
        let server = Server::start(|_| answer("200 OK", &[], "direct")).await;
        assert_eq!(get(server.url("/")).await.unwrap().body, b"direct");
    }
}

#[tokio::test]
async fn row_34_at_one_host_one_at_a_time() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => redirect("/new"),
        _ => [vec![Act::Pause(Duration::from_millis(20))], answer("200 OK", &[], "ok")].concat(),
    })
    .await;
    let client = client(&settings());
    let all = join_all((0..5).map(|_| client.get(request(server.url("/old"))))).await;
    assert!(all.iter().all(|one| one.as_ref().is_ok_and(|response| response.hops.len() == 1)));
    assert_eq!(server.asked().len(), 10);
    assert_eq!(server.connections(), 1, "two requests at once would need two connections");
}

#[tokio::test]
async fn row_27_redirect_hops_keep_their_distance_too() {
    let spacing = Duration::from_millis(60);
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => redirect("/new"),
        _ => answer("200 OK", &[], "ok"),
    })
    .await;
    let begin = Instant::now();
    client(&ClientSettings { spacing, ..settings() }).get(request(server.url("/old"))).await.unwrap();
    assert!(begin.elapsed() >= spacing, "{:?}", begin.elapsed());
}
