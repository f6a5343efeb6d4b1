//! What a feed itself says about how often to look at it.

use serde::{Deserialize, Serialize};

/// What a feed says about how often to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rhythm {
    /// RSS 2.0 `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency` (RSS 1.0 module Syndication), in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_minutes: Option<u32>,
    /// RSS `skipHours`: hours of the day, 0 to 23 in GMT, in which not to look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`: days of the week, 0 is Sunday, in GMT, on which not to look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_days: Vec<u8>,
}

impl Rhythm {
    /// True if nothing was said.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    /// The longest of what it says, in minutes.
    #[must_use]
    pub fn minutes(&self) -> Option<u32> {
        self.ttl_minutes.max(self.update_minutes)
    }
}
