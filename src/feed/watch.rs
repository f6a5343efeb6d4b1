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

/// The ends of the elements that hold a page: one that opens them and ends neither broke off.
const ENDS: [&str; 2] = ["</html", "</body"];
/// Words in the class, id or label of an element that is an advertisement.
const ADVERTISEMENTS: [&str; 9] =
    ["ad", "ads", "adsbygoogle", "advert", "advertisement", "adslot", "sponsored", "anzeige", "werbung"];

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

/// Whether a page that says where it begins does not say where it ends.
fn breaks_off(html: &str) -> bool {
    let lower = html.to_ascii_lowercase();
    lower.contains("<body") && !ENDS.iter().any(|end| lower.contains(end))
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
    let named = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| ADVERTISEMENTS.iter().any(|ad| word.eq_ignore_ascii_case(ad)))
    };
    ["class", "id", "aria-label"].into_iter().filter_map(|name| element.attr(name)).any(named)
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
    let (old, new) = (split(before, now), split(after, now));
    let (added, kept) = missing(&new, &old);
    let (removed, _) = missing(&old, &new);
    // Sentences that only changed places say the same.
    (!added.is_empty() || !removed.is_empty()).then_some(Change { added, removed, kept })
}

/// A sentence as written, and what it says without its noise.
struct Sentence {
    text: String,
    said: String,
}

/// The sentences that say something.
fn split(text: &str, now: Timestamp) -> Vec<Sentence> {
    let sentence = |text: String| Some(Sentence { said: said(&text, now)?, text });
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
    fn order_and_white_space_are_no_change() {
        assert_eq!(change("One. Two.", "Two.\n\n One."), None);
        assert_eq!(change("", " \n"), None);
        assert_eq!(change("Again.", "Again. Again.").map(|change| change.added.len()), Some(1));
    }
}
