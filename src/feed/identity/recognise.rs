//! Which entries of a document were seen before. No loss comes first: what cannot be told from a new entry is one.

use std::collections::HashSet;

use super::claims::{Claims, Item, Shared};
use super::learn::{Learnt, RuleKind, Seen};
use super::link::form;
use super::says::{Said, hash_of};
use super::{Known, MAX_KEY, Marks, mark};
use crate::clock::Timestamp;
use crate::feed::Entry;
use crate::text::address::{canonical, outlet_host};
use crate::text::count::count;
use crate::text::fingerprint::fingerprint;

/// Words of a text that, with its title, are nobody else's, unless they come under a new name.
pub(super) const LONG: usize = 40;
/// Words of a text that say more than a title does.
const TELLING: usize = 8;
/// Fewest entries that make a habit of changing ids.
const SEVERAL: usize = 3;

/// Why an entry is taken for one that was known.
const NEW_ID: &str = "its address and what it says were known, under another id";
const NEW_LINK: &str = "its title and text were known, under another address";

/// A document's entries, told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// In the order of the document.
    pub entries: Vec<Sighting>,
    /// What is known now of how the source names its entries.
    pub learnt: Learnt,
    /// Keys and marks of known entries that are not in the document and whose links are read otherwise from now on.
    pub reread: Vec<(String, Marks)>,
}

/// An entry of a document, its key set for good.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// As published.
    pub entry: Entry,
    /// What it is recognised by next time.
    pub marks: Marks,
    /// Its content hash.
    pub hash: String,
    /// Which it is.
    pub is: Is,
}

/// Which entry it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Is {
    /// One that was not seen before.
    New,
    /// This one: unchanged if the hash is the same, else a new version of it. With the reason where it came under another
    /// id or address.
    Known(Known, Option<&'static str>),
    /// Another entry's words again, beside it.
    Repost {
        /// The other's key.
        of: String,
        /// Why it is taken for that.
        why: &'static str,
    },
    /// It says what another entry said, in too few words to be sure: if its page says the same too, it is a repost.
    Perhaps {
        /// The other's key.
        of: String,
        /// Why it may be that.
        why: &'static str,
    },
}

/// Finds which of `entries` (as [`super::identify`] leaves them, each key once) are among the `known` ones of the source,
/// and learns from them. Deterministic: the same look again gives the same keys.
#[must_use]
pub fn recognise(entries: Vec<Entry>, known: &[Known], mut learnt: Learnt, now: Timestamp) -> Recognised {
    let said: Vec<Said> = entries.iter().map(Said::of).collect();
    let mut items: Vec<Item> = entries.iter().zip(&said).map(|(entry, said)| item(entry, said)).collect();
    let seen: Vec<Seen<'_>> = entries
        .iter()
        .zip(&items)
        .map(|(entry, item)| Seen {
            url: entry.url.as_ref(),
            marks: item.marks,
            telling: item.words >= TELLING,
            timed: item.timed,
        })
        .collect();
    let moved = learnt.links(&seen, now);
    learnt.keep(&seen);
    let habits = learnt.habits();
    for (item, entry) in items.iter_mut().zip(&entries) {
        item.marks.link = entry.url.as_ref().and_then(|url| form(url, &habits)).map(|form| mark(&[&form]));
    }
    let now_read = |link: i64| moved.get(&link).copied().unwrap_or(link);
    let marks: Vec<Marks> =
        known.iter().map(|known| Marks { link: known.marks.link.map(now_read), ..known.marks }).collect();
    let mut claims = Claims::new(items, known, marks);
    let links = settle(&mut claims, &mut learnt, now);
    let unstable = learnt.has(&RuleKind::GuidChurn);
    let is = verdicts(&claims, known, unstable);
    let reread = if moved.is_empty() { vec![] } else { claims.reread() };
    let mut keys = Keys(known.iter().map(|known| known.key.clone()).collect());
    let entries = entries.into_iter().zip(said).zip(claims.items).zip(is);
    let entries = entries.map(|(((mut entry, said), Item { marks, .. }), mut is)| {
        let hash = hash_of(&entry, &said, &habits);
        let by_link = unstable && marks.link.is_some() && !links.has(marks.link);
        // Its link is read otherwise than when its hash was taken, but leads to the same page.
        if let Is::Known(known, _) = &mut is
            && marks.said.is_some()
            && (known.marks.said, known.marks.link.map(now_read)) == (marks.said, marks.link)
            && !known.hash.is_empty()
        {
            known.hash.clone_from(&hash);
        }
        entry.key = match &is {
            Is::Known(known, _) => known.key.clone(),
            Is::New | Is::Repost { .. } | Is::Perhaps { .. } => keys.free(&entry, &hash, by_link),
        };
        Sighting { entry, marks, hash, is }
    });
    Recognised { entries: entries.collect(), learnt, reread }
}

/// An entry with all its marks but that of its link, which depends on what is learnt.
fn item(entry: &Entry, said: &Said) -> Item {
    let date = entry.published.or(entry.updated);
    let host = entry.url.as_ref().map(outlet_host).unwrap_or_default();
    let (title, text) = (said.title.as_str(), said.text.as_str());
    let words = if title.is_empty() { text } else { title };
    let marks = Marks {
        id: entry.id.as_deref().map(|id| mark(&[id])),
        link: None,
        title: (!title.is_empty()).then(|| mark(&[title])),
        said: (!words.is_empty()).then(|| mark(&[&host, title, text])),
        dated: date.filter(|_| !words.is_empty()).map(|date| mark(&[words, &date.to_string()])),
    };
    let timed = date.is_some_and(|date| date.as_second().rem_euclid(86_400) != 0);
    Item { marks, words: said.length(LONG), timed, claimed: None }
}

/// Lets entries claim what they are, the strongest likeness first, and learns on the way. Returns the links that are no
/// entry's own.
fn settle(claims: &mut Claims<'_>, learnt: &mut Learnt, now: Timestamp) -> Shared {
    let all = |m: &Marks| [m.said, m.dated, m.link];
    let title = |m: &Marks| [m.title.or(m.said), m.dated, None];
    let ids = Shared::of(claims, |m| m.id, all, title);
    let links = Shared::of(claims, |m| m.link, |m| [m.said, m.dated, m.id], title);
    let titles = Shared::of(claims, |m| m.title, all, all);
    let texts = Shared::of(claims, |m| m.said, all, all);
    let dates = Shared::of(claims, |m| m.dated, |m| [m.id, m.link, m.said], all);
    learn_shared(claims, learnt, &ids, &links, now);
    let one_link = learnt.has(&RuleKind::OneLink);
    let own_link = |marks: &Marks| marks.link.is_some() && !one_link && !links.has(marks.link);
    let telling = |item: &Item| item.words >= TELLING;

    let own_id = |item: &Item| !ids.has(item.marks.id);
    let all_same =
        |item: &Item, known: &Marks| !texts.has(item.marks.said) || item.marks.dated == known.dated;
    claims.claim(|m| Some((m.id?, m.link?, m.said?)), all_same, None);
    claims.claim(|m| Some((m.id?, m.link?, 0)), |item, _| own_link(&item.marks), None);
    // Not where the address is another, and so is all else that is the entry's own.
    let same = |one: Option<i64>, other: Option<i64>, shared: &Shared| {
        one.is_some() && one == other && !shared.has(one)
    };
    let differs = |item: &Item, known: &Marks| {
        differ(item.marks.link, known.link)
            && item.marks.said.or(known.said).is_some()
            && !same(item.marks.title, known.title, &titles)
            && !same(item.marks.said, known.said, &texts)
    };
    let is_same = |item: &Item, known: &Marks| own_id(item) && !differs(item, known);
    claims.claim(
        |m| Some((m.id?, m.said?, 0)),
        |item, known| all_same(item, known) && (is_same(item, known) || telling(item)),
        None,
    );
    let own_title = |item: &Item| own_id(item) && !titles.has(item.marks.title);
    claims.claim(|m| Some((m.id?, m.title?, 0)), |item, _| own_title(item), None);
    let own_date = |item: &Item| item.timed && !dates.has(item.marks.dated);
    claims.claim(|m| Some((m.id?, m.dated?, 0)), |item, _| own_id(item) && own_date(item), None);
    // An id that was another entry's before ("item 1 of 20") is none.
    let before: HashSet<i64> = claims.marks.iter().filter_map(|marks| marks.id).collect();
    let id_before = |item: &Item| item.marks.id.is_some_and(|id| before.contains(&id));
    let moved_text = |item: &Item| id_before(item) && !texts.has(item.marks.said);
    let shuffled = claims
        .could(|m| Some((m.said?, 0, 0)), moved_text)
        .max(claims.could(|m| Some((m.dated?, 0, 0)), id_before));
    if shuffled > 0 {
        let why = format!("{} stood for other entries than before", count(shuffled, "id"));
        learnt.set(&RuleKind::GuidDup, Some(why), now);
    }
    // An id alone: not where it is known to stand for others.
    let reused = learnt.has(&RuleKind::GuidDup);
    claims.claim(|m| Some((m.id?, 0, 0)), |item, known| !reused && is_same(item, known), None);
    let kept = claims.items.iter().filter(|item| item.claimed.is_some()).count();

    // The same address and the same words: a new id and a new date together make a new entry, as of a warning that is
    // given again in standard words. Where ids always change, a new date of many words says nothing.
    let doubted = learnt.has(&RuleKind::GuidChurn);
    let again = |item: &Item, known: &Marks| {
        let anew = differ(item.marks.id, known.id) && dated_anew(item, known);
        if telling(item) {
            doubted || !anew
        } else if own_link(&item.marks) {
            !anew
        } else {
            item.marks.dated.is_some() && item.marks.dated == known.dated
        }
    };
    let mut moved = claims.claim(|m| Some((m.link?, m.said?, 0)), again, Some(NEW_ID));
    moved += claims.claim(|m| Some((m.link?, m.dated?, 0)), |_, _| true, Some(NEW_ID));
    // What has a date and is still free is dated anew: no sign of changing ids, but perhaps of a warning given again.
    let same_page = claims.could(
        |m| Some((m.link?, m.title?, 0)),
        |item| item.marks.id.is_some() && item.marks.dated.is_none() && own_link(&item.marks),
    );
    let worded = claims.could(
        |m| Some((m.said?, m.dated.unwrap_or(0), 0)),
        |item| item.marks.id.is_some() && !own_link(&item.marks),
    );
    moved += worded;
    let nearly_all = 5 * (moved + same_page) > 4 * claims.items.len() && kept == 0;
    let churns = moved >= SEVERAL && moved > kept || moved + same_page > SEVERAL + 1 && nearly_all;
    let unstable = learnt.ids_change(churns, moved + same_page, kept, now);

    let no_id = |marks: &Marks| marks.id.is_none_or(|id| before.contains(&id));
    let no_ids = |item: &Item, known: &Marks| no_id(&item.marks) || known.id.is_none();
    let by_link = |item: &Item, known: &Marks| {
        let doubted = unstable || reused || ids.has(known.id);
        own_link(&item.marks) && (no_ids(item, known) || doubted && !dated_anew(item, known))
    };
    claims.claim(|m| Some((m.link?, m.said?, 0)), by_link, None);
    claims.claim(|m| Some((m.link?, m.title?, 0)), by_link, None);
    claims.claim(|m| Some((m.link?, 0, 0)), by_link, None);
    claims.claim(|m| Some((m.said?, 0, 0)), surely_again, Some(NEW_LINK));
    // A site that moves to another domain, where ids are addresses: all is of the old titles and times.
    let elsewhere = |item: &Item| own_date(item) && own_link(&item.marks);
    let all = claims.could(|m| Some((m.dated?, 0, 0)), elsewhere);
    if kept == 0 && all >= SEVERAL && 5 * all > 4 * claims.items.len() {
        claims.claim(|m| Some((m.dated?, 0, 0)), |item, _| elsewhere(item), Some(NEW_LINK));
    }
    let no_link = |item: &Item, known: &Marks| known.link.is_none() || !own_link(&item.marks);
    claims.claim(
        |m| Some((m.dated?, 0, 0)),
        |item, known| no_link(item, known) && (unstable || no_ids(item, known) || item.timed),
        None,
    );
    claims.claim(
        |m| Some((m.said?, 0, 0)),
        |item, known| no_link(item, known) && (unstable || no_ids(item, known)) && !dated_anew(item, known),
        None,
    );
    links
}

/// Learns whether ids and links are the entries' own.
fn learn_shared(claims: &Claims<'_>, learnt: &mut Learnt, ids: &Shared, links: &Shared, now: Timestamp) {
    if ids.here > 0 {
        learnt.set(
            &RuleKind::GuidDup,
            Some(format!("{} stood for several entries at once", count(ids.here, "id"))),
            now,
        );
    }
    let linked: Vec<i64> = claims.items.iter().filter_map(|item| item.marks.link).collect();
    if linked.len() > 1 {
        let one = links.here > 0 && linked.iter().collect::<HashSet<_>>().len() == 1;
        learnt.set(
            &RuleKind::OneLink,
            one.then(|| format!("all {} entries led to one page", linked.len())),
            now,
        );
    }
}

/// Whether the same title and text are the same entry, wherever they stand: if they are of one date, or many words that
/// are not under another id or address. Under another name and of no date they may be the next of a series.
fn surely_again(item: &Item, known: &Marks) -> bool {
    let one_date = item.marks.dated.is_some() && item.marks.dated == known.dated;
    let named_anew = differ(item.marks.id, known.id) || differ(item.marks.link, known.link);
    item.words >= LONG && !named_anew || one_date && (item.words >= TELLING || item.timed)
}

/// Whether the same title, or else the same text, is of another date.
fn dated_anew(item: &Item, known: &Marks) -> bool {
    let of = |marks: &Marks| marks.title.or(marks.said);
    of(&item.marks) == of(known) && differ(item.marks.dated, known.dated)
}

fn differ(one: Option<i64>, other: Option<i64>) -> bool {
    one.is_some() && other.is_some() && one != other
}

fn verdicts(claims: &Claims<'_>, known: &[Known], unstable: bool) -> Vec<Is> {
    let alike = claims.alike(|marks| Some((marks.said?, 0, 0)));
    let verdict = |(at, item): (usize, &Item)| {
        if let Some((known, why)) = item.claimed.and_then(|(at, why)| Some((known.get(at)?, why))) {
            // Where ids always change there is nothing to say.
            return Is::Known(known.clone(), why.filter(|_| !unstable));
        }
        let Some((other, marks)) = alike.get(&at) else { return Is::New };
        let of = other.key.clone();
        if surely_again(item, marks) {
            Is::Repost { of, why: NEW_LINK }
        } else if item.marks.link.is_some() && item.marks.link == marks.link {
            Is::Perhaps { of, why: NEW_ID }
        } else if item.words >= TELLING {
            Is::Perhaps { of, why: NEW_LINK }
        } else {
            Is::New
        }
    };
    claims.items.iter().enumerate().map(verdict).collect()
}

/// The keys that are taken.
struct Keys(HashSet<String>);

impl Keys {
    /// A key for a new entry: its own if it is free, else with a second part.
    fn free(&mut self, entry: &Entry, hash: &str, by_link: bool) -> String {
        let link = || entry.url.as_ref().map(|url| String::from(canonical(url)));
        let own = if by_link { link() } else { None }.unwrap_or_else(|| entry.key.clone());
        let seconds = [String::new(), link().unwrap_or_default(), hash.to_owned()];
        let mut keys = seconds.into_iter().map(|second| format!("{own} {second}").trim_end().to_owned());
        let mut key = keys.find(|key| key.len() <= 2 * MAX_KEY && !self.0.contains(key)).unwrap_or_default();
        // Entries that say the very same under one id and link, and yet are new: told apart by their order.
        while key.is_empty() || self.0.contains(&key) {
            key = fingerprint(&[own.as_str(), hash, &key]);
        }
        self.0.insert(key.clone());
        key
    }
}
