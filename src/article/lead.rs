//! Where the lead of a text ends.

use super::stub::count;

/// A paragraph of fewer words says nothing by itself: a time, a greeting, a place ("WASHINGTON —").
const FEWEST_WORDS: usize = 5;

/// Longer rows of such paragraphs are lists or verse.
const MAX_PARAGRAPHS: usize = 3;

/// The lead of `text`, whose paragraphs are parted by blank lines, and the rest: the first paragraph, with what follows
/// if it is only a time or a place.
#[must_use]
pub fn split_lead(text: &str) -> (&str, &str) {
    let mut end = 0;
    for _ in 0..MAX_PARAGRAPHS {
        let rest = text.get(end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches('\n').len();
        let paragraph = rest.get(blank..).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
        end += blank + paragraph.len();
        if count(text.get(..end).unwrap_or_default()) >= FEWEST_WORDS {
            break;
        }
    }
    let (lead, body) = text.split_at_checked(end).unwrap_or((text, ""));
    (lead, body.strip_prefix("\n\n").unwrap_or(body))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::split_lead;

    #[test]
    fn the_lead_is_the_first_paragraph_that_says_something() {
        let long = "Kim Jong Un will travel to Russia.";
        assert_eq!(split_lead(&format!("{long}\n\nMore.")), (long, "More."));
        assert_eq!(split_lead(long), (long, ""));
        assert_eq!(split_lead(""), ("", ""));
        assert_eq!(split_lead("More."), ("More.", ""));
        let dated = format!("WASHINGTON —\n\n{long}");
        assert_eq!(split_lead(&format!("{dated}\n\nMore.")), (dated.as_str(), "More."));
        assert_eq!(split_lead("a\n\nb\n\nc\n\nd"), ("a\n\nb\n\nc", "d"));
        assert_eq!(split_lead("金正恩将访问俄罗斯。\n\n再。"), ("金正恩将访问俄罗斯。", "再。"));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "([a-z]{0,3}[ \\n]{0,3}){0,12}") {
            let (lead, body) = split_lead(&text);
            prop_assert_eq!(
                lead.split_whitespace().chain(body.split_whitespace()).collect::<Vec<_>>(),
                text.split_whitespace().collect::<Vec<_>>()
            );
            prop_assert!(text.starts_with(lead) && text.ends_with(body));
        }
    }
}
