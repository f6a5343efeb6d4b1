//! The hostile documents, by name. Each is made when it is asked for, in no more memory than it takes.

use std::io::Write;

mod articles;
mod bytes;
mod long;
mod many;

/// What reads a document.
pub(crate) enum Reader {
    /// A feed, with this Content-Type.
    Feed(Option<&'static str>),
    Links,
    Watched,
    /// A feed, up to each of its bytes.
    Cut,
    /// The page of an article.
    Page,
    /// The same, up to each 16th of its bytes.
    PageCut,
    /// `decode` alone, with this Content-Type.
    Decode(Option<&'static str>),
}

/// A hostile document.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    /// Makes it, with nothing in it more often than so many times.
    pub(crate) make: Box<dyn Fn(usize) -> Vec<u8> + Send>,
}

/// A feed that begins well.
pub(crate) const RSS: &str = "<?xml version='1.0'?><rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' \
     xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:dc='http://purl.org/dc/elements/1.1/' \
     xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:atom='http://www.w3.org/2005/Atom'>\
     <channel><title>T</title><item><title>First</title><link>https://example.org/1</link></item>";
const RSS_END: &str = "<item><title>Last</title></item></channel></rss>";
/// The same in Atom.
pub(crate) const ATOM: &str =
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>1</id><title>First</title></entry>";
const ATOM_END: &str = "<entry><id>2</id><title>Last</title></entry></feed>";
/// As much as is ever sent at once in these documents, in bytes.
const HUGE: usize = 200_000_000;

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    nested(&mut cases);
    many::many(&mut cases);
    many::many_more(&mut cases);
    long::huge(&mut cases);
    long::unterminated(&mut cases);
    long::entities(&mut cases);
    bytes::encodings(&mut cases);
    bytes::json(&mut cases);
    bytes::pages(&mut cases);
    articles::articles(&mut cases);
    cases.push(case("a feed cut at every byte", Reader::Cut, |_| {
        include_bytes!("../../../tests/fixtures/feed/rss2.xml").to_vec()
    }));
    cases
}

fn case(name: impl Into<String>, reader: Reader, make: impl Fn(usize) -> Vec<u8> + Send + 'static) -> Case {
    Case { name: name.into(), reader, make: Box::new(make) }
}

fn feed(cases: &mut Vec<Case>, name: impl Into<String>, make: impl Fn(usize) -> Vec<u8> + Send + 'static) {
    cases.push(case(name, Reader::Feed(None), make));
}

/// `unit` so many times, `most` at most, between `before` and `after`.
fn filled(most: usize, before: &str, unit: &str, count: usize, after: &str) -> Vec<u8> {
    let count = count.min(most);
    let mut document = Vec::with_capacity(before.len() + unit.len() * count + after.len());
    document.extend_from_slice(before.as_bytes());
    for _ in 0..count {
        document.extend_from_slice(unit.as_bytes());
    }
    document.extend_from_slice(after.as_bytes());
    document
}

/// The same with a number in each unit, in place of its `#`.
fn numbered(most: usize, before: &str, unit: &str, count: usize, after: &str) -> Vec<u8> {
    let count = count.min(most);
    let mut document = Vec::with_capacity(before.len() + (unit.len() + 7) * count + after.len());
    document.extend_from_slice(before.as_bytes());
    for number in 0..count {
        for (at, part) in unit.split('#').enumerate() {
            if at > 0 {
                write!(document, "{number}").expect("memory");
            }
            document.extend_from_slice(part.as_bytes());
        }
    }
    document.extend_from_slice(after.as_bytes());
    document
}

fn nested(cases: &mut Vec<Case>) {
    for name in [
        "item",
        "channel",
        "rss",
        "media:group",
        "itunes:category text='x'",
        "div",
        "description",
        "author",
        "source",
        "image",
        "title",
        "link",
        "guid",
        "category",
        "x:y",
        "content:encoded",
        "atom:author",
    ] {
        let open = format!("<{name}>");
        let close = format!("</{}>", name.split(' ').next().unwrap_or_default());
        let again = open.clone();
        feed(cases, format!("rss: <{name}> in itself, never closed"), move |most| {
            filled(most, &format!("{RSS}<item>"), &again, 100_000, RSS_END)
        });
        feed(cases, format!("rss: <{name}> in itself, closed"), move |most| {
            let inner = filled(most, "x", &close, 100_000, RSS_END);
            filled(most, &format!("{RSS}<item>"), &open, 100_000, &String::from_utf8_lossy(&inner))
        });
    }
    for name in
        ["entry", "feed", "content type='xhtml'", "content type='xhtml'><div", "source", "author", "summary"]
    {
        let open = format!("<{name}>");
        feed(cases, format!("atom: <{name}> in itself"), move |most| {
            filled(most, &format!("{ATOM}<entry>"), &open, 100_000, ATOM_END)
        });
    }
    feed(cases, "atom: <div> in xhtml content", |most| {
        filled(most, &format!("{ATOM}<entry><content type='xhtml'>"), "<div>", 100_000, ATOM_END)
    });
    feed(cases, "rdf: <rdf:li> in itself", |most| {
        filled(
            most,
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><items><rdf:Seq>",
            "<rdf:li rdf:resource='u'>",
            100_000,
            "</rdf:Seq></items></channel><item><title>x</title></item></rdf:RDF>",
        )
    });
    for name in ["urlset", "url", "opml", "outline", "x"] {
        let open = format!("<{name}>");
        feed(cases, format!("no feed: <{name}> in itself"), move |most| filled(most, "", &open, 100_000, ""));
    }
}
