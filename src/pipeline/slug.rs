//! What an address says in words, where its page cannot be read and nobody gave it a title.

use url::Url;
use url::form_urlencoded::parse;

/// Shortest number that is an id rather than a year or a count, and shortest hexadecimal one.
const ID: usize = 6;
/// So many letters outside ASCII are words, though nothing parts them.
const UNPARTED: usize = 4;

/// The last part of the path that is words ("…/dam-breaks-in-derna.html": "Dam breaks in derna"), else the address.
pub(super) fn title_of(url: &Url) -> String {
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    let said = parts.into_iter().rev().find_map(|part| {
        let (decoded, _) = parse(part.as_bytes()).next()?;
        let stem = match decoded.rsplit_once('.') {
            Some((stem, kind)) if kind.len() <= 5 && kind.is_ascii() => stem,
            _ => &decoded,
        };
        let words: Vec<&str> = stem
            .split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '-' | '_' | '.' | ','))
            .filter(|word| !word.is_empty() && !is_id(word))
            .collect();
        let spelt = words.iter().filter(|word| word.contains(char::is_alphabetic)).count();
        let unparted = stem.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
        (spelt > 1 || unparted >= UNPARTED).then(|| words.join(" "))
    });
    let Some(said) = said else { return url.to_string() };
    let mut letters = said.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether a word is a number in somebody's database.
fn is_id(word: &str) -> bool {
    word.len() >= ID
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_its_page_is_about() {
        for (address, title) in [
            ("news/2023/09/04/dam-breaks-in-derna", "Dam breaks in derna"),
            ("dam_breaks-in-derna-10345678.html", "Dam breaks in derna"),
            ("2023-floods-kill-16/8f0a77c1/", "2023 floods kill 16"),
            ("news/%C3%A9lection-%C3%A0-paris", "Élection à paris"),
            ("news/%E6%B4%AA%E6%B0%B4%E8%AD%A6%E5%A0%B1.html", "洪水警報"),
            ("x%FF-%00y", "X\u{FFFD} y"),
            ("a/1234.html", "https://example.org/a/1234.html"),
            ("", "https://example.org/"),
        ] {
            let url = format!("https://example.org/{address}").parse().unwrap();
            assert_eq!(title_of(&url), title);
        }
    }
}
