//! Sources and their schedule; what each says of itself.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::column::{Columns, json_opt, time, time_opt, to_json};
use super::millis;
use super::notes::put_note;
use crate::alert::Health;
use crate::clock::Timestamp;
use crate::feed::{About, Learnt};
use crate::fetch::host::host_key;
use crate::schedule::{Due, latest, replanned};
use crate::source::{Cadence, Source, SourceId, SourceState, Validators};

/// A source with everything that `status` and `source list` show.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// Its identity.
    pub id: SourceId,
    /// "feed", "links", "watch".
    pub kind: String,
    /// Its address.
    pub url: String,
    /// As the person named it.
    pub name: Option<String>,
    /// As it names itself.
    pub title: Option<String>,
    /// Whether it is still in the configuration.
    pub configured: bool,
    /// Its polling state.
    pub state: SourceState,
    /// Entries seen so far.
    pub entries: u64,
    /// What its last full answer says of itself.
    pub about: Option<About>,
    /// How it names its entries.
    pub learnt: Option<Learnt>,
    /// What was told about the source itself.
    pub told: Health,
}

impl SourceRow {
    /// One word for how it is: "new", "ok", "busy", "failing", "resting", "removed".
    #[must_use]
    pub fn health(&self) -> &'static str {
        match &self.state {
            _ if !self.configured => "removed",
            state if state.resting => "resting",
            state if state.failures > 0 => "failing",
            state if state.busy > 0 => "busy",
            state if state.last_success.is_none() => "new",
            _ => "ok",
        }
    }

    /// The name to show: the person's, else its own, else the address.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.title.as_deref()).unwrap_or(&self.url)
    }
}

/// Makes the table agree with the configuration: adds new sources (first due by `first`), keeps the state of known
/// ones, marks the others as no longer configured. A source that is to be asked at shorter intervals than before is
/// planned anew; else what is planned stays. What is planned for later than anything can be is due by `first`.
pub fn sync_sources(
    db: &Connection,
    sources: &[Source],
    now: Timestamp,
    first: impl Fn(&Source) -> SourceState,
) -> rusqlite::Result<()> {
    db.execute("UPDATE source SET configured = 2 WHERE configured = 1", [])?;
    let mut known = db.prepare_cached("SELECT pace FROM source WHERE id = ?1")?;
    let mut keep = db.prepare_cached(
        "UPDATE source SET configured = 1, name = ?2, pace = ?3, next_check =
             CASE WHEN last_attempt IS NULL OR next_check > ?5 THEN min(next_check, ?4) ELSE next_check END
         WHERE id = ?1",
    )?;
    let mut add = db.prepare_cached(
        "INSERT INTO source (id, kind, url, name, host, configured, pace, next_check, why_next)
         VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8)",
    )?;
    for source in sources {
        let (pace, state) = (pace(source), first(source));
        let (id, due) = (&source.id.0, millis(state.next_check));
        let before: Option<Option<String>> = known.query_row([id], |row| row.get("pace")).optional()?;
        let Some(before) = before else {
            let (url, host) = (source.url.as_str(), host_key(&source.url));
            add.execute(params![id, source.kind.word(), url, source.name, host, pace, due, state.why_next])?;
            continue;
        };
        keep.execute(params![id, source.name, pace, due, millis(latest(source, now))])?;
        if before.is_some_and(|before| before != pace)
            && let Some(state) = source_state(db, &source.id)?
            && let Some(sooner) = replanned(source, &state, now)
        {
            put_source_state(db, &source.id, &sooner)?;
        }
    }
    // Taking a source out and putting it back wakes it.
    db.execute("UPDATE source SET configured = 0, resting = 0, gone = 0 WHERE configured = 2", [])?;
    Ok(())
}

/// By what a source is planned, to notice a change.
fn pace(source: &Source) -> String {
    let [interval, least, most] =
        [source.interval, source.min_interval, source.max_interval].map(|time| time.as_secs_f64());
    format!("{interval} {least} {most}")
}

/// Makes the next request to each source unconditional if another `version` of the program read the last answers: it may
/// read something else in them (and ask for something else).
pub fn read_by(db: &Connection, version: &str, now: Timestamp) -> rusqlite::Result<()> {
    let before: Option<String> = db
        .prepare_cached("SELECT text FROM note WHERE name = 'reader'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    if before.as_deref() != Some(version) {
        db.execute("UPDATE source SET etag = NULL, last_modified = NULL, body_hash = NULL", [])?;
        put_note(db, "reader", version, now)?;
    }
    Ok(())
}

/// Sources whose check is due at `now`, most overdue first, at most `limit`.
pub fn due_sources(db: &Connection, now: Timestamp, limit: u32) -> rusqlite::Result<Vec<Due>> {
    db.prepare_cached(DUE)?
        .query_map(params![millis(now), limit], |row| {
            Ok(Due {
                id: SourceId(row.get("id")?),
                host: row.get("host")?,
                next_check: time(row, "next_check")?,
            })
        })?
        .collect()
}

/// A range of the index `source_due`.
const DUE: &str = "SELECT id, host, next_check FROM source
                 WHERE configured = 1 AND resting = 0 AND next_check <= ?1 ORDER BY next_check LIMIT ?2";

/// Every configured source that is not resting, as if it were due: for `once --all`. A wait that a server asked for
/// (429, 503) is kept.
pub fn all_sources(db: &Connection, now: Timestamp) -> rusqlite::Result<Vec<Due>> {
    db.prepare_cached(
        "SELECT id, host, next_check FROM source
         WHERE configured = 1 AND resting = 0 AND (quiet_until IS NULL OR quiet_until <= ?1) ORDER BY next_check",
    )?
    .query_map(params![millis(now)], |row| {
        Ok(Due { id: SourceId(row.get("id")?), host: row.get("host")?, next_check: time(row, "next_check")? })
    })?
    .collect()
}

/// Why a source is asked later that was overdue.
const IN_TURN: &str = "overdue after a pause, in turn";

/// Plans sources anew that are overdue after a pause.
pub fn put_next_checks(db: &Connection, times: &[(SourceId, Timestamp)]) -> rusqlite::Result<()> {
    let mut update = db.prepare_cached("UPDATE source SET next_check = ?2, why_next = ?3 WHERE id = ?1")?;
    for (id, next_check) in times {
        update.execute(params![id.0, millis(*next_check), IN_TURN])?;
    }
    Ok(())
}

/// The clock was set back by `by` and says `now`: what was planned by it comes so much sooner, and no sooner than the
/// server allows. Other times that it wrote are put right at the next look.
pub fn clock_set_back(db: &Connection, by: Duration, now: Timestamp) -> rusqlite::Result<()> {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    db.prepare_cached("UPDATE source SET quiet_until = quiet_until - ?1 WHERE last_attempt > ?2")?
        .execute(params![by, millis(now)])?;
    db.prepare_cached(
        "UPDATE source SET next_check = max(next_check - ?1, ?2, coalesce(quiet_until, 0)),
             last_attempt = min(last_attempt, ?2)
         WHERE last_attempt > ?2 OR last_attempt IS NULL OR why_next = ?3",
    )?
    .execute(params![by, millis(now), IN_TURN])?;
    Ok(())
}

/// When the next check after `now` is due.
pub fn next_due(db: &Connection, now: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    db.prepare_cached(
        "SELECT min(next_check) AS next FROM source WHERE configured = 1 AND resting = 0 AND next_check > ?1",
    )?
    .query_row(params![millis(now)], |row| time_opt(row, "next"))
}

/// The polling state of one source.
pub fn source_state(db: &Connection, id: &SourceId) -> rusqlite::Result<Option<SourceState>> {
    db.prepare_cached(STATE_OF_ONE)?.query_row([&id.0], state_of).optional()
}

/// Writes the polling state of one source.
pub fn put_source_state(db: &Connection, id: &SourceId, state: &SourceState) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE source SET next_check = ?2, why_next = ?3, last_attempt = ?4, last_success = ?5, last_full = ?6,
            failures = ?7, busy = ?8, gone = ?9, error = ?10, etag = ?11, last_modified = ?12, body_hash = ?13,
            baseline_done = ?14, resting = ?15, polls = ?16, useful = ?17, fresh_for = ?18, rhythm = ?19,
            empty_since = ?20, cadence = ?21, address = ?22, moving = ?23, counted = ?24, failing_since = ?25,
            error_class = ?26, bytes = ?27, gap = ?28, quiet_until = ?29, at_home = ?30, status = ?31 WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        millis(state.next_check),
        state.why_next,
        state.last_attempt.map(millis),
        state.last_success.map(millis),
        state.last_full.map(millis),
        state.failures,
        state.busy,
        state.gone,
        state.error,
        state.validators.etag,
        state.validators.last_modified,
        state.body_hash,
        state.baseline_done,
        state.resting,
        i64::try_from(state.polls).unwrap_or(i64::MAX),
        i64::try_from(state.useful).unwrap_or(i64::MAX),
        state.fresh_for.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX)),
        (!state.rhythm.is_silent()).then(|| to_json(&state.rhythm)).transpose()?,
        state.empty_since.map(millis),
        state.cadence.to_bytes(),
        state.address.as_ref().map(Url::as_str),
        state.moving.as_ref().map(to_json).transpose()?,
        state.counted.map(millis),
        state.failing_since.map(millis),
        state.error_class,
        i64::try_from(state.bytes).unwrap_or(i64::MAX),
        state.gap.as_ref().map(to_json).transpose()?,
        state.quiet_until.map(millis),
        state.at_home,
        state.status,
    ])?;
    Ok(())
}

/// Notes that a source is being asked: of its state, what [`crate::schedule::starting`] changes.
pub fn put_start(db: &Connection, id: &SourceId, starting: &SourceState) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE source SET next_check = ?2, why_next = ?3, last_attempt = ?4 WHERE id = ?1")?
        .execute(params![
        id.0,
        millis(starting.next_check),
        starting.why_next,
        starting.last_attempt.map(millis)
    ])?;
    Ok(())
}

/// Stores what a source says of itself: its title and, for a watched page, its text.
pub fn put_source_text(
    db: &Connection,
    id: &SourceId,
    title: Option<&str>,
    watched: Option<&str>,
) -> rusqlite::Result<()> {
    if title.is_none() && watched.is_none() {
        return Ok(()); // most looks end with a 304
    }
    db.prepare_cached(
        "UPDATE source SET title = coalesce(?2, title), watched_text = coalesce(?3, watched_text) WHERE id = ?1",
    )?
    .execute(params![id.0, title, watched])?;
    Ok(())
}

/// The last text of a watched page.
pub fn watched_text(db: &Connection, id: &SourceId) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT watched_text FROM source WHERE id = ?1")?
        .query_row([&id.0], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}

/// Stores what the last full answer says of itself, and what was learnt of how the source names its entries.
pub fn put_source_about(
    db: &Connection,
    id: &SourceId,
    about: Option<&About>,
    learnt: Option<&Learnt>,
) -> rusqlite::Result<()> {
    if about.is_none() && learnt.is_none() {
        return Ok(());
    }
    db.prepare_cached(
        "UPDATE source SET about = coalesce(?2, about), learnt = coalesce(?3, learnt) WHERE id = ?1",
    )?
    .execute(params![id.0, about.map(to_json).transpose()?, learnt.map(to_json).transpose()?])?;
    Ok(())
}

/// What was learnt of how a source names its entries.
pub fn learnt(db: &Connection, id: &SourceId) -> rusqlite::Result<Learnt> {
    db.prepare_cached("SELECT learnt FROM source WHERE id = ?1")?
        .query_row([&id.0], |row| json_opt(row, "learnt"))
        .optional()
        .map(|learnt| learnt.flatten().unwrap_or_default())
}

/// All sources, the configured ones first, by name.
pub fn list_sources(db: &Connection) -> rusqlite::Result<Vec<SourceRow>> {
    db.prepare_cached(ALL)?
        .query_map([], |row| {
            Ok(SourceRow {
                id: SourceId(row.get("id")?),
                kind: row.get("kind")?,
                url: row.get("url")?,
                name: row.get("name")?,
                title: row.get("title")?,
                configured: row.get("configured")?,
                state: state_of(row)?,
                entries: row.get::<_, i64>("entries")?.unsigned_abs(),
                about: json_opt(row, "about")?,
                learnt: json_opt(row, "learnt")?,
                told: json_opt(row, "health")?.unwrap_or_default(),
            })
        })?
        .collect()
}

/// What a [`SourceState`] is kept in, in the order in which [`state_of`] reads it.
macro_rules! state {
    () => {
        "next_check, why_next, last_attempt, last_success, last_full, failures, busy, quiet_until, \
         gone, error, etag, last_modified, body_hash, baseline_done, empty_since, resting, polls, \
         useful, fresh_for, rhythm, cadence, address, at_home, moving, counted, failing_since, \
         error_class, status, bytes, gap"
    };
}
const STATE: &str = state!();
const STATE_OF_ONE: &str = concat!("SELECT ", state!(), " FROM source WHERE id = ?1");
const ALL: &str = concat!(
    "SELECT ",
    state!(),
    ", id, kind, url, name, title, configured, about, learnt, health, (SELECT count(*) FROM seen WHERE seen.source = source.id) AS entries FROM source
         ORDER BY configured DESC, coalesce(name, title, url) COLLATE NOCASE"
);

fn state_of(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    let mut columns = Columns::new(row, STATE);
    Ok(SourceState {
        next_check: columns.time("next_check")?,
        why_next: columns.next("why_next")?,
        last_attempt: columns.time_opt("last_attempt")?,
        last_success: columns.time_opt("last_success")?,
        last_full: columns.time_opt("last_full")?,
        failures: columns.next("failures")?,
        busy: columns.next("busy")?,
        quiet_until: columns.time_opt("quiet_until")?,
        gone: columns.next("gone")?,
        error: columns.next("error")?,
        validators: Validators { etag: columns.next("etag")?, last_modified: columns.next("last_modified")? },
        body_hash: columns.next("body_hash")?,
        baseline_done: columns.next("baseline_done")?,
        empty_since: columns.time_opt("empty_since")?,
        resting: columns.next("resting")?,
        polls: columns.next::<i64>("polls")?.unsigned_abs(),
        useful: columns.next::<i64>("useful")?.unsigned_abs(),
        fresh_for: columns.next::<Option<i64>>("fresh_for")?.map(i64::unsigned_abs),
        rhythm: columns.json_opt("rhythm")?.unwrap_or_default(),
        cadence: Cadence::from_bytes(&columns.next::<Option<Vec<u8>>>("cadence")?.unwrap_or_default()),
        address: columns.next::<Option<String>>("address")?.and_then(|url| Url::parse(&url).ok()),
        at_home: columns.next("at_home")?,
        moving: columns.json_opt("moving")?,
        counted: columns.time_opt("counted")?,
        failing_since: columns.time_opt("failing_since")?,
        error_class: columns.next("error_class")?,
        status: columns.next("status")?,
        bytes: columns.next::<i64>("bytes")?.unsigned_abs(),
        gap: columns.json_opt("gap")?,
    })
}

#[cfg(test)]
mod tests;
