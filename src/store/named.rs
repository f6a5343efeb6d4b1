//! A report as a person names it: by its number or its address.

use rusqlite::Connection;
use url::Url;

use super::reports::{StoredReport, report, report_at, report_of_entry};
use super::seen::{Repost, repost_at};
use crate::text::address::canonical;

/// By number (`12`, `#12`), else by address: as typed, as a URL parser writes it, in its canonical form, with or without
/// its scheme. Either may stand behind `article:`, as in the examples of topics.
pub fn report_named(db: &Connection, named: &str) -> rusqlite::Result<Option<StoredReport>> {
    let named = named.strip_prefix("article:").unwrap_or(named);
    if let Ok(id) = named.trim_start_matches('#').parse::<i64>() {
        return report(db, id);
    }
    let mut addresses = vec![named.to_owned()];
    let schemes: &[&str] = if named.contains("://") { &[""] } else { &["https://", "http://"] };
    for scheme in schemes {
        if let Ok(url) = Url::parse(&format!("{scheme}{named}")) {
            addresses.push(url.to_string());
            addresses.push(canonical(&url).to_string());
        }
    }
    addresses.dedup();
    for address in &addresses {
        if let Some(report) = report_at(db, address)? {
            return Ok(Some(report));
        }
    }
    for address in &addresses {
        // A repost has no report: the one of what it repeats says that it does.
        let Some(Repost { source, of, .. }) = repost_at(db, address)? else { continue };
        if let Some(id) = report_of_entry(db, &source, &of)? {
            return report(db, id);
        }
    }
    Ok(None)
}
