//! The words of a text → the symbols that the rules know, each with the words that it covers.

use super::compounds::stands_apart;
use super::lexicon::Symbol;
use super::matcher::{Matcher, NONE, Places};
use super::memo::{Memo, Start};
use super::stem::Language;
use crate::text::fold::hangul::without_particle;
use crate::text::fold::{Gap, Word, each_word, spelling};

/// This many words of a text are tried as one ("stand-off-ish").
const MAX_JOINED: usize = 4;

/// Longer rows of initials are no name: no more of them are tried as one.
const MAX_INITIALS: usize = 8;

/// A symbol of the text: a word, a prefix of one, a stem, or several words as one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) start: Start,
    /// Its first word.
    pub(super) first: usize,
    /// How many words it covers.
    pub(super) width: usize,
    /// Another edge with the same first word, or [`NONE`].
    pub(super) next: u32,
}

/// How a word came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It stands in the text.
    Plain,
    /// Hyphens join several.
    Joined,
    /// A row of initials.
    Initials,
}

/// Turns the words of texts in one language into edges.
pub(super) struct Reader<'m> {
    matcher: &'m Matcher,
    language: Language,
    desk: Desk,
    places: Places,
    /// Words up to the last that hyphens join.
    joined: usize,
    /// Words up to the last that are single letters, parted by full stops.
    initials: usize,
}

/// What a reader works on. The next one takes it over, with what it remembers and the memory it has.
#[derive(Debug, Default)]
pub(super) struct Desk {
    memo: Memo,
    /// Of the text that is being read, in the order of their ends.
    edges: Vec<Edge>,
    /// By word: the last edge that begins there, or [`NONE`].
    heads: Vec<u32>,
    /// The words that start a paragraph.
    breaks: Vec<usize>,
    /// The words as folded, without anything between them.
    folded: String,
    /// Where each starts in `folded`.
    words: Vec<usize>,
}

/// A desk has no more room than this when it is left, in bytes of words and in edges: long texts are rare.
const MAX_ROOM: usize = 1 << 16;

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut desk = std::mem::take(&mut self.desk);
        if desk.edges.capacity().max(desk.folded.capacity()) > MAX_ROOM {
            desk = Desk { memo: desk.memo, ..Desk::default() };
        }
        self.matcher.leave(desk);
    }
}

impl<'m> Reader<'m> {
    pub(super) fn new(matcher: &'m Matcher, language: Language) -> Self {
        let mut desk = matcher.desk();
        desk.memo.prepare();
        Self { matcher, language, desk, places: Vec::new(), joined: 0, initials: 0 }
    }

    /// Of the text that was read, in the order of their ends.
    pub(super) fn edges(&self) -> &[Edge] {
        &self.desk.edges
    }

    /// Reads `text`: its edges are those of `edges` then. Returns where its words stand.
    pub(super) fn read(&mut self, text: &str) -> Places {
        self.desk.edges.clear();
        self.desk.breaks.clear();
        self.desk.folded.clear();
        self.desk.words.clear();
        (self.joined, self.initials) = (0, 0);
        self.places = Vec::with_capacity(text.len() / 5);
        each_word(text, |word| self.word(word, text));
        self.end_initials();
        self.desk.heads.clear();
        self.desk.heads.resize(self.places.len(), NONE);
        for (number, edge) in (0_u32..).zip(&mut self.desk.edges) {
            if let Some(head) = self.desk.heads.get_mut(edge.first) {
                edge.next = std::mem::replace(head, number);
            }
        }
        std::mem::take(&mut self.places)
    }

    /// The edges that begin with word `at`; none where a paragraph does, for no phrase reaches across.
    pub(super) fn after(&self, at: usize) -> impl Iterator<Item = &Edge> {
        let mut next = self.desk.heads.get(at).copied().unwrap_or(NONE);
        if next != NONE && self.desk.breaks.binary_search(&at).is_ok() {
            next = NONE;
        }
        std::iter::from_fn(move || {
            let edge = self.desk.edges.get(usize::try_from(next).ok()?)?;
            next = edge.next;
            Some(edge)
        })
    }

    fn word(&mut self, word: Word<'_>, text: &str) {
        let at = self.desk.words.len();
        let is_initial = is_initial(word.folded);
        if self.initials > 0 && (word.gap != Gap::Stop || !is_initial) {
            self.end_initials();
        }
        self.initials += usize::from(is_initial);
        let joins = self.joins(&word, at);
        self.desk.words.push(self.desk.folded.len());
        self.desk.folded.push_str(word.folded);
        if word.gap == Gap::Paragraph {
            self.desk.breaks.push(at);
        }
        let original = text.get(word.span.clone()).unwrap_or(word.folded);
        self.places.push(word.span);
        self.add(Kind::Plain, at, original);
        if joins {
            self.joined = (self.joined + 1).min(MAX_JOINED);
            for width in 2..=self.joined {
                self.add(Kind::Joined, at + 1 - width, "");
            }
        } else {
            self.joined = 1;
        }
    }

    /// Whether a hyphen joins `word`, which is about to become the last, to the one before it. Digits are never run
    /// together. Two words that a rule writes as one ("Viet Nam") get their edge here.
    fn joins(&mut self, word: &Word<'_>, at: usize) -> bool {
        let Some(last) = self.desk.words.last().and_then(|start| self.desk.folded.get(*start..)) else {
            return false;
        };
        match word.gap {
            Gap::Hyphen => !(last.ends_with(char::is_numeric) && word.folded.starts_with(char::is_numeric)),
            Gap::Space => {
                if self.matcher.lexicon.compounds.may_hold(last, word.folded)
                    && [last, word.folded].into_iter().all(stands_apart)
                    && let Some(symbol) = self.compound(&[last, word.folded].concat())
                {
                    let start = self.matcher.start(symbol);
                    self.desk.edges.push(Edge { start, first: at - 1, width: 2, next: NONE });
                }
                false
            }
            _ => false,
        }
    }

    /// The symbol of two words as one.
    fn compound(&self, joined: &str) -> Option<Symbol> {
        self.matcher.lexicon.word(spelling::canonical(joined).unwrap_or(joined))
    }

    /// A row of initials is one word: "D.P.R.K." is `DPRK`. Only as a whole, for the U.S.S.R. is not the US.
    fn end_initials(&mut self) {
        let width = std::mem::take(&mut self.initials);
        if (2..=MAX_INITIALS).contains(&width) {
            self.add(Kind::Initials, self.desk.words.len() - width, "");
        }
    }

    /// Adds every symbol that the words from `first` to the last are as one; `original` is how a plain one stands in
    /// the text.
    fn add(&mut self, kind: Kind, first: usize, original: &str) {
        let word =
            self.desk.words.get(first).and_then(|start| self.desk.folded.get(*start..)).unwrap_or_default();
        let (matcher, language) = (self.matcher, self.language);
        // Accents count to stemmers; what is ASCII is told by its folded form.
        let accented = if original.is_ascii() { "" } else { original };
        let hash = matcher.hash(kind as u8, language, word, accented);
        let starts = self.desk.memo.starts(hash, |starts| {
            let from = starts.len();
            symbols(matcher, kind, language, (word, original), &mut |symbol| {
                if !starts.iter().skip(from).any(|known| known.symbol == symbol) {
                    starts.push(matcher.start(symbol));
                }
            });
        });
        let width = self.desk.words.len() - first;
        self.desk.edges.extend(starts.iter().map(|start| Edge { start: *start, first, width, next: NONE }));
    }
}

/// Every symbol that a word is, folded and as it stands in the text: itself, prefixes of it in both spellings, the forms
/// that it is one of.
fn symbols(
    matcher: &Matcher,
    kind: Kind,
    language: Language,
    (word, original): (&str, &str),
    sink: &mut impl FnMut(u32),
) {
    let lexicon = &matcher.lexicon;
    let respelled = spelling::canonical(word);
    lexicon.word(respelled.unwrap_or(word)).into_iter().for_each(&mut *sink);
    lexicon.prefixes_of(word).for_each(&mut *sink);
    respelled.into_iter().flat_map(|word| lexicon.prefixes_of(word)).for_each(&mut *sink);
    if kind != Kind::Initials {
        let original = if kind == Kind::Plain { original } else { word };
        lexicon.forms.symbols(language, word, original).for_each(&mut *sink);
    }
    if kind == Kind::Plain
        && let Some(stem) = without_particle(word)
    {
        lexicon.word(spelling::canonical(stem).unwrap_or(stem)).into_iter().for_each(&mut *sink);
        lexicon.forms.symbols(language, stem, stem).for_each(sink);
    }
}

/// Whether `word` is a single letter, of a script that has capitals.
fn is_initial(word: &str) -> bool {
    // No letter has more bytes.
    let mut letters = if word.len() > 4 { "" } else { word }.chars();
    letters.next().is_some_and(char::is_lowercase) && letters.next().is_none()
}
