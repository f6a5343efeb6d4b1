//! The hostile documents, by name. Each is made when it is asked for, in no more memory than it takes.

/// What reads a document.
pub(crate) enum Reader {
    /// A feed, with this Content-Type.
    Feed(Option<&'static str>),
    Links,
    Watched,
    /// A feed, up to each of its bytes.
    Cut,
    /// `decode` alone, with this Content-Type.
    Decode(Option<&'static str>),
}

/// A hostile document.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    pub(crate) make: Box<dyn Fn() -> Vec<u8> + Send>,
}

const RSS: &str = "<?xml version='1.0'?><rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' \
     xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:dc='http://purl.org/dc/elements/1.1/' \
     xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:atom='http://www.w3.org/2005/Atom'>\
     <channel><title>T</title><item><title>First</title><link>https://example.org/1</link></item>";
const RSS_END: &str = "<item><title>Last</title></item></channel></rss>";
const ATOM: &str =
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>1</id><title>First</title></entry>";
const ATOM_END: &str = "<entry><id>2</id><title>Last</title></entry></feed>";
/// As much as is ever sent at once in these documents, in bytes.
const HUGE: usize = 200_000_000;

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    nested(&mut cases);
    many(&mut cases);
    huge(&mut cases);
    unterminated(&mut cases);
    entities(&mut cases);
    encodings(&mut cases);
    json(&mut cases);
    pages(&mut cases);
    cases.push(case("a feed cut at every byte", Reader::Cut, || {
        include_bytes!("../../tests/fixtures/feed/rss2.xml").to_vec()
    }));
    cases
}

fn case(name: impl Into<String>, reader: Reader, make: impl Fn() -> Vec<u8> + Send + 'static) -> Case {
    Case { name: name.into(), reader, make: Box::new(make) }
}

fn feed(cases: &mut Vec<Case>, name: impl Into<String>, make: impl Fn() -> Vec<u8> + Send + 'static) {
    cases.push(case(name, Reader::Feed(None), make));
}

/// `unit` so many times between `before` and `after`.
fn filled(before: &str, unit: &str, count: usize, after: &str) -> Vec<u8> {
    let mut document = Vec::with_capacity(before.len() + unit.len() * count + after.len());
    document.extend_from_slice(before.as_bytes());
    for _ in 0..count {
        document.extend_from_slice(unit.as_bytes());
    }
    document.extend_from_slice(after.as_bytes());
    document
}

/// The same with a number in each unit, in place of its `#`.
fn numbered(before: &str, unit: &str, count: usize, after: &str) -> Vec<u8> {
    use std::io::Write;
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
        feed(cases, format!("rss: <{name}> in itself, never closed"), move || {
            filled(&format!("{RSS}<item>"), &again, 100_000, RSS_END)
        });
        feed(cases, format!("rss: <{name}> in itself, closed"), move || {
            let inner = filled("x", &close, 100_000, RSS_END);
            filled(&format!("{RSS}<item>"), &open, 100_000, &String::from_utf8_lossy(&inner))
        });
    }
    for name in
        ["entry", "feed", "content type='xhtml'", "content type='xhtml'><div", "source", "author", "summary"]
    {
        let open = format!("<{name}>");
        feed(cases, format!("atom: <{name}> in itself"), move || {
            filled(&format!("{ATOM}<entry>"), &open, 100_000, ATOM_END)
        });
    }
    feed(cases, "atom: <div> in xhtml content", || {
        filled(&format!("{ATOM}<entry><content type='xhtml'>"), "<div>", 100_000, ATOM_END)
    });
    feed(cases, "rdf: <rdf:li> in itself", || {
        filled(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><items><rdf:Seq>",
            "<rdf:li rdf:resource='u'>",
            100_000,
            "</rdf:Seq></items></channel><item><title>x</title></item></rdf:RDF>",
        )
    });
    for name in ["urlset", "url", "opml", "outline", "x"] {
        let open = format!("<{name}>");
        feed(cases, format!("no feed: <{name}> in itself"), move || filled("", &open, 100_000, ""));
    }
}

fn many(cases: &mut Vec<Case>) {
    for (name, unit, count) in [
        ("5 M <item/>", "<item/>", 5_000_000),
        ("5 M <item></item>", "<item></item>", 5_000_000),
        ("3 M <link/> outside", "<link/>", 3_000_000),
        ("3 M items with a link", "<item><link/></item>", 3_000_000),
        ("3 M unknown elements", "<x:y/>", 3_000_000),
        ("3 M end tags", "</x>", 3_000_000),
        ("3 M end tags of items", "</item>", 3_000_000),
    ] {
        feed(cases, format!("rss: {name}"), move || filled(RSS, unit, count, RSS_END));
    }
    for (name, unit, count) in [
        ("3 M <link/>", "<link/>", 3_000_000),
        ("3 M <link>", "<link>u</link>", 3_000_000),
        ("3 M <atom:link>", "<atom:link href='u'/>", 3_000_000),
        ("1 M categories", "<category>#</category>", 1_000_000),
        ("1 M authors", "<author>a#</author>", 1_000_000),
        ("1 M creators", "<dc:creator>a#</dc:creator>", 1_000_000),
        ("1 M second titles", "<dc:title>a#</dc:title>", 1_000_000),
        ("1 M media", "<media:content url='https://example.org/#'/>", 1_000_000),
        ("1 M media titles", "<media:title>a#</media:title>", 1_000_000),
        (
            "1 M enclosures",
            "<enclosure url='https://example.org/#' type='audio/mpeg' length='1'/>",
            1_000_000,
        ),
        ("1 M keywords", "<itunes:keywords>a#, b#</itunes:keywords>", 1_000_000),
        ("1 M sources", "<source url='https://example.org/#'>s#</source>", 1_000_000),
        ("1 M titles", "<title>a#</title>", 1_000_000),
        ("1 M dates", "<pubDate>Sat, 22 Aug 2026 10:30:05 GMT</pubDate>", 1_000_000),
        ("1 M marks in a text", "<b>#</b>", 1_000_000),
        ("1 M bases", "<x:y xml:base='https://example.org/#/'/>", 1_000_000),
    ] {
        feed(cases, format!("rss: {name} in one item"), move || {
            numbered(&format!("{RSS}<item>"), unit, count, &format!("</item>{RSS_END}"))
        });
    }
    for (name, unit) in [
        ("links", "<link href='https://example.org/#'/>"),
        ("enclosures", "<link rel='enclosure' href='https://example.org/#'/>"),
        ("hubs", "<link rel='hub' href='https://example.org/#'/>"),
        ("categories", "<category term='c#'/>"),
        ("authors", "<author><name>a#</name></author>"),
        ("contents", "<content>c#</content>"),
    ] {
        feed(cases, format!("atom: 1 M {name} in one entry"), move || {
            numbered(&format!("{ATOM}<entry>"), unit, 1_000_000, &format!("</entry>{ATOM_END}"))
        });
        feed(cases, format!("atom: 1 M {name} in the feed"), move || {
            numbered(ATOM, unit, 1_000_000, ATOM_END)
        });
    }
    for (name, unit) in
        [("attributes", " a#='b'"), ("namespaces", " xmlns:p#='urn:#'"), ("bare attributes", " a")]
    {
        feed(cases, format!("rss: 1 M {name} of one item"), move || {
            numbered(&format!("{RSS}<item"), unit, 1_000_000, &format!("><title>x</title></item>{RSS_END}"))
        });
        feed(cases, format!("rss: 1 M {name} of the root"), move || {
            numbered(
                "<rss version='2.0'",
                unit,
                1_000_000,
                "><channel><item><title>x</title></item></channel></rss>",
            )
        });
    }
    feed(cases, "rss: 100,000 prefixes, each used", || {
        numbered(
            &format!("{RSS}<item>"),
            "<p#:x xmlns:p#='urn:#'>y</p#:x>",
            100_000,
            &format!("</item>{RSS_END}"),
        )
    });
    feed(cases, "rss: 5,000 items of 3 kB that are all quotes", || {
        let item = format!("<item><title><![CDATA[{}]]></title></item>", "\"".repeat(3_000));
        filled(RSS, &item, 5_000, RSS_END)
    });
    feed(cases, "rss: 5,000 ids of 3 kB that are all quotes", || {
        let item = format!("<item><guid><![CDATA[{}]]></guid></item>", "\"".repeat(3_000));
        filled(RSS, &item, 5_000, RSS_END)
    });
    feed(cases, "rss: 5,000 items of the same id", || {
        numbered(RSS, "<item><guid>same</guid><title>#</title></item>", 5_000, RSS_END)
    });
    feed(cases, "rss: 5,000 relative links under a base of 2 kB", || {
        let before = RSS.replace(
            "<channel>",
            &format!("<channel xml:base='https://example.org/{}/'>", "x".repeat(2_000)),
        );
        numbered(&before, "<item><link>#</link><guid isPermaLink='true'>#</guid></item>", 5_000, RSS_END)
    });
}

fn huge(cases: &mut Vec<Case>) {
    for (name, before, unit, after) in [
        ("title", "<item><title>", "x", "</title></item>"),
        ("description", "<item><description>", "x ", "</description></item>"),
        ("CDATA", "<item><description><![CDATA[", "x", "]]></description></item>"),
        ("CDATA of tags", "<item><description><![CDATA[", "<b>", "]]></description></item>"),
        ("CDATA sections", "<item><description>", "<![CDATA[x]]>", "</description></item>"),
        ("&amp;", "<item><description>", "&amp;", "</description></item>"),
        ("&nbsp;", "<item><title>", "&nbsp;", "</title></item>"),
        ("&", "<item><title>", "&", "</title></item>"),
        ("&#60;", "<item><title>", "&#60;", "</title></item>"),
        ("an attribute", "<item><link href='", "x", "'/></item>"),
        ("an id", "<item><guid>", "x", "</guid></item>"),
        ("a comment", "<!--", "x", "-->"),
        ("comments", "", "<!-- -->", ""),
        ("instructions", "", "<?x?>", ""),
        ("a tag name", "<", "x", ">"),
        ("an end tag", "</", "x", ">"),
        ("a doctype", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]>"),
        ("white space", "<item><title>", " ", "</title></item>"),
        ("letters of two bytes", "<item><title>", "é", "</title></item>"),
        ("text encoded twice", "<item><description>", "Ã©", "</description></item>"),
        ("an author", "<item><author>", "a@", "</author></item>"),
        ("a date", "<item><pubDate>", "2", "</pubDate></item>"),
        ("words of a date", "<item><pubDate>", "Jan ", "</pubDate></item>"),
        ("a keyword", "<item><category>", "x", "</category></item>"),
        ("keywords", "<item><itunes:keywords>", "x,", "</itunes:keywords></item>"),
    ] {
        feed(cases, format!("rss: 200 MB, {name}"), move || {
            filled(&format!("{RSS}{before}"), unit, HUGE / unit.len(), &format!("{after}{RSS_END}"))
        });
    }
    for kind in ["text", "html", "xhtml"] {
        for unit in ["&lt;", "<b/>", "<b>", "é"] {
            feed(cases, format!("atom: 200 MB, {unit} as {kind}"), move || {
                let before = format!("{ATOM}<entry><content type='{kind}'>");
                filled(&before, unit, HUGE / unit.len(), &format!("</content></entry>{ATOM_END}"))
            });
        }
        feed(cases, format!("atom: 200 MB, CDATA of < as {kind}"), move || {
            let before = format!("{ATOM}<entry><content type='{kind}'><![CDATA[");
            filled(&before, "<", HUGE, &format!("]]></content></entry>{ATOM_END}"))
        });
        feed(cases, format!("atom: 16 MB, CDATA of < as {kind}"), move || {
            let before = format!("{ATOM}<entry><content type='{kind}'><![CDATA[");
            filled(&before, "<", 16_000_000, &format!("]]></content></entry>{ATOM_END}"))
        });
    }
    for (name, unit) in [
        ("x", "x"),
        ("NUL", "\0"),
        ("<", "<"),
        (">", ">"),
        ("space", " "),
        ("newlines", "\n"),
        ("U+0001", "\u{1}"),
    ] {
        feed(cases, format!("no feed: 200 MB of {name}"), move || filled("", unit, HUGE, ""));
        feed(cases, format!("rss: 200 MB of {name}"), move || filled(RSS, unit, HUGE, RSS_END));
    }
}

/// Constructs that never end.
const OPEN: [&str; 21] = [
    "<!--",
    "<!-- >",
    "<![CDATA[",
    "<![CDATA[ ]]",
    "<a b=\"",
    "<a b='",
    "<a b=\"'",
    "<a b='>",
    "<a =",
    "<a",
    "<",
    "<?",
    "<?xml ",
    "<!DOCTYPE a[",
    "<!DOCTYPE a[]",
    "<!ENTITY",
    "&",
    "&#",
    "&amp",
    "</",
    "</a",
];

fn unterminated(cases: &mut Vec<Case>) {
    for open in OPEN {
        feed(cases, format!("rss: 500,000 times {open}"), move || filled(RSS, open, 500_000, RSS_END));
        feed(cases, format!("rss: 500,000 times {open} in a title"), move || {
            filled(&format!("{RSS}<item><title>"), open, 500_000, RSS_END)
        });
        feed(cases, format!("no feed: 500,000 times {open}"), move || filled("", open, 500_000, ""));
        feed(cases, format!("no feed: 5 M times {open} <!DOCTYPE a["), move || {
            filled("", &format!("{open} <!DOCTYPE a["), 5_000_000, "")
        });
    }
    feed(cases, "rss: all of these in turn", || filled(RSS, &OPEN.concat(), 100_000, RSS_END));
    feed(cases, "rss: all of these in turn, with ends", || {
        filled(RSS, &OPEN.join("\"'>-->]]>]>?>"), 100_000, RSS_END)
    });
}

fn entities(cases: &mut Vec<Case>) {
    feed(cases, "a billion laughs", || {
        let mut text = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY l0 'ha'>".to_owned();
        for level in 1..30 {
            text.push_str(&format!("<!ENTITY l{level} '{}'>", format!("&l{};", level - 1).repeat(10)));
        }
        text.push_str("]><rss version='2.0'><channel><item><title>&l29;</title></item></channel></rss>");
        text.into_bytes()
    });
    feed(cases, "quadratic blow-up", || {
        let before = format!(
            "<!DOCTYPE r [<!ENTITY a '{}'>]><rss version='2.0'><channel><item><title>",
            "a".repeat(5_000_000)
        );
        filled(&before, "&a;", 3_000_000, "</title></item></channel></rss>")
    });
    feed(cases, "external entities", || {
        b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY % b SYSTEM 'http://127.0.0.1:9/x'>%b;]>\
          <rss version='2.0'><channel><item><title>&a;%b;</title></item></channel></rss>"
            .to_vec()
    });
}

fn encodings(cases: &mut Vec<Case>) {
    type Encode = fn(char) -> Vec<u8>;
    let utf8: Encode = |c| c.to_string().into_bytes();
    let utf16le: Encode =
        |c| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let utf16be: Encode =
        |c| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let utf32le: Encode = |c| u32::from(c).to_le_bytes().to_vec();
    let utf32be: Encode = |c| u32::from(c).to_be_bytes().to_vec();
    let labels = [
        None,
        Some("text/xml; charset=utf-8"),
        Some("text/xml; charset=utf-16le"),
        Some("text/xml; charset=big5"),
    ];
    for (name, encode) in [
        ("UTF-8", utf8),
        ("UTF-16LE", utf16le),
        ("UTF-16BE", utf16be),
        ("UTF-32LE", utf32le),
        ("UTF-32BE", utf32be),
    ] {
        for mark in ["", "\u{FEFF}"] {
            for label in labels {
                let named = label.and_then(|label| label.rsplit('=').next()).unwrap_or("no charset");
                let marked = if mark.is_empty() { "without mark" } else { "with mark" };
                cases.push(case(format!("{name} {marked}, {named}"), Reader::Feed(label), move || {
                    let text = format!("{mark}{RSS}");
                    let mut document: Vec<u8> = text.chars().flat_map(encode).collect();
                    let item: Vec<u8> =
                        "<item><title>日本€é</title></item>".chars().flat_map(encode).collect();
                    document.reserve_exact(40_000_000);
                    while document.len() < 30_000_000 {
                        document.extend_from_slice(&item);
                    }
                    document
                }));
            }
        }
    }
    for (name, byte) in [("NUL", 0), ("0x80", 0x80), ("0xFF", 0xFF), ("0xC3", 0xC3), ("0x1B", 0x1B)] {
        for label in [
            None,
            Some("text/xml; charset=windows-1252"),
            Some("text/xml; charset=iso-2022-jp"),
            Some("text/xml; charset=gb18030"),
        ] {
            let named = label.and_then(|label| label.rsplit('=').next()).unwrap_or("no charset");
            cases.push(case(format!("rss: 20 MB of {name}, {named}"), Reader::Feed(label), move || {
                let mut document = RSS.as_bytes().to_vec();
                document.resize(20_000_000, byte);
                document
            }));
            cases.push(case(format!("decode: 16 MB of {name}, {named}"), Reader::Decode(label), move || {
                let mut document = b"<x>".to_vec();
                document.resize(16_000_000, byte);
                document
            }));
        }
    }
    feed(cases, "rss: NULs between all letters", || {
        let mut document: Vec<u8> = RSS.bytes().flat_map(|byte| [byte, 0, 0]).collect();
        document.extend(RSS_END.bytes().flat_map(|byte| [byte, 0, 0]));
        document
    });
    feed(cases, "rss: bytes in no order", || {
        let mut state = 1_u64;
        let mut document = RSS.as_bytes().to_vec();
        document.extend((0..16_000_000).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        }));
        document
    });
}

fn json(cases: &mut Vec<Case>) {
    const START: &str = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[";
    for (name, before, unit, count, after) in [
        ("[ in itself", "", "[", 1_000_000, ""),
        ("{\"a\": in itself", "", "{\"a\":", 1_000_000, ""),
        ("[ in an item", "{\"items\":[", "[", 1_000_000, ""),
        ("5 M items", START, "{\"id\":1},", 5_000_000, "{}]}"),
        ("5 M empty items", START, "{},", 5_000_000, "{}]}"),
        ("8 M numbers for items", START, "1,", 8_000_000, "{}]}"),
        ("8 M lists for items", START, "[],", 5_000_000, "{}]}"),
        ("a list of 5 M elsewhere", "{\"items\":[{\"id\":1}],\"x\":[", "0,", 5_000_000, "0]}"),
        ("16 MB, an item of lists", "{\"items\":[{\"tags\":[", "[{}],", 3_000_000, "0]}]}"),
        ("16 MB, an item of objects", "{\"items\":[{\"tags\":[", "{\"a\":0},", 1_500_000, "0]}]}"),
        ("16 MB, an item of texts", "{\"items\":[{\"tags\":[", "\"ab\",", 3_000_000, "0]}]}"),
        ("16 MB, authors", "{\"items\":[{\"authors\":[", "{\"name\":\"a\"},", 1_200_000, "0]}]}"),
        ("16 MB, lists in lists", "{\"items\":[{\"tags\":[", "[0,[0,[0,[0]]]],", 1_000_000, "0]}]}"),
        ("a string of 200 MB", "{\"items\":[{\"title\":\"", "x", HUGE, "\"}]}"),
        ("a string of 16 MB", "{\"items\":[{\"content_html\":\"", "x", 16_000_000, "\"}]}"),
        ("16 MB of escapes", "{\"items\":[{\"content_html\":\"", "\\u20ac", 2_700_000, "\"}]}"),
        ("16 MB of quotes as text", "{\"items\":[{\"content_text\":\"", "\\\"", 8_000_000, "\"}]}"),
        ("16 MB of < as text", "{\"items\":[{\"content_text\":\"", "<", 16_000_000, "\"}]}"),
        ("a number of 1 M digits", "{\"items\":[{\"id\":", "9", 1_000_000, "}]}"),
        ("a number of 1 M decimals", "{\"items\":[{\"id\":0.", "9", 1_000_000, "}]}"),
        ("an exponent of 1 M digits", "{\"items\":[{\"id\":1e", "9", 1_000_000, "}]}"),
        ("white space", "{\"items\":", " ", HUGE, "[]}"),
    ] {
        feed(cases, format!("json: {name}"), move || filled(before, unit, count, after));
    }
    feed(cases, "json: 1 M keys", || numbered("{\"items\":[{\"id\":1}]", ",\"k#\":0", 1_000_000, "}"));
    feed(cases, "json: 1 M keys of an item", || {
        numbered("{\"items\":[{\"id\":1", ",\"k#\":0", 1_000_000, "}]}")
    });
}

fn pages(cases: &mut Vec<Case>) {
    for (name, unit, count) in [
        ("<div>", "<div>", 1_600_000),
        ("<a href=x>", "<a href=#>", 700_000),
        ("<a href=x>y</a>", "<a href=#>y</a>", 400_000),
        ("<br>", "<br>", 2_000_000),
        ("<p>x", "<p>x", 2_000_000),
        ("<a><p>", "<a><p>", 1_300_000),
        ("<b>", "<b>", 2_000_000),
        ("<table>", "<table>", 1_000_000),
        ("<!--", "<!--", 2_000_000),
        ("<!---->", "<!---->", 1_100_000),
        ("&amp;", "&amp;", 1_600_000),
        ("<", "<", 8_000_000),
        ("x", "x", 8_000_000),
        ("<x a=", "<x a=", 1_600_000),
        ("attributes", "<i a b c d e f g h>", 400_000),
        ("<script>", "<script>", 1_000_000),
    ] {
        let make = move || numbered("<html><body>", unit, count, "</body></html>");
        cases.push(case(format!("links: 8 MB of {name}"), Reader::Links, make));
        cases.push(case(format!("watched: 8 MB of {name}"), Reader::Watched, make));
    }
    cases.push(case("links: 200 MB", Reader::Links, || filled("<p>", "x", HUGE, "")));
}
