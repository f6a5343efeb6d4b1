//! How often each topic was nearly true, by day and by the line that lacked.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::clock::Timestamp;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Near misses of one topic.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct NearMisses {
    /// How many.
    pub count: u64,
    /// By the line that lacked, the most frequent first.
    pub lacked: Vec<(String, u64)>,
}

/// The day of `at`, as it is stored: days since 1970, UTC.
#[must_use]
pub fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(DAY)
}

/// Counts articles found on `day` that hit every needed line of `topic` but `line`.
pub fn add_near_misses(
    db: &Connection,
    topic: &str,
    day: i64,
    line: &str,
    count: u64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO near_miss (topic, day, line, count) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (topic, day, line) DO UPDATE SET count = count + ?4",
    )?
    .execute(params![topic, day, line, i64::try_from(count).unwrap_or(i64::MAX)])?;
    Ok(())
}

/// Forgets those of `topic` that were found on `day` or later: they are counted anew.
pub fn forget_near_misses(db: &Connection, topic: &str, day: i64) -> rusqlite::Result<()> {
    db.execute("DELETE FROM near_miss WHERE topic = ?1 AND day >= ?2", params![topic, day])?;
    Ok(())
}

/// Those found since the day of `since`, by topic.
pub fn near_misses(db: &Connection, since: Timestamp) -> rusqlite::Result<BTreeMap<String, NearMisses>> {
    let mut query = db.prepare_cached(
        "SELECT topic, line, sum(count) AS count FROM near_miss WHERE day >= ?1
         GROUP BY topic, line ORDER BY topic, count DESC, line",
    )?;
    let mut rows = query.query([day_of(since)])?;
    let mut all: BTreeMap<String, NearMisses> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let of_topic = all.entry(row.get("topic")?).or_default();
        let count = row.get::<_, i64>("count")?.unsigned_abs();
        of_topic.count += count;
        of_topic.lacked.push((row.get("line")?, count));
    }
    Ok(all)
}

/// Removes those found before the day of `before`.
pub(super) fn prune_near_misses(db: &Connection, before: Timestamp) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM near_miss WHERE day < ?1", [day_of(before)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, table};

    #[test]
    fn near_misses_are_summed_by_the_line_that_lacked_and_forgotten_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let at = |day: i64| Timestamp::from_second(day * DAY + 5).unwrap();
        let summed = store.write_blocking(|tx| {
            for (topic, day, line, count) in [
                ("nk", 9, "@old", 9),
                ("nk", 10, "@arms", 1),
                ("nk", 11, "@arms", 1),
                ("nk", 11, "@nk", 3),
                ("us", 12, "a", 1),
            ] {
                add_near_misses(tx, topic, day_of(at(day)), line, count)?;
            }
            add_near_misses(tx, "nk", 11, "@arms", 2)?;
            let summed = near_misses(tx, at(10))?;
            prune_near_misses(tx, at(11))?;
            assert_eq!(near_misses(tx, at(0))?["nk"].count, 6);
            table::forget_near_misses(tx, "nk", 11)?;
            assert_eq!(near_misses(tx, at(0))?.keys().collect::<Vec<_>>(), ["us"]);
            Ok(summed)
        });
        let summed = summed.unwrap();
        assert_eq!(
            summed["nk"],
            NearMisses { count: 7, lacked: vec![("@arms".into(), 4), ("@nk".into(), 3)] }
        );
        assert_eq!(summed["us"].count, 1);
        assert_eq!(day_of(Timestamp::from_second(-1).unwrap()), -1);
    }
}
