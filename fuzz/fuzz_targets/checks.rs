//! What holds of every feed, whatever the document.

#![allow(dead_code, reason = "each target uses a part of it")]

use newswatch::clock::Timestamp;
use newswatch::feed::{Entry, Feed};
use url::Url;

use crate::input::now;

/// A feed of at most `most` entries.
pub fn feed(feed: &Feed, most: usize) {
    assert!(feed.entries.len() <= most, "{} entries", feed.entries.len());
    assert!(!feed.format.is_empty(), "no format");
    assert!(feed.repairs.len() < 100, "{} repairs", feed.repairs.len());
    assert!(feed.rhythm.skip_hours.iter().all(|hour| *hour < 24), "{:?}", feed.rhythm);
    assert!(feed.rhythm.skip_days.iter().all(|day| *day < 7), "{:?}", feed.rhythm);
    feed.self_url.iter().chain(&feed.site_url).chain(&feed.hubs).for_each(web);
    for field in feed.entries.iter().flat_map(|entry| [&entry.title, &entry.language]).chain([&feed.title]) {
        assert!(field.as_ref().is_none_or(|text| !text.trim().is_empty()), "an empty field");
    }
    feed.entries.iter().for_each(entry);
}

fn entry(entry: &Entry) {
    entry.url.iter().chain(entry.media.iter().map(|media| &media.url)).for_each(web);
    entry.source.iter().filter_map(|source| source.url.as_ref()).for_each(web);
    entry.published.iter().chain(&entry.updated).for_each(|date| plausible(*date));
}

/// Entries that can be stored: each has its key.
pub fn identified(entries: &[Entry]) {
    assert!(entries.iter().all(|entry| !entry.key.trim().is_empty()), "an entry without a key");
}

pub fn web(url: &Url) {
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
}

pub fn plausible(date: Timestamp) {
    let first: Timestamp = "1990-01-01T00:00:00Z".parse().expect("a time");
    let last: Timestamp = "2026-11-24T12:00:00Z".parse().expect("a time");
    assert!(first <= date && date <= last, "{date}, where it is {}", now());
}
