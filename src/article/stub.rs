//! Pages that are not the article although they answered: consent walls, error pages, checks for robots.

/// Fewest words (or thirds of Han and Kana characters) of lead and body that make an article.
pub(super) const FEWEST_WORDS: usize = 25;
/// Texts up to this many words are looked at for the words of a wall; a real article may speak of cookies.
const SHORT: usize = 150;
/// Texts of fewer words are looked at whole, and may be error pages by their title.
const SCANT: usize = 40;
/// Where the words of a wall stand in longer texts, in characters.
const FIRST_SENTENCES: usize = 160;

/// What a page is instead of an article, in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stub {
    /// Something else: a wall, an error page.
    Other(String),
    /// Too little text, whatever it is.
    Short(String),
}

/// What the page is instead of an article, if it is none.
pub(super) fn stub(title: &str, text: &str) -> Option<Stub> {
    let words = count(text);
    let heading = title.to_lowercase();
    // A wall is all there is on its page, or comes first.
    let seen = if words < SCANT { 2000 } else { FIRST_SENTENCES };
    let start = text.chars().take(seen).collect::<String>().to_lowercase();
    let says = |kind: &str, phrases: &[&str]| {
        let titled = |phrase: &str| {
            heading
                .strip_prefix(phrase)
                .is_some_and(|rest| words < SCANT || !rest.contains(char::is_alphanumeric))
        };
        let found = phrases.iter().find(|phrase| titled(phrase) || start.contains(**phrase))?;
        Some(Stub::Other(format!("the page is {kind}: “{found}”")))
    };
    if words < SHORT {
        let error = words < SCANT && is_error_title(&heading);
        let error = error.then(|| Stub::Other(format!("the page is an error page: “{heading}”")));
        let other = error
            .or_else(|| says("an error page", &NOT_FOUND))
            .or_else(|| says("a check for robots", &CHECKS))
            .or_else(|| says("a consent wall", &WALLS));
        if other.is_some() {
            return other;
        }
    }
    (words < FEWEST_WORDS)
        .then(|| Stub::Short(format!("the page has {words} words of text, too few for an article")))
}

/// Words of a text; three Han or Kana characters are about two words.
pub(super) fn count(text: &str) -> usize {
    let dense =
        text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')).count();
    text.split_whitespace().count() + dense * 2 / 3
}

/// True for a title (in lower case) that says no more than an error page's does, but for a site's name: "404 not
/// found | the post". "404 killed in flood" is news.
fn is_error_title(title: &str) -> bool {
    let split = [" - ", " – ", " — ", " | "].iter().find_map(|mark| title.split_once(mark));
    let head = split.map_or(title, |(head, _)| head);
    let bare = head.trim_matches(|c: char| !c.is_alphanumeric());
    ERROR_TITLES.iter().any(|phrase| bare.starts_with(phrase))
        && bare
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(|word| ERROR_WORDS.contains(&word))
}

/// How the titles of error pages begin.
const ERROR_TITLES: [&str; 9] =
    ["404", "403", "410", "500", "error", "access denied", "service unavailable", "bad gateway", "not found"];
/// The words that such titles are made of.
const ERROR_WORDS: [&str; 21] = [
    "404",
    "403",
    "410",
    "500",
    "502",
    "503",
    "error",
    "http",
    "page",
    "not",
    "found",
    "forbidden",
    "gone",
    "access",
    "denied",
    "service",
    "unavailable",
    "internal",
    "server",
    "bad",
    "gateway",
];
/// What error pages say.
const NOT_FOUND: [&str; 7] = [
    "страница не найдена",
    "page not found",
    "page you requested could not be found",
    "page you are looking for",
    "page no longer exists",
    "seite nicht gefunden",
    "页面不存在",
];
/// What checks for robots say.
const CHECKS: [&str; 10] = [
    "just a moment",
    "enable javascript",
    "javascript is disabled",
    "verify you are human",
    "are you a robot",
    "not a robot",
    "checking your browser",
    "unusual traffic",
    "attention required",
    "pardon our interruption",
];
/// What consent walls say.
const WALLS: [&str; 9] = [
    "before you continue",
    "accept all cookies",
    "we value your privacy",
    "we and our partners",
    "cookies and similar technologies",
    "manage your consent",
    "your privacy choices",
    "cookie-einstellungen",
    "gérer vos cookies",
];

#[cfg(test)]
mod tests {
    use super::stub;

    #[test]
    fn news_may_begin_as_error_pages_do() {
        let text = "The governor said so on Monday after a long day of talks in the capital, and more is \
                    to be known by the end of the week, officials told reporters there.";
        for title in [
            "404 killed in flood",
            "500 shells for the front",
            "Not found guilty",
            "Error in the capital",
            "Access denied: island bars inspectors",
            "Just a moment of quiet for the fallen of the flood",
        ] {
            let words = text.repeat(if title.starts_with("Just") { 2 } else { 1 });
            assert_eq!(stub(title, &words), None, "{title}");
        }
        for title in
            ["404", "404 Not Found | The Post", "Error: page not found", "Access Denied", "403 - Forbidden"]
        {
            assert!(stub(title, text).is_some(), "{title}");
        }
        let late = format!("{text} {text} Shops speak of unusual traffic.");
        assert_eq!(stub("Shops reopen", &late), None);
        assert!(stub("Portal", "We value your privacy. Choose below.").is_some());
    }
}
