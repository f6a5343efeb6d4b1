//! The deliverer: tells what is due, woken by each commit and by the clock.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Event, Shared};
use crate::clock::since;
use crate::pipeline::deliver;
use crate::store::StoreError;

/// Longest wait between two looks into the outbox: whatever woke nobody is found then.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Runs until everything is stored, with one more round after that.
pub(super) async fn run(shared: Arc<Shared>, all_stored: CancellationToken) -> Result<(), StoreError> {
    loop {
        let last_round = all_stored.is_cancelled();
        let live = shared.live();
        let delivered = deliver(
            &shared.store,
            &live.channels,
            live.settings.alerts.quiet_hours.as_ref(),
            shared.clock.as_ref(),
        )
        .await?;
        if delivered.told > 0 {
            shared.emit(Event::Told(delivered.told));
        }
        if last_round {
            return Ok(());
        }
        let wait = delivered.next.map_or(LONGEST_WAIT, |next| since(next, shared.now()).min(LONGEST_WAIT));
        tokio::select! {
            () = all_stored.cancelled() => {}
            () = shared.deliver.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}
