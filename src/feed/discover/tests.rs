//! Pages found by glob with what is found in them, samples of feeds, and the order of candidates.

use std::path::Path;

use super::*;
use crate::clock::Timestamp;
use crate::feed::{Feed, identify, read_feed};

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

#[test]
fn pages_lead_to_their_feeds_or_their_lists() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/discover"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!(env!("CARGO_MANIFEST_DIR"), "tests/fixtures/discover/*.html", |path| {
            let html = std::fs::read_to_string(path).expect("a fixture");
            insta::assert_snapshot!(shown(&html));
        });
    });
}

fn shown(html: &str) -> String {
    let base = url("https://harbour.example/news/");
    let finds = from_page(html, &base).expect("a page");
    let mut lines =
        vec![format!("title {:?}, language {:?}, {} links", finds.title, finds.language, finds.links.len())];
    lines.extend(
        finds.candidates.iter().map(|found| format!("{:?} {} {:?}", found.via, found.url, found.title)),
    );
    match guess_links(html, &base, now()) {
        Some((selector, feed)) => {
            lines.push(format!("links {selector:?}"));
            lines.extend(feed.entries.iter().map(|entry| {
                format!("  {:?} {:?}", entry.title, entry.published.map(|time| time.to_string()))
            }));
        }
        None => lines.push("no list".to_owned()),
    }
    lines.push(format!("watch {:?}", guess_watch(html, &base).map(|(selector, _)| selector)));
    lines.join("\n")
}

/// A feed with `days` as the days of November on which something was published.
fn feed(title: &str, days: &[i8], text: &str) -> Feed {
    let item = |day: &i8| {
        format!(
            "<item><link>https://harbour.example/{title}/{day}</link><title>The ship of day {day} came in late</title>\
             <pubDate>{day:02} Nov 2026 10:00:00 GMT</pubDate><description>{text}</description></item>"
        )
    };
    let items = days.iter().map(item).collect::<Vec<_>>().concat();
    let xml = format!(
        "<rss version='2.0'><channel><title>{title}</title><language>en</language>{items}</channel></rss>"
    );
    let feed = read_feed(xml.as_bytes(), None, &url("https://harbour.example/"), now()).expect("a feed");
    Feed { entries: identify(feed.entries.clone()), ..feed }
}

fn candidate(path: &str, via: Via) -> Candidate {
    Candidate {
        url: url(&format!("https://harbour.example{path}")),
        kind: SourceKind::Feed,
        via,
        title: None,
    }
}

#[test]
fn a_sample_says_how_much_how_new_and_how_often() {
    let links =
        HashSet::from(["https://harbour.example/news/20".to_owned(), "https://harbour.example/x".to_owned()]);
    let read = feed("news", &[18, 22, 20, 16], "short");
    let sample = sample(&read, &url("https://harbour.example/rss"), &links, now());
    assert_eq!((sample.entries, sample.on_page, sample.full_text, sample.comments), (4, 1, false, false));
    assert_eq!(sample.newest, Some("2026-11-22T10:00:00Z".parse().expect("a time")));
    assert_eq!(sample.titles[0], "The ship of day 22 came in late");
    assert_eq!((sample.titles.len(), sample.every), (3, Some(std::time::Duration::from_hours(48))));
    assert_eq!(sample.language.as_deref(), Some("en"));
    let whole = feed("news", &[1], &"many words ".repeat(200));
    assert!(super::sample(&whole, &url("https://harbour.example/"), &links, now()).full_text);
    let empty = feed("news", &[], "");
    assert_eq!(
        super::sample(&empty, &url("https://harbour.example/comments/feed/"), &links, now()).every,
        None
    );
    assert!(super::sample(&empty, &url("https://harbour.example/comments/feed/"), &links, now()).comments);
}

#[test]
fn the_feed_of_the_page_is_first_and_comments_are_last() {
    let main = feed("news", &[20, 21, 22], "short");
    let links: HashSet<String> =
        main.entries.iter().filter_map(|entry| entry.url.as_ref()).map(identity).collect();
    let read = |read: &Feed, path: &str, via| {
        let candidate = candidate(path, via);
        let sample = sample(read, &candidate.url, &links, now());
        (candidate, sample)
    };
    let all = vec![
        read(&feed("comments", &[22], "short"), "/comments/feed/", Via::Declared),
        read(&feed("none", &[], ""), "/empty", Via::Declared),
        read(&feed("section", &[1, 2, 3], "short"), "/section.xml", Via::Linked),
        read(&main, "/rss", Via::Declared),
        read(&main, "/atom", Via::Declared),
    ];
    let ranked = rank(all, Some("de"), now());
    let order: Vec<&str> = ranked.iter().map(|ranked| ranked.candidate.url.path()).collect();
    assert_eq!(order, ["/rss", "/section.xml", "/atom", "/empty", "/comments/feed/"]);
    assert_eq!(
        ranked[0].why,
        [
            "the page names it as its feed",
            "3 of its 3 entries on the page",
            "in another language than the page (en instead of de)"
        ]
    );
    assert!(ranked[2].why.contains(&"the same entries as number 1".to_owned()));
    assert!(ranked[4].why.contains(&"comments of readers, not articles".to_owned()));
}
