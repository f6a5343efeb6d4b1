//! Sites whose feeds stand at addresses that follow from those of their pages. Nobody is asked: `table` says how.

use std::collections::HashMap;

use url::Url;

mod table;

/// How the pages of a site lead to its feeds.
struct Rule {
    /// The host: "a.example" alone, ".a.example" with all below it, "a.*" with whatever follows, "*" for any.
    host: &'static str,
    /// The path: words stand for themselves, `{name}` for one part, `{name#}` for a number, `{name@}` for what begins
    /// with @, `{name...}` for all up to the next word, `**` for any rest.
    path: &'static str,
    /// The feeds, the best first, each with what it is: `{name}` as above, `{host}`, `{origin}`, `{query}` with its
    /// question mark, `{?name}` for a parameter, without which the feed is none.
    feeds: &'static [(&'static str, &'static str)],
}

/// The feeds of the page at `url`, the best first, each with what it is. Empty where there is no rule.
#[must_use]
pub fn site_feeds(url: &Url) -> Vec<(Url, &'static str)> {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let path: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let rule = table::RULES.iter().find_map(|rule| {
        let held = is_host(rule.host, &host).then(|| held(rule.path, &path))??;
        Some((rule, held))
    });
    let Some((rule, held)) = rule else { return Vec::new() };
    let feeds = rule
        .feeds
        .iter()
        .filter_map(|(form, why)| Some((Url::parse(&filled(form, url, &host, &held)?).ok()?, *why)));
    // A page that is such a feed itself leads nowhere.
    feeds.filter(|(feed, _)| feed != url).collect()
}

fn is_host(rule: &str, host: &str) -> bool {
    match (rule.strip_prefix('.'), rule.strip_suffix('*')) {
        (Some(domain), _) => {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }
        (None, Some(start)) => host.starts_with(start),
        (None, None) => host == rule,
    }
}

/// What the names in the pattern stand for, if `path` fits it.
fn held<'p>(pattern: &'static str, path: &[&'p str]) -> Option<HashMap<&'static str, Vec<&'p str>>> {
    let mut held = HashMap::new();
    let mut rest = path;
    let mut wanted = pattern.split('/').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = wanted.next() {
        if part == "**" {
            return Some(held);
        }
        let (first, after) = rest.split_first()?;
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            if part != *first {
                return None;
            }
            rest = after;
            continue;
        };
        if let Some(name) = name.strip_suffix("...") {
            let end = rest.iter().position(|part| wanted.peek() == Some(part)).unwrap_or(rest.len());
            let (taken, after) = rest.split_at(end);
            held.insert(name, taken.to_vec());
            if taken.is_empty() {
                return None;
            }
            rest = after;
            continue;
        }
        let fits = match name.chars().last() {
            Some('#') => first.bytes().all(|byte| byte.is_ascii_digit()),
            // `@name@elsewhere` shows an account of another server, which has its feed.
            Some('@') => first
                .strip_prefix('@')
                .is_some_and(|name| !name.is_empty() && !name.contains(['@', '.', '%'])),
            _ => true,
        };
        if !fits {
            return None;
        }
        held.insert(name.trim_end_matches(['#', '@']), vec![first]);
        rest = after;
    }
    rest.is_empty().then_some(held)
}

/// The form of an address with what its names stand for; `None` if one stands for nothing.
fn filled(form: &str, url: &Url, host: &str, held: &HashMap<&'static str, Vec<&str>>) -> Option<String> {
    let mut out = String::new();
    let mut rest = form;
    while let Some((before, name)) = rest.split_once('{') {
        let (name, after) = name.split_once('}')?;
        out.push_str(before);
        match name {
            "host" => out.push_str(host),
            "origin" => out.push_str(&url.origin().ascii_serialization()),
            "query" => out.extend(url.query().into_iter().flat_map(|query| ["?", query])),
            _ => match name.strip_prefix('?') {
                Some(name) => out.push_str(parameter(url, name)?),
                None => out.push_str(held.get(name)?.join("/").trim_end_matches(".git")),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The value of a parameter, as written.
fn parameter<'u>(url: &'u Url, name: &str) -> Option<&'u str> {
    let mut pairs = url.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
