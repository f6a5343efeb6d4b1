//! Dates as feeds write them: RFC 3339 and RFC 822, with the faults that both come with.

use std::time::Duration;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::clock::{Timestamp, later};

/// Longest text that is looked at.
const MAX_LENGTH: usize = 80;
/// Dates before this year are mistakes (1970, 0001): the web is not older.
const FIRST_YEAR: i16 = 1990;

/// Zones by name, in minutes east of UTC. RFC 822 knows the American ones; the rest is what feeds use.
const ZONES: [(&str, i32); 29] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("et", -300),
    ("cst", -360),
    ("cdt", -300),
    ("ct", -360),
    ("mst", -420),
    ("mdt", -360),
    ("mt", -420),
    ("pst", -480),
    ("pdt", -420),
    ("pt", -480),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("jst", 540),
    ("kst", 540),
];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Latest date that is believed: clocks are wrong and zones are forgotten, but not by more.
const FUTURE: Duration = Duration::from_hours(48);

/// The instant that `text` means, if it lies between 1990 and two days after `now`. A date without a zone is taken as
/// UTC.
pub(super) fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > MAX_LENGTH || !text.is_ascii() {
        return None;
    }
    plausible(iso(text).or_else(|| words(text)).or_else(|| epoch(text))?, now)
}

/// `time`, unless it is before 1990 or more than two days after `now`.
pub(super) fn plausible(time: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let known = Offset::UTC.to_datetime(time).year() >= FIRST_YEAR && time <= later(now, FUTURE);
    known.then_some(time)
}

/// `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYYMMDD`, `YYYY-MM` and `YYYY`, with or without time and zone.
fn iso(text: &str) -> Option<Timestamp> {
    let mut cursor = Cursor(text);
    let year = cursor.number(4, 4)?;
    let separated = cursor.eat("-/.");
    let month = cursor.number(if separated { 1 } else { 2 }, 2);
    let separated = month.is_some() && cursor.eat("-/.");
    let day = cursor.number(if separated { 1 } else { 2 }, 2);
    let date = date(year, month.unwrap_or(1), day.unwrap_or(1))?;
    let apart = cursor.0.starts_with(' ');
    cursor.spaces();
    if !cursor.eat("Tt") && !apart && !cursor.0.is_empty() {
        return None;
    }
    cursor.spaces();
    let clock = cursor.clock(true).unwrap_or_default();
    let zone = cursor.zone();
    cursor.spaces();
    if cursor.0.is_empty() { instant(date, clock, zone.unwrap_or(0)) } else { None }
}

/// Month by name: RFC 822, asctime, and what lies between; `M/D/YYYY` as well.
fn words(text: &str) -> Option<Timestamp> {
    let mut cursor = Cursor(text);
    let (mut day, mut month, mut year, mut clock, mut zone) = (None, None, None, None, None);
    while !cursor.0.is_empty() {
        if cursor.eat(" ,.()") || (clock.is_none() && cursor.eat("-/")) {
            continue;
        }
        if let Some(time) = cursor.clock(false) {
            clock = Some(time);
        } else if clock.is_some() && cursor.0.starts_with(['+', '-']) {
            zone = Some(cursor.zone()?);
        } else if let (Some(number), digits) = cursor.counted() {
            let slash = cursor.0.starts_with('/');
            if digits >= 4 || (day.is_some() && month.is_some()) {
                year = Some(if digits < 4 { full_year(number) } else { number });
            } else if slash && month.is_none() && number <= 12 {
                month = Some(number);
            } else {
                day = Some(number);
            }
        } else {
            let word = cursor.word()?.to_ascii_lowercase();
            let named = MONTHS.iter().position(|name| word.starts_with(name));
            if let Some(index) = named.filter(|_| month.is_none()) {
                month = Some(i32::try_from(index).ok()? + 1);
            } else if let Some(minutes) = clock.and_then(|_| zone_named(&word)) {
                zone = Some(minutes + cursor.zone_offset().unwrap_or(0));
            }
        }
    }
    instant(date(year?, month?, day?)?, clock.unwrap_or_default(), zone.unwrap_or(0))
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9..=10 => Timestamp::from_second(number).ok(),
        12..=13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// RFC 2822, 4.3: two digits are 1950 to 2049, three count from 1900.
fn full_year(number: i32) -> i32 {
    number + if number < 50 { 2000 } else { 1900 }
}

fn zone_named(word: &str) -> Option<i32> {
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, minutes)| *minutes)
}

#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
}

fn instant(date: Date, clock: Clock, zone: i32) -> Option<Timestamp> {
    // 24:00 is the start of the next day; a leap second has no second of its own.
    let date = if clock.hour == 24 { date.tomorrow().ok()? } else { date };
    let time = Time::new(clock.hour % 24, clock.minute, clock.second.min(59), clock.nanosecond).ok()?;
    let offset = Offset::from_seconds(zone.checked_mul(60)?).ok()?;
    offset.to_timestamp(DateTime::from_parts(date, time)).ok()
}

/// What is left of the text.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn eat(&mut self, set: &str) -> bool {
        let rest = self.0.strip_prefix(|c| set.contains(c));
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn spaces(&mut self) {
        self.0 = self.0.trim_start();
    }

    /// A number of at least `min` digits, of which at most `max` are taken.
    fn number(&mut self, min: usize, max: usize) -> Option<i32> {
        let digits = self.0.bytes().take(max).take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at_checked(digits).filter(|_| digits >= min)?;
        let number = number.parse().ok()?;
        self.0 = rest;
        Some(number)
    }

    /// A number and how many digits it has, without the "st" or "th" after it.
    fn counted(&mut self) -> (Option<i32>, usize) {
        let before = self.0.len();
        let number = self.number(1, 9);
        let digits = before - self.0.len();
        for suffix in ["st", "nd", "rd", "th"] {
            self.0 = self.0.strip_prefix(suffix).filter(|_| digits > 0).unwrap_or(self.0);
        }
        (number, digits)
    }

    fn word(&mut self) -> Option<&'a str> {
        let end = self.0.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at_checked(end).filter(|_| end > 0)?;
        self.0 = rest;
        Some(word)
    }

    /// `15:04`, `15:04:05.678`, `3:04 PM`; `1504` and `15` too where `compact`.
    fn clock(&mut self, compact: bool) -> Option<Clock> {
        let mut ahead = Cursor(self.0);
        let hour = ahead.number(1, 2)?;
        let colon = ahead.eat(":");
        if !colon && !compact {
            return None;
        }
        let minute = ahead.number(if colon { 1 } else { 2 }, 2).unwrap_or(0);
        let second = if ahead.eat(":") {
            ahead.number(1, 2)?
        } else {
            (!colon).then(|| ahead.number(2, 2)).flatten().unwrap_or(0)
        };
        let mut nanosecond = 0;
        if (ahead.0.starts_with(['.', ',']))
            && ahead.0.get(1..).is_some_and(|f| f.starts_with(|c: char| c.is_ascii_digit()))
        {
            ahead.eat(".,");
            let before = ahead.0.len();
            let fraction = ahead.number(1, 9)?;
            let digits = u32::try_from(before - ahead.0.len()).ok()?;
            nanosecond = fraction * 10_i32.checked_pow(9_u32.checked_sub(digits)?)?;
            while ahead.number(1, 9).is_some() {}
        }
        let rest = ahead.0.trim_start().to_ascii_lowercase();
        let half = ["am", "pm", "a.m.", "p.m."].into_iter().find(|half| rest.starts_with(half));
        let hour = match half {
            Some(half) => {
                ahead.spaces();
                ahead.0 = ahead.0.get(half.len()..)?;
                hour % 12 + if half.starts_with('p') { 12 } else { 0 }
            }
            None => hour,
        };
        *self = ahead;
        Some(Clock {
            hour: hour.try_into().ok()?,
            minute: minute.try_into().ok()?,
            second: second.try_into().ok()?,
            nanosecond,
        })
    }

    /// A zone by name, by offset or both, in minutes east of UTC.
    fn zone(&mut self) -> Option<i32> {
        self.spaces();
        let named = Cursor(self.0)
            .word()
            .and_then(|word| Some((zone_named(&word.to_ascii_lowercase())?, word.len())));
        if let Some((minutes, length)) = named {
            self.0 = self.0.get(length..)?;
            return Some(minutes + self.zone_offset().unwrap_or(0));
        }
        self.zone_offset()
    }

    /// `+02:00`, `+0200`, `+02`, `+2`.
    fn zone_offset(&mut self) -> Option<i32> {
        let sign = if self.0.starts_with('-') { -1 } else { 1 };
        if !self.eat("+-") {
            return None;
        }
        let hours = self.number(1, 2)?;
        self.eat(":");
        Some(sign * (hours * 60 + self.number(2, 2).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().expect("a time")
    }

    fn of(text: &str) -> String {
        parse(text, now()).map(|time| time.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_standards() {
        for text in [
            "2026-08-22T10:30:05Z",
            "2026-08-22T12:30:05+02:00",
            "2026-08-22t10:30:05.000z",
            "20260822T103005Z",
            "2026-08-22 10:30:05",
            "Sat, 22 Aug 2026 10:30:05 GMT",
            "Sat, 22 Aug 2026 10:30:05 +0000",
            "22 Aug 26 06:30:05 EDT",
            "Sat Aug 22 10:30:05 2026",
            "1787394605",
            "1787394605000",
        ] {
            assert_eq!(of(text), "2026-08-22T10:30:05Z", "{text}");
        }
        assert_eq!(of("2026-08-22T10:30:05.25Z"), "2026-08-22T10:30:05.25Z");
        assert_eq!(of("2026-08-22"), "2026-08-22T00:00:00Z");
        assert_eq!(of("2026-08"), "2026-08-01T00:00:00Z");
        assert_eq!(of("2026"), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn the_faults() {
        for text in [
            "Saturday, August 22nd, 2026, 10:30:05",
            "Thurs, 22 August 2026 10:30:5 Z",
            "22-Aug-2026 10:30:05 UTC",
            "Sat,22 Aug 2026 10:30:05 +00:00",
            "2026/08/22 10:30:05 +0000",
            "Aug 22, 2026 10:30:05 AM GMT",
            "8/22/2026 10:30:05",
            "Sat Aug 22 10:30:05 UTC 2026",
            "Sat, 22 Aug 2026 13:30:05 GMT+0300",
            "Sat, 22 Aug 2026 10:30:05 +0000 (UTC)",
        ] {
            assert_eq!(of(text), "2026-08-22T10:30:05Z", "{text}");
        }
        assert_eq!(of("22 Aug 2026 3:04 PM EST"), "2026-08-22T20:04:00Z");
        assert_eq!(of("Fri, 21 Aug 2026 24:00:00 GMT"), "2026-08-22T00:00:00Z");
        assert_eq!(of("22 Aug 2026"), "2026-08-22T00:00:00Z");
    }

    #[test]
    fn nonsense_and_the_implausible_are_no_dates() {
        for text in [
            "",
            "today",
            "0001-01-01T00:00:00Z",
            "1970-01-01",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "2026-13-01",
            "31 Feb 2026",
            "0",
            "12",
            "2026-08-22 later",
        ] {
            assert_eq!(of(text), "", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[0-9TZ:+./, a-yé-]{0,40}") {
            let _ = parse(&text, now());
        }

        #[test]
        fn what_rfc_3339_writes_is_read(second in 631_152_000_i64..1_795_000_000) {
            let time = Timestamp::from_second(second).expect("in range");
            prop_assert_eq!(parse(&time.to_string(), now()), Some(time));
        }
    }
}
