//! Encodings, JSON and pages.

use super::{Case, HUGE, RSS, RSS_END, Reader, case, feed, filled, numbered};

pub(super) fn encodings(cases: &mut Vec<Case>) {
    type Encode = fn(char) -> Vec<u8>;
    let utf8: Encode = |c| c.to_string().into_bytes();
    let little_wide: Encode =
        |c| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big_wide: Encode =
        |c| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let little_long: Encode = |c| u32::from(c).to_le_bytes().to_vec();
    let big_long: Encode = |c| u32::from(c).to_be_bytes().to_vec();
    let labels = [
        None,
        Some("text/xml; charset=utf-8"),
        Some("text/xml; charset=utf-16le"),
        Some("text/xml; charset=big5"),
    ];
    for (name, encode) in [
        ("UTF-8", utf8),
        ("UTF-16LE", little_wide),
        ("UTF-16BE", big_wide),
        ("UTF-32LE", little_long),
        ("UTF-32BE", big_long),
    ] {
        for mark in ["", "\u{FEFF}"] {
            for label in labels {
                let named = label.and_then(|label| label.rsplit('=').next()).unwrap_or("no charset");
                let marked = if mark.is_empty() { "without mark" } else { "with mark" };
                cases.push(case(format!("{name} {marked}, {named}"), Reader::Feed(label), move |most| {
                    let text = format!("{mark}{RSS}");
                    let mut document: Vec<u8> = text.chars().flat_map(encode).collect();
                    let item: Vec<u8> =
                        "<item><title>日本€é</title></item>".chars().flat_map(encode).collect();
                    while document.len() < most.saturating_mul(item.len()).min(30_000_000) {
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
            cases.push(case(format!("rss: 20 MB of {name}, {named}"), Reader::Feed(label), move |most| {
                let mut document = RSS.as_bytes().to_vec();
                document.resize(document.len() + most.min(20_000_000), byte);
                document
            }));
            cases.push(case(
                format!("decode: 16 MB of {name}, {named}"),
                Reader::Decode(label),
                move |most| {
                    let mut document = b"<x>".to_vec();
                    document.resize(most.min(16_000_000), byte);
                    document
                },
            ));
        }
    }
    feed(cases, "rss: NULs between all letters", |_| {
        let mut document: Vec<u8> = RSS.bytes().flat_map(|byte| [byte, 0, 0]).collect();
        document.extend(RSS_END.bytes().flat_map(|byte| [byte, 0, 0]));
        document
    });
    feed(cases, "rss: bytes in no order", |most| {
        let mut state = 1_u64;
        let mut document = RSS.as_bytes().to_vec();
        document.extend((0..most.min(16_000_000)).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        }));
        document
    });
}

pub(super) fn json(cases: &mut Vec<Case>) {
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
        feed(cases, format!("json: {name}"), move |most| filled(most, before, unit, count, after));
    }
    feed(cases, "json: 1 M keys", |most| {
        numbered(most, "{\"items\":[{\"id\":1}]", ",\"k#\":0", 1_000_000, "}")
    });
    feed(cases, "json: 1 M keys of an item", |most| {
        numbered(most, "{\"items\":[{\"id\":1", ",\"k#\":0", 1_000_000, "}]}")
    });
}

pub(super) fn pages(cases: &mut Vec<Case>) {
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
        let make = move |most| numbered(most, "<html><body>", unit, count, "</body></html>");
        cases.push(case(format!("links: 8 MB of {name}"), Reader::Links, make));
        cases.push(case(format!("watched: 8 MB of {name}"), Reader::Watched, make));
    }
    cases.push(case("links: 8 MB of tags of 900 attributes", Reader::Links, |most| {
        let attributes = (0..900).map(|number| format!("{number:x}")).collect::<Vec<_>>().join(" ");
        filled(
            most,
            "<html><body><a href=x>y</a>",
            &format!("<i {attributes}>"),
            8_000_000 / (attributes.len() + 4),
            "",
        )
    }));
    cases.push(case("links: 20 MB", Reader::Links, |most| filled(most, "<p>", "x", 20_000_000, "")));
}
