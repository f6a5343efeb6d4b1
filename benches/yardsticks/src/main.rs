//! Other extractors beside ours, on the same pages in one run: `cargo run --release -- FOLDER`, in `benches/yardsticks`.
//!
//! Each reads in a process of its own, so that its peak memory is told too. With `--answers NAME` it prints what one of
//! them finds instead, a JSON object a line as `newswatch inspect page --json` does.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use newswatch::article::{Hints, extract};
use newswatch::feed::decode;
use serde_json::{Value, json};
use url::Url;

/// Every page is read so often, and its fastest reading counts: other work on the machine disturbs the rest.
const ROUNDS: usize = 5;
const NAMES: [&str; 4] = ["html5ever, a tree", "newswatch", "dom_smoothie", "trafilatura"];
const ADDRESS: &str = "https://page.invalid/";

fn main() {
    let mut words = std::env::args().skip(1);
    let first = words.next().expect("a folder of pages");
    if first == "--answers" {
        let name = words.next().expect("a name");
        for path in words.map(PathBuf::from) {
            let article = read(&name, &page(&path));
            println!("{}", json!({ "file": path, "article": article }));
        }
    } else if let Ok(name) = std::env::var("NEWSWATCH_YARDSTICK") {
        measure(&name, Path::new(&first));
    } else {
        println!("{:<20} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "pages/s", "median", "p99", "most", "peak");
        for name in NAMES {
            let own = std::env::current_exe().expect("this program");
            let run = Command::new(own).arg(&first).env("NEWSWATCH_YARDSTICK", name).status();
            assert!(run.expect("this program starts").success(), "{name}");
        }
    }
}

/// What extractor `name` finds in a page.
fn read(name: &str, html: &str) -> Value {
    let nothing = Value::Null;
    match name {
        "newswatch" => {
            let url = Url::parse(ADDRESS).expect("an address");
            extract(html, &url, &Hints::default()).map_or(nothing, |article| {
                json!({ "title": article.title, "text": article.text(), "published": article.published })
            })
        }
        "dom_smoothie" => dom_smoothie::Readability::new(html, Some(ADDRESS), None)
            .and_then(|mut reader| reader.parse())
            .map_or(nothing, |article| {
                let text = article.text_content.to_string();
                json!({ "title": article.title, "text": text, "published": article.published_time })
            }),
        "trafilatura" => {
            let options = trafilatura::Options::default()
                .with_fallback(true)
                .with_focus(trafilatura::ExtractionFocus::FavorPrecision);
            trafilatura::extract(html, &options).map_or(nothing, |found| {
                let published = found.metadata.date.map(|date| date.to_string());
                json!({ "title": found.metadata.title, "text": found.content_text, "published": published })
            })
        }
        _ => json!(scraper::Html::parse_document(html).tree.values().count()),
    }
}

fn page(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    decode(&bytes, None)
}

/// Prints how fast `name` reads the pages of `folder`, and the most memory that took.
fn measure(name: &str, folder: &Path) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    let mut times: Vec<Duration> = Vec::new();
    for path in &paths {
        // One page in memory at a time, as the daemon has it.
        let html = page(path);
        let time = |_| {
            let before = Instant::now();
            drop(std::hint::black_box(read(name, &html)));
            before.elapsed()
        };
        times.push((0..ROUNDS).map(time).min().unwrap_or_default());
    }
    times.sort_unstable();
    let at = |percent: usize| {
        let place = times.len().saturating_sub(1) * percent / 100;
        times.get(place).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    let rate = f64::from(u32::try_from(times.len()).expect("few")) / times.iter().sum::<Duration>().as_secs_f64();
    let (median, p99, most) = (at(50), at(99), at(100));
    println!("{name:<20} {rate:>9.0} {median:>6.2} ms {p99:>6.2} ms {most:>6.1} ms {:>6} MB", peak() / 1000);
}

/// The largest resident size of the process, in KB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells sizes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the largest size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
