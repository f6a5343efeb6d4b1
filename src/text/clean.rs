//! Text from the network made fit for a line of a log, a terminal or a notification: nothing in it can start a new
//! line, move the cursor, set colours or reverse what is read.

/// `text` as one line. White space of any kind, line breaks included, becomes one space; other control characters
/// (C0, DEL, C1) and bidirectional embeddings, overrides and isolates become visible escapes such as `\u{1b}`, so
/// that an attempt can be seen. Linear in the length of `text`.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !line.is_empty() {
            line.push(' ');
        }
        gap = false;
        if is_unfit(c) { line.extend(c.escape_unicode()) } else { line.push(c) }
    }
    line
}

/// `text` with its lines kept (separated by `\n`) and whatever else controls a display dropped. For places where an
/// escape would only be noise.
#[must_use]
pub fn without_controls(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
            '\t' => Some(' '),
            c if is_unfit(c) => None,
            c => Some(c),
        })
        .collect()
}

/// The first `most` characters of `text`; the last of them is an ellipsis if something was cut off.
#[must_use]
pub fn bounded(text: &str, most: usize) -> String {
    if text.char_indices().nth(most).is_none() {
        return text.to_owned();
    }
    let Some(kept) = most.checked_sub(1) else { return String::new() };
    let mut short: String = text.chars().take(kept).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Control characters, and the characters that reorder what stands around them (Unicode Bidirectional Algorithm,
/// UAX #9, section 2; the "trojan source" set). The marks LRM, RLM and ALM order nothing but themselves and stay.
fn is_unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_headline_cannot_start_a_line_or_set_a_colour() {
        assert_eq!(one_line("Kim\r\n<3>forged"), "Kim <3>forged");
        assert_eq!(one_line("a\u{2028}b\u{85}c\td"), "a b c d");
        assert_eq!(one_line("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(one_line("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(one_line("safe\u{202e}gpj.exe\u{2066}"), "safe\\u{202e}gpj.exe\\u{2066}");
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        let text = "Ким Чен Ын — “yes”, 北朝鮮 \u{200f}ישראל\u{200f} 👩\u{200d}🚀";
        assert_eq!(one_line(text), text);
        assert_eq!(without_controls(text), text);
    }

    #[test]
    fn lines_are_kept_where_they_are_wanted() {
        assert_eq!(without_controls("one\r\ntwo\u{2029}\u{1b}[1mthree\u{202d}\t4"), "one\ntwo\n[1mthree 4");
    }

    #[test]
    fn bounds_count_characters() {
        assert_eq!(bounded("äöü", 3), "äöü");
        assert_eq!(bounded("äöüß", 3), "äö…");
        assert_eq!(bounded("ab cd", 4), "ab…");
        assert_eq!(bounded("ab", 1), "…");
        assert_eq!(bounded("ab", 0), "");
    }

    proptest! {
        #[test]
        fn one_line_is_one_line(text in any::<String>()) {
            let line = one_line(&text);
            prop_assert!(!line.chars().any(is_unfit));
            prop_assert_eq!(one_line(&line), line.clone());
        }

        #[test]
        fn nothing_but_line_feeds_control(text in any::<String>()) {
            prop_assert!(!without_controls(&text).chars().any(|c| c != '\n' && is_unfit(c)));
        }

        #[test]
        fn bounded_is_never_longer(text in any::<String>(), most in 0usize..40) {
            prop_assert!(bounded(&text, most).chars().count() <= most);
        }
    }
}
