//! Strings of the configuration → durations, sizes, times of day.

use std::time::Duration;

use jiff::civil::Time;

/// Why a string is not what is wanted there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// What [`duration`] reads, for people.
pub(super) const A_DURATION: &str = "a duration such as \"90s\"";
/// What [`time_of_day`] reads, for people.
pub(super) const A_TIME: &str = "a time of day such as \"22:00\"";

/// Seconds of a year, as humantime counts them.
const YEAR: u64 = 31_557_600;
/// No interval or retention of a news watcher is longer; keeps sums of times representable.
const LONGEST: Duration = Duration::from_hours(100 * 365 * 24);

/// `"500ms"`, `"90s"`, `"15m"`, `"6h"`, `"180d"`, `"3y"`, `"1h 30m"`; more than nothing.
pub(super) fn duration(text: &str) -> Result<Duration, Mistake> {
    match duration_or_zero(text)? {
        Duration::ZERO => {
            Err(Mistake::new("this duration is zero", "write a longer one, such as \"1s\" or \"15m\""))
        }
        duration => Ok(duration),
    }
}

/// As [`duration`], where `"0s"` means something.
pub(super) fn duration_or_zero(text: &str) -> Result<Duration, Mistake> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration <= LONGEST => Ok(duration),
        Ok(_) => Err(Mistake::new("this duration is over 100 years", "write a shorter one, such as \"3y\"")),
        Err(_) => Err(Mistake::new(
            format!("`{text}` is not a duration"),
            "write a number and a unit: \"500ms\", \"90s\", \"15m\", \"6h\", \"180d\", \"3y\"",
        )),
    }
}

/// `duration` as a person writes it, in the largest unit that divides it: "15m", "24h", "2d", "3y".
pub(super) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if duration.subsec_nanos() > 0 || seconds == 0 {
        return humantime::format_duration(duration).to_string();
    }
    let (size, unit) = [(YEAR, "y"), (86_400, "d"), (3_600, "h"), (60, "m")]
        .into_iter()
        .find(|(size, _)| seconds.is_multiple_of(*size) && seconds != 86_400)
        .unwrap_or(if seconds == 86_400 { (3_600, "h") } else { (1, "s") });
    format!("{}{unit}", seconds / size)
}

/// `"20MiB"`, `"512 KiB"`, `"5MB"`, `"1048576"` → bytes.
pub(super) fn size(text: &str) -> Result<u64, Mistake> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let factor: Option<u64> = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "kb" => Some(1_000),
        "kib" => Some(1 << 10),
        "mb" => Some(1_000_000),
        "mib" => Some(1 << 20),
        "gb" => Some(1_000_000_000),
        "gib" => Some(1 << 30),
        _ => None,
    };
    number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor)).ok_or_else(
        || {
            Mistake::new(
                format!("`{text}` is not a size"),
                "write a number and a unit: \"512KiB\", \"20MiB\"",
            )
        },
    )
}

/// `"07:00"`, `"22:30"`.
pub(super) fn time_of_day(text: &str) -> Result<Time, Mistake> {
    Time::strptime("%H:%M", text.trim()).map_err(|_| {
        Mistake::new(
            format!("`{text}` is not a time of day"),
            "write hours and minutes: \"07:00\", \"22:30\"",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_said_alike() {
        for text in ["500ms", "90s", "15m", "6h", "24h", "2d", "180d", "3y", "1s"] {
            assert_eq!(duration(text).map(spoken), Ok(text.to_owned()));
        }
        assert_eq!(duration("1h 30m"), Ok(Duration::from_mins(90)));
        assert_eq!(spoken(Duration::ZERO), "0s");
    }

    #[test]
    fn what_is_no_duration_gets_examples() {
        for text in ["", "fast", "15", "-5m", "5 parsecs"] {
            let mistake = duration(text).expect_err(text);
            assert!(mistake.hint.contains("\"15m\""), "{text}: {mistake:?}");
        }
        assert!(duration("0s").is_err() && duration_or_zero("0s") == Ok(Duration::ZERO));
        assert!(duration("200y").is_err() && duration("99999999999999999999y").is_err());
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(size("20MiB"), Ok(20 << 20));
        assert_eq!(size("512 kib"), Ok(512 << 10));
        assert_eq!(size("1048576"), Ok(1 << 20));
        for text in ["", "MiB", "20 MiBs", "-1", "99999999999GiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_of_day_are_read() {
        assert_eq!(time_of_day("22:30").map(|t| (t.hour(), t.minute())), Ok((22, 30)));
        for text in ["", "25:00", "7", "22:00:00", "10pm"] {
            assert!(time_of_day(text).is_err(), "{text}");
        }
    }
}
