//! How long to wait after an answer that brought nothing: 429, 503, 410, failures. Never less than after a good one.

use std::time::Duration;

use super::moves::alternate;
use super::wait::{regular, words};
use crate::clock::{Timestamp, later, since};
use crate::fetch::FailureClass;
use crate::source::{Source, SourceState};

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = Duration::from_hours(168);
/// Longest wait after errors …
const MAX_BACKOFF: Duration = Duration::from_hours(72);
/// … until they have lasted so long: then once a week. Sources come back, so none is ever given up.
const LONG: Duration = Duration::from_hours(21 * 24);
/// Longest Retry-After that is believed.
pub(super) const MAX_RETRY_AFTER: Duration = WEEK;
/// A 410 is confirmed this often, on as many days, before the source rests (RFC 9110 15.5.11: "likely permanent"); at
/// each of its addresses, if it moved.
const GONE_CONFIRMATIONS: u32 = 3;
/// Two 410 in less time are one.
const NEXT_DAY: Duration = Duration::from_hours(20);

/// After 429 or 503. `retry_after` is the least, in seconds: a server that is too busy is asked no more often than a well
/// one, and less and less often, whatever it says.
pub(super) fn busy(
    source: &Source,
    state: &mut SourceState,
    said: &str,
    retry_after: Option<u64>,
    now: Timestamp,
) -> (Duration, String) {
    state.busy += 1;
    state.error = Some(format!("answered {said}"));
    state.error_class = Some("busy".to_owned());
    if state.last_success.is_none() {
        // One that is busy from the first look on is in trouble as one that fails.
        state.failing_since.get_or_insert(now);
    }
    let own = backed_off(source, state, state.busy, now);
    let asked = retry_after.map(|seconds| Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
    state.quiet_until = Some(later(now, asked.unwrap_or(own)));
    let said_more = retry_after.map(Duration::from_secs).filter(|said| *said > MAX_RETRY_AFTER);
    match asked.filter(|asked| *asked >= own) {
        Some(wait) => match said_more {
            Some(more) => (wait, format!("{said}, Retry-After {}, cut to {}", words(more), words(wait))),
            None => (wait, format!("{said}, Retry-After {}", words(wait))),
        },
        None => (own, format!("{said}, backing off {}", words(own))),
    }
}

/// After 410.
pub(super) fn gone(source: &Source, state: &mut SourceState, now: Timestamp) -> (Duration, String) {
    state.busy = 0;
    state.error = Some("answered 410 Gone".to_owned());
    state.error_class = Some("gone".to_owned());
    state.failing_since.get_or_insert(now);
    let addresses = 1 + u32::from(state.address.is_some());
    if state.gone == 0 || state.counted.is_none_or(|last| since(now, last) >= NEXT_DAY) {
        state.gone += 1;
        state.failures += 1;
        state.counted = Some(now);
        alternate(state);
    }
    let confirmations = GONE_CONFIRMATIONS * addresses;
    state.resting = state.gone >= confirmations;
    let why = if state.resting {
        format!("410 Gone, confirmed {confirmations} times: resting")
    } else {
        format!("410 Gone, {} of {confirmations}: asking again tomorrow", state.gone)
    };
    (regular(source, state, now).0.max(DAY), why)
}

/// After anything else that is no answer.
pub(super) fn failed(
    source: &Source,
    state: &mut SourceState,
    class: FailureClass,
    message: &str,
    now: Timestamp,
) -> (Duration, String) {
    (state.gone, state.busy) = (0, 0);
    state.error = Some(message.to_owned());
    state.error_class = Some(class.word().to_owned());
    let begun = *state.failing_since.get_or_insert(now);
    // Asked again before its time, by hand, a source that fails again proves nothing more.
    let long_ago = |last| since(now, last) >= backed_off(source, state, state.failures, now) / 2;
    if state.failures == 0 || state.counted.is_none_or(long_ago) {
        state.failures += 1;
        state.counted = Some(now);
        alternate(state);
    }
    let wait = backed_off(source, state, state.failures, now);
    if since(now, begun) >= LONG {
        let why =
            format!("error {}, failing for {} weeks: once a week", state.failures, weeks(since(now, begun)));
        return (wait.max(WEEK), why);
    }
    (wait, format!("error {}, backing off {}", state.failures, words(wait)))
}

/// The back-off that a source in trouble is in; nothing for one that is well.
pub(super) fn in_trouble(source: &Source, state: &SourceState, now: Timestamp) -> Duration {
    match state.failures.max(state.busy) {
        0 => Duration::ZERO,
        times => backed_off(source, state, times, now),
    }
}

fn weeks(time: Duration) -> u64 {
    time.as_secs() / WEEK.as_secs()
}

/// The wait after so many `times` of trouble in a row: doubled each time from the interval (row 30 of the polling
/// manners), and never shorter than if all were well.
fn backed_off(source: &Source, state: &SourceState, times: u32, now: Timestamp) -> Duration {
    let first = source.interval.max(source.backoff);
    let factor = 1_u32 << times.saturating_sub(1).min(20);
    first.saturating_mul(factor).min(MAX_BACKOFF).max(regular(source, state, now).0)
}

#[cfg(test)]
#[path = "trouble_tests.rs"]
mod tests;
