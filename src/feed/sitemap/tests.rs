//! Tests of reading sitemaps: what each part means, every fixture with its snapshot, hostile input.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<Sitemap, FeedError> {
    let base = Url::parse("https://example.org/sitemap.xml").expect("an address");
    read_sitemap(text.as_bytes(), None, &base, "2026-11-22T12:00:00Z".parse().expect("a time"))
}

fn entries(text: &str) -> Feed {
    match read(text) {
        Ok(Sitemap::Entries(feed)) => feed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn addresses_become_entries_with_what_the_news_extension_says() {
    let feed = entries(
        "<?xml version='1.0'?><s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9' \
         xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>\
         <s:url><s:loc> https://example.org/a?b=1&amp;c=2 </s:loc><s:lastmod>2026-11-22T10:00:00+01:00</s:lastmod>\
         <image:loc>https://example.org/no.jpg</image:loc><image:image><image:title>No</image:title></image:image>\
         <n:news><n:publication><n:name>The Example</n:name><n:language>en</n:language></n:publication>\
         <n:publication_date>2026-11-22</n:publication_date><n:title><![CDATA[Ships & <i>ports]]></n:title>\
         <n:keywords>ports, ships,ports</n:keywords></n:news></s:url></s:urlset>",
    );
    let [entry] = &feed.entries[..] else { panic!("{feed:?}") };
    assert_eq!(entry.key, "https://example.org/a?b=1&c=2");
    assert_eq!(entry.title.as_deref(), Some("Ships & <i>ports"));
    assert_eq!(entry.published.map(|at| at.to_string()).as_deref(), Some("2026-11-22T00:00:00Z"));
    assert_eq!(entry.updated.map(|at| at.to_string()).as_deref(), Some("2026-11-22T09:00:00Z"));
    assert_eq!((entry.language.as_deref(), feed.title.as_deref()), (Some("en"), Some("The Example")));
    assert_eq!((entry.categories.join("|"), feed.repairs.len()), ("ports|ships".to_owned(), 0));
}

#[test]
fn an_index_names_its_sitemaps() {
    let index = read(
        "<sitemapindex><sitemap><loc>/one.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>\
         <sitemap><loc>https://example.org/two.xml</loc></sitemap><sitemap><loc>/one.xml.gz</loc></sitemap>",
    );
    let Ok(Sitemap::Index(children)) = index else { panic!("{index:?}") };
    let names: Vec<_> = children.iter().map(|child| (child.url.path(), child.modified.is_some())).collect();
    assert_eq!(names, [("/one.xml.gz", true), ("/two.xml", false)]);
}

#[test]
fn text_and_feeds_serve_as_sitemaps() {
    let text = entries("https://example.org/a\r\n\nhttps://example.org/b\nhttps://example.org/a#x\n");
    assert_eq!(text.entries.len(), 2);
    let rss = entries("<rss version='2.0'><channel><item><link>/x</link></item></channel></rss>");
    assert_eq!(rss.entries[0].key, "https://example.org/x");
}

#[test]
fn other_documents_are_named() {
    let error = |text: &str| read(text).expect_err("no sitemap").to_string();
    assert_eq!(error("<!doctype html><title>Oops</title>"), "an HTML page (title \"Oops\"), not a sitemap");
    assert_eq!(error("<opml/>"), "a document that begins with <opml>, not a sitemap");
    assert_eq!(error("https://example.org/a b"), "text that is no sitemap: \"https://example.org/a b\"");
    assert_eq!(error(" "), "an empty document, not a sitemap");
}

#[test]
fn fixtures() {
    insta::with_settings!({ snapshot_path => "../../../tests/fixtures/sitemap/snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::glob!("../../../tests/fixtures/sitemap", "*.*", |path| {
            let bytes = std::fs::read(path).expect("a fixture");
            let base = Url::parse("https://example.org/sitemap.xml").expect("an address");
            let read = read_sitemap(&bytes, None, &base, "2026-11-22T12:00:00Z".parse().expect("a time"));
            insta::assert_json_snapshot!(match read {
                Ok(Sitemap::Entries(feed)) => serde_json::to_value(feed).expect("JSON"),
                Ok(Sitemap::Index(children)) => children
                    .iter()
                    .map(|child| serde_json::json!({ "url": child.url, "modified": child.modified }))
                    .collect(),
                Err(error) => serde_json::json!({ "error": error.to_string() }),
            });
        });
    });
}

#[test]
fn of_too_many_the_newest_are_kept_and_the_rest_is_named() {
    let dated = |n: usize| format!("<url><loc>/{n}</loc><lastmod>20{:02}-01-01</lastmod></url>", n % 25);
    let feed =
        entries(&format!("<urlset>{}</urlset>", (0..MAX_ENTRIES + 200).map(dated).collect::<String>()));
    assert_eq!(feed.entries.len(), MAX_ENTRIES);
    assert_eq!(feed.repairs, ["only the newest 5000 of 5200 addresses were kept"]);
    let oldest = |entry: &&Entry| entry.updated.is_some_and(|date| date.to_string().starts_with("2000"));
    assert_eq!(feed.entries.iter().filter(oldest).count(), 8);
    // Without dates both ends.
    let lines =
        |count: usize| (0..count).map(|n| format!("https://example.org/{n}")).collect::<Vec<_>>().join("\n");
    let feed = entries(&lines(MAX_ENTRIES + 2));
    let has = |n: usize| feed.entries.iter().any(|entry| entry.key == format!("https://example.org/{n}"));
    assert!(has(0) && has(MAX_ENTRIES + 1) && !has(MAX_ENTRIES / 2));
    assert_eq!(entries(&lines(MAX_ADDRESSES + 9)).repairs.len(), 2);
}

#[test]
fn hostile_documents_are_survived() {
    for part in
        ["<url>", "<url><loc>", "<loc>", "</url>", "<url/>", "<!--", "<![CDATA[", "<url a='", "<news:news>"]
    {
        let feed = entries(&format!("<urlset><url><loc>/a</loc></url>{}", part.repeat(60_000)));
        assert_eq!(feed.entries.len(), 1, "{part}");
    }
    let long = "x".repeat(1_000_000);
    let feed = entries(&format!(
        "<urlset><url><loc>/{long}</loc></url><url><loc>/b</loc><news:news><news:title>{long}</news:title></news:news></url></urlset>"
    ));
    assert_eq!((feed.entries.len(), feed.entries[0].title.is_none()), (1, true));
    let links = "<xhtml:link hreflang='x' href='y'/>".repeat(50_000);
    assert_eq!(entries(&format!("<urlset><url><loc>/a</loc>{links}</url></urlset>")).entries.len(), 1);
}

proptest! {
    #[test]
    fn any_pieces_are_survived(pieces in prop::collection::vec(prop::sample::select(vec![
        "<urlset>", "</urlset>", "<sitemapindex>", "</sitemapindex>", "<sitemap>", "</sitemap>", "<url>", "</url>", "<loc>", "</loc>",
        "https://example.org/a", "/b", "<lastmod>", "</lastmod>", "2026-11-22", "<news:news>", "</news:news>", "<news:title>", "é & ü", "<![CDATA[", "]]>", "\n", "<rss><channel><item><link>/x</link></item>", "<html>",
    ]), 0..30)) {
        if let Ok(Sitemap::Entries(feed)) = read(&pieces.concat()) {
            let keys: HashSet<&str> = feed.entries.iter().map(|entry| entry.key.as_str()).collect();
            prop_assert!(feed.format != "sitemap" || keys.len() == feed.entries.len());
            prop_assert!(feed.entries.iter().all(|entry| !entry.key.is_empty()));
        }
    }
}
