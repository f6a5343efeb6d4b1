//! What a person meets who begins with addresses of their own: pages without a feed, errors, the first list, one article
//! in two feeds.

use std::fs;
use std::path::Path;

use newswatch::source::{Source, SourceKind};

use super::sources::{house, main_file, newswatch, told};
use super::{compare, filled, transcript};
use crate::support::press::{Item, page, rss};
use crate::support::server::{Server, answer, redirect};

const TEXT: &str = "The old lock of the harbour closes at night, and its gates are mended in winter.";

/// A site without feeds, whose pages are of many kinds.
pub(super) async fn site() -> Server {
    Server::start(|asked| {
        let html = ["Content-Type: text/html"];
        let body = match asked.path.as_str() {
            "/block" => {
                format!("<nav>{TEXT}</nav><div id=state><p>{TEXT}<p>{TEXT}</div><footer>imprint</footer>")
            }
            "/links" => {
                (1..=6).map(|n| format!("<p><a href=/s/{n}>Story number {n} of the harbour</a>")).collect()
            }
            "/notices" => {
                (1..=6).map(|n| format!("<tr><td>2023-09-0{n}<td><a href=/n/{n}>Notice {n}</a>")).collect()
            }
            "/open" => "Open".to_owned(),
            "/scripts" => "<div id=app></div><script>x</script>".to_owned(),
            "/pdf" => return answer("200 OK", &["Content-Type: application/pdf"], "%PDF-1.4"),
            "/large" => return answer("200 OK", &html, "x".repeat(100_000)),
            "/broken" => return answer("500 Internal Server Error", &[], ""),
            "/guarded" => return answer("403 Forbidden", &[], ""),
            "/away" => return redirect("http://127.0.0.1:1/"),
            _ => return answer("404 Not Found", &[], ""),
        };
        let body = if asked.path == "/notices" { format!("<table>{body}</table>") } else { body };
        let whole = format!("<!doctype html><html lang=en><title>Harbour</title><body>{body}</body></html>");
        answer("200 OK", &html, whole)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_a_feed_is_read_by_its_links_or_its_narrowest_part() {
    let (server, folder) = (site().await, house());
    let lines: [&[&str]; 5] = [
        &["source", "discover", "-q", "SITE/block"],
        &["source", "discover", "-q", "SITE/links"],
        &["source", "discover", "-q", "SITE/notices"],
        &["source", "discover", "-q", "SITE/open"],
        &["source", "discover", "-q", "SITE/scripts"],
    ];
    compare("discover-pages", folder.path(), &told(folder.path(), &server, &lines).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_says_where_what_and_what_to_try() {
    let (server, folder) = (site().await, house());
    let config = main_file(folder.path()).replace("[fetch] # how", "[fetch]\nmax_bytes = \"64KiB\"");
    fs::write(folder.path().join("newswatch.toml"), config).unwrap();
    let lines: [&[&str]; 7] = [
        &["source", "discover", "SITE/broken"],
        &["source", "discover", "SITE/guarded"],
        &["source", "discover", "SITE/nothing"],
        &["source", "discover", "SITE/large"],
        &["source", "discover", "SITE/away"],
        &["source", "discover", "SITE/pdf"],
        &["source", "add", "--yes", "127.0.0.1:1/x"],
    ];
    compare("discover-errors", folder.path(), &told(folder.path(), &server, &lines).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_added_by_a_selector_that_finds_something() {
    let (server, folder) = (site().await, house());
    let lines: [&[&str]; 8] = [
        &["source", "add", "--yes", "--watch", "#state", "--tag", "Locks", "SITE/block"],
        &["source", "add", "--yes", "--watch", "#state p", "--name", "Second", "SITE/block"],
        &["source", "add", "--yes", "--watch", "#state", "SITE/block"],
        &["source", "add", "--yes", "--links", "p > a", "SITE/links"],
        &["source", "add", "--yes", "--links", ".none", "SITE/links"],
        &["source", "add", "--yes", "--links", "p >> a", "SITE/links"],
        &["source", "add", "--no-check", "--watch", "main", "https://example.net/"],
        &["source", "add", "--no-check", "--watch", "main >>", "https://example.net/a"],
    ];
    let text = told(folder.path(), &server, &lines).await;
    let written = main_file(folder.path()).replace(&server.url("").port().unwrap().to_string(), "PORT");
    compare("source-add-page", folder.path(), &format!("{text}{written}"));
}

#[test]
fn sources_are_listed_and_refreshed_before_the_first_pass_and_once_they_left() {
    let folder = tempfile::tempdir().unwrap();
    filled::configure(folder.path());
    let text = transcript(
        folder.path(),
        &[
            "status",
            "source refresh",
            "source add --no-check --tag World https://example.com/new.xml",
            "source list",
            "source refresh 720c68faee09",
        ],
    );
    // With a store and a running daemon.
    let filled = filled::house();
    let rest = transcript(
        filled.path(),
        &[
            "source remove https://example.net/atom.xml",
            "source add --no-check --tag World https://example.com/new.xml",
            "source list",
            "source refresh",
            "source refresh https://example.net/atom.xml",
        ],
    );
    let rest = rest.replace(&filled.path().display().to_string(), "[filled]");
    compare("source-list", folder.path(), &format!("{text}{rest}"));
}

/// Two feeds of one outlet that list the same three articles; the second says more of the last.
async fn outlet() -> Server {
    Server::start(|asked| {
        let host = String::from_utf8(asked.header("host")[0].to_vec()).unwrap();
        let item = |n: usize, more: &str| {
            Item::new(
                &format!("http://{host}/art/{n}"),
                &format!("Flood number {n} at the harbour{more}"),
                &format!("Mon, 0{n} Sep 2023 11:00:00 GMT"),
            )
        };
        let xml = ["Content-Type: application/rss+xml"];
        match asked.path.as_str() {
            "/a.xml" => answer("200 OK", &xml, rss("a", &[item(1, ""), item(2, ""), item(3, "")])),
            "/b.xml" => answer("200 OK", &xml, rss("b", &[item(1, ""), item(2, ""), item(3, ", updated")])),
            other if other.starts_with("/art/") => answer(
                "200 OK",
                &["Content-Type: text/html"],
                page(&format!("Flood {other}"), &[TEXT, TEXT], &[]),
            ),
            _ => answer("404 Not Found", &[], ""),
        }
    })
    .await
}

async fn said(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(newswatch(folder, arguments).await.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_article_in_two_feeds_is_fetched_once_and_explained_as_both() {
    let (server, folder) = (outlet().await, house());
    let site = server.url("").to_string();
    let feeds: String = ["a.xml", "b.xml"]
        .map(|feed| {
            format!("[[feed]]\nurl = \"{site}{feed}\"\nname = \"Post {feed}\"\nfirst_look = \"alert\"\n")
        })
        .concat();
    let config = main_file(folder.path())
        .replace("[[feed]]\nurl = \"https://example.org/rss.xml\"\nname = \"Example Post\"\n", &feeds)
        .replace("all = [\"flood\"]", "all = [\"flood\"]\nchannels = [\"log\"]");
    fs::write(folder.path().join("newswatch.toml"), config).unwrap();
    let pass = said(folder.path(), &["once"]).await;
    assert!(pass.contains("looked at 2 sources: 6 new reports"), "{pass}");
    let asked = |path: &str| server.asked().iter().filter(|asked| asked.path == path).count();
    assert_eq!([asked("/art/1"), asked("/art/2"), asked("/art/3")], [1, 1, 2], "what says the same is one");

    let text = said(folder.path(), &["explain", &format!("{site}art/1")]).await;
    let ids =
        ["a.xml", "b.xml"].map(|feed| Source::id_of(&SourceKind::Feed, &server.url(&format!("/{feed}"))).0);
    assert!(ids.iter().all(|id| text.contains(id.as_str())), "{text}");
    assert_eq!(text.matches("\n  also  ").count(), 1, "{text}");
    let alerts = said(folder.path(), &["alerts"]).await;
    assert!(alerts.contains(&format!("\n  {site}art/")) && alerts.contains("outlet"), "{alerts}");
}
