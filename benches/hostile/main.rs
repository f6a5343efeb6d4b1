//! What hostile documents cost: `cargo bench --bench hostile`. Each is read by a process of its own, on a stack of 2 MiB,
//! and must come to an outcome within 2 s of CPU time, with at most 256 MB in memory at any time, the document included
//! (the page of an article: 1 s, 100 MB). Prints a table; exits with 1 if one costs more. `cargo bench --bench hostile -- WORD` reads those whose names hold the word.

mod bombs;
mod documents;

use std::process::{Command, ExitCode};
use std::sync::mpsc;
use std::time::Duration;

use documents::{Reader, cases};
use newswatch::article::{Hints, extract};
use newswatch::clock::Timestamp;
use newswatch::feed::{FeedError, decode, identify, read_feed, read_links, read_watched};
use url::Url;

const MOST_TIME: Duration = Duration::from_secs(2);
/// In kB of 1,000 bytes.
const MOST_MEMORY: u64 = 256_000;
/// The same for the pages of articles, which a source has hundreds of.
const MOST_TIME_OF_A_PAGE: Duration = Duration::from_secs(1);
const MOST_MEMORY_OF_A_PAGE: u64 = 100_000;
/// When a reader that does not end is given up.
const NEVER: Duration = Duration::from_mins(1);
/// As much as the threads of tokio have.
const STACK: usize = 2 << 20;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match std::env::var("NEWSWATCH_HOSTILE_CASE") {
        Ok(name) => measure(&name),
        Err(_) => all(&words),
    }
}

/// Reads every document in a process of its own.
fn all(words: &[String]) -> ExitCode {
    let (mut count, mut bad) = (0, 0);
    println!("{:44} {:>9} {:>9}  outcome", "document", "time", "memory");
    let bombs = bombs::NAMES.into_iter().map(str::to_owned);
    for name in cases().into_iter().map(|case| case.name).chain(bombs) {
        if !words.iter().all(|word| name.contains(word.as_str())) {
            continue;
        }
        let own = std::env::current_exe().expect("this program");
        let output =
            Command::new(own).env("NEWSWATCH_HOSTILE_CASE", &name).output().expect("this program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let mut said = said.trim_end().splitn(3, '\t');
        let mut number = || said.next().and_then(|text| text.parse::<u64>().ok());
        let (time, memory) = (number(), number());
        let outcome = said.next().unwrap_or("no outcome");
        let (most_time, most_memory) = if name.starts_with("page:") {
            (MOST_TIME_OF_A_PAGE, MOST_MEMORY_OF_A_PAGE)
        } else {
            (MOST_TIME, MOST_MEMORY)
        };
        let good = output.status.success()
            && time.is_some_and(|time| u128::from(time) <= most_time.as_millis())
            && memory.is_some_and(|memory| memory <= most_memory);
        let figure = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
        let verdict = if good { String::new() } else { format!("  TOO MUCH ({})", output.status) };
        println!(
            "{name:44} {:>6} ms {:>6} MB  {outcome}{verdict}",
            figure(time),
            figure(memory.map(|memory| memory / 1_000))
        );
        count += 1;
        bad += usize::from(!good);
    }
    println!(
        "{count} documents, {bad} of them cost more than {MOST_TIME:?} or {} MB (pages: {MOST_TIME_OF_A_PAGE:?}, {} MB)",
        MOST_MEMORY / 1_000,
        MOST_MEMORY_OF_A_PAGE / 1_000
    );
    if bad == 0 && count > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Reads the document called `name`; prints milliseconds, kB and what came of it.
fn measure(name: &str) -> ExitCode {
    let case = cases().into_iter().find(|case| case.name == name);
    let name = name.to_owned();
    let (done, outcome) = mpsc::channel();
    let reader = std::thread::Builder::new().stack_size(STACK);
    let thread = reader.spawn(move || {
        let (begin, outcome) = match case {
            Some(case) => {
                let document = (case.make)(usize::MAX);
                (on_cpu(), read(&case.reader, &document))
            }
            None => {
                let bomb = bombs::bomb(&name);
                (on_cpu(), bombs::fetch(bomb))
            }
        };
        let _ = done.send((on_cpu().saturating_sub(begin), outcome));
    });
    let _running = thread.expect("a thread");
    match outcome.recv_timeout(NEVER) {
        Ok((time, outcome)) => {
            println!("{}\t{}\t{outcome}", time.as_millis(), peak());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}\t{}\t{error}", NEVER.as_millis(), peak());
            ExitCode::FAILURE
        }
    }
}

fn read(reader: &Reader, document: &[u8]) -> String {
    let base = Url::parse("https://example.org/feed").expect("an address");
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a time");
    let read = match reader {
        Reader::Decode(declared) => return format!("{} bytes of text", decode(document, *declared).len()),
        Reader::Feed(declared) => read_feed(document, *declared, &base, now),
        Reader::Cut => {
            let cut = |end: usize| document.get(..end).unwrap_or_default();
            let read =
                (0..=document.len()).filter(|end| read_feed(cut(*end), None, &base, now).is_ok()).count();
            return format!("{read} of {} are feeds", document.len() + 1);
        }
        Reader::Page => {
            return match extract(&decode(document, None), &base, &Hints::default()) {
                Ok(article) => format!("an article of {} bytes", article.text().len()),
                Err(error) => error.to_string().chars().take(100).collect(),
            };
        }
        Reader::PageCut => {
            let cut = |end: usize| decode(document.get(..end).unwrap_or_default(), None);
            let ends = (0..=document.len()).step_by(16);
            let read = ends.filter(|end| extract(&cut(*end), &base, &Hints::default()).is_ok()).count();
            return format!("{read} of {} are articles", document.len() / 16 + 1);
        }
        Reader::Links => read_links(&decode(document, None), "a", &base, now),
        Reader::Watched => read_watched(&decode(document, None), "body", &base),
    };
    match read {
        Ok(feed) => {
            let count = identify(feed.entries).len();
            format!("{count} entries {:?}", feed.repairs)
        }
        Err(FeedError(reason)) => reason.chars().take(100).collect(),
    }
}

/// How long this thread has been on a CPU: on a busy machine the clock tells more of the others.
fn on_cpu() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(u64::MAX / 2))
}

/// The most memory that this process has had, in kB of 1,000 bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: u64 =
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(u64::MAX / 2_048);
    kibibytes * 1_024 / 1_000
}
