//! `status` as a person reads it.

use std::io;

use super::{Daemon, Status, Tally};
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, FAINT, GOOD, ODD, STRONG, of_word, paint};
use crate::cli::table::Table;
use crate::cli::when::When;
use crate::text::count::count;

/// With `quiet` only what needs attention.
pub(super) fn print(status: &Status, quiet: bool, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if status.ok && !quiet {
        to.line(paint(GOOD, "all is well"))?;
    }
    for line in &status.attention {
        to.line(format!("{} {}", paint(BAD, "!"), shown(line)))?;
    }
    if quiet {
        return Ok(());
    }
    to.line("")?;
    field(to, "daemon", &daemon(&status.daemon, when))?;
    if let (Some(at), Some(words)) = (status.daemon.reloaded, &status.daemon.reload) {
        field(to, "reload", &format!("{}: {}", when.both(at), shown(words)))?;
    }
    field(to, "sources", &sources(&status.sources))?;
    if status.sources.repaired > 0 {
        let of = count(status.sources.feeds, "feed");
        let need = if status.sources.repaired == 1 { "needs" } else { "need" };
        field(to, "repairs", &format!("{} of {of} {need} repairs", status.sources.repaired))?;
    }
    field(to, "next check", &when.words_or(status.next_check, "none"))?;
    field(to, "outbox", &format!("{} to tell", count(status.outbox, "alert")))?;
    let day = &status.last_24h;
    let came = [count(day.reports, "report"), count(day.stories, "story"), count(day.alerts, "alert")];
    field(to, "last 24 h", &came.join(", "))?;
    field(to, "store", &shown(&status.store))?;
    if status.troubled.is_empty() {
        return Ok(());
    }
    to.line("")?;
    let mut table = Table::new(["STATE", "SOURCE", "ERROR", "LAST GOOD", "NEXT CHECK", "WHY THEN"]);
    for source in &status.troubled {
        table.row([
            source.state.to_owned(),
            source.label().to_owned(),
            source.error.clone().unwrap_or_default(),
            when.words_or(source.last_success, "never"),
            source.next_words(when),
            source.why_next.clone(),
        ]);
    }
    to.table(table)
}

fn field(to: &mut Printer<'_>, name: &str, value: &str) -> io::Result<()> {
    to.line(format!("{} {value}", paint(STRONG, format!("{name:<11}"))))
}

fn daemon(daemon: &Daemon, when: &When) -> String {
    let word =
        of_word(daemon.state).map_or_else(|| daemon.state.to_owned(), |style| paint(style, daemon.state));
    match daemon.state {
        "running" => {
            let since = daemon.started.map(|at| format!(", started {}", when.both(at))).unwrap_or_default();
            let said = daemon.said.as_deref().map(|said| format!("; {}", shown(said))).unwrap_or_default();
            format!("{word}{since}{said}")
        }
        "stopped" => format!("{word} {}", when.words_or(daemon.stopped, "")),
        "silent" => format!("{word}, last heard of {}", when.words_or(daemon.beat.max(daemon.started), "")),
        _ => "never started: `newswatch run`".to_owned(),
    }
}

fn sources(tally: &Tally) -> String {
    let parts = [
        (tally.ok, "ok", GOOD),
        (tally.new, "new", FAINT),
        (tally.busy, "busy", ODD),
        (tally.failing, "failing", BAD),
        (tally.resting, "resting", ODD),
        (tally.overdue, "overdue", BAD),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, word, style)| paint(*style, format!("{n} {word}")))
        .collect();
    if parts.is_empty() { tally.total.to_string() } else { format!("{}: {}", tally.total, parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::cli::print::captured;
    use crate::cli::source_list::SourceView;
    use crate::clock::Timestamp;
    use crate::store::Counts;

    #[test]
    fn a_status_reads_well_and_shows_no_foreign_controls() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let troubled = SourceView {
            id: "0123456789ab".into(),
            url: "https://example.org/rss.xml".into(),
            kind: "feed".into(),
            tags: None,
            name: Some("Example\u{1b}[2J".into()),
            state: "failing",
            last_attempt: Some(at(-60)),
            last_success: None,
            next_check: at(600),
            why_next: "error 3, backing off 40m".into(),
            failures: 3,
            error: Some("HTTP 500".into()),
            error_class: Some("status".into()),
            status: Some(500),
            etag: None,
            last_modified: None,
            failing_since: Some(at(-3600)),
            polls: 0,
            bytes: 0,
            moved_to: None,
            gap: None,
            publishes_every: None,
            entries: 0,
            useful: 0,
            repairs: vec![],
            rules: vec![],
            site_url: None,
            self_url: None,
            hubs: vec![],
        };
        let status = Status {
            ok: false,
            attention: vec!["1 of 3 sources fail".into()],
            daemon: Daemon {
                state: "running",
                started: Some(at(-7200)),
                stopped: None,
                beat: Some(at(-5)),
                said: Some("3 sources, 0 being looked at".into()),
                reloaded: Some(at(-600)),
                reload: Some("new configuration: 3 sources, 2 topics".into()),
            },
            sources: Tally { total: 3, ok: 2, failing: 1, feeds: 3, repaired: 2, ..Tally::default() },
            troubled: vec![troubled],
            next_check: Some(at(42)),
            outbox: 1,
            failing_channels: vec![],
            last_24h: Counts { stories: 2, reports: 5, alerts: 1 },
            store: "/var/lib/newswatch/newswatch.db".into(),
        };
        let when = When { now: at(0), zone: TimeZone::UTC };
        insta::assert_snapshot!(captured(None, |to| print(&status, false, &when, to)), @r##"
        ! 1 of 3 sources fail

        daemon      running, started 2 h ago (2023-11-14 20:13); 3 sources, 0 being looked at
        reload      10 min ago (2023-11-14 22:03): new configuration: 3 sources, 2 topics
        sources     3: 2 ok, 1 failing
        repairs     2 of 3 feeds need repairs
        next check  in 42 s
        outbox      1 alert to tell
        last 24 h   5 reports, 2 stories, 1 alert
        store       /var/lib/newswatch/newswatch.db

        STATE    SOURCE            ERROR     LAST GOOD  NEXT CHECK  WHY THEN
        failing  Example\u{1b}[2J  HTTP 500  never      in 10 min   error 3, backing off 40m
        "##);
    }
}
