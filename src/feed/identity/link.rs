//! When two links lead to one page: the form of an address that identifies, without what changes from visit to visit.

use url::Url;

use crate::text::address::canonical;

/// Parameters that number a visit, in lower case, wherever they stand.
const SESSIONS: [&str; 10] = [
    "aspxautodetectcookiesupport",
    "cfid",
    "cftoken",
    "jsessionid",
    "oscsid",
    "phpsessid",
    "sessid",
    "session_id",
    "sessionid",
    "zenid",
];
/// Parameters that number a visit on some sites and name an article on others: only a long random value is a visit's.
const PERHAPS_SESSIONS: [&str; 3] = ["s", "session", "sid"];
/// Shortest value that can be a random token, in characters.
const SHORTEST_TOKEN: usize = 16;

/// What was learnt of the links of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Habits {
    /// Names of parameters that change from look to look, in lower case.
    pub(super) changing: Vec<String>,
    /// Whether the fragment tells entries apart.
    pub(super) fragments: bool,
}

/// The form of `url` that identifies an entry: http is https, `www.` and a slash at the end mean nothing, tracking
/// parameters, session numbers and what the source is known to change are gone. `None` for a site's front page, which
/// is no entry's own.
pub(super) fn form(url: &Url, habits: &Habits) -> Option<String> {
    form_of(url, habits, |_| true)
}

/// The page that `url` leads to, as in [`form`], without whatever may be a visitor's number.
pub(super) fn page(url: &Url, habits: &Habits) -> String {
    form_of(url, habits, |value| !is_token(value)).unwrap_or_else(|| place(url))
}

fn form_of(url: &Url, habits: &Habits, counts: impl Fn(&str) -> bool) -> Option<String> {
    let mut pairs: Vec<String> = Vec::new();
    for pair in canonical(url).query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = name.to_ascii_lowercase();
        if !name.is_empty() && !is_session(&name, value) && counts(value) && !habits.changing.contains(&name)
        {
            pairs.push(pair.to_owned());
        }
    }
    pairs.sort_unstable();
    let fragment = url
        .fragment()
        .filter(|text| !text.is_empty() && (habits.fragments || text.starts_with(['!', '/'])))
        .unwrap_or_default();
    let (host, path) = host_and_path(url);
    if path.is_empty() && pairs.is_empty() && fragment.is_empty() {
        return None;
    }
    Some(format!("{host}{path}?{}#{fragment}", pairs.join("&")))
}

/// Host and path of `url` alone, as in [`form`].
pub(super) fn place(url: &Url) -> String {
    let (host, path) = host_and_path(url);
    host + &path
}

fn host_and_path(url: &Url) -> (String, String) {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut path = String::with_capacity(url.path().len());
    for (at, part) in url.path().split('/').enumerate() {
        if at > 0 {
            path.push('/');
        }
        // Servlets put the session into the path: /story;jsessionid=1A2B (RFC 3986 3.3: parameters of a segment).
        for (at, piece) in part.split(';').enumerate() {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            if at == 0 {
                path.push_str(piece);
            } else if !is_session(&name.to_ascii_lowercase(), value) {
                path.push(';');
                path.push_str(piece);
            }
        }
    }
    path.truncate(path.trim_end_matches('/').len());
    (host, path)
}

fn is_session(name: &str, value: &str) -> bool {
    SESSIONS.contains(&name)
        || name.starts_with("aspsessionid")
        || PERHAPS_SESSIONS.contains(&name) && is_token(value)
}

/// Whether `value` looks drawn at random: long, without gaps, of letters and digits.
pub(super) fn is_token(value: &str) -> bool {
    let count = |is: fn(&u8) -> bool| value.bytes().filter(is).count();
    value.len() >= SHORTEST_TOKEN
        && value.bytes().all(|b| b.is_ascii_alphanumeric())
        && count(u8::is_ascii_digit) >= 3
        && count(u8::is_ascii_alphabetic) >= 2
}

/// The parameters of `url` that may say something, in order: name in lower case, value.
pub(super) fn parameters(url: &Url) -> Vec<(String, String)> {
    canonical(url)
        .query()
        .unwrap_or_default()
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, value)| !name.is_empty() && !is_session(name, value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        form(&Url::parse(text).expect("an address"), &Habits::default())
    }

    #[test]
    fn spellings_of_one_page_are_one() {
        let one = of("https://example.org/a/b?id=7");
        for other in [
            "http://www.example.org/a/b/?id=7",
            "https://example.org/a/b?utm_source=rss&id=7#top",
            "https://example.org/a/b;jsessionid=1A2B?id=7&PHPSESSID=x",
            "https://example.org/a/b?sid=0123456789abcdef0123456789abcdef&id=7",
        ] {
            assert_eq!(of(other), one, "{other}");
        }
        for other in
            ["https://example.org/a/c?id=7", "https://example.org/a/b?id=8", "https://m.example.net/a/b?id=7"]
        {
            assert_ne!(of(other), one, "{other}");
        }
    }

    #[test]
    fn a_short_sid_names_an_article() {
        assert_ne!(
            of("https://example.org/article.php?sid=123"),
            of("https://example.org/article.php?sid=124")
        );
    }

    #[test]
    fn a_front_page_is_nobodys_own() {
        assert_eq!(of("https://www.example.org/?utm_source=rss"), None);
        assert_ne!(of("https://www.example.org/?p=1"), None);
        assert_ne!(of("https://www.example.org/#!/story/1"), of("https://www.example.org/#!/story/2"));
    }

    #[test]
    fn what_was_learnt_is_left_out() {
        let habits = Habits { changing: vec!["visit".into()], fragments: true };
        let of = |text: &str| form(&Url::parse(text).expect("an address"), &habits);
        assert_eq!(of("https://example.org/a?Visit=1&id=2#x"), of("https://example.org/a?id=2&visit=3#x"));
        assert_ne!(of("https://example.org/a#x"), of("https://example.org/a#y"));
    }
}
