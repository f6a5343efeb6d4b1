//! The engine against the meaning written down plainly: no trie, no filing, no sweep.

use proptest::prelude::*;

use super::{article, as_judged, compile, is_told};
use crate::article::{Article, Zone};
use crate::topic::ZoneWeights;

/// Few words, so that hits, overlaps and masks are common. No two make a third when joined.
pub(super) const WORDS: [&str; 6] = ["kim", "putin", "arms", "train", "grain", "visit"];

#[derive(Debug, Clone)]
struct Rule {
    all: Vec<Vec<Vec<usize>>>,
    any: Vec<Vec<Vec<usize>>>,
    min: usize,
    near: Option<usize>,
    none: Vec<Vec<usize>>,
    mask: Vec<Vec<usize>>,
    min_score: u8,
}

impl Rule {
    fn toml(&self) -> String {
        let phrase = |words: &Vec<usize>| words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
        let line =
            |alternatives: &Vec<Vec<usize>>| alternatives.iter().map(phrase).collect::<Vec<_>>().join(" | ");
        let list = |strings: Vec<String>| format!("{strings:?}");
        let near = self.near.map(|near| format!("near = {near}\n")).unwrap_or_default();
        let min = if self.any.is_empty() { String::new() } else { format!("min = {}\n", self.min) };
        format!(
            "all = {}\nany = {}\n{near}{min}none = {}\nmask = {}\nmin_score = {}\n",
            list(self.all.iter().map(line).collect()),
            list(self.any.iter().map(line).collect()),
            list(self.none.iter().map(phrase).collect()),
            list(self.mask.iter().map(phrase).collect()),
            self.min_score,
        )
    }

    /// Whether the rule is true of the words of each zone, with these weights.
    fn holds(&self, zones: &[(Zone, Vec<usize>)], weights: &ZoneWeights, own: &ZoneWeights) -> bool {
        let best = |line: &Vec<Vec<usize>>| {
            let counting = zones
                .iter()
                .filter(|(_, words)| line.iter().any(|phrase| !self.visible(phrase, words).is_empty()));
            counting.map(|(zone, _)| f64::from(weights.of(*zone))).fold(0.0, f64::max)
        };
        let all: Vec<f64> = self.all.iter().map(best).collect();
        let mut any: Vec<f64> = self.any.iter().map(best).collect();
        any.sort_by(|a, b| b.total_cmp(a));
        let needed: Vec<f64> = all.iter().chain(any.iter().take(self.min)).copied().collect();
        let mean = needed.iter().sum::<f64>() / needed.iter().map(|_| 1.0).sum::<f64>() * 100.0;
        let vetoed = zones.iter().any(|(zone, words)| {
            own.of(*zone) > 0.0 && self.none.iter().any(|phrase| !self.visible(phrase, words).is_empty())
        });
        let near = self.near.is_none_or(|near| {
            [&[Zone::Title][..], &[Zone::Lead, Zone::Body], &[Zone::Furniture]].into_iter().any(|run| {
                // The zones that are read in one go, each with the words of the run before it.
                let mut length = 0;
                let parts: Vec<_> = zones
                    .iter()
                    .filter(|(zone, _)| run.contains(zone))
                    .map(|(zone, words)| {
                        length += words.len();
                        (zone, words, length - words.len())
                    })
                    .collect();
                let within = |phrase: &[usize], from: usize| {
                    parts.iter().filter(|(zone, ..)| weights.of(**zone) > 0.0).any(|(_, words, before)| {
                        let mut places = self.visible(phrase, words).into_iter().map(|at| at + before);
                        places.any(|at| at >= from && at + phrase.len() <= from + near)
                    })
                };
                (0..length)
                    .any(|from| self.all.iter().all(|line| line.iter().any(|phrase| within(phrase, from))))
            })
        });
        needed.iter().all(|weight| *weight > 0.0)
            && !vetoed
            && near
            && mean.round() >= f64::from(self.min_score)
    }

    /// Where `phrase` stands in `words` and no mask covers it.
    fn visible(&self, phrase: &[usize], words: &[usize]) -> Vec<usize> {
        let at = |phrase: &[usize]| -> Vec<usize> {
            (0..words.len()).filter(|at| words[*at..].starts_with(phrase)).collect()
        };
        let covered = |from: usize| {
            self.mask.iter().any(|mask| {
                at(mask).iter().any(|start| *start <= from && from + phrase.len() <= start + mask.len())
            })
        };
        at(phrase).into_iter().filter(|from| !covered(*from)).collect()
    }
}

pub(super) fn phrase() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![3 => Just(1), 1 => Just(2)]
        .prop_flat_map(|length| proptest::collection::vec(0..WORDS.len(), length))
}

fn rule() -> impl Strategy<Value = Rule> {
    use proptest::collection::vec;
    let lines = |most: usize| vec(vec(phrase(), 1..3), 0..=most);
    (
        lines(3),
        lines(3),
        1_usize..4,
        proptest::option::of(1_usize..12),
        vec(phrase(), 0..2),
        vec(phrase(), 0..2),
        0_u8..80,
    )
        .prop_map(|(mut all, any, min, near, none, mask, min_score)| {
            if all.is_empty() && any.is_empty() {
                all.push(vec![vec![0]]);
            }
            let near = near.filter(|_| all.len() > 1);
            let min = if any.is_empty() { 0 } else { min.min(any.len()) };
            Rule { all, any, min, near, none, mask, min_score }
        })
}

proptest! {
    #[test]
    fn judges_as_the_plain_meaning(
        rules in proptest::collection::vec(rule(), 1..5),
        texts in proptest::collection::vec(proptest::collection::vec(0..WORDS.len(), 0..12), 4),
    ) {
        let text = |zone: usize| texts[zone].iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
        let subject = Article { lead: text(1), furniture: text(3), ..article(&text(0), &text(2)) };
        let zones: Vec<(Zone, Vec<usize>)> = Zone::ALL.into_iter().zip(texts.clone()).collect();
        let toml: Vec<_> = rules.iter().enumerate().map(|(id, rule)| format!("[topic.t{id}]\n{}", rule.toml())).collect();
        let set = compile(&toml.concat());
        let own = ZoneWeights::default();
        let as_body = ZoneWeights { furniture: own.body, ..own };
        let explained = set.explain(&subject);
        for (rule, evaluation) in rules.iter().zip(&explained) {
            let matched = rule.holds(&zones, &own, &own);
            prop_assert_eq!(evaluation.matched, matched, "{}\n{:#?}", rule.toml(), evaluation);
            let furniture_only = !matched && rule.holds(&zones, &as_body, &own);
            prop_assert_eq!(evaluation.furniture_only, furniture_only, "{}\n{:#?}", rule.toml(), evaluation);
            prop_assert_eq!(evaluation.matched, evaluation.why_not.is_empty());
        }
        // Judging passes over topics without looking; what it returns must be what a full look says.
        let told: Vec<_> = explained.iter().filter(|one| is_told(one)).map(as_judged).collect();
        prop_assert_eq!(&set.judge(&subject), &told);
        // Wherever they are filed.
        let mut counts = set.count_phrases();
        counts.count(&set, &subject);
        set.refile(&counts);
        prop_assert_eq!(set.judge(&subject), told);
    }

    #[test]
    fn any_article_can_be_judged(title in any::<String>(), body in any::<String>(), furniture in "\\PC{0,40}") {
        let set = compile("[topic.t]\nany = [\"a | =B | 金 | ﾊﾞ | и | est*\", \"1 2\"]\nlang = [\"en\"]\nmin_score = 0");
        let subject = Article { furniture, ..article(&title, &body) };
        for evidence in set.explain(&subject).iter().flat_map(|one| &one.evidence) {
            prop_assert_eq!(subject.zone(evidence.zone).get(evidence.span.clone()), Some(evidence.text.as_str()));
        }
    }
}
