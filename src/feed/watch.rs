//! One page watched for change of its text.

use std::collections::HashMap;

use scraper::ElementRef;
use scraper::node::Node;
use url::Url;

use super::noise::said;
use super::page::{Page, is_block, is_shown, paragraphs_of, walk};
use super::plain::collapse;
use super::stand_in::stands_in;
use super::{Entry, Feed, FeedError, TRUNCATED};
use crate::clock::Timestamp;
use crate::text::fingerprint::fingerprint;
use crate::text::sentence::sentences;

/// The ends of the elements that hold a page: one that ends either is whole.
const ENDS: [&str; 2] = ["</html", "</body"];
/// Elements whose end HTML requires, unlike those of `body` and `p`.
const ENDED: [&str; 9] = ["article", "div", "main", "ol", "script", "section", "style", "table", "ul"];
/// Classes of advertisements.
const AD_CLASSES: [&str; 12] = [
    "ad",
    "ad-banner",
    "ad-container",
    "ad-slot",
    "ads",
    "adsbygoogle",
    "adsense",
    "adslot",
    "advert",
    "advertisement",
    "advertising",
    "sponsored",
];
/// What advertisements are labelled.
const AD_LABELS: [&str; 5] = ["ad", "advertisement", "anzeige", "sponsored", "werbung"];

/// Reads the text under `selector`: a feed of one entry whose key is the fingerprint of the text and whose
/// `content_html` is the text as HTML paragraphs.
///
/// # Errors
/// A selector that is no CSS; a page where it finds no text.
pub fn read_watched(html: &str, selector: &str, base: &Url) -> Result<Feed, FeedError> {
    let page = Page::open(html, selector, base)?;
    let title = page.text_of("title");
    let paragraphs = paragraphs(&page);
    if stands_in(title.as_deref().unwrap_or_default(), &paragraphs) {
        return Err(FeedError(format!("an error page stands in for {}", page.named())));
    }
    if paragraphs.is_empty() {
        return Err(FeedError(format!("the selector \"{selector}\" finds no text in {}", page.named())));
    }
    let title = title.or_else(|| page.text_of("h1"));
    let entry = Entry {
        key: fingerprint(&paragraphs),
        url: Some(base.clone()),
        title: title.clone(),
        content_html: Some(paragraphs_of(&paragraphs)),
        language: page.language(),
        ..Entry::default()
    };
    Ok(Feed {
        format: "watch".to_owned(),
        title,
        language: page.language(),
        entries: vec![entry],
        repairs: breaks_off(html).then(|| format!("{TRUNCATED}: the page has no end")).into_iter().collect(),
        ..Feed::default()
    })
}

/// Whether a page broke off: in a tag, in a comment, or in an element that HTML requires to end. The ends of `html` and
/// `body` may be left out.
fn breaks_off(html: &str) -> bool {
    let lower = html.to_ascii_lowercase();
    if ENDS.iter().any(|end| lower.contains(end)) {
        return false;
    }
    let after = |mark: &str| lower.rsplit_once(mark).map(|(_, rest)| rest);
    let in_tag = after("<").is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!".contains(c)) && !rest.contains('>')
    });
    let in_comment = after("<!--").is_some_and(|rest| !rest.contains("-->"));
    let is_open =
        |name: &str| lower.matches(&format!("<{name}")).count() > lower.matches(&format!("</{name}")).count();
    in_tag || in_comment || ENDED.into_iter().any(is_open)
}

/// The text that the selector finds, a paragraph each.
fn paragraphs(page: &Page) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut end_of_last = None;
    for element in page.found() {
        // One that stands in another that was found is read already: it comes before the other's end.
        if end_of_last.is_some_and(|last| element.ancestors().any(|outer| outer.id() == last)) {
            continue;
        }
        end_of_last = Some(element.id());
        let mut text = String::new();
        let shown = |element: ElementRef| is_shown(element) && !is_advertisement(element);
        walk(element, shown, |node, begins| match node {
            Node::Text(part) if begins => text.push_str(part),
            Node::Element(element) if is_block(element.name()) => end_paragraph(&mut text, &mut paragraphs),
            _ => {}
        });
        end_paragraph(&mut text, &mut paragraphs);
    }
    paragraphs
}

fn is_advertisement(element: ElementRef) -> bool {
    let is_one_of = |names: &[&str], text: &str| names.iter().any(|name| text.eq_ignore_ascii_case(name));
    element.value().classes().any(|class| is_one_of(&AD_CLASSES, class))
        || element.attr("aria-label").is_some_and(|label| is_one_of(&AD_LABELS, label.trim()))
}

fn end_paragraph(text: &mut String, paragraphs: &mut Vec<String>) {
    paragraphs.extend(collapse(text));
    text.clear();
}

/// What changed between two texts of a watched page, sentence by sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Sentences that are new, in order.
    pub added: Vec<String>,
    /// Sentences that are gone, in order.
    pub removed: Vec<String>,
    /// Sentences of the new text that stood there before, in order.
    pub kept: Vec<String>,
}

impl Change {
    /// Whether nothing is new: sentences are gone, or broke off.
    #[must_use]
    pub fn only_removes(&self) -> bool {
        let broke_off =
            |added: &String| self.removed.iter().any(|removed| removed.starts_with(added.as_str()));
        self.added.iter().all(broke_off)
    }
}

/// The difference between `before` and `after` at `now`, or `None` if they say the same: white space, typography, order
/// and noise (counters, clocks, stamps) aside.
#[must_use]
pub fn change(before: &str, after: &str, now: Timestamp) -> Option<Change> {
    let change = difference(before, after, now);
    // Sentences that only changed places say the same.
    (!change.added.is_empty() || !change.removed.is_empty()).then_some(change)
}

/// The same, also where there is none.
pub(super) fn difference(before: &str, after: &str, now: Timestamp) -> Change {
    let (old, new) = (split(before, now), split(after, now));
    let (added, kept) = missing(&new, &old);
    let (removed, _) = missing(&old, &new);
    Change { added, removed, kept }
}

/// A sentence as written, and what it says without its noise.
struct Sentence {
    text: String,
    said: String,
}

/// The sentences that say something.
fn split(text: &str, now: Timestamp) -> Vec<Sentence> {
    let mut label: Option<String> = None;
    let mut sentence = |text: String| {
        let said = said(&text, now);
        // "Last updated" and, in the next paragraph, "12:03".
        let is_stamp =
            label.take().is_some_and(|label| self::said(&format!("{label} {text}"), now).is_none());
        if said.is_none() {
            label = Some(text).filter(|text| !text.contains(char::is_numeric));
            return None;
        }
        said.filter(|_| !is_stamp).map(|said| Sentence { text, said })
    };
    sentences(text).into_iter().filter_map(|span| sentence(collapse(text.get(span)?)?)).collect()
}

/// The sentences of `text` that are not in `other`, each as often as it is missing, and those that are.
fn missing(text: &[Sentence], other: &[Sentence]) -> (Vec<String>, Vec<String>) {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for sentence in other {
        *left.entry(&sentence.said).or_default() += 1;
    }
    let mut found = |sentence: &&Sentence| {
        let count = left.get_mut(sentence.said.as_str()).filter(|count| **count > 0);
        count.map(|count| *count -= 1).is_some()
    };
    let (there, missing): (Vec<&Sentence>, Vec<&Sentence>) = text.iter().partition(&mut found);
    let texts = |all: Vec<&Sentence>| all.into_iter().map(|sentence| sentence.text.clone()).collect();
    (texts(missing), texts(there))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: &str, after: &str) -> Option<Change> {
        super::change(before, after, "2026-11-22T12:00:00Z".parse().expect("a time"))
    }

    fn read(html: &str, selector: &str) -> Result<Feed, FeedError> {
        read_watched(html, selector, &Url::parse("https://example.org/statement").expect("an address"))
    }

    #[test]
    fn the_text_under_the_selector_is_the_entry() {
        let html = "<html lang=en><title>Statement</title><nav>Menu</nav><main><h1>State\nment</h1>\
             <p>We  <b>do</b>.<script>x()</script><div>a &lt; b<br>c</div><main>inner</main></main>";
        let feed = read(html, "main").expect("a page");
        let [entry] = &feed.entries[..] else { panic!("{feed:?}") };
        let content = "<p>State ment</p>\n<p>We do.</p>\n<p>a &lt; b</p>\n<p>c</p>\n<p>inner</p>\n";
        assert_eq!(entry.content_html.as_deref(), Some(content));
        assert_eq!((entry.title.as_deref(), feed.format.as_str()), (Some("Statement"), "watch"));
    }

    #[test]
    fn white_space_and_markup_do_not_change_the_key() {
        let key = |html: &str| read(html, "main").expect("a page").entries[0].key.clone();
        assert_eq!(
            key("<main><p>We do.</p></main>"),
            key("<main class=x>\n<p id=a><i>We</i>\n do.</p>\n</main>")
        );
        assert_ne!(key("<main>We do.</main>"), key("<main>We do not.</main>"));
    }

    #[test]
    fn no_text_is_an_error() {
        let error = |html: &str| read(html, "main").expect_err("no text").to_string();
        assert_eq!(
            error("<title>T</title><p>x"),
            "the selector \"main\" finds no text in the page (title \"T\")"
        );
        assert_eq!(
            error("<main> <script>x</script></main>"),
            "the selector \"main\" finds no text in the page"
        );
        let stand_in = error("<title>Just a moment...</title><main>Checking</main>");
        assert_eq!(stand_in, "an error page stands in for the page (title \"Just a moment...\")");
        for title in ["404 killed in flood", "Access denied: island bars inspectors"] {
            assert!(
                read(&format!("<title>{title}</title><main>It is so.</main>"), "main").is_ok(),
                "{title}"
            );
        }
        assert!(read("<title>404 Not Found | The Post</title><main>Gone.</main>", "main").is_err());
    }

    #[test]
    fn a_change_names_the_sentences() {
        let change = change("One stays.\n\nTwo goes. Three stays.", "One  stays. Three stays.\nFour comes.");
        let change = change.expect("a change");
        assert_eq!(
            (change.added, change.removed),
            (vec!["Four comes.".to_owned()], vec!["Two goes.".to_owned()])
        );
    }

    #[test]
    fn only_what_is_classed_as_an_advertisement_is_left_out() {
        let html = "<main><p>One.<div class='big ad-slot'>Fly</div><div aria-label=Anzeige>Buy</div>\
             <p class='news-ad'>Two.<p id=ad-1>Three.<p class=anzeige>Four.<p aria-label='Ad hoc notice'>Five.</main>";
        let feed = read(html, "main").expect("a page");
        let content = "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>\n<p>Four.</p>\n<p>Five.</p>\n";
        assert_eq!(feed.entries[0].content_html.as_deref(), Some(content));
    }

    #[test]
    fn a_page_breaks_off_where_html_requires_more() {
        for whole in [
            "<!DOCTYPE html><html><body><main><p>One.<p>Two.</main>",
            "<body><main><p>5 < 6</main>\n",
            "<body><div><main><p>One.</main></body>",
            "<main>One.</main><!-- done -->",
        ] {
            assert!(!read(whole, "main").expect("a page").is_truncated(), "{whole}");
        }
        for cut in [
            "<body><main><p>One.",
            "<main>One.</main><p class=\"x",
            "<main>One.</main></di",
            "<main>One.</main><!-- <p>x</p>",
            "<main>One.</main><script>if (1) x()",
        ] {
            assert!(read(cut, "main").expect("a page").is_truncated(), "{cut}");
        }
    }

    #[test]
    fn a_clock_below_its_label_is_a_stamp() {
        assert_eq!(change("Last updated\n\n12:03\n\nText.", "Last updated\n\n12:44\n\nText."), None);
        assert!(change("Sunday, 22 November\n\n14:00", "Sunday, 22 November\n\n18:00").is_some());
        assert!(change("Comments\n\n14:00", "Comments\n\n18:00").is_some());
        assert!(change("Press conference\n\n14:00", "Press conference\n\n18:00").is_some());
    }

    #[test]
    fn order_and_white_space_are_no_change() {
        assert_eq!(change("One. Two.", "Two.\n\n One."), None);
        assert_eq!(change("", " \n"), None);
        assert_eq!(change("Again.", "Again. Again.").map(|change| change.added.len()), Some(1));
    }
}
