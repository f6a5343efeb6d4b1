//! The cutting of a text into words, in one pass, with the gap before each.

use std::ops::Range;

use super::letters::{Role, push_folded, role};

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: scripts written without spaces, or a change of script ("NATO는").
    None,
    /// White space.
    Space,
    /// One hyphen, or the apostrophe of an elision.
    Hyphen,
    /// One full stop and nothing else: initials ("U.S."), addresses, a space forgotten.
    Stop,
    /// Anything else.
    Punctuation,
    /// The start of the text, or a blank line: no phrase reaches across.
    Paragraph,
}

/// One word as [`each_word`] hands it out. `folded` is not yet brought to one US/UK spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Lower case, without accents on Latin and Greek; never empty.
    pub folded: &'a str,
    /// Bytes of the original text.
    pub span: Range<usize>,
    /// What stands before it.
    pub gap: Gap,
}

/// What follows an apostrophe in English and is no part of the word: "Korea's", "they'll", "don't".
const CONTRACTIONS: [&str; 7] = ["s", "t", "d", "m", "ll", "re", "ve"];

/// What precedes an apostrophe in French, Italian and Catalan and is a word of its own: "l'Ukraine", "dell'Ucraina".
const ELISIONS: [&str; 25] = [
    "l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all",
    "dall", "nell", "sull", "coll", "un", "quest", "quell", "sant", "anch", "com",
];

/// Calls `sink` with each word of `text`, in order. Linear in the length of the text; the folded form is lent, so a
/// caller that only looks words up allocates nothing.
pub fn each_word<F: FnMut(Word<'_>)>(text: &str, mut sink: F) {
    each_word_while(text, |word| {
        sink(word);
        true
    });
}

/// [`each_word`] until `sink` says false.
pub fn each_word_while<F: FnMut(Word<'_>) -> bool>(text: &str, sink: F) {
    let mut cutter = Cutter {
        text,
        sink,
        wanted: true,
        folded: String::new(),
        span: None,
        kind: Role::Letter,
        gap: Gap::Paragraph,
        lines: 0,
    };
    let mut at = 0;
    while at < text.len() && cutter.wanted {
        at = cutter.step(at);
    }
    cutter.close();
}

struct Cutter<'t, F> {
    text: &'t str,
    sink: F,
    /// False once the sink has enough.
    wanted: bool,
    /// The open word so far.
    folded: String,
    /// Its bytes; `None` if no word is open.
    span: Option<Range<usize>>,
    /// [`Role::Letter`] or [`Role::Hangul`]: a change of script ends a word.
    kind: Role,
    /// What was seen since the last word.
    gap: Gap,
    /// Line ends since the last word; two make a paragraph.
    lines: u32,
}

impl<F: FnMut(Word<'_>) -> bool> Cutter<'_, F> {
    /// Takes in what stands at byte `at`, returns where to go on. Always moves forward.
    fn step(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes().get(at..).unwrap_or_default();
        let ascii = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if ascii > 0 {
            self.open(at, Role::Letter);
            let run = self.text.get(at..at + ascii).unwrap_or_default();
            self.folded.push_str(run);
            let lowered = self.folded.len() - run.len();
            if let Some(run) = self.folded.get_mut(lowered..) {
                run.make_ascii_lowercase();
            }
            let end = self.extend(at + ascii);
            // Most words end so.
            return if bytes.get(ascii) == Some(&b' ') { self.separate(end + 1, Gap::Space) } else { end };
        }
        let Some(ch) = self.char_at(at) else { return self.text.len() };
        let next = at + ch.len_utf8();
        match role(ch) {
            Role::Letter => self.letter(at, next, Role::Letter),
            Role::Hangul => self.letter(at, next, Role::Hangul),
            Role::Solitary => {
                self.close();
                let end = self.letter(at, next, Role::Solitary);
                self.close();
                end
            }
            Role::Mark if self.span.is_some() => self.extend(next),
            Role::Mark | Role::Nothing => next,
            Role::Apostrophe => self.apostrophe(next),
            Role::Hyphen => self.separate(next, Gap::Hyphen),
            Role::Separator if ch == '\n' => {
                self.close();
                self.lines += 1;
                self.separate(next, if self.lines > 1 { Gap::Paragraph } else { Gap::Space })
            }
            Role::Separator if ch.is_whitespace() => self.separate(next, Gap::Space),
            Role::Separator if matches!(ch, '.' | '\u{ff0e}') => self.separate(next, Gap::Stop),
            Role::Separator => self.separate(next, Gap::Punctuation),
        }
    }

    /// Takes in a letter that ends at `next`, with the marks that follow it.
    fn letter(&mut self, at: usize, mut next: usize, kind: Role) -> usize {
        while let Some(mark) = self.char_at(next).filter(|ch| !ch.is_ascii() && role(*ch) == Role::Mark) {
            next += mark.len_utf8();
        }
        self.open(at, kind);
        if let Some(cluster) = self.text.get(at..next) {
            push_folded(cluster, &mut self.folded);
        }
        self.extend(next)
    }

    /// An apostrophe that ends at `next`: before a contraction ("Korea's") both go, after an elision ("l'Ukraine") it
    /// parts two words, between letters ("Sana'a") it is as if it were not there, elsewhere it separates.
    fn apostrophe(&mut self, next: usize) -> usize {
        let letter_follows =
            self.char_at(next).is_some_and(|ch| ch.is_alphabetic() && role(ch) == Role::Letter);
        if self.span.is_none() || self.kind != Role::Letter || !letter_follows {
            return self.separate(next, Gap::Punctuation);
        }
        if let Some(length) = self.contraction(next) {
            return self.separate(next + length, Gap::Space);
        }
        if ELISIONS.contains(&self.folded.as_str()) {
            return self.separate(next, Gap::Hyphen);
        }
        // A digit before it is a measure or a year, not a name.
        if self.folded.ends_with(char::is_numeric) { self.separate(next, Gap::Punctuation) } else { next }
    }

    /// The length of the contraction at `at`, if one stands there by itself.
    fn contraction(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        CONTRACTIONS
            .iter()
            .map(|tail| tail.len())
            .max()
            .into_iter()
            .flat_map(|longest| (1..=longest).rev())
            .find(|length| {
                let stands_alone =
                    self.char_at(at + length).is_none_or(|ch| !matches!(role(ch), Role::Letter | Role::Mark));
                stands_alone
                    && rest
                        .get(..*length)
                        .is_some_and(|tail| CONTRACTIONS.iter().any(|known| known.eq_ignore_ascii_case(tail)))
            })
    }

    /// Notes a separator that ends at `next`. A hyphen joins only if it stands alone, directly between two words.
    fn separate(&mut self, next: usize, seen: Gap) -> usize {
        let after_word = self.span.is_some();
        self.close();
        self.gap = match (self.gap, seen) {
            _ if after_word => seen,
            (Gap::Paragraph, _) | (_, Gap::Paragraph) => Gap::Paragraph,
            (Gap::None, seen) => seen,
            (Gap::Space, Gap::Space) => Gap::Space,
            _ => Gap::Punctuation,
        };
        next
    }

    fn open(&mut self, at: usize, kind: Role) {
        if self.span.is_some() && self.kind != kind {
            self.close();
        }
        if self.span.is_none() {
            self.span = Some(at..at);
            self.kind = kind;
        }
    }

    fn extend(&mut self, end: usize) -> usize {
        if let Some(span) = &mut self.span {
            span.end = end;
        }
        end
    }

    fn close(&mut self) {
        let Some(span) = self.span.take() else { return };
        if !self.folded.is_empty() && self.wanted {
            self.wanted = (self.sink)(Word { folded: &self.folded, span, gap: self.gap });
            self.folded.clear();
            self.gap = Gap::None;
            self.lines = 0;
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }
}
