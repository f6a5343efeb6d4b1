//! How many attributes a tag has, as the tokenizer of the HTML standard sees it.

/// Counts the attributes of the tag whose name starts `text`: a quote is one only where a value may begin. Returns how
/// many there are and how long the tag is, both up to the end of `text` if it does not end before.
pub(super) fn attributes(text: &str) -> (usize, usize) {
    let stop = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>';
    let bytes = text.as_bytes();
    let (mut at, mut attributes) = (text.find(stop).unwrap_or(text.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        if byte == b'>' {
            return (attributes, at);
        }
        if byte == b'/' || byte.is_ascii_whitespace() {
            at += 1;
        } else {
            attributes += 1;
            at = after_attribute(bytes, at);
        }
    }
    (attributes, bytes.len())
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

#[cfg(test)]
mod tests {
    use super::attributes;

    #[test]
    fn quotes_hold_values_and_begin_no_attributes() {
        assert_eq!(attributes("p>x"), (0, 1));
        assert_eq!(attributes("a href=x title='a > b' download/>x"), (3, 32));
        assert_eq!(attributes("a =x y\"z= \"q\" "), (2, 14));
        assert_eq!(attributes("a b='never ends >"), (1, 17));
    }
}
