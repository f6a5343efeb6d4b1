//! Where feeds and sitemaps stand when nobody says: usual addresses, robots.txt (RFC 9309), news sitemaps first.

use std::cmp::Reverse;

use url::Url;

use super::{Candidate, Via};
use crate::feed::{Child, web_address};
use crate::source::SourceKind;

/// Usual addresses of feeds, the commonest first.
const FEEDS: [&str; 7] = ["/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"];
/// Most addresses of sitemaps that are taken from one robots.txt.
const MAX_SITEMAPS: usize = 200;
/// Most bytes of a robots.txt that are read (RFC 9309 2.5 asks for 500 KiB at least).
const MAX_ROBOTS: usize = 512 << 10;

/// The usual addresses of feeds for the page at `url`: below it, then at the root of its site.
#[must_use]
pub fn common_feeds(url: &Url) -> Vec<Candidate> {
    let section = url.path().trim_end_matches('/');
    // A page such as /blog/2026/story.html has no feed of its own.
    let own = (!section.is_empty() && !section.contains('.') && section.matches('/').count() <= 2)
        .then(|| format!("{section}/feed/"));
    own.iter()
        .map(String::as_str)
        .chain(FEEDS)
        .filter_map(|path| candidate(url, path, SourceKind::Feed))
        .collect()
}

/// The usual addresses of sitemaps.
#[must_use]
pub fn common_sitemaps(url: &Url) -> Vec<Candidate> {
    ["/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml"]
        .iter()
        .filter_map(|path| candidate(url, path, SourceKind::Sitemap))
        .collect()
}

fn candidate(url: &Url, path: &str, kind: SourceKind) -> Option<Candidate> {
    let mut url = url.join("/").ok()?;
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    Some(Candidate { url, kind, via: Via::Path, title: None })
}

/// Where the robots.txt of the site of `url` is.
#[must_use]
pub fn robots(url: &Url) -> Option<Url> {
    candidate(url, "/robots.txt", SourceKind::Sitemap).map(|candidate| candidate.url)
}

/// The sitemaps that a robots.txt, found at `base`, names: those of news first, each once.
#[must_use]
pub fn robots_sitemaps(bytes: &[u8], base: &Url) -> Vec<Candidate> {
    let text = String::from_utf8_lossy(bytes.get(..MAX_ROBOTS).unwrap_or(bytes));
    let named = text.lines().filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        let value = value.split(" #").next().unwrap_or_default().trim();
        (key.trim().eq_ignore_ascii_case("sitemap") && !value.is_empty()).then(|| web_address(value, base))?
    });
    let mut urls: Vec<Url> = Vec::new();
    for url in named {
        if urls.len() < MAX_SITEMAPS && !urls.contains(&url) {
            urls.push(url);
        }
    }
    urls.sort_by_key(|url| Reverse(is_news(url)));
    urls.into_iter()
        .map(|url| Candidate { url, kind: SourceKind::Sitemap, via: Via::Robots, title: None })
        .collect()
}

/// Whether the name of a sitemap says that it holds news.
fn is_news(url: &Url) -> bool {
    url.path().to_ascii_lowercase().contains("news")
}

/// The sitemap of an index that shows best what the site publishes: one of news, else the one that changed last, else
/// the last one. True if its address looks as if it stayed the same, so that it can be a source of its own.
#[must_use]
pub fn newest_child(children: &[Child]) -> Option<(&Child, bool)> {
    if let Some(news) = children.iter().find(|child| is_news(&child.url)) {
        let numbered = news.url.path().bytes().filter(u8::is_ascii_digit).count() >= 4;
        return Some((news, !numbered && news.url.query().is_none()));
    }
    let last = children.iter().enumerate().max_by_key(|(place, child)| (child.modified, *place));
    last.map(|(_, child)| (child, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    fn addresses(candidates: &[Candidate]) -> Vec<&str> {
        candidates.iter().map(|candidate| candidate.url.as_str()).collect()
    }

    #[test]
    fn usual_addresses_begin_below_the_page() {
        let feeds = common_feeds(&url("https://example.org/blog/?x=1#y"));
        assert_eq!(addresses(&feeds[..2]), ["https://example.org/blog/feed/", "https://example.org/feed/"]);
        assert_eq!(feeds.len(), 8);
        for page in ["https://example.org/", "https://example.org/a/b/c/", "https://example.org/index.html"] {
            assert_eq!(common_feeds(&url(page))[0].url.as_str(), "https://example.org/feed/", "{page}");
        }
    }

    #[test]
    fn robots_names_sitemaps() {
        let text = b"User-agent: *\nDisallow: /x\nSitemap: https://a.example/all.xml\r\nsitemap : /news.xml # daily\nSITEMAP:\nSitemap: mailto:x\nSitemap: https://a.example/all.xml\n\xff";
        let found = robots_sitemaps(text, &url("https://a.example/robots.txt"));
        assert_eq!(addresses(&found), ["https://a.example/news.xml", "https://a.example/all.xml"]);
    }

    #[test]
    fn the_newest_part_of_an_index_shows_what_is_published() {
        let child = |name: &str, modified: Option<&str>| Child {
            url: url(&format!("https://a.example/{name}")),
            modified: modified.map(|time| time.parse().expect("a time")),
        };
        let parts = [
            child("1.xml", Some("2026-01-02T00:00:00Z")),
            child("2.xml", Some("2026-03-02T00:00:00Z")),
            child("3.xml", None),
        ];
        assert_eq!(newest_child(&parts), Some((&parts[1], false)));
        let plain = [child("1.xml", None), child("2.xml", None)];
        assert_eq!(newest_child(&plain), Some((&plain[1], false)));
        let news = [child("posts.xml", None), child("google-news.xml", None)];
        assert_eq!(newest_child(&news), Some((&news[1], true)));
        let dated = [child("news-2026-11.xml", None)];
        assert_eq!(newest_child(&dated), Some((&dated[0], false)));
        assert_eq!(newest_child(&[]), None);
    }
}
