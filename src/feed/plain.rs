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
/// The other elements of HTML. What else looks like a tag is text: `vector<int>`, `</example>`.
const BLOCK: &str = " address area article aside audio base basefont blink blockquote body br button canvas caption \
    center col colgroup data datalist dd details dfn dialog dir div dl dt embed fieldset figcaption figure footer \
    form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input label legend li link main map \
    marquee math menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture \
    plaintext pre progress rb rp rt rtc ruby samp script section select slot source strike style summary svg table \
    tbody td template textarea tfoot th thead time title tr track ul var video xmp ";
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
            Token::Start(tag) if !silent && !is_html(tag.name) => text.push_str(tag.source),
            Token::End(name) if !silent && !is_html(name) => {
                text.push_str("</");
                text.push_str(name);
                text.push('>');
            }
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
        // No tags are left, so this resolves entities and nests nothing.
        text = Html::parse_fragment(&text.replace('<', "&lt;")).root_element().text().collect();
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

/// Whether a tag of this name is one of HTML, or of a name that is never meant to be read (`o:p`, `my-tag`).
fn is_html(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.contains([':', '-']) || among(&INLINE, name) || BLOCK.contains(&format!(" {lower} "))
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
        assert_eq!(of("a vector<int> &amp; </example> &<a"), "a vector<int> & </example> &<a");
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
