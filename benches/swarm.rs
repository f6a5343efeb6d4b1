//! What a swarm of hostile hosts costs: `cargo bench --bench swarm`. Fifty hosts that mean harm, served by a process of
//! their own, are asked again and again at once, beside a hundred healthy ones that are asked every ten seconds, with the
//! limits of production. Twelve more serve documents under every limit that are as large as they may be: a daemon reads
//! and stores them, pass after pass. Prints what was answered and the peak of memory; exits with 1 if a healthy host missed its
//! schedule, memory went over 150 MB, or anything was asked of an address that is not allowed. `-- SECONDS` says how
//! long; without it, 150 s, in which a host that drips is given up at least twice.

#[path = "../tests/it/support"]
mod support {
    #[expect(dead_code, reason = "the tests use more of it")]
    pub(crate) mod server;
    pub(crate) mod swarm;
}

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use newswatch::clock::SystemClock;
use newswatch::config::{Environment, from_text};
use newswatch::daemon::{Mode, Shared, build_live, run};
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::{Accept, ClientSettings, FailureClass, Request, Web};
use newswatch::source::Validators;
use newswatch::store::Store;
use support::server::{Server, answer};
use support::swarm::{HARMS, Large, healthy, hostile, large, tls};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use url::Url;

const HOSTILE: usize = 50;
const HEALTHY: usize = 100;
const LARGE: usize = 12;
const INTERVAL: Duration = Duration::from_secs(10);
/// A schedule is missed if an answer comes later than this after its time.
const LATE: Duration = Duration::from_secs(5);
/// In kB of 1,024 bytes, as the system counts.
const MOST_MEMORY: u64 = 150_000;

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::var_os("NEWSWATCH_SWARM").is_some() {
        return serve().await;
    }
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(150);
    let (mut servers, urls) = start();
    let (bad, good) = urls.split_at(HOSTILE);
    let (good, large) = good.split_at(HEALTHY);
    let allow = ["127.6.0.0/16", "127.7.0.0/16"].map(|network| network.parse().expect("a network")).to_vec();
    let settings = ClientSettings { allow, ..ClientSettings::default() };
    let client = HttpClient::new(&settings, Arc::new(SystemClock)).expect("a client");
    let end = Instant::now() + Duration::from_secs(seconds);
    let failures = Mutex::new(BTreeMap::new());
    let ask_bad = join_all(bad.iter().map(|url| harass(&client, url, end, &failures)));
    let ask_good = join_all(good.iter().enumerate().map(|(n, url)| keep_schedule(&client, url, n, end)));
    let (_, waits, passes) = tokio::join!(ask_bad, ask_good, take_in(large, end));
    let mut waits: Vec<Option<Duration>> = waits.into_iter().flatten().collect();
    waits.sort_unstable();
    let late = waits.iter().filter(|wait| wait.is_none_or(|wait| wait > LATE)).count();
    let memory = peak();
    drop(servers.stdin.take());
    let inside = servers.wait().is_ok_and(|status| status.success());
    println!("wall              {seconds} s, limits of production");
    println!("healthy           {} asked, {late} late or lost", waits.len());
    println!("  waited          median {:?}, longest {:?}", waits[waits.len() / 2], waits.last());
    println!("hostile           {:?}", failures.lock().expect("no panic"));
    println!("large             {passes} passes of the daemon over {LARGE} hosts");
    println!("peak of memory    {} MB (without the servers)", memory / 1000);
    println!("private addresses {}", if inside { "none asked" } else { "ASKED" });
    ExitCode::from(u8::from(late > 0 || memory > MOST_MEMORY || !inside))
}

/// Asks a hostile host again a second after each failure: harder than any schedule would.
async fn harass(client: &HttpClient, url: &Url, end: Instant, failures: &Mutex<BTreeMap<String, usize>>) {
    while Instant::now() < end {
        let outcome = match client.get(request(url)).await {
            Ok(response) => response.status.to_string(),
            Err(error) => format!("{:?}", error.class),
        };
        *failures.lock().expect("no panic").entry(outcome.clone()).or_default() += 1;
        let held = outcome == format!("{:?}", FailureClass::Held);
        sleep(Duration::from_secs(if held { 10 } else { 1 })).await;
    }
}

/// Has a daemon read what the large hosts serve, from the web to the store, pass after pass; says how many it began.
async fn take_in(large: &[Url], end: Instant) -> usize {
    let mut text = "[fetch]\nallow = ['127.8.0.0/16']\n[topic.t]\nall = ['ferry', 'morning']\n".to_owned();
    for (n, url) in large.iter().enumerate() {
        let articles = n % 2 == 1;
        let feed = format!("[[feed]]\nurl = '{url}'\nfirst_look = 'alert'\narticles = {articles}\n");
        text.push_str(&feed);
    }
    let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("newswatch.db")).expect("a store");
    let mut passes = 0;
    while Instant::now() < end {
        passes += 1;
        let settings = from_text(Path::new("newswatch.toml"), &text, &environment).expect("a configuration");
        let live = build_live(settings, &store, None).expect("a client");
        let shared = Shared::new(store.clone(), Arc::new(SystemClock), live, Box::new(|_| {}));
        let stop = CancellationToken::new();
        let pass = run(shared, Mode::Once { all: true }, stop.clone());
        let ends = async {
            sleep_until(end).await;
            stop.cancel();
        };
        tokio::select! {
            done = pass => done.expect("a pass"),
            () = ends => {}
        }
    }
    passes
}

/// Asks a healthy host every interval, from its own moment in it; says how long each answer took from its time.
async fn keep_schedule(client: &HttpClient, url: &Url, n: usize, end: Instant) -> Vec<Option<Duration>> {
    let mut waits = Vec::new();
    let own_moment = u32::try_from(n % HEALTHY).map_or(INTERVAL, |n| INTERVAL / 100 * n);
    let mut due = Instant::now() + own_moment;
    while due < end {
        sleep_until(due).await;
        let answered = client.get(request(url)).await.is_ok_and(|response| response.status == 200);
        waits.push(answered.then(|| due.elapsed()));
        due += INTERVAL;
    }
    waits
}

fn request(url: &Url) -> Request {
    Request { url: url.clone(), accept: Accept::Feed, validators: Validators::default() }
}

/// The peak of this process's resident memory, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(u64::MAX)
}

/// The servers in a process of their own, and where they are: the hostile ones first.
fn start() -> (Child, Vec<Url>) {
    let own = std::env::current_exe().expect("this program");
    let mut servers = Command::new(own)
        .env("NEWSWATCH_SWARM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let lines = BufReader::new(servers.stdout.take().expect("a pipe")).lines();
    let urls =
        lines.take(HOSTILE + HEALTHY + LARGE).map(|line| line.expect("a line").parse().expect("an address"));
    let urls = urls.collect();
    (servers, urls)
}

/// Serves until the other end closes; fails if anybody came where nobody may.
async fn serve() -> ExitCode {
    let inside = Server::start_on("127.9.0.1", |_| answer("200 OK", &[], "secret")).await;
    let certificate = Arc::new(tls(&["http/1.1"]));
    let mut hosts = Vec::new();
    for (n, harm) in (0..HOSTILE).zip(HARMS.into_iter().cycle()) {
        hosts.push(hostile(&format!("127.6.0.{}", n + 1), harm, &inside.url("/"), &certificate).await);
    }
    for n in 0..HEALTHY {
        hosts.push(healthy(&format!("127.7.0.{}", n + 1)).await);
    }
    for n in 0..LARGE {
        let what = if n % 2 == 1 { Large::Pages } else { Large::Feed };
        hosts.push(large(&format!("127.8.0.{}", n + 1), what).await);
    }
    for host in &hosts {
        println!("{}", host.url);
    }
    std::io::stdout().flush().expect("a pipe");
    let closed = tokio::task::spawn_blocking(|| std::io::stdin().lines().next());
    let _ = closed.await;
    ExitCode::from(u8::from(inside.connections() > 0))
}
