//! Rules as they were when hits were judged under them.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::column::time;
use super::millis;
use crate::clock::Timestamp;
use crate::config::Rule;

/// A rule out of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRule {
    /// What [`compile_rule`](crate::config::compile_rule) takes.
    pub rule: Rule,
    /// When it was first used.
    pub since: Timestamp,
}

/// Keeps a rule that is used `now`.
pub fn keep_rule(db: &Connection, topic: &str, rule: &Rule, now: Timestamp) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO rule (hash, topic, text, since) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?
    .execute(params![rule.hash, topic, rule.text, millis(now)])?;
    Ok(())
}

/// The rules that verdicts about a report name, by their hashes.
pub fn rules_of(db: &Connection, report: i64) -> rusqlite::Result<BTreeMap<String, KeptRule>> {
    db.prepare_cached("SELECT * FROM rule WHERE hash IN (SELECT rule FROM verdict WHERE report = ?1)")?
        .query_map([report], |row| kept(row).map(|rule| (rule.rule.hash.clone(), rule)))?
        .collect()
}

/// The rule other than `except`, by its hash, under which the newest article of a topic was judged.
pub fn latest_rule(db: &Connection, topic: &str, except: &str) -> rusqlite::Result<Option<KeptRule>> {
    db.prepare_cached(
        "SELECT * FROM rule WHERE topic = ?1 AND hash != ?2
         ORDER BY (SELECT max(report) FROM verdict WHERE verdict.rule = rule.hash) DESC LIMIT 1",
    )?
    .query_row(params![topic, except], kept)
    .optional()
}

/// The rule under which alert `alert` about `topic` was last raised, by its hash.
pub fn rule_of_alert(
    db: &Connection,
    alert: i64,
    topic: &str,
    story: i64,
) -> rusqlite::Result<Option<String>> {
    let rule: Option<Option<String>> = db
        .prepare_cached(
            "SELECT v.rule FROM report r JOIN verdict v ON v.report = r.id AND v.topic = ?2
             WHERE r.story = ?3 AND v.alert = ?1 ORDER BY r.id DESC LIMIT 1",
        )?
        .query_row(params![alert, topic, story], |row| row.get(0))
        .optional()?;
    Ok(rule.flatten())
}

/// Removes the rules that no verdict names.
pub(super) fn prune_rules(db: &Connection) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM rule WHERE NOT EXISTS (SELECT 1 FROM verdict WHERE verdict.rule = rule.hash)", [])
}

fn kept(row: &Row<'_>) -> rusqlite::Result<KeptRule> {
    let rule = Rule { hash: row.get("hash")?, text: row.get("text")? };
    Ok(KeptRule { rule, since: time(row, "since")? })
}
