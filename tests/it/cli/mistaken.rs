//! Transcripts of what is asked for that is not there: a name mistyped, a store that is empty, a time to come.

use std::fs;

use super::topics::{configured, stored, write};
use super::{compare, newswatch, run, transcript};

#[test]
fn what_is_not_there_is_told_with_what_to_do() {
    let folder = stored();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(folder.path().join("program.html"), [0_u8; 2_000]).unwrap();
    let lines = [
        "topic test nl",
        "topic backtest nl",
        "topic suggest nobody",
        "topic backtest nk --since 2999-01-01",
        "topic suggest nk --since 2999-01-01",
        "topic backtest nk --since 0d",
        "explain https://example.org/none",
        "explain example.org/none",
        "explain 2 --url https://example.org/1",
        &format!("explain --file {}", path("program.html")),
        &format!("explain --file {}", path("lists/texts/summit.txt")),
        "topic new --from 12",
        "topic new --from example.org/kim",
    ];
    let mut text = transcript(folder.path(), &lines);
    write(folder.path(), "");
    text += &transcript(folder.path(), &["topic test", "topic backtest nk"]);
    compare("not-there", folder.path(), &text);
}

#[test]
fn a_topic_that_only_the_other_file_has_is_not_called_unknown() {
    let folder = stored();
    let draft = folder.path().join("draft.toml");
    fs::write(&draft, "[topic.draft]\nall = [\"Putin\"]\n").unwrap();
    let backtest = |topic: &str| {
        let mut command = newswatch(folder.path());
        command.env("HOME", folder.path()).args(["topic", "backtest", topic, "--against"]).arg(&draft);
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let said = backtest("draft");
    assert!(said.contains("topic `draft` is in ") && said.contains("under `include`"), "{said}");
    assert!(backtest("nobody").contains("there is no topic `nobody`"));
}

#[test]
fn a_stored_article_has_many_names() {
    let folder = stored();
    let by_number = run(folder.path(), "explain 2").stdout;
    assert!(!by_number.is_empty());
    for name in ["#2", "article:2", "https://example.org/1", "example.org/1", "article:https://example.org/1"]
    {
        let output = run(folder.path(), &format!("explain {name}"));
        assert_eq!(output.stdout, by_number, "{name}");
    }
}

#[test]
fn nothing_watched_and_nothing_stored_is_not_called_quiet() {
    let folder = configured();
    fs::write(
        folder.path().join("newswatch.toml"),
        "include = [\"lists/*.toml\"]\n[store]\npath = \"STORE\"\n"
            .replace("STORE", &folder.path().join("newswatch.db").display().to_string()),
    )
    .unwrap();
    let text = transcript(folder.path(), &["once", "topic backtest nk"]);
    compare("nothing-yet", folder.path(), &text);
}

#[test]
fn private_addresses_alone_are_no_sign_of_the_network() {
    let folder = configured();
    let feeds = "[[feed]]\nurl = \"http://127.0.0.1:9/a\"\n[[feed]]\nurl = \"http://127.0.0.1:9/b\"\n";
    let store = folder.path().join("newswatch.db").display().to_string();
    fs::write(folder.path().join("newswatch.toml"), format!("{feeds}[store]\npath = \"{store}\"\n")).unwrap();
    let output = run(folder.path(), "once");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("name its network in `allow` of [fetch]"), "{said}");
    assert!(
        said.ends_with("looked at 2 sources: 0 new reports, 0 alerts raised or changed, 0 told\n"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn examples_that_share_nothing_for_want_of_a_language_say_so() {
    let folder = configured();
    let english = "Ferry strike\n\nThe ferry stays in the harbour, as its captain and all of the crew have gone on strike over their pay this week.\n";
    let german = "Brot und Käse\n\nDer Bäcker hat am Mittwoch einen Preis für sein Brot bekommen, und die Jury lobte auch den Käse aus dem Dorf.\n";
    fs::write(folder.path().join("en.txt"), english).unwrap();
    fs::write(folder.path().join("de.txt"), german).unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = run(folder.path(), &format!("topic new --from {} {}", path("en.txt"), path("de.txt")));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.ends_with("(they are in de, en: give those of one language)\n"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    let again =
        run(folder.path(), &format!("topic new --from {} --out {}", path("en.txt"), path("lists/new.toml")));
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(said.ends_with("read it; then `newswatch check`\n"), "{said}: {:?}", again.stderr);
}

#[test]
fn examples_of_a_few_words_say_what_becomes_of_the_topic() {
    let folder = configured();
    for (rest, hint) in [("", "the topic can never match"), ("all = [\"Kim\"]\n", "the lines decide alone")] {
        write(folder.path(), &format!("[topic.few]\n{rest}examples = {{ like = [\"texts/summit.txt\"] }}\n"));
        let said = String::from_utf8(run(folder.path(), "check").stdout).unwrap();
        assert!(
            said.contains("warning: no example says enough to be compared") && said.contains(hint),
            "{said}"
        );
    }
}
