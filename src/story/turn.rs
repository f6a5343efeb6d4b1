//! Turns of a story: words that say that something happened, was confirmed or was taken back.

use super::mention::{self, Word};
use super::novelty::Said;
use super::terms::{self, stem};

/// Bytes of a sentence that are looked at.
const BYTES: usize = 2 * 1024;

/// What happens to plans, people and decisions, one class a line: the words by which it is told as done. Outlets tell of
/// the same turn by different words of its class, so a story that has one of them has had the turn.
const TURNS: &[&str] = &[
    "arrives arrived lands landed",
    "departs departed",
    "cancels cancelled canceled scraps scrapped postpones postponed suspends suspended",
    "resumes resumed restarted reopened",
    "agrees agreed signs signed approves approved ratified",
    "rejects rejected refuses refused vetoes vetoed overturns overturned dismissed",
    "resigns resigned quits sacks sacked ousts ousted fired",
    "dies died dead death killed kills fatal",
    "arrests arrested detains detained charged indicted convicted guilty acquitted sentenced",
    "freed frees released releases rescued rescues",
    "invades invaded",
    "withdraws withdrew withdrawn",
    "elected wins won victory",
    "admits admitted confesses confessed apologises apologizes apologised apologized apology",
    "collapsed collapses exploded explodes crashed crashes",
    "seized captured surrenders surrendered",
];

/// Saying yes or no to what was reported: a turn again for everybody who says it.
const STANDS: &[&str] = &["confirm confirms confirmed", "denies denied deny"];

/// Words before a verb that take the event back into plans, hopes and negations.
#[rustfmt::skip]
const NOT_DONE: &[&str] = &[
    "not", "never", "no", "yet", "could", "would", "may", "might", "should", "will", "to", "if", "be", "t",
    "neither", "nor", "can", "must", "shall", "being", "plans", "set",
];

/// The first turn in `sentence` of which no earlier sentence tells, as written.
pub(super) fn first_new<'a>(said: &Said, sentence: &'a str) -> Option<&'a str> {
    let words = mention::words(terms::clip(sentence, BYTES), 0);
    words.iter().enumerate().find(|(at, _)| is_new(said, &words, *at)).map(|(_, word)| word.text)
}

fn is_new(said: &Said, words: &[Word<'_>], at: usize) -> bool {
    let Some(verb) = words.get(at) else { return false };
    let class = |classes: &[&'static str]| {
        classes.iter().copied().find(|class| class.split(' ').any(|word| word == verb.lower))
    };
    let before = || words.iter().take(at).rev();
    if before().take(3).any(|word| NOT_DONE.contains(&word.lower.as_str())) {
        return false;
    }
    if let Some(class) = class(STANDS) {
        let named = |word: &&Word<'_>| word.text.starts_with(char::is_uppercase) && word.lower != "the";
        let subject = before().take(4).find(named);
        return subject.is_some_and(|subject| {
            class.split(' ').all(|verb| !said.has_together(stem(verb), stem(&subject.lower)))
        });
    }
    class(TURNS).is_some_and(|class| class.split(' ').all(|word| !said.has(stem(word))))
}

/// Words that say that an earlier report was wrong, in a title or a lead.
#[rustfmt::skip]
const TAKEN_BACK: &[&str] = &[
    "retracts", "retracted", "retraction", "retracting", "clarification", "clarifications", "erratum",
    "corrigendum", "berichtigung", "rectificatif", "rectificación", "rectificacion", "rettifica",
    "sprostowanie", "опровержение",
];

/// What makes "correction" a thing of markets and prisons.
#[rustfmt::skip]
const OTHER_CORRECTIONS: &[&str] = &[
    "market", "stock", "stocks", "price", "course", "house", "department", "officers", "officer", "sharp",
    "healthy", "bubble", "facility",
];

/// Whether `title` or `lead` says that this is a correction or a retraction of a report.
pub(super) fn corrects(title: &str, lead: &str) -> bool {
    let (title, lead) = (terms::clip(title, BYTES), terms::clip(lead, BYTES));
    let title_words = mention::words(title, 0);
    let lead_words = mention::words(lead, 0);
    let taken_back = |word: &Word<'_>| TAKEN_BACK.contains(&word.lower.as_str());
    if title_words.iter().chain(&lead_words).any(taken_back) || title.contains("更正") {
        return true;
    }
    let corrected = |words: &[Word<'_>], forms: &[&str]| {
        words.iter().enumerate().any(|(at, word)| {
            let other = |at: Option<usize>| {
                at.and_then(|at| words.get(at))
                    .is_some_and(|word| OTHER_CORRECTIONS.contains(&word.lower.as_str()))
            };
            forms.contains(&word.lower.as_str()) && !other(at.checked_sub(1)) && !other(Some(at + 1))
        })
    };
    let notice =
        ["has been corrected", "have been corrected", "was corrected to", "an earlier version of this"];
    let lower = lead.to_lowercase();
    corrected(&title_words, &["correction", "corrections", "corrects", "corrected"])
        || corrected(&lead_words, &["correction"])
        || notice.iter().any(|phrase| lower.contains(phrase))
}
