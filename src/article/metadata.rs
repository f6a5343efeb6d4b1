//! What the page says about itself for machines and in its head: names, dates, addresses.

use url::Url;

use super::blocks::{Block, clean};
use super::dom::Page;
use super::jsonld::JsonLd;
use super::roles::{Part, Role};
use super::title;
use super::{dateline, dates, microdata};
use crate::clock::Timestamp;
use crate::text::address;

/// Longest name of a person or site that is believed, in characters.
const MAX_NAME: usize = 120;

/// The `<meta>` elements of a page: (name or property in lower case, content).
#[derive(Debug)]
pub(super) struct Meta<'a>(Vec<(String, &'a str)>);

impl<'a> Meta<'a> {
    /// Without what belongs to another item than `article`, the page's own in microdata.
    pub(super) fn of(page: &'a Page, article: Option<usize>) -> Self {
        let name = |node| {
            let item =
                || page.attr(node, "itemprop").filter(|_| !microdata::is_of_another(page, node, article));
            ["property", "name", "http-equiv"].iter().find_map(|&key| page.attr(node, key)).or_else(item)
        };
        Self(
            page.elements("meta")
                .filter_map(|node| Some((name(node)?.to_ascii_lowercase(), page.attr(node, "content")?)))
                .collect(),
        )
    }

    /// The content of the first of `names` that the page has.
    pub(super) fn get(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.0.iter().find(|(key, _)| key == name).map(|&(_, content)| content))
    }

    /// The same, clean and not empty.
    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        self.get(names).map(clean).filter(|text| !text.is_empty())
    }
}

/// The date that `names` give, the first that is one.
fn meta_date(meta: &Meta<'_>, names: &[&str]) -> Option<Timestamp> {
    names.iter().find_map(|name| meta.get(&[name]).and_then(dates::parse))
}

/// When the article was published, and which evidence says so: "json-ld", "microdata", "meta", "time", "text" or "address".
pub(super) fn published(
    page: &Page,
    meta: &Meta<'_>,
    ld: &JsonLd,
    near: std::ops::Range<usize>,
    url: &Url,
    now: Option<Timestamp>,
) -> Option<(Timestamp, &'static str)> {
    const NAMES: [&str; 22] = [
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "og:published_time",
        "article:published",
        "parsely-pub-date",
        "sailthru.date",
        "publishdate",
        "publish-date",
        "publish_date",
        "pubdate",
        "publication_date",
        "publicationdate",
        "dc.date.issued",
        "dcterms.created",
        "dc.date.created",
        "dc.date",
        "dcterms.date",
        "date",
        "article.published",
        "cxenseparse:recs:publishtime",
        "datecreated",
    ];
    let told = ld.published.as_deref().and_then(dates::parse).map(|date| (date, ld.evidence("published")));
    // The item that was taken for the article's may be another's.
    told.filter(|(_, by)| *by == "json-ld")
        .or_else(|| meta_date(meta, &NAMES).map(|date| (date, "meta")))
        .or(told)
        .or_else(|| time_near(page, near.clone()).map(|date| (date, "time")))
        .or_else(|| {
            let now = now.unwrap_or(Timestamp::MAX);
            let (printed, address) = (dateline::printed(page, near, now), dateline::in_address(url, now));
            let apart = |one: Timestamp, other: Timestamp| one.duration_since(other).abs().as_hours() > 48;
            match (printed, address) {
                (Some(printed), Some(address)) if apart(printed, address) => Some((address, "address")),
                (Some(printed), _) => Some((printed, "text")),
                (None, address) => address.map(|date| (date, "address")),
            }
        })
}

/// When the article was last changed.
pub(super) fn modified(meta: &Meta<'_>, ld: &JsonLd) -> Option<Timestamp> {
    const NAMES: [&str; 8] = [
        "article:modified_time",
        "og:updated_time",
        "og:modified_time",
        "datemodified",
        "dcterms.modified",
        "dc.date.modified",
        "lastmod",
        "last-modified",
    ];
    ld.modified.as_deref().and_then(dates::parse).or_else(|| meta_date(meta, &NAMES))
}

/// The date of a `<time>` between headline and text, the one marked as publication first. What stands above the
/// headline may be a clock, what stands below the text may date another article.
fn time_near(page: &Page, near: std::ops::Range<usize>) -> Option<Timestamp> {
    let date = |node: usize| {
        let value = page.attr(node, "datetime").or_else(|| page.attr(node, "content"));
        value.map(str::to_owned).or_else(|| Some(page.text_in(node, 64))).and_then(|text| dates::parse(&text))
    };
    let marked = |node: &usize| {
        page.attr(*node, "itemprop") == Some("datePublished") || page.attr(*node, "pubdate").is_some()
    };
    let times: Vec<usize> = near.filter(|node| page.tag(*node) == "time" || marked(node)).collect();
    times.iter().copied().filter(marked).find_map(date).or_else(|| times.iter().copied().find_map(date))
}

/// Who wrote it, as printed, and which evidence says so: "json-ld", "microdata", "meta" or "text".
pub(super) fn byline<'b>(
    page: &Page,
    meta: &Meta<'_>,
    ld: &JsonLd,
    parts: &[Part],
    near: impl Iterator<Item = &'b Block>,
) -> Option<(String, &'static str)> {
    let believable = |name: &String| {
        let length = name.chars().count();
        (2..=MAX_NAME).contains(&length)
            && !name.contains("://")
            && !name.contains('@')
            && name.chars().any(char::is_alphabetic)
    };
    let strip = |name: &str| {
        let name = clean(name);
        let by = ["By ", "by ", "BY ", "Von ", "Par ", "Por "].iter().find_map(|by| name.strip_prefix(by));
        by.map_or(name.clone(), str::to_owned)
    };
    let mut authors: Vec<String> = Vec::new();
    for author in ld.authors.iter().map(|name| strip(name)).filter(believable) {
        if !authors.contains(&author) && authors.len() < 10 {
            authors.push(author);
        }
    }
    if !authors.is_empty() {
        return Some((authors.join(", "), ld.evidence("authors")));
    }
    let named = [
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "byl",
        "dcterms.creator",
    ]
    .iter()
    .find_map(|name| meta.text(&[name]).map(|name| strip(&name)).filter(believable));
    named.map(|name| (name, "meta")).or_else(|| {
        (0..page.len())
            .filter(|&node| parts.get(node).is_some_and(|part| part.byline))
            .map(|node| strip(&page.text_in(node, 400)))
            .find(believable)
            .or_else(|| near.filter_map(printed_byline).find(believable))
            .map(|name| (name, "text"))
    })
}

/// The name in a line of its own, "By Jane Roe | Nov. 20", "Von Max Mustermann, Berlin".
fn printed_byline(block: &Block) -> Option<String> {
    let name = ["By ", "BY ", "Von ", "Par ", "Por "].iter().find_map(|by| block.text.strip_prefix(by))?;
    let name = name.split(['|', '•', '·']).next()?.trim();
    // "By Jane Roe September 4, 2023": the month goes with the day.
    let name = match name.split_once(|c: char| c.is_ascii_digit()) {
        Some((before, _)) => before.trim().rsplit_once(' ').map_or("", |(name, _)| name),
        None => name,
    };
    let is_name = name.starts_with(char::is_uppercase) && !name.ends_with(['.', '!', '?', ':']);
    (is_name && block.weight <= 100 && name.split_whitespace().count() <= 8).then(|| name.to_owned())
}

/// The site's name for itself.
pub(super) fn site(meta: &Meta<'_>, ld: &JsonLd) -> Option<String> {
    meta.text(&["og:site_name", "application-name"])
        .or_else(|| ld.publisher.clone())
        .filter(|name| name.chars().count() <= MAX_NAME)
}

/// What the page calls its own address, if it can be: on the same site, and not the site's front page.
pub(super) fn canonical(page: &Page, meta: &Meta<'_>, url: &Url) -> Option<Url> {
    let link = page
        .elements("link")
        .filter(|&node| {
            page.attr(node, "rel")
                .is_some_and(|rel| rel.split_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical")))
        })
        .find_map(|node| page.attr(node, "href"));
    [link, meta.get(&["og:url"])]
        .into_iter()
        .flatten()
        .filter_map(|address| url.join(address).ok())
        .find(|address| {
            matches!(address.scheme(), "http" | "https")
                && same_site(address, url)
                && (!is_front(address) || is_front(url))
        })
        .map(|address| address::canonical(&address))
}

/// True if the last two labels of both hosts are the same.
fn same_site(one: &Url, other: &Url) -> bool {
    let tail = |url: &Url| -> Option<String> {
        let host = url.host_str()?;
        let mut labels: Vec<&str> = host.rsplit('.').take(2).collect();
        labels.reverse();
        Some(labels.join("."))
    };
    tail(one).is_some() && tail(one) == tail(other)
}

fn is_front(url: &Url) -> bool {
    matches!(url.path(), "" | "/") && url.query().is_none()
}

/// The language that the page declares.
pub(super) fn language(page: &Page, meta: &Meta<'_>, ld: &JsonLd) -> Option<String> {
    let html = page
        .elements("html")
        .find_map(|node| page.attr(node, "lang").or_else(|| page.attr(node, "xml:lang")));
    html.map(str::to_owned)
        .or_else(|| meta.text(&["og:locale", "content-language", "language", "dc.language"]))
        .or_else(|| ld.language.clone())
}

/// Where the article starts: its headline, or the `<header>` or `<article>` around that.
pub(super) fn head(page: &Page, parts: &[Part], title: &str) -> Option<usize> {
    let free = |node: &usize| parts.get(*node).is_some_and(|part| part.role != Role::Furniture);
    let same = |node: &usize| title::same(&page.text_in(*node, 1000), title);
    let headline = page
        .elements("h1")
        .find(same)
        .or_else(|| page.elements("h2").find(same))
        .or_else(|| page.elements("h1").find(free))?;
    let around = page.lineage(headline).find(|&node| matches!(page.tag(node), "header" | "article"));
    Some(around.filter(free).unwrap_or(headline))
}
