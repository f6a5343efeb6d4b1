//! A listing page as a feed: each link under a CSS selector is an entry.

use std::collections::HashMap;

use scraper::ElementRef;
use url::Url;

use super::item::Item;
use super::page::{Page, paragraphs_of};
use super::stand_in::stands_in;
use super::{Entry, Feed, FeedError, MAX_ENTRIES, web_address};
use crate::clock::Timestamp;
use crate::text::address::canonical;

/// Links from which on a page is a list, whatever its title: "Maintenance | Harbour Authority".
const FEWEST_LINKS: usize = 3;

/// Reads the links that `selector` finds in the page (or the first link inside each element that it finds).
///
/// # Errors
/// A selector that is no CSS; a page where it finds nothing (an error page proves nothing about the entries).
pub fn read_links(html: &str, selector: &str, base: &Url, now: Timestamp) -> Result<Feed, FeedError> {
    let page = Page::open(html, selector, base)?;
    let name = page.text_of("title");
    let links: Vec<(ElementRef, Url)> =
        page.found().filter_map(link_of).filter_map(|link| Some((link, target(link, &page.base)?))).collect();
    if links.len() < FEWEST_LINKS && stands_in(name.as_deref().unwrap_or_default(), &[]) {
        return Err(FeedError(format!("an error page stands in for {}", page.named())));
    }
    let targets: HashMap<_, String> = links.iter().map(|(link, url)| (link.id(), key_of(url))).collect();
    let day_first = page.language().is_some_and(|tag| is_day_first(&tag));
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut repairs = Vec::new();
    for (link, url) in links {
        let key = key_of(&url);
        let others =
            |element: ElementRef| targets.get(&element.id()).is_some_and(|other| other.as_str() != key);
        let item = Item::around(link, &others, day_first);
        let title = item.title(now);
        let teaser = item.teaser(title.as_deref(), now);
        let found = Entry {
            published: item.date(&url, now),
            summary_html: (!teaser.is_empty()).then(|| paragraphs_of(&teaser)),
            title,
            ..Entry::default()
        };
        if let Some(known) = places.get(&key).and_then(|at| entries.get_mut(*at)) {
            merge(known, found);
        } else if entries.len() < MAX_ENTRIES {
            places.insert(key.clone(), entries.len());
            entries.push(Entry { key, url: Some(url), language: page.language(), ..found });
        } else {
            repairs = vec![format!("only the first {MAX_ENTRIES} links were read")];
        }
    }
    if entries.is_empty() {
        return Err(FeedError(format!("the selector \"{selector}\" finds no link in {}", page.named())));
    }
    Ok(Feed {
        format: "links".to_owned(),
        title: name,
        language: page.language(),
        entries,
        repairs,
        ..Feed::default()
    })
}

/// The link that `element` is, or the first one in it.
fn link_of(element: ElementRef) -> Option<ElementRef> {
    let is_link = |element: &ElementRef| element.value().name() == "a" && element.attr("href").is_some();
    if is_link(&element) { Some(element) } else { element.descendent_elements().find(is_link) }
}

/// Where `link` leads, if it leads to a page other than its own and is no way to the next page of the list.
fn target(link: ElementRef, base: &Url) -> Option<Url> {
    let href = link.attr("href")?.trim();
    let own = |href: &str| href.is_empty() || href.starts_with('#') && !href.starts_with("#!");
    let pages = |word: &str| word.eq_ignore_ascii_case("next") || word.eq_ignore_ascii_case("prev");
    if own(href) || link.attr("rel").is_some_and(|rel| rel.split_whitespace().any(pages)) {
        return None;
    }
    web_address(href, base)
}

/// What an entry at `url` is known by. An address after `#!` names a page of its own, as an application shows it.
fn key_of(url: &Url) -> String {
    let page = canonical(url);
    match url.fragment().filter(|fragment| fragment.starts_with('!')) {
        Some(fragment) => format!("{page}#{fragment}"),
        None => page.into(),
    }
}

/// Whether 3/4 is in April for readers of the language `tag`: everywhere but in America.
fn is_day_first(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    !matches!(tag.as_str(), "en" | "en-us" | "en_us")
}

/// Keeps the longer title (a picture often leads to the same page), the longer teaser, and the first date.
fn merge(known: &mut Entry, other: Entry) {
    let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
    if length(&other.title) > length(&known.title) {
        known.title = other.title;
    }
    if length(&other.summary_html) > length(&known.summary_html) {
        known.summary_html = other.summary_html;
    }
    known.published = known.published.or(other.published);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str, selector: &str) -> Result<Feed, FeedError> {
        let base = Url::parse("https://example.org/press/").expect("an address");
        read_links(html, selector, &base, "2026-11-22T12:00:00Z".parse().expect("a time"))
    }

    #[test]
    fn links_become_entries() {
        let html = "<html lang=en><title>Press &amp; news</title><ul>\
             <li><a href='one?utm_source=x#top'>One <b>and</b><br>more</a><time datetime='2026-08-22'>now</time>\
             <li><a href='https://other.example/two'><img alt='Two in a picture'></a>\
             <li><a href='one'>Read</a><li><a href='mailto:a@example.org'>M</a><li><a href='#x'>x</a></ul>";
        let feed = read(html, "li").expect("a page");
        assert_eq!((feed.format.as_str(), feed.title.as_deref()), ("links", Some("Press & news")));
        let [one, two] = &feed.entries[..] else { panic!("{feed:?}") };
        assert_eq!(one.key, "https://example.org/press/one");
        assert_eq!(one.url.as_ref().map(Url::as_str), Some("https://example.org/press/one?utm_source=x#top"));
        assert_eq!(one.title.as_deref(), Some("One and more"));
        assert_eq!(one.published.map(|date| date.to_string()).as_deref(), Some("2026-08-22T00:00:00Z"));
        assert_eq!(two.title.as_deref(), Some("Two in a picture"));
        assert_eq!((two.published, two.language.as_deref()), (None, Some("en")));
    }

    #[test]
    fn the_longer_title_of_a_link_wins_and_a_date_belongs_to_one_item() {
        let html = "<base href='https://example.org/b/'><div><a href=x>More</a><h2><a href=x>The headline</a></h2></div>\
             <p><time datetime=2026-01-01></time><a href=y>Y</a><a href=z>Z</a></p>";
        let feed = read(html, "a").expect("a page");
        let titles: Vec<_> = feed.entries.iter().filter_map(|entry| entry.title.as_deref()).collect();
        assert_eq!(titles, ["The headline", "Y", "Z"]);
        assert!(feed.entries.iter().all(|entry| entry.published.is_none()));
        assert_eq!(feed.entries[0].key, "https://example.org/b/x");
    }

    #[test]
    fn a_page_without_links_is_an_error() {
        let error = |html: &str, selector: &str| read(html, selector).expect_err("no links").to_string();
        assert_eq!(
            error("<title>Just a moment</title><p>x", "li a"),
            "an error page stands in for the page (title \"Just a moment\")"
        );
        assert_eq!(
            error("<title>News</title><p>x", "li a"),
            "the selector \"li a\" finds no link in the page (title \"News\")"
        );
        assert!(error("<title>404 Not Found</title><a href=/imprint>Imprint</a>", "a").contains("stands in"));
        let list = "<title>Login | Harbour Authority</title><a href=/1>One</a><a href=/2>Two</a><a href=/3>Three</a>";
        assert_eq!(read(list, "a").expect("a list").entries.len(), 3);
        assert!(error("<p>", "p[").contains("not a CSS selector"));
        assert_eq!(error(" ", "a"), "an empty document, not a page");
        assert!(error(&"<div>".repeat(100_000), "a").contains("nest deeper than 512"));
    }
}
