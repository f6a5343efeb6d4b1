//! Turns in paused time.

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};

use super::*;

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) fn url(host: &str) -> Url {
    Url::parse(&format!("http://{host}/feed")).unwrap()
}

/// An address of the public internet.
pub(super) fn ip(n: u32) -> IpAddr {
    IpAddr::from((0x0900_0000 + n).to_be_bytes())
}

pub(super) fn polite(workers: usize, per_host: usize, spacing: Duration) -> Politeness {
    Politeness::new(&ClientSettings { workers, per_host, spacing, ..ClientSettings::default() })
}

/// Runs a request of `work` at each host, all asked for at once; says when each started and ended, in milliseconds.
pub(super) async fn run(politeness: &Politeness, hosts: &[&str], work: Duration) -> Vec<(u128, u128)> {
    let places: Vec<_> = hosts.iter().map(|host| (*host, None)).collect();
    run_each(politeness, &places, work).await
}

/// The same where each host has an address.
pub(super) async fn run_at(
    politeness: &Politeness,
    places: &[(&str, u32)],
    work: Duration,
) -> Vec<(u128, u128)> {
    let places: Vec<_> = places.iter().map(|(host, n)| (*host, Some(ip(*n)))).collect();
    run_each(politeness, &places, work).await
}

async fn run_each(
    politeness: &Politeness,
    places: &[(&str, Option<IpAddr>)],
    work: Duration,
) -> Vec<(u128, u128)> {
    let begin = Instant::now();
    join_all(places.iter().map(|(host, address)| async move {
        let turn = politeness.turn(&url(host), *address).await.unwrap();
        let start = begin.elapsed().as_millis();
        sleep(work).await;
        drop(turn);
        (start, begin.elapsed().as_millis())
    }))
    .await
}

#[tokio::test(start_paused = true)]
async fn row_34_one_at_a_time_at_one_host_in_order() {
    let polite = polite(64, 1, Duration::ZERO);
    let times = run(&polite, &["a.example", "A.example", "a.example."], SECOND).await;
    assert_eq!(times, [(0, 1000), (1000, 2000), (2000, 3000)]);
}

#[tokio::test(start_paused = true)]
async fn row_35_spacing_is_between_starts() {
    let polite = polite(64, 3, SECOND);
    let times = run(&polite, &["a.example"; 3], SECOND * 10).await;
    assert_eq!(times, [(0, 10000), (1000, 11000), (2000, 12000)]);
}

#[tokio::test(start_paused = true)]
async fn spacing_outlives_the_request() {
    let polite = polite(64, 1, SECOND * 5);
    let times = run(&polite, &["a.example"; 2], SECOND).await;
    assert_eq!(times, [(0, 1000), (5000, 6000)]);
    let times = run(&polite, &["a.example"], SECOND).await;
    assert_eq!(times, [(4000, 5000)], "five seconds after the last start");
}

#[tokio::test(start_paused = true)]
async fn row_41_hosts_do_not_wait_for_each_other() {
    let polite = polite(64, 1, SECOND * 60);
    let times = run(&polite, &["a.example", "b.example", "a.example", "c.example"], SECOND).await;
    assert_eq!(times, [(0, 1000), (0, 1000), (60_000, 61_000), (0, 1000)]);
}

#[tokio::test(start_paused = true)]
async fn row_34_workers_bound_all_hosts_together() {
    let polite = polite(2, 1, Duration::ZERO);
    let times = run(&polite, &["a.example", "b.example", "c.example"], SECOND).await;
    assert_eq!(times, [(0, 1000), (0, 1000), (1000, 2000)]);
}

#[tokio::test(start_paused = true)]
async fn row_41_waiting_for_a_host_holds_no_worker() {
    let polite = polite(2, 1, Duration::ZERO);
    // Three for the slow host come first; the other host still gets the second worker at once.
    let times =
        run(&polite, &["slow.example", "slow.example", "slow.example", "b.example"], SECOND * 10).await;
    assert_eq!(times[3], (0, 10_000));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_worker_delays_the_next_start_at_that_host() {
    let polite = polite(1, 2, SECOND);
    let times = run(&polite, &["b.example", "a.example", "a.example"], SECOND * 5).await;
    assert_eq!(times, [(0, 5000), (5000, 10_000), (10_000, 15_000)]);
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_gives_up_leaves_its_place() {
    let polite = polite(1, 1, SECOND * 10);
    let held = polite.turn(&url("a.example"), None).await;
    // Given up while waiting for the slot, for a worker, and (after the drop) for the spacing.
    assert!(timeout(SECOND, polite.turn(&url("a.example"), None)).await.is_err());
    assert!(timeout(SECOND, polite.turn(&url("b.example"), None)).await.is_err());
    drop(held);
    assert!(timeout(SECOND, polite.turn(&url("a.example"), None)).await.is_err());
    let times = run(&polite, &["b.example", "a.example"], SECOND).await;
    assert_eq!(times, [(0, 1000), (7000, 8000)]);
}

#[tokio::test(start_paused = true)]
async fn idle_hosts_are_forgotten() {
    let polite = polite(8, 1, SECOND);
    let held = polite.turn(&url("held.example"), Some(ip(0))).await;
    for n in 0..10_000 {
        drop(polite.turn(&url(&format!("h{n}.example")), Some(ip(n))).await);
        sleep(Duration::from_millis(50)).await;
    }
    let count = polite.hosts.lock().unwrap().things().len();
    assert!(count <= 2 * crate::fetch::gate::SWEEP_FLOOR, "{count} gates");
    assert!(polite.hosts.lock().unwrap().things().contains_key("held.example"));
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn zero_means_one_and_huge_is_fine() {
    let times = run(&polite(0, 0, Duration::ZERO), &["a.example"; 2], SECOND).await;
    assert_eq!(times, [(0, 1000), (1000, 2000)]);
    let times = run(&polite(usize::MAX, usize::MAX, Duration::ZERO), &["a.example"; 2], SECOND).await;
    assert_eq!(times, [(0, 1000), (0, 1000)]);
}

#[tokio::test(start_paused = true)]
async fn row_34_names_of_one_publisher_are_one_host() {
    let polite = polite(64, 1, Duration::ZERO);
    let times = run(&polite, &["feeds.paper.co.uk", "www.paper.co.uk", "other.co.uk"], SECOND).await;
    assert_eq!(times, [(0, 1000), (1000, 2000), (0, 1000)]);
}

#[tokio::test(start_paused = true)]
async fn row_34_hosts_at_one_address_share_its_slots() {
    let polite = polite(64, 1, SECOND * 30);
    let blogs: Vec<_> = (0..9).map(|n| format!("b{n}.github.io")).collect();
    let mut places: Vec<_> = blogs.iter().map(|blog| (blog.as_str(), 1)).collect();
    places.push(("elsewhere.example", 2));
    let times = run_at(&polite, &places, SECOND).await;
    let starts: Vec<_> = times.iter().map(|(start, _)| *start).collect();
    assert_eq!(starts, [0, 0, 0, 0, 1000, 1000, 1000, 1000, 2000, 0], "four at once, without spacing");
}

#[tokio::test(start_paused = true)]
async fn row_34_an_address_is_one_in_both_its_spellings_and_forgotten_when_idle() {
    let polite = polite(64, 1, Duration::ZERO);
    let mapped = Some("::ffff:9.0.0.1".parse().unwrap());
    let mut held = Vec::new();
    for n in 0..4 {
        let address = if n % 2 == 0 { mapped } else { Some(ip(1)) };
        held.push(polite.turn(&url(&format!("h{n}.example")), address).await.unwrap());
    }
    assert!(timeout(SECOND, polite.turn(&url("fifth.example"), Some(ip(1)))).await.is_err());
    for n in 0..1000 {
        drop(polite.turn(&url("a.example"), Some(ip(n + 2))).await);
    }
    let addresses = polite.addresses.lock().unwrap();
    assert!(addresses.things().len() <= crate::fetch::gate::SWEEP_FLOOR * 2);
    assert!(addresses.things().contains_key(&ip(1)));
}

#[tokio::test(start_paused = true)]
async fn row_35_a_host_may_have_manners_of_its_own() {
    let slow = HostManners { spacing: Some(SECOND * 60), per_host: None };
    let own = HostManners { spacing: Some(Duration::ZERO), per_host: Some(6) };
    let hosts = BTreeMap::from([("reddit.com".to_owned(), slow), ("ours.example".to_owned(), own)]);
    let polite = Politeness::new(&ClientSettings { hosts, ..ClientSettings::default() });
    let times = run(&polite, &["www.reddit.com", "old.reddit.com", "a.example", "a.example"], SECOND).await;
    assert_eq!(times, [(0, 1000), (60_000, 61_000), (0, 1000), (1000, 2000)]);
    let times = run_at(&polite, &[("ours.example", 1); 7], SECOND).await;
    assert_eq!(times.iter().filter(|(start, _)| *start == 0).count(), 6, "more than an address has");
}
