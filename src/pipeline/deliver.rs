//! Telling what is due: a reconciler over the outbox. It tells, then records; a crash between the two repeats a telling
//! under the same id.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::alert::{Alert, QuietHours};
use crate::clock::{Clock, Timestamp, later};
use crate::notify::{Notifier, NotifyError, log::Log};
use crate::store::{Delivery, Store, StoreError, table};

/// Longest that one telling may take, whatever the channel does.
const TELL_TIMEOUT: Duration = Duration::from_secs(30);
/// First wait after a failed telling, doubled each time …
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// … up to this.
const LAST_RETRY: Duration = Duration::from_mins(15);
/// Tellings a round; the rest follows at once.
const ROUND: u32 = 50;

/// The channels by name.
pub type Channels = BTreeMap<String, Arc<dyn Notifier>>;

/// What a round did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Tellings that a channel took.
    pub told: usize,
    /// Tellings that failed and wait.
    pub failed: usize,
    /// When the next one is due; `None` if the outbox is empty.
    pub next: Option<Timestamp>,
}

/// Tells everything that is due now.
///
/// # Errors
/// Only our own trouble with the store; a channel's failure is recorded and tried again later.
pub async fn deliver(
    store: &Store,
    channels: &Channels,
    quiet_hours: Option<&QuietHours>,
    clock: &dyn Clock,
) -> Result<Delivered, StoreError> {
    let mut done = Delivered::default();
    loop {
        let now = clock.now();
        let due = store
            .write(move |tx| {
                table::due_deliveries(tx, now, ROUND)?
                    .into_iter()
                    .map(|delivery| Ok(table::alert(tx, delivery.alert)?.map(|alert| (delivery, alert))))
                    .filter_map(rusqlite::Result::transpose)
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
            .await?;
        if due.is_empty() {
            done.next = store.write(move |tx| table::next_delivery(tx, now)).await?;
            return Ok(done);
        }
        // A channel that cannot work now is asked once a round, not once for each alert.
        let mut down: BTreeMap<String, NotifyError> = BTreeMap::new();
        for (delivery, mut alert) in due {
            alert.kind = delivery.kind;
            if let Some(end) = quiet_hours.and_then(|quiet| quiet.hold_until(clock.now(), alert.severity)) {
                store.write(move |tx| table::postpone(tx, &delivery, end)).await?;
                continue;
            }
            let outcome = match down.get(&delivery.channel) {
                Some(error) => Err(error.clone()),
                None => tell(channels, &delivery, &alert).await,
            };
            match outcome {
                Ok(handle) => {
                    done.told += 1;
                    let now = clock.now();
                    store.write(move |tx| table::mark_told(tx, &delivery, handle.as_deref(), now)).await?;
                }
                Err(error) => {
                    done.failed += 1;
                    if matches!(error, NotifyError::Unavailable(_)) {
                        down.insert(delivery.channel.clone(), error.clone());
                    }
                    complain(channels, &delivery, &alert, &error).await;
                    let now = clock.now();
                    let wait = FIRST_RETRY.saturating_mul(1 << delivery.tries.min(10)).min(LAST_RETRY);
                    let text = error.to_string();
                    store
                        .write(move |tx| table::mark_failed(tx, &delivery, &text, later(now, wait), now))
                        .await?;
                }
            }
        }
    }
}

async fn tell(
    channels: &Channels,
    delivery: &Delivery,
    alert: &Alert,
) -> Result<Option<String>, NotifyError> {
    let Some(channel) = channels.get(&delivery.channel) else {
        return Err(NotifyError::Unavailable(format!(
            "channel `{}` is not in the configuration",
            delivery.channel
        )));
    };
    match timeout(TELL_TIMEOUT, channel.tell(alert, delivery.handle.as_deref())).await {
        Ok(receipt) => receipt.map(|receipt| receipt.handle),
        Err(_) => Err(NotifyError::Unavailable(format!("no answer within {} s", TELL_TIMEOUT.as_secs()))),
    }
}

/// Says a failure once, when it begins; the alert itself goes to the log meanwhile, so that it is on record somewhere.
async fn complain(channels: &Channels, delivery: &Delivery, alert: &Alert, error: &NotifyError) {
    let Delivery { channel, tries, .. } = delivery;
    if *tries > 0 {
        tracing::debug!(%channel, tries, %error, "channel {channel} still fails: {error}");
        return;
    }
    tracing::warn!(%channel, %error, "channel {channel}: {error}; the alert is kept and tried again");
    let logged_anyway = channels.values().any(|channel| channel.name() == "log");
    if !logged_anyway || channel == "log" {
        let _ = Log.tell(alert, None).await;
    }
}
