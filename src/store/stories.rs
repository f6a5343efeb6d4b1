//! Stories and the reports in them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::column::{from_word, json, time, time_opt, to_json};
use super::millis;
use crate::article::Article;
use crate::clock::Timestamp;
use crate::story::{NewsKind, NovelSentence, Report, StoryView};

/// A story as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryRow {
    /// Its id.
    pub id: i64,
    /// Headline of the report that opened it.
    pub title: String,
    /// Time of its first report.
    pub first: Timestamp,
    /// Time of its last report.
    pub last: Timestamp,
    /// Outlets and origins.
    pub view: StoryView,
    /// Topics that were true of one of its reports.
    pub topics: Vec<String>,
}

/// A report as it stands in its story.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryReport {
    /// Its id.
    pub id: i64,
    /// Its address.
    pub url: Option<String>,
    /// Who published it.
    pub outlet: String,
    /// Its headline; empty once the text was pruned.
    pub title: String,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// What it was to the story.
    pub kind: NewsKind,
    /// What was new in it.
    pub novel: Vec<NovelSentence>,
}

/// Opens a story.
pub fn open_story(db: &Connection, title: &str, at: Timestamp, view: &StoryView) -> rusqlite::Result<i64> {
    db.prepare_cached("INSERT INTO story (title, first, last, view) VALUES (?1, ?2, ?2, ?3)")?
        .execute(params![title, millis(at), to_json(view)?])?;
    Ok(db.last_insert_rowid())
}

/// Records that a report of time `at` joined a story.
pub fn extend_story(db: &Connection, id: i64, at: Timestamp, view: &StoryView) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE story SET first = min(first, ?2), last = max(last, ?2), view = ?3 WHERE id = ?1",
    )?
    .execute(params![id, millis(at), to_json(view)?])?;
    Ok(())
}

/// Outlets and origins of a story.
pub fn story_view(db: &Connection, id: i64) -> rusqlite::Result<Option<StoryView>> {
    db.prepare_cached("SELECT view FROM story WHERE id = ?1")?
        .query_row([id], |row| json(row, "view"))
        .optional()
}

/// `title\n\ntext` of the reports of a story, oldest first, at most the `limit` newest.
pub fn story_texts(db: &Connection, id: i64, limit: u32) -> rusqlite::Result<Vec<String>> {
    let mut texts: Vec<String> = db
        .prepare_cached(
            "SELECT t.title || char(10, 10) || t.lead || char(10, 10) || t.body FROM report r JOIN report_text t ON t.id = r.id
             WHERE r.story = ?1 ORDER BY r.id DESC LIMIT ?2",
        )?
        .query_map(params![id, limit], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    texts.reverse();
    Ok(texts)
}

/// Reports found since `since` with their story and when they were found, in order of arrival: what the index is
/// rebuilt from.
pub fn recent_reports(
    db: &Connection,
    since: Timestamp,
    mut each: impl FnMut(&Report, i64, Timestamp),
) -> rusqlite::Result<()> {
    let mut query = db.prepare(
        "SELECT r.id, r.time, r.found, r.outlet, r.language, r.story, t.title, t.lead, t.body
         FROM report r JOIN report_text t ON t.id = r.id WHERE r.found >= ?1 ORDER BY r.id",
    )?;
    let mut rows = query.query([millis(since)])?;
    while let Some(row) = rows.next()? {
        let report = Report {
            id: row.get("id")?,
            time: time(row, "time")?,
            title: row.get("title")?,
            text: format!("{}\n\n{}", row.get::<_, String>("lead")?, row.get::<_, String>("body")?),
            outlet: row.get("outlet")?,
            language: row.get("language")?,
        };
        each(&report, row.get("story")?, time(row, "found")?);
    }
    Ok(())
}

/// The texts of the `limit` reports that were found last, the newest first: title, lead, body and language.
pub fn recent_articles(db: &Connection, limit: u32, mut each: impl FnMut(&Article)) -> rusqlite::Result<()> {
    let mut query = db.prepare(
        "SELECT t.title, t.lead, t.body, r.language FROM report r JOIN report_text t ON t.id = r.id
         ORDER BY r.id DESC LIMIT ?1",
    )?;
    let mut rows = query.query([limit])?;
    while let Some(row) = rows.next()? {
        each(&Article {
            title: row.get("title")?,
            lead: row.get("lead")?,
            body: row.get("body")?,
            language: row.get("language")?,
            ..Article::default()
        });
    }
    Ok(())
}

/// The whole articles that were found at `since` or later, the newest `limit` of them, the newest first.
pub fn articles_since(
    db: &Connection,
    since: Timestamp,
    limit: u32,
    mut each: impl FnMut(&Article),
) -> rusqlite::Result<()> {
    let mut query = db.prepare(
        "SELECT t.title, t.lead, t.body, t.furniture, r.url, r.language FROM report r JOIN report_text t ON t.id = r.id
         WHERE r.found >= ?1 ORDER BY r.id DESC LIMIT ?2",
    )?;
    let mut rows = query.query(params![millis(since), limit])?;
    while let Some(row) = rows.next()? {
        each(&Article {
            url: row.get::<_, Option<String>>("url")?.and_then(|url| url::Url::parse(&url).ok()),
            title: row.get("title")?,
            lead: row.get("lead")?,
            body: row.get("body")?,
            furniture: row.get("furniture")?,
            language: row.get("language")?,
            ..Article::default()
        });
    }
    Ok(())
}

/// Stories, the one with the newest report first.
pub fn list_stories(db: &Connection, limit: u32) -> rusqlite::Result<Vec<StoryRow>> {
    db.prepare_cached("SELECT * FROM story ORDER BY last DESC, id DESC LIMIT ?1")?
        .query_map([limit], |row| story_of(db, row))?
        .collect()
}

/// One story.
pub fn story(db: &Connection, id: i64) -> rusqlite::Result<Option<StoryRow>> {
    db.prepare_cached("SELECT * FROM story WHERE id = ?1")?
        .query_row([id], |row| story_of(db, row))
        .optional()
}

/// The reports of a story, oldest first.
pub fn reports_of(db: &Connection, story: i64) -> rusqlite::Result<Vec<StoryReport>> {
    db.prepare_cached(
        "SELECT r.id, r.url, r.outlet, coalesce(t.title, '') AS title, r.published, r.kind, r.novel
         FROM report r LEFT JOIN report_text t ON t.id = r.id WHERE r.story = ?1 ORDER BY r.time, r.id",
    )?
    .query_map([story], |row| {
        Ok(StoryReport {
            id: row.get("id")?,
            url: row.get("url")?,
            outlet: row.get("outlet")?,
            title: row.get("title")?,
            published: time_opt(row, "published")?,
            kind: from_word(row, "kind")?,
            novel: json(row, "novel")?,
        })
    })?
    .collect()
}

fn story_of(db: &Connection, row: &Row<'_>) -> rusqlite::Result<StoryRow> {
    let id: i64 = row.get("id")?;
    let topics = db
        .prepare_cached(
            "SELECT DISTINCT v.topic FROM verdict v JOIN report r ON r.id = v.report
             WHERE r.story = ?1 AND v.matched = 1 ORDER BY v.topic",
        )?
        .query_map([id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(StoryRow {
        id,
        title: row.get("title")?,
        first: time(row, "first")?,
        last: time(row, "last")?,
        view: json(row, "view")?,
        topics,
    })
}
