//! What repeats on the pages of each host.

use rusqlite::{Connection, OptionalExtension, params};

use super::millis;
use crate::article::{Sketch, Template};
use crate::clock::Timestamp;

/// Most hosts whose pages are remembered, those read last: a few hundred bytes each.
const MOST: i64 = 20_000;

/// What the last pages of `host` held.
pub fn template(db: &Connection, host: &str) -> rusqlite::Result<Template> {
    let bytes = db
        .prepare_cached("SELECT pages FROM template WHERE host = ?1")?
        .query_row([host], |row| row.get::<_, Vec<u8>>(0))
        .optional()?;
    Ok(bytes.map(|bytes| Template::from_bytes(&bytes)).unwrap_or_default())
}

/// Notes what a page of `host` held.
pub fn learn_template(db: &Connection, host: &str, sketch: &Sketch, now: Timestamp) -> rusqlite::Result<()> {
    let mut known = template(db, host)?;
    known.learn(sketch);
    db.prepare_cached("INSERT OR REPLACE INTO template (host, pages, seen) VALUES (?1, ?2, ?3)")?
        .execute(params![host, known.to_bytes(), millis(now)])?;
    Ok(())
}

/// Forgets hosts of which no page was read since `before`, and all but the 20,000 read last.
pub(super) fn prune_templates(db: &Connection, before: Timestamp) -> rusqlite::Result<()> {
    db.execute("DELETE FROM template WHERE seen < ?1", [millis(before)])?;
    db.execute(
        "DELETE FROM template WHERE host IN (SELECT host FROM template ORDER BY seen DESC LIMIT -1 OFFSET ?1)",
        [MOST],
    )?;
    Ok(())
}
