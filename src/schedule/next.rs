//! From the outcome of a poll to the next state of its source.

use std::time::Duration;

use crate::clock::{Timestamp, later, since};
use crate::fetch::FailureClass;
use crate::source::{Source, SourceState, Validators};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// Longest wait after errors: sources come back, so none is ever given up.
const MAX_BACKOFF: Duration = Duration::from_hours(72);
/// Longest Retry-After that is believed.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(168);
/// Some servers answer 304 for ever to an old ETag: after this long, ask without it.
const FULL_REFRESH: Duration = Duration::from_hours(168);
/// A 410 is confirmed this often, a day apart, before the source rests (RFC 9110 15.5.11: "likely permanent").
const GONE_CONFIRMATIONS: u32 = 3;

/// After so many looks a baseline counts as set, though none of them brought the whole document.
const PARTIAL_LOOKS: u64 = 3;

/// What a good answer says about when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hints {
    /// Seconds for which the answer stays fresh.
    pub fresh_for: Option<u64>,
    /// Minutes, from the feed itself (RSS `ttl`), if a document was read that says so.
    pub ttl_minutes: Option<u32>,
}

/// How a poll ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 304.
    NotModified {
        /// Validators that the 304 carried; each replaces the stored one.
        validators: Validators,
        /// What it says about when to come back.
        hints: Hints,
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
        /// What it says about when to come back.
        hints: Hints,
    },
    /// 226: a part of the document, read and stored. It proves nothing about the rest, and is no full answer.
    Merged {
        /// Replace the stored ones, also if empty.
        validators: Validators,
        /// How many entries were new.
        new: usize,
        /// What it says about when to come back.
        hints: Hints,
    },
    /// 429 or 503: not a failure of the source.
    Busy {
        /// In words: "429 Too Many Requests".
        said: String,
        /// Seconds to wait, if it said.
        retry_after: Option<u64>,
    },
    /// 410.
    Gone,
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
    let mut next = state.clone();
    next.last_attempt = Some(now);
    let (wait, why) = match outcome {
        Outcome::NotModified { validators, hints } => {
            succeed(&mut next, now);
            if validators.etag.is_some() {
                next.validators.etag.clone_from(&validators.etag);
            }
            if validators.last_modified.is_some() {
                next.validators.last_modified.clone_from(&validators.last_modified);
            }
            next.fresh_for = hints.fresh_for.or(state.fresh_for);
            regular(source, &next)
        }
        Outcome::Read { validators, body_hash, new, whole, empty, hints } => {
            succeed(&mut next, now);
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
            next.fresh_for = hints.fresh_for;
            // A body that was not read anew repeats nothing; one that was and names no ttl is rare, and kept waiting.
            next.ttl_minutes = hints.ttl_minutes.or(state.ttl_minutes);
            regular(source, &next)
        }
        Outcome::Merged { validators, new, hints } => {
            succeed(&mut next, now);
            next.validators = validators.clone();
            next.useful += u64::from(*new > 0);
            next.fresh_for = hints.fresh_for;
            next.ttl_minutes = hints.ttl_minutes.or(state.ttl_minutes);
            regular(source, &next)
        }
        Outcome::Busy { said, retry_after } => {
            next.busy += 1;
            next.error = Some(said.clone());
            match retry_after.map(Duration::from_secs) {
                Some(wait) => {
                    let wait = wait.min(MAX_RETRY_AFTER).max(source.min_interval);
                    (wait, format!("{said}, Retry-After {}", words(wait)))
                }
                None => {
                    let wait = doubled(source, next.busy);
                    (wait, format!("{said}, backing off {}", words(wait)))
                }
            }
        }
        Outcome::Gone => {
            next.gone += 1;
            next.failures += 1;
            next.resting = next.gone >= GONE_CONFIRMATIONS;
            next.error = Some("410 Gone".to_owned());
            let why = if next.resting {
                format!("410 Gone, confirmed {GONE_CONFIRMATIONS} times: resting")
            } else {
                format!("410 Gone, {} of {GONE_CONFIRMATIONS}: asking again tomorrow", next.gone)
            };
            (DAY, why)
        }
        Outcome::Failed { message, .. } => {
            next.failures += 1;
            next.gone = 0;
            next.error = Some(message.clone());
            let wait = doubled(source, next.failures);
            (wait, format!("error {}, backing off {}", next.failures, words(wait)))
        }
    };
    next.next_check = later(now, wait + jitter(source, wait));
    next.why_next = why;
    next
}

fn succeed(state: &mut SourceState, now: Timestamp) {
    state.last_success = Some(now);
    state.failures = 0;
    state.busy = 0;
    state.gone = 0;
    state.error = None;
    state.resting = false;
    state.polls += 1;
}

/// The longest of the person's interval, the feed's `ttl` and the answer's freshness, within floor and ceiling.
fn regular(source: &Source, state: &SourceState) -> (Duration, String) {
    let ttl = state.ttl_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let fresh = state.fresh_for.map(Duration::from_secs);
    let mut chosen = (source.interval, "interval");
    for (wait, name) in [(ttl, "feed's ttl"), (fresh, "max-age")] {
        if let Some(wait) = wait.filter(|wait| *wait > chosen.0) {
            chosen = (wait, name);
        }
    }
    let wait = chosen.0.clamp(source.min_interval, source.max_interval.max(source.min_interval));
    let why = if wait == chosen.0 {
        format!("{} {}", chosen.1, words(wait))
    } else {
        format!("{} {}, cut to {}", chosen.1, words(chosen.0), words(wait))
    };
    (wait, why)
}

fn doubled(source: &Source, times: u32) -> Duration {
    let factor = 1_u32 << times.saturating_sub(1).min(20);
    source.backoff.saturating_mul(factor).min(MAX_BACKOFF).max(source.min_interval)
}

/// Up to a tenth of `wait`, upward only, always the same for one source: sources do not march in step.
fn jitter(source: &Source, wait: Duration) -> Duration {
    wait.min(DAY).mul_f64(fraction(source) / 10.0)
}

/// A number in `0.0..1.0` that depends on the id alone.
fn fraction(source: &Source) -> f64 {
    let hash = u32::from_str_radix(source.id.0.get(..8).unwrap_or("0"), 16).unwrap_or(0);
    f64::from(hash) / (f64::from(u32::MAX) + 1.0)
}

fn words(wait: Duration) -> String {
    humantime::format_duration(Duration::from_secs(wait.as_secs().max(1))).to_string()
}

/// The state just before a request starts: `next_check` is moved on first, so that a crash repeats nothing at once.
#[must_use]
pub fn starting(source: &Source, state: &SourceState, now: Timestamp) -> SourceState {
    let mut next = state.clone();
    next.last_attempt = Some(now);
    next.next_check = later(now, source.interval.min(HOUR).max(source.min_interval));
    "asked, no answer stored yet".clone_into(&mut next.why_next);
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

/// The state of a source that was just added: its first look comes within `spread`, by a hash of its id, so that an
/// import of many does not start them all at once.
#[must_use]
pub fn first_check(source: &Source, now: Timestamp, spread: Duration) -> SourceState {
    SourceState::new(later(now, spread.mul_f64(fraction(source))), "first look")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{FirstLook, SourceKind};

    fn source() -> Source {
        let url = url::Url::parse("https://example.org/rss").unwrap();
        let kind = SourceKind::Feed;
        Source {
            id: Source::id_of(&kind, &url),
            kind,
            url,
            name: None,
            tags: Vec::new(),
            interval: Duration::from_mins(15),
            min_interval: Duration::from_mins(5),
            max_interval: DAY,
            backoff: Duration::from_mins(10),
            articles: true,
            robots: false,
            first_look: FirstLook::Baseline,
        }
    }

    fn now() -> Timestamp {
        "2023-09-04T12:00:00Z".parse().unwrap()
    }

    fn read(validators: Validators, fresh_for: Option<u64>) -> Outcome {
        let hints = Hints { fresh_for, ttl_minutes: None };
        Outcome::Read { validators, body_hash: "h".into(), new: 1, whole: true, empty: false, hints }
    }

    fn wait(state: &SourceState) -> u64 {
        since(state.next_check, now()).as_secs()
    }

    fn fresh() -> SourceState {
        SourceState::new(now(), "test")
    }

    #[test]
    fn max_age_raises_the_interval_and_holds_over_a_304_that_does_not_repeat_it() {
        let first = after(&source(), &fresh(), &read(Validators::default(), Some(7_200)), now());
        assert!((7_200..=7_920).contains(&wait(&first)), "{}", wait(&first));
        assert_eq!(first.why_next, "max-age 2h");
        let not_modified =
            Outcome::NotModified { validators: Validators::default(), hints: Hints::default() };
        let second = after(&source(), &first, &not_modified, now());
        assert!((7_200..=7_920).contains(&wait(&second)));
    }

    #[test]
    fn the_feeds_own_ttl_holds_over_answers_that_bring_no_document() {
        let hints = Hints { fresh_for: None, ttl_minutes: Some(120) };
        let outcome = Outcome::Read {
            validators: Validators::default(),
            body_hash: String::new(),
            new: 0,
            whole: true,
            empty: false,
            hints,
        };
        let first = after(&source(), &fresh(), &outcome, now());
        let not_modified =
            Outcome::NotModified { validators: Validators::default(), hints: Hints::default() };
        let second = after(&source(), &first, &not_modified, now());
        assert!((7_200..=7_920).contains(&wait(&second)), "{}", second.why_next);
    }

    #[test]
    fn a_first_look_that_finds_no_entry_sets_no_baseline() {
        let outcome = |empty| Outcome::Read {
            validators: Validators::default(),
            body_hash: String::new(),
            new: 0,
            whole: true,
            empty,
            hints: Hints::default(),
        };
        let mut state = fresh();
        for hour in 0..5 {
            state = after(&source(), &state, &outcome(true), later(now(), HOUR * hour));
        }
        assert_eq!((state.baseline_done, state.empty_since), (false, Some(now())));
        assert!(after(&source(), &state, &outcome(false), now()).baseline_done);
    }

    #[test]
    fn absurd_lifetimes_are_cut_to_the_ceiling() {
        let state = after(&source(), &fresh(), &read(Validators::default(), Some(504_576_000)), now());
        assert!(wait(&state) <= 95_040);
        assert!(state.why_next.contains("cut to 1day"), "{}", state.why_next);
    }

    #[test]
    fn errors_back_off_doubling_to_three_days_and_any_success_resets_them() {
        let failed = Outcome::Failed { class: FailureClass::Dns, message: "no such host".into() };
        let mut state = fresh();
        let mut last = 0;
        for n in 1..=30 {
            state = after(&source(), &state, &failed, now());
            assert_eq!(state.failures, n);
            assert!(wait(&state) >= last, "never sooner");
            last = wait(&state);
        }
        assert!(last <= 3 * 86_400 + 8_640);
        let state = after(&source(), &state, &read(Validators::default(), None), now());
        assert_eq!((state.failures, state.error), (0, None));
    }

    #[test]
    fn retry_after_is_kept_and_is_no_failure() {
        let busy = Outcome::Busy { said: "429 Too Many Requests".into(), retry_after: Some(172_800) };
        let state = after(&source(), &fresh(), &busy, now());
        assert!(wait(&state) >= 172_800, "beyond max_interval, because the server said so");
        assert_eq!(state.failures, 0);
    }

    #[test]
    fn gone_rests_after_three_answers_only() {
        let mut state = fresh();
        for resting in [false, false, true] {
            state = after(&source(), &state, &Outcome::Gone, now());
            assert_eq!(state.resting, resting);
        }
        assert!(!after(&source(), &state, &read(Validators::default(), None), now()).resting);
    }

    #[test]
    fn row_5_a_304_replaces_only_the_validators_that_it_carries() {
        let both = Validators { etag: Some(b"W/\"1\"".into()), last_modified: Some(b"yesterday".into()) };
        let state = after(&source(), &fresh(), &read(both, None), now());
        let only_etag = Validators { etag: Some(b"\"2\"".into()), last_modified: None };
        let outcome = Outcome::NotModified { validators: only_etag, hints: Hints::default() };
        let state = after(&source(), &state, &outcome, now());
        assert_eq!(state.validators.etag.as_deref(), Some(&b"\"2\""[..]));
        assert_eq!(state.validators.last_modified.as_deref(), Some(&b"yesterday"[..]));
    }

    #[test]
    fn row_8_validators_are_left_out_a_week_after_the_last_full_answer() {
        let etag = Validators { etag: Some(b"\"1\"".into()), last_modified: None };
        let state = after(&source(), &fresh(), &read(etag.clone(), None), now());
        assert_eq!(validators(&state, later(now(), DAY * 6)), etag);
        assert!(validators(&state, later(now(), DAY * 7)).is_empty());
    }

    proptest! {
        #[test]
        fn no_outcome_asks_before_the_floor(fresh_for in proptest::option::of(0_u64..u64::MAX),
            ttl in proptest::option::of(0_u32..u32::MAX), retry in proptest::option::of(0_u64..u64::MAX), kind in 0..5) {
            let hints = Hints { fresh_for, ttl_minutes: ttl };
            let outcome = match kind {
                0 => Outcome::NotModified { validators: Validators::default(), hints },
                1 => Outcome::Read {
                    validators: Validators::default(), body_hash: String::new(), new: 0, whole: true, empty: false, hints,
                },
                2 => Outcome::Busy { said: "503".into(), retry_after: retry },
                3 => Outcome::Gone,
                _ => Outcome::Failed { class: FailureClass::Status, message: "500".into() },
            };
            let state = after(&source(), &fresh(), &outcome, now());
            prop_assert!(wait(&state) >= 300);
            prop_assert!(wait(&state) <= 8 * 86_400);
        }
    }
}
