//! Stored articles once more, in the order in which they came in, and their verdicts written anew.

use rusqlite::{Connection, OptionalExtension, params};

use super::column::{json, time, to_json};
use super::millis;
use super::reports::{COLUMNS, report_of};
use crate::alert::{Verdict, VerdictKind};
use crate::clock::Timestamp;
use crate::config::Rule;
use crate::store::StoredReport;
use crate::topic::Evaluation;

/// Reports whose text is stored, found at `since` or later, after report `after` in the order of their ids, at most
/// `limit`. `each` is also told whether it is a change of a watched page: what changed in those is not kept, and a rule is
/// true of that alone.
pub fn replay(
    db: &Connection,
    since: Timestamp,
    after: i64,
    limit: u32,
    mut each: impl FnMut(StoredReport, bool) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    // By rowid, so that nothing is sorted: texts would go through the sorter.
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS}, EXISTS
             (SELECT 1 FROM source WHERE source.id = r.source AND source.kind = 'watch') AS is_watched
         FROM report r JOIN report_text t ON t.id = r.id WHERE r.id > ?1 AND +r.found >= ?2 ORDER BY r.id LIMIT ?3"
    ))?;
    let mut rows = query.query(params![after, millis(since), limit])?;
    while let Some(row) = rows.next()? {
        each(report_of(row)?, row.get("is_watched")?)?;
    }
    Ok(())
}

/// The id before the first report found at `since` or later, and how many there are.
pub fn replay_size(db: &Connection, since: Timestamp) -> rusqlite::Result<(i64, u64)> {
    db.prepare_cached("SELECT min(id), count(*) FROM report WHERE found >= ?1")?.query_row(
        [millis(since)],
        |row| {
            let (first, count): (Option<i64>, i64) = (row.get(0)?, row.get(1)?);
            Ok((first.unwrap_or(i64::MAX) - 1, count.unsigned_abs()))
        },
    )
}

/// When the newest report whose text is not stored any more was found, at `since` or later.
pub fn last_pruned(db: &Connection, since: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    db.prepare_cached(
        "SELECT found FROM report WHERE found >= ?1 AND id NOT IN (SELECT id FROM report_text)
         ORDER BY found DESC LIMIT 1",
    )?
    .query_row([millis(since)], |row| time(row, "found"))
    .optional()
}

/// Writes how `rule`, which is [kept](super::table::keep_rule) already, judges a report that was found at `found` in place
/// of what was stored. What was told stays as it was judged, so that it can be explained; nothing is told. True if that
/// changed whether the topic is true of it.
pub fn rejudge(
    db: &Connection,
    (report, found): (i64, Timestamp),
    judged: &Evaluation,
    rule: &Rule,
    why: &str,
) -> rusqlite::Result<bool> {
    let topic = &judged.topic;
    let before: Option<(bool, bool, Verdict)> = db
        .prepare_cached("SELECT matched, alert IS NOT NULL AS is_told, kind, why FROM verdict WHERE report = ?1 AND topic = ?2")?
        .query_row(params![report, topic], |row| {
            let is_told = row.get("is_told")?;
            Ok((row.get("matched")?, is_told, Verdict { kind: json(row, "kind")?, why: row.get("why")? }))
        })
        .optional()?;
    if before.as_ref().is_some_and(|(_, is_told, _)| *is_told) {
        return Ok(false);
    }
    let changed = judged.matched != before.as_ref().is_some_and(|(matched, ..)| *matched);
    let says_something = judged.matched || judged.furniture_only;
    match before {
        None if says_something => {
            let verdict = Verdict { kind: VerdictKind::Nothing, why: why.to_owned() };
            // As of when it was found: what is counted by day stays true.
            super::table::put_verdict(db, report, judged, &verdict, None, Some(rule), found)?;
        }
        Some((.., verdict)) if says_something || verdict.raised() => {
            // One that told something keeps why.
            let why = if changed && !verdict.raised() { why } else { &verdict.why };
            db.prepare_cached(
                "UPDATE verdict SET matched = ?3, evaluation = ?4, rule = ?5, why = ?6 WHERE report = ?1 AND topic = ?2",
            )?
            .execute(params![report, topic, judged.matched, to_json(judged)?, rule.hash, why])?;
        }
        Some(_) => {
            db.prepare_cached("DELETE FROM verdict WHERE report = ?1 AND topic = ?2")?
                .execute(params![report, topic])?;
        }
        None => {}
    }
    Ok(changed)
}

/// When the oldest report that is stored was found.
pub fn oldest_report(db: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    db.prepare_cached("SELECT found FROM report ORDER BY found LIMIT 1")?
        .query_row([], |row| time(row, "found"))
        .optional()
}
