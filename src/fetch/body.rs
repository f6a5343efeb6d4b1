//! Reading a body: bounded in bytes as they are sent and as they are meant, and in how slowly they may come.

use std::io;
use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::coding::{Decoder, TooLarge};
use super::failure::explain;
use super::redirect::place;
use super::{ClientSettings, FailureClass, FetchError};

/// Limits of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    most_bytes: u64,
    /// Fewest bytes a second …
    least_pace: u32,
    /// … over each such span.
    window: Duration,
}

impl From<&ClientSettings> for Bounds {
    fn from(settings: &ClientSettings) -> Self {
        let ClientSettings { max_bytes, least_pace, pace_window, .. } = *settings;
        Self { most_bytes: max_bytes, least_pace, window: pace_window }
    }
}

impl Bounds {
    /// Reads the body of `answer`, which came from `url`.
    ///
    /// # Errors
    /// If it is too large, too slow, not whole, or in a coding that is not known.
    pub(super) async fn read(self, mut answer: reqwest::Response, url: &Url) -> Result<Vec<u8>, FetchError> {
        let place = place(url);
        let too_large = || {
            let what = format!("more than {} bytes", self.most_bytes);
            FetchError::at(&place, FailureClass::TooLarge, &what)
        };
        let fits = |length: u64| if length <= self.most_bytes { Ok(()) } else { Err(too_large()) };
        let label = content_encoding(answer.headers());
        let Some(mut decoder) = Decoder::new(&label, self.most_bytes) else {
            let what = format!("cannot read the content encoding {label}");
            return Err(FetchError::at(&place, FailureClass::Content, &what));
        };
        let failed = |error: io::Error| match error.get_ref() {
            Some(inner) if inner.is::<TooLarge>() => too_large(),
            _ => {
                let what = format!("the answer broke off ({error})");
                FetchError::at(&place, FailureClass::Incomplete, &what)
            }
        };
        // What is sent is bounded too: a coding can hold much that decodes to nothing.
        let mut sent = 0_u64;
        fits(answer.content_length().unwrap_or(0))?;
        let mut pace = Pace { bytes: 0, end: Instant::now() + self.window };
        loop {
            let Ok(chunk) = timeout_at(pace.end, answer.chunk()).await else {
                if !pace.next_window(self) {
                    let what = format!("fewer than {} bytes a second", self.least_pace);
                    return Err(FetchError::at(&place, FailureClass::Timeout, &what));
                }
                continue;
            };
            let Some(chunk) = chunk.map_err(|error| explain(error, &place))? else { break };
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            sent = sent.saturating_add(length);
            fits(sent)?;
            pace.bytes = pace.bytes.saturating_add(length);
            decoder.push(&chunk).map_err(failed)?;
        }
        decoder.finish().map_err(failed)
    }
}

/// How fast a body comes.
struct Pace {
    /// In this window.
    bytes: u64,
    end: Instant,
}

impl Pace {
    /// Begins the next window; false if too little came in the last one.
    fn next_window(&mut self, bounds: Bounds) -> bool {
        let least = u128::from(bounds.least_pace) * bounds.window.as_millis();
        let enough = u128::from(self.bytes) * 1000 >= least;
        *self = Self { bytes: 0, end: Instant::now() + bounds.window };
        enough
    }
}

/// The content codings of an answer, in the order in which they were applied.
fn content_encoding(headers: &HeaderMap) -> String {
    let lines: Vec<_> =
        headers.get_all(CONTENT_ENCODING).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(", ").to_ascii_lowercase()
}
