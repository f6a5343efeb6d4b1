//! What time it is at the press: the phase of the story, and the fiction's clock.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::{Clock, Timestamp, later};

/// How far the story has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Only other news, so that a first look has a baseline.
    Baseline,
    /// The first outlet tells the story; another has the sidebar page.
    Breaks,
    /// The five others retell it.
    Retold,
    /// One outlet adds what the White House says on the record.
    Update,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Self; 4] = [Self::Baseline, Self::Breaks, Self::Retold, Self::Update];

    /// The fiction's time when this phase begins: a little after its last piece was published. The retelling lies within
    /// six hours (the usual cooldown) of the break, the update beyond it.
    #[must_use]
    pub const fn begins(self) -> Timestamp {
        match self {
            Self::Baseline => september(4, 12, 0),
            Self::Breaks => september(4, 16, 15),
            Self::Retold => september(4, 21, 30),
            Self::Update => september(5, 9, 45),
        }
    }
}

/// The phase that the press is in, moved on by the demo and read by every outlet; also the clock of the fiction.
///
/// As a [`Clock`] it stands at [`Phase::begins`] and runs from there, so that reports of 2023 are minutes old to the
/// daemon instead of years, which time decay, the window of stories and cooldowns depend on.
#[derive(Debug)]
pub struct Moment {
    phase: AtomicU8,
    opened: Instant,
}

impl Moment {
    /// A press in `phase`.
    #[must_use]
    pub fn new(phase: Phase) -> Self {
        Self { phase: AtomicU8::new(phase as u8), opened: Instant::now() }
    }

    /// The phase now.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let stored = self.phase.load(Ordering::Acquire);
        Phase::ALL.into_iter().find(|phase| *phase as u8 == stored).unwrap_or(Phase::Baseline)
    }

    /// Moves on to `phase`: the next request sees its news.
    pub fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    /// How long the press has been open, in real time.
    fn open_for(&self) -> Duration {
        self.opened.elapsed()
    }
}

impl Clock for Moment {
    fn now(&self) -> Timestamp {
        later(self.phase().begins(), self.open_for())
    }
}

/// A time of September 2023, UTC.
pub(super) const fn september(day: i64, hour: i64, minute: i64) -> Timestamp {
    /// 2023-09-01T00:00:00Z.
    const FIRST: i64 = 1_693_526_400;
    Timestamp::constant(FIRST + (day - 1) * 86_400 + hour * 3_600 + minute * 60, 0)
}
