//! Documents of very many parts.

use super::{ATOM, ATOM_END, Case, RSS, RSS_END, feed, filled, numbered};

pub(super) fn many(cases: &mut Vec<Case>) {
    for (name, unit, count) in [
        ("5 M <item/>", "<item/>", 5_000_000),
        ("5 M <item></item>", "<item></item>", 5_000_000),
        ("3 M <link/> outside", "<link/>", 3_000_000),
        ("3 M items with a link", "<item><link/></item>", 3_000_000),
        ("3 M unknown elements", "<x:y/>", 3_000_000),
        ("3 M end tags", "</x>", 3_000_000),
        ("3 M end tags of items", "</item>", 3_000_000),
    ] {
        feed(cases, format!("rss: {name}"), move |most| filled(most, RSS, unit, count, RSS_END));
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
        feed(cases, format!("rss: {name} in one item"), move |most| {
            numbered(most, &format!("{RSS}<item>"), unit, count, &format!("</item>{RSS_END}"))
        });
    }
}

/// Many parts of Atom, of a tag, and of what is long or the same.
pub(super) fn many_more(cases: &mut Vec<Case>) {
    for (name, unit) in [
        ("links", "<link href='https://example.org/#'/>"),
        ("enclosures", "<link rel='enclosure' href='https://example.org/#'/>"),
        ("hubs", "<link rel='hub' href='https://example.org/#'/>"),
        ("categories", "<category term='c#'/>"),
        ("authors", "<author><name>a#</name></author>"),
        ("contents", "<content>c#</content>"),
    ] {
        feed(cases, format!("atom: 1 M {name} in one entry"), move |most| {
            numbered(most, &format!("{ATOM}<entry>"), unit, 1_000_000, &format!("</entry>{ATOM_END}"))
        });
        feed(cases, format!("atom: 1 M {name} in the feed"), move |most| {
            numbered(most, ATOM, unit, 1_000_000, ATOM_END)
        });
    }
    for (name, unit) in
        [("attributes", " a#='b'"), ("namespaces", " xmlns:p#='urn:#'"), ("bare attributes", " a")]
    {
        feed(cases, format!("rss: 1 M {name} of one item"), move |most| {
            numbered(
                most,
                &format!("{RSS}<item"),
                unit,
                1_000_000,
                &format!("><title>x</title></item>{RSS_END}"),
            )
        });
        feed(cases, format!("rss: 1 M {name} of the root"), move |most| {
            numbered(
                most,
                "<rss version='2.0'",
                unit,
                1_000_000,
                "><channel><item><title>x</title></item></channel></rss>",
            )
        });
    }
    feed(cases, "rss: 100,000 prefixes, each used", |most| {
        numbered(
            most,
            &format!("{RSS}<item>"),
            "<p#:x xmlns:p#='urn:#'>y</p#:x>",
            100_000,
            &format!("</item>{RSS_END}"),
        )
    });
    feed(cases, "rss: 5,000 items of 3 kB that are all quotes", |most| {
        let item = format!("<item><title><![CDATA[{}]]></title></item>", "\"".repeat((most / 50).min(3_000)));
        filled(most, RSS, &item, 5_000, RSS_END)
    });
    feed(cases, "rss: 5,000 ids of 3 kB that are all quotes", |most| {
        let item = format!("<item><guid><![CDATA[{}]]></guid></item>", "\"".repeat((most / 50).min(3_000)));
        filled(most, RSS, &item, 5_000, RSS_END)
    });
    feed(cases, "rss: 5,000 items of the same id", |most| {
        numbered(most, RSS, "<item><guid>same</guid><title>#</title></item>", 5_000, RSS_END)
    });
    feed(cases, "rss: 5,000 relative links under a base of 2 kB", |most| {
        let before = RSS.replace(
            "<channel>",
            &format!("<channel xml:base='https://example.org/{}/'>", "x".repeat(2_000)),
        );
        numbered(
            most,
            &before,
            "<item><link>#</link><guid isPermaLink='true'>#</guid></item>",
            5_000,
            RSS_END,
        )
    });
}
