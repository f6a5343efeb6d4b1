//! What was seen of each source, and what was recognised as seen before.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::column::time;
use super::millis;
use crate::clock::Timestamp;
use crate::feed::{Known, Marks};
use crate::source::SourceId;

/// `last_seen` is moved on at most this often: it only has to keep a live entry from being pruned.
const SEEN_TOUCH: Duration = Duration::from_hours(168);
/// Entries of a source that a look takes along, those last seen first. Four times what a document may hold; of one that
/// comes back from further behind, its page is read once more, and ingest knows it by its key.
const TAKEN_ALONG: u32 = 20_000;

/// Most entries that an entry is compared with.
const MOST_ALIKE: u32 = 20;

/// An entry that was told under another id or address before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repost {
    /// Where it leads.
    pub url: String,
    /// The source that it was found in.
    pub source: SourceId,
    /// The key of the entry that it repeats.
    pub of: String,
    /// Why it is taken for that.
    pub why: String,
    /// When it was found.
    pub found: Timestamp,
}

/// What was seen of one source, the most recent first.
pub fn known_entries(db: &Connection, id: &SourceId) -> rusqlite::Result<Vec<Known>> {
    db.prepare_cached("SELECT * FROM seen WHERE source = ?1 ORDER BY last_seen DESC, key LIMIT ?2")?
        .query_map(params![id.0, TAKEN_ALONG], |row| {
            Ok(Known {
                key: row.get("key")?,
                hash: row.get("content_hash")?,
                tries: row.get("tries")?,
                marks: Marks {
                    id: row.get("id_mark")?,
                    link: row.get("link_mark")?,
                    title: row.get("title_mark")?,
                    said: row.get("said_mark")?,
                    dated: row.get("dated_mark")?,
                },
            })
        })?
        .collect()
}

/// The content hash under which an entry was seen last: empty if its page is still to be read, `None` if it was not seen.
pub fn seen_version(db: &Connection, id: &SourceId, key: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT content_hash FROM seen WHERE source = ?1 AND key = ?2")?
        .query_row(params![id.0, key], |row| row.get(0))
        .optional()
}

/// Whether entry `of` came under the same id, or with the same words and date, as an entry with `marks`.
pub fn has_id_or_date(db: &Connection, id: &SourceId, of: &str, marks: &Marks) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM seen WHERE source = ?1 AND key = ?2 AND (id_mark = ?3 OR dated_mark = ?4)",
    )?
    .exists(params![id.0, of, marks.id, marks.dated])
}

/// The entries that were told and say what an entry with `marks`, whose key is `key`, says: their keys, the oldest first.
pub fn alike(db: &Connection, id: &SourceId, key: &str, marks: &Marks) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(
        "SELECT key FROM seen WHERE source = ?1 AND said_mark = ?2 AND key <> ?3
            AND EXISTS (SELECT 1 FROM report WHERE report.source = seen.source AND report.key = seen.key)
         ORDER BY first_seen, key LIMIT ?4",
    )?
    .query_map(params![id.0, marks.said, key, MOST_ALIKE], |row| row.get(0))?
    .collect()
}

/// Records that an entry was seen in the version `known`.
pub fn put_seen(db: &Connection, id: &SourceId, known: &Known, now: Timestamp) -> rusqlite::Result<()> {
    let Marks { id: id_mark, link, title, said, dated } = known.marks;
    db.prepare_cached(
        "INSERT INTO seen (source, key, content_hash, tries, id_mark, link_mark, title_mark, said_mark, dated_mark,
            first_seen, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
         ON CONFLICT (source, key) DO UPDATE SET content_hash = ?3, tries = ?4, id_mark = ?5, link_mark = ?6,
            title_mark = ?7, said_mark = ?8, dated_mark = ?9, last_seen = ?10",
    )?
    .execute(params![
        id.0,
        known.key,
        known.hash,
        known.tries,
        id_mark,
        link,
        title,
        said,
        dated,
        millis(now)
    ])?;
    Ok(())
}

/// Records by what known entries are recognised now.
pub fn put_marks(db: &Connection, id: &SourceId, moved: &[(String, Marks)]) -> rusqlite::Result<()> {
    let mut put = db.prepare_cached(
        "UPDATE seen SET id_mark = ?3, link_mark = ?4, title_mark = ?5, said_mark = ?6, dated_mark = ?7
         WHERE source = ?1 AND key = ?2",
    )?;
    for (key, Marks { id: id_mark, link, title, said, dated }) in moved {
        put.execute(params![id.0, key, id_mark, link, title, said, dated])?;
    }
    Ok(())
}

/// Records that known entries are still in the feed.
pub fn touch_seen(db: &Connection, id: &SourceId, keys: &[String], now: Timestamp) -> rusqlite::Result<()> {
    let mut touch = db
        .prepare_cached("UPDATE seen SET last_seen = ?3 WHERE source = ?1 AND key = ?2 AND last_seen < ?4")?;
    let before = millis(now) - i64::try_from(SEEN_TOUCH.as_millis()).unwrap_or(i64::MAX);
    for key in keys {
        touch.execute(params![id.0, key, millis(now), before])?;
    }
    Ok(())
}

/// Records a repost; of several at one address in a source the last.
pub fn put_repost(db: &Connection, repost: &Repost) -> rusqlite::Result<()> {
    let Repost { url, source, of, why, found } = repost;
    db.prepare_cached(
        "INSERT OR REPLACE INTO repost (url, source, of, why, found) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![url, source.0, of, why, millis(*found)])?;
    Ok(())
}

/// The latest repost at an address.
pub fn repost_at(db: &Connection, url: &str) -> rusqlite::Result<Option<Repost>> {
    db.prepare_cached("SELECT * FROM repost WHERE url = ?1 ORDER BY found DESC LIMIT 1")?
        .query_row([url], repost_of_row)
        .optional()
}

/// The reposts of an entry, the latest first, at most 20.
pub fn reposts_of(db: &Connection, source: &SourceId, key: &str) -> rusqlite::Result<Vec<Repost>> {
    db.prepare_cached("SELECT * FROM repost WHERE source = ?1 AND of = ?2 ORDER BY found DESC, url LIMIT 20")?
        .query_map(params![source.0, key], repost_of_row)?
        .collect()
}

fn repost_of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Repost> {
    Ok(Repost {
        url: row.get("url")?,
        source: SourceId(row.get("source")?),
        of: row.get("of")?,
        why: row.get("why")?,
        found: time(row, "found")?,
    })
}
