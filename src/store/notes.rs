//! What the daemon says of itself, so that `status` can tell it from another process.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::column::time;
use super::millis;
use crate::clock::Timestamp;

/// Replaces the note `name`.
pub fn put_note(db: &Connection, name: &str, text: &str, now: Timestamp) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO note (name, at, text) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET at = ?2, text = ?3",
    )?
    .execute(params![name, millis(now), text])?;
    Ok(())
}

/// Takes the note `name` away.
pub fn remove_note(db: &Connection, name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM note WHERE name = ?1")?.execute([name])?;
    Ok(())
}

/// All notes by name.
pub fn notes(db: &Connection) -> rusqlite::Result<BTreeMap<String, (Timestamp, String)>> {
    db.prepare_cached("SELECT name, at, text FROM note")?
        .query_map([], |row| Ok((row.get("name")?, (time(row, "at")?, row.get("text")?))))?
        .collect()
}
