//! Whether a harvested entry is stored already: in this version, in an earlier one, or as another entry.

use std::time::Duration;

use rusqlite::Connection;

use super::Harvested;
use crate::article::TextFrom;
use crate::clock::earlier;
use crate::store::{Repost, table};

/// So often in [`FLAPPING`] may an entry come back to what it said before; two servers that disagree do it at every look.
const MAX_RETURNS: u32 = 3;
const FLAPPING: Duration = Duration::from_hours(24);

/// Fingerprint of the article; where it is the feed's own, that is known.
pub(super) fn text_hash_of(harvested: &Harvested) -> String {
    match harvested.article.text_from {
        TextFrom::Feed(_) => harvested.feed_text.clone(),
        TextFrom::Page | TextFrom::None => table::text_hash(&harvested.article),
    }
}

/// Notes that the entry was seen. `None` if this version of it was stored before, or repeats another entry; else whether
/// it has waited for its page. `told`: there is a report of the entry.
pub(super) fn is_another_version(
    db: &Connection,
    harvested: &Harvested,
    text_hash: &str,
    told: bool,
) -> rusqlite::Result<Option<bool>> {
    let Harvested { source, entry, content_hash, found, known, .. } = harvested;
    let before = table::seen_version(db, &source.id, &entry.key)?;
    // Also for a version that is stored: its tries count, and an edit may be taken back.
    table::put_seen(db, &source.id, known, *found)?;
    if before.as_ref().is_some_and(|hash| !hash.is_empty() && *hash == known.hash) {
        // The look did not take it along, as it was last seen so long ago.
        return Ok(None);
    }
    let waited = before.is_some_and(|hash| hash.is_empty());
    let stored = is_repeated(db, harvested, text_hash, waited, told)?
        || told && table::report_exists(db, &source.id, &entry.key, (content_hash, text_hash), *found)?;
    Ok((!stored).then_some(waited))
}

/// Whether the entry is a repost after all, now that its page was read; that is stored then. `waited`: the page was to be
/// read already. `told`: there is a report of it.
fn is_repeated(
    db: &Connection,
    harvested: &Harvested,
    text_hash: &str,
    waited: bool,
    told: bool,
) -> rusqlite::Result<bool> {
    let Harvested { source, entry, article, known, found, repeats, .. } = harvested;
    let others: Vec<(String, &str)> = match repeats {
        // Its page is to be tried again, and decides then.
        Some(_) if known.hash.is_empty() => return Ok(true),
        Some((of, why)) => vec![(of.clone(), why)],
        // What waits untold waits for this.
        None if waited && !told => {
            let others = table::alike(db, &source.id, &entry.key, &known.marks)?;
            if known.hash.is_empty() && !others.is_empty() {
                return Ok(true);
            }
            others.into_iter().map(|of| (of, "what it says was known, under another id or address")).collect()
        }
        None => return Ok(false),
    };
    for (of, why) in others {
        // The few words of a feed prove nothing.
        let repeated = match article.text_from {
            TextFrom::Feed(_) => table::has_id_or_date(db, &source.id, &of, &known.marks)?,
            TextFrom::Page | TextFrom::None => table::entry_said(db, &source.id, &of, text_hash)?,
        };
        if repeated {
            if let Some(url) = &entry.url {
                let (source, url) = (source.id.clone(), url.to_string());
                table::put_repost(db, &Repost { url, source, of, why: why.to_owned(), found: *found })?;
            }
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an entry says again what an earlier version of it said; too often where two servers disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    No,
    Yes,
    TooOften,
}

pub(super) fn returns(db: &Connection, harvested: &Harvested, text_hash: &str) -> rusqlite::Result<Returns> {
    let Harvested { source, entry, found, .. } = harvested;
    if !table::entry_said(db, &source.id, &entry.key, text_hash)? {
        return Ok(Returns::No);
    }
    let times = table::times_said(db, &source.id, &entry.key, text_hash, earlier(*found, FLAPPING))?;
    Ok(if times >= MAX_RETURNS { Returns::TooOften } else { Returns::Yes })
}
