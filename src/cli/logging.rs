//! Where log lines go: under systemd to the journal with their fields, else to standard error.

use std::fs::File;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::{self, format::debug_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::progress::Bars;
use crate::text::clean::one_line;

/// Alerts of the `log` channel carry this target: they are told whatever else is said.
const ALERTS: &str = "newswatch::alert=info";

/// Starts logging. `daemon`: whether the command is `run`, which says more and gives the time.
pub(super) fn start(daemon: bool, verbose: u8, quiet: bool, bars: &Bars) {
    let filter = filter(std::env::var("RUST_LOG").ok().as_deref(), daemon, verbose, quiet);
    let registry = tracing_subscriber::registry().with(filter);
    // A second start, as only tests make it, keeps the first.
    if under_journal()
        && let Ok(journal) = tracing_journald::layer()
    {
        let _ = registry.with(journal.with_field_prefix(Some("NEWSWATCH".to_owned()))).try_init();
        return;
    }
    let colours =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A message reads alone; its fields are for the journal, and for whoever wants to know more.
    let fields = debug_fn(move |line, field, value| match field.name() {
        "message" => write!(line, "{}", printable(&format!("{value:?}"))),
        name if verbose > 1 => write!(line, " {name}={}", one_line(&format!("{value:?}"))),
        _ => Ok(()),
    });
    let lines = fmt::layer()
        .compact()
        .fmt_fields(fields)
        .with_writer(bars.clone())
        .with_ansi(colours)
        .with_target(false);
    let _ =
        if daemon { registry.with(lines).try_init() } else { registry.with(lines.without_time()).try_init() };
}

/// A message on one line, with nothing in it that controls a terminal. Unlike [`one_line`] it keeps the spaces, under which
/// the marks of a mistake in the configuration stand.
fn printable(message: &str) -> String {
    message.split(' ').map(one_line).collect::<Vec<_>>().join(" ")
}

/// What is said: as `rust_log` wants it if it is there, else by -v and -q. Libraries speak up with -vv.
fn filter(rust_log: Option<&str>, daemon: bool, verbose: u8, quiet: bool) -> EnvFilter {
    let ours = match (rust_log, quiet, verbose, daemon) {
        (Some(wanted), ..) if !wanted.trim().is_empty() => wanted,
        (_, true, _, false) => "error",
        (_, true, _, true) => "warn",
        // `once` says itself which sources failed.
        (_, _, 0, false) => "warn,newswatch::source=error",
        (_, _, 0, true) => "warn,newswatch=info",
        (_, _, 1, _) => "warn,newswatch=debug",
        _ => "debug,newswatch=trace",
    };
    EnvFilter::builder().parse_lossy(format!("{ALERTS},{ours}"))
}

/// Whether standard error is the journal's: systemd says so in `$JOURNAL_STREAM` as "device:inode", which a child with
/// another standard error inherits (systemd.exec(5)).
fn under_journal() -> bool {
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    let stderr = std::io::stderr().as_fd().try_clone_to_owned().map(File::from);
    match stderr.and_then(|stderr| stderr.metadata()) {
        Ok(facts) => stream == format!("{}:{}", facts.dev(), facts.ino()),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rust_log: Option<&str>, daemon: bool, verbose: u8, quiet: bool) -> String {
        let mut directives: Vec<String> =
            filter(rust_log, daemon, verbose, quiet).to_string().split(',').map(str::to_owned).collect();
        directives.sort();
        directives.join(" ")
    }

    #[test]
    fn a_mark_stays_under_its_place() {
        assert_eq!(printable("  |     ^^ here"), "  |     ^^ here");
        assert_eq!(printable("a\n \u{1b}[2Jb"), one_line("a\n \u{1b}[2Jb"));
        assert_eq!(printable(""), "");
    }

    #[test]
    fn alerts_are_said_whatever_else_is() {
        assert_eq!(said(None, true, 0, false), "newswatch::alert=info newswatch=info warn");
        assert_eq!(said(None, false, 0, false), "newswatch::alert=info newswatch::source=error warn");
        assert_eq!(said(None, true, 0, true), "newswatch::alert=info warn", "trouble with sources too");
        assert_eq!(said(None, false, 0, true), "error newswatch::alert=info");
        assert_eq!(said(None, true, 1, false), "newswatch::alert=info newswatch=debug warn");
        assert_eq!(said(Some("hyper=debug"), true, 2, false), "hyper=debug newswatch::alert=info");
        assert_eq!(said(Some(" "), true, 2, false), "debug newswatch::alert=info newswatch=trace");
    }
}
