//! How topics judged an article, printed: the evaluator's trace, clause by clause.

use std::io;

use serde::Serialize;

use super::print::{Printer, shown};
use super::style::{FAINT, FOUND, STRONG, of_word, paint, severity};
use crate::topic::{Evaluation, Severity};

/// One topic on one article, as `--json` gives it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TopicView {
    topic: String,
    /// Whether the topic is true of the article.
    pub(super) matched: bool,
    score: u8,
    severity: Severity,
    why: Vec<String>,
    why_not: Vec<String>,
}

impl TopicView {
    pub(super) fn of(evaluation: Evaluation) -> Self {
        let Evaluation {
            topic,
            matched,
            score,
            severity,
            why,
            why_not,
            evidence: _,
            furniture_only: _,
            near_miss: _,
        } = evaluation;
        Self { topic, matched, score, severity, why, why_not }
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
            return Ok(());
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        };
        let miss = TopicView {
            matched: false,
            why: vec!["@russia  2×  body \"Moscow\"".into()],
            why_not: vec![
                "@nk: no hit that counts (7 hits, all in furniture)".into(),
                "@arms: no hit".into(),
            ],
            ..hit.clone()
        };
        let text = captured(None, |to| {
            hit.print("Kim to visit\u{1b}[2J Putin", to)?;
            miss.print("x", to)
        });
        insta::assert_snapshot!(text, @r##"
        MATCH nk-arms  score 100  warning   "Kim to visit\u{1b}[2J Putin"
          @nk 8× title "Kim Jong Un"
          NEAR/60 ok: 9 words, title
        NO MATCH nk-arms   @nk: no hit that counts (7 hits, all in furniture)
          @arms: no hit
          but @russia 2× body "Moscow"
        "##);
    }
}
