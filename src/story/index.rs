//! The index of recent reports: which story is most like a new report.
//!
//! Vectors of TF-IDF weighted terms, compared by cosine. Terms are chosen when a report comes in; their rarity is read
//! anew at each comparison, so that what was learned since counts for old reports too.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use foldhash::fast::RandomState;

use super::compact::Compact;
use super::members::{Members, OutletKey};
use super::terms::Terms;
use super::vocabulary::Vocabulary;
use super::{Report, terms};
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
/// Reports kept at most, whatever the window: some 700 bytes each.
const REPORTS: usize = 75_000;

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
    outlet: OutletKey,
    /// Milliseconds since 1970.
    time: i64,
    found: i64,
    /// All its terms, for the document frequencies; the weightiest with their counts.
    terms: Compact,
}

/// Reports of the last days with their terms, candidates by rare terms. In memory; rebuilt from the store at start
/// by inserting the stored reports in order.
#[derive(Debug, Default)]
pub struct StoryIndex {
    vocabulary: Vocabulary,
    kept: Vec<Option<Kept>>,
    free: Vec<u32>,
    slots: HashMap<i64, u32, RandomState>,
    /// What was found first leaves first. What left before its time is still in here.
    by_finding: BinaryHeap<Reverse<(i64, u32)>>,
    members: Members,
    /// By slot, the weight that a report shares with the one that is looked for; zero between two searches.
    shared: Vec<f32>,
}

impl StoryIndex {
    /// How far back a rebuild must reach.
    pub const WINDOW_DAYS: u32 = 9;

    /// An empty index with warm document frequencies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where `report`, whose terms are `terms`, belongs. Adds nothing to the index: a decision may be thrown away with
    /// its transaction. A report that is already in the index is compared with itself too, and so stays in its story.
    #[must_use]
    pub fn assign(&mut self, report: &Report, terms: &Terms) -> Assignment {
        let query = Query::new(terms, self);
        let time = report.time.as_millisecond();
        let mut likenesses: Vec<(i64, f32)> = Vec::new();
        for slot in self.nearest(&query) {
            let Some(kept) = self.at(slot) else { continue };
            let likeness = self.cosine(&query, kept) * (-days(kept.time.abs_diff(time)) / DECAY_DAYS).exp();
            likenesses.push((kept.story, likeness));
        }
        likenesses.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut candidates: Vec<Candidate> = likenesses
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|members| {
                let story = members.first()?.0;
                // Members that were no candidates share nothing rare with the report: they count as zero.
                let count = self.members.count(story).clamp(1, NEAREST);
                Some(Candidate { story, likeness: mean_of_best(members, count) })
            })
            .collect();
        candidates.sort_unstable_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.story.cmp(&b.story)));
        candidates.truncate(NAMED);
        let headline_only = report.text.split_whitespace().take(HEADLINE_WORDS).count() < HEADLINE_WORDS
            && report.text.chars().take(2 * HEADLINE_WORDS).count() < 2 * HEADLINE_WORDS;
        let join = if headline_only { JOIN_HEADLINE } else { JOIN };
        let outlet = OutletKey::of(&report.outlet);
        let joined = candidates.iter().find(|candidate| {
            let alone = self.members.are_all(candidate.story, outlet);
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
    pub fn insert(&mut self, report: &Report, terms: &Terms, story: i64, found: Timestamp) {
        if let Some(slot) = self.slots.get(&report.id).copied() {
            self.forget(slot);
        }
        self.keep(report, terms, story, found);
        let horizon =
            earlier(found, Duration::from_hours(24 * u64::from(Self::WINDOW_DAYS))).as_millisecond();
        while let Some(&Reverse((oldest, slot))) = self.by_finding.peek()
            && (oldest < horizon || self.slots.len() > REPORTS)
        {
            self.by_finding.pop();
            if self.at(slot).is_some_and(|kept| kept.found == oldest) {
                self.forget(slot);
            }
        }
    }

    /// IDF of a folded term, for novelty.
    #[must_use]
    pub fn idf(&self, term: &str) -> f32 {
        self.idf_of(terms::stem(term))
    }

    /// IDF of a term that is already stemmed.
    pub(super) fn idf_of(&self, term: &str) -> f32 {
        self.vocabulary.idf_of(terms::Key::of(term), self.scale())
    }

    fn scale(&self) -> f32 {
        Vocabulary::scale(self.slots.len())
    }

    fn keep(&mut self, report: &Report, terms: &Terms, story: i64, found: Timestamp) {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => match u32::try_from(self.kept.len()) {
                Ok(slot) => {
                    self.kept.push(None);
                    self.shared.push(0.0);
                    slot
                }
                Err(_) => return,
            },
        };
        let scale = Vocabulary::scale(self.slots.len() + 1);
        let counts = terms.counts().iter();
        let numbered: Vec<(u32, f32)> =
            counts.filter_map(|(term, count)| Some((self.vocabulary.add(*term)?, *count))).collect();
        let mut weighed: Vec<(u32, f32, f32)> = numbered
            .into_iter()
            .map(|(number, count)| (number, count, count * self.vocabulary.idf(number, scale)))
            .collect();
        weighed.sort_by(|a, b| b.2.total_cmp(&a.2));
        let (weighty, rest) = weighed.split_at(weighed.len().min(TERMS));
        for (number, ..) in weighty {
            self.vocabulary.post(*number, slot);
        }
        let mut weighty: Vec<(u32, f32)> =
            weighty.iter().map(|(number, count, _)| (*number, *count)).collect();
        let mut rest: Vec<u32> = rest.iter().map(|(number, ..)| *number).collect();
        weighty.sort_unstable_by_key(|(number, _)| *number);
        rest.sort_unstable();
        let outlet = OutletKey::of(&report.outlet);
        let found = found.as_millisecond();
        self.slots.insert(report.id, slot);
        self.by_finding.push(Reverse((found, slot)));
        self.members.add(story, outlet);
        if let Some(place) = usize::try_from(slot).ok().and_then(|slot| self.kept.get_mut(slot)) {
            let time = report.time.as_millisecond().min(found);
            let terms = Compact::new(&weighty, &rest);
            *place = Some(Kept { id: report.id, story, outlet, time, found, terms });
        }
    }

    fn forget(&mut self, slot: u32) {
        let kept = usize::try_from(slot).ok().and_then(|slot| self.kept.get_mut(slot)).and_then(Option::take);
        let Some(kept) = kept else { return };
        self.slots.remove(&kept.id);
        self.free.push(slot);
        self.members.remove(kept.story, kept.outlet);
        for (number, _) in kept.terms.weighty() {
            self.vocabulary.unpost(number, slot);
            self.vocabulary.remove(number);
        }
        for number in kept.terms.rest() {
            self.vocabulary.remove(number);
        }
    }

    fn at(&self, slot: u32) -> Option<&Kept> {
        self.kept.get(usize::try_from(slot).ok()?)?.as_ref()
    }

    /// The slots of the reports that share the most weight of rare terms with `query`. Of a term that stands in many
    /// reports only the latest are looked up: the work is bounded, and a big story is still found.
    fn nearest(&mut self, query: &Query) -> Vec<u32> {
        let mut probes: Vec<(usize, u32, f32)> = query
            .weights
            .iter()
            .map(|(number, weight)| (self.vocabulary.posted(*number), *number, *weight))
            .filter(|(postings, ..)| *postings > 0)
            .collect();
        probes.sort_unstable_by_key(|(postings, number, _)| (*postings, *number));
        probes.truncate(PROBES);
        let limit = POSTINGS.max(self.slots.len() / 200);
        let scale = self.scale();
        let mut found: Vec<(u32, f32)> = Vec::new();
        for (_, number, weight) in probes {
            let weight = weight * self.vocabulary.idf(number, scale);
            for slot in self.vocabulary.postings(number, limit) {
                let Some(sum) = usize::try_from(slot).ok().and_then(|slot| self.shared.get_mut(slot)) else {
                    continue;
                };
                if *sum == 0.0 {
                    found.push((slot, 0.0));
                }
                *sum += weight;
            }
        }
        for (slot, sum) in &mut found {
            let shared = usize::try_from(*slot).ok().and_then(|slot| self.shared.get_mut(slot));
            *sum = shared.map_or(0.0, std::mem::take);
        }
        let by_weight = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0));
        if found.len() > COMPARED {
            found.select_nth_unstable_by(COMPARED, by_weight);
            found.truncate(COMPARED);
        }
        found.into_iter().map(|(slot, _)| slot).collect()
    }

    fn cosine(&self, query: &Query, kept: &Kept) -> f32 {
        let (mut product, mut square) = (0.0, 0.0);
        let mut asked = query.weights.as_slice();
        for (number, count) in kept.terms.weighty() {
            let weight = count * self.vocabulary.idf(number, query.scale);
            square += weight * weight;
            while let Some(((other, wanted), rest)) =
                asked.split_first().filter(|((other, _), _)| *other <= number)
            {
                product += if *other == number { weight * wanted } else { 0.0 };
                asked = rest;
            }
        }
        let norms = query.norm * square.sqrt();
        if norms > 0.0 { product / norms } else { 0.0 }
    }
}

/// A new report, weighed.
struct Query {
    /// Its terms that the index knows, by number.
    weights: Vec<(u32, f32)>,
    /// The length of its vector, unknown terms included.
    norm: f32,
    scale: f32,
}

impl Query {
    fn new(terms: &Terms, index: &StoryIndex) -> Self {
        let scale = index.scale();
        let weigh = |(term, count): &(terms::Key, f32)| {
            let number = index.vocabulary.number(*term);
            let idf = number.map_or_else(
                || index.vocabulary.idf_of(*term, scale),
                |number| index.vocabulary.idf(number, scale),
            );
            (number, count * idf)
        };
        let mut weights: Vec<(Option<u32>, f32)> = terms.counts().iter().map(weigh).collect();
        weights.sort_by(|a, b| b.1.total_cmp(&a.1));
        weights.truncate(TERMS);
        let norm = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        let mut weights: Vec<(u32, f32)> =
            weights.into_iter().filter_map(|(number, weight)| Some((number?, weight))).collect();
        weights.sort_unstable_by_key(|(number, _)| *number);
        Self { weights, norm, scale }
    }
}

/// The mean of the `count` best of `likenesses`, which come in descending order; missing ones count as zero.
#[expect(clippy::cast_precision_loss, reason = "a count of at most NEAREST")]
fn mean_of_best(likenesses: &[(i64, f32)], count: usize) -> f32 {
    likenesses.iter().take(count).map(|(_, likeness)| likeness).sum::<f32>() / count as f32
}

#[expect(clippy::cast_precision_loss, reason = "a span of days needs no milliseconds")]
fn days(milliseconds: u64) -> f32 {
    milliseconds as f32 / 86_400_000.0
}
