//! What is remembered of the sitemaps of an index from look to look, and which of them a look reads. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

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
/// Most sitemaps that are remembered.
const MAX_REMEMBERED: usize = 1_000;

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
    /// Fingerprint of its body.
    #[serde(skip_serializing_if = "String::is_empty")]
    hash: String,
    #[serde(skip_serializing_if = "Validators::is_empty")]
    validators: Validators,
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
        // Long forgotten ones are dropped first.
        let excess = self.0.len().saturating_sub(MAX_REMEMBERED);
        let listed: Vec<&str> = children.iter().map(|child| child.url.as_str()).collect();
        let mut others: Vec<_> = self.0.iter().map(|(url, known)| (known.asked, url.clone())).collect();
        others.retain(|(_, url)| !listed.contains(&url.as_str()));
        others.sort_unstable();
        for (_, url) in others.into_iter().take(excess) {
            self.0.remove(&url);
        }
    }

    /// Which of `children` are to be asked for at `now`, the most urgent first: those that are new, those that changed
    /// last, those that changed or may have, those that were not read for long; of these the ones that were not asked
    /// for the longest.
    pub(super) fn due(&self, children: &[Child], now: Timestamp) -> Vec<Child> {
        let of = |child: &Child| self.0.get(child.url.as_str()).cloned().unwrap_or_default();
        let mut all: Vec<(Child, Remembered)> =
            children.iter().map(|child| (child.clone(), of(child))).collect();
        all.sort_by_key(|(_, known)| Reverse(known.listed.max(known.changed)));
        let mut due: Vec<_> = all
            .into_iter()
            .enumerate()
            .filter_map(|(place, (child, known))| Some((known.rank(place, now)?, known.asked, child)))
            .collect();
        // Stable: of equal ones the newest stays first.
        due.sort_by_key(|(rank, asked, _)| (*rank, *asked));
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
        self.0.entry(child.url.to_string()).or_default().asked = Some(now);
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

    /// Has `child` read anew at the next look.
    pub(super) fn reread(&mut self, child: &Child) {
        let known = self.0.entry(child.url.to_string()).or_default();
        (known.read_as, known.hash, known.validators) = (None, String::new(), Validators::default());
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn child(name: &str, modified: &str) -> Child {
        let url = format!("https://example.org/{name}").parse().expect("an address");
        Child { url, modified: modified.parse().ok() }
    }

    fn names(due: &[Child]) -> Vec<&str> {
        due.iter().map(|child| &child.url.path()[1..]).collect()
    }

    /// Four sitemaps, of which two changed lately, and two archives.
    fn children() -> Vec<Child> {
        [
            "2026-11-22T11:00:00Z",
            "2026-11-10T00:00:00Z",
            "2026-07-01T00:00:00Z",
            "2026-06-01T00:00:00Z",
            "2026-05-01T00:00:00Z",
        ]
        .iter()
        .zip(["a", "b", "c", "d", "e"])
        .map(|(modified, name)| child(name, modified))
        .collect()
    }

    fn after_first_look() -> Memory {
        let (mut memory, now) = (Memory::default(), time(NOW));
        memory.list(&children(), News::None, now);
        for child in memory.due(&children(), now) {
            memory.asked(&child, now);
            memory.was_read(&child, now, child.url.to_string(), Validators::default());
        }
        memory
    }

    #[test]
    fn archives_are_left_alone_at_the_first_look_and_until_they_change() {
        let mut memory = Memory::default();
        memory.list(&children(), News::None, time(NOW));
        assert_eq!(names(&memory.due(&children(), time(NOW))), ["a", "b", "c"]);
        let mut memory = after_first_look();
        let later = time("2026-11-22T13:00:00Z");
        assert_eq!(names(&memory.due(&children(), later)), ["a", "b", "c"]);
        let mut changed = children();
        changed[4].modified = Some(later);
        memory.list(&changed, News::All, later);
        assert_eq!(names(&memory.due(&changed, later)), ["e", "a", "b"]);
        // What it held before is no news; what is new in it is.
        let dated = |at: &str| Entry { updated: at.parse().ok(), ..Entry::default() };
        assert!(memory.was_there(&changed[4], &dated("2026-05-01T00:00:00Z")));
        assert!(memory.was_there(&changed[4], &Entry::default()));
        assert!(!memory.was_there(&changed[4], &dated("2026-11-22T00:00:00Z")));
        assert!(!memory.was_there(&changed[0], &dated("2026-05-01T00:00:00Z")));
    }

    #[test]
    fn a_new_sitemap_comes_first_and_one_that_fails_steps_back() {
        let mut memory = after_first_look();
        let now = time("2026-11-22T13:00:00Z");
        let mut more = children();
        more.push(child("new", ""));
        memory.list(&more, News::All, now);
        assert_eq!(names(&memory.due(&more, now))[0], "new");
        assert!(!memory.was_there(&more[5], &Entry::default()));
        memory.asked(&more[5], now);
        assert_eq!(names(&memory.due(&more, now)), ["a", "b", "c", "new"]);
    }

    #[test]
    fn those_without_dates_take_turns() {
        let (mut memory, now) = (Memory::default(), time(NOW));
        let children: Vec<Child> = (0..10).map(|n| child(&n.to_string(), "")).collect();
        memory.list(&children, News::None, now);
        for minute in 1..=8 {
            let now = time(&format!("2026-11-22T12:0{minute}:00Z"));
            for child in memory.due(&children, now).iter().take(5) {
                memory.asked(child, now);
                memory.was_read(child, now, "same".into(), Validators::default());
            }
        }
        assert!(children.iter().all(|child| memory.0[child.url.as_str()].read.is_some()));
    }

    #[test]
    fn a_date_that_never_moves_is_not_believed_for_ever() {
        let mut memory = Memory::default();
        let children: Vec<Child> = (0..6).map(|n| child(&n.to_string(), "2026-11-01T00:00:00Z")).collect();
        memory.list(&children, News::None, time(NOW));
        for child in memory.due(&children, time(NOW)) {
            memory.was_read(&child, time(NOW), String::new(), Validators::default());
        }
        assert_eq!(memory.due(&children, time("2026-11-25T12:00:00Z")).len(), 3);
        assert_eq!(memory.due(&children, time("2026-11-29T12:00:00Z")).len(), 6);
    }

    #[test]
    fn memory_survives_writing_and_is_bounded() {
        let memory = after_first_look();
        assert_eq!(Memory::read(memory.write().as_deref()), Some(memory));
        assert_eq!(Memory::read(Some("the text of a page")), None);
        let mut memory = Memory::default();
        for month in 0..5 {
            let children: Vec<Child> = (0..400).map(|n| child(&format!("{month}-{n}"), "")).collect();
            memory.list(&children, News::All, time(NOW));
        }
        assert_eq!(memory.0.len(), MAX_REMEMBERED);
    }
}
