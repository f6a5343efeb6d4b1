//! Reading a body: bounded in bytes as they are sent and as they are meant, in how slowly they may come, and in how many
//! large ones there are at once.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::coding::{Decoder, TooLarge};
use super::failure::explain;
use super::redirect::place;
use super::{ClientSettings, FailureClass, FetchError};

/// A body of up to so many bytes, as sent and as meant, is read at once; a larger one waits for its place.
pub const SMALL: usize = 1 << 20;
/// Places for large bodies: with `max_bytes` this bounds the memory that bombs and endless bodies can take, and documents
/// that are what they should be, only large.
const LARGE_AT_ONCE: usize = 4;

/// A body waits so long for a place …
const PATIENCE: Duration = Duration::from_secs(30);
/// … and is asked for again after so long if it got none: that is no failure of its source.
const AGAIN: Duration = Duration::from_mins(1);

/// There was no place.
#[derive(Debug, thiserror::Error)]
#[error("not read, as too many others are as large")]
struct Crowded;

/// The right to have a large document in memory, given back when it and all its copies are dropped.
pub type Place = Arc<OwnedSemaphorePermit>;

/// The decoded body of an answer. A large one holds a [`Place`]: 46 KB that are sent may be a feed of 16 MB, which takes
/// several times that to be read.
#[derive(Clone, Default)]
pub struct Body {
    bytes: Arc<Vec<u8>>,
    place: Option<Place>,
}

impl Body {
    /// Its place, to be held for as long as what was read from it is as large.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.place.clone()
    }

    /// The same bytes with another place, or none.
    #[must_use]
    pub(super) fn at(&self, place: Option<Place>) -> Self {
        Self { bytes: Arc::clone(&self.bytes), place }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(bytes), place: None }
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// By its bytes alone.
impl<T: AsRef<[u8]> + ?Sized> PartialEq<T> for Body {
    fn eq(&self, other: &T) -> bool {
        self.bytes.as_slice() == other.as_ref()
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} bytes", self.bytes.len())
    }
}

/// Reads bodies within limits.
#[derive(Debug)]
pub(super) struct Reader {
    most_bytes: u64,
    /// Fewest bytes a second …
    least_pace: u32,
    /// … over each such span.
    window: Duration,
    large: Arc<Semaphore>,
}

/// What was read so far.
struct Reading<'a> {
    reader: &'a Reader,
    coding: &'a str,
    decoder: Decoder,
    /// As sent, while the body is small: a large one is decoded again from here, once it may be.
    early: Vec<u8>,
    place: Option<OwnedSemaphorePermit>,
}

impl From<&ClientSettings> for Reader {
    fn from(settings: &ClientSettings) -> Self {
        let ClientSettings { max_bytes, least_pace, pace_window, .. } = *settings;
        let large = Arc::new(Semaphore::new(LARGE_AT_ONCE));
        Self { most_bytes: max_bytes, least_pace, window: pace_window, large }
    }
}

impl Reader {
    /// A place for a large body, once there is one.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed; without a permit the bytes are bounded all the same.
        Arc::clone(&self.large).acquire_owned().await.ok()
    }

    /// What a copy of `body` holds that somebody else takes. Who waits may hold a place, and so may all the others that
    /// wait: after a while the copy is taken without one. It is no second body in memory.
    pub(super) async fn place_for(&self, body: &[u8]) -> Option<Place> {
        if body.len() <= SMALL {
            return None;
        }
        timeout(PATIENCE, self.place()).await.ok().flatten().map(Arc::new)
    }

    /// Reads the body of `answer`, which came from `url`.
    ///
    /// # Errors
    /// If it is too large, too slow, not whole, or in a coding that is not known.
    pub(super) async fn read(&self, mut answer: reqwest::Response, url: &Url) -> Result<Body, FetchError> {
        let at = place(url);
        let too_large = || {
            let what = format!("more than {} bytes", self.most_bytes);
            FetchError::at(&at, FailureClass::TooLarge, &what)
        };
        let fits = |length: u64| if length <= self.most_bytes { Ok(()) } else { Err(too_large()) };
        let coding = content_encoding(answer.headers());
        let Some(decoder) = Decoder::new(&coding, small().min(self.most_bytes)) else {
            let what = format!("cannot read the content encoding {coding}");
            return Err(FetchError::at(&at, FailureClass::Content, &what));
        };
        let failed = |error: io::Error| {
            if is_too_large(&error) {
                return too_large();
            }
            if error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<Crowded>) {
                let held = FetchError::at(&at, FailureClass::Held, &error.to_string());
                return FetchError { retry_after: Some(AGAIN.as_secs()), ..held };
            }
            let what = format!("the answer broke off ({error})");
            FetchError::at(&at, FailureClass::Incomplete, &what)
        };
        // What is sent is bounded too: a coding can hold much that decodes to nothing.
        let mut sent = 0_u64;
        fits(answer.content_length().unwrap_or(0))?;
        let mut reading = Reading { reader: self, coding: &coding, decoder, early: Vec::new(), place: None };
        let mut pace = Pace::from(Instant::now(), self.window);
        loop {
            let Ok(chunk) = timeout_at(pace.end, answer.chunk()).await else {
                if !pace.is_enough(self) {
                    let what = format!("fewer than {} bytes a second", self.least_pace);
                    return Err(FetchError::at(&at, FailureClass::Slow, &what));
                }
                pace = Pace::from(Instant::now(), self.window);
                continue;
            };
            let Some(chunk) = chunk.map_err(|error| explain(error, &at))? else { break };
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            sent = sent.saturating_add(length);
            fits(sent)?;
            pace.bytes = pace.bytes.saturating_add(length);
            let small = reading.place.is_none();
            reading.push(&chunk).await.map_err(failed)?;
            if small && reading.place.is_some() {
                // The wait was ours.
                pace = Pace::from(Instant::now(), self.window);
            }
        }
        reading.finish().await.map_err(failed)
    }
}

impl Reading<'_> {
    async fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        if self.place.is_some() {
            return self.decoder.push(chunk);
        }
        self.early.extend_from_slice(chunk);
        let large = u64::try_from(self.early.len()).is_ok_and(|length| length > small());
        match self.decoder.push(chunk) {
            Ok(()) if large => self.grow().await,
            Err(error) if is_too_large(&error) => self.grow().await,
            said => said,
        }
    }

    /// Waits until a large body may be read, and decodes what there is of this one with the whole limit.
    async fn grow(&mut self) -> io::Result<()> {
        self.decoder = Decoder::new(self.coding, 0).ok_or(ErrorKind::Unsupported)?;
        let place = timeout(PATIENCE, self.reader.place()).await;
        self.place = place.map_err(|_| io::Error::other(Crowded))?;
        self.decoder = Decoder::new(self.coding, self.reader.most_bytes).ok_or(ErrorKind::Unsupported)?;
        self.decoder.push(&std::mem::take(&mut self.early))
    }

    async fn finish(mut self) -> io::Result<Body> {
        loop {
            let small = self.place.is_none();
            let empty = Decoder::new(self.coding, 0).ok_or(ErrorKind::Unsupported)?;
            match std::mem::replace(&mut self.decoder, empty).finish() {
                Err(error) if small && is_too_large(&error) => self.grow().await?,
                said => return said.map(|bytes| Body::from(bytes).at(self.place.take().map(Arc::new))),
            }
        }
    }
}

fn is_too_large(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<TooLarge>)
}

fn small() -> u64 {
    u64::try_from(SMALL).unwrap_or(u64::MAX)
}

/// How fast a body comes.
struct Pace {
    /// In this window.
    bytes: u64,
    end: Instant,
}

impl Pace {
    fn from(start: Instant, window: Duration) -> Self {
        Self { bytes: 0, end: start + window }
    }

    /// Whether enough came in a window of `reader`.
    fn is_enough(&self, reader: &Reader) -> bool {
        u128::from(self.bytes) * 1000 >= u128::from(reader.least_pace) * reader.window.as_millis()
    }
}

/// The content codings of an answer, in the order in which they were applied.
fn content_encoding(headers: &HeaderMap) -> String {
    let lines: Vec<_> =
        headers.get_all(CONTENT_ENCODING).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(", ").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn row_41_no_copy_waits_for_ever_for_looks_that_wait_for_copies_themselves() {
        let reader = Reader::from(&ClientSettings::default());
        let large = vec![0; SMALL + 1];
        let mut looks = Vec::new();
        for _ in 0..LARGE_AT_ONCE {
            looks.push(reader.place_for(&large).await.expect("a place"));
        }
        let copies = futures_util::future::join_all(looks.iter().map(|_| reader.place_for(&large)));
        let copies = timeout(PATIENCE * 2, copies).await.expect("an end");
        assert!(copies.iter().all(Option::is_none), "the bytes are in memory already");
    }
}
