//! `newswatch status`: is all well, and if not, what is to be looked after.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::Exit;
use super::context::Context;
use super::source_list::{SourceView, merged, share};
use super::topic_numbers::AllNumbers;
use crate::alert::Trouble;
use crate::clock::{Timestamp, earlier, later, since};
use crate::config::Settings;
use crate::daemon::{HELD, NOTE};
use crate::source::Gap;
use crate::store::{Counts, FailingChannel, Lock, Reader, SourceRow, table};
use crate::text::count::count;
use crate::topic::TopicSpec;

mod words;

/// After this long without a beat in the store the daemon is not well.
const SILENT: Duration = NOTE.saturating_mul(3);
/// A check that is late by this much is done by nobody.
const OVERDUE: Duration = Duration::from_mins(15);
/// What counts as recent.
const DAY: Duration = Duration::from_hours(24);
/// So long a gap is shown.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// Everything that `status` shows.
#[derive(Debug, Serialize)]
struct Status {
    /// Nothing needs attention.
    ok: bool,
    /// What does, a line each.
    attention: Vec<String>,
    daemon: Daemon,
    sources: Tally,
    /// Sources that fail or rest, whose server refuses them or wants quiet, or that the person was told something is wrong with.
    troubled: Vec<SourceView>,
    /// Where entries may have been missed, in the last week.
    gaps: Vec<GapView>,
    /// The next check of any source.
    next_check: Option<Timestamp>,
    /// Alerts that wait to be told.
    outbox: u64,
    /// Those of them whose time has not come: after a cooldown, quiet hours, before another try.
    outbox_later: u64,
    failing_channels: Vec<FailingChannel>,
    /// Topics that may be too tight, in words.
    tight: Vec<String>,
    last_24h: Counts,
    store: String,
}

/// A source that may have published more than was seen.
#[derive(Debug, Serialize)]
struct GapView {
    id: String,
    url: String,
    name: Option<String>,
    /// The newest entry that was known is of this time …
    from: Timestamp,
    /// … and the oldest of the document that was read next of this.
    to: Timestamp,
    /// When it was noticed.
    seen: Timestamp,
}

/// What the daemon last said of itself.
#[derive(Debug, Serialize)]
struct Daemon {
    /// "running", "stopped", "silent" (it stopped without saying so), "never" (started).
    state: &'static str,
    started: Option<Timestamp>,
    stopped: Option<Timestamp>,
    beat: Option<Timestamp>,
    /// Its own summary at the last beat.
    said: Option<String>,
    reloaded: Option<Timestamp>,
    /// How the last reload ended.
    reload: Option<String>,
}

/// Sources by health; those that left the configuration are not counted.
#[derive(Debug, Default, Serialize)]
struct Tally {
    total: u64,
    ok: u64,
    new: u64,
    busy: u64,
    failing: u64,
    resting: u64,
    overdue: u64,
    /// Those whose time has come.
    due: u64,
    /// Those that are feeds.
    feeds: u64,
    /// Feeds whose last full answer needed repairs.
    repaired: u64,
    /// Sources that answer, and publish nothing, stubs, or pages without articles.
    silent: u64,
    stubs: u64,
    walls: u64,
    /// Those of which a part fails: a sitemap of an index.
    partial: u64,
    /// Good answers so far.
    polls: u64,
    /// Good answers that brought something new.
    useful: u64,
    /// Their share; `null` before the first.
    useful_share: Option<f64>,
}

/// Shows it. `No` if something needs attention.
pub(super) fn run(context: &Context) -> anyhow::Result<Exit> {
    let now = context.now();
    let settings = context.settings().ok();
    let status = match &settings {
        Some(settings) => {
            let stored =
                Context::store_if_any(settings)?.map(|store| Stored::read(&store, now)).transpose()?;
            // Before the first run, what is configured is all that is known.
            let stored = stored.unwrap_or_else(|| Stored::none(settings, now));
            gather(stored, &settings.store.path, Some(settings), now)
        }
        None => {
            let path = context.store_path()?;
            gather(Stored::read(&Reader::open(&path)?, now)?, &path, None, now)
        }
    };
    let mut printer = context.printer();
    if context.json {
        printer.json(&status)?;
    } else {
        words::print(&status, context.quiet, &context.when(), &mut printer)?;
    }
    Ok(Exit::yes_if(status.ok))
}

/// What the store says.
#[derive(Default)]
struct Stored {
    rows: Vec<SourceRow>,
    notes: BTreeMap<String, (Timestamp, String)>,
    outbox: u64,
    outbox_later: u64,
    failing_channels: Vec<FailingChannel>,
    last_24h: Counts,
    /// None before there is a store.
    numbers: Option<AllNumbers>,
}

impl Stored {
    fn read(store: &Reader, now: Timestamp) -> anyhow::Result<Self> {
        let read = store.read(|db| {
            Ok(Self {
                rows: table::list_sources(db)?,
                notes: table::notes(db)?,
                outbox: table::outbox_len(db)?,
                outbox_later: table::outbox_later(db, now)?,
                failing_channels: table::failing_channels(db)?,
                last_24h: table::counts_since(db, earlier(now, DAY))?,
                numbers: Some(AllNumbers::read(db, now)?),
            })
        });
        Ok(read?)
    }

    fn none(settings: &Settings, now: Timestamp) -> Self {
        let rows = merged(Vec::new(), Some(settings), now).into_iter().map(|(row, _)| row).collect();
        Self { rows, ..Self::default() }
    }
}

/// `settings`: the configuration as it is now, if it can be used.
fn gather(stored: Stored, path: &Path, settings: Option<&Settings>, now: Timestamp) -> Status {
    let Stored { rows, notes, outbox, outbox_later, failing_channels, last_24h, numbers } = stored;
    let daemon = Daemon::of(|name| notes.get(name).cloned(), Lock::is_held(path), now);
    let (sources, watched) = Tally::of(&rows, now);
    let next_check = watched.iter().filter(|row| !row.state.resting).map(|row| row.state.next_check).min();
    let waits = |row: &SourceRow| row.state.quiet_until.is_some_and(|until| until > now);
    let troubled: Vec<SourceView> = watched
        .iter()
        .filter(|row| {
            matches!(row.health(), "failing" | "busy" | "resting") || row.told.is_told() || waits(row)
        })
        .map(|row| SourceView::of(row))
        .collect();
    let gaps: Vec<GapView> = watched.iter().filter_map(|row| GapView::of(row, now)).collect();
    let is_good = settings.is_some_and(|new| !new.sources.is_empty() && !new.topics.is_empty());
    let topics = settings.map(|settings| settings.topics.as_slice()).unwrap_or_default().iter();
    let complaint = |topic: &TopicSpec| numbers.as_ref()?.of(&topic.id.text).complaint(&topic.id.text);
    let tight: Vec<String> = topics.filter_map(complaint).collect();
    let attention = attention(&daemon, &sources, &gaps, &failing_channels, is_good, now);
    Status {
        ok: attention.is_empty(),
        attention,
        daemon,
        sources,
        troubled,
        gaps,
        next_check,
        outbox,
        outbox_later,
        failing_channels,
        tight,
        last_24h,
        store: path.display().to_string(),
    }
}

impl Daemon {
    fn of(note: impl Fn(&str) -> Option<(Timestamp, String)>, locked: bool, now: Timestamp) -> Self {
        let at = |name: &str| note(name).map(|(at, _)| at);
        let (started, stopped, beat) = (at("started"), at("stopped"), at("beat"));
        // `once` beats too, but only `run` starts and stops.
        let state = match started {
            None => "never",
            Some(started) if stopped >= Some(started) => "stopped",
            // The system takes the lock from a process that dies, however it dies.
            Some(_) if !locked => "silent",
            Some(started) if since(now, beat.map_or(started, |beat| beat.max(started))) > SILENT => "silent",
            Some(_) => "running",
        };
        let (reloaded, reload) = note("reload").unzip();
        Self { state, started, stopped, beat, said: note("beat").map(|(_, text)| text), reloaded, reload }
    }
}

impl Tally {
    /// Counts, and the rows that were counted.
    fn of(rows: &[SourceRow], now: Timestamp) -> (Self, Vec<&SourceRow>) {
        let mut tally = Self::default();
        let watched: Vec<&SourceRow> = rows.iter().filter(|row| row.configured).collect();
        for row in &watched {
            tally.total += 1;
            if row.kind == "feed" {
                tally.feeds += 1;
                let repairs = row.about.as_ref().map_or(0, |about| about.repairs.len());
                tally.repaired += u64::from(repairs > 0);
            }
            tally.polls += row.state.polls;
            tally.useful += row.state.useful;
            let trouble = row.told.trouble.filter(|_| row.told.is_told() && row.health() == "ok");
            match trouble {
                Some(Trouble::Silent) => tally.silent += 1,
                Some(Trouble::Stubs) => tally.stubs += 1,
                Some(Trouble::Walls) => tally.walls += 1,
                Some(Trouble::Partial) => tally.partial += 1,
                Some(Trouble::Gone | Trouble::Replaced | Trouble::Failing) | None => {}
            }
            match row.health() {
                "new" => tally.new += 1,
                "busy" => tally.busy += 1,
                "failing" => tally.failing += 1,
                "resting" => tally.resting += 1,
                _ => tally.ok += 1,
            }
            if !row.state.resting {
                tally.due += u64::from(row.state.next_check <= now);
                tally.overdue += u64::from(later(row.state.next_check, OVERDUE) < now);
            }
        }
        tally.useful_share = share(tally.useful, tally.polls);
        (tally, watched)
    }
}

impl GapView {
    /// The gap of a source, if it was noticed lately.
    fn of(row: &SourceRow, now: Timestamp) -> Option<Self> {
        let Gap { from, to, seen } = row.state.gap.filter(|gap| since(now, gap.seen) < WEEK)?;
        let name = row.name.clone().or_else(|| row.title.clone());
        Some(Self { id: row.id.0.clone(), url: row.url.clone(), name, from, to, seen })
    }
}

/// What needs attention, a line each. `is_good`: the configuration as it is now can be taken over. A busy source (429) and an alert that waits its turn do not.
fn attention(
    daemon: &Daemon,
    sources: &Tally,
    gaps: &[GapView],
    channels: &[FailingChannel],
    is_good: bool,
    now: Timestamp,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |wrong: bool, line: &dyn Fn() -> String| {
        if wrong {
            lines.push(line());
        }
    };
    say(daemon.state == "silent", &|| "the daemon stopped without saying so: look into its log".to_owned());
    say(daemon.reload.as_deref().is_some_and(|words| words.starts_with("kept")), &|| {
        let refused = "the last reload was refused, the old configuration is in force";
        if is_good {
            format!("{refused}; the new one is good by now: reload again")
        } else {
            format!("{refused}: `newswatch check` says why")
        }
    });
    say(daemon.reload.as_deref().is_some_and(|words| words.contains(HELD)), &|| {
        "the last reload did not take every topic: `newswatch check` says why".to_owned()
    });
    say(sources.total == 0, &|| "no source is watched: add a [[feed]] to the configuration".to_owned());
    say(sources.failing > 0, &|| format!("{} of {} sources fail", sources.failing, sources.total));
    say(sources.resting > 0, &|| {
        format!("{} of {} sources are gone (410) and rest", sources.resting, sources.total)
    });
    let total = sources.total;
    for (many, one, more) in [
        (sources.silent, "has fallen silent", "have fallen silent"),
        (sources.stubs, "cuts its texts short", "cut their texts short"),
        (sources.walls, "shows walls in place of its articles", "show walls in place of their articles"),
        (sources.partial, "has a sitemap that fails", "have sitemaps that fail"),
    ] {
        say(many > 0, &|| format!("{many} of {total} sources {}", if many == 1 { one } else { more }));
    }
    let fresh = gaps.iter().filter(|gap| since(now, gap.seen) < DAY).count();
    say(fresh > 0, &|| format!("{} may have published more than was seen", count(fresh, "source")));
    // Between two passes of `once` nobody runs.
    let never = daemon.state == "never" && daemon.beat.is_none();
    say(never, &|| "newswatch never ran: `newswatch run` starts it".to_owned());
    let stopped = daemon.state == "stopped" && sources.due > 0;
    say(stopped, &|| {
        let due = count(sources.due, "check");
        format!("the daemon is stopped, and {due} would be due: `newswatch run` starts it")
    });
    say(sources.overdue > 0 && !stopped && !never, &|| {
        format!("{} of {} checks are overdue: is `newswatch run` running?", sources.overdue, sources.total)
    });
    for FailingChannel { channel, waiting, error } in channels {
        say(true, &|| format!("channel {channel} fails, {waiting} waiting: {error}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn state(notes: &[(&str, i64)]) -> &'static str {
        let note = |name: &str| {
            notes.iter().find(|(other, _)| *other == name).map(|(_, t)| (at(*t), "x".to_owned()))
        };
        Daemon::of(note, true, at(1000)).state
    }

    #[test]
    fn the_daemon_is_judged_by_its_notes() {
        let started = |name: &str| (name == "started").then(|| (at(990), String::new()));
        assert_eq!(Daemon::of(started, false, at(1000)).state, "silent", "it died");
        assert_eq!(state(&[]), "never");
        assert_eq!(state(&[("started", 990)]), "running");
        assert_eq!(state(&[("started", 0), ("beat", 830)]), "running");
        assert_eq!(state(&[("started", 0), ("beat", 810)]), "silent");
        assert_eq!(state(&[("started", 0), ("beat", 800), ("stopped", 801)]), "stopped");
        assert_eq!(state(&[("started", 950), ("stopped", 900)]), "running");
        assert_eq!(state(&[("started", 0), ("stopped", 100), ("beat", 990)]), "stopped", "a pass of `once`");
        assert_eq!(state(&[("beat", 0)]), "never", "only `once` ran");
    }

    #[test]
    fn a_refused_reload_and_a_failing_channel_need_attention_and_a_busy_source_does_not() {
        let beat = |name: &str| (name == "beat").then(|| (at(0), String::new()));
        let mut daemon = Daemon::of(beat, true, at(0));
        let sources = Tally { total: 2, busy: 2, ..Tally::default() };
        assert_eq!(attention(&daemon, &sources, &[], &[], false, at(0)), Vec::<String>::new());
        daemon.reload = Some("kept the old configuration: 1 problems in the new one".into());
        let channel =
            FailingChannel { channel: "desktop".into(), waiting: 2, error: "no session bus".into() };
        let lines = attention(&daemon, &sources, &[], std::slice::from_ref(&channel), false, at(0));
        assert!(lines[0].contains("newswatch check"));
        assert_eq!(lines[1], "channel desktop fails, 2 waiting: no session bus");
        let lines = attention(&daemon, &sources, &[], &[], true, at(0));
        assert!(lines[0].ends_with("the new one is good by now: reload again"), "{lines:?}");
        daemon.reload = Some(format!("new configuration: 2 sources, 2 topics; nk keeps its {HELD}"));
        let lines = attention(&daemon, &sources, &[], &[], true, at(0));
        assert_eq!(lines, ["the last reload did not take every topic: `newswatch check` says why"]);
    }

    #[test]
    fn a_daemon_that_is_stopped_while_checks_are_due_needs_attention_and_one_that_never_ran() {
        let sources = |due, overdue| Tally { total: 2, due, overdue, ..Tally::default() };
        let stopped = Daemon { state: "stopped", ..Daemon::of(|_| None, false, at(0)) };
        let say = |daemon: &Daemon, sources: &Tally| attention(daemon, sources, &[], &[], true, at(0));
        assert_eq!(say(&stopped, &sources(0, 0)), Vec::<String>::new(), "stopped a moment ago");
        let due = "the daemon is stopped, and 2 checks would be due: `newswatch run` starts it";
        assert_eq!(say(&stopped, &sources(2, 1)), [due]);
        let never = Daemon::of(|_| None, false, at(0));
        assert_eq!(say(&never, &sources(2, 2)), ["newswatch never ran: `newswatch run` starts it"]);
    }
}
