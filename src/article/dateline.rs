//! The date that a reader sees: printed beside the headline, or written into the page's address.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use super::dom::Page;
use crate::clock::Timestamp;
use crate::feed::parse_date;

/// Longest piece of text that may be a dateline, in bytes; longer ones are prose.
const LONGEST: usize = 120;
/// So many pieces of text at the start of the article may be its dateline, if they are short, in characters.
const AFTER: usize = 3;
const SHORT: usize = 60;
/// Most pieces of text that are looked at.
const MOST: usize = 60;
/// Words that stand before the date of a change (or, in Chinese, after it), in lower case.
const CHANGED: [&str; 23] = [
    "updated",
    "update",
    "last modified",
    "modified",
    "edited",
    "aktualisiert",
    "stand:",
    "mis à jour",
    "mise à jour",
    "modifié",
    "actualizado",
    "atualizado",
    "aggiornat",
    "bijgewerkt",
    "uppdaterad",
    "oppdatert",
    "opdateret",
    "güncelle",
    "обновлено",
    "изменено",
    "更新",
    "修改",
    "수정",
];

/// The first date printed in `near`, a range of nodes, that is not the date of a change; else the first of those.
pub(super) fn printed(page: &Page, near: Range<usize>, now: Timestamp) -> Option<Timestamp> {
    let start = near.end;
    let after =
        (start..page.len()).filter(|&node| page.text(node).is_some_and(|text| !text.trim().is_empty()));
    let after = after.take(AFTER).filter(|&node| {
        page.text(node).is_some_and(|text| text.trim().chars().take(SHORT + 1).count() <= SHORT)
    });
    let mut changed = None;
    let mut after_word = false;
    for text in near
        .chain(after)
        .filter_map(|node| page.text(node))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .take(MOST)
    {
        let lower = text.to_lowercase();
        let says = CHANGED.iter().any(|word| lower.contains(word));
        if let Some(date) = dated(text, now) {
            if !says && !after_word {
                return Some(date);
            }
            // "Published 4 May, updated 5 May" in one piece: what stands before the word is the publication.
            let before = CHANGED.iter().filter_map(|word| lower.find(word)).min();
            if let Some(date) = before.and_then(|at| text.get(..at)).and_then(|text| dated(text, now)) {
                return Some(date);
            }
            changed = changed.or(Some(date));
            after_word = false;
        } else {
            after_word = says && text.len() < 40;
        }
    }
    changed
}

/// The day that `text`, a short piece, names in full.
fn dated(text: &str, now: Timestamp) -> Option<Timestamp> {
    if text.len() > LONGEST || !has_day_and_year(text) {
        return None;
    }
    let pieces = || text.split(['|', '·', '•', '–', '—']).filter(|piece| has_day_and_year(piece));
    let words: Vec<&str> = text.split_whitespace().collect();
    // Counts of readers and the like beside it would make it say two things.
    let few = || (1..=4).rev().flat_map(|count| words.windows(count)).map(|words| words.join(" "));
    parse_date(text, now)
        .or_else(|| pieces().find_map(|piece| parse_date(piece, now)))
        .or_else(|| few().filter(|text| has_day_and_year(text)).find_map(|text| parse_date(&text, now)))
}

/// True if the text holds a year and another number: a month and its year are no dateline.
fn has_day_and_year(text: &str) -> bool {
    // Archives are listed by month, with a count: "2005年9月 (1)".
    if [('年', '日'), ('년', '일')].iter().any(|(year, day)| text.contains(*year) && !text.contains(*day))
    {
        return false;
    }
    let numbers = || text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let year = |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    numbers().any(year) && numbers().count() >= 2
        || numbers().any(|number| number.len() == 8 && number.starts_with("20"))
}

/// The day that stands in the path of an address: `/2023/09/04/`, `/2023/sep/04/`, `/2023-09-04-`, `/20230904`.
pub(super) fn in_address(url: &Url, now: Timestamp) -> Option<Timestamp> {
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let day = |text: &str| {
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        let (year, rest) = text.split_at_checked(4)?;
        if !digits(year, 4) || !year.starts_with("20") && !year.starts_with("199") {
            return None;
        }
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let (month, rest) = rest.split_at_checked(2)?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let (day, rest) = rest.split_at_checked(2)?;
        // A longer number is no date, unless a time follows.
        let more = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !digits(month, 2) || !digits(day, 2) || !matches!(more, 0 | 4 | 6) {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let apart = parts.windows(3).find_map(|part| {
        let [year, month, day] = part else { return None };
        let year: i16 = year.parse().ok().filter(|year| (1995..=2100).contains(year))?;
        let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
        let month = number(month).or_else(|| month_name(month))?;
        Date::new(year, month, number(day)?).ok()
    });
    let found = apart.or_else(|| parts.iter().find_map(|part| day(part)))?;
    let found = found.to_zoned(TimeZone::UTC).ok()?.timestamp();
    (found <= now).then_some(found)
}

/// The month of an English short name, as addresses write it.
fn month_name(text: &str) -> Option<i8> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = text.get(..3)?.to_ascii_lowercase();
    let at = NAMES.iter().position(|month| *month == name)?;
    (text.len() <= 9 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| i8::try_from(at + 1).ok())?
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Timestamp, dated, in_address};

    #[test]
    fn datelines_as_pages_print_them() {
        for (text, wanted) in [
            ("September 4, 2023", Some("2023-09-04")),
            ("By A. Bee September 4, 2023", Some("2023-09-04")),
            ("Stand: 04.09.2023, 06:00 Uhr", Some("2023-09-04")),
            ("2023-09-04 18:30 阅读10544次", Some("2023-09-04")),
            ("PRESS.EXAMPLE 2023年9月4日16:36 通讯社", Some("2023-09-04")),
            ("Frankfurt | 13/9/2023 5:54:13", Some("2023-09-13")),
            ("September 2023", None),
            ("03/04/2023", None),
            ("1,200 words", None),
            ("In 2023 some 40 ships came", None),
        ] {
            let found = dated(text, Timestamp::MAX).map(|date| date.to_string()[..10].to_owned());
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn days_in_addresses() {
        let now: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
        for (path, wanted) in [
            ("world/2023/09/04/talks", Some("2023-09-04")),
            ("article/2023/sep/04/talks", Some("2023-09-04")),
            ("releases/2023/12/231213112457.htm", None),
            ("news/2023-09-04-talks", Some("2023-09-04")),
            ("news/20230904/talks", Some("2023-09-04")),
            ("news/20230904183000", Some("2023-09-04")),
            ("news/2023090412345", None),
            ("2023/13/45/talks", None),
            ("2024/05/01/tomorrow", None),
            ("talks-20", None),
            ("é2023/09", None),
        ] {
            let url = Url::parse(&format!("https://press.example/{path}")).unwrap();
            let found = in_address(&url, now).map(|date| date.to_string()[..10].to_owned());
            assert_eq!(found.as_deref(), wanted, "{path}");
        }
    }
}
