//! Limits of time and size.

use std::time::Duration;

use futures_util::FutureExt;
use newswatch::fetch::{Body, ClientSettings, FailureClass, Web};

use url::Url;

use super::{client, failure, request, settings};
use crate::support::server::{Act, Server, answer, head, redirect};
use crate::support::swarm::{Large, large};

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn row_40_a_body_over_the_limit() {
    let settings = ClientSettings { max_bytes: 1000, ..settings() };
    let server = Server::start(|_| answer("200 OK", &[], [b'x'; 1000])).await;
    assert_eq!(client(&settings).get(request(server.url("/"))).await.unwrap().body.len(), 1000);
    let server = Server::start(|_| answer("200 OK", &[], [b'x'; 1001])).await;
    assert_eq!(failure(&settings, server.url("/")).await.0, FailureClass::TooLarge);
    // Announced: refused before it comes.
    let server = Server::start(|_| {
        vec![Act::Send(head("200 OK", &[], "Content-Length: 9000000000")), Act::Pause(LONG)]
    })
    .await;
    assert_eq!(failure(&settings, server.url("/")).await.0, FailureClass::TooLarge);
    // Without an end.
    let server = Server::start(|_| {
        let head = Act::Send(head("200 OK", &[], "Content-Type: text/xml"));
        vec![head, Act::Endless(vec![b'x'; 100], Duration::ZERO)]
    })
    .await;
    assert_eq!(failure(&settings, server.url("/")).await.0, FailureClass::TooLarge);
}

#[tokio::test]
async fn row_40_a_flood_of_headers() {
    let long = |bytes: usize| "X-Long: ".to_owned() + &"y".repeat(bytes);
    let floods = ["X: y\r\n".repeat(5000) + "Y: z", long(800_000), long(65_600)];
    for flood in floods {
        let server = Server::start(move |_| vec![Act::Send(head("200 OK", &[], &flood))]).await;
        let (class, message) = failure(&settings(), server.url("/")).await;
        assert_eq!(class, FailureClass::TooLarge, "{message}");
    }
    let most = long(65_000);
    let server = Server::start(move |_| answer("200 OK", &[&most], "ok")).await;
    assert!(client(&settings()).get(request(server.url("/"))).await.is_ok());
}

#[tokio::test]
async fn row_40_a_handshake_that_does_not_end() {
    let settings = ClientSettings { connect_timeout: SHORT, ..settings() };
    // Waits for the blank line that a TLS hello does not have.
    let server = Server::start(|_| Vec::new()).await;
    let mut url = server.url("/");
    url.set_scheme("https").unwrap();
    let (class, message) = failure(&settings, url).await;
    assert_eq!((class, message.as_str()), (FailureClass::Timeout, "127.0.0.1: no connection in time"));
}

#[tokio::test]
async fn row_40_a_head_that_does_not_come() {
    let settings = ClientSettings { header_timeout: SHORT, ..settings() };
    let server = Server::start(|_| vec![Act::Pause(LONG)]).await;
    let (class, message) = failure(&settings, server.url("/")).await;
    assert_eq!((class, message.as_str()), (FailureClass::Timeout, "127.0.0.1: no answer within 200ms"));
    // Byte by byte is not coming either.
    let server = Server::start(|_| drip(b"HTTP/1.1 200 OK\r\nX-Long: ")).await;
    assert_eq!(failure(&settings, server.url("/")).await.0, FailureClass::Timeout);
}

/// Sends `start`, then an x every 20 ms for ever.
fn drip(start: &[u8]) -> Vec<Act> {
    vec![Act::Send(start.to_vec()), Act::Endless(b"x".to_vec(), Duration::from_millis(20))]
}

#[tokio::test]
async fn row_40_a_body_that_drips() {
    let settings = ClientSettings { total_timeout: SHORT, ..settings() };
    let server = Server::start(|_| drip(&head("200 OK", &[], "Content-Length: 10000"))).await;
    let (class, message) = failure(&settings, server.url("/")).await;
    assert_eq!((class, message.as_str()), (FailureClass::Slow, "127.0.0.1: no complete answer within 200ms"));
}

#[tokio::test]
async fn row_40_a_body_below_the_least_pace() {
    let settings = ClientSettings { pace_window: SHORT, ..settings() };
    // 50 bytes a second.
    let server = Server::start(|_| drip(&head("200 OK", &[], "Content-Length: 10000"))).await;
    let (class, message) = failure(&settings, server.url("/")).await;
    assert_eq!((class, message.as_str()), (FailureClass::Slow, "127.0.0.1: fewer than 100 bytes a second"));
    // Over two windows, quick enough in each: 20 bytes at once, and a pause that is half a window.
    let server = Server::start(|_| {
        let mut acts = vec![Act::Send(head("200 OK", &[], "Content-Length: 100"))];
        acts.extend([Act::Send(vec![b'x'; 20]), Act::Pause(SHORT / 2)].into_iter().cycle().take(10));
        acts
    })
    .await;
    assert_eq!(client(&settings).get(request(server.url("/"))).await.unwrap().body.len(), 100);
}

#[tokio::test]
async fn row_40_the_whole_is_bounded_over_all_hops() {
    let settings = ClientSettings { total_timeout: SHORT, ..settings() };
    let server =
        Server::start(|asked| [vec![Act::Pause(SHORT / 3)], redirect(&format!("{}x", asked.path))].concat())
            .await;
    let (class, message) = failure(&settings, server.url("/")).await;
    assert_eq!(
        (class, message.as_str()),
        (FailureClass::Timeout, "127.0.0.1: no complete answer within 200ms")
    );
}

#[tokio::test]
async fn waiting_for_a_turn_does_not_count() {
    // The third starts 1.1 s after it was asked for.
    let (total_timeout, spacing) = (Duration::from_secs(1), Duration::from_millis(550));
    let settings = ClientSettings { total_timeout, spacing, per_host: 1, ..settings() };
    let client = client(&settings);
    let server = Server::start(|_| answer("200 OK", &[], "ok")).await;
    let all = (0..3).map(|_| client.get(request(server.url("/"))));
    assert!(futures_util::future::join_all(all).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn row_41_a_large_document_keeps_its_place_until_it_is_read() {
    let hosts = [large("127.0.0.1", Large::Feed).await, large("127.0.0.1", Large::Pages).await];
    let urls = [hosts[0].url.clone(), hosts[1].url.join("/1").unwrap()];
    let client = client(&ClientSettings { per_host: 8, ..settings() });
    let get = |url: &Url| {
        let asked = client.get(request(url.clone()));
        async { asked.await.expect("a document").body }
    };
    let mut bodies = futures_util::future::join_all(urls.iter().cycle().take(4).map(get)).await;
    assert!(bodies.iter().all(|body| body.place().is_some()));
    assert!(client.place_for(&bodies[0]).now_or_never().is_none(), "a fifth waits");
    assert!(client.place_for(&Body::from(vec![0; 1 << 20])).now_or_never().is_some(), "a small one does not");
    let copy = bodies.pop();
    bodies.push(copy.clone().expect("a body"));
    assert!(client.place_for(&bodies[0]).now_or_never().is_none(), "a copy holds it too");
    drop((copy, bodies.pop()));
    let place = client.place_for(&bodies[0]).now_or_never().expect("until both are gone");
    assert!(place.is_some());
}
