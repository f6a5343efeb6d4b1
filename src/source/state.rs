//! What is known about polling one source.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Cadence, Rhythm, Source};
use crate::clock::Timestamp;

/// A permanent redirect (301, 308) that was seen, and is adopted once it was good on several days: a hotel's portal must
/// not change an address for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// Where it leads.
    pub to: Url,
    /// On how many days it was good.
    pub days: u32,
    /// When it was last counted.
    pub last: Timestamp,
}

/// A look found none of the entries that were known: between them, some may have come and gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// When the newest entry that was known was published.
    pub from: Timestamp,
    /// When the oldest entry of the document that was read then was published.
    pub to: Timestamp,
    /// When that was noticed.
    pub seen: Timestamp,
}

/// The validators of the last full answer, kept and sent back byte for byte (RFC 9110 8.8.3: an ETag is opaque).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag` header as received.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` header as received.
    pub last_modified: Option<Vec<u8>>,
}

impl Validators {
    /// True if there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What is known about polling one source. Written only by `schedule`.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceState {
    /// When to look next.
    pub next_check: Timestamp,
    /// Why then, in words for the person: "interval 15m", "Retry-After 1h", "error 3, backing off 40m".
    pub why_next: String,
    /// When a request was last started.
    pub last_attempt: Option<Timestamp>,
    /// When an answer was last good (200 or 304).
    pub last_success: Option<Timestamp>,
    /// When an unconditional request last brought a full answer.
    pub last_full: Option<Timestamp>,
    /// Failures in a row; a good answer of any kind resets it.
    pub failures: u32,
    /// Answers of 429 or 503 in a row: not failures, but each doubles the wait.
    pub busy: u32,
    /// Until when its server asked to be left alone: not asked sooner even by hand.
    pub quiet_until: Option<Timestamp>,
    /// Answers of 410 in a row.
    pub gone: u32,
    /// The last failure, in words; `None` after a success.
    pub error: Option<String>,
    /// What to send for a conditional request.
    pub validators: Validators,
    /// Fingerprint of the last body, to notice unchanged 200s.
    pub body_hash: Option<String>,
    /// True once a first good answer that held entries was recorded.
    pub baseline_done: bool,
    /// When the source was first looked at, if it held no entry then.
    pub empty_since: Option<Timestamp>,
    /// True after 410 Gone: polled no more until the person says otherwise.
    pub resting: bool,
    /// Good answers so far.
    pub polls: u64,
    /// Good answers that brought something new.
    pub useful: u64,
    /// Seconds that the last full answer said it stays fresh; holds over 304s that do not repeat it (RFC 9111 4.3.4).
    pub fresh_for: Option<u64>,
    /// What the feed itself says about how often to look; holds over answers that bring no document.
    pub rhythm: Rhythm,
    /// When it publishes.
    pub cadence: Cadence,
    /// Where it is now, if it moved for good; without credentials. The configured address is kept, and tried again if this
    /// one fails.
    pub address: Option<Url>,
    /// True while the configured address is asked, as the one that it moved to fails.
    pub at_home: bool,
    /// A move that is not believed yet.
    pub moving: Option<Moving>,
    /// When a failure or a 410 was last counted: what is asked again at once proves nothing more.
    pub counted: Option<Timestamp>,
    /// When the failures in a row began.
    pub failing_since: Option<Timestamp>,
    /// The last failure, by kind: "timeout", "status"; `None` after a success.
    pub error_class: Option<String>,
    /// The status of the last answer; `None` if none came.
    pub status: Option<u16>,
    /// Decoded bytes of all answers.
    pub bytes: u64,
    /// The last time that entries may have been missed.
    pub gap: Option<Gap>,
}

impl SourceState {
    /// The state of a source that was never looked at, first due at `next_check`.
    #[must_use]
    pub fn new(next_check: Timestamp, why: &str) -> Self {
        Self {
            next_check,
            why_next: why.to_owned(),
            last_attempt: None,
            last_success: None,
            last_full: None,
            failures: 0,
            busy: 0,
            quiet_until: None,
            gone: 0,
            error: None,
            validators: Validators::default(),
            body_hash: None,
            baseline_done: false,
            empty_since: None,
            resting: false,
            polls: 0,
            useful: 0,
            fresh_for: None,
            rhythm: Rhythm::default(),
            cadence: Cadence::default(),
            address: None,
            at_home: false,
            moving: None,
            counted: None,
            failing_since: None,
            error_class: None,
            status: None,
            bytes: 0,
            gap: None,
        }
    }

    /// Where `source` is asked now.
    #[must_use]
    pub fn place(&self, source: &Source) -> Url {
        let adopted = self.address.as_ref().filter(|_| !self.at_home);
        adopted.map_or_else(|| source.url.clone(), |address| source.own(address))
    }
}
