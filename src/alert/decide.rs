//! The decision: what one hit is worth to the person, with its reason for yes and no.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, later};
use crate::story::{Judged, NewsKind, OriginKind};
use crate::topic::Evaluation;

/// Everything that the decision about one report and one topic depends on.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// How the topic was judged on the report.
    pub evaluation: &'a Evaluation,
    /// What the report is to its story.
    pub judged: &'a Judged,
    /// What the person was already told of this story under this topic.
    pub told: Option<&'a Told>,
    /// True if the alert about it has left in no channel yet: quiet hours, say, or a channel that fails.
    pub unsent: bool,
    /// True if the report was found at the first look at its source.
    pub baseline: bool,
    /// The topic's cooldown.
    pub cooldown: Duration,
}

/// What the person was told of a story under a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it was last decided to tell aloud.
    pub aloud: Timestamp,
    /// Outlets that were named.
    pub outlets: usize,
    /// Origins that were named.
    pub origins: usize,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum VerdictKind {
    /// Tell for the first time.
    Tell,
    /// Told by the first alert of the story, which had not left yet.
    Join,
    /// Tell aloud again, in the same place, not before `due`.
    Update {
        /// Now, or the end of the cooldown.
        due: Timestamp,
    },
    /// Show more outlets in the same place, silently.
    Quiet,
    /// Nothing: the reason says why.
    Nothing,
}

/// A decision and its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What is done.
    pub kind: VerdictKind,
    /// Why, or why not, in words for the person.
    pub why: String,
}

impl Verdict {
    /// True if the person gets to see something.
    #[must_use]
    pub fn raised(&self) -> bool {
        self.kind != VerdictKind::Nothing
    }
}

/// Decides. A story is told once per topic; later reports update the same alert, aloud only if they bring news.
#[must_use]
pub fn decide(case: &Case<'_>, now: Timestamp) -> Verdict {
    let nothing = |why: String| Verdict { kind: VerdictKind::Nothing, why };
    let evaluation = case.evaluation;
    if !evaluation.matched {
        let because = evaluation.why_not.first().map_or("the topic is not true of it", String::as_str);
        return nothing(match (evaluation.furniture_only, evaluation.why.is_empty()) {
            (true, true) => format!("only the page around the article names the topic: {because}"),
            // The article itself has some of it.
            (true, false) => format!("true only with the page around the article: {because}"),
            (false, _) => because.to_owned(),
        });
    }
    if case.baseline {
        return nothing("found at the first look at its source, which sets the baseline".to_owned());
    }
    let Some(told) = case.told else {
        return Verdict {
            kind: VerdictKind::Tell,
            why: format!("matched with score {}, story not told before", evaluation.score),
        };
    };
    let news = match case.judged.kind {
        NewsKind::Correction => Some("it corrects the story".to_owned()),
        NewsKind::Confirmation => confirmation(case, told),
        NewsKind::Development => Some(match case.judged.novel.len() {
            1 => "1 sentence that no earlier report says".to_owned(),
            n => format!("{n} sentences that no earlier report says"),
        }),
        NewsKind::New | NewsKind::Rehash => None,
    };
    match news {
        Some(news) if case.unsent => Verdict {
            kind: VerdictKind::Join,
            why: format!("{news}; the first alert of the story, which had not left yet, tells it"),
        },
        Some(news) => {
            // One that already waits for the end of the cooldown takes this news along.
            let due = if told.aloud > now { told.aloud } else { later(told.aloud, case.cooldown).max(now) };
            let why = if due > now { format!("{news}; inside the cooldown, told at its end") } else { news };
            Verdict { kind: VerdictKind::Update { due }, why }
        }
        None if case.judged.view.outlets.len() > told.outlets => Verdict {
            kind: VerdictKind::Quiet,
            why: if case.unsent {
                "one more outlet, nothing new: named in the first alert, which had not left yet".to_owned()
            } else {
                "one more outlet, nothing new: shown without a sound".to_owned()
            },
        },
        None => nothing("told already, and it says nothing new".to_owned()),
    }
}

/// What an independent origin is worth. One that is named is news each time. An outlet that names nobody may have its
/// own report or may just not say where it has it from: that counts as news only while the story stands on one origin.
fn confirmation(case: &Case<'_>, told: &Told) -> Option<String> {
    let named = case.judged.origins.iter().find(|origin| origin.kind != OriginKind::Own);
    match named {
        Some(origin) => Some(format!("an independent origin: {}", origin.name)),
        None if told.origins <= 1 => Some("a second, independent origin".to_owned()),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::story::{NovelSentence, Origin, StoryView};
    use crate::topic::Severity;

    fn evaluation(matched: bool, furniture_only: bool) -> Evaluation {
        Evaluation {
            topic: "nk".into(),
            matched,
            score: 80,
            severity: Severity::Notice,
            why: vec![],
            why_not: if matched {
                vec![]
            } else {
                vec!["@nk: no hit that counts (7 hits, all in furniture)".into()]
            },
            evidence: vec![],
            furniture_only,
            near_miss: None,
        }
    }

    fn judged(kind: NewsKind, outlets: usize) -> Judged {
        Judged {
            kind,
            origins: vec![Origin {
                name: "Reuters".into(),
                kind: OriginKind::Agency,
                evidence: "Reuters reported".into(),
            }],
            novel: vec![NovelSentence { sentence: "The Kremlin confirmed it.".into(), why: "new".into() }],
            view: StoryView {
                outlets: (0..outlets).map(|n| format!("Outlet {n}")).collect(),
                origins: vec![],
            },
        }
    }

    fn now() -> Timestamp {
        "2023-09-04T12:00:00Z".parse().unwrap()
    }

    fn told(hours_ago: i64, outlets: usize) -> Told {
        Told { aloud: now() - jiff::SignedDuration::from_hours(hours_ago), outlets, origins: 1 }
    }

    fn verdict(evaluation: &Evaluation, judged: &Judged, told: Option<&Told>, baseline: bool) -> Verdict {
        let cooldown = Duration::from_hours(6);
        decide(&Case { evaluation, judged, told, unsent: false, baseline, cooldown }, now())
    }

    #[test]
    fn what_comes_before_the_first_alert_has_left_is_told_by_it() {
        let (yes, told, cooldown) = (evaluation(true, false), told(0, 1), Duration::from_hours(6));
        let decided = |judged: &Judged| {
            let case =
                Case { evaluation: &yes, judged, told: Some(&told), unsent: true, baseline: false, cooldown };
            decide(&case, now())
        };
        let news = decided(&judged(NewsKind::Development, 2));
        assert_eq!(news.kind, VerdictKind::Join);
        assert!(news.why.starts_with("1 sentence that") && !news.why.contains("cooldown"), "{}", news.why);
        let outlet = decided(&judged(NewsKind::Rehash, 2));
        assert_eq!(outlet.kind, VerdictKind::Quiet);
        assert!(outlet.why.ends_with("named in the first alert, which had not left yet"), "{}", outlet.why);
        assert!(!decided(&judged(NewsKind::Rehash, 1)).raised());
    }

    #[test]
    fn a_story_is_told_once() {
        let yes = evaluation(true, false);
        assert_eq!(verdict(&yes, &judged(NewsKind::New, 1), None, false).kind, VerdictKind::Tell);
        let told = told(1, 1);
        assert_eq!(verdict(&yes, &judged(NewsKind::Rehash, 2), Some(&told), false).kind, VerdictKind::Quiet);
        assert_eq!(
            verdict(&yes, &judged(NewsKind::Rehash, 1), Some(&told), false).kind,
            VerdictKind::Nothing
        );
    }

    #[test]
    fn a_story_known_only_from_the_baseline_is_told_when_an_outlet_reports_it() {
        let yes = evaluation(true, false);
        assert_eq!(verdict(&yes, &judged(NewsKind::Rehash, 2), None, false).kind, VerdictKind::Tell);
        let silent = verdict(&yes, &judged(NewsKind::New, 1), None, true);
        assert!(!silent.raised());
        assert!(silent.why.contains("baseline"));
    }

    #[test]
    fn news_is_told_aloud_at_once_or_at_the_end_of_the_cooldown() {
        let yes = evaluation(true, false);
        for kind in [NewsKind::Confirmation, NewsKind::Development, NewsKind::Correction] {
            let late = verdict(&yes, &judged(kind, 2), Some(&told(7, 1)), false);
            assert_eq!(late.kind, VerdictKind::Update { due: now() });
            let early = verdict(&yes, &judged(kind, 2), Some(&told(1, 1)), false);
            assert_eq!(early.kind, VerdictKind::Update { due: now() + jiff::SignedDuration::from_hours(5) });
        }
    }

    #[test]
    fn an_outlet_that_names_nobody_is_news_only_as_the_second_origin() {
        let yes = evaluation(true, false);
        let mut own = judged(NewsKind::Confirmation, 2);
        own.origins[0].kind = OriginKind::Own;
        let mut told = told(7, 1);
        assert_eq!(verdict(&yes, &own, Some(&told), false).kind, VerdictKind::Update { due: now() });
        told.origins = 2;
        assert_eq!(verdict(&yes, &own, Some(&told), false).kind, VerdictKind::Quiet);
    }

    #[test]
    fn a_sidebar_is_no_alert_and_says_so() {
        let verdict = verdict(&evaluation(false, true), &judged(NewsKind::New, 1), None, false);
        assert!(!verdict.raised());
        assert!(
            verdict.why.starts_with("only the page around the article names the topic: "),
            "{}",
            verdict.why
        );
        assert!(verdict.why.contains("7 hits, all in furniture"), "{}", verdict.why);
    }

    #[test]
    fn an_article_that_names_part_of_the_topic_is_not_said_to_name_none() {
        let part = Evaluation { why: vec!["@kim 1× body \"Kim\"".into()], ..evaluation(false, true) };
        let verdict = verdict(&part, &judged(NewsKind::New, 1), None, false);
        assert!(
            verdict.why.starts_with("true only with the page around the article: @nk: no hit"),
            "{}",
            verdict.why
        );
    }

    proptest! {
        #[test]
        fn every_verdict_has_a_reason_and_no_match_is_ever_lost(matched: bool, sidebar: bool, was_told: bool, baseline: bool,
            kind in prop_oneof![Just(NewsKind::New), Just(NewsKind::Confirmation), Just(NewsKind::Development), Just(NewsKind::Correction), Just(NewsKind::Rehash)],
            hours in 0_i64..10, outlets in 1_usize..4) {
            let told = told(hours, outlets);
            let verdict = verdict(&evaluation(matched, !matched && sidebar), &judged(kind, 2), was_told.then_some(&told), baseline);
            prop_assert!(!verdict.why.is_empty());
            prop_assert!(!verdict.raised() || (matched && !baseline));
            if matched && !baseline && !was_told {
                prop_assert_eq!(verdict.kind, VerdictKind::Tell);
            }
        }
    }
}
