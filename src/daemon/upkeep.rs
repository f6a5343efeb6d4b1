//! Once a day: retention, and what topics by example learn from the store.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Mode, Shared, examples};
use crate::pipeline::Ingester;
use crate::store::StoreError;

const DAY: Duration = Duration::from_hours(24);
/// The first round waits until the start is over.
const FIRST: Duration = Duration::from_mins(5);

/// Runs until `stop`.
pub(super) async fn run(shared: Arc<Shared>, mode: Mode, stop: CancellationToken) -> Result<(), StoreError> {
    if mode != Mode::Forever {
        return Ok(());
    }
    let mut wait = FIRST;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
        }
        wait = DAY;
        super::filing::refile(&shared.store, shared.live()).await;
        let (live, now) = (shared.live(), shared.now());
        let pruned = shared.store.write(move |tx| Ingester::prune(tx, &live.settings, now)).await?;
        for warning in examples::compare(&shared.store, shared.live()).await {
            tracing::warn!("{warning}");
        }
        if pruned.texts + pruned.seen > 0 {
            tracing::info!(
                texts = pruned.texts,
                seen = pruned.seen,
                "pruned {} texts and {} seen keys",
                pruned.texts,
                pruned.seen
            );
        }
    }
}
