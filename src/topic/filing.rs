//! Which topics an article may be about at all: each is filed under phrases of which it needs one, so that judging an
//! article costs what it is about, not how many topics there are.

use super::findings::Findings;
use super::matcher::PatternId;
use super::rule::{Line, Node, Topic};
use super::{TopicSet, matcher::Matcher};
use crate::article::Article;

/// As long as an article is expected to have so many candidates more, topics are also filed where those are found of
/// which a single line is missing.
const NEARLY: u64 = 16;

/// Topics by the phrases that they are filed under.
#[derive(Debug, Default)]
pub(super) struct Filing {
    /// By pattern: places in `topics`, the next pattern's being the end.
    starts: Vec<u32>,
    topics: Vec<u32>,
    /// By pattern: a bit, if any topic is filed there. Most have none, and this stays in the cache.
    in_use: Vec<u64>,
}

/// In how many articles each phrase of some topics stands.
#[derive(Debug, Default)]
pub struct PhraseCounts {
    articles: u32,
    /// By pattern.
    counts: Vec<u32>,
}

impl TopicSet {
    /// Nothing counted yet.
    #[must_use]
    pub fn count_phrases(&self) -> PhraseCounts {
        PhraseCounts { articles: 0, counts: vec![0; self.matcher.len()] }
    }

    /// Files every topic anew: under the line that is rarest by `counts`, which were made by this set.
    pub fn refile(&self, counts: &PhraseCounts) {
        let filing = Filing::new(&self.topics, &Costs::new(&self.topics, &self.matcher, counts));
        *self.filing.write().unwrap_or_else(std::sync::PoisonError::into_inner) = std::sync::Arc::new(filing);
    }
}

impl PhraseCounts {
    /// Counts the phrases of `topics`, which this was made of, in `article`.
    pub fn count(&mut self, topics: &TopicSet, article: &Article) {
        self.articles = self.articles.saturating_add(1);
        for pattern in Findings::new(article, &topics.matcher).patterns() {
            if let Some(count) = self.counts.get_mut(index(pattern)) {
                *count = count.saturating_add(1);
            }
        }
    }
}

/// What it costs to file under a phrase: the articles that have it.
#[derive(Debug)]
pub(super) struct Costs {
    /// By pattern, in parts of `whole`.
    parts: Vec<u32>,
    /// What a phrase costs that stands in every article.
    whole: u64,
}

impl Costs {
    /// By `counts`. Of phrases that were counted equally often, those that many topics share cost more: they are what
    /// the news is full of.
    pub(super) fn new(topics: &[Topic], matcher: &Matcher, counts: &PhraseCounts) -> Self {
        let all = u32::try_from(topics.len()).unwrap_or(u32::MAX).max(1);
        let counted = |pattern| counts.counts.get(pattern).copied().unwrap_or(0);
        let mut parts: Vec<u32> =
            (0..matcher.len()).map(|pattern| counted(pattern).saturating_mul(all)).collect();
        for topic in topics {
            topic.rule.positive_lines(&mut |line| {
                for term in line.terms.iter() {
                    if let Some(part) = parts.get_mut(index(term.pattern)) {
                        *part = part.saturating_add(1);
                    }
                }
            });
        }
        Self { parts, whole: (u64::from(counts.articles) + 1) * u64::from(all) }
    }

    fn of(&self, line: &Line) -> u64 {
        let parts = line.terms.iter().filter_map(|term| self.parts.get(index(term.pattern)));
        parts.map(|part| u64::from(*part)).sum()
    }

    fn of_all(&self, lines: &[&Line]) -> u64 {
        lines.iter().map(|line| self.of(line)).sum()
    }
}

impl Filing {
    /// Files every topic under the cheapest lines without one of which it cannot be true; and as many as is cheap under
    /// those without one of which it cannot even nearly be true.
    pub(super) fn new(topics: &[Topic], costs: &Costs) -> Self {
        let mut filed: Vec<(PatternId, u32)> = Vec::new();
        let mut nearly: Vec<(u64, usize)> = Vec::new();
        let file = |lines: Vec<&Line>, place: usize, filed: &mut Vec<_>| {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            filed.extend(lines.iter().flat_map(|line| line.terms.iter()).map(|term| (term.pattern, place)));
        };
        for (place, topic) in topics.iter().enumerate() {
            if let Some(required) = topic.rule.required(&|line: &Line| costs.of(line)) {
                let more = topic.rule.nearly_required(costs).map(|lines| costs.of_all(&lines));
                let more = more.map(|more| more.saturating_sub(costs.of_all(&required)));
                // An article has each topic as a candidate once.
                nearly.extend(more.map(|more| (more.min(costs.whole), place)));
                file(required, place, &mut filed);
            }
        }
        nearly.sort_unstable();
        let mut left = NEARLY * costs.whole;
        for (cost, place) in nearly {
            let Some(rest) = left.checked_sub(cost) else { break };
            left = rest;
            let lines = topics.get(place).and_then(|topic| topic.rule.nearly_required(costs));
            file(lines.unwrap_or_default(), place, &mut filed);
        }
        filed.sort_unstable();
        filed.dedup();
        Self::of(&filed, costs.parts.len())
    }

    /// `filed`: in order.
    fn of(filed: &[(PatternId, u32)], patterns: usize) -> Self {
        let mut starts = Vec::with_capacity(patterns + 1);
        let mut in_use = vec![0; patterns / 64 + 1];
        for (pattern, _) in filed {
            in_use
                .get_mut(index(*pattern) / 64)
                .into_iter()
                .for_each(|bits| *bits |= 1_u64 << (pattern % 64));
        }
        let mut end = 0;
        for pattern in 0..=patterns {
            starts.push(u32::try_from(end).unwrap_or(u32::MAX));
            end += filed
                .get(end..)
                .unwrap_or_default()
                .iter()
                .take_while(|(at, _)| index(*at) == pattern)
                .count();
        }
        Self { starts, topics: filed.iter().map(|(_, topic)| *topic).collect(), in_use }
    }

    /// The topics filed under any of `patterns`, in order, each once.
    pub(super) fn candidates(&self, patterns: impl Iterator<Item = PatternId>) -> Vec<usize> {
        let is_used = |pattern: &PatternId| {
            self.in_use.get(index(*pattern) / 64).is_some_and(|bits| bits >> (pattern % 64) & 1 == 1)
        };
        let filed_under = |pattern: PatternId| {
            let bound = |place: usize| self.starts.get(place).map(|start| index(*start));
            self.topics.get(bound(index(pattern))?..bound(index(pattern) + 1)?)
        };
        let mut found: Vec<usize> =
            patterns.filter(is_used).filter_map(filed_under).flatten().map(|place| index(*place)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Node {
    /// Lines of which one must hit wherever no more than one line is missing, the cheapest such ones; `None` if there
    /// are none, or if a single line is all that is asked for.
    fn nearly_required(&self, costs: &Costs) -> Option<Vec<&Line>> {
        match self {
            // Of two parts one has all of its lines.
            Self::And(of) | Self::Near { of, .. } => {
                cheapest(of, 2, costs).or_else(|| of.iter().find_map(|part| part.nearly_required(costs)))
            }
            Self::AtLeast { min, of } if *min > 1 => cheapest(of, of.len().checked_sub(*min)? + 2, costs),
            Self::Or(of) | Self::AtLeast { of, .. } => {
                let parts: Vec<_> = of.iter().filter_map(|part| part.nearly_required(costs)).collect();
                (!parts.is_empty()).then(|| parts.concat())
            }
            Self::Line(_) | Self::Different { .. } | Self::Not(_) => None,
        }
    }
}

/// Lines of which one must hit wherever `count` of `parts` are true but one, whichever.
fn cheapest<'n>(parts: &'n [Node], count: usize, costs: &Costs) -> Option<Vec<&'n Line>> {
    let cost = |line: &Line| costs.of(line);
    let mut parts: Vec<_> = parts.iter().filter_map(|part| part.required(&cost)).collect();
    parts.sort_by_cached_key(|lines| costs.of_all(lines));
    (parts.len() >= count).then(|| parts.into_iter().take(count).flatten().collect())
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
