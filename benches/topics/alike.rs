//! Topics by example: what a document costs that is compared with their examples, and what it costs to learn from the
//! store.

use std::sync::Arc;

use newswatch::article::Article;
use newswatch::topic::spec::{Example, ExampleSpec, ExampleUse, Sets};
use newswatch::topic::{Counting, Stored, TopicSet, TopicSpec, Written};

use super::made::Press;
use super::{cpu, fastest, matches};

/// How many topics there are.
const SIZES: [usize; 3] = [1, 100, 10_000];
/// Examples of a topic.
const EXAMPLES: usize = 3;
/// Articles in the store.
const STORED: usize = 2_000;

/// Measures and prints. `like` has what topics do not say.
pub(crate) fn measure(press: &Press, like: &TopicSpec) {
    println!("\n{:>11} {:>9} {:>8} {:>9} {:>9}", "by example", "load", "learn", "µs / doc", "matches");
    let documents: Vec<Article> = (0..400).map(|number| press.document(number)).collect();
    let stored: Vec<Article> = (0..STORED).map(|number| press.document(100_000 + number)).collect();
    for size in SIZES {
        let specs: Vec<TopicSpec> = (0..size)
            .map(|number| {
                let spec = press.topic(number).spec(number, like);
                TopicSpec { examples: Some(examples(press, number)), ..spec }
            })
            .collect();
        let started = cpu();
        let (set, _) = TopicSet::compile(&specs, &Sets::new()).expect("right topics");
        let load = cpu() - started;
        let started = cpu();
        learn(&set, &stored);
        let learnt = (cpu() - started) * 1e6 / 2e3;
        let matched: usize = documents.iter().map(|document| matches(&set, document)).sum();
        let judged = fastest(&documents, |document| matches(&set, document));
        println!("{size:>11} {:>6.0} ms {learnt:>5.0} µs {judged:>9.1} {matched:>9}", load * 1e3);
    }
}

/// Both passes over the store.
fn learn(set: &TopicSet, stored: &[Article]) {
    let mut counting = Counting::default();
    for article in stored {
        counting.count(article);
    }
    let mut comparing = set.comparing(counting, &Stored::default());
    for article in stored {
        comparing.compare(set, article);
    }
    set.take(comparing);
}

fn examples(press: &Press, topic: usize) -> ExampleSpec {
    let at = Written { text: String::new(), file: 0, at: 0..0 };
    let example = |number: usize| Example {
        at: at.clone(),
        name: number.to_string(),
        article: Some(Arc::new(press.document(1_000_000 + topic * EXAMPLES + number))),
    };
    ExampleSpec {
        at: at.clone(),
        like: (0..EXAMPLES).map(example).collect(),
        unlike: Vec::new(),
        min: None,
        usage: ExampleUse::Or,
    }
}
