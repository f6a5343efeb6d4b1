//! What the client is told: manners, limits, and which private networks are fair game.

use std::collections::BTreeMap;
use std::time::Duration;

use ipnet::IpNet;

/// How the web is asked. `Default` is what a polite reader does; see each field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSettings {
    /// Who runs this, for the User-Agent: a mail address or a page (RFC 9110 10.1.5). ASCII.
    pub contact: Option<String>,
    /// Time to resolve, connect and shake hands.
    pub connect_timeout: Duration,
    /// Time from the start of one request, connecting included, to the head of its answer.
    pub header_timeout: Duration,
    /// Time for the whole answer with all its redirects. Waiting for a turn at a host does not count.
    pub total_timeout: Duration,
    /// Most decoded bytes of one body.
    pub max_bytes: u64,
    /// Requests at once, over all hosts; at least 1.
    pub workers: usize,
    /// Requests at once at one host; at least 1.
    pub per_host: usize,
    /// Between request starts at one host.
    pub spacing: Duration,
    /// Hosts that are treated otherwise, by [`host_key`](super::host::host_key).
    pub hosts: BTreeMap<String, HostManners>,
    /// Fewest bytes a second of a body, over each [`ClientSettings::pace_window`]: what drips slower is given up.
    pub least_pace: u32,
    /// Over how long the pace of a body is measured.
    pub pace_window: Duration,
    /// Private or special networks that may be reached all the same.
    pub allow: Vec<IpNet>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            contact: None,
            connect_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_mins(1),
            max_bytes: 20 << 20,
            workers: 64,
            per_host: 1,
            spacing: Duration::from_secs(1),
            hosts: BTreeMap::new(),
            least_pace: 100,
            pace_window: Duration::from_secs(20),
            allow: Vec::new(),
        }
    }
}

/// How one host is asked, where that differs from all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostManners {
    /// Requests at once at this host; at least 1. Its owner's word, so the limit of its address does not count.
    pub per_host: Option<usize>,
    /// Between request starts at this host.
    pub spacing: Option<Duration>,
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The contact cannot stand in a header.
    #[error(
        "the contact {0:?} cannot go into the User-Agent: use plain ASCII, such as mailto:you@example.org"
    )]
    Contact(String),
    /// The HTTP library refused.
    #[error("the HTTP client cannot be built: {0}")]
    Client(String),
}
