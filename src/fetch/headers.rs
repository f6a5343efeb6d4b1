//! The headers that decide something: validators, freshness (RFC 9111), Retry-After (RFC 9110 10.2.3), and by way of
//! `rate_limit` what is left of a limit. Reading is tolerant: what cannot be understood counts as not said, except where
//! the RFC says otherwise.

use reqwest::header::{
    AGE, AsHeaderName, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderMap, LAST_MODIFIED,
    RETRY_AFTER,
};

use super::link_header::links;
use super::robots_tag::robots_tag;
use super::{Headers, rate_limit};
use crate::clock::Timestamp;
use crate::source::Validators;

/// More seconds than this are this many (RFC 9111 1.2.2): 68 years, and it fits every integer on the way to the store.
pub(super) const MOST_SECONDS: u64 = 1 << 31;

/// Longer values of `Content-Type` are cut; the longest honest ones have some dozens of bytes.
const MOST_CONTENT_TYPE: usize = 256;

/// Reads what matters here. `now` stands in for a `Date` that is missing or unreadable.
#[must_use]
pub fn read(headers: &HeaderMap, now: Timestamp) -> Headers {
    let date = text(headers, DATE).and_then(http_date).unwrap_or(now);
    Headers {
        validators: Validators { etag: opaque(headers, ETAG), last_modified: opaque(headers, LAST_MODIFIED) },
        content_type: headers.get(CONTENT_TYPE).map(|value| {
            let bytes = value.as_bytes();
            String::from_utf8_lossy(bytes.get(..MOST_CONTENT_TYPE).unwrap_or(bytes)).into_owned()
        }),
        fresh_for: fresh_for(headers, date),
        retry_after: text(headers, RETRY_AFTER).and_then(|value| retry_after(value, date)),
        delta: is_delta(headers),
        links: links(headers),
        quiet_for: rate_limit::quiet_for(headers, date),
        robots_tag: robots_tag(headers),
    }
}

/// Whether one of the instance manipulations is `feed`.
fn is_delta(headers: &HeaderMap) -> bool {
    let lines = headers.get_all("im").into_iter().filter_map(|line| line.to_str().ok());
    let name = |one: &str| one.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("feed");
    lines.flat_map(|line| line.split(',')).any(name)
}

/// The first value of a header, byte for byte; an empty one says nothing.
fn opaque(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Vec<u8>> {
    headers.get(name).map(|value| value.as_bytes().to_vec()).filter(|bytes| !bytes.is_empty())
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Seconds for which the answer stays fresh in a cache of one's own (RFC 9111 4.2): `max-age`, else `Expires` less
/// `date`; both less `Age`. `s-maxage` is for shared caches and is passed over.
#[must_use]
pub fn fresh_for(headers: &HeaderMap, date: Timestamp) -> Option<u64> {
    let lifetime = match cache_control(headers) {
        Some(lifetime) => lifetime,
        // An unreadable date, the customary "0" above all, means "already expired" (RFC 9111 5.3).
        None => match headers.get(EXPIRES)?.to_str().ok().and_then(http_date) {
            Some(expires) => seconds_between(date, expires),
            None => 0,
        },
    };
    let age = text(headers, AGE).and_then(delta_seconds).unwrap_or(0);
    Some(lifetime.saturating_sub(age))
}

/// The lifetime that `Cache-Control` gives, over all its lines: 0 for `no-cache` and `no-store`; else the first
/// `max-age` (RFC 9111 4.2.1), 0 if that is not a number.
fn cache_control(headers: &HeaderMap) -> Option<u64> {
    let mut max_age = None;
    for line in headers.get_all(CACHE_CONTROL) {
        for directive in directives(line.as_bytes()) {
            let (name, value) = match directive.iter().position(|b| *b == b'=') {
                Some(at) => {
                    let (name, value) = directive.split_at(at);
                    (name, value.get(1..).unwrap_or_default())
                }
                None => (directive, &b""[..]),
            };
            let name = name.trim_ascii();
            if name.eq_ignore_ascii_case(b"no-store") || name.eq_ignore_ascii_case(b"no-cache") {
                return Some(0);
            }
            if name.eq_ignore_ascii_case(b"max-age") && max_age.is_none() {
                let bare = value.trim_ascii();
                let bare = bare.strip_prefix(b"\"").and_then(|b| b.strip_suffix(b"\"")).unwrap_or(bare);
                max_age = Some(std::str::from_utf8(bare).ok().and_then(delta_seconds).unwrap_or(0));
            }
        }
    }
    max_age
}

/// Splits at the commas that stand outside of quoted strings (RFC 9110 5.6.4).
pub(super) fn directives(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    line.split(move |byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' => return !quoted,
            _ => {}
        }
        false
    })
}

/// Seconds to wait, counted from `date`: from delay-seconds (a fraction is rounded up) or an HTTP-date; 0 for the past.
#[must_use]
pub fn retry_after(value: &str, date: Timestamp) -> Option<u64> {
    let value = value.trim();
    if let Some((whole, fraction)) = value.split_once('.') {
        let up = u64::from(fraction.bytes().any(|b| b != b'0'));
        return if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            None
        } else {
            Some(delta_seconds(whole)?.saturating_add(up).min(MOST_SECONDS))
        };
    }
    delta_seconds(value).or_else(|| http_date(value).map(|until| seconds_between(date, until)))
}

/// `1*DIGIT`, capped.
fn delta_seconds(value: &str) -> Option<u64> {
    let value = value.trim();
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(value.parse().unwrap_or(MOST_SECONDS).min(MOST_SECONDS))
}

/// Whole seconds from `from` to `to`, rounded up and capped; 0 if `to` is not later.
pub(super) fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    let gap = to.duration_since(from);
    let up = i64::from(gap.subsec_nanos() > 0);
    u64::try_from(gap.as_secs().saturating_add(up)).unwrap_or(0).min(MOST_SECONDS)
}

/// An HTTP-date in any of its three forms (RFC 9110 5.6.7). A wrong weekday is forgiven: it says nothing that the date
/// does not.
#[must_use]
pub fn http_date(value: &str) -> Option<Timestamp> {
    const PARSER: jiff::fmt::rfc2822::DateTimeParser =
        jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let value = value.trim();
    // Sun, 06 Nov 1994 08:49:37 GMT
    if let Ok(time) = PARSER.parse_timestamp(value) {
        return Some(time);
    }
    let utc = |form: &str, text: &str| {
        let time = jiff::civil::DateTime::strptime(form, text).ok()?;
        // The last hours of the year 9999, dear to writers of Expires, are past the end of a Timestamp.
        let end = if time.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
        Some(time.to_zoned(jiff::tz::TimeZone::UTC).map_or(end, |zoned| zoned.timestamp()))
    };
    match value.split_once(',') {
        // Sunday, 06-Nov-94 08:49:37 GMT (RFC 850)
        Some((_, rest)) => {
            let rest = rest.trim();
            utc("%d-%b-%y %H:%M:%S GMT", rest).or_else(|| utc("%d %b %Y %H:%M:%S GMT", rest))
        }
        // Sun Nov  6 08:49:37 1994 (asctime)
        None => utc("%b %e %H:%M:%S %Y", value.split_once(' ')?.1.trim()),
    }
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
