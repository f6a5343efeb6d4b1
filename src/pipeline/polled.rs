//! The end of a look: the source's next state, and what was noticed beside the reports.

use rusqlite::Connection;

use super::Polled;
use crate::schedule;
use crate::store::table;

/// Moves the source's state on. A source that was removed meanwhile is left alone.
pub(super) fn polled_source(db: &Connection, polled: &Polled) -> rusqlite::Result<()> {
    let id = &polled.source.id;
    let Some(state) = table::source_state(db, id)? else { return Ok(()) };
    let next = schedule::after(&polled.source, &state, &polled.outcome, polled.at);
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
    table::touch_seen(db, id, &polled.present, polled.at)
}
