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

/// Most keys that are kept of one source: what the largest bring in a year, and a bound for one that makes them up.
const MAX_SEEN: u32 = 500_000;

/// Most reposts that are kept of one source: one whose addresses change at every look brings thousands a day.
const MAX_REPOSTS: u32 = 50_000;

/// Tables that a source may fill, with the column that says how recent a row is.
const SEEN: (&str, &str) = ("seen", "last_seen");
const REPOST: (&str, &str) = ("repost", "found");

/// Removes the rows of each source beyond its `most` recent ones.
fn prune_many(db: &Connection, (table, time): (&str, &str), most: u32) -> rusqlite::Result<usize> {
    let mut many = db.prepare(&format!("SELECT source FROM {table} GROUP BY source HAVING count(*) > ?1"))?;
    let sources: Vec<String> = many.query_map([most], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut pruned = 0;
    for source in sources {
        pruned += db.execute(
            &format!(
                "DELETE FROM {table} WHERE source = ?1 AND {time} <
                     (SELECT {time} FROM {table} WHERE source = ?1 ORDER BY {time} DESC LIMIT 1 OFFSET ?2)"
            ),
            params![source, most - 1],
        )?;
    }
    Ok(pruned)
}

/// Removes texts of reports found before `texts` but those of the reports `kept`, and keys not seen in their feed since
/// `seen`, or beyond the most recent 500,000 of their source; near misses go with the texts, rules with the last verdict
/// that names them. Reports, stories, verdicts and alerts stay.
pub fn prune(db: &Connection, texts: Timestamp, seen: Timestamp, kept: &[i64]) -> rusqlite::Result<Pruned> {
    let pruned = Pruned {
        texts: db.execute(
            "DELETE FROM report_text WHERE id IN (SELECT id FROM report WHERE found < ?1)
                 AND id NOT IN (SELECT value FROM json_each(?2))",
            params![millis(texts), serde_json::json!(kept).to_string()],
        )?,
        seen: db.execute("DELETE FROM seen WHERE last_seen < ?1", params![millis(seen)])?
            + prune_many(db, SEEN, MAX_SEEN)?,
    };
    super::robots::prune_robots(db, texts)?;
    super::waiting::prune_waiting(db, texts)?;
    super::templates::prune_templates(db, texts)?;
    super::near_misses::prune_near_misses(db, texts)?;
    super::rules::prune_rules(db)?;
    db.execute("DELETE FROM repost WHERE found < ?1", params![millis(seen)])?;
    prune_many(db, REPOST, MAX_REPOSTS)?;
    // Each step gives one page back.
    let mut vacuum = db.prepare("PRAGMA incremental_vacuum(2000)")?;
    let mut steps = vacuum.query([])?;
    while steps.next()?.is_some() {}
    Ok(pruned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::feed::Known;
    use crate::source::SourceId;
    use crate::store::{Repost, Store, table};

    #[test]
    fn a_source_that_makes_up_entries_is_remembered_by_its_latest() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let (many, few) = (SourceId("many".into()), SourceId("few".into()));
        let left = store.write_blocking(|tx| {
            for n in 0..20_i64 {
                let known = Known { key: format!("{n:02}"), hash: "h".into(), ..Known::default() };
                table::put_seen(tx, &many, &known, Timestamp::from_second(n).unwrap())?;
                let repost = Repost {
                    url: format!("https://example.org/{n}"),
                    source: many.clone(),
                    of: "01".into(),
                    why: "w".into(),
                    found: Timestamp::from_second(n).unwrap(),
                };
                table::put_repost(tx, &repost)?;
                if n < 5 {
                    table::put_seen(tx, &few, &known, Timestamp::from_second(n).unwrap())?;
                }
            }
            assert_eq!(prune_many(tx, SEEN, 10)?, 10);
            assert_eq!(prune_many(tx, REPOST, 10)?, 10);
            assert!(table::repost_at(tx, "https://example.org/9")?.is_none());
            assert!(table::repost_at(tx, "https://example.org/10")?.is_some());
            let keys = |id| {
                Ok::<_, rusqlite::Error>(table::known_entries(tx, id)?.into_iter().map(|known| known.key))
            };
            Ok((keys(&many)?.collect::<Vec<_>>(), keys(&few)?.count()))
        });
        let (many, few) = left.unwrap();
        assert_eq!((many.len(), few), (10, 5));
        assert_eq!((many[0].as_str(), many[9].as_str()), ("19", "10"));
    }
}
