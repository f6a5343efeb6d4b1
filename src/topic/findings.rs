//! What was found in one article: every phrase of every rule, by zone.

use std::ops::Range;

use url::Url;

use super::matcher::{Found, Matcher, NONE, PatternId, Places};
use super::reader::Reader;
use super::rule::Term;
use super::stem::Language;
use super::zones::Zones;
use crate::article::{Article, Zone};

/// More hits of one phrase in one zone are not looked at: a page that repeats a name a million times must not cost
/// more, and an article that names it a thousand times is about it.
const MAX_HITS: u32 = 1000;

/// Hits that an article is expected to have at most.
const ROOM: usize = 512;

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
    /// Every hit, in zone and nearly in word order.
    hits: Vec<Of>,
    /// The phrases that were found, each at a place that its number says or after it; a power of two of places, half of
    /// them free at the least.
    phrases: Vec<Phrase>,
    /// What is asked before `phrases`: most phrases were not found.
    known: [u64; KNOWN],
    /// Where anything was found.
    zones_hit: Zones,
}

/// A power of two.
const KNOWN: usize = 128;

/// A hit of a phrase.
#[derive(Debug)]
struct Of {
    pattern: PatternId,
    zone: Zone,
    first: u32,
    end: u32,
    /// The next hit of the same phrase, or [`NONE`].
    next: u32,
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy)]
struct Phrase {
    /// [`NONE`]: the place is free.
    pattern: PatternId,
    /// Its hits.
    first: u32,
    last: u32,
    /// Hits in the zone of the last one.
    count: u32,
    zones: Zones,
}

const FREE: Phrase = Phrase { pattern: NONE, first: NONE, last: NONE, count: 0, zones: Zones::NONE };

impl<'a> Findings<'a> {
    /// Looks for all phrases in all zones.
    pub(super) fn new(article: &'a Article, matcher: &Matcher) -> Self {
        let language = Language::of(article.language.as_deref().filter(|language| !language.is_empty()));
        let mut reader = Reader::new(matcher, language);
        // Longer texts have more; to grow costs more than the hits.
        let mut hits: Vec<Of> = Vec::with_capacity(ROOM);
        let scan = |zone: Zone| {
            let sink = |hit: Found| {
                let (first, end) = (as_number(hit.first), as_number(hit.end));
                hits.push(Of { pattern: hit.pattern, zone, first, end, next: NONE });
            };
            (zone, matcher.scan(article.zone(zone), &mut reader, sink))
        };
        let places = Zone::ALL.into_iter().map(scan).collect();
        drop(reader);
        let phrases = vec![FREE; (hits.len() * 2).next_power_of_two().max(16)];
        let mut findings = Self { article, places, hits, phrases, known: [0; KNOWN], zones_hit: Zones::NONE };
        for number in 0..findings.hits.len() {
            findings.link(number);
        }
        findings
    }

    /// Puts hit number `number` behind the others of its phrase.
    fn link(&mut self, number: usize) {
        let Some(hit) = self.hits.get(number) else { return };
        let (zones, pattern, number) = (Zones::of(hit.zone), hit.pattern, as_number(number));
        let place = self.place_of(pattern);
        let Some(phrase) = self.phrases.get_mut(place) else { return };
        if phrase.zones.and(zones).is_none() {
            phrase.count = 0;
        }
        if phrase.count == MAX_HITS {
            return;
        }
        if phrase.pattern == NONE {
            (phrase.pattern, phrase.first) = (pattern, number);
            let (bits, bit) = known_bit(pattern);
            self.known.get_mut(bits).into_iter().for_each(|bits| *bits |= bit);
        } else if let Some(last) = self.hits.get_mut(as_index(phrase.last)) {
            last.next = number;
        }
        phrase.last = number;
        phrase.count += 1;
        phrase.zones = phrase.zones.or(zones);
        self.zones_hit = self.zones_hit.or(zones);
    }

    /// Where `pattern` stands in `phrases`, or would.
    fn place_of(&self, pattern: PatternId) -> usize {
        let wrap = self.phrases.len() - 1;
        let mut place = as_index(spread(pattern) >> 8) & wrap;
        while self.phrases.get(place).is_some_and(|known| known.pattern != pattern && known.pattern != NONE) {
            place = (place + 1) & wrap;
        }
        place
    }

    /// All phrases that were found.
    pub(super) fn patterns(&self) -> impl Iterator<Item = PatternId> {
        self.phrases.iter().map(|phrase| phrase.pattern).filter(|pattern| *pattern != NONE)
    }

    /// Where a phrase was found.
    pub(super) fn zones_of(&self, pattern: PatternId) -> Zones {
        let (bits, bit) = known_bit(pattern);
        if self.known.get(bits).is_none_or(|bits| bits & bit == 0) {
            return Zones::NONE;
        }
        self.phrases.get(self.place_of(pattern)).map_or(Zones::NONE, |phrase| phrase.zones)
    }

    /// The hits of some terms, in zone and word order. Where two terms hit the same words, the first is kept, but one
    /// that asks for zones before one that does not: as a veto it says more.
    pub(super) fn hits(&self, terms: &[Term]) -> Vec<Hit> {
        let of_term = |(place, term)| {
            self.of_term(term).map(move |hit| Hit {
                zone: hit.zone,
                first: as_index(hit.first),
                end: as_index(hit.end),
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
        terms.iter().any(|term| self.holds(term))
    }

    /// How many of some terms hit; at most `most` are counted.
    pub(super) fn count(&self, terms: &[Term], most: usize) -> usize {
        terms.iter().filter(|term| self.holds(term)).take(most).count()
    }

    fn holds(&self, term: &Term) -> bool {
        self.zones_of(term.pattern).and(term.zones).is_some()
    }

    fn of_term(&self, term: &Term) -> impl Iterator<Item = &Of> {
        let phrase = self.phrases.get(self.place_of(term.pattern));
        let mut next = phrase.map_or(NONE, |phrase| phrase.first);
        let hits = std::iter::from_fn(move || {
            let hit = self.hits.get(usize::try_from(next).ok()?)?;
            next = hit.next;
            Some(hit)
        });
        let zones = term.zones;
        hits.filter(move |hit| zones.hold(hit.zone))
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
        self.zones_hit.hold(zone)
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

/// The place and the bit of `pattern` in [`Findings::known`].
fn known_bit(pattern: PatternId) -> (usize, u64) {
    let spread = spread(pattern);
    (as_index(spread >> 6) % KNOWN, 1 << (spread >> 26))
}

/// The numbers of phrases that go together lie together.
fn spread(pattern: PatternId) -> u32 {
    pattern.wrapping_mul(0x9e37_79b1)
}

fn as_number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}

fn as_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
