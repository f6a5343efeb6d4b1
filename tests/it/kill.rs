//! `kill -9` of the real binary at random moments while it works: nothing is lost, no alert is missing, repeats come
//! only under the same id.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use newswatch::store::{Reader, table};
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::support::press::{Item, page, rss};
use super::support::server::{Asked, Server, answer};

const FEEDS: usize = 4;
const ITEMS: usize = 12;
const KILLS: u64 = 15;

/// An item about something that no other item is about: each is a story of its own.
fn words(feed: usize, n: usize) -> String {
    let id = feed * ITEMS + n;
    (0..30).map(|at| format!("{}{} ", ["zor", "mip", "lun", "kef", "dax"][at % 5], id * 31 + at)).collect()
}

fn serve(asked: &Asked, looks: &[AtomicUsize]) -> Vec<super::support::server::Act> {
    let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    let feed: usize = parts[0].parse().unwrap_or(0);
    match parts.get(1) {
        Some(&"rss") => {
            // Two more items at each look, as if the outlet published while it is watched.
            let published = (looks[feed].fetch_add(1, Ordering::SeqCst) * 2 + 2).min(ITEMS);
            let items: Vec<Item> = (0..published)
                .rev()
                .map(|n| {
                    Item::new(&format!("http://{}/{feed}/{n}", host(asked)), &format!("Flood {feed}-{n}"), "")
                })
                .collect();
            let body = rss("f", &items);
            let etag = format!("ETag: \"{published}\"");
            let sent = format!("\"{published}\"");
            if asked.header("if-none-match").first().is_some_and(|tag| *tag == sent.as_bytes()) {
                return answer("304 Not Modified", &[&etag], "");
            }
            answer("200 OK", &["Content-Type: application/rss+xml", &etag], body)
        }
        Some(n) => {
            let n: usize = n.parse().unwrap_or(0);
            let text = format!("The flood of {} {}", words(feed, n), words(feed, n));
            answer(
                "200 OK",
                &["Content-Type: text/html"],
                page(&format!("Flood {feed}-{n}"), &[&text, &text], &[]),
            )
        }
        None => answer("404 Not Found", &[], ""),
    }
}

fn host(asked: &Asked) -> String {
    asked.header("host").first().map(|host| String::from_utf8_lossy(host).into_owned()).unwrap_or_default()
}

fn config(servers: &[Server]) -> String {
    let mut config = String::from(
        "[fetch]\ninterval = \"1s\"\nmin_interval = \"1s\"\nbackoff = \"1s\"\nspacing = \"1ms\"\nallow = [\"127.0.0.0/8\"]\n\
         [topic.flood]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n[store]\npath = \"newswatch.db\"\n",
    );
    for (feed, server) in servers.iter().enumerate() {
        config.push_str(&format!(
            "[[feed]]\nurl = \"{}\"\nfirst_look = \"alert\"\n",
            server.url(&format!("/{feed}/rss"))
        ));
    }
    config
}

/// Runs the binary until it ends by itself or `limit` is over; then kills it. Returns what it said.
async fn run(folder: &Path, command: &[&str], limit: Duration) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_newswatch"))
        .arg("--config")
        .arg(folder.join("newswatch.toml"))
        .args(command)
        .env("STATE_DIRECTORY", folder)
        .env_remove("RUST_LOG")
        .env_remove("JOURNAL_STREAM")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    let mut stderr = child.stderr.take().unwrap();
    // Reads until the process is gone; the time-out is the random moment.
    if timeout(limit, stderr.read_to_end(&mut said)).await.is_err() {
        child.kill().await.unwrap();
        stderr.read_to_end(&mut said).await.unwrap();
    }
    child.wait().await.unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_moments_it_loses_nothing() {
    let looks: Arc<Vec<AtomicUsize>> = Arc::new((0..FEEDS).map(|_| AtomicUsize::new(0)).collect());
    let mut servers = Vec::new();
    for feed in 0..FEEDS {
        let looks = looks.clone();
        servers.push(
            Server::start_on(&format!("127.0.0.{}", 2 + feed), move |asked| serve(asked, &looks)).await,
        );
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("newswatch.toml"), config(&servers)).unwrap();
    let mut said = String::new();
    for kill in 0..KILLS {
        // Spread over start, first look and steady work; reproducible, unlike the scheduling that it meets.
        let moment = Duration::from_millis(30 + (kill * 7_919) % 900);
        said.push_str(&run(folder.path(), &["run"], moment).await);
    }
    for _ in 0..ITEMS {
        said.push_str(&run(folder.path(), &["once", "--all"], Duration::from_mins(1)).await);
    }

    let reader = Reader::open(&folder.path().join("newswatch.db")).unwrap();
    let (sources, alerts, waiting, sound) = reader
        .read(|db| {
            Ok((
                table::list_sources(db)?,
                table::list_alerts(db, newswatch::clock::Timestamp::MAX, 10_000)?,
                table::outbox_len(db)?,
                db.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0))?,
            ))
        })
        .unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(waiting, 0, "everything was told");
    for source in &sources {
        assert_eq!(source.entries, ITEMS as u64, "{}: {:?}", source.url, source.state.error);
    }
    let titles: BTreeSet<String> = alerts.iter().map(|row| row.alert.title.clone()).collect();
    let expected: BTreeSet<String> =
        (0..FEEDS).flat_map(|feed| (0..ITEMS).map(move |n| format!("Flood {feed}-{n}"))).collect();
    assert_eq!(titles, expected, "an alert for each");
    assert_eq!(alerts.len(), expected.len(), "each once");

    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for title in &expected {
        // With what follows the number, or "Flood 1-1" would be found in "Flood 1-11".
        let alert = format!("{title} \u{2014}");
        told.insert(
            title,
            said.lines().filter(|line| line.contains("ALERT") && line.contains(&alert)).count(),
        );
    }
    assert!(told.values().all(|lines| *lines >= 1), "told at least once each: {told:?}");
    let repeats: usize = told.values().map(|lines| lines - 1).sum();
    assert!(repeats as u64 <= KILLS, "at most one repeat a kill: {repeats}");
}
