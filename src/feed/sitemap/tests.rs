//! Tests of reading sitemaps: what each part means, every fixture with its snapshot, hostile input.

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
