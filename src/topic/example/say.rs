//! What the examples say about one article, and how that settles an evaluation.

use std::sync::Arc;

use super::MIN_WORDS;
use super::bag::Bag;
use super::profile::{ExampleSet, Profile};
use super::vector::Vector;
use crate::article::{Article, Zone};
use crate::text::terms::{Key, clip, each_term};
use crate::topic::spec::ExampleUse;
use crate::topic::{Evaluation, Evidence};

/// The terms that are named, the weightiest first.
const NAMED: usize = 6;
/// Where a named term is looked for in a zone, in bytes.
const LOOKED_AT: usize = 16 * 1024;
/// An article that is just like enough scores this; one that says the same as the examples 100.
const JUST_LIKE: f32 = 50.0;
/// With `use = "score"`, likeness moves the score up or down by at most this.
const SWING: f32 = 25.0;

/// An article before the examples of all topics.
#[derive(Debug)]
pub(in crate::topic) struct Compared {
    set: Arc<ExampleSet>,
    /// `None` if it says too little.
    vector: Option<Vector>,
    /// The topics that its likeness leads into, in order.
    reached: Vec<usize>,
}

/// What the rest of a topic says, before its examples are asked.
#[derive(Debug, Clone, Copy)]
pub(in crate::topic) struct Rest<'t> {
    /// A veto or the article's language makes the topic false, whatever the examples say.
    pub(in crate::topic) barred: bool,
    /// A lower score is no match.
    pub(in crate::topic) min_score: u8,
    /// The pattern and the factor of the article's host, if that is not 1.
    pub(in crate::topic) trust: Option<(&'t str, f32)>,
}

impl Compared {
    pub(super) fn new(set: Arc<ExampleSet>, article: &Article) -> Self {
        let vector = Vector::of(&Bag::of(article), &set.frequencies);
        let reached = vector.as_ref().map(|vector| {
            let mut reached = set.index.candidates(vector);
            reached.retain(|topic| {
                let profile = set.of(*topic);
                profile
                    .is_some_and(|one| one.likeness(vector).is_some_and(|likeness| likeness >= one.threshold))
            });
            reached
        });
        Self { reached: reached.unwrap_or_default(), vector, set }
    }

    /// The topics that the article's likeness leads into, if nothing else keeps it out; in order.
    pub(in crate::topic) fn reached(&self) -> &[usize] {
        &self.reached
    }

    /// Whether `topic` has examples.
    pub(in crate::topic) fn is_about(&self, topic: usize) -> bool {
        self.set.of(topic).is_some()
    }

    /// Adds what the examples of `topic` say to what its lines say.
    pub(in crate::topic) fn settle(
        &self,
        topic: usize,
        rest: Rest<'_>,
        article: &Article,
        evaluation: &mut Evaluation,
    ) {
        let Some(profile) = self.set.of(topic) else { return };
        let found = self.vector.as_ref().and_then(|vector| Some((vector, profile.likeness(vector)?)));
        let Some((vector, likeness)) = found else {
            let why = if self.vector.is_none() {
                format!("fewer than {MIN_WORDS} content words, too few to compare with the examples")
            } else {
                "none of the examples can be compared".to_owned()
            };
            match (profile.usage, evaluation.matched) {
                (ExampleUse::Or, false) => evaluation.why_not.push(format!("like: {why}")),
                // The lines alone decide: what cannot be compared must not be lost.
                (ExampleUse::And | ExampleUse::Score, true) => {
                    evaluation.why.push(format!("like: not compared ({why})"));
                }
                (ExampleUse::Or, true) | (ExampleUse::And | ExampleUse::Score, false) => {}
            }
            return;
        };
        let is_like = likeness >= profile.threshold;
        let carried = profile.carried(vector);
        let said = profile.said(likeness, is_like, &carried);
        match profile.usage {
            ExampleUse::Or if is_like => {
                let score = JUST_LIKE + (100.0 - JUST_LIKE) * profile.above(likeness);
                let score = rounded(score * rest.trust.map_or(1.0, |(_, factor)| factor));
                let trust = rest.trust.map(|(glob, factor)| format!(", trust ×{factor} ({glob})"));
                let trust = trust.unwrap_or_default();
                let enough = score >= rest.min_score;
                if !rest.barred && enough && !evaluation.matched {
                    evaluation.matched = true;
                    evaluation.furniture_only = false;
                    evaluation.why_not.clear();
                    evaluation.score = 0;
                }
                if !rest.barred && evaluation.matched && enough && score > evaluation.score {
                    evaluation.score = score;
                    evaluation.why.retain(|why| !why.starts_with("score "));
                    evaluation.why.push(said);
                    evaluation.why.push(format!("score {score}: like the examples{trust}"));
                } else {
                    evaluation.why.push(said);
                }
                if !rest.barred && !evaluation.matched {
                    let why = format!("like: score {score} is below min_score {}{trust}", rest.min_score);
                    evaluation.why_not.push(why);
                }
                add_evidence(&carried, article, evaluation);
            }
            ExampleUse::Or if evaluation.matched => evaluation.why.push(said),
            ExampleUse::Or => evaluation.why_not.push(said),
            ExampleUse::And if is_like => {
                evaluation.why.push(said);
                add_evidence(&carried, article, evaluation);
            }
            ExampleUse::And => {
                evaluation.matched = false;
                evaluation.furniture_only = false;
                evaluation.why_not.push(said);
            }
            ExampleUse::Score => {
                let swing = if is_like {
                    SWING * profile.above(likeness)
                } else {
                    -SWING * (1.0 - likeness / profile.threshold)
                };
                let moved = rounded(f32::from(evaluation.score) + swing);
                evaluation.why.push(format!("{said}; score {} → {moved}", evaluation.score));
                evaluation.score = moved;
            }
        }
    }
}

impl Profile {
    /// 0.0..=1.0; `None` if there is nothing to compare with.
    fn likeness(&self, vector: &Vector) -> Option<f32> {
        Some(self.centroid.as_ref()?.cosine(vector))
    }

    /// How far `likeness` is above the threshold, 0.0..=1.0.
    fn above(&self, likeness: f32) -> f32 {
        let room = 1.0 - self.threshold;
        if room > 0.0 { ((likeness - self.threshold) / room).clamp(0.0, 1.0) } else { 1.0 }
    }

    /// The terms that carry the likeness, the weightiest first.
    fn carried(&self, vector: &Vector) -> Vec<(Key, &str)> {
        let Some(centroid) = &self.centroid else { return Vec::new() };
        let mut shared: Vec<(Key, f32)> = centroid.shared(vector).collect();
        shared.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shared.iter().take(NAMED).filter_map(|(key, _)| Some((*key, &**self.words.get(key)?))).collect()
    }

    /// `like 0.34 ≥ 0.27 (auto 0.27, of 8,412 stored articles): Vladivostok, armoured, train`.
    fn said(&self, likeness: f32, is_like: bool, carried: &[(Key, &str)]) -> String {
        let words: Vec<&str> = carried.iter().map(|(_, word)| *word).collect();
        let words = if words.is_empty() { "no word in common".to_owned() } else { words.join(", ") };
        // Rounding must not make it look as if it were enough, or not.
        let likeness = if is_like { (likeness * 100.0).ceil() } else { (likeness * 100.0).floor() } / 100.0;
        let (colon, sign) = if is_like { (" ", "≥") } else { (": ", "<") };
        format!("like{colon}{likeness:.2} {sign} {:.2} ({}): {words}", self.threshold, self.said)
    }
}

/// The first place of each word that carried the likeness.
fn add_evidence(carried: &[(Key, &str)], article: &Article, evaluation: &mut Evaluation) {
    let mut wanted: Vec<(Key, &str)> = carried.to_vec();
    for zone in [Zone::Title, Zone::Lead, Zone::Body] {
        let text = article.zone(zone);
        each_term(
            clip(text, LOOKED_AT),
            |_| true,
            |term, span| {
                let key = Key::of(term);
                let Some(place) = wanted.iter().position(|(one, _)| *one == key) else { return };
                let (_, word) = wanted.swap_remove(place);
                evaluation.evidence.push(Evidence {
                    zone,
                    text: text.get(span.clone()).unwrap_or_default().to_owned(),
                    span,
                    term: word.to_owned(),
                    line: "examples".to_owned(),
                    counts: true,
                });
            },
        );
    }
    evaluation.evidence.sort_by_key(|one| (one.zone, one.span.start, one.span.end));
}

/// A score as it is told.
fn rounded(score: f32) -> u8 {
    crate::topic::evaluate::rounded(f64::from(score))
}
