//! `newswatch alerts`: what was told, and how.

use std::io;

use serde::Serialize;

use super::Exit;
use super::args::ListArgs;
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{FAINT, STRONG, of_word, paint, severity};
use super::when::When;
use crate::alert::AlertKind;
use crate::clock::Timestamp;
use crate::store::{AlertRow, DeliveryRow, table};
use crate::text::clean::one_line;
use crate::topic::Severity;

/// One alert, as `--json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct AlertView {
    id: i64,
    topic: String,
    /// `null` for an alert about a source itself.
    story: Option<i64>,
    severity: Severity,
    kind: AlertKind,
    revision: u32,
    why: String,
    title: String,
    body: String,
    url: Option<url::Url>,
    raised: Timestamp,
    /// Whether the topic's rule is another today than the one it was raised under; `null` where that is not known.
    pub(super) rule_changed: Option<bool>,
    deliveries: Vec<DeliveryView>,
}

#[derive(Debug, Serialize)]
struct DeliveryView {
    channel: String,
    state: &'static str,
    /// When it was last tried.
    at: Option<Timestamp>,
    /// When it was last told; what changed since is told at `due`.
    told: Option<Timestamp>,
    /// When what is not told yet is to be told.
    due: Option<Timestamp>,
    tries: u32,
    error: Option<String>,
}

impl AlertView {
    pub(super) fn of(row: AlertRow) -> Self {
        let AlertRow { alert, deliveries } = row;
        let delivery = |row: DeliveryRow| {
            let DeliveryRow { channel, state, at, due, tries, error } = row;
            let done = state == "told";
            // Of a channel that fails, the last try is no telling.
            let (told, due) = (at.filter(|_| done || tries == 0), (!done).then_some(due));
            DeliveryView { channel, state, at, told, due, tries, error }
        };
        Self {
            id: alert.id,
            topic: alert.topic,
            story: (alert.story > 0).then_some(alert.story),
            severity: alert.severity,
            kind: alert.kind,
            revision: alert.revision,
            why: alert.why,
            title: alert.title,
            body: alert.body,
            url: alert.url,
            raised: alert.raised,
            rule_changed: None,
            deliveries: deliveries.into_iter().map(delivery).collect(),
        }
    }

    /// How each channel took it, in words.
    pub(super) fn told(&self, when: &When) -> String {
        let words = |delivery: &DeliveryView| {
            let DeliveryView { channel, state, at, error, due, told, .. } = delivery;
            if let ("waiting", Some(due)) = (*state, due) {
                let told = told.map(|at| format!("told {}; the update ", when.words(at))).unwrap_or_default();
                return format!("{channel} {told}waits, to be told {}", when.words(*due));
            }
            match (at, error) {
                (Some(at), Some(error)) => format!("{channel} {state} ({}: {error})", when.words(*at)),
                (Some(at), None) => format!("{channel} {state} {}", when.words(*at)),
                _ => format!("{channel} {state}"),
            }
        };
        if self.deliveries.is_empty() {
            return "told in no channel".to_owned();
        }
        self.deliveries.iter().map(words).collect::<Vec<_>>().join(", ")
    }

    /// What it says, in a line.
    pub(super) fn summary(&self) -> String {
        format!("#{} {} revision {}: {}", self.id, severity(self.severity), self.revision, self.title)
    }
}

/// Lists them. `No` if there is none.
pub(super) fn run(context: &Context, args: &ListArgs) -> anyhow::Result<Exit> {
    let now = context.now();
    let store = context.store()?;
    let rows = store.read(|db| table::list_alerts(db, now, args.rows(context.json)))?;
    let mut alerts: Vec<AlertView> = rows.into_iter().map(AlertView::of).collect();
    if let Ok(settings) = context.settings() {
        for alert in &mut alerts {
            let Some(about) = alert.story else { continue };
            let then = store.read(|db| table::rule_of_alert(db, alert.id, &alert.topic, about))?;
            alert.rule_changed =
                then.map(|then| settings.rules.rule(&alert.topic).is_none_or(|rule| rule.hash != then));
        }
    }
    let mut printer = context.printer();
    if context.json {
        printer.json(&alerts)?;
    } else {
        print(&alerts, &context.when(), &mut printer)?;
        args.print_more(alerts.len(), &mut printer)?;
    }
    Ok(Exit::yes_if(!alerts.is_empty()))
}

fn print(alerts: &[AlertView], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if alerts.is_empty() {
        return to.line("no alerts yet");
    }
    for alert in alerts {
        let word = severity(alert.severity);
        let word = of_word(word).map_or_else(|| word.to_owned(), |style| paint(style, word));
        to.line(format!("{word} {}  {}", shown(&alert.topic), paint(STRONG, shown(&alert.title))))?;
        if let Some(url) = &alert.url {
            to.line(format!("  {}", shown(url.as_str())))?;
        }
        for line in alert.body.lines() {
            to.line(format!("  {}", shown(line)))?;
        }
        let story = alert.story.map(|story| format!("story {story} · ")).unwrap_or_default();
        // An alert about a source says why, and nothing else.
        let said = one_line(&alert.body) == alert.why;
        let why = if said { "about the source itself".to_owned() } else { shown(&alert.why) };
        let changed = match alert.rule_changed {
            Some(true) => " · its rule has changed since",
            _ => "",
        };
        let facts = format!("{} · {story}{why}{changed}", when.words(alert.raised));
        to.line(format!("  {}", paint(FAINT, facts)))?;
        to.line(format!("  {}", shown(&alert.told(when))))?;
    }
    Ok(())
}
