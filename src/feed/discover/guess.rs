//! A page without a feed: which links of it are its news, as a CSS selector that a person would write.

use std::collections::{HashMap, HashSet};

use scraper::ElementRef;
use url::Url;

use super::densest::densest;
use crate::clock::Timestamp;
use crate::feed::page::{Page, text};
use crate::feed::{Feed, read_links, read_watched, web_address};
use crate::text::address::{canonical, outlet_host};

/// Most links that are looked at.
const MAX_LINKS: usize = 3_000;
/// How many selectors are tried on the whole page.
const TRIED: usize = 12;
/// Fewer entries are no list.
const FEWEST: usize = 4;
/// How far up from a link the selector may reach, in elements.
const REACH: usize = 5;
/// How far up it is looked whether a link stands in navigation.
const SURROUNDINGS: usize = 12;

/// Headings, and what holds one item of a list.
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
const ITEMS: [&str; 7] = ["article", "dd", "dt", "li", "p", "section", "tr"];
/// How the names begin of classes that only say how something looks.
const LOOKS: [&str; 24] = [
    "bg", "border", "col", "d", "flex", "font", "gap", "grid", "h", "leading", "margin", "max", "mb", "min",
    "ml", "mr", "mt", "mx", "my", "padding", "px", "py", "text", "w",
];
/// Where no news stands.
pub(super) const ASIDE: [&str; 4] = ["nav", "footer", "aside", "form"];
/// The selector of a page where no part stands out.
pub(super) const WHOLE: &str = "body";

/// A selector under which the page `html`, found at `base`, lists its entries, and what is read with it; `None` unless
/// there is a list of headlines, or of dated links, that one simple selector finds and hardly anything else.
#[must_use]
pub fn guess_links(html: &str, base: &Url, now: Timestamp) -> Option<(String, Feed)> {
    let page = Page::open(html, "a[href]", base).ok()?;
    [Titles::Long, Titles::Any].into_iter().find_map(|titles| list_of(&page, titles, html, base, now))
}

/// Which links may be entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Titles {
    /// Those with the words of a headline.
    Long,
    /// Any, as long as most entries have a date: "Notice 12", "Minutes (PDF)".
    Any,
}

fn list_of(page: &Page, titles: Titles, html: &str, base: &Url, now: Timestamp) -> Option<(String, Feed)> {
    let mut found: HashMap<String, HashSet<String>> = HashMap::new();
    let mut headlines = HashSet::new();
    for link in page.found().take(MAX_LINKS) {
        let Some(address) = headline(link, titles, &page.base, base) else { continue };
        for selector in selectors(link) {
            found.entry(selector).or_default().insert(address.clone());
        }
        headlines.insert(address);
    }
    let mut tried: Vec<(usize, String)> = found
        .into_iter()
        .map(|(selector, links)| (links.len(), selector))
        .filter(|(links, _)| *links >= FEWEST)
        .collect();
    // Most headlines first, among equals the simplest; the name last, so that the same page gives the same selector.
    tried.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.len().cmp(&b.len())).then(a.cmp(b)));
    let read = tried.into_iter().take(TRIED).filter_map(|(_, selector)| {
        let feed = read_links(html, &selector, base, now).ok()?;
        let quality = quality(&feed, titles, &headlines)?;
        Some((quality, selector, feed))
    });
    let mut best: Option<(usize, String, Feed)> = None;
    for (quality, selector, feed) in read {
        if best.as_ref().is_none_or(|(known, ..)| quality > *known) {
            best = Some((quality, selector, feed));
        }
    }
    best.map(|(_, selector, feed)| (selector, feed))
}

/// The text of the page `html` that is worth watching for change, as a selector, and what is read with it: what its
/// author marks as the main part, else the block that holds most of its text, else all of it.
#[must_use]
pub fn guess_watch(html: &str, base: &Url) -> Option<(String, Feed)> {
    let densest = || densest(&Page::open(html, WHOLE, base).ok()?);
    let marked = ["main", "[role=main]", "article", "#content"].map(str::to_owned).into_iter();
    marked
        .chain(std::iter::once_with(densest).flatten())
        .chain([WHOLE.to_owned()])
        .find_map(|selector| read_watched(html, &selector, base).ok().map(|feed| (selector, feed)))
}

/// Where a link leads that looks like a headline: to another page of the same outlet, with the words of a title, and
/// not out of a navigation.
fn headline(link: ElementRef, titles: Titles, relative_to: &Url, at: &Url) -> Option<String> {
    let title = text(link)?;
    let wide = title.chars().filter(|c| ('\u{2e80}'..='\u{ffdc}').contains(c)).count();
    let words = title.split_whitespace().count();
    let long = (title.chars().count() >= 20 && words >= 3) || wide >= 8 || titles == Titles::Any;
    let url = web_address(link.attr("href")?, relative_to)?;
    let apart = canonical(&url) != canonical(at) && url.path() != "/";
    if !long || !apart || outlet_host(&url) != outlet_host(at) {
        return None;
    }
    let aside = |element: &ElementRef| {
        ASIDE.contains(&element.value().name())
            || matches!(element.attr("role"), Some("navigation" | "contentinfo" | "complementary"))
    };
    let surroundings = link.ancestors().filter_map(ElementRef::wrap).take(SURROUNDINGS);
    (!surroundings.into_iter().any(|element| aside(&element))).then(|| canonical(&url).into())
}

/// The selectors that a person might write to find `link` and its like.
fn selectors(link: ElementRef) -> Vec<String> {
    let mut all: Vec<String> = classes(link).map(|class| format!("a.{class}")).collect();
    let above: Vec<ElementRef> = link.ancestors().filter_map(ElementRef::wrap).take(REACH).collect();
    let heading = above.iter().position(|element| HEADINGS.contains(&element.value().name()));
    let head = heading.and_then(|place| Some(above.get(place)?.value().name()));
    for (place, element) in above.iter().enumerate() {
        let name = element.value().name();
        if matches!(name, "body" | "html") {
            break;
        }
        // `article h2 a` where a heading stands between, else `article a`.
        let within = match (heading, head) {
            (Some(heading), Some(head)) if heading < place => format!(" {head} a"),
            _ => " a".to_owned(),
        };
        if ITEMS.contains(&name) || HEADINGS.contains(&name) || name == "main" {
            all.push(format!("{name}{within}"));
        }
        all.extend(classes(*element).map(|class| format!(".{class}{within}")));
        all.extend(element.attr("id").filter(|id| is_plain(id)).map(|id| format!("#{id}{within}")));
    }
    all
}

/// The classes of an element that look as if a person had named them for what they are.
pub(super) fn classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    let names = element.attr("class").unwrap_or_default().split_ascii_whitespace().take(8);
    names.filter(|class| {
        is_plain(class) && !["is-", "has-", "js-"].iter().any(|state| class.starts_with(state))
    })
}

/// Whether a name needs no escaping in CSS, is not made by a machine, and says more than how its element looks.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = (2..=40).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    let upper = |part: &str| part.bytes().filter(u8::is_ascii_uppercase).count();
    let parts: Vec<&str> = name.split(['-', '_']).filter(|part| !part.is_empty()).collect();
    // What build tools append (`Card_title__x3fKq`) or write in place of a name (`eSTMOo`).
    let hash = |part: &&str| {
        part.len() <= 8 && part.starts_with(|c: char| c.is_ascii_lowercase()) && upper(part) >= 2
    };
    let appended = name.rsplit_once("__").is_some_and(|(_, end)| end.len() <= 6 && upper(end) > 0);
    plain && !appended && !parts.iter().any(hash) && !parts.first().is_some_and(|first| LOOKS.contains(first))
}

/// How good the entries are: how many of them are headlines, less what is none. `None` if it is no list of news.
fn quality(feed: &Feed, titles: Titles, headlines: &HashSet<String>) -> Option<usize> {
    let all = feed.entries.len();
    let good = feed.entries.iter().filter(|entry| headlines.contains(&entry.key)).count();
    // Four of five must be headlines.
    if good < FEWEST || good * 5 < all * 4 {
        return None;
    }
    let dated = feed.entries.iter().filter(|entry| entry.published.is_some()).count();
    if titles == Titles::Any && dated * 5 < all * 4 {
        return None;
    }
    Some((good * 10 + dated * 2).saturating_sub((all - good) * 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_a_person_gave() {
        for name in ["teaser", "entry-title", "list_news", "modCon", "ArticleTile", "story__headline"] {
            assert!(is_plain(name), "{name}");
        }
        for name in [
            "css-1x9ab",
            "eSTMOo",
            "EndOfArticle_root__dltNj",
            "Tile_main__cXeUE",
            "max-w-prose",
            "mb-auto",
            "a",
            "x:y",
        ] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn a_list_is_found_only_where_most_links_of_a_kind_are_headlines() {
        let base = Url::parse("https://harbour.example/").expect("an address");
        let guess = |html: &str| {
            guess_links(html, &base, Timestamp::UNIX_EPOCH)
                .map(|(selector, feed)| (selector, feed.entries.len()))
        };
        let item = |n: usize| {
            format!(
                "<li class=mb-auto><a class=story href=/s/{n}>The ferry number {n} is late again</a></li>"
            )
        };
        let items = |many: usize| (0..many).map(item).collect::<Vec<_>>().concat();
        assert_eq!(guess(&items(6)), Some(("li a".to_owned(), 6)));
        assert_eq!(guess(&items(3)), None);
        let menu = (0..6).map(|n| format!("<li><a href=/m/{n}>Menu</a></li>")).collect::<Vec<_>>().concat();
        assert_eq!(
            guess(&(items(6) + &menu)),
            Some(("a.story".to_owned(), 6)),
            "links of a menu are none of its entries"
        );
        assert_eq!(guess(&format!("<nav>{}</nav>", items(6))), None);
        assert_eq!(guess(&items(6).replace("href=/", "href=https://other.example/")), None);
    }
}
