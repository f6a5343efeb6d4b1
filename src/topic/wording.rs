//! How terms and lines are written in their rules, for those who are told of them. Most terms are written as the phrase
//! that they look for, and most lines as their terms: nothing more is kept of these.

use super::interner::Interner;
use super::matcher::NONE;
use super::rule::{Line, Term};

/// The words of all rules.
#[derive(Debug, Default)]
pub(super) struct Wording {
    /// By the number of a phrase.
    phrases: Interner,
    /// Terms and lines that say more.
    others: Interner,
}

impl Wording {
    /// The number by which `written` is found again.
    pub(super) fn add(&mut self, written: &str) -> u32 {
        self.others.add(written, 0).0
    }

    /// To be called once, after the last was added; `phrases`: by their numbers.
    pub(super) fn finish(&mut self, mut phrases: Interner) {
        phrases.forget();
        self.phrases = phrases;
        self.others.forget();
    }

    /// As in the rule: `=Mr. Kim`.
    pub(super) fn term(&self, term: &Term) -> &str {
        let known = if term.written == NONE {
            self.phrases.text(term.pattern)
        } else {
            self.others.text(term.written)
        };
        known.unwrap_or_default()
    }

    /// As in the rule: `@nk`, `arms | weapons`.
    pub(super) fn line(&self, line: &Line) -> String {
        if line.written != NONE {
            return self.others.text(line.written).unwrap_or_default().to_owned();
        }
        let mut written = String::new();
        for (number, term) in line.terms.iter().enumerate() {
            if number > 0 {
                written.push_str(" | ");
            }
            written.push_str(self.term(term));
        }
        written
    }
}
