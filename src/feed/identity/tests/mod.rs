//! Identity: keys of one document, and a publisher who does everything that publishers do.

use super::*;
use url::Url;

mod model;
mod publishers;
mod series;

fn entry(id: &str, url: &str, title: &str) -> Entry {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Entry { id: some(id), url: Url::parse(url).ok(), title: some(title), ..Entry::default() }
}

fn keys(entries: &[Entry]) -> Vec<String> {
    identify(entries.to_vec()).into_iter().map(|entry| entry.key).collect()
}

#[test]
fn id_then_address_then_title() {
    let all = [
        entry("i", "https://example.org/a", "t"),
        entry("", "https://example.org/a?utm_source=x", "t"),
        entry("", "", "t"),
    ];
    assert_eq!(keys(&all)[..2], ["i", "https://example.org/a"]);
    assert_eq!(keys(&all)[2], fingerprint(&["t", ""]));
}

#[test]
fn the_same_twice_shares_a_key() {
    assert_eq!(keys(&[entry("i", "", "t"), entry("i", "", "t")]), ["i", "i"]);
}

#[test]
fn a_reused_id_is_told_apart_by_address_else_by_content() {
    let (a, b) = (entry("i", "https://example.org/a", "t"), entry("i", "https://example.org/b", "u"));
    assert_eq!(keys(&[a.clone(), b.clone()]), ["i https://example.org/a", "i https://example.org/b"]);
    let (c, d) = (entry("i", "", "t"), entry("i", "", "u"));
    let both = keys(&[c.clone(), d.clone()]);
    assert_eq!(both, [format!("i {}", c.content_hash()), format!("i {}", d.content_hash())]);
    // In whatever order and company they come.
    assert_eq!(keys(&[d.clone(), c.clone(), d]), [both[1].clone(), both[0].clone(), both[1].clone()]);
}
