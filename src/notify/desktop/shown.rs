//! What newswatch has on the screen, as far as the server tells. Pure.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use url::Url;

/// How many alerts, and how many closings, are remembered. What is forgotten can still be replaced by its stored
/// handle; only a click on it opens nothing.
const MOST: usize = 256;

/// One notification on one running server. Its text form is the handle that the store keeps.
///
/// Both a server's ids and a bus's unique names start again after a restart, so that an id alone, or an id with a
/// name, may mean somebody else's notification after the next login; the bus's GUID tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Handle {
    /// The id that the server gave.
    pub(super) id: u32,
    /// The server's unique name and the bus's GUID: `:1.5/0123…`.
    pub(super) owner: String,
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.owner)
    }
}

impl Handle {
    /// Reads what `Display` wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (id, owner) = text.split_once('@')?;
        Some(Self { id: id.parse().ok()?, owner: owner.to_owned() })
    }
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On the screen or in the server's list, under this id.
    Shown(u32),
    /// Closed by the person, by the server, or with the server.
    Closed,
    /// Not told on this connection, or long ago.
    Unknown,
}

/// The notifications told on one connection.
#[derive(Debug, Default)]
pub(super) struct Shown {
    entries: HashMap<i64, Entry>,
    /// Closings in the order of their arrival, whosever notification it was: a closing may arrive before the reply
    /// that tells the id it speaks of.
    closed: VecDeque<Handle>,
    /// Rises with every telling; the least is forgotten first.
    tellings: u64,
}

#[derive(Debug)]
struct Entry {
    handle: Handle,
    url: Option<Url>,
    telling: u64,
}

impl Shown {
    /// Where `alert` stands on the server that is now `owner`.
    pub(super) fn place(&self, alert: i64, owner: &str) -> Place {
        match self.entries.get(&alert) {
            None => Place::Unknown,
            Some(entry) if entry.handle.owner != owner || self.is_closed(&entry.handle) => Place::Closed,
            Some(entry) => Place::Shown(entry.handle.id),
        }
    }

    /// True if `alert` was told on this connection.
    pub(super) fn knows(&self, alert: i64) -> bool {
        self.entries.contains_key(&alert)
    }

    /// True if the server reported that `handle` is gone from the screen.
    pub(super) fn is_closed(&self, handle: &Handle) -> bool {
        self.closed.contains(handle)
    }

    /// The server took `alert` as `handle`; a click on it opens `url`.
    pub(super) fn told(&mut self, alert: i64, handle: Handle, url: Option<Url>) {
        self.tellings += 1;
        self.entries.insert(alert, Entry { handle, url, telling: self.tellings });
        if self.entries.len() > MOST
            && let Some(oldest) =
                self.entries.iter().min_by_key(|(_, entry)| entry.telling).map(|(&id, _)| id)
        {
            self.entries.remove(&oldest);
        }
    }

    /// The server reported that `handle` is gone from the screen.
    pub(super) fn closed(&mut self, handle: Handle) {
        if self.closed.len() == MOST {
            self.closed.pop_front();
        }
        self.closed.push_back(handle);
    }

    /// What a click on `handle` opens: nothing, if it is not ours.
    pub(super) fn address(&self, handle: &Handle) -> Option<&Url> {
        self.entries.values().find(|entry| entry.handle == *handle)?.url.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(id: u32) -> Handle {
        Handle { id, owner: ":1.5/a".to_owned() }
    }

    #[test]
    fn a_handle_reads_back_and_junk_does_not() {
        assert_eq!(handle(9).to_string(), "9@:1.5/a");
        assert_eq!(Handle::parse("9@:1.5/a"), Some(handle(9)));
        for junk in ["", "9", "@:1.5", "x@:1.5", "-1@:1.5", "4294967296@:1.5"] {
            assert_eq!(Handle::parse(junk), None, "{junk}");
        }
    }

    #[test]
    fn a_notification_is_shown_until_it_is_closed_or_its_server_gone() {
        let mut shown = Shown::default();
        assert_eq!(shown.place(1, ":1.5/a"), Place::Unknown);
        shown.told(1, handle(9), None);
        assert_eq!(shown.place(1, ":1.5/a"), Place::Shown(9));
        assert_eq!(shown.place(1, ":1.6/a"), Place::Closed);
        shown.closed(handle(9));
        assert_eq!(shown.place(1, ":1.5/a"), Place::Closed);
        shown.told(1, handle(10), None);
        assert_eq!(shown.place(1, ":1.5/a"), Place::Shown(10));
    }

    #[test]
    fn a_closing_before_the_reply_is_not_lost() {
        let mut shown = Shown::default();
        shown.closed(handle(9));
        shown.told(1, handle(9), None);
        assert_eq!(shown.place(1, ":1.5/a"), Place::Closed);
    }

    #[test]
    fn a_click_opens_what_that_notification_shows() {
        let url: Url = "https://example.org/".parse().unwrap();
        let mut shown = Shown::default();
        shown.told(1, handle(9), Some(url.clone()));
        assert_eq!(shown.address(&handle(9)), Some(&url));
        assert_eq!(shown.address(&handle(8)), None);
        assert_eq!(shown.address(&Handle { owner: ":1.6/a".to_owned(), ..handle(9) }), None);
    }

    #[test]
    fn memory_is_bounded_and_the_longest_untold_goes_first() {
        let mut shown = Shown::default();
        for id in 0..300_u32 {
            shown.told(i64::from(id), handle(id), None);
            shown.told(0, handle(0), None);
            shown.closed(handle(10_000 + id));
        }
        assert_eq!((shown.entries.len(), shown.closed.len()), (MOST, MOST));
        assert!(shown.knows(0) && shown.knows(299) && !shown.knows(1));
    }
}
