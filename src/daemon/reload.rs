//! Reload: the new configuration as a whole, or the old one as it was.

use std::path::Path;
use std::sync::Arc;

use sd_notify::NotifyState;

use super::{Live, Shared, first_looks, watchdog};
use crate::config::{self, Settings};
use crate::store::{StoreError, table};
use crate::text::count::count;

/// How a reload ended, in words for the log and for `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reloaded {
    /// The new configuration is in force; keys that need a restart are named.
    New {
        /// "3 sources, 2 topics".
        summary: String,
        /// "store.path": its old value stays in force.
        needs_restart: Vec<String>,
    },
    /// The old one stays; every problem of the new one.
    Kept {
        /// As `newswatch check` prints them.
        problems: String,
    },
}

/// Loads `path` anew and swaps it in with `build`, or keeps what is in force.
///
/// # Errors
/// Only our own trouble with the store.
pub async fn reload(
    shared: &Arc<Shared>,
    path: &Path,
    build: impl FnOnce(Settings, &Live) -> Result<Live, String>,
) -> Result<Reloaded, StoreError> {
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        watchdog::tell(&[NotifyState::Reloading, now]);
    }
    let reloaded = swap(shared, path, build).await?;
    let (words, now) = (reloaded.words(), shared.now());
    shared.store.write(move |tx| table::put_note(tx, "reload", &words, now)).await?;
    watchdog::tell(&[NotifyState::Ready]);
    Ok(reloaded)
}

async fn swap(
    shared: &Arc<Shared>,
    path: &Path,
    build: impl FnOnce(Settings, &Live) -> Result<Live, String>,
) -> Result<Reloaded, StoreError> {
    let file = path.to_owned();
    let loaded = tokio::task::spawn_blocking(move || config::load(&file))
        .await
        .map_err(|error| StoreError::Interrupted(error.to_string()))?;
    let settings = match loaded {
        Ok(settings) => settings,
        Err(problems) => return Ok(Reloaded::Kept { problems: problems.to_string() }),
    };
    let old = shared.live();
    let needs_restart = config::needs_restart(&old.settings, &settings);
    let summary =
        format!("{}, {}", count(settings.sources.len(), "source"), count(settings.topics.len(), "topic"));
    let live = match build(settings, &old) {
        Ok(live) => live,
        Err(problem) => return Ok(Reloaded::Kept { problems: problem }),
    };
    shared.sync_sources(&live, first_looks(&live)).await?;
    shared.live.send_replace(Arc::new(live));
    shared.replan.notify_one();
    shared.deliver.notify_one();
    Ok(Reloaded::New { summary, needs_restart })
}

impl Reloaded {
    /// One line.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::New { summary, needs_restart } if needs_restart.is_empty() => {
                format!("new configuration: {summary}")
            }
            Self::New { summary, needs_restart } => {
                format!("new configuration: {summary}; needs a restart: {}", needs_restart.join(", "))
            }
            Self::Kept { problems } => {
                let errors = problems.lines().filter(|line| line.starts_with("error")).count().max(1);
                format!("kept the old configuration: {} in the new one", count(errors, "problem"))
            }
        }
    }
}
