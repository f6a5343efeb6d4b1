//! `init`, `check` and `demo`: what a person meets first.

use std::fs;

use super::{compare, run, transcript};

#[test]
fn init_writes_a_configuration_that_is_valid_and_never_overwrites_one() {
    let folder = tempfile::tempdir().unwrap();
    // Without $HOME nothing says where the store goes: the server's way, with a path of its own.
    let text = transcript(folder.path(), &["init"]);
    let file = folder.path().join("newswatch.toml");
    let written = fs::read_to_string(&file).unwrap();
    let mine =
        written.replace("[store]\n", &format!("[store]\npath = \"{}/n.db\"\n", folder.path().display()));
    fs::write(&file, &mine).unwrap();
    let again = transcript(folder.path(), &["check", "init", "check --json"]);
    compare("init", folder.path(), &format!("{text}{again}"));
    assert_eq!(fs::read_to_string(&file).unwrap(), mine, "a second init changes nothing");
}

#[test]
fn check_finds_all_planted_errors_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("watchlists")).unwrap();
    fs::write(
        folder.path().join("newswatch.toml"),
        "include = [\"watchlists/*.toml\"]\n[fetch]\nintervall = \"15m\"\nbackoff = \"soon\"\n[[feed]]\nurl = \"ftp://example.org/\"\n\
         [[page]]\nurl = \"https://example.org/\"\nlinks = \"article >>\"\n[alerts]\nchannels = [\"dekstop\"]\n[store]\npath = \"/nowhere/n.db\"\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("watchlists/topics.toml"),
        "[sets]\na = [\"@b\"]\nb = [\"@a\"]\n[topic.one]\nall = [\"@nk\", \"ar*\", \"titel: arms\"]\nnaer = 60\n\
         [topic.two]\nnone = [\"horoscope\"]\n[topic.three]\nall = [\"~negotiat*\"]\nseverity = \"urgent\"\n",
    )
    .unwrap();
    compare("check-errors", folder.path(), &transcript(folder.path(), &["check", "status"]));
    let problems = super::json(folder.path(), "check --json");
    assert!(problems.as_array().unwrap().len() >= 12, "{problems:#}");
}

#[test]
fn the_demo_is_one_story_six_outlets_one_origin_one_alert_one_update() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), "demo --no-desktop");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        text.contains("1 story, 6 outlets, 1 origin: The New York Times; 1 alert and 1 update"),
        "{text}"
    );
    // Ports differ, and the order in which five outlets retell is theirs.
    let fixed: String = text
        .lines()
        .filter(|line| {
            !line.contains("http://127.")
                && !line.contains("Metro Courier,")
                && !line.contains("Harbour Post,")
        })
        .filter(|line| !line.starts_with("    ") || line.contains("only the page"))
        .map(|line| {
            if line.contains(" in ") && line.contains("update") {
                "  [the sum]\n".into()
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    compare("demo", folder.path(), &fixed);
}
