//! The terms of the reports in the window: how rare each is, and which reports carry it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::{common, terms};

/// What is known about one term.
#[derive(Debug)]
struct Entry {
    text: Arc<str>,
    /// Imaginary reports of the warm start that have it.
    prior: u16,
    /// Reports in the window that have it; 0 means that the place is free.
    reports: u32,
    /// The reports in whose vectors it stands, by slot, in order of arrival.
    postings: VecDeque<u32>,
}

/// Terms by a small number each; numbers of forgotten terms are given out again, so that memory follows the window.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<Arc<str>, u32>,
    entries: Vec<Entry>,
    free: Vec<u32>,
}

impl Vocabulary {
    /// The number of `term`, if a report in the window has it.
    pub(super) fn number(&self, term: &str) -> Option<u32> {
        self.numbers.get(term).copied()
    }

    /// Counts one more report with `term`. `None` only if no number is left.
    pub(super) fn add(&mut self, term: &str) -> Option<u32> {
        if let Some(number) = self.number(term) {
            self.entry_mut(number)?.reports += 1;
            return Some(number);
        }
        let text: Arc<str> = term.into();
        let entry = Entry {
            text: Arc::clone(&text),
            prior: common::frequency(term),
            reports: 1,
            postings: VecDeque::new(),
        };
        let number = if let Some(number) = self.free.pop() {
            *self.entry_mut(number)? = entry;
            number
        } else {
            let number = u32::try_from(self.entries.len()).ok()?;
            self.entries.push(entry);
            number
        };
        self.numbers.insert(text, number);
        Some(number)
    }

    /// Counts one report less with the term, and forgets the term with its last report.
    pub(super) fn remove(&mut self, number: u32) {
        let Some(entry) = self.entry_mut(number) else { return };
        entry.reports = entry.reports.saturating_sub(1);
        if entry.reports == 0 {
            entry.postings = VecDeque::new();
            let text = Arc::clone(&entry.text);
            self.numbers.remove(&text);
            self.free.push(number);
        }
    }

    /// Notes that the term stands in the vector of the report at `slot`.
    pub(super) fn post(&mut self, number: u32, slot: u32) {
        if let Some(entry) = self.entry_mut(number) {
            entry.postings.push_back(slot);
        }
    }

    /// Undoes [`Vocabulary::post`]. The oldest stand in front, and they are the ones that leave.
    pub(super) fn unpost(&mut self, number: u32, slot: u32) {
        if let Some(entry) = self.entry_mut(number)
            && let Some(place) = entry.postings.iter().position(|posted| *posted == slot)
        {
            entry.postings.remove(place);
        }
    }

    /// The slots of the reports that have the term in their vectors.
    pub(super) fn postings(&self, number: u32) -> impl ExactSizeIterator<Item = u32> + DoubleEndedIterator {
        const NONE: &VecDeque<u32> = &VecDeque::new();
        self.entry(number).map_or(NONE, |entry| &entry.postings).iter().copied()
    }

    /// Inverse document frequency of a numbered term among `reports` reports: ln((N + 1) / (n + 1)), warm start included.
    pub(super) fn idf(&self, number: u32, reports: usize) -> f32 {
        self.entry(number).map_or(0.0, |entry| idf(entry.prior, entry.reports, reports))
    }

    /// The same of a term as text, known or not.
    pub(super) fn idf_of(&self, term: &str, reports: usize) -> f32 {
        self.number(term)
            .map_or_else(|| idf(common::frequency(term), 0, reports), |number| self.idf(number, reports))
    }

    /// The same of a folded word that was not stemmed yet.
    pub(super) fn idf_of_word(&self, word: &str, reports: usize) -> f32 {
        self.idf_of(terms::stem(word), reports)
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    fn entry_mut(&mut self, number: u32) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(number).ok()?)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of reports in a window: far below 2^24, and rarity needs no more"
)]
fn idf(prior: u16, seen: u32, reports: usize) -> f32 {
    let all = f32::from(common::REPORTS) + reports as f32;
    ((all + 1.0) / (f32::from(prior) + seen as f32 + 1.0)).ln().max(0.0)
}
