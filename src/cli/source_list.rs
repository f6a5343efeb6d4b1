//! `newswatch source list`: every source with its health and its next check.

use std::io;

use serde::Serialize;
use url::Url;

use super::Exit;
use super::context::Context;
use super::print::Printer;
use super::table::Table;
use super::when::When;
use crate::clock::Timestamp;
use crate::feed::Rule;
use crate::store::{SourceRow, table};
use crate::text::count::count;

/// One source, as `--json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct SourceView {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) kind: String,
    pub(super) name: Option<String>,
    /// "new", "ok", "busy", "failing", "resting", "removed".
    pub(super) state: &'static str,
    pub(super) last_attempt: Option<Timestamp>,
    pub(super) last_success: Option<Timestamp>,
    pub(super) next_check: Timestamp,
    pub(super) why_next: String,
    pub(super) failures: u32,
    pub(super) error: Option<String>,
    /// Entries seen so far.
    pub(super) entries: u64,
    /// Good answers that brought something new.
    pub(super) useful: u64,
    /// What had to be repaired in its last full answer.
    pub(super) repairs: Vec<String>,
    /// How it names its entries, where that needs care.
    pub(super) rules: Vec<Rule>,
    /// The page that it says it belongs to.
    pub(super) site_url: Option<Url>,
    /// Where it says that it is.
    pub(super) self_url: Option<Url>,
    /// `WebSub` hubs that it names.
    pub(super) hubs: Vec<Url>,
}

impl SourceView {
    pub(super) fn of(row: &SourceRow) -> Self {
        let (state, about) = (&row.state, row.about.clone().unwrap_or_default());
        Self {
            id: row.id.0.clone(),
            url: row.url.clone(),
            kind: row.kind.clone(),
            name: row.name.clone().or_else(|| row.title.clone()),
            state: row.health(),
            last_attempt: state.last_attempt,
            last_success: state.last_success,
            next_check: state.next_check,
            why_next: state.why_next.clone(),
            failures: state.failures,
            error: state.error.clone(),
            entries: row.entries,
            useful: state.useful,
            repairs: about.repairs,
            rules: row.learnt.as_ref().map(|learnt| learnt.rules.clone()).unwrap_or_default(),
            site_url: about.site_url,
            self_url: about.self_url,
            hubs: about.hubs,
        }
    }

    /// Its name, else its address.
    pub(super) fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.url)
    }

    /// When it is asked next, in words.
    pub(super) fn next_words(&self, when: &When) -> String {
        match self.state {
            "resting" | "removed" => "never".to_owned(),
            _ if self.next_check <= when.now => "due".to_owned(),
            _ => when.words(self.next_check),
        }
    }
}

/// Lists them. `No` if there is none.
pub(super) fn run(context: &Context) -> anyhow::Result<Exit> {
    let rows = context.store()?.read(table::list_sources)?;
    let sources: Vec<SourceView> = rows.iter().map(SourceView::of).collect();
    let mut printer = context.printer();
    if context.json {
        printer.json(&sources)?;
    } else {
        print(&sources, &context.when(), &mut printer)?;
    }
    Ok(Exit::yes_if(!sources.is_empty()))
}

fn print(sources: &[SourceView], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if sources.is_empty() {
        return to.line("no sources: `newswatch source add` adds one");
    }
    let mut table = Table::new(["STATE", "SOURCE", "KIND", "ENTRIES", "LAST GOOD", "NEXT CHECK", "WHY THEN"]);
    for source in sources {
        let why = match &source.error {
            Some(error) => format!("{} ({error})", source.why_next),
            None => source.why_next.clone(),
        };
        table.row([
            source.state.to_owned(),
            source.label().to_owned(),
            source.kind.clone(),
            source.entries.to_string(),
            when.words_or(source.last_success, "never"),
            source.next_words(when),
            why,
        ]);
    }
    to.table(table)?;
    to.line("")?;
    to.line(count(sources.len(), "source"))
}
