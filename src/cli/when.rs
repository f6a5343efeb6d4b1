//! Times in words: how long ago or from now, and the local time.

use jiff::tz::TimeZone;

use crate::clock::{Timestamp, since};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Now, and the zone in which times are shown.
#[derive(Debug, Clone)]
pub(super) struct When {
    /// The time now.
    pub(super) now: Timestamp,
    /// The zone.
    pub(super) zone: TimeZone,
}

impl When {
    /// "3 min ago", "in 12 min"; the date where it is over two months away.
    pub(super) fn words(&self, t: Timestamp) -> String {
        let past = t <= self.now;
        let away = if past { since(self.now, t) } else { since(t, self.now) }.as_secs();
        let length = match away {
            0..5 => return "now".to_owned(),
            5..MINUTE => format!("{away} s"),
            MINUTE..HOUR => format!("{} min", away / MINUTE),
            HOUR..172_800 => format!("{} h", away / HOUR),
            172_800..5_184_000 => format!("{} days", away / DAY),
            _ => return self.local(t),
        };
        if past { format!("{length} ago") } else { format!("in {length}") }
    }

    /// The same for a time that may be missing.
    pub(super) fn words_or(&self, t: Option<Timestamp>, otherwise: &str) -> String {
        t.map_or_else(|| otherwise.to_owned(), |t| self.words(t))
    }

    /// "2026-11-22 18:05" where the person is.
    pub(super) fn local(&self, t: Timestamp) -> String {
        t.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// "3 min ago (2026-11-22 18:05)".
    pub(super) fn both(&self, t: Timestamp) -> String {
        let (words, local) = (self.words(t), self.local(t));
        if words == local { local } else { format!("{words} ({local})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_times_are_lengths_and_far_ones_dates() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let when = When { now: at(0), zone: TimeZone::fixed(jiff::tz::offset(2)) };
        let words: Vec<String> = [0, -30, -185, 725, -7300, -47 * 3600, 50 * 3600, -90 * 86_400]
            .into_iter()
            .map(|second| when.words(at(second)))
            .collect();
        let wanted = [
            "now",
            "30 s ago",
            "3 min ago",
            "in 12 min",
            "2 h ago",
            "47 h ago",
            "in 2 days",
            "2023-08-17 00:13",
        ];
        assert_eq!(words, wanted);
        assert_eq!(when.both(at(-185)), "3 min ago (2023-11-15 00:10)");
        assert_eq!(when.words(Timestamp::MAX), when.local(Timestamp::MAX));
        assert_eq!(when.words(Timestamp::MIN), when.local(Timestamp::MIN));
    }
}
