//! What else could be done: Aho-Corasick over the same phrases, and a look at every topic.

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};
use newswatch::article::Article;
use newswatch::text::fold::fold;

use crate::made::Made;

/// The words of no phrase are more.
const LONGEST: usize = 2;

/// Finds the phrases and no more: no words, no zones, no verdicts.
pub(crate) struct Phrases(AhoCorasick);

impl Phrases {
    pub(crate) fn of(topics: &[Made]) -> Self {
        let phrases: HashSet<String> = topics
            .iter()
            .flat_map(|topic| topic.lines.iter().flatten())
            .map(|phrase| phrase.trim_matches(['*', '~', '/']).to_lowercase())
            .collect();
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(phrases)
            .expect("not too many phrases");
        Self(built)
    }

    pub(crate) fn count(&self, article: &Article) -> usize {
        let zones = [&article.title, &article.lead, &article.body];
        zones.iter().map(|text| self.0.find_overlapping_iter(text.as_str()).count()).sum()
    }
}

/// Asks of every topic whether each of its lines stands in the document: no windows, no zones, no traces.
pub(crate) struct EveryTopic(Vec<Vec<Vec<String>>>);

impl EveryTopic {
    pub(crate) fn of(topics: &[Made]) -> Self {
        let folded = |phrase: &String| {
            fold(phrase).into_iter().map(|token| token.folded).collect::<Vec<_>>().join(" ")
        };
        let lines = |topic: &Made| {
            topic.lines.iter().map(|line| line.iter().map(folded).collect()).collect::<Vec<Vec<_>>>()
        };
        Self(topics.iter().map(lines).collect())
    }

    pub(crate) fn count(&self, article: &Article) -> usize {
        let mut found: HashSet<String> = HashSet::new();
        for text in [&article.title, &article.lead, &article.body] {
            let words: Vec<String> = fold(text).into_iter().map(|token| token.folded).collect();
            for length in 1..=LONGEST {
                found.extend(words.windows(length).map(|words| words.join(" ")));
            }
        }
        let stands = |line: &Vec<String>| line.iter().any(|phrase| found.contains(phrase));
        self.0.iter().filter(|topic| topic.iter().all(stands)).count()
    }
}
