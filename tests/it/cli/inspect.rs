//! Transcripts of `inspect`: good and bad inputs, in the order of the manifest.

use std::fs;
use std::io::Write as _;

use serde_json::{Value, json};

use super::{filled, json as data, newswatch, run};

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Example Post</title>
<item><guid isPermaLink="false">a-1</guid><title>Kim to travel</title><link>/kim</link>
<pubDate>Mon, 04 Sep 2023 16:15:00 GMT</pubDate><description>By train.</description></item></channel></rss>"#;

const PAGE: &str = "<html lang=en><head><title>Kim to travel | Example Post</title>
<meta property='article:published_time' content='2023-09-04T16:15:00Z'></head><body><nav>Home World</nav><article>
<h1>Kim Jong Un to travel to Russia</h1>
<p>Kim Jong Un means to travel to Russia this month to meet Vladimir Putin, people who know of the plan said.</p>
<p>The two are to talk about weapons for the war in Ukraine, which would be paid for with food and with technology.</p>
<p>The train is armoured and slow, and the way from Pyongyang to Vladivostok is long; the journey takes a day.</p>
</article></body></html>";

fn lines(text: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(text).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn feeds_come_in_order_and_a_bad_one_is_a_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.xml"), FEED).unwrap();
    fs::write(folder.path().join("bad.xml"), "<html><body>404</body></html>").unwrap();
    let manifest = "{\"file\": \"good.xml\", \"base\": \"https://example.org/rss.xml\", \"content_type\": null}\nnonsense\n\
                    {\"file\": \"bad.xml\"}\n{\"file\": \"good.xml\", \"id\": 7}\n{\"file\": \"none.xml\"}\n{\"file\": \"good.xml\", \"base\": \"x\"}\n";
    fs::write(folder.path().join("m.jsonl"), manifest).unwrap();
    let path = folder.path().join("m.jsonl");
    let output = newswatch(folder.path())
        .args(["inspect", "feed", "--json", "--manifest"])
        .arg(path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answers = lines(&output.stdout);
    let files: Vec<&Value> = answers.iter().map(|answer| &answer["file"]).collect();
    assert_eq!(
        files,
        ["good.xml", "", "bad.xml", "good.xml", "none.xml", "good.xml"]
            .map(|file| if file.is_empty() { Value::Null } else { json!(file) })
            .iter()
            .collect::<Vec<_>>()
    );
    let bad: Vec<bool> =
        answers.iter().map(|answer| answer["error"].is_string() && answer["feed"].is_null()).collect();
    assert_eq!(bad, [false, true, true, false, true, true]);
    let entry = &answers[0]["feed"]["entries"][0];
    assert_eq!(entry["id"], "a-1");
    assert_eq!(
        (&entry["url"], &entry["published"]),
        (&json!("https://example.org/kim"), &json!("2023-09-04T16:15:00Z"))
    );
    assert_eq!(answers[3]["feed"]["entries"][0]["url"], "kim", "without a base a relative link stays one");
    assert_eq!(answers[0]["feed"]["title"], "Example Post");
    assert!(answers[0]["repairs"].is_array());
}

/// What `line` prints of `input` at its standard input.
fn piped(line: &str, input: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut child = newswatch(folder.path())
        .args(line.split(' '))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_short_page_is_read_with_what_its_feed_says() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<html><body><article><h1>Ferry strike</h1><p>The ferry of Quillport stays in port today, its captain said.</p></article></body></html>";
    fs::write(folder.path().join("short.html"), page).unwrap();
    let manifest =
        "{\"file\": \"short.html\"}\n{\"file\": \"short.html\", \"summary\": \"<p>The ferry stays.</p>\"}\n";
    fs::write(folder.path().join("m.jsonl"), manifest).unwrap();
    let path = |name: &str| folder.path().join(name);
    let answers = |args: &[&str], name: &str| {
        let output =
            newswatch(folder.path()).args(["inspect", "page", "--json"]).args(args).arg(path(name)).output();
        lines(&output.unwrap().stdout)
    };
    let of_manifest = answers(&["--manifest"], "m.jsonl");
    let why = "the page has 11 words of text, too few for an article, unless its feed says less; \
               --summary gives what its feed says";
    assert_eq!(of_manifest[0]["error"], why);
    assert_eq!(of_manifest[1]["article"]["title"], "Ferry strike", "{}", of_manifest[1]);
    let longer = answers(
        &["--summary", "The ferry of Quillport stays in port, its captain and its crew said on Monday."],
        "short.html",
    );
    assert_eq!(
        longer[0]["error"],
        "the page has 11 words of text, too few for an article, and its feed says no less"
    );
    assert_eq!(
        answers(&["--summary", "The ferry stays."], "short.html")[0]["article"]["title"],
        "Ferry strike"
    );
}

#[test]
fn standard_input_is_read_for_a_dash() {
    let feed = lines(piped("inspect feed --json -", FEED).as_bytes());
    assert_eq!((&feed[0]["file"], &feed[0]["feed"]["title"]), (&json!("-"), &json!("Example Post")));
    let page = lines(piped("inspect page --json -", PAGE).as_bytes());
    assert_eq!(page[0]["article"]["title"], "Kim Jong Un to travel to Russia");
    let named = "{\"id\": 1, \"title\": \"Kim\", \"text\": \"x\", \"time\": \"2023-09-04T10:00:00Z\"}";
    assert_eq!(lines(piped("inspect stories --json --manifest -", named).as_bytes())[0]["story"], 1);
}

#[test]
fn an_entry_without_title_or_address_is_shown_as_such() {
    let cut = "<rss version='2.0'><channel><title>Cut</title><item><guid isPermaLink='false'>tag:1</guid><description>x</description></item>\
               <item><description>y</description></item><item><link>https://example.org/3</link><description>z";
    insta::assert_snapshot!(piped("inspect feed -", cut));
}

#[test]
fn pages_may_be_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    fs::write(&page, PAGE).unwrap();
    let gzipped = std::process::Command::new("gzip").arg("--keep").arg(&page).status().unwrap();
    assert!(gzipped.success());
    let line = format!("inspect page --json {0} {0}.gz", page.display());
    let answers = lines(&run(folder.path(), &line).stdout);
    assert_eq!(answers.len(), 2);
    for answer in &answers {
        assert_eq!(answer["error"], Value::Null, "{answer:#}");
        let article = &answer["article"];
        assert_eq!(article["title"], "Kim Jong Un to travel to Russia");
        assert_eq!(article["published"], "2023-09-04T16:15:00Z");
        let text = article["text"].as_str().unwrap();
        assert_eq!(text.split("\n\n").count(), 3, "{text}");
        assert!(
            !text.contains("Home World") && article["furniture"].as_str().unwrap().contains("Home World")
        );
    }
}

#[test]
fn reports_join_stories_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Kim Jong Un means to travel to Vladivostok in September to meet Vladimir Putin, Yonhap reported on Monday. \
                They are to talk about artillery shells for the war in Ukraine.";
    let report = |id: &str, time: &str, outlet: &str, title: &str, text: &str| {
        json!({ "id": id, "time": time, "outlet": outlet, "title": title, "text": text }).to_string()
    };
    let manifest = [
        report("a", "2023-09-04T10:00:00Z", "Example Post", "Kim to meet Putin in Vladivostok", text),
        report("b", "2023-09-04T11:00:00Z", "Example Net", "Kim Jong Un to meet Putin in Vladivostok", text),
        report("c", "some day", "Example Net", "x", "y"),
        report(
            "d",
            "2023-09-04T12:00:00Z",
            "Example Net",
            "Lunar rover put to sleep",
            "India put its rover on the moon to sleep.",
        ),
    ];
    let path = folder.path().join("m.jsonl");
    fs::write(&path, manifest.join("\n")).unwrap();
    let output = run(folder.path(), &format!("inspect stories --json --manifest {}", path.display()));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answers = lines(&output.stdout);
    let stories: Vec<&Value> = answers.iter().map(|answer| &answer["story"]).collect();
    assert_eq!(stories, [&json!(1), &json!(1), &Value::Null, &json!(2)]);
    assert_eq!(answers[1]["outlets"], 2);
    assert_eq!(answers[0]["origins"][0]["name"], "Yonhap");
    assert_eq!((&answers[0]["kind"], &answers[1]["kind"]), (&json!("new"), &json!("rehash")));
    assert!(answers[2]["error"].as_str().unwrap().starts_with("time: "));
}

#[test]
fn topics_judge_texts_and_pages() {
    let folder = tempfile::tempdir().unwrap();
    filled::configure(folder.path());
    fs::write(folder.path().join("page.html"), PAGE).unwrap();
    let manifest = "{\"id\": \"t\", \"title\": \"Kim Jong Un meets Putin\", \"text\": \"They talked.\"}\n{\"file\": \"page.html\"}\n\
                    {\"id\": 3, \"title\": \"Weather\", \"text\": \"Rain.\", \"furniture\": \"Kim Jong Un meets Putin\"}\n{\"id\": 4}\n";
    let path = folder.path().join("m.jsonl");
    fs::write(&path, manifest).unwrap();
    let output = run(folder.path(), &format!("inspect topics --json --manifest {}", path.display()));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answers = lines(&output.stdout);
    let names: Vec<_> = answers.iter().map(|answer| (&answer["id"], &answer["file"])).collect();
    let none = Value::Null;
    assert_eq!(
        names,
        [(&json!("t"), &none), (&none, &json!("page.html")), (&json!(3), &none), (&json!(4), &none)]
    );
    let matched: Vec<&Value> = answers.iter().map(|answer| &answer["topics"][0]["matched"]).collect();
    assert_eq!(matched, [&json!(true), &json!(true), &json!(false), &none]);
    let sidebar = &answers[2]["topics"][0];
    assert!(sidebar["why_not"].as_array().is_some_and(|why| !why.is_empty()), "{sidebar:#}");
}

#[test]
fn a_file_is_explained_without_a_store() {
    let folder = tempfile::tempdir().unwrap();
    filled::configure(folder.path());
    let page = folder.path().join("page.html");
    fs::write(&page, PAGE).unwrap();
    let line = format!("explain --json --file {} --url https://example.org/kim", page.display());
    assert_eq!(run(folder.path(), &line).status.code(), Some(0));
    let journey = data(folder.path(), &line);
    assert_eq!(journey["topics"][0]["topic"], "nk");
    assert_eq!(journey["topics"][0]["matched"], true);
    assert_eq!((&journey["story"], &journey["verdicts"]), (&Value::Null, &json!([])));
    fs::write(&page, PAGE.replace("Putin", "nobody")).unwrap();
    assert_eq!(run(folder.path(), &line).status.code(), Some(1));
    assert_eq!(run(folder.path(), &format!("explain --file {}x", page.display())).status.code(), Some(2));
}
