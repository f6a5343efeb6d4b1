//! Stored hits under the rules as they were, beside today's.

use std::collections::BTreeMap;

use crate::article::Article;
use crate::cli::evaluation::{EarlierRule, TopicView};
use crate::config::Settings;
use crate::pipeline::UNCHANGED;
use crate::store::{KeptRule, StoredVerdict};
use crate::topic::Quoter;

/// Every topic on `article`: a stored one whose rule is another today as it judged then, and under today's; the others
/// as they judge now, or, where the text is `pruned`, as they did then.
pub(super) fn judged(
    settings: &Settings,
    article: &Article,
    pruned: bool,
    verdicts: &[StoredVerdict],
    rules: &BTreeMap<String, KeptRule>,
) -> Vec<TopicView> {
    let quoter = Quoter::new(article);
    let now = if pruned { Vec::new() } else { settings.topic_set.explain(article) };
    let mut views: BTreeMap<String, TopicView> =
        now.into_iter().map(|one| (one.topic.clone(), TopicView::of(one, &quoter))).collect();
    for StoredVerdict { evaluation, rule, .. } in verdicts {
        let topic = &evaluation.topic;
        let then = || TopicView::of(evaluation.clone(), &quoter);
        let today = settings.rules.rule(topic);
        let kept = rule.as_ref().and_then(|hash| rules.get(hash));
        let Some(kept) = kept.filter(|kept| Some(&kept.rule) != today.as_ref()) else {
            let now = views.get(topic).filter(|_| today.is_some());
            if now.is_none_or(|now| !now.is_as(evaluation)) {
                let then = then();
                let today = views.remove(topic).filter(|_| today.is_some()).map(Box::new);
                // By example, say: the rule is the same, and what it is compared with is not. What changed on a watched
                // page is not kept: today's verdict is on all of it.
                let is_of_change = evaluation.why_not.iter().any(|why| why == UNCHANGED);
                let view = match (today, kept_text(rule.as_ref(), rules)) {
                    (Some(today), Some(text)) if !is_of_change => {
                        let (changes, other_examples) = (Vec::new(), false);
                        then.under(EarlierRule {
                            text,
                            changes,
                            other_examples,
                            left: false,
                            today: Some(today),
                        })
                    }
                    _ => then,
                };
                views.insert(topic.clone(), view);
            }
            continue;
        };
        let left = today.is_none();
        let other_examples = today.as_ref().is_some_and(|today| kept.rule.has_other_examples(today));
        let changes = today.map(|today| changes(&kept.rule.text, &today.text)).unwrap_or_default();
        let rule = EarlierRule {
            text: kept.rule.text.clone(),
            changes,
            other_examples,
            left,
            today: views.remove(topic).map(Box::new),
        };
        views.insert(topic.clone(), then().under(rule));
    }
    views.into_values().collect()
}

/// The text of the rule with this hash.
fn kept_text(hash: Option<&String>, rules: &BTreeMap<String, KeptRule>) -> Option<String> {
    Some(rules.get(hash?)?.rule.text.clone())
}

/// The lines that only `old` has, then those that only `new` has. Each is a key, so their order says nothing, or a comment
/// about the examples.
fn changes(old: &str, new: &str) -> Vec<String> {
    let only = |one: &str, other: &str, sign: char| -> Vec<String> {
        let keys = one.lines().filter(|line| !line.starts_with('#'));
        let missing = keys.filter(|line| !other.lines().any(|known| known == *line));
        missing.map(|line| format!("{sign} {line}")).collect()
    };
    [only(old, new, '-'), only(new, old, '+')].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Verdict, VerdictKind};
    use crate::clock::Timestamp;
    use crate::config::{Environment, from_text};

    fn settings(topics: &str) -> Settings {
        let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
        from_text(std::path::Path::new("n.toml"), topics, &environment)
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    #[test]
    fn an_old_hit_is_explained_as_it_was_and_as_it_would_be() {
        let old = settings(
            "[topic.a]\nall = ['flood']\n[topic.b]\nall = ['flood']\n[topic.gone]\nall = ['flood']\n",
        );
        let new =
            settings("[topic.a]\nall = ['fire']\n[topic.b]\nall = ['flood']\n[topic.c]\nall = ['flood']\n");
        let article = Article { title: "A flood in the town".into(), ..Article::default() };
        let verdicts: Vec<StoredVerdict> = old
            .judge(&article)
            .into_iter()
            .map(|evaluation| StoredVerdict {
                verdict: Verdict { kind: VerdictKind::Nothing, why: "w".into() },
                rule: old.rule(&evaluation.topic).map(|rule| rule.hash),
                evaluation,
                decided: Timestamp::UNIX_EPOCH,
                alert: None,
            })
            .collect();
        let rules = ["a", "b", "gone"]
            .into_iter()
            .filter_map(|topic| old.rule(topic))
            .map(|rule| (rule.hash.clone(), KeptRule { rule, since: Timestamp::UNIX_EPOCH }));
        let rules: BTreeMap<String, KeptRule> = rules.collect();
        let views = judged(&new, &article, false, &verdicts, &rules);
        let told: Vec<_> = views
            .iter()
            .map(|view| {
                let today = view.rule.as_ref().map(|rule| rule.today.as_ref().map(|today| today.matched));
                (view.topic.as_str(), view.matched, today)
            })
            .collect();
        let expected = [
            ("a", true, Some(Some(false))),
            ("b", true, None),
            ("c", true, None),
            ("gone", true, Some(None)),
        ];
        assert_eq!(told, expected);
        let change = views[0].rule.as_ref().map(|rule| rule.changes.join("; "));
        assert_eq!(change.as_deref(), Some("- all = [\"flood\"]; + all = [\"fire\"]"));

        let mut verdicts = verdicts;
        for stored in verdicts.iter_mut().filter(|stored| stored.evaluation.topic == "b") {
            stored.evaluation.score -= 1;
        }
        let views = judged(&new, &article, false, &verdicts, &rules);
        let earlier = views[1].rule.as_ref().expect("the same rule that judges otherwise today");
        assert!(earlier.changes.is_empty() && !views[1].is_as(&new.judge(&article)[0]));
        assert!(earlier.today.as_ref().is_some_and(|today| today.is_as(&new.judge(&article)[0])));

        for stored in verdicts.iter_mut().filter(|stored| stored.evaluation.topic == "b") {
            stored.evaluation.matched = false;
            stored.evaluation.why_not = vec![UNCHANGED.into()];
        }
        let views = judged(&new, &article, false, &verdicts, &rules);
        assert!(
            !views[1].matched && views[1].rule.is_none(),
            "all of a watched page is not what changed on it"
        );

        let pruned = judged(&new, &Article::default(), true, &verdicts, &rules);
        let told: Vec<_> = pruned.iter().map(|view| (view.topic.as_str(), view.matched)).collect();
        assert_eq!(told, [("a", true), ("b", false), ("gone", true)]);
    }
}
