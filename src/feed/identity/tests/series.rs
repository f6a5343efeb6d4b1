//! Series: what says the same under a new id and a new date is a new warning, briefing or bulletin unless its page says
//! otherwise.

use super::*;
use crate::clock::Timestamp;

const WARNING: &str =
    "Flooding is possible near the river. Be prepared to act and move valuables upstairs tonight.";

fn long() -> String {
    (0..45).map(|n| format!("standard{n}")).collect::<Vec<_>>().join(" ")
}

/// An entry under `id` (none if empty), dated the `day` of a month.
fn dated(id: &str, url: &str, title: &str, text: &str, day: u32) -> Entry {
    let published = format!("2026-10-{day:02}T10:00:00Z").parse().ok();
    Entry {
        published,
        summary_html: (!text.is_empty()).then(|| text.to_owned()),
        ..entry(id, &format!("https://a.example/{url}"), title)
    }
}

fn others() -> Vec<Entry> {
    (1..4).map(|n| dated(&format!("n{n}"), &format!("n/{n}"), &format!("Other {n}"), "", 1)).collect()
}

#[derive(Default)]
struct Looks {
    known: Vec<Known>,
    learnt: Learnt,
}

impl Looks {
    /// Which each entry is, in a word.
    fn look(&mut self, entries: Vec<Entry>) -> Vec<&'static str> {
        let (learnt, now) = (std::mem::take(&mut self.learnt), Timestamp::UNIX_EPOCH);
        let seen = recognise(identify(entries), &self.known, learnt, now);
        self.learnt = seen.learnt;
        let mut words = vec![];
        for Sighting { entry, marks, hash, is } in seen.entries {
            words.push(match is {
                Is::New => "new",
                Is::Known(known, _) if known.hash == hash => "same",
                Is::Known(..) => "version",
                Is::Repost { .. } => "repost",
                Is::Perhaps { .. } => "perhaps",
            });
            self.known.retain(|known| known.key != entry.key);
            self.known.push(Known { key: entry.key, hash, tries: 0, marks });
        }
        words
    }

    /// The same for one entry beside others that stay as they are.
    fn among_others(&mut self, entry: Entry) -> &'static str {
        self.look([vec![entry], others()].concat())[0]
    }
}

#[test]
fn an_entry_alone_does_not_teach_that_its_number_is_a_visitors() {
    let mut looks = Looks::default();
    let one =
        |n: u32, title, day| vec![dated("", &format!("read?id=64f0a1b2c3d4e5f6a7b8c9d{n}"), title, "", day)];
    looks.look(one(0, "Morning briefing", 20));
    assert_eq!(looks.look(one(1, "Morning briefing", 21)), ["new"]);
    assert_eq!(looks.look(one(2, "Dam breaks in Derna", 21)), ["new"]);
    assert_eq!(looks.learnt.rules, []);
}

