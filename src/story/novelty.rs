//! Which sentences of a report are new to its story.
//!
//! A sentence is weighed by the rarity of its terms; it is new if the earlier reports cover little of that weight. The
//! measure is lexical: it takes a thorough paraphrase for news, which is why [`super::judge`] asks for more.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::{NovelSentence, StoryIndex, terms};
use crate::text::sentence::sentences;

/// A sentence is new if the earlier sentence nearest to it covers less than this of its weight …
const COVERED_BY_ONE: f32 = 0.50;
/// … and all earlier sentences together less than this.
const COVERED_BY_ALL: f32 = 0.70;
/// Sentences of the report that are looked at.
const SENTENCES: usize = 400;
/// Sentences of the earlier reports that are looked at, the latest first.
const EARLIER: usize = 4_000;
/// Bytes and terms of a sentence that are looked at.
const BYTES: usize = 2 * 1024;
const TERMS: usize = 120;
/// Terms below this IDF weigh nothing: articles, pronouns.
const MIN_IDF: f32 = 1.0;
/// A sentence of fewer terms that weigh says nothing by itself.
const MIN_TERMS: usize = 2;
/// New terms named in the reason.
const NAMED: usize = 5;

/// What every page says and no report: never new, however it is worded.
#[rustfmt::skip]
const BOILERPLATE: &[&str] = &[
    "advertisement", "save articles for later", "sign up", "subscribe", "newsletter", "read more",
    "read full", "follow us", "all rights reserved", "click here", "cookies", "photo:", "ap photo",
    "getty images", "file photo", "most viewed", "most read", "related:", "also read", "share this",
    "download our app", "copyright",
];

/// Sentences of `text` that no text of `earlier` says: IDF mass covered < .50 by the best earlier sentence and < .70 by
/// all of them. Empty if `earlier` is empty. Bounded work: at most 400 sentences a report.
#[must_use]
pub fn novel_sentences(earlier: &[&str], text: &str, index: &StoryIndex) -> Vec<NovelSentence> {
    if earlier.is_empty() {
        return Vec::new();
    }
    let said = Said::new(earlier);
    weigh(&said, text, index).iter().filter(|weighed| weighed.is_novel()).map(Weighed::novel).collect()
}

/// What the earlier reports say: by term, the sentences that have it.
pub(super) struct Said {
    sentences: HashMap<String, Vec<usize>>,
    count: usize,
}

impl Said {
    /// Reads the texts, the latest first, as far as the bound goes.
    pub(super) fn new(earlier: &[&str]) -> Self {
        let mut said = Self { sentences: HashMap::new(), count: 0 };
        let all = earlier
            .iter()
            .rev()
            .flat_map(|text| sentences(text).into_iter().filter_map(|span| text.get(span)));
        for sentence in all.take(EARLIER) {
            for term in terms::terms(terms::clip(sentence, BYTES)).into_iter().take(TERMS) {
                let places = said.sentences.entry(term.text).or_default();
                if places.last() != Some(&said.count) {
                    places.push(said.count);
                }
            }
            said.count += 1;
        }
        said
    }

    /// Whether any earlier sentence has `term`.
    pub(super) fn has(&self, term: &str) -> bool {
        self.sentences.contains_key(term)
    }

    /// Whether one earlier sentence has both terms.
    pub(super) fn has_together(&self, one: &str, other: &str) -> bool {
        let (Some(one), Some(other)) = (self.sentences.get(one), self.sentences.get(other)) else {
            return false;
        };
        // Both lists are in order.
        let mut other = other.iter().peekable();
        one.iter().any(|place| {
            while other.next_if(|candidate| *candidate < place).is_some() {}
            other.peek() == Some(&place)
        })
    }
}

/// A sentence with what it weighs and how much of that was said before.
#[derive(Debug)]
pub(super) struct Weighed<'a> {
    pub sentence: &'a str,
    /// The IDF mass of its terms.
    pub mass: f32,
    /// The share that the nearest earlier sentence covers.
    by_one: f32,
    /// The share that all earlier sentences cover.
    by_all: f32,
    /// Its terms that no earlier sentence has: their bytes in it and their IDF.
    pub fresh: Vec<(Range<usize>, f32)>,
    heavy_terms: usize,
}

impl Weighed<'_> {
    /// Whether the sentence is new by the measure.
    pub(super) fn is_novel(&self) -> bool {
        self.heavy_terms >= MIN_TERMS
            && self.by_one < COVERED_BY_ONE
            && self.by_all < COVERED_BY_ALL
            && !is_boilerplate(self.sentence)
    }

    /// Whether one earlier sentence covers at least `share` of the weight, or nothing weighs.
    pub(super) fn is_same(&self, share: f32) -> bool {
        self.by_one >= share
    }

    /// The sentence with its reason.
    pub(super) fn novel(&self) -> NovelSentence {
        let mut fresh = self.fresh.clone();
        fresh.sort_by(|a, b| b.1.total_cmp(&a.1));
        let fresh: Vec<&str> =
            fresh.into_iter().take(NAMED).filter_map(|(span, _)| self.sentence.get(span)).collect();
        let mut why = format!("covered {:.2} by the nearest earlier sentence", self.by_one);
        if !fresh.is_empty() {
            why.push_str("; new: ");
            why.push_str(&fresh.join(", "));
        }
        NovelSentence { sentence: self.sentence.split_whitespace().collect::<Vec<_>>().join(" "), why }
    }
}

fn is_boilerplate(sentence: &str) -> bool {
    let start = terms::clip(sentence, 200).to_lowercase();
    BOILERPLATE.iter().any(|phrase| start.contains(phrase))
}

/// The sentences of `text`, weighed against what was said.
pub(super) fn weigh<'a>(said: &Said, text: &'a str, index: &StoryIndex) -> Vec<Weighed<'a>> {
    let spans = sentences(text);
    spans
        .into_iter()
        .take(SENTENCES)
        .filter_map(|span| text.get(span))
        .map(|sentence| weigh_one(said, sentence, index))
        .collect()
}

/// One sentence, weighed against what was said.
pub(super) fn weigh_one<'a>(said: &Said, sentence: &'a str, index: &StoryIndex) -> Weighed<'a> {
    let mut seen = HashSet::new();
    let mut covered = vec![0.0_f32; said.count];
    let (mut mass, mut by_all, mut heavy_terms) = (0.0, 0.0, 0);
    let mut fresh = Vec::new();
    for term in terms::terms(terms::clip(sentence, BYTES)).into_iter().take(TERMS) {
        let idf = index.idf_of(&term.text);
        if idf < MIN_IDF || seen.contains(&term.text) {
            continue;
        }
        mass += idf;
        heavy_terms += 1;
        match said.sentences.get(&term.text) {
            Some(places) => {
                by_all += idf;
                for place in places {
                    if let Some(covered) = covered.get_mut(*place) {
                        *covered += idf;
                    }
                }
            }
            None => fresh.push((term.span, idf)),
        }
        seen.insert(term.text);
    }
    let best = covered.into_iter().fold(0.0, f32::max);
    let share = |part: f32| if mass > 0.0 { part / mass } else { 1.0 };
    Weighed { sentence, mass, by_one: share(best), by_all: share(by_all), fresh, heavy_terms }
}
