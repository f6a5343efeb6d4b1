//! Feeds through feed-rs: a fresh parser each, on bounded input, with our own identity policy.

use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::model;
use url::Url;

use super::plain::{clip, plain};
use super::sniff::{Root, find_root};
use super::tidy::{Tidied, tidy};
use super::{Entry, Feed, FeedError, TRUNCATED, dates, decode, is_language, json, web_address};
use crate::clock::Timestamp;

/// Most bytes of a document that are read, before and after decoding.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// Reads RSS, Atom, RDF or JSON Feed. `base` makes relative links absolute; dates more than two days after `now` are
/// no dates. Entries have no keys yet: [`super::identify`] gives them.
///
/// # Errors
/// When the bytes are not a feed (HTML, empty, broken): says what was found instead.
pub fn read_feed(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    now: Timestamp,
) -> Result<Feed, FeedError> {
    if bytes.starts_with(b"\x4C\x6F\xA7\x94") || bytes.starts_with(b"+ADw-") {
        let encoding = if bytes.starts_with(b"+") { "UTF-7" } else { "EBCDIC" };
        return Err(FeedError(format!("a document in {encoding}, which is not read")));
    }
    let (whole, repairs) = decode::text(bytes.get(..MAX_SIZE).unwrap_or(bytes), content_type);
    let text = clip(whole.trim_start(), MAX_SIZE);
    let mut feed =
        if text.starts_with(['{', '[']) { json::read(text, base, now)? } else { read_xml(text, base, now)? };
    feed.repairs.splice(0..0, repairs);
    if bytes.len() > MAX_SIZE || whole.trim_start().len() > MAX_SIZE {
        feed.repairs.push("only the first 16 MiB were read".to_owned());
    }
    Ok(feed)
}

fn read_xml(text: &str, base: &Url, now: Timestamp) -> Result<Feed, FeedError> {
    let Root { tag, tokens, format, repairs } = find_root(text)?;
    let atom = format == "atom";
    let mut tidied = tidy(&tag, tokens, atom, base, now);
    tidied.repairs.splice(0..0, repairs);
    let parsed = parse(&tidied.xml)?;
    // Both numbers come from different readers of one text: where they differ, entries were lost on the way.
    let lost = tidied.entries.saturating_sub(parsed.entries.len());
    if parsed.entries.is_empty() && tidied.found > 0 {
        return Err(FeedError(format!(
            "a feed with {} entries in it, none of which could be read ({})",
            tidied.found,
            tidied.repairs.join("; ")
        )));
    }
    let truncated = tidied.repairs.iter().any(|repair| repair.starts_with(TRUNCATED));
    if parsed.entries.is_empty() && truncated {
        return Err(FeedError("a feed that breaks off before its first entry".to_owned()));
    }
    if lost > 0 {
        tidied.repairs.push(format!("{lost} of {} entries could not be read", tidied.entries));
    }
    Ok(feed(parsed, tidied, format, base, now))
}

/// feed-rs, which must not be trusted with the process: it panics on some input, and a parser that has seen an error
/// panics on the next feed.
fn parse(xml: &str) -> Result<model::Feed, FeedError> {
    let parser =
        feed_rs::parser::Builder::new().sanitize_content(false).id_generator(|_, _, _| String::new()).build();
    match catch_unwind(AssertUnwindSafe(|| parser.parse(xml.as_bytes()))) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(FeedError(format!("a broken feed: {error}"))),
        Err(_) => Err(FeedError("a feed that the parser fails on".to_owned())),
    }
}

fn feed(parsed: model::Feed, tidied: Tidied, format: &str, base: &Url, now: Timestamp) -> Feed {
    let Tidied { mut texts, beside: (around, beside), repairs, .. } = tidied;
    let aligned = beside.len() == parsed.entries.len();
    let beside = beside.into_iter().filter(|_| aligned).chain(std::iter::repeat_with(Entry::default));
    let language = parsed.language.map(|tag| tag.trim().to_owned()).filter(|tag| is_language(tag));
    let language = around.language.or(language);
    Feed {
        format: format.to_owned(),
        title: parsed.title.and_then(|title| plain(&take(&mut texts, &title.content)?)),
        entries: parsed
            .entries
            .into_iter()
            .zip(beside)
            .map(|(parsed, beside)| entry(parsed, beside, &mut texts, base, now, language.as_ref()))
            .collect(),
        language,
        repairs,
        ..around
    }
}

/// The text whose place the parsed document holds in its stead.
fn take(texts: &mut [String], place: &str) -> Option<String> {
    let text = texts.get_mut(place.parse::<usize>().ok()?).map(std::mem::take);
    text.filter(|text| !text.is_empty())
}

/// The entry that feed-rs read, with what it does not carry.
fn entry(
    parsed: model::Entry,
    beside: Entry,
    texts: &mut [String],
    base: &Url,
    now: Timestamp,
    language: Option<&String>,
) -> Entry {
    let mut text = |place: &str| take(texts, place);
    let published =
        parsed.published.and_then(|date| instant(date.timestamp(), date.timestamp_subsec_nanos(), now));
    let updated =
        parsed.updated.and_then(|date| instant(date.timestamp(), date.timestamp_subsec_nanos(), now));
    Entry {
        id: text(&parsed.id),
        url: link(&parsed.links).and_then(|link| web_address(link, base)),
        title: parsed.title.and_then(|title| plain(&text(&title.content)?)),
        published,
        // feed-rs copies the one to the other where RSS has one alone.
        updated: updated.filter(|updated| Some(*updated) != published),
        date_text: beside.date_text.filter(|_| published.or(updated).is_none()),
        summary_html: parsed.summary.and_then(|summary| text(&summary.content)),
        content_html: parsed.content.and_then(|content| text(&content.body?)),
        language: beside
            .language
            .or_else(|| parsed.language.filter(|tag| is_language(tag)))
            .or_else(|| language.cloned()),
        ..beside
    }
}

/// The address of the page: the alternate in HTML, else any alternate; RSS has links without a relation.
fn link(links: &[model::Link]) -> Option<&str> {
    let alternate =
        |link: &&model::Link| link.rel.as_deref().is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"));
    let page = |link: &&model::Link| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    let best = links.iter().find(|link| alternate(link) && page(link));
    best.or_else(|| links.iter().find(alternate)).map(|link| link.href.as_str())
}

fn instant(second: i64, nanosecond: u32, now: Timestamp) -> Option<Timestamp> {
    dates::plausible(Timestamp::new(second, i32::try_from(nanosecond).ok()?).ok()?, now)
}
