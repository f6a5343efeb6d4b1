//! The words of a sentence, and the outlets that it names.

use std::borrow::Cow;
use std::ops::Range;

use super::gazetteer::{self, Outlet};
use crate::article::{Article, Zone};
use crate::text::terms::clip;

/// So much of a zone is looked through for those who report.
const REPORTERS_BYTES: usize = 32 * 1024;

/// Names that are also words, parties or regions.
#[rustfmt::skip]
const AMBIGUOUS: &[&str] = &[
    "Time", "Fortune", "Wired", "Variety", "Deadline", "Vox", "Dawn", "Mint", "Reforma", "MENA", "AAP",
    "PTI", "APP", "PAP", "RT", "Astra", "SPA", "Bild", "SANA", "NOS",
];

/// Months, for "reported in July".
#[rustfmt::skip]
pub(super) const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
];

/// One word of a sentence.
#[derive(Debug)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub lower: Cow<'a, str>,
    pub span: Range<usize>,
}

/// An outlet, named by the words `words` of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub outlet: &'static Outlet,
    pub words: Range<usize>,
}

/// The words of `sentence`: runs of letters and digits, with `base` added to their spans.
pub(super) fn words(sentence: &str, base: usize) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let text = sentence.get(from..at).unwrap_or_default();
                found.push(Word { text, lower: lower(text), span: base + from..base + at });
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Most words of a text are in lower case as they are.
fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase())
    }
}

/// The outlets that `words` name, in order.
pub(super) fn mentions(words: &[Word<'_>]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let after_article = before(words, at).is_some_and(|word| word.lower == "the");
        match gazetteer::named(&rest.iter().map(|word| word.text), after_article) {
            Some((outlet, count)) => {
                found.push(Mention { outlet, words: at..at + count });
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// Where `article` names outlets that only report: those that its headline does not name. A name that is also a word
/// counts for the word.
#[must_use]
pub fn reporters(article: &Article) -> Vec<(Zone, Range<usize>)> {
    let headline: Vec<&str> =
        mentions(&words(&article.title, 0)).into_iter().map(|named| named.outlet.name).collect();
    let (mut found, mut known) = (Vec::new(), Vec::new());
    for zone in [Zone::Lead, Zone::Body] {
        let text = clip(article.zone(zone), REPORTERS_BYTES);
        let words = words(text, 0);
        let named = mentions(&words).into_iter().filter(|named| {
            !is_ambiguous(named.outlet)
                && !is_person(&words, &named.words)
                && !is_part(text, &words, &named.words)
                && !headline.contains(&named.outlet.name)
        });
        let named: Vec<Mention> = named.collect();
        known.extend(named.iter().map(|named| named.outlet.last_word()));
        // "The Times", once it was named.
        let short = (0..words.len()).filter(|at| {
            before(&words, *at).is_some_and(|word| word.lower == "the")
                && words.get(*at).is_some_and(|word| known.contains(&word.text))
                && !is_part(text, &words, &(*at..at + 1))
        });
        let spans = named.into_iter().map(|named| named.words).chain(short.map(|at| at..at + 1));
        found.extend(spans.filter_map(|span| {
            let (first, last) = (words.get(span.start)?, words.get(span.end.checked_sub(1)?)?);
            Some((zone, first.span.start..last.span.end))
        }));
    }
    found
}

/// Whether one word after "the" is part of a longer name: "the National Security Council".
fn is_part(text: &str, words: &[Word<'_>], name: &Range<usize>) -> bool {
    let next = words.get(name.end).is_some_and(|word| word.text.starts_with(char::is_uppercase));
    let after_article = before(words, name.start).is_some_and(|word| word.lower == "the");
    name.len() == 1 && after_article && next && gap(text, words, name.end) == " "
}

/// Whether the bare name of `outlet` often means something else.
pub(super) fn is_ambiguous(outlet: &Outlet) -> bool {
    AMBIGUOUS.contains(&outlet.name)
}

/// Whether the name is a person's: "Michael Bloomberg".
pub(super) fn is_person(words: &[Word<'_>], name: &Range<usize>) -> bool {
    const PEOPLE: &[&str] = &["michael", "mike", "mayor", "mr", "steve", "malcolm", "billionaire"];
    name.len() == 1 && before(words, name.start).is_some_and(|word| PEOPLE.contains(&&*word.lower))
}

/// Whether the name is a photo credit: "Photo: Reuters", "AP Photo/…", "AFP via Getty Images", "Reuters/Jane Doe".
pub(super) fn is_credit(text: &str, words: &[Word<'_>], name: &Range<usize>) -> bool {
    const CREDITS: &[&str] = &[
        "photo",
        "photos",
        "image",
        "images",
        "picture",
        "pictures",
        "credit",
        "handout",
        "pool",
        "photograph",
        "photographer",
        "via",
        "courtesy",
        "footage",
        "getty",
    ];
    let is_credit = |at: usize| words.get(at).is_some_and(|word| CREDITS.contains(&&*word.lower));
    let touches_slash =
        gap(text, words, name.end).starts_with('/') || gap(text, words, name.start).ends_with('/');
    touches_slash
        || is_credit(name.end)
        || (1..=2).any(|back| name.start.checked_sub(back).is_some_and(is_credit))
}

/// Whether `word` is a year of the last or this century.
pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|b| b.is_ascii_digit())
}

/// The word before the one at `at`.
pub(super) fn before<'w, 'a>(words: &'w [Word<'a>], at: usize) -> Option<&'w Word<'a>> {
    words.get(at.checked_sub(1)?)
}

/// What stands between the word before `at` and the word at `at`; at the ends, up to a few bytes of what stands there.
pub(super) fn gap<'t>(text: &'t str, words: &[Word<'_>], at: usize) -> &'t str {
    let end = words.get(at).map(|word| word.span.start);
    let start = before(words, at).map(|word| word.span.end);
    match (start, end) {
        (Some(start), Some(end)) => text.get(start..end).unwrap_or_default(),
        (Some(start), None) => text.get(start..text.ceil_char_boundary(start + 4)).unwrap_or_default(),
        (None, Some(end)) => {
            text.get(text.floor_char_boundary(end.saturating_sub(4))..end).unwrap_or_default()
        }
        (None, None) => "",
    }
}
