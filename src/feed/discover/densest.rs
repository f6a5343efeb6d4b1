//! The part of a page that holds most of its text, as a CSS selector that a person would write.

use std::collections::HashMap;
use std::ptr;

use scraper::ElementRef;
use scraper::node::{Element, Node};

use super::guess::{ASIDE, classes, is_plain};
use crate::feed::page::{Page, is_shown, walk};

/// So many of a hundred characters of the page make the block in which they stand its main part.
const MOST: usize = 60;
/// Shorter texts are the main part of nothing, in characters.
const SHORTEST: usize = 40;

/// The narrowest element with a name of its own that holds most of the text of the page, navigation and the like aside.
/// `page` is open at its body.
pub(super) fn densest(page: &Page) -> Option<String> {
    let body = page.found().next()?;
    let lengths = lengths(body);
    let length_of =
        |element: &ElementRef| lengths.get(&ptr::from_ref(element.value())).copied().unwrap_or_default();
    let all = length_of(&body);
    let names = names(body);
    let mut best = None;
    let mut block = body;
    // Down as long as one child holds most of the whole.
    while let Some(child) = block.child_elements().max_by_key(length_of) {
        let length = length_of(&child);
        if length < SHORTEST || length * 100 < all * MOST {
            break;
        }
        let only = |name: &String| names.get(name) == Some(&1);
        best = selectors(child).find(only).or(best);
        block = child;
    }
    best
}

/// How many characters stand in each element, which its place in memory names; in one pass from the leaves up.
fn lengths(root: ElementRef) -> HashMap<*const Element, usize> {
    let mut lengths = HashMap::new();
    let mut open: Vec<usize> = Vec::new();
    let shown = |element: ElementRef| is_shown(element) && !is_aside(element);
    walk(root, shown, |node, begins| match node {
        Node::Text(text) if begins => {
            if let Some(length) = open.last_mut() {
                *length += text.chars().filter(|c| !c.is_whitespace()).count();
            }
        }
        Node::Element(_) if begins => open.push(0),
        Node::Element(element) => {
            let length = open.pop().unwrap_or_default();
            lengths.insert(ptr::from_ref(element), length);
            if let Some(above) = open.last_mut() {
                *above += length;
            }
        }
        _ => {}
    });
    lengths
}

fn is_aside(element: ElementRef) -> bool {
    ASIDE.contains(&element.value().name()) || element.value().name() == "header"
}

/// How often each selector finds something.
fn names(root: ElementRef) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for element in root.descendent_elements() {
        for name in selectors(element) {
            *names.entry(name).or_default() += 1;
        }
    }
    names
}

/// The selectors by which `element` itself may be named, the best first.
fn selectors(element: ElementRef<'_>) -> impl Iterator<Item = String> {
    let id = element.attr("id").filter(|id| is_plain(id)).map(|id| format!("#{id}"));
    let name = element.value().name();
    let table = matches!(name, "table" | "pre" | "section").then(|| name.to_owned());
    id.into_iter().chain(classes(element).map(|class| format!(".{class}"))).chain(table)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::feed::guess_watch;

    fn guess(html: &str) -> Option<String> {
        let base = Url::parse("https://harbour.example/state").expect("an address");
        densest(&Page::open(html, "body", &base).expect("a page"))
    }

    #[test]
    fn the_block_with_most_of_the_text_is_named() {
        let text = "<p>The old lock closes at night, and its gates are mended in winter.</p>".repeat(4);
        let page = |block: &str| {
            format!(
                "<body><nav>{text}</nav><header>{text}</header><div class=page><div class=side><a href=/x>short</a></div>{block}</div><footer>{text}</footer>"
            )
        };
        assert_eq!(guess(&page(&format!("<div id=state>{text}</div>"))), Some("#state".into()));
        assert_eq!(
            guess(&page(&format!("<div id=x1><div class='col-x lock-state'>{text}</div></div>"))),
            Some(".lock-state".into())
        );
        assert_eq!(guess(&page(&format!("<table><tr><td>{text}</table>"))), Some("table".into()));
        let two = format!("<div class=half>{text}</div><div class=half>{text}</div>");
        assert_eq!(guess(&page(&two)), Some(".page".into()), "as far as one block holds most");
        assert_eq!(guess("<body>Open"), None);
        assert_eq!(guess(&format!("<body><div>{text}</div>")), None, "nothing to name it by");
    }

    #[test]
    fn what_the_author_marks_goes_first_and_all_of_it_last() {
        let base = Url::parse("https://harbour.example/state").expect("an address");
        let watch = |html: &str| guess_watch(html, &base).map(|(selector, _)| selector);
        let text = "The old lock closes at night, and its gates are mended in winter.";
        assert_eq!(watch(&format!("<div id=a><main>{text}</main></div>")), Some("main".into()));
        assert_eq!(watch(&format!("<div id=lock>{text}</div>")), Some("#lock".into()));
        assert_eq!(watch("<p>Open"), Some("body".into()));
        assert_eq!(watch("<div id=app></div><script>x</script>"), None);
    }

    #[test]
    fn a_deep_page_takes_no_long_time() {
        let deep = format!(
            "{}text of the deepest part of a page, all of it{}",
            "<div>".repeat(400),
            "</div>".repeat(400)
        );
        assert_eq!(guess(&format!("<body>{}", deep.repeat(20))), None);
    }
}
