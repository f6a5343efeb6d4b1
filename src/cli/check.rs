//! `newswatch check`: every problem in the configuration.

use super::Exit;
use super::args::CheckArgs;
use super::context::Context;
use super::style::{GOOD, paint};
use crate::config;
use crate::text::count::count;

/// Prints every problem; `No` if the configuration cannot be used.
pub(super) fn run(context: &Context, _args: CheckArgs) -> anyhow::Result<Exit> {
    let mut to = context.printer();
    let mut loaded = config::load(&context.config);
    if let Ok(settings) = &mut loaded {
        // A store that cannot be read is none of the configuration's problems: `status` tells of it.
        let odd = Context::learn_from_store(settings).unwrap_or_default();
        settings.warnings.extend(odd);
    }
    let (problems, summary) = match &loaded {
        Ok(settings) => {
            let summary = format!(
                "{} {}, {}, {} in {}",
                paint(GOOD, "ok:"),
                count(settings.sources.len(), "source"),
                count(settings.topics.len(), "topic"),
                count(settings.channels.len(), "channel"),
                count(settings.files.len(), "file"),
            );
            (settings.warnings.as_slice(), summary)
        }
        Err(problems) => {
            let errors = problems.0.iter().filter(|problem| !problem.warning).count();
            (problems.0.as_slice(), count(errors, "problem"))
        }
    };
    if context.json {
        to.json(&problems)?;
    } else {
        for problem in problems {
            to.line(problem)?;
            to.line("")?;
        }
        if !context.quiet {
            to.line(summary)?;
        }
    }
    Ok(Exit::yes_if(loaded.is_ok()))
}
