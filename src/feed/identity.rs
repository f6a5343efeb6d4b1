//! Which entry is which: keys that stay the same from poll to poll.

use std::collections::HashMap;

use super::Entry;
use crate::text::address::canonical;
use crate::text::fingerprint::fingerprint;

/// Longest key that is kept as it is, in bytes.
const MAX_KEY: usize = 1_024;

/// Gives each entry its key: its id, else its address, else a hash of title and date. Entries that say the same share
/// one key; those that differ under one all get a second part, as publishers that reuse ids do so in every poll.
#[must_use]
pub fn identify(entries: Vec<Entry>) -> Vec<Entry> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for mut entry in entries {
        entry.key = key(&entry);
        places.entry(entry.key.clone()).or_default().push(kept.len());
        kept.push(entry);
    }
    for same in places.into_values().filter(|same| same.len() > 1) {
        let of = |at: &usize| kept.get(*at);
        let mut addresses: Vec<_> =
            same.iter().filter_map(|at| of(at)?.url.as_ref().map(canonical)).collect();
        addresses.sort_unstable();
        addresses.dedup();
        // By address where that tells all apart: an entry that is edited then keeps its key.
        let by_address = addresses.len() == same.len();
        let alike = same
            .iter()
            .filter_map(|at| Some(of(at)?.content_hash()))
            .collect::<std::collections::HashSet<_>>();
        if alike.len() < 2 {
            continue;
        }
        for at in same {
            let Some(entry) = kept.get_mut(at) else { continue };
            let second = match &entry.url {
                Some(url) if by_address => canonical(url).into(),
                _ => entry.content_hash(),
            };
            entry.key = format!("{} {second}", entry.key);
        }
    }
    kept
}

fn key(entry: &Entry) -> String {
    let key = published_key(entry);
    if key.len() > MAX_KEY { fingerprint(&[key]) } else { key }
}

fn published_key(entry: &Entry) -> String {
    let date = entry.published.or(entry.updated).map(|date| date.to_string());
    match (&entry.id, &entry.url, &entry.title) {
        (Some(id), _, _) => id.clone(),
        (None, Some(url), _) => canonical(url).into(),
        (None, None, Some(title)) => fingerprint(&[title.as_str(), date.as_deref().unwrap_or_default()]),
        (None, None, None) => entry.content_hash(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn entry(id: &str, url: &str, title: &str) -> Entry {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Entry { id: some(id), url: Url::parse(url).ok(), title: some(title), ..Entry::default() }
    }

    fn keys(entries: &[Entry]) -> Vec<String> {
        identify(entries.to_vec()).into_iter().map(|entry| entry.key).collect()
    }

    #[test]
    fn id_then_address_then_title() {
        let all = [
            entry("i", "https://example.org/a", "t"),
            entry("", "https://example.org/a?utm_source=x", "t"),
            entry("", "", "t"),
        ];
        assert_eq!(keys(&all)[..2], ["i", "https://example.org/a"]);
        assert_eq!(keys(&all)[2], fingerprint(&["t", ""]));
    }

    #[test]
    fn the_same_twice_shares_a_key() {
        assert_eq!(keys(&[entry("i", "", "t"), entry("i", "", "t")]), ["i", "i"]);
    }

    #[test]
    fn a_reused_id_is_told_apart_by_address_else_by_content() {
        let (a, b) = (entry("i", "https://example.org/a", "t"), entry("i", "https://example.org/b", "u"));
        assert_eq!(keys(&[a.clone(), b.clone()]), ["i https://example.org/a", "i https://example.org/b"]);
        let (c, d) = (entry("i", "", "t"), entry("i", "", "u"));
        let both = keys(&[c.clone(), d.clone()]);
        assert_eq!(both, [format!("i {}", c.content_hash()), format!("i {}", d.content_hash())]);
        // In whatever order and company they come.
        assert_eq!(keys(&[d.clone(), c.clone(), d]), [both[1].clone(), both[0].clone(), both[1].clone()]);
    }
}
