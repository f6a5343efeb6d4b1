//! The bounds before and while a page is parsed: size, and the work that html5ever would do on hostile tags.

use super::ExtractError;

/// Largest page that is parsed, in bytes of decoded text.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Bytes handed to the parser at once: bounds are looked at between pieces, so little can happen within one.
const PIECE: usize = 4096;
/// How many comparisons of attribute names a page may cost in long tags. html5ever compares each attribute with
/// all before it in its tag. A picture of 1.5 MB within an attribute still passes.
const MAX_COMPARISONS: usize = 300_000_000;

/// Hands out a page in pieces and counts what they may cost.
#[derive(Debug)]
pub(super) struct Gate<'a> {
    rest: &'a str,
    events: usize,
    /// Bytes that can part two attributes, since the parser last gave a token.
    separators: usize,
    comparisons: usize,
}

impl<'a> Gate<'a> {
    /// Opens for pages that are not too large.
    pub(super) fn new(html: &'a str) -> Result<Self, ExtractError> {
        if html.len() > MAX_BYTES {
            return Err(ExtractError(format!("the page is not read: {} bytes, more than 8 MiB", html.len())));
        }
        Ok(Self { rest: html, events: 0, separators: 0, comparisons: 0 })
    }

    /// The next piece, cut at a character boundary.
    pub(super) fn next_piece(&mut self) -> Option<&'a str> {
        let cut =
            (PIECE.min(self.rest.len())..=self.rest.len()).find(|&at| self.rest.is_char_boundary(at))?;
        let (piece, rest) = self.rest.split_at(cut);
        self.rest = rest;
        (!piece.is_empty()).then_some(piece)
    }

    /// Notes that the parser has seen `piece`, and how many tokens it has given up to now. While it gives none, it is
    /// inside one tag or comment, whose attributes are no more than the bytes that could part them.
    pub(super) fn consumed(&mut self, piece: &str, events: usize) -> Result<(), ExtractError> {
        if events != self.events {
            (self.events, self.separators) = (events, 0);
            return Ok(());
        }
        let parting = |byte: &&u8| matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'/' | b'"' | b'\'');
        let new = piece.as_bytes().iter().filter(parting).count();
        self.comparisons += new * (self.separators + new / 2);
        self.separators += new;
        if self.comparisons > MAX_COMPARISONS {
            return Err(ExtractError("the page is not read: a tag with too many attributes".into()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    /// Reads `html` as a parser would that gives no token.
    fn silent(html: &str) -> bool {
        let mut gate = Gate::new(html).expect("not too large");
        while let Some(piece) = gate.next_piece() {
            if gate.consumed(piece, 0).is_err() {
                return false;
            }
        }
        true
    }

    #[test]
    fn a_tag_with_a_great_many_attributes_is_refused_a_picture_in_one_is_not() {
        assert!(!silent(&"ab ".repeat(30_000)));
        assert!(!silent(&"a/".repeat(30_000)));
        assert!(silent(&"iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4/8w9".repeat(20_000)));
    }

    #[test]
    fn pieces_make_the_whole_and_never_cut_a_character() {
        let html = "ж".repeat(10_001) + "x";
        let mut gate = Gate::new(&html).expect("not too large");
        let mut whole = String::new();
        while let Some(piece) = gate.next_piece() {
            whole.push_str(piece);
        }
        assert_eq!(whole, html);
    }
}
