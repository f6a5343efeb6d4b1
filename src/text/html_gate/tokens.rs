//! Where the tags, comments and texts of an HTML page end, as the tokenizer of the HTML standard sees it.

pub(super) fn after_first<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

/// What follows the comment whose text starts `text`. `<!-->` and `<!--->` are whole comments, and `--!>` ends one.
pub(super) fn after_comment(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('>').or_else(|| text.strip_prefix("->")) {
        return rest;
    }
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("--") {
        if let Some(end) = after.strip_prefix('>').or_else(|| after.strip_prefix("!>")) {
            return end;
        }
        // Step by one dash, for "--->".
        rest = rest.get(rest.len() - after.len() - 1..).unwrap_or_default();
    }
    ""
}

/// What follows the content of an element that holds text only: from its end tag on.
pub(super) fn after_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at..).unwrap_or_default();
        if rest.get(2..2 + name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)) {
            return rest;
        }
        rest = rest.get(2..).unwrap_or_default();
    }
    ""
}

/// A tag as the tokenizer reads it.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    /// The tag without its angle brackets.
    pub(crate) source: &'a str,
    pub(crate) attributes: usize,
    pub(crate) self_closing: bool,
    pub(crate) rest: &'a str,
}

/// Reads the tag whose name starts `text`, as the tokenizer of the HTML standard does: a quote is one only where a
/// value may begin.
pub(crate) fn tag(text: &str) -> Tag<'_> {
    let stop = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>';
    let name = text.split(stop).next().unwrap_or_default();
    let bytes = text.as_bytes();
    let (mut at, mut attributes) = (name.len(), 0);
    let mut slash = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => {
                let (source, rest) =
                    (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
                return Tag { name, source, attributes, self_closing: slash, rest };
            }
            b'/' => {
                slash = true;
                at += 1;
            }
            _ if byte.is_ascii_whitespace() => {
                slash = false;
                at += 1;
            }
            _ => {
                slash = false;
                attributes += 1;
                at = after_attribute(bytes, at);
            }
        }
    }
    Tag { name, source: text, attributes, self_closing: false, rest: "" }
}

/// The index after the attribute that starts at `at`.
fn after_attribute(bytes: &[u8], mut at: usize) -> usize {
    let is = |at: usize, wanted: fn(u8) -> bool| bytes.get(at).copied().is_some_and(wanted);
    at += 1; // The first byte is part of the name whatever it is, even `=`.
    while is(at, |b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'=')) {
        at += 1;
    }
    let mut value = at;
    while is(value, |b| b.is_ascii_whitespace()) {
        value += 1;
    }
    if bytes.get(value) != Some(&b'=') {
        return at;
    }
    value += 1;
    while is(value, |b| b.is_ascii_whitespace()) {
        value += 1;
    }
    if let Some(&quote @ (b'"' | b'\'')) = bytes.get(value) {
        let inside = bytes.get(value + 1..).unwrap_or_default();
        return inside.iter().position(|b| *b == quote).map_or(bytes.len(), |end| value + end + 2);
    }
    while is(value, |b| !b.is_ascii_whitespace() && b != b'>') {
        value += 1;
    }
    value
}
