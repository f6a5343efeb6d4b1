//! The item of a listing page around a link: what it is called, when it is from, and what it says beside its title.

use scraper::ElementRef;
use scraper::node::Node;
use url::Url;

use super::noise::cleaned;
use super::page::{is_block, is_shown, text, walk};
use super::plain::{clip, collapse, short};
use super::{dates, page_dates};
use crate::clock::Timestamp;

/// How far above a link its item may reach, in elements.
const MAX_CLIMB: usize = 6;
/// Most nodes of an item; what is larger is no single item.
const MAX_ITEM: usize = 300;
/// Most elements beside a heading that belong to its item, where items have no element of their own.
const MAX_BESIDE: usize = 4;
/// Longest text that is kept of an item, in bytes.
const MAX_TEASER: usize = 2_000;
/// Elements that hold items, never one.
const LISTS: [&str; 11] =
    ["html", "body", "main", "ul", "ol", "dl", "table", "tbody", "thead", "nav", "form"];
const HEADINGS: [&str; 8] = ["h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"];
/// Attributes in which pages keep a date for machines.
const DATE_ATTRIBUTES: [&str; 9] = [
    "datetime",
    "data-datetime",
    "data-date",
    "data-published",
    "data-publish-date",
    "data-pubdate",
    "data-timestamp",
    "data-time",
    "content",
];
/// What links are called that lead on without saying where to, in lower case.
const WAYS_ON: [&str; 34] = [
    "...",
    "…",
    "»",
    ">",
    "→",
    "click here",
    "continue",
    "continue reading",
    "details",
    "download",
    "en savoir plus",
    "here",
    "hier",
    "leer más",
    "lees meer",
    "leggi tutto",
    "learn more",
    "lire la suite",
    "lire plus",
    "mehr",
    "mehr dazu",
    "mehr erfahren",
    "mehr lesen",
    "more",
    "more information",
    "pdf",
    "permalink",
    "read",
    "read more",
    "read on",
    "weiterlesen",
    "zum artikel",
    "подробнее",
    "更多",
];

/// The item around one link.
pub(super) struct Item<'a> {
    link: ElementRef<'a>,
    /// The largest element that holds no link to another entry, and what stands beside it that belongs to it.
    parts: Vec<ElementRef<'a>>,
    day_first: bool,
}

impl<'a> Item<'a> {
    /// Finds the item around `link`; `others` tells links to other entries. `day_first`: how the page writes its dates.
    pub(super) fn around(link: ElementRef<'a>, others: &dyn Fn(ElementRef) -> bool, day_first: bool) -> Self {
        let mut whole = link;
        for outer in link.ancestors().take(MAX_CLIMB).filter_map(ElementRef::wrap) {
            if LISTS.contains(&outer.value().name()) || !is_single(outer, others) {
                break;
            }
            whole = outer;
        }
        let mut parts = vec![whole];
        if HEADINGS.contains(&whole.value().name()) {
            let of_item = |element: &ElementRef| {
                !HEADINGS.contains(&element.value().name()) && !LISTS.contains(&element.value().name())
                    || element.value().name() == "dd" && whole.value().name() == "dt"
            };
            let after = whole.next_siblings().filter_map(ElementRef::wrap).take(MAX_BESIDE);
            parts.extend(after.take_while(|element| of_item(element) && is_single(*element, others)));
            // A list of terms has the date before the link: <dt>date<dd>link.
            let before = whole.prev_siblings().find_map(ElementRef::wrap);
            parts.extend(
                before.filter(|before| before.value().name() == "dt" && whole.value().name() == "dd"),
            );
        }
        Self { link, parts, day_first }
    }

    /// What the link is called: the heading in it, its text; where that only leads on ("Read more"), the heading of the
    /// item, or what stands for it: a label, a tooltip, the text of its picture.
    pub(super) fn title(&self, now: Timestamp) -> Option<String> {
        let named =
            // Nothing is taken out of a title: "Gunman kills 3" is another than "Gunman kills 9".
            |text: String| Some(text).filter(|text| !is_way_on(text) && cleaned(text, now).is_some());
        let heading =
            |root: ElementRef| root.descendent_elements().filter(is_heading).find_map(text).and_then(named);
        let label = || {
            let labels = ["aria-label", "title"].into_iter().filter_map(|name| self.link.attr(name));
            labels.filter_map(short).find_map(named)
        };
        let picture =
            || self.link.descendent_elements().find_map(|element| named(short(element.attr("alt")?)?));
        let around = || {
            self.parts
                .iter()
                .find_map(|part| if is_heading(part) { text(*part).and_then(named) } else { heading(*part) })
        };
        heading(self.link)
            .or_else(|| self.own_text(now).and_then(named))
            .or_else(around)
            .or_else(label)
            .or_else(picture)
    }

    /// The text of the link without dates and counters in it, if there is any other.
    fn own_text(&self, now: Timestamp) -> Option<String> {
        let mut own = String::new();
        walk(
            self.link,
            |element| is_shown(element) && !self.is_aside(element, now),
            |node, begins| match node {
                Node::Text(part) if begins => own.push_str(part),
                Node::Element(element) if is_block(element.name()) => own.push(' '),
                _ => {}
            },
        );
        short(&own).or_else(|| text(self.link))
    }

    /// The date of the item: one for machines, one that readers see, or the day in its address.
    pub(super) fn date(&self, url: &Url, now: Timestamp) -> Option<Timestamp> {
        let inside = || self.parts.iter().flat_map(ElementRef::descendent_elements);
        let times = inside().filter(|element| is_time(*element));
        let of_machine = |element: ElementRef| {
            DATE_ATTRIBUTES
                .iter()
                .filter_map(|name| element.attr(name))
                .find_map(|value| dates::parse(value, now))
        };
        let shown = |element: ElementRef| page_dates::date(&text(element)?, self.day_first, now);
        let mut times: Vec<ElementRef> = times.collect();
        // `<time>` first, then what is only called a date.
        times.sort_by_key(|element| element.value().name() != "time");
        let in_short = || {
            inside().filter(|element| element.children().all(|child| child.value().is_text())).find_map(shown)
        };
        times
            .iter()
            .find_map(|time| of_machine(*time))
            .or_else(|| times.iter().find_map(|time| shown(*time)))
            .or_else(in_short)
            .or_else(|| page_dates::of_address(url, now))
    }

    /// Whether `element` holds a date or a counter alone.
    fn is_aside(&self, element: ElementRef, now: Timestamp) -> bool {
        let is_aside = |text: &String| {
            cleaned(text, now).is_none() || page_dates::date(text, self.day_first, now).is_some()
        };
        element.value().name() == "time" || text(element).as_ref().is_some_and(is_aside)
    }

    /// What the item says beside its `title`: the lines of its text that are no date, no counter and no way on.
    pub(super) fn teaser(&self, title: Option<&str>, now: Timestamp) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut length = 0;
        let mut end = |line: &mut String| {
            let said = collapse(line).and_then(|text| cleaned(clip(&text, MAX_TEASER), now));
            line.clear();
            let is_new = |said: &String| {
                Some(said.as_str()) != title
                    && !is_way_on(said)
                    && page_dates::date(said, self.day_first, now).is_none()
            };
            if let Some(said) =
                said.filter(|said| is_new(said) && !lines.contains(said)).filter(|_| length < MAX_TEASER)
            {
                length += said.len();
                lines.push(said);
            }
        };
        for part in &self.parts {
            let shown = |element: ElementRef| {
                is_shown(element) && element.value().name() != "button" && !self.is_aside(element, now)
            };
            walk(*part, shown, |node, begins| match node {
                Node::Text(part) if begins => line.push_str(part),
                // A link is a line of its own: the title, a category, a way on.
                Node::Element(element) if element.name() == "a" || is_block(element.name()) => end(&mut line),
                _ => {}
            });
            end(&mut line);
        }
        lines
    }
}

/// Whether `element` is small enough for one item and holds no link to another.
fn is_single(element: ElementRef, others: &dyn Fn(ElementRef) -> bool) -> bool {
    // The nodes of an item, and one more to tell that there are too many.
    let inside: Vec<ElementRef> =
        element.descendants().take(MAX_ITEM + 1).filter_map(ElementRef::wrap).collect();
    element.descendants().nth(MAX_ITEM).is_none() && !inside.iter().any(|inner| others(*inner))
}

fn is_heading(element: &ElementRef) -> bool {
    let name = element.value().name();
    let called = |word: &str| {
        ["title", "headline", "heading"]
            .iter()
            .any(|own| !word.contains("sub") && word.to_ascii_lowercase().ends_with(own))
    };
    name.starts_with('h') && HEADINGS.contains(&name) || element.value().classes().any(called)
}

/// Whether `element` says by its name that it holds a date.
fn is_time(element: ElementRef) -> bool {
    let words = ["date", "time", "datum", "published", "posted", "pubdate", "fecha"];
    let named = |text: &str| {
        let parts = text.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
        parts.into_iter().any(|part| words.iter().any(|word| part.ends_with(word)) || part == "datepublished")
    };
    element.value().name() == "time"
        || ["class", "id", "itemprop", "property"]
            .into_iter()
            .filter_map(|name| element.attr(name))
            .any(named)
        || DATE_ATTRIBUTES.iter().any(|name| *name != "content" && element.attr(name).is_some())
}

fn is_way_on(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "»›>→…. [](){}".contains(c)).to_lowercase();
    text.is_empty() || WAYS_ON.contains(&text.as_str())
}
