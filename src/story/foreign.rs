//! Attributions in languages other than English. Scripts with spaces are read by words, the others by what stands next to
//! a native name. The phrases are unmistakable, so all are looked for in any text.

use std::ops::Range;
use std::sync::LazyLock;

use super::gazetteer::Outlet;
use super::mention::{Mention, Word, is_credit};
use super::outlets::OUTLETS;

/// What a sentence has from an outlet.
#[derive(Debug)]
pub(super) struct Foreign {
    pub outlet: &'static Outlet,
    /// The bytes of the text that say so.
    pub span: Range<usize>,
    /// "with reference to X": whoever else reports it only passes it on.
    pub cited: bool,
}

/// Verbs that make an outlet their subject, before or behind it: Russian and Ukrainian, French, German, Spanish.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "сообщает", "сообщают", "сообщил", "сообщила", "сообщило", "сообщили", "пишет", "пишут", "написала", "написал",
    "передает", "передаёт", "передала", "передало", "повідомляє", "повідомила", "пише",
    "rapporte", "rapportent", "rapporté", "révèle", "révélé", "écrit", "indique",
    "berichtet", "berichtete", "berichten", "berichteten", "meldet", "meldete", "schreibt",
    "informó", "informa", "informaron", "reportó", "reporta", "reveló", "publicó",
];

/// What stands before an outlet whose news is passed on.
#[rustfmt::skip]
const LEADS: &[&[&str]] = &[
    &["по", "данным"], &["по", "информации"], &["по", "сообщению"], &["за", "даними"],
    &["selon"], &["d", "après"], &["laut"], &["nach", "angaben"], &["según"], &["de", "acuerdo", "con"],
];

/// The same where it says that another outlet passes it on.
#[rustfmt::skip]
const CITES: &[&[&str]] = &[
    &["со", "ссылкой", "на"], &["ссылаясь", "на"], &["з", "посиланням", "на"], &["citant"],
    &["unter", "berufung", "auf"], &["citando"], &["citado", "por"],
];

/// What may stand between a trigger and an outlet.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "the", "агентство", "агентства", "агентству", "агентством", "газета", "газеты", "газете", "газету", "издание",
    "издания", "изданию", "телеканал", "телеканала", "американская", "американской", "в", "понедельник", "l", "le", "la", "les",
    "du", "de", "des", "agence", "presse", "journal", "quotidien", "chaîne", "die", "der", "das", "dem", "den",
    "nachrichtenagentur", "agentur", "zeitung", "us", "el", "los", "agencia", "diario", "periódico", "cadena", "a", "hat",
    "ha", "этом", "об", "también", "aussi", "auch", "am", "montag", "lundi", "lunes",
];

/// The attributions of a sentence in a script with spaces.
pub(super) fn by_words(text: &str, words: &[Word<'_>], mentions: &[Mention]) -> Vec<Foreign> {
    let found = mentions.iter().filter(|mention| !is_credit(text, words, &mention.words));
    found
        .filter_map(|mention| {
            let (range, cited) = leading(text, words, mention).or_else(|| trailing(text, words, mention))?;
            let start = words.get(range.start)?.span.start;
            let end = words.get(range.end.checked_sub(1)?)?.span.end;
            Some(Foreign { outlet: mention.outlet, span: start..end, cited })
        })
        .collect()
}

/// "selon l'AFP", "сообщает агентство Рейтер".
fn leading(text: &str, words: &[Word<'_>], mention: &Mention) -> Option<(Range<usize>, bool)> {
    for at in (mention.words.start.saturating_sub(5)..mention.words.start).rev() {
        let word = words.get(at)?;
        if !is_one_clause(text, words, at) {
            return None;
        }
        let phrase = |phrases: &[&[&str]]| {
            phrases.iter().find_map(|phrase| {
                let start = (at + 1).checked_sub(phrase.len())?;
                let same = words.get(start..=at)?.iter().zip(*phrase).all(|(word, part)| word.lower == *part);
                same.then_some(start)
            })
        };
        if let Some(start) = phrase(CITES) {
            return Some((start..mention.words.end, true));
        }
        let verb = VERBS.contains(&&*word.lower).then_some(at);
        if let Some(start) = phrase(LEADS).or(verb) {
            return Some((start..mention.words.end, false));
        }
        if !BETWEEN.contains(&&*word.lower) {
            return None;
        }
    }
    None
}

/// "Reuters berichtete", "Рейтер сообщает".
fn trailing(text: &str, words: &[Word<'_>], mention: &Mention) -> Option<(Range<usize>, bool)> {
    for at in mention.words.end..mention.words.end + 4 {
        let word = words.get(at)?;
        if !is_one_clause(text, words, at.checked_sub(1)?) {
            return None;
        }
        if VERBS.contains(&&*word.lower) {
            return Some((mention.words.start..at + 1, false));
        }
        if !BETWEEN.contains(&&*word.lower) {
            return None;
        }
    }
    None
}

/// Whether nothing that parts clauses stands between the words at `at` and `at + 1`.
fn is_one_clause(text: &str, words: &[Word<'_>], at: usize) -> bool {
    let span = words.get(at).zip(words.get(at + 1)).map(|(one, other)| one.span.end..other.span.start);
    span.and_then(|span| text.get(span))
        .is_some_and(|gap| !gap.contains(['.', ',', ';', ':', '!', '?', '(', ')']))
}

/// Names in scripts without spaces, and in Korean, which ties its particles to them; longest first.
static WIDE: LazyLock<Vec<(&'static str, &'static Outlet)>> = LazyLock::new(|| {
    let mut names: Vec<(&str, &Outlet)> = OUTLETS
        .iter()
        .flat_map(|outlet| outlet.aliases.split('|').map(move |alias| (alias, outlet)))
        .filter(|(alias, _)| alias.chars().any(is_wide))
        .collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
});

fn is_wide(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Characters behind a name in which these make it the source.
const NEAR: usize = 24;
const NEAR_AFTER: &[&str] =
    &["따르면", "보도", "报道", "报导", "報道", "報導", "によると", "によれば", "消息", "报道称"];
/// The same of an outlet whose news another passes on.
const CITED_AFTER: &[&str] = &["를 인용", "을 인용", "を引用"];
const CITED_BEFORE: &[&str] = &["援引", "援引《", "引述", "引述《"];
/// Behind the subject's particle, the verb ends the sentence.
const PARTICLES: &[&str] = &["는", "은", "이", "가", "は", "が", "도", "も"];
const VERBS_AT_END: &[&str] = &["보도했", "보도하", "전했", "報じ", "伝えた", "報道した"];
/// What may stand between a name and its particle.
const SUFFIXES: &[&str] = &["통신", "신문", "방송", "通信", "電子版", "紙", "》", "」", "』", "’", "'", " "];

/// The attributions of a sentence at `base` by native names in scripts without spaces.
pub(super) fn by_neighbours(sentence: &str, base: usize) -> Vec<Foreign> {
    if !sentence.chars().any(is_wide) {
        return Vec::new();
    }
    let mut names: Vec<(Range<usize>, &'static Outlet)> = Vec::new();
    for (name, outlet) in WIDE.iter() {
        for (at, _) in sentence.match_indices(name) {
            let span = at..at + name.len();
            // "뉴욕타임스" is not also some shorter name in it.
            if names.iter().all(|(other, _)| other.end <= span.start || span.end <= other.start) {
                names.push((span, outlet));
            }
        }
    }
    names.sort_by_key(|(span, _)| span.start);
    let ends = names.iter().skip(1).map(|(span, _)| span.start).chain([sentence.len()]);
    let found = names.iter().zip(ends).filter_map(|((span, outlet), next)| {
        let before = sentence.get(..span.start)?;
        let after = sentence.get(span.end..)?;
        let near = sentence.get(span.end..next)?;
        let near = near.char_indices().nth(NEAR).map_or(near, |(end, _)| near.get(..end).unwrap_or_default());
        let (length, cited) = source(before, near, after)?;
        Some(Foreign { outlet, span: base + span.start..base + span.end + length, cited })
    });
    found.collect()
}

/// Whether what stands around a name makes it the source: how many bytes behind it say so, and whether it is cited.
fn source(before: &str, near: &str, after: &str) -> Option<(usize, bool)> {
    let end = |text: &str, phrases: &[&str]| {
        phrases.iter().filter_map(|phrase| Some(text.find(phrase)? + phrase.len())).min()
    };
    if let Some(length) = end(near, CITED_AFTER) {
        return Some((length, true));
    }
    if CITED_BEFORE.iter().any(|phrase| before.ends_with(phrase)) {
        return Some((0, true));
    }
    // "(서울=연합뉴스)", "新华社北京9月4日电".
    let dateline = before.ends_with('=') && near.starts_with(')');
    let wired = before.chars().count() <= 2 && near.contains("日电");
    if dateline || wired {
        return Some((0, false));
    }
    if let Some(length) = end(near, NEAR_AFTER) {
        return Some((length, false));
    }
    let rest = behind_name(after);
    let subject = PARTICLES.iter().any(|particle| rest.starts_with(particle));
    (subject && end(rest, VERBS_AT_END).is_some()).then_some((0, false))
}

/// What follows a name behind brackets and the word for what it is.
fn behind_name(after: &str) -> &str {
    let mut rest = after;
    for _ in 0..4 {
        let bracket = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let bracket = bracket.or_else(|| rest.strip_prefix('（').and_then(|rest| rest.split_once('）')));
        let suffix = SUFFIXES.iter().find_map(|suffix| rest.strip_prefix(suffix));
        match bracket.map(|(_, rest)| rest).or(suffix) {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    rest
}
