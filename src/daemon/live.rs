//! Building what a reload swaps: everything that can fail is built before anything is replaced.

use std::sync::Arc;

use super::Live;
use crate::clock::SystemClock;
use crate::config::{ChannelSettings, FetchSettings, Settings};
use crate::fetch::client::{HttpClient, Memory};
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
/// with its connections, and the desktop channel with the notifications that it holds. A new client takes over what the
/// old one remembers of hosts.
///
/// # Errors
/// When the HTTP client cannot be made.
pub fn build_live(settings: Settings, store: &Store, old: Option<&Live>) -> Result<Live, BuildError> {
    let client = client_settings(&settings.fetch);
    let web: Arc<dyn Web> = match old {
        Some(old) if client_settings(&old.settings.fetch) == client => old.web.clone(),
        old => web_after(&client, Some(store), old.and_then(|old| old.web.memory()))?,
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
    web_after(&client_settings(fetch), store, None)
}

fn web_after(
    settings: &ClientSettings,
    store: Option<&Store>,
    before: Option<Memory>,
) -> Result<Arc<dyn Web>, BuildError> {
    let client = HttpClient::new(settings, Arc::new(SystemClock));
    let mut client = client.map_err(|error| BuildError(error.to_string()))?;
    if let Some(store) = store {
        client = client.with_book(Arc::new(store.clone()));
    }
    if let Some(before) = before {
        client = client.remembering(&before, settings);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, from_text};

    fn settings(fetch: &str) -> Settings {
        let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
        let text =
            format!("[fetch]\n{fetch}\n[[feed]]\nurl = 'https://a.example/rss'\n[topic.t]\nall = ['x']\n");
        match from_text(std::path::Path::new("newswatch.toml"), &text, &environment) {
            Ok(settings) => settings,
            Err(problems) => panic!("{problems}"),
        }
    }

    #[test]
    fn a_reload_makes_a_new_client_only_for_what_the_client_keeps_to() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let old = build_live(settings(""), &store, None).unwrap();
        let web = |fetch| build_live(settings(fetch), &store, Some(&old)).unwrap().web;
        assert!(Arc::ptr_eq(&web("interval = '20m'\narticles = false"), &old.web));
        assert!(!Arc::ptr_eq(&web("total_timeout = '50s'"), &old.web));
    }
}
