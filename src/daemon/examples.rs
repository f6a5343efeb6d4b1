//! Topics by example learn from the store: at the start, at a reload, and once a day.

use std::sync::Arc;

use super::Live;
use crate::config::{Problem, placed};
use crate::pipeline::compare_examples;
use crate::store::{Reader, Store, StoreError};

/// Has the topics of `live` compare by what the store holds now. Returns the warnings, a line each. If the store cannot be
/// read, what was known before holds: the log says so.
pub(super) async fn compare(store: &Store, live: Arc<Live>) -> Vec<String> {
    if !live.settings.topic_set.has_examples() {
        return Vec::new();
    }
    let path = store.path().to_owned();
    // A connection of its own: the writer must not wait for ten thousand texts.
    let compared = tokio::task::spawn_blocking(move || {
        let missing = Reader::open(&path)?.read(|db| compare_examples(db, &live.settings.topic_set))?;
        Ok::<_, StoreError>(placed(&live.settings, missing))
    });
    match compared.await {
        Ok(Ok(warnings)) => warnings.iter().map(Problem::line).collect(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "topics by example go by what was known before: {error}");
            Vec::new()
        }
        Err(error) => {
            tracing::warn!(%error, "topics by example go by what was known before: {error}");
            Vec::new()
        }
    }
}
