//! `newswatch check`: every problem in the configuration, and the topics' own tests.

use super::Exit;
use super::args::CheckArgs;
use super::context::Context;
use super::style::{GOOD, paint};
use crate::config::{self, Problem};
use crate::pipeline::test_topics;
use crate::text::count::count;

/// Prints every problem; `No` if the configuration cannot be used, or a topic fails its own tests.
pub(super) fn run(context: &Context, _args: CheckArgs) -> anyhow::Result<Exit> {
    let mut to = context.printer();
    let mut loaded = config::load(&context.config);
    if let Ok(settings) = &mut loaded {
        // A store that cannot be read is none of the configuration's problems: `status` tells of it.
        let odd = Context::learn_from_store(settings).unwrap_or_default();
        settings.warnings.extend(odd);
    }
    let (problems, summary) = match loaded {
        Ok(settings) => {
            let tested = test_topics(&settings, None);
            let mut problems = settings.warnings;
            problems.extend(tested.problems());
            // In order of the files as they were read, then of lines, as all problems are.
            let place = |problem: &Problem| settings.files.iter().position(|file| *file == problem.file);
            problems.sort_by_key(|problem| (place(problem), problem.line, problem.column));
            let tests = match tested.cases.len() {
                0 => String::new(),
                cases => format!("; {} of topics as expected", count(cases, "test")),
            };
            let summary = format!(
                "{} {}, {}, {} in {}{tests}",
                paint(GOOD, "ok:"),
                count(settings.sources.len(), "source"),
                count(settings.topics.len(), "topic"),
                count(settings.channels.len(), "channel"),
                count(settings.files.len(), "file"),
            );
            (problems, summary)
        }
        Err(problems) => (problems.0, String::new()),
    };
    let errors = problems.iter().filter(|problem| !problem.warning).count();
    if context.json {
        to.json(&problems)?;
    } else {
        for problem in &problems {
            to.line(problem)?;
            to.line("")?;
        }
        if !context.quiet {
            to.line(if errors > 0 { count(errors, "problem") } else { summary })?;
        }
    }
    Ok(Exit::yes_if(errors == 0))
}
