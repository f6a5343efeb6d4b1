//! Which topics an article may be about at all: each is filed under phrases of which it needs one, so that judging an
//! article costs what it is about, not how many topics there are.

use super::matcher::PatternId;
use super::rule::{Line, Topic};

/// Topics by the phrases that they are filed under.
#[derive(Debug, Default)]
pub(super) struct Filing {
    /// By pattern: places in `topics`, the next pattern's being the end.
    starts: Vec<usize>,
    topics: Vec<usize>,
}

impl Filing {
    /// Files every topic under the cheapest lines without one of which it cannot be true.
    pub(super) fn new(topics: &[Topic], patterns: usize) -> Self {
        // What a phrase costs is how many lines use it: those that many topics share are what the news is full of.
        let mut uses = vec![0_usize; patterns];
        for topic in topics {
            topic.rule.positive_lines(&mut |line| {
                for term in line.terms.iter() {
                    uses.get_mut(index(term.pattern)).into_iter().for_each(|count| *count += 1);
                }
            });
        }
        let cost = |line: &Line| -> usize {
            line.terms.iter().filter_map(|term| uses.get(index(term.pattern))).sum()
        };
        let mut filed: Vec<(PatternId, usize)> = Vec::new();
        for (number, topic) in topics.iter().enumerate() {
            let lines = topic.rule.required(&cost).unwrap_or_default();
            filed.extend(lines.iter().flat_map(|line| line.terms.iter()).map(|term| (term.pattern, number)));
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
