//! Which topics an article may be about at all: each is filed under phrases of which it needs one, so that judging an
//! article costs what it is about, not how many topics there are.

use super::matcher::PatternId;
use super::rule::{Line, Topic, Way};

/// Topics by the phrases that they are filed under.
#[derive(Debug, Default)]
pub(super) struct Filing {
    /// By pattern: places in `topics`, the next pattern's being the end.
    starts: Vec<usize>,
    topics: Vec<usize>,
}

impl Filing {
    /// Files every way of every topic: under the cheapest line of its `all`; without one, under so many lines of its
    /// `any` that it cannot be true without one of them.
    pub(super) fn new(topics: &[Topic], patterns: usize) -> Self {
        // What a phrase costs is how many ways use it: those that many topics share are what the news is full of.
        let mut uses = vec![0_usize; patterns];
        for line in topics.iter().flat_map(|topic| &topic.ways).flat_map(Way::lines) {
            for term in line.terms.iter() {
                if let Some(count) = uses.get_mut(index(term.pattern)) {
                    *count += 1;
                }
            }
        }
        let cost = |line: &&Line| -> usize {
            line.terms.iter().filter_map(|term| uses.get(index(term.pattern))).sum()
        };
        let mut filed: Vec<(PatternId, usize)> = Vec::new();
        for (number, topic) in topics.iter().enumerate() {
            for way in &topic.ways {
                let mut lines: Vec<&Line> =
                    if way.all.is_empty() { way.any.iter().collect() } else { way.all.iter().collect() };
                let needed = if way.all.is_empty() { way.any.len().saturating_sub(way.min) + 1 } else { 1 };
                lines.sort_by_key(cost);
                let keys = lines.iter().take(needed).flat_map(|line| line.terms.iter());
                filed.extend(keys.map(|term| (term.pattern, number)));
            }
        }
        filed.sort_unstable();
        filed.dedup();
        let starts = (0..=patterns)
            .map(|pattern| filed.partition_point(|(filed, _)| index(*filed) < pattern))
            .collect();
        Self { starts, topics: filed.into_iter().map(|(_, topic)| topic).collect() }
    }

    /// The topics filed under any of `patterns`, in order, each once.
    pub(super) fn candidates(&self, patterns: impl Iterator<Item = PatternId>) -> Vec<usize> {
        let mut found: Vec<usize> = patterns
            .filter_map(|pattern| {
                let start = *self.starts.get(index(pattern))?;
                self.topics.get(start..*self.starts.get(index(pattern) + 1)?)
            })
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
