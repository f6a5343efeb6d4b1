//! What a person pastes → the addresses to try, in order.

use url::Url;

/// Longest text that can be an address.
const MAX_LENGTH: usize = 4_096;

/// The addresses that `text` may mean, the likeliest first: without a scheme https, then http; `feed:` is what some
/// programs put before the address of a feed. White space and brackets around it are dropped, fragments too.
///
/// # Errors
/// If it is no address of the web: says why.
pub fn addresses(text: &str) -> Result<Vec<Url>, String> {
    let text: String = text.chars().filter(|c| !c.is_control()).take(MAX_LENGTH).collect();
    let text = text
        .trim()
        .trim_start_matches(['<', '"', '\'', '(', '«'])
        .trim_end_matches(['>', '"', '\'', ')', '»', ','])
        .trim();
    let text = without_prefix(text, "url:").trim();
    if text.is_empty() {
        return Err("there is no address".to_owned());
    }
    if text.contains(char::is_whitespace) {
        return Err(format!("\"{text}\" is not an address: there is a space in it"));
    }
    // feed:https://…, feed://https://…, feed://example.org/…
    let bare = ["feed:", "rss:", "podcast:"].iter().find_map(|scheme| {
        let rest = without_prefix(text, scheme);
        (rest.len() < text.len()).then(|| rest.trim_start_matches('/'))
    });
    let text = bare.unwrap_or(text);
    let text = text.strip_prefix("//").unwrap_or(text);
    let read = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => vec![url],
        // `example.org:8080/x` reads as a scheme, `mailto:x` is one.
        Ok(url) if text.contains("://") || !port_follows(text, url.scheme()) => {
            return Err(format!(
                "{}: is not an address of the web, which begins with https:// or http://",
                url.scheme()
            ));
        }
        _ if text.contains("://") => Vec::new(),
        _ => ["https", "http"]
            .iter()
            .filter_map(|scheme| Url::parse(&format!("{scheme}://{text}")).ok())
            .collect(),
    };
    let plausible = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let named = bare.is_none() && !text.contains("://") && !text.contains(':');
        !host.is_empty() && (!named || host.contains('.') || host == "localhost")
    };
    let mut urls: Vec<Url> = read.into_iter().filter(plausible).collect();
    if urls.iter().any(|url| !url.username().is_empty() || url.password().is_some()) {
        return Err("the address holds a user name or password, which is not supported by this version yet"
            .to_owned());
    }
    for url in &mut urls {
        url.set_fragment(None);
    }
    if urls.is_empty() {
        Err(format!("\"{text}\" is not an address; write it as the browser shows it"))
    } else {
        Ok(urls)
    }
}

/// `text` without `prefix`, in any case.
fn without_prefix<'t>(text: &'t str, prefix: &str) -> &'t str {
    match text.split_at_checked(prefix.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
        _ => text,
    }
}

/// Whether what stands behind the colon of `text` is a port rather than the rest of an address with a scheme.
fn port_follows(text: &str, scheme: &str) -> bool {
    let rest = text.get(scheme.len() + 1..).unwrap_or_default();
    rest.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<String> {
        addresses(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .into_iter()
            .map(String::from)
            .collect()
    }

    #[test]
    fn an_address_is_read_as_it_is_pasted() {
        for text in [
            "https://example.org/a",
            " <https://example.org/a> \n",
            "feed:https://example.org/a#top",
            "feed://https://example.org/a",
            "\"https://example.org/a\"",
            "FEED:https://example.org/a",
            "url:https://example.org/a",
        ] {
            assert_eq!(of(text), ["https://example.org/a"], "{text}");
        }
        let both = ["https://example.org/a", "http://example.org/a"];
        for text in ["example.org/a", "//example.org/a", "feed://example.org/a"] {
            assert_eq!(of(text), both, "{text}");
        }
        assert_eq!(of("example.org:8080/a"), ["https://example.org:8080/a", "http://example.org:8080/a"]);
        assert_eq!(of("localhost:80"), ["https://localhost:80/", "http://localhost/"]);
        assert_eq!(of("пример.example"), ["https://xn--e1afmkfd.example/", "http://xn--e1afmkfd.example/"]);
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_reason() {
        for (text, why) in [
            ("  ", "there is no address"),
            ("kim jong un", "a space"),
            ("harbour", "not an address"),
            ("mailto:a@example.org", "mailto: is not"),
            ("ftp://example.org/", "ftp: is not"),
            ("file:///etc/passwd", "file: is not"),
            ("https://me:secret@example.org/", "password"),
            ("https://", "not an address"),
        ] {
            let error = addresses(text).expect_err(text);
            assert!(error.contains(why) && !error.contains("secret"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_an_address_of_the_web_or_an_error(text in "\\PC{0,30}|[a-z:/@.#<> 0-9-]{0,30}") {
            for url in addresses(&text).unwrap_or_default() {
                prop_assert!(matches!(url.scheme(), "http" | "https") && url.has_host() && url.fragment().is_none());
            }
        }
    }
}
