//! Fifty hosts that mean harm beside a hundred that do not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::{ClientSettings, FailureClass, Web};

use super::{client, request, settings};
use crate::support::server::{Server, answer};
use crate::support::swarm::{HARMS, Harm, healthy, hostile, tls};

/// How long a healthy host may wait for its turn and answer, several times what it takes.
const SCHEDULE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_41_a_swarm_of_hostile_hosts_holds_nobody_up() {
    let inside = Server::start_on("127.9.0.1", |_| answer("200 OK", &[], "secret")).await;
    let certificate = Arc::new(tls(&["http/1.1"]));
    let mut bad = Vec::new();
    for (n, harm) in (0..50).zip(HARMS.into_iter().cycle()) {
        let ip = format!("127.6.0.{}", n + 1);
        bad.push((harm, hostile(&ip, harm, &inside.url("/"), &certificate).await));
    }
    let mut good = Vec::new();
    for n in 0..100 {
        good.push(healthy(&format!("127.7.0.{}", n + 1)).await);
    }
    let limit = Duration::from_millis(300);
    let client = client(&ClientSettings {
        connect_timeout: limit,
        header_timeout: limit,
        total_timeout: limit * 2,
        pace_window: limit,
        max_bytes: 2 << 20,
        allow: vec!["127.6.0.0/16".parse().unwrap(), "127.7.0.0/16".parse().unwrap()],
        ..settings()
    });
    let ask_bad = bad.iter().map(|(harm, host)| async {
        (*harm, client.get(request(host.url.clone())).await.expect_err("harm").class)
    });
    let (bad, good) = tokio::join!(join_all(ask_bad), join_all(good.iter().map(|host| ask(&client, host))));
    let classes: BTreeMap<Harm, FailureClass> = bad.iter().copied().collect();
    assert!(bad.iter().all(|(harm, class)| classes[harm] == *class), "{bad:?}");
    assert_eq!(
        classes.into_iter().collect::<Vec<_>>(),
        [
            (Harm::GzipBomb, FailureClass::TooLarge),
            (Harm::BrotliBomb, FailureClass::TooLarge),
            (Harm::EndlessBody, FailureClass::TooLarge),
            (Harm::DrippingBody, FailureClass::Slow),
            (Harm::DrippingHead, FailureClass::Timeout),
            (Harm::Silence, FailureClass::Timeout),
            (Harm::Reset, FailureClass::Incomplete),
            (Harm::WrongLength, FailureClass::Incomplete),
            (Harm::RedirectLoop, FailureClass::Redirect),
            (Harm::RedirectInside, FailureClass::Forbidden),
            (Harm::SelfSigned, FailureClass::Tls),
        ]
    );
    let late: Vec<_> = good.iter().filter(|waited| **waited > SCHEDULE).collect();
    assert!(late.is_empty(), "{late:?}");
    assert_eq!(inside.connections(), 0, "nothing is asked of an address that is not allowed");
}

/// Asks a healthy host, which must answer; says how long that took.
async fn ask(client: &HttpClient, host: &crate::support::swarm::Host) -> Duration {
    let begin = Instant::now();
    let response = client.get(request(host.url.clone())).await.expect("an answer");
    assert_eq!(response.status, 200);
    begin.elapsed()
}
