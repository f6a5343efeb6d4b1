//! Examples and properties of the header readers.

use proptest::prelude::*;
use reqwest::header::HeaderValue;

use super::*;

const DATE_TEXT: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn date() -> Timestamp {
    "1994-11-06T08:49:37Z".parse().unwrap()
}

fn map(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

#[track_caller]
fn fresh(lines: &[(&'static str, &str)]) -> Option<u64> {
    read(&map(lines), date()).fresh_for
}

#[test]
fn three_forms_of_a_date() {
    for text in [
        DATE_TEXT,
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Mon, 06 Nov 1994 08:49:37 GMT", // a Sunday
        " Sun, 6 Nov 1994 08:49:37 +0000 ",
    ] {
        assert_eq!(http_date(text), Some(date()), "{text}");
    }
    for text in ["", "0", "-1", "tomorrow", "Sun, 32 Nov 1994 08:49:37 GMT", "1994-11-06", ",", "é, é"] {
        assert_eq!(http_date(text), None, "{text}");
    }
}

#[test]
fn row_11_max_age_less_age() {
    assert_eq!(fresh(&[("cache-control", "max-age=600")]), Some(600));
    assert_eq!(fresh(&[("cache-control", "public, MAX-AGE = \"600\" ,must-revalidate")]), Some(600));
    assert_eq!(fresh(&[("cache-control", "max-age=600"), ("age", "45")]), Some(555));
    assert_eq!(fresh(&[("cache-control", "max-age=600"), ("age", "700")]), Some(0));
    assert_eq!(fresh(&[("cache-control", "max-age=600"), ("age", "old")]), Some(600));
    assert_eq!(fresh(&[("cache-control", "public"), ("cache-control", "max-age=60")]), Some(60));
    assert_eq!(fresh(&[("cache-control", "max-age=60, max-age=3600")]), Some(60));
    assert_eq!(fresh(&[("cache-control", "s-maxage=60")]), None);
    assert_eq!(fresh(&[]), None);
}

#[test]
fn row_12_nothing_is_fresh_that_says_so() {
    assert_eq!(fresh(&[("cache-control", "max-age=0")]), Some(0));
    assert_eq!(fresh(&[("cache-control", "no-cache")]), Some(0));
    assert_eq!(fresh(&[("cache-control", "max-age=600, No-Store")]), Some(0));
    assert_eq!(fresh(&[("cache-control", "no-cache=\"set-cookie\", max-age=600")]), Some(0));
    assert_eq!(fresh(&[("cache-control", "max-age=soon")]), Some(0), "invalid is stale (RFC 9111 4.2.1)");
    assert_eq!(fresh(&[("cache-control", "max-age=-5")]), Some(0));
}

#[test]
fn quoted_commas_do_not_split() {
    assert_eq!(fresh(&[("cache-control", "ext=\"a, no-store, \\\", no-cache\", max-age=60")]), Some(60));
    assert_eq!(fresh(&[("cache-control", "ext=\"never closed, no-store")]), None);
}

#[test]
fn absurd_lifetimes_are_capped() {
    let most = Some(MOST_SECONDS);
    assert_eq!(fresh(&[("cache-control", "max-age=99999999999999999999999")]), most);
    assert_eq!(fresh(&[("expires", "Fri, 31 Dec 9999 23:59:59 GMT")]), most);
    assert_eq!(retry_after("99999999999999999999999", date()), most);
    assert_eq!(retry_after("2147483648.5", date()), most);
}

#[test]
fn row_12_expires_less_date() {
    let later = "Sun, 06 Nov 1994 09:49:37 GMT";
    assert_eq!(fresh(&[("expires", later)]), Some(3600), "from now, without Date");
    assert_eq!(fresh(&[("expires", later), ("date", "Sun, 06 Nov 1994 09:49:07 GMT")]), Some(30));
    assert_eq!(fresh(&[("expires", later), ("age", "600")]), Some(3000));
    assert_eq!(fresh(&[("expires", later), ("cache-control", "max-age=5")]), Some(5), "max-age wins");
    assert_eq!(fresh(&[("expires", later), ("cache-control", "public")]), Some(3600));
    assert_eq!(fresh(&[("expires", DATE_TEXT)]), Some(0));
    assert_eq!(fresh(&[("expires", "0")]), Some(0));
    assert_eq!(fresh(&[("expires", "-1")]), Some(0));
}

#[test]
fn row_15_retry_after_in_both_forms() {
    assert_eq!(retry_after("120", date()), Some(120));
    assert_eq!(retry_after(" 0 ", date()), Some(0));
    assert_eq!(retry_after("1.2", date()), Some(2));
    assert_eq!(retry_after("1.0", date()), Some(1));
    assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", date()), Some(60));
    assert_eq!(retry_after("Sunday, 06-Nov-94 08:50:37 GMT", date()), Some(60));
    assert_eq!(retry_after("Sat, 05 Nov 1994 08:49:37 GMT", date()), Some(0));
    for text in ["", "-5", "soon", "1.", "1.x", ".5", "1e9"] {
        assert_eq!(retry_after(text, date()), None, "{text}");
    }
    let both =
        map(&[("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"), ("date", "Sun, 06 Nov 1994 08:50:07 GMT")]);
    assert_eq!(read(&both, Timestamp::UNIX_EPOCH).retry_after, Some(30), "by the server's own clock");
}

#[test]
fn row_2_validators_are_bytes() {
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, HeaderValue::from_bytes(b"W/\"\xff\xfe, 'x\t\"").unwrap());
    headers.insert(LAST_MODIFIED, HeaderValue::from_static("yesterday, about noon"));
    let validators = read(&headers, date()).validators;
    assert_eq!(validators.etag.as_deref(), Some(&b"W/\"\xff\xfe, 'x\t\""[..]));
    assert_eq!(validators.last_modified.as_deref(), Some(&b"yesterday, about noon"[..]));
    assert!(read(&map(&[("etag", "")]), date()).validators.is_empty());
}

#[test]
fn content_type_is_text_of_bounded_length() {
    let long = format!("text/html; x={}", "é".repeat(400));
    assert_eq!(read(&map(&[("content-type", "text/xml")]), date()).content_type.as_deref(), Some("text/xml"));
    let read = read(&map(&[("content-type", &long)]), date()).content_type.unwrap();
    assert!(read.starts_with("text/html; x=é") && read.len() <= MOST_CONTENT_TYPE + 3, "{read}");
}

/// Bytes that may stand in a header.
fn value() -> impl Strategy<Value = HeaderValue> {
    prop::collection::vec(any::<u8>(), 0..60)
        .prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap_or(HeaderValue::from_static("max-age=\"")))
}

proptest! {
    #[test]
    fn any_header_is_read_and_bounded(values in prop::collection::vec(value(), 8), now in 0i64..4_000_000_000) {
        let mut headers = HeaderMap::new();
        let names = [AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, EXPIRES, LAST_MODIFIED, RETRY_AFTER];
        for (name, value) in names.into_iter().zip(&values) {
            headers.insert(name, value.clone());
        }
        let read = read(&headers, Timestamp::from_second(now).unwrap());
        prop_assert_eq!(read.validators.etag.unwrap_or_default(), values[4].as_bytes());
        prop_assert!(read.fresh_for.is_some_and(|s| s <= MOST_SECONDS), "Expires is always there");
        prop_assert!(read.retry_after.is_none_or(|s| s <= MOST_SECONDS));
    }

    #[test]
    fn dates_of_all_forms_come_back(second in 0i64..3_000_000_000) {
        let time = Timestamp::from_second(second).unwrap();
        let form = |form: &str| time.strftime(form).to_string();
        prop_assert_eq!(http_date(&form("%a, %d %b %Y %H:%M:%S GMT")), Some(time));
        prop_assert_eq!(http_date(&form("%a %b %e %H:%M:%S %Y")), Some(time));
        // Two digits of a year mean 1969 to 2068.
        prop_assert_eq!(http_date(&form("%A, %d-%b-%y %H:%M:%S GMT")), Some(time));
    }

    #[test]
    fn retry_after_is_the_same_in_both_forms(wait in 0u64..10_000_000) {
        let until = Timestamp::from_second(date().as_second() + i64::try_from(wait).unwrap()).unwrap();
        let as_date = until.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        prop_assert_eq!(retry_after(&as_date, date()), Some(wait));
        prop_assert_eq!(retry_after(&wait.to_string(), date()), Some(wait));
    }

    #[test]
    fn max_age_is_found_among_anything_quoted(before in "[ -!#-\\[\\]-~]{0,20}", seconds in 0u64..1_000_000) {
        let line = format!("x=\"{before}\", max-age={seconds}");
        prop_assert_eq!(fresh(&[("cache-control", &line)]), Some(seconds));
    }
}
