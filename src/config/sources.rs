//! `[[feed]]`, `[[page]]` and `[[sitemap]]`, of all files.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use scraper::Selector;
use url::{Host, Url};

use super::FetchSettings;
use super::collect::{Collector, Place};
use super::read::{Item, Section};
use super::schema::{FEED, PAGE, SITEMAP};
use super::sections::Pace;
use crate::source::{FirstLook, Source, SourceId, SourceKind};

/// A longer selector is a mistake, and its parser is recursive.
const MAX_SELECTOR: usize = 1_000;

/// A longer tag is a mistake.
const MAX_TAG: usize = 200;

/// Networks that the public internet does not route (IANA special-purpose registries), as `allow` would name them.
const PRIVATE: [&str; 10] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// Reads the sources of one file after another.
pub(super) struct SourceReader<'s> {
    fetch: &'s FetchSettings,
    sources: Vec<Source>,
    places: BTreeMap<SourceId, Place>,
    /// Private addresses that were warned of: once is enough.
    warned: BTreeSet<IpAddr>,
}

impl<'s> SourceReader<'s> {
    /// Sources inherit what `fetch` says.
    pub(super) fn new(fetch: &'s FetchSettings) -> Self {
        Self { fetch, sources: Vec::new(), places: BTreeMap::new(), warned: BTreeSet::new() }
    }

    /// Reads the sources of a file, in its order.
    pub(super) fn read(&mut self, file: &Section, to: &mut Collector) {
        let mut sections = Vec::new();
        for (key, shape) in [("feed", &FEED), ("page", &PAGE), ("sitemap", &SITEMAP)] {
            sections.extend(file.tables(key, shape, to).into_iter().map(|section| (section, key)));
        }
        sections.sort_by_key(|(section, _)| section.place.at.start);
        for (section, key) in sections {
            self.source(&section, key, to);
        }
    }

    /// The sources read, in the order of files and lines.
    pub(super) fn finish(self) -> Vec<Source> {
        self.sources
    }

    fn source(&mut self, section: &Section, key: &str, to: &mut Collector) {
        let kind = match key {
            "page" => page_kind(section, to),
            "sitemap" => Some(SourceKind::Sitemap),
            _ => Some(SourceKind::Feed),
        };
        let address = section.get("url");
        if address.is_none() {
            to.missing(&section.place, "this source has no `url`", "write url = \"https://…\"");
        }
        let address = address.and_then(|item| Some((url(&item, to)?, item.place)));
        let fetch = self.fetch;
        let inherited = Pace { interval: fetch.interval, min: fetch.min_interval, max: fetch.max_interval };
        let Pace { interval, min, max } = inherited.with(section, to);
        let name = section.get("name").and_then(|item| item.filled(to)).map(|name| name.text);
        let tags = section.get("tags").map(|item| tags(&item, to)).unwrap_or_default();
        let articles = section.get("articles").and_then(|item| item.boolean(to)).unwrap_or(fetch.articles);
        let robots = section.get("robots").and_then(|item| item.boolean(to)).unwrap_or(fetch.robots);
        let looks = [("baseline", FirstLook::Baseline), ("alert", FirstLook::Alert)];
        let first_look =
            section.get("first_look").and_then(|item| item.choice(&looks, to)).unwrap_or_default();
        let (Some(kind), Some((url, place))) = (kind, address) else { return };
        self.warn_private(&url, &place, to);
        let id = Source::id_of(&kind, &url);
        if let Some(first) = self.places.get(&id) {
            let message = format!("this source is already at {}", to.name(first));
            to.error(&place, message, "delete one of the two");
            return;
        }
        self.places.insert(id.clone(), place);
        self.sources.push(Source {
            id,
            kind,
            url,
            name,
            tags,
            interval,
            min_interval: min,
            max_interval: max,
            backoff: fetch.backoff,
            articles,
            robots,
            first_look,
        });
    }

    /// A literal private address will be refused at every look; a name that resolves to one is told then.
    fn warn_private(&mut self, url: &Url, place: &Place, to: &mut Collector) {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => address.to_canonical(),
            Some(Host::Domain(name)) => match name.trim_end_matches('.') {
                // RFC 6761 6.3
                name if name == "localhost" || name.ends_with(".localhost") => {
                    IpAddr::V4(Ipv4Addr::LOCALHOST)
                }
                _ => return,
            },
            None => return,
        };
        let home = PRIVATE.iter().find(|net| net.parse::<IpNet>().is_ok_and(|net| net.contains(&address)));
        if let Some(net) = home
            && !self.fetch.allow.iter().any(|allowed| allowed.contains(&address))
            && self.warned.insert(address)
        {
            to.warning(
                place,
                "this address is private and will not be asked",
                format!("if that is meant, add allow = [\"{net}\"] under [fetch] in the main file"),
            );
        }
    }
}

/// The address of a source. What is wrong with it is told without repeating it: it may hold a password.
fn url(item: &Item, to: &mut Collector) -> Option<Url> {
    let text = item.filled(to)?.text;
    let mut refuse = |message: &str, hint: &str| {
        to.error(&item.place, message, hint);
        None
    };
    let mut url = match Url::parse(text.trim()) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return refuse("`url` has no scheme", "begin it with https:// or http://");
        }
        Err(error) => {
            return refuse(&format!("`url` is not a URL: {error}"), "write it as the browser shows it");
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("`url` is neither http nor https", "begin it with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(
            "`url` holds a user name or password, which is not supported by this version yet",
            "delete what stands between // and @",
        );
    }
    // Never sent, so no part of what is asked for.
    url.set_fragment(None);
    Some(url)
}

/// Headings, each once. In an OPML list they become folders, and commas separate them.
fn tags(item: &Item, to: &mut Collector) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for written in item.texts(to) {
        let place = Place::from(&written);
        let tag = written.text.trim();
        if tag.split('/').any(|part| part.trim().is_empty()) {
            to.error(
                &place,
                "a tag has an empty part",
                "write \"World\", or \"World/Asia\" for one below another",
            );
        } else if tag.contains(',') || tag.chars().any(char::is_control) {
            to.error(&place, "a tag holds a comma or a line break", "write each tag in quotes of its own");
        } else if tag.chars().count() > MAX_TAG {
            to.error(&place, format!("a tag is longer than {MAX_TAG} characters"), "write a shorter one");
        } else if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

fn page_kind(section: &Section, to: &mut Collector) -> Option<SourceKind> {
    match (section.get("links"), section.get("watch")) {
        (Some(links), None) => selector(&links, to).map(|selector| SourceKind::Links { selector }),
        (None, Some(watch)) => selector(&watch, to).map(|selector| SourceKind::Watch { selector }),
        (Some(_), Some(watch)) => {
            to.error(
                &watch.place,
                "a page has `links` or `watch`, not both",
                "keep `links` for a listing page, `watch` for one page that changes; or write two [[page]]",
            );
            None
        }
        (None, None) => {
            to.missing(
                &section.place,
                "this page has neither `links` nor `watch`",
                "write links = \"article h2 a\" for a listing page, or watch = \"main\" for one page that changes",
            );
            None
        }
    }
}

fn selector(item: &Item, to: &mut Collector) -> Option<String> {
    let text = item.filled(to)?.text;
    if text.len() > MAX_SELECTOR {
        to.error(&item.place, "this selector is longer than 1,000 bytes", "write a shorter one");
        return None;
    }
    if let Err(error) = Selector::parse(&text) {
        use scraper::error::SelectorErrorKind as Kind;
        let why = match error {
            Kind::EndOfLine => "it ends too soon",
            Kind::TooManyNestedBlocks => "it is nested too deeply",
            Kind::ExpectedColonOnPseudoElement | Kind::ExpectedIdentityOnPseudoElement => {
                "`:` wants a name after it"
            }
            _ => "something in it is no CSS, or not supported",
        };
        let part = offending(&text).map(|part| format!(" (\"{part}\")")).unwrap_or_default();
        let hint = "write a CSS selector such as \"article h2 a\" or \"#news > li a\"";
        to.error(&item.place, format!("not a CSS selector: {why}{part}"), hint);
        return None;
    }
    Some(text)
}

/// The first word of the selector `text` that is none by itself. What holds brackets or quotes is not taken apart.
fn offending(text: &str) -> Option<&str> {
    let words = || text.split([' ', ',', '>', '+', '~']).map(str::trim).filter(|word| !word.is_empty());
    let plain = !text.contains(['[', '(', '"', '\'']) && words().nth(1).is_some();
    plain.then(|| words().find(|word| Selector::parse(word).is_err())).flatten()
}
