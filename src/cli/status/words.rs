//! `status` as a person reads it.

use std::collections::BTreeMap;
use std::io;

use super::{Daemon, GapView, Status, Tally};
use crate::alert::Trouble;
use crate::cli::print::{Printer, shown};
use crate::cli::source_list::{SourceView, percent};
use crate::cli::style::{BAD, FAINT, GOOD, ODD, STRONG, of_word, paint};
use crate::cli::table::Table;
use crate::cli::when::When;
use crate::clock::since;
use crate::fetch::host::host_key;
use crate::text::count::{count, span};

/// So many sources of one host in the same trouble are one row.
const TOGETHER: usize = 3;
/// Most rows of a list.
const ROWS: usize = 20;

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
    if let Some(share) = status.sources.useful_share {
        let Tally { useful, polls, .. } = status.sources;
        let of = count(polls, "good answer");
        field(to, "useful", &format!("{useful} of {of} brought something new ({})", percent(share)))?;
    }
    if status.sources.repaired > 0 {
        let of = count(status.sources.feeds, "feed");
        let need = if status.sources.repaired == 1 { "needs" } else { "need" };
        field(to, "repairs", &format!("{} of {of} {need} repairs", status.sources.repaired))?;
    }
    let next = match status.next_check {
        Some(next) if next <= when.now => "due".to_owned(),
        next => when.words_or(next, "none"),
    };
    field(to, "next check", &next)?;
    let later = match status.outbox_later {
        0 => String::new(),
        later => format!(", {later} later"),
    };
    let now = count(status.outbox.saturating_sub(status.outbox_later), "alert");
    field(to, "outbox", &format!("{now} to tell{later}"))?;
    if let Some(first) = status.tight.first() {
        let more = match status.tight.len() {
            1 => String::new(),
            many => format!("; and {} more: `newswatch topic list`", many - 1),
        };
        field(to, "topics", &format!("{}{more}", shown(first)))?;
    }
    let day = &status.last_24h;
    let came = [count(day.reports, "report"), count(day.stories, "story"), count(day.alerts, "alert")];
    field(to, "last 24 h", &came.join(", "))?;
    field(to, "store", &shown(&status.store))?;
    troubled(&status.troubled, when, to)?;
    gaps(&status.gaps, when, to)
}

/// One row a source, but one for all sources of a host that are in the same trouble.
fn troubled(sources: &[SourceView], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if sources.is_empty() {
        return Ok(());
    }
    let alike = |source: &SourceView| (host(source), source.word(), source.error_class.clone());
    let mut hosts: BTreeMap<_, Vec<&SourceView>> = BTreeMap::new();
    for source in sources {
        hosts.entry(alike(source)).or_default().push(source);
    }
    let mut rows: Vec<(String, Vec<&SourceView>)> = Vec::new();
    for source in sources {
        let alike = hosts.get(&alike(source)).map(Vec::as_slice).unwrap_or_default();
        if alike.len() < TOGETHER {
            rows.push((source.label().to_owned(), vec![source]));
        } else if alike.first().is_some_and(|first| first.id == source.id) {
            rows.push((format!("{} ({} sources)", host(source), alike.len()), alike.to_vec()));
        }
    }
    let mut table =
        Table::new(["STATE", "SOURCE", "SINCE", "LAST GOOD", "NEXT CHECK", "WHY THEN", "TROUBLE"]);
    for (name, alike) in rows.iter().take(ROWS) {
        // The one that is asked first stands for all.
        let Some(next) = alike.iter().min_by_key(|source| (source.next_check.is_none(), source.next_check))
        else {
            continue;
        };
        let since = |source: &&SourceView| match source.trouble {
            Some(Trouble::Silent) => source.newest,
            _ => source.failing_since.or(source.trouble_since),
        };
        table.row([
            next.word().to_owned(),
            name.clone(),
            when.words_or(alike.iter().filter_map(since).min(), ""),
            when.words_or(alike.iter().filter_map(|source| source.last_success).max(), "never"),
            next.next_words(when),
            next.why_next.clone(),
            next.wrong(),
        ]);
    }
    to.line("")?;
    to.table(table)?;
    let more = rows.len().saturating_sub(ROWS);
    if more > 0 {
        to.line(format!("and {more} more: `newswatch source list` shows all"))?;
    }
    Ok(())
}

fn host(source: &SourceView) -> String {
    source.url.parse().map(|url| host_key(&url)).unwrap_or_default()
}

fn gaps(gaps: &[GapView], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(["GAP", "SOURCE", "FROM", "TO", "NOTICED"]);
    for gap in gaps.iter().take(ROWS) {
        table.row([
            span(since(gap.to, gap.from)),
            gap.name.clone().unwrap_or_else(|| gap.url.clone()),
            when.local(gap.from),
            when.local(gap.to),
            when.words(gap.seen),
        ]);
    }
    to.line("")?;
    to.table(table)?;
    let more = gaps.len().saturating_sub(ROWS);
    if more > 0 {
        to.line(format!("and {more} more: `newswatch status --json` gives all"))?;
    }
    Ok(())
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
            let said = daemon.said.as_deref().map(|said| match daemon.beat.map(|beat| when.words(beat)) {
                Some(ago) if ago.ends_with(" ago") => format!("; {ago}: {}", shown(said)),
                _ => format!("; {}", shown(said)),
            });
            let said = said.unwrap_or_default();
            format!("{word}{since}{said}")
        }
        "stopped" => format!("{word} {}", when.words_or(daemon.stopped, "")),
        "silent" => format!("{word}, last heard of {}", when.words_or(daemon.beat.max(daemon.started), "")),
        _ => "never started: `newswatch run`".to_owned(),
    }
}

fn sources(tally: &Tally) -> String {
    let odd = tally.silent + tally.stubs + tally.walls + tally.partial;
    let parts = [
        (tally.ok.saturating_sub(odd), "ok", GOOD),
        (tally.new, "new", FAINT),
        (tally.busy, "busy", ODD),
        (tally.failing, "failing", BAD),
        (tally.silent, "silent", BAD),
        (tally.stubs, "with stubs", BAD),
        (tally.walls, "with walls", BAD),
        (tally.partial, "failing in part", BAD),
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
            trouble: None,
            trouble_since: None,
            http_status: Some(500),
            useful_share: None,
            newest: None,
            etag: None,
            last_modified: None,
            name: Some("Example\u{1b}[2J".into()),
            state: "failing",
            last_attempt: Some(at(-60)),
            last_success: None,
            next_check: Some(at(600)),
            why_next: "error 3, backing off 40m".into(),
            failures: 3,
            gone: 0,
            error: Some("HTTP 500".into()),
            error_class: Some("status".into()),
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
        let gap = GapView {
            id: "1123456789ab".into(),
            url: "https://example.net/rss.xml".into(),
            name: None,
            from: at(-40_000),
            to: at(-20_000),
            seen: at(-7_200),
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
            sources: Tally {
                total: 3,
                ok: 2,
                failing: 1,
                feeds: 3,
                repaired: 2,
                polls: 40,
                useful: 12,
                useful_share: Some(0.3),
                ..Tally::default()
            },
            troubled: vec![troubled],
            gaps: vec![gap],
            next_check: Some(at(42)),
            outbox: 2,
            outbox_later: 1,
            failing_channels: vec![],
            tight: vec!["nk may be too tight".into(), "us".into()],
            last_24h: Counts { stories: 2, reports: 5, alerts: 1 },
            store: "/var/lib/newswatch/newswatch.db".into(),
        };
        let when = When { now: at(0), zone: TimeZone::UTC };
        insta::assert_snapshot!(captured(None, |to| print(&status, false, &when, to)), @r##"
        ! 1 of 3 sources fail

        daemon      running, started 2 h ago (2023-11-14 20:13); 5 s ago: 3 sources, 0 being looked at
        reload      10 min ago (2023-11-14 22:03): new configuration: 3 sources, 2 topics
        sources     3: 2 ok, 1 failing
        useful      12 of 40 good answers brought something new (30%)
        repairs     2 of 3 feeds need repairs
        next check  in 42 s
        outbox      1 alert to tell, 1 later
        topics      nk may be too tight; and 1 more: `newswatch topic list`
        last 24 h   5 reports, 2 stories, 1 alert
        store       /var/lib/newswatch/newswatch.db

        STATE    SOURCE            SINCE    LAST GOOD  NEXT CHECK  WHY THEN                  TROUBLE
        failing  Example\u{1b}[2J  1 h ago  never      in 10 min   error 3, backing off 40m  HTTP 500

        GAP      SOURCE                       FROM              TO                NOTICED
        5 hours  https://example.net/rss.xml  2023-11-14 11:06  2023-11-14 16:40  2 h ago
        "##);
    }
}
