//! Names to addresses: the system's resolver, remembered for a while, asked once however many wait, and filtered by the
//! [`Guard`].
//!
//! Why the system's and not one of our own: docs/decisions/0010.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use url::{Host, Url};

use super::guard::Guard;
use super::redirect::place;
use super::{FailureClass, FetchError};

/// How long addresses are believed. The system's resolver tells no TTL, and keeps to it itself where it caches.
const BELIEVED: Duration = Duration::from_mins(1);
/// How long a failure is, doubled with each further one up to the next.
const FAILED: Duration = Duration::from_secs(30);
const MOST_FAILED: Duration = Duration::from_mins(2);
/// Most names that are remembered, at some 200 bytes each.
const MOST_NAMES: usize = 16_384;
/// Lookups at once: each holds a thread for as long as the system tries, which is long where the servers of a name are
/// silent.
const LOOKUPS: usize = 32;
/// Of these, for names that did not resolve the last time …
const IN_VAIN: usize = 4;
/// … and for these and names that were not looked up before: the others are kept for names that resolve.
const UNPROVEN: usize = 24;
/// How long a name waits for its lookup to begin. If it does not, nobody was asked.
const PATIENCE: Duration = Duration::from_secs(30);
/// When to come back then.
const AGAIN: Duration = Duration::from_mins(1);
/// More addresses of one name than this are not used.
const MOST_ADDRESSES: usize = 16;

/// Asks the system for the addresses of a name.
type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;
type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Resolves names, for the connector as for whoever wants to know where a request would go.
#[derive(Clone)]
pub(super) struct Resolver {
    guard: Guard,
    names: Arc<Cache<String, Found>>,
    lookups: Arc<Semaphore>,
    unproven: Arc<Semaphore>,
    in_vain: Arc<Semaphore>,
    lookup: Lookup,
    limit: Duration,
}

#[derive(Clone)]
struct Found {
    /// In the system's order (RFC 6724), or why there are none.
    addresses: Result<Arc<[SocketAddr]>, Why>,
    until: Instant,
    failures: u32,
}

/// Why there are no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("{0}")]
    Failed(Arc<str>),
    #[error("not looked up, as too many other names are")]
    Crowded,
}

/// What is known of a name from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Resolved,
    Nothing,
    /// So many lookups in a row failed.
    Failed(u32),
}

impl Resolver {
    /// Asks the system; an answer that takes longer than `limit` is none.
    pub(super) fn new(guard: Guard, limit: Duration) -> Self {
        let system: Lookup = Arc::new(|name| {
            // Port 0: the connector puts the URL's port in.
            Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) })
        });
        Self::with(system, guard, limit)
    }

    pub(super) fn with(lookup: Lookup, guard: Guard, limit: Duration) -> Self {
        let names = Arc::new(Cache::new(MOST_NAMES));
        let [lookups, unproven, in_vain] =
            [LOOKUPS, UNPROVEN, IN_VAIN].map(|places| Arc::new(Semaphore::new(places)));
        Self { guard, names, lookups, unproven, in_vain, lookup, limit }
    }

    /// Takes over what `before` remembers of names: what it found is filtered anew.
    pub(super) fn recall(&self, before: &Self) {
        for (name, found) in before.names.iter() {
            self.names.insert(name, found);
        }
    }

    /// Where a request for `url` would go: one address of its host, the same each time while they do not change.
    ///
    /// # Errors
    /// If the name does not resolve, or to forbidden addresses only.
    pub(super) async fn address(&self, url: &Url) -> Result<Option<IpAddr>, FetchError> {
        let name = match url.host() {
            Some(Host::Domain(name)) => name,
            Some(Host::Ipv4(ip)) => return Ok(Some(ip.into())),
            Some(Host::Ipv6(ip)) => return Ok(Some(ip.into())),
            None => return Ok(None),
        };
        let found = self.find(name).await.map_err(|why| match why {
            Why::Failed(reason) => {
                let what = format!("the name does not resolve ({reason})");
                FetchError::at(&place(url), FailureClass::Dns, &what)
            }
            Why::Crowded => FetchError {
                retry_after: Some(AGAIN.as_secs()),
                ..FetchError::at(&place(url), FailureClass::Held, &why.to_string())
            },
        })?;
        let allowed = self.guard.filter(name, &found).map_err(|refused| FetchError::from(&refused))?;
        Ok(allowed.iter().map(SocketAddr::ip).min())
    }

    /// The addresses of `name`: remembered ones, else those that one lookup finds for all who wait for it.
    async fn find(&self, name: &str) -> Result<Arc<[SocketAddr]>, Why> {
        let mut before = Before::Nothing;
        if let Some((_, old)) = self.names.remove_if(name, |found| found.until <= Instant::now()) {
            before = match old.failures {
                0 => Before::Resolved,
                failures => Before::Failed(failures),
            };
        }
        match self.names.get_value_or_guard_async(name).await {
            Ok(found) => found.addresses,
            Err(place) => {
                let found = self.ask(name, before).await;
                if found.addresses == Err(Why::Crowded) {
                    // The next in the row tries anew.
                    return found.addresses;
                }
                // Fails only if it was taken out meanwhile; then the next one asks anew.
                let _ = place.insert(found.clone());
                found.addresses
            }
        }
    }

    /// The places that a lookup takes, once there are any.
    async fn places(&self, before: Before) -> Option<Vec<OwnedSemaphorePermit>> {
        let lanes = match before {
            Before::Failed(_) => &[&self.in_vain, &self.unproven, &self.lookups][..],
            Before::Nothing => &[&self.unproven, &self.lookups],
            Before::Resolved => &[&self.lookups],
        };
        let mut places = Vec::with_capacity(lanes.len());
        let all = async {
            for lane in lanes {
                places.push(Arc::clone(lane).acquire_owned().await.ok()?);
            }
            Some(())
        };
        timeout(PATIENCE, all).await.ok()??;
        Some(places)
    }

    async fn ask(&self, name: &str, before: Before) -> Found {
        let late = || format!("no answer within {}", humantime::format_duration(self.limit));
        let Some(places) = self.places(before).await else {
            return Found { addresses: Err(Why::Crowded), until: Instant::now(), failures: 0 };
        };
        let (lookup, name) = (Arc::clone(&self.lookup), name.to_owned());
        // A task of its own: a lookup cannot be called off, and holds its place among the lookups until it is over.
        let asked = async move {
            let task = tokio::spawn(async move {
                let found = lookup(name).await;
                drop(places);
                found
            });
            timeout(self.limit, task).await.ok()
        };
        let addresses = match asked.await {
            Some(Ok(Ok(mut addresses))) => {
                addresses.truncate(MOST_ADDRESSES);
                Ok(addresses.into())
            }
            Some(Ok(Err(error))) => Err(error.to_string()),
            Some(Err(broken)) => Err(broken.to_string()),
            None => Err(late()),
        };
        let now = Instant::now();
        match addresses {
            Ok(addresses) => Found { addresses: Ok(addresses), until: now + BELIEVED, failures: 0 },
            Err(reason) => {
                let failures = if let Before::Failed(failures) = before { failures } else { 0 };
                let wait = FAILED.saturating_mul(1 << failures.min(8)).min(MOST_FAILED);
                let failures = failures.saturating_add(1);
                Found { addresses: Err(Why::Failed(reason.into())), until: now + wait, failures }
            }
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let found = resolver.find(name.as_str()).await.map_err(io::Error::other)?;
            let kept = resolver.guard.filter(name.as_str(), &found)?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
#[path = "dns_tests.rs"]
mod tests;
