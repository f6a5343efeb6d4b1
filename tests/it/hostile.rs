//! The hostile documents of `benches/hostile`, smaller: each comes to an outcome on the stack of a worker, and what stood
//! whole before the hostile part is read.

#[path = "../../benches/hostile/documents/mod.rs"]
mod documents;

use documents::{ATOM, Case, RSS, Reader, cases};
use newswatch::article::{Hints, extract};
use newswatch::feed::{Entry, decode, identify, read_feed, read_links, read_watched};
use url::Url;

/// How often anything is repeated in a document: enough to end a parser that recurses, and to show one that is quadratic.
const MOST: usize = 3_000;
/// As much as the threads of tokio have.
const STACK: usize = 2 << 20;

fn read(document: &[u8], content_type: Option<&str>) -> Result<Vec<Entry>, String> {
    let base = Url::parse("https://example.org/feed").unwrap();
    let feed = read_feed(document, content_type, &base, "2026-11-22T12:00:00Z".parse().unwrap());
    feed.map(|feed| identify(feed.entries)).map_err(|error| error.to_string())
}

fn come_to_an_outcome(wanted: impl Fn(&Case) -> bool + Send + 'static) {
    let reader = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let wanted: Vec<Case> = cases().into_iter().filter(wanted).collect();
        assert!(!wanted.is_empty());
        for case in &wanted {
            outcome(case);
        }
    });
    reader.unwrap().join().unwrap();
}

fn outcome(Case { name, reader, make }: &Case) {
    let document = make(MOST);
    let base = Url::parse("https://example.org/feed").unwrap();
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    match reader {
        Reader::Feed(content_type) => {
            let entries = read(&document, *content_type);
            let begins_well = [RSS, ATOM].iter().any(|start| document.starts_with(start.as_bytes()));
            if begins_well || name.starts_with("UTF-") {
                let first = entries.as_ref().ok().and_then(|entries| entries.first()?.title.as_deref());
                assert_eq!(first, Some("First"), "{name}: {entries:?}");
            }
            assert!(!entries.is_err_and(|reason| reason.is_empty()), "{name}");
        }
        Reader::Cut => {
            let whole = read(&document, None).unwrap();
            for end in 0..document.len() {
                let read = read(&document[..end], None).unwrap_or_default();
                // Of the last one there may be a part.
                let complete = read.split_last().map_or(&[][..], |(_, complete)| complete);
                assert!(whole.starts_with(complete), "{name} at {end}: {read:?}");
            }
        }
        Reader::Decode(content_type) => assert!(!decode(&document, *content_type).contains('\0'), "{name}"),
        Reader::Page => match extract(&decode(&document, None), &base, &Hints::default()) {
            Ok(article) => assert!(!article.text().is_empty(), "{name}"),
            Err(why) => assert!(!why.to_string().is_empty(), "{name}"),
        },
        Reader::PageCut => {
            let text = |end: usize| extract(&decode(&document[..end], None), &base, &Hints::default());
            let whole = text(document.len()).unwrap().text();
            for end in (0..document.len()).step_by(16) {
                let cut = text(end).map(|article| article.lead).unwrap_or_default();
                assert!(
                    cut.is_empty() || whole.contains(cut.get(..20).unwrap_or(&cut)),
                    "{name} at {end}: {cut}"
                );
            }
        }
        Reader::Links => drop(read_links(&decode(&document, None), "a", &base, now)),
        Reader::Watched => drop(read_watched(&decode(&document, None), "body", &base)),
    }
}

#[test]
fn feeds() {
    come_to_an_outcome(|case| {
        matches!(case.reader, Reader::Feed(_) | Reader::Cut) && !case.name.contains("500,000")
    });
}

#[test]
fn feeds_of_what_never_ends() {
    come_to_an_outcome(|case| case.name.contains("500,000"));
}

#[test]
fn pages_and_encodings() {
    come_to_an_outcome(|case| matches!(case.reader, Reader::Decode(_) | Reader::Links | Reader::Watched));
}

#[test]
fn articles() {
    come_to_an_outcome(|case| matches!(case.reader, Reader::Page | Reader::PageCut));
}
