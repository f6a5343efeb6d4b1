//! Versions of the schema, and the settings that every connection needs.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// "nwsw": tells our files from other SQLite files (`file`, `PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x6e77_7377;
/// Each entry brings the schema from its index to the next version. Never edited once released.
const STEPS: [&str; LATEST as usize] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];
const LATEST: u32 = 5;
/// Prepared statements that are kept.
const CACHED_STATEMENTS: usize = 128;
/// Most KiB of pages that the writer keeps. New reports land all over the indexes; with the 2 MB that SQLite takes by
/// itself each page was read again and again.
const CACHE: i64 = 8 << 10;
/// Pages in the log before they are copied into the file: a page that is written again before then is copied once.
const CHECKPOINT: i64 = 4_000;

/// Readies the writer's connection and brings the schema up to date.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
    let fresh = table_count(connection).map_err(sqlite)? == 0;
    if fresh {
        // Takes effect only before the first table.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(sqlite)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(sqlite)?;
    } else {
        check(connection, path)?;
    }
    connection.busy_timeout(Duration::from_secs(10)).map_err(sqlite)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(sqlite)?;
    // With NORMAL a power cut loses acknowledged commits; with FULL none of 800 simulated cuts did.
    connection.pragma_update(None, "synchronous", "FULL").map_err(sqlite)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(sqlite)?;
    connection.pragma_update(None, "cache_size", -CACHE).map_err(sqlite)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT).map_err(sqlite)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    let version: u32 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sqlite)?;
    for step in STEPS.iter().skip(version as usize) {
        transaction.execute_batch(step).map_err(sqlite)?;
    }
    transaction.pragma_update(None, "user_version", LATEST).map_err(sqlite)?;
    transaction.commit().map_err(sqlite)
}

/// Refuses a file that is not ours or that a newer newswatch wrote.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
    connection.busy_timeout(Duration::from_secs(10)).map_err(sqlite)?;
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(sqlite)?;
    if id != APPLICATION_ID {
        return Err(StoreError::Foreign(format!(
            "{} is not a newswatch store; name another file under [store] path",
            path.display()
        )));
    }
    let version: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sqlite)?;
    if version > LATEST {
        return Err(StoreError::Foreign(format!(
            "{} was written by a newer newswatch (version {version}, this one knows {}); update newswatch",
            path.display(),
            LATEST
        )));
    }
    Ok(())
}

/// Refuses a file whose schema is not the present one.
pub(super) fn present(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    check(connection, path)?;
    let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
    let version: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sqlite)?;
    if version != LATEST {
        return Err(StoreError::Foreign(format!(
            "{} was written by an older newswatch: start `newswatch run` anew, which brings it up to date",
            path.display()
        )));
    }
    Ok(())
}

/// Readies a second writer's connection. The schema must be the present one.
pub(super) fn join(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
    present(connection, path)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(sqlite)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(sqlite)
}

fn table_count(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::super::{Reader, Store};
    use super::*;

    #[test]
    fn a_new_file_is_made_with_its_folder_and_opens_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/newswatch.db");
        for _ in 0..2 {
            let store = Store::open(&path).unwrap();
            let mode: (String, i64) = store
                .write_blocking(|tx| {
                    tx.query_row("SELECT j.journal_mode, s.synchronous FROM pragma_journal_mode j, pragma_synchronous s", [], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })
                })
                .unwrap();
            assert_eq!(mode, ("wal".to_owned(), 2));
        }
        Reader::open(&path).unwrap().read(|db| db.execute_batch("DELETE FROM story")).unwrap_err();
    }

    #[test]
    fn an_older_store_is_brought_up_to_date_and_keeps_what_it_knows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let old = Connection::open(&path).unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.execute_batch(STEPS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO source (id, kind, url, host, configured, next_check, why_next, ttl_minutes, polls)
             VALUES ('a', 'feed', 'https://a.example/rss', 'a.example', 1, 0, 'interval', 90, 7)",
        )
        .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        let stale = Reader::open(&path).unwrap_err().to_string();
        assert!(stale.contains("older newswatch"), "{stale}");
        drop(Store::open(&path).unwrap());
        let rows = Reader::open(&path).unwrap().read(crate::store::table::list_sources).unwrap();
        assert_eq!((rows[0].state.polls, rows[0].state.rhythm.ttl_minutes), (7, Some(90)));
    }

    #[test]
    fn a_store_without_rules_keeps_its_hits_and_says_that_theirs_are_not_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let old = Connection::open(&path).unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        STEPS[..3].iter().for_each(|step| old.execute_batch(step).unwrap());
        old.execute_batch(
            "INSERT INTO story (id, title, first, last, view) VALUES (1, 't', 0, 0, '{}');
             INSERT INTO report (id, source, key, content_hash, outlet, published_from, text_from, text_hash, found, baseline,
                 time, story, kind, likeness, candidates, origins, novel)
             VALUES (1, 's', 'k', 'h', 'o', '', '{}', 'h', 0, 0, 0, 1, 'new', 0, '[]', '[]', '[]');
             INSERT INTO verdict (report, topic, matched, raised, kind, why, evaluation, decided)
             VALUES (1, 'nk', 1, 0, '{\"do\": \"nothing\"}', 'w', '{\"topic\": \"nk\", \"matched\": true, \"score\": 80,
                 \"severity\": \"notice\", \"why\": [], \"why_not\": [], \"evidence\": [], \"furniture_only\": false}', 0)",
        )
        .unwrap();
        old.pragma_update(None, "user_version", 3).unwrap();
        drop(old);
        drop(Store::open(&path).unwrap());
        let verdicts =
            Reader::open(&path).unwrap().read(|db| crate::store::table::verdicts_of(db, 1)).unwrap();
        let [one] = verdicts.as_slice() else { panic!("{verdicts:?}") };
        assert_eq!((one.evaluation.score, &one.evaluation.near_miss, &one.rule), (80, &None, &None));
    }

    #[test]
    fn foreign_newer_and_missing_files_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(Store::open(&path).unwrap_err().to_string().contains("not a newswatch store"));
        let path = folder.path().join("newer.db");
        drop(Store::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(Store::open(&path).unwrap_err().to_string().contains("newer newswatch"));
        assert!(
            Reader::open(&folder.path().join("none.db")).unwrap_err().to_string().contains("no store at")
        );
    }

    #[test]
    fn a_second_writer_joins_only_a_store_of_this_version() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("newswatch.db");
        assert!(matches!(Store::beside(&path), Err(StoreError::Missing(_))));
        let store = Store::open(&path).unwrap();
        let note = |store: &Store, name: &str| {
            store.write_blocking(|tx| {
                crate::store::table::put_note(tx, name, "x", crate::clock::Timestamp::UNIX_EPOCH)
            })
        };
        let other = Store::beside(&path).unwrap();
        note(&other, "one").unwrap();
        note(&store, "two").unwrap();
        let names: Vec<String> =
            Reader::open(&path).unwrap().read(crate::store::table::notes).unwrap().into_keys().collect();
        assert_eq!(names, ["one", "two"]);
        store.write_blocking(|tx| tx.pragma_update(None, "user_version", LATEST - 1)).unwrap();
        assert!(Store::beside(&path).unwrap_err().to_string().contains("older"));
    }
}
