//! An HTML page behind the gate: parsed only if that is safe, and what both kinds of watched pages ask of it.

use scraper::node::Node;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::markup::escape_into;
use super::page_sink::parse;
use super::plain::short;
use super::{FeedError, is_language};

/// Elements whose text no reader sees.
const UNSEEN: [&str; 6] = ["script", "style", "noscript", "template", "svg", "head"];

/// A page and what the selector finds in it.
pub(super) struct Page {
    html: Html,
    selector: Selector,
    /// What its addresses are relative to.
    pub(super) base: Url,
}

impl Page {
    /// Parses `html`, found at `base`, to look for `selector` in it.
    pub(super) fn open(html: &str, selector: &str, base: &Url) -> Result<Self, FeedError> {
        let chosen = Selector::parse(selector).map_err(|_| {
            FeedError(format!("\"{selector}\" is not a CSS selector such as \"article h2 a\""))
        })?;
        if html.trim().is_empty() {
            return Err(FeedError("an empty document, not a page".to_owned()));
        }
        let tree = parse(html).map_err(|refused| FeedError(refused.to_string()))?;
        let mut page = Self { html: tree, selector: chosen, base: base.clone() };
        let own =
            page.all().find(|element| element.value().name() == "base" && element.attr("href").is_some());
        if let Some(own) = own.and_then(|element| base.join(element.attr("href")?.trim()).ok()) {
            page.base = own;
        }
        Ok(page)
    }

    /// What the selector finds, in document order.
    pub(super) fn found(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.html.select(&self.selector)
    }

    fn all(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.html.root_element().descendent_elements()
    }

    /// The text of the first element called `name`.
    pub(super) fn text_of(&self, name: &str) -> Option<String> {
        let element = self.all().find(|element| element.value().name() == name && !in_svg(*element))?;
        short(&element.text().collect::<String>())
    }

    /// The declared language.
    pub(super) fn language(&self) -> Option<String> {
        self.html.root_element().attr("lang").map(str::trim).filter(|tag| is_language(tag)).map(str::to_owned)
    }

    /// The end of a message about this page: what it calls itself.
    pub(super) fn named(&self) -> String {
        match self.text_of("title") {
            Some(title) => format!("the page (title \"{}\")", title.chars().take(80).collect::<String>()),
            None => "the page".to_owned(),
        }
    }
}

fn in_svg(element: ElementRef) -> bool {
    element.parent().and_then(ElementRef::wrap).is_some_and(|parent| parent.value().name() == "svg")
}

/// Whether a reader sees what stands in `element`, for all that it says itself.
pub(super) fn is_shown(element: ElementRef) -> bool {
    let element = element.value();
    let hidden = |style: &str| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    };
    !UNSEEN.contains(&element.name())
        && element.attr("hidden").is_none_or(|value| value == "until-found")
        && !element.attr("style").is_some_and(hidden)
}

/// Goes through `root` and what is `shown` in it, in document order and without recursion; `visit` is called for each
/// node as it begins (true) and ends (false).
pub(super) fn walk(root: ElementRef, shown: impl Fn(ElementRef) -> bool, mut visit: impl FnMut(&Node, bool)) {
    let mut node = *root;
    loop {
        // What was asked for is shown whatever it says: scripts show what was hidden first.
        if node.id() == root.id() || ElementRef::wrap(node).is_none_or(&shown) {
            visit(node.value(), true);
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            visit(node.value(), false);
        }
        // Up until something follows.
        loop {
            if node.id() == root.id() {
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return };
            node = parent;
            visit(node.value(), false);
        }
    }
}

/// The text that a reader sees in `element`, on one line.
pub(super) fn text(element: ElementRef) -> Option<String> {
    let mut text = String::new();
    walk(element, is_shown, |node, begins| match node {
        Node::Text(part) if begins => text.push_str(part),
        Node::Element(element) if is_block(element.name()) => text.push(' '),
        _ => {}
    });
    short(&text)
}

/// `paragraphs` as HTML.
pub(super) fn paragraphs_of(paragraphs: &[String]) -> String {
    let mut html = String::new();
    for paragraph in paragraphs {
        html.push_str("<p>");
        escape_into(&mut html, paragraph);
        html.push_str("</p>\n");
    }
    html
}

/// Whether a word cannot run through the borders of the element called `name`.
pub(super) fn is_block(name: &str) -> bool {
    !super::plain::INLINE.contains(&name)
}

#[cfg(test)]
mod tests;
