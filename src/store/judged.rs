//! Since when topics judge what is found: that one has no hit says something only of that time.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::column::time;
use super::millis;
use crate::clock::Timestamp;

/// Records that `topics`, and no others, judge what is found from `now` on. One that did so before keeps its time.
pub fn judge_by(db: &Connection, topics: &BTreeSet<&str>, now: Timestamp) -> rusqlite::Result<()> {
    let known = judged_since(db)?;
    let mut forget = db.prepare_cached("DELETE FROM judged WHERE topic = ?1")?;
    for left in known.keys().filter(|topic| !topics.contains(topic.as_str())) {
        forget.execute([left])?;
    }
    for new in topics.iter().filter(|topic| !known.contains_key(**topic)) {
        judged_from(db, new, now)?;
    }
    Ok(())
}

/// Records that `topic` has judged what is stored and was found at `since` or later.
pub fn judged_from(db: &Connection, topic: &str, since: Timestamp) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO judged (topic, since) VALUES (?1, ?2)
         ON CONFLICT (topic) DO UPDATE SET since = min(since, ?2)",
    )?
    .execute(params![topic, millis(since)])?;
    Ok(())
}

/// Since when each topic has judged what is found.
pub fn judged_since(db: &Connection) -> rusqlite::Result<BTreeMap<String, Timestamp>> {
    db.prepare_cached("SELECT topic, since FROM judged")?
        .query_map([], |row| Ok((row.get("topic")?, time(row, "since")?)))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_topic_keeps_its_time_until_it_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let known = store.write_blocking(|tx| {
            judge_by(tx, &["a", "b"].into(), at(10))?;
            judged_from(tx, "a", at(5))?;
            judged_from(tx, "b", at(15))?;
            judge_by(tx, &["a", "b", "c"].into(), at(20))?;
            let before = judged_since(tx)?;
            judge_by(tx, &["b"].into(), at(30))?;
            judge_by(tx, &["a", "b"].into(), at(40))?;
            Ok((before, judged_since(tx)?))
        });
        let (before, after) = known.unwrap();
        let expected = |known: &[(&str, i64)]| -> BTreeMap<String, Timestamp> {
            known.iter().map(|(topic, second)| ((*topic).to_owned(), at(*second))).collect()
        };
        assert_eq!(before, expected(&[("a", 5), ("b", 10), ("c", 20)]));
        assert_eq!(after, expected(&[("a", 40), ("b", 10)]));
    }
}
