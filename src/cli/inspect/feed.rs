//! `newswatch inspect feed`: bytes → entries, of feeds and of sitemaps.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::input::{Input, beside, how_many, inputs, read_file, step};
use super::order::in_order;
use crate::cli::Exit;
use crate::cli::args::InspectArgs;
use crate::cli::context::Context;
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, FAINT, STRONG, paint};
use crate::cli::table::Table;
use crate::cli::when::When;
use crate::clock::Timestamp;
use crate::feed::{
    Child, Entry, EntrySource, Feed, Media, Rhythm, Sitemap, identify, read_feed, read_sitemap,
};
use crate::text::count::count;

/// Stands for the address that is not known (RFC 2606: never a real one); links relative to it stay relative.
const NOWHERE: &str = "https://feed.invalid/";

#[derive(Debug, Deserialize)]
struct Line {
    file: String,
    base: Option<String>,
    content_type: Option<String>,
}

#[derive(Debug)]
struct Task {
    path: PathBuf,
    base: Option<String>,
    content_type: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    file: Value,
    error: Option<String>,
    feed: Option<FeedView>,
    repairs: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FeedView {
    format: String,
    title: Option<String>,
    language: Option<String>,
    self_url: Option<Url>,
    site_url: Option<Url>,
    hubs: Vec<Url>,
    rhythm: Rhythm,
    entries: Vec<EntryView>,
}

#[derive(Debug, Serialize)]
struct EntryView {
    /// As published.
    id: Option<String>,
    url: Option<String>,
    title: Option<String>,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    /// What the feed writes in place of a date.
    date_text: Option<String>,
    author: Option<String>,
    authors: Vec<String>,
    summary: Option<String>,
    content: Option<String>,
    language: Option<String>,
    categories: Vec<String>,
    source: Option<EntrySource>,
    media: Vec<Media>,
    /// What newswatch knows it by.
    key: String,
}

/// Reads them.
pub(in crate::cli) fn run(context: &Context, args: &InspectArgs) -> anyhow::Result<Exit> {
    let inputs = inputs(
        args,
        &["file"],
        |file| Task { path: file.to_owned(), base: None, content_type: None },
        |Line { file, base, content_type }, folder| Task { path: beside(folder, &file), base, content_type },
    )?;
    let (when, mut printer) = (context.when(), context.printer());
    let now = context.clock.now();
    let bar = context.progress(|| how_many(args));
    in_order(
        inputs,
        |task| read(&task, now),
        |Input { name, task, .. }| {
            step(bar.as_ref(), &name);
            let answer = Answer::of(name, task);
            if context.json {
                printer.json_line(&answer)?;
            } else {
                answer.print(&when, &mut printer)?;
            }
            Ok(())
        },
    )?;
    Ok(Exit::Yes)
}

fn read(task: &Task, now: Timestamp) -> Result<(FeedView, Vec<String>), String> {
    let bytes = read_file(&task.path)?;
    let base = match &task.base {
        Some(base) => Url::parse(base).map_err(|error| format!("base: {error}"))?,
        None => nowhere()?,
    };
    let feed = read_list(&bytes, task.content_type.as_deref(), &base, now)?;
    let Feed { format, title, language, self_url, site_url, hubs, entries, rhythm, repairs } = feed;
    let entries = identify(entries)
        .into_iter()
        .map(|entry| EntryView::of(entry, task.base.is_none().then_some(&base)))
        .collect();
    Ok((FeedView { format, title, language, self_url, site_url, hubs, rhythm, entries }, repairs))
}

/// Reads a feed, or where there is none a sitemap: the sitemaps of an index count as entries.
fn read_list(bytes: &[u8], content_type: Option<&str>, base: &Url, now: Timestamp) -> Result<Feed, String> {
    let no_feed = match read_feed(bytes, content_type, base, now) {
        Ok(feed) => return Ok(feed),
        Err(error) => error.to_string(),
    };
    match read_sitemap(bytes, content_type, base, now).map_err(|_| no_feed)? {
        Sitemap::Entries(feed) => Ok(feed),
        Sitemap::Index(children) => {
            let entry =
                |child: Child| Entry { url: Some(child.url), updated: child.modified, ..Entry::default() };
            let entries = children.into_iter().map(entry).collect();
            Ok(Feed { format: "sitemapindex".to_owned(), entries, ..Feed::default() })
        }
    }
}

fn nowhere() -> Result<Url, String> {
    Url::parse(NOWHERE).map_err(|error| error.to_string())
}

impl EntryView {
    /// `made_up`: the base, if it is only a stand-in.
    fn of(entry: Entry, made_up: Option<&Url>) -> Self {
        let author = entry.authors.first().cloned();
        let url = entry.url.map(|url| match made_up.filter(|base| base.origin() == url.origin()) {
            Some(base) => base.make_relative(&url).unwrap_or_default(),
            None => url.to_string(),
        });
        Self {
            id: entry.id,
            url,
            title: entry.title,
            published: entry.published,
            updated: entry.updated,
            date_text: entry.date_text,
            author,
            authors: entry.authors,
            summary: entry.summary_html,
            content: entry.content_html,
            language: entry.language,
            categories: entry.categories,
            source: entry.source,
            media: entry.media,
            key: entry.key,
        }
    }

    /// Where it leads, else its id; both may be cut off.
    fn place(&self) -> String {
        let id = || self.id.as_ref().map(|id| format!("id {id}"));
        self.url.clone().or_else(id).unwrap_or_else(|| "(no address)".to_owned())
    }
}

impl Answer {
    fn of(file: Value, read: Result<(FeedView, Vec<String>), String>) -> Self {
        match read {
            Ok((feed, repairs)) => Self { file, error: None, feed: Some(feed), repairs },
            Err(error) => Self { file, error: Some(error), feed: None, repairs: Vec::new() },
        }
    }

    fn print(&self, when: &When, to: &mut Printer<'_>) -> std::io::Result<()> {
        let file = paint(STRONG, shown(self.file.as_str().unwrap_or("?")));
        if let Some(error) = &self.error {
            return to.line(format!("{file}: {} {}", paint(BAD, "error:"), shown(error)));
        }
        let Some(feed) = &self.feed else { return Ok(()) };
        let title = shown(feed.title.as_deref().unwrap_or("(no title)"));
        to.line(format!(
            "{file}: {title} ({}, {})",
            shown(&feed.format),
            count(feed.entries.len(), "entry")
        ))?;
        if !self.repairs.is_empty() {
            to.line(paint(FAINT, format!("  repaired: {}", shown(&self.repairs.join(", ")))))?;
        }
        let mut table = Table::new(["PUBLISHED", "TITLE", "ADDRESS"]);
        for entry in &feed.entries {
            table.row([
                entry.published.or(entry.updated).map(|at| when.local(at)).unwrap_or_default(),
                entry.title.clone().unwrap_or_else(|| "(no title)".to_owned()),
                entry.place(),
            ]);
        }
        to.table(table)?;
        to.line("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_relative_to_nowhere_stay_relative() {
        let base = nowhere().unwrap();
        let entry = |url: &str| Entry { url: Some(base.join(url).unwrap()), ..Entry::default() };
        let url = |url: &str, made_up| EntryView::of(entry(url), made_up).url.unwrap();
        assert_eq!(url("/a/b?c", Some(&base)), "a/b?c");
        assert_eq!(url("https://example.org/x", Some(&base)), "https://example.org/x");
        assert_eq!(url("/a", None), "https://feed.invalid/a");
    }

    #[test]
    fn sitemaps_are_read_as_well() {
        let (base, now) = (nowhere().unwrap(), "2026-11-22T12:00:00Z".parse().unwrap());
        let read = |text: &str| {
            let read = read_list(text.as_bytes(), None, &base, now);
            read.map(|feed| (feed.format, feed.entries.len()))
        };
        assert_eq!(read("<urlset><url><loc>/a</loc></url></urlset>"), Ok(("sitemap".into(), 1)));
        assert_eq!(
            read("<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"),
            Ok(("sitemapindex".into(), 1))
        );
        assert_eq!(read("<!doctype html>"), Err("an HTML page, not a feed".into()));
    }

    #[test]
    fn an_error_has_the_same_shape() {
        let answer = Answer::of(Value::from("x.xml"), Err("not a feed".into()));
        assert_eq!(
            serde_json::to_value(&answer).unwrap(),
            serde_json::json!({ "file": "x.xml", "error": "not a feed", "feed": null, "repairs": [] })
        );
        let task = Task { path: "/nonexistent/x".into(), base: None, content_type: None };
        assert!(read(&task, "2026-11-22T12:00:00Z".parse().unwrap()).is_err());
    }
}
