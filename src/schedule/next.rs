//! From the outcome of a poll to the next state of its source.

use std::time::Duration;

use super::moves::moved;
use super::trouble::{MAX_RETRY_AFTER, busy, failed, gone, in_trouble};
use super::wait::{fraction, jitter, regular, words};
use super::wrong_clock::by_clock;
use crate::clock::{Timestamp, later, since};
use crate::fetch::FailureClass;
use crate::source::{Gap, Rhythm, Source, SourceKind, SourceState, Validators};
use url::Url;

const HOUR: Duration = Duration::from_hours(1);
/// Some servers answer 304 for ever to an old ETag: after this long, ask without it.
const FULL_REFRESH: Duration = Duration::from_hours(168);
/// How soon to ask again while the network seems to be down; a success of any source brings all others forward.
const OFFLINE: Duration = Duration::from_mins(2);
/// How much later than the others of its host a source is asked that its server refused.
const BEHIND: Duration = Duration::from_secs(10);
/// After so many looks a baseline counts as set, though none of them brought the whole document.
const PARTIAL_LOOKS: u64 = 3;
/// With fewer entries, that none is known says little: an announcement list may be cleared and begun anew.
const GAP_ENTRIES: usize = 3;

/// What a good answer says beside its entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Seconds for which it stays fresh.
    pub fresh_for: Option<u64>,
    /// Seconds until its host's rate limit, which is used up, allows more, or for which its server asked to wait.
    pub quiet_for: Option<u64>,
    /// What the feed itself says about how often to look, if a document was read.
    pub rhythm: Option<Rhythm>,
    /// Where the source is, if permanent redirects alone led there.
    pub moved: Option<Url>,
    /// Decoded bytes of the body.
    pub bytes: u64,
}

/// The entries that a document holds at one look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// How many there are.
    pub entries: usize,
    /// How many of them were known.
    pub known: usize,
    /// When the new ones were published; those without a date count as published now.
    pub published: Vec<Timestamp>,
    /// When the oldest was published.
    pub oldest: Option<Timestamp>,
    /// The middle length of their texts, in bytes of markup.
    pub length: Option<u32>,
}

/// How a poll ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 304.
    NotModified {
        /// Validators that the 304 carried; each replaces the stored one.
        validators: Validators,
        /// What it says beside.
        answer: Answer,
    },
    /// A full answer, read and stored.
    Read {
        /// Replace the stored ones, also if empty.
        validators: Validators,
        /// Fingerprint of the body.
        body_hash: String,
        /// How many entries were new.
        new: usize,
        /// False if the document broke off: what it holds was stored, but it proves nothing about the rest.
        whole: bool,
        /// True if it held no entry at all: a first look that found nothing sets no baseline.
        empty: bool,
        /// Its entries, if it was a list of the newest ones that was read anew.
        window: Option<Window>,
        /// What it says beside.
        answer: Answer,
    },
    /// 226: a part of the document, read and stored. It proves nothing about the rest, and is no full answer.
    Merged {
        /// Replace the stored ones, also if empty.
        validators: Validators,
        /// How many entries were new.
        new: usize,
        /// Its entries.
        window: Option<Window>,
        /// What it says beside.
        answer: Answer,
    },
    /// 429 or 503: not a failure of the source.
    Busy {
        /// In words: "429 Too Many Requests".
        said: String,
        /// Seconds to wait, if it said.
        retry_after: Option<u64>,
    },
    /// Nothing was asked: its host wants quiet, or is slow.
    Held {
        /// In words, why.
        message: String,
        /// Seconds after which it makes sense to ask.
        retry_after: Option<u64>,
    },
    /// 410.
    Gone,
    /// Nobody answers, nor does anyone else: the network is down, which says nothing about the source.
    Offline {
        /// In words, what failed.
        message: String,
    },
    /// Anything else.
    Failed {
        /// By kind.
        class: FailureClass,
        /// In words.
        message: String,
    },
}

/// The state after `outcome` at `now`.
#[must_use]
pub fn after(source: &Source, state: &SourceState, outcome: &Outcome, now: Timestamp) -> SourceState {
    let state = &by_clock(state, now);
    let mut next = state.clone();
    next.last_attempt = Some(now);
    next.quiet_until = state.quiet_until.filter(|until| *until > now);
    let (wait, why) = match outcome {
        Outcome::NotModified { validators, answer } => {
            succeed(&mut next, answer, now);
            if validators.etag.is_some() {
                next.validators.etag.clone_from(&validators.etag);
            }
            if validators.last_modified.is_some() {
                next.validators.last_modified.clone_from(&validators.last_modified);
            }
            next.fresh_for = answer.fresh_for.or(state.fresh_for);
            look(source, &mut next, &[], None, now);
            // The validators are those of the last document: a 304 confirms a new address only where that was read.
            let read_there = state.moving.as_ref().map(|moving| &moving.to) == answer.moved.as_ref();
            if read_there || answer.moved.is_none() {
                moved(source, &mut next, answer.moved.as_ref(), now);
            }
            well(source, &mut next, answer, now)
        }
        Outcome::Read { validators, body_hash, new, whole, empty, window, answer } => {
            next.gap = window.as_ref().and_then(|window| gap(state, window, now)).or(state.gap);
            succeed(&mut next, answer, now);
            next.last_full = Some(now);
            next.validators = validators.clone();
            next.body_hash = Some(body_hash.clone());
            if *empty && !state.baseline_done {
                next.empty_since = state.empty_since.or(Some(now));
            } else {
                // A source that always breaks off, each time elsewhere, must not stay at its first look for ever.
                next.baseline_done |= *whole || next.polls >= PARTIAL_LOOKS;
            }
            next.useful += u64::from(*new > 0);
            next.fresh_for = answer.fresh_for;
            // A body that was not read anew repeats nothing.
            if let Some(rhythm) = &answer.rhythm {
                next.rhythm.clone_from(rhythm);
            }
            let (published, entries) = window.as_ref().map_or((&[][..], None), |window| {
                (window.published.as_slice(), Some(window.entries).filter(|_| *whole))
            });
            look(source, &mut next, published, entries, now);
            moved(source, &mut next, answer.moved.as_ref(), now);
            well(source, &mut next, answer, now)
        }
        Outcome::Merged { validators, new, window, answer } => {
            succeed(&mut next, answer, now);
            next.validators = validators.clone();
            next.useful += u64::from(*new > 0);
            next.fresh_for = answer.fresh_for;
            // It may hold nothing but what is new: that nothing known stands beside it is no gap.
            let published = window.as_ref().map_or(&[][..], |window| window.published.as_slice());
            look(source, &mut next, published, None, now);
            well(source, &mut next, answer, now)
        }
        Outcome::Busy { said, retry_after } => busy(source, &mut next, said, *retry_after, now),
        Outcome::Held { message, retry_after } => {
            let wait =
                retry_after.map_or(OFFLINE, |seconds| Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
            next.quiet_until = Some(later(now, wait));
            (wait, format!("{message}, {} more", words(wait)))
        }
        Outcome::Gone => gone(source, &mut next, now),
        Outcome::Offline { message } => {
            next.error = Some(message.clone());
            // It may be down for others only: the floor holds for each.
            (OFFLINE.max(source.min_interval), "the network seems to be down".to_owned())
        }
        Outcome::Failed { class, message } => failed(source, &mut next, *class, message, now),
    };
    // When its quiet ends, those of a host that only waited go first: else one that always refuses, and so renews the
    // quiet, keeps all others from their turns.
    let more = match outcome {
        Outcome::Held { .. } => jitter(source, wait).min(BEHIND / 2),
        Outcome::Busy { .. } => jitter(source, wait) + BEHIND,
        _ => jitter(source, wait),
    };
    let planned = later(now, wait + more);
    next.next_check = next.quiet_until.map_or(planned, |until| until.max(planned));
    next.why_next = why;
    next
}

fn succeed(state: &mut SourceState, answer: &Answer, now: Timestamp) {
    state.last_success = Some(now);
    state.failures = 0;
    state.busy = 0;
    state.gone = 0;
    state.counted = None;
    state.failing_since = None;
    state.error = None;
    state.error_class = None;
    state.resting = false;
    state.polls += 1;
    state.bytes = state.bytes.saturating_add(answer.bytes);
}

/// The wait after a good answer: the regular one, unless its server asked for a longer one.
fn well(source: &Source, state: &mut SourceState, answer: &Answer, now: Timestamp) -> (Duration, String) {
    let quiet = answer.quiet_for.map(|seconds| Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
    state.quiet_until = quiet.filter(|quiet| !quiet.is_zero()).map(|quiet| later(now, quiet));
    let (wait, why) = regular(source, state, now);
    match quiet.filter(|quiet| *quiet > wait) {
        Some(quiet) => (quiet, format!("its server wants quiet for {}", words(quiet))),
        None => (wait, why),
    }
}

fn look(
    source: &Source,
    state: &mut SourceState,
    published: &[Timestamp],
    entries: Option<usize>,
    now: Timestamp,
) {
    if has_cadence(&source.kind) {
        state.cadence.look(published, entries, source.interval, now);
    }
}

/// Entries may have come and gone unseen if a document holds none that was known (row 61 of the polling manners).
fn gap(state: &SourceState, window: &Window, now: Timestamp) -> Option<Gap> {
    let (from, to) = (state.cadence.newest()?, window.oldest?);
    let none_known = state.baseline_done && window.known == 0 && window.entries >= GAP_ENTRIES;
    (none_known && from < to).then_some(Gap { from, to, seen: now })
}

/// What stands in place of a reason while a source is asked.
pub const ASKED: &str = "asked, no answer stored yet";

/// The state just before a request starts: `next_check` is moved on first, so that a crash repeats nothing at once. The
/// back-off of a source in trouble is kept to: it may be what crashes.
#[must_use]
pub fn starting(source: &Source, state: &SourceState, now: Timestamp) -> SourceState {
    let mut next = by_clock(state, now);
    next.last_attempt = Some(now);
    let wait = source.interval.min(HOUR).max(source.min_interval);
    next.next_check = later(now, wait.max(in_trouble(source, state, now)));
    ASKED.clone_into(&mut next.why_next);
    next
}

/// What the next request sends: the stored validators, or none if the last full answer is too long ago.
#[must_use]
pub fn validators(state: &SourceState, now: Timestamp) -> Validators {
    match state.last_full {
        Some(full) if since(now, full) < FULL_REFRESH => state.validators.clone(),
        _ => Validators::default(),
    }
}

/// Whether the times at which a source of this kind brings entries say when it will bring the next. A watched page has
/// one entry, and is asked as often as the person says.
pub(super) fn has_cadence(kind: &SourceKind) -> bool {
    !matches!(kind, SourceKind::Watch { .. })
}

/// The state of a source that was just added: its first look comes within `spread`, by a hash of its id, so that an
/// import of many does not start them all at once.
#[must_use]
pub fn first_check(source: &Source, now: Timestamp, spread: Duration) -> SourceState {
    SourceState::new(later(now, spread.mul_f64(fraction(source))), "first look")
}

#[cfg(test)]
#[path = "next_tests.rs"]
mod tests;
