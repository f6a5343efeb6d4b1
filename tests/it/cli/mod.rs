//! Transcripts of the real binary: what each command prints and with which code it ends.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

mod filled;
mod first_steps;
mod health;
mod inspect;
mod mistaken;
mod prompt;
mod service;
mod set_up;
mod sources;
mod topics;
mod topics_by_example;

/// Every command, as it is typed.
const COMMANDS: [&str; 34] = [
    "",
    "demo",
    "init",
    "run",
    "once",
    "check",
    "status",
    "source",
    "source list",
    "source show",
    "source discover",
    "source add",
    "source remove",
    "source refresh",
    "import",
    "export",
    "topic",
    "topic list",
    "topic test",
    "topic backtest",
    "topic suggest",
    "topic new",
    "stories",
    "alerts",
    "search",
    "explain",
    "inspect",
    "inspect feed",
    "inspect page",
    "inspect stories",
    "inspect topics",
    "notify",
    "notify test",
    "completions",
];

/// The binary in an environment of its own, with the configuration in `folder`.
fn newswatch(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newswatch"));
    command
        .env_clear()
        .env("TZ", "UTC")
        .env("NEWSWATCH_CONFIG", folder)
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, line: &str) -> Output {
    newswatch(folder).args(line.split_whitespace()).output().unwrap()
}

fn json(folder: &Path, line: &str) -> Value {
    let output = run(folder, line);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {output:?}"))
}

/// What `lines` print, one after the other.
fn transcript(folder: &Path, lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let output = run(folder, line);
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let code = output.status.code().unwrap();
        write!(text, "$ newswatch {line}\n{out}").unwrap();
        for line in err.lines() {
            writeln!(text, "stderr: {line}").unwrap();
        }
        write!(text, "exit: {code}\n\n").unwrap();
    }
    text
}

/// What differs from run to run, replaced; then compared.
fn compare(name: &str, folder: &Path, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(&regex_of(&folder.display().to_string()), "[folder]");
    settings.add_filter(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z)?", "[time]");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn regex_of(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_alphanumeric() || c == '/' { c.to_string() } else { format!("\\{c}") })
        .collect()
}

#[test]
fn help_is_documentation() {
    let folder = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let output = run(folder.path(), &format!("{command} --help"));
        assert_eq!(output.status.code(), Some(0), "{command}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(command.is_empty() || text.contains("\nExample"), "{command} --help has no example");
        let name = format!("help {command}").trim().replace(' ', "-");
        compare(&name, folder.path(), &text);
    }
}

#[test]
fn the_command_line_is_refused_with_2_and_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let lines =
        ["--version", "statu", "stories --limit many", "run --json", "explain", "status --quiet --verbose"];
    compare("usage", folder.path(), &transcript(folder.path(), &lines));
    assert_eq!(run(folder.path(), "").status.code(), Some(2), "no command");
}

#[test]
fn completions_come_for_each_shell() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, head) in
        [("bash", "_newswatch()"), ("zsh", "#compdef newswatch"), ("fish", "# Print an optspec")]
    {
        let output = run(folder.path(), &format!("completions {shell}"));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.starts_with(head) && text.contains("explain"),
            "{shell}: {}",
            text.lines().next().unwrap_or("")
        );
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn without_a_configuration_or_a_store_it_is_said_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), "stories");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("newswatch.toml"));

    filled::configure(folder.path());
    let lines = [
        "status",
        "stories",
        "alerts --json",
        "search kim",
        "explain 1",
        "source list",
        "topic list",
        "topic list --json",
    ];
    compare("no-store", folder.path(), &transcript(folder.path(), &lines));
}

#[test]
fn a_bad_configuration_is_told_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[fetch]\nintervall = \"15m\"\n[topic.x]\nall = [\"@nobody\"]\n";
    std::fs::write(folder.path().join("newswatch.toml"), config).unwrap();
    for line in
        ["status", "stories --json", "search x", "explain 1", "source list", "topic list", "inspect topics x"]
    {
        let output = run(folder.path(), line);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{line}");
        assert!(said.contains("intervall") && said.contains("@nobody"), "{line}: {said}");
    }
}

#[test]
fn a_filled_store_reads_well() {
    let folder = filled::house();
    let lines = [
        "status",
        "stories",
        "alerts",
        "search putin",
        "search Ouagadougou",
        "source list",
        "topic list",
        "explain 1",
        "explain https://example.org/kim?utm_source=rss",
        "explain 3",
        "explain 99",
    ];
    compare("filled", folder.path(), &transcript(folder.path(), &lines));
}

#[test]
fn data_has_the_promised_shape() {
    let folder = filled::house();
    let lines = [
        "stories --json",
        "alerts --json",
        "search --json putin",
        "source list --json",
        "explain --json 1",
        "status --json",
    ];
    compare("filled-json", folder.path(), &transcript(folder.path(), &lines));
    assert_eq!(json(folder.path(), "stories --json --limit 1").as_array().unwrap().len(), 1);
    assert_eq!(json(folder.path(), "search --json Ouagadougou"), serde_json::json!([]));
}

#[test]
fn row_62_all_that_is_known_of_polling_a_source_is_shown_and_row_52_its_hubs() {
    let folder = filled::house();
    let sources = json(folder.path(), "source list --json");
    let of = |url: &str| sources.as_array().unwrap().iter().find(|source| source["url"] == url).unwrap();
    let (well, bad) = (of("https://example.org/rss.xml"), of("https://example.net/atom.xml"));
    for (source, keys) in [
        (well, &["last_attempt", "last_success", "next_check", "why_next", "last_modified"][..]),
        (bad, &["last_attempt", "next_check", "why_next", "error", "failing_since"]),
    ] {
        assert!(keys.iter().all(|key| source[key].is_string()), "{source}");
    }
    assert_eq!(
        (&well["http_status"], &well["bytes"], &well["etag"]),
        (&304.into(), &90_210.into(), &"W/\"9\"".into())
    );
    assert_eq!(
        (&bad["http_status"], &bad["failures"], &bad["error_class"]),
        (&500.into(), &3.into(), &"status".into())
    );
    assert_eq!(well["hubs"], serde_json::json!(["https://hub.example/"]));
    assert_eq!(well["self_url"], "https://example.org/all.xml");
}

#[test]
fn nothing_foreign_controls_the_terminal() {
    let folder = filled::house();
    let lines = [
        "status",
        "stories",
        "alerts",
        "search putin",
        "source list",
        "explain 1",
        "explain 2",
        "topic list",
    ];
    let mut hostile = 0;
    for line in lines.iter().flat_map(|line| [(*line).to_owned(), format!("{line} --json")]) {
        let output = run(folder.path(), &line);
        for text in [output.stdout, output.stderr] {
            let text = String::from_utf8(text).unwrap();
            let bad = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{2066}".contains(c));
            assert!(!text.contains(bad), "{line}: {text:?}");
            hostile += text.matches("owned").count();
        }
    }
    assert!(hostile > 10, "the hostile titles are shown");
}

#[test]
fn whoever_closes_the_pipe_gets_no_complaint() {
    let folder = filled::house();
    for line in ["completions bash", "stories", "explain 1", "alerts --json", "--help", "--version"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = newswatch(folder.path())
            .args(line.split(' '))
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{line}");
        assert_eq!(output.status.code(), Some(0), "{line}");
    }
}

#[test]
fn a_test_alert_is_told_and_an_unknown_channel_is_named() {
    let folder = tempfile::tempdir().unwrap();
    filled::configure(folder.path());
    let lines = ["notify test log", "notify test log --json", "notify test pigeon"];
    compare("notify-test", folder.path(), &transcript(folder.path(), &lines));
}
