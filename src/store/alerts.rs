//! Alerts as they stand, with what each channel took.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::column::{from_word, json, time, time_opt, to_json, word};
use super::millis;
use crate::alert::{Alert, Told};
use crate::clock::Timestamp;

/// An alert with its deliveries, as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRow {
    /// The alert.
    pub alert: Alert,
    /// One a channel.
    pub deliveries: Vec<DeliveryRow>,
}

/// How an alert fares with one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The channel.
    pub channel: String,
    /// "told", "waiting" (not due yet), "pending", "failing".
    pub state: &'static str,
    /// When it was last tried.
    pub at: Option<Timestamp>,
    /// When what waits is to be told.
    pub due: Timestamp,
    /// Failed tries since the last that was taken.
    pub tries: u32,
    /// Why it was not told.
    pub error: Option<String>,
}

/// The alert about a story under a topic, and what the person was told.
pub fn alert_about(db: &Connection, topic: &str, story: i64) -> rusqlite::Result<Option<(Alert, Told)>> {
    db.prepare_cached("SELECT * FROM alert WHERE topic = ?1 AND story = ?2")?
        .query_row(params![topic, story], |row| Ok((alert_of(row)?, json(row, "told")?)))
        .optional()
}

/// Stores a new alert; its `id` is ignored, the new one returned.
pub fn insert_alert(db: &Connection, alert: &Alert, told: &Told) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO alert (topic, topic_name, story, revision, severity, kind, title, body, url, why, raised, first, told)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12)",
    )?
    .execute(params![
        alert.topic,
        alert.topic_name,
        alert.story,
        alert.revision,
        word(&alert.severity)?,
        word(&alert.kind)?,
        alert.title,
        alert.body,
        alert.url.as_ref().map(url::Url::as_str),
        alert.why,
        millis(alert.raised),
        to_json(told)?,
    ])?;
    Ok(db.last_insert_rowid())
}

/// Stores a further revision of an alert.
pub fn update_alert(db: &Connection, alert: &Alert, told: &Told) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE alert SET revision = ?2, severity = ?3, kind = ?4, title = ?5, body = ?6, url = ?7, why = ?8,
            raised = ?9, told = ?10, topic_name = ?11 WHERE id = ?1",
    )?
    .execute(params![
        alert.id,
        alert.revision,
        word(&alert.severity)?,
        word(&alert.kind)?,
        alert.title,
        alert.body,
        alert.url.as_ref().map(url::Url::as_str),
        alert.why,
        millis(alert.raised),
        to_json(told)?,
        alert.topic_name,
    ])?;
    Ok(())
}

/// One alert.
pub fn alert(db: &Connection, id: i64) -> rusqlite::Result<Option<Alert>> {
    db.prepare_cached("SELECT * FROM alert WHERE id = ?1")?.query_row([id], alert_of).optional()
}

/// Alerts, the one changed last first.
pub fn list_alerts(db: &Connection, now: Timestamp, limit: u32) -> rusqlite::Result<Vec<AlertRow>> {
    let alerts: Vec<Alert> = db
        .prepare_cached("SELECT * FROM alert ORDER BY raised DESC, id DESC LIMIT ?1")?
        .query_map([limit], alert_of)?
        .collect::<rusqlite::Result<_>>()?;
    alerts.into_iter().map(|alert| with_deliveries(db, alert, now)).collect()
}

/// One alert with its deliveries, as they stand at `now`.
pub fn alert_row(db: &Connection, id: i64, now: Timestamp) -> rusqlite::Result<Option<AlertRow>> {
    alert(db, id)?.map(|alert| with_deliveries(db, alert, now)).transpose()
}

fn with_deliveries(db: &Connection, alert: Alert, now: Timestamp) -> rusqlite::Result<AlertRow> {
    let deliveries = db
        .prepare_cached("SELECT * FROM delivery WHERE alert = ?1 ORDER BY channel")?
        .query_map([alert.id], |row| delivery_of(row, now))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(AlertRow { alert, deliveries })
}

fn alert_of(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        id: row.get("id")?,
        revision: row.get("revision")?,
        topic: row.get("topic")?,
        topic_name: row.get("topic_name")?,
        story: row.get("story")?,
        severity: from_word(row, "severity")?,
        kind: from_word(row, "kind")?,
        title: row.get("title")?,
        body: row.get("body")?,
        url: row.get::<_, Option<String>>("url")?.and_then(|text| url::Url::parse(&text).ok()),
        why: row.get("why")?,
        raised: time(row, "raised")?,
    })
}

fn delivery_of(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<DeliveryRow> {
    let (wanted, told, tries): (u32, u32, u32) = (row.get("wanted")?, row.get("told")?, row.get("tries")?);
    let due = time(row, "due")?;
    let state = match () {
        () if told >= wanted => "told",
        () if tries > 0 => "failing",
        () if due > now => "waiting",
        () => "pending",
    };
    Ok(DeliveryRow {
        channel: row.get("channel")?,
        state,
        at: time_opt(row, "at")?,
        due,
        tries,
        error: row.get("error")?,
    })
}
