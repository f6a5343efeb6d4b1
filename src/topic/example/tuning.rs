//! What the store's own articles say about examples: how rare words are, and how like any article is by chance.
//!
//! Two passes over the same articles: [`Counting`], then [`Comparing`], so that no article is kept. An article that the
//! topic's lines are true of, or that nearly repeats an example, is about the topic: it tells nothing about chance.

use std::collections::HashMap;
use std::sync::Arc;

use super::FLOOR;
use super::bag::Bag;
use super::frequencies::Frequencies;
use super::index::Index;
use super::profile::{ExampleSet, Profile, Sample};
use super::vector::Vector;
use crate::article::Article;
use crate::topic::TopicSet;
use crate::topic::spec::Written;

/// An article so like an example's centroid is another edition of it.
const SAME: f32 = 0.90;

/// The stored articles that examples name, by the name that is written.
#[derive(Debug, Clone, Default)]
pub struct Stored(HashMap<String, Arc<Article>>);

impl Stored {
    /// Adds the article that is named so.
    pub fn insert(&mut self, name: &str, article: Article) {
        self.0.insert(name.to_owned(), Arc::new(article));
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Article>> {
        self.0.get(name).cloned()
    }
}

/// By profile.
pub(super) type Samples = [Sample];

/// The first pass: how rare each word is.
#[derive(Debug, Default)]
pub struct Counting(Frequencies);

impl Counting {
    /// Counts a stored article.
    pub fn count(&mut self, article: &Article) {
        self.0.count(&Bag::of(article));
    }
}

/// The second pass: how like the articles are to each topic's examples.
#[derive(Debug)]
pub struct Comparing {
    frequencies: Frequencies,
    profiles: Vec<Profile>,
    /// The profiles whose threshold is to be found.
    index: Index,
    samples: Vec<Sample>,
    articles: usize,
}

impl Comparing {
    /// Compares a stored article with the examples of `topics`, which are those that this came from.
    pub fn compare(&mut self, topics: &TopicSet, article: &Article) {
        let Some(vector) = Vector::of(&Bag::of(article), &self.frequencies) else { return };
        self.articles += 1;
        for place in self.index.candidates(&vector) {
            let (Some(profile), Some(sample)) = (self.profiles.get(place), self.samples.get_mut(place))
            else {
                continue;
            };
            let likeness = profile.centroid.as_ref().map_or(0.0, |centroid| centroid.cosine(&vector));
            if likeness <= FLOOR {
                continue;
            }
            if likeness >= SAME || topics.lines_hold(profile.topic, article) {
                sample.left_out += 1;
            } else {
                sample.above.push(likeness);
            }
        }
    }
}

impl TopicSet {
    /// Whether any topic has examples, so that the store has something to say about them.
    #[must_use]
    pub fn has_examples(&self) -> bool {
        !self.examples.written.is_empty()
    }

    /// The names of stored articles among the examples (`12`, `https://…`), with their places.
    #[must_use]
    pub fn stored_examples(&self) -> Vec<(Written, String)> {
        let written = self.examples.written.iter().flat_map(|(_, spec)| spec.like.iter().chain(&spec.unlike));
        written.filter(|one| one.article.is_none()).map(|one| (one.at.clone(), one.name.clone())).collect()
    }

    /// Begins the second pass with what the first one counted, and with the articles that examples name.
    #[must_use]
    pub fn comparing(&self, counted: Counting, stored: &Stored) -> Comparing {
        let mut frequencies = counted.0;
        frequencies.settle();
        let profiles = self.examples.profiles(&frequencies, stored);
        let mut index = Index::default();
        for (place, profile) in profiles.iter().enumerate().filter(|(_, profile)| profile.min.is_none()) {
            if let Some(centroid) = &profile.centroid {
                index.add(place, centroid, FLOOR, &frequencies);
            }
        }
        let samples = vec![Sample::default(); profiles.len()];
        Comparing { frequencies, profiles, index, samples, articles: 0 }
    }

    /// From now on compares by what was found.
    pub fn take(&self, found: Comparing) {
        let Comparing { frequencies, profiles, mut samples, articles, .. } = found;
        for sample in &mut samples {
            sample.articles = articles.saturating_sub(sample.left_out);
        }
        self.examples.put(ExampleSet::new(profiles, frequencies, Some(&samples)));
    }
}
