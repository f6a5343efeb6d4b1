//! What a topic would have told: stored articles replayed, and two replays compared.
//!
//! **What counts as an alert**: a story, once, on the day of its first article that the topic matches and that was not
//! found at the first look at its source. Stories are those that the articles were assigned when they came in. Follow-ups
//! of a story are not counted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::civil::Date;
use serde::Serialize;

use crate::clock::Timestamp;
use crate::topic::{Evaluation, gist};

/// Most examples that are kept: the newest.
const EXAMPLES: usize = 100;
/// Most articles that are kept of those that came near.
const NEAREST: usize = 3;

/// A stored article as a replay meets it, in the order in which they came in.
#[derive(Debug, Clone, Serialize)]
pub struct Met {
    /// Its number.
    pub id: i64,
    /// Its story.
    pub story: i64,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was found.
    pub found: Timestamp,
    /// The day of that where the person is.
    #[serde(skip)]
    pub day: Date,
    /// Found at the first look at its source: it is not told.
    pub baseline: bool,
}

/// An article that the topic matched.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// The article.
    #[serde(flatten)]
    pub met: Met,
    /// 0..=100.
    pub score: u8,
    /// What the score is made of.
    pub reason: String,
}

/// What one rule makes of the articles.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    /// Articles judged.
    pub articles: u64,
    /// Those that matched.
    pub matched: u64,
    /// Those that one line lacked to.
    pub near_misses: u64,
    /// Stories with an article that matched.
    pub stories: BTreeSet<i64>,
    /// Those of them that would have been told.
    pub told: BTreeSet<i64>,
    /// How many on each day with one.
    pub days: BTreeMap<Date, u64>,
    /// Articles that matched, the newest first.
    pub examples: VecDeque<Example>,
    /// Those that did not match and score most, the newest of them first, with what is against them.
    pub nearest: Vec<Example>,
}

impl Replay {
    /// Takes in the next article as it was judged.
    pub fn meet(&mut self, met: &Met, evaluation: &Evaluation) {
        self.articles += 1;
        self.near_misses += u64::from(evaluation.near_miss.is_some());
        if !evaluation.matched {
            self.come_near(met, evaluation);
            return;
        }
        self.matched += 1;
        self.stories.insert(met.story);
        if !met.baseline && self.told.insert(met.story) {
            *self.days.entry(met.day).or_default() += 1;
        }
        let example = Example { met: met.clone(), score: evaluation.score, reason: gist(evaluation) };
        push(&mut self.examples, example);
    }

    fn come_near(&mut self, met: &Met, evaluation: &Evaluation) {
        let score = evaluation.score;
        let place = self.nearest.partition_point(|near| near.score > score);
        if score == 0 || place >= NEAREST {
            return;
        }
        self.nearest.insert(place, Example { met: met.clone(), score, reason: gist(evaluation) });
        self.nearest.truncate(NEAREST);
    }
}

/// An article that one rule matches and another does not.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The article.
    #[serde(flatten)]
    pub met: Met,
    /// How it was judged before, in one line.
    pub before: String,
    /// How it is judged after.
    pub after: String,
}

/// What a change of a rule brings or costs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Changes {
    /// Articles.
    pub articles: u64,
    /// Stories that would be told on one side alone.
    pub alerts: u64,
    /// The newest of the articles, with the reasons.
    pub examples: VecDeque<Change>,
}

/// Two rules over the same articles.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Under the rule before.
    pub before: Replay,
    /// Under the rule after.
    pub after: Replay,
    /// What only the rule after matches.
    pub gained: Changes,
    /// What only the rule before matched.
    pub lost: Changes,
}

impl Comparison {
    /// Takes in the next article as both judge it.
    pub fn meet(&mut self, met: &Met, before: &Evaluation, after: &Evaluation) {
        self.before.meet(met, before);
        self.after.meet(met, after);
        let changes = match (before.matched, after.matched) {
            (false, true) => &mut self.gained,
            (true, false) => &mut self.lost,
            _ => return,
        };
        changes.articles += 1;
        let change = Change { met: met.clone(), before: gist(before), after: gist(after) };
        push(&mut changes.examples, change);
    }

    /// Counts the alerts that differ, once all articles were met.
    #[must_use]
    pub fn finish(mut self) -> Self {
        let only = |one: &Replay, other: &Replay| one.told.difference(&other.told).count() as u64;
        self.gained.alerts = only(&self.after, &self.before);
        self.lost.alerts = only(&self.before, &self.after);
        self
    }
}

/// Puts the newest in front of the others, and forgets the oldest.
fn push<T>(newest: &mut VecDeque<T>, one: T) {
    newest.push_front(one);
    newest.truncate(EXAMPLES);
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::topic::Severity;

    fn met(id: i64, story: i64, day: i8) -> Met {
        let found = Timestamp::UNIX_EPOCH;
        Met { id, story, title: format!("t{id}"), url: None, found, day: date(2023, 9, day), baseline: false }
    }

    fn judged(matched: bool) -> Evaluation {
        Evaluation {
            topic: "t".into(),
            matched,
            score: if matched { 70 } else { 0 },
            severity: Severity::Notice,
            why: vec!["score 70: a 70 (lead)".into()],
            why_not: if matched { vec![] } else { vec!["b: no hit".into()] },
            evidence: vec![],
            furniture_only: false,
            near_miss: (!matched).then(|| "b".into()),
        }
    }

    #[test]
    fn a_story_is_one_alert_on_the_day_of_its_first_article_that_can_be_told() {
        let mut replay = Replay::default();
        replay.meet(&Met { baseline: true, ..met(1, 10, 1) }, &judged(true));
        replay.meet(&met(2, 11, 1), &judged(false));
        replay.meet(&met(3, 11, 2), &judged(true));
        replay.meet(&met(4, 11, 3), &judged(true));
        replay.meet(&met(5, 10, 3), &judged(true));
        replay.meet(&Met { baseline: true, ..met(6, 12, 3) }, &judged(true));
        assert_eq!((replay.articles, replay.matched, replay.near_misses), (6, 5, 1));
        assert_eq!((replay.stories.len(), replay.told.len()), (3, 2));
        let days: Vec<_> = replay.days.into_iter().collect();
        assert_eq!(days, [(date(2023, 9, 2), 1), (date(2023, 9, 3), 1)]);
        let ids: Vec<i64> = replay.examples.iter().map(|example| example.met.id).collect();
        assert_eq!(ids, [6, 5, 4, 3, 1]);
    }

    #[test]
    fn what_came_nearest_is_told_by_score_then_the_newest_first() {
        let mut replay = Replay::default();
        for (id, score) in [(1, 30), (2, 0), (3, 36), (4, 30), (5, 20), (6, 30), (7, 0)] {
            replay.meet(&met(id, id, 1), &Evaluation { score, ..judged(false) });
        }
        let near: Vec<(i64, u8)> = replay.nearest.iter().map(|near| (near.met.id, near.score)).collect();
        assert_eq!(near, [(3, 36), (6, 30), (4, 30)]);
        assert_eq!(replay.nearest[0].reason, "b: no hit");
    }

    #[test]
    fn examples_are_the_newest_and_bounded() {
        let mut replay = Replay::default();
        for id in 0..1_000 {
            replay.meet(&met(id, id, 1), &judged(true));
        }
        assert_eq!((replay.examples.len(), replay.examples[0].met.id), (EXAMPLES, 999));
        assert_eq!(replay.days[&date(2023, 9, 1)], 1_000);
    }

    #[test]
    fn what_is_gained_and_lost_is_told_with_both_reasons() {
        let mut both = Comparison::default();
        // Story 1 is told by both, through other articles; story 2 only before, story 3 only after.
        for (id, story, before, after) in [
            (1, 1, true, false),
            (2, 1, false, true),
            (3, 2, true, false),
            (4, 3, false, true),
            (5, 3, true, true),
            (6, 4, false, false),
        ] {
            both.meet(&Met { baseline: id == 5, ..met(id, story, 1) }, &judged(before), &judged(after));
        }
        let both = both.finish();
        assert_eq!((both.gained.articles, both.gained.alerts), (2, 1));
        assert_eq!((both.lost.articles, both.lost.alerts), (2, 1));
        assert_eq!((both.before.matched, both.after.matched), (3, 3));
        let change = &both.gained.examples[0];
        assert_eq!(
            (change.met.id, change.before.as_str(), change.after.as_str()),
            (4, "b: no hit", "score 70: a 70 (lead)")
        );
    }
}
