//! JSON Feed, read tolerantly: numeric ids, no titles, no version, odd types, a broken end are not worth losing a feed
//! for.

use serde_json::{Map, Value};
use url::Url;

use super::markup::escape_into;
use super::plain::{clip, short};
use super::{
    CUT, Entry, Feed, FeedError, MAX_ENTRIES, MAX_TEXT, Media, bounded, dates, is_language, mend, web_address,
};
use crate::clock::Timestamp;

/// Most authors, tags or attachments that are read of one item, and hubs of the feed.
const MAX_VALUES: usize = 64;

type Object = Map<String, Value>;

/// Reads a JSON Feed.
pub(super) fn read(text: &str, base: &Url, now: Timestamp) -> Result<Feed, FeedError> {
    let mut repairs = Vec::new();
    let value = match bounded::parse(text) {
        Ok(value) => value,
        Err(error) => mend::json(text)
            .and_then(|(mended, faults)| {
                repairs = faults;
                bounded::parse(&mended).ok()
            })
            .ok_or_else(|| FeedError(format!("broken JSON: {error}")))?,
    };
    let list = |root: &'static str| value.as_object()?.get(root)?.as_array();
    let (Some(root), Some(items)) = (value.as_object(), ["items", "entries"].into_iter().find_map(list))
    else {
        return Err(FeedError("JSON, but not a JSON Feed: it has no list of items".to_owned()));
    };
    if !string(root, "version").is_some_and(|version| version.contains("jsonfeed.org/version/")) {
        repairs.push("no JSON Feed version".to_owned());
    }
    if items.len() > MAX_ENTRIES {
        repairs.push(format!("only the first {MAX_ENTRIES} entries were read"));
    }
    let language = string(root, "language").filter(|tag| is_language(tag));
    let authors = authors(root);
    let mut entries = Vec::new();
    let mut others = 0;
    for item in items.iter().take(MAX_ENTRIES) {
        match item.as_object() {
            Some(item) => entries.push(entry(item, base, now, &authors, language.as_ref())),
            None => others += 1,
        }
    }
    if others > 0 {
        repairs.push("an item that is no object".to_owned());
    }
    let is_long = |value: &Value| value.as_str().is_some_and(|text| text.trim().len() > MAX_TEXT);
    if items.iter().filter_map(Value::as_object).any(|item| item.values().any(is_long)) {
        repairs.push(CUT.to_owned());
    }
    if entries.is_empty() && !items.is_empty() {
        return Err(FeedError(format!("a JSON Feed of {} items, none of which could be read", items.len())));
    }
    let address = |key| string(root, key).and_then(|link| web_address(&link, base));
    Ok(Feed {
        format: "json".to_owned(),
        title: string(root, "title").and_then(|title| short(&title)),
        language,
        self_url: address("feed_url"),
        site_url: address("home_page_url"),
        hubs: objects(root, "hubs").filter_map(|hub| web_address(&string(hub, "url")?, base)).collect(),
        entries,
        repairs,
        ..Feed::default()
    })
}

fn entry(
    item: &Object,
    base: &Url,
    now: Timestamp,
    feed_authors: &[String],
    feed_language: Option<&String>,
) -> Entry {
    let address = |key| string(item, key).and_then(|link| web_address(&link, base));
    let date = |key| dates::parse(&string(item, key)?, now);
    let html = string(item, "content_html");
    let text = string(item, "content_text").map(|text| as_html(&text));
    let summary = string(item, "summary").map(|text| as_html(&text));
    let (content_html, rest) = if html.is_some() { (html, text) } else { (text, None) };
    let (published, updated) = (date("date_published"), date("date_modified"));
    let written = || string(item, "date_published").or_else(|| string(item, "date_modified"));
    let own = authors(item);
    Entry {
        key: String::new(),
        id: string(item, "id"),
        url: address("url").or_else(|| address("external_url")),
        title: string(item, "title").and_then(|title| short(&title)),
        published,
        updated,
        date_text: if published.or(updated).is_none() {
            written().and_then(|date| short(&date))
        } else {
            None
        },
        authors: if own.is_empty() { feed_authors.to_vec() } else { own },
        summary_html: summary.or(rest),
        content_html,
        language: string(item, "language").filter(|tag| is_language(tag)).or_else(|| feed_language.cloned()),
        categories: once(list(item, "tags").filter_map(|tag| short(tag.as_str()?))),
        source: None,
        media: objects(item, "attachments").filter_map(|file| media(file, base)).collect(),
    }
}

fn media(file: &Object, base: &Url) -> Option<Media> {
    Some(Media {
        url: web_address(&string(file, "url")?, base)?,
        media_type: string(file, "mime_type"),
        length: string(file, "size_in_bytes").and_then(|length| length.parse().ok()),
    })
}

/// The text at `key`, numbers and truth values as they are written; `None` if there is none.
fn string(object: &Object, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Value::String(text) => clip(text.trim(), MAX_TEXT).to_owned(),
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The values at `key`: those of the list that stands there, or the one.
fn list<'a>(object: &'a Object, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    let value = object.get(key);
    let list = value.and_then(Value::as_array).map(Vec::as_slice).or(value.map(std::slice::from_ref));
    list.unwrap_or_default().iter().take(MAX_VALUES)
}

fn objects<'a>(object: &'a Object, key: &str) -> impl Iterator<Item = &'a Object> + use<'a> {
    list(object, key).filter_map(Value::as_object)
}

/// The authors: `authors` (1.1), else `author` (1.0), each of which some give as a mere name.
fn authors(object: &Object) -> Vec<String> {
    let names = |key| {
        once(list(object, key).filter_map(|person| match person {
            Value::Object(person) => short(&string(person, "name")?),
            person => short(person.as_str()?),
        }))
    };
    let authors = names("authors");
    if authors.is_empty() { names("author") } else { authors }
}

/// `values`, each once.
fn once(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn as_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}
