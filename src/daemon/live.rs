//! Building what a reload swaps: everything that can fail is built before anything is replaced.

use std::sync::Arc;

use super::Live;
use crate::clock::SystemClock;
use crate::config::{ChannelSettings, FetchSettings, Settings};
use crate::fetch::client::HttpClient;
use crate::fetch::shared::SharedPages;
use crate::fetch::{ClientSettings, Web};
use crate::notify::Notifier;
use crate::notify::desktop::Desktop;
use crate::notify::log::Log;
use crate::pipeline::Channels;
use crate::store::Store;

/// Why the parts could not be built.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the HTTP client: {0}")]
pub struct BuildError(String);

/// Builds the web and the channels for `settings`. Parts of `old` whose settings did not change are kept: the client
/// with its connections and its places per host, and the desktop channel with the notifications that it holds.
///
/// # Errors
/// When the HTTP client cannot be made.
pub fn build_live(settings: Settings, store: &Store, old: Option<&Live>) -> Result<Live, BuildError> {
    let web: Arc<dyn Web> = match old.filter(|old| old.settings.fetch == settings.fetch) {
        Some(old) => old.web.clone(),
        None => web(&settings.fetch, Some(store))?,
    };
    let mut channels = Channels::new();
    for (name, kind) in &settings.channels {
        let kept = old
            .filter(|old| old.settings.channels.get(name) == Some(kind))
            .and_then(|old| old.channels.get(name).cloned());
        channels.insert(name.clone(), kept.unwrap_or_else(|| channel(kind)));
    }
    Ok(Live { settings, web, channels })
}

/// The web as `fetch` says; what robots.txt files say, and which hosts want quiet, is kept in `store`.
///
/// # Errors
/// When the HTTP client cannot be made.
pub fn web(fetch: &FetchSettings, store: Option<&Store>) -> Result<Arc<dyn Web>, BuildError> {
    let client = HttpClient::new(&client_settings(fetch), Arc::new(SystemClock));
    let mut client = client.map_err(|error| BuildError(error.to_string()))?;
    if let Some(store) = store {
        client = client.with_book(Arc::new(store.clone()));
    }
    Ok(Arc::new(SharedPages::new(client)))
}

/// A new channel.
#[must_use]
pub fn channel(kind: &ChannelSettings) -> Arc<dyn Notifier> {
    match kind {
        ChannelSettings::Desktop => Arc::new(Desktop::new()),
        ChannelSettings::Log => Arc::new(Log),
    }
}

fn client_settings(fetch: &FetchSettings) -> ClientSettings {
    ClientSettings {
        contact: fetch.contact.clone(),
        connect_timeout: fetch.connect_timeout,
        header_timeout: fetch.header_timeout,
        total_timeout: fetch.total_timeout,
        max_bytes: fetch.max_bytes,
        workers: fetch.workers,
        per_host: fetch.per_host,
        spacing: fetch.spacing,
        hosts: fetch.hosts.clone(),
        allow: fetch.allow.clone(),
        ..ClientSettings::default()
    }
}
