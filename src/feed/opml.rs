//! Lists of feeds as readers exchange them (OPML 1.0 and 2.0, opml.org), read leniently and written so that nothing is
//! lost: folders are tags; pages and sitemaps are links, with what only newswatch knows in attributes of its own.

use std::collections::HashMap;

use super::markup::{Tag, Token, Tokens, escape_into, is_forbidden, split_name};
use super::plain::{clip, short};
use super::sniff::other_than;
use super::{FeedError, decode};

/// Most bytes that are read, and most outlines that are taken.
const MAX_SIZE: usize = 16 * 1024 * 1024;
const MAX_OUTLINES: usize = 20_000;
/// Folders below this many others are taken as part of the last one.
const MAX_DEPTH: usize = 16;
/// Longest tag, in characters.
const MAX_TAG: usize = 200;
/// The namespace of our own attributes, and the prefix by which they are known.
const NAMESPACE: &str = "https://newswatch.invalid/opml";
const PREFIX: &str = "newswatch:";

/// What an outline names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutlineKind {
    /// A feed.
    Feed,
    /// A page as newswatch watches it.
    Page,
    /// A sitemap as newswatch watches it.
    Sitemap,
    /// A page of which only the address is known.
    Link,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What it names.
    pub kind: OutlineKind,
    /// The address as written.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// The folders that it stands in, as "World/Asia", and its categories; each once, none with a comma.
    pub tags: Vec<String>,
    /// Further keys of the configuration with their values, as newswatch wrote them.
    pub settings: Vec<(String, String)>,
}

/// Reads a list. An address that occurs again adds its folders to the first.
///
/// # Errors
/// When the bytes are no OPML: says what was found instead.
pub fn read_opml(bytes: &[u8]) -> Result<Vec<Outline>, FeedError> {
    let decoded = decode(bytes.get(..MAX_SIZE).unwrap_or(bytes), None);
    let text = clip(decoded.trim_start(), MAX_SIZE);
    let mut list = List::default();
    let (mut first, mut ended) = (None, false);
    for token in Tokens::new(text) {
        match token {
            Token::Start(tag) => {
                first = first.or(Some(tag.name));
                if is_outline(tag.name) {
                    list.begin(&tag);
                }
            }
            Token::End(name) if is_outline(name) => list.end(),
            Token::End(name) => ended |= split_name(name).1.eq_ignore_ascii_case("opml"),
            _ => {}
        }
    }
    if list.seen == 0 && !first.is_some_and(|root| split_name(root).1.eq_ignore_ascii_case("opml")) {
        return Err(other_than("list of feeds (OPML)", text, first));
    }
    if list.outlines.is_empty() && !ended {
        return Err(FeedError("a list of feeds (OPML) that breaks off before its first feed".to_owned()));
    }
    Ok(list.outlines)
}

fn is_outline(name: &str) -> bool {
    split_name(name).1.eq_ignore_ascii_case("outline")
}

/// What makes two outlines one: kind, address, settings.
type Identity = (OutlineKind, String, Vec<(String, String)>);

/// What was read so far.
#[derive(Default)]
struct List {
    outlines: Vec<Outline>,
    places: HashMap<Identity, usize>,
    /// The outlines that are open: the name of each folder, `None` for others.
    open: Vec<Option<String>>,
    /// Open outlines below the deepest that is kept.
    deeper: usize,
    /// Outlines of any kind.
    seen: usize,
}

impl List {
    fn begin(&mut self, tag: &Tag<'_>) {
        self.seen += 1;
        let title = ["text", "title"].into_iter().find_map(|name| short(&tag.attribute(name)?));
        let outline = self.outline(tag, title.clone());
        if !tag.empty {
            if self.open.len() < MAX_DEPTH {
                self.open.push(if outline.is_none() { title } else { None });
            } else {
                self.deeper += 1;
            }
        }
        let Some(outline) = outline else { return };
        let identity = (outline.kind, outline.url.clone(), outline.settings.clone());
        if let Some(known) = self.places.get(&identity).and_then(|at| self.outlines.get_mut(*at)) {
            outline.tags.into_iter().for_each(|tag| add(&mut known.tags, tag));
        } else if self.outlines.len() < MAX_OUTLINES {
            self.places.insert(identity, self.outlines.len());
            self.outlines.push(outline);
        }
    }

    fn end(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.open.pop();
        }
    }

    /// What `tag` names, unless it is a folder or a note.
    fn outline(&self, tag: &Tag<'_>, title: Option<String>) -> Option<Outline> {
        let filled = |name: &str| {
            tag.attribute(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        // Address parsers drop line breaks within (WHATWG); XML cannot say the other control characters.
        let address = |name: &str| {
            let url: String =
                filled(name)?.chars().filter(|c| !c.is_control() && !is_forbidden(*c)).collect();
            Some(url.trim().to_owned()).filter(|url| !url.is_empty())
        };
        let own = filled("newswatch:kind");
        let is_link = filled("type").is_some_and(|kind| kind.eq_ignore_ascii_case("link"));
        let (kind, url) = match (own.as_deref(), address("xmlUrl"), address("url")) {
            (Some("page"), _, Some(url)) => (OutlineKind::Page, url),
            (Some("sitemap"), _, Some(url)) => (OutlineKind::Sitemap, url),
            (_, None, Some(url)) if is_link => (OutlineKind::Link, url),
            (_, Some(url), _) | (_, None, Some(url)) => (OutlineKind::Feed, url),
            (_, None, None) => (OutlineKind::Link, address("htmlUrl")?),
        };
        let mut tags = Vec::new();
        let folders: Vec<&str> = self.open.iter().flatten().map(String::as_str).collect();
        let categories = tag.attribute("category").unwrap_or_default();
        for tag in std::iter::once(folders.join("/").as_str()).chain(categories.split(',')).filter_map(to_tag)
        {
            add(&mut tags, tag);
        }
        let setting = |name: &'_ str| {
            // What is no key of the configuration may be no name in XML either, as others write it.
            let is_key = |c: char| c.is_ascii_lowercase() || c == '_';
            let key = name.strip_prefix(PREFIX).filter(|key| key.chars().all(is_key))?;
            (key != "kind" && !key.is_empty()).then(|| Some((key.to_owned(), tag.attribute(name)?)))?
        };
        let settings = tag.attributes().filter_map(|(name, _)| setting(name)).collect();
        Some(Outline { kind, url, title, tags, settings })
    }
}

/// `text` as a tag: parts between slashes, none empty, without commas.
fn to_tag(text: &str) -> Option<String> {
    let parts: Vec<String> = text.split('/').filter_map(|part| short(&part.replace(',', " "))).collect();
    let tag: String = parts.join("/").chars().take(MAX_TAG).collect();
    Some(tag.trim_end_matches(['/', ' ']).to_owned()).filter(|tag| !tag.is_empty())
}

fn add(tags: &mut Vec<String>, tag: String) {
    if !tags.contains(&tag) {
        tags.push(tag);
    }
}

/// The list as OPML 2.0. The first tag of each outline is the folder that it stands in, the others are its categories.
#[must_use]
pub fn write_opml(title: &str, outlines: &[Outline]) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" xmlns:newswatch=\"{NAMESPACE}\">\n  <head>\n    <title>"
    );
    escape_into(&mut xml, title);
    xml.push_str("</title>\n  </head>\n  <body>\n");
    let folders = |outline: &Outline| -> Vec<String> {
        outline.tags.first().map(|tag| tag.split('/').map(str::to_owned).collect()).unwrap_or_default()
    };
    let mut sorted: Vec<(Vec<String>, &Outline)> =
        outlines.iter().map(|outline| (folders(outline), outline)).collect();
    // Stable: within a folder the order stays.
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut open: Vec<String> = Vec::new();
    for (path, outline) in sorted {
        let common = open.iter().zip(&path).take_while(|(one, other)| one == other).count();
        close(&mut xml, &mut open, common);
        for folder in path.into_iter().skip(common) {
            indent(&mut xml, open.len());
            xml.push_str("<outline");
            attribute(&mut xml, "text", &folder);
            xml.push_str(">\n");
            open.push(folder);
        }
        indent(&mut xml, open.len());
        line(&mut xml, outline);
    }
    close(&mut xml, &mut open, 0);
    xml.push_str("  </body>\n</opml>\n");
    xml
}

/// Closes all folders but the first `left`.
fn close(xml: &mut String, open: &mut Vec<String>, left: usize) {
    while open.len() > left {
        open.pop();
        indent(xml, open.len());
        xml.push_str("</outline>\n");
    }
}

fn indent(xml: &mut String, depth: usize) {
    xml.push_str("    ");
    xml.extend(std::iter::repeat_n("  ", depth));
}

fn line(xml: &mut String, outline: &Outline) {
    let kind = match outline.kind {
        OutlineKind::Feed => None,
        OutlineKind::Page => Some("page"),
        OutlineKind::Sitemap => Some("sitemap"),
        OutlineKind::Link => Some("link"),
    };
    xml.push_str("<outline");
    attribute(xml, "type", if kind.is_some() { "link" } else { "rss" });
    // Demanded of every outline; what stands for a missing title is not read back as one.
    attribute(xml, "text", outline.title.as_deref().unwrap_or(&outline.url));
    attribute(xml, if kind.is_some() { "url" } else { "xmlUrl" }, &outline.url);
    if let Some(categories) = outline.tags.get(1..).filter(|tags| !tags.is_empty()) {
        attribute(xml, "category", &categories.join(","));
    }
    if let Some(kind) = kind.filter(|kind| *kind != "link") {
        attribute(xml, "newswatch:kind", kind);
    }
    for (key, value) in &outline.settings {
        attribute(xml, &format!("{PREFIX}{key}"), value);
    }
    xml.push_str("/>\n");
}

fn attribute(xml: &mut String, name: &str, value: &str) {
    let mut escaped = String::with_capacity(value.len());
    escape_into(&mut escaped, value);
    // As they are, a reader of XML takes them for spaces (XML 1.0, 3.3.3).
    let escaped = escaped.replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;");
    xml.extend([" ", name, "=\"", &escaped, "\""]);
}

#[cfg(test)]
mod tests;
