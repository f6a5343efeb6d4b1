//! The index of recent reports: which story is most like a new report.
//!
//! Vectors of TF-IDF weighted terms, compared by cosine. Terms are chosen when a report comes in; their rarity is read
//! anew at each comparison, so that what was learned since counts for old reports too.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::vocabulary::Vocabulary;
use super::{Report, gazetteer, terms};
use crate::clock::{Timestamp, earlier};

/// Terms of a report that count: its weightiest.
const TERMS: usize = 60;
/// The rarest of them, by which candidates are found.
const PROBES: usize = 20;
/// Candidates that are compared in full.
const COMPARED: usize = 128;
/// Reports looked up by one probe: this, or 0.5 % of the window if that is more.
const POSTINGS: usize = 300;
/// Members by whose mean likeness a story is judged. One alone lets stories chain into each other; all of them break
/// big stories.
const NEAREST: usize = 5;
/// Days after which likeness has fallen to 1/e.
const DECAY_DAYS: f32 = 3.0;
/// Join at this likeness …
const JOIN: f32 = 0.20;
/// … or at this, if there is hardly more than a headline to compare.
const JOIN_HEADLINE: f32 = 0.15;
/// … but at this, if only the report's own outlet told the story: no outlet tells one thing twice a day in unlike words,
/// while its briefs about one place are alike.
const JOIN_OWN: f32 = 0.40;
/// A text of fewer words is a headline's.
const HEADLINE_WORDS: usize = 20;
/// Stories named in an assignment.
const NAMED: usize = 8;
/// Reports kept at most, whatever the window: some 2 KB each.
const REPORTS: usize = 150_000;

/// Where a report belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The story to join; `None` opens a new one.
    pub story: Option<i64>,
    /// Likeness to the story to join, else to the best one, 0.0 if there is none.
    pub likeness: f32,
    /// The best stories, best first, for `explain`.
    pub candidates: Vec<Candidate>,
}

/// A story that was considered.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Candidate {
    /// Its id.
    pub story: i64,
    /// Mean of the five best member similarities × time decay.
    pub likeness: f32,
}

/// A report as the index keeps it.
#[derive(Debug)]
struct Kept {
    id: i64,
    story: i64,
    outlet: Box<str>,
    time: Timestamp,
    found: Timestamp,
    /// All its terms, for the document frequencies.
    terms: Box<[u32]>,
    /// Its weightiest terms with their counts, by number.
    vector: Box<[(u32, f32)]>,
}

/// Reports of the last days with their terms, candidates by rare terms. In memory; rebuilt from the store at start
/// by inserting the stored reports in order.
#[derive(Debug, Default)]
pub struct StoryIndex {
    vocabulary: Vocabulary,
    kept: Vec<Option<Kept>>,
    free: Vec<u32>,
    slots: HashMap<i64, u32>,
    by_finding: BTreeSet<(Timestamp, u32)>,
    /// Members in the window by story and outlet.
    members: HashMap<i64, HashMap<Box<str>, usize>>,
}

impl StoryIndex {
    /// How far back a rebuild must reach.
    pub const WINDOW_DAYS: u32 = 9;

    /// An empty index with warm document frequencies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where `report` belongs. Does not change the index: a decision may be thrown away with its transaction.
    /// A report that is already in the index is compared with itself too, and so stays in its story.
    #[must_use]
    pub fn assign(&self, report: &Report) -> Assignment {
        let query = Query::new(report, self);
        let mut likenesses: HashMap<i64, Vec<f32>> = HashMap::new();
        for slot in self.nearest(&query) {
            let Some(kept) = self.at(slot) else { continue };
            let apart = kept.time.duration_since(report.time).abs().as_secs_f32() / 86_400.0;
            let likeness = self.cosine(&query, kept) * (-apart / DECAY_DAYS).exp();
            likenesses.entry(kept.story).or_default().push(likeness);
        }
        let mut candidates: Vec<Candidate> = likenesses
            .into_iter()
            .map(|(story, likenesses)| {
                // Members that were no candidates share nothing rare with the report: they count as zero.
                let members = self.members.get(&story).map_or(1, |outlets| outlets.values().sum());
                Candidate { story, likeness: mean_of_best(likenesses, members.clamp(1, NEAREST)) }
            })
            .collect();
        candidates.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.story.cmp(&b.story)));
        candidates.truncate(NAMED);
        let headline_only = report.text.split_whitespace().take(HEADLINE_WORDS).count() < HEADLINE_WORDS
            && report.text.chars().take(2 * HEADLINE_WORDS).count() < 2 * HEADLINE_WORDS;
        let join = if headline_only { JOIN_HEADLINE } else { JOIN };
        let joined = candidates.iter().find(|candidate| {
            let alone = self.tells_alone(&report.outlet, candidate.story);
            candidate.likeness >= if alone { JOIN_OWN } else { join }
        });
        Assignment {
            story: joined.map(|joined| joined.story),
            likeness: joined.or(candidates.first()).map_or(0.0, |best| best.likeness),
            candidates,
        }
    }

    /// Records that `report`, found at `found`, belongs to `story` (after the commit), and forgets what was found so long
    /// before that it left the window. The window goes by the finding, not by the date: an archive that is read today is
    /// grouped too, and decay by date keeps it apart from today's news. A report with an id already present replaces the
    /// older text. A date after the finding counts as the finding.
    pub fn insert(&mut self, report: &Report, story: i64, found: Timestamp) {
        if let Some(slot) = self.slots.get(&report.id).copied() {
            self.forget(slot);
        }
        self.keep(report, story, found);
        let horizon = earlier(found, Duration::from_hours(24 * u64::from(Self::WINDOW_DAYS)));
        while let Some(&(oldest, slot)) = self.by_finding.first()
            && (oldest < horizon || self.slots.len() > REPORTS)
        {
            self.forget(slot);
        }
    }

    /// IDF of a folded term, for novelty.
    #[must_use]
    pub fn idf(&self, term: &str) -> f32 {
        self.vocabulary.idf_of_word(term, self.slots.len())
    }

    /// IDF of a term that is already stemmed.
    pub(super) fn idf_of(&self, term: &str) -> f32 {
        self.vocabulary.idf_of(term, self.slots.len())
    }

    fn keep(&mut self, report: &Report, story: i64, found: Timestamp) {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => match u32::try_from(self.kept.len()) {
                Ok(slot) => {
                    self.kept.push(None);
                    slot
                }
                Err(_) => return,
            },
        };
        let counts = terms::of_report(report);
        let numbered: Vec<(u32, f32)> =
            counts.iter().filter_map(|(term, count)| Some((self.vocabulary.add(term)?, *count))).collect();
        let terms = numbered.iter().map(|(number, _)| *number).collect();
        let reports = self.slots.len() + 1;
        let mut vector: Vec<(u32, f32, f32)> = numbered
            .into_iter()
            .map(|(number, count)| (number, count, count * self.vocabulary.idf(number, reports)))
            .collect();
        vector.sort_by(|a, b| b.2.total_cmp(&a.2));
        vector.truncate(TERMS);
        for (number, ..) in &vector {
            self.vocabulary.post(*number, slot);
        }
        vector.sort_unstable_by_key(|(number, ..)| *number);
        let vector = vector.into_iter().map(|(number, count, _)| (number, count)).collect();
        self.slots.insert(report.id, slot);
        self.by_finding.insert((found, slot));
        let outlet: Box<str> = outlet_key(&report.outlet).into();
        *self.members.entry(story).or_default().entry(outlet.clone()).or_default() += 1;
        if let Some(place) = usize::try_from(slot).ok().and_then(|slot| self.kept.get_mut(slot)) {
            let time = report.time.min(found);
            *place = Some(Kept { id: report.id, story, outlet, time, found, terms, vector });
        }
    }

    fn forget(&mut self, slot: u32) {
        let kept = usize::try_from(slot).ok().and_then(|slot| self.kept.get_mut(slot)).and_then(Option::take);
        let Some(kept) = kept else { return };
        self.by_finding.remove(&(kept.found, slot));
        self.slots.remove(&kept.id);
        self.free.push(slot);
        if let Some(outlets) = self.members.get_mut(&kept.story) {
            if let Some(count) = outlets.get_mut(&kept.outlet) {
                *count -= 1;
            }
            outlets.retain(|_, count| *count > 0);
            if outlets.is_empty() {
                self.members.remove(&kept.story);
            }
        }
        for (number, _) in &kept.vector {
            self.vocabulary.unpost(*number, slot);
        }
        for number in &kept.terms {
            self.vocabulary.remove(*number);
        }
    }

    /// Whether all reports of `story` are `outlet`'s.
    fn tells_alone(&self, outlet: &str, story: i64) -> bool {
        let outlet = outlet_key(outlet);
        let outlets = self.members.get(&story);
        !outlet.is_empty() && outlets.is_some_and(|outlets| outlets.keys().all(|other| **other == *outlet))
    }

    fn at(&self, slot: u32) -> Option<&Kept> {
        self.kept.get(usize::try_from(slot).ok()?)?.as_ref()
    }

    /// The slots of the reports that share the most weight of rare terms with `query`. Of a term that stands in many
    /// reports only the latest are looked up: the work is bounded, and a big story is still found.
    fn nearest(&self, query: &Query) -> Vec<u32> {
        let mut probes: Vec<(usize, u32, f32)> = query
            .weights
            .iter()
            .map(|(number, weight)| (self.vocabulary.postings(*number).len(), *number, *weight))
            .filter(|(postings, ..)| *postings > 0)
            .collect();
        probes.sort_unstable_by_key(|(postings, number, _)| (*postings, *number));
        probes.truncate(PROBES);
        let limit = POSTINGS.max(self.slots.len() / 200);
        let mut shared = vec![0.0; self.kept.len()];
        let mut found: Vec<(u32, f32)> = Vec::new();
        for (_, number, weight) in probes {
            let weight = weight * self.vocabulary.idf(number, self.slots.len());
            for slot in self.vocabulary.postings(number).rev().take(limit) {
                let Some(sum) = usize::try_from(slot).ok().and_then(|slot| shared.get_mut(slot)) else {
                    continue;
                };
                if *sum == 0.0 {
                    found.push((slot, 0.0));
                }
                *sum += weight;
            }
        }
        for (slot, sum) in &mut found {
            *sum = usize::try_from(*slot).ok().and_then(|slot| shared.get(slot)).copied().unwrap_or_default();
        }
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        found.truncate(COMPARED);
        found.into_iter().map(|(slot, _)| slot).collect()
    }

    fn cosine(&self, query: &Query, kept: &Kept) -> f32 {
        let (mut product, mut square) = (0.0, 0.0);
        let mut asked = query.weights.iter().peekable();
        for (number, count) in &kept.vector {
            let weight = count * self.vocabulary.idf(*number, self.slots.len());
            square += weight * weight;
            while asked.next_if(|(other, _)| other < number).is_some() {}
            if let Some((_, other)) = asked.next_if(|(other, _)| other == number) {
                product += weight * other;
            }
        }
        let norms = query.norm * square.sqrt();
        if norms > 0.0 { product / norms } else { 0.0 }
    }
}

/// The outlet's name, the same for each of its spellings that the gazetteer knows.
fn outlet_key(outlet: &str) -> &str {
    gazetteer::by_name(outlet).map_or(outlet.trim(), |known| known.name)
}

/// A new report, weighed.
struct Query {
    /// Its terms that the index knows, by number.
    weights: Vec<(u32, f32)>,
    /// The length of its vector, unknown terms included.
    norm: f32,
}

impl Query {
    fn new(report: &Report, index: &StoryIndex) -> Self {
        let mut terms: Vec<(Option<u32>, f32)> = terms::of_report(report)
            .into_iter()
            .map(|(term, count)| (index.vocabulary.number(&term), count * index.idf_of(&term)))
            .collect();
        terms.sort_by(|a, b| b.1.total_cmp(&a.1));
        terms.truncate(TERMS);
        let norm = terms.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        let mut weights: Vec<(u32, f32)> =
            terms.into_iter().filter_map(|(number, weight)| Some((number?, weight))).collect();
        weights.sort_unstable_by_key(|(number, _)| *number);
        Self { weights, norm }
    }
}

/// The mean of the `count` best of `likenesses`; missing ones count as zero.
#[expect(clippy::cast_precision_loss, reason = "a count of at most NEAREST")]
fn mean_of_best(mut likenesses: Vec<f32>, count: usize) -> f32 {
    likenesses.sort_unstable_by(|a, b| b.total_cmp(a));
    likenesses.iter().take(count).sum::<f32>() / count as f32
}
