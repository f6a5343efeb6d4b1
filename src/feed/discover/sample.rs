//! What a person wants to know of a feed before taking it: how much, how new, how often, in which language, how whole.

use std::collections::HashSet;
use std::time::Duration;

use url::Url;

use super::identity;
use crate::clock::{Timestamp, since};
use crate::feed::plain::plain;
use crate::feed::{Entry, Feed};
use crate::text::language::detect;

/// How many titles are shown.
const TITLES: usize = 3;
/// Longest of these, in characters.
const LABEL: usize = 120;
/// How many entries are looked at for their texts.
const LOOKED_AT: usize = 20;
/// An entry with this many characters of text tells more than a teaser does.
const FULL_TEXT: usize = 1_000;
/// How much text tells the language.
const ENOUGH: usize = 2_000;

/// What a feed holds, in short.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// As [`Feed::format`].
    pub format: String,
    /// The feed's own title.
    pub title: Option<String>,
    /// The language of its titles and texts (ISO 639-1), else the declared one.
    pub language: Option<String>,
    /// How many entries there are.
    pub entries: usize,
    /// When the newest was published or changed.
    pub newest: Option<Timestamp>,
    /// The titles of the newest.
    pub titles: Vec<String>,
    /// Mean time between two entries.
    pub every: Option<Duration>,
    /// Whether most entries carry their text, not only a teaser.
    pub full_text: bool,
    /// What had to be repaired to read it.
    pub repairs: Vec<String>,
    /// Whether it holds comments of readers rather than articles.
    pub comments: bool,
    /// How many entries the page links to.
    pub on_page: usize,
    /// Whether most entries have a title.
    pub(super) titled: bool,
    /// The addresses of its entries, to tell which feeds are one in two formats.
    pub(super) addresses: HashSet<String>,
}

/// What `feed`, found at `url`, holds. `links` are those of the page that it was found from.
#[must_use]
#[expect(clippy::implicit_hasher, reason = "no other set is ever passed")]
pub fn sample(feed: &Feed, url: &Url, links: &HashSet<String>, now: Timestamp) -> Sample {
    let date = |entry: &Entry| entry.published.or(entry.updated);
    let mut order: Vec<&Entry> = feed.entries.iter().collect();
    // Stable: where nothing is dated the order of the document stays, which mostly is newest first.
    order.sort_by_key(|entry| std::cmp::Reverse(date(entry)));
    let addresses: HashSet<String> =
        feed.entries.iter().filter_map(|entry| entry.url.as_ref()).map(identity).collect();
    let titles = match order.first() {
        // Of a watched page, how its text begins: that is what the selector is about.
        Some(entry) if feed.format == "watch" => text_of(entry).take(TITLES).collect(),
        _ => order.iter().filter_map(|entry| label(entry)).take(TITLES).collect(),
    };
    let full = order.iter().take(LOOKED_AT).filter(|entry| text_length(entry) >= FULL_TEXT).count();
    Sample {
        format: feed.format.clone(),
        title: feed.title.clone(),
        language: language(feed, &order),
        entries: feed.entries.len(),
        newest: feed.entries.iter().filter_map(date).max(),
        titles,
        every: every(&order.iter().filter_map(|entry| date(entry)).collect::<Vec<_>>(), now),
        full_text: full > 0 && full * 2 >= order.len().min(LOOKED_AT),
        repairs: feed.repairs.clone(),
        comments: is_comments(feed, url),
        titled: feed.entries.iter().filter(|entry| entry.title.is_some()).count() * 2 > feed.entries.len(),
        on_page: addresses.iter().filter(|address| links.contains(*address)).count(),
        addresses,
    }
}

/// What stands for an entry in a list: its title, else how its text begins, else its address.
fn label(entry: &Entry) -> Option<String> {
    let text = || entry.summary_html.as_deref().or(entry.content_html.as_deref()).and_then(plain);
    let title = entry.title.clone().or_else(text).map(|text| crate::text::clean::bounded(&text, LABEL));
    title.or_else(|| entry.url.as_ref().map(ToString::to_string))
}

/// The paragraphs of a watched page.
fn text_of(entry: &Entry) -> impl Iterator<Item = String> {
    let lines = entry.content_html.as_deref().unwrap_or_default().lines();
    lines.filter_map(plain).map(|text| crate::text::clean::bounded(&text, LABEL))
}

fn text_length(entry: &Entry) -> usize {
    let length =
        |html: &Option<String>| html.as_deref().and_then(plain).map_or(0, |text| text.chars().count());
    length(&entry.content_html).max(length(&entry.summary_html))
}

fn language(feed: &Feed, order: &[&Entry]) -> Option<String> {
    let mut text = String::new();
    for entry in order {
        for part in [&entry.title, &entry.summary_html].into_iter().flatten() {
            text.push_str(&plain(part).unwrap_or_default());
            text.push_str(". ");
        }
        if text.len() > ENOUGH {
            break;
        }
    }
    detect(&text, feed.language.as_deref())
}

/// The mean gap between `dates`, the newest first. What lies in the future is no sign of a rhythm.
fn every(dates: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let past: Vec<Timestamp> = dates.iter().copied().filter(|date| *date <= now).collect();
    let (first, last) = (past.last()?, past.first()?);
    let gaps = u32::try_from(past.len()).ok()?.checked_sub(1).filter(|gaps| *gaps > 0)?;
    Some(since(*last, *first) / gaps).filter(|every| !every.is_zero())
}

fn is_comments(feed: &Feed, url: &Url) -> bool {
    let by_address =
        url.path_segments().is_some_and(|mut parts| parts.any(|part| part.eq_ignore_ascii_case("comments")));
    let title = feed.title.as_deref().unwrap_or_default().to_lowercase();
    by_address
        || ["comments on", "comments for", "kommentare zu", "commentaires sur", "comentarios en"]
            .iter()
            .any(|start| title.starts_with(start))
}
