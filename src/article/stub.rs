//! Pages that are not the article although they answered: consent walls, error pages, checks for robots.

/// Fewest words (or thirds of Han and Kana characters) of lead and body that make an article.
const FEWEST_WORDS: usize = 25;
/// Texts up to this many words are looked at for the words of a wall; a real article may speak of cookies.
const SHORT: usize = 150;

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
    let start = text.chars().take(2000).collect::<String>().to_lowercase();
    let says = |kind: &str, phrases: &[&str]| {
        let found = phrases.iter().find(|phrase| heading.contains(**phrase) || start.contains(**phrase))?;
        Some(Stub::Other(format!("the page is {kind}: “{found}”")))
    };
    if words < SHORT {
        let error = ERROR_TITLES.iter().find(|phrase| heading.starts_with(**phrase));
        let error = error.map(|found| Stub::Other(format!("the page is an error page: “{found}”")));
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

/// How the titles of error pages begin.
const ERROR_TITLES: [&str; 9] =
    ["404", "403", "410", "500", "error", "access denied", "service unavailable", "bad gateway", "not found"];
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
