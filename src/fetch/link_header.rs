//! `Link` headers (RFC 8288), for the two relations by which a feed tells of `WebSub`: its hubs and its own address.

use reqwest::header::{HeaderMap, LINK};

/// Longest header line that is read; pages that preload a hundred files have about 8 KiB.
const MOST_BYTES: usize = 16 << 10;
/// Most header lines that are read.
const MOST_LINES: usize = 16;
/// Most hubs that are kept.
const MOST_HUBS: usize = 4;

/// What `Link` headers say, as they say it: addresses may be relative to that of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// `rel="hub"`.
    pub hubs: Vec<String>,
    /// `rel="self"`.
    pub itself: Option<String>,
}

/// Reads the `Link` headers. Links that speak of another document (`anchor`) are passed over (RFC 8288 3.2).
pub(super) fn links(headers: &HeaderMap) -> Links {
    let mut links = Links::default();
    for line in headers.get_all(LINK).iter().take(MOST_LINES) {
        let Ok(mut rest) = std::str::from_utf8(line.as_bytes()) else { continue };
        if rest.len() > MOST_BYTES {
            continue;
        }
        while let Some((_, after)) = rest.split_once('<') {
            let Some((target, parameters)) = after.split_once('>') else { break };
            let (relations, has_anchor, next) = relations(parameters);
            rest = next;
            for relation in relations.split_ascii_whitespace().filter(|_| !has_anchor) {
                if relation.eq_ignore_ascii_case("hub") && links.hubs.len() < MOST_HUBS {
                    links.hubs.push(target.trim().to_owned());
                } else if relation.eq_ignore_ascii_case("self") && links.itself.is_none() {
                    links.itself = Some(target.trim().to_owned());
                }
            }
        }
    }
    links
}

/// The first `rel` among the parameters of one link, whether there is an `anchor`, and what follows the link.
fn relations(text: &str) -> (String, bool, &str) {
    let (mut relations, mut anchor, mut rest) = (None, false, text);
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let end = rest.find(['=', ';', ',']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let mut value = String::new();
        rest = after;
        if let Some(after) = after.strip_prefix('=') {
            (value, rest) = word(after.trim_start());
        }
        match name.trim().to_ascii_lowercase().as_str() {
            // Only the first counts (RFC 8288 3.3).
            "rel" => relations = relations.or(Some(value)),
            "anchor" => anchor = true,
            _ => {}
        }
        rest = rest.trim_start();
        if let Some(next) = rest.strip_prefix(',') {
            return (relations.unwrap_or_default(), anchor, next);
        }
        if !rest.starts_with(';') {
            // The end, or something that is no parameter: the next link begins after a comma.
            let next = rest.split_once(',').map_or("", |(_, next)| next);
            return (relations.unwrap_or_default(), anchor, next);
        }
    }
}

/// A token or a quoted string, and what follows it.
fn word(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, rest) = text.split_at(text.find([';', ',', ' ', '\t']).unwrap_or(text.len()));
        return (word.to_owned(), rest);
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (at, character) in quoted.char_indices() {
        match character {
            _ if escaped => {
                value.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    /// Hubs and own address by these header lines.
    fn read(lines: &[&str]) -> (Vec<String>, Option<String>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(LINK, HeaderValue::from_str(line).unwrap());
        }
        let Links { hubs, itself } = links(&headers);
        (hubs, itself)
    }

    #[test]
    fn row_52_hubs_and_the_own_address_are_found_in_every_spelling() {
        let expected = (vec!["https://hub.example/".to_owned()], Some("/feed".to_owned()));
        for lines in [
            &["<https://hub.example/>; rel=\"hub\", </feed>; rel=self"][..],
            &["<https://hub.example/>;rel=hub", "</feed>;rel=\"self\""],
            &[
                "< https://hub.example/ > ; title=\"a, b; rel=\\\"no\\\"\" ; REL = \"alternate HUB\" , </feed>; rel=self",
            ],
            &[
                "<x>; rel=preload; as=style,<https://hub.example/>;crossorigin;rel=hub,</feed>; rel=self; rel=hub",
            ],
            &[
                "<x>; rel=hub; anchor=\"/other\", junk, <https://hub.example/>; rel=hub, </feed>; rel=self, </b>; rel=self",
            ],
        ] {
            assert_eq!(read(lines), expected, "{lines:?}");
        }
        for nothing in
            ["", "<", "<x", "<x>", "<x>; rel=", "<x>; rel=\"hub", "x; rel=hub", "<x>; relhub", ",,;=<>\"\\"]
        {
            let (hubs, itself) = read(&[nothing]);
            assert!(hubs.len() <= usize::from(nothing.contains("\"hub")) && itself.is_none(), "{nothing}");
        }
    }

    #[test]
    fn long_headers_end_soon() {
        let many = "<h>; rel=hub, ".repeat(500);
        assert_eq!(read(&[&many, &many]).0.len(), MOST_HUBS);
        assert_eq!(read(&[&"<h>; rel=hub,".repeat(2_000)]).0.len(), 0);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(parts in prop::collection::vec(
            prop::sample::select(vec!["<", ">", ";", ",", "=", "\"", "\\", " ", "rel", "hub", "self", "anchor", "é", "x"]), 0..60)
        ) {
            let text = parts.concat();
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
                headers.append(LINK, value);
            }
            prop_assert!(links(&headers).hubs.len() <= MOST_HUBS);
        }
    }
}
