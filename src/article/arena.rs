//! The tree while html5ever builds it: an arena under bounds, laid out in document order at the end.
//!
//! Node ids are places in the arena and are made here alone; html5ever hands back those that it got.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName};

use super::dom::{Data, Node};

/// Most nodes (elements, runs of text) that a page may have. The largest of 475 measured news pages has 7,778 elements.
const MAX_NODES: usize = 300_000;
/// Most attributes of all elements of a page together.
const MAX_ATTRIBUTES: usize = 400_000;
/// Deepest nesting that is parsed: html5ever walks its stack of open elements for many tags, which is quadratic in
/// the depth. The deepest of 854 measured pages nests 138 deep.
const MAX_DEPTH: u32 = 512;
/// Elements that show nothing, or something that is not part of the document. `noscript` holds text that a reader
/// with scripts never sees.
const DROPPED: [&str; 17] = [
    "style", "noscript", "template", "svg", "math", "iframe", "frame", "object", "embed", "canvas",
    "textarea", "audio", "video", "map", "noembed",
    // Readings beside the characters of a name would part them.
    "rt", "rp",
];
const NONE: u32 = u32::MAX;

/// The tree while html5ever builds it.
pub(super) struct Arena {
    nodes: RefCell<Vec<Twig>>,
    /// Tokens that arrived, so that a long tag (no token for many bytes) can be told.
    events: Cell<usize>,
    attributes: Cell<usize>,
    /// The bound that was passed, in words.
    passed: Cell<Option<&'static str>>,
}

/// A node of the tree while it is built.
struct Twig {
    /// Without letters for what is no element.
    name: QualName,
    attrs: Vec<Attribute>,
    text: Option<StrTendril>,
    /// Text below this element is not kept.
    mute: bool,
    parent: u32,
    first: u32,
    last: u32,
    previous: u32,
    next: u32,
    depth: u32,
}

impl Arena {
    /// An empty document.
    pub(super) fn new() -> Self {
        let arena = Self {
            nodes: RefCell::new(Vec::new()),
            events: Cell::new(0),
            attributes: Cell::new(0),
            passed: Cell::new(None),
        };
        arena.add(None, Vec::new(), None);
        arena
    }

    /// The bound that the page passes, if it does.
    pub(super) fn passed(&self) -> Option<&'static str> {
        self.passed.get()
    }

    /// How many tokens have arrived.
    pub(super) fn events(&self) -> usize {
        self.events.get()
    }

    fn add(&self, name: Option<QualName>, attrs: Vec<Attribute>, text: Option<StrTendril>) -> u32 {
        self.events.set(self.events.get() + 1);
        self.attributes.set(self.attributes.get() + attrs.len());
        let mute = name.as_ref().is_some_and(|name| match &*name.local {
            "script" => !attrs.iter().any(|a| &*a.name.local == "type" && a.value.contains("ld+json")),
            tag => DROPPED.contains(&tag),
        });
        let name = name.unwrap_or_else(|| QualName::new(None, Namespace::default(), LocalName::default()));
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= MAX_NODES {
            self.passed.set(Some("more than 300,000 elements"));
        }
        if self.attributes.get() > MAX_ATTRIBUTES {
            self.passed.set(Some("more than 400,000 attributes"));
        }
        let id = u32::try_from(nodes.len()).unwrap_or(NONE);
        nodes.push(Twig {
            name,
            attrs,
            text,
            mute,
            parent: NONE,
            first: NONE,
            last: NONE,
            previous: NONE,
            next: NONE,
            depth: 0,
        });
        id
    }

    /// Takes `node` from its place. html5ever calls this seldom, for misnested tags.
    fn detach(nodes: &mut [Twig], node: u32) {
        let (parent, previous, next) = {
            let twig = &mut nodes[node as usize];
            let links = (twig.parent, twig.previous, twig.next);
            (twig.parent, twig.previous, twig.next) = (NONE, NONE, NONE);
            links
        };
        match nodes.get_mut(previous as usize) {
            Some(twig) => twig.next = next,
            None => {
                if let Some(twig) = nodes.get_mut(parent as usize) {
                    twig.first = next;
                }
            }
        }
        match nodes.get_mut(next as usize) {
            Some(twig) => twig.previous = previous,
            None => {
                if let Some(twig) = nodes.get_mut(parent as usize) {
                    twig.last = previous;
                }
            }
        }
    }

    /// Puts `node` under `parent` before `next` (`NONE`: at the end).
    fn attach(&self, nodes: &mut [Twig], node: u32, parent: u32, next: u32) {
        Self::detach(nodes, node);
        let depth = nodes[parent as usize].depth + 1;
        if depth > MAX_DEPTH {
            self.passed.set(Some("elements nest deeper than 512"));
        }
        let previous = match nodes.get_mut(next as usize) {
            Some(twig) => std::mem::replace(&mut twig.previous, node),
            None => std::mem::replace(&mut nodes[parent as usize].last, node),
        };
        match nodes.get_mut(previous as usize) {
            Some(twig) => twig.next = node,
            None => nodes[parent as usize].first = node,
        }
        let twig = &mut nodes[node as usize];
        (twig.parent, twig.previous, twig.next, twig.depth) = (parent, previous, next, depth);
    }

    /// Puts `child` under `parent` before `next`; text is joined to a run of text before it.
    fn insert(&self, parent: u32, next: u32, child: NodeOrText<u32>) {
        let node = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                self.events.set(self.events.get() + 1);
                let mut nodes = self.nodes.borrow_mut();
                if nodes[parent as usize].mute {
                    return;
                }
                let before = match nodes.get(next as usize) {
                    Some(twig) => twig.previous,
                    None => nodes[parent as usize].last,
                };
                if let Some(run) = nodes.get_mut(before as usize).and_then(|twig| twig.text.as_mut()) {
                    run.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.add(None, Vec::new(), Some(text))
            }
        };
        self.attach(&mut self.nodes.borrow_mut(), node, parent, next);
    }

    /// Lays the tree out in document order, without what is never shown.
    pub(super) fn into_nodes(self) -> Vec<Node> {
        let mut twigs = self.nodes.into_inner();
        let mut nodes: Vec<Node> = Vec::with_capacity(twigs.len());
        // (twig, parent in the layout); a twig's children are pushed last to first.
        let mut todo = vec![(0_u32, 0_usize)];
        while let Some((id, parent)) = todo.pop() {
            let Some(twig) = twigs.get_mut(id as usize) else { continue };
            let in_script = matches!(nodes.get(parent), Some(Node { data: Data::Element(tag, _), .. }) if &**tag == "script");
            // A page that hides its whole body shows it again by a script.
            if twig.mute || is_hidden(&twig.attrs) && !matches!(&*twig.name.local, "html" | "body") {
                continue;
            }
            let place = nodes.len();
            let data = match twig.text.take() {
                Some(text) if in_script => Data::Script(text),
                Some(text) => Data::Text(text),
                None if twig.name.local.is_empty() => Data::Other,
                None => Data::Element(twig.name.local.clone(), std::mem::take(&mut twig.attrs)),
            };
            nodes.push(Node { parent, end: place + 1, data });
            let mut child = twig.last;
            while let Some(twig) = twigs.get(child as usize) {
                todo.push((child, place));
                child = twig.previous;
            }
        }
        // Children stand after their parent: from the back, each hands its end up.
        for place in (1..nodes.len()).rev() {
            let (parent, end) = (nodes[place].parent, nodes[place].end);
            nodes[parent].end = nodes[parent].end.max(end);
        }
        nodes
    }
}

/// True if the element says itself that it is not shown.
fn is_hidden(attrs: &[Attribute]) -> bool {
    // React sends the late parts of a page in hidden boxes, which a script then moves into their place.
    let is_late = |attr: &Attribute| &*attr.name.local == "id" && attr.value.starts_with("S:");
    !attrs.iter().any(is_late)
        && attrs.iter().any(|attr| match &*attr.name.local {
            "hidden" => !attr.value.eq_ignore_ascii_case("until-found"),
            "style" => {
                let style: String = attr
                    .value
                    .chars()
                    .filter(|c| !c.is_whitespace())
                    .collect::<String>()
                    .to_ascii_lowercase();
                style.contains("display:none") || style.contains("visibility:hidden")
            }
            _ => false,
        })
}

impl TreeSink for Arena {
    type Handle = u32;
    type Output = Self;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> u32 {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a u32) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| &nodes[*target as usize].name)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> u32 {
        self.add(Some(name), attrs, None)
    }

    fn create_comment(&self, _: StrTendril) -> u32 {
        self.add(None, Vec::new(), None)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> u32 {
        self.add(None, Vec::new(), None)
    }

    fn append(&self, parent: &u32, child: NodeOrText<u32>) {
        self.insert(*parent, NONE, child);
    }

    fn append_based_on_parent_node(&self, element: &u32, previous: &u32, child: NodeOrText<u32>) {
        if self.nodes.borrow()[*element as usize].parent == NONE {
            self.append(previous, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The template itself: what stands in it is not shown, and is left out of the layout with it.
    fn get_template_contents(&self, target: &u32) -> u32 {
        *target
    }

    fn same_node(&self, one: &u32, other: &u32) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &u32, child: NodeOrText<u32>) {
        let parent = self.nodes.borrow()[*sibling as usize].parent;
        if parent != NONE {
            self.insert(parent, *sibling, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &u32, attrs: Vec<Attribute>) {
        let twig = &mut self.nodes.borrow_mut()[*target as usize];
        for attr in attrs {
            if !twig.attrs.iter().any(|known| known.name == attr.name) {
                twig.attrs.push(attr);
            }
        }
    }

    fn remove_from_parent(&self, target: &u32) {
        Self::detach(&mut self.nodes.borrow_mut(), *target);
    }

    fn reparent_children(&self, node: &u32, new_parent: &u32) {
        let mut nodes = self.nodes.borrow_mut();
        loop {
            let child = nodes[*node as usize].first;
            if child == NONE {
                break;
            }
            self.attach(&mut nodes, child, *new_parent, NONE);
        }
    }

    fn allow_declarative_shadow_roots(&self, _: &u32) -> bool {
        false
    }
}
