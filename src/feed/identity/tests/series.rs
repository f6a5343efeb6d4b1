//! Series: what says the same under a new id and a new date is a new warning, briefing or bulletin unless its page says
//! otherwise.

use super::*;
use crate::clock::Timestamp;

pub(super) const WARNING: &str =
    "Flooding is possible near the river. Be prepared to act and move valuables upstairs tonight.";

fn long() -> String {
    (0..45).map(|n| format!("standard{n}")).collect::<Vec<_>>().join(" ")
}

/// An entry under `id` (none if empty), dated the `day` of a month.
pub(super) fn dated(id: &str, url: &str, title: &str, text: &str, day: u32) -> Entry {
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
pub(super) struct Looks {
    known: Vec<Known>,
    pub(super) learnt: Learnt,
}

impl Looks {
    /// Which each entry is, in a word.
    pub(super) fn look(&mut self, entries: Vec<Entry>) -> Vec<&'static str> {
        let (learnt, now) = (std::mem::take(&mut self.learnt), Timestamp::UNIX_EPOCH);
        let seen = recognise(identify(entries), &self.known, learnt, now);
        self.learnt = seen.learnt;
        for (key, marks) in seen.reread {
            self.known.iter_mut().filter(|known| known.key == key).for_each(|known| known.marks = marks);
        }
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
    pub(super) fn among_others(&mut self, entry: Entry) -> &'static str {
        self.look([vec![entry], others()].concat())[0]
    }
}

#[test]
fn a_warning_given_again_in_standard_words_is_not_known() {
    let mut looks = Looks::default();
    let warning = |id, day| dated(id, "area/7", "Flood alert: Derwent", WARNING, day);
    assert_eq!(looks.among_others(warning("w1", 1)), "new");
    looks.look(others());
    assert_eq!(looks.among_others(warning("w2", 21)), "perhaps");
    // Another id or another date alone is the same warning.
    assert_eq!(looks.among_others(warning("w3", 21)), "same");
    assert_eq!(looks.among_others(warning("w3", 22)), "same");
}

#[test]
fn a_feed_given_again_under_new_ids_and_dates_does_not_teach_that_ids_change() {
    for text in ["", WARNING] {
        let mut looks = Looks::default();
        let regions = |day: u32| -> Vec<Entry> {
            (1..7)
                .map(|region| {
                    dated(&format!("w{region}-{day}"), &format!("region/{region}"), "Wind warning", text, day)
                })
                .collect()
        };
        looks.look(regions(1));
        for day in [5, 9] {
            for is in looks.look(regions(day)) {
                assert!(matches!(is, "new" | "perhaps"), "{is} {text}");
            }
            assert!(!looks.learnt.has(&RuleKind::GuidChurn), "{text}");
        }
    }
}

#[test]
fn where_ids_change_a_new_date_of_a_few_words_is_a_new_entry() {
    let mut looks = Looks::default();
    let page = |n: u32, look: u32, day| {
        dated(&format!("{n}-{look}"), &format!("p/{n}"), &format!("Page {n}"), "", day)
    };
    looks.look((0..6).map(|n| page(n, 1, 1)).collect());
    assert_eq!(looks.look((0..6).map(|n| page(n, 2, 1)).collect()), ["same"; 6]);
    assert!(looks.learnt.has(&RuleKind::GuidChurn));
    let third = looks.look((0..6).map(|n| page(n, 3, if n == 0 { 9 } else { 1 })).collect());
    assert_eq!((third[0], &third[1..]), ("perhaps", &["same"; 5][..]));
}

#[test]
fn a_long_standard_text_under_a_new_id_address_and_date_is_for_its_page_to_decide() {
    let briefing = |id, url, day| dated(id, url, "Morning briefing", &long(), day);
    for (first, second) in [("b/1", "b/2"), ("b?id=1", "b?id=2")] {
        for (one, two) in [("b1", "b2"), ("", "")] {
            let mut looks = Looks::default();
            looks.among_others(briefing(one, first, 20));
            // In place of the first, and beside it.
            assert_eq!(looks.among_others(briefing(two, second, 21)), "perhaps", "{second} {two}");
            let mut looks = Looks::default();
            looks.among_others(briefing(one, first, 20));
            let both = vec![briefing(two, second, 21), briefing(one, first, 20)];
            assert_eq!(looks.look([both, others()].concat())[..2], ["perhaps", "same"], "{second} {two}");
        }
    }
    // Of one date it is the same once more, on another page.
    let mut looks = Looks::default();
    looks.among_others(briefing("b1", "b/1", 20));
    assert_eq!(looks.among_others(briefing("b2", "b/2", 20)), "version");
}

#[test]
fn a_link_that_differs_in_its_query_leads_to_another_page() {
    let mut looks = Looks::default();
    let warning = |url| dated("current", url, "Flood alert", WARNING, 1);
    looks.among_others(warning("w?id=1"));
    assert_eq!(looks.among_others(warning("w?id=1")), "same");
    assert_eq!(looks.among_others(warning("w?id=2")), "version");
    // A visitor's number, known for one or not, leads to the same.
    assert_eq!(looks.among_others(warning("w?id=2&v=0123456789abcdef0123")), "same");
    assert_eq!(looks.among_others(warning("w?id=2&v=fedcba98765432100123")), "same");
}

#[test]
fn a_parameter_that_turns_out_to_number_visits_makes_no_versions() {
    let mut looks = Looks::default();
    let pages = |visit: u32| -> Vec<Entry> {
        (0..5)
            .map(|n| dated(&format!("n{n}"), &format!("r?n={n}&t={visit}{n}"), &format!("Page {n}"), "", 1))
            .collect()
    };
    looks.look(pages(1));
    for visit in 2..5 {
        assert_eq!(looks.look(pages(visit)), ["same"; 5]);
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
    // Nor under one id.
    let one = |n: u32| dated("current", &format!("read?id=64f0a1b2c3d4e5f6a7b8c9d{n}"), "Briefing", "", 1);
    let mut looks = Looks::default();
    looks.look(vec![one(0)]);
    looks.look(vec![one(1)]);
    assert_eq!(looks.learnt.rules, []);
}

#[test]
fn one_pair_of_a_title_beside_others_teaches_no_visitors_number() {
    for text in ["", WARNING] {
        let mut looks = Looks::default();
        let one = |n: u32, day| {
            dated("", &format!("read?id=64f0a1b2c3d4e5f6a7b8c9d{n}"), "Morning briefing", text, day)
        };
        looks.among_others(one(0, 20));
        let is = looks.among_others(one(1, 21));
        assert!(matches!(is, "new" | "perhaps"), "{is} {text}");
        assert_eq!(looks.learnt.rules, [], "{text}");
        // Without a date too.
        let one = |n: u32| Entry { published: None, ..one(n, 1) };
        let mut looks = Looks::default();
        looks.among_others(one(0));
        let is = looks.among_others(one(1));
        assert!(matches!(is, "new" | "perhaps"), "{is} {text}");
        assert_eq!(looks.learnt.rules, [], "{text}");
    }
}
