//! `newswatch stories`: what was found, story by story.

use std::io;

use rusqlite::Connection;
use serde::Serialize;

use super::Exit;
use super::args::ListArgs;
use super::context::Context;
use super::print::Printer;
use super::style::{FAINT, paint};
use super::table::Table;
use super::when::When;
use crate::alert::counts;
use crate::clock::Timestamp;
use crate::store::{StoryReport, StoryRow, table};
use crate::story::{NewsKind, Origin, OriginKind, StoryView};

/// Rows of a listing that a person asked no number for.
const ROWS: u32 = 30;

impl ListArgs {
    /// How many rows are wanted.
    pub(super) fn rows(&self, json: bool) -> u32 {
        self.limit.unwrap_or(if json { u32::MAX } else { ROWS })
    }

    /// Says that there is more, if a listing of `rows` rows was cut by default.
    pub(super) fn print_more(&self, rows: usize, to: &mut Printer<'_>) -> io::Result<()> {
        if self.limit.is_none() && rows >= ROWS as usize {
            to.line(paint(FAINT, format!("the newest {ROWS}; --limit N shows more")))?;
        }
        Ok(())
    }
}

#[derive(Debug, Serialize)]
struct Story {
    id: i64,
    title: String,
    first: Timestamp,
    last: Timestamp,
    outlets: Vec<String>,
    origins: Vec<IndependentOrigin>,
    reports: Vec<Report>,
    topics: Vec<String>,
}

/// An origin of a story; those that only repeat another are none.
#[derive(Debug, Serialize)]
pub(super) struct IndependentOrigin {
    name: String,
    kind: OriginKind,
    independent: bool,
    evidence: String,
}

#[derive(Debug, Serialize)]
struct Report {
    id: i64,
    url: Option<String>,
    outlet: String,
    title: String,
    published: Option<Timestamp>,
    kind: NewsKind,
    novel: Vec<String>,
}

impl Story {
    fn of(row: StoryRow, reports: Vec<StoryReport>) -> Self {
        let StoryRow { id, title, first, last, view: StoryView { outlets, origins }, topics } = row;
        let origins = origins
            .into_iter()
            .map(|Origin { name, kind, evidence }| IndependentOrigin {
                name,
                kind,
                independent: true,
                evidence,
            })
            .collect();
        Self {
            id,
            title,
            first,
            last,
            outlets,
            origins,
            reports: reports.into_iter().map(Report::of).collect(),
            topics,
        }
    }
}

impl Report {
    fn of(row: StoryReport) -> Self {
        let StoryReport { id, url, outlet, title, published, kind, novel } = row;
        Self {
            id,
            url,
            outlet,
            title,
            published,
            kind,
            novel: novel.into_iter().map(|novel| novel.sentence).collect(),
        }
    }
}

/// Lists them. `No` if there is none.
pub(super) fn run(context: &Context, args: &ListArgs) -> anyhow::Result<Exit> {
    let store = context.store()?;
    let rows = store.read(|db| table::list_stories(db, args.rows(context.json)))?;
    let found = !rows.is_empty();
    let mut printer = context.printer();
    if context.json {
        printer.json(&store.read(|db| with_reports(db, rows))?)?;
    } else {
        print(&rows, &context.when(), &mut printer)?;
        args.print_more(rows.len(), &mut printer)?;
    }
    Ok(Exit::yes_if(found))
}

fn with_reports(db: &Connection, rows: Vec<StoryRow>) -> rusqlite::Result<Vec<Story>> {
    rows.into_iter()
        .map(|row| {
            let reports = table::reports_of(db, row.id)?;
            Ok(Story::of(row, reports))
        })
        .collect()
}

fn print(rows: &[StoryRow], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if rows.is_empty() {
        return to.line("no stories yet");
    }
    let mut table = Table::new(["STORY", "LAST", "HEADLINE", "TOLD BY", "TOPICS"]);
    for row in rows {
        table.row([
            row.id.to_string(),
            when.words(row.last),
            row.title.clone(),
            counts(&row.view),
            row.topics.join(", "),
        ]);
    }
    to.table(table)
}
