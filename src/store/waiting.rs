//! Entries whose pages are still to be read.

use rusqlite::{Connection, params};

use super::column::{time, to_json};
use super::millis;
use crate::clock::Timestamp;
use crate::feed::Entry;
use crate::source::SourceId;

/// An entry whose page is still to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// As its source published it.
    pub entry: Entry,
    /// Since when.
    pub since: Timestamp,
}

/// Those of one source. What another version of the program wrote and this one cannot read is left out.
pub fn waiting(db: &Connection, id: &SourceId) -> rusqlite::Result<Vec<Waiting>> {
    let mut rows = db.prepare_cached("SELECT * FROM waiting WHERE source = ?1 ORDER BY key")?;
    let rows = rows.query_map([&id.0], |row| Ok((row.get::<_, String>("entry")?, time(row, "since")?)))?;
    let mut waiting = Vec::new();
    for row in rows {
        let (entry, since) = row?;
        waiting.extend(serde_json::from_str(&entry).ok().map(|entry| Waiting { entry, since }));
    }
    Ok(waiting)
}

/// Whether there are any.
pub fn waits(db: &Connection, id: &SourceId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM waiting WHERE source = ?1 LIMIT 1")?.exists([&id.0])
}

/// Replaces those of one source.
pub fn put_waiting(db: &Connection, id: &SourceId, waiting: &[Waiting]) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM waiting WHERE source = ?1")?.execute([&id.0])?;
    let mut put = db.prepare_cached(
        "INSERT OR REPLACE INTO waiting (source, key, since, entry) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for Waiting { entry, since } in waiting {
        put.execute(params![id.0, entry.key, millis(*since), to_json(entry)?])?;
    }
    Ok(())
}

/// Forgets those that have waited since before `before`: their sources are looked at no more.
pub fn prune_waiting(db: &Connection, before: Timestamp) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM waiting WHERE since < ?1", [millis(before)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn what_waits_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let since = "2023-09-04T12:00:00Z".parse().unwrap();
        let entry = |key: &str| Entry {
            key: key.into(),
            url: "https://a.example/1".parse().ok(),
            title: Some("A crane falls".into()),
            published: Some(since),
            content_html: Some("<p>Into the harbour".into()),
            authors: vec!["A".into()],
            ..Entry::default()
        };
        let (a, b) = (SourceId("a".into()), SourceId("b".into()));
        let two = ["1", "2"].map(|key| Waiting { entry: entry(key), since }).to_vec();
        store
            .write_blocking(|tx| {
                put_waiting(tx, &a, &two)?;
                assert_eq!((waiting(tx, &a)?, waits(tx, &a)?, waits(tx, &b)?), (two.clone(), true, false));
                put_waiting(tx, &a, &two[1..])?;
                assert_eq!(waiting(tx, &a)?, two[1..]);
                tx.execute("UPDATE waiting SET entry = '{}'", [])?;
                assert_eq!(waiting(tx, &a)?, []);
                assert_eq!((prune_waiting(tx, Timestamp::MAX)?, waits(tx, &a)?), (1, false));
                Ok(())
            })
            .unwrap();
    }
}
