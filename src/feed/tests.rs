//! Tests of the room as a whole: every fixture with its snapshot, hostile input, mutated feeds.

use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::{Feed, FeedError, MAX_ENTRIES, identify, read_feed, read_links, read_watched};
use crate::clock::Timestamp;

fn base() -> Url {
    Url::parse("https://example.org/feeds/news.xml").expect("an address")
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

fn read(bytes: &[u8]) -> Result<Feed, FeedError> {
    let feed = read_feed(bytes, None, &base(), now())?;
    Ok(Feed { entries: identify(feed.entries), ..feed })
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
}

#[test]
fn fixtures() {
    insta::with_settings!({ snapshot_path => "../../tests/fixtures/feed/snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::glob!("../../tests/fixtures/feed", "*.*", |path| {
            let bytes = std::fs::read(path).expect("a fixture");
            insta::assert_json_snapshot!(match read(&bytes) {
                Ok(feed) => serde_json::to_value(feed).expect("JSON"),
                Err(error) => json!({ "error": error.to_string() }),
            });
        });
    });
}

/// What ends the process, panics or hangs a parser that is given the raw document.
#[test]
fn hostile_documents_are_survived() {
    let deep = |name: &str| format!("<item><title>D</title>{}</item>", format!("<{name}>").repeat(40_000));
    let item = "<item><title>After</title><link>https://example.org/after</link></item>";
    for inside in [deep("media:group"), deep("itunes:category text='x'"), deep("x"), deep("description")] {
        let feed = read(rss(&format!("{inside}{item}")).as_bytes()).expect("a feed");
        assert_eq!(feed.entries.last().and_then(|entry| entry.title.as_deref()), Some("After"));
    }
    let numbered =
        |name: &str| (0..10_000).fold(String::new(), |all, i| all + &format!(" {name}{i}='urn:{i}'"));
    let (attributes, prefixes) = (numbered("a"), numbered("xmlns:p"));
    for attributes in [attributes, prefixes] {
        assert_eq!(
            read(rss(&format!("<item{attributes}><title>A</title></item>")).as_bytes())
                .expect("a feed")
                .entries
                .len(),
            1
        );
    }
    for part in ["<!--", "<![CDATA[", "<item ", "<item a=\"", "&#", "<item><title>", "</", "<!DOCTYPE a["] {
        assert!(
            read(rss(&part.repeat(40_000)).as_bytes()).is_ok_and(|feed| feed.entries.len() <= MAX_ENTRIES)
                || part.contains("item"),
            "{part}"
        );
    }
    assert!(read("[".repeat(200_000).as_bytes()).is_err());
}

#[test]
fn more_entries_than_are_taken_are_cut_off_and_named() {
    let item = |all: String, i: usize| all + &format!("<item><guid>{i}</guid></item>");
    let items = (0..MAX_ENTRIES + 7).fold(String::new(), item);
    let feed = read(rss(&items).as_bytes()).expect("a feed");
    assert_eq!(feed.entries.len(), MAX_ENTRIES);
    assert_eq!(feed.repairs, ["only the first 5000 entries were read"]);
}

#[test]
fn a_text_that_is_cut_is_named() {
    for (length, is_cut) in [(1 << 20, false), ((1 << 20) + 1, true)] {
        let text = "x".repeat(length);
        let json = json!({ "version": "https://jsonfeed.org/version/1.1", "items": [{ "id": "a", "content_html": text }] });
        for feed in [
            rss(&format!("<item><title>A</title><description>{text}</description><x>{text}y</x></item>")),
            rss(&format!("<item><title>A</title><description><![CDATA[{text}]]></description></item>")),
            json.to_string(),
        ] {
            let repairs = read(feed.as_bytes()).expect("a feed").repairs;
            assert_eq!(repairs, ["a text longer than 1 MiB, which was cut"][usize::from(!is_cut)..]);
        }
    }
}

#[test]
fn a_document_that_is_too_large_keeps_what_was_read() {
    let filler = "x".repeat(16 * 1024 * 1024);
    let feed =
        read(rss(&format!("<item><guid>1</guid></item><item><title>{filler}</title></item>")).as_bytes());
    let feed = feed.expect("a feed");
    assert_eq!(feed.entries.len(), 2);
    assert!(feed.entries.last().is_some_and(super::Entry::is_blank));
    assert_eq!(feed.repairs.last().map(String::as_str), Some("only the first 16 MiB were read"));
}

#[test]
fn a_feed_that_breaks_off_keeps_what_was_complete() {
    let cut = |text: &str| read(format!("<rss version='2.0'><channel><title>T</title>{text}").as_bytes());
    let feed = cut("<item><title>One</title><link>https://example.org/on").expect("a feed");
    assert!(feed.is_truncated());
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(feed.entries[0].title.as_deref(), Some("One"));
    assert_eq!(feed.entries[0].url, None);
    assert!(cut("<item><title>One").expect("a feed").entries[0].is_blank());
    assert_eq!(
        cut("<link>https://example.org/").expect_err("nothing was read").to_string(),
        "a feed that breaks off before its first entry"
    );
}

#[test]
fn keys_stay_the_same_from_poll_to_poll() {
    let items = [
        "<item><guid>a</guid></item>",
        "<item><link>https://example.org/b?utm_medium=x</link></item>",
        "<item><title>c</title><pubDate>22 Aug 2026</pubDate></item>",
    ];
    let keys = |order: [usize; 3]| {
        let items: String = order.iter().map(|at| items[*at]).collect();
        let mut keys: Vec<String> =
            read(rss(&items).as_bytes()).expect("a feed").entries.into_iter().map(|e| e.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys([0, 1, 2]), keys([2, 0, 1]));
}

#[test]
fn what_every_entry_inherits_is_bounded() {
    let long = "x".repeat(100_000);
    let items = "<item><title>T</title><link>a</link><link>b</link></item>".repeat(200);
    let text = format!(
        "<rss xml:base='https://example.org/{long}/'><channel xml:base='{long}/'><language>{long}</language>{items}"
    );
    let feed = read(text.as_bytes()).expect("a feed");
    assert!(
        feed.entries
            .iter()
            .all(|entry| entry.language.is_none() && entry.key == "https://example.org/feeds/a")
    );
    let guid = read(rss(&format!("<item><guid>{long}</guid></item>")).as_bytes()).expect("a feed");
    assert!(guid.entries.iter().all(|entry| entry.key.len() == 32 && entry.id.as_ref() == Some(&long)));
}

#[test]
fn what_an_entry_carries_is_bounded() {
    let many = |piece: &dyn Fn(usize) -> String| (0..3_000).map(piece).collect::<String>();
    let item = many(&|i| {
        format!(
            "<dc:creator>A{i}</dc:creator><category>c{i}</category><enclosure url='/{i}'/><source>s{i}</source>"
        )
    });
    let keywords = many(&|i| format!("k{i},"));
    let hubs =
        many(&|i| format!("<atom:link rel='hub' href='/{i}'/><skipHours><hour>{i}</hour></skipHours>"));
    let feed = read(
        rss(&format!("{hubs}<item>{item}<itunes:keywords>{keywords}</itunes:keywords></item>")).as_bytes(),
    );
    let feed = feed.expect("a feed");
    let entry = &feed.entries[0];
    assert_eq!((entry.authors.len(), entry.categories.len(), entry.media.len()), (64, 64, 64));
    assert_eq!((feed.hubs.len(), feed.rhythm.skip_hours.len()), (64, 24));
    let authors = many(&|i| format!("<author><name>Author number {i}</name></author>"));
    let atom = format!("<feed xmlns='http://www.w3.org/2005/Atom'>{authors}<entry><id>1</id></entry></feed>");
    assert!(read(atom.as_bytes()).expect("a feed").entries[0].authors.is_empty());
    let empty = read(rss(&format!("<item>{}</item>", "<item/>".repeat(50_000))).as_bytes());
    assert_eq!(empty.expect("a feed").entries.len(), MAX_ENTRIES);
}

/// Pieces of feeds, well-formed and not.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<?xml version='1.0'?>",
        "<rss version='2.0'>",
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<item/>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "<link href='/x'/>",
        "<guid>",
        "</guid>",
        "https://example.org/a",
        "x@y.example é",
        "<author>",
        "</author>",
        "<name>",
        "<pubDate>2026-08-22</pubDate>",
        "<description>",
        "</description>",
        "&amp;",
        "&nbsp;",
        "&",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "</entry>",
        "</feed>",
        "<content type='xhtml'>",
        "</content>",
        "<media:group>",
        "</media:group>",
        "</channel>",
        "</rss>",
        "<rdf:RDF>",
        "<item rdf:about='u'>",
        "\u{1}",
        "é",
        "<a b=\"",
        ">",
        "{\"items\":[",
        "{\"id\":1},",
        "]}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_survived_and_what_is_read_is_sound(pieces in prop::collection::vec(piece(), 0..40)) {
        if let Ok(feed) = read(pieces.concat().as_bytes()) {
            // What shares a key says the same.
            let mut said = std::collections::HashMap::new();
            for entry in &feed.entries {
                let hash = entry.content_hash();
                prop_assert_eq!(said.entry(entry.key.clone()).or_insert_with(|| hash.clone()), &hash);
            }
            prop_assert!(feed.entries.iter().all(|entry| !entry.key.is_empty()));
            let of_the_web = |url: &Url| ["http", "https"].contains(&url.scheme());
            prop_assert!(feed.entries.iter().filter_map(|entry| entry.url.as_ref()).all(of_the_web));
        }
    }

    #[test]
    fn a_feed_with_a_byte_changed_is_survived(at in 0..2_000_usize, byte in any::<u8>()) {
        let mut bytes = include_bytes!("../../tests/fixtures/feed/atom10.xml").to_vec();
        let length = bytes.len();
        bytes[at % length] = byte;
        let _ = read(&bytes);
        bytes.truncate(at % length);
        let _ = read(&bytes);
    }

    #[test]
    fn what_the_pass_writes_is_what_feed_rs_reads(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = format!("<rss version='2.0'><channel>{}", pieces.concat());
        match read(text.as_bytes()) {
            Ok(feed) => prop_assert!(feed.repairs.iter().all(|repair| !repair.contains("could not be read"))),
            Err(error) => prop_assert!(error.to_string().starts_with("a feed "), "{}", error),
        }
    }

    #[test]
    fn any_page_is_survived(html in "(<a href=/x>|</?(div|p|li|main|table|td|svg)>|<time datetime=2026-08-22>|[a-zé &;<]){0,40}") {
        let _ = read_links(&html, "a, li", &base(), now());
        let _ = read_watched(&html, "main, div", &base());
    }
}
