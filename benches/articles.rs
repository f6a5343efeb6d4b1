//! How fast pages are read, one thread: `cargo bench --bench articles`. `NEWSWATCH_ARTICLES` names a folder of pages; without
//! it the fixtures are read. Beside it html5ever alone builds a tree of each page, in the same run.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use newswatch::article::{Hints, extract};
use newswatch::feed::decode;
use scraper::Html;
use url::Url;

/// Every page is read so often, and its fastest reading counts: other work on the machine disturbs the rest.
const ROUNDS: usize = 7;

fn main() {
    let folder = std::env::var_os("NEWSWATCH_ARTICLES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/article"), PathBuf::from);
    let mut pages: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry of the folder").path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            pages.push(decode(&bytes, None));
        }
    }
    let url = Url::parse("https://page.invalid/").expect("an address");
    let hints = Hints::default();
    let times = |read: &dyn Fn(&str)| -> Vec<Duration> {
        pages.iter().map(|page| (0..ROUNDS).map(|_| timed(|| read(page))).min().unwrap_or_default()).collect()
    };
    // Memory that a page needs at the most is asked for before the first measured reading.
    for page in &pages {
        drop(extract(page, &url, &hints));
    }
    let parse = times(&|page| drop(std::hint::black_box(Html::parse_document(page))));
    let whole = times(&|page| drop(std::hint::black_box(extract(page, &url, &hints))));
    let bytes: usize = pages.iter().map(String::len).sum();
    println!("{} pages, {} KB, of {}", pages.len(), bytes / 1000, folder.display());
    println!("{:<28} {:>9} {:>9} {:>9} {:>9}", "", "pages/s", "median", "p99", "most");
    for (name, times) in [("html5ever, a tree", &parse), ("newswatch, an article", &whole)] {
        report(name, times);
    }
    let rate = parse.iter().sum::<Duration>().as_secs_f64() / whole.iter().sum::<Duration>().as_secs_f64();
    println!("of html5ever's rate: {:.0} %", 100.0 * rate);
    println!("peak memory of the process: {} KB", peak());
}

fn report(name: &str, times: &[Duration]) {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = |share: f64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place among pages"
        )]
        let place = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
        sorted.get(place).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    #[expect(clippy::cast_precision_loss, reason = "a count of pages")]
    let rate = times.len() as f64 / times.iter().sum::<Duration>().as_secs_f64();
    println!("{name:<28} {rate:>9.0} {:>6.2} ms {:>6.2} ms {:>6.2} ms", at(0.5), at(0.99), at(1.0));
}

fn timed(work: impl FnOnce()) -> Duration {
    let before = Instant::now();
    work();
    before.elapsed()
}

/// The largest resident size of the process, in KB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells sizes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the largest size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
