//! Pages that stand in for the one that was asked for, with status 200: error pages, walls, shells without content.

use std::collections::HashSet;

use crate::text::sentence::sentences;

/// How the titles of such pages begin, in lower case.
const TITLES: [&str; 42] = [
    "400",
    "401",
    "403",
    "404",
    "410",
    "429",
    "500",
    "502",
    "503",
    "504",
    "520",
    "521",
    "522",
    "access denied",
    "access to this page has been denied",
    "are you a robot",
    "attention required",
    "bot verification",
    "checking your browser",
    "connexion",
    "error",
    "forbidden",
    "just a moment",
    "log in",
    "login",
    "maintenance",
    "not found",
    "page introuvable",
    "page not found",
    "page non trouvée",
    "página no encontrada",
    "please wait",
    "request blocked",
    "request rejected",
    "security check",
    "seite nicht gefunden",
    "service unavailable",
    "sign in",
    "site maintenance",
    "temporarily unavailable",
    "under maintenance",
    "страница не найдена",
];
/// What else such titles say before a site's name: "404 killed in flood" is news.
const TITLE_WORDS: [&str; 36] = [
    "a",
    "an",
    "and",
    "at",
    "bad",
    "below",
    "by",
    "check",
    "denied",
    "error",
    "fehler",
    "erreur",
    "for",
    "forbidden",
    "found",
    "gateway",
    "gone",
    "http",
    "in",
    "internal",
    "many",
    "not",
    "page",
    "permission",
    "required",
    "server",
    "service",
    "status",
    "temporarily",
    "the",
    "timeout",
    "to",
    "too",
    "unavailable",
    "unauthorized",
    "requests",
];
/// What nothing but such a page says, in lower case.
const PHRASES: [&str; 33] = [
    "404 not found",
    "403 forbidden",
    "502 bad gateway",
    "access denied",
    "activate javascript",
    "activez javascript",
    "aktivieren sie javascript",
    "are you a robot",
    "checking if the site connection is secure",
    "checking your browser",
    "complete the security check",
    "confirm you are human",
    "confirm that you are not a robot",
    "enable cookies and reload",
    "enable javascript",
    "enable js",
    "error 404",
    "habilite javascript",
    "internal server error",
    "javascript is disabled",
    "javascript is required",
    "javascript to run this app",
    "page could not be found",
    "page not found",
    "page you are looking for",
    "page you requested",
    "requires javascript",
    "seite konnte nicht gefunden werden",
    "seite wurde nicht gefunden",
    "turn on javascript",
    "verify that you are human",
    "verify you are human",
    "you have been blocked",
];
/// What such pages say and others may: it counts in a short text where nothing of the known one is left.
const HINTS: [&str; 24] = [
    "an error has occurred",
    "an error occurred",
    "back online soon",
    "back shortly",
    "back soon",
    "bad gateway",
    "down for maintenance",
    "forgot your password",
    "gateway timeout",
    "loading",
    "log in",
    "logged in",
    "maintenance",
    "not found",
    "please try again",
    "please wait",
    "service unavailable",
    "session has expired",
    "sign in",
    "something went wrong",
    "subscribe to continue",
    "temporarily unavailable",
    "too many requests",
    "wartungsarbeiten",
];
/// What banners of consent say, which are long.
const CONSENT: [&str; 7] = [
    "accept all",
    "accept cookies",
    "alle akzeptieren",
    "tout accepter",
    "aceptar todo",
    "we use cookies",
    "we value your privacy",
];
/// Words from which on a text is no error page's, whatever the title.
const FEWEST_WORDS: usize = 40;
/// Words from which on a text is no wall's either.
const WALL_WORDS: usize = 250;
/// A text that shrinks below one part in so many of what it was, is suspected.
const SHRUNK: usize = 5;

/// True if a page of this title and text stands in for the page that was asked for.
pub(super) fn stands_in(title: &str, paragraphs: &[String]) -> bool {
    let (title, text) = (title.to_lowercase(), paragraphs.join("\n").to_lowercase());
    let split = [" - ", " – ", " — ", " | "].iter().find_map(|mark| title.split_once(mark));
    let head = split.map_or(title.as_str(), |(head, _)| head).trim();
    let plain = |rest: &str| {
        rest.split(|c: char| !c.is_alphanumeric()).all(|word| {
            let is_status = word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
            word.is_empty() || is_status || TITLE_WORDS.contains(&word)
        })
    };
    let named = || TITLES.iter().filter_map(|start| head.strip_prefix(start)).any(plain);
    !has_words(&text, FEWEST_WORDS) && (named() || PHRASES.iter().any(|phrase| text.contains(phrase)))
}

/// True if `after` stands in for the page that said `before`: nothing of that is left or next to nothing, and it says
/// what walls and error pages say.
#[must_use]
pub fn replaces(before: &str, after: &str) -> bool {
    let lower = after.to_lowercase();
    let shrunk = || after.len() < before.len() / SHRUNK;
    let left = || {
        let old: HashSet<&str> = sentences(before).into_iter().filter_map(|span| before.get(span)).collect();
        sentences(after).into_iter().filter_map(|span| after.get(span)).any(|sentence| old.contains(sentence))
    };
    let says = |phrases: &[&str], words| {
        !has_words(&lower, words) && phrases.iter().any(|phrase| lower.contains(phrase))
    };
    (says(&PHRASES, WALL_WORDS) || says(&CONSENT, WALL_WORDS) || says(&HINTS, FEWEST_WORDS))
        && (shrunk() || !left())
}

fn has_words(text: &str, count: usize) -> bool {
    text.split_whitespace().nth(count - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENT: &str = "The ministry rejects the report. Talks with both governments go on, and the embassy in the \
        capital stays open.\n\nThe minister will speak on Tuesday. Visitors are asked to come early, as the \
        hall has few seats. All speeches are interpreted.\n\nThe programme is at the end of this page.";

    #[test]
    fn walls_and_error_pages_replace_what_was_there() {
        for wall in [
            "Please log in to continue.\n\nForgot your password?",
            "We value your privacy\n\nWe and our 812 partners store cookies on your device. Accept all",
            "Our site is down for maintenance. We will be back shortly.",
            "Something went wrong. Please try again.",
            "Loading…",
            "Subscribe to continue reading.",
        ] {
            assert!(replaces(STATEMENT, wall), "{wall}");
        }
    }

    #[test]
    fn a_text_that_says_something_else_is_a_change() {
        let grown = format!(
            "{STATEMENT}\n\nA login is needed for the live stream. An error occurred in the first count."
        );
        let replies = [
            "The minister has resigned. He gave no reasons.",
            "This statement was withdrawn.",
            "This page is no longer available.",
            "We apologise for the error in the report. The count is void.",
            grown.as_str(),
        ];
        for news in replies {
            assert!(!replaces(STATEMENT, news), "{news}");
        }
        let long = format!(
            "An error occurred in the count. {}",
            "The result of the vote in this town is void. ".repeat(40)
        );
        assert!(!replaces(STATEMENT, &long));
    }

    #[test]
    fn a_page_by_itself_is_known_by_its_title_or_by_what_it_asks() {
        let stands_in = |title: &str, text: &str| super::stands_in(title, &[text.to_owned()]);
        for (title, text) in [
            ("404 Not Found | The Post", "Gone."),
            ("Just a moment...", "Checking"),
            ("Statement", "You need to enable JavaScript to run this app."),
            ("Statement", "Verify you are human by completing the action below."),
            ("Error 503", "x"),
            ("Login - Ministry", "User name"),
            ("Seite nicht gefunden – Ministerium", "x"),
        ] {
            assert!(stands_in(title, text), "{title}: {text}");
        }
        for (title, text) in [
            ("404 killed in flood", "It is so."),
            ("Access denied: island bars inspectors", "The island bars them."),
            ("Error in the count: result void", "The count is void."),
            ("Maintenance of the bridge begins", "It begins on Monday."),
            ("Statement", "An error occurred in the count."),
        ] {
            assert!(!stands_in(title, text), "{title}: {text}");
        }
        assert!(!stands_in("404", &"news ".repeat(40)));
    }
}
