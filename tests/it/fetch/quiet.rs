//! Hosts that ask to be left alone.

use std::sync::Arc;

use newswatch::fetch::{ClientSettings, FailureClass, FetchError, Web};
use newswatch::store::Store;

use super::{client, request, settings};
use crate::support::server::{Server, answer};

/// Asks `/busy`, which answers with `status` and `lines`, then `/other` at the same server and at another.
async fn after(status: &'static str, lines: &'static [&'static str]) -> (Result<u16, FetchError>, usize) {
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/busy" => answer(status, lines, ""),
        _ => answer("200 OK", &[], "ok"),
    })
    .await;
    let elsewhere = Server::start_on("127.0.0.2", |_| answer("200 OK", &[], "ok")).await;
    let mut settings = settings();
    settings.allow.push("127.0.0.2/32".parse().unwrap());
    let client = client(&settings);
    client.get(request(server.url("/busy"))).await.unwrap();
    let other = client.get(request(server.url("/other"))).await.map(|response| response.status);
    assert!(client.get(request(elsewhere.url("/"))).await.is_ok(), "another host has nothing to do with it");
    (other, server.asked().len())
}

#[track_caller]
fn held((other, asked): (Result<u16, FetchError>, usize)) -> u64 {
    let error = other.expect_err("quiet");
    assert_eq!((error.class, asked), (FailureClass::Held, 1), "nothing was asked");
    assert!(error.message.starts_with("127.0.0.1:") && error.message.ends_with("as this host wants quiet"));
    error.retry_after.expect("when")
}

#[tokio::test]
async fn row_16_retry_after_holds_for_the_host() {
    assert!((110..=120).contains(&held(after("429 Too Many Requests", &["Retry-After: 120"]).await)));
    assert!((110..=120).contains(&held(after("503 Service Unavailable", &["Retry-After: 120"]).await)));
    let day = &["Retry-After: 86400"];
    assert!((3590..=3600).contains(&held(after("429 Too Many Requests", day).await)), "an hour of it");
}

#[tokio::test]
async fn row_16_what_a_host_asked_for_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let book = Arc::new(Store::open(&folder.path().join("newswatch.db")).unwrap());
    let server = Server::start(|asked| match asked.path.as_str() {
        "/busy" => answer("429 Too Many Requests", &["Retry-After: 86400"], ""),
        _ => answer("200 OK", &[], "ok"),
    })
    .await;
    let start = || client(&settings()).with_book(book.clone());
    start().get(request(server.url("/busy"))).await.unwrap();
    let error = start().get(request(server.url("/other"))).await.expect_err("quiet");
    assert_eq!((error.class, server.asked().len()), (FailureClass::Held, 1));
    assert!((3_580..=3_600).contains(&error.retry_after.unwrap()), "an hour of it: {error:?}");
}

#[tokio::test]
async fn row_17_a_limit_that_is_used_up_holds_for_the_host() {
    let reddit = &["x-ratelimit-remaining: 0.0", "x-ratelimit-reset: 57"];
    assert!((50..=57).contains(&held(after("200 OK", reddit).await)));
    let draft = &["RateLimit: \"hour\";r=0;t=300"];
    assert!((290..=300).contains(&held(after("404 Not Found", draft).await)));
}

#[tokio::test]
async fn what_asks_for_no_quiet_gets_none() {
    assert_eq!(after("200 OK", &["Retry-After: 120"]).await, (Ok(200), 2), "of a 429 or 503 alone");
    assert_eq!(after("429 Too Many Requests", &["Retry-After: soon"]).await, (Ok(200), 2));
    let left = &["x-ratelimit-remaining: 9", "x-ratelimit-reset: 57"];
    assert_eq!(after("200 OK", left).await, (Ok(200), 2));
}

#[tokio::test]
async fn row_16_quiet_outlasts_the_client_that_was_asked_for_it() {
    let server = Server::start(|_| answer("429 Too Many Requests", &["Retry-After: 120"], "")).await;
    let old = client(&settings());
    old.get(request(server.url("/"))).await.unwrap();
    let new = ClientSettings { contact: None, per_host: 3, ..settings() };
    let memory = old.memory().expect("a memory");
    let error = client(&new).remembering(&memory, &new).get(request(server.url("/"))).await.unwrap_err();
    assert_eq!((error.class, server.asked().len()), (FailureClass::Held, 1));
}
