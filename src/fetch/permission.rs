//! Asks for the robots.txt of an origin before its first page, once a day, however many pages wait for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::redirect::place;
use super::robots::{Book, Kept, place_of, verdict};
use super::{FailureClass, FetchError, Response};
use crate::clock::Clock;

/// Idle origins are forgotten when so many are remembered here; the book knows them.
const MOST_ORIGINS: usize = 1_024;
/// The same for the bytes of their rules.
const MOST_BYTES: usize = 8 << 20;

/// Longer rules are not put into the book: a feed may link to a thousand hosts that make them up.
const MOST_KEPT: usize = 64 << 10;

/// What is known of origins.
pub(super) struct Permission {
    origins: Mutex<HashMap<String, Arc<Origin>>>,
    book: Option<Arc<dyn Book>>,
    clock: Arc<dyn Clock>,
}

/// Locked while its robots.txt is asked for: the others who want it wait.
#[derive(Default)]
struct Origin {
    known: AsyncMutex<Known>,
    /// Length of its rules.
    bytes: std::sync::atomic::AtomicUsize,
}

#[derive(Default)]
struct Known {
    kept: Option<Kept>,
    /// Before this the next page must not be asked for.
    next_page: Option<Instant>,
}

impl Permission {
    /// Without a book, what was learnt ends with the process.
    pub(super) fn new(book: Option<Arc<dyn Book>>, clock: Arc<dyn Clock>) -> Self {
        Self { origins: Mutex::default(), book, clock }
    }

    /// Waits until `page` may be asked for. `ask` brings the robots.txt at an address.
    ///
    /// # Errors
    /// If robots.txt does not allow it, or cannot be read.
    pub(super) async fn of<F>(&self, page: &Url, ask: impl FnOnce(Url) -> F) -> Result<(), FetchError>
    where
        F: Future<Output = Result<Response, FetchError>>,
    {
        let Some((name, address)) = place_of(page) else { return Ok(()) };
        let origin = self.origin(&name);
        let mut known = origin.known.lock().await;
        let now = self.clock.now();
        if known.kept.is_none()
            && let Some(book) = &self.book
        {
            known.kept = book.recall(&name).await;
        }
        let kept = match known.kept.take() {
            Some(kept) if !kept.is_due(now) => kept,
            before => {
                // If this is given up, the next in the row begins anew.
                let answer = ask(address).await;
                if let Err(held) = &answer
                    && held.class == FailureClass::Held
                {
                    // Nobody was asked, so nothing is known that was not.
                    known.kept = before;
                    return Err(held.clone());
                }
                let now = self.clock.now();
                let read = tokio::task::spawn_blocking(move || Kept::after(before.as_ref(), answer, now));
                let broke = |_| refused(page, FailureClass::Content, "broke its parser");
                let kept = read.await.map_err(broke)?;
                if let Some(book) = &self.book
                    && kept.rules.as_ref().is_none_or(|rules| rules.len() <= MOST_KEPT)
                {
                    book.keep(&name, &kept).await;
                }
                kept
            }
        };
        let bytes = kept.rules.as_ref().map_or(0, |rules| rules.len());
        origin.bytes.store(bytes, std::sync::atomic::Ordering::Relaxed);
        let rules = kept.rules_at(now).map_err(|why| {
            refused(
                page,
                FailureClass::Unreadable,
                &format!("cannot be read ({why}), so none of its pages is"),
            )
        });
        known.kept = Some(kept.clone());
        let (rules, asked) = (rules?, page.clone());
        let verdict = tokio::task::spawn_blocking(move || verdict(&rules, &asked));
        let verdict = verdict.await.map_err(|_| refused(page, FailureClass::Content, "broke its parser"))?;
        if !verdict.allowed {
            return Err(refused(page, FailureClass::Disallowed, "disallows this page"));
        }
        if verdict.delay.is_zero() {
            return Ok(());
        }
        let start = known.next_page.map_or_else(Instant::now, |next| next.max(Instant::now()));
        known.next_page = start.checked_add(verdict.delay);
        // The others take their places behind this one meanwhile.
        drop(known);
        sleep_until(start).await;
        Ok(())
    }

    fn origin(&self, name: &str) -> Arc<Origin> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(origin) = origins.get(name) {
            return origin.clone();
        }
        let bytes: usize =
            origins.values().map(|one| one.bytes.load(std::sync::atomic::Ordering::Relaxed)).sum();
        if origins.len() >= MOST_ORIGINS || bytes > MOST_BYTES {
            let now = Instant::now();
            origins.retain(|_, origin| match Arc::get_mut(origin) {
                None => true, // someone waits for it
                Some(origin) => origin.known.get_mut().next_page.is_some_and(|next| next > now),
            });
        }
        let origin = Arc::<Origin>::default();
        origins.insert(name.to_owned(), origin.clone());
        origin
    }
}

fn refused(page: &Url, class: FailureClass, what: &str) -> FetchError {
    FetchError { class, retry_after: None, message: format!("robots.txt of {} {what}", place(page)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::fetch::{Body, Headers};

    #[tokio::test]
    async fn row_47_a_robots_txt_that_was_not_asked_for_is_none_that_failed() {
        let permission = Permission::new(None, Arc::new(SystemClock));
        let page = Url::parse("https://a.example/1").unwrap();
        let held = FetchError {
            class: FailureClass::Held,
            message: "not asked, as this host wants quiet".into(),
            retry_after: Some(60),
        };
        for _ in 0..3 {
            let asked = permission.of(&page, |_| std::future::ready(Err(held.clone()))).await;
            assert_eq!(asked.unwrap_err(), held);
        }
        let (url, hops, headers) = (page.clone(), Vec::new(), Headers::default());
        let none = Response { url, hops, status: 404, headers, body: Body::default() };
        permission.of(&page, |_| std::future::ready(Ok(none))).await.unwrap();
    }
}
