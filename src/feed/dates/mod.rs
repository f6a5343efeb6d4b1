//! Dates as feeds write them: RFC 822 and ISO 8601 with the faults that both come with, and what people write instead.
//!
//! A date is read from its parts, in whatever order: a month by name (of some thirty languages) or a day in numbers, a
//! time with colons, a zone after the time. What is not known is skipped: days of the week, which are often wrong,
//! "at", "Uhr". What says two things is no date.
//!
//! Days in numbers are read only where they mean one day:
//!
//! - `YYYY-MM-DD` with any separator; `YY-MM-DD` if a T follows;
//! - `D.M.YYYY` with dots;
//! - `1/2/2026`, `1-2-2026` and all three with a year of two digits are written in more than one order: they are read
//!   if the calendar or an English day of the week in the same text leaves one reading ("13/2/2026", "Sun, 1/2/2026"),
//!   else they are no date. The order is not taken from the language or the half of the day: both are shared by
//!   countries that differ.

use std::time::Duration;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::clock::{Timestamp, later};

mod clock;
mod names;
mod scan;
#[cfg(test)]
mod tests;

use clock::Clock;
use names::{Half, Zone};

/// Longest text that is looked at, in characters.
const MAX_LENGTH: usize = 100;
/// Dates before this year are mistakes (1970, 0001): the web is not older.
const FIRST_YEAR: i16 = 1990;
/// Latest date that is believed: clocks are wrong and zones are forgotten, but not by more.
const FUTURE: Duration = Duration::from_hours(48);

/// The instant that `text` means, if it lies between 1990 and two days after `now`. A time without a zone is taken as
/// UTC, a day without a time as its midnight, a month as its first day. Nothing is guessed: a text that can mean two
/// days (`03/04/2023`) is no date.
#[must_use]
pub fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = fold(text)?;
    plausible(epoch(&text).or_else(|| year(&text)).or_else(|| from_parts(&text))?, now)
}

/// `time`, unless it is before 1990 or more than two days after `now`.
pub(super) fn plausible(time: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let known = Offset::UTC.to_datetime(time).year() >= FIRST_YEAR && time <= later(now, FUTURE);
    known.then_some(time)
}

/// `text` in lower case, without marks on its letters, with ASCII for digits, hyphens and whatever is wide; None if it
/// is longer than a date can be.
fn fold(text: &str) -> Option<String> {
    let mut folded = String::new();
    let words = text.split_whitespace().flat_map(|word| word.chars().chain([' ']));
    let marked = words.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c));
    // Composed again for the sake of Hangul, whose syllables fall apart.
    for (index, c) in marked.nfc().flat_map(char::to_lowercase).enumerate() {
        if index > MAX_LENGTH {
            return None;
        }
        folded.push(ascii(c));
    }
    let mut folded = folded.trim().replace('\u{307}', ""); // İ, in lower case, keeps its dot.
    if !folded.is_ascii() {
        for (two, one) in names::OF_TWO_WORDS {
            folded = folded.replace(two, one);
        }
    }
    Some(folded)
}

/// Signs of the direction of writing, soft hyphens and the like.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn ascii(c: char) -> char {
    let digit = |zero: char| char::from_digit(u32::from(c).wrapping_sub(u32::from(zero)), 10);
    match c {
        '٠'..='٩' => digit('٠').unwrap_or(c),
        '۰'..='۹' => digit('۰').unwrap_or(c),
        '०'..='९' => digit('०').unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        'ı' => 'i',
        'ς' => 'σ',
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// Seconds, milliseconds or microseconds since 1970.
fn epoch(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let number: i64 = whole.parse().ok()?;
    let instant = match whole.len() {
        _ if !fraction.bytes().all(|b| b.is_ascii_digit()) => None,
        9 | 10 => Timestamp::from_second(number).ok(),
        12 if whole.starts_with(['1', '2']) => None, // YYYYMMDDhhmm
        12 | 13 => Timestamp::from_millisecond(number).ok(),
        16 => Timestamp::from_microsecond(number).ok(),
        _ => None,
    };
    instant.filter(|_| whole.bytes().all(|b| b.is_ascii_digit()))
}

/// A year alone (W3C-DTF): its first day.
fn year(text: &str) -> Option<Timestamp> {
    let year: i16 = Some(text).filter(|text| text.len() == 4)?.parse().ok()?;
    instant(Date::new(year, 1, 1).ok()?, Clock::default(), None)
}

fn from_parts(text: &str) -> Option<Timestamp> {
    let parts = scan::scan(text)?;
    let mut clock = parts.clock.unwrap_or_default();
    match parts.half {
        Some(Half::Evening) if clock.hour < 12 => clock.hour += 12,
        Some(Half::Morning) if clock.hour == 12 => clock.hour = 0,
        _ => {} // "15:04 PM" counts to 24 all the same.
    }
    instant(parts.date()?, clock, parts.zone)
}

fn instant(date: Date, clock: Clock, zone: Option<Zone>) -> Option<Timestamp> {
    // 24:00 is the start of the next day (ISO 8601), 24:15 is no time; a leap second has no second of its own.
    let (date, hour) = match clock {
        Clock { hour: 24, minute: 0, second: 0, nanosecond: 0 } => (date.tomorrow().ok()?, 0),
        _ => (date, clock.hour),
    };
    let second = if clock.second == 60 { 59 } else { clock.second };
    let time = Time::new(
        hour.try_into().ok()?,
        clock.minute.try_into().ok()?,
        second.try_into().ok()?,
        clock.nanosecond,
    );
    let local = DateTime::from_parts(date, time.ok()?);
    let east = zone.map_or(0, |zone| zone.east + if zone.summer && is_us_summer(local) { 60 } else { 0 });
    Offset::from_seconds(east.checked_mul(60)?).ok()?.to_timestamp(local).ok()
}

/// Whether the clocks of the United States are an hour ahead: from the second Sunday of March to the first of
/// November, as since 2007.
fn is_us_summer(local: DateTime) -> bool {
    let sunday = |month, nth| {
        let first = Date::new(local.year(), month, 1).ok()?;
        Some(first.nth_weekday_of_month(nth, Weekday::Sunday).ok()?.at(2, 0, 0, 0))
    };
    sunday(3, 2).zip(sunday(11, 1)).is_some_and(|(from, to)| (from..to).contains(&local))
}
