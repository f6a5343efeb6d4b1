//! Answers that break off, and servers that are not there.

use newswatch::fetch::FailureClass;
use url::Url;

use super::{failure, get, settings};
use crate::support::server::{Act, Server, head};

#[track_caller]
fn cut(
    status_and_headers: Vec<u8>,
    body: &'static [u8],
) -> impl Fn(&crate::support::server::Asked) -> Vec<Act> {
    move |_| vec![Act::Send([status_and_headers.as_slice(), body].concat()), Act::Close]
}

#[tokio::test]
async fn row_7_short_of_its_length() {
    let server = Server::start(cut(head("200 OK", &[], "Content-Length: 100"), b"not a hundred")).await;
    let (class, message) = failure(&settings(), server.url("/")).await;
    assert_eq!(class, FailureClass::Incomplete);
    insta::assert_snapshot!(message, @"127.0.0.1: the answer broke off (end of file before message length reached)");
}

#[tokio::test]
async fn row_7_chunks_that_stop() {
    let chunked = "Transfer-Encoding: chunked";
    for body in [&b"5\r\nhello\r\n"[..], b"5\r\nhe", b"5\r\nhello\r\n0\r\n", b"", b"zz\r\nhello\r\n0\r\n\r\n"]
    {
        let server = Server::start(cut(head("200 OK", &[], chunked), body)).await;
        let (class, message) = failure(&settings(), server.url("/")).await;
        assert_eq!(class, FailureClass::Incomplete, "{message}");
    }
    let server = Server::start(cut(head("200 OK", &[], chunked), b"5\r\nhello\r\n0\r\n\r\n")).await;
    assert_eq!(get(server.url("/")).await.unwrap().body, b"hello");
}

#[tokio::test]
async fn row_30_what_fails_is_asked_once() {
    for acts in [
        vec![Act::Reset],
        vec![Act::Close],
        vec![Act::Send(head("200 OK", &[], "Content-Length: 100")), Act::Reset],
        vec![Act::Send(head("500 Internal Server Error", &[], "Content-Length: 0"))],
        vec![Act::Send(head("503 Service Unavailable", &["Retry-After: 1"], "Content-Length: 0"))],
    ] {
        let script = acts.clone();
        let server = Server::start(move |_| script.clone()).await;
        let answer = get(server.url("/")).await;
        assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status >= 500), "{acts:?}");
        assert_eq!(server.asked().len(), 1, "{acts:?}");
    }
}

#[tokio::test]
async fn a_body_up_to_the_close_is_whole() {
    let server = Server::start(cut(head("200 OK", &[], "Content-Type: text/xml"), b"hello")).await;
    assert_eq!(get(server.url("/")).await.unwrap().body, b"hello");
}

#[tokio::test]
async fn no_head_at_all() {
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-", b"SSH-2.0-OpenSSH_9.2\r\n", b"<html>\r\n\r\n"] {
        let server = Server::start(cut(bytes.to_vec(), b"")).await;
        let (class, message) = failure(&settings(), server.url("/")).await;
        assert_eq!(class, FailureClass::Incomplete, "{message}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    // Bound and not listening: refused, and no other test can get the port.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = Url::parse(&format!("http://{}/feed?key=secret", socket.local_addr().unwrap())).unwrap();
    let (class, message) = failure(&settings(), url).await;
    assert_eq!(class, FailureClass::Connect);
    insta::assert_snapshot!(message, @"127.0.0.1: no connection (Connection refused (os error 111))");
}

#[tokio::test]
async fn no_such_name() {
    let url = Url::parse("http://me:secret@no-such-name.invalid/feed?key=secret").unwrap();
    let (class, message) = failure(&settings(), url).await;
    assert_eq!(class, FailureClass::Dns);
    assert!(message.starts_with("no-such-name.invalid: the name does not resolve ("), "{message}");
    assert!(!message.contains("secret"), "{message}");
}
