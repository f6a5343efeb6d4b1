//! Attributions in one sentence: which outlets it names, and whether it has its news from them.

use std::ops::Range;

use super::mention::{MONTHS, Word, before, gap, is_credit, is_person, is_year};

/// How a sentence speaks of an outlet that it has something from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// "reported", "said", "according to", "told".
    Says,
    /// "quoted him", "quoting the minister": the outlet passes on what somebody said.
    Quotes,
    /// "reported last week", "in July": a reference back to an older story.
    Back,
}

/// What a sentence has from an outlet, and in which of its words it says so.
#[derive(Debug, Clone)]
pub(super) struct Attribution {
    pub manner: Manner,
    pub words: Range<usize>,
}

impl Attribution {
    /// The same of one more outlet, with the words that name it.
    pub(super) fn reaching(&self, name: &Range<usize>) -> Self {
        let words = self.words.start.min(name.start)..self.words.end.max(name.end);
        Self { manner: self.manner, words }
    }
}

/// Verbs by which an outlet is made the source of what is told.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "reported", "reports", "report", "reporting", "said", "says", "wrote", "writes", "revealed", "reveals",
    "quoted", "quotes", "quoting", "cited", "cites", "citing", "published", "publishes", "learned",
    "learnt", "confirmed", "confirms", "noted", "notes", "added", "adds", "claimed", "claims", "disclosed",
    "broke", "understands", "named", "described", "suggested", "specified", "carried", "ran",
];

/// Verbs that are too common for a name that is also a word or a party ("Dawn said").
const WEAK_VERBS: &[&str] =
    &["said", "says", "noted", "added", "claimed", "claims", "confirmed", "named", "described", "ran"];

/// What may stand between an outlet and its verb.
#[rustfmt::skip]
const BEFORE_VERB: &[&str] = &[
    "news", "agency", "newspaper", "daily", "website", "site", "also", "first", "earlier", "later", "has",
    "have", "had", "previously", "separately", "then", "on", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "itself", "broadcaster", "tv", "television", "channel", "magazine",
    "network", "today", "exclusively", "which", "who", "in", "a", "s", "was", "business", "state", "that",
    "already", "correspondent", "and", "article", "story", "exclusive",
];

/// What may stand between a trigger ("according to") and an outlet.
#[rustfmt::skip]
const BEFORE_NAME: &[&str] = &[
    "the", "a", "an", "newspaper", "newspapers", "daily", "news", "agency", "agencies", "broadcaster",
    "state", "run", "owned", "media", "network", "tv", "television", "channel", "outlet", "outlets",
    "website", "site", "magazine", "official", "wire", "service", "report", "reports", "in", "by", "from",
    "with", "article", "story", "us", "u", "s", "american", "british", "russian", "russia", "ukrainian",
    "ukraine", "south", "north", "korean", "korea", "japanese", "japan", "chinese", "china", "french",
    "france", "german", "germany", "israeli", "israel", "indian", "india", "turkish", "iranian", "iran",
    "hong", "kong", "independent", "local", "public", "private", "business", "financial", "tabloid",
    "paper", "journal", "sister", "its", "sources", "exclusive", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "on", "to", "of", "recent", "new", "today",
];

/// How the sentence attributes something to the outlet named by the words `name`, if it does. `text` is what `words`'
/// spans point into; `month` is the month of the report, in lower case.
pub(super) fn attribution(
    text: &str,
    words: &[Word<'_>],
    name: &Range<usize>,
    ambiguous: bool,
    month: &str,
) -> Option<Attribution> {
    if is_credit(text, words, name) || is_person(words, name) {
        return None;
    }
    after(text, words, name, ambiguous, month).or_else(|| leading(text, words, name, ambiguous))
}

/// "X reported", "X has learned", "X, citing officials".
fn after(
    text: &str,
    words: &[Word<'_>],
    name: &Range<usize>,
    ambiguous: bool,
    month: &str,
) -> Option<Attribution> {
    let (mut had, mut before_now) = (false, false);
    for at in name.end..name.end + 7 {
        let word = words.get(at)?;
        let gap = gap(text, words, at);
        let quoting = matches!(&*word.lower, "citing" | "quoting" | "which" | "in" | "has" | "and" | "cited");
        if gap.contains(['.', ';', ':', '(', ')', '!', '?', '"', '“', '”', '|'])
            || gap.contains(',') && !quoting
        {
            return None;
        }
        if VERBS.contains(&&*word.lower) && !(ambiguous && WEAK_VERBS.contains(&&*word.lower)) {
            let passive = before(words, at).is_some_and(|word| word.lower == "was");
            if passive {
                return None;
            }
            let mut end = at + 1;
            if words.get(end).is_some_and(|word| word.lower == "on")
                && words.get(end + 1).is_some_and(is_weekday)
            {
                end += 2;
            }
            let back = before_now
                || had && is_past(words, end, month, true)
                || is_past(words, end, month, false)
                || opens_in_past(words, month);
            let manner = match &*word.lower {
                _ if back => Manner::Back,
                "quoted" | "quotes" | "quoting" => Manner::Quotes,
                _ => Manner::Says,
            };
            return Some(Attribution { manner, words: with_article(words, name.start)..end });
        }
        had |= word.lower == "had";
        before_now |= word.lower == "previously" || had && word.lower == "earlier";
        if !BEFORE_VERB.contains(&&*word.lower) {
            return None;
        }
    }
    None
}

/// "according to X", "reported by X", "told X", "citing X", "Source: X", "… reports X".
fn leading(text: &str, words: &[Word<'_>], name: &Range<usize>, ambiguous: bool) -> Option<Attribution> {
    for at in (name.start.saturating_sub(7)..name.start).rev() {
        let word = words.get(at)?;
        let next = gap(text, words, at + 1);
        if next.contains(['.', ';', '(', ')', '!', '?', '"', '“', '”', '|', ','])
            && word.lower != "s"
            && word.lower != "u"
        {
            return None;
        }
        if next.contains(':') {
            let source = matches!(&*word.lower, "source" | "sources");
            return source.then_some(Attribution { manner: Manner::Says, words: at..name.end });
        }
        let earlier = before(words, at).map_or("", |word| &*word.lower);
        let triggers = match &*word.lower {
            "to" => matches!(
                earlier,
                "according"
                    | "speaking"
                    | "spoke"
                    | "confirmed"
                    | "interview"
                    | "statement"
                    | "comments"
                    | "attributed"
            ),
            "by" => matches!(
                earlier,
                "reported"
                    | "published"
                    | "cited"
                    | "quoted"
                    | "carried"
                    | "revealed"
                    | "seen"
                    | "obtained"
                    | "reviewed"
                    | "saying"
                    | "report"
                    | "reports"
                    | "broken"
                    | "conducted"
                    | "investigation"
                    | "reporting"
                    | "interviewed"
                    | "released"
                    | "viewed"
            ),
            "with" => matches!(earlier, "interview" | "spoke"),
            "in" | "from" => matches!(
                earlier,
                "report" | "reports" | "article" | "investigation" | "reporting" | "published" | "story"
            ),
            "citing" | "cited" | "quoting" | "cites" | "quotes" | "per" => true,
            "told" | "tells" => !ambiguous,
            "reports" | "reported" | "says" | "said" | "writes" | "wrote" | "reveals" => {
                // Turned round, "…, reports X.": nothing may follow the name in its clause.
                let follows = gap(text, words, name.end);
                let closes =
                    words.get(name.end).is_none() || follows.contains([',', '.', ';', '”', '"', '–', '—']);
                return (closes && !ambiguous && name.start - at <= 2)
                    .then_some(Attribution { manner: Manner::Says, words: at..name.end });
            }
            _ => false,
        };
        if triggers {
            let start = if matches!(&*word.lower, "to" | "by" | "with" | "in" | "from") {
                at.saturating_sub(1)
            } else {
                at
            };
            return Some(Attribution { manner: Manner::Says, words: start..name.end });
        }
        if !BEFORE_NAME.contains(&&*word.lower) {
            return None;
        }
    }
    None
}

/// Whether what follows the verb dates it back: "last week", "in July", "earlier this month", "three days ago".
fn is_past(words: &[Word<'_>], at: usize, month: &str, had: bool) -> bool {
    let word = |n: usize| words.get(at + n).map_or("", |word| &*word.lower);
    let is_other_month = |name: &str| MONTHS.contains(&name) && name != month;
    match word(0) {
        "last" | "previous" => true,
        "in" => is_other_month(word(1)) || word(1) == "the" && word(2) == "past" || is_year(word(1)),
        "earlier" => word(1) == "this" && word(2) != "day" && word(2) != "evening",
        "on" => is_other_month(word(1)) || is_other_month(word(2)),
        "a" | "an" | "two" | "three" | "four" | "several" | "some" | "days" | "weeks" | "months" => {
            (1..4).any(|n| word(n) == "ago" || had && matches!(word(n), "earlier" | "before"))
        }
        _ => false,
    }
}

/// "In July, X reported", "Last week X reported".
fn opens_in_past(words: &[Word<'_>], month: &str) -> bool {
    let word = |n: usize| words.get(n).map_or("", |word| &*word.lower);
    match word(0) {
        "in" => MONTHS.contains(&word(1)) && word(1) != month || is_year(word(1)),
        "last" => {
            matches!(word(1), "week" | "month" | "year" | "summer" | "spring" | "autumn" | "fall" | "winter")
        }
        "earlier" => word(1) == "this" && matches!(word(2), "month" | "year"),
        _ => false,
    }
}

fn is_weekday(word: &Word<'_>) -> bool {
    word.lower.ends_with("day") && word.lower.len() > 5
}

fn with_article(words: &[Word<'_>], name: usize) -> usize {
    if before(words, name).is_some_and(|word| word.lower == "the") { name - 1 } else { name }
}
