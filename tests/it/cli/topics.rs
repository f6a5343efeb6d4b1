//! Transcripts of what is done with topics before they go live: their own tests, replays of what is stored, hits explained
//! under the rule as it was.

use std::fs;
use std::path::Path;
use std::time::Duration;

use newswatch::article::{Article, TextFrom};
use newswatch::clock::{Clock, SystemClock, Timestamp, earlier};
use newswatch::config::{self, Settings};
use newswatch::feed::Entry;
use newswatch::pipeline::{Harvested, Ingester, Message};
use newswatch::store::{Lock, Store, table};
use serde_json::json;

use super::{compare, json as data, run, transcript};

/// What is watched at first: too much, and nothing for want of arms.
const TOPICS: &str = "[sets]\ncalm = ['grain', 'weather']\n\
    [topic.nk]\nname = \"Summit\"\nall = [\"Kim Jong Un\", \"Putin\"]\nnear = 30\n\
    expect = { match = [\"texts/*.txt\"], no_match = [\"texts/not/*\"] }\n\
    [topic.arms]\nall = [\"Kim Jong Un\", \"artillery\"]\n";

/// Headline, first paragraph, how many days ago, whether at the first look.
const NEWS: [(&str, &str, u64, bool); 6] = [
    ("Kim Jong Un met Putin before", "The two had met by the sea.", 20, true),
    ("Kim Jong Un to meet Putin in Vladivostok", "Kim Jong Un will take a train to see Putin.", 9, false),
    ("A train for Vladivostok", "Kim Jong Un will take a train to see Putin, it is said.", 8, false),
    ("Kim Jong Un opens a greenhouse", "The grain harvest was good, Kim Jong Un said to farmers.", 5, false),
    ("Lunar rover sleeps", "The rover was put to sleep for the night on the moon.", 4, false),
    (
        "Putin speaks about the weather",
        "In a long speech Putin said nothing of Kim Jong Un or of grain.",
        2,
        false,
    ),
];

pub(super) fn write(folder: &Path, topics: &str) {
    let store = folder.join("newswatch.db");
    let main = format!(
        "include = [\"lists/*.toml\"]\n[[feed]]\nurl = \"https://example.org/rss.xml\"\nname = \"Example Post\"\n\
         [alerts]\nchannels = [\"log\"]\n[store]\npath = \"{}\"\n",
        store.display()
    );
    fs::create_dir_all(folder.join("lists/texts/not")).unwrap();
    fs::write(folder.join("newswatch.toml"), main).unwrap();
    fs::write(folder.join("lists/topics.toml"), topics).unwrap();
}

/// A folder with a configuration and its topics' own tests.
pub(super) fn configured() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), TOPICS);
    let text =
        |name: &str, text: &str| fs::write(folder.path().join("lists/texts").join(name), text).unwrap();
    text("summit.txt", "Kim Jong Un to visit Putin\n\nThe two are to talk about arms, it is said.\n");
    text("not/rover.json", "{\"title\": \"Rover sleeps\", \"text\": \"Kim Jong Un was not asked.\"}");
    let page = format!(
        "<html><body><article><h1>Grain</h1><p>{}</p></article></body></html>",
        "Putin spoke of grain. ".repeat(20)
    );
    text("not/grain.html", &page);
    folder
}

fn settings(folder: &Path) -> Settings {
    config::load(&folder.join("newswatch.toml")).unwrap_or_else(|problems| panic!("{problems}"))
}

fn harvested(settings: &Settings, n: usize, now: Timestamp) -> Message {
    let (title, lead, days, baseline) = NEWS[n];
    let source = settings.sources[0].clone();
    let key = format!("https://example.org/{n}");
    // Half a day off, so that "9 days ago" is that however slowly the test runs.
    let found = earlier(now, Duration::from_hours(days * 24 + 12));
    let article = Article {
        url: key.parse().ok(),
        title: title.into(),
        lead: lead.into(),
        text_from: TextFrom::Page,
        language: Some("en".into()),
        ..Article::default()
    };
    let feed_text = table::text_hash(&article);
    let entry =
        Entry { key: key.clone(), url: key.parse().ok(), title: Some(title.into()), ..Entry::default() };
    Message::Report(Box::new(Harvested {
        source,
        entry,
        article,
        outlet: "Example Post".into(),
        baseline,
        found,
        changed: None,
        content_hash: key,
        feed_text,
        known: newswatch::feed::Known::default(),
        repeats: None,
    }))
}

/// The same with what a daemon stored under these topics.
pub(super) fn stored() -> tempfile::TempDir {
    let folder = configured();
    let (settings, now) = (settings(folder.path()), SystemClock.now());
    let store = Store::open(&settings.store.path).unwrap();
    let messages: Vec<Message> = (0..NEWS.len()).map(|n| harvested(&settings, n, now)).collect();
    let ingested =
        store.write_blocking(|tx| Ingester::rebuild(tx, now)?.ingest(tx, &settings, &messages, now));
    assert_eq!(ingested.unwrap().reports, NEWS.len());
    folder
}

/// Days without their time differ from run to run, too.
fn without_days(text: &str) -> String {
    [" on ", "\"day\": \""].into_iter().fold(text.to_owned(), |text, before| {
        let mut parts = text.split(before);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |told, part| {
            let rest = part.get(10..).filter(|_| part.starts_with("20")).map(|rest| format!("[day]{rest}"));
            told + before + rest.as_deref().unwrap_or(part)
        })
    })
}

#[test]
fn a_topic_is_tested_by_the_files_that_it_names() {
    let folder = configured();
    let mut text = transcript(
        folder.path(),
        &["check", "topic test", "topic test nk --json", "topic test arms", "topic test nobody"],
    );
    let arms = "expect = { match = [\"texts/*.txt\", \"texts/gone.txt\", \"texts/*.md\"], no_match = [\"texts/bad.json\"] }\n";
    write(folder.path(), &format!("{TOPICS}{arms}"));
    fs::write(folder.path().join("lists/texts/bad.json"), "{\"text\": 7}").unwrap();
    text += &transcript(folder.path(), &["check", "topic test", "topic test arms --json"]);
    write(folder.path(), &TOPICS.replace("expect = {", "expect = { matches = [],"));
    text += &transcript(folder.path(), &["check"]);
    compare("topic-test", folder.path(), &text);
}

#[test]
fn a_topic_is_replayed_over_what_is_stored() {
    let folder = stored();
    let mut lines = transcript(
        folder.path(),
        &[
            "topic backtest nk",
            "topic backtest nk --since 12d",
            "topic backtest arms",
            "topic backtest nk --kept",
            "topic backtest nobody",
            "topic backtest nk --since soon",
            "topic backtest nk --against gone.toml",
            "topic backtest nk --apply --against gone.toml",
        ],
    );
    fs::write(
        folder.path().join("edited.toml"),
        "[topic.nk]\nall = [\"Kim Jong Un\", \"Putin | greenhouse\"]\nnear = 9\n",
    )
    .unwrap();
    fs::write(folder.path().join("wrong.toml"), "[topic.nk]\nall = [\"@calmer\", \"Putin\"]\nnear = 9\n")
        .unwrap();
    let against = |file: &str| format!("topic backtest nk --against {}", folder.path().join(file).display());
    let others =
        [against("edited.toml"), format!("{} --json", against("edited.toml")), against("wrong.toml")];
    lines += &transcript(folder.path(), &others.each_ref().map(String::as_str));
    compare("topic-backtest", folder.path(), &without_days(&lines));
}

#[test]
fn an_old_hit_is_explained_under_its_rule_until_the_new_one_is_applied() {
    let folder = stored();
    let edited = TOPICS.replace("\"Putin\"]\nnear = 30", "\"Putin | greenhouse\"]\nnear = 9");
    let mut lines = transcript(folder.path(), &["explain 2", "topic list"]);
    write(folder.path(), &edited);
    let told = data(folder.path(), "alerts --json");
    lines += &transcript(
        folder.path(),
        &[
            "explain 2",
            "explain 4",
            "alerts",
            "topic backtest nk --kept",
            "topic backtest nk --apply",
            "explain 2",
            "explain 4",
            "topic list",
        ],
    );
    compare("topic-apply", folder.path(), &without_days(&lines));
    let after = data(folder.path(), "alerts --json");
    assert_eq!((&told[1]["rule_changed"], &after[1]["rule_changed"]), (&json!(true), &json!(true)));
    assert_eq!(told, after, "nothing was told, and what was told stays as it was judged");
    assert_eq!(
        data(folder.path(), "explain 4 --json")["topics"][1]["quotes"][0]["hits"][0],
        json!({ "start": 0, "end": 11 })
    );

    let again = data(folder.path(), "topic backtest nk --apply --json");
    assert_eq!(again["applied"], json!({ "articles": 6, "added": 0, "withdrawn": 0 }), "{again}");
    let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
    let rules = || -> i64 {
        store.write_blocking(|tx| tx.query_row("SELECT count(*) FROM rule", [], |row| row.get(0))).unwrap()
    };
    let (settings, now) = (settings(folder.path()), SystemClock.now());
    let prune = || store.write_blocking(|tx| Ingester::prune(tx, &settings, now)).unwrap();
    prune();
    assert_eq!(rules(), 2, "what was told names the old one");
    store
        .write_blocking(|tx| tx.execute("DELETE FROM verdict WHERE alert IS NOT NULL", []).map(drop))
        .unwrap();
    assert_eq!(rules(), 2, "the one that no hit names is there until the next pruning");
    prune();
    assert_eq!(rules(), 1);
}

#[test]
fn a_stored_article_that_is_an_example_keeps_its_text() {
    let folder = stored();
    let file = folder.path().join("newswatch.toml");
    let config = std::fs::read_to_string(&file).unwrap()
        + "\n[topic.alike]\nexamples = { like = [\"article:2\", \"article:999\"], unlike = [\"article:https://example.org/3\"] }\n";
    std::fs::write(&file, config).unwrap();
    let settings = settings(folder.path());
    let store = Store::open(&settings.store.path).unwrap();
    let later = SystemClock.now() + std::time::Duration::from_hours(24 * 365 * 5);
    let pruned = store.write_blocking(|tx| Ingester::prune(tx, &settings, later)).unwrap();
    let left: Vec<i64> = store
        .write_blocking(|tx| {
            tx.prepare("SELECT id FROM report_text ORDER BY id")?.query_map([], |row| row.get(0))?.collect()
        })
        .unwrap();
    assert_eq!((pruned.texts, left), (NEWS.len() - 2, vec![2, 4]));
}

#[test]
fn a_rule_is_applied_beside_a_running_daemon_and_a_topic_that_left_is_still_explained() {
    let folder = stored();
    let _lock = Lock::take(&folder.path().join("newswatch.db")).unwrap();
    let output = run(folder.path(), "topic backtest nk --apply");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.ends_with("a daemon is running: reload it if it has not read this rule yet\n"), "{said}");
    assert_eq!(output.status.code(), Some(0));
    write(folder.path(), "[topic.other]\nall = [\"flood\"]\n");
    let output = run(folder.path(), "explain 2");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("MATCH nk") && said.contains("the topic has left the configuration since"),
        "{said}"
    );
}

#[test]
fn what_is_near_is_counted_by_the_line_that_lacks_and_counted_anew_with_the_rule() {
    let folder = stored();
    let near = |topic: usize| data(folder.path(), "topic list --json")[topic].clone();
    // Files under the rarest line: what lacks that one is not looked at while news comes in.
    let counted = near(0)["near_misses_30d"].as_u64().unwrap();
    assert!(counted <= 5, "{counted}");
    run(folder.path(), "topic backtest arms --apply --since 40d");
    let arms = near(0);
    assert_eq!(
        (&arms["near_misses_30d"], &arms["lacked_most"]),
        (&json!(5), &json!({ "line": "artillery", "times": 5 }))
    );
    assert_eq!(
        (&arms["hits_30d"], &arms["too_tight"], &arms["hits_per_day"]),
        (&json!(0), &json!(false), &json!(0.0))
    );
    run(folder.path(), "topic backtest arms --apply --since 40d");
    assert_eq!(near(0), arms, "counted anew, not on top");
    let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
    // As pruning leaves it: the oldest text is gone, what was counted of its day is not.
    store
        .write_blocking(|tx| {
            tx.execute("DELETE FROM report_text WHERE id = (SELECT min(id) FROM report_text)", [])
        })
        .unwrap();
    run(folder.path(), "topic backtest arms --apply --since 40d");
    assert_eq!(near(0), arms, "what was pruned stays counted, and what is stored is counted anew");
    let kind = |kind: &str| {
        store.write_blocking(|tx| tx.execute("UPDATE source SET kind = ?1", [kind]).map(drop)).unwrap();
    };
    kind("watch");
    run(folder.path(), "topic backtest arms --apply --since 40d");
    assert_eq!(near(0)["near_misses_30d"], json!(5), "of watched pages, too");
    kind("feed");
    let today = newswatch::store::day_of(SystemClock.now());
    store.write_blocking(|tx| table::add_near_misses(tx, "arms", today, "artillery", 7)).unwrap();
    let status = String::from_utf8(run(folder.path(), "status").stdout).unwrap();
    let line = "topics      arms may be too tight: 12 near misses and no hit in 21 days, mostly for want of artillery";
    assert!(status.contains(line), "{status}");
}
