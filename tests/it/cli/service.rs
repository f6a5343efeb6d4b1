//! `once` and `run` as a person and a service manager use them: the real binary, loopback, signals.

use std::path::Path;
use std::process::{Output, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};

use crate::support::press::{Item, rss};
use crate::support::server::{Server, answer};

fn newswatch(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newswatch"));
    command
        .args(arguments)
        .env_clear()
        .env("TZ", "UTC")
        .env("NEWSWATCH_CONFIG", folder)
        .env("STATE_DIRECTORY", folder)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

fn configure(folder: &Path, server: &Server, rest: &str) {
    let text = format!(
        "[fetch]\nallow = [\"127.0.0.0/8\"]\nspacing = \"1ms\"\narticles = false\n[[feed]]\nurl = \"{}\"\nname = \"Harbour Post\"\nfirst_look = \"alert\"\n\
         [topic.flood]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n{rest}",
        server.url("/rss")
    );
    std::fs::write(folder.join("newswatch.toml"), text).unwrap();
}

async fn feed() -> Server {
    Server::start(|asked| match asked.path.as_str() {
        "/rss" => {
            let item = Item::new(
                "https://harbour.example/1",
                "Flood in the old town\u{1b}[31m",
                "Mon, 04 Sep 2023 11:00:00 GMT",
            );
            answer("200 OK", &["Content-Type: application/rss+xml"], rss("harbour", &[item]))
        }
        _ => answer("404 Not Found", &[], ""),
    })
    .await
}

fn said(output: &Output) -> (String, String) {
    (String::from_utf8(output.stdout.clone()).unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_looks_tells_sums_up_and_ends() {
    let (server, folder) = (feed().await, tempfile::tempdir().unwrap());
    configure(folder.path(), &server, "");
    let first = newswatch(folder.path(), &["once"]).output().await.unwrap();
    let (out, err) = said(&first);
    assert_eq!(first.status.code(), Some(0), "{err}");
    assert_eq!(out, "looked at 1 source: 1 new report, 1 alert raised or changed, 1 told\n");
    assert!(err.contains("ALERT") && err.contains("Flood in the old town"), "{err}");
    assert!(!err.contains('\u{1b}'), "no control character of a headline reaches the terminal: {err:?}");
    let second = newswatch(folder.path(), &["once"]).output().await.unwrap();
    assert_eq!(said(&second).0, "nothing is due; --all looks at every source\n");
    let third = newswatch(folder.path(), &["once", "--all"]).output().await.unwrap();
    assert_eq!(said(&third).0, "looked at 1 source: 0 new reports, 0 alerts raised or changed, 0 told\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_says_what_failed_and_is_trouble_if_all_did() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| answer("500 Internal Server Error", &[], "")).await;
    configure(folder.path(), &server, "");
    let output = newswatch(folder.path(), &["once"]).output().await.unwrap();
    let (out, _) = said(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(out.starts_with("failed Harbour Post: answered 500 Internal Server Error\n"), "{out}");
}

/// The running daemon with the lines that it says.
struct Daemon {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
}

impl Daemon {
    fn start(folder: &Path) -> Self {
        let mut child =
            newswatch(folder, &["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads on until a line holds `words`.
    async fn says(&mut self, words: &str) -> String {
        while let Some(line) = self.lines.next_line().await.unwrap() {
            if line.contains(words) {
                return line;
            }
        }
        panic!("the daemon ended without saying {words:?}");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_watches_reloads_on_sighup_and_stops_on_sigterm() {
    let (server, folder) = (feed().await, tempfile::tempdir().unwrap());
    configure(folder.path(), &server, "");
    let mut daemon = Daemon::start(folder.path());
    daemon.says("watching 1 source for 1 topic").await;
    daemon.says("ALERT").await;

    let other = newswatch(folder.path(), &["once"]).output().await.unwrap();
    assert_eq!(other.status.code(), Some(2), "one daemon a store");
    assert!(said(&other).1.contains("already running"), "{other:?}");

    configure(folder.path(), &server, "[topic.two]\nal = [\"x\"]\n");
    daemon.signal("-HUP");
    daemon.says("kept the old configuration").await;
    daemon.says("did you mean `all`?").await;

    configure(folder.path(), &server, "[topic.two]\nall = [\"earthquake\"]\n");
    daemon.signal("-HUP");
    daemon.says("new configuration: 1 source, 2 topics").await;
    let status = newswatch(folder.path(), &["status"]).output().await.unwrap();
    assert_eq!(status.status.code(), Some(0), "{}", said(&status).0);

    daemon.signal("-TERM");
    daemon.says("stopped").await;
    assert_eq!(daemon.child.wait().await.unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_tells_systemd_that_it_is_ready_alive_reloading_and_stopping() {
    let (server, folder) = (feed().await, tempfile::tempdir().unwrap());
    configure(folder.path(), &server, "");
    let socket = folder.path().join("notify");
    let systemd = tokio::net::UnixDatagram::bind(&socket).unwrap();
    let mut child = newswatch(folder.path(), &["run"])
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "200000")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Reads on until a message holds `words`; returns what came before it, too.
    let hear = async |words: &str| -> String {
        let mut heard = String::new();
        while !heard.contains(words) {
            let mut buffer = [0; 4096];
            let length = systemd.recv(&mut buffer).await.unwrap();
            heard.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        }
        heard
    };
    hear("READY=1").await;
    // Two pats: the second comes by the interval, not by the start.
    hear("WATCHDOG=1").await;
    let pat = hear("WATCHDOG=1").await;
    assert!(pat.contains("STATUS=1 source, "), "{pat}");
    let pid = child.id().unwrap().to_string();
    let signal = |name: &str| {
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    };
    signal("-HUP");
    let reloading = hear("RELOADING=1").await;
    assert!(reloading.contains("MONOTONIC_USEC="), "{reloading}");
    hear("READY=1").await;
    signal("-TERM");
    hear("STOPPING=1").await;
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_refuses_a_bad_configuration_with_2() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("newswatch.toml"), "[fetch]\nintervall = \"15m\"\n").unwrap();
    let output = newswatch(folder.path(), &["run"]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).1.contains("did you mean `interval`?"));
}
