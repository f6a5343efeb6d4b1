//! US and UK spelling: the many spellings of one English word become one.
//!
//! From the word list of `varcon`, only where nothing is lost: a spelling is replaced if it stands for exactly one
//! American word and that word has no other sense ("tyre" stays, because "tire" is also to weary; so do "cheque",
//! "storey", "kerb"). Built on first use.

use std::collections::HashMap;
use std::sync::LazyLock;

use varcon::{Category, Cluster, Tag};

use super::shapes::Shapes;

/// Rarer words of the list are dubious and occur in no news.
const MAX_LEVEL: usize = 70;

/// Spellings whose American word has another sense in the list that no reader would keep apart.
const SAME_WORD: [&str; 5] = ["grey", "greys", "programme", "programmes", "sulphur"];

struct Spellings {
    /// Sorted by the first: a spelling and the one that replaces it.
    pairs: Vec<(&'static str, &'static str)>,
    /// The same, for looking one up.
    replacements: HashMap<&'static str, &'static str>,
    shapes: Shapes,
}

static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| {
    let pairs = pairs(varcon::VARCON);
    let shapes = Shapes::of(pairs.iter().map(|(spelling, _)| *spelling), pairs.len());
    let replacements = pairs.iter().copied().collect();
    Spellings { pairs, replacements, shapes }
});

/// The spelling that `word` (folded) is replaced by; `None` if it stays.
#[must_use]
pub fn canonical(word: &str) -> Option<&'static str> {
    let spellings = &*SPELLINGS;
    if spellings.shapes.may_hold(word, "") { spellings.replacements.get(word).copied() } else { None }
}

/// Every spelling that is replaced, with its replacement.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    SPELLINGS.pairs.iter().copied()
}

/// The replacements of all spellings that start with `prefix`: what a text is folded to where it has "defence",
/// "defenceless" and the rule `defenc*`.
pub fn replacements_of(prefix: &str) -> impl Iterator<Item = &'static str> {
    let pairs = &SPELLINGS.pairs;
    let start = pairs.partition_point(|(spelling, _)| *spelling < prefix);
    let rest = pairs.get(start..).unwrap_or_default();
    rest.iter().take_while(move |(spelling, _)| spelling.starts_with(prefix)).map(|(_, canonical)| *canonical)
}

/// One sense of a word: its American spelling, and what the list says to tell it from others.
struct Sense {
    entry: usize,
    description: Option<&'static str>,
}

fn pairs(clusters: &'static [Cluster]) -> Vec<(&'static str, &'static str)> {
    let entries = || {
        clusters
            .iter()
            .filter(|cluster| cluster.level <= MAX_LEVEL)
            .flat_map(|cluster| cluster.entries)
            .enumerate()
    };
    // American words, with every sense they have.
    let mut senses: HashMap<&str, Vec<Sense>> = HashMap::new();
    // Other spellings, with the American word of each entry that they stand in.
    let mut others: HashMap<&str, Vec<(&str, Sense)>> = HashMap::new();
    for (entry, known) in entries() {
        let sense = || Sense { entry, description: known.description };
        let american = |variant: &&varcon::Variant| {
            variant.types.iter().any(|kind| kind.category == Category::American && kind.tag.is_none())
        };
        let mut chosen = known.variants.iter().filter(american);
        let first = chosen.next();
        let only = first.filter(|_| chosen.next().is_none());
        for variant in known.variants {
            if american(&variant) {
                senses.entry(variant.word).or_default().push(sense());
            } else if let Some(only) = only
                && is_plain(variant.word)
                && is_plain(only.word)
                && variant.types.iter().any(|kind| matches!(kind.tag, None | Some(Tag::Eq | Tag::Variant)))
            {
                others.entry(variant.word).or_default().push((only.word, sense()));
            }
        }
    }
    let mut pairs: Vec<_> = others
        .into_iter()
        .filter_map(|(word, found)| {
            let (american, _) = found.first()?;
            let certain = !senses.contains_key(word) && found.iter().all(|(other, _)| other == american);
            // The American word may stand in further entries only for the same sense (noun and verb of "license").
            let one_sense = senses.get(american)?.iter().all(|sense| {
                found.iter().any(|(_, own)| own.entry == sense.entry || own.description == sense.description)
            });
            (certain && (one_sense || SAME_WORD.contains(&word))).then_some((word, *american))
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{SPELLINGS, canonical, replacements_of};

    #[test]
    fn one_spelling_for_both_sides_of_the_sea() {
        for (uk, us) in [
            ("armoured", "armored"),
            ("defence", "defense"),
            ("grey", "gray"),
            ("organisation", "organization"),
            ("licence", "license"),
            ("practise", "practice"),
            ("programme", "program"),
            ("labour", "labor"),
            ("centre", "center"),
            ("travelled", "traveled"),
            ("theatre", "theater"),
        ] {
            assert_eq!(canonical(uk), Some(us), "{uk}");
            assert_eq!(canonical(us), None, "{us} is the form that stays");
        }
    }

    #[test]
    fn different_words_stay_apart() {
        for word in ["tyre", "cheque", "storey", "kerb", "draught", "metre", "prise", "mum", "analyses"] {
            assert_eq!(canonical(word), None, "{word}");
        }
    }

    #[test]
    fn a_replacement_is_never_replaced_again() {
        assert!(SPELLINGS.pairs.len() > 3000);
        for (spelling, replacement) in &SPELLINGS.pairs {
            assert_eq!(canonical(replacement), None, "{spelling} → {replacement}");
        }
    }

    #[test]
    fn prefixes_reach_the_replacements() {
        let found: Vec<_> = replacements_of("defenc").collect();
        assert!(found.contains(&"defense") && found.contains(&"defenseless"), "{found:?}");
        assert_eq!(replacements_of("zzz").count(), 0);
    }
}
