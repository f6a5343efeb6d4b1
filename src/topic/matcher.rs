//! One pass over a zone finds every phrase of every rule: a trie of words, so that the cost does not grow with the
//! number of topics.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::common::is_very_common;
use super::expressions::Expressions;
use super::interner::Interner;
use super::lexicon::{Lexicon, Symbol};
use super::pattern::{Step, in_its_case, phrase_in_its_case, rows};
use super::stem::Language;
use super::term::{Form, Phrase};
use crate::text::fold::hangul::without_particle;
use crate::text::fold::{Gap, Word, each_word, spelling};

/// The number of a phrase.
pub(super) type PatternId = u32;

/// This many words of a text are tried as one ("stand-off-ish").
const MAX_JOINED: usize = 4;

/// Longer rows of initials are no name: no more of them are tried as one.
const MAX_INITIALS: usize = 8;

/// Parts of a compound that a text writes apart have at least this many letters ("Viet Nam", not "Ma Li").
const MIN_APART: usize = 3;

type Node = u32;

/// No node, no phrase.
const NONE: u32 = u32::MAX;

/// All phrases of all rules.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    lexicon: Lexicon,
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
    /// By node: the phrase that ends there, or [`NONE`].
    ends: Vec<PatternId>,
    /// Further phrases that end at a node: the same words with another mark.
    more_ends: HashMap<Node, Vec<PatternId>, RandomState>,
    /// By node: whether others follow. Most do not, and single words are the most frequent.
    inner: Vec<bool>,
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

/// A symbol of the text: a word, a prefix of one, a stem, or several words as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    first: usize,
    symbol: Symbol,
    width: usize,
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
        for row in if phrase.form == Form::Regex { Vec::new() } else { rows(phrase) } {
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
                    self.inner.get_mut(index(node)).into_iter().for_each(|inner| *inner = true);
                    *self.steps.entry((node, *symbol)).or_insert(fresh)
                }
            };
            if next == fresh {
                self.ends.push(NONE);
                self.inner.push(false);
            }
            node = Some(next);
        }
        let Some(node) = node else { return };
        match self.ends.get_mut(index(node)) {
            Some(end) if *end == NONE => *end = pattern,
            Some(end) if *end != pattern => {
                let more = self.more_ends.entry(node).or_default();
                if !more.contains(&pattern) {
                    more.push(pattern);
                }
            }
            _ => {}
        }
    }

    /// To be called once, after the last phrase was added.
    pub(super) fn finish(&mut self) {
        self.lexicon.finish();
        self.expressions.finish();
        self.roots.resize(self.lexicon.len(), NONE);
        self.roots.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.inner.shrink_to_fit();
        self.steps.shrink_to_fit();
        self.patterns = Interner::default();
    }

    /// Number of phrases.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Every phrase in `text`, which is in `language`, sorted and each once; and where the words of `text` stand.
    pub(super) fn scan(&self, text: &str, language: Language) -> (Places, Vec<Found>) {
        let mut reader = Reader::new(self, text, language);
        each_word(text, |word| reader.read(word));
        reader.end_initials();
        let Reader { places, mut edges, breaks, .. } = reader;
        // Joined words come after their parts and prefixes twice if both spellings have them.
        edges.sort_unstable();
        edges.dedup();
        let from = |at: usize| edges.get(edges.partition_point(|edge| edge.first < at)..).unwrap_or_default();
        let mut found = Vec::new();
        let mut open: Vec<(Node, usize)> = Vec::new();
        for edge in &edges {
            let Some(root) = self.roots.get(index(edge.symbol)).copied().filter(|root| *root != NONE) else {
                continue;
            };
            open.push((root, edge.first + edge.width));
            while let Some((node, at)) = open.pop() {
                for pattern in self.ends_at(node) {
                    let hit = Found { pattern, first: edge.first, end: at };
                    if self.case_fits(&hit, text, &places) {
                        found.push(hit);
                    }
                }
                if self.inner.get(index(node)) == Some(&true) && breaks.binary_search(&at).is_err() {
                    let next = from(at).iter().take_while(|next| next.first == at);
                    open.extend(
                        next.filter_map(|next| {
                            Some((*self.steps.get(&(node, next.symbol))?, at + next.width))
                        }),
                    );
                }
            }
        }
        self.expressions.scan(text, |pattern, span| found.extend(words_of(&places, &span, pattern)));
        found.sort_unstable();
        found.dedup();
        (places, found)
    }

    /// The phrases that end at `node`.
    fn ends_at(&self, node: Node) -> impl Iterator<Item = PatternId> {
        let first = self.ends.get(index(node)).copied().filter(|pattern| *pattern != NONE);
        // Only where one ends do others.
        let more = first.and_then(|_| self.more_ends.get(&node)).map_or(&[][..], Vec::as_slice);
        first.into_iter().chain(more.iter().copied())
    }

    fn case_fits(&self, hit: &Found, text: &str, places: &[Range<usize>]) -> bool {
        let Some(case) = self.cases.get(&hit.pattern) else { return true };
        let words = places.get(hit.first..hit.end).unwrap_or_default();
        in_its_case(words.iter().filter_map(|place| text.get(place.clone()))) == **case
    }
}

/// The words that the bytes `span` touch; the next one if there is none, for signs alone have no place.
fn words_of(places: &[Range<usize>], span: &Range<usize>, pattern: PatternId) -> Option<Found> {
    let first = places.partition_point(|place| place.end <= span.start).min(places.len().checked_sub(1)?);
    let end = places.partition_point(|place| place.start < span.end).max(first + 1);
    Some(Found { pattern, first, end })
}

/// Turns the words of a text into edges as they come.
struct Reader<'m> {
    matcher: &'m Matcher,
    text: &'m str,
    language: Language,
    places: Places,
    edges: Vec<Edge>,
    /// The words that start a paragraph.
    breaks: Vec<usize>,
    /// The last word, with those before it that hyphens join to it.
    chain: String,
    /// Where each of them starts in `chain`.
    links: Vec<usize>,
    /// The letters up to the last word, if it is one letter, with those before it that full stops part from it.
    initials: String,
}

impl<'m> Reader<'m> {
    fn new(matcher: &'m Matcher, text: &'m str, language: Language) -> Self {
        let places = Vec::with_capacity(text.len() / 6);
        Self {
            matcher,
            text,
            language,
            places,
            edges: Vec::new(),
            breaks: Vec::new(),
            chain: String::new(),
            links: Vec::new(),
            initials: String::new(),
        }
    }

    fn read(&mut self, word: Word<'_>) {
        let at = self.places.len();
        self.spell(word.folded, word.gap);
        self.add_forms(word.folded, self.text.get(word.span.clone()).unwrap_or(word.folded), at, 1);
        self.places.push(word.span);
        if word.gap == Gap::Paragraph {
            self.breaks.push(at);
        }
        self.add_edges(word.folded, at, 1, true);
        if let Some(stem) = without_particle(word.folded) {
            self.add_edges(stem, at, 1, false);
            self.add_forms(stem, stem, at, 1);
        }
        self.link(word.folded, word.gap, at);
    }

    /// Every symbol that `word` is. Prefixes are looked for in both spellings.
    fn add_edges(&mut self, word: &str, first: usize, width: usize, prefixes: bool) {
        let lexicon = &self.matcher.lexicon;
        let respelled = spelling::canonical(word);
        let edge = |symbol| Edge { first, symbol, width };
        self.edges.extend(lexicon.word(respelled.unwrap_or(word)).map(edge));
        if prefixes {
            self.edges.extend(lexicon.prefixes_of(word).map(edge));
            self.edges.extend(respelled.into_iter().flat_map(|word| lexicon.prefixes_of(word)).map(edge));
        }
    }

    /// The symbols of the `~` terms of which `word` is a form; `original` is how it stands in the text.
    fn add_forms(&mut self, word: &str, original: &str, first: usize, width: usize) {
        let forms = &self.matcher.lexicon.forms;
        if !forms.is_empty() {
            let symbols = forms.symbols(self.language, word, original);
            self.edges.extend(symbols.map(|symbol| Edge { first, symbol, width }));
        }
    }

    /// Takes `word`, which is about to get its place, into the row of initials, or ends the row before it.
    fn spell(&mut self, word: &str, gap: Gap) {
        let is_initial = is_initial(word);
        if !self.initials.is_empty() && (gap != Gap::Stop || !is_initial) {
            self.end_initials();
        }
        if is_initial {
            self.initials.push_str(word);
        }
    }

    /// A row of initials is one word: "D.P.R.K." is `DPRK`. Only as a whole, for the U.S.S.R. is not the US.
    fn end_initials(&mut self) {
        let initials = std::mem::take(&mut self.initials);
        let width = initials.chars().count();
        if (2..=MAX_INITIALS).contains(&width) {
            self.add_edges(&initials, self.places.len() - width, width, true);
        }
    }

    /// Compounds that end with this word: joined by hyphens ("anti-tank", "F-16"), or two words that a rule writes as
    /// one ("Viet Nam"). Digits are never run together.
    fn link(&mut self, word: &str, gap: Gap, at: usize) {
        let last = self.links.last().and_then(|start| self.chain.get(*start..)).unwrap_or_default();
        let digits_meet = || last.ends_with(char::is_numeric) && word.starts_with(char::is_numeric);
        if gap != Gap::Hyphen || digits_meet() {
            if gap == Gap::Space
                && let Some(symbol) = self.matcher.lexicon.compound(last, word)
                && [last, word].into_iter().all(stands_apart)
            {
                self.edges.push(Edge { first: at - 1, symbol, width: 2 });
            }
            self.chain.clear();
            self.links.clear();
        } else if self.links.len() == MAX_JOINED {
            let gone = self.links.get(1).map_or(0, |start| *start);
            self.chain.drain(..gone);
            self.links.remove(0);
            self.links.iter_mut().for_each(|start| *start -= gone);
        }
        self.links.push(self.chain.len());
        self.chain.push_str(word);
        if self.links.len() == 1 {
            return;
        }
        let chain = std::mem::take(&mut self.chain);
        for place in (1..self.links.len()).rev() {
            let compound =
                self.links.get(place - 1).and_then(|start| chain.get(*start..)).unwrap_or_default();
            let back = self.links.len() - place;
            self.add_edges(compound, at - back, back + 1, true);
            self.add_forms(compound, compound, at - back, back + 1);
        }
        self.chain = chain;
    }
}

/// Whether `word` is a single letter, of a script that has capitals.
fn is_initial(word: &str) -> bool {
    // No letter has more bytes.
    let mut letters = if word.len() > 4 { "" } else { word }.chars();
    letters.next().is_some_and(char::is_lowercase) && letters.next().is_none()
}

/// Whether `part` may be half of a compound that is written apart: "put in" is not Putin.
fn stands_apart(part: &str) -> bool {
    part.chars().nth(MIN_APART - 1).is_some()
        && part.chars().all(char::is_alphabetic)
        && !is_very_common(part)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
