//! Topics whose new form has mistakes or fails its own tests at a reload: the last good one stays in force.

use std::collections::BTreeMap;

use super::{Rule, Settings, compile_rule};
use crate::article::Article;
use crate::topic::{Evaluation, ExampleSpec, TopicSet};

/// Rules that are in force in place of those that the files say now, by topic.
#[derive(Debug, Default)]
pub struct Held(BTreeMap<String, HeldTopic>);

/// One topic, alone in its set.
#[derive(Debug)]
struct HeldTopic {
    rule: Rule,
    set: TopicSet,
    examples: Option<ExampleSpec>,
}

impl Settings {
    /// Judges every topic by the rules in force: [`TopicSet::judge`].
    #[must_use]
    pub fn judge(&self, article: &Article) -> Vec<Evaluation> {
        let mut judged = self.topic_set.judge(article);
        if !self.held.0.is_empty() {
            judged.retain(|one| !self.held.0.contains_key(&one.topic));
            judged.extend(self.held.0.values().flat_map(|held| held.set.judge(article)));
            judged.sort_by(|a, b| a.topic.cmp(&b.topic));
        }
        judged
    }

    /// Topics in force in place of those of [`topic_set`](Self::topic_set) by their ids, each alone in its set.
    pub fn held_sets(&self) -> impl Iterator<Item = (&str, &TopicSet)> {
        self.held.0.iter().map(|(topic, held)| (topic.as_str(), &held.set))
    }

    /// Every set in force: that of the files first.
    pub fn sets_in_force(&self) -> impl Iterator<Item = &TopicSet> {
        std::iter::once(&self.topic_set).chain(self.held_sets().map(|(_, set)| set))
    }

    /// The rule of `topic` that is in force.
    #[must_use]
    pub fn rule(&self, topic: &str) -> Option<Rule> {
        match self.held.0.get(topic) {
            Some(held) => Some(held.rule.clone()),
            None => self.rules.rule(topic),
        }
    }

    /// Keeps the rule of `topic` that was in force under `old`, and, if the topic was left out here, all of it. False if there
    /// is none, or it is the same as now.
    pub fn hold(&mut self, topic: &str, old: &Self) -> bool {
        let left_out = !self.topics.iter().any(|spec| spec.id.text == topic);
        let Some(rule) =
            old.rule(topic).filter(|old| left_out || Some(old) != self.rules.rule(topic).as_ref())
        else {
            return false;
        };
        let Ok(set) = compile_rule(&rule.text) else { return false };
        let examples = match old.held.0.get(topic) {
            Some(held) => held.examples.clone(),
            None => {
                old.topics.iter().find(|spec| spec.id.text == topic).and_then(|spec| spec.examples.clone())
            }
        };
        let set = set.with_examples(topic, examples.clone());
        if left_out {
            let Some(spec) = old.topics.iter().find(|spec| spec.id.text == topic) else { return false };
            let mut spec = spec.clone();
            // A channel that is gone takes nothing; without any, those of all topics do.
            let known = |channel: &String| self.channels.contains_key(channel);
            spec.channels = spec.channels.map(|channels| channels.into_iter().filter(known).collect());
            spec.channels = spec.channels.filter(|channels: &Vec<String>| !channels.is_empty());
            self.topics.push(spec);
            self.topics.sort_by(|a, b| a.id.text.cmp(&b.id.text));
        }
        self.held.0.insert(topic.to_owned(), HeldTopic { rule, set, examples });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn a_topic_that_is_held_judges_as_before_and_the_others_as_now() {
        let settings = |text: &str| read(text).unwrap_or_else(|problems| panic!("{problems}"));
        let old = settings("[sets]\nx = ['flood']\n[topic.a]\nall = ['@x']\n[topic.c]\nall = ['@x']\n");
        let mut new = settings(
            "[sets]\nx = ['fire']\n[topic.a]\nall = ['@x']\n[topic.b]\nall = ['@x']\n[topic.c]\nall = ['flood']\n",
        );
        assert!(new.hold("a", &old) && !new.hold("b", &old));
        let judged = |title: &str| -> Vec<String> {
            let article = Article { title: title.into(), ..Article::default() };
            new.judge(&article).into_iter().map(|one| one.topic).collect()
        };
        assert_eq!(judged("Flood"), ["a", "c"]);
        assert_eq!(judged("Fire"), ["b"]);
        assert_eq!(new.rule("a"), old.rule("a"));
        let mut newer = settings("[sets]\nx = ['fire']\n[topic.a]\nall = ['@x']\n");
        assert!(newer.hold("a", &new), "what was held is held on");
        assert_eq!(newer.rule("a"), old.rule("a"));
        let mut same = settings("[sets]\nx = ['flood']\n[topic.a]\nall = ['@x']\n");
        assert!(!same.hold("a", &old));
    }
}
