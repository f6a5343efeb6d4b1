//! HTML as feeds publish it → plain text on one line.

use scraper::Html;

use super::markup::{Token, Tokens, split_name};

/// Longest text that is kept, in bytes. No headline is longer; a feed may put anything there.
const MAX_LENGTH: usize = 4_096;

/// Elements that a word may run through.
pub(super) const INLINE: [&str; 26] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "small", "span", "strong", "sub", "sup", "tt", "u", "wbr",
];
/// Elements whose text is not prose.
const SILENT: [&str; 2] = ["script", "style"];

/// `html` without tags, with its entities resolved and its white space collapsed; `None` if nothing is left.
pub(super) fn plain(html: &str) -> Option<String> {
    let html = clip(html, 4 * MAX_LENGTH);
    let mut text = String::with_capacity(html.len());
    let mut silent = false;
    for token in Tokens::new(html) {
        match token {
            Token::Text(part) | Token::CData(part) if !silent => text.push_str(part),
            Token::Text(_) | Token::CData(_) => {}
            Token::Start(tag) => {
                silent = among(&SILENT, tag.name) && !tag.empty;
                space_at(&mut text, tag.name);
            }
            Token::End(name) => {
                silent = false;
                space_at(&mut text, name);
            }
        }
    }
    if text.contains('&') {
        // No tags are left, so this resolves entities and nests nothing: a `<` that is still there begins no tag.
        text = Html::parse_fragment(&text).root_element().text().collect();
    }
    short(&text)
}

/// `text` with its white space collapsed, cut to the length of a headline at most; `None` if nothing is left.
pub(super) fn short(text: &str) -> Option<String> {
    let text = collapse(clip(text, 4 * MAX_LENGTH))?;
    Some(clip(&text, MAX_LENGTH).trim_end().to_owned())
}

/// `text` with its white space collapsed; `None` if nothing is left.
pub(super) fn collapse(text: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The start of `text`, at most `length` bytes, cut between characters.
pub(super) fn clip(text: &str, length: usize) -> &str {
    text.get(..text.floor_char_boundary(length)).unwrap_or_default()
}

fn space_at(text: &mut String, name: &str) {
    if !among(&INLINE, split_name(name).1) {
        text.push(' ');
    }
}

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(html: &str) -> String {
        plain(html).unwrap_or_default()
    }

    #[test]
    fn tags_go_and_entities_are_resolved_once() {
        assert_eq!(of("<b>Bold</b>er <i>&amp;</i>\n caf&eacute;&nbsp;x"), "Bolder & café x");
        assert_eq!(of("one<br>two<p>three"), "one two three");
        assert_eq!(of("&lt;b&gt; stays &amp;lt;"), "<b> stays &lt;");
        assert_eq!(of("a < b && c<script>var x</script>"), "a < b && c");
        assert_eq!(of("it&#146;s"), "it’s");
        assert_eq!(plain(" <br/> &nbsp; "), None);
    }

    #[test]
    fn size_and_nesting_are_bounded() {
        assert!(of(&"wörter ".repeat(10_000)).len() <= MAX_LENGTH);
        assert_eq!(of(&"é".repeat(10_000)).len(), MAX_LENGTH);
        assert_eq!(of(&format!("{}x", "<div>".repeat(3_000))), "x");
    }

    proptest! {
        #[test]
        fn one_line_whatever_comes(html in "[<>/&;#a-cé \\n\"'!x-]{0,60}") {
            if let Some(text) = plain(&html) {
                prop_assert_eq!(text.trim(), text.as_str());
                prop_assert!(!text.contains('\n') && !text.contains("  ") && !text.is_empty());
            }
        }
    }
}
