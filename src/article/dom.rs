//! HTML → a flat [`Page`] in document order, so that a subtree is a range and no step needs recursion.

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, ParseOpts, parse_document};

use super::ExtractError;
use super::arena::Arena;
use crate::text::html_gate::{Gate, Refused};

/// A page in document order.
#[derive(Debug)]
pub(super) struct Page {
    nodes: Vec<Node>,
}

/// An element or a run of text.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) parent: usize,
    /// One past the last descendant.
    pub(super) end: usize,
    pub(super) data: Data,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Data {
    /// The document, a comment, a doctype.
    Other,
    Element(LocalName, Vec<Attribute>),
    Text(StrTendril),
    /// The content of a JSON-LD script.
    Script(StrTendril),
}

impl From<Refused> for ExtractError {
    fn from(why: Refused) -> Self {
        Self::NoArticle(why.to_string())
    }
}

impl Page {
    /// Parses `html`. Time and memory are bounded: parsing goes on a piece at a time, and stops at the first bound
    /// that is passed.
    pub(super) fn parse(html: &str) -> Result<Self, ExtractError> {
        let mut gate = Gate::new(html)?;
        let mut parser = parse_document(Arena::new(), ParseOpts::default());
        while let Some(piece) = gate.next_piece() {
            parser.process(StrTendril::from_slice(piece));
            let arena = &parser.tokenizer.sink.sink;
            if let Some(bound) = arena.passed() {
                return Err(Refused(bound.to_owned()).into());
            }
            gate.consumed(piece, arena.events())?;
        }
        Ok(Self { nodes: parser.finish().into_nodes() })
    }

    /// How many nodes there are; they are numbered in document order, the document itself is 0.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The parent of `node`; the document is its own.
    pub(super) fn parent(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(0, |found| found.parent)
    }

    /// One past the last descendant of `node`.
    pub(super) fn end(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(node, |found| found.end)
    }

    /// The tag of an element in lower case; empty for text and the document.
    pub(super) fn tag(&self, node: usize) -> &str {
        match self.nodes.get(node).map(|found| &found.data) {
            Some(Data::Element(name, _)) => name,
            _ => "",
        }
    }

    /// The text of a run of text.
    pub(super) fn text(&self, node: usize) -> Option<&str> {
        match self.nodes.get(node).map(|found| &found.data) {
            Some(Data::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The JSON-LD scripts.
    pub(super) fn scripts(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match &node.data {
            Data::Script(text) => Some(&**text),
            _ => None,
        })
    }

    /// An attribute of an element, trimmed; `None` if it is missing or empty.
    pub(super) fn attr(&self, node: usize, name: &str) -> Option<&str> {
        match self.nodes.get(node).map(|found| &found.data) {
            Some(Data::Element(_, attrs)) => attrs
                .iter()
                .find(|attr| &*attr.name.local == name)
                .map(|attr| attr.value.trim())
                .filter(|value| !value.is_empty()),
            _ => None,
        }
    }

    /// Whether an element has an attribute, be it empty.
    pub(super) fn has(&self, node: usize, name: &str) -> bool {
        match self.nodes.get(node).map(|found| &found.data) {
            Some(Data::Element(_, attrs)) => attrs.iter().any(|attr| &*attr.name.local == name),
            _ => false,
        }
    }

    /// The element and those that hold it, innermost first, without the document.
    pub(super) fn lineage(&self, node: usize) -> impl Iterator<Item = usize> {
        let mut next = node;
        std::iter::from_fn(move || {
            let this = next;
            next = self.parent(this);
            (this != 0).then_some(this)
        })
    }

    /// The elements called `tag`, in document order.
    pub(super) fn elements<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = usize> + 'a {
        (0..self.len()).filter(move |&node| self.tag(node) == tag)
    }

    /// All text in `node`, runs of white space made one space, at most `max` bytes (and a run more).
    pub(super) fn text_in(&self, node: usize, max: usize) -> String {
        let mut text = String::new();
        for inner in node..self.end(node) {
            if text.len() >= max {
                break;
            }
            text.push(' ');
            text.push_str(self.text(inner).unwrap_or_default());
        }
        super::blocks::clean(&text)
    }
}
