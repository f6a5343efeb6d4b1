//! What is remembered of the sitemaps of an index from look to look, and which of them a look reads. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::alert::FailingPart;
use crate::clock::{Timestamp, earlier, since};
use crate::feed::{Child, Entry};
use crate::source::Validators;

const DAY: Duration = Duration::from_hours(24);
/// A sitemap that changed within this time before it was read may have changed again since: dates are often days, in
/// some zone.
const SLACK: Duration = Duration::from_hours(48);
/// A sitemap that was last changed longer ago is an archive, and what it holds at the first look is not read.
const ARCHIVE: Duration = Duration::from_hours(30 * 24);
/// After this time a sitemap is read again whatever the index says of it: some never move their dates.
const REREAD: Duration = Duration::from_hours(7 * 24);
/// So many that changed last are read at every look.
const ALWAYS: usize = 3;
/// Of so many whose entries wait for the next look, that look reads them before others.
const MAX_AGAIN: usize = 7;
/// Most sitemaps that are remembered.
const MAX_REMEMBERED: usize = 4_000;
/// Of what is said of a failure, so much is kept, in characters.
const MAX_ERROR: usize = 300;
/// What the file of a sitemap of news has in its name.
const NEWS_NAMES: [&str; 3] = ["news", "latest", "recent"];

/// The sitemaps that an index has named, by address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Memory(BTreeMap<String, Remembered>);

/// Which sitemaps that an index names for the first time hold news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// All: the index is known, they are new in it.
    All,
    /// At the first look of a source whose first look is news: those that are no archives.
    Recent,
    /// At the first look of any other source.
    None,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    /// What the index says now of its last change …
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<Timestamp>,
    /// … and what it said when it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<Timestamp>,
    /// When it was last read whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<Timestamp>,
    /// When it was last asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Timestamp>,
    /// When it was last found changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Timestamp>,
    /// It was there at the first look, at this time, and was not read: most of what it holds is no news.
    #[serde(skip_serializing_if = "Option::is_none")]
    unread_since: Option<Timestamp>,
    /// Some of its entries wait for the next look.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    again: bool,
    /// Fingerprint of its body.
    #[serde(skip_serializing_if = "String::is_empty")]
    hash: String,
    #[serde(skip_serializing_if = "Validators::is_empty")]
    validators: Validators,
    /// It could not be had when it was last asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing: Option<FailingPart>,
}

impl Memory {
    /// As it was written; `None` if nothing is remembered.
    pub(super) fn read(text: Option<&str>) -> Option<Self> {
        serde_json::from_str(text?).ok()
    }

    /// To be read at the next look. An index that named nothing leaves nothing: the next one is the first.
    pub(super) fn write(&self) -> Option<String> {
        if self.0.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// Makes the next request for each unconditional, and has what it brings read anew.
    pub(super) fn forget_answers(&mut self) {
        for known in self.0.values_mut() {
            (known.validators, known.hash) = (Validators::default(), String::new());
        }
    }

    /// Takes in what an index names; those that were not known before are `news`, or were there at the first look.
    pub(super) fn list(&mut self, children: &[Child], news: News, now: Timestamp) {
        for child in children {
            let was_there = match news {
                News::All => false,
                News::Recent => child.modified.is_some_and(|modified| modified < earlier(now, ARCHIVE)),
                News::None => true,
            };
            let new = || Remembered { unread_since: was_there.then_some(now), ..Remembered::default() };
            self.0.entry(child.url.to_string()).or_insert_with(new).listed = child.modified;
        }
        let excess = self.0.len().saturating_sub(MAX_REMEMBERED);
        if excess == 0 {
            return;
        }
        // Long forgotten ones are dropped first: if they come back, their entries are known. Those of one that was not
        // read would all be news.
        let listed: HashSet<&str> = children.iter().map(|child| child.url.as_str()).collect();
        let others = self.0.iter().filter(|(url, _)| !listed.contains(url.as_str()));
        let mut others: Vec<_> =
            others.map(|(url, known)| (known.unread_since.is_some(), known.asked, url.clone())).collect();
        others.sort_unstable();
        for (_, _, url) in others.into_iter().take(excess) {
            self.0.remove(&url);
        }
    }

    /// Which of `children` are to be asked for at `now`, the most urgent first: those that are new, those that changed
    /// last, those that changed or may have, those that were not read for long; of these the ones that were not asked
    /// for the longest. One that was not asked for the longest of all comes before those that are read at every look: these
    /// may be so large that the look reads no other.
    pub(super) fn due(&self, children: &[Child], now: Timestamp) -> Vec<Child> {
        let of = |child: &Child| self.0.get(child.url.as_str()).cloned().unwrap_or_default();
        let mut all: Vec<(Child, Remembered)> =
            children.iter().map(|child| (child.clone(), of(child))).collect();
        all.sort_by_key(|(_, known)| Reverse(known.listed.max(known.changed)));
        let mut due: Vec<(u8, Remembered, Child)> = all
            .into_iter()
            .enumerate()
            .filter_map(|(place, (child, known))| {
                let place = if is_of_news(&child) { 0 } else { place };
                Some((known.rank(place, now)?, known, child))
            })
            .collect();
        // Stable: of equal ones the newest stays first.
        due.sort_by_key(|(_, known, _)| known.asked);
        let again = due.iter_mut().filter(|(rank, known, _)| known.again && *rank > 1);
        again.take(MAX_AGAIN).for_each(|(rank, _, _)| *rank = 1);
        let longest = due.iter().position(|(rank, _, _)| *rank > 0);
        if let Some((rank, _, _)) = longest.and_then(|at| due.get_mut(at)) {
            *rank = 1;
        }
        due.sort_by_key(|(rank, _, _)| *rank);
        due.into_iter().map(|(_, _, child)| child).collect()
    }

    /// The validators to send for `child`.
    pub(super) fn validators(&self, child: &Child, now: Timestamp) -> Validators {
        let known = self.0.get(child.url.as_str());
        let fresh = known.filter(|known| known.read.is_some_and(|read| since(now, read) < REREAD));
        fresh.map(|known| known.validators.clone()).unwrap_or_default()
    }

    /// Whether `hash` is the fingerprint of what `child` held when it was last read.
    pub(super) fn holds(&self, child: &Child, hash: &str) -> bool {
        self.0.get(child.url.as_str()).is_some_and(|known| known.hash == hash)
    }

    /// Notes that `child` was asked for.
    pub(super) fn asked(&mut self, child: &Child, now: Timestamp) {
        let known = self.0.entry(child.url.to_string()).or_default();
        (known.asked, known.again) = (Some(now), false);
    }

    /// Notes that `child` could not be had, with the reason.
    pub(super) fn failed(&mut self, child: &Child, why: &str, now: Timestamp) {
        let known = self.0.entry(child.url.to_string()).or_default();
        let before = known.failing.take().filter(|failing| failing.since <= now);
        known.failing = Some(FailingPart {
            since: before.as_ref().map_or(now, |failing| failing.since),
            times: before.map_or(1, |failing| failing.times.saturating_add(1)),
            error: why.chars().take(MAX_ERROR).collect(),
        });
    }

    /// Notes that `child` answered well.
    pub(super) fn answered(&mut self, child: &Child) {
        if let Some(known) = self.0.get_mut(child.url.as_str()) {
            known.failing = None;
        }
    }

    /// The one that fails for the longest of those that are still `named`, and are asked for.
    pub(super) fn failing(&self, named: impl Fn(&str) -> bool, now: Timestamp) -> Option<&FailingPart> {
        let is_asked = |known: &Remembered| known.asked.is_some_and(|asked| since(now, asked) <= REREAD);
        let asked = self.0.iter().filter(|(url, known)| named(url) && is_asked(known));
        let failing = asked.filter_map(|(_, known)| known.failing.as_ref());
        failing.min_by_key(|failing| (failing.since, Reverse(failing.times)))
    }

    /// Notes that `child` holds what it held.
    pub(super) fn unchanged(&mut self, child: &Child, now: Timestamp) {
        let known = self.0.entry(child.url.to_string()).or_default();
        known.read_as = known.listed;
        // What an old date proves depends on when it was looked at.
        known.read = known.read.map(|_| now);
    }

    /// Notes that `child` was read whole.
    pub(super) fn was_read(&mut self, child: &Child, now: Timestamp, hash: String, validators: Validators) {
        let known = self.0.entry(child.url.to_string()).or_default();
        if known.hash != hash {
            known.changed = Some(now);
        }
        (known.read, known.read_as, known.unread_since) = (Some(now), known.listed, None);
        (known.hash, known.validators) = (hash, validators);
    }

    /// Notes that `child` was read as far as it goes before it breaks off.
    pub(super) fn was_taken(&mut self, child: &Child) {
        self.0.entry(child.url.to_string()).or_default().unread_since = None;
    }

    /// Notes that `child` is an index itself, which has no news of its own and is read at every look; returns whether
    /// what it names was there at the first look.
    pub(super) fn is_index(&mut self, child: &Child) -> bool {
        self.0.get_mut(child.url.as_str()).and_then(|known| known.unread_since.take()).is_some()
    }

    /// Has `child` read anew, as some of its entries wait.
    pub(super) fn reread(&mut self, child: &Child) {
        let known = self.0.entry(child.url.to_string()).or_default();
        (known.read_as, known.hash, known.validators) = (None, String::new(), Validators::default());
        known.again = true;
    }

    /// Whether `entry` of `child` is no news: it was there at the first look, for all that can be known.
    pub(super) fn was_there(&self, child: &Child, entry: &Entry) -> bool {
        let unread = self.0.get(child.url.as_str()).and_then(|known| known.unread_since);
        let date = entry.published.or(entry.updated);
        unread.is_some_and(|since| date.is_none_or(|date| date < earlier(since, DAY)))
    }
}

impl Remembered {
    /// How urgent it is, 0 before 3, at its `place` among those that changed last; `None` if it need not be read.
    fn rank(&self, place: usize, now: Timestamp) -> Option<u8> {
        let recent = |within| self.listed.is_none_or(|listed| listed > earlier(now, within));
        let Some(read) = self.read else {
            return match self.unread_since {
                None if self.asked.is_none() => Some(0),
                _ if place < ALWAYS => Some(1),
                None => Some(2),
                // An archive that is as it was at the first look stays unread.
                Some(unread) => (recent(ARCHIVE) || self.listed > Some(unread)).then_some(2),
            };
        };
        let moved = self.listed != self.read_as || self.listed.is_none_or(|at| at > earlier(read, SLACK));
        match () {
            () if place < ALWAYS => Some(1),
            () if moved => Some(2),
            () => (since(now, read) >= REREAD).then_some(3),
        }
    }
}

/// Whether a sitemap is one of news by the name of its file. One with a number in it may be any of a long row.
fn is_of_news(child: &Child) -> bool {
    let file = child.url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let file = file.to_ascii_lowercase();
    NEWS_NAMES.iter().any(|name| file.contains(name)) && !file.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
