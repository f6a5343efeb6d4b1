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

/// More turns, which count only in a report that is hardly more than its headline: in a text they also tell of people
/// and things on the side.
const HEADLINE_TURNS: &[&str] = &[
    "leaves departs departed",
    "returns returned",
    "inspects inspected tours toured",
    "protests protested condemns condemned",
];

/// Saying yes or no to what was reported: a turn again for everybody who says it.
const STANDS: &[&str] = &["confirm confirms confirmed", "denies denied deny"];

/// Words before a verb that take the event back into plans, hopes and negations.
#[rustfmt::skip]
const NOT_DONE: &[&str] = &[
    "not", "never", "no", "yet", "could", "would", "may", "might", "should", "will", "to", "if", "be", "t",
    "neither", "nor", "can", "must", "shall", "being", "plans", "set",
];

/// Whether `title`, which is about all there is of a report, tells of a turn of which no earlier sentence tells: none has
/// the verb together with the name behind it ("returns to Pyongyang").
pub(super) fn is_headlined(said: &Said, title: &str) -> bool {
    let words = mention::words(terms::clip(title, BYTES), 0);
    let named = |word: &&Word<'_>| word.text.starts_with(char::is_uppercase);
    words.iter().enumerate().any(|(at, verb)| {
        let Some(class) = class_of(HEADLINE_TURNS, verb) else { return false };
        let object = words.iter().skip(at + 1).take(4).find(named);
        is_done(&words, at)
            && class.split(' ').map(stem).all(|verb| match object {
                Some(object) => !said.has_together(verb, stem(&object.lower)),
                None => !said.has(verb),
            })
    })
}

/// The first turn in `sentence` of which no earlier sentence tells, as written.
pub(super) fn first_new<'a>(said: &Said, sentence: &'a str) -> Option<&'a str> {
    let words = mention::words(terms::clip(sentence, BYTES), 0);
    words.iter().enumerate().find(|(at, _)| is_new(said, &words, *at)).map(|(_, word)| word.text)
}

fn is_new(said: &Said, words: &[Word<'_>], at: usize) -> bool {
    let Some(verb) = words.get(at).filter(|_| is_done(words, at)) else { return false };
    if let Some(class) = class_of(STANDS, verb) {
        let named = |word: &&Word<'_>| word.text.starts_with(char::is_uppercase) && word.lower != "the";
        let subject = words.iter().take(at).rev().take(4).find(named);
        return subject.is_some_and(|subject| {
            class.split(' ').all(|verb| !said.has_together(stem(verb), stem(&subject.lower)))
        });
    }
    class_of(TURNS, verb).is_some_and(|class| class.split(' ').all(|word| !said.has(stem(word))))
}

fn class_of(classes: &[&'static str], verb: &Word<'_>) -> Option<&'static str> {
    classes.iter().copied().find(|class| class.split(' ').any(|word| word == verb.lower))
}

fn is_done(words: &[Word<'_>], at: usize) -> bool {
    !words.iter().take(at).rev().take(3).any(|word| NOT_DONE.contains(&&*word.lower))
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

/// Notes of corrections, wherever they stand.
#[rustfmt::skip]
const NOTICES: &[&str] = &[
    "has been corrected", "have been corrected", "was corrected to", "was corrected on", "an earlier version of this",
    "a previous version of this", "article was amended on", "story was amended on", "report was amended on",
];

/// Whether a sentence notes that its report was wrong.
fn notes(sentence: &str) -> bool {
    const REPORTS: &[&str] = &["article", "story", "report", "version", "headline", "caption", "dispatch"];
    let lower = terms::clip(sentence.trim_start(), BYTES).to_lowercase();
    NOTICES.iter().any(|phrase| lower.contains(phrase))
        || ["clarification:", "correction:", "corrects ", "corrected:"].iter().any(|begin| lower.starts_with(begin))
        // A company misstates its earnings too.
        || lower.contains("misstated") && REPORTS.iter().any(|word| lower.contains(word))
}

/// Whether `title` is a wire's order to withdraw a dispatch.
fn kills(title: &str) -> bool {
    let title = title.trim_start();
    ["KILL:", "KILL -", "KILL –", "KILL —", "MANDATORY KILL", "BULLETIN KILL"]
        .iter()
        .any(|begin| title.starts_with(begin))
}

/// Whether `title`, `lead` or a sentence of the `tail` says that this is a correction or a retraction of a report.
pub(super) fn corrects(title: &str, lead: &str, tail: &[&str]) -> bool {
    if kills(title) || tail.iter().any(|sentence| notes(sentence)) {
        return true;
    }
    let (title, lead) = (terms::clip(title, BYTES), terms::clip(lead, BYTES));
    let title_words = mention::words(title, 0);
    let lead_words = mention::words(lead, 0);
    let taken_back = |word: &Word<'_>| TAKEN_BACK.contains(&&*word.lower);
    if title_words.iter().chain(&lead_words).any(taken_back) || title.contains("更正") {
        return true;
    }
    let corrected = |words: &[Word<'_>], forms: &[&str]| {
        words.iter().enumerate().any(|(at, word)| {
            let other = |at: Option<usize>| {
                at.and_then(|at| words.get(at)).is_some_and(|word| OTHER_CORRECTIONS.contains(&&*word.lower))
            };
            forms.contains(&&*word.lower) && !other(at.checked_sub(1)) && !other(Some(at + 1))
        })
    };
    corrected(&title_words, &["correction", "corrections", "corrects", "corrected"])
        || corrected(&lead_words, &["correction"])
        || notes(lead)
}
