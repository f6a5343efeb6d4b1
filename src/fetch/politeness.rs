//! Manners towards hosts: few requests at once, and time between them.
//!
//! Each request, and each redirect hop, waits for a [`Turn`] at its host. The order is: a slot of the host, then the
//! spacing since the host's last start, then one of the global workers; so whoever waits for a slow host holds no worker
//! back from others. All waits are first come, first served, and a waiter that is dropped leaves its place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

/// Below this many hosts no sweep is worth its walk.
const SWEEP_FLOOR: usize = 64;

/// Hands out turns.
#[derive(Debug)]
pub struct Politeness {
    per_host: usize,
    spacing: Duration,
    workers: Arc<Semaphore>,
    hosts: Mutex<Hosts>,
}

#[derive(Debug)]
struct Hosts {
    gates: HashMap<String, Arc<Gate>>,
    /// Idle gates are dropped when there are this many: twice what was left by the last sweep, so that the cost of a
    /// turn stays constant on average and the map stays within twice the hosts in use.
    sweep_at: usize,
}

/// One host's door.
#[derive(Debug)]
struct Gate {
    slots: Arc<Semaphore>,
    /// When the last request here started. Held while waiting for the next start, so that starts are in a row.
    last_start: AsyncMutex<Option<Instant>>,
}

/// The right to have one request under way at a host; given back on drop.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub struct Turn {
    _worker: Option<OwnedSemaphorePermit>,
    _slot: Option<OwnedSemaphorePermit>,
    /// Keeps the gate from being swept while the turn lasts.
    _gate: Arc<Gate>,
}

impl Politeness {
    /// At most `workers` turns at once, `per_host` of them at one host, and `spacing` between two starts at one host.
    /// Zeroes count as one.
    #[must_use]
    pub fn new(workers: usize, per_host: usize, spacing: Duration) -> Self {
        let bounded = |n: usize| n.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            per_host: bounded(per_host),
            spacing,
            workers: Arc::new(Semaphore::new(bounded(workers))),
            hosts: Mutex::new(Hosts { gates: HashMap::new(), sweep_at: SWEEP_FLOOR }),
        }
    }

    /// Waits for a turn at the host of `url`. The request is taken to start when this returns.
    pub async fn turn(&self, url: &Url) -> Turn {
        let gate = self.gate(host_of(url));
        // A semaphore errs only once it is closed; these never are, and without a permit the turn would still be a turn.
        let slot = Arc::clone(&gate.slots).acquire_owned().await.ok();
        let mut last_start = gate.last_start.lock().await;
        if let Some(next) = last_start.and_then(|last| last.checked_add(self.spacing)) {
            sleep_until(next).await;
        }
        let worker = Arc::clone(&self.workers).acquire_owned().await.ok();
        *last_start = Some(Instant::now());
        drop(last_start);
        Turn { _worker: worker, _slot: slot, _gate: gate }
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = hosts.gates.get(host) {
            return Arc::clone(gate);
        }
        if hosts.gates.len() >= hosts.sweep_at {
            hosts.sweep(Instant::now(), self.spacing);
        }
        let gate = Arc::new(Gate {
            slots: Arc::new(Semaphore::new(self.per_host)),
            last_start: AsyncMutex::new(None),
        });
        hosts.gates.insert(host.to_owned(), Arc::clone(&gate));
        gate
    }
}

impl Hosts {
    /// Drops the gates that nobody waits at or works behind, and whose spacing is over.
    fn sweep(&mut self, now: Instant, spacing: Duration) {
        self.gates.retain(|_, gate| match Arc::get_mut(gate) {
            None => true, // someone holds it
            Some(gate) => gate
                .last_start
                .get_mut()
                .is_some_and(|last| last.checked_add(spacing).is_none_or(|end| now < end)),
        });
        self.sweep_at = (self.gates.len() * 2).max(SWEEP_FLOOR);
    }
}

/// The host as one key: `Url` has lowercased it; the root dot is dropped ("example.org." is the same host).
fn host_of(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::time::{sleep, timeout};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn url(host: &str) -> Url {
        Url::parse(&format!("http://{host}/feed")).unwrap()
    }

    /// Runs a request of `work` at each host, all asked for at once; says when each started and ended, in milliseconds.
    async fn run(politeness: &Politeness, hosts: &[&str], work: Duration) -> Vec<(u128, u128)> {
        let begin = Instant::now();
        join_all(hosts.iter().map(|host| async move {
            let turn = politeness.turn(&url(host)).await;
            let start = begin.elapsed().as_millis();
            sleep(work).await;
            drop(turn);
            (start, begin.elapsed().as_millis())
        }))
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_at_one_host_in_order() {
        let polite = Politeness::new(64, 1, Duration::ZERO);
        let times = run(&polite, &["a.example", "A.example", "a.example."], SECOND).await;
        assert_eq!(times, [(0, 1000), (1000, 2000), (2000, 3000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn spacing_is_between_starts() {
        let polite = Politeness::new(64, 3, SECOND);
        let times = run(&polite, &["a.example"; 3], SECOND * 10).await;
        assert_eq!(times, [(0, 10000), (1000, 11000), (2000, 12000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn spacing_outlives_the_request() {
        let polite = Politeness::new(64, 1, SECOND * 5);
        let times = run(&polite, &["a.example"; 2], SECOND).await;
        assert_eq!(times, [(0, 1000), (5000, 6000)]);
        let times = run(&polite, &["a.example"], SECOND).await;
        assert_eq!(times, [(4000, 5000)], "five seconds after the last start");
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_do_not_wait_for_each_other() {
        let polite = Politeness::new(64, 1, SECOND * 60);
        let times = run(&polite, &["a.example", "b.example", "a.example", "c.example"], SECOND).await;
        assert_eq!(times, [(0, 1000), (0, 1000), (60_000, 61_000), (0, 1000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn workers_bound_all_hosts_together() {
        let polite = Politeness::new(2, 1, Duration::ZERO);
        let times = run(&polite, &["a.example", "b.example", "c.example"], SECOND).await;
        assert_eq!(times, [(0, 1000), (0, 1000), (1000, 2000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_host_holds_no_worker() {
        let polite = Politeness::new(2, 1, Duration::ZERO);
        // Three for the slow host come first; the other host still gets the second worker at once.
        let times =
            run(&polite, &["slow.example", "slow.example", "slow.example", "b.example"], SECOND * 10).await;
        assert_eq!(times[3], (0, 10_000));
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_worker_delays_the_next_start_at_that_host() {
        let polite = Politeness::new(1, 2, SECOND);
        let times = run(&polite, &["b.example", "a.example", "a.example"], SECOND * 5).await;
        assert_eq!(times, [(0, 5000), (5000, 10_000), (10_000, 15_000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiter_that_gives_up_leaves_its_place() {
        let polite = Politeness::new(1, 1, SECOND * 10);
        let held = polite.turn(&url("a.example")).await;
        // Given up while waiting for the slot, for a worker, and (after the drop) for the spacing.
        assert!(timeout(SECOND, polite.turn(&url("a.example"))).await.is_err());
        assert!(timeout(SECOND, polite.turn(&url("b.example"))).await.is_err());
        drop(held);
        assert!(timeout(SECOND, polite.turn(&url("a.example"))).await.is_err());
        let times = run(&polite, &["b.example", "a.example"], SECOND).await;
        assert_eq!(times, [(0, 1000), (7000, 8000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_hosts_are_forgotten() {
        let polite = Politeness::new(8, 1, SECOND);
        let held = polite.turn(&url("held.example")).await;
        for n in 0..10_000 {
            drop(polite.turn(&url(&format!("h{n}.example"))).await);
            sleep(Duration::from_millis(50)).await;
        }
        let count = polite.hosts.lock().unwrap().gates.len();
        assert!(count <= 2 * SWEEP_FLOOR, "{count} gates");
        assert!(polite.hosts.lock().unwrap().gates.contains_key("held.example"));
        drop(held);
    }

    #[tokio::test(start_paused = true)]
    async fn zero_means_one_and_huge_is_fine() {
        let times = run(&Politeness::new(0, 0, Duration::ZERO), &["a.example"; 2], SECOND).await;
        assert_eq!(times, [(0, 1000), (1000, 2000)]);
        let times =
            run(&Politeness::new(usize::MAX, usize::MAX, Duration::ZERO), &["a.example"; 2], SECOND).await;
        assert_eq!(times, [(0, 1000), (0, 1000)]);
    }
}
