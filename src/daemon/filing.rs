//! Topics are filed by what the store holds: at the start, at a reload, and once a day.

use std::sync::Arc;

use super::Live;
use crate::pipeline::refile_topics;
use crate::store::{Reader, Store, StoreError};

/// Has the topics of `live` filed anew. That only saves time: if the store cannot be read, it is said and no more.
pub(super) async fn refile(store: &Store, live: Arc<Live>) {
    let path = store.path().to_owned();
    // A connection of its own: the writer must not wait for a thousand texts.
    let refiled = tokio::task::spawn_blocking(move || {
        Reader::open(&path)?.read(|db| refile_topics(db, &live.settings))
    });
    let error = match refiled.await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error,
        Err(error) => StoreError::Interrupted(error.to_string()),
    };
    tracing::warn!(%error, "topics stay filed as they were: {error}");
}
