//! Every form of a term in every script, against its meaning written down plainly: no trie, no memory of words, no
//! filters in front of dictionaries.

use std::ops::Range;

use proptest::prelude::*;

use super::super::common::is_very_common;
use super::super::pattern::{Step, in_its_case, phrase_in_its_case, rows};
use super::super::stem::{Language, folded, stem};
use super::super::term::{Form, Phrase, Term, parse};
use super::{article, compile};
use crate::article::Article;
use crate::text::fold::hangul::without_particle;
use crate::text::fold::{Gap, each_word, spelling};

/// Words that some rule of the matcher is about, with words that are nearly the same.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "kim", "Kim", "KIM", "jong", "un", "Jong-un", "anti", "tank", "antitank", "anti-tank", "Viet", "Nam", "Vietnam", "put", "in", "Putin",
    "armour", "armoured", "armor", "antiarmour", "anti-armour", "defence", "defense", "defenceless", "programme", "program",
    "U", "S", "U.S.", "U.S.S.R.", "USSR", "US", "D.P.R.K.", "DPRK", "dprk", "Ü", "Ó", "x", "ship", "building", "shipbuilding", "ship-build-ing-yard",
    "négocier", "négociations", "negocier", "negotiate", "negotiating", "sky", "skies", "die", "dying", "grey", "gray", "oestrogen", "estrogen", "aeroplane", "airplanes",
    "북한", "북한은", "북한에서는", "김정은", "김정", "김정은이", "金", "正", "恩", "金正恩", "キム", "ｷﾑ", "ミサイル", "Путин", "Путина", "Переговоры", "переговорах", "ёлка", "елка",
    "l'Ukraine", "Ukraine's", "Ukraine", "10", "13", "2023", "1013", "Straße", "strasse", "Häuser", "Haus", "naïve", "Sana'a",
    "ırak", "İstanbul", "istanbul", "λόγος", "λόγου", "ΛΟΓΟΣ", "كتاب", "الكتاب",
];
const BETWEEN: &[&str] =
    &[" ", " ", " ", "-", ".", ". ", ", ", "\n", "\n\n", "", "'", "’", "\u{301}", "\u{ad}", "/"];
const LANGUAGES: [&str; 8] = ["en", "ru", "ko", "zh", "fr", "de", "tr", "el"];

fn text() -> impl Strategy<Value = String> {
    let parts = proptest::collection::vec((0..WORDS.len(), 0..BETWEEN.len()), 1..14);
    parts.prop_map(|parts| {
        parts.iter().flat_map(|(word, between)| [WORDS[*word], BETWEEN[*between]]).collect()
    })
}

/// A term as a rule writes it, and what it looks for.
fn term() -> impl Strategy<Value = (String, Phrase)> {
    let words = proptest::collection::vec((0..WORDS.len(), 0..4_usize), 1..4);
    (words, 0..5_u8).prop_filter_map("no term", |(words, form)| {
        let joined =
            |(word, between): &(usize, usize)| format!("{}{}", [" ", "-", " ", "."][*between], WORDS[*word]);
        let words: String = words.iter().map(joined).collect();
        let words = words.trim_start_matches([' ', '-', '.']);
        let written = match form {
            0 | 1 => words.to_owned(),
            2 => format!("={words}"),
            3 => format!("~{words}"),
            _ => format!("{words}*"),
        };
        let (parsed, faults) = parse(&written);
        match (parsed.as_slice(), faults.is_empty()) {
            ([one], true) => match &one.term {
                Term::Phrase(phrase) => Some((written, phrase.clone())),
                Term::Set(_) => None,
            },
            _ => None,
        }
    })
}

struct Word<'t> {
    folded: String,
    original: &'t str,
    span: Range<usize>,
    gap: Gap,
}

#[derive(PartialEq)]
enum Kind {
    Plain,
    Joined,
    Initials,
    Compound,
}

/// What the words from `at` on may be read as: how many words, as what, and how that came about.
fn readings(words: &[Word<'_>], at: usize) -> Vec<(usize, String, Kind)> {
    let joined =
        |width: usize| words[at..at + width].iter().map(|word| word.folded.as_str()).collect::<String>();
    let mut all = vec![(1, joined(1), Kind::Plain)];
    for width in 2..=4.min(words.len() - at) {
        let (before, last) = (&words[at + width - 2], &words[at + width - 1]);
        let digits = before.folded.ends_with(char::is_numeric) && last.folded.starts_with(char::is_numeric);
        if last.gap != Gap::Hyphen || digits {
            break;
        }
        all.push((width, joined(width), Kind::Joined));
    }
    let initial =
        |word: &Word<'_>| word.folded.chars().count() == 1 && word.folded.chars().all(char::is_lowercase);
    let goes_on = |at: usize| {
        at > 0
            && at < words.len()
            && words[at].gap == Gap::Stop
            && initial(&words[at])
            && initial(&words[at - 1])
    };
    if initial(&words[at]) && !goes_on(at) {
        let width = (1..=words.len()).find(|width| !goes_on(at + width)).expect("the text ends");
        if (2..=8).contains(&width) {
            all.push((width, joined(width), Kind::Initials));
        }
    }
    let apart = |word: &Word<'_>| {
        let letters = word.folded.chars();
        letters.clone().count() >= 3
            && letters.clone().all(char::is_alphabetic)
            && !is_very_common(&word.folded)
    };
    if let [one, other, ..] = &words[at..]
        && other.gap == Gap::Space
        && apart(one)
        && apart(other)
    {
        all.push((2, joined(2), Kind::Compound));
    }
    all
}

fn fits(step: &Step, (word, original): (&str, &str), kind: &Kind, language: Language) -> bool {
    let usual = |word: &str| spelling::canonical(word).unwrap_or(word).to_owned();
    let bare = without_particle(word).filter(|_| *kind == Kind::Plain);
    match step {
        Step::Word(wanted) if *kind == Kind::Compound => word == wanted,
        Step::Word(wanted) => usual(word) == *wanted || bare.is_some_and(|bare| usual(bare) == *wanted),
        Step::Prefix(start) => {
            *kind != Kind::Compound
                && (word.starts_with(start.as_str()) || usual(word).starts_with(start.as_str()))
        }
        Step::Form(wanted) => {
            let wanted = stem(language, &folded(wanted), wanted);
            let original = if *kind == Kind::Plain { original } else { word };
            matches!(kind, Kind::Plain | Kind::Joined)
                && (stem(language, word, original) == wanted
                    || bare.is_some_and(|bare| stem(language, bare, bare) == wanted))
        }
    }
}

/// The bytes of every hit of `phrase` in `text`.
fn hits(phrase: &Phrase, text: &str, language: Language) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    each_word(text, |word| {
        let original = &text[word.span.clone()];
        words.push(Word { folded: word.folded.to_owned(), original, span: word.span, gap: word.gap });
    });
    let mut found = Vec::new();
    for (row, first) in rows(phrase).iter().flat_map(|row| (0..words.len()).map(move |first| (row, first))) {
        let mut open = vec![(first, 0)];
        while let Some((at, done)) = open.pop() {
            if done == row.len() {
                let case = in_its_case(words[first..at].iter().map(|word| word.original));
                if phrase.form != Form::ExactCase || case == phrase_in_its_case(&phrase.words) {
                    found.push((words[first].span.start, words[at - 1].span.end));
                }
            } else if at < words.len() && (at == first || words[at].gap != Gap::Paragraph) {
                for (width, word, kind) in readings(&words, at) {
                    if fits(&row[done], (&word, words[at].original), &kind, language) {
                        open.push((at + width, done + 1));
                    }
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(start, end)| start..end).collect()
}

/// Whether stemmers see the words of `text` as they are: of those with accents they do not see digits.
fn is_stemmed_whole(text: &str) -> bool {
    text.is_ascii() || !text.contains(char::is_numeric)
}

proptest! {
    /// All texts by the same rules, so that what is remembered of the words of one text is used in the next.
    #[test]
    fn scans_as_the_plain_meaning(
        terms in proptest::collection::vec(term(), 1..16),
        texts in proptest::collection::vec((text(), 0..LANGUAGES.len()), 1..8),
    ) {
        let topic = |(id, (written, _)): (usize, &(String, Phrase))| {
            format!("[topic.t{id:02}]\nall = [{written:?}]\nmin_score = 0\n")
        };
        let set = compile(&terms.iter().enumerate().map(topic).collect::<String>());
        for (text, language) in texts {
            let code = LANGUAGES[language];
            let subject = Article { language: Some(code.to_owned()), ..article("", &text) };
            for ((written, phrase), judged) in terms.iter().zip(set.explain(&subject)) {
                if phrase.form == Form::Stem && !is_stemmed_whole(&text) {
                    continue;
                }
                let spans: Vec<_> = judged.evidence.into_iter().map(|one| one.span).collect();
                prop_assert_eq!(spans, hits(phrase, &text, Language::of(Some(code))), "{} in {:?}, {}", written, text, code);
            }
        }
    }
}
