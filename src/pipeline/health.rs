//! After a look: whether the person is told about the source itself, or about all sources of its host.

use rusqlite::Connection;

use super::Polled;
use crate::alert::{Alert, AlertKind, Begins, Change, HealthNews, Neighbour, Seen, Told, begins, ends};
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::fetch::host::host_key;
use crate::schedule::Outcome;
use crate::source::{Source, SourceState};
use crate::store::table;
use crate::text::clean::one_line;
use crate::text::fingerprint::fingerprint;
use crate::topic::Severity;

/// The topic of alerts about sources.
const TOPIC: &str = "newswatch";

/// Takes in a look that ended in `state`. True if an alert was raised.
pub(super) fn look(
    db: &Connection,
    settings: &Settings,
    polled: &Polled,
    state: &SourceState,
) -> rusqlite::Result<bool> {
    if matches!(polled.outcome, Outcome::Offline { .. }) {
        // Nothing was learnt of the source.
        return Ok(false);
    }
    let Polled { source, at, .. } = polled;
    let before = table::health(db, &source.id)?;
    let mut health = before.clone();
    let change = health.look(state, &seen(polled), *at);
    if health != before {
        table::put_health(db, &source.id, &health)?;
    }
    match change {
        None => Ok(false),
        Some(Change::Gap(news) | Change::Ends(news)) => {
            tell(db, settings, *at, Subject::of(source, polled), news)
        }
        Some(Change::Begins(trouble, news)) => {
            let mut sources = table::neighbours(db, &source.id)?;
            let known = sources.clone();
            match begins(&mut sources, &source.id, trouble, &news.why, *at) {
                Begins::Alone => tell(db, settings, *at, Subject::of(source, polled), news),
                Begins::Told => {
                    keep(db, &known, &sources)?;
                    Ok(false)
                }
                Begins::Host(news) => {
                    keep(db, &known, &sources)?;
                    tell(db, settings, *at, Subject::host_of(source), news)
                }
            }
        }
        Some(Change::Asked) => {
            let mut sources = table::neighbours(db, &source.id)?;
            let known = sources.clone();
            let Some(news) = ends(&mut sources, *at) else { return Ok(false) };
            keep(db, &known, &sources)?;
            tell(db, settings, *at, Subject::host_of(source), news)
        }
    }
}

fn seen(polled: &Polled) -> Seen<'_> {
    let (window, whole) = match &polled.outcome {
        Outcome::Read { window, whole, .. } => (window.as_ref(), *whole),
        Outcome::Merged { window, .. } => (window.as_ref(), false),
        _ => (None, false),
    };
    Seen {
        published: window.map_or(&[], |window| window.published.as_slice()),
        length: window.filter(|_| whole).and_then(|window| window.length),
        articles: polled.articles,
        walls: polled.walls,
    }
}

fn keep(db: &Connection, before: &[Neighbour], after: &[Neighbour]) -> rusqlite::Result<()> {
    for (before, after) in before.iter().zip(after) {
        if before.health != after.health {
            table::put_health(db, &after.id, &after.health)?;
        }
    }
    Ok(())
}

/// Whom an alert is about.
struct Subject {
    name: String,
    url: Option<url::Url>,
    story: i64,
}

impl Subject {
    fn of(source: &Source, polled: &Polled) -> Self {
        let name = source.name.as_deref().or(polled.title.as_deref());
        let name = name.map_or_else(|| source.url.to_string(), one_line);
        Self { name, url: Some(source.url.clone()), story: story(&source.id.0) }
    }

    fn host_of(source: &Source) -> Self {
        let host = host_key(&source.url);
        let story = story(&fingerprint(&["host", &host]));
        Self { name: format!("{host}:"), url: None, story }
    }
}

/// Each subject has one alert, which says how it is now. Stories count upwards from 1: below zero there is room.
fn story(hash: &str) -> i64 {
    let hash = hash.get(..12).and_then(|hash| i64::from_str_radix(hash, 16).ok());
    -hash.unwrap_or(0) - 1
}

/// Wants the person told, in the channels of topics that name none.
fn tell(
    db: &Connection,
    settings: &Settings,
    now: Timestamp,
    subject: Subject,
    news: HealthNews,
) -> rusqlite::Result<bool> {
    let Subject { name, url, story } = subject;
    let HealthNews { what, why, bad } = news;
    let said = one_line(&why);
    if bad {
        tracing::warn!("{name} {what}: {said}");
    } else {
        tracing::info!("{name} {what}: {said}");
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
        body: why,
        url,
        why: said,
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
