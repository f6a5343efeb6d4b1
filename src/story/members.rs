//! Which outlets tell each story of the window, and how often.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use foldhash::quality::FixedState;

use super::gazetteer;

/// An outlet by the hash of its name; each of its spellings that the gazetteer knows has the same. Zero: nameless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutletKey(u64);

impl OutletKey {
    /// The key of the outlet that is called `name`.
    pub(super) fn of(name: &str) -> Self {
        let name = gazetteer::by_name(name).map_or(name.trim(), |known| known.name);
        Self(if name.is_empty() { 0 } else { FixedState::default().hash_one(name) | 1 })
    }
}

/// The outlets of one story with their reports. Most stories have one.
#[derive(Debug)]
#[expect(
    clippy::box_collection,
    reason = "most stories have one outlet, and pay for the size of the other case"
)]
enum Outlets {
    One(OutletKey, u32),
    Many(Box<Vec<(OutletKey, u32)>>),
}

/// Reports in the window by story and outlet.
#[derive(Debug, Default)]
pub(super) struct Members(HashMap<i64, Outlets, RandomState>);

impl Members {
    pub(super) fn add(&mut self, story: i64, outlet: OutletKey) {
        let outlets = self.0.entry(story).or_insert(Outlets::One(outlet, 0));
        match outlets {
            Outlets::One(only, count) if *only == outlet => *count += 1,
            Outlets::One(only, count) => {
                *outlets = Outlets::Many(Box::new(vec![(*only, *count), (outlet, 1)]));
            }
            Outlets::Many(all) => match all.iter_mut().find(|(known, _)| *known == outlet) {
                Some((_, count)) => *count += 1,
                None => all.push((outlet, 1)),
            },
        }
    }

    pub(super) fn remove(&mut self, story: i64, outlet: OutletKey) {
        let empty = match self.0.get_mut(&story) {
            None => return,
            Some(Outlets::One(_, count)) => {
                *count -= 1;
                *count == 0
            }
            Some(Outlets::Many(all)) => {
                for (_, count) in all.iter_mut().filter(|(known, _)| *known == outlet) {
                    *count -= 1;
                }
                all.retain(|(_, count)| *count > 0);
                all.is_empty()
            }
        };
        if empty {
            self.0.remove(&story);
        }
    }

    /// How many reports `story` has.
    pub(super) fn count(&self, story: i64) -> usize {
        let count = match self.0.get(&story) {
            None => 0,
            Some(Outlets::One(_, count)) => *count,
            Some(Outlets::Many(all)) => all.iter().map(|(_, count)| count).sum(),
        };
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// Whether all reports of `story` are `outlet`'s. Nobody's are not.
    pub(super) fn are_all(&self, story: i64, outlet: OutletKey) -> bool {
        outlet.0 != 0
            && self.0.get(&story).is_some_and(|outlets| match outlets {
                Outlets::One(only, _) => *only == outlet,
                Outlets::Many(all) => all.iter().all(|(other, _)| *other == outlet),
            })
    }
}
