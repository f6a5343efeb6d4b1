//! Listing pages and watched pages as fixtures: each page says in its first line what is asked of it.

use serde_json::json;
use url::Url;

use super::super::{Change, change, read_links, read_watched, replaces};
use crate::clock::Timestamp;

fn base() -> Url {
    Url::parse("https://example.org/press/").expect("an address")
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// The selector in `<!-- KIND: SELECTOR -->` at the start of a page.
fn selector<'a>(html: &'a str, kind: &str) -> Option<&'a str> {
    html.strip_prefix("<!-- ")?
        .strip_prefix(kind)?
        .strip_prefix(": ")?
        .split_once(" -->")
        .map(|(selector, _)| selector)
}

fn watched(html: &str) -> Result<(String, bool), String> {
    let feed = read_watched(html, selector(html, "watch").expect("a selector"), &base())
        .map_err(|error| error.to_string())?;
    let text = feed.entries.iter().filter_map(|entry| entry.content_html.clone()).collect::<String>();
    Ok((crate::article::text_of_html(&text), feed.is_truncated()))
}

#[test]
fn pages() {
    insta::with_settings!({ snapshot_path => "../../../tests/fixtures/page/snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::glob!("../../../tests/fixtures/page", "*.html", |path| {
            let html = std::fs::read_to_string(path).expect("a fixture");
            let name = path.to_string_lossy().into_owned();
            if let Some(selector) = selector(&html, "links") {
                insta::assert_json_snapshot!(match read_links(&html, selector, &base(), now()) {
                    Ok(feed) => serde_json::to_value(feed).expect("JSON"),
                    Err(error) => json!({ "error": error.to_string() }),
                });
            } else if let Some(start) = name.strip_suffix(".after.html") {
                let before = std::fs::read_to_string(format!("{start}.before.html")).expect("a page before");
                let (before, _) = watched(&before).expect("a page to begin with");
                insta::assert_json_snapshot!(match watched(&html) {
                    Err(error) => json!({ "error": error }),
                    Ok((after, _)) if replaces(&before, &after) => json!("a stand-in"),
                    Ok((after, truncated)) => match change(&before, &after, now()) {
                        None => json!(null),
                        Some(change) if truncated && change.only_removes() => json!("a page that broke off"),
                        Some(Change { added, removed, kept }) => json!({ "added": added, "removed": removed, "kept": kept }),
                    },
                });
            } else {
                assert!(name.ends_with(".before.html"), "{name} says what is asked of it");
            }
        });
    });
}
