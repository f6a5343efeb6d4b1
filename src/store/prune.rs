//! Retention: texts go first, then the memory that an entry was seen.

use rusqlite::{Connection, params};

use super::millis;
use crate::clock::Timestamp;

/// What a pruning removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Texts of reports.
    pub texts: usize,
    /// Seen keys.
    pub seen: usize,
}

/// Removes texts of reports found before `texts`, and keys not seen in their feed since `seen`. Reports, stories,
/// verdicts and alerts stay.
pub fn prune(db: &Connection, texts: Timestamp, seen: Timestamp) -> rusqlite::Result<Pruned> {
    let pruned = Pruned {
        texts: db.execute(
            "DELETE FROM report_text WHERE id IN (SELECT id FROM report WHERE found < ?1)",
            params![millis(texts)],
        )?,
        seen: db.execute("DELETE FROM seen WHERE last_seen < ?1", params![millis(seen)])?,
    };
    // Each step gives one page back.
    let mut vacuum = db.prepare("PRAGMA incremental_vacuum(1000)")?;
    let mut steps = vacuum.query([])?;
    while steps.next()?.is_some() {}
    Ok(pruned)
}
