//! Documents of one very long part, of parts that never end, and of entities.

use std::fmt::Write;

use super::{ATOM, ATOM_END, Case, HUGE, RSS, RSS_END, feed, filled};

pub(super) fn huge(cases: &mut Vec<Case>) {
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
        feed(cases, format!("rss: 200 MB, {name}"), move |most| {
            filled(most, &format!("{RSS}{before}"), unit, HUGE / unit.len(), &format!("{after}{RSS_END}"))
        });
    }
    for kind in ["text", "html", "xhtml"] {
        for unit in ["&lt;", "<b/>", "<b>", "é"] {
            feed(cases, format!("atom: 200 MB, {unit} as {kind}"), move |most| {
                let before = format!("{ATOM}<entry><content type='{kind}'>");
                filled(most, &before, unit, HUGE / unit.len(), &format!("</content></entry>{ATOM_END}"))
            });
        }
        feed(cases, format!("atom: 200 MB, CDATA of < as {kind}"), move |most| {
            let before = format!("{ATOM}<entry><content type='{kind}'><![CDATA[");
            filled(most, &before, "<", HUGE, &format!("]]></content></entry>{ATOM_END}"))
        });
        feed(cases, format!("atom: 16 MB, CDATA of < as {kind}"), move |most| {
            let before = format!("{ATOM}<entry><content type='{kind}'><![CDATA[");
            filled(most, &before, "<", 16_000_000, &format!("]]></content></entry>{ATOM_END}"))
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
        feed(cases, format!("no feed: 200 MB of {name}"), move |most| filled(most, "", unit, HUGE, ""));
        feed(cases, format!("rss: 200 MB of {name}"), move |most| filled(most, RSS, unit, HUGE, RSS_END));
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

pub(super) fn unterminated(cases: &mut Vec<Case>) {
    for open in OPEN {
        feed(cases, format!("rss: 500,000 times {open}"), move |most| {
            filled(most, RSS, open, 500_000, RSS_END)
        });
        feed(cases, format!("rss: 500,000 times {open} in a title"), move |most| {
            filled(most, &format!("{RSS}<item><title>"), open, 500_000, RSS_END)
        });
        feed(cases, format!("no feed: 500,000 times {open}"), move |most| {
            filled(most, "", open, 500_000, "")
        });
        feed(cases, format!("no feed: 5 M times {open} <!DOCTYPE a["), move |most| {
            filled(most, "", &format!("{open} <!DOCTYPE a["), 5_000_000, "")
        });
    }
    feed(cases, "rss: all of these in turn", |most| filled(most, RSS, &OPEN.concat(), 100_000, RSS_END));
    feed(cases, "rss: all of these in turn, with ends", |most| {
        filled(most, RSS, &OPEN.join("\"'>-->]]>]>?>"), 100_000, RSS_END)
    });
}

pub(super) fn entities(cases: &mut Vec<Case>) {
    feed(cases, "a billion laughs", |_| {
        let mut text = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY l0 'ha'>".to_owned();
        for level in 1..30 {
            let below = format!("&l{};", level - 1).repeat(10);
            write!(text, "<!ENTITY l{level} '{below}'>").expect("memory");
        }
        text.push_str("]><rss version='2.0'><channel><item><title>&l29;</title></item></channel></rss>");
        text.into_bytes()
    });
    feed(cases, "quadratic blow-up", |most| {
        let before = format!(
            "<!DOCTYPE r [<!ENTITY a '{}'>]><rss version='2.0'><channel><item><title>",
            "a".repeat(most.min(5_000_000))
        );
        filled(most, &before, "&a;", 3_000_000, "</title></item></channel></rss>")
    });
    feed(cases, "external entities", |_| {
        b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY % b SYSTEM 'http://127.0.0.1:9/x'>%b;]>\
          <rss version='2.0'><channel><item><title>&a;%b;</title></item></channel></rss>"
            .to_vec()
    });
}
