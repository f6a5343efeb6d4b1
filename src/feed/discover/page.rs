//! What a page says of its feeds: those that its head names, those of the site that it belongs to, those that it links to.

use std::collections::HashSet;

use scraper::ElementRef;
use url::Url;

use super::{Candidate, Via, identity, push, site_feeds};
use crate::feed::page::{Page, text};
use crate::feed::plain::short;
use crate::feed::{FeedError, web_address};
use crate::source::SourceKind;

/// Most feeds that are taken from a head, and most from links.
const MAX_DECLARED: usize = 30;
const MAX_LINKED: usize = 30;
/// Most links whose addresses are kept.
const MAX_LINKS: usize = 5_000;
/// A longer text of a link is prose that mentions a feed.
const MAX_LABEL: usize = 40;

/// Sites to which a page links to be shared; what they call a feed is none.
const SHARING: [&str; 4] = ["facebook.com", "linkedin.com", "twitter.com", "x.com"];

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finds {
    /// Its title.
    pub title: Option<String>,
    /// Its declared language.
    pub language: Option<String>,
    /// The feeds that it names, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// Where its links lead, to compare with the entries of a feed.
    pub links: HashSet<String>,
}

/// Reads what the page `html`, found at `url`, says of its feeds.
///
/// # Errors
/// When it is no page that can be read safely.
pub fn from_page(html: &str, url: &Url) -> Result<Finds, FeedError> {
    let page = Page::open(html, "link[href], meta[content], a[href]", url)?;
    let mut finds = Finds { title: page.text_of("title"), language: page.language(), ..Finds::default() };
    // The page itself is none of its feeds.
    let mut known = HashSet::from([identity(url)]);
    let (mut declared, mut on_site, mut linked) = (Vec::new(), Vec::new(), Vec::new());
    for element in page.found() {
        match element.value().name() {
            "link" => {
                declared.extend(declared_feed(element, &page.base));
                if has_token(element, "rel", "canonical") {
                    on_site.extend(of_site(element.attr("href"), &page.base, url));
                }
            }
            "meta" => {
                on_site.extend(channel(element, url));
                if element.attr("property") == Some("og:url") {
                    on_site.extend(of_site(element.attr("content"), &page.base, url));
                }
            }
            _ => {
                let Some(target) = element.attr("href").and_then(|href| target(href, &page.base)) else {
                    continue;
                };
                if linked.len() < MAX_LINKED && is_feed_link(element, &target) {
                    let title = text(element).or_else(|| element.attr("title").and_then(short));
                    linked.push(Candidate {
                        url: target.clone(),
                        kind: SourceKind::Feed,
                        via: Via::Linked,
                        title,
                    });
                }
                if finds.links.len() < MAX_LINKS {
                    finds.links.insert(identity(&target));
                }
            }
        }
    }
    for candidate in declared.into_iter().take(MAX_DECLARED).chain(on_site).chain(linked) {
        push(&mut finds.candidates, &mut known, candidate);
    }
    Ok(finds)
}

/// The feed that a `link` names: `rel="alternate"` with the type of a feed, or `rel="feed"` with any.
fn declared_feed(element: ElementRef, base: &Url) -> Option<Candidate> {
    let url = target(element.attr("href")?, base)?;
    let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
    let named = ["feed", "service.feed"].iter().any(|token| has_token(element, "rel", token));
    let alternate = has_token(element, "rel", "alternate") || has_token(element, "rel", "alternative");
    let is_feed = match kind.as_str() {
        _ if kind.contains("oembed") || kind.contains("html") => false,
        _ if ["rss", "atom", "rdf", "feed+json", "feed"].iter().any(|word| kind.contains(word)) => true,
        // Types that say little: interfaces of blogs have them as well.
        "application/json" | "application/xml" | "text/xml" | "text/json" => looks_like_feed(&url),
        "" => named || looks_like_feed(&url),
        _ => false,
    };
    let title = element.attr("title").and_then(short);
    ((alternate || named) && is_feed).then_some(Candidate {
        url,
        kind: SourceKind::Feed,
        via: Via::Declared,
        title,
    })
}

/// The feeds that follow from an address by which the page at `url` names itself, if that is on the same site.
fn of_site(address: Option<&str>, base: &Url, url: &Url) -> Vec<Candidate> {
    let own = address.and_then(|address| target(address, base));
    let own = own.filter(|own| own.host_str() == url.host_str() && own != url);
    let feeds = own.map(|own| site_feeds(&own)).unwrap_or_default();
    feeds
        .into_iter()
        .map(|(url, why)| Candidate { url, kind: SourceKind::Feed, via: Via::Site(why), title: None })
        .collect()
}

/// The feed of the channel whose identity a video site's page names: handles do not tell it.
fn channel(element: ElementRef, url: &Url) -> Option<Candidate> {
    let on_youtube =
        url.host_str().is_some_and(|host| host == "youtube.com" || host.ends_with(".youtube.com"));
    let names_it = ["itemprop", "property"]
        .iter()
        .filter_map(|name| element.attr(name))
        .any(|name| matches!(name, "identifier" | "channelId"));
    let id = element.attr("content")?.trim();
    let is_id = id.starts_with("UC")
        && id.len() == 24
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !(on_youtube && names_it && is_id) {
        return None;
    }
    let channel = Url::parse(&format!("https://www.youtube.com/channel/{id}")).ok()?;
    let (url, why) = site_feeds(&channel).into_iter().next()?;
    Some(Candidate { url, kind: SourceKind::Feed, via: Via::Site(why), title: None })
}

fn has_token(element: ElementRef, name: &str, token: &str) -> bool {
    element
        .attr(name)
        .is_some_and(|value| value.split_ascii_whitespace().any(|own| own.eq_ignore_ascii_case(token)))
}

/// Where `href` leads; `feed:` before an address is what some pages write.
fn target(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    let href = match href.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("feed:") => href.get(5..)?,
        _ => href,
    };
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let mut url = web_address(href, base)?;
    url.set_fragment(None);
    Some(url)
}

/// Whether a link looks as if it led to a feed: by its address, or by what it says.
fn is_feed_link(element: ElementRef, url: &Url) -> bool {
    if has_token(element, "type", "application/rss+xml") || has_token(element, "type", "application/atom+xml")
    {
        return true;
    }
    let says = || {
        let label = text(element).or_else(|| element.attr("title").and_then(short)).unwrap_or_default();
        let words = label.split(|c: char| !c.is_alphanumeric());
        label.chars().count() <= MAX_LABEL
            && words
                .into_iter()
                .any(|word| ["rss", "atom", "xml"].iter().any(|name| word.eq_ignore_ascii_case(name)))
    };
    looks_like_feed(url) || says()
}

/// Whether an address is like those of feeds.
fn looks_like_feed(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    if SHARING.contains(&host.strip_prefix("www.").unwrap_or(host)) {
        return false;
    }
    let path = url.path().to_ascii_lowercase();
    let parts: Vec<&str> = path.split(['/', '.', '-', '_']).filter(|part| !part.is_empty()).collect();
    let names = |part: &&str| matches!(*part, "rss" | "rss2" | "atom" | "rdf" | "feed" | "feeds");
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_file = !ending.is_empty() && !ending.contains('/');
    let by_path = match ending {
        "rss" | "atom" | "rdf" => true,
        "html" | "htm" | "png" | "svg" | "jpg" | "gif" | "js" | "css" | "pdf" | "zip" => false,
        // A file that says nothing of feeds in its name may stand in a folder that does.
        "xml" | "json" => parts.iter().any(names),
        _ if is_file => parts.iter().any(names) && matches!(ending, "php" | "aspx" | "asp" | "cgi" | "jsp"),
        _ => {
            parts.last().is_some_and(names)
                || parts.first().is_some_and(|part| matches!(*part, "rss" | "feed" | "feeds"))
        }
    };
    let by_query = || {
        url.query_pairs().any(|(key, value)| {
            matches!(key.as_ref(), "format" | "type" | "alt" | "feed" | "output" | "mode")
                && matches!(value.to_ascii_lowercase().as_str(), "rss" | "rss2" | "atom" | "feed" | "rdf")
        })
    };
    by_path || by_query()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    fn found(html: &str, at: &str) -> Vec<String> {
        let finds = from_page(html, &url(at)).expect("a page");
        finds
            .candidates
            .into_iter()
            .map(|candidate| format!("{:?} {}", candidate.via, candidate.url))
            .collect()
    }

    #[test]
    fn a_head_names_its_feeds() {
        let html = "<base href='https://example.org/b/'>\
             <link rel=alternate type='application/rss+xml' href=rss.xml title=' News '>\
             <link rel='ALTERNATE home' type='Application/Atom+XML; charset=utf-8' href='/atom'>\
             <link rel=feed href='/plain'><link rel=alternate type='application/feed+json' href='/feed.json'>\
             <link rel=alternate type='application/json' href='/wp-json/x'>\
             <link rel=alternate type='application/json+oembed' href='/oembed?url=feed'>\
             <link rel=alternate type='text/html' hreflang=de href='/de/feed'>\
             <link rel=alternate hreflang=fr href='/fr/'><link rel='alternate stylesheet' href='/feed.css' type='text/css'>\
             <link rel=alternate type='text/xml' href='/rss2.xml'><link rel=alternate type='application/rss+xml' href='rss.xml#x'>\
             <link rel=alternate type='application/rss+xml' href='javascript:x'>";
        assert_eq!(
            found(html, "https://example.org/"),
            [
                "Declared https://example.org/b/rss.xml",
                "Declared https://example.org/atom",
                "Declared https://example.org/plain",
                "Declared https://example.org/feed.json",
                "Declared https://example.org/rss2.xml",
            ]
        );
    }

    #[test]
    fn links_that_look_like_feeds_come_after() {
        let html = "<a href='/feeds/all.rss.xml'>x</a><a href='/rss-feeds.html'>RSS</a><a href='/a.html'>Atom feed of the section</a>\
             <a href='/about'>We explain at length what RSS is and why every paper should have it</a><a href='feed:https://far.example/x'>Subscribe</a>\
             <a href='/?format=rss'>+</a><a href='/feedback'>Feedback</a><a href='/sitemap.xml'>Map</a><a href='/feed.png'>i</a><a href='https://www.facebook.com/dialog/feed?link=x'>f</a><a href='/atomic/power'>Atomic power</a>\
             <link rel=alternate type='application/rss+xml' href='/main'>";
        assert_eq!(
            found(html, "https://example.org/"),
            [
                "Declared https://example.org/main",
                "Linked https://example.org/feeds/all.rss.xml",
                "Linked https://example.org/rss-feeds.html",
                "Linked https://example.org/a.html",
                "Linked https://example.org/?format=rss",
            ]
        );
        let far = from_page(html, &url("https://example.org/")).expect("a page");
        assert!(far.links.contains("https://far.example/x"));
    }

    #[test]
    fn a_channel_tells_its_identity() {
        let id = "UC0123456789abcdefghi-_A";
        let html = format!(
            "<meta itemprop=identifier content={id}><link rel=canonical href='https://www.youtube.com/channel/{id}'>"
        );
        let feed = format!(
            "Site(\"the videos of a YouTube channel\") https://www.youtube.com/feeds/videos.xml?channel_id={id}"
        );
        assert_eq!(found(&html, "https://www.youtube.com/@harbour"), [feed]);
        assert_eq!(found(&html, "https://example.org/"), Vec::<String>::new());
        assert_eq!(
            found("<meta itemprop=identifier content='UC&amp;x=1'>", "https://www.youtube.com/@harbour"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_page_too_large_or_deep_is_no_page() {
        from_page(&"<div>".repeat(100_000), &url("https://example.org/")).expect_err("too deep");
        let many = "<link rel=alternate type='application/rss+xml' href='/a'>".to_owned()
            + &(0..20_000).map(|n| format!("<a href='/rss/{n}'>RSS</a>")).collect::<Vec<_>>().concat();
        let finds = from_page(&many, &url("https://example.org/")).expect("a page");
        assert_eq!((finds.candidates.len(), finds.links.len()), (1 + MAX_LINKED, MAX_LINKS));
    }
}
