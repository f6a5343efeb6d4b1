//! How topics judged an article, printed: the evaluator's trace, clause by clause, and the sentences that it rests on.

use std::io;

use serde::Serialize;

use super::print::{Printer, shown};
use super::style::{FAINT, FOUND, STRONG, of_word, paint, severity};
use crate::text::clean::{bounded, without_controls};
use crate::topic::{Evaluation, Quote, Quoter, Severity, gist};

/// Characters shown of a line of a rule beside a quotation.
const LINE: usize = 40;

/// One topic on one article, as `--json` gives it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TopicView {
    pub(super) topic: String,
    /// Whether the topic is true of the article.
    pub(super) matched: bool,
    score: u8,
    severity: Severity,
    why: Vec<String>,
    why_not: Vec<String>,
    /// The line that lacks where it is the only one.
    near_miss: Option<String>,
    /// The sentences with the best hits of its lines.
    quotes: Vec<Quote>,
    /// If it was judged under a rule that has changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<EarlierRule>,
    #[serde(skip)]
    gist: String,
}

/// The rule under which a topic was judged, where it is another one today, or judges otherwise.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EarlierRule {
    /// As it was: TOML.
    pub(super) text: String,
    /// Lines that it had and today's has not, and those that came: "- near = 60", "+ near = 30".
    pub(super) changes: Vec<String>,
    /// The topic went by other examples. What those said is not kept.
    pub(super) other_examples: bool,
    /// The topic has left the configuration.
    pub(super) left: bool,
    /// The article under today's; `null` if the topic has left, or the text is pruned.
    pub(super) today: Option<Box<TopicView>>,
}

impl TopicView {
    /// The same, judged under a rule that was another then.
    pub(super) fn under(self, rule: EarlierRule) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// Whether `other` came to the same.
    pub(super) fn is_as(&self, other: &Evaluation) -> bool {
        self.matched == other.matched && self.score == other.score
    }

    /// With quotations from the article that was judged.
    pub(super) fn of(evaluation: Evaluation, from: &Quoter<'_>) -> Self {
        let (quotes, gist) = (from.quotes(&evaluation), gist(&evaluation));
        let Evaluation { topic, matched, score, severity, why, why_not, near_miss, .. } = evaluation;
        Self { topic, matched, score, severity, why, why_not, near_miss, quotes, rule: None, gist }
    }

    /// `MATCH` with its reasons, or `NO MATCH` with the first reason against on the same line.
    pub(super) fn print(&self, headline: &str, to: &mut Printer<'_>) -> io::Result<()> {
        let name = paint(STRONG, shown(&self.topic));
        if self.matched {
            let word = severity(self.severity);
            let word = of_word(word).map_or_else(|| word.to_owned(), |style| paint(style, word));
            let verdict = paint(FOUND, "MATCH");
            to.line(format!("{verdict} {name}  score {}  {word}   \"{}\"", self.score, shown(headline)))?;
            for line in &self.why {
                to.line(format!("  {}", shown(line)))?;
            }
            for quote in &self.quotes {
                to.line(format!("  {}", quoted(quote)))?;
            }
            return self.print_change(to);
        }
        let (first, others) = match self.why_not.split_first() {
            Some((first, others)) => (first.as_str(), others),
            None => ("nothing in it", [].as_slice()),
        };
        to.line(format!("{} {name}   {}", paint(FAINT, "NO MATCH"), shown(first)))?;
        for line in others {
            to.line(format!("  {}", shown(line)))?;
        }
        for line in &self.why {
            to.line(paint(FAINT, format!("  but {}", shown(line))))?;
        }
        self.print_change(to)
    }

    /// What became of its rule since.
    fn print_change(&self, to: &mut Printer<'_>) -> io::Result<()> {
        let Some(EarlierRule { changes, other_examples, left, today, .. }) = &self.rule else {
            return Ok(());
        };
        if *left {
            return to.line("  the topic has left the configuration since");
        }
        to.line(match (changes.is_empty(), other_examples) {
            (true, true) => "  its examples have changed since: this is how it was judged by those of then",
            (true, false) => "  the same rule judges it otherwise today",
            (false, true) => "  the rule has changed since, and so have its examples:",
            (false, false) => "  the rule has changed since:",
        })?;
        for change in changes {
            to.line(paint(FAINT, format!("    {}", shown(change))))?;
        }
        let Some(today) = today else { return Ok(()) };
        let verdict = if today.matched { paint(FOUND, "MATCH") } else { paint(FAINT, "NO MATCH") };
        let when = if changes.is_empty() { "today" } else { "under today's" };
        to.line(format!("  {when}: {verdict}, {}", shown(&today.gist)))
    }
}

/// `title "Kim to visit Putin" (@kim; @russia)`, with the hits in colour.
fn quoted(quote: &Quote) -> String {
    let Quote { zone, lines, sentence, hits } = quote;
    let part = |from: usize, to: usize| without_controls(sentence.get(from..to).unwrap_or_default());
    let (mut text, mut at) = (String::new(), 0);
    for hit in hits {
        let start = hit.start.max(at);
        if hit.end > start {
            text.push_str(&part(at, start));
            text.push_str(&paint(FOUND, part(start, hit.end)));
            at = hit.end;
        }
    }
    text.push_str(&part(at, sentence.len()));
    let lines: Vec<String> = lines.iter().map(|line| bounded(&shown(line), LINE)).collect();
    format!("{} \"{text}\" {}", zone.word(), paint(FAINT, format!("({})", lines.join("; "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Zone;
    use crate::cli::print::captured;

    #[test]
    fn a_match_gives_its_reasons_and_a_miss_its_reason_against() {
        let hit = TopicView {
            topic: "nk-arms".into(),
            matched: true,
            score: 100,
            severity: Severity::Warning,
            why: vec!["@nk  8×  title \"Kim Jong Un\"".into(), "NEAR/60 ok: 9 words, title".into()],
            why_not: vec![],
            near_miss: None,
            quotes: vec![Quote {
                zone: Zone::Title,
                lines: vec!["@nk".into(), "@russia".into()],
                sentence: "Kim\u{1b}[2J to visit Putin".into(),
                hits: vec![0..3, 1..3, 17..22],
            }],
            rule: None,
            gist: "score 100".into(),
        };
        let miss = TopicView {
            matched: false,
            why: vec!["@russia  2×  body \"Moscow\"".into()],
            why_not: vec![
                "@nk: no hit that counts (7 hits, all in furniture)".into(),
                "@arms: no hit".into(),
            ],
            rule: Some(EarlierRule {
                text: "near = 60\n".into(),
                changes: vec!["- near = 60".into(), "+ near = 30".into()],
                other_examples: false,
                left: false,
                today: Some(Box::new(hit.clone())),
            }),
            ..hit.clone()
        };
        assert!(quoted(&hit.quotes[0]).contains(&paint(FOUND, "Putin")));
        let text = captured(None, |to| {
            hit.print("Kim to visit\u{1b}[2J Putin", to)?;
            miss.print("x", to)
        });
        insta::assert_snapshot!(text, @r##"
        MATCH nk-arms  score 100  warning   "Kim to visit\u{1b}[2J Putin"
          @nk 8× title "Kim Jong Un"
          NEAR/60 ok: 9 words, title
          title "Kim[2J to visit Putin" (@nk; @russia)
        NO MATCH nk-arms   @nk: no hit that counts (7 hits, all in furniture)
          @arms: no hit
          but @russia 2× body "Moscow"
          the rule has changed since:
            - near = 60
            + near = 30
          under today's: MATCH, score 100
        "##);
    }
}
