//! Topics by example: an article is about a topic if its terms are like those of the example articles.
//!
//! An article is a vector of its terms, weighted by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
//! Framework", 2009); a topic is the centroid of its `like` examples minus that of its `unlike` ones (Rocchio, as in
//! Manning, Raghavan and Schütze, "Introduction to Information Retrieval", section 9.1); likeness is their cosine.

mod bag;
mod centroid;
mod frequencies;
mod index;
mod profile;
mod say;
#[cfg(test)]
mod tests;
mod tuning;
mod vector;

pub(super) use profile::Examples;
pub(super) use say::{Compared, Rest};
pub use tuning::{Comparing, Counting, Stored};

use self::bag::Bag;
use super::problem::{Fault, TopicProblem};
use super::spec::{Example, ExampleUse, TopicSpec};

/// An article of fewer content words says nothing.
const MIN_WORDS: usize = 20;

/// `"auto"` is never lower: below, articles share little more than the day's common names.
const FLOOR: f32 = 0.20;

/// The lowest `min`: what has no word in common is not even compared.
const LEAST: f32 = 0.01;

/// Problems of the examples of a topic.
pub(super) fn check_examples(spec: &TopicSpec, problems: &mut Vec<TopicProblem>) {
    let Some(examples) = &spec.examples else { return };
    let lines =
        std::iter::once(&spec.way).chain(&spec.also).any(|way| !way.all.is_empty() || !way.any.is_empty());
    if examples.usage != ExampleUse::Or && !lines {
        let fault = Fault::new(
            format!("`use = \"{}\"` needs lines beside the examples", examples.usage.word()),
            "give the topic `all` or `any`, or write use = \"or\"",
        );
        problems.push(fault.at(&examples.at));
    }
    if let Some(min) = examples.min.filter(|min| *min < LEAST) {
        let fault = Fault::new(
            format!("`min = {min}` is of articles that have nothing in common with the examples"),
            format!("write {LEAST} or more, or \"auto\""),
        );
        problems.push(fault.at(&examples.at));
    }
    // What is stored is looked up later.
    let is_silent = |example: &Example| {
        example.article.as_ref().is_some_and(|article| Bag::of(article).content < MIN_WORDS)
    };
    if !examples.like.is_empty() && examples.like.iter().all(is_silent) {
        let hint = match (examples.usage, lines) {
            (ExampleUse::Or, false) => "until one does, the topic can never match",
            _ => "until one does, the lines decide alone",
        };
        let fault = Fault::new("no example says enough to be compared", hint);
        problems.push(fault.into_warning().at(&examples.at));
    }
    for example in examples.like.iter().chain(&examples.unlike) {
        let Some(article) = &example.article else { continue };
        let words = Bag::of(article).content;
        if words < MIN_WORDS {
            let fault = Fault::new(
                format!(
                    "`{}` says too little to compare: {words} content words of {MIN_WORDS}",
                    example.name
                ),
                "give it the whole text of an article",
            );
            problems.push(fault.into_warning().at(&example.at));
        }
    }
}
