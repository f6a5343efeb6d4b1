//! Reading a body: bounded in bytes as they are sent and as they are meant, and in how slowly they may come.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::coding::{Decoder, TooLarge};
use super::failure::explain;
use super::redirect::place;
use super::{ClientSettings, FailureClass, FetchError};

/// A body of up to so many bytes, as sent and as meant, is read at once; a larger one waits for its turn.
const SMALL: u64 = 1 << 20;
/// Large bodies read at once: with `max_bytes` this bounds the memory that bombs and endless bodies can take.
const LARGE_AT_ONCE: usize = 4;

/// Reads bodies within limits.
#[derive(Debug)]
pub(super) struct Reader {
    most_bytes: u64,
    /// Fewest bytes a second …
    least_pace: u32,
    /// … over each such span.
    window: Duration,
    large: Semaphore,
}

/// What was read so far.
struct Reading<'a> {
    reader: &'a Reader,
    coding: &'a str,
    decoder: Decoder,
    /// As sent, while the body is small: a large one is decoded again from here, once it may be.
    early: Vec<u8>,
    turn: Option<SemaphorePermit<'a>>,
}

impl From<&ClientSettings> for Reader {
    fn from(settings: &ClientSettings) -> Self {
        let ClientSettings { max_bytes, least_pace, pace_window, .. } = *settings;
        let large = Semaphore::new(LARGE_AT_ONCE);
        Self { most_bytes: max_bytes, least_pace, window: pace_window, large }
    }
}

impl Reader {
    /// Reads the body of `answer`, which came from `url`.
    ///
    /// # Errors
    /// If it is too large, too slow, not whole, or in a coding that is not known.
    pub(super) async fn read(&self, mut answer: reqwest::Response, url: &Url) -> Result<Vec<u8>, FetchError> {
        let at = place(url);
        let too_large = || {
            let what = format!("more than {} bytes", self.most_bytes);
            FetchError::at(&at, FailureClass::TooLarge, &what)
        };
        let fits = |length: u64| if length <= self.most_bytes { Ok(()) } else { Err(too_large()) };
        let coding = content_encoding(answer.headers());
        let Some(decoder) = Decoder::new(&coding, SMALL.min(self.most_bytes)) else {
            let what = format!("cannot read the content encoding {coding}");
            return Err(FetchError::at(&at, FailureClass::Content, &what));
        };
        let failed = |error: io::Error| {
            if is_too_large(&error) {
                return too_large();
            }
            let what = format!("the answer broke off ({error})");
            FetchError::at(&at, FailureClass::Incomplete, &what)
        };
        // What is sent is bounded too: a coding can hold much that decodes to nothing.
        let mut sent = 0_u64;
        fits(answer.content_length().unwrap_or(0))?;
        let mut reading = Reading { reader: self, coding: &coding, decoder, early: Vec::new(), turn: None };
        let mut pace = Pace::from(Instant::now(), self.window);
        loop {
            let Ok(chunk) = timeout_at(pace.end, answer.chunk()).await else {
                if !pace.is_enough(self) {
                    let what = format!("fewer than {} bytes a second", self.least_pace);
                    return Err(FetchError::at(&at, FailureClass::Timeout, &what));
                }
                pace = Pace::from(Instant::now(), self.window);
                continue;
            };
            let Some(chunk) = chunk.map_err(|error| explain(error, &at))? else { break };
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            sent = sent.saturating_add(length);
            fits(sent)?;
            pace.bytes = pace.bytes.saturating_add(length);
            let small = reading.turn.is_none();
            reading.push(&chunk).await.map_err(failed)?;
            if small && reading.turn.is_some() {
                // The wait was ours.
                pace = Pace::from(Instant::now(), self.window);
            }
        }
        reading.finish().await.map_err(failed)
    }
}

impl Reading<'_> {
    async fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        if self.turn.is_some() {
            return self.decoder.push(chunk);
        }
        self.early.extend_from_slice(chunk);
        let large = u64::try_from(self.early.len()).is_ok_and(|length| length > SMALL);
        match self.decoder.push(chunk) {
            Ok(()) if large => self.grow().await,
            Err(error) if is_too_large(&error) => self.grow().await,
            said => said,
        }
    }

    /// Waits until a large body may be read, and decodes what there is of this one with the whole limit.
    async fn grow(&mut self) -> io::Result<()> {
        self.decoder = Decoder::new(self.coding, 0).ok_or(ErrorKind::Unsupported)?;
        // Never closed; without a permit the bytes are bounded all the same.
        self.turn = self.reader.large.acquire().await.ok();
        self.decoder = Decoder::new(self.coding, self.reader.most_bytes).ok_or(ErrorKind::Unsupported)?;
        self.decoder.push(&std::mem::take(&mut self.early))
    }

    async fn finish(mut self) -> io::Result<Vec<u8>> {
        loop {
            let small = self.turn.is_none();
            let empty = Decoder::new(self.coding, 0).ok_or(ErrorKind::Unsupported)?;
            match std::mem::replace(&mut self.decoder, empty).finish() {
                Err(error) if small && is_too_large(&error) => self.grow().await?,
                said => return said,
            }
        }
    }
}

fn is_too_large(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<TooLarge>)
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
