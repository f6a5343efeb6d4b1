//! A phrase → the rows of words that it stands for: gaps split or joined, prefixes in both spellings.

use unicode_normalization::UnicodeNormalization;

use super::term::{Form, Phrase};
use crate::text::fold::{Gap, each_word, fold, spelling};

/// Up to this many words every gap may be split or joined; more would be many rows for no gain.
const MAX_SPLIT_OR_JOINED: usize = 4;

/// One word of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// This word.
    Word(String),
    /// A word that starts so.
    Prefix(String),
    /// Any form of this word, which is not folded: stemmers need its accents.
    Form(String),
}

/// The rows of words that `phrase` stands for, each of at least one word.
pub(super) fn rows(phrase: &Phrase) -> Vec<Vec<Step>> {
    if phrase.form == Form::Stem {
        return rows_of_forms(&phrase.words);
    }
    let words = fold(&phrase.words);
    if let [word] = words.as_slice()
        && phrase.form != Form::Prefix
    {
        return vec![vec![Step::Word(word.folded.clone())]];
    }
    let joinable = joinable_gaps(&phrase.words);
    let choices =
        if words.len() <= MAX_SPLIT_OR_JOINED { 1_usize << words.len().saturating_sub(1) } else { 1 };
    let prefixes = if phrase.form == Form::Prefix { prefixes(&phrase.words) } else { Vec::new() };
    let mut rows = Vec::new();
    // Each bit of a choice says whether that gap is joined.
    for choice in (0..choices).filter(|choice| {
        (0..joinable.len()).all(|gap| choice >> gap & 1 == 0 || joinable.get(gap) == Some(&true))
    }) {
        let joined = |gap: usize| choices > 1 && choice >> gap & 1 == 1;
        let mut row: Vec<String> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            match row.last_mut() {
                Some(last) if at > 0 && joined(at - 1) => last.push_str(&word.folded),
                _ => row.push(word.folded.clone()),
            }
        }
        let steps = |words: &[String]| words.iter().cloned().map(Step::Word).collect::<Vec<_>>();
        let (Form::Prefix, Some((last, before))) = (phrase.form, row.split_last()) else {
            rows.push(steps(&row));
            continue;
        };
        let head =
            last.strip_suffix(words.last().map_or("", |word| word.folded.as_str())).unwrap_or_default();
        for ending in &prefixes {
            let mut row = steps(before);
            row.push(match ending {
                Step::Word(word) => Step::Word(format!("{head}{word}")),
                Step::Prefix(start) | Step::Form(start) => Step::Prefix(format!("{head}{start}")),
            });
            rows.push(row);
        }
    }
    rows
}

/// The words of a `~` phrase in a row, and as one.
fn rows_of_forms(text: &str) -> Vec<Vec<Step>> {
    let mut words = Vec::new();
    each_word(text, |word| words.extend(text.get(word.span).map(str::to_owned)));
    let joined = words.concat();
    let can_join =
        (2..=MAX_SPLIT_OR_JOINED).contains(&words.len()) && joinable_gaps(text).iter().all(|gap| *gap);
    let apart = words.into_iter().map(Step::Form).collect();
    std::iter::once(apart).chain(can_join.then(|| vec![Step::Form(joined)])).collect()
}

/// Which gaps between the words of `text` may be left out: not between Han or Kana, which are parted by nothing
/// already, and not between digits ("10 13" is not "1013").
fn joinable_gaps(text: &str) -> Vec<bool> {
    let (mut gaps, mut digit_before) = (Vec::new(), None);
    each_word(text, |word| {
        if let Some(digit_before) = digit_before {
            gaps.push(word.gap != Gap::None && !(digit_before && word.folded.starts_with(char::is_numeric)));
        }
        digit_before = Some(word.folded.ends_with(char::is_numeric));
    });
    gaps
}

/// The endings that the last word of `text` stands for as a prefix: itself as spelled, and whatever words of its
/// spelling are folded to (`defenc*` hits "defence", which folds to "defense").
fn prefixes(text: &str) -> Vec<Step> {
    let mut spelled = String::new();
    each_word(text, |word| word.folded.clone_into(&mut spelled));
    let mut endings: Vec<Step> = spelling::replacements_of(&spelled)
        .filter(|replacement| !replacement.starts_with(&spelled))
        .map(|replacement| Step::Word(replacement.to_owned()))
        .collect();
    endings.push(Step::Prefix(spelled));
    endings
}

/// What two writings have in common that are the same but for accents, width and what stands between the words: the
/// measure of `=`.
pub(super) fn in_its_case<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.flat_map(UnicodeNormalization::nfkd).filter(|ch| ch.is_alphanumeric()).collect()
}

/// [`in_its_case`] of a phrase as written in a rule.
pub(super) fn phrase_in_its_case(text: &str) -> String {
    in_its_case(fold(text).iter().filter_map(|token| text.get(token.span.clone())))
}

#[cfg(test)]
mod tests {
    use super::{Form, Phrase, Step, rows};

    fn shown(words: &str, form: Form) -> Vec<String> {
        let rows = rows(&Phrase { words: words.to_owned(), form });
        let word = |step: Step| match step {
            Step::Word(word) => word,
            Step::Prefix(start) => start + "*",
            Step::Form(word) => format!("~{word}"),
        };
        rows.into_iter().map(|row| row.into_iter().map(word).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn gaps_split_or_joined() {
        assert_eq!(shown("Anti-tank", Form::Folded), ["anti tank", "antitank"]);
        assert_eq!(
            shown("Kim Jong-un", Form::Folded),
            ["kim jong un", "kimjong un", "kim jongun", "kimjongun"]
        );
        assert_eq!(shown("10 13 September", Form::Folded), ["10 13 september", "10 13september"]);
        assert_eq!(shown("金正恩", Form::Folded), ["金 正 恩"]);
        assert_eq!(shown("one two three four five", Form::Folded), ["one two three four five"]);
    }

    #[test]
    fn forms_keep_their_accents() {
        assert_eq!(shown("négocier", Form::Stem), ["~négocier"]);
        assert_eq!(shown("air-strike", Form::Stem), ["~air ~strike", "~airstrike"]);
    }

    #[test]
    fn prefixes_in_both_spellings() {
        assert_eq!(shown("anti tank", Form::Prefix), ["anti tank*", "antitank*"]);
        let armour = shown("armour", Form::Prefix);
        assert!(
            armour.contains(&"armour*".to_owned()) && armour.contains(&"armored".to_owned()),
            "{armour:?}"
        );
    }
}
