//! What is learnt of how a publisher names its entries, from one look to the next, each rule with its reason.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use url::Url;

use super::link::{Habits, form, is_token, parameters, place};
use super::{Marks, mark};
use crate::clock::Timestamp;

/// Links of the last document that are kept to compare with the next.
const MAX_SAMPLE: usize = 40;
/// Longest link that is kept, in bytes.
const MAX_LINK: usize = 1_024;
/// Links of perhaps one entry that must all change in a parameter before it is taken for a visitor's number.
const MIN_UNSURE: usize = 3;
/// Most parameters that are learnt.
const MAX_CHANGING: usize = 8;
/// Looks at which ids must stay as they were before they are believed again, a change of theirs at a look.
const DOUBT: u8 = 4;
/// Most looks of doubt.
const MAX_DOUBT: u8 = 12;
/// Most new entries that a source may bring in a day after its first look. The largest agencies bring 2,000; a source
/// that makes up thousands at each look would fill the disk.
const MAX_NEW_A_DAY: usize = 10_000;

/// What is known of how a source names its entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Learnt {
    /// The rules in force.
    pub rules: Vec<Rule>,
    /// Looks for which ids are not believed yet.
    doubt: u8,
    /// Links of the last document that something can be learnt from.
    sample: Vec<Sample>,
    /// The day (UTC, since 1970) and how many new entries it brought.
    day: (i64, usize),
}

/// A rule that the behaviour of a source taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What is so.
    #[serde(flatten)]
    pub kind: RuleKind,
    /// What it was learnt from, in words for the person.
    pub why: String,
    /// Since when it is known.
    pub since: Timestamp,
}

/// What can be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum RuleKind {
    /// Ids change from look to look: entries are known by their link, else by title and date.
    GuidChurn,
    /// One id stands for several entries: an id alone says nothing.
    GuidDup,
    /// Entries share one link: a link alone says nothing.
    OneLink,
    /// Entries differ in the fragment of their links.
    Fragments,
    /// A parameter of the links changes from look to look: it is no part of them.
    Session {
        /// Its name, in lower case.
        parameter: String,
    },
    /// More new entries came than a source may bring in a day: the newest were read, the others wait.
    Flood,
}

impl RuleKind {
    /// By what entries are known, in words for the person.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::GuidChurn => "link, not by id".to_owned(),
            Self::GuidDup => "id together with link, title or text".to_owned(),
            Self::OneLink => "all but the link".to_owned(),
            Self::Fragments => "link with its fragment".to_owned(),
            Self::Session { parameter } => format!("link without \"{parameter}\""),
            Self::Flood => "what could be read".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sample {
    url: Url,
    id: Option<i64>,
    title: Option<i64>,
    /// Only where it says enough.
    said: Option<i64>,
    dated: Option<i64>,
}

/// One entry as learning sees it.
pub(super) struct Seen<'a> {
    pub(super) url: Option<&'a Url>,
    pub(super) marks: Marks,
    /// Whether its text is long enough to be nobody else's.
    pub(super) telling: bool,
    /// Whether its date has a time of day.
    pub(super) timed: bool,
}

impl Learnt {
    /// Puts a rule in force, or out of force without a reason.
    pub fn set(&mut self, kind: &RuleKind, why: Option<String>, now: Timestamp) {
        let at = self.rules.iter().position(|rule| rule.kind == *kind);
        match (at.and_then(|at| self.rules.get_mut(at)), why, at) {
            (Some(rule), Some(why), _) => rule.why = why,
            (None, Some(why), _) => self.rules.push(Rule { kind: kind.clone(), why, since: now }),
            (_, None, Some(at)) => drop(self.rules.remove(at)),
            (_, None, None) => {}
        }
    }

    /// Whether a rule is in force.
    #[must_use]
    pub fn has(&self, kind: &RuleKind) -> bool {
        self.rules.iter().any(|rule| rule.kind == *kind)
    }

    /// How many of `new` entries may be read today; the others wait.
    pub fn admit(&mut self, new: usize, now: Timestamp) -> usize {
        let today = now.as_second().div_euclid(86_400);
        if self.day.0 != today {
            self.day = (today, 0);
        }
        let admitted = new.min(MAX_NEW_A_DAY.saturating_sub(self.day.1));
        self.day.1 += admitted;
        let why = (admitted < new)
            .then(|| format!("more than {MAX_NEW_A_DAY} new entries in a day: {} wait", new - admitted));
        self.set(&RuleKind::Flood, why, now);
        admitted
    }

    /// How links are read now.
    pub(super) fn habits(&self) -> Habits {
        let changing = self.rules.iter().filter_map(|rule| match &rule.kind {
            RuleKind::Session { parameter } => Some(parameter.clone()),
            _ => None,
        });
        Habits { changing: changing.collect(), fragments: self.has(&RuleKind::Fragments) }
    }

    /// Whether ids are believed. `moved` entries of this document came under new ids, `kept` under their old ones.
    pub(super) fn ids_change(&mut self, churns: bool, moved: usize, kept: usize, now: Timestamp) -> bool {
        if churns {
            self.doubt = (self.doubt + DOUBT).min(MAX_DOUBT);
            let why = format!("{moved} of {} known entries came under new ids", moved + kept);
            self.set(&RuleKind::GuidChurn, Some(why), now);
        } else if kept > 0 && moved == 0 && self.doubt > 0 {
            self.doubt -= 1;
            if self.doubt == 0 {
                self.set(&RuleKind::GuidChurn, None, now);
            }
        }
        self.doubt > 0
    }

    /// Learns which parts of links identify. Returns for each link mark of the last document what it is now, where that
    /// is another.
    pub(super) fn links(&mut self, entries: &[Seen<'_>], now: Timestamp) -> HashMap<i64, i64> {
        let before = self.habits();
        if !before.fragments && fragments_tell(entries, &before) {
            let why = "entries differ in nothing else of their links".to_owned();
            self.set(&RuleKind::Fragments, Some(why), now);
        }
        for parameter in &before.changing {
            let kind = RuleKind::Session { parameter: parameter.clone() };
            let without =
                Habits { changing: others(&before.changing, parameter), fragments: before.fragments };
            if distinct(entries, &self.habits()) < distinct(entries, &without) {
                self.set(&kind, None, now);
            }
        }
        for (parameter, count) in self.changed(entries) {
            let mut habits = self.habits();
            if habits.changing.len() >= MAX_CHANGING || habits.changing.contains(&parameter) {
                continue;
            }
            let apart = distinct(entries, &habits);
            habits.changing.push(parameter.clone());
            if distinct(entries, &habits) == apart {
                let why = format!("it changed in the links of {count} known entries");
                self.set(&RuleKind::Session { parameter }, Some(why), now);
            }
        }
        let after = self.habits();
        let mut moved = HashMap::new();
        if before != after {
            for Sample { url, .. } in &self.sample {
                if let (Some(old), Some(new)) = (form(url, &before), form(url, &after)) {
                    moved.insert(mark(&[&old]), mark(&[&new]));
                }
            }
        }
        moved
    }

    /// Parameters whose value is another than at the last look in every entry that can be compared, and in how many.
    fn changed(&self, entries: &[Seen<'_>]) -> Vec<(String, usize)> {
        let mut tally: HashMap<String, Change> = HashMap::new();
        for (old, new, sure) in self.pairs(entries) {
            let old: HashMap<String, String> = parameters(old).into_iter().collect();
            for (name, value) in parameters(new) {
                let Some(before) = old.get(&name) else { continue };
                let change = tally.entry(name).or_default();
                match *before == value {
                    true => change.same += 1,
                    false if is_token(before) && is_token(&value) => {
                        change.tokens += 1;
                        change.sure |= sure;
                    }
                    false if sure => change.other += 1,
                    false => {}
                }
            }
        }
        // Of one entry alone, another value may be another entry of the same title.
        let says = |seen: &Seen<'_>| (seen.marks.id, seen.marks.said, seen.marks.dated);
        let alone = entries.iter().map(says).collect::<HashSet<_>>().len() < 2;
        let learnt = |change: &Change| {
            let tokens = change.tokens > 0 && (change.sure || change.tokens >= MIN_UNSURE);
            change.same == 0 && !alone && (tokens || change.other > 1)
        };
        let mut changed: Vec<_> = tally.into_iter().filter(|(_, change)| learnt(change)).collect();
        // The surest first: what is left out already no longer tells entries apart in place of another.
        changed.sort_unstable_by(|(a, one), (b, other)| other.tokens.cmp(&one.tokens).then_with(|| a.cmp(b)));
        changed.into_iter().map(|(name, change)| (name, change.tokens + change.other)).collect()
    }

    /// Links of one entry at the last look and at this one, and whether it is surely one entry. One page each, as far as
    /// host and path say.
    fn pairs<'a>(&'a self, entries: &'a [Seen<'a>]) -> Vec<(&'a Url, &'a Url, bool)> {
        let mut pairs = Vec::new();
        let ways: [(OfSample, OfEntry); 4] = [
            (|sample| sample.id, |seen| seen.marks.id),
            (|sample| sample.said, |seen| seen.marks.said.filter(|_| seen.telling)),
            (|sample| sample.dated, |seen| seen.marks.dated),
            (|sample| sample.title, |seen| seen.marks.title),
        ];
        let mut paired = HashSet::new();
        for (of_sample, of_entry) in ways {
            let (old, new) = (unique(&self.sample, of_sample), unique(entries, of_entry));
            for (code, new) in new {
                let (Some(old), Some(url)) = (old.get(&code), new.url) else { continue };
                // An id may stand for another entry by now.
                if old.title != new.marks.title || place(&old.url) != place(url) {
                    continue;
                }
                // What says the same under another date, or under none, may be the next of a series.
                let one_id = old.id.is_some() && old.id == new.marks.id;
                let one_date = old.dated.is_some() && old.dated == new.marks.dated;
                let dated_anew = !one_date && old.dated.is_some() && new.marks.dated.is_some();
                if (one_id || !dated_anew) && paired.insert(std::ptr::from_ref(new)) {
                    pairs.push((&old.url, url, one_id && !dated_anew || one_date && new.timed));
                }
            }
        }
        pairs
    }

    /// Keeps what the next look can learn from.
    pub(super) fn keep(&mut self, entries: &[Seen<'_>]) {
        self.sample.clear();
        for Seen { url, marks, telling, .. } in entries {
            let Some(url) = *url else { continue };
            let told = !parameters(url).is_empty() || url.fragment().is_some_and(|text| !text.is_empty());
            if told && url.as_str().len() <= MAX_LINK && self.sample.len() < MAX_SAMPLE {
                self.sample.push(Sample {
                    url: url.clone(),
                    id: marks.id,
                    title: marks.title,
                    said: marks.said.filter(|_| *telling),
                    dated: marks.dated,
                });
            }
        }
    }
}

type OfSample = fn(&Sample) -> Option<i64>;
type OfEntry = fn(&Seen<'_>) -> Option<i64>;

/// How a parameter fared in the links that can be compared.
#[derive(Default)]
struct Change {
    same: usize,
    tokens: usize,
    /// Whether a token changed in the link of what is surely one entry.
    sure: bool,
    other: usize,
}

/// The items that alone have their code.
fn unique<T>(items: &[T], code: impl Fn(&T) -> Option<i64>) -> HashMap<i64, &T> {
    let mut found: HashMap<i64, Option<&T>> = HashMap::new();
    for item in items {
        if let Some(code) = code(item) {
            found.entry(code).and_modify(|place| *place = None).or_insert(Some(item));
        }
    }
    found.into_iter().filter_map(|(code, item)| Some((code, item?))).collect()
}

fn others(names: &[String], name: &str) -> Vec<String> {
    names.iter().filter(|other| *other != name).cloned().collect()
}

/// How many entries that say different things the links tell apart.
fn distinct(entries: &[Seen<'_>], habits: &Habits) -> usize {
    let mut said = HashSet::new();
    let each = entries.iter().filter(|seen| said.insert(seen.marks.said));
    each.filter_map(|seen| form(seen.url?, habits)).collect::<HashSet<_>>().len()
}

/// Whether two entries that say different things have links that differ in the fragment alone.
fn fragments_tell(entries: &[Seen<'_>], habits: &Habits) -> bool {
    let mut first: HashMap<String, &Seen<'_>> = HashMap::new();
    entries.iter().any(|seen| {
        let Some((url, form)) = seen.url.and_then(|url| Some((url, form(url, habits)?))) else {
            return false;
        };
        match first.get(&form) {
            Some(other) => {
                other.marks.said != seen.marks.said
                    && url.fragment().is_some()
                    && other.url.is_some_and(|other| other.fragment() != url.fragment())
            }
            None => {
                first.insert(form, seen);
                false
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_waits_until_the_next_day() {
        let at = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
        let mut learnt = Learnt::default();
        assert_eq!(learnt.admit(5_000, at(1)), 5_000);
        assert!(!learnt.has(&RuleKind::Flood));
        assert_eq!(learnt.admit(6_000, at(2)), 5_000);
        assert_eq!(learnt.rules[0].why, "more than 10000 new entries in a day: 1000 wait");
        assert_eq!(learnt.admit(1, at(23)), 0);
        assert_eq!(learnt.admit(6_000, at(25)), 6_000);
        assert_eq!(learnt.rules, []);
    }

    #[test]
    fn ids_are_believed_again_once_they_stay() {
        let mut learnt = Learnt::default();
        assert!(learnt.ids_change(true, 9, 0, Timestamp::UNIX_EPOCH));
        for _ in 1..DOUBT {
            assert!(learnt.ids_change(false, 0, 9, Timestamp::UNIX_EPOCH));
        }
        assert!(!learnt.ids_change(false, 0, 9, Timestamp::UNIX_EPOCH));
        assert_eq!(learnt.rules, []);
    }
}
