//! How long a host wants quiet because its rate limit is used up: `x-ratelimit-*` in its many spellings, and the IETF
//! draft's `RateLimit` in both its syntaxes (draft-ietf-httpapi-ratelimit-headers-07 and -10).

use reqwest::header::{HeaderMap, HeaderValue};

use super::headers::{MOST_SECONDS, directives, http_date, seconds_between};
use crate::clock::Timestamp;

/// Names of what is left, each with the name of when there is more.
const PAIRS: [(&str, &str); 3] = [
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ("ratelimit-remaining", "ratelimit-reset"),
];

/// A reset from here on is no span but a time, in seconds since 1970; or from the next on in milliseconds.
const EPOCH_SECONDS: u64 = 1_000_000_000;
const EPOCH_MILLIS: u64 = 1_000_000_000_000;

/// Seconds from `date`, the answer's own time, until there is more; `None` while something is left, or nothing is said.
/// Of several limits that are used up the longest counts.
pub(super) fn quiet_for(headers: &HeaderMap, date: Timestamp) -> Option<u64> {
    let text = |name| headers.get(name).map(HeaderValue::as_bytes);
    let pairs = PAIRS.iter().filter_map(|(left, reset)| used_up(text(*left)?, text(*reset)?, date));
    let draft = headers.get_all("ratelimit").iter().filter_map(|line| limits(line.as_bytes(), date));
    pairs.chain(draft).max()
}

/// The `RateLimit` field: `limit=100, remaining=0, reset=30`, or a list of `"policy";r=0;t=30`.
fn limits(line: &[u8], date: Timestamp) -> Option<u64> {
    let (mut left, mut reset, mut longest) = (None, None, None);
    for item in directives(line) {
        let (mut r, mut t) = (None, None);
        for parameter in item.split(|byte| *byte == b';') {
            let Some(at) = parameter.iter().position(|byte| *byte == b'=') else { continue };
            let (name, value) = parameter.split_at(at);
            let value = value.get(1..);
            match name.trim_ascii() {
                b"r" => r = value,
                b"t" => t = value,
                b"remaining" => left = value,
                b"reset" => reset = value,
                _ => {}
            }
        }
        longest = longest.max(r.zip(t).and_then(|(r, t)| used_up(r, t, date)));
    }
    longest.max(left.zip(reset).and_then(|(left, reset)| used_up(left, reset, date)))
}

/// Seconds until `reset` if less than one request is `left`: Reddit says `0.0`, and counts by fractions.
fn used_up(left: &[u8], reset: &[u8], date: Timestamp) -> Option<u64> {
    let (whole, _) = number(left)?;
    if whole > 0 {
        return None;
    }
    let until = match number(reset) {
        Some((span, fraction)) if span < EPOCH_SECONDS => return Some(span + u64::from(fraction)),
        Some((millis, _)) if millis >= EPOCH_MILLIS => {
            Timestamp::from_millisecond(i64::try_from(millis).ok()?).ok()?
        }
        Some((seconds, _)) => Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?,
        None => http_date(std::str::from_utf8(reset).ok()?)?,
    };
    Some(seconds_between(date, until).min(MOST_SECONDS))
}

/// The whole part of a decimal, and whether there is more to it.
fn number(text: &[u8]) -> Option<(u64, bool)> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction))
        .then(|| Some((whole.parse().ok()?, fraction.bytes().any(|byte| byte != b'0'))))?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    #[track_caller]
    fn quiet(lines: &[(&'static str, &str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        quiet_for(&headers, date())
    }

    #[test]
    fn row_17_a_limit_that_is_used_up_asks_for_quiet() {
        let x = |left, reset| quiet(&[("x-ratelimit-remaining", left), ("x-ratelimit-reset", reset)]);
        assert_eq!(x("0", "57"), Some(57));
        assert_eq!(x("0.0", "57.2"), Some(58), "Reddit counts by fractions");
        assert_eq!(x("0.7", "5"), Some(5), "less than one request");
        assert_eq!(x("1", "57"), None);
        assert_eq!(x("99", "0"), None);
        assert_eq!(x("0", "1800000600"), Some(600), "GitHub gives the time itself");
        assert_eq!(x("0", "1800000600500"), Some(601), "others in milliseconds");
        assert_eq!(x("0", "1700000000"), Some(0), "past");
        assert_eq!(x("0", "Fri, 15 Jan 2027 08:01:00 GMT"), Some(60));
        assert_eq!(x("none", "57"), None);
        assert_eq!(x("0", "soon"), None);
        assert_eq!(x("-1", "57"), None);
        assert_eq!(quiet(&[("x-ratelimit-remaining", "0")]), None);
        assert_eq!(quiet(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "9")]), Some(9));
        assert_eq!(quiet(&[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "9")]), Some(9));
    }

    #[test]
    fn row_17_the_draft_in_both_its_syntaxes() {
        assert_eq!(quiet(&[("ratelimit", "limit=100, remaining=0, reset=30")]), Some(30));
        assert_eq!(quiet(&[("ratelimit", "limit=100, remaining=50, reset=30")]), None);
        assert_eq!(quiet(&[("ratelimit", r#""default";r=0;t=30"#)]), Some(30));
        assert_eq!(quiet(&[("ratelimit", r#""default"; r=5; t=30"#)]), None);
        assert_eq!(quiet(&[("ratelimit", r#""burst";r=0;t=5, "day";r=0;t=900, "x";r=1;t=9999"#)]), Some(900));
        assert_eq!(quiet(&[("ratelimit", r#""a";r=0;t=5"#), ("ratelimit", r#""b";r=0;t=6"#)]), Some(6));
        assert_eq!(quiet(&[("ratelimit", r#""r=0;t=5, x";r=2;t=7"#)]), None);
    }

    proptest! {
        #[test]
        fn whatever_is_said_the_time_is_bounded(left in "[0-9.a;=, ]{0,8}", reset in "[0-9]{0,25}|\\PC{0,20}") {
            let value = |text: &str| HeaderValue::from_bytes(text.as_bytes()).unwrap_or(HeaderValue::from_static("0"));
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-remaining", value(&left));
            headers.insert("x-ratelimit-reset", value(&reset));
            headers.insert("ratelimit", value(&format!("remaining={left}, reset={reset}, \"a\";r={left};t={reset}")));
            prop_assert!(quiet_for(&headers, date()).is_none_or(|seconds| seconds <= MOST_SECONDS));
        }
    }
}
