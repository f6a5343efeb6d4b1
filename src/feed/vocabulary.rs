//! The element names of the feed formats, in whatever namespace and spelling they come, and what they are to us.

use std::borrow::Cow;
use std::collections::HashMap;

use super::markup::{Tag, split_name};

/// Most prefixes that are remembered.
const MAX_PREFIXES: usize = 256;

/// Namespaces, by their address without scheme, `www.` and final slash or hash: feeds vary in all of them.
const NAMESPACES: [(&str, Space); 14] = [
    ("w3.org/2005/atom", Space::Atom),
    ("purl.org/atom/ns", Space::Atom),
    ("purl.org/net/rss1.1", Space::Core),
    ("purl.org/rss/1.0", Space::Core),
    ("my.netscape.com/rdf/simple/0.9", Space::Core),
    ("channel.netscape.com/rdf/simple/0.9", Space::Core),
    ("my.netscape.com/publish/formats/rss-0.91.dtd", Space::Core),
    ("backend.userland.com/rss2", Space::Core),
    ("w3.org/1999/02/22-rdf-syntax-ns", Space::Rdf),
    ("purl.org/rss/1.0/modules/content", Space::Content),
    ("purl.org/dc/elements/1.1", Space::Dublin),
    ("purl.org/dc/elements/1.0", Space::Dublin),
    ("purl.org/dc/terms", Space::Dublin),
    ("search.yahoo.com/mrss", Space::Media),
];

/// Prefixes that are used without being declared, and what is meant.
const CUSTOMARY: [(&str, Space); 8] = [
    ("rss", Space::Core),
    ("atom", Space::Atom),
    ("atom10", Space::Atom),
    ("rdf", Space::Rdf),
    ("content", Space::Content),
    ("dc", Space::Dublin),
    ("dcterms", Space::Dublin),
    ("media", Space::Media),
];

/// Whose element it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// The format's own, which many feeds leave without a namespace.
    Core,
    /// Atom's.
    Atom,
    Rdf,
    Content,
    Dublin,
    Media,
    /// Any that we do not read.
    Other,
}

/// What an element says of the feed or the entry that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Title,
    Link,
    Id,
    Published,
    Updated,
    Author,
    Summary,
    Content,
    Language,
    Ttl,
}

/// The part that an element plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// `rss`, `rdf:RDF`, `feed`.
    Root,
    Channel,
    Entry,
    /// A field; `second` if another element of the same field is better.
    Field {
        field: Field,
        second: bool,
    },
    /// A wrapper whose content counts as if it stood outside.
    Wrapper,
    /// Not read, with all that it holds.
    Unread,
}

/// Tells the namespaces of a document's elements.
#[derive(Debug)]
pub(super) struct Vocabulary<'a> {
    prefixes: HashMap<&'a str, Space>,
    /// Whether the document is an Atom feed, so that `Atom` and `Core` are one.
    atom: bool,
}

impl<'a> Vocabulary<'a> {
    pub(super) fn new(root: &Tag<'a>, atom: bool) -> Self {
        let mut new = Self { prefixes: HashMap::new(), atom };
        new.declare(root);
        // Whatever namespace the root is in, it is the format's own.
        new.prefixes.insert(split_name(root.name).0, Space::Core);
        if split_name(root.name).1.eq_ignore_ascii_case("rdf") {
            new.prefixes.insert(split_name(root.name).0, Space::Rdf);
            new.prefixes.insert("", Space::Core);
        }
        new
    }

    /// Takes in the prefixes that `tag` declares. Their scope is not kept: no feed gives a prefix two meanings.
    pub(super) fn declare(&mut self, tag: &Tag<'a>) {
        for (name, uri) in tag.attributes() {
            if let Some(prefix) = name.strip_prefix("xmlns:")
                && self.prefixes.len() < MAX_PREFIXES
            {
                self.prefixes.insert(prefix, namespace(uri));
            }
        }
    }

    fn space(&self, tag: &Tag) -> Space {
        let (prefix, _) = split_name(tag.name);
        // A default namespace is that of the one element on which it stands, as far as we read.
        if prefix.is_empty()
            && let Some((_, uri)) = tag.attributes().find(|(name, _)| *name == "xmlns")
        {
            let uri = uri.to_ascii_lowercase();
            return match namespace(&uri) {
                Space::Other if !uri.contains("xhtml") => Space::Core,
                space => space,
            };
        }
        let customary =
            || CUSTOMARY.iter().find(|(own, _)| own.eq_ignore_ascii_case(prefix)).map(|(_, space)| *space);
        match self.prefixes.get(prefix) {
            Some(space) => *space,
            None if prefix.is_empty() => Space::Core,
            None => customary().unwrap_or(Space::Other),
        }
    }

    /// The part that `tag` plays, inside an entry or outside.
    pub(super) fn part(&self, tag: &Tag, in_entry: bool) -> Part {
        let name = lowercase(split_name(tag.name).1);
        let space = match self.space(tag) {
            Space::Atom if self.atom => Space::Core,
            space => space,
        };
        let field = |field| Part::Field { field, second: false };
        let second = |field| Part::Field { field, second: true };
        match (space, &*name) {
            (Space::Rdf, "rdf") | (Space::Core, "rss" | "feed") => Part::Root,
            (Space::Core, "channel") => Part::Channel,
            (Space::Core, "item" | "entry") => Part::Entry,
            (Space::Core, "title") => field(Field::Title),
            (Space::Core | Space::Dublin, "language") => field(Field::Language),
            (Space::Core, "ttl") => field(Field::Ttl),
            (Space::Dublin, "title") if !in_entry => field(Field::Title),
            _ if !in_entry => Part::Unread,
            (Space::Core, "link") => field(Field::Link),
            (Space::Core, "id" | "guid") => field(Field::Id),
            (Space::Core, "pubdate" | "published" | "issued" | "date") => field(Field::Published),
            (Space::Core, "updated" | "modified") => field(Field::Updated),
            (Space::Core, "description" | "summary") => field(Field::Summary),
            (Space::Core, "content") | (Space::Content, "encoded") => field(Field::Content),
            (Space::Core, "author") | (Space::Dublin, "creator" | "author") => field(Field::Author),
            (Space::Dublin | Space::Atom | Space::Media, "title") => second(Field::Title),
            (Space::Atom, "link") => second(Field::Link),
            (Space::Atom, "id") => second(Field::Id),
            (Space::Core, "created")
            | (Space::Dublin, "created" | "date" | "issued")
            | (Space::Atom, "published") => second(Field::Published),
            (Space::Dublin, "modified") | (Space::Atom, "updated") => second(Field::Updated),
            (Space::Atom, "author") => second(Field::Author),
            (Space::Dublin | Space::Media, "description") | (Space::Atom, "summary") => {
                second(Field::Summary)
            }
            (Space::Atom, "content") => second(Field::Content),
            (Space::Media, "group") => Part::Wrapper,
            _ => Part::Unread,
        }
    }
}

/// Most names are in lower case as they come.
fn lowercase(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

fn namespace(uri: &str) -> Space {
    let uri = uri.trim().to_ascii_lowercase();
    let bare = uri.split_once("://").map_or(uri.as_str(), |(_, bare)| bare);
    let bare = bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches(['/', '#']);
    let known = NAMESPACES.iter().find(|(own, _)| *own == bare).map(|(_, space)| *space);
    // Drafts of Atom had a namespace each ("purl.org/atom/ns#draft-ietf-atompub-format-05").
    known.unwrap_or(if bare.starts_with("purl.org/atom/ns") { Space::Atom } else { Space::Other })
}

#[cfg(test)]
mod tests {
    use super::super::markup::{Token, Tokens};
    use super::*;

    fn tag(text: &str) -> Tag<'_> {
        match Tokens::new(text).next() {
            Some(Token::Start(tag)) => tag,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn namespaces_decide_and_custom_helps_where_none_is_declared() {
        let rss =
            Vocabulary::new(&tag("<rss xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:o='urn:o'>"), false);
        let title = |second| Part::Field { field: Field::Title, second };
        assert_eq!(rss.part(&tag("<title>"), true), title(false));
        assert_eq!(rss.part(&tag("<d:title>"), true), title(true));
        assert_eq!(rss.part(&tag("<media:title>"), true), title(true));
        assert_eq!(rss.part(&tag("<o:title>"), true), Part::Unread);
        assert_eq!(rss.part(&tag("<x:title>"), true), Part::Unread);
        assert_eq!(rss.part(&tag("<media:title>"), false), Part::Unread);
        assert_eq!(rss.part(&tag("<title xmlns='http://www.w3.org/1999/xhtml'>"), true), Part::Unread);
    }

    #[test]
    fn the_namespace_of_the_root_is_the_formats_own() {
        let feed = Vocabulary::new(&tag("<a:feed xmlns:a='http://purl.org/atom/ns#'>"), true);
        assert_eq!(feed.part(&tag("<a:entry>"), false), Part::Entry);
        let odd = Vocabulary::new(&tag("<rss xmlns='http://example.org/odd'>"), false);
        assert_eq!(odd.part(&tag("<item>"), false), Part::Entry);
        let rdf = Vocabulary::new(&tag("<rdf:RDF xmlns='http://purl.org/rss/1.0/'>"), false);
        assert_eq!(rdf.part(&tag("<item>"), false), Part::Entry);
        assert_eq!(rdf.part(&tag("<rdf:RDF>"), false), Part::Root);
    }
}
