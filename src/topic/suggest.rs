//! What a topic may lack: phrases that the articles it is true of share and others have not, and those behind the ones
//! that it turned away. Pure: the articles come from wherever.
//!
//! Two passes over the same articles: [`Learning`] gathers phrases of the few that matter, [`Weighing`] counts these in
//! all others. Ranked by the log-likelihood ratio of a phrase's document frequencies (Dunning, "Accurate Methods for the
//! Statistics of Surprise and Coincidence", 1993).

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

pub use super::phrase::Reporters;
use super::phrase::{each_matter, quoted, term_of};
use super::{Evaluation, TopicSet};
use crate::article::Article;

/// Phrases that are gathered at most: the first articles have what all share.
const MAX_PHRASES: usize = 200_000;
/// Phrases that are suggested at most, of each kind.
const MAX_SUGGESTED: usize = 15;
/// Examples of each.
const MAX_TITLES: usize = 3;
/// Forms of each.
const MAX_FORMS: usize = 8;
/// Below, a difference may well be chance: one in a hundred.
const SIGNIFICANT: f64 = 6.63;
/// A single word that fewer turned-away articles share is not suggested against them.
const FEW: u32 = 3;
/// A single word that stands in more of a thousand reports says nothing about a topic.
const COMMON: u16 = 60;
/// A longer phrase replaces its part if it has so much of the part's articles.
const MOST: f64 = 0.75;

/// How a topic judged an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is true of it.
    Matched,
    /// All lines but one.
    NearMiss,
    /// `none` kept it out.
    Vetoed,
    /// Only the page around it names the topic.
    FurnitureOnly,
    /// It is about something else.
    Other,
}

impl Standing {
    /// Of an evaluation.
    #[must_use]
    pub fn of(evaluation: &Evaluation) -> Self {
        match () {
            () if evaluation.matched => Self::Matched,
            () if evaluation.why_not.iter().any(|why| is_veto(why)) => Self::Vetoed,
            () if evaluation.furniture_only => Self::FurnitureOnly,
            () if evaluation.near_miss.is_some() => Self::NearMiss,
            () => Self::Other,
        }
    }
}

/// Whether `why` an article does not match is something that it has: in lines `none`, in queries NOT.
fn is_veto(why: &str) -> bool {
    ["none: ", "NOT "].iter().any(|veto| why.starts_with(veto))
}

/// The phrases of matched and of rejected articles.
#[derive(Debug)]
pub struct Learning {
    reporters: Reporters,
    phrases: HashMap<String, Known>,
    counts: Counts,
}

/// How many articles stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The topic is true of them.
    pub matched: u32,
    /// All lines but one.
    pub near_misses: u32,
    /// Kept out by `none`.
    pub vetoed: u32,
    /// Named around the article only.
    pub furniture_only: u32,
    /// All others.
    pub others: u32,
}

impl Counts {
    fn add(&mut self, standing: Standing) {
        let count = match standing {
            Standing::Matched => &mut self.matched,
            Standing::NearMiss => &mut self.near_misses,
            Standing::Vetoed => &mut self.vetoed,
            Standing::FurnitureOnly => &mut self.furniture_only,
            Standing::Other => &mut self.others,
        };
        *count = count.saturating_add(1);
    }

    fn turned_away(&self) -> u32 {
        self.near_misses.saturating_add(self.vetoed).saturating_add(self.furniture_only)
    }
}

/// What is known of a phrase.
#[derive(Debug, Default)]
struct Known {
    words: usize,
    frequency: u16,
    name: bool,
    /// Articles that have it.
    matched: u32,
    turned_away: u32,
    others: u32,
    /// How often each form was written.
    forms: BTreeMap<String, u32>,
    titles: Vec<String>,
    away_titles: Vec<String>,
}

impl Learning {
    /// Nothing is known yet. `reporters`: whose names are no terms.
    #[must_use]
    pub fn new(reporters: Reporters) -> Self {
        Self { reporters, phrases: HashMap::new(), counts: Counts::default() }
    }

    /// Takes in an article that stands so; others are passed over.
    pub fn learn(&mut self, article: &Article, standing: Standing) {
        if standing == Standing::Other {
            return;
        }
        self.counts.add(standing);
        let mut seen: HashSet<String> = HashSet::new();
        each_matter(article, self.reporters, |phrase| {
            if phrase.words == 1 && phrase.frequency >= COMMON {
                return;
            }
            let is_full = self.phrases.len() >= MAX_PHRASES;
            if is_full && !self.phrases.contains_key(phrase.key) {
                return;
            }
            let known = self.phrases.entry(phrase.key.to_owned()).or_default();
            (known.words, known.frequency) = (phrase.words, phrase.frequency);
            known.name |= phrase.name;
            if known.forms.len() < MAX_FORMS || known.forms.contains_key(phrase.written) {
                *known.forms.entry(phrase.written.to_owned()).or_insert(0) += 1;
            }
            if seen.insert(phrase.key.to_owned()) {
                let (count, titles) = if standing == Standing::Matched {
                    (&mut known.matched, &mut known.titles)
                } else {
                    (&mut known.turned_away, &mut known.away_titles)
                };
                *count = count.saturating_add(1);
                if titles.len() < MAX_TITLES && !titles.contains(&article.title) {
                    titles.push(article.title.clone());
                }
            }
        });
    }

    /// Ends the first pass. What only one article has is forgotten.
    #[must_use]
    pub fn finish(self) -> Weighing {
        let Self { reporters, mut phrases, counts } = self;
        phrases.retain(|_, known| known.matched.max(known.turned_away) > 1);
        Weighing { reporters, phrases, counts }
    }
}

/// The phrases that may matter, counted in all other articles.
#[derive(Debug)]
pub struct Weighing {
    reporters: Reporters,
    phrases: HashMap<String, Known>,
    counts: Counts,
}

impl Weighing {
    /// Counts an article that stands so; only others are still to be counted.
    pub fn weigh(&mut self, article: &Article, standing: Standing) {
        if standing != Standing::Other {
            return;
        }
        self.counts.add(standing);
        let mut seen: HashSet<String> = HashSet::new();
        each_matter(article, self.reporters, |phrase| {
            if let Some(known) = self.phrases.get_mut(phrase.key)
                && seen.insert(phrase.key.to_owned())
            {
                known.others = known.others.saturating_add(1);
            }
        });
    }

    /// What the topic `id` of `topics` may lack.
    #[must_use]
    pub fn finish(self, topics: &TopicSet, id: &str) -> Suggestions {
        let Counts { matched, others, .. } = self.counts;
        let away = self.counts.turned_away();
        let lacks = |term: &str| !topics.mentions(id, term);
        let shared = rank(&self.phrases, |known| {
            let rest = (known.turned_away + known.others, away.saturating_add(others));
            likelihood((known.matched, matched), rest)
        });
        let shared = shared.into_iter().filter_map(|(known, score)| {
            let term = known.term();
            lacks(&term).then(|| Suggestion {
                term,
                matched: known.matched,
                turned_away: known.turned_away,
                others: known.others,
                score,
                titles: known.titles.clone(),
                instead: Instead::Line,
            })
        });
        let behind = rank(&self.phrases, |known| {
            // What matched articles have too would keep them out; a single word that two share may be chance.
            let few = known.turned_away < FEW && known.words < 2;
            if known.matched > 0 || few {
                None
            } else {
                likelihood((known.turned_away, away), (0, matched.saturating_add(others / 10)))
            }
        });
        let behind = behind.into_iter().map(|(known, score)| {
            let term = known.term();
            let instead = if lacks(&term) { Instead::None } else { Instead::Mask };
            Suggestion {
                term,
                matched: 0,
                turned_away: known.turned_away,
                others: known.others,
                score,
                titles: known.away_titles.clone(),
                instead,
            }
        });
        Suggestions {
            counts: self.counts,
            shared: shared.take(MAX_SUGGESTED).collect(),
            behind: behind.take(MAX_SUGGESTED).collect(),
        }
    }
}

impl Known {
    /// What a rule would write.
    fn term(&self) -> String {
        let mut forms: Vec<(&String, &u32)> = self.forms.iter().collect();
        forms.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let forms: Vec<String> = forms.into_iter().map(|(form, _)| form.clone()).collect();
        // In headlines all words have capitals; a form with small letters is the plain one.
        let plain =
            forms.iter().position(|form| !self.name && form.chars().all(|letter| !letter.is_uppercase()));
        let mut forms = forms;
        if let Some(place) = plain {
            forms.swap(0, place);
        }
        term_of(&forms)
    }
}

/// Where a suggested term belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Instead {
    /// A line of `all` or `any`.
    Line,
    /// `none`.
    None,
    /// `mask`: a term of the topic stands in it.
    Mask,
}

/// A term with the evidence for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// As a rule writes it.
    pub term: String,
    /// Matched articles that have it.
    pub matched: u32,
    /// Articles that were turned away and have it.
    pub turned_away: u32,
    /// Other articles that have it.
    pub others: u32,
    /// Log-likelihood ratio; above 6.63 chance is under one in a hundred.
    pub score: f64,
    /// Headlines of articles that have it.
    pub titles: Vec<String>,
    /// Where it belongs.
    #[serde(rename = "for")]
    pub instead: Instead,
}

/// What a topic may lack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestions {
    /// How many articles it rests on.
    pub counts: Counts,
    /// What matched articles share and the topic does not look for, the strongest first.
    pub shared: Vec<Suggestion>,
    /// What stands behind articles that were turned away, the strongest first.
    pub behind: Vec<Suggestion>,
}

impl Suggestions {
    /// Lines to paste into the topic, each with its key or none if it is for a line of `all` or `any`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let of = |instead: Instead| -> Vec<&str> {
            let all = self.shared.iter().chain(&self.behind).filter(move |one| one.instead == instead);
            all.map(|one| one.term.as_str()).collect()
        };
        let mut lines = Vec::new();
        let alternatives = of(Instead::Line);
        if !alternatives.is_empty() {
            lines.push(format!("{},", quoted(&alternatives.join(" | "))));
        }
        for (key, terms) in [("none", of(Instead::None)), ("mask", of(Instead::Mask))] {
            if !terms.is_empty() {
                let split = terms.iter().flat_map(|term| term.split(" | "));
                lines.push(format!("{key} = [{}]", split.map(quoted).collect::<Vec<_>>().join(", ")));
            }
        }
        lines
    }
}

/// The significant phrases, the strongest first; of phrases that hold each other, one.
fn rank(phrases: &HashMap<String, Known>, score: impl Fn(&Known) -> Option<f64>) -> Vec<(&Known, f64)> {
    let mut ranked: Vec<(&str, &Known, f64)> = phrases
        .iter()
        .filter_map(|(key, known)| {
            Some((key.as_str(), known, score(known).filter(|score| *score >= SIGNIFICANT)?))
        })
        .collect();
    // Of equals, the longer one says more.
    ranked.sort_by(|a, b| b.2.total_cmp(&a.2).then(b.1.words.cmp(&a.1.words)).then(a.0.cmp(b.0)));
    let mut kept: Vec<(&str, &Known, f64)> = Vec::new();
    for (key, known, score) in ranked {
        if kept.len() >= 4 * MAX_SUGGESTED {
            break;
        }
        let support = |one: &Known| f64::from(one.matched.max(one.turned_away));
        let holder = kept.iter().position(|(other, ..)| holds(key, other) || holds(other, key));
        match holder.and_then(|place| kept.get_mut(place)) {
            None => kept.push((key, known, score)),
            // A name as a whole is better than its parts.
            Some(part) if holds(key, part.0) && known.name && support(known) >= MOST * support(part.1) => {
                *part = (key, known, part.2);
            }
            Some(_) => {}
        }
    }
    kept.into_iter().map(|(_, known, score)| (known, score)).collect()
}

/// Whether the words of `part` stand in `whole`.
fn holds(whole: &str, part: &str) -> bool {
    format!(" {whole} ").contains(&format!(" {part} "))
}

/// Dunning's G² of a phrase that `of.0` of `of.1` articles have and `rest.0` of `rest.1` others; `None` if it is not more
/// frequent in the first, or too few have it.
fn likelihood(of: (u32, u32), rest: (u32, u32)) -> Option<f64> {
    let (with, all) = (f64::from(of.0), f64::from(of.1));
    let (rest_with, rest_all) = (f64::from(rest.0), f64::from(rest.1));
    if of.0 < 2 || of.0.saturating_mul(10) < of.1 || with * rest_all <= rest_with * all {
        return None;
    }
    let total = all + rest_all;
    let expected = |row: f64, column: f64| row * column / total;
    let cell = |seen: f64, expected: f64| {
        if seen > 0.0 && expected > 0.0 { seen * (seen / expected).ln() } else { 0.0 }
    };
    let having = with + rest_with;
    let g = cell(with, expected(having, all))
        + cell(rest_with, expected(having, rest_all))
        + cell(all - with, expected(total - having, all))
        + cell(rest_all - rest_with, expected(total - having, rest_all));
    Some(2.0 * g)
}

#[cfg(test)]
mod tests;
