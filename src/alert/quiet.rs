//! Quiet hours: when an alert is decided and kept, but told only at their end.

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::topic::Severity;

/// `quiet_hours = { from = "22:00", to = "07:00", except = "critical" }`, in local time; may span midnight.
#[derive(Debug, Clone, PartialEq)]
pub struct QuietHours {
    /// First quiet minute.
    pub from: Time,
    /// First loud minute.
    pub to: Time,
    /// This severity and above is told at once all the same.
    pub except: Option<Severity>,
    /// The person's time zone.
    pub zone: TimeZone,
}

impl QuietHours {
    /// When an alert of `severity` decided at `now` may be told: the end of the quiet hours it falls into, or `None` for
    /// at once.
    #[must_use]
    pub fn hold_until(&self, now: Timestamp, severity: Severity) -> Option<Timestamp> {
        if self.except.is_some_and(|loud| severity >= loud) {
            return None;
        }
        let local = now.to_zoned(self.zone.clone());
        let time = local.time();
        let quiet = if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            time >= self.from || time < self.to
        };
        if !quiet {
            return None;
        }
        let day = if time < self.to { local.date() } else { local.date().tomorrow().ok()? };
        day.at(self.to.hour(), self.to.minute(), self.to.second(), 0)
            .to_zoned(self.zone.clone())
            .ok()
            .map(|end| end.timestamp())
    }
}
