//! The `log` channel: one readable line with the same values as fields, to the journal or the terminal.

use async_trait::async_trait;

use super::{Notifier, NotifyError, Receipt};
use crate::alert::{Alert, AlertKind};
use crate::text::clean::{bounded, one_line};
use crate::topic::Severity;

/// Longest headline, body and address in a line, in characters. The journal takes more; a reader does not.
const TITLE: usize = 200;
const BODY: usize = 1_000;
const ADDRESS: usize = 2_000;

/// The `log` channel.
#[derive(Debug, Default)]
pub struct Log;

#[async_trait]
impl Notifier for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    async fn tell(&self, alert: &Alert, _previous: Option<&str>) -> Result<Receipt, NotifyError> {
        let message = line(alert);
        let topic = one_line(&alert.topic);
        let (severity, kind) = (severity(alert.severity), kind(alert.kind));
        let url = alert.url.as_ref().map(|url| bounded(url.as_str(), ADDRESS));
        // The level of an event is part of its static call site, hence two.
        macro_rules! tell {
            ($level:ident) => {
                tracing::$level!(
                    target: "newswatch::alert",
                    alert = alert.id, topic, story = alert.story, severity, kind, url, "{message}"
                )
            };
        }
        match alert.severity {
            Severity::Info | Severity::Notice => tell!(info),
            Severity::Warning | Severity::Critical => tell!(warn),
        }
        Ok(Receipt::default())
    }
}

/// The line that tells `alert`, whole without its fields: `ALERT warning nk-arms: headline — body — address`. Anything
/// but a story's first alert has its kind in brackets after the topic; one that is not aloud begins with `QUIET`.
#[must_use]
pub fn line(alert: &Alert) -> String {
    let quiet = alert.kind == AlertKind::Quiet;
    let mut line = format!("{} {}", if quiet { "QUIET" } else { "ALERT" }, severity(alert.severity));
    let topic = one_line(&alert.topic);
    if !topic.is_empty() {
        line = format!("{line} {topic}");
    }
    if alert.kind != AlertKind::New && !quiet {
        line = format!("{line} ({})", kind(alert.kind));
    }
    let body = bounded(&alert.body.lines().map(one_line).collect::<Vec<_>>().join(" · "), BODY);
    let address = alert.url.as_ref().map(|url| bounded(url.as_str(), ADDRESS)).unwrap_or_default();
    let parts = [bounded(&one_line(&alert.title), TITLE), body, address];
    let told: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{line}: {}", told.join(" — "))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

fn kind(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::New => "new",
        AlertKind::Update => "update",
        AlertKind::Quiet => "quiet",
        AlertKind::Health => "health",
        AlertKind::Test => "test",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Debug;
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;
    use tracing::field::{Field, Visit};
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt};

    use super::*;
    use crate::notify::tests::alert;

    /// What one event said: its level, its target and every field.
    type Event = (tracing::Level, String, BTreeMap<&'static str, String>);

    #[derive(Default, Clone)]
    struct Heard(Arc<Mutex<Vec<Event>>>);

    struct Fields(BTreeMap<&'static str, String>);

    impl Visit for Fields {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            self.0.insert(field.name(), format!("{value:?}"));
        }
        fn record_str(&mut self, field: &Field, value: &str) {
            self.0.insert(field.name(), value.to_owned());
        }
    }

    impl<S: tracing::Subscriber> Layer<S> for Heard {
        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            let mut fields = Fields(BTreeMap::new());
            event.record(&mut fields);
            let (level, target) = (*event.metadata().level(), event.metadata().target().to_owned());
            self.0.lock().unwrap().push((level, target, fields.0));
        }
    }

    async fn heard(alert: &Alert) -> Event {
        let heard = Heard::default();
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(heard.clone()));
        assert_eq!(Log.tell(alert, None).await, Ok(Receipt { handle: None }));
        drop(guard);
        let mut events = heard.0.lock().unwrap();
        assert_eq!(events.len(), 1, "told once: {events:?}");
        events.remove(0)
    }

    #[tokio::test]
    async fn the_event_has_the_line_and_the_values() {
        let (level, target, fields) = heard(&alert()).await;
        assert_eq!((level, target.as_str()), (tracing::Level::WARN, "newswatch::alert"));
        let expected = [
            ("alert", "7"),
            ("kind", "new"),
            (
                "message",
                "ALERT warning nk-arms: Kim visits a shipyard — 5 outlets, 1 origin: The New York Times · New: a \
                 second destroyer — https://example.org/kim",
            ),
            ("severity", "warning"),
            ("story", "3"),
            ("topic", "nk-arms"),
            ("url", "https://example.org/kim"),
        ];
        assert_eq!(fields, expected.map(|(name, value)| (name, value.to_owned())).into());
    }

    #[tokio::test]
    async fn the_level_follows_the_severity() {
        let levels = [
            (Severity::Info, tracing::Level::INFO),
            (Severity::Notice, tracing::Level::INFO),
            (Severity::Warning, tracing::Level::WARN),
            (Severity::Critical, tracing::Level::WARN),
        ];
        for (severity, level) in levels {
            assert_eq!(heard(&Alert { severity, ..alert() }).await.0, level, "{severity:?}");
        }
    }

    #[test]
    fn a_line_without_address_or_body_has_no_loose_ends() {
        let bare = Alert { url: None, body: String::new(), kind: AlertKind::Update, ..alert() };
        assert_eq!(line(&bare), "ALERT warning nk-arms (update): Kim visits a shipyard");
        let quiet = Alert { kind: AlertKind::Quiet, ..bare.clone() };
        assert_eq!(line(&quiet), "QUIET warning nk-arms: Kim visits a shipyard");
        let health = Alert { topic: String::new(), kind: AlertKind::Health, ..bare };
        assert_eq!(line(&health), "ALERT warning (health): Kim visits a shipyard");
    }

    #[test]
    fn a_headline_forges_no_line_and_no_priority() {
        let forged =
            Alert { title: "Kim\n<0>ALERT critical \u{1b}[31mx".to_owned(), body: String::new(), ..alert() };
        assert_eq!(
            line(&forged),
            "ALERT warning nk-arms: Kim <0>ALERT critical \\u{1b}[31mx — https://example.org/kim"
        );
    }

    proptest! {
        #[test]
        fn every_line_is_one_line_and_bounded(title in any::<String>(), body in ".{0,3000}") {
            let line = line(&Alert { title, body, ..alert() });
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert!(line.starts_with("ALERT warning nk-arms: "));
            prop_assert!(line.chars().count() < 1_400);
        }
    }
}
