//! The ingester: takes what waits in the queue and stores it in one transaction, one batch after the other.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, UnboundedSender};
use tokio_util::sync::CancellationToken;

use super::{Event, Freed, MESSAGES, Shared};
use crate::fetch::FailureClass;
use crate::pipeline::{Ingested, Ingester, Message, Polled, tell_of_network};
use crate::schedule::{Outcome, Turn};
use crate::source::SourceId;
use crate::store::StoreError;

/// Waits before a failed batch is tried again; after the last the daemon gives up and is restarted.
const RETRIES: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5)];

/// What the log calls the lines about how sources turned.
const SOURCES: &str = "newswatch::source";

/// Runs until the workers end, then sets `all_stored`.
pub(super) async fn run(
    shared: Arc<Shared>,
    mut ingester: Ingester,
    mut messages: Receiver<Message>,
    done: UnboundedSender<Freed>,
    all_stored: CancellationToken,
) -> Result<(), StoreError> {
    let _ended = all_stored.drop_guard();
    let mut broken = Broken::new();
    while let Some(first) = messages.recv().await {
        // A commit with fsync costs milliseconds: what waits goes into one.
        let mut batch = vec![first];
        while batch.len() < MESSAGES
            && let Ok(message) = messages.try_recv()
        {
            batch.push(message);
        }
        shared.queued.store(messages.len(), Ordering::Relaxed);
        for message in &mut batch {
            if let Message::Polled(polled) = message {
                blame_the_network(&shared, polled);
                blame_the_report(&mut broken, polled);
            }
        }
        tell_of_the_network(&shared).await?;
        let batch = Arc::new(batch);
        let stored;
        (ingester, stored) = store(&shared, ingester, batch.clone(), &mut broken).await?;
        for message in batch.iter() {
            if let Message::Polled(polled) = message {
                let _ = done.send(Freed::Look(polled.source.id.clone()));
            }
        }
        if stored.alerts > 0 {
            shared.deliver.notify_one();
        }
        if stored.reports > 0 {
            shared.emit(Event::Stored { reports: stored.reports, alerts: stored.alerts });
        }
        for (source, turn) in stored.turned {
            match turn {
                Turn::Worse(what) => tracing::warn!(target: SOURCES, %source, "{source} {what}"),
                Turn::Better(what) | Turn::Otherwise(what) => {
                    tracing::info!(target: SOURCES, %source, "{source} {what}");
                }
            }
        }
        for (source, failure) in stored.polled {
            match &failure {
                Some(error) => tracing::debug!(%source, %error, "{source}: {error}"),
                None => tracing::debug!(%source, "{source}: looked at"),
            }
            shared.emit(Event::Polled { source, failure });
        }
    }
    Ok(())
}

/// Sources a report of which could not be stored, with the reason, until the look that brought it ends.
type Broken = HashMap<SourceId, String>;

/// A look of which a report could not be stored counts as failed, so that neither the validators nor what is remembered
/// of a page, nor which pages wait, advance past that report.
fn blame_the_report(broken: &mut Broken, polled: &mut Polled) {
    if let Some(error) = broken.remove(&polled.source.id) {
        let message = format!("a report could not be stored: {error}");
        polled.outcome = Outcome::Failed { class: FailureClass::Content, message };
        (polled.watched, polled.waiting) = (None, None);
    }
}

/// A failure that is the network's is none of the source.
fn blame_the_network(shared: &Shared, polled: &mut Polled) {
    if let Outcome::Failed { class, message } = &polled.outcome {
        let host = polled.source.url.host_str().unwrap_or_default();
        if shared.network(|network| network.failed(host, *class, polled.at)) {
            polled.outcome = Outcome::Offline { message: message.clone() };
        }
    }
}

/// Has the person told once that the network is down for long, and once that it is back.
async fn tell_of_the_network(shared: &Shared) -> Result<(), StoreError> {
    let (live, now) = (shared.live(), shared.now());
    let Some(news) = shared.network(|network| network.news(now)) else { return Ok(()) };
    if shared.store.write(move |tx| tell_of_network(tx, &live.settings, news, now)).await? {
        shared.deliver.notify_one();
    }
    Ok(())
}

/// Stores one batch, again if the store is in trouble for a moment.
async fn store(
    shared: &Arc<Shared>,
    mut ingester: Ingester,
    batch: Arc<Vec<Message>>,
    broken: &mut Broken,
) -> Result<(Ingester, Ingested), StoreError> {
    let mut waits = RETRIES.iter();
    loop {
        let (live, now, messages) = (shared.live(), shared.now(), batch.clone());
        let result = shared
            .store
            .write(move |tx| {
                let stored = ingester.ingest(tx, &live.settings, &messages, now)?;
                Ok((ingester, stored))
            })
            .await;
        let error = match result {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let Some(wait) = waits.next() else { return one_by_one(shared, &batch, broken, error).await };
        tracing::error!(%error, "{error}; tried again in {wait:?}, nothing is lost");
        tokio::time::sleep(*wait).await;
        ingester = shared.store.write(move |tx| Ingester::rebuild(tx, now)).await?;
    }
}

/// Stores what can be stored of a batch that fails as a whole. A report that cannot be stored must not take those of
/// other sources along, nor end the daemon again at each start; its source's look counts as failed. If nothing can be
/// stored, the trouble is the store's, unless SQLite found fault with what was to be stored.
async fn one_by_one(
    shared: &Arc<Shared>,
    batch: &[Message],
    broken: &mut Broken,
    trouble: StoreError,
) -> Result<(Ingester, Ingested), StoreError> {
    let now = shared.now();
    let mut ingester = shared.store.write(move |tx| Ingester::rebuild(tx, now)).await?;
    let (mut all, mut stored) = (Ingested::default(), 0);
    for message in batch {
        let mut message = message.clone();
        let (source, is_report) = match &mut message {
            Message::Report(harvested) => (harvested.source.id.clone(), true),
            Message::Polled(polled) => {
                blame_the_report(broken, polled);
                (polled.source.id.clone(), false)
            }
        };
        let live = shared.live();
        let result = shared
            .store
            .write(move |tx| {
                let one = ingester.ingest(tx, &live.settings, std::slice::from_ref(&message), now)?;
                Ok((ingester, one))
            })
            .await;
        match result {
            Ok((kept, one)) => {
                stored += 1;
                ingester = kept;
                all.reports += one.reports;
                all.alerts += one.alerts;
                all.polled.extend(one.polled);
                all.turned.extend(one.turned);
            }
            Err(error) => {
                tracing::error!(%source, %error, "a report cannot be stored and is left out, please report it: {error}");
                stored += usize::from(is_at_fault(&error));
                if is_report {
                    broken.insert(source, error.to_string());
                }
                ingester = shared.store.write(move |tx| Ingester::rebuild(tx, now)).await?;
            }
        }
    }
    if stored == 0 { Err(trouble) } else { Ok((ingester, all)) }
}

/// Whether it is what was to be stored that is at fault, and not the store.
fn is_at_fault(error: &StoreError) -> bool {
    use rusqlite::ErrorCode;
    match error {
        StoreError::Sqlite { error, .. } => {
            error.sqlite_error_code().is_some_and(|code| code == ErrorCode::ConstraintViolation)
        }
        // It made our own code panic.
        StoreError::Interrupted(_) => true,
        StoreError::Foreign(_) | StoreError::Missing(_) | StoreError::Folder { .. } => false,
    }
}
