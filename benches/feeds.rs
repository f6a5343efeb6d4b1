//! How fast feeds are read, one thread: `cargo bench --bench feeds`. `NEWSWATCH_FEEDS` names a folder of feeds to read;
//! without it the fixtures are read, each with its entries repeated until it is as long as a feed of the web.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use newswatch::clock::Timestamp;
use newswatch::feed::read_feed;
use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

/// How long a fixture becomes by repetition, in bytes.
const LENGTH: usize = 64 * 1024;

fn main() {
    divan::main();
}

/// What `newswatch` makes of each feed.
#[divan::bench]
fn newswatch(bencher: Bencher) {
    let base = Url::parse("https://example.org/feed").expect("an address");
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a time");
    over_all(bencher, |bytes| read_feed(bytes, None, &base, now).map_or(0, |feed| feed.entries.len()));
}

/// What feed-rs alone makes of them: it refuses some.
#[divan::bench]
fn feed_rs(bencher: Bencher) {
    over_all(bencher, |bytes| feed_rs::parser::parse(bytes).map_or(0, |feed| feed.entries.len()));
}

/// Telling tags from text and no more, the most that any reader of XML can reach.
#[divan::bench]
fn quick_xml_tokens(bencher: Bencher) {
    over_all(bencher, |bytes| {
        let text = str::from_utf8(bytes).unwrap_or_default();
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        let mut count = 0;
        while let Ok(event) = reader.read_event() {
            if event == Event::Eof {
                break;
            }
            count += 1;
        }
        count
    });
}

fn over_all(bencher: Bencher, read: impl Fn(&[u8]) -> usize + Sync) {
    let feeds = feeds();
    let size: usize = feeds.iter().map(Vec::len).sum();
    bencher
        .counter(BytesCount::new(size))
        .bench(|| feeds.iter().map(|bytes| read(black_box(bytes))).sum::<usize>());
}

fn feeds() -> &'static [Vec<u8>] {
    static FEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FEEDS.get_or_init(|| match std::env::var_os("NEWSWATCH_FEEDS") {
        Some(folder) => files(Path::new(&folder)).iter().map(|file| bytes(file)).collect(),
        None => files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feed"))
            .iter()
            .map(|file| repeated(bytes(file)))
            .collect(),
    })
}

/// The files in a folder and below it, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let listed = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in listed.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_none_or(|extension| extension != "snap") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// `feed` with its entries, from the first to the last, as often as makes it `LENGTH` long. What has none stays.
fn repeated(feed: Vec<u8>) -> Vec<u8> {
    let Ok(text) = str::from_utf8(&feed) else { return feed };
    let found = [("<item", "</item>"), ("<entry", "</entry>")]
        .into_iter()
        .find_map(|(start, end)| Some((text.find(start)?, text.rfind(end)? + end.len())));
    let Some((start, end)) = found.filter(|(start, end)| start < end) else { return feed };
    let (before, rest) = text.split_at(start);
    let (entries, after) = rest.split_at(end - start);
    [before, &entries.repeat(LENGTH.div_ceil(entries.len())), after].concat().into_bytes()
}
