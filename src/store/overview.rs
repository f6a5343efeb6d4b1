//! Counts over what is stored, for `status` and `topic list`.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::column::{time, time_opt};
use super::millis;
use crate::clock::Timestamp;

/// What came in since some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Stories with a report of that time.
    pub stories: u64,
    /// Reports found.
    pub reports: u64,
    /// Alerts raised or changed.
    pub alerts: u64,
}

/// How often a topic was true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicHits {
    /// Reports that it was true of.
    pub matched: u64,
    /// Those of them that were found true lately.
    pub recent: u64,
    /// When the first of these was.
    pub first_recent: Option<Timestamp>,
    /// When it was last found true.
    pub last: Timestamp,
}

/// A channel that does not take what is due.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FailingChannel {
    /// The channel.
    pub channel: String,
    /// Alerts that failed there and wait.
    pub waiting: u64,
    /// What it said last.
    pub error: String,
}

/// What came in since `since`.
///
/// # Errors
/// What SQLite says.
pub fn counts_since(db: &Connection, since: Timestamp) -> rusqlite::Result<Counts> {
    let count = |sql: &str| db.prepare_cached(sql)?.query_row([millis(since)], |row| unsigned(row, 0));
    Ok(Counts {
        stories: count("SELECT count(*) FROM story WHERE last >= ?1")?,
        reports: count("SELECT count(*) FROM report WHERE found >= ?1")?,
        alerts: count("SELECT count(*) FROM alert WHERE raised >= ?1")?,
    })
}

/// How often each topic was true, and since `recently`, by its id; topics that never were are missing.
///
/// # Errors
/// What SQLite says.
pub fn topic_hits(db: &Connection, recently: Timestamp) -> rusqlite::Result<BTreeMap<String, TopicHits>> {
    db.prepare_cached(
        "SELECT topic, count(*) AS matched, sum(decided >= ?1) AS recent, max(decided) AS last,
             min(decided) FILTER (WHERE decided >= ?1) AS first_recent
         FROM verdict WHERE matched = 1 GROUP BY topic",
    )?
    .query_map([millis(recently)], |row| {
        let (first_recent, last) = (time_opt(row, "first_recent")?, time(row, "last")?);
        let (matched, recent) = (unsigned(row, 1)?, unsigned(row, 2)?);
        Ok((row.get("topic")?, TopicHits { matched, recent, first_recent, last }))
    })?
    .collect()
}

/// Channels that failed to take an alert which still waits.
///
/// # Errors
/// What SQLite says.
pub fn failing_channels(db: &Connection) -> rusqlite::Result<Vec<FailingChannel>> {
    // SQLite takes the bare column `error` from the row that gives max(at).
    db.prepare_cached(
        "SELECT channel, count(*) AS waiting, coalesce(error, '') AS error, max(at) FROM delivery
         WHERE told < wanted AND tries > 0 GROUP BY channel ORDER BY channel",
    )?
    .query_map(params![], |row| {
        Ok(FailingChannel {
            channel: row.get("channel")?,
            waiting: unsigned(row, 1)?,
            error: row.get("error")?,
        })
    })?
    .collect()
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}
