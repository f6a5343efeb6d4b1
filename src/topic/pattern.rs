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
    let (mut words, mut is_respelled) = (Vec::new(), false);
    each_word(&phrase.words, |word| {
        let usual = spelling::canonical(word.folded);
        is_respelled |= usual.is_some();
        words.push(usual.unwrap_or(word.folded).to_owned());
    });
    if let [word] = words.as_mut_slice()
        && phrase.form != Form::Prefix
    {
        return vec![vec![Step::Word(std::mem::take(word))]];
    }
    // No list of spellings has all compounds: "greyzone" is written so on one side of the sea.
    let mut written = Vec::new();
    if is_respelled {
        each_word(&phrase.words, |word| written.push(word.folded.to_owned()));
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
        for spelled in [&words, &written].into_iter().filter(|spelled| !spelled.is_empty()) {
            for row in row(&words, spelled, |gap| choices > 1 && choice >> gap & 1 == 1, &prefixes) {
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
    }
    rows
}

/// The rows of `words` where some gaps are joined, with words as `spelled` on both sides of these; a row for each ending
/// of the last word if there are `endings`.
fn row(
    words: &[String],
    spelled: &[String],
    joined: impl Fn(usize) -> bool,
    endings: &[Step],
) -> Vec<Vec<Step>> {
    let mut row: Vec<String> = Vec::new();
    let mut head = String::new();
    for (at, (word, spelled)) in words.iter().zip(spelled).enumerate() {
        let before = at > 0 && joined(at - 1);
        let part = if before || at + 1 < words.len() && joined(at) { spelled } else { word };
        match row.last_mut().filter(|_| before) {
            Some(last) => {
                head.clone_from(last);
                last.push_str(part);
            }
            None => {
                head.clear();
                row.push(part.clone());
            }
        }
    }
    let steps = |words: &[String]| words.iter().map(|word| Step::Word(usual(word))).collect::<Vec<_>>();
    let Some((_, before)) = row.split_last().filter(|_| !endings.is_empty()) else {
        return vec![steps(&row)];
    };
    let with_ending = |ending: &Step| {
        let last = match ending {
            Step::Word(word) => Step::Word(format!("{head}{word}")),
            Step::Prefix(start) | Step::Form(start) => Step::Prefix(format!("{head}{start}")),
        };
        [steps(before), vec![last]].concat()
    };
    endings.iter().map(with_ending).collect()
}

/// In the one spelling of both sides of the sea.
fn usual(word: &str) -> String {
    spelling::canonical(word).unwrap_or(word).to_owned()
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
    fn joined_as_it_is_written_too() {
        assert_eq!(shown("grey-zone", Form::Folded), ["gray zone", "grayzone", "greyzone"]);
        assert_eq!(shown("colour-blind", Form::Folded), ["color blind", "colorblind"]);
        assert_eq!(
            shown("defence industr", Form::Prefix),
            ["defense industr*", "defenseindustr*", "defenceindustr*"]
        );
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
