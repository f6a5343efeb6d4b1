//! What is due, and how it is found.

use super::*;
use crate::store::{Store, table};

#[test]
fn reading_what_is_due_walks_only_what_is_due() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("n.db")).unwrap();
    let plan: Vec<String> = store
        .write_blocking(|tx| {
            let mut plan = tx.prepare(&format!("EXPLAIN QUERY PLAN {DUE}"))?;
            plan.query_map([0, 0], |row| row.get("detail"))?.collect()
        })
        .unwrap();
    let of_table: Vec<&String> = plan.iter().filter(|step| step.contains("source")).collect();
    assert_eq!(of_table.len(), 2, "{plan:?}");
    assert!(of_table.iter().all(|step| step.starts_with("SEARCH source USING INDEX source_due")), "{plan:?}");
}

#[test]
fn row_23_what_is_due_comes_first_and_what_was_planned_by_a_wrong_clock_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("n.db")).unwrap();
    let at = |hours: i64| Timestamp::from_second(1_700_000_000 + hours * 3_600).unwrap();
    let due = |limit| {
        store
            .write_blocking(|tx| {
                tx.execute("DELETE FROM source", [])?;
                for (id, hours) in
                    [("soon", 1), ("late", -9), ("wrong", 24 * 400), ("later", -2), ("week", 168)]
                {
                    tx.execute(
                        "INSERT INTO source (id, kind, url, host, configured, next_check, why_next)
                         VALUES (?1, 'feed', '', '', 1, ?2, '')",
                        params![id, millis(at(hours))],
                    )?;
                }
                table::due_sources(tx, at(0), limit)
            })
            .unwrap()
            .into_iter()
            .map(|due| due.id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(due(9), ["late", "later", "wrong"]);
    assert_eq!(due(1), ["late"]);
}
