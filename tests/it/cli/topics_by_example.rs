//! Topics by example, what a topic lacks, and topics from examples: the real binary on files of its own.

use std::fs;
use std::path::Path;
use std::time::Duration;

use newswatch::article::Article;
use newswatch::clock::{Clock, SystemClock, earlier};
use newswatch::config;
use newswatch::source::SourceState;
use newswatch::store::{NewReport, Store, table};
use newswatch::story::{NewsKind, StoryView};
use tempfile::TempDir;

use super::sources::told;
use super::{compare, json, run, transcript};
use crate::support::press::page;
use crate::support::server::{Server, answer};

const LIKE: [&str; 3] = ["broadsheet", "wire", "tabloid"];
const UNLIKE: [&str; 2] = ["missile-test", "grain"];

/// A configuration of one feed with `topics` below it, beside the example files.
fn house(topics: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/example");
    for part in ["like", "unlike", "other"] {
        fs::create_dir(folder.path().join(part)).unwrap();
        for file in fs::read_dir(fixtures.join(part)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(part).join(file.file_name())).unwrap();
        }
    }
    let store = folder.path().join("newswatch.db");
    let main = format!(
        "include = [\"own/*.toml\"]\n[fetch]\nallow = [\"127.0.0.0/8\"]\nspacing = \"1ms\"\n\
         [[feed]]\nurl = \"https://example.org/rss.xml\"\n[store]\npath = \"{}\"\n{topics}",
        store.display()
    );
    fs::create_dir(folder.path().join("own")).unwrap();
    fs::write(folder.path().join("own/sets.toml"), "[sets]\nx = [\"y\"]\n").unwrap();
    fs::write(folder.path().join("newswatch.toml"), main).unwrap();
    folder
}

/// Stores the texts at these paths, and `more` articles about nothing in particular. Their numbers begin at 1.
fn store(folder: &Path, paths: &[String], more: usize) {
    let settings = config::load(folder).unwrap_or_else(|problems| panic!("{problems}"));
    let store = Store::open(&settings.store.path).unwrap();
    let found = earlier(SystemClock.now(), Duration::from_hours(30));
    let named = paths.iter().map(|path| config::article_of_file(&folder.join(path)).unwrap());
    let articles: Vec<Article> = named.chain((0..more).map(market)).collect();
    store
        .write_blocking(|tx| {
            table::sync_sources(tx, &settings.sources, found, |_| SourceState::new(found, "first look"))?;
            for (number, article) in articles.iter().enumerate() {
                let opened = table::open_story(tx, &article.title, found, &StoryView::default())?;
                let key = number.to_string();
                let url = format!("https://example.org/{number}").parse().ok();
                table::put_report(
                    tx,
                    &NewReport {
                        source: &settings.sources[0].id,
                        key: &key,
                        content_hash: &key,
                        text_hash: &table::text_hash(article),
                        outlet: "Example Post",
                        article: &Article { url, ..article.clone() },
                        found,
                        baseline: false,
                        time: found,
                        story: opened,
                        kind: NewsKind::New,
                        likeness: 0.0,
                        candidates: &[],
                        origins: &[],
                        novel: &[],
                    },
                )?;
            }
            Ok(())
        })
        .unwrap();
}

/// An article that is like none of the others.
fn market(number: usize) -> Article {
    let goods = ["wheat", "copper", "cotton", "timber", "wool", "coffee", "sugar"];
    let what = goods[number % goods.len()];
    let words: Vec<String> = (0..25).map(|place| format!("{what}{}", number + 31 * place)).collect();
    Article {
        title: format!("The price of {what} on day {number}"),
        lead: format!("Traders of {what} were calm while {}.", words.join(", ")),
        body: "Nobody expects a change before the harvest.".into(),
        language: Some("en".into()),
        ..Article::default()
    }
}

fn files(part: &str, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{part}/{name}.txt")).collect()
}

const BY_EXAMPLE: &str = "[topic.arms-talks]\nexamples = { like = [\"like/*.txt\", \"article:1\", \"article:99\"], unlike = [\"unlike/*.txt\"] }\n\
    [topic.trains]\nall = [\"train\"]\nexamples = { like = [\"like/*.txt\"], min = 0.9, use = \"and\" }\n";

#[test]
fn examples_are_compared_by_what_is_stored() {
    let folder = house(BY_EXAMPLE);
    let before = transcript(folder.path(), &["check"]);
    let mut stored = files("like", &LIKE);
    stored.extend(files("other", &["follow-up", "rover"]));
    store(folder.path(), &stored, 60);
    let after = transcript(folder.path(), &["check", "explain 4", "explain 5"]);
    let explained: String = after
        .lines()
        .filter(|line| !["  published", "found", "  was found"].iter().any(|part| line.starts_with(part)))
        .map(|line| format!("{line}\n"))
        .collect();
    let listed: Vec<serde_json::Value> = json(folder.path(), "topic list --json")
        .as_array()
        .unwrap()
        .iter()
        .map(|topic| topic["lines"].clone())
        .collect();
    let lines = serde_json::json!([["like 5 examples, unlike 2"], ["all of (train)", "and like 3 examples"]]);
    assert_eq!(serde_json::Value::from(listed), lines);
    let list = String::from_utf8(run(folder.path(), "topic list").stdout).unwrap();
    assert!(list.contains("not run yet  like 5 examples") && list.ends_with("stored\n"), "{list}");
    compare("topics-by-example", folder.path(), &format!("{before}{explained}"));
    let topics = json(folder.path(), "explain --json 4")["topics"].clone();
    assert_eq!(
        (&topics[0]["topic"], &topics[0]["matched"]),
        (&"arms-talks".into(), &true.into()),
        "{topics:#}"
    );
}

#[test]
fn a_hit_by_examples_that_have_changed_is_told_as_it_was_with_a_word_of_it() {
    let topics = "[topic.arms-talks]\nexamples = { like = [\"like/*.txt\"], min = 0.3 }\n";
    let folder = house(topics);
    store(folder.path(), &files("like", &LIKE), 60);
    let text = |line: &str| String::from_utf8(run(folder.path(), line).stdout).unwrap();
    text("topic backtest arms-talks --since 7d --apply");
    let changed = "its examples have changed since: this is how it was judged by those of then";
    let before = text("explain 1");
    assert!(before.contains("MATCH arms-talks") && !before.contains(changed), "{before}");
    for name in LIKE {
        fs::copy(folder.path().join("other/rover.txt"), folder.path().join(format!("like/{name}.txt")))
            .unwrap();
    }
    let after = text("explain 1");
    assert!(after.contains("\nMATCH arms-talks") && after.contains(changed), "{after}");
    assert!(after.contains("\n  today: NO MATCH"), "{after}");
    assert!(!after.contains("# examples"), "{after}");
    let kept = text("topic backtest arms-talks --since 7d --kept");
    assert!(kept.contains("its examples have changed since and are not kept"), "{kept}");
    assert_eq!(
        json(folder.path(), "topic backtest arms-talks --since 7d --kept --json")["against"]["todays_examples"],
        true
    );
}

#[test]
fn an_example_file_that_is_gone_is_an_error_with_its_place() {
    let folder = house("[topic.t]\nexamples = { like = [\"like/wire.txt\"] }\n");
    assert_eq!(run(folder.path(), "check").status.code(), Some(0));
    fs::remove_file(folder.path().join("like/wire.txt")).unwrap();
    compare("topics-by-example-gone", folder.path(), &transcript(folder.path(), &["check"]));
}

#[test]
fn a_topic_is_told_what_it_lacks() {
    let folder = house(
        "[topic.talks]\nall = [\"Kim Jong Un\", \"Putin\"]\nnone = [\"Erdogan\"]\n[topic.rover]\nall = [\"rover\"]\n",
    );
    assert_eq!(run(folder.path(), "topic suggest talks").status.code(), Some(2), "no store yet");
    let mut stored = files("like", &LIKE);
    stored.extend(files("other", &["follow-up", "rover"]));
    stored.extend(files("unlike", &UNLIKE));
    store(folder.path(), &stored, 60);
    let lines = [
        "topic suggest talks",
        "topic suggest rover",
        "topic suggest talk",
        "topic suggest nothing-like-it",
        "topic suggest talks --since 1h",
        "topic suggest talks --since today",
        "topic suggest talks --since last-week",
    ];
    compare("topic-suggest", folder.path(), &transcript(folder.path(), &lines));
    let found = json(folder.path(), "topic suggest talks --json");
    assert_eq!(found["counts"]["matched"], 4, "{found:#}");
    assert!(found["shared"].as_array().unwrap().iter().any(|one| one["term"] == "Vladivostok"), "{found:#}");
    assert!(found["toml"][0].as_str().unwrap().contains("Vladivostok"), "{found:#}");
}

#[test]
fn a_topic_from_examples_matches_them() {
    let folder = house("[topic.old]\nall = [\"x1\"]\n");
    let path = |part: &str| folder.path().join(part).display().to_string();
    let like: Vec<String> = files("like", &LIKE).iter().map(|file| path(file)).collect();
    let unlike: Vec<String> = files("unlike", &UNLIKE).iter().map(|file| path(file)).collect();
    let new = format!("topic new --from {} --unlike {}", like.join(" "), unlike.join(" "));
    let lines = [
        new.clone(),
        format!("{new} --id arms-talks --out {}", path("own/new.toml")),
        "check".to_owned(),
        format!("{new} --id arms-talks --out {}", path("own/new.toml")),
        format!("{new} --id arms-talks"),
        format!("topic new --from {} --out {}", like[0], path("nowhere/new.toml")),
        format!("topic new --from {} --id a.b", like[0]),
        format!("topic new --from {}", path("none.txt")),
        "topic new --from article:1".to_owned(),
        format!("topic new --from {} {}", path("other/rover.txt"), unlike[1]),
        "topic new --from http://127.0.0.1:1/".to_owned(),
        "topic new --unlike x.txt".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    compare("topic-new", folder.path(), &transcript(folder.path(), &lines));

    let one = |pages: &str| {
        let done = run(folder.path(), &format!("topic new --id one --from {pages}"));
        (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    assert_eq!(one(&format!("{0} {0}", like[0])), one(&like[0]), "a page that is named twice says no more");

    let manifest: String = files("like", &LIKE)
        .iter()
        .chain(&files("unlike", &UNLIKE))
        .chain(&files("other", &["follow-up", "rover"]))
        .map(|file| {
            let article = config::article_of_file(&folder.path().join(file)).unwrap();
            let given = serde_json::json!({ "id": file, "title": article.title, "text": article.text() });
            format!("{given}\n")
        })
        .collect();
    fs::write(folder.path().join("m.jsonl"), manifest).unwrap();
    let judged = run(folder.path(), &format!("inspect topics --json --manifest {}", path("m.jsonl")));
    let matched: Vec<bool> = String::from_utf8(judged.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["topics"][0]["matched"] == true)
        .collect();
    assert_eq!(matched, [true, true, true, false, false, true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_may_be_addresses_and_stored_articles() {
    let server = Server::start(|asked| {
        let html = ["Content-Type: text/html"];
        let text: Vec<String> = (0..4)
            .map(|n| format!("The ferry of Harbour Town stays in port for the {n}th day, as its captain Ada Quill has gone on strike over pay."))
            .collect();
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        match asked.path.as_str() {
            "/ferry" => answer("200 OK", &html, page("Ferry strike in Harbour Town", &text, &["Grain ships sail"])),
            "/robots.txt" => answer("200 OK", &["Content-Type: text/plain"], "User-agent: *\nDisallow: /private\n"),
            "/rss" => answer(
                "200 OK",
                &["Content-Type: application/rss+xml"],
                "<rss version='2.0'><channel><title>Post</title><item><title>Ferry strike</title></item></channel></rss>",
            ),
            "/wall" => answer("403 Forbidden", &html, ""),
            _ => answer("404 Not Found", &[], ""),
        }
    })
    .await;
    let folder = house("[topic.old]\nall = [\"x1\"]\n");
    store(folder.path(), &files("like", &["wire"]), 0);
    let lines: [&[&str]; 6] = [
        &["topic", "new", "--from", "SITE/rss"],
        &["topic", "new", "--from", "SITE/ferry", "--id", "ferry"],
        &["topic", "new", "--from", "SITE/private", "--id", "ferry"],
        &["topic", "new", "--from", "SITE/wall"],
        &["topic", "new", "--from", "https://example.org/0", "article:1", "--id", "stored", "-q"],
        &["topic", "new", "--from", "SITE/ferry", "--json", "--id", "ferry"],
    ];
    let text = told(folder.path(), &server, &lines).await;
    compare("topic-new-addresses", folder.path(), &text);
}
