//! `expect` of a topic: which files it must match, and which it must not.

use std::path::{Path, PathBuf};

use super::collect::{Collector, Place};
use super::files::expand;
use super::problem::{Mark, Problem};
use super::read::Item;
use super::schema::EXPECT;
use super::value::Mistake;
use crate::topic::Written;

/// What a topic is expected to say of some files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The topic's id.
    pub topic: String,
    /// As written: `examples/*.txt`, relative to the file that holds the topic.
    pub pattern: String,
    /// Whether it must match them, or must not.
    pub matches: bool,
    /// Where it is written.
    pub mark: Mark,
}

impl Expectation {
    /// The files, sorted; none if the pattern has a `*` and nothing fits.
    ///
    /// # Errors
    /// A file that is named is not there, a folder cannot be listed, or the pattern is none.
    pub fn files(&self) -> Result<Vec<PathBuf>, Box<Problem>> {
        let folder = self.mark.file.parent().unwrap_or(Path::new(""));
        expand(folder, &self.pattern)
            .map_err(|Mistake { message, hint }| Box::new(self.mark.problem(message, Some(hint), false)))
    }
}

/// The same as it was read.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) topic: String,
    pattern: Written,
    matches: bool,
}

impl Expected {
    /// With its place resolved.
    pub(super) fn settled(&self, to: &Collector) -> Expectation {
        let Self { topic, pattern, matches } = self;
        let mark = to.mark(&Place::from(pattern));
        Expectation { topic: topic.clone(), pattern: pattern.text.clone(), matches: *matches, mark }
    }
}

/// Reads `expect` of the topic `id`.
pub(super) fn expected(id: &Written, item: &Item, to: &mut Collector) -> Vec<Expected> {
    let Some(section) = item.section(&EXPECT, to) else { return Vec::new() };
    let mut all = Vec::new();
    for (key, matches) in [("match", true), ("no_match", false)] {
        let patterns = section.get(key).map(|item| item.texts(to)).unwrap_or_default();
        all.extend(patterns.into_iter().map(|pattern| Expected { topic: id.text.clone(), pattern, matches }));
    }
    if all.is_empty() {
        let hint = "write { match = [\"examples/*.txt\"] }, or delete it";
        to.missing(&item.place, "`expect` names no file", hint);
    }
    all
}
