//! systemd: readiness, the status line, and a watchdog that proves the writer and the scheduler alive.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::clock::since;
use crate::store::{StoreError, table};
use crate::text::count::{count, short};

/// How often the status line is written when no watchdog asks for more.
const BEAT: Duration = Duration::from_secs(30);
/// How often the status line is also written into the store, where `newswatch status` finds it.
pub const NOTE: Duration = Duration::from_mins(1);
/// A scheduler that made no turn for so long is stuck: it wakes at least every ten seconds.
const STUCK: Duration = Duration::from_mins(1);

/// Runs until `stop`: a beat at half the watchdog's interval, each only after the writer committed and the scheduler
/// was seen turning.
pub(super) async fn run(shared: Arc<Shared>, stop: CancellationToken) -> Result<(), StoreError> {
    let watchdog = sd_notify::watchdog_enabled();
    let beat = watchdog.map_or(BEAT, |interval| (interval / 2).min(BEAT));
    tell(&[NotifyState::Ready]);
    let mut noted: Option<Instant> = None;
    loop {
        let lag = shared.since_turn();
        let note = noted.is_none_or(|noted| noted.elapsed() >= NOTE);
        if note {
            noted = Some(Instant::now());
        }
        match timeout(beat, status(&shared, note)).await {
            Ok(Ok(line)) if lag < STUCK => tell(&[NotifyState::Watchdog, NotifyState::Status(&line)]),
            Ok(Ok(_)) => tracing::error!("the scheduler made no turn for {lag:?}"),
            Ok(Err(error)) => tracing::error!(%error, "{error}"),
            Err(_) => tracing::error!("the store did not answer within {beat:?}"),
        }
        tokio::select! {
            () = stop.cancelled() => {
                tell(&[NotifyState::Stopping]);
                return Ok(());
            }
            () = tokio::time::sleep(beat) => {}
        }
    }
}

/// The status line, out of a transaction of the writer, which proves that it is free; with `note` it is stored.
async fn status(shared: &Shared, note: bool) -> Result<String, StoreError> {
    let (now, running, queued) =
        (shared.now(), shared.running.load(Ordering::Relaxed), shared.queued.load(Ordering::Relaxed));
    let sources = shared.live().settings.sources.len();
    shared
        .store
        .write(move |tx| {
            let waiting = table::outbox_len(tx)?;
            let next = match table::next_due(tx, now)? {
                Some(next) if since(next, now) < Duration::from_secs(1) => "next look now".to_owned(),
                Some(next) => format!("next look in {}", short(since(next, now))),
                None => "nothing due".to_owned(),
            };
            let line = format!(
                "{}, {running} being looked at, {} queued, {} waiting, {next}",
                count(sources, "source"),
                count(queued, "report"),
                count(waiting, "alert"),
            );
            if note {
                table::put_note(tx, "beat", &line, now)?;
            }
            Ok(line)
        })
        .await
}

/// Says `states` to the service manager; without one this does nothing.
pub(super) fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told: {error}");
    }
}
