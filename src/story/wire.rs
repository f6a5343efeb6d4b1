//! What wires write around their news: datelines, signers, end marks. It is the same in every brief of an agency, and
//! rare elsewhere, so it would make unlike briefs alike.

use super::gazetteer::{self, words_of};
use super::mention::MONTHS;

/// Bytes in which a dateline ends, and words that stand in it before the agency.
const DATELINE: usize = 100;
const DATELINE_WORDS: usize = 8;
/// A signers' line is not longer, in bytes.
const SIGNED: usize = 400;

/// How signers' lines and end marks begin, in lower case.
#[rustfmt::skip]
const SIGNERS: &[&str] = &[
    "reporting by ", "additional reporting by ", "editing by ", "writing by ", "compiled by ", "reporting and editing by ",
    "reporting and writing by ", "our standards: ", "(end)",
];

/// `text` without its dateline, its signers and its end marks.
pub(super) fn body(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for (number, paragraph) in paragraphs.enumerate() {
        let news = if number == 0 { without_dateline(paragraph) } else { paragraph };
        if !is_signed(news) {
            without_signers(news, &mut kept);
            kept.push('\n');
        }
    }
    kept
}

/// `paragraph` behind "SEOUL, Sept. 4 (Yonhap) --", "MOSCOW, September 4. /TASS/." or "(서울=연합뉴스)".
fn without_dateline(paragraph: &str) -> &str {
    let top = paragraph.get(..paragraph.floor_char_boundary(DATELINE)).unwrap_or_default();
    let parts = [('(', ')'), ('/', '/')].into_iter().find_map(|(open, close)| {
        let (place, rest) = top.split_once(open)?;
        let (agency, rest) = rest.split_once(close)?;
        Some((place, agency, rest))
    });
    let Some((place, agency, rest)) = parts else { return paragraph };
    let news = paragraph.get(top.len() - rest.len()..).unwrap_or_default();
    if place.is_empty() && agency.contains('=') {
        return news;
    }
    let dashes = |c: char| matches!(c, '-' | '–' | '—');
    let set_off = rest.trim_start().starts_with(dashes) || rest.starts_with('.');
    let known = gazetteer::by_name(agency).is_some();
    let words = words_of(place).count();
    let named =
        words_of(place).all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let first = words_of(place).next().unwrap_or_default();
    let shouted = words > 0 && first.chars().all(char::is_uppercase) || is_month(first);
    if set_off && named && words <= DATELINE_WORDS && (known || shouted) && words_of(agency).count() <= 5 {
        return news.trim_start_matches(|c: char| dashes(c) || c == '.' || c.is_whitespace());
    }
    paragraph
}

fn is_month(word: &str) -> bool {
    let word = word.to_lowercase();
    word.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(&word))
}

/// Whether the paragraph as a whole is signers', an end mark or an address to write to.
fn is_signed(paragraph: &str) -> bool {
    let address = paragraph.contains('@') && paragraph.split_whitespace().nth(3).is_none();
    paragraph.len() <= SIGNED && starts_signed(paragraph) || address
}

fn starts_signed(text: &str) -> bool {
    SIGNERS.iter().any(|begin| text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin)))
}

/// Adds `paragraph` to `kept` but for the brackets "(Reporting by …)" and "(END)".
fn without_signers(paragraph: &str, kept: &mut String) {
    let mut rest = paragraph;
    while let Some((before, bracket)) = rest.split_once('(') {
        kept.push_str(before);
        kept.push(' ');
        let signed =
            starts_signed(bracket) || bracket.get(..4).is_some_and(|end| end.eq_ignore_ascii_case("end)"));
        rest = match bracket.split_once(')') {
            Some((_, after)) if signed => after,
            None if signed => "",
            _ => bracket,
        };
    }
    kept.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_news_of_a_brief_remains() {
        for (brief, news) in [
            ("SEOUL, Sept. 4 (Yonhap) -- Rice is dear.\n\n(END)", "Rice is dear."),
            ("NEW YORK (Reuters) - Rice is dear. (Reporting by A. Bee; Editing by C. Dee)", "Rice is dear."),
            ("Seoul (CNN) — Rice is dear.\n\nReporting by A. Bee", "Rice is dear."),
            ("Sept 4 (Reuters) - Rice is dear.\n\n(Writing by A. Bee", "Rice is dear."),
            ("MOSCOW, September 4. /TASS/. Rice is dear.", "Rice is dear."),
            ("(서울=연합뉴스) 쌀값이 올랐다.\n\nbee@example.com", "쌀값이 올랐다."),
        ] {
            assert_eq!(body(brief).split_whitespace().collect::<Vec<_>>().join(" "), news);
        }
    }

    #[test]
    fn brackets_that_are_news_remain() {
        for text in
            ["The Workers' Party (WPK) - the only one - met.", "He (Kim) said: reporting by radio is slow."]
        {
            let words = |text: &str| words_of(text).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(words(&body(text)), words(text));
        }
    }
}
