//! What robots.txt files said and which hosts want quiet, so that a restart asks none of them again.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};

use super::column::{time, time_opt};
use super::{Store, StoreError, millis};
use crate::clock::Timestamp;
use crate::fetch::robots::{Book, Kept};

/// What is known of the robots.txt of `origin`.
pub fn robots(db: &Connection, origin: &str) -> rusqlite::Result<Option<Kept>> {
    db.prepare_cached("SELECT * FROM robots WHERE origin = ?1")?
        .query_row([origin], |row| {
            let rules: Option<String> = row.get("rules")?;
            let why: Option<String> = row.get("why")?;
            Ok(Kept {
                asked: time(row, "asked")?,
                rules: rules.map(Arc::from),
                failures: row.get("failures")?,
                failing: time_opt(row, "failing_since")?.zip(why),
            })
        })
        .optional()
}

/// Replaces it.
pub fn put_robots(db: &Connection, origin: &str, kept: &Kept) -> rusqlite::Result<()> {
    let (failing, why) = kept.failing.as_ref().map(|(since, why)| (millis(*since), why)).unzip();
    db.prepare_cached(
        "INSERT OR REPLACE INTO robots (origin, asked, rules, failures, failing_since, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![origin, millis(kept.asked), kept.rules.as_deref(), kept.failures, failing, why])?;
    Ok(())
}

/// Hosts that wanted quiet, and until when.
pub fn quiet_hosts(db: &Connection) -> rusqlite::Result<Vec<(String, Timestamp)>> {
    db.prepare_cached("SELECT host, until FROM quiet")?
        .query_map([], |row| Ok((row.get("host")?, time(row, "until")?)))?
        .collect()
}

/// `host` wants quiet until then, if not for longer already. A quiet lasts an hour at most: those that end more than an
/// hour before this one are over, and forgotten; those that end more than an hour after it are none, but were written by a
/// clock that was ahead.
pub fn put_quiet(db: &Connection, host: &str, until: Timestamp) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM quiet WHERE until NOT BETWEEN ?1 - 3600000 AND ?1 + 3600000")?
        .execute([millis(until)])?;
    db.prepare_cached(
        "INSERT INTO quiet (host, until) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
    )?
    .execute(params![host, millis(until)])?;
    Ok(())
}

/// Most bytes of rules that are kept; each origin counts for [`EACH`] besides.
const MOST_BYTES: i64 = 64 << 20;
/// What a row takes without its rules.
const EACH: i64 = 200;

/// Forgets what was not asked for since `before`, as nobody reads pages there any more, and what was not for the longest
/// of more than 64 MiB: a feed may link to any number of hosts that make up long rules.
pub fn prune_robots(db: &Connection, before: Timestamp) -> rusqlite::Result<usize> {
    let old = db.execute("DELETE FROM robots WHERE asked < ?1", [millis(before)])?;
    Ok(old + prune_bytes(db, MOST_BYTES)?)
}

fn prune_bytes(db: &Connection, most: i64) -> rusqlite::Result<usize> {
    db.execute(
        "DELETE FROM robots WHERE origin IN (SELECT origin FROM
            (SELECT origin, sum(coalesce(octet_length(rules), 0) + ?2) OVER (ORDER BY asked DESC, origin) AS bytes
             FROM robots)
         WHERE bytes > ?1)",
        [most, EACH],
    )
}

/// A store that is in trouble costs a request too many, not an article.
fn said<T: Default>(result: Result<T, StoreError>) -> T {
    result.unwrap_or_else(|error| {
        tracing::warn!(%error, "what hosts ask for is not kept: {error}");
        T::default()
    })
}

#[async_trait]
impl Book for Store {
    async fn recall(&self, origin: &str) -> Option<Kept> {
        let origin = origin.to_owned();
        said(self.write(move |tx| robots(tx, &origin)).await)
    }

    async fn keep(&self, origin: &str, kept: &Kept) {
        let (origin, kept) = (origin.to_owned(), kept.clone());
        said(self.write(move |tx| put_robots(tx, &origin, &kept)).await);
    }

    async fn quiet(&self) -> Vec<(String, Timestamp)> {
        said(self.write(|tx| quiet_hosts(tx)).await)
    }

    async fn keep_quiet(&self, host: &str, until: Timestamp) {
        let host = host.to_owned();
        said(self.write(move |tx| put_quiet(tx, &host, until)).await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
        let asked = "2026-11-22T12:00:00Z".parse().unwrap();
        let good =
            Kept { asked, rules: Some("user-agent: *\ndisallow: /x\n".into()), failures: 0, failing: None };
        let failing = Some((asked, "answered 503".to_owned()));
        let bad = Kept { rules: None, failures: 3, failing, ..good.clone() };
        for kept in [&good, &bad] {
            store.keep("https://a.example", kept).await;
            assert_eq!(store.recall("https://a.example").await.as_ref(), Some(kept));
        }
        assert_eq!(store.recall("https://b.example").await, None);
        let pruned = store.write_blocking(|tx| prune_robots(tx, Timestamp::MAX)).unwrap();
        assert_eq!((pruned, store.recall("https://a.example").await), (1, None));
    }

    #[tokio::test]
    async fn the_longest_quiet_of_a_host_is_kept_until_it_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
        let at = |minute: i64| Timestamp::from_second(1_700_000_000 + minute * 60).unwrap();
        for (host, until) in [("a.example", at(60)), ("a.example", at(5)), ("b.example", at(9))] {
            store.keep_quiet(host, until).await;
        }
        let hosts = |names: &[(&str, Timestamp)]| -> Vec<(String, Timestamp)> {
            names.iter().map(|(host, until)| ((*host).to_owned(), *until)).collect()
        };
        assert_eq!(store.quiet().await, hosts(&[("a.example", at(60)), ("b.example", at(9))]));
        store.keep_quiet("c.example", at(70)).await;
        assert_eq!(store.quiet().await, hosts(&[("a.example", at(60)), ("c.example", at(70))]));
        // A clock that was a year ahead wrote one.
        store.keep_quiet("d.example", at(525_600)).await;
        store.keep_quiet("d.example", at(75)).await;
        assert_eq!(store.quiet().await, hosts(&[("d.example", at(75))]));
    }

    #[test]
    fn rules_are_kept_within_bounds_those_asked_for_last() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
        let left = store.write_blocking(|tx| {
            for n in 0..9 {
                let asked = Timestamp::from_second(n).unwrap();
                let rules = Some("x".repeat(800).into());
                put_robots(tx, &n.to_string(), &Kept { asked, rules, failures: 0, failing: None })?;
            }
            assert_eq!(prune_bytes(tx, 3_500)?, 6);
            tx.query_row("SELECT group_concat(origin) FROM robots", [], |row| row.get::<_, String>(0))
        });
        assert_eq!(left.unwrap(), "6,7,8");
    }
}
