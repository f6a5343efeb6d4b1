//! Words and quoted phrases of a query → terms.

use super::super::problem::Fault;
use super::super::term::{Form, Term, phrase, zone};

/// A word without quotes.
pub(super) fn word_term(word: &str, form: Form) -> Result<Term, Fault> {
    if let Some(rest) = word.strip_prefix(['-', '+', '!']).filter(|rest| !rest.is_empty()) {
        let sign = word.get(..1).unwrap_or_default();
        let meant = if sign == "+" {
            format!("write {rest}: AND makes it needed")
        } else {
            format!("write NOT {rest}")
        };
        return Err(Fault::new(format!("`{sign}` is no operator"), meant));
    }
    if word.starts_with('\'') {
        return Err(Fault::new("single quotes make no phrase", "write double quotes: \"Kim Jong Un\""));
    }
    if word.starts_with(['=', '~', '@', '/']) {
        return Err(Fault::new(
            format!("`{word}` after `=` or `~`"),
            "one mark stands before a word: `=DPRK` or `~sell`",
        ));
    }
    if let Some((head, _)) = word.split_once(':').filter(|_| form != Form::Folded)
        && zone(head)?.is_some()
    {
        return Err(Fault::new(
            format!("the zone `{head}:` after `=` or `~`"),
            format!("write it before: `{head}:=word`"),
        ));
    }
    phrase(word, word, form)
}

/// A phrase in quotes.
pub(super) fn quoted_term(inside: &str, form: Form) -> Result<Term, Fault> {
    let mut words = String::with_capacity(inside.len());
    let mut escaped = false;
    for ch in inside.chars() {
        if escaped || ch != '\\' {
            words.push(ch);
        }
        escaped = ch == '\\' && !escaped;
    }
    let words = words.trim();
    if let Some(mark) = ['=', '~', '@', '/'].into_iter().find(|mark| words.starts_with(*mark)) {
        return Err(Fault::new(
            format!("`{mark}` inside quotes"),
            format!("write it before them: `{mark}\"…\"`"),
        ));
    }
    phrase(words, words, form)
}
