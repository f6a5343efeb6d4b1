//! The examples of all topics as they are compared: centroids, thresholds, and where each threshold comes from.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use super::FLOOR;
use super::bag::{Bag, each_counted};
use super::centroid::{among_themselves, centroid};
use super::frequencies::Frequencies;
use super::index::Index;
use super::say::Compared;
use super::tuning::{Samples, Stored};
use super::vector::Vector;
use crate::article::Article;
use crate::text::terms::Key;
use crate::topic::spec::{Example, ExampleSpec, ExampleUse};

/// One example alone says nothing about how like articles of its topic are to each other; `"auto"` is never higher then.
const CEILING: f32 = 0.50;
/// `"auto"` is the likeness that so many of ten thousand stored articles reach.
const PERCENTILE: (usize, usize) = (9_999, 10_000);
/// And so much more: what chance reached is not enough.
const HAIR: f32 = 0.005;

/// The examples of all topics. What is compared changes with what the store holds, without a new compilation: it is
/// built aside and swapped whole.
#[derive(Debug, Default)]
pub(in crate::topic) struct Examples {
    /// By topic that has some: its place, and what was written.
    pub(super) written: Vec<(usize, ExampleSpec)>,
    set: RwLock<Arc<ExampleSet>>,
}

impl Examples {
    /// Those of topics, each with its place; compared by what is known before any article is stored.
    pub(in crate::topic) fn new(written: Vec<(usize, ExampleSpec)>) -> Self {
        let examples = Self { written, set: RwLock::default() };
        if !examples.written.is_empty() {
            let frequencies = Frequencies::default();
            let profiles = examples.profiles(&frequencies, &Stored::default());
            examples.put(ExampleSet::new(profiles, frequencies, None));
        }
        examples
    }

    /// A profile of each topic that has examples. `stored`: the articles that they name in the store.
    pub(super) fn profiles(&self, frequencies: &Frequencies, stored: &Stored) -> Vec<Profile> {
        self.written.iter().map(|(topic, spec)| Profile::new(*topic, spec, frequencies, stored)).collect()
    }

    /// Takes the place of what was compared before.
    pub(super) fn put(&self, set: ExampleSet) {
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
    }

    /// `article` before the examples of all topics; `None` if no topic has any.
    pub(in crate::topic) fn compare(&self, article: &Article) -> Option<Compared> {
        if self.written.is_empty() {
            return None;
        }
        let set = Arc::clone(&self.set.read().unwrap_or_else(PoisonError::into_inner));
        Some(Compared::new(set, article))
    }
}

/// What is compared.
#[derive(Debug, Default)]
pub(super) struct ExampleSet {
    pub(super) frequencies: Frequencies,
    pub(super) profiles: Vec<Profile>,
    /// The profile of a topic.
    by_topic: HashMap<usize, usize>,
    /// The topics that examples alone lead into.
    pub(super) index: Index,
}

/// The examples of one topic.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) topic: usize,
    /// `None` if no example can be compared.
    pub(super) centroid: Option<Vector>,
    /// A word for each of its terms, as the examples write it.
    pub(super) words: HashMap<Key, Box<str>>,
    pub(super) usage: ExampleUse,
    /// As written; `None` for `"auto"`.
    pub(super) min: Option<f32>,
    /// `"auto"` is never higher: what the examples reach among themselves.
    ceiling: f32,
    /// From this likeness on an article is like the examples.
    pub(super) threshold: f32,
    /// Where the threshold comes from: "auto 0.27, of 8,412 stored articles".
    pub(super) said: String,
}

impl ExampleSet {
    /// Settles the thresholds of `profiles`, from `samples` of the store's articles.
    pub(super) fn new(
        mut profiles: Vec<Profile>,
        frequencies: Frequencies,
        samples: Option<&Samples>,
    ) -> Self {
        let mut index = Index::default();
        for (place, profile) in profiles.iter_mut().enumerate() {
            profile.settle(samples.and_then(|samples| samples.get(place)));
            if let (Some(centroid), ExampleUse::Or) = (&profile.centroid, profile.usage) {
                index.add(profile.topic, centroid, profile.threshold, &frequencies);
            }
        }
        let by_topic = profiles.iter().enumerate().map(|(place, profile)| (profile.topic, place)).collect();
        Self { frequencies, profiles, by_topic, index }
    }

    /// The profile of a topic, if it has examples.
    pub(super) fn of(&self, topic: usize) -> Option<&Profile> {
        self.profiles.get(*self.by_topic.get(&topic)?)
    }
}

impl Profile {
    fn new(topic: usize, spec: &ExampleSpec, frequencies: &Frequencies, stored: &Stored) -> Self {
        let articles = |examples: &[Example]| -> Vec<Arc<Article>> {
            examples.iter().filter_map(|one| one.article.clone().or_else(|| stored.get(&one.name))).collect()
        };
        let vectors = |articles: &[Arc<Article>]| -> Vec<Vector> {
            articles.iter().filter_map(|article| Vector::of(&Bag::of(article), frequencies)).collect()
        };
        let (like, unlike) = (articles(&spec.like), articles(&spec.unlike));
        let (like_vectors, unlike_vectors) = (vectors(&like), vectors(&unlike));
        let centroid = centroid(&like_vectors, &unlike_vectors);
        Self {
            topic,
            words: centroid.as_ref().map(|centroid| words_of(centroid, &like)).unwrap_or_default(),
            centroid,
            usage: spec.usage,
            min: spec.min,
            ceiling: among_themselves(&like_vectors, &unlike_vectors).unwrap_or(CEILING),
            threshold: FLOOR,
            said: String::new(),
        }
    }

    /// The threshold, as written or from the likeness of stored articles.
    fn settle(&mut self, sample: Option<&Sample>) {
        if let Some(min) = self.min {
            (self.threshold, self.said) = (min, format!("min {min:.2}"));
            return;
        }
        let Some(sample) = sample.filter(|sample| sample.articles > 0) else {
            (self.threshold, self.said) =
                (FLOOR, format!("auto {FLOOR:.2}, the least, as nothing is stored yet"));
            return;
        };
        let reached = sample.percentile().map_or(0.0, |reached| reached + HAIR);
        let ceiling = self.ceiling.max(FLOOR);
        let threshold = reached.clamp(FLOOR, ceiling);
        let of = format!("of {} stored articles", thousands(sample.articles));
        self.said = if reached <= FLOOR {
            format!("auto {threshold:.2}, the least, {of}")
        } else if reached > ceiling {
            format!("auto {threshold:.2}, as like as the examples are to each other, {of}")
        } else {
            format!("auto {threshold:.2}, {of}")
        };
        self.threshold = threshold;
    }
}

/// How like stored articles are to one profile.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    /// How many were compared and are not about the topic.
    pub(super) articles: usize,
    /// How many are about it.
    pub(super) left_out: usize,
    /// The likenesses above [`FLOOR`], in any order.
    pub(super) above: Vec<f32>,
}

impl Sample {
    /// The likeness at [`PERCENTILE`], by nearest rank; `None` if it is below the floor.
    fn percentile(&self) -> Option<f32> {
        let (part, whole) = PERCENTILE;
        let rank = self.articles.saturating_mul(part).div_ceil(whole);
        let mut above = self.above.clone();
        above.sort_unstable_by(|a, b| b.total_cmp(a));
        above.get(self.articles.saturating_sub(rank)).copied()
    }
}

/// The word that `articles` write most often for each term of `centroid`.
fn words_of(centroid: &Vector, articles: &[Arc<Article>]) -> HashMap<Key, Box<str>> {
    let wanted: HashMap<Key, f32> = centroid.weights().iter().copied().collect();
    let mut forms: BTreeMap<(Key, String), usize> = BTreeMap::new();
    for article in articles {
        each_counted(article, |term, written, _| {
            let key = Key::of(term);
            if wanted.contains_key(&key) {
                *forms.entry((key, written.to_owned())).or_insert(0) += 1;
            }
        });
    }
    let mut words: HashMap<Key, (usize, Box<str>)> = HashMap::new();
    for ((key, form), count) in forms {
        let best = words.entry(key).or_insert((0, "".into()));
        if count > best.0 {
            *best = (count, form.into());
        }
    }
    words.into_iter().map(|(key, (_, form))| (key, form)).collect()
}

/// "8,412".
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut said = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}
