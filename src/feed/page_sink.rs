//! The tree of a page while html5ever builds it: scraper's, under bounds.

use std::borrow::Cow;
use std::cell::Cell;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use scraper::{Html, HtmlTreeSink};

use crate::text::html_gate::{Gate, Refused};

/// Most elements and comments that a page may have: twenty times those of the largest real page that was measured.
const MAX_NODES: usize = 300_000;
/// Most attributes of all elements of a page together.
const MAX_ATTRIBUTES: usize = 400_000;
/// Deepest nesting that is parsed: html5ever walks its stack of open elements for many tags, which is quadratic in
/// the depth. Real pages stay below 150.
const MAX_DEPTH: usize = 512;

/// Parses `html`. Time and memory are bounded: parsing goes on a piece at a time and stops at the first bound that is
/// passed, so what html5ever makes of hostile tags is measured, not foretold.
pub(super) fn parse(html: &str) -> Result<Html, Refused> {
    let mut gate = Gate::new(html)?;
    let mut parser = parse_document(Bounded::new(), ParseOpts::default());
    while let Some(piece) = gate.next_piece() {
        parser.process(StrTendril::from_slice(piece));
        let sink = &parser.tokenizer.sink.sink;
        if let Some(bound) = sink.passed.get() {
            return Err(Refused(bound.to_owned()));
        }
        gate.consumed(piece, sink.events.get())?;
    }
    Ok(parser.finish())
}

type Node = <HtmlTreeSink as TreeSink>::Handle;

struct Bounded {
    tree: HtmlTreeSink,
    nodes: Cell<usize>,
    attributes: Cell<usize>,
    /// Tokens that arrived, so that a long tag (no token for many bytes) can be told.
    events: Cell<usize>,
    /// The bound that was passed, in words.
    passed: Cell<Option<&'static str>>,
}

impl Bounded {
    fn new() -> Self {
        Self {
            tree: HtmlTreeSink::new(Html::new_document()),
            nodes: Cell::new(0),
            attributes: Cell::new(0),
            events: Cell::new(0),
            passed: Cell::new(None),
        }
    }

    fn made(&self, attributes: usize) {
        self.events.set(self.events.get() + 1);
        self.nodes.set(self.nodes.get() + 1);
        self.attributes.set(self.attributes.get() + attributes);
        if self.nodes.get() > MAX_NODES {
            self.passed.set(Some("more than 300,000 elements"));
        }
        if self.attributes.get() > MAX_ATTRIBUTES {
            self.passed.set(Some("more than 400,000 attributes"));
        }
    }

    /// `child` was put into the tree below `parent`.
    fn placed(&self, parent: Node) {
        self.events.set(self.events.get() + 1);
        let tree = self.tree.0.borrow();
        if tree.tree.get(parent).is_some_and(|parent| parent.ancestors().nth(MAX_DEPTH - 1).is_some()) {
            self.passed.set(Some("elements nest deeper than 512"));
        }
    }
}

impl TreeSink for Bounded {
    type Handle = Node;
    type Output = Html;
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn finish(self) -> Html {
        self.tree.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Node {
        self.tree.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a Node) -> Self::ElemName<'a> {
        self.tree.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Node {
        self.made(attrs.len());
        self.tree.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> Node {
        self.made(0);
        self.tree.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Node {
        self.made(0);
        self.tree.create_pi(target, data)
    }

    fn append(&self, parent: &Node, child: NodeOrText<Node>) {
        self.placed(*parent);
        self.tree.append(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &Node, previous: &Node, child: NodeOrText<Node>) {
        self.placed(*element);
        self.tree.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.tree.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Node) -> Node {
        self.tree.get_template_contents(target)
    }

    fn same_node(&self, one: &Node, other: &Node) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &Node, child: NodeOrText<Node>) {
        self.placed(*sibling);
        self.tree.append_before_sibling(sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &Node, attrs: Vec<Attribute>) {
        self.attributes.set(self.attributes.get() + attrs.len());
        self.tree.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &Node) {
        self.tree.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &Node, new_parent: &Node) {
        self.tree.reparent_children(node, new_parent);
    }

    fn allow_declarative_shadow_roots(&self, _: &Node) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(html: &str) -> Option<String> {
        parse(html).err().map(|why| why.to_string())
    }

    #[test]
    fn a_tree_is_the_one_that_scraper_builds() {
        let html =
            "<!DOCTYPE html><p>a<b>b<p>c</b><table>d<tr><td>e</table><template><i>f</template><!--g-->h";
        let (ours, theirs) = (parse(html).expect("small"), Html::parse_document(html));
        assert_eq!(ours.html(), theirs.html());
    }

    #[test]
    fn bombs_are_refused_soon() {
        for part in ["<div>", "<ul><li>", "<svg><g>", "<table><tr><td>", "<li><ul></li>", "<td><div></td>"] {
            let deep = refusal(&part.repeat(30_000)).unwrap_or_default();
            assert!(deep.ends_with("nest deeper than 512"), "{part} {deep}");
        }
        let fonts = (0..300).fold(String::new(), |fonts, i| fonts + &format!("<font id={i}>"));
        assert!(refusal(&format!("<p>{fonts}</p>{}", "<p>x</p>".repeat(10_000))).is_some());
        assert!(refusal(&format!("<p {}>", "a ".repeat(30_000))).is_some());
        assert!(refusal(&"<br>".repeat(400_000)).is_some());
        for fine in
            ["<div>x</div>", "<p>x", "<li>x", "<a name=x>y", "<p><b>x</p>", "<table><tr><td>x<td>y</table>"]
        {
            assert_eq!(refusal(&fine.repeat(2_000)), None, "{fine}");
        }
    }

    proptest! {
        #[test]
        fn pieces_change_nothing(html in "(</?(b|p|a|table|td|svg|li|form|template|select)( x=y)?>|[a-zé &;]|<!--|-->){0,60}", fill in 4_000..4_200_usize) {
            // The filling moves the border between two pieces through the page.
            let html = format!("<i>{}</i>{html}", "x".repeat(fill));
            prop_assert_eq!(parse(&html).expect("small").html(), Html::parse_document(&html).html());
        }
    }
}
