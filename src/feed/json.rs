//! JSON Feed, read tolerantly: numeric ids, no titles, no version, odd types are not worth losing a feed for.

use serde_json::{Map, Value};
use url::Url;

use super::markup::escape_into;
use super::plain::{clip, short};
use super::{Entry, Feed, FeedError, MAX_ENTRIES, MAX_TEXT, bounded, dates, is_language, web_address};
use crate::clock::Timestamp;

/// Reads a JSON Feed.
pub(super) fn read(text: &str, base: &Url, now: Timestamp) -> Result<Feed, FeedError> {
    let value = bounded::parse(text).map_err(|error| FeedError(format!("broken JSON: {error}")))?;
    let Some((root, items)) = value.as_object().and_then(|root| Some((root, root.get("items")?.as_array()?)))
    else {
        return Err(FeedError("JSON, but not a JSON Feed: it has no list of items".to_owned()));
    };
    let mut repairs = Vec::new();
    if !string(root, "version").is_some_and(|version| version.contains("jsonfeed.org/version/")) {
        repairs.push("no JSON Feed version".to_owned());
    }
    if items.len() > MAX_ENTRIES {
        repairs.push(format!("only the first {MAX_ENTRIES} entries were read"));
    }
    let language = string(root, "language").filter(|tag| is_language(tag));
    let authors = author(root);
    let mut entries = Vec::new();
    for item in items.iter().take(MAX_ENTRIES) {
        match item.as_object() {
            Some(item) => entries.push(entry(item, base, now, authors.as_ref(), language.as_ref())),
            None => repairs.push("an item that is no object".to_owned()),
        }
    }
    repairs.dedup();
    if entries.is_empty() && !items.is_empty() {
        return Err(FeedError(format!("a JSON Feed of {} items, none of which could be read", items.len())));
    }
    Ok(Feed {
        format: "json".to_owned(),
        title: string(root, "title").and_then(|title| short(&title)),
        language,
        entries,
        repairs,
        ..Feed::default()
    })
}

fn entry(
    item: &Map<String, Value>,
    base: &Url,
    now: Timestamp,
    feed_author: Option<&String>,
    feed_language: Option<&String>,
) -> Entry {
    let address = |key| string(item, key).and_then(|link| web_address(&link, base));
    let date = |key| string(item, key).and_then(|date| dates::parse(&date, now));
    let html = string(item, "content_html");
    let text = string(item, "content_text").map(|text| as_html(&text));
    let summary = string(item, "summary").map(|text| as_html(&text));
    let (content_html, rest) = if html.is_some() { (html, text) } else { (text, None) };
    Entry {
        key: String::new(),
        id: string(item, "id"),
        url: address("url").or_else(|| address("external_url")),
        title: string(item, "title").and_then(|title| short(&title)),
        published: date("date_published"),
        updated: date("date_modified"),
        authors: author(item).or_else(|| feed_author.cloned()).into_iter().collect(),
        summary_html: summary.or(rest),
        content_html,
        language: string(item, "language").filter(|tag| is_language(tag)).or_else(|| feed_language.cloned()),
        ..Entry::default()
    }
}

/// The text at `key`, numbers and truth values as they are written; `None` if there is none.
fn string(object: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Value::String(text) => clip(text.trim(), MAX_TEXT).to_owned(),
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The first author: `authors` (1.1), else `author` (1.0), which some give as a mere name.
fn author(object: &Map<String, Value>) -> Option<String> {
    let first = object.get("authors").and_then(|authors| authors.as_array()?.first());
    let person = first.or_else(|| object.get("author"))?;
    let name = person
        .as_object()
        .map_or_else(|| person.as_str().map(str::to_owned), |person| string(person, "name"));
    short(&name?)
}

fn as_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}
