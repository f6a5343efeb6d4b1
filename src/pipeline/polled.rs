//! The end of a look: the source's next state, what was noticed beside the reports, and whether the person is told about
//! the source itself.

use rusqlite::Connection;
use url::Url;

use super::Polled;
use crate::alert::{Alert, AlertKind, HealthNews, Told};
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::schedule::{self, NetworkNews, Outcome};
use crate::source::Source;
use crate::store::table;
use crate::text::clean::one_line;
use crate::text::count::count;
use crate::topic::Severity;

/// The topic of alerts about sources.
const TOPIC: &str = "newswatch";

/// Moves the source's state on. A source that was removed meanwhile is left alone. True if an alert was raised.
pub(super) fn polled_source(db: &Connection, settings: &Settings, polled: &Polled) -> rusqlite::Result<bool> {
    let id = &polled.source.id;
    let Some(state) = table::source_state(db, id)? else { return Ok(false) };
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
    table::touch_seen(db, id, &polled.present, polled.at)?;
    if let Some(waiting) = &polled.waiting {
        table::put_waiting(db, id, waiting)?;
    }

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

/// Wants the person told of a source.
fn tell(db: &Connection, settings: &Settings, polled: &Polled, news: HealthNews) -> rusqlite::Result<bool> {
    let source = &polled.source;
    let name =
        source.name.as_deref().or(polled.title.as_deref()).map_or_else(|| source.url.to_string(), one_line);
    raise(db, settings, (&name, story(source), Some(&source.url)), news, polled.at)
}

/// Wants the person told of the network, which is no source and has an alert of its own. True if one was raised.
///
/// # Errors
/// What SQLite says.
pub fn tell_of_network(
    db: &Connection,
    settings: &Settings,
    news: NetworkNews,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let hours = count(usize::try_from(news.lasted.as_secs() / 3_600).unwrap_or(usize::MAX), "hour");
    let news = if news.down {
        HealthNews {
            what: format!("has been down for {hours}"),
            why: "no host answers; one is asked now and then, and all that is overdue once one does"
                .to_owned(),
            bad: true,
        }
    } else {
        HealthNews { what: "is back".to_owned(), why: format!("no host answered for {hours}"), bad: false }
    };
    raise(db, settings, ("The network", i64::MIN, None), news, now)
}

/// Wants the person told of what is named and has this story, in the channels of topics that name none.
fn raise(
    db: &Connection,
    settings: &Settings,
    (name, story, url): (&str, i64, Option<&Url>),
    news: HealthNews,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let HealthNews { what, why, bad } = news;
    let source = url.map_or("", Url::as_str);
    if bad {
        tracing::warn!(source, "{name} {what}: {why}");
    } else {
        tracing::info!(source, "{name} {what}: {why}");
    }
    if !settings.alerts.health {
        return Ok(false);
    }
    let before = table::alert_about(db, TOPIC, story)?;
    let severity = if bad { Severity::Warning } else { Severity::Notice };
    let hold = settings.alerts.quiet_hours.as_ref().and_then(|quiet| quiet.hold_until(now, severity));
    let due = hold.unwrap_or(now);
    let mut alert = Alert {
        id: 0,
        revision: before.as_ref().map_or(1, |(old, _)| old.revision + 1),
        topic: TOPIC.to_owned(),
        topic_name: "Sources".to_owned(),
        story,
        severity,
        kind: AlertKind::Health,
        title: format!("{name} {what}"),
        body: why.clone(),
        url: url.cloned(),
        why,
        raised: now,
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
