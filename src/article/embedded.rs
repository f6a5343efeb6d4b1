//! The text of an article that a page carries only as data for its scripts, which build the page from it.

use super::blocks::blocks;
use super::dom::Page;
use super::roles::{self, Naming};
use super::stub::{FEWEST_WORDS, count};
use super::zones::{self, Zones};

/// Most of a page's scripts that is searched, in bytes.
const MAX_SCRIPTS: usize = 4 * 1024 * 1024;
/// Shortest and longest string that may be an article, in bytes as written.
const LENGTHS: std::ops::Range<usize> = 400..1024 * 1024;
/// Most strings that are read, the longest first.
const MAX_TRIES: usize = 3;

/// The article in the longest string of HTML among the data of the page's scripts.
pub(super) fn zones(html: &str, headline: &str) -> Option<Zones> {
    let mut found: Vec<&str> = scripts(html).flat_map(strings).filter(|text| is_markup(text)).collect();
    found.sort_by_key(|text| std::cmp::Reverse(text.len()));
    found.into_iter().take(MAX_TRIES).find_map(|text| {
        let text: String = serde_json::from_str(&format!("\"{text}\"")).ok()?;
        let page = Page::parse(&text).ok()?;
        let blocks = blocks(&page);
        let parts = roles::parts(&page, &[], Naming::Heeded, &[], |_| 0.0);
        let zones = zones::sort(&page, &blocks, &parts, headline, None, None);
        (count(&zones.lead) + count(&zones.body) >= FEWEST_WORDS).then_some(zones)
    })
}

/// The insides of the page's inline scripts.
fn scripts(html: &str) -> impl Iterator<Item = &str> {
    let (mut rest, mut left) = (html, MAX_SCRIPTS);
    std::iter::from_fn(move || {
        let (_, tail) = rest.split_once("<script")?;
        let (inside, tail) = tail.split_once("</script").unwrap_or((tail, ""));
        rest = tail;
        left = left.checked_sub(inside.len())?;
        Some(inside)
    })
}

/// The strings of a script that are written as JSON writes them, without their quotes.
fn strings(script: &str) -> impl Iterator<Item = &str> {
    let bytes = script.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|&b| b == b'"')? + 1;
        let mut end = start;
        loop {
            match bytes.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        at = end + 1;
        script.get(start..end)
    })
    .filter(|text| LENGTHS.contains(&text.len()))
}

/// True for a string that holds paragraphs of HTML, escaped once.
fn is_markup(text: &str) -> bool {
    ["\\u003cp", "\\u003Cp", "<p>", "<p "].iter().any(|tag| text.contains(tag))
}
