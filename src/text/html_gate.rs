//! The bounds before and while a page is parsed: size, and the work that html5ever would do on hostile tags. Whoever
//! builds the tree looks at its depth and size after each piece.

mod tokens;

use tokens::attributes;

/// Largest page that is parsed, in bytes of decoded text.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Bytes handed to the parser at once: bounds are looked at between pieces, so little can happen within one.
const PIECE: usize = 4096;
/// Most attributes of one tag: html5ever compares each with all before it.
const MAX_ATTRIBUTES: usize = 1_000;
/// How many times over a stretch without tokens is read at most, looking for the tag it is in.
const MAX_READINGS: usize = 16;

/// Why a page is not parsed, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the page is not read: {0}")]
pub struct Refused(pub String);

/// Hands out a page in pieces and counts what they may cost.
#[derive(Debug)]
pub struct Gate<'a> {
    html: &'a str,
    /// How many bytes were handed out.
    at: usize,
    events: usize,
    /// Where the piece starts in which the parser last gave a token.
    since: usize,
    /// Bytes since then that can part two attributes, and how many there must be to look again.
    separators: usize,
    look_at: usize,
}

impl<'a> Gate<'a> {
    /// Opens for pages that are not too large.
    ///
    /// # Errors
    /// For pages that are.
    pub fn new(html: &'a str) -> Result<Self, Refused> {
        if html.len() > MAX_BYTES {
            return Err(Refused(format!("{} bytes, more than 8 MiB", html.len())));
        }
        Ok(Self { html, at: 0, events: 0, since: 0, separators: 0, look_at: MAX_ATTRIBUTES })
    }

    /// The next piece, cut at a character boundary; `None` at the end.
    pub fn next_piece(&mut self) -> Option<&'a str> {
        let left = self.html.get(self.at..)?;
        let cut = (PIECE.min(left.len())..=left.len()).find(|&at| left.is_char_boundary(at))?;
        let piece = left.get(..cut)?;
        self.at += cut;
        (!piece.is_empty()).then_some(piece)
    }

    /// Notes that the parser has seen `piece`, and how many tokens it has given up to now. While it gives none, it is
    /// inside one tag or comment, or passes over tags that mean nothing.
    ///
    /// # Errors
    /// When the tag that it is in may have too many attributes.
    pub fn consumed(&mut self, piece: &str, events: usize) -> Result<(), Refused> {
        if events != self.events {
            (self.events, self.since) = (events, self.at - piece.len());
            (self.separators, self.look_at) = (0, MAX_ATTRIBUTES);
            // The tag that the parser is in began in this piece: it is short as yet.
            return Ok(());
        }
        let parting = |byte: &&u8| matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'/' | b'"' | b'\'');
        self.separators += piece.as_bytes().iter().filter(parting).count();
        if self.separators < self.look_at {
            return Ok(());
        }
        self.look_at = self.separators + self.separators / 2;
        if self.is_costly() {
            return Err(Refused("a tag with too many attributes".into()));
        }
        Ok(())
    }

    /// Whether the tag that the parser is in may have too many attributes. It begins at one of the `<` since the last
    /// token; where a quote or a comment holds one, a `>` most often ends it soon.
    fn is_costly(&self) -> bool {
        let mut rest = self.html.get(self.since..self.at).unwrap_or_default();
        let mut budget = rest.len().saturating_mul(MAX_READINGS);
        while let Some((_, after)) = rest.split_once('<') {
            rest = after;
            let name = after.strip_prefix('/').unwrap_or(after);
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let (attributes, length) = attributes(name);
            if attributes > MAX_ATTRIBUTES {
                return true;
            }
            match budget.checked_sub(length) {
                Some(left) => budget = left,
                None => return true,
            }
        }
        false
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
        for attributes in ["ab ", "a/", "a=\"x\"b='y' "] {
            assert!(!silent(&format!("<a {}", attributes.repeat(30_000))), "{attributes}");
            assert!(!silent(&format!("</a {}", attributes.repeat(30_000))), "{attributes}");
        }
        assert!(!silent(&"<a ".repeat(30_000)));
        assert!(silent(&format!("<img src=\"data:{}", "iVBORw0KGgo/AAANS UhE".repeat(100_000))));
        assert!(silent(&format!("<!-- {}", "a remark, <b class='x'>not</b> 'a tag' / ".repeat(4_000))));
        assert!(silent(&format!("<div data-state='{}", r#"{"a": "b <p>c</p>"}, "#.repeat(5_000))));
        assert!(silent(&format!("<path d=\"{}", "M 1 2 L 3 4 ".repeat(15_000))));
        assert!(silent(&"</div>".repeat(100_000)));
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
