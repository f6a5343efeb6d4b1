//! `newswatch topic test`: the topics' own tests (`expect`) as a table.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Exit;
use super::args::TopicTestArgs;
use super::context::Context;
use super::print::{Printer, complain};
use super::table::Table;
use super::topic_named;
use crate::pipeline::{Case, Tested, test_topics};
use crate::text::count::count;

/// One topic on one file, as `--json` gives it.
#[derive(Debug, Serialize)]
struct CaseView {
    topic: String,
    file: PathBuf,
    /// "match" or "no match".
    expected: &'static str,
    /// The same; `null` if the file cannot be read.
    got: Option<&'static str>,
    score: Option<u8>,
    ok: bool,
    /// Why it was judged so, or why it cannot be read.
    reason: String,
}

fn word(matches: bool) -> &'static str {
    if matches { "match" } else { "no match" }
}

impl CaseView {
    fn of(case: Case) -> Self {
        let (ok, reason) = (case.holds(), case.reason());
        let Case { topic, file, expected, got, .. } = case;
        let got = got.ok();
        Self {
            topic,
            file,
            expected: word(expected),
            got: got.as_ref().map(|evaluation| word(evaluation.matched)),
            score: got.map(|evaluation| evaluation.score),
            ok,
            reason,
        }
    }
}

/// Runs them. `No` if one is not as expected.
pub(super) fn run(context: &Context, args: &TopicTestArgs) -> anyhow::Result<Exit> {
    let (settings, _) = context.judging_settings()?;
    if let Some(id) = &args.topic {
        topic_named::require(&settings, id)?;
    }
    let Tested { cases, patterns, failed } = test_topics(&settings, args.topic.as_deref());
    let cases: Vec<CaseView> = cases.into_iter().map(CaseView::of).collect();
    let mut to = context.printer();
    if context.json {
        to.json(&cases)?;
    } else if settings.topics.is_empty() {
        to.line("no topics: add a [topic.NAME] to the configuration")?;
    } else {
        let folder = context.config.parent().unwrap_or(Path::new(""));
        print(&cases, folder, &mut to)?;
    }
    for problem in &patterns {
        complain(&problem.line());
    }
    Ok(Exit::yes_if(failed.is_empty()))
}

/// Files are shown as seen from the folder of the configuration.
fn print(cases: &[CaseView], folder: &Path, to: &mut Printer<'_>) -> io::Result<()> {
    if cases.is_empty() {
        return to.line("no topic has tests: give one `expect = { match = [\"examples/*.txt\"] }`");
    }
    let mut table = Table::new(["TEST", "TOPIC", "EXPECTED", "GOT", "SCORE", "FILE", "REASON"]);
    for case in cases {
        table.row([
            if case.ok { "ok" } else { "failed" }.to_owned(),
            case.topic.clone(),
            case.expected.to_owned(),
            case.got.unwrap_or("-").to_owned(),
            case.score.map_or_else(|| "-".to_owned(), |score| score.to_string()),
            case.file.strip_prefix(folder).unwrap_or(&case.file).display().to_string(),
            case.reason.clone(),
        ]);
    }
    to.table(table)?;
    let failed = cases.iter().filter(|case| !case.ok).count();
    to.line("")?;
    to.line(match failed {
        0 => format!("{}, all as expected", count(cases.len(), "test")),
        failed => format!("{}, {failed} not as expected", count(cases.len(), "test")),
    })
}
