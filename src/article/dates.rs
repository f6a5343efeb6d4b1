//! Dates as pages write them for machines.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;

/// The instant that `text` names: RFC 3339, RFC 2822 and what is near to them. A time without a zone is taken as UTC, a
/// day without a time as its midnight. Nothing is guessed: "yesterday" and 03/04/2023 are not dates. Years before
/// 1990 and after 2100 are faults of the page.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    let found = iso(text)
        .or_else(|| rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
        .or_else(|| seconds(text))?;
    let year = found.to_zoned(TimeZone::UTC).year();
    (1990..=2100).contains(&year).then_some(found)
}

/// ISO 8601 and its usual misspellings: a space for the T, a space before the zone, a zone without colon, " UTC".
fn iso(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).map_or(text, str::trim_end);
    let compact = match text.split_once([' ', 'T', 't']) {
        Some((day, time)) => format!("{day}T{}", time.replace(' ', "")),
        None => text.to_owned(),
    };
    let compact = compact.replace('/', "-");
    if let Ok(instant) = compact.parse::<Timestamp>() {
        return Some(instant);
    }
    let local = compact
        .parse::<DateTime>()
        .or_else(|_| compact.parse::<Date>().map(|day| day.at(0, 0, 0, 0)))
        .ok()?;
    local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Seconds or milliseconds since 1970.
fn seconds(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn utc(text: &str) -> Option<String> {
        parse(text).map(|instant| instant.to_string())
    }

    #[test]
    fn dates_as_pages_write_them() {
        for (text, wanted) in [
            ("2023-09-04T18:30:00Z", "2023-09-04T18:30:00Z"),
            ("2023-09-04T18:30:00-04:00", "2023-09-04T22:30:00Z"),
            ("2023-09-04T18:30:00.250+0200", "2023-09-04T16:30:00.25Z"),
            ("2023-09-04 18:30:00 +0300", "2023-09-04T15:30:00Z"),
            ("2023-09-04 18:30", "2023-09-04T18:30:00Z"),
            ("2023-09-04 18:30:00 UTC", "2023-09-04T18:30:00Z"),
            ("2023/09/04 18:30:00", "2023-09-04T18:30:00Z"),
            ("2023-09-04", "2023-09-04T00:00:00Z"),
            ("20230904", "2023-09-04T00:00:00Z"),
            ("20230904T183000Z", "2023-09-04T18:30:00Z"),
            ("Mon, 04 Sep 2023 18:30:00 GMT", "2023-09-04T18:30:00Z"),
            ("Mon, 4 Sep 2023 18:30:00 -0400", "2023-09-04T22:30:00Z"),
            ("1693852200", "2023-09-04T18:30:00Z"),
            ("1693852200000", "2023-09-04T18:30:00Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_stays_unknown() {
        for text in [
            "",
            "yesterday",
            "03/04/2023",
            "0001-01-01T00:00:00Z",
            "1970-01-01",
            "2023-13-45",
            "12",
            "9999-01-01",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
