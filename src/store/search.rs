//! Full-text search over what is stored (FTS5).

use rusqlite::{Connection, params};

use super::column::time_opt;
use crate::clock::Timestamp;

/// One report that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The report's id.
    pub id: i64,
    /// Its address.
    pub url: Option<String>,
    /// Who published it.
    pub outlet: String,
    /// Its headline.
    pub title: String,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// The place where the words stand, with `[` `]` around them.
    pub snippet: String,
    /// Its story.
    pub story: i64,
    /// Topics that were true of it.
    pub topics: Vec<String>,
}

/// What a person types as an FTS5 query: every word must occur, "quoted words" as a phrase, a trailing `*` as a prefix.
/// Anything else that FTS5 would read as an operator is taken as text, so no input is a syntax error. `None` if there
/// is no word in it.
#[must_use]
pub fn fts_query(typed: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (n, part) in typed.split('"').enumerate() {
        if n % 2 == 1 {
            terms.push(part.to_owned());
        } else {
            terms.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    let quoted: Vec<String> = terms
        .iter()
        .filter(|term| term.chars().any(char::is_alphanumeric))
        .map(|term| {
            let (word, star) = term.strip_suffix('*').map_or((term.as_str(), ""), |word| (word, "*"));
            format!("\"{}\"{star}", word.replace('\0', " "))
        })
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

/// Reports that hold the words of `query` (from [`fts_query`]), newest first.
pub fn search(db: &Connection, query: &str, limit: u32) -> rusqlite::Result<Vec<SearchHit>> {
    let mut topics =
        db.prepare_cached("SELECT topic FROM verdict WHERE report = ?1 AND matched = 1 ORDER BY topic")?;
    db.prepare_cached(
        "SELECT r.id, r.url, r.outlet, t.title, r.published, r.story,
                snippet(report_search, -1, '[', ']', '…', 16) AS snippet
         FROM report_search JOIN report r ON r.id = report_search.rowid JOIN report_text t ON t.id = r.id
         WHERE report_search MATCH ?1 ORDER BY r.time DESC, r.id DESC LIMIT ?2",
    )?
    .query_map(params![query, limit], |row| {
        let id: i64 = row.get("id")?;
        Ok(SearchHit {
            id,
            url: row.get("url")?,
            outlet: row.get("outlet")?,
            title: row.get("title")?,
            published: time_opt(row, "published")?,
            snippet: row.get("snippet")?,
            story: row.get("story")?,
            topics: topics.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?,
        })
    })?
    .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_phrases_and_prefixes() {
        assert_eq!(fts_query("kim putin").unwrap(), "\"kim\" \"putin\"");
        assert_eq!(fts_query("\"Kim Jong\" arm*").unwrap(), "\"Kim Jong\" \"arm\"*");
        assert_eq!(fts_query(" \" - * "), None);
    }

    proptest! {
        #[test]
        fn nothing_typed_is_a_syntax_error(typed in ".{0,60}") {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE VIRTUAL TABLE t USING fts5 (x)").unwrap();
            if let Some(query) = fts_query(&typed) {
                db.prepare("SELECT rowid FROM t WHERE t MATCH ?1").unwrap().exists([query]).unwrap();
            }
        }
    }
}
