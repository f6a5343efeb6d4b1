//! The element names of the feed formats, in whatever namespace and spelling they come, and what they are to us.

use std::borrow::Cow;
use std::collections::HashMap;

use super::markup::{Tag, split_name};

/// Most prefixes that are remembered.
const MAX_PREFIXES: usize = 256;

/// Namespaces, by their address without scheme, `www.` and final slash or hash: feeds vary in all of them.
const NAMESPACES: [(&str, Space); 22] = [
    ("w3.org/2005/atom", Space::Atom),
    ("purl.org/atom/ns", Space::Atom),
    ("purl.org/echo", Space::Atom),
    ("purl.org/pie", Space::Atom),
    ("purl.org/net/rss1.1", Space::Core),
    ("purl.org/rss/1.0", Space::Core),
    ("my.netscape.com/rdf/simple/0.9", Space::Core),
    ("channel.netscape.com/rdf/simple/0.9", Space::Core),
    ("my.netscape.com/publish/formats/rss-0.91.dtd", Space::Core),
    ("backend.userland.com/rss", Space::Core),
    ("backend.userland.com/rss2", Space::Core),
    ("blogs.law.harvard.edu/tech/rss", Space::Core),
    ("purl.org/rss/1.0/modules/rss091", Space::Core),
    ("w3.org/1999/02/22-rdf-syntax-ns", Space::Rdf),
    ("purl.org/rss/1.0/modules/content", Space::Content),
    ("purl.org/dc/elements/1.1", Space::Dublin),
    ("purl.org/dc/elements/1.0", Space::Dublin),
    ("purl.org/dc/terms", Space::Dublin),
    ("purl.org/rss/1.0/modules/syndication", Space::Syndication),
    ("search.yahoo.com/mrss", Space::Media),
    ("itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
    ("w3.org/1999/xhtml", Space::Xhtml),
];

/// Prefixes that are used without being declared, or declared as something unheard of, and what is meant.
const CUSTOMARY: [(&str, Space); 11] = [
    ("rss", Space::Core),
    ("atom", Space::Atom),
    ("atom10", Space::Atom),
    ("rdf", Space::Rdf),
    ("content", Space::Content),
    ("dc", Space::Dublin),
    ("dcterms", Space::Dublin),
    ("media", Space::Media),
    ("itunes", Space::Itunes),
    ("sy", Space::Syndication),
    ("xhtml", Space::Xhtml),
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
    Itunes,
    Syndication,
    Xhtml,
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
    /// A category, a tag; in Atom in attributes.
    Category,
    /// Several categories with commas between them.
    Keywords,
    /// Where the feed took an entry from, as RSS says it.
    Source,
    Ttl,
    UpdatePeriod,
    UpdateFrequency,
    SkipHour,
    SkipDay,
}

/// The part that an element plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// `rss`, `rdf:RDF`, `feed`.
    Root,
    Channel,
    Entry,
    /// A field, and how good a source of it the element is: 0 is the best.
    Field {
        field: Field,
        rank: u8,
    },
    /// A file that belongs to the entry, in attributes; what it holds counts as if it stood outside.
    Media,
    /// Atom's `source`, which holds fields of its own.
    Source,
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
            Some(Space::Other) => customary().unwrap_or(Space::Other),
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
        match (space, &*name) {
            (Space::Rdf, "rdf") | (Space::Core, "rss" | "feed") => Part::Root,
            (Space::Core, "channel") => Part::Channel,
            (Space::Core, "item" | "entry") => Part::Entry,
            _ if in_entry => of_entry(space, &name, self.atom),
            _ => of_feed(space, &name),
        }
    }
}

fn field(field: Field, rank: u8) -> Part {
    Part::Field { field, rank }
}

/// The part that an element plays in the feed itself.
fn of_feed(space: Space, name: &str) -> Part {
    match (space, name) {
        (Space::Core | Space::Dublin, "title") => field(Field::Title, 0),
        (Space::Core | Space::Dublin, "language") => field(Field::Language, 0),
        (Space::Core | Space::Atom, "link") => field(Field::Link, 0),
        (Space::Core | Space::Atom, "author") => field(Field::Author, 0),
        (Space::Core, "ttl") => field(Field::Ttl, 0),
        (Space::Core, "hour") => field(Field::SkipHour, 0),
        (Space::Core, "day") => field(Field::SkipDay, 0),
        (Space::Syndication, "updateperiod") => field(Field::UpdatePeriod, 0),
        (Space::Syndication, "updatefrequency") => field(Field::UpdateFrequency, 0),
        (Space::Core, "items" | "skiphours" | "skipdays") => Part::Wrapper,
        _ => Part::Unread,
    }
}

/// The part that an element plays in an entry. Elements that we do not know may hold some that we do: an unknown one
/// may also never end.
fn of_entry(space: Space, name: &str, atom: bool) -> Part {
    match (space, name) {
        (Space::Core, "title") => field(Field::Title, 0),
        (Space::Dublin | Space::Atom | Space::Itunes, "title") => field(Field::Title, 1),
        (Space::Media, "title") => field(Field::Title, 2),
        (Space::Core, "link") => field(Field::Link, 0),
        (Space::Atom, "link") => field(Field::Link, 1),
        (Space::Core, "id" | "guid") => field(Field::Id, 0),
        (Space::Atom, "id") => field(Field::Id, 1),
        (Space::Core, "pubdate" | "published" | "issued") => field(Field::Published, 0),
        (Space::Dublin, "issued") | (Space::Atom, "published") => field(Field::Published, 1),
        (Space::Core | Space::Dublin, "date") => field(Field::Published, 2),
        (Space::Core | Space::Dublin, "created") => field(Field::Published, 3),
        (Space::Core, "updated" | "modified") => field(Field::Updated, 0),
        (Space::Dublin, "modified") | (Space::Atom, "updated") => field(Field::Updated, 1),
        (Space::Core, "lastbuilddate") => field(Field::Updated, 2),
        (Space::Core, "description" | "summary" | "abstract") => field(Field::Summary, 0),
        (Space::Atom, "summary") => field(Field::Summary, 1),
        (Space::Dublin | Space::Media, "description") => field(Field::Summary, 2),
        (Space::Itunes, "summary") => field(Field::Summary, 3),
        (Space::Itunes, "subtitle") => field(Field::Summary, 4),
        (Space::Core, "content") | (Space::Content, "encoded") => field(Field::Content, 0),
        (Space::Atom, "content") | (Space::Core | Space::Xhtml, "body") | (Space::Core, "fullitem") => {
            field(Field::Content, 1)
        }
        (Space::Core | Space::Atom | Space::Itunes, "author") | (Space::Dublin, "creator" | "author") => {
            field(Field::Author, 0)
        }
        (Space::Core | Space::Dublin, "language") => field(Field::Language, 0),
        (Space::Core | Space::Atom, "category") | (Space::Dublin, "subject") => field(Field::Category, 0),
        (Space::Core | Space::Itunes | Space::Media, "keywords") => field(Field::Keywords, 0),
        (Space::Atom, "source") => Part::Source,
        (Space::Core, "source") if atom => Part::Source,
        (Space::Core, "source") => field(Field::Source, 0),
        (Space::Core, "enclosure") | (Space::Media, "content") => Part::Media,
        (Space::Core | Space::Atom, "image" | "textinput" | "contributor")
        | (Space::Itunes | Space::Xhtml, _) => Part::Unread,
        _ => Part::Wrapper,
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
        let title = |rank| Part::Field { field: Field::Title, rank };
        assert_eq!(rss.part(&tag("<title>"), true), title(0));
        assert_eq!(rss.part(&tag("<d:title>"), true), title(1));
        assert_eq!(rss.part(&tag("<media:title>"), true), title(2));
        assert_eq!(rss.part(&tag("<o:title>"), true), Part::Wrapper);
        assert_eq!(rss.part(&tag("<x:title>"), true), Part::Wrapper);
        assert_eq!(rss.part(&tag("<media:title>"), false), Part::Unread);
        assert_eq!(rss.part(&tag("<title xmlns='http://www.w3.org/1999/xhtml'>"), true), Part::Unread);
    }

    #[test]
    fn a_customary_prefix_means_the_same_whatever_it_is_declared_as() {
        let rss =
            Vocabulary::new(&tag("<rss xmlns:dc='urn:mine' xmlns:itunes='http://example.org/'>"), false);
        let author = Part::Field { field: Field::Author, rank: 0 };
        assert_eq!(rss.part(&tag("<dc:creator>"), true), author);
        assert_eq!(rss.part(&tag("<itunes:author>"), true), author);
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
