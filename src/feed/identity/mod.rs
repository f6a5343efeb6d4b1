//! Which entry is which. [`identify`] gives each entry of a document the key that the document suggests; [`recognise()`]
//! finds the entries that were seen before, under whatever id and address, and learns how their publisher names them.

use std::collections::{HashMap, HashSet};

use super::Entry;
use crate::text::address::canonical;
use crate::text::fingerprint::fingerprint;

mod claims;
mod learn;
mod link;
mod recognise;
mod says;
#[cfg(test)]
mod tests;

pub use learn::{Learnt, Rule, RuleKind};
pub use recognise::{Is, Recognised, Sighting, recognise};
pub(super) use says::content_hash;

/// Longest key that is kept as it is, in bytes.
const MAX_KEY: usize = 1_024;

/// What an entry can be recognised by: hashes of 8 bytes, so that they can be kept for years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Of its id as published.
    pub id: Option<i64>,
    /// Of the form of its address that identifies it.
    pub link: Option<i64>,
    /// Of the words of its title.
    pub title: Option<i64>,
    /// Of the host that it leads to, the words of its title and its text.
    pub said: Option<i64>,
    /// Of the words of its title and its date.
    pub dated: Option<i64>,
}

/// What is remembered of an entry that was seen before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Its key within the source.
    pub key: String,
    /// Content hash of the last version that was stored; empty if its page is to be tried again.
    pub hash: String,
    /// Failed attempts at its page.
    pub tries: u32,
    /// What it is recognised by.
    pub marks: Marks,
}

/// The mark of `parts`.
fn mark(parts: &[&str]) -> i64 {
    let hash = fingerprint(parts);
    u64::from_str_radix(hash.get(..16).unwrap_or_default(), 16).unwrap_or_default().cast_signed()
}

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
        let says = |entry: &Entry| (entry.content_hash(), entry.url.as_ref().map(canonical));
        let alike = same.iter().filter_map(|at| of(at).map(says)).collect::<HashSet<_>>();
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
