//! The end of a look: the source's next state, and what was noticed beside the reports. Whether the person is told about
//! the source itself is decided in `health`.

use rusqlite::Connection;

use super::{Polled, health};
use crate::config::Settings;
use crate::schedule::{self, Turn};
use crate::source::SourceState;
use crate::store::table;

/// Moves the source's state on. A source that was removed meanwhile is left alone. True if an alert was raised; and how
/// the source turned.
pub(super) fn polled_source(
    db: &Connection,
    settings: &Settings,
    polled: &Polled,
) -> rusqlite::Result<(bool, Option<Turn>)> {
    let id = &polled.source.id;
    let Some(state) = table::source_state(db, id)? else { return Ok((false, None)) };
    let next = schedule::after(&polled.source, &state, &polled.outcome, polled.at);
    let next = SourceState { status: polled.status, ..next };
    table::put_source_state(db, id, &next)?;
    table::put_source_text(db, id, polled.title.as_deref(), polled.watched.as_deref())?;
    table::put_source_about(db, id, polled.about.as_ref(), polled.learnt.as_ref())?;
    table::put_marks(db, id, &polled.moved)?;
    for repost in &polled.reposts {
        table::put_repost(db, repost)?;
    }
    for known in &polled.recorded {
        table::put_seen(db, id, known, polled.at)?;
    }
    table::touch_seen(db, id, &polled.present, polled.at)?;
    if let Some(waiting) = &polled.waiting {
        table::put_waiting(db, id, waiting)?;
    }
    let told = health::look(db, settings, polled, &state, &next)?;
    Ok((told, schedule::turn(&state, &next, polled.at)))
}
