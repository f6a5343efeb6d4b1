//! What a document is, before any parser sees it: a feed and of which kind, or what else.

use super::FeedError;
use super::markup::{Tag, Token, Tokens, split_name};
use super::plain::plain;

const RSS_090: &str = "http://my.netscape.com/rdf/simple/0.9/";
const ATOM_03: &str = "http://purl.org/atom/ns#";
const ATOM_10: &str = "http://www.w3.org/2005/Atom";

/// The root of a feed.
pub(super) struct Root<'a> {
    pub(super) tag: Tag<'a>,
    /// What follows it.
    pub(super) tokens: Tokens<'a>,
    /// "rss2", "rss1", "rss0", "cdf" or "atom".
    pub(super) format: &'static str,
    pub(super) repairs: Vec<String>,
}

/// Finds where the feed in `text` begins. Warnings of a broken server may stand before it, or a page around it.
pub(super) fn find_root(text: &str) -> Result<Root<'_>, FeedError> {
    let mut tokens = Tokens::new(text);
    let mut first = None;
    let (mut junk, mut page) = (false, false);
    while let Some(token) = tokens.next() {
        let tag = match token {
            Token::Start(tag) => tag,
            Token::Text(text) => {
                junk |= !text.trim().is_empty();
                continue;
            }
            Token::CData(_) | Token::End(_) => continue,
        };
        let name = split_name(tag.name).1.to_ascii_lowercase();
        // A page may talk about feeds, and XML of other kinds may have channels and entries.
        let bare = first.is_none() && matches!(name.as_str(), "channel" | "entry");
        if bare || matches!(name.as_str(), "rss" | "rdf" | "feed") {
            if page && !holds_entries(tokens.clone()) {
                break;
            }
            let mut root = Root { tag, tokens, format: "atom", repairs: Vec::new() };
            if page {
                root.repairs.push("an HTML page around the feed".to_owned());
            } else if junk || first.is_some() {
                root.repairs.push("junk before the feed".to_owned());
            }
            name_format(&mut root, &name);
            return Ok(root);
        }
        page |= name == "html" || (first.is_none() && matches!(name.as_str(), "head" | "body"));
        first = first.or(Some(tag.name));
    }
    Err(other_than("feed", text, if page { Some("html") } else { first }))
}

/// Whether entries follow: pages carry RDF of other kinds.
fn holds_entries(mut tokens: Tokens) -> bool {
    tokens.any(|token| match token {
        Token::Start(tag) => {
            let name = split_name(tag.name).1;
            name.eq_ignore_ascii_case("item") || name.eq_ignore_ascii_case("entry")
        }
        _ => false,
    })
}

fn name_format(root: &mut Root, name: &str) {
    let namespace = root.tag.attribute("xmlns").unwrap_or_default();
    let mut known = namespace.is_empty();
    match name {
        "channel" if root.tag.name == "CHANNEL" => root.format = "cdf",
        "channel" if namespace.starts_with("http://purl.org/net/rss1.1") => {
            (root.format, known) = ("rss1", true);
        }
        "rss" | "channel" => {
            let version = root.tag.attribute("version").unwrap_or_default();
            root.format = if version.trim().starts_with("0.") { "rss0" } else { "rss2" };
            if !["2.0", "0.91", "0.92", "0.93", "0.94"].contains(&version.as_str()) {
                root.repairs.push(
                    if version.is_empty() { "no RSS version" } else { "an unknown RSS version" }.to_owned(),
                );
            }
        }
        "rdf" => {
            root.format = "rss1";
            known = known || ["http://purl.org/rss/1.0/", RSS_090].contains(&namespace.as_str());
        }
        _ => {
            known = [ATOM_10, ATOM_03].contains(&namespace.as_str()) || root.tag.name.contains(':');
        }
    }
    if !known {
        root.repairs.push("an unusual namespace".to_owned());
    }
}

/// Says what `text` is, as it is not what was `wanted` ("feed", "sitemap").
pub(super) fn other_than(wanted: &str, text: &str, root: Option<&str>) -> FeedError {
    let start = text.trim_start();
    let doctype = start.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"));
    FeedError(match root {
        _ if start.is_empty() => format!("an empty document, not a {wanted}"),
        Some(name) if name != "html" && !doctype => {
            format!("a document that begins with <{}>, not a {wanted}", printable(name))
        }
        None if !doctype => format!("text that is no {wanted}: \"{}\"", printable(start)),
        _ => match page_title(text) {
            Some(title) => format!("an HTML page (title \"{title}\"), not a {wanted}"),
            None => format!("an HTML page, not a {wanted}"),
        },
    })
}

/// The title of an HTML page, as plain text of at most 80 characters.
fn page_title(text: &str) -> Option<String> {
    let mut tokens = Tokens::new(text).skip_while(|token| match token {
        Token::Start(tag) => !tag.name.eq_ignore_ascii_case("title"),
        _ => true,
    });
    match tokens.nth(1) {
        Some(Token::Text(title)) => Some(printable(&plain(title)?)),
        _ => None,
    }
}

/// The first 80 characters, none of them a control character: the text came from the network and goes to logs.
fn printable(text: &str) -> String {
    text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        match find_root(text) {
            Ok(root) => format!("{} {}", root.format, root.repairs.join(", ")),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn feeds_are_known_by_their_root() {
        assert_eq!(found("<?xml version='1.0'?><rss version='2.0'>"), "rss2 ");
        assert_eq!(found("<!-- x --><rss version='0.91'>"), "rss0 ");
        assert_eq!(found("<rss>"), "rss2 no RSS version");
        assert_eq!(found("<rdf:RDF xmlns='http://purl.org/rss/1.0/'>"), "rss1 ");
        assert_eq!(found("<feed xmlns='http://www.w3.org/2005/Atom'>"), "atom ");
        assert_eq!(found("<feed xmlns='http://purl.org/atom/ns#'>"), "atom ");
        assert_eq!(found("<feed xmlns='http://example.org/necho'>"), "atom an unusual namespace");
        assert_eq!(found("<CHANNEL HREF='http://example.org/'>"), "cdf ");
        assert_eq!(found("<Channel xmlns='http://purl.org/net/rss1.1#'>"), "rss1 ");
        assert_eq!(found("Warning: <b>x</b> <rss version='2.0'>"), "rss2 junk before the feed");
    }

    #[test]
    fn a_page_may_stand_around_a_feed_with_entries() {
        let page = |inside: &str| found(&format!("<html><body>{inside}</body></html>"));
        assert_eq!(page("<rss version='2.0'><channel><item/>"), "rss2 an HTML page around the feed");
        assert_eq!(page("<rdf:RDF><Work/></rdf:RDF>"), "an HTML page, not a feed");
    }

    #[test]
    fn other_documents_are_named() {
        assert_eq!(found(" \n"), "an empty document, not a feed");
        assert_eq!(
            found("<!DOCTYPE html><html><head><title>Not\nFound &amp; gone</title>"),
            "an HTML page (title \"Not Found & gone\"), not a feed"
        );
        assert_eq!(found("<!doctype html><p>x"), "an HTML page, not a feed");
        assert_eq!(found("<opml><head/><channel>"), "a document that begins with <opml>, not a feed");
        assert_eq!(found("404 page\tnot found"), "text that is no feed: \"404 page not found\"");
    }
}
