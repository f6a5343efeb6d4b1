//! How long to wait after an answer that brought nothing: 429, 503, 410, failures.

use std::time::Duration;

use super::wait::words;
use crate::clock::{Timestamp, since};
use crate::fetch::FailureClass;
use crate::source::{Source, SourceState};

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = Duration::from_hours(168);
/// Longest wait after errors …
const MAX_BACKOFF: Duration = Duration::from_hours(72);
/// … until they have lasted so long: then once a week. Sources come back, so none is ever given up.
const LONG: Duration = Duration::from_hours(21 * 24);
/// Longest Retry-After that is believed.
const MAX_RETRY_AFTER: Duration = WEEK;
/// A 410 is confirmed this often, on as many days, before the source rests (RFC 9110 15.5.11: "likely permanent").
const GONE_CONFIRMATIONS: u32 = 3;
/// Two 410 in less time are one.
const NEXT_DAY: Duration = Duration::from_hours(20);

/// After 429 or 503.
pub(super) fn busy(
    source: &Source,
    state: &mut SourceState,
    said: &str,
    retry_after: Option<u64>,
) -> (Duration, String) {
    state.busy += 1;
    state.error = Some(said.to_owned());
    state.error_class = Some("busy".to_owned());
    match retry_after.map(Duration::from_secs) {
        Some(wait) => {
            let wait = wait.min(MAX_RETRY_AFTER).max(source.min_interval);
            (wait, format!("{said}, Retry-After {}", words(wait)))
        }
        None => {
            let wait = doubled(source, state.busy);
            (wait, format!("{said}, backing off {}", words(wait)))
        }
    }
}

/// After a look at which nothing was asked, because of `said`.
pub(super) fn held(source: &Source, said: &str, retry_after: Option<u64>) -> (Duration, String) {
    let wait = Duration::from_secs(retry_after.unwrap_or(0)).min(MAX_RETRY_AFTER).max(source.min_interval);
    (wait, format!("{said}: asking in {}", words(wait)))
}

/// After 410.
pub(super) fn gone(source: &Source, state: &mut SourceState, now: Timestamp) -> (Duration, String) {
    state.error = Some("410 Gone".to_owned());
    state.error_class = Some("gone".to_owned());
    state.failing_since.get_or_insert(now);
    if state.gone == 0 || state.counted.is_none_or(|last| since(now, last) >= NEXT_DAY) {
        state.gone += 1;
        state.failures += 1;
        state.counted = Some(now);
    }
    state.resting = state.gone >= GONE_CONFIRMATIONS;
    let why = if state.resting {
        format!("410 Gone, confirmed {GONE_CONFIRMATIONS} times: resting")
    } else {
        format!("410 Gone, {} of {GONE_CONFIRMATIONS}: asking again tomorrow", state.gone)
    };
    (DAY.max(source.min_interval), why)
}

/// After anything else that is no answer.
pub(super) fn failed(
    source: &Source,
    state: &mut SourceState,
    class: FailureClass,
    message: &str,
    now: Timestamp,
) -> (Duration, String) {
    state.gone = 0;
    state.error = Some(message.to_owned());
    state.error_class = Some(class.word().to_owned());
    let begun = *state.failing_since.get_or_insert(now);
    // Asked again before its time, by hand, a source that fails again proves nothing more.
    let due = state.counted.is_none_or(|last| since(now, last) >= doubled(source, state.failures) / 2);
    if state.failures == 0 || due {
        state.failures += 1;
        state.counted = Some(now);
    }
    if since(now, begun) >= LONG {
        let why =
            format!("error {}, failing for {} weeks: once a week", state.failures, weeks(since(now, begun)));
        return (WEEK, why);
    }
    let wait = doubled(source, state.failures);
    (wait, format!("error {}, backing off {}", state.failures, words(wait)))
}

fn weeks(time: Duration) -> u64 {
    time.as_secs() / WEEK.as_secs()
}

fn doubled(source: &Source, times: u32) -> Duration {
    let factor = 1_u32 << times.saturating_sub(1).min(20);
    source.backoff.saturating_mul(factor).min(MAX_BACKOFF).max(source.min_interval)
}
