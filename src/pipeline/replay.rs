//! Stored articles once more: what a rule would have told, and its hits written anew.

use std::ops::ControlFlow;

use crate::clock::Timestamp;
use crate::config::Rule;
use crate::store::{Reader, Store, StoreError, StoredReport, day_of, table};
use crate::topic::TopicSet;

/// Articles that are read, or written in one transaction, at once: a daemon beside it waits no longer than for these.
const BATCH: u32 = 200;

/// Reads the articles found at `since` or later, but changes of watched pages, in the order in which they came in. `begin` is told how many there are
/// at most.
///
/// # Errors
/// What the store says.
pub fn backtest(
    reader: &Reader,
    since: Timestamp,
    begin: impl FnOnce(u64),
    mut each: impl FnMut(StoredReport),
) -> Result<(), StoreError> {
    let (mut after, count) = reader.read(|db| table::replay_size(db, since))?;
    begin(count);
    loop {
        let before = after;
        reader.read(|db| {
            table::replay(db, since, after, BATCH, |report, is_watched| {
                after = report.id;
                if !is_watched {
                    each(report);
                }
                Ok(())
            })
        })?;
        if after == before {
            return Ok(());
        }
    }
}

/// What was written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Applied {
    /// Articles judged.
    pub articles: u64,
    /// Those that the topic is true of now and was not before.
    pub added: u64,
    /// Those that it was true of and is no more.
    pub withdrawn: u64,
}

/// Judges the stored articles found at `since` or later by `rule`, which is `set`, and writes its hits and near misses in
/// place of those that are stored, except of what was told. Nothing is told. A daemon may go on writing beside it.
///
/// # Errors
/// What the store says; what was written by then stays.
pub fn apply(
    store: &Store,
    topic: &str,
    (rule, set): (&Rule, &TopicSet),
    since: Timestamp,
    now: Timestamp,
    mut step: impl FnMut(&StoredReport),
) -> Result<Applied, StoreError> {
    let mut done = Applied::default();
    let mut near = std::collections::BTreeMap::<(i64, String), u64>::new();
    let ((mut after, _), pruned) =
        store.write_blocking(|tx| Ok((table::replay_size(tx, since)?, table::last_pruned(tx, since)?)))?;
    // Of the first day a part may lie before `since`, and texts of a part may be pruned: what is counted of it stays.
    let first_day = day_of(pruned.unwrap_or(since)) + 1;
    loop {
        let ended = store.write_blocking(|tx| {
            let mut batch = Vec::new();
            table::replay(tx, since, after, BATCH, |report, is_watched| {
                batch.push((report, is_watched));
                Ok(())
            })?;
            if batch.is_empty() {
                // In the transaction that found no more of them: what a daemon adds later comes on top.
                table::forget_near_misses(tx, topic, first_day)?;
                for ((day, line), count) in &near {
                    table::add_near_misses(tx, topic, *day, line, *count)?;
                }
                table::judged_from(tx, topic, since)?;
                return Ok(ControlFlow::Break(()));
            }
            table::keep_rule(tx, topic, rule, now)?;
            for (report, is_watched) in &batch {
                after = report.id;
                step(report);
                let Some(judged) = set.explain_one(topic, &report.article) else { continue };
                if let Some(line) = judged.near_miss.clone()
                    && day_of(report.found) >= first_day
                {
                    *near.entry((day_of(report.found), line)).or_default() += 1;
                }
                if *is_watched {
                    // What is near is counted over the whole page, what is true only of what changed.
                    continue;
                }
                done.articles += 1;
                let why = "the rule was changed and applied to what was stored";
                if table::rejudge(tx, (report.id, report.found), &judged, rule, why)? {
                    done.added += u64::from(judged.matched);
                    done.withdrawn += u64::from(!judged.matched);
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if ended.is_break() {
            return Ok(done);
        }
    }
}
