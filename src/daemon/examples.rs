//! Topics by example learn from the store: at the start, at a reload, and once a day.

use std::path::Path;
use std::sync::Arc;

use super::Live;
use crate::config::{Problem, Settings, placed};
use crate::pipeline::compare_examples;
use crate::store::{Reader, Store};
use crate::topic::{TopicProblem, TopicSet};

/// Has the topics of `live` that are in force compare by what the store holds now. Returns the warnings, a line each. If
/// the store cannot be read, what was known before holds: the log says so.
pub(super) async fn compare(store: &Store, live: Arc<Live>) -> Vec<String> {
    let path = store.path().to_owned();
    // A connection of its own: the writer must not wait for ten thousand texts.
    let compared = tokio::task::spawn_blocking(move || {
        let held = learn_held(&path, &live.settings);
        learn(&path, &live.settings).into_iter().chain(held).collect()
    });
    compared.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "topics by example go by what was known before: {error}");
        Vec::new()
    })
}

/// Has the topics as the files say them compare by what the store at `path` holds now: as [`compare`].
pub(super) fn learn(path: &Path, settings: &Settings) -> Vec<String> {
    placed(settings, learn_one(path, &settings.topic_set)).iter().map(Problem::line).collect()
}

/// The same for the topics that are held. What names their examples stands in no file now, so the topic is named.
pub(super) fn learn_held(path: &Path, settings: &Settings) -> Vec<String> {
    let mut warnings = Vec::new();
    for (topic, topics) in settings.held_sets() {
        let lacks = learn_one(path, topics).into_iter();
        warnings.extend(lacks.map(|TopicProblem { message, .. }| {
            format!("warning: topic `{topic}`, which keeps its old rule, goes by fewer examples: {message}")
        }));
    }
    warnings
}

fn learn_one(path: &Path, topics: &TopicSet) -> Vec<TopicProblem> {
    if !topics.has_examples() {
        return Vec::new();
    }
    let compared = Reader::open(path).and_then(|reader| reader.read(|db| compare_examples(db, topics)));
    compared.unwrap_or_else(|error| {
        tracing::warn!(%error, "topics by example go by what was known before: {error}");
        Vec::new()
    })
}
