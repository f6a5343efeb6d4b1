//! Whether the network is down: told by each answer at once, and by each look that got none.

use async_trait::async_trait;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::Shared;
use crate::fetch::{Body, FetchError, Place, Request, Response, Share, Web};
use crate::schedule::Network;

impl Shared {
    /// Takes in what is learnt of the network, and tells the scheduler if it went down or came back.
    pub(super) fn network<T>(&self, learn: impl FnOnce(&mut Network) -> T) -> T {
        let mut network = self.network.lock().unwrap_or_else(PoisonError::into_inner);
        let learnt = learn(&mut network);
        let down = network.is_down();
        drop(network);
        if self.offline.swap(down, Ordering::Relaxed) != down {
            if down {
                tracing::warn!("nobody answers: the network seems to be down; no source is blamed, all wait");
            } else {
                tracing::info!("the network is back; what is overdue is asked in turn");
            }
            self.replan.notify_one();
        }
        learnt
    }
}

/// A web of which every answer is heard, also those of article pages: a look may read them for minutes before it ends.
pub(super) struct Heard<'a> {
    pub(super) web: &'a dyn Web,
    pub(super) shared: &'a Shared,
}

impl Heard<'_> {
    fn hear(&self, answer: Result<Response, FetchError>) -> Result<Response, FetchError> {
        if answer.as_ref().err().is_none_or(|error| Network::is_answer(error.class)) {
            let now = self.shared.now();
            self.shared.network(|network| network.answered(now));
        }
        answer
    }
}

#[async_trait]
impl Web for Heard<'_> {
    async fn get(&self, request: Request) -> Result<Response, FetchError> {
        self.hear(self.web.get(request).await)
    }

    async fn get_allowed(&self, request: Request) -> Result<Response, FetchError> {
        self.hear(self.web.get_allowed(request).await)
    }

    async fn get_shared(&self, request: Request, share: Share) -> Result<Response, FetchError> {
        self.hear(self.web.get_shared(request, share).await)
    }

    async fn place_for(&self, body: &Body) -> Option<Place> {
        self.web.place_for(body).await
    }
}
