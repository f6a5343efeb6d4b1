//! Keeps requests off private and special addresses: a feed must not make us ask the router or a metadata service.
//!
//! Two gates, because either alone leaks: the filter in the resolver sees every name (and what it lets through is what is
//! connected to, so rebinding gains nothing), but never an address written into a URL; [`Guard::check`] sees those.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// The IPv4 networks that are not the public internet (IANA special-purpose registry, RFC 6890).
const SPECIAL_V4: [(Ipv4Net, &str); 16] = [
    (v4(0, 0, 0, 0, 8), "an unspecified"),
    (v4(10, 0, 0, 0, 8), "a private"),
    (v4(100, 64, 0, 0, 10), "a carrier-grade NAT"),
    (v4(127, 0, 0, 0, 8), "a loopback"),
    (v4(169, 254, 0, 0, 16), "a link-local"),
    (v4(172, 16, 0, 0, 12), "a private"),
    (v4(192, 0, 0, 0, 24), "a protocol-assignment"),
    (v4(192, 0, 2, 0, 24), "a documentation"),
    (v4(192, 88, 99, 0, 24), "a 6to4 relay"),
    (v4(192, 168, 0, 0, 16), "a private"),
    (v4(198, 18, 0, 0, 15), "a benchmarking"),
    (v4(198, 51, 100, 0, 24), "a documentation"),
    (v4(203, 0, 113, 0, 24), "a documentation"),
    (v4(224, 0, 0, 0, 4), "a multicast"),
    (v4(255, 255, 255, 255, 32), "a broadcast"),
    (v4(240, 0, 0, 0, 4), "a reserved"),
];

/// The only IPv6 space that IANA has given out as global unicast …
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// … and the special parts of all that there is. 6to4 and NAT64 are not here: the IPv4 address inside decides.
const SPECIAL_V6: [(Ipv6Net, &str); 9] = [
    (v6(0x2001, 0, 0, 32), "a Teredo"),
    (v6(0x2001, 0, 0, 23), "a protocol-assignment"),
    (v6(0x2001, 0x0db8, 0, 32), "a documentation"),
    (v6(0x3fff, 0, 0, 20), "a documentation"),
    (v6(0xfc00, 0, 0, 7), "a private"),
    (v6(0xfe80, 0, 0, 10), "a link-local"),
    (v6(0xfec0, 0, 0, 10), "a site-local"),
    (v6(0xff00, 0, 0, 8), "a multicast"),
    (v6(0x0064, 0xff9b, 1, 48), "a local NAT64"),
];

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// What kind of address this is, with its article ("a private"), if it is not one of the public internet.
#[must_use]
pub fn special(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => SPECIAL_V4.iter().find(|(net, _)| net.contains(&ip)).map(|(_, kind)| *kind),
        IpAddr::V6(ip) => match inner(ip) {
            Some(inner) => special(IpAddr::V4(inner)),
            None if ip.is_loopback() => Some("a loopback"),
            None if ip.is_unspecified() => Some("an unspecified"),
            None => SPECIAL_V6
                .iter()
                .find(|(net, _)| net.contains(&ip))
                .map(|(_, kind)| *kind)
                .or_else(|| (!GLOBAL_V6.contains(&ip)).then_some("a reserved")),
        },
    }
}

/// The IPv4 address that a packet to this IPv6 address ends at: IPv4-mapped (RFC 4291 2.5.5.2), NAT64 (RFC 6052), 6to4
/// (RFC 3056).
fn inner(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x0064, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

/// True if `ip` may be connected to: it is public, or `allow` names its network (or that of the IPv4 address in it).
#[must_use]
pub fn allowed(ip: IpAddr, allow: &[IpNet]) -> bool {
    let named = |ip: &IpAddr| allow.iter().any(|net| net.contains(ip));
    let inside = match ip {
        IpAddr::V4(_) => None,
        IpAddr::V6(ip) => inner(ip).map(IpAddr::V4),
    };
    special(ip).is_none() || named(&ip) || inside.as_ref().is_some_and(named)
}

/// Nothing was asked: the address is off limits. Shown, it says where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refused {
    /// The name that led there, unless the address stood in the URL.
    name: Option<String>,
    ip: IpAddr,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = special(self.ip).unwrap_or("a special");
        match &self.name {
            Some(name) => write!(f, "{name} leads to {}, {kind} address", self.ip)?,
            None => write!(f, "{} is {kind} address", self.ip)?,
        }
        f.write_str("; to reach it, name its network in `allow` of [fetch]")
    }
}

/// The networks that may be reached: a check for URLs, and a filter for what names resolve to.
#[derive(Debug, Clone)]
pub struct Guard {
    allow: Arc<[IpNet]>,
}

impl Guard {
    /// A guard that lets the public internet through, and `allow`.
    #[must_use]
    pub fn new(allow: &[IpNet]) -> Self {
        Self { allow: allow.into() }
    }

    /// Refuses a URL whose host is a forbidden address in any spelling: `Url` has read `0x7f.1` and its like already.
    /// Names pass; they are judged when they are resolved.
    ///
    /// # Errors
    /// If the address is forbidden.
    pub fn check(&self, url: &Url) -> Result<(), Refused> {
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        if allowed(ip, &self.allow) { Ok(()) } else { Err(Refused { name: None, ip }) }
    }

    /// Keeps the addresses that may be reached.
    ///
    /// # Errors
    /// If there are addresses, and all are forbidden.
    pub(super) fn filter(&self, name: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, Refused> {
        let kept: Vec<_> = found.iter().copied().filter(|a| allowed(a.ip(), &self.allow)).collect();
        match found.first() {
            Some(first) if kept.is_empty() => Err(Refused { name: Some(name.to_owned()), ip: first.ip() }),
            _ => Ok(kept),
        }
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
