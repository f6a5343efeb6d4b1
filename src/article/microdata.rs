//! What the page says of its article in microdata (HTML Living Standard, 5; the words are schema.org's), where its
//! JSON-LD is silent.

use super::blocks::clean;
use super::choose::Sums;
use super::dom::Page;
use super::jsonld::JsonLd;

/// Most items that are looked at: pages of lists mark every entry.
const MAX_ITEMS: usize = 200;
/// Most properties that are looked at in the article's item.
const MAX_PROPERTIES: usize = 1000;
/// Longest property, in bytes of text.
const LONGEST: usize = 1000;

/// The item of the page's article: the one of an article's type that holds the most running text, if it holds the
/// headline or most of the text. Lists of other articles are items too.
pub(super) fn article(page: &Page, running: &Sums) -> Option<usize> {
    let items = (1..page.len()).filter(|&node| is_a(page, node, &ARTICLES)).take(MAX_ITEMS);
    let best = items.fold(None, |best, item| match best {
        Some(best) if running.of(page, best) >= running.of(page, item) => Some(best),
        _ => Some(item),
    });
    // A card in a sidebar may be the only item of a page.
    let has_headline = |item: usize| page.elements("h1").any(|node| (item..page.end(item)).contains(&node));
    let is_most = |item: usize| running.of(page, item) > 0.0 && running.of(page, item) >= 0.5 * running.all();
    best.filter(|&item| has_headline(item) || is_most(item))
}

/// True for a property of another article than the page's, or of a comment. What is said of the page is said of its
/// article.
pub(super) fn is_of_another(page: &Page, node: usize, article: Option<usize>) -> bool {
    let scope = page.lineage(page.parent(node)).find(|&outer| page.has(outer, "itemscope"));
    scope != article
        && scope.is_some_and(|item| is_a(page, item, &ARTICLES) || is_a(page, item, &["Comment"]))
}

/// How the names of schema.org's types of articles end.
const ARTICLES: [&str; 4] = ["Article", "BlogPosting", "Report", "Review"];

/// True if `node` is an item of a type whose name ends with one of `kinds`.
fn is_a(page: &Page, node: usize, kinds: &[&str]) -> bool {
    page.attr(node, "itemtype").is_some_and(|types| {
        types
            .split_whitespace()
            .any(|one| one.contains("schema.org/") && kinds.iter().any(|kind| one.ends_with(kind)))
    })
}

/// Adds to `ld` what `article` says and it does not.
pub(super) fn add(page: &Page, article: usize, ld: &mut JsonLd) {
    ld.article = true;
    let mut authors = Vec::new();
    let mut found = 0;
    let mut node = article + 1;
    while node < page.end(article) && found < MAX_PROPERTIES {
        let at = node;
        // What another item says of itself is no property of this one.
        let is_item = page.has(at, "itemscope");
        node = if is_item { page.end(at).max(at + 1) } else { at + 1 };
        let Some(names) = page.attr(at, "itemprop") else { continue };
        found += 1;
        for name in names.split_whitespace() {
            let value = || if is_item { name_of(page, at) } else { value(page, at) };
            match name {
                "headline" => ld.add("headline", value()),
                "datePublished" => ld.add("published", value()),
                "dateModified" => ld.add("modified", value()),
                "publisher" => ld.add("publisher", value()),
                "inLanguage" => ld.add("language", value()),
                "author" | "creator" => authors.extend(value()),
                _ => {}
            }
        }
    }
    if ld.authors.is_empty() && !authors.is_empty() {
        ld.authors = authors;
        ld.in_microdata.push("authors");
    }
}

/// What an item calls itself: its `name`.
fn name_of(page: &Page, item: usize) -> Option<String> {
    (item..page.end(item))
        .take(LONGEST)
        .find(|&node| {
            page.attr(node, "itemprop")
                .is_some_and(|names| names.split_whitespace().any(|name| name == "name"))
        })
        .map_or_else(|| value(page, item), |node| value(page, node))
}

/// The value of a property: an attribute, or the text.
fn value(page: &Page, node: usize) -> Option<String> {
    let attribute = ["content", "datetime"].iter().find_map(|name| page.attr(node, name));
    let text = attribute.map_or_else(|| clean(&page.text_in(node, LONGEST)), clean);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::article::{Hints, extract};

    #[test]
    fn a_card_beside_the_article_says_nothing_of_it() {
        let text = "<p>The bridge over the sound was closed on Monday, since two of its cables had frayed in the storm.</p>";
        let card = "<aside><div itemscope itemtype='https://schema.org/NewsArticle'><span itemprop='author'>Jane Roe</span>\
             <meta itemprop='datePublished' content='2019-01-01T00:00:00Z'><p itemprop='headline'>A ferry for the islands</p></div></aside>";
        let page = format!(
            "<title>The bridge is closed</title><article><h1>The bridge is closed</h1><p class='byline'>By John Doe</p>\
             <time datetime='2026-03-01T10:00:00Z'>1 March</time>{}</article>{card}",
            text.repeat(4)
        );
        let url = Url::parse("https://press.example/bridge").unwrap();
        let article = extract(&page, &url, &Hints::default()).unwrap();
        assert_eq!(article.byline.as_deref(), Some("John Doe"));
        assert_eq!(article.published.map(|date| date.to_string()).as_deref(), Some("2026-03-01T10:00:00Z"));
    }
}
