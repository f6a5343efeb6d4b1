//! Sources through their commands: found, added, removed, refreshed, imported, exported. The real binary on loopback.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use newswatch::clock::{Clock, SystemClock, later};
use newswatch::source::SourceId;
use newswatch::store::{Lock, Store, table};
use tempfile::TempDir;
use tokio::process::Command;

use super::{compare, filled, run, transcript};
use crate::support::press::{Item, rss};
use crate::support::server::{Server, answer, redirect};

const MAIN: &str = "# My watch.\ninclude = [\"watchlists/*.toml\"]\n\n[fetch] # how\nallow = [\"127.0.0.0/8\"]\nspacing = \"1ms\"\n\n\
    # The paper of the old town.\n[[feed]]\nurl = \"https://example.org/rss.xml\"\nname = \"Example Post\"\n\n\
    [topic.flood]\nall = [\"flood\"]\n[store]\npath = \"STORE\"\n";

/// A folder with a configuration that may ask loopback.
pub(super) fn house() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("watchlists")).unwrap();
    let store = folder.path().join("newswatch.db");
    fs::write(folder.path().join("newswatch.toml"), MAIN.replace("STORE", &store.display().to_string()))
        .unwrap();
    folder
}

pub(super) fn main_file(folder: &Path) -> String {
    fs::read_to_string(folder.join("newswatch.toml")).unwrap()
}

/// A site with a page that names two feeds, a site without any, and a feed behind a redirect.
async fn site() -> Server {
    let items: Vec<Item> = (1..=9)
        .map(|n| {
            Item::new(
                &format!("https://harbour.example/{n}"),
                &format!("The ferry number {n} is late again"),
                &format!("Mon, {n:02} Sep 2003 11:00:00 GMT"),
            )
        })
        .collect();
    let feed = rss("harbour", &items);
    Server::start(move |asked| {
        let xml = ["Content-Type: application/rss+xml"];
        match asked.path.as_str() {
            "/" => answer(
                "200 OK",
                &["Content-Type: text/html"],
                "<!doctype html><html lang=en><title>Harbour</title><link rel=alternate type=application/rss+xml href=/comments/feed/>\
                 <link rel=alternate type=application/rss+xml href=/feed/ title='Harbour \u{1b}[31m'><a href=https://harbour.example/3>x</a>",
            ),
            "/feed/" | "/new" => answer("200 OK", &xml, &feed),
            "/comments/feed/" => answer("200 OK", &xml, feed.replace("The ferry", "Re: the ferry")),
            "/old" => redirect("/new"),
            "/bare" => answer("200 OK", &["Content-Type: text/plain"], "nothing to see"),
            _ => answer("404 Not Found", &[], ""),
        }
    })
    .await
}

pub(super) async fn newswatch(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_newswatch"))
        .args(arguments)
        .env_clear()
        .env("TZ", "UTC")
        .env("NEWSWATCH_CONFIG", folder)
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap()
}

/// What the commands print, with the server's port replaced.
pub(super) async fn told(folder: &Path, server: &Server, lines: &[&[&str]]) -> String {
    let mut text = String::new();
    for line in lines {
        let line: Vec<String> = line
            .iter()
            .map(|part| part.replace("SITE", server.url("").as_str().trim_end_matches('/')))
            .collect();
        let output = newswatch(folder, &line.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        text += &format!("$ newswatch {}\n{out}", line.join(" "));
        text += &err.lines().map(|line| format!("stderr: {line}\n")).collect::<String>();
        text += &format!("exit: {}\n\n", output.status.code().unwrap());
    }
    let host = server.url("");
    text.replace(&format!("127.0.0.1:{}", host.port().unwrap()), "127.0.0.1:PORT")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_looked_at_and_its_feed_added() {
    let (server, folder) = (site().await, house());
    let before = main_file(folder.path());
    let lines: [&[&str]; 7] = [
        &["source", "discover", "SITE/"],
        &["source", "add", "SITE/"],
        &["source", "add", "SITE/", "--yes", "--tag", "World/Asia", "--tag", "Ships"],
        &["source", "add", "--yes", "SITE/feed/"],
        &["source", "add", "--yes", "--json", "--name", "Old \"new\"", "feed:SITE/old"],
        &["source", "add", "--yes", "SITE/bare"],
        &["source", "discover", "SITE/bare"],
    ];
    let text = told(folder.path(), &server, &lines).await;
    let after = main_file(folder.path());
    let port = server.url("").port().unwrap().to_string();
    compare("source-add", folder.path(), &format!("{text}{}", after.replace(&port, "PORT")));
    let mut rest = after.lines();
    assert!(
        before.lines().all(|line| rest.any(|other| other == line)),
        "all that was there is there, in its order"
    );
    assert_eq!(run(folder.path(), "check").status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discover_gives_its_findings_as_json() {
    let (server, folder) = (site().await, house());
    let text = told(folder.path(), &server, &[&["source", "discover", "--json", "SITE/"]]).await;
    compare("source-discover-json", folder.path(), &text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_address_is_refused_with_what_to_do() {
    let (server, folder) = (site().await, house());
    let config = main_file(folder.path()).replace("allow = [\"127.0.0.0/8\"]", "");
    fs::write(folder.path().join("newswatch.toml"), config).unwrap();
    let text = told(
        folder.path(),
        &server,
        &[&["source", "discover", "SITE/"], &["source", "add", "--yes", "localhost:1/"]],
    )
    .await;
    compare("source-private", folder.path(), &text);
    assert!(server.asked().is_empty());
}

#[test]
fn a_source_is_added_unasked_only_if_the_person_says_so() {
    let folder = house();
    let text = transcript(
        folder.path(),
        &[
            "source add https://example.net/a.xml",
            "source add --no-check https://example.net/a.xml --tag News",
            "source add --no-check example.net/a.xml",
            "source add --no-check --kind sitemap https://example.net/news-sitemap.xml --json",
            "source add --no-check --kind page https://example.net/",
            "source add --no-check https://example.net/b.xml --file watchlists/new.toml",
            "source add --no-check https://example.net/c.xml --file elsewhere.toml",
            "source add --no-check https://example.net/d.xml --tag a,b",
            "source add --no-check ftp://example.net/",
            "source add --no-check kim",
        ],
    );
    let list = fs::read_to_string(folder.path().join("watchlists/new.toml")).unwrap();
    compare("source-add-unchecked", folder.path(), &format!("{text}{}\n{list}", main_file(folder.path())));
}

#[test]
fn a_source_is_removed_by_address_name_or_id_with_its_own_comment() {
    let folder = house();
    run(folder.path(), "source add --no-check https://example.net/a.xml --name Twin");
    run(folder.path(), "source add --no-check https://example.net/b.xml --name twin");
    run(folder.path(), "source add --no-check https://example.net/c.xml");
    let id = newswatch::source::Source::id_of(
        &newswatch::source::SourceKind::Feed,
        &"https://example.net/c.xml".parse().unwrap(),
    );
    let (twins, by_id) = (transcript(folder.path(), &["source remove Twin"]), format!("source remove {id}"));
    let rest = transcript(
        folder.path(),
        &[
            &by_id,
            "source remove example.net/a.xml",
            "source remove TWIN --json",
            "source remove nobody",
            "source remove https://example.org/rss.xml",
        ],
    );
    let text = format!("{twins}{rest}{}", main_file(folder.path()));
    compare("source-remove", folder.path(), &text);
    assert!(!main_file(folder.path()).contains("old town"));
}

#[test]
fn a_file_with_a_syntax_error_is_left_alone_and_its_place_told() {
    let folder = house();
    let broken = main_file(folder.path()).replace("name = \"Example Post\"", "name = \"Example Post");
    fs::write(folder.path().join("newswatch.toml"), &broken).unwrap();
    fs::write(
        folder.path().join("list.opml"),
        "<opml><body><outline xmlUrl='https://example.net/a.xml'/></body></opml>",
    )
    .unwrap();
    let lines = [
        "source add --no-check https://example.net/a.xml",
        "source remove https://example.org/rss.xml",
        "import list.opml",
    ];
    compare("source-syntax-error", folder.path(), &transcript(folder.path(), &lines));
    assert_eq!(main_file(folder.path()), broken);
}

#[test]
fn refresh_makes_due_what_no_server_asked_to_wait_for() {
    let folder = filled::house();
    let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
    let ids: Vec<SourceId> = store
        .write_blocking(|tx| Ok(table::list_sources(tx)?.into_iter().map(|row| row.id).collect()))
        .unwrap();
    let until = later(SystemClock.now(), std::time::Duration::from_mins(90));
    store
        .write_blocking(|tx| {
            let mut state = table::source_state(tx, &ids[0])?.unwrap();
            (state.busy, state.next_check, state.quiet_until) = (1, until, Some(until));
            state.why_next = "429 Too Many Requests, Retry-After 1h 30m".into();
            table::put_source_state(tx, &ids[0], &state)
        })
        .unwrap();
    // The daemon holds the lock meanwhile.
    assert!(Lock::is_held(&folder.path().join("newswatch.db")));
    let lines = [
        "source refresh https://example.org/rss.xml",
        "source refresh",
        "source refresh nobody",
        "source refresh --json example.net/atom.xml",
    ];
    compare("source-refresh", folder.path(), &transcript(folder.path(), &lines));
    let due = store.write_blocking(|tx| table::due_sources(tx, SystemClock.now(), 9)).unwrap();
    assert_eq!(due.len(), 1);
}

#[test]
fn a_list_goes_in_and_comes_out_as_it_was() {
    let folder = house();
    fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/opml/untidy.opml"),
        folder.path().join("untidy.opml"),
    )
    .unwrap();
    fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/opml/own.opml"),
        folder.path().join("own.opml"),
    )
    .unwrap();
    fs::write(folder.path().join("page.opml"), "<!doctype html><title>Sign in</title>").unwrap();
    let at = |line: &str| line.replace("AT", &folder.path().display().to_string());
    let lines = [
        "import --dry-run AT/untidy.opml",
        "import AT/untidy.opml",
        "import AT/untidy.opml",
        "import --json AT/own.opml",
        "import AT/page.opml",
        "import AT/none.opml",
        "export",
        "export AT/out.opml",
        "export AT/out.opml",
        "export --force AT/out.opml",
    ]
    .map(at);
    let text = transcript(folder.path(), &lines.each_ref().map(String::as_str));
    let list = fs::read_to_string(folder.path().join("watchlists/imported.toml")).unwrap();
    compare("import-export", folder.path(), &format!("{text}{list}"));

    // Out, in elsewhere, out again: the same.
    let other = tempfile::tempdir().unwrap();
    fs::write(
        other.path().join("newswatch.toml"),
        "[topic.x]\nall = [\"flood\"]\n[store]\npath = \"/n/n.db\"\n",
    )
    .unwrap();
    let first = fs::read_to_string(folder.path().join("out.opml")).unwrap();
    let line = format!("import {}", folder.path().join("out.opml").display());
    assert_eq!(run(other.path(), &line).status.code(), Some(0));
    assert_eq!(String::from_utf8(run(other.path(), "export").stdout).unwrap(), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_15_a_host_that_wants_quiet_is_not_asked_and_requests_are_counted_as_made() {
    let (folder, host) = (house(), "127.0.0.1");
    let busy = Server::start(|_| answer("429 Too Many Requests", &["Retry-After: 3600"], "")).await;
    let said = told(folder.path(), &busy, &[&["source", "discover", "SITE/"]]).await;
    assert_eq!(busy.asked().len(), 1, "{said}");
    let places = "usual places not asked, as the host wants quiet; try again later";
    assert!(said.contains("answered 429 Too Many Requests; ") && said.contains(places), "{said}");
    assert!(!said.contains("nothing at"), "{said}");
    // What the daemon knows holds here too.
    let store = Store::open(&folder.path().join("newswatch.db")).unwrap();
    let until = later(SystemClock.now(), std::time::Duration::from_mins(30));
    store.write_blocking(|tx| table::put_quiet(tx, host, until)).unwrap();
    for line in [["source", "discover", "SITE/"].as_slice(), &["source", "add", "--yes", "SITE/"]] {
        let said = told(folder.path(), &busy, &[line]).await;
        assert!(said.contains("not asked, as this host wants quiet, "), "{said}");
        assert_eq!(busy.asked().len(), 1, "{said}");
    }
}
