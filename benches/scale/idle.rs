//! A store with very many sources: what reading the configuration, a turn of the scheduler and a resting daemon cost.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use newswatch::clock::{Clock as _, SystemClock, Timestamp, later};
use newswatch::schedule::{self, Due};
use newswatch::source::{Source, SourceState};
use newswatch::store::{SqliteError, Store, table};

use crate::{cycles, gauges};

/// Turns of the scheduler that are measured.
const TURNS: u32 = 50;
/// Looks that a turn starts at most.
const PLACES: usize = 64;
/// Due sources that a turn considers.
const CONSIDERED: u32 = 2_048;

/// When the first look is due, and over which time all are spread.
const FIRST: Duration = Duration::from_hours(1);
const SPREAD: Duration = Duration::from_mins(30);

/// Fills a store with `count` sources and prints what they cost.
pub(crate) fn measure(count: u32) -> bool {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("newswatch.db");
    let text = configuration(count);
    let settings =
        timed(&format!("reads {} MB of configuration", text.len() / 1_000_000), || cycles::read(&text));
    drop(text);
    let (now, sources) = (SystemClock.now(), settings.sources.clone());
    let store = Store::open(&path).expect("a store");
    timed(&format!("stores {} sources", sources.len()), || sync(&store, &sources, now));
    drop(sources);
    println!("idle    the store has {} MB", gauges::size(&path));
    // Half of the sources are overdue when a machine was asleep.
    for (what, at) in [("nothing is due", now), ("half are due", later(now, FIRST + SPREAD / 2))] {
        let (cpu, begin, mut due) = (gauges::cpu(), Instant::now(), 0);
        for _ in 0..TURNS {
            due = store.write_blocking(|tx| turn(tx, at)).expect("a turn");
        }
        println!(
            "idle    a turn when {what}: {:.3} CPU ms, {:.3} ms; {due} considered",
            (gauges::cpu() - cpu) * 1e3 / f64::from(TURNS),
            begin.elapsed().as_secs_f64() * 1e3 / f64::from(TURNS),
        );
    }
    drop(store);
    drop(settings);
    cycles::rest_apart(&path, "rest of idle", count)
}

fn turn(db: &rusqlite::Connection, now: Timestamp) -> Result<usize, SqliteError> {
    let due: Vec<Due> = table::due_sources(db, now, CONSIDERED)?;
    let start = schedule::plan(&due, &BTreeMap::new(), PLACES, 1);
    table::next_due(db, now)?;
    assert!(start.len() == PLACES.min(due.len()));
    Ok(due.len())
}

/// Plans the first looks, none of them soon: the addresses of this part must not be asked.
fn sync(store: &Store, sources: &[Source], now: Timestamp) {
    let spread = |source: &Source| {
        let first = schedule::first_check(source, now, SPREAD);
        SourceState { next_check: later(first.next_check, FIRST), ..first }
    };
    store.write_blocking(|tx| table::sync_sources(tx, sources, now, spread)).expect("the sources are stored");
}

pub(crate) fn configuration(count: u32) -> String {
    let mut text = "[fetch]\ninterval = \"2h\"\n\n".to_owned();
    for n in 0..count {
        let _ = write!(
            text,
            "[[feed]]\nurl = \"https://www.paper-{n}.example/news/feed.xml\"\nname = \"Paper {n}\"\n\n"
        );
    }
    text
}

/// Runs `work` and prints what it cost.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (cpu, begin) = (gauges::cpu(), Instant::now());
    let done = work();
    println!(
        "idle    {what}: {:.3} CPU s, {:.1} s, peak {} MB, then {} MB",
        gauges::cpu() - cpu,
        begin.elapsed().as_secs_f64(),
        gauges::peak(),
        gauges::resident(),
    );
    done
}
