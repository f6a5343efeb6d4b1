//! What is in a body must not harm either, and is read in the charset that it is in.

use newswatch::clock::Timestamp;
use newswatch::feed::{Feed, read_feed};
use url::Url;

fn read(body: &[u8], content_type: &str) -> Option<Feed> {
    let base = Url::parse("https://example.org/rss.xml").unwrap();
    read_feed(body, Some(content_type), &base, Timestamp::UNIX_EPOCH).ok()
}

/// A feed whose only entry has these bytes as its title.
fn feed(prolog: &[u8], title: &[u8]) -> Vec<u8> {
    let (start, end) =
        (b"<rss version=\"2.0\"><channel><title>F</title><item><title>", b"</title></item></channel></rss>");
    [prolog, start, title, end].concat()
}

#[track_caller]
fn title(body: &[u8], content_type: &str) -> String {
    let feed = read(body, content_type).expect("a feed");
    feed.entries.first().and_then(|entry| entry.title.clone()).expect("a title")
}

#[test]
fn row_42_entities_are_not_expanded_and_depth_is_bounded() {
    let outside = b"<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    assert!(!title(&feed(outside, b"Ferry &x;"), "text/xml").contains("root:"));
    let mut laughs = "<!DOCTYPE rss [<!ENTITY a0 \"ha\">".to_owned();
    for n in 1..30 {
        laughs += &format!("<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};\">", n - 1);
    }
    laughs += "]>";
    assert!(title(&feed(laughs.as_bytes(), b"Ferry &a29;"), "text/xml").len() < 1000);
    let deep = feed(b"", &b"<b>".repeat(200_000));
    // Whether anything of it is a feed does not matter: it must come to an end on a small stack.
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(move || read(&deep, "text/xml"))
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn charsets_are_found_by_mark_declaration_and_label() {
    let declared = |charset: &str| format!("<?xml version=\"1.0\" encoding=\"{charset}\"?>").into_bytes();
    // BOM before declaration and label (RFC 7303 3).
    let bom = [&b"\xEF\xBB\xBF"[..], &declared("windows-1251")].concat();
    assert_eq!(title(&feed(&bom, "Fähre".as_bytes()), "text/xml; charset=koi8-r"), "Fähre");
    // The declaration where the server says nothing.
    assert_eq!(title(&feed(&declared("windows-1251"), b"\xCF\xE0\xF0\xEE\xEC"), "text/xml"), "Паром");
    // The label where nothing is declared.
    assert_eq!(title(&feed(b"", b"\xCF\xE0\xF0\xEE\xEC"), "text/xml; charset=windows-1251"), "Паром");
    // "latin-1" means windows-1252.
    assert_eq!(title(&feed(&declared("iso-8859-1"), b"\x93Ferry\x94"), "text/xml"), "“Ferry”");
}
