//! One article page that several feeds list is fetched once: whoever else asks for it soon gets the same answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::client::Memory;
use super::{Body, FetchError, Place, Request, Response, Share, Web};

/// Feeds of one outlet are looked at within an interval; later the page may say something else.
const KEPT_FOR: Duration = Duration::from_mins(10);
/// Most answers that are kept.
const MOST_ANSWERS: usize = 256;
/// Most bytes of kept answers; those under way are not counted.
const MOST_BYTES: usize = 32 << 20;

/// A [`Web`] whose answers to [`Web::get_shared`] are kept a while.
pub struct SharedPages<W> {
    web: W,
    kept: Mutex<VecDeque<Kept>>,
}

struct Kept {
    url: String,
    says: String,
    at: Instant,
    /// Who has had it.
    takers: Vec<String>,
    answer: Arc<OnceCell<Response>>,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.answer.get().map_or(0, |response| response.body.len())
    }
}

impl<W: Web> SharedPages<W> {
    /// Shares what comes from `web`.
    #[must_use]
    pub fn new(web: W) -> Self {
        Self { web, kept: Mutex::new(VecDeque::new()) }
    }

    /// The place of the answer: one that is kept or under way for others, else a new one.
    fn place(&self, request: &Request, share: Share) -> Arc<OnceCell<Response>> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let (url, now) = (String::from(url), Instant::now());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| now.duration_since(kept.at) < KEPT_FOR);
        let mut bytes: usize = kept.iter().map(Kept::bytes).sum();
        while bytes > MOST_BYTES || kept.len() >= MOST_ANSWERS {
            bytes -= kept.pop_front().map_or(bytes, |oldest| oldest.bytes());
        }
        if let Some(at) = kept.iter().position(|kept| kept.url == url && kept.says == share.says) {
            if let Some(found) = kept.get_mut(at)
                && !found.takers.contains(&share.taker)
            {
                found.takers.push(share.taker);
                return found.answer.clone();
            }
            // Who asks again wants to know what the page says now.
            kept.remove(at);
        }
        let answer = Arc::new(OnceCell::new());
        let takers = vec![share.taker];
        kept.push_back(Kept { url, says: share.says, at: now, takers, answer: answer.clone() });
        answer
    }
}

#[async_trait]
impl<W: Web> Web for SharedPages<W> {
    async fn get(&self, request: Request) -> Result<Response, FetchError> {
        self.web.get(request).await
    }

    async fn get_allowed(&self, request: Request) -> Result<Response, FetchError> {
        self.web.get_allowed(request).await
    }

    async fn get_shared(&self, request: Request, share: Share) -> Result<Response, FetchError> {
        let place = self.place(&request, share);
        // One asks and the others wait; failures are nobody else's, the next one asks anew.
        let mut own = None;
        let asked = place.get_or_try_init(|| async {
            match self.web.get_allowed(request).await {
                Ok(response) if response.status == 200 => {
                    own = response.body.place();
                    // What is kept has bounds of its own, here.
                    Ok(Response { body: response.body.at(None), ..response })
                }
                other => Err(other),
            }
        });
        match asked.await {
            Ok(kept) => {
                let place = if own.is_some() { own } else { self.web.place_for(&kept.body).await };
                Ok(Response { body: kept.body.at(place), ..kept.clone() })
            }
            Err(other) => other,
        }
    }

    async fn place_for(&self, body: &Body) -> Option<Place> {
        self.web.place_for(body).await
    }

    fn memory(&self) -> Option<Memory> {
        self.web.memory()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::fetch::{Accept, Headers};
    use crate::source::Validators;

    /// Answers with the number of the request, after a second.
    #[derive(Default)]
    struct Counting {
        asked: AtomicUsize,
        status: u16,
        bytes: usize,
    }

    #[async_trait]
    impl Web for Counting {
        async fn get(&self, request: Request) -> Result<Response, FetchError> {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let mut body = self.asked.fetch_add(1, Ordering::Relaxed).to_string().into_bytes();
            body.resize(body.len().max(self.bytes), b' ');
            let (headers, hops) = (Headers::default(), Vec::new());
            Ok(Response { url: request.url, hops, status: self.status, headers, body: body.into() })
        }
    }

    async fn ask(web: &SharedPages<Counting>, place: &str, says: &str, taker: &str) -> String {
        let url = format!("https://a.example/{place}").parse().unwrap();
        let request = Request { url, accept: Accept::Page, validators: Validators::default() };
        let share = Share { says: says.into(), taker: taker.into() };
        let response = web.get_shared(request, share).await.unwrap();
        String::from_utf8_lossy(&response.body).trim().to_owned()
    }

    fn web(status: u16, bytes: usize) -> SharedPages<Counting> {
        SharedPages::new(Counting { status, bytes, ..Counting::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_is_asked_for_once_unless_something_tells_that_it_changed() {
        let web = web(200, 0);
        let both = tokio::join!(ask(&web, "x", "s", "a"), ask(&web, "x#top", "s", "b"));
        assert_eq!(both, ("0".into(), "0".into()), "also while it is under way");
        assert_eq!(ask(&web, "x", "another", "c").await, "1", "a feed says something else of it");
        assert_eq!(ask(&web, "y", "s", "c").await, "2", "another address");
        assert_eq!(ask(&web, "x", "s", "a").await, "3", "a source that had it asks again");
        assert_eq!(ask(&web, "x", "s", "b").await, "3");
        tokio::time::advance(KEPT_FOR).await;
        assert_eq!(ask(&web, "x", "s", "c").await, "4", "a while later");
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_not_shared_and_memory_is_bounded() {
        let failing = web(503, 0);
        assert_eq!(
            (ask(&failing, "x", "s", "a").await, ask(&failing, "x", "s", "b").await),
            ("0".into(), "1".into())
        );
        let large = web(200, MOST_BYTES / 2);
        for n in 0..4 {
            ask(&large, &n.to_string(), "s", "a").await;
        }
        assert_eq!(large.kept.lock().unwrap().len(), 3);
        let many = web(200, 0);
        for n in 0..MOST_ANSWERS + 9 {
            ask(&many, &n.to_string(), "s", "a").await;
        }
        assert_eq!(many.kept.lock().unwrap().len(), MOST_ANSWERS);
    }
}
