//! Pages that stand in for the one that was asked for, with status 200: error pages, walls, shells without content.

use std::collections::HashSet;

use crate::text::sentence::sentences;

/// How the titles of such pages begin, in lower case.
const TITLES: [&str; 41] = [
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
/// What nothing but such a page says, in lower case: most of it to its reader.
const PHRASES: [&str; 26] = [
    "activate javascript",
    "activez javascript",
    "aktivieren sie javascript",
    "checking if the site connection is secure",
    "checking your browser",
    "complete the security check",
    "confirm you are human",
    "confirm that you are not a robot",
    "enable cookies and reload",
    "enable javascript",
    "enable js",
    "habilite javascript",
    "javascript is disabled",
    "javascript is required",
    "javascript to run this app",
    "page could not be found",
    "page you are looking for",
    "page you requested",
    "requires javascript",
    "seite konnte nicht gefunden werden",
    "seite wurde nicht gefunden",
    "turn on javascript",
    "verify that you are human",
    "verify you are human",
    "you have been blocked",
    "your connection needs to be verified",
];
/// What stands at the head of such a page, as a paragraph of its own: within a text it may be said of something else.
const HEADS: [&str; 14] = [
    "401 unauthorized",
    "403 forbidden",
    "404",
    "404 not found",
    "500 internal server error",
    "502 bad gateway",
    "503 service unavailable",
    "504 gateway timeout",
    "access denied",
    "are you a robot",
    "error 404",
    "forbidden",
    "internal server error",
    "page not found",
];
/// What such pages say to their reader and others may quote: it counts where next to nothing is left of the known text.
const HINTS: [&str; 16] = [
    "forgot your password",
    "forgotten your password",
    "log in to continue",
    "please log in",
    "please login",
    "please sign in",
    "please try again later",
    "sign in to continue",
    "site is down for maintenance",
    "site is under maintenance",
    "something went wrong on our end",
    "subscribe to continue",
    "we will be back shortly",
    "we will be back soon",
    "we'll be back soon",
    "your session has expired",
];
/// The same, as a sentence of its own: "the two climbers were not found" is news.
const SENTENCES: [&str; 17] = [
    "an error has occurred",
    "an error occurred",
    "back soon",
    "bad gateway",
    "gateway timeout",
    "loading",
    "log in",
    "login",
    "not found",
    "please try again",
    "please wait",
    "service temporarily unavailable",
    "service unavailable",
    "sign in",
    "something went wrong",
    "too many requests",
    "wartungsarbeiten",
];
/// What banners of consent say, which are long …
const CONSENT: [&str; 3] = ["accept cookies", "we use cookies", "we value your privacy"];
/// … and what their buttons say.
const BUTTONS: [&str; 6] = [
    "accept all",
    "accept all cookies",
    "alle akzeptieren",
    "tout accepter",
    "aceptar todo",
    "accetta tutto",
];
/// Words from which on a text is no error page's, whatever the title.
const FEWEST_WORDS: usize = 40;
/// Words from which on a text is no wall's either.
const WALL_WORDS: usize = 250;
/// A text that shrinks below one part in so many of what it was, is suspected.
const SHRUNK: usize = 4;

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
    let is_head = || text.lines().next().is_some_and(|first| is_one_of(&HEADS, first));
    !has_words(&text, FEWEST_WORDS)
        && (named() || is_head() || PHRASES.iter().any(|phrase| says(&text, phrase)))
}

/// True if `after` stands in for the page that said `before`: nothing of that is left or next to nothing, and it says
/// what walls and error pages say and `before` did not. What is in doubt is a change: nobody would be told of it else.
#[must_use]
pub fn replaces(before: &str, after: &str) -> bool {
    if has_words(after, WALL_WORDS) {
        return false;
    }
    let (old, new) = (before.to_lowercase(), after.to_lowercase());
    let (old_sentences, new_sentences) = (sentences_of(before), sentences_of(after));
    let has_new = |phrases: &[&str]| phrases.iter().any(|phrase| says(&new, phrase) && !says(&old, phrase));
    let has_own = |phrases: &[&str]| {
        new_sentences.iter().any(|own| is_one_of(phrases, own) && !old_sentences.contains(own))
    };
    let shrunk = after.len() < before.len() / SHRUNK;
    let is_left = || new_sentences.iter().any(|sentence| old_sentences.contains(sentence));
    let in_doubt = || has_new(&HINTS) || has_own(&HEADS) || has_own(&SENTENCES);
    (shrunk || !is_left()) && (has_new(&PHRASES) || has_new(&CONSENT) || has_own(&BUTTONS))
        || shrunk && !has_words(after, FEWEST_WORDS) && in_doubt()
}

/// The sentences in lower case: the splitter needs the capitals.
fn sentences_of(text: &str) -> HashSet<String> {
    sentences(text).into_iter().filter_map(|span| text.get(span)).map(str::to_lowercase).collect()
}

/// Whether `text` says `phrase` as whole words; both in lower case.
fn says(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + phrase.len()..));
        !before.is_some_and(|before| before.ends_with(char::is_alphanumeric))
            && !after.is_some_and(|after| after.starts_with(char::is_alphanumeric))
    })
}

/// Whether `text` is one of `phrases` and no more.
fn is_one_of(phrases: &[&str], text: &str) -> bool {
    phrases.contains(&text.trim_matches(|c: char| !c.is_alphanumeric()))
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
    fn what_a_page_may_say_of_its_matter_is_a_change() {
        for (before, after) in [
            ("All systems operational.", "Payments are temporarily unavailable."),
            (
                "Two climbers are missing on the north face.",
                "Search called off: the two climbers were not found.",
            ),
            ("The bridge is open.", "The bridge is closed for maintenance until Friday."),
            ("Berth 4: empty.", "Berth 4: MV Aurora, loading."),
            ("Berth 4\n\nempty", "Berth 4\n\nloading"),
            ("The talks go on.", "The ministers will sign in Geneva on Monday."),
            ("The talks go on.", "Inspectors were denied entry. Access denied, says the agency."),
            ("The parties reject the terms.", "The parties accept all terms."),
            ("The count goes on. We use cookies.", "The count is over. We use cookies."),
            (STATEMENT, "The two climbers were not found."),
            (STATEMENT, "The bridge is down for maintenance."),
            (STATEMENT, "Payments are temporarily unavailable."),
            (STATEMENT, "The ministers will sign in Geneva."),
        ] {
            assert!(!replaces(before, after), "{after}");
        }
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
            ("Statement", "Access Denied\nYou do not have the permission to see this."),
        ] {
            assert!(stands_in(title, text), "{title}: {text}");
        }
        for (title, text) in [
            ("404 killed in flood", "It is so."),
            ("Access denied: island bars inspectors", "The island bars them."),
            ("Error in the count: result void", "The count is void."),
            ("Maintenance of the bridge begins", "It begins on Monday."),
            ("Statement", "An error occurred in the count."),
            ("Statement", "Inspectors were denied entry. Access denied, says the agency."),
            ("Service status", "Login: error 404"),
            ("Gates", "Gate 3\nAccess denied"),
            ("Maintenance | Harbour Authority", "Lock 3 is closed until Friday."),
        ] {
            assert!(!stands_in(title, text), "{title}: {text}");
        }
        assert!(!stands_in("404", &"news ".repeat(40)));
    }
}
