//! Folding: a text becomes tokens that compare equal across case, accents, width and spelling, each with its
//! byte span in the original.
//!
//! One linear pass. What is a letter, a hyphen or an apostrophe is said in `letters`, how a word is cut in `words`,
//! US and UK spelling in [`spelling`], Korean particles in [`hangul`].

use std::ops::Range;

pub mod hangul;
mod letters;
pub mod shapes;
pub mod spelling;
#[cfg(test)]
mod tests;
mod words;

pub use words::{Gap, Word, each_word, each_word_while};

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded form: lower case, no accents on Latin and Greek, possessive 's dropped, one spelling for US and UK.
    pub folded: String,
    /// Bytes of the original text that this token covers; always on character boundaries.
    pub span: Range<usize>,
    /// True if nothing but a hyphen (or the apostrophe of "l'Ukraine") stands between this token and the one before
    /// it ("anti-tank").
    pub joined: bool,
}

/// The tokens of `text`, in order. Linear in its length. Han and Kana: a token a character.
#[must_use]
pub fn fold(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 6);
    each_word(text, |word| {
        let folded = spelling::canonical(word.folded).unwrap_or(word.folded).to_owned();
        tokens.push(Token { folded, span: word.span, joined: word.gap == Gap::Hyphen });
    });
    tokens
}
