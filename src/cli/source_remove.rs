//! `newswatch source remove`: a source out of the configuration, all else as it was.

use anyhow::{Context as _, bail};

use super::Exit;
use super::args::RemoveArgs;
use super::context::Context;
use super::edit::{EditedSource, named, next_words, open, save};
use super::print::{complain, shown};
use crate::config::remove;

/// Removes it. `No` if there is no such source.
pub(super) fn run(context: &Context, args: &RemoveArgs) -> anyhow::Result<Exit> {
    let edition = open(context)?;
    let found = named(&edition, &args.source)?;
    let (file, source) = match found.as_slice() {
        [] => {
            complain(&format!("no source is known as {}: see `newswatch source list`", shown(&args.source)));
            return Ok(Exit::No);
        }
        [one] => one,
        several => {
            let ids = several.iter().filter_map(|(file, source)| {
                Some(format!("{} ({})", source.draft.id()?, EditedSource::of(file, source).place()))
            });
            bail!(
                "several sources are known as {}: name one by its ID: {}",
                shown(&args.source),
                ids.collect::<Vec<_>>().join(", ")
            );
        }
    };
    let text = edition.text(file).unwrap_or_default();
    let text = remove(text, source).with_context(|| format!("cannot edit {}", file.display()))?;
    let settings = save(&edition, file, &text)?;
    let removed = EditedSource::of(file, source);
    let mut to = context.printer();
    if context.json {
        to.json(&removed)?;
    } else {
        to.line(format!("removed {} from {}", removed.label(), removed.place()))?;
        if !context.quiet {
            to.line(next_words(&settings))?;
        }
    }
    Ok(Exit::Yes)
}
