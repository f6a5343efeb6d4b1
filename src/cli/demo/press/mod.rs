//! The demo's small press: six invented outlets on loopback that tell one story of September 2023, in four phases.
//!
//! Each outlet stands on a loopback address of its own, because politeness is per host. What is served depends on the
//! phase alone, which the demo moves on; see [`Moment`].

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::source::SourceKind;

mod content;
pub mod expected;
mod feeds;
mod moment;
mod pages;
mod server;

#[cfg(test)]
mod tests;

pub use moment::{Moment, Phase};

use content::{SITES, Site};

/// The running press. Dropping it cuts its connections; [`Press::stopped`] lets them end.
#[derive(Debug)]
pub struct Press {
    outlets: Vec<Outlet>,
    servers: JoinSet<()>,
}

/// One outlet of the press and where it answers.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// Its name, as `name` in the configuration.
    pub name: &'static str,
    /// How it is read; for the listing page with the selector of its links.
    pub kind: SourceKind,
    /// The root of its site, as `http://127.0.0.2:40001/`.
    pub base: Url,
    /// Its feed, or its listing page.
    pub feed_url: Url,
    site: &'static Site,
}

impl Outlet {
    /// The addresses of the article pages that this outlet has published by `phase`, newest first.
    #[must_use]
    pub fn pages(&self, phase: Phase) -> Vec<Url> {
        self.site.published(phase).into_iter().filter_map(|piece| self.base.join(piece.path).ok()).collect()
    }

    /// Its section of the configuration.
    fn config(&self) -> String {
        let (table, selector) = match &self.kind {
            SourceKind::Feed => ("feed", String::new()),
            SourceKind::Sitemap => ("sitemap", String::new()),
            SourceKind::Links { selector } => ("page", format!("links = \"{selector}\"\n")),
            SourceKind::Watch { selector } => ("page", format!("watch = \"{selector}\"\n")),
        };
        format!("[[{table}]]\nurl = \"{}\"\nname = \"{}\"\n{selector}\n", self.feed_url, self.name)
    }
}

/// Intervals in seconds instead of minutes, and loopback allowed.
const FETCH: &str = r#"[fetch]
contact      = "mailto:demo@example.org"
interval     = "1s"
min_interval = "1s"
max_interval = "2s"
backoff      = "1s"
spacing      = "20ms"
allow        = ["127.0.0.0/8"]

"#;

impl Press {
    /// Opens the six outlets, which serve what is published by `moment` until `stop` is cancelled.
    ///
    /// # Errors
    /// When the system gives no port on loopback.
    pub async fn start(moment: Arc<Moment>, stop: CancellationToken) -> io::Result<Self> {
        let mut outlets = Vec::with_capacity(SITES.len());
        let mut servers = JoinSet::new();
        for (site, host) in SITES.iter().zip(2..) {
            let listener = listen(Ipv4Addr::new(127, 0, 0, host)).await?;
            let base =
                Url::parse(&format!("http://{}/", listener.local_addr()?)).map_err(io::Error::other)?;
            let feed_url = base.join(site.feed_path).map_err(io::Error::other)?;
            let outlet = Outlet { name: site.name, kind: site.format.kind(), base, feed_url, site };
            servers.spawn(server::serve(listener, outlet.clone(), Arc::clone(&moment), stop.clone()));
            outlets.push(outlet);
        }
        Ok(Self { outlets, servers })
    }

    /// The outlets, in the order in which they tell the story.
    #[must_use]
    pub fn outlets(&self) -> &[Outlet] {
        &self.outlets
    }

    /// A configuration (TOML) that watches the six outlets for the story: `[fetch]`, the sources, the sets and one topic.
    /// `[store]`, `[alerts]` and channels can be appended.
    #[must_use]
    pub fn config(&self) -> String {
        let sources: String = self.outlets.iter().map(Outlet::config).collect();
        format!("{FETCH}{sources}{}", include_str!("pages/topic.toml"))
    }

    /// Waits until every outlet has closed, which they do once the stop token is cancelled: open requests are answered,
    /// and what hangs is cut after two seconds.
    pub async fn stopped(mut self) {
        while self.servers.join_next().await.is_some() {}
    }
}

/// A free port on `address`. Linux answers all of 127/8; macOS only 127.0.0.1, so there the outlets differ by port alone.
async fn listen(address: Ipv4Addr) -> io::Result<TcpListener> {
    match TcpListener::bind((address, 0)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await,
    }
}
