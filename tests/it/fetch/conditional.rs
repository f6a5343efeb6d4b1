//! Validators, out and back.

use newswatch::fetch::{Accept, Links, Request, Web};
use newswatch::source::Validators;

use super::{client, get, request, settings};
use crate::support::server::{Act, Server, answer, head, redirect};

/// A script that gives this entity tag and a date, as raw bytes.
fn with_etag(etag: &[u8]) -> Vec<Act> {
    let mut bytes = b"HTTP/1.1 200 OK\r\nETag: ".to_vec();
    bytes.extend_from_slice(etag);
    bytes.extend_from_slice(b"\r\nLast-Modified: Mon, 1 jan 2024 0:00:00 CET\r\nContent-Length: 2\r\n\r\nok");
    vec![Act::Send(bytes)]
}

#[tokio::test]
async fn row_2_and_3_validators_go_back_byte_for_byte() {
    let odd: [&[u8]; 7] = [
        br#""plain""#,
        br#"W/"weak""#,
        b"unquoted",
        br#""a"gzip"#,
        b"\"caf\xe9 \xf0\x9f\x90\xb1\"",
        b"\"tab\tand, comma; 'q'\"",
        b"W/\"\"",
    ];
    for etag in odd {
        let server = Server::start(move |_| with_etag(etag)).await;
        let client = client(&settings());
        let first = client.get(request(server.url("/"))).await.unwrap();
        let validators = first.headers.validators;
        assert_eq!(validators.etag.as_deref(), Some(etag));
        client.get(Request { validators, ..request(server.url("/")) }).await.unwrap();
        let asked = server.asked();
        assert!(
            asked[0].header("if-none-match").is_empty() && asked[0].header("if-modified-since").is_empty()
        );
        assert_eq!(asked[1].header("if-none-match"), [etag]);
        assert_eq!(asked[1].header("if-modified-since"), [b"Mon, 1 jan 2024 0:00:00 CET"]);
    }
}

#[tokio::test]
async fn row_3_the_date_goes_back_as_it_came() {
    for date in ["Mon, 1 jan 2024 0:00:00 CET", "1970-01-01", "yesterday, about noon", "0"] {
        let line = format!("Last-Modified: {date}");
        let server = Server::start(move |_| answer("200 OK", &[&line], "ok")).await;
        let client = client(&settings());
        let validators = client.get(request(server.url("/"))).await.unwrap().headers.validators;
        client.get(newswatch::fetch::Request { validators, ..request(server.url("/")) }).await.unwrap();
        let asked = server.asked();
        assert!(asked[0].header("if-modified-since").is_empty(), "never a clock reading");
        assert_eq!(asked[1].header("if-modified-since"), [date.as_bytes()]);
        assert!(asked[1].header("if-none-match").is_empty());
    }
}

#[tokio::test]
async fn bytes_that_cannot_be_a_header_are_left_out() {
    let server = Server::start(|_| answer("200 OK", &[], "ok")).await;
    let validators =
        Validators { etag: Some(b"\"a\"\r\nX-Evil: 1".to_vec()), last_modified: Some(b"\0".to_vec()) };
    let request = Request { validators, ..request(server.url("/")) };
    assert_eq!(client(&settings()).get(request).await.unwrap().status, 200);
    let asked = &server.asked()[0];
    assert!(asked.header("if-none-match").is_empty() && asked.header("x-evil").is_empty());
}

#[tokio::test]
async fn row_5_not_modified_has_headers_and_no_body() {
    // A length and an encoding there describe the body that would have been (RFC 9110 15.4.5).
    let server = Server::start(|_| {
        let lines = ["ETag: \"2\"", "Cache-Control: max-age=60", "Content-Encoding: gzip"];
        vec![Act::Send(head("304 Not Modified", &lines, "Content-Length: 500"))]
    })
    .await;
    let client = client(&settings());
    for _ in 0..2 {
        let response = client.get(request(server.url("/"))).await.unwrap();
        assert_eq!((response.status, response.body.len()), (304, 0));
        assert_eq!(response.headers.validators.etag.as_deref(), Some(&b"\"2\""[..]));
        assert_eq!(response.headers.fresh_for, Some(60));
    }
    assert_eq!(server.connections(), 1, "row 36: the connection is used again");
}

#[tokio::test]
async fn validators_reach_the_end_of_a_redirect() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => redirect("/new"),
        _ => vec![Act::Send(head("304 Not Modified", &[], "ETag: \"1\""))],
    })
    .await;
    let validators = Validators { etag: Some(b"\"1\"".to_vec()), last_modified: None };
    let request = Request { validators, ..request(server.url("/old")) };
    let response = client(&settings()).get(request).await.unwrap();
    assert_eq!((response.status, response.url), (304, server.url("/new")));
    assert_eq!(server.asked()[1].header("if-none-match"), [b"\"1\""]);
}

#[tokio::test]
async fn error_statuses_are_answers() {
    let server = Server::start(|_| {
        // A body that never comes, badly encoded: the status and Retry-After count all the same.
        let lines = ["Retry-After: 120", "Content-Encoding: gzip"];
        vec![Act::Send(head("429 Too Many Requests", &lines, "Content-Length: 100"))]
    })
    .await;
    let response = get(server.url("/")).await.unwrap();
    assert_eq!((response.status, response.headers.retry_after), (429, Some(120)));
    assert!(response.body.is_empty());
}

#[tokio::test]
async fn an_empty_200_is_empty() {
    let server = Server::start(|_| answer("200 OK", &["Content-Encoding: gzip"], "")).await;
    let response = get(server.url("/")).await.unwrap();
    assert_eq!((response.status, response.body.len()), (200, 0));
}

#[tokio::test]
async fn row_4_and_10_both_validators_go_out_and_a_part_will_do_for_a_feed() {
    let server = Server::start(|_| answer("226 IM Used", &["IM: range, Feed", "ETag: \"2\""], "part")).await;
    let client = client(&settings());
    let both = Validators { etag: Some(b"\"1\"".to_vec()), last_modified: Some(b"today".to_vec()) };
    let date = Validators { etag: None, ..both.clone() };
    for (validators, accept, wanted) in [
        (&both, Accept::Feed, true),
        (&date, Accept::Feed, false),
        (&both, Accept::Sitemap, false),
        (&both, Accept::Page, false),
    ] {
        let request = Request { accept, validators: validators.clone(), ..request(server.url("/")) };
        let response = client.get(request).await.unwrap();
        assert_eq!((response.status, response.headers.delta, &*response.body), (226, true, &b"part"[..]));
        let asked = server.asked().pop().unwrap();
        let said: Vec<_> =
            ["if-none-match", "if-modified-since", "a-im"].map(|name| asked.header(name)).concat();
        let etag = validators.etag.iter().map(|_| &b"\"1\""[..]);
        assert_eq!(
            said,
            etag.chain([&b"today"[..]]).chain(wanted.then_some(&b"feed"[..])).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn link_headers_are_read() {
    let said = ["Link: <https://hub.example/>; rel=\"hub\"", "Link: </feed>; rel=self, <x>; rel=preload"];
    let server = Server::start(move |_| answer("200 OK", &said, "ok")).await;
    let links = get(server.url("/")).await.unwrap().headers.links;
    assert_eq!(links, Links { hubs: vec!["https://hub.example/".into()], itself: Some("/feed".into()) });
}
