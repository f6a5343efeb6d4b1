//! The journey as a person reads it.

use std::io;

use super::{Decision, Journey, StoryPart};
use crate::alert::{REMOVED, VerdictKind};
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, FAINT, GOOD, STRONG, paint};
use crate::cli::when::When;
use crate::story::OriginKind;
use crate::text::count::count;

pub(super) fn print(journey: &Journey, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    journey.article.print_facts(when, to)?;
    if let Some(found) = &journey.found {
        let baseline = if found.baseline { ", at the first look at its source" } else { "" };
        to.line(format!("  {:<10} {}{baseline}", "found", when.both(found.at)))?;
        to.line(format!(
            "  {:<10} {} (article {}, source {})",
            "outlet",
            shown(&found.outlet),
            found.id,
            shown(&found.source)
        ))?;
        for repost in &found.reposts {
            let (url, why) = (shown(&repost.url), shown(&repost.why));
            to.line(format!("  {:<10} {url} ({}): not told, as {why}", "a repost", when.words(repost.at)))?;
        }
        for other in &found.others {
            let (outlet, source, read) =
                (shown(&other.outlet), shown(&other.source.0), when.words(other.found));
            let story = journey.story.as_ref().map(|story| story.id).filter(|story| *story != other.story);
            let story = story.map(|_| format!(", story {}", other.story)).unwrap_or_default();
            to.line(format!(
                "  {:<10} {outlet} (article {}, source {source}{story}, found {read})",
                "also", other.id
            ))?;
        }
        if let Some(host) = found.host.as_ref().filter(|host| host.repeated > 0) {
            let (pages, blocks) = (count(host.pages, "page"), count(host.repeated, "block"));
            to.line(format!(
                "  {:<10} {}: {pages} remembered; standing on half of them and so furniture: {blocks}",
                "host",
                shown(&host.name)
            ))?;
        }
        for rule in &found.rules {
            to.line(format!("  {:<10} {}: {}", "known by", shown(&rule.kind.words()), shown(&rule.why)))?;
        }
    }
    head(to, if journey.pruned { "Topics, as they judged it then (its text is pruned)" } else { "Topics" })?;
    if journey.topics.is_empty() {
        to.line("none has anything to say")?;
    }
    for topic in &journey.topics {
        topic.print(&journey.article.title, to)?;
    }
    if let Some(story) = &journey.story {
        head(to, &format!("Story {}: {}", story.id, shown(&story.title)))?;
        print_story(story, to)?;
        head(to, "Decisions")?;
        if journey.verdicts.is_empty() {
            to.line("none: no topic was true of it when it came in")?;
        }
    }
    for decision in &journey.verdicts {
        print_decision(decision, when, to)?;
    }
    if !journey.alerts.is_empty() {
        head(to, "Alerts")?;
    }
    for alert in &journey.alerts {
        to.line(shown(&alert.summary()))?;
        to.line(format!("  {}", shown(&alert.told(when))))?;
    }
    Ok(())
}

fn head(to: &mut Printer<'_>, text: &str) -> io::Result<()> {
    to.line("")?;
    to.line(paint(STRONG, text))
}

fn print_story(story: &StoryPart, to: &mut Printer<'_>) -> io::Result<()> {
    let others: Vec<String> = story
        .candidates
        .iter()
        .map(|candidate| format!("story {} ({:.2})", candidate.story, candidate.likeness))
        .collect();
    if others.is_empty() {
        to.line("  no earlier story was like it")?;
    } else {
        to.line(format!("  likeness {:.2}; considered {}", story.likeness, others.join(", ")))?;
    }
    to.line(format!("  to the story it is: {}", story.kind.word()))?;
    to.line(format!("  told by {}", shown(&story.told_by)))?;
    for origin in &story.origins {
        match origin.kind {
            // It may not say where it has it from.
            OriginKind::Own if !story.counted.contains(&origin.name) => {
                to.line(format!("  origin: not known; {} names no other", shown(&origin.name)))?;
            }
            OriginKind::Own => to.line(format!("  origin: {}, its own report", shown(&origin.name)))?,
            OriginKind::Outlet | OriginKind::Agency => {
                to.line(format!("  origin: {}: \"{}\"", shown(&origin.name), shown(&origin.evidence)))?;
            }
        }
    }
    for novel in &story.novel {
        to.line(match novel.sentence.strip_prefix(REMOVED) {
            Some(gone) => format!("  no longer on the page: {}", shown(gone)),
            None => format!("  new: {}", shown(&novel.sentence)),
        })?;
        to.line(paint(FAINT, format!("       {}", shown(&novel.why))))?;
    }
    Ok(())
}

fn print_decision(decision: &Decision, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    let done = match decision.kind {
        VerdictKind::Tell | VerdictKind::Join => paint(GOOD, "told"),
        VerdictKind::Update { due } if due > when.now => {
            paint(GOOD, format!("told again {}", when.words(due)))
        }
        VerdictKind::Update { .. } => paint(GOOD, "told again"),
        VerdictKind::Quiet => paint(GOOD, "shown quietly"),
        VerdictKind::Nothing => paint(BAD, "not told"),
    };
    let (topic, why) = (paint(STRONG, shown(&decision.topic)), shown(&decision.why));
    to.line(format!("{topic}: {done}: {why} ({})", when.words(decision.decided)))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::article::{Article, TextFrom};
    use crate::cli::article::ArticleView;
    use crate::cli::explain::{Found, Host, Repeated};
    use crate::cli::print::captured;
    use crate::clock::Timestamp;
    use crate::feed::{Rule, RuleKind};
    use crate::source::SourceId;
    use crate::store::Twin;
    use crate::story::{Candidate, NewsKind, NovelSentence, Origin};

    #[test]
    #[expect(clippy::too_many_lines, reason = "a journey with everything in it")]
    fn a_journey_reads_from_the_article_to_the_decision() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let article = Article {
            url: Some(url::Url::parse("https://example.org/a").unwrap()),
            title: "Train \u{202e}leaves".into(),
            lead: "An armoured train left.".into(),
            published: Some(at(-7200)),
            published_from: "json-ld".into(),
            text_from: TextFrom::Feed("its page answered 404".into()),
            ..Article::default()
        };
        let journey = Journey {
            article: ArticleView::of(article),
            found: Some(Found {
                id: 7,
                source: "abc".into(),
                outlet: "Post".into(),
                at: at(-60),
                baseline: true,
                reposts: vec![Repeated {
                    url: "https://example.org/a-again".into(),
                    at: at(-30),
                    why: "its title and text were known, under another address".into(),
                }],
                others: vec![
                    Twin {
                        id: 5,
                        source: SourceId("def".into()),
                        outlet: "Post, World".into(),
                        found: at(-90),
                        story: 3,
                    },
                    Twin {
                        id: 4,
                        source: SourceId("abc".into()),
                        outlet: "Post".into(),
                        found: at(-3600),
                        story: 2,
                    },
                ],
                host: Some(Host { name: "a.example".into(), pages: 3, repeated: 1 }),
                rules: vec![Rule {
                    kind: RuleKind::GuidChurn,
                    why: "8 of 8 known entries came under new ids".into(),
                    since: at(-600),
                }],
            }),
            topics: vec![],
            pruned: false,
            story: Some(StoryPart {
                id: 3,
                title: "Kim to travel".into(),
                likeness: 0.41,
                candidates: vec![
                    Candidate { story: 3, likeness: 0.41 },
                    Candidate { story: 1, likeness: 0.1 },
                ],
                kind: NewsKind::Development,
                origins: vec![
                    Origin {
                        name: "Yonhap".into(),
                        kind: OriginKind::Agency,
                        evidence: "Yonhap said".into(),
                    },
                    Origin { name: "Post".into(), kind: OriginKind::Own, evidence: String::new() },
                ],
                novel: vec![NovelSentence { sentence: "It left.".into(), why: "new: left".into() }],
                told_by: "2 outlets".into(),
                counted: vec!["Yonhap".into()],
            }),
            verdicts: vec![Decision {
                topic: "nk".into(),
                raised: true,
                why: "1 sentence that no earlier report says".into(),
                kind: VerdictKind::Update { due: at(3600) },
                matched: true,
                score: 80,
                decided: at(-60),
                alert: Some(1),
            }],
            alerts: vec![],
        };
        let when = When { now: at(0), zone: TimeZone::UTC };
        insta::assert_snapshot!(captured(None, |to| print(&journey, &when, to)), @r##"
        Train \u{202e}leaves
          address    https://example.org/a
          published  2 h ago (2023-11-14 20:13), from json-ld
          text       4 words from the feed (its page answered 404), 0 words of furniture
          found      1 min ago (2023-11-14 22:12), at the first look at its source
          outlet     Post (article 7, source abc)
          a repost   https://example.org/a-again (30 s ago): not told, as its title and text were known, under another address
          also       Post, World (article 5, source def, found 1 min ago)
          also       Post (article 4, source abc, story 2, found 1 h ago)
          host       a.example: 3 pages remembered; standing on half of them and so furniture: 1 block
          known by   link, not by id: 8 of 8 known entries came under new ids

        Topics
        none has anything to say

        Story 3: Kim to travel
          likeness 0.41; considered story 3 (0.41), story 1 (0.10)
          to the story it is: development
          told by 2 outlets
          origin: Yonhap: "Yonhap said"
          origin: not known; Post names no other
          new: It left.
               new: left

        Decisions
        nk: told again in 1 h: 1 sentence that no earlier report says (1 min ago)
        "##);
    }
}
