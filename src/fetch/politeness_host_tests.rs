//! What hosts ask for, and those that are slow, in paused time.

use super::tests::{SECOND, polite, run, run_at, url};
use super::*;
use futures_util::future::join_all;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn row_16_quiet_holds_for_the_whole_host_and_is_waited_for_if_short() {
    let polite = polite(64, 1, Duration::ZERO);
    let begin = Instant::now();
    polite.turn(&url("feeds.a.example"), None).await.unwrap().keep_quiet(SECOND * 9);
    drop(polite.turn(&url("www.a.example"), None).await.unwrap());
    assert_eq!(begin.elapsed(), SECOND * 9);
    let asking = polite.turn(&url("a.example"), None).await.unwrap();
    let another = url("www.a.example");
    let waiting = polite.turn(&another, None);
    let ended = async {
        sleep(SECOND).await;
        asking.keep_quiet(SECOND * 600);
        asking.keep_quiet(SECOND * 60);
        drop(asking);
    };
    let (waited, ()) = tokio::join!(waiting, ended);
    assert_eq!(waited.unwrap_err(), Held::Quiet(SECOND * 600), "also who waited already; the longer counts");
    drop(polite.turn(&url("b.example"), None).await.unwrap());
    sleep(SECOND * 590).await;
    drop(polite.turn(&url("a.example"), None).await.unwrap());
    assert_eq!(begin.elapsed(), SECOND * 610);
}

#[tokio::test(start_paused = true)]
async fn row_16_an_hour_of_quiet_is_the_most_for_a_host() {
    let polite = polite(64, 1, Duration::ZERO);
    polite.turn(&url("a.example"), None).await.unwrap().keep_quiet(Duration::MAX);
    let held = polite.turn(&url("a.example"), None).await.unwrap_err();
    assert_eq!(held, Held::Quiet(SECOND * 3600));
    // Others are forgotten meanwhile, the quiet is not.
    for n in 0..500 {
        drop(polite.turn(&url(&format!("h{n}.example")), None).await);
    }
    sleep(SECOND * 3589).await;
    assert_eq!(polite.turn(&url("a.example"), None).await.unwrap_err(), Held::Quiet(SECOND * 11));
    sleep(SECOND * 11).await;
    assert!(polite.turn(&url("a.example"), None).await.is_ok());
}

/// Makes each host slow: two turns of eleven seconds.
async fn make_slow(polite: &Politeness, hosts: &[&str]) {
    for _ in 0..2 {
        run(polite, hosts, SECOND * 11).await;
    }
}

#[tokio::test(start_paused = true)]
async fn row_41_slow_hosts_get_a_lane_of_their_own_until_one_is_quick() {
    let slow: Vec<_> = (0..50).map(|n| format!("slow{n}.example")).collect();
    let slow: Vec<&str> = slow.iter().map(String::as_str).collect();
    let polite = polite(64, 1, Duration::ZERO);
    make_slow(&polite, &slow).await;
    let begin = Instant::now();
    let looks = slow.iter().map(|host| async {
        let turn = polite.turn(&url(host), None).await;
        let start = begin.elapsed().as_secs();
        if turn.is_ok() {
            sleep(SECOND * 60).await;
        }
        turn.map(|_| start)
    });
    let healthy: Vec<_> = (0..300).map(|n| format!("h{n}.example")).collect();
    let healthy: Vec<&str> = healthy.iter().map(String::as_str).collect();
    let (looks, times) = tokio::join!(join_all(looks), run(&polite, &healthy, SECOND));
    let started: Vec<_> = looks.iter().filter_map(|look| look.as_ref().ok().copied()).collect();
    assert_eq!(started, [0, 0, 0, 0, 60, 60, 60, 60], "four at once, four wait, the others come back later");
    assert!(looks.iter().filter_map(|look| look.as_ref().err()).all(|held| *held == Held::Slow(SECOND * 60)));
    assert_eq!(times.iter().map(|(_, end)| *end).max(), Some(5000), "300 through 60 workers");
    // One quick turn, and it is a host like any other.
    run(&polite, &slow[..1], SECOND).await;
    make_slow(&polite, &slow[1..2]).await;
    let held = join_all(slow[1..5].iter().map(|host| async { polite.turn(&url(host), None).await.unwrap() }));
    let held = held.await;
    let times = run(&polite, &slow[..1], SECOND).await;
    assert_eq!(times, [(0, 1000)]);
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn row_41_a_slow_host_is_remembered_and_takes_no_slot_of_its_address() {
    let polite = polite(64, 1, Duration::ZERO);
    make_slow(&polite, &["s1.example", "s2.example"]).await;
    for n in 0..500 {
        drop(polite.turn(&url(&format!("h{n}.example")), None).await);
    }
    let places = [("s1.example", 1), ("s2.example", 1), ("a.example", 1), ("b.example", 1), ("c.example", 1)];
    let times = run_at(&polite, &[&places[..], &[("d.example", 1)]].concat(), SECOND * 60).await;
    assert!(times.iter().all(|(start, _)| *start == 0), "{times:?}");
    // A day later nothing is known.
    sleep(Duration::from_hours(24)).await;
    for n in 0..500 {
        drop(polite.turn(&url(&format!("h{n}.example")), None).await);
    }
    assert!(!polite.hosts.lock().unwrap().things().contains_key("s1.example"));
}
