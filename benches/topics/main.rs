//! How fast topics are judged, one thread, and what they cost in memory: `cargo bench --bench topics`. Made-up topics of
//! eleven phrases on documents of 1.5 kB, from raw text to verdicts; beside it Aho-Corasick over the same phrases and a look
//! at every topic. Each number of topics is loaded in a process of its own, so that its memory is its own. Times are of the
//! CPU: other work on the machine disturbs them little.

mod alike;
mod made;
mod rivals;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};

use made::{Made, Press};
use newswatch::article::Article;
use newswatch::config::{self, Environment};
use newswatch::topic::spec::Sets;
use newswatch::topic::{TopicSet, TopicSpec};
use rivals::{EveryTopic, Phrases};
use rustix::time::{ClockId, clock_gettime};

/// How many topics there are.
const SIZES: [usize; 4] = [10, 1_000, 10_000, 100_000];
/// Documents in a round.
const DOCUMENTS: usize = 400;
/// Articles in the store.
const STORED: usize = 1_000;
/// The fastest round counts, of so many at the least …
const ROUNDS: usize = 9;
/// … and of as many as fit into these seconds: other work on the machine comes and goes.
const SECONDS: f64 = 2.0;
/// Tells a child how many topics it is about.
const PART: &str = "NEWSWATCH_TOPICS_PART";
/// What the configuration says of a topic that says nothing.
const TEMPLATE: &str =
    "[[feed]]\nurl = 'https://press.invalid/'\n[topic.template]\nall = ['word', 'another']\n";

fn main() -> ExitCode {
    if let Some(size) = std::env::var(PART).ok().and_then(|size| size.parse().ok()) {
        measure(size);
        return ExitCode::SUCCESS;
    }
    println!(
        "{:>7} {:>8} {:>7} {:>8} {:>8} {:>9} {:>8} {:>7} {:>9} {:>8} {:>8}",
        "topics",
        "load",
        "memory",
        "refile",
        "unfiled",
        "µs / doc",
        "matches",
        "near",
        "explain",
        "phrases",
        "every"
    );
    let own = std::env::current_exe().expect("this program");
    let runs = SIZES.map(|size| Command::new(&own).env(PART, size.to_string()).status());
    alike::measure(&Press::read(), &template());
    if runs.iter().all(|run| run.as_ref().is_ok_and(std::process::ExitStatus::success)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What a topic has that says nothing of its own.
fn template() -> TopicSpec {
    let template = config::from_text(Path::new("newswatch.toml"), TEMPLATE, &Environment::of_process());
    template.expect("a right template").topics.first().expect("one topic").clone()
}

fn measure(size: usize) {
    let (press, like) = (Press::read(), template());
    let specs: Vec<TopicSpec> = (0..size).map(|number| press.topic(number).spec(number, &like)).collect();
    let documents: Vec<Article> = (0..DOCUMENTS).map(|number| press.document(number)).collect();

    let (before, started) = (memory("VmRSS:"), cpu());
    let (set, _) = TopicSet::compile(&specs, &Sets::new()).expect("right topics");
    let load = cpu() - started;
    let used = memory("VmHWM:").saturating_sub(before);

    // Filed by what the topics tell, then by what the articles of a store tell.
    let unfiled = fastest(documents.get(..100).unwrap_or_default(), |document| matches(&set, document));
    let stored: Vec<Article> = (0..STORED).map(|number| press.document(DOCUMENTS + number)).collect();
    let started = cpu();
    let mut counts = set.count_phrases();
    for article in &stored {
        counts.count(&set, article);
    }
    set.refile(&counts);
    let refile = cpu() - started;

    let matched: usize = documents.iter().map(|document| matches(&set, document)).sum();
    let near = documents.iter().map(|document| set.judge(document).len()).sum::<usize>() - matched;
    let judged = fastest(&documents, |document| matches(&set, document));
    // Explaining every topic is for one article at a time.
    let explained =
        (size <= 1_000).then(|| fastest(&documents[..20], |document| set.explain(document).len()));
    let made: Vec<Made> = (0..size).map(|number| press.topic(number)).collect();
    let phrases = Phrases::of(&made);
    let ahead = fastest(&documents, |document| phrases.count(document));
    drop(phrases);
    let every = EveryTopic::of(&made);
    let naive = fastest(&documents[..40], |document| every.count(document));
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let (matched, near) = (matched as f64 / DOCUMENTS as f64, near as f64 / DOCUMENTS as f64);
    println!(
        "{size:>7} {:>5.0} ms {used:>4} MB {:>5.0} ms {unfiled:>8.1} {judged:>9.1} {matched:>8.2} {near:>7.2} {:>9} {ahead:>8.1} {naive:>8.0}",
        load * 1e3,
        refile * 1e3,
        explained.map_or_else(String::new, |time| format!("{time:.0}")),
    );
}

fn matches(set: &TopicSet, document: &Article) -> usize {
    set.judge(document).iter().filter(|one| one.matched).count()
}

/// Microseconds of the CPU for a document, in the fastest round.
fn fastest(documents: &[Article], mut work: impl FnMut(&Article) -> usize) -> f64 {
    let round = |_| {
        let started = cpu();
        for document in documents {
            black_box(work(document));
        }
        cpu() - started
    };
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let per = 1e6 / documents.len() as f64;
    let started = cpu();
    let rounds = (0..).take_while(|done| *done < ROUNDS || cpu() - started < SECONDS);
    rounds.map(round).fold(f64::INFINITY, f64::min) * per
}

/// Seconds that this thread has been on a CPU.
fn cpu() -> f64 {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "below 2⁵³")]
    let (whole, parts) = (used.tv_sec as f64, used.tv_nsec as f64);
    whole + parts / 1e9
}

/// A size of this process, in MB of 10⁶ bytes.
fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kibibytes: u64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    kibibytes * 1_024 / 1_000_000
}
