//! Pages that wait for a later look, which reads them also where the document itself brings nothing new: the validators
//! of a feed are kept whatever became of the pages of its entries.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Remembered;
use super::pages::Page;
use crate::clock::Timestamp;
use crate::feed::{Entry, Is, Known, Sighting};
use crate::store::Waiting;

/// How often a page that failed for a passing reason is asked for, once a look.
const TRIES: u32 = 3;
/// After so long a page is given up, also if it was never asked for: its entry stays told from its feed.
const LONGEST: Duration = Duration::from_hours(72);
/// Most pages that one look reads of those that the document did not bring again.
const AT_ONCE: usize = 200;

impl Page {
    /// Whether a later look is to read it, after so many `tries` before this one, in so long.
    pub(super) fn waits(self, tries: u32, waited: Duration) -> bool {
        let again = match self {
            Self::Done | Self::Wall => false,
            Self::Failed => tries + 1 < TRIES,
            Self::Unasked => true,
        };
        again && waited < LONGEST
    }

    /// How often it was asked for in vain, with this time.
    pub(super) fn tries(self, before: u32) -> u32 {
        before + u32::from(self == Self::Failed)
    }
}

/// The pages that wait: those of earlier looks that this one has not met yet, and those that are left for the next.
#[derive(Debug, Default)]
pub(super) struct Pages {
    earlier: BTreeMap<String, (Waiting, Known)>,
    left: Vec<Waiting>,
}

impl Pages {
    /// Those of which `remembered` says that they wait.
    pub(super) fn of(remembered: &mut Remembered) -> Self {
        let mut waiting: BTreeMap<String, Waiting> = std::mem::take(&mut remembered.waiting)
            .into_iter()
            .map(|waiting| (waiting.entry.key.clone(), waiting))
            .collect();
        let waits = remembered.known.iter().filter(|known| known.hash.is_empty());
        let earlier = waits
            .filter_map(|known| Some((known.key.clone(), (waiting.remove(&known.key)?, known.clone()))))
            .collect();
        Self { earlier, left: Vec::new() }
    }

    /// Whether all pages that are to be read are known here, so that the document is not needed for them.
    pub(super) fn holds_all(&self, known: &[Known]) -> bool {
        known.iter().filter(|known| known.hash.is_empty()).all(|known| self.earlier.contains_key(&known.key))
    }

    /// The look has met the entry `key`: since when its page waits.
    pub(super) fn met(&mut self, key: &str, now: Timestamp) -> Timestamp {
        self.earlier.remove(key).map_or(now, |(waiting, _)| waiting.since)
    }

    /// The page of `entry` is left for the next look.
    pub(super) fn leave(&mut self, entry: &Entry, since: Timestamp) {
        self.left.push(Waiting { entry: entry.clone(), since });
    }

    /// Those that the document did not bring again, to be read now.
    pub(super) fn to_read(&self) -> Vec<Sighting> {
        let sighting = |(waiting, known): &(Waiting, Known)| Sighting {
            hash: waiting.entry.content_hash(),
            entry: waiting.entry.clone(),
            marks: known.marks,
            is: Is::Known(known.clone(), None),
        };
        self.earlier.values().take(AT_ONCE).map(sighting).collect()
    }

    /// Those that wait after the look.
    pub(super) fn after(self) -> Vec<Waiting> {
        let Self { earlier, mut left } = self;
        left.extend(earlier.into_values().map(|(waiting, _)| waiting));
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_is_counted_only_if_the_page_was_asked_for() {
        let (mut tries, mut looks) = (0, 0);
        while Page::Failed.waits(tries, Duration::ZERO) {
            tries = Page::Failed.tries(tries);
            looks += 1;
            // Any number of looks at which its host wanted quiet.
            for _ in 0..9 {
                assert!(Page::Unasked.waits(tries, LONGEST / 2));
                tries = Page::Unasked.tries(tries);
            }
        }
        assert_eq!(looks + 1, TRIES);
        assert!(!Page::Unasked.waits(0, LONGEST) && !Page::Done.waits(0, Duration::ZERO));
    }
}
