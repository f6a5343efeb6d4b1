//! The characters: which are letters, hyphens, apostrophes or nothing at all, and what each folds to.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Marks beyond this many on one letter are dropped: no script stacks more, hostile pages do.
const MAX_MARKS: usize = 8;

/// What a character is to the cutting of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Starts or continues a word.
    Letter,
    /// Han or Kana: a word by itself.
    Solitary,
    /// A Hangul syllable or letter.
    Hangul,
    /// Belongs to the letter before it: combining marks, the later parts of a decomposed Hangul syllable.
    Mark,
    /// As if it were not there: soft hyphens, zero widths, directions.
    Nothing,
    /// Joins two tokens.
    Hyphen,
    /// Inside a word or an elision; elsewhere a separator.
    Apostrophe,
    /// Everything else.
    Separator,
}

/// The role of `ch`.
#[expect(clippy::match_same_arms, reason = "the common characters come first")]
pub(super) fn role(ch: char) -> Role {
    match ch {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Role::Letter,
        '-' => Role::Hyphen,
        // The grave and acute accents are typed as apostrophes ("Korea´s").
        '\'' | '`' | '´' => Role::Apostrophe,
        '\0'..='\x7f' => Role::Separator,
        // Soft hyphen, grapheme joiner, Mongolian vowel separator, zero widths and directions, word joiner and
        // invisible operators, variation selectors, byte order mark, tags, Hangul fillers.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => Role::Nothing,
        // Armenian and Hebrew hyphens, the Unicode hyphens, figure and en dash ("anti–tank"), minus, small and full
        // width. The em dash parts sentences and is a separator.
        '\u{58a}' | '\u{5be}' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => Role::Hyphen,
        // Modifier letters used as apostrophes (Hawaiian, Ukrainian, Arabic in Latin script), quotation marks, prime,
        // full width.
        '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{ff07}' => Role::Apostrophe,
        '\u{3040}'..='\u{3098}' | '\u{309b}'..='\u{309e}' | '\u{30a0}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}' // Kana
        | '\u{3192}'..='\u{33ff}' | '\u{ff66}'..='\u{ff9d}'
        | '\u{3003}'..='\u{303f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{f900}'..='\u{faff}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{323af}' => {
            if ch.is_alphanumeric() { Role::Solitary } else { Role::Separator }
        }
        // The two halfwidth sound marks are letters by category and marks by use.
        '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' | '\u{ff9e}' | '\u{ff9f}' => Role::Mark,
        '\u{1100}'..='\u{115f}' | '\u{3131}'..='\u{318e}' | '\u{a960}'..='\u{a97c}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{ffa1}'..='\u{ffdc}' => Role::Hangul,
        // Fractions and ligatures of Kana ("½", "ヿ") fold to nothing that a person would write.
        '\u{bc}'..='\u{be}' | '\u{309f}' | '\u{30ff}' | '\u{2150}'..='\u{215f}' | '\u{2189}' => Role::Separator,
        // Before the letters: many vowel signs count as alphabetic.
        _ if is_combining_mark(ch) => Role::Mark,
        _ if ch.is_alphanumeric() => Role::Letter,
        _ => Role::Separator,
    }
}

/// True for Latin and Greek, decomposed or not: the scripts whose marks people leave out.
fn loses_marks(ch: char) -> bool {
    matches!(ch,
        'a'..='z' | 'A'..='Z' | '0'..='9' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{2af}' | '\u{370}'..='\u{3ff}'
        | '\u{1e00}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a722}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}')
}

/// Letters that Unicode does not decompose but that people write without their stroke or as two.
fn plain(ch: char) -> Option<&'static str> {
    Some(match ch {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        'ŧ' => "t",
        'ə' => "a",
        'ς' => "σ",
        // Russian prints ё mostly as е; й is a letter of its own and stays.
        'ё' => "е",
        _ => return None,
    })
}

/// Appends the folded form of one letter with its marks. `cluster` is a slice of the original text; appends nothing
/// if no letter or digit is left of it.
pub(super) fn push_folded(cluster: &str, out: &mut String) {
    let mut rest = cluster.chars();
    let Some(first) = rest.next() else { return };
    if rest.next().is_none() && push_simple(first, out) {
        return;
    }
    let bare = first.nfkd().next().unwrap_or(first);
    if loses_marks(bare) {
        // The marks of the cluster would all be dropped: only the letter itself counts.
        first.nfkd().filter(|ch| role(*ch) == Role::Letter).for_each(|ch| push_lower(ch, out));
    } else {
        let (cyrillic, before) = (matches!(bare, '\u{400}'..='\u{52f}'), out.len());
        for ch in cluster.chars().take(1 + MAX_MARKS).nfkc() {
            match role(ch) {
                // Marks that Cyrillic letters do not compose with are stress marks; a mark needs a letter before it.
                Role::Mark if cyrillic || out.len() == before => {}
                Role::Letter | Role::Solitary | Role::Hangul | Role::Mark => push_lower(ch, out),
                Role::Nothing | Role::Hyphen | Role::Apostrophe | Role::Separator => {}
            }
        }
    }
}

/// The common case without normalisation: letters that stand alone and decompose to themselves.
fn push_simple(ch: char, out: &mut String) -> bool {
    match ch {
        'а'..='е'
        | 'ж'..='я'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{3131}'..='\u{318e}'
        | '\u{ffa1}'..='\u{ffdc}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}' => out.push(ch),
        'А'..='Я' => out.extend(ch.to_lowercase()),
        _ => return false,
    }
    true
}

fn push_lower(ch: char, out: &mut String) {
    for lower in ch.to_lowercase() {
        match plain(lower) {
            Some(letters) => out.push_str(letters),
            None => out.push(lower),
        }
    }
}
