//! A set of zones: where a term may hit.

use std::fmt;

use crate::article::Zone;

/// A set of zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Zones(u8);

impl Zones {
    /// Every zone: the term has no prefix.
    pub(super) const ALL: Self = Self(0b1111);

    /// No zone: nothing was found.
    pub(super) const NONE: Self = Self(0);

    /// One zone.
    pub(super) fn of(zone: Zone) -> Self {
        Self(match zone {
            Zone::Title => 1,
            Zone::Lead => 2,
            Zone::Body => 4,
            Zone::Furniture => 8,
        })
    }

    pub(super) fn hold(self, zone: Zone) -> bool {
        self.0 & Self::of(zone).0 != 0
    }

    /// A bit for each zone, the lowest four.
    pub(super) fn bits(self) -> u8 {
        self.0
    }

    /// What [`Zones::bits`] gave; other bits do not matter.
    pub(super) fn from_bits(bits: u32) -> Self {
        Self(u8::try_from(bits & u32::from(Self::ALL.0)).unwrap_or(0))
    }

    /// The zones of either.
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The zones of both; `None` if there are none.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        Some(Self(self.0 & other.0)).filter(|both| both.0 != 0)
    }
}

impl fmt::Display for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("all");
        }
        let words: Vec<_> = Zone::ALL.into_iter().filter(|zone| self.hold(*zone)).map(Zone::word).collect();
        f.write_str(&words.join(", "))
    }
}
