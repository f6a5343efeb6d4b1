//! `newswatch export`: all sources as a list that other readers take.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context as _, bail};

use super::Exit;
use super::args::ExportArgs;
use super::context::Context;
use super::edit::{as_text, open};
use crate::config::Draft;
use crate::feed::{Outline, OutlineKind, write_opml};
use crate::text::count::count;

/// What the list is called.
const TITLE: &str = "Sources of newswatch";

/// Writes the list. `No` if there is no source.
pub(super) fn run(context: &Context, args: &ExportArgs) -> anyhow::Result<Exit> {
    let edition = open(context)?;
    let outlines: Vec<Outline> =
        edition.sources().iter().filter_map(|(_, source)| outline(&source.draft)).collect();
    let list = write_opml(TITLE, &outlines);
    let mut to = context.printer();
    match &args.list {
        None => to.bytes(list.as_bytes())?,
        Some(path) => {
            write(path, list.as_bytes(), args.force)?;
            if !context.quiet {
                to.line(format!("{} written to {}", count(outlines.len(), "source"), path.display()))?;
            }
        }
    }
    Ok(Exit::yes_if(!outlines.is_empty()))
}

/// Writes a new file, or with `force` over the one that is there.
fn write(path: &Path, list: &[u8], force: bool) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let written = options.open(path).and_then(|mut file| file.write_all(list));
    if let Err(error) = &written
        && error.kind() == ErrorKind::AlreadyExists
    {
        bail!("{} is there already: take another name, or --force to write over it", path.display());
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn outline(draft: &Draft) -> Option<Outline> {
    let kind = match draft.table {
        "feed" => OutlineKind::Feed,
        "page" => OutlineKind::Page,
        _ => OutlineKind::Sitemap,
    };
    let rest = draft.keys.iter().filter(|(key, _)| !matches!(key.as_str(), "url" | "name" | "tags"));
    Some(Outline {
        kind,
        url: draft.url()?.to_string(),
        title: draft.text("name").map(str::to_owned),
        tags: draft.tags().to_vec(),
        settings: rest.filter_map(|(key, value)| Some((key.clone(), as_text(value)?))).collect(),
    })
}
