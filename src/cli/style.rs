//! Colours. They are always written; the printer takes them out where nobody sees them.

use std::fmt::Display;

use clap::builder::styling::{AnsiColor, Effects, Style};

use crate::topic::Severity;

/// What matters most in a line.
pub(super) const STRONG: Style = Style::new().effects(Effects::BOLD);
/// What may be skipped.
pub(super) const FAINT: Style = Style::new().effects(Effects::DIMMED);
/// All is well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Look at this.
pub(super) const ODD: Style = AnsiColor::Yellow.on_default();
/// Something is wrong.
pub(super) const BAD: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
/// What was looked for.
pub(super) const FOUND: Style = AnsiColor::Magenta.on_default().effects(Effects::BOLD);

/// `text` in `style`.
pub(super) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The style of a word that says how something is: a source's health, a severity, a delivery's state.
pub(super) fn of_word(word: &str) -> Option<Style> {
    match word {
        "ok" | "told" | "running" => Some(GOOD),
        "busy" | "resting" | "waiting" | "pending" | "warning" | "new" => Some(ODD),
        "failing" | "failed" | "critical" | "silent" | "stubs" | "walls" | "gap" => Some(BAD),
        "removed" | "info" => Some(FAINT),
        _ => None,
    }
}

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}
