//! The workers: one task a look. How many run at once is the scheduler's choice.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::network::Heard;
use super::{Freed, Shared};
use crate::article::Template;
use crate::fetch::FailureClass;
use crate::pipeline::{Job, Message, Polled, Recall, Remembered, harvest};
use crate::schedule::Outcome;
use crate::source::SourceId;
use crate::store::{StoreError, table};

/// Runs until the scheduler ends; `stop` cuts off the looks under way.
pub(super) async fn run(
    shared: Arc<Shared>,
    mut jobs: Receiver<Job>,
    messages: Sender<Message>,
    done: UnboundedSender<Freed>,
    stop: CancellationToken,
) -> Result<(), StoreError> {
    let mut looks = JoinSet::new();
    loop {
        tokio::select! {
            job = jobs.recv() => {
                let Some(job) = job else { break };
                let (shared, messages, done, stop) = (shared.clone(), messages.clone(), done.clone(), stop.clone());
                looks.spawn(async move {
                    // Frees the place if the look is cut off; else the ingester does, after the commit.
                    let mut guard = Unfinished { id: Some(job.source.id.clone()), done };
                    let live = shared.live();
                    let web = Heard { web: live.web.as_ref(), shared: &shared };
                    let source = job.source.clone();
                    let recall = Answered { shared: shared.clone(), done: guard.done.clone() };
                    let look = harvest(job, &web, &recall, shared.clock.as_ref(), &messages);
                    let ended = tokio::select! {
                        () = stop.cancelled() => return,
                        ended = AssertUnwindSafe(look).catch_unwind() => ended,
                    };
                    if ended.is_err() {
                        tracing::error!(source = %source.url, "a look panicked, please report it");
                        let message = "the look broke off in newswatch itself, please report it".to_owned();
                        let outcome = Outcome::Failed { class: FailureClass::Content, message };
                        let polled = Polled::bare(source, outcome, shared.now());
                        // A closed queue means the daemon is stopping.
                        let _ = messages.send(Message::Polled(Box::new(polled))).await;
                    }
                    guard.id = None;
                });
            }
            Some(_) = looks.join_next(), if !looks.is_empty() => {}
        }
    }
    while looks.join_next().await.is_some() {}
    Ok(())
}

/// What is remembered is asked for once the source itself has answered: from then on another source of its host may be
/// asked, as the pages of its entries wait for their turns in `fetch`.
struct Answered {
    shared: Arc<Shared>,
    done: UnboundedSender<Freed>,
}

#[async_trait]
impl Recall for Answered {
    async fn recall(&self, source: &SourceId) -> Result<Remembered, String> {
        let id = source.clone();
        let _ = self.done.send(Freed::Host(id.clone()));
        let remembered = self.shared.store.write(move |tx| {
            Ok(Remembered {
                known: table::known_entries(tx, &id)?,
                learnt: table::learnt(tx, &id)?,
                waiting: table::waiting(tx, &id)?,
            })
        });
        remembered.await.map_err(|error| error.to_string())
    }

    async fn template(&self, host: &str) -> Template {
        let host = host.to_owned();
        self.shared.store.write(move |tx| table::template(tx, &host)).await.unwrap_or_default()
    }
}

struct Unfinished {
    id: Option<SourceId>,
    done: UnboundedSender<Freed>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            let _ = self.done.send(Freed::Look(id));
        }
    }
}
