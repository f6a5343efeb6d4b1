//! The terms of the reports in the window: how rare each is, and which reports carry it.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

use super::terms::Key;
use crate::text::rarity;

/// Terms have numbers below this, so that a number goes into 28 bits beside a count.
const NUMBERS: u32 = 1 << 28;

/// What is known about one term.
#[derive(Debug)]
struct Entry {
    key: Key,
    /// Imaginary reports of the warm start that have it.
    prior: u16,
    /// Reports in the window that have it; 0 means that the place is free.
    reports: u32,
    /// The reports in whose vectors it stands, by slot, in order of arrival.
    postings: Postings,
}

/// Most terms stand in one report only.
#[derive(Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "most terms stand in one report, and pay for the size of the other case"
)]
enum Postings {
    #[default]
    None,
    One(u32),
    Many(Box<VecDeque<u32>>),
}

/// Terms by a small number each; numbers of forgotten terms are given out again, so that memory follows the window.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<Key, u32, RandomState>,
    entries: Vec<Entry>,
    /// By number, the logarithm of how many reports have the term, warm start included: likeness is made of these.
    frequencies: Vec<f32>,
    free: Vec<u32>,
}

impl Vocabulary {
    /// The number of `term`, if a report in the window has it.
    pub(super) fn number(&self, term: Key) -> Option<u32> {
        self.numbers.get(&term).copied()
    }

    /// Counts one more report with `term`. `None` only if no number is left.
    pub(super) fn add(&mut self, term: Key) -> Option<u32> {
        if let Some(number) = self.number(term) {
            self.count(number, 1);
            return Some(number);
        }
        let entry =
            Entry { key: term, prior: rarity::frequency(term), reports: 0, postings: Postings::default() };
        let number = if let Some(number) = self.free.pop() {
            *self.entry_mut(number)? = entry;
            number
        } else {
            let number = u32::try_from(self.entries.len()).ok().filter(|number| *number < NUMBERS)?;
            self.entries.push(entry);
            self.frequencies.push(0.0);
            number
        };
        self.numbers.insert(term, number);
        self.count(number, 1);
        Some(number)
    }

    /// Counts one report less with the term, and forgets the term with its last report.
    pub(super) fn remove(&mut self, number: u32) {
        self.count(number, -1);
        let Some(entry) = self.entry_mut(number).filter(|entry| entry.reports == 0) else { return };
        entry.postings = Postings::None;
        let key = entry.key;
        self.numbers.remove(&key);
        self.free.push(number);
    }

    fn count(&mut self, number: u32, more: i32) {
        let Some(entry) = self.entry_mut(number) else { return };
        entry.reports = entry.reports.saturating_add_signed(more);
        let frequency = logarithm(entry.prior, entry.reports);
        if let Some(place) = self.frequencies.get_mut(place(number)) {
            *place = frequency;
        }
    }

    /// Notes that the term stands in the vector of the report at `slot`.
    pub(super) fn post(&mut self, number: u32, slot: u32) {
        let Some(entry) = self.entry_mut(number) else { return };
        match &mut entry.postings {
            Postings::Many(slots) => slots.push_back(slot),
            Postings::One(first) => entry.postings = Postings::Many(Box::new([*first, slot].into())),
            Postings::None => entry.postings = Postings::One(slot),
        }
    }

    /// Undoes [`Vocabulary::post`]. The oldest stand in front, and they are the ones that leave.
    pub(super) fn unpost(&mut self, number: u32, slot: u32) {
        let Some(entry) = self.entry_mut(number) else { return };
        match &mut entry.postings {
            Postings::One(first) if *first == slot => entry.postings = Postings::None,
            Postings::Many(slots) => {
                if let Some(place) = slots.iter().position(|posted| *posted == slot) {
                    slots.remove(place);
                }
            }
            Postings::One(_) | Postings::None => {}
        }
    }

    /// How many reports have the term in their vectors.
    pub(super) fn posted(&self, number: u32) -> usize {
        match self.entry(number).map(|entry| &entry.postings) {
            Some(Postings::Many(slots)) => slots.len(),
            Some(Postings::One(_)) => 1,
            Some(Postings::None) | None => 0,
        }
    }

    /// The slots of the `most` latest reports that have the term in their vectors.
    pub(super) fn postings(&self, number: u32, most: usize) -> impl Iterator<Item = u32> {
        let (one, (older, newer)) = match self.entry(number).map(|entry| &entry.postings) {
            Some(Postings::Many(slots)) => (None, slots.as_slices()),
            Some(Postings::One(slot)) => (Some(*slot), Default::default()),
            Some(Postings::None) | None => (None, Default::default()),
        };
        one.into_iter().chain(newer.iter().rev().chain(older.iter().rev()).copied()).take(most)
    }

    /// What [`Vocabulary::idf`] measures all terms against while there are `reports` reports.
    pub(super) fn scale(reports: usize) -> f32 {
        logarithm(rarity::REPORTS, u32::try_from(reports).unwrap_or(u32::MAX))
    }

    /// Inverse document frequency of a numbered term among N reports: ln((N + 1) / (n + 1)), warm start included.
    pub(super) fn idf(&self, number: u32, scale: f32) -> f32 {
        self.frequencies.get(place(number)).map_or(0.0, |frequency| (scale - frequency).max(0.0))
    }

    /// The same of a term that may have no number.
    pub(super) fn idf_of(&self, term: Key, scale: f32) -> f32 {
        self.number(term).map_or_else(
            || (scale - logarithm(rarity::frequency(term), 0)).max(0.0),
            |number| self.idf(number, scale),
        )
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(place(number))
    }

    fn entry_mut(&mut self, number: u32) -> Option<&mut Entry> {
        self.entries.get_mut(place(number))
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// ln(n + 1) of imaginary and real reports together.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of reports in a window: far below 2^24, and rarity needs no more"
)]
fn logarithm(imaginary: u16, real: u32) -> f32 {
    (f32::from(imaginary) + real as f32 + 1.0).ln()
}
