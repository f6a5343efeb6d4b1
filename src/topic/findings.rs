//! What was found in one article: every phrase of every rule, by zone.

use std::ops::Range;

use url::Url;

use super::matcher::{Found, Matcher, PatternId, Places};
use super::rule::Term;
use super::stem::Language;
use super::zones::Zones;
use crate::article::{Article, Zone};

/// More hits of one phrase in one zone are not looked at: a page that repeats a name a million times must not cost
/// more, and an article that names it a thousand times is about it.
const MAX_HITS: usize = 1000;

/// Words of bits for the phrases of an article: a long one has a few hundred.
const PRESENT: usize = 128;

/// A hit of a term: the words that it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub(super) zone: Zone,
    /// Number of the first word in the zone.
    pub(super) first: usize,
    /// Exclusive.
    pub(super) end: usize,
    /// Its place among the terms of the line.
    pub(super) term: usize,
}

/// One article as the matcher saw it.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    article: &'a Article,
    /// The words of each zone, in the order of [`Zone::ALL`].
    places: Vec<(Zone, Places)>,
    /// Where each phrase was found: sorted by phrase, zone, first word.
    found: Vec<(Zone, Found)>,
    /// A bit for every phrase, shared with others: most of those that are asked for were not found.
    present: [u64; PRESENT],
    /// Where anything was found.
    zones_hit: Vec<Zone>,
}

impl<'a> Findings<'a> {
    /// Looks for all phrases in all zones.
    pub(super) fn new(article: &'a Article, matcher: &Matcher) -> Self {
        let (mut places, mut all) = (Vec::with_capacity(Zone::ALL.len()), Vec::new());
        let mut present = [0_u64; PRESENT];
        let mut zones_hit = Vec::with_capacity(Zone::ALL.len());
        let language = Language::of(article.language.as_deref().filter(|language| !language.is_empty()));
        for zone in Zone::ALL {
            let (words, found) = matcher.scan(article.zone(zone), language);
            zones_hit.extend((!found.is_empty()).then_some(zone));
            for same in found.chunk_by(|a, b| a.pattern == b.pattern) {
                all.extend(same.iter().take(MAX_HITS).map(|hit| (zone, hit.clone())));
                if let Some((bits, bit)) = same.first().map(|hit| bit_of(hit.pattern))
                    && let Some(bits) = present.get_mut(bits)
                {
                    *bits |= bit;
                }
            }
            places.push((zone, words));
        }
        // Stable: zones and words stay in order.
        all.sort_by_key(|(_, hit)| hit.pattern);
        Self { article, places, found: all, present, zones_hit }
    }

    /// All phrases that were found.
    pub(super) fn patterns(&self) -> impl Iterator<Item = PatternId> {
        let same = self.found.chunk_by(|(_, a), (_, b)| a.pattern == b.pattern);
        same.filter_map(|same| Some(same.first()?.1.pattern))
    }

    /// The hits of some terms, in zone and word order. Where two terms hit the same words, the first is kept, but one
    /// that asks for zones before one that does not: as a veto it says more.
    pub(super) fn hits(&self, terms: &[Term]) -> Vec<Hit> {
        let of_term = |(place, term)| {
            self.of_term(term).map(move |(zone, hit)| Hit {
                zone,
                first: hit.first,
                end: hit.end,
                term: place,
            })
        };
        let mut hits: Vec<Hit> = terms.iter().enumerate().flat_map(of_term).collect();
        let anywhere = |hit: &Hit| terms.get(hit.term).is_some_and(|term| term.zones == Zones::ALL);
        hits.sort_unstable_by_key(|hit| (hit.zone, hit.first, hit.end, anywhere(hit), hit.term));
        hits.dedup_by_key(|hit| (hit.zone, hit.first, hit.end));
        hits
    }

    /// Whether any of some terms hits, whatever the zone weighs.
    pub(super) fn any(&self, terms: &[Term]) -> bool {
        terms.iter().any(|term| self.of_term(term).next().is_some())
    }

    /// How many of some terms hit; at most `most` are counted.
    pub(super) fn count(&self, terms: &[Term], most: usize) -> usize {
        terms.iter().filter(|term| self.of_term(term).next().is_some()).take(most).count()
    }

    fn of_term(&self, term: &Term) -> impl Iterator<Item = (Zone, &Found)> {
        let found = if self.may_hold(term.pattern) {
            let start = self.found.partition_point(|(_, hit)| hit.pattern < term.pattern);
            let from = self.found.get(start..).unwrap_or_default();
            from.get(..from.partition_point(|(_, hit)| hit.pattern == term.pattern)).unwrap_or_default()
        } else {
            &[]
        };
        let zones = term.zones;
        found.iter().filter(move |(zone, _)| zones.hold(*zone)).map(|(zone, hit)| (*zone, hit))
    }

    /// False if the phrase was surely not found.
    pub(super) fn may_hold(&self, pattern: PatternId) -> bool {
        let (bits, bit) = bit_of(pattern);
        self.present.get(bits).is_some_and(|bits| bits & bit != 0)
    }

    /// The bytes of the zone's text that `hit` covers, and the text there.
    pub(super) fn text_of(&self, hit: &Hit) -> Option<(Range<usize>, &'a str)> {
        let (_, places) = self.places.iter().find(|(zone, _)| *zone == hit.zone)?;
        let words = places.get(hit.first..hit.end)?;
        let span = words.first()?.start..words.last()?.end;
        Some((span.clone(), self.article.zone(hit.zone).get(span)?))
    }

    /// Whether anything at all hits in `zone`.
    pub(super) fn hits_in(&self, zone: Zone) -> bool {
        self.zones_hit.contains(&zone)
    }

    /// How many words `zone` has.
    pub(super) fn words_in(&self, zone: Zone) -> usize {
        self.places.iter().find(|(one, _)| *one == zone).map_or(0, |(_, places)| places.len())
    }

    /// The host of the article's page, in lower case.
    pub(super) fn host(&self) -> Option<&'a str> {
        let host = |url: &'a Option<Url>| url.as_ref().and_then(Url::host_str);
        host(&self.article.url).or_else(|| host(&self.article.canonical_url))
    }

    /// The article's language, lower case, without region.
    pub(super) fn language(&self) -> Option<String> {
        let language = self.article.language.as_deref()?;
        Some(language.split(['-', '_']).next().unwrap_or(language).to_lowercase())
    }
}

/// The place of a phrase in the bits of an article.
fn bit_of(pattern: PatternId) -> (usize, u64) {
    (usize::try_from(pattern / 64).unwrap_or(usize::MAX) % PRESENT, 1 << (pattern % 64))
}
