//! Manners towards hosts: few requests at once, time between them, and quiet where it was asked for.
//!
//! Each request, and each redirect hop, waits for a [`Turn`] at its host. The order is: a slot of the host, then its
//! quiet and the spacing since its last start, then a slot of its address, then one of the global workers; so whoever
//! waits for a slow host holds no worker back from others. All waits are first come, first served, and a waiter that is
//! dropped leaves its place.
//!
//! **Addresses.** Many registrable domains may lead to one machine. At one address there are at most four times as many
//! requests as at one host, whatever the domains: four blogs of a hosting service are no load to it and forty at once
//! are, while one at a time would let a single slow blog hold up all the others there. Spacing is left to the hosts: at
//! a delivery network thousands of unrelated sites share an address.
//!
//! **The slow lane.** A host whose last two turns each lasted over ten seconds gets its next ones in a lane of a
//! sixteenth of the workers, until one is quick again; so no number of servers that drip can hold all workers. In the
//! lane a host takes no slot of its address. Who finds the lane full, and as many waiting, is told to come back later.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::gate::{Each, Gate};
use super::host::host_key;
use super::settings::{ClientSettings, HostManners};

/// As many requests at once at one address as at so many hosts.
const HOSTS_AT_ADDRESS: usize = 4;
/// One of so many workers is for slow hosts.
const WORKERS_PER_SLOW: usize = 16;
/// A quiet of up to this long is waited out; to wait longer is the schedule's business.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// When to come back if the slow lane is full.
const LANE_IS_FULL: Duration = Duration::from_mins(1);

/// Hands out turns.
#[derive(Debug)]
pub struct Politeness {
    per_host: usize,
    spacing: Duration,
    manners: BTreeMap<String, HostManners>,
    workers: Arc<Semaphore>,
    slow_lane: Arc<Semaphore>,
    /// Who is in the slow lane or waits for it.
    slow_seats: Arc<Semaphore>,
    hosts: Mutex<Each<String, Gate>>,
    addresses: Mutex<Each<IpAddr, Semaphore>>,
}

/// The right to have one request under way at a host; given back on drop.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub struct Turn {
    start: Instant,
    gate: Arc<Gate>,
    /// The slots of the host, of its address or the slow lane, and of a worker.
    _held: Vec<OwnedSemaphorePermit>,
}

impl Turn {
    /// The host wants no request for `span`: none starts there, at any of its addresses. At most an hour of it counts.
    pub fn keep_quiet(&self, span: Duration) {
        self.gate.keep_quiet(span);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.gate.turn_ended(self.start.elapsed());
    }
}

/// Why there is no turn now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The host wants quiet for so long.
    Quiet(Duration),
    /// The host is slow, and so are as many as there is room for; worth another try after so long.
    Slow(Duration),
}

impl Politeness {
    /// Keeps to `workers`, `per_host`, `spacing` and `hosts` of `settings`. Zeroes count as one.
    #[must_use]
    pub fn new(settings: &ClientSettings) -> Self {
        let bounded = |n: usize| n.clamp(1, Semaphore::MAX_PERMITS / 8);
        let workers = bounded(settings.workers);
        let slow = (workers / WORKERS_PER_SLOW).max(1);
        Self {
            per_host: bounded(settings.per_host),
            spacing: settings.spacing,
            manners: settings.hosts.clone(),
            workers: Arc::new(Semaphore::new(workers)),
            slow_lane: Arc::new(Semaphore::new(slow)),
            slow_seats: Arc::new(Semaphore::new(2 * slow)),
            hosts: Mutex::default(),
            addresses: Mutex::default(),
        }
    }

    /// Takes over what `before` remembers of hosts; where it has as many slots for one, also who is at it.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        let hosts = before.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        for (host, gate) in hosts.things() {
            let own = self.new_gate(host).after(gate);
            self.hosts.lock().unwrap_or_else(PoisonError::into_inner).get(host.clone(), |_| own);
        }
        drop(hosts);
        self
    }

    /// Waits for a turn at the host of `url`, which is at `address`. The request is taken to start when this returns.
    ///
    /// # Errors
    /// [`Held`] if the wait would be long for a reason that lies with the host.
    pub async fn turn(&self, url: &Url, address: Option<IpAddr>) -> Result<Turn, Held> {
        let gate = self.gate(host_key(url));
        // A semaphore errs only once it is closed; these never are, and without a permit the turn would still be a turn.
        let of = |slots: &Arc<Semaphore>| Arc::clone(slots).acquire_owned();
        let mut held = Vec::with_capacity(4);
        patient(&gate)?;
        held.extend(of(&gate.slots).await);
        let mut last_start = gate.last_start.lock().await;
        loop {
            let next = last_start.and_then(|last| last.checked_add(gate.spacing));
            let quiet = patient(&gate)?.map(|left| Instant::now() + left);
            match next.max(quiet) {
                Some(next) if next > Instant::now() => sleep_until(next).await,
                _ => break,
            }
        }
        if gate.is_slow() {
            let seat = Arc::clone(&self.slow_seats).try_acquire_owned();
            held.push(seat.map_err(|_| Held::Slow(LANE_IS_FULL))?);
            held.extend(of(&self.slow_lane).await);
        } else if let Some(address) = address.filter(|_| !gate.own_limit) {
            held.extend(of(&self.slots_at(address)).await);
        }
        held.extend(of(&self.workers).await);
        let start = Instant::now();
        *last_start = Some(start);
        drop(last_start);
        Ok(Turn { start, gate, _held: held })
    }

    /// `host` wants no request for `span`: none starts there, at any of its addresses. At most an hour of it counts.
    pub fn keep_quiet(&self, host: String, span: Duration) {
        self.gate(host).keep_quiet(span);
    }

    fn gate(&self, host: String) -> Arc<Gate> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(host, |host| self.new_gate(host))
    }

    fn new_gate(&self, host: &str) -> Gate {
        let own = self.manners.get(host).cloned().unwrap_or_default();
        let slots = own.per_host.map_or(self.per_host, |slots| slots.clamp(1, Semaphore::MAX_PERMITS));
        Gate::new(slots, own.spacing.unwrap_or(self.spacing), own.per_host.is_some())
    }

    fn slots_at(&self, address: IpAddr) -> Arc<Semaphore> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        addresses.get(address.to_canonical(), |_| Semaphore::new(self.per_host * HOSTS_AT_ADDRESS))
    }
}

/// The quiet that is left, if it is worth waiting for.
fn patient(gate: &Gate) -> Result<Option<Duration>, Held> {
    match gate.quiet_for() {
        Some(left) if left > PATIENCE => Err(Held::Quiet(left)),
        left => Ok(left),
    }
}

#[cfg(test)]
#[path = "politeness_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "politeness_host_tests.rs"]
mod host_tests;
