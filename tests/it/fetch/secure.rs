//! TLS: verified, told apart, and never in the way of plain http.
//!
//! tests/fixtures/fetch/loopback.* are a self-signed certificate for 127.0.0.1 and its key, made with openssl for these
//! tests. Which certificates a system has is read from the environment, so such tests run themselves again in a process
//! of their own with `SSL_CERT_FILE` set.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use newswatch::fetch::{FailureClass, Web};
use rustls::{ServerConnection, StreamOwned};
use url::Url;

use super::{client, failure, get, in_process_with, request, settings};
use crate::support::server::{Server, answer};
use crate::support::swarm::tls;

pub(super) const PEM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/fetch/loopback.pem");

/// What was read from a client, and the protocol agreed on.
type Heard = (Vec<u8>, Option<Vec<u8>>);

/// Serves one TLS connection that speaks `protocols`: reads once, answers 200.
fn tls_server(protocols: &[&str]) -> (Url, JoinHandle<Heard>) {
    let config = tls(protocols);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    let serve = move || {
        let (tcp, _) = listener.accept().unwrap();
        let mut tls = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), tcp);
        let mut buffer = [0; 4096];
        let read = tls.read(&mut buffer).unwrap_or(0);
        let agreed = tls.conn.alpn_protocol().map(<[u8]>::to_vec);
        // The client may be gone.
        tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret").ok();
        tls.flush().ok();
        (buffer[..read].to_vec(), agreed)
    };
    (url, std::thread::spawn(serve))
}

/// True in the process where the system's certificates are those in `file`; elsewhere runs `test` there first.
pub(super) fn with_certificates(file: &str, test: &str) -> bool {
    in_process_with(&[("SSL_CERT_FILE", file), ("SSL_CERT_DIR", "/nonexistent")], test)
}

#[tokio::test]
async fn https_to_a_plain_server() {
    let (class, message) = tls_failure(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(class, FailureClass::Tls, "{message}");
    insta::assert_snapshot!(message, @"127.0.0.1: no secure connection (received corrupt message of type InvalidContentType)");
    let (class, message) = tls_failure(b"").await;
    assert_eq!(class, FailureClass::Tls, "{message}");
    insta::assert_snapshot!(message, @"127.0.0.1: no secure connection (tls handshake eof)");
}

/// What https gets from a server that says `bytes` and hangs up.
async fn tls_failure(bytes: &'static [u8]) -> (FailureClass, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    let server = async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_buf(&mut Vec::with_capacity(4096)).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.ok();
    };
    let settings = settings();
    tokio::join!(failure(&settings, url), server).0
}

#[tokio::test]
async fn row_43_a_certificate_that_nobody_vouches_for() {
    let (url, server) = tls_server(&["http/1.1"]);
    let (class, message) = failure(&settings(), url).await;
    assert_eq!(class, FailureClass::Tls, "{message}");
    insta::assert_snapshot!(message, @"127.0.0.1: no secure connection (invalid peer certificate: UnknownIssuer)");
    let (read, _) = server.join().unwrap();
    assert!(read.is_empty(), "nothing was asked over it");
}

#[tokio::test]
async fn a_certificate_of_the_system_is_trusted() {
    if with_certificates(PEM, "fetch::secure::a_certificate_of_the_system_is_trusted") {
        let (url, server) = tls_server(&["http/1.1"]);
        assert_eq!(get(url).await.unwrap().body, b"secret");
        assert!(server.join().unwrap().0.starts_with(b"GET / HTTP/1.1\r\n"));
        // HTTP/2 is preferred where it is spoken. This server only says so.
        let (url, server) = tls_server(&["h2", "http/1.1"]);
        assert_eq!(failure(&settings(), url).await.0, FailureClass::Incomplete);
        assert_eq!(server.join().unwrap().1.as_deref(), Some(&b"h2"[..]));
    }
}

#[tokio::test]
async fn without_certificates_http_works_and_https_says_why_not() {
    let test = "fetch::secure::without_certificates_http_works_and_https_says_why_not";
    if with_certificates("/nonexistent", test) {
        let server = Server::start(|_| answer("200 OK", &[], "plain")).await;
        let client = client(&settings());
        assert_eq!(client.get(request(server.url("/"))).await.unwrap().body, b"plain");
        let error = client.get(request(Url::parse("https://127.0.0.1:1/").unwrap())).await.unwrap_err();
        assert_eq!(error.class, FailureClass::Tls);
        insta::assert_snapshot!(error, @"127.0.0.1:1: https cannot be verified, as this system's CA certificates do not load: install them and restart");
    }
}
