//! `--since`: how far to go back.

use std::str::FromStr;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::{Timestamp, earlier};

/// A time in the past, as a person writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Since {
    /// `12h`, `30d`: so long ago.
    Ago(Duration),
    /// `today`, `yesterday`: since the start of the day so many days ago.
    Days(i8),
    /// `2026-11-22`: since the start of that day.
    Day(Date),
}

impl Since {
    /// When that was, seen from `now` in the person's `zone`; a day to come is now.
    pub(in crate::cli) fn at(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let day = match self {
            Self::Ago(length) => return earlier(now, length),
            Self::Days(days) => now.to_zoned(zone.clone()).date().saturating_sub(i64::from(days).days()),
            Self::Day(day) => day,
        };
        day.to_zoned(zone.clone()).map_or(Timestamp::MIN, |start| start.timestamp()).min(now)
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().to_lowercase().as_str() {
            "today" => return Ok(Self::Days(0)),
            "yesterday" => return Ok(Self::Days(1)),
            _ => {}
        }
        if let Ok(length) = humantime::parse_duration(text) {
            return Ok(Self::Ago(length));
        }
        text.trim().parse().map(Self::Day).map_err(|_| {
            "write a length of time (12h, 30d, 2weeks), today, yesterday, or a date (2026-11-22)".to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_days_and_dates_are_understood() {
        let now: Timestamp = "2026-11-22T01:30:00Z".parse().unwrap();
        // Where it is still the day before.
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let at = |text: &str| text.parse::<Since>().map(|since| since.at(now, &zone).to_string());
        for (text, start) in [
            ("12h", "2026-11-21T13:30:00Z"),
            ("2weeks", "2026-11-08T01:30:00Z"),
            ("today", "2026-11-21T05:00:00Z"),
            (" Yesterday", "2026-11-20T05:00:00Z"),
            ("2026-11-01", "2026-11-01T05:00:00Z"),
            ("2027-11-01", "2026-11-22T01:30:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Ok(start), "{text}");
        }
        for text in ["", "30", "last week", "2026-13-01", "22.11.2026", "-3d"] {
            assert!(at(text).is_err_and(|why| why.contains("30d") && why.contains("2026-11-22")), "{text}");
        }
    }
}
