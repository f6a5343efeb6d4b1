//! `newswatch source refresh`: sources due now.

use std::io;

use serde::Serialize;

use super::Exit;
use super::args::RefreshArgs;
use super::context::Context;
use super::edit::same_name;
use super::print::{Printer, complain, shown};
use super::source_list::merged;
use super::when::When;
use crate::clock::Timestamp;
use crate::feed::addresses;
use crate::schedule::asked_for;
use crate::source::SourceState;
use crate::store::{Lock, SourceRow, Store, StoreError, table};
use crate::text::address::canonical;
use crate::text::count::count;

/// Most sources that are named one by one.
const NAMED: usize = 20;

/// One source, as `--json` gives it.
#[derive(Debug, Serialize)]
struct Refreshed {
    id: String,
    url: String,
    name: Option<String>,
    /// Whether it is due now.
    due: bool,
    next_check: Timestamp,
    why_next: String,
}

impl Refreshed {
    fn of(row: &SourceRow, due: bool, state: SourceState) -> Self {
        Self {
            id: row.id.0.clone(),
            url: row.url.clone(),
            name: row.name.clone().or_else(|| row.title.clone()),
            due,
            next_check: state.next_check,
            why_next: state.why_next,
        }
    }

    fn label(&self) -> String {
        shown(self.name.as_deref().unwrap_or(&self.url))
    }
}

/// Makes them due. `No` if none is.
pub(super) fn run(context: &Context, args: &RefreshArgs) -> anyhow::Result<Exit> {
    let now = context.now();
    let (rows, settings) = context.known_sources()?;
    let path = match &settings {
        Some(settings) => settings.store.path.clone(),
        None => context.store_path()?,
    };
    // What left the configuration is asked no more, even before the daemon knows.
    let rows = merged(rows, settings.as_ref(), now).into_iter().map(|(row, _)| row);
    let (rows, left): (Vec<SourceRow>, Vec<SourceRow>) = rows.partition(|row| row.configured);
    let mut unknown = Vec::new();
    let mut chosen: Vec<&SourceRow> = Vec::new();
    for wanted in &args.sources {
        let found = named(&rows, wanted);
        if found.is_empty() {
            unknown.push(wanted);
        }
        let new: Vec<&SourceRow> =
            found.into_iter().filter(|row| !chosen.iter().any(|other| other.id == row.id)).collect();
        chosen.extend(new);
    }
    if args.sources.is_empty() {
        // Those that rest are woken by name only.
        chosen = rows.iter().filter(|row| !row.state.resting).collect();
    }
    let running = Lock::is_held(&path);
    let refreshed = make_due(&path, &chosen, running, now)?;
    let mut to = context.printer();
    if context.json {
        to.json(&refreshed)?;
    } else if !refreshed.is_empty() || unknown.is_empty() {
        print(&refreshed, &context.when(), &mut to)?;
    }
    for wanted in &unknown {
        let wanted = shown(wanted);
        complain(&if named(&left, &wanted).is_empty() {
            format!("no source is known as {wanted}: see `newswatch source list`")
        } else {
            format!(
                "{wanted} left the configuration, and is asked no more: `newswatch source add` puts it back"
            )
        });
    }
    let any = refreshed.iter().any(|source| source.due);
    if any && !context.quiet && !context.json {
        to.line(if running {
            "the running daemon looks within seconds; `newswatch source list` shows how they fared"
        } else {
            "no daemon is running: `newswatch once` looks"
        })?;
    }
    Ok(Exit::yes_if(any && unknown.is_empty()))
}

/// Makes `chosen` due in the store at `path`, those that may be. What is not stored yet is due anyway, unless a daemon is
/// `running`, which has to be reloaded to know it.
fn make_due(
    path: &std::path::Path,
    chosen: &[&SourceRow],
    running: bool,
    now: Timestamp,
) -> Result<Vec<Refreshed>, StoreError> {
    // One row a source, in a transaction of its own beside the daemon's: SQLite lets one write at a time, and the daemon
    // reads the schedule from the table at each turn.
    let store = match Store::beside(path) {
        Ok(store) => store,
        Err(StoreError::Missing(_)) => {
            return Ok(chosen.iter().map(|row| Refreshed::of(row, true, row.state.clone())).collect());
        }
        Err(error) => return Err(error),
    };
    store.write_blocking(|tx| {
        let mut refreshed = Vec::new();
        for row in chosen {
            // As it stands now: a look may have ended in between.
            let Some(state) = table::source_state(tx, &row.id)? else {
                refreshed.push(Refreshed::of(row, !running, row.state.clone()));
                continue;
            };
            let next = asked_for(&state, now);
            if let Some(next) = &next {
                table::put_source_state(tx, &row.id, next)?;
            }
            refreshed.push(Refreshed::of(row, next.is_some(), next.unwrap_or(state)));
        }
        Ok(refreshed)
    })
}

/// The rows that `wanted` names by ID, address or name.
pub(super) fn named<'r>(rows: &'r [SourceRow], wanted: &str) -> Vec<&'r SourceRow> {
    let urls: Vec<_> = addresses(wanted).unwrap_or_default().iter().map(canonical).collect();
    let by_id = |row: &SourceRow| row.id.0 == wanted;
    let by_url = |row: &SourceRow| row.url.parse().is_ok_and(|url| urls.contains(&canonical(&url)));
    let by_name = |row: &SourceRow| same_name(row.label(), wanted);
    let ways: [&dyn Fn(&SourceRow) -> bool; 3] = [&by_id, &by_url, &by_name];
    let found = ways.iter().map(|way| rows.iter().filter(|row| way(row)).collect::<Vec<_>>());
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

fn print(refreshed: &[Refreshed], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    for source in refreshed.iter().filter(|source| !source.due) {
        let (label, why) = (source.label(), shown(&source.why_next));
        if when.words(source.next_check) == "now" || source.next_check <= when.now {
            to.line(format!("{label} waits: {why}"))?;
        } else {
            to.line(format!("{label} waits, next {}: {why}", when.words(source.next_check)))?;
        }
    }
    let due: Vec<&Refreshed> = refreshed.iter().filter(|source| source.due).collect();
    for source in due.iter().take(NAMED) {
        to.line(format!("{} is due now", source.label()))?;
    }
    if due.len() > NAMED {
        to.line(format!("and {} more", due.len() - NAMED))?;
    }
    to.line(match (due.len(), refreshed.is_empty()) {
        (_, true) => "no sources: `newswatch source add` adds one".to_owned(),
        (0, _) => "no source is due".to_owned(),
        (many, _) => format!("{} due now", count(many, "source")),
    })
}
