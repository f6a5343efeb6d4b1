//! The real daemon with the real client and a store on disk: a first look at every feed, then one that answers 304
//! everywhere, then rest.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use newswatch::clock::SystemClock;
use newswatch::config::{self, Environment, Settings};
use newswatch::daemon::{Event, Mode, Shared, build_live, run};
use newswatch::store::{Reader, Store, fts_query, table};
use tokio_util::sync::CancellationToken;

use crate::{feeds, gauges, server};

/// How long the daemon rests before its memory is read.
const REST: Duration = Duration::from_secs(3);

/// What a pass told of itself.
#[derive(Default)]
struct Told {
    /// CPU seconds when the start was over and the looks were planned.
    planned: f64,
    /// The same when the last look was stored: what is freed at the end is no part of polling.
    looked_at: f64,
    looked: usize,
    failed: usize,
}

/// Runs both cycles over `count` feeds and prints what they cost.
pub(crate) fn measure(port: u16, count: u32) -> bool {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("newswatch.db");
    let runtime = runtime();
    let mut good = true;
    for cycle in ["first", "all-304"] {
        let (begin, before, start) = (Instant::now(), server::counts(port), gauges::cpu());
        let told = Arc::new(Mutex::new(Told::default()));
        runtime
            .block_on(run(
                shared(&path, settings(port, count), told.clone()),
                Mode::Once { all: true },
                CancellationToken::new(),
            ))
            .expect("a pass");
        let told = told.lock().expect("no panic");
        let (asked, connected) = server::counts(port);
        println!(
            "daemon  {cycle:8} {:6.3} CPU s  {:6.1} s  peak {:4} MB, now {} MB  {} requests, {} connections, {} failed; \
             {:.3} CPU s before, for the start",
            told.looked_at - told.planned,
            begin.elapsed().as_secs_f64(),
            gauges::peak(),
            gauges::resident(),
            asked - before.0,
            connected - before.1,
            told.failed,
            told.planned - start,
        );
        good &= told.looked == usize::try_from(count).unwrap_or(0) && told.failed == 0;
    }
    good && stored(&path, count) && rest_apart(&path, "rest", count)
}

/// Whether everything is stored and searchable.
fn stored(path: &Path, count: u32) -> bool {
    let reader = Reader::open(path).expect("the store");
    let reports = |sql: &str| {
        reader
            .read(|db| db.query_row(sql, [], |row| row.get::<_, i64>(0).map(i64::unsigned_abs)))
            .expect("a count")
    };
    let (stored, stories) =
        (reports("SELECT count(*) FROM report_text"), reports("SELECT count(*) FROM story"));
    let indexed = reports("SELECT count(*) FROM report_search_docsize");
    let word = fts_query("goar").unwrap_or_default();
    let found = reader.read(|db| table::search(db, &word, 1_000)).expect("a search").len();
    println!(
        "store   {} MB, log {} MB: {stored} reports in {stories} stories, {indexed} of them searchable, {found} found by a rare word",
        gauges::size(path),
        gauges::size(&path.with_extension("db-wal")),
    );
    stored == feeds::ITEMS * u64::from(count) && indexed == stored
}

/// Starts a daemon that rests, in a process of its own: this one has held more than it needs to rest.
pub(crate) fn rest_apart(path: &Path, part: &str, count: u32) -> bool {
    let variable = if part == "rest" { "NEWSWATCH_SCALE" } else { crate::STORED };
    Command::new(std::env::current_exe().expect("this program"))
        .env(crate::PART, part)
        .env(crate::STORE, path)
        .env(variable, count.to_string())
        .status()
        .is_ok_and(|status| status.success())
}

/// What the daemon holds when nothing is due.
pub(crate) fn rest(settings: Settings) -> bool {
    let path = PathBuf::from(std::env::var_os(crate::STORE).unwrap_or_default());
    let stop = CancellationToken::new();
    let shared = shared(&path, settings, Arc::default());
    let daemon = run(shared, Mode::Forever, stop.clone());
    runtime().block_on(async {
        let daemon = tokio::spawn(daemon);
        tokio::time::sleep(REST).await;
        let cpu = gauges::cpu();
        tokio::time::sleep(REST).await;
        println!(
            "rest    {} MB, peak {} MB, {:.4} CPU s in {REST:?}",
            gauges::resident(),
            gauges::peak(),
            gauges::cpu() - cpu
        );
        stop.cancel();
        daemon.await.is_ok_and(|ended| ended.is_ok())
    })
}

fn shared(path: &Path, settings: Settings, told: Arc<Mutex<Told>>) -> Arc<Shared> {
    let store = Store::open(path).expect("a store");
    let live = build_live(settings, &store, None).expect("a client");
    let observe = Box::new(move |event| {
        let mut told = told.lock().expect("no panic");
        match event {
            Event::Planned(_) => told.planned = gauges::cpu(),
            Event::Polled { failure, .. } => {
                told.looked += 1;
                told.looked_at = gauges::cpu();
                if let Some(failure) = failure {
                    told.failed += 1;
                    if told.failed < 4 {
                        println!("{failure}");
                    }
                }
            }
            Event::Stored { .. } | Event::Told(_) => {}
        }
    });
    Shared::new(store, Arc::new(SystemClock), live, observe)
}

/// The settings under which `count` feeds of the server at `port` are polled.
pub(crate) fn settings(port: u16, count: u32) -> Settings {
    let mut text = "[fetch]\narticles = false\nallow = [\"127.0.0.0/8\"]\n\n\
        [topic.rare]\nany = [\"goar\"]\n\n[topic.two]\nall = [\"diba\", \"neel\"]\n\n"
        .to_owned();
    for n in 0..count {
        let _ = write!(text, "[[feed]]\nurl = \"http://{}:{port}/feed\"\n", feeds::host(n));
    }
    read(&text)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

/// The settings that `text` says.
pub(crate) fn read(text: &str) -> Settings {
    let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
    match config::from_text(Path::new("newswatch.toml"), text, &environment) {
        Ok(settings) => settings,
        Err(problems) => panic!("{problems}"),
    }
}
