//! One pass over a zone finds every phrase of every rule: a trie of words, so that the cost does not grow with the
//! number of topics.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::RandomState;

use super::expressions::Expressions;
use super::interner::Interner;
use super::lexicon::{Lexicon, Symbol};
use super::memo::Start;
use super::pattern::{Step, in_its_case, phrase_in_its_case, rows};
use super::reader::{Desk, Reader};
use super::sieve::Sieve;
use super::stem::Language;
use super::term::{Form, Phrase};

/// The number of a phrase.
pub(super) type PatternId = u32;

/// A row of words, from its first word on.
pub(super) type Node = u32;

/// No node, no phrase.
pub(super) const NONE: u32 = u32::MAX;

/// What ends at a node, and whether the rows through it go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End(u32);

impl End {
    /// Others follow. Most nodes have none, and single words are the most frequent.
    const INNER: u32 = 1 << 31;
    /// Further phrases end here: the same words with another mark.
    const MORE: u32 = 1 << 30;
    /// One of the phrases asks for its case.
    const CASED: u32 = 1 << 29;
    /// The number of the phrase; all of these: none ends here.
    const PATTERN: u32 = (1 << 29) - 1;

    fn pattern(self) -> Option<PatternId> {
        Some(self.0 & Self::PATTERN).filter(|pattern| *pattern != Self::PATTERN)
    }

    fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

impl Default for End {
    fn default() -> Self {
        Self(Self::PATTERN)
    }
}

/// All phrases of all rules.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    pub(super) lexicon: Lexicon,
    expressions: Expressions,
    /// The phrases as written, while rules are compiled.
    patterns: Interner,
    count: usize,
    /// By pattern: the case that `=` asks for. Few have one.
    cases: HashMap<PatternId, Box<str>, RandomState>,
    /// By symbol: the node of the rows that start with it, or [`NONE`].
    roots: Vec<Node>,
    /// The node after another one and a symbol.
    steps: HashMap<(Node, Symbol), Node, RandomState>,
    /// What is asked before `steps`: most words that follow one another are no row.
    known_steps: Sieve,
    /// By node.
    ends: Vec<End>,
    /// Further phrases that end at a node.
    more_ends: HashMap<Node, Vec<PatternId>, RandomState>,
    /// Of readers that are done: as many as read at the same time.
    desks: Mutex<Vec<Desk>>,
    hasher: RandomState,
}

/// The words of one zone: what [`Matcher::scan`] numbers.
pub(super) type Places = Vec<Range<usize>>;

/// A phrase found: which, and the words it covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) pattern: PatternId,
    pub(super) first: usize,
    /// Exclusive.
    pub(super) end: usize,
}

impl Matcher {
    /// The number of `phrase`, new or known.
    pub(super) fn add(&mut self, phrase: &Phrase) -> PatternId {
        let (pattern, is_new) = self.patterns.add(&phrase.words, phrase.form as u8);
        if !is_new {
            return pattern;
        }
        self.count += 1;
        if phrase.form == Form::ExactCase {
            self.cases.insert(pattern, phrase_in_its_case(&phrase.words).into());
        }
        if phrase.form == Form::Regex {
            self.expressions.add(&phrase.words, pattern);
        }
        let rows = if phrase.form == Form::Regex { Vec::new() } else { rows(phrase) };
        let whole = rows.first().map_or(0, Vec::len);
        for row in rows {
            // Rows that are shorter have words that nobody wrote.
            for step in row.iter().filter(|_| row.len() == whole) {
                if let Step::Word(word) = step {
                    self.lexicon.compounds.add(word);
                }
            }
            let symbols = row.iter().map(|step| match step {
                Step::Word(word) => self.lexicon.add_word(word),
                Step::Prefix(start) => self.lexicon.add_prefix(start),
                Step::Form(word) => self.lexicon.add_forms(word),
            });
            let symbols: Vec<_> = symbols.collect();
            self.add_row(&symbols, pattern);
        }
        pattern
    }

    fn add_row(&mut self, symbols: &[Symbol], pattern: PatternId) {
        let mut node = None;
        for symbol in symbols {
            let fresh = Node::try_from(self.ends.len()).unwrap_or(NONE);
            let next = match node {
                None => {
                    self.roots.resize(self.lexicon.len(), NONE);
                    let Some(root) = self.roots.get_mut(index(*symbol)) else { return };
                    if *root == NONE {
                        *root = fresh;
                    }
                    *root
                }
                Some(node) => {
                    self.ends.get_mut(index(node)).into_iter().for_each(|end| end.0 |= End::INNER);
                    *self.steps.entry((node, *symbol)).or_insert(fresh)
                }
            };
            if next == fresh {
                self.ends.push(End::default());
            }
            node = Some(next);
        }
        let Some((node, end)) = node.and_then(|node| Some((node, self.ends.get_mut(index(node))?))) else {
            return;
        };
        match end.pattern() {
            None => end.0 = end.0 & !End::PATTERN | pattern,
            Some(known) if known == pattern => {}
            Some(_) => {
                end.0 |= End::MORE;
                let more = self.more_ends.entry(node).or_default();
                if !more.contains(&pattern) {
                    more.push(pattern);
                }
            }
        }
        if self.cases.contains_key(&pattern) {
            end.0 |= End::CASED;
        }
    }

    /// To be called once, after the last phrase was added. The phrases as written, by their numbers.
    pub(super) fn finish(&mut self) -> Interner {
        self.lexicon.finish();
        self.expressions.finish();
        self.roots.resize(self.lexicon.len(), NONE);
        self.roots.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.steps.shrink_to_fit();
        self.known_steps = Sieve::of(self.steps.keys().map(|step| hash_of(*step)), self.steps.len());
        std::mem::take(&mut self.patterns)
    }

    /// Number of phrases.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// What another reader left, or a new one.
    pub(super) fn desk(&self) -> Desk {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Leaves `desk` to the next reader.
    pub(super) fn leave(&self, desk: Desk) {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
    }

    /// The hash by which a word is remembered.
    pub(super) fn hash(&self, kind: u8, language: Language, word: &str, accented: &str) -> u64 {
        self.hasher.hash_one((kind, language.place(), word, accented))
    }

    /// Where the rows begin that begin with `symbol`.
    pub(super) fn start(&self, symbol: Symbol) -> Start {
        let root = self.roots.get(index(symbol)).copied().unwrap_or(NONE);
        Start { symbol, root, end: self.end_of(root) }
    }

    fn end_of(&self, node: Node) -> End {
        self.ends.get(index(node)).copied().unwrap_or_default()
    }

    /// Hands every phrase in `text` to `sink`, perhaps more than once, in the order of their first words but for
    /// expressions; returns where the words of `text` stand. `reader`: of this matcher.
    pub(super) fn scan(&self, text: &str, reader: &mut Reader<'_>, mut sink: impl FnMut(Found)) -> Places {
        let places = reader.read(text);
        let mut emit = |(node, end): (Node, End), first: usize, at: usize| {
            let Some(pattern) = end.pattern() else { return };
            let hit = Found { pattern, first, end: at };
            if end.has(End::CASED | End::MORE) {
                let more = self.more_ends.get(&node).into_iter().flatten();
                let hits =
                    more.map(|pattern| Found { pattern: *pattern, ..hit.clone() }).chain([hit.clone()]);
                hits.filter(|hit| self.case_fits(hit, text, &places)).for_each(&mut sink);
            } else {
                sink(hit);
            }
        };
        let mut open: Vec<(Node, usize)> = Vec::new();
        for edge in reader.edges() {
            let Start { root, end, .. } = edge.start;
            emit((root, end), edge.first, edge.first + edge.width);
            if end.has(End::INNER) {
                open.push((root, edge.first + edge.width));
            }
            while let Some((node, at)) = open.pop() {
                for next in reader.after(at) {
                    if let Some(node) = self.step(node, next.start.symbol) {
                        let (end, at) = (self.end_of(node), at + next.width);
                        emit((node, end), edge.first, at);
                        if end.has(End::INNER) {
                            open.push((node, at));
                        }
                    }
                }
            }
        }
        self.expressions.scan(text, |pattern, span| {
            words_of(&places, &span, pattern).into_iter().for_each(&mut sink);
        });
        places
    }

    fn step(&self, node: Node, symbol: Symbol) -> Option<Node> {
        let step = (node, symbol);
        if self.known_steps.may_hold(hash_of(step)) { self.steps.get(&step).copied() } else { None }
    }

    fn case_fits(&self, hit: &Found, text: &str, places: &[Range<usize>]) -> bool {
        let Some(case) = self.cases.get(&hit.pattern) else { return true };
        let words = places.get(hit.first..hit.end).unwrap_or_default();
        in_its_case(words.iter().filter_map(|place| text.get(place.clone()))) == **case
    }
}

fn hash_of((node, symbol): (Node, Symbol)) -> u64 {
    (u64::from(node) << 32 | u64::from(symbol)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The words that the bytes `span` touch; the next one if there is none, for signs alone have no place.
fn words_of(places: &[Range<usize>], span: &Range<usize>, pattern: PatternId) -> Option<Found> {
    let first = places.partition_point(|place| place.end <= span.start).min(places.len().checked_sub(1)?);
    let end = places.partition_point(|place| place.start < span.end).max(first + 1);
    Some(Found { pattern, first, end })
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
