//! Reports, their text, and the verdict about each topic.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::column::{from_word, json, json_opt, time, time_opt, to_json, word};
use super::millis;
use crate::alert::Verdict;
use crate::article::{Article, TextFrom};
use crate::clock::Timestamp;
use crate::config::Rule;
use crate::source::SourceId;
use crate::story::{Candidate, NewsKind, NovelSentence, Origin};
use crate::text::address::canonical;
use crate::text::fingerprint::fingerprint;
use crate::topic::Evaluation;

/// A report to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewReport<'a> {
    /// Where it was found.
    pub source: &'a SourceId,
    /// The entry's key there.
    pub key: &'a str,
    /// The entry's content hash.
    pub content_hash: &'a str,
    /// [`text_hash`] of the article.
    pub text_hash: &'a str,
    /// Who published it.
    pub outlet: &'a str,
    /// What it says.
    pub article: &'a Article,
    /// When it was read.
    pub found: Timestamp,
    /// Whether it belongs to the first look at its source.
    pub baseline: bool,
    /// What orders it among others.
    pub time: Timestamp,
    /// Its story.
    pub story: i64,
    /// What it is to the story.
    pub kind: NewsKind,
    /// How like it is.
    pub likeness: f32,
    /// Stories that were considered.
    pub candidates: &'a [Candidate],
    /// Whom it names as origin.
    pub origins: &'a [Origin],
    /// What is new in it.
    pub novel: &'a [NovelSentence],
}

/// A report out of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReport {
    /// Its id.
    pub id: i64,
    /// Where it was found.
    pub source: SourceId,
    /// The entry's key there.
    pub key: String,
    /// Who published it.
    pub outlet: String,
    /// What it says; texts are empty once pruned.
    pub article: Article,
    /// When it was read.
    pub found: Timestamp,
    /// Whether it belongs to the first look at its source.
    pub baseline: bool,
    /// Its story.
    pub story: i64,
    /// What it is to the story.
    pub kind: NewsKind,
    /// How like it is.
    pub likeness: f32,
    /// Stories that were considered.
    pub candidates: Vec<Candidate>,
    /// Whom it names as origin.
    pub origins: Vec<Origin>,
    /// What is new in it.
    pub novel: Vec<NovelSentence>,
}

/// A stored decision.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVerdict {
    /// The decision.
    pub verdict: Verdict,
    /// What it rests on.
    pub evaluation: Evaluation,
    /// When.
    pub decided: Timestamp,
    /// The alert that it raised or changed.
    pub alert: Option<i64>,
    /// The rule under which it was judged, by its hash; none if that was before rules were kept.
    pub rule: Option<String>,
}

/// Fingerprint of what an article says: an edit that leaves it as it was is no new version.
#[must_use]
pub fn text_hash(article: &Article) -> String {
    fingerprint(&[&article.title, &article.lead, &article.body])
}

/// The address that identifies the page of `article`: what it calls itself, else where it was read, made canonical.
#[must_use]
pub fn canonical_of(article: &Article) -> Option<String> {
    article.canonical_url.clone().or_else(|| article.url.as_ref().map(canonical)).map(String::from)
}

/// Whether this version of an entry was stored as it was `found` then.
pub fn report_exists(
    db: &Connection,
    source: &SourceId,
    key: &str,
    (content_hash, text_hash): (&str, &str),
    found: Timestamp,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM report
         WHERE source = ?1 AND key = ?2 AND content_hash = ?3 AND text_hash = ?4 AND found = ?5",
    )?
    .exists(params![source.0, key, content_hash, text_hash, millis(found)])
}

/// How many versions of an entry that were found at `since` or later say just that.
pub fn times_said(
    db: &Connection,
    source: &SourceId,
    key: &str,
    text_hash: &str,
    since: Timestamp,
) -> rusqlite::Result<u32> {
    db.prepare_cached(
        "SELECT count(*) FROM report WHERE source = ?1 AND key = ?2 AND text_hash = ?3 AND found >= ?4",
    )?
    .query_row(params![source.0, key, text_hash, millis(since)], |row| row.get(0))
}

/// The newest stored version of an entry: its story and text hash.
pub fn latest_version(
    db: &Connection,
    source: &SourceId,
    key: &str,
) -> rusqlite::Result<Option<(i64, String)>> {
    // The other columns are those of the row with the highest id; to sort would cost more than to look it up.
    db.prepare_cached("SELECT story, text_hash, max(id) FROM report WHERE source = ?1 AND key = ?2")?
        .query_row(params![source.0, key], |row| {
            let (story, hash): (Option<i64>, Option<String>) = (row.get(0)?, row.get(1)?);
            Ok(story.zip(hash))
        })
}

/// The newest report of an entry.
pub fn report_of_entry(db: &Connection, source: &SourceId, key: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT max(id) FROM report WHERE source = ?1 AND key = ?2")?
        .query_row(params![source.0, key], |row| row.get(0))
}

/// Whether a version of the entry says just that.
pub fn entry_said(db: &Connection, source: &SourceId, key: &str, text_hash: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM report WHERE source = ?1 AND key = ?2 AND text_hash = ?3")?
        .exists(params![source.0, key, text_hash])
}

/// Under which outlet's name the page at `canonical` was stored first: one page in two feeds of a site is one outlet.
pub fn outlet_of_page(db: &Connection, canonical: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT outlet FROM report WHERE canonical_url = ?1 ORDER BY id LIMIT 1")?
        .query_row([canonical], |row| row.get(0))
        .optional()
}

/// Whether the first look found an entry that said the same, under this key or with this address and date.
pub fn was_baseline(
    db: &Connection,
    source: &SourceId,
    entry: &crate::feed::Entry,
    feed_text: &str,
) -> rusqlite::Result<bool> {
    let address = entry.url.as_ref().map(canonical).map(String::from);
    db.prepare_cached(WAS_BASELINE)?.exists(params![
        source.0,
        feed_text,
        entry.key,
        address,
        entry.published.map(millis)
    ])
}

/// Two look-ups; one condition for both would walk all reports of the source, as would the index that `+` rules out.
const WAS_BASELINE: &str =
    "SELECT 1 FROM report WHERE source = ?1 AND key = ?3 AND baseline = 1 AND text_hash = ?2
     UNION ALL SELECT 1 FROM report
     WHERE canonical_url = ?4 AND +source = ?1 AND baseline = 1 AND text_hash = ?2 AND published IS ?5";

/// Stores a report with its text; returns its id.
pub fn put_report(db: &Connection, new: &NewReport<'_>) -> rusqlite::Result<i64> {
    let article = new.article;
    db.prepare_cached(
        "INSERT INTO report (source, key, content_hash, url, canonical_url, outlet, byline, published, published_from,
            modified, language, site, text_from, text_hash, found, baseline, time, story, kind, likeness, candidates,
            origins, novel, evidence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
    )?
    .execute(params![
        new.source.0,
        new.key,
        new.content_hash,
        article.url.as_ref().map(url::Url::as_str),
        canonical_of(article),
        new.outlet,
        article.byline,
        article.published.map(millis),
        article.published_from,
        article.modified.map(millis),
        article.language,
        article.site,
        to_json(&article.text_from)?,
        new.text_hash,
        millis(new.found),
        new.baseline,
        millis(new.time),
        new.story,
        word(&new.kind)?,
        new.likeness,
        to_json(&new.candidates)?,
        to_json(&new.origins)?,
        to_json(&new.novel)?,
        (article.text_from == TextFrom::Page).then(|| to_json(&(&article.evidence, article.kind))).transpose()?,
    ])?;
    let id = db.last_insert_rowid();
    db.prepare_cached(
        "INSERT INTO report_text (id, title, lead, body, furniture) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![id, article.title, article.lead, article.body, article.furniture])?;
    // No trigger does this: see schema_3.sql.
    db.prepare_cached("INSERT INTO report_search (rowid, title, lead, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, article.title, article.lead, article.body])?;
    Ok(id)
}

/// Stores a decision, and the rule under which the topic was judged.
pub fn put_verdict(
    db: &Connection,
    report: i64,
    evaluation: &Evaluation,
    verdict: &Verdict,
    alert: Option<i64>,
    rule: Option<&Rule>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    if let Some(rule) = rule {
        super::rules::keep_rule(db, &evaluation.topic, rule, now)?;
    }
    db.prepare_cached(
        "INSERT INTO verdict (report, topic, matched, raised, kind, why, evaluation, decided, alert, rule)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        report,
        evaluation.topic,
        evaluation.matched,
        verdict.raised(),
        to_json(&verdict.kind)?,
        verdict.why,
        to_json(evaluation)?,
        millis(now),
        alert,
        rule.map(|rule| &rule.hash),
    ])?;
    Ok(())
}

/// The decisions about a report, by topic.
pub fn verdicts_of(db: &Connection, report: i64) -> rusqlite::Result<Vec<StoredVerdict>> {
    db.prepare_cached("SELECT * FROM verdict WHERE report = ?1 ORDER BY topic")?
        .query_map([report], |row| {
            Ok(StoredVerdict {
                verdict: Verdict { kind: json(row, "kind")?, why: row.get("why")? },
                evaluation: json(row, "evaluation")?,
                decided: time(row, "decided")?,
                alert: row.get("alert")?,
                rule: row.get("rule")?,
            })
        })?
        .collect()
}

/// A report by its id.
pub fn report(db: &Connection, id: i64) -> rusqlite::Result<Option<StoredReport>> {
    select(db, "r.id = ?1", id)
}

/// In these words the index serves that only has addresses which are not canonical.
const AT: &str = "(r.url = ?1 AND r.url IS NOT r.canonical_url OR r.canonical_url = ?1)";

/// The newest report at an address, as published or canonical.
pub fn report_at(db: &Connection, url: &str) -> rusqlite::Result<Option<StoredReport>> {
    select(db, AT, url)
}

/// An entry with the address of another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Twin {
    /// Its report.
    pub id: i64,
    /// The source that lists it.
    pub source: SourceId,
    /// Under whose name.
    pub outlet: String,
    /// When it was read.
    pub found: Timestamp,
    /// Its story.
    pub story: i64,
}

/// The other reports at the address of report `id`, the newest first, at most 20: of other sources, or other versions.
pub fn twins_of(db: &Connection, id: i64) -> rusqlite::Result<Vec<Twin>> {
    db.prepare_cached(
        "SELECT o.* FROM report r JOIN report o ON o.canonical_url = r.canonical_url AND o.id != r.id
         WHERE r.id = ?1 ORDER BY o.id DESC LIMIT 20",
    )?
    .query_map([id], |row| {
        Ok(Twin {
            id: row.get("id")?,
            source: SourceId(row.get("source")?),
            outlet: row.get("outlet")?,
            found: time(row, "found")?,
            story: row.get("story")?,
        })
    })?
    .collect()
}

fn select(
    db: &Connection,
    filter: &str,
    value: impl rusqlite::ToSql,
) -> rusqlite::Result<Option<StoredReport>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM report r LEFT JOIN report_text t ON t.id = r.id WHERE {filter} ORDER BY r.id DESC LIMIT 1"
    ))?
    .query_row([value], report_of)
    .optional()
}

/// What [`report_of`] reads, of a report `r` and its text `t`.
pub(super) const COLUMNS: &str =
    "r.*, coalesce(t.title, '') AS title, coalesce(t.lead, '') AS lead, coalesce(t.body, '') AS body,
     coalesce(t.furniture, '') AS furniture";

pub(super) fn report_of(row: &Row<'_>) -> rusqlite::Result<StoredReport> {
    let url = |column: &str| -> rusqlite::Result<Option<url::Url>> {
        Ok(row.get::<_, Option<String>>(column)?.and_then(|text| url::Url::parse(&text).ok()))
    };
    let (evidence, kind) = json_opt(row, "evidence")?.unwrap_or_default();
    let article = Article {
        evidence,
        kind,
        url: url("url")?,
        canonical_url: url("canonical_url")?,
        title: row.get("title")?,
        lead: row.get("lead")?,
        body: row.get("body")?,
        furniture: row.get("furniture")?,
        byline: row.get("byline")?,
        published: time_opt(row, "published")?,
        published_from: row.get("published_from")?,
        modified: time_opt(row, "modified")?,
        language: row.get("language")?,
        site: row.get("site")?,
        text_from: json(row, "text_from")?,
        ..Article::default()
    };
    Ok(StoredReport {
        id: row.get("id")?,
        source: SourceId(row.get("source")?),
        key: row.get("key")?,
        outlet: row.get("outlet")?,
        article,
        found: time(row, "found")?,
        baseline: row.get("baseline")?,
        story: row.get("story")?,
        kind: from_word(row, "kind")?,
        likeness: row.get("likeness")?,
        candidates: json(row, "candidates")?,
        origins: json(row, "origins")?,
        novel: json(row, "novel")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn what_is_looked_up_is_not_searched_for() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        for query in [WAS_BASELINE.to_owned(), format!("SELECT r.* FROM report r WHERE {AT}")] {
            let plan: Vec<String> = store
                .write_blocking(|tx| {
                    let mut plan = tx.prepare(&format!("EXPLAIN QUERY PLAN {query}"))?;
                    let parameters = vec!["x"; plan.parameter_count()];
                    let steps =
                        plan.query_map(rusqlite::params_from_iter(parameters), |row| row.get("detail"))?;
                    steps.collect()
                })
                .unwrap();
            let searches: Vec<&String> = plan.iter().filter(|step| step.contains("SEARCH")).collect();
            assert_eq!(searches.len(), 2, "{plan:?}");
            assert!(searches.iter().all(|step| !step.ends_with("(source=?)")), "{plan:?}");
        }
    }
}
