//! Redirects: followed, bounded, and telling nobody anything.

use newswatch::fetch::{FailureClass, Hop, Web};

use super::{client, failure, get, request, settings};
use crate::support::server::{Server, answer, redirect};

#[tokio::test]
async fn a_chain_is_followed_and_kept() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/a" => answer("301 Moved Permanently", &["Location: b?x=1#top"], "moved"),
        "/b?x=1" => answer("307 Temporary Redirect", &["Location: /c/d"], ""),
        "/c/d" => answer("303 See Other", &["Location: ../e"], ""),
        _ => answer("200 OK", &[], "found"),
    })
    .await;
    let response = get(server.url("/a#frag")).await.unwrap();
    assert_eq!((response.status, &*response.body), (200, &b"found"[..]));
    assert_eq!(response.url, server.url("/e"));
    let hop = |status, path| Hop { status, from: server.url(path) };
    assert_eq!(response.hops, [hop(301, "/a"), hop(307, "/b?x=1"), hop(303, "/c/d")]);
}

#[tokio::test]
async fn row_38_no_hop_carries_referer_cookies_or_credentials() {
    let other = Server::start(|_| answer("200 OK", &[], "found")).await;
    let target = other.url("/there");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/a" => answer("302 Found", &["Location: /b", "Set-Cookie: id=1; Path=/"], ""),
        _ => answer("302 Found", &[&format!("Location: {target}"), "Set-Cookie: id=2"], ""),
    })
    .await;
    let mut url = server.url("/a");
    url.set_username("me").unwrap();
    url.set_password(Some("secret")).unwrap();
    let response = client(&settings()).get(request(url)).await.unwrap();
    assert!(response.hops.iter().all(|hop| hop.from.username().is_empty() && hop.from.password().is_none()));
    let (asked, there) = (server.asked(), other.asked());
    assert_eq!((asked.len(), there.len()), (2, 1));
    for asked in asked.iter().chain(&there) {
        assert!(asked.header("referer").is_empty() && asked.header("cookie").is_empty());
    }
    let basic = [&b"Basic bWU6c2VjcmV0"[..]];
    assert_eq!(
        (asked[0].header("authorization"), asked[1].header("authorization")),
        (basic.into(), basic.into())
    );
    assert!(there[0].header("authorization").is_empty(), "another origin");
}

#[tokio::test]
async fn row_27_ten_hops_and_no_more() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/loop" => redirect("/pool"),
        "/pool" => redirect("/loop"),
        path => redirect(&format!("{path}x")),
    })
    .await;
    let (class, message) = failure(&settings(), server.url("/loop")).await;
    assert_eq!(class, FailureClass::Redirect);
    insta::assert_snapshot!(message, @"127.0.0.1: redirect in a circle, back to 127.0.0.1");
    let (class, message) = failure(&settings(), server.url("/x")).await;
    assert_eq!(class, FailureClass::Redirect);
    insta::assert_snapshot!(message, @"127.0.0.1: more than 10 redirects");
    assert_eq!(server.asked().len(), 2 + 11);
}

#[tokio::test]
async fn row_28_other_schemes_are_not_followed() {
    for target in ["ftp://127.0.0.1/x", "file:///etc/passwd", "data:text/xml,x", "gopher://127.0.0.1/"] {
        let server = Server::start(move |_| redirect(target)).await;
        let (class, message) = failure(&settings(), server.url("/")).await;
        assert_eq!(class, FailureClass::Redirect, "{target}: {message}");
    }
}

#[tokio::test]
async fn a_redirect_without_a_target_is_a_failure() {
    let server = Server::start(|_| answer("301 Moved Permanently", &[], "")).await;
    let (class, message) = failure(&settings(), server.url("/")).await;
    assert_eq!(class, FailureClass::Redirect);
    insta::assert_snapshot!(message, @"127.0.0.1: answered 301 without saying where to go");
}

#[tokio::test]
async fn a_300_or_305_is_an_answer() {
    let server = Server::start(|_| answer("305 Use Proxy", &["Location: http://127.0.0.1:9/"], "")).await;
    assert_eq!(get(server.url("/")).await.unwrap().status, 305);
}
