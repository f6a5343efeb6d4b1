//! Reload: the new configuration as a whole, or the old one as it was.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use sd_notify::NotifyState;

use super::{Live, Shared, examples, first_looks, watchdog};
use crate::config::{self, Problem, Problems, Settings};
use crate::pipeline::test_topics;
use crate::source::{Source, SourceId};
use crate::store::{StoreError, table};
use crate::text::count::count;

/// What a reload says of topics whose new form is not taken.
pub const HELD: &str = "old rule";
/// Each topic that is held judges every article by itself; with more of them, all stays as it was.
const MAX_HELD: usize = 20;

/// How a reload ended, in words for the log and for `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reloaded {
    /// The new configuration is in force; keys that need a restart are named.
    New {
        /// "3 sources, 2 topics; of the sources 2 added, 1 changed, 2 left".
        summary: String,
        /// "store.path": its old value stays in force.
        needs_restart: Vec<String>,
        /// Topics that have mistakes or fail their own tests, and stay as they were.
        held: Vec<String>,
        /// Those of them that only fail their own tests: a restart takes their new form.
        failing: Vec<String>,
        /// What is odd in it, a line each.
        warnings: Vec<String>,
    },
    /// The old one stays.
    Kept {
        /// "2 problems in the new one".
        why: String,
        /// Every problem of the new one, a line each.
        problems: Vec<String>,
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
    let (file, store) = (path.to_owned(), shared.store.path().to_owned());
    let loaded = tokio::task::spawn_blocking(move || {
        config::load_sparing_topics(&file).map(|(settings, bad)| {
            // Before the tests, as in `check`: what a topic by example is true of, the store says.
            let missing = examples::learn(&store, &settings);
            let tested = test_topics(&settings, None);
            (settings, bad, missing, tested)
        })
    })
    .await
    .map_err(|error| StoreError::Interrupted(error.to_string()))?;
    let (mut settings, bad, missing, tested) = match loaded {
        Ok(loaded) => loaded,
        Err(problems) => return Ok(Reloaded::refused(&problems)),
    };
    let old = shared.live();
    // A new topic that fails its tests is watched all the same: there is no better form of it.
    let held: Vec<String> =
        bad.union(&tested.failed).filter(|topic| settings.hold(topic, &old.settings)).cloned().collect();
    if bad.iter().any(|topic| !held.contains(topic)) {
        // One that has a mistake and no good form yet: who reads that it was refused mends it at once.
        return Ok(Reloaded::refused(&Problems(settings.warnings)));
    }
    if held.len() > MAX_HELD {
        let why = format!("{} in the new one have mistakes", count(held.len(), "topic"));
        let problems = settings.warnings.iter().filter(|problem| !problem.warning).map(Problem::line);
        let tests = tested.problems().filter(|problem| !problem.warning).map(|problem| problem.line());
        return Ok(Reloaded::Kept { why, problems: problems.chain(tests).collect() });
    }
    if let Some(why) = emptied(&old.settings, &settings) {
        return Ok(Reloaded::Kept { why, problems: Vec::new() });
    }
    let needs_restart = config::needs_restart(&old.settings, &settings);
    let summary = format!(
        "{}, {}{}",
        count(settings.sources.len(), "source"),
        count(settings.topics.len(), "topic"),
        changes(&old.settings.sources, &settings.sources)
    );
    let tests: Vec<String> = tested.problems().map(|problem| problem.line()).collect();
    let mut warnings: Vec<String> = settings.warnings.iter().map(Problem::line).chain(tests).collect();
    let live = match build(settings, &old) {
        Ok(live) => Arc::new(live),
        Err(why) => return Ok(Reloaded::Kept { why, problems: Vec::new() }),
    };
    warnings.extend(missing);
    let (path, of) = (shared.store.path().to_owned(), live.clone());
    let missing = tokio::task::spawn_blocking(move || examples::learn_held(&path, &of.settings))
        .await
        .map_err(|error| StoreError::Interrupted(error.to_string()))?;
    warnings.extend(missing);
    shared.sync_sources(&live, first_looks(&live)).await?;
    shared.live.send_replace(live);
    shared.replan.notify_one();
    shared.deliver.notify_one();
    super::filing::refile(&shared.store, shared.live()).await;
    let failing = held.iter().filter(|topic| !bad.contains(*topic)).cloned().collect();
    Ok(Reloaded::New { summary, needs_restart, held, failing, warnings })
}

/// Why `new` cannot be meant: a file that was emptied, or is being written, would end all watching.
fn emptied(old: &Settings, new: &Settings) -> Option<String> {
    let sources = !old.sources.is_empty() && new.sources.is_empty();
    let topics = !old.topics.is_empty() && new.topics.is_empty();
    let what = match (sources, topics) {
        (true, true) => "neither a source nor a topic",
        (true, false) => "no source",
        (false, true) => "no topic",
        (false, false) => return None,
    };
    let watched = format!("{} for {}", count(old.sources.len(), "source"), count(old.topics.len(), "topic"));
    Some(format!("the new one has {what}, while {watched} are watched; to watch nothing, stop newswatch"))
}

/// How the sources changed: "; of the sources 2 added, 1 changed, 2 left".
fn changes(old: &[Source], new: &[Source]) -> String {
    let by_id = |sources: &'_ [Source]| -> HashMap<SourceId, Source> {
        sources.iter().map(|source| (source.id.clone(), source.clone())).collect()
    };
    let (before, after) = (by_id(old), by_id(new));
    let added = new.iter().filter(|source| !before.contains_key(&source.id)).count();
    let left = old.iter().filter(|source| !after.contains_key(&source.id)).count();
    let is_changed = |source: &&Source| before.get(&source.id).is_some_and(|old| old != *source);
    let changed = new.iter().filter(is_changed).count();
    let parts = [(added, "added"), (changed, "changed"), (left, "left")];
    let parts: Vec<String> =
        parts.iter().filter(|(many, _)| *many > 0).map(|(many, what)| format!("{many} {what}")).collect();
    if parts.is_empty() { String::new() } else { format!("; of the sources {}", parts.join(", ")) }
}

/// "a, b keep their old rules".
fn keep(topics: &[&str]) -> String {
    let (keep, s) = if topics.len() == 1 { ("keeps its", "") } else { ("keep their", "s") };
    format!("{} {keep} {HELD}{s}", topics.join(", "))
}

impl Reloaded {
    /// One line.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::New { summary, needs_restart, held, failing, .. } => {
                let mut words = format!("new configuration: {summary}");
                // Writing to a String cannot fail.
                let broken: Vec<&str> =
                    held.iter().filter(|topic| !failing.contains(topic)).map(String::as_str).collect();
                if !broken.is_empty() {
                    let they = if broken.len() == 1 { "it is" } else { "they are" };
                    let keep = keep(&broken);
                    let _ = write!(words, "; {keep} (mistakes); a restart would fail until {they} mended");
                }
                if !failing.is_empty() {
                    let failing: Vec<&str> = failing.iter().map(String::as_str).collect();
                    let _ = write!(words, "; {} (tests fail), until a restart", keep(&failing));
                }
                if !needs_restart.is_empty() {
                    let _ = write!(words, "; needs a restart: {}", needs_restart.join(", "));
                }
                words
            }
            Self::Kept { why, .. } => format!("kept the old configuration: {why}"),
        }
    }

    /// Refused for its problems.
    fn refused(problems: &Problems) -> Self {
        let errors = problems.0.iter().filter(|problem| !problem.warning).count();
        Self::Kept {
            why: format!("{} in the new one", count(errors, "problem")),
            problems: problems.0.iter().map(Problem::line).collect(),
        }
    }
}
