//! An alert as the Desktop Notifications Specification 1.2 wants it said. Pure.

use notify_rust::{Hint, Urgency};
use url::Url;

use crate::alert::{Alert, AlertKind};
use crate::text::clean::{bounded, one_line, without_controls};
use crate::topic::Severity;

/// Longest summary and body, in characters before escaping. Servers cut sooner, each in its own place.
const SUMMARY: usize = 200;
const BODY: usize = 1_000;

/// The action that a click on the notification itself invokes (specification, "Actions").
const DEFAULT: &str = "default";
/// The action of the button, for servers that show no reaction to a click on the notification.
const OPEN: &str = "open";
const OPEN_LABEL: &str = "Open article";

/// What of a server's capabilities changes what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Capabilities {
    /// The body is read as markup, so plain text must be escaped.
    pub(super) body_markup: bool,
    /// The person can invoke actions.
    pub(super) actions: bool,
}

impl From<Vec<String>> for Capabilities {
    fn from(names: Vec<String>) -> Self {
        let has = |name: &str| names.iter().any(|n| n == name);
        Self { body_markup: has("body-markup"), actions: has("actions") }
    }
}

/// The content of a `Notify` call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Plain text on every server.
    pub(super) summary: String,
    /// Plain text, escaped if the server reads markup. Never holds a tag: xfce4-notifyd blanks a body that it cannot
    /// parse, and some servers load the images that a body names.
    pub(super) body: String,
    /// Identifiers and labels in turn.
    pub(super) actions: Vec<&'static str>,
    pub(super) hints: Vec<Hint>,
}

/// What to send for `alert` to a server with `capabilities`.
pub(super) fn message(alert: &Alert, capabilities: Capabilities) -> Message {
    let body = bounded(without_controls(&alert.body).trim(), BODY);
    let openable = capabilities.actions && alert.url.as_ref().is_some_and(is_web);
    Message {
        summary: bounded(&one_line(&without_controls(&alert.title)), SUMMARY),
        body: if capabilities.body_markup { escaped(&body) } else { body },
        actions: if openable { vec![DEFAULT, OPEN_LABEL, OPEN, OPEN_LABEL] } else { Vec::new() },
        hints: hints(alert),
    }
}

/// True for the actions that open the article.
pub(super) fn opens(action: &str) -> bool {
    action == DEFAULT || action == OPEN
}

/// True for the addresses that a click may open. A feed may name any scheme; `file:` or a registered application's own
/// must not be started by what a stranger wrote.
pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn hints(alert: &Alert) -> Vec<Hint> {
    let quiet = alert.kind == AlertKind::Quiet;
    let urgency = match alert.severity {
        _ if quiet => Urgency::Low,
        Severity::Info => Urgency::Low,
        Severity::Notice | Severity::Warning => Urgency::Normal,
        Severity::Critical => Urgency::Critical,
    };
    // Vendor categories are "x-vendor.class.name".
    let category = match alert.kind {
        AlertKind::New | AlertKind::Update | AlertKind::Quiet => "x-newswatch.story",
        AlertKind::Health => "x-newswatch.health",
        AlertKind::Test => "x-newswatch.test",
    };
    // dunst, mako and swaync replace what has the same tag, so that a repeat is harmless even where the notification's
    // id was lost.
    let tag = format!("newswatch-{}", alert.id);
    let mut hints = vec![
        Hint::Urgency(urgency),
        Hint::Category(category.to_owned()),
        Hint::DesktopEntry("newswatch".to_owned()),
        Hint::Custom("x-dunst-stack-tag".to_owned(), tag.clone()),
        Hint::Custom("x-canonical-private-synchronous".to_owned(), tag),
    ];
    if quiet {
        hints.push(Hint::SuppressSound(true));
    }
    hints
}

/// The three characters that start or end markup; quotes matter only inside tags, of which there are none.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notify::tests::alert;

    const ALL: Capabilities = Capabilities { body_markup: true, actions: true };
    const NONE: Capabilities = Capabilities { body_markup: false, actions: false };

    fn urgency(alert: &Alert) -> Option<Urgency> {
        message(alert, NONE).hints.iter().find_map(|hint| match hint {
            Hint::Urgency(urgency) => Some(*urgency),
            _ => None,
        })
    }

    #[test]
    fn capabilities_are_read_by_name() {
        let names =
            |names: &[&str]| Capabilities::from(names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(names(&["body", "actions", "body-markup", "icon-static"]), ALL);
        assert_eq!(names(&["body", "body-hyperlinks"]), NONE);
    }

    #[test]
    fn only_the_body_and_only_markup_is_escaped() {
        let hostile = Alert {
            title: "A & B <b>".to_owned(),
            body: "<img src=\"http://x/\"> & &lt;".to_owned(),
            ..alert()
        };
        let marked = message(&hostile, ALL);
        assert_eq!(marked.summary, "A & B <b>");
        assert_eq!(marked.body, "&lt;img src=\"http://x/\"&gt; &amp; &amp;lt;");
        assert_eq!(message(&hostile, NONE).body, hostile.body);
    }

    #[test]
    fn controls_are_dropped_and_lengths_bounded() {
        let hostile = Alert {
            title: format!("a\u{1b}[1m\nb\u{202e}{}", "x".repeat(300)),
            body: format!("one\u{7}\ntwo{}", "<".repeat(2_000)),
            ..alert()
        };
        let sent = message(&hostile, ALL);
        assert!(
            sent.summary.starts_with("a[1m bxxx") && sent.summary.chars().count() == 200,
            "{}",
            sent.summary
        );
        assert!(sent.body.starts_with("one\ntwo&lt;"), "{}", sent.body);
        assert_eq!(sent.body.matches("&lt;").count(), 1_000 - "one\ntwo…".chars().count());
    }

    #[test]
    fn urgency_follows_severity_and_quiet_is_low_and_silent() {
        let with = |severity, kind| Alert { severity, kind, ..alert() };
        assert_eq!(urgency(&with(Severity::Info, AlertKind::New)), Some(Urgency::Low));
        assert_eq!(urgency(&with(Severity::Notice, AlertKind::New)), Some(Urgency::Normal));
        assert_eq!(urgency(&with(Severity::Warning, AlertKind::Update)), Some(Urgency::Normal));
        assert_eq!(urgency(&with(Severity::Critical, AlertKind::New)), Some(Urgency::Critical));
        let quiet = with(Severity::Critical, AlertKind::Quiet);
        assert_eq!(urgency(&quiet), Some(Urgency::Low));
        assert!(message(&quiet, NONE).hints.contains(&Hint::SuppressSound(true)));
        assert!(!message(&alert(), NONE).hints.contains(&Hint::SuppressSound(true)));
    }

    #[test]
    fn an_article_can_be_opened_only_from_the_web_and_only_where_actions_work() {
        assert_eq!(message(&alert(), ALL).actions, ["default", "Open article", "open", "Open article"]);
        assert!(message(&alert(), NONE).actions.is_empty());
        assert!(message(&Alert { url: None, ..alert() }, ALL).actions.is_empty());
        for bad in ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/", "vlc://x"] {
            assert!(message(&Alert { url: bad.parse().ok(), ..alert() }, ALL).actions.is_empty(), "{bad}");
        }
        assert!(opens("default") && opens("open") && !opens("settings"));
    }

    proptest! {
        #[test]
        fn no_markup_gets_through(title in any::<String>(), body in any::<String>()) {
            let sent = message(&Alert { title, body, ..alert() }, ALL);
            prop_assert!(!sent.body.contains(['<', '>']));
            prop_assert!(sent.body.split('&').skip(1).all(|rest| ["amp;", "lt;", "gt;"].iter().any(|e| rest.starts_with(e))));
            prop_assert!(!sent.summary.chars().any(char::is_control));
        }
    }
}
