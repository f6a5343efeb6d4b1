//! The end of a look: the source's next state, what was noticed beside the reports, and whether the person is told about
//! the source itself.

use rusqlite::Connection;

use super::Polled;
use crate::alert::{Alert, AlertKind, HealthNews, Told};
use crate::config::Settings;
use crate::schedule::{self, Outcome};
use crate::source::Source;
use crate::store::table;
use crate::text::clean::one_line;
use crate::topic::Severity;

/// The topic of alerts about sources.
const TOPIC: &str = "newswatch";

/// Moves the source's state on. A source that was removed meanwhile is left alone. True if an alert was raised.
pub(super) fn polled_source(db: &Connection, settings: &Settings, polled: &Polled) -> rusqlite::Result<bool> {
    let id = &polled.source.id;
    let Some(state) = table::source_state(db, id)? else { return Ok(false) };
    let next = schedule::after(&polled.source, &state, &polled.outcome, polled.at);
    table::put_source_state(db, id, &next)?;
    table::put_source_status(db, id, polled.status)?;
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

    let length = match &polled.outcome {
        Outcome::Read { window: Some(window), whole: true, .. } => window.length,
        _ => None,
    };
    let before = table::health(db, id)?;
    let mut health = before.clone();
    let news = health.look(&next, length, polled.at);
    if health != before {
        table::put_health(db, id, &health)?;
    }
    match news {
        Some(news) => tell(db, settings, polled, news),
        None => Ok(false),
    }
}

/// Wants the person told, in the channels of topics that name none.
fn tell(db: &Connection, settings: &Settings, polled: &Polled, news: HealthNews) -> rusqlite::Result<bool> {
    let source = &polled.source;
    let name =
        source.name.as_deref().or(polled.title.as_deref()).map_or_else(|| source.url.to_string(), one_line);
    let HealthNews { what, why, bad } = news;
    if bad {
        tracing::warn!(source = %source.url, "{name} {what}: {why}");
    } else {
        tracing::info!(source = %source.url, "{name} {what}: {why}");
    }
    if !settings.alerts.health {
        return Ok(false);
    }
    let before = table::alert_about(db, TOPIC, story(source))?;
    let severity = if bad { Severity::Warning } else { Severity::Notice };
    let hold = settings.alerts.quiet_hours.as_ref().and_then(|quiet| quiet.hold_until(polled.at, severity));
    let due = hold.unwrap_or(polled.at);
    let mut alert = Alert {
        id: 0,
        revision: before.as_ref().map_or(1, |(old, _)| old.revision + 1),
        topic: TOPIC.to_owned(),
        topic_name: "Sources".to_owned(),
        story: story(source),
        severity,
        kind: AlertKind::Health,
        title: format!("{name} {what}"),
        body: why.clone(),
        url: Some(source.url.clone()),
        why,
        raised: polled.at,
    };
    let told = Told { aloud: due, outlets: 0, origins: 0 };
    if let Some((old, _)) = before {
        alert.id = old.id;
        table::update_alert(db, &alert, &told)?;
    } else {
        alert.id = table::insert_alert(db, &alert, &told)?;
    }
    for channel in &settings.alerts.channels {
        table::want(db, alert.id, channel, alert.revision, alert.kind, due)?;
    }
    Ok(true)
}

/// Each source has one alert, which says how it is now. Stories count upwards from 1: below zero there is room.
fn story(source: &Source) -> i64 {
    let hash = source.id.0.get(..12).and_then(|hash| i64::from_str_radix(hash, 16).ok());
    -hash.unwrap_or(0) - 1
}
