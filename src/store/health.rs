//! What was told about the sources themselves.

use rusqlite::{Connection, OptionalExtension, params};

use super::column::{json_opt, time_opt, to_json};
use crate::alert::{Health, Neighbour};
use crate::source::SourceId;

/// What was told about a source itself.
pub fn health(db: &Connection, id: &SourceId) -> rusqlite::Result<Health> {
    db.prepare_cached("SELECT health FROM source WHERE id = ?1")?
        .query_row([&id.0], |row| json_opt(row, "health"))
        .optional()
        .map(|health| health.flatten().unwrap_or_default())
}

/// Keeps what was told about a source itself.
pub fn put_health(db: &Connection, id: &SourceId, health: &Health) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE source SET health = ?2 WHERE id = ?1")?
        .execute(params![id.0, to_json(health)?])?;
    Ok(())
}

/// The configured sources of the host of `id`, that one too, by name.
pub fn neighbours(db: &Connection, id: &SourceId) -> rusqlite::Result<Vec<Neighbour>> {
    db.prepare_cached(
        "SELECT id, coalesce(name, title, url) AS label, failing_since,
             error_class IS 'content' AS replaced, health
         FROM source WHERE host = (SELECT host FROM source WHERE id = ?1) AND configured = 1 ORDER BY label",
    )?
    .query_map([&id.0], |row| {
        Ok(Neighbour {
            id: SourceId(row.get("id")?),
            label: row.get("label")?,
            failing_since: time_opt(row, "failing_since")?,
            replaced: row.get("replaced")?,
            health: json_opt(row, "health")?.unwrap_or_default(),
        })
    })?
    .collect()
}
