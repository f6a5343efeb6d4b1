//! Dates as pages show them to readers: in several languages, with labels and days of the week, or in the address.

use url::Url;

use super::dates;
use super::noise_words::{Kind, kind_of, month_of};
use crate::clock::Timestamp;

/// Longest text that can be a date with its label.
const MAX_LENGTH: usize = 120;
/// The months as [`dates`] reads them.
const ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// What belongs to a clock, which [`dates`] reads.
const CLOCK_WORDS: [&str; 2] = ["am", "pm"];

/// The date that `text` is, with or without a label ("Published: Monday, 22 November 2026 | Geneva"); `None` for a text
/// that says something else. `day_first`: 3/4 is in April.
pub(super) fn date(text: &str, day_first: bool, now: Timestamp) -> Option<Timestamp> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    // Written for machines: nothing but numbers, and the letters of RFC 3339. Words are looked at first: a date may be
    // what a title is about.
    let machine =
        !text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'T' | 'Z')) && !text.contains('/');
    let read = machine.then(|| dates::parse(text, now)).flatten();
    let mut parts = text.split(['|', '·', '•', '–', '—', '\n']);
    read.or_else(|| parts.find_map(|part| dates::parse(&plain(part, day_first)?, now)))
}

/// The first date in the path of `url`, as a day: the last resort, as some publish under the date of an event.
pub(super) fn of_address(url: &Url, now: Timestamp) -> Option<Timestamp> {
    let path = url.path();
    let numbers: Vec<&str> =
        path.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let spelled = |year: &str, month: &str, day: &str| {
        let fits =
            year.len() == 4 && year.starts_with("20") && month.len() == 2 && (1..=2).contains(&day.len());
        let joined = ["/", "-", "_"].iter().any(|mark| path.contains(&[year, month, day].join(mark)));
        (fits && joined).then(|| format!("{year}-{month}-{day}"))
    };
    let apart = numbers.windows(3).find_map(|window| match window {
        [year, month, day] => spelled(year, month, day),
        _ => None,
    });
    let together = || {
        let number = numbers.iter().find(|number| number.len() == 8 && number.starts_with("20"))?;
        Some(format!("{}-{}-{}", number.get(..4)?, number.get(4..6)?, number.get(6..)?))
    };
    dates::parse(&apart.or_else(together)?, now)
}

/// `text` in the words and the order that [`dates`] knows; `None` if other words stand in it.
fn plain(text: &str, day_first: bool) -> Option<String> {
    let text = text.replace(['年', '月'], "-").replace('日', " ");
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = word.to_lowercase();
        if let Some(name) = month_of(&lower).and_then(|month| ENGLISH.get(month)) {
            words.push((*name).to_owned());
        } else if let Some(day) = day_month_year(word, day_first) {
            words.push(day);
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            let number = word.strip_suffix("er").unwrap_or(word);
            words.push(number.to_owned());
        } else if CLOCK_WORDS.contains(&lower.as_str()) || is_zone(word) {
            words.push(word.to_owned());
        } else if !word.is_empty() && !matches!(kind_of(word), Kind::DatePart | Kind::Update | Kind::Filler) {
            return None;
        }
    }
    Some(words.join(" "))
}

fn is_zone(word: &str) -> bool {
    (3..=4).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_uppercase())
        && kind_of(word) == Kind::DatePart
}

/// "22.11.2026", and "22/11/2026" where the day comes first, as "2026-11-22".
fn day_month_year(word: &str, day_first: bool) -> Option<String> {
    let mark = ['.', '/', '-']
        .into_iter()
        .find(|mark| word.contains(*mark))
        .filter(|mark| *mark != '/' || day_first)?;
    let parts: Vec<&str> = word.split(mark).collect();
    let [day, month, year] = parts[..] else { return None };
    let number = |text: &str| text.parse::<u8>().ok();
    let (day, month) = (number(day)?, number(month)?);
    (year.len() == 4).then(|| format!("{year}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().expect("a time")
    }

    fn day(date: Option<Timestamp>) -> String {
        date.map(|date| date.to_string().chars().take(10).collect()).unwrap_or_default()
    }

    #[test]
    fn dates_are_read_in_several_languages() {
        for text in [
            "22 November 2026",
            "November 22nd, 2026",
            "Published: Sunday, 22 November 2026 at 09:30",
            "22. November 2026",
            "Sonntag, 22.11.2026",
            "Stand: 22.11.2026, 10:15 Uhr",
            "le 22 novembre 2026",
            "22 de noviembre de 2026",
            "22 ноября 2026",
            "2026年11月22日",
            "22/11/2026",
            "Sun 22 Nov 2026 | Geneva",
            "22-11-2026",
            "2026-11-22T09:00:00+01:00",
        ] {
            assert_eq!(day(date(text, false, now())), "2026-11-22", "{text}");
        }
        assert_eq!(day(date("3/4/2026", true, now())), "2026-04-03");
        assert_eq!(date("3/4/2026", false, now()), None, "March or April");
        assert_eq!(day(date("1er mars 2026", false, now())), "2026-03-01");
    }

    #[test]
    fn what_says_more_is_no_date() {
        // As a date of a feed "Novak 2026" is in November: there, nobody writes anything else.
        for text in [
            "Report of 22 November 2026",
            "Novak 2026",
            "Junior 2026",
            "12",
            "Room 12",
            "",
            "3 hours ago",
            "Read more",
            "2026 in numbers",
        ] {
            assert_eq!(date(text, false, now()), None, "{text}");
        }
    }

    #[test]
    fn addresses_may_hold_a_day() {
        let of = |path: &str| {
            let url = Url::parse(&format!("https://example.org{path}")).expect("an address");
            day(of_address(&url, now()))
        };
        assert_eq!(of("/2026/11/22/ships"), "2026-11-22");
        assert_eq!(of("/news/ships-2026-11-02-a"), "2026-11-02");
        assert_eq!(of("/pm/20261102_17"), "2026-11-02");
        for path in ["/2026/11/ships", "/article/20261322", "/12/345/67", "/2027/01/01/x"] {
            assert_eq!(of(path), "", "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "([0-9]{1,4}|[ .,:|/年月日()-]|[A-Za-zäé]{1,5}|november|PM){0,12}", path in "[/0-9a-z_%-]{0,40}") {
            let _ = date(&text, text.len() % 2 == 0, now());
            let _ = Url::parse(&format!("https://example.org/{path}")).map(|url| of_address(&url, now()));
        }
    }
}
