//! What the bytes of one run mean: a document, with what the configuration and the server say of it before it.

#![allow(dead_code, reason = "each target uses a part of it")]

use newswatch::clock::Timestamp;
use url::Url;

/// A document, as it comes from the web.
pub struct Input<'a> {
    pub content_type: Option<&'a str>,
    pub base: Url,
    pub selector: &'a str,
    pub body: &'a [u8],
}

impl<'a> Input<'a> {
    /// Lines `content-type: …`, `base: …` and `selector: …`, in any order and all optional, then the document: a file
    /// as it is makes a seed.
    pub fn of(data: &'a [u8]) -> Self {
        let base = Url::parse("https://example.org/news/").expect("an address");
        let mut input = Self { content_type: None, base, selector: "a", body: data };
        while let Some((line, rest)) = first_line(input.body) {
            if let Some(value) = line.strip_prefix("content-type: ") {
                input.content_type = Some(value);
            } else if let Some(value) = line.strip_prefix("base: ") {
                let base = Url::parse(value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                input.base = base.unwrap_or(input.base);
            } else if let Some(value) = line.strip_prefix("selector: ") {
                input.selector = value;
            } else {
                break;
            }
            input.body = rest;
        }
        input
    }
}

fn first_line(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().take(300).position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&data[..end]).ok()?, &data[end + 1..]))
}

/// The time of every run, so that each can be repeated.
pub fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}
