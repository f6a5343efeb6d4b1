//! `newswatch source refresh`: sources due now.

use std::io;

use serde::Serialize;

use super::Exit;
use super::args::RefreshArgs;
use super::context::Context;
use super::edit::same_name;
use super::print::{Printer, complain, shown};
use super::when::When;
use crate::clock::Timestamp;
use crate::feed::addresses;
use crate::schedule::asked_for;
use crate::store::{Lock, SourceRow, Store, table};
use crate::text::address::canonical;
use crate::text::count::count;

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

/// Makes them due. `No` if none is.
pub(super) fn run(context: &Context, args: &RefreshArgs) -> anyhow::Result<Exit> {
    let path = context.store_path()?;
    let now = context.now();
    // One row a source, in a transaction of its own beside the daemon's: SQLite lets one write at a time, and the daemon
    // reads the schedule from the table at each turn.
    let store = Store::beside(&path)?;
    let rows = store.write_blocking(|tx| table::list_sources(tx))?;
    let rows: Vec<SourceRow> = rows.into_iter().filter(|row| row.configured).collect();
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
    let refreshed = store.write_blocking(|tx| {
        let mut refreshed = Vec::new();
        for row in chosen {
            // As it stands now: a look may have ended in between.
            let Some(state) = table::source_state(tx, &row.id)? else { continue };
            let next = asked_for(&state, now);
            if let Some(next) = &next {
                table::put_source_state(tx, &row.id, next)?;
            }
            let due = next.is_some();
            let state = next.unwrap_or(state);
            refreshed.push(Refreshed {
                id: row.id.0.clone(),
                url: row.url.clone(),
                name: row.name.clone().or_else(|| row.title.clone()),
                due,
                next_check: state.next_check,
                why_next: state.why_next,
            });
        }
        Ok(refreshed)
    })?;
    let mut to = context.printer();
    if context.json {
        to.json(&refreshed)?;
    } else if !refreshed.is_empty() || unknown.is_empty() {
        print(&refreshed, &context.when(), &mut to)?;
    }
    for wanted in &unknown {
        complain(&format!(
            "no source is known as {}: see `newswatch source list`; what was just added is there after a reload",
            shown(wanted)
        ));
    }
    let any = refreshed.iter().any(|source| source.due);
    if any && !context.quiet && !context.json {
        let running = Lock::is_held(&path);
        to.line(if running {
            "the running daemon looks within seconds"
        } else {
            "no daemon is running: `newswatch once` looks"
        })?;
    }
    Ok(Exit::yes_if(any && unknown.is_empty()))
}

/// The rows that `wanted` names by ID, address or name.
fn named<'r>(rows: &'r [SourceRow], wanted: &str) -> Vec<&'r SourceRow> {
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
        let label = source.name.as_deref().unwrap_or(&source.url);
        to.line(format!(
            "{} waits, next {}: {}",
            shown(label),
            when.words(source.next_check),
            shown(&source.why_next)
        ))?;
    }
    let due = refreshed.iter().filter(|source| source.due).count();
    to.line(format!("{} due now", count(due, "source")))
}
