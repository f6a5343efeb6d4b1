//! `newswatch import`: the feeds of another reader into the configuration.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use serde::Serialize;

use super::Exit;
use super::args::ImportArgs;
use super::context::Context;
use super::edit::{chosen_file, label, next_words, open, save, with_added};
use super::print::{Printer, shown};
use crate::config::{Draft, Edition, Value};
use crate::feed::{Outline, OutlineKind, addresses, read_opml};
use crate::text::count::count;

/// Most bytes of a list that are read; the reader takes no more either.
const MAX_SIZE: u64 = 16 << 20;
/// Where imported sources go, beside the main file, if it includes that.
const IMPORTED: &str = "watchlists/imported.toml";
/// What a list may say of a source beside its address, name and tags.
const SETTINGS: [&str; 8] =
    ["links", "watch", "interval", "min_interval", "max_interval", "articles", "robots", "first_look"];
/// Most left-out lines that are shown.
const SHOWN_LEFT_OUT: usize = 20;

/// What an import did, as `--json` gives it.
#[derive(Debug, Default, Serialize)]
struct Imported {
    /// Where to; the file is written unless `dry_run`.
    file: PathBuf,
    dry_run: bool,
    added: Vec<Line>,
    /// In the configuration already.
    known: Vec<Line>,
    /// Not taken, each with the reason.
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct Line {
    kind: &'static str,
    url: String,
    name: Option<String>,
    tags: Vec<String>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    url: String,
    name: Option<String>,
    why: String,
}

/// Imports. `No` if there was nothing to add.
pub(super) fn run(context: &Context, args: &ImportArgs) -> anyhow::Result<Exit> {
    let edition = open(context)?;
    let outlines = read_opml(&read(&args.list)?)
        .map_err(|error| anyhow!(error))
        .with_context(|| format!("{} cannot be imported", args.list.display()))?;
    let file = match &args.file {
        Some(named) => chosen_file(&edition, named)?,
        None => home(&edition),
    };
    let mut imported = Imported { file, dry_run: args.dry_run, ..Imported::default() };
    let drafts = imported.sort(&edition, outlines);
    let mut settings = None;
    if !drafts.is_empty() {
        let text = with_added(&edition, &imported.file, &drafts)?;
        if args.dry_run {
            // Mistakes are told as they would be.
            edition.with(&imported.file, &text).map_err(super::context::BadConfiguration)?;
        } else {
            settings = Some(save(&edition, &imported.file, &text)?);
        }
    }
    let mut to = context.printer();
    if context.json {
        to.json(&imported)?;
    } else {
        imported.print(&mut to)?;
        if let Some(settings) = settings.filter(|_| !context.quiet) {
            to.line(next_words(&settings))?;
        }
    }
    Ok(Exit::yes_if(!drafts.is_empty()))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(MAX_SIZE).read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        let read = File::open(path).and_then(|file| file.take(MAX_SIZE).read_to_end(&mut bytes));
        read.with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(bytes)
}

/// Where imported sources go unless the person says otherwise.
fn home(edition: &Edition) -> PathBuf {
    let own = edition.main().parent().unwrap_or(Path::new("")).join(IMPORTED);
    if edition.covers(&own) { own } else { edition.main().to_owned() }
}

impl Imported {
    /// Sorts the outlines into what is added, known or left out.
    fn sort(&mut self, edition: &Edition, outlines: Vec<Outline>) -> Vec<Draft> {
        let mut known: HashSet<_> =
            edition.sources().into_iter().filter_map(|(_, source)| source.draft.id()).collect();
        let mut drafts = Vec::new();
        for outline in outlines {
            let draft = match draft(&outline) {
                Ok(draft) => draft,
                Err(why) => {
                    self.left_out.push(LeftOut { url: outline.url, name: outline.title, why });
                    continue;
                }
            };
            let line = Line {
                kind: draft.table,
                url: draft.text("url").unwrap_or_default().to_owned(),
                name: draft.text("name").map(str::to_owned),
                tags: draft.tags().to_vec(),
            };
            match draft.id() {
                Some(id) if known.insert(id.clone()) => {
                    self.added.push(line);
                    drafts.push(draft);
                }
                Some(_) => self.known.push(line),
                None => self.left_out.push(LeftOut {
                    url: line.url,
                    name: line.name,
                    why: "no whole source".to_owned(),
                }),
            }
        }
        drafts
    }

    fn print(&self, to: &mut Printer<'_>) -> io::Result<()> {
        for LeftOut { url, name, why } in self.left_out.iter().take(SHOWN_LEFT_OUT) {
            to.line(format!("left out {}: {}", label("", url, name.as_deref()).trim(), shown(why)))?;
        }
        if let Some(more) = self.left_out.len().checked_sub(SHOWN_LEFT_OUT).filter(|more| *more > 0) {
            to.line(format!("and {more} more"))?;
        }
        if self.dry_run {
            for Line { kind, url, name, tags } in &self.added {
                let tags = if tags.is_empty() {
                    String::new()
                } else {
                    format!(" under {}", shown(&tags.join(", ")))
                };
                to.line(format!("would add {}{tags}", label(kind, url, name.as_deref())))?;
            }
        }
        let (would, file) = (if self.dry_run { "would be " } else { "" }, self.file.display());
        let counts = [(self.known.len(), "there already"), (self.left_out.len(), "left out")];
        let rest = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}"));
        let rest = rest.collect::<Vec<_>>().concat();
        match self.added.len() {
            0 => to.line(format!("nothing to add{rest}")),
            added => to.line(format!("{} {would}added to {file}{rest}", count(added, "source"))),
        }
    }
}

/// The source that an outline is, or why it is none.
fn draft(outline: &Outline) -> Result<Draft, String> {
    let table = match outline.kind {
        OutlineKind::Feed => "feed",
        OutlineKind::Page => "page",
        OutlineKind::Sitemap => "sitemap",
        OutlineKind::Link => {
            return Err("a page without a feed; `newswatch source add` looks for one".to_owned());
        }
    };
    let urls = addresses(&outline.url)?;
    let url = urls.first().ok_or("no address")?;
    // What stands in place of a title is none.
    let name = outline.title.as_deref().filter(|title| *title != outline.url && *title != url.as_str());
    let mut draft = Draft::new(table, url.as_str(), name, &outline.tags);
    for key in SETTINGS {
        let Some((_, value)) = outline.settings.iter().find(|(name, _)| name == key) else { continue };
        let value = match (key, value.as_str()) {
            ("articles" | "robots", "true") => Value::Flag(true),
            ("articles" | "robots", "false") => Value::Flag(false),
            _ => Value::Text(value.clone()),
        };
        draft.keys.push((key.to_owned(), value));
    }
    Ok(draft)
}
