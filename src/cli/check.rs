//! `newswatch check`: every problem in the configuration.

use super::Exit;
use super::args::CheckArgs;
use super::context::Context;
use super::style::{GOOD, count, paint};
use crate::config;

/// Prints every problem; `No` if the configuration cannot be used.
pub(super) fn run(context: &Context, _args: CheckArgs) -> anyhow::Result<Exit> {
    let mut to = context.printer();
    let loaded = config::load(&context.config);
    let (problems, summary) = match &loaded {
        Ok(settings) => {
            let summary = format!(
                "{} {}, {}, {} in {}",
                paint(GOOD, "ok:"),
                count(settings.sources.len() as u64, "source"),
                count(settings.topics.len() as u64, "topic"),
                count(settings.channels.len() as u64, "channel"),
                count(settings.files.len() as u64, "file"),
            );
            (settings.warnings.as_slice(), summary)
        }
        Err(problems) => {
            let errors = problems.0.iter().filter(|problem| !problem.warning).count();
            (problems.0.as_slice(), count(errors as u64, "problem"))
        }
    };
    if context.json {
        to.json(&problems)?;
    } else {
        for problem in problems {
            to.line(problem)?;
        }
        if !context.quiet {
            to.line(summary)?;
        }
    }
    Ok(Exit::yes_if(loaded.is_ok()))
}
