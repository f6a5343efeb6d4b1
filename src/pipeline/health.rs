//! After a look: whether the person is told about the source itself, or about all sources of its host.

use std::time::Duration;

use rusqlite::Connection;

use super::Polled;
use crate::alert::{Alert, AlertKind, Begins, Change, HealthNews, Neighbour, Seen, Told, begins, ends, gaps};
use crate::clock::{Timestamp, since};
use crate::config::Settings;
use crate::fetch::host::host_key;
use crate::schedule::{NetworkNews, Outcome};
use crate::source::{Source, SourceState};
use crate::store::table;
use crate::text::clean::one_line;
use crate::text::count::{count, span};
use crate::text::fingerprint::fingerprint;
use crate::topic::Severity;

/// The topic of alerts about sources.
pub const TOPIC: &str = "newswatch";

/// Who was not asked for so long, and for twice its longest interval, was not asked because newswatch did not run or the
/// network was down.
const AWAY: Duration = Duration::from_hours(25);

/// Takes in a look that led from the state `before` to `state`. True if an alert was raised.
pub(super) fn look(
    db: &Connection,
    settings: &Settings,
    polled: &Polled,
    before: &SourceState,
    state: &SourceState,
) -> rusqlite::Result<bool> {
    if matches!(polled.outcome, Outcome::Offline { .. } | Outcome::Held { .. }) {
        // Nothing was learnt of the source: nobody answered, or nobody was asked.
        return Ok(false);
    }
    let Polled { source, at, .. } = polled;
    let known = table::health(db, &source.id)?;
    let mut health = known.clone();
    let change = health.look(state, &seen(polled), *at);
    if health != known {
        table::put_health(db, &source.id, &health)?;
    }
    match change {
        None => Ok(false),
        Some(Change::Ends(news)) => tell(db, settings, *at, Subject::of(source, polled), news),
        Some(Change::Gap(_)) if let Some(away) = away(source, before, *at) => {
            tell_of_pause(db, settings, *at, away)
        }
        Some(Change::Gap(news)) => match gaps(&table::neighbours(db, &source.id)?, *at) {
            Begins::Alone => tell(db, settings, *at, Subject::of(source, polled), news),
            Begins::Told => Ok(false),
            Begins::Host(news) => tell(db, settings, *at, Subject::host_of(source), news),
        },
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

/// How long nobody asked, if that was for so long that it was newswatch that did not run.
fn away(source: &Source, before: &SourceState, now: Timestamp) -> Option<Duration> {
    let away = since(now, before.last_success?);
    let long = AWAY.max(source.max_interval.saturating_mul(2));
    (before.failures == 0 && before.busy == 0 && away >= long).then_some(away)
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
    let subject = Subject { name: "The network".to_owned(), url: None, story: i64::MIN };
    tell(db, settings, now, subject, news)
}

/// After a pause many sources have gaps: they are told together, once.
fn tell_of_pause(
    db: &Connection,
    settings: &Settings,
    now: Timestamp,
    away: Duration,
) -> rusqlite::Result<bool> {
    let subject = Subject { name: "newswatch".to_owned(), url: None, story: story(&fingerprint(&["pause"])) };
    let told = table::alert_about(db, TOPIC, subject.story)?;
    if told.is_some_and(|(alert, _)| since(now, alert.raised) < AWAY) {
        return Ok(false);
    }
    let what = format!("asked nobody for {}: sources may have published more than was seen", span(away));
    let why = "`newswatch status` shows which, and from when to when".to_owned();
    tell(db, settings, now, subject, HealthNews { what, why, bad: true })
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
        part: polled.failing.as_ref(),
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
    // The channel "log" says it anyway.
    let logged = settings.alerts.health && settings.alerts.channels.iter().any(|channel| channel == "log");
    match bad {
        _ if logged => {}
        true => tracing::warn!("{name} {what}: {said}"),
        false => tracing::info!("{name} {what}: {said}"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::FailingPart;
    use crate::clock::later;
    use crate::config::{self, Environment};
    use crate::schedule::{Answer, Window};
    use crate::source::{SourceState, Validators};
    use crate::store::Store;

    fn settings() -> Settings {
        let toml = "[[feed]]\nurl = \"https://a.example/rss\"\n[topic.t]\nall = [\"x\"]\n";
        let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
        config::from_text(std::path::Path::new("t.toml"), toml, &environment)
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn at(hours: u64) -> Timestamp {
        later("2023-09-04T12:00:00Z".parse().unwrap(), Duration::from_hours(hours))
    }

    #[test]
    fn what_was_not_asked_is_neither_in_trouble_nor_well_again() {
        let (settings, folder) = (settings(), tempfile::tempdir().unwrap());
        let source = settings.sources[0].clone();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let read = |hours: &[u64]| {
            let (validators, body_hash) = (Validators::default(), String::new());
            let published: Vec<Timestamp> = hours.iter().map(|hours| at(*hours)).collect();
            let window = Some(Window { published, ..Window::default() });
            let answer = Answer::default();
            Outcome::Read { validators, body_hash, new: 1, whole: true, empty: false, window, answer }
        };
        let held = || Outcome::Held { message: "quiet".into(), retry_after: Some(60) };
        let failing = |times| FailingPart { since: at(0), times, error: "https://a.example/b: 404".into() };
        let regular: Vec<u64> = (0..240).step_by(4).collect();
        // When, what came of it, how often a part had failed, whether the person is told.
        let looks = [
            (240, read(&regular), 0, false),
            (24 * 20, held(), 0, false),
            (24 * 20, read(&[]), 0, true),
            (24 * 20 + 1, read(&[24 * 20]), 0, true),
            (24 * 20 + 2, read(&[]), 9, true),
            (24 * 20 + 3, held(), 0, false),
            (24 * 20 + 4, read(&[]), 10, false),
            (24 * 20 + 5, read(&[]), 0, true),
        ];
        store
            .write_blocking(|tx| {
                let first = SourceState { baseline_done: true, ..SourceState::new(at(0), "first look") };
                table::sync_sources(tx, &settings.sources, at(0), |_| first.clone())?;
                for (hours, outcome, times, told) in looks {
                    let failing = (times > 0).then(|| failing(times));
                    let polled = Polled { failing, ..Polled::bare(source.clone(), outcome, at(hours)) };
                    let raised = super::super::polled::polled_source(tx, &settings, &polled)?;
                    assert_eq!(raised.0, told, "{hours} {:?}", polled.outcome);
                }
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn row_22_a_dead_network_tells_nothing_of_the_sources() {
        let (settings, folder) = (settings(), tempfile::tempdir().unwrap());
        let source = settings.sources[0].clone();
        let store = Store::open(&folder.path().join("n.db")).unwrap();
        let raised = |outcome: Outcome| {
            store
                .write_blocking(|tx| {
                    let first = SourceState {
                        failing_since: Some(at(0)),
                        failures: 3,
                        ..SourceState::new(at(0), "first look")
                    };
                    table::sync_sources(tx, &settings.sources, at(0), |_| first.clone())?;
                    table::put_source_state(tx, &source.id, &first)?;
                    let mut raised = 0;
                    for hours in (0..200).step_by(5) {
                        let polled = Polled::bare(source.clone(), outcome.clone(), at(hours));
                        raised += u32::from(super::super::polled::polled_source(tx, &settings, &polled)?.0);
                    }
                    Ok(raised)
                })
                .unwrap()
        };
        assert_eq!(raised(Outcome::Offline { message: "a.example does not resolve".into() }), 0);
        let class = crate::fetch::FailureClass::Dns;
        assert_eq!(raised(Outcome::Failed { class, message: "a.example does not resolve".into() }), 1);
    }
}
