//! The words that are operators, and those that were probably meant to be.

use std::fmt;

use strsim::osa_distance;

use super::super::problem::Fault;
use super::MAX_NEAR;
use super::lexer::Token;

/// An operator of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Near { words: usize, ordered: bool },
    AtLeast(usize),
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And => f.write_str("AND"),
            Self::Or => f.write_str("OR"),
            Self::Not => f.write_str("NOT"),
            Self::Near { words, ordered: false } => write!(f, "NEAR/{words}"),
            Self::Near { words, ordered: true } => write!(f, "ONEAR/{words}"),
            Self::AtLeast(min) => write!(f, "ATLEAST/{min}"),
        }
    }
}

/// Those that take a number.
const COUNTING: [&str; 3] = ["NEAR", "ONEAR", "ATLEAST"];
const PLAIN: [&str; 3] = ["AND", "OR", "NOT"];
/// What other query languages call NEAR.
const NEARS: [&str; 6] = ["W", "WITHIN", "ADJ", "PRE", "AROUND", "PROX"];

/// The operator that `word` is; `None` if it is an ordinary word. `next` is what follows.
///
/// # Errors
/// If it is nearly an operator: then it is surely no word either.
pub(super) fn operator(word: &str, next: Option<Token<'_>>) -> Result<Option<Operator>, Fault> {
    match word {
        "AND" => return Ok(Some(Operator::And)),
        "OR" => return Ok(Some(Operator::Or)),
        "NOT" => return Ok(Some(Operator::Not)),
        "&&" | "&" => return Err(Fault::new(format!("`{word}` is no operator"), "write AND")),
        _ => {}
    }
    if word.len() > 40 {
        return Ok(None);
    }
    let upper = word.to_ascii_uppercase();
    if PLAIN.contains(&upper.as_str()) {
        let hint = format!("write {upper}; for the word itself write \"{word}\"");
        return Err(Fault::new(format!("`{word}` in small letters is no operator"), hint));
    }
    let letters = upper.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, rest) = (upper.get(..letters).unwrap_or_default(), upper.get(letters..).unwrap_or_default());
    let digits = rest.trim_start_matches(['/', ':', '~', '-']);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if COUNTING.contains(&name) {
        return counting(word, name, rest, next);
    }
    if PLAIN.contains(&name) && rest.starts_with('/') {
        return Err(Fault::new(format!("`{word}`: {name} takes no number"), format!("write {name}")));
    }
    let slash = rest.starts_with('/') && is_number;
    if NEARS.contains(&name) && slash {
        let hint =
            format!("write NEAR/{digits}, or ONEAR/{digits} for this order; for the word itself, quotes");
        return Err(Fault::new(format!("unknown operator `{word}`"), hint));
    }
    let nearest = COUNTING.into_iter().map(|known| (osa_distance(known, name), known)).min();
    match nearest {
        Some((1..=2, known)) if slash && name.len() > 2 => {
            Err(Fault::new(format!("unknown operator `{word}`"), format!("did you mean {known}/{digits}?")))
        }
        _ => Ok(None),
    }
}

/// `NEAR/15` and its like, of which `rest` follows the name.
fn counting(word: &str, name: &str, rest: &str, next: Option<Token<'_>>) -> Result<Option<Operator>, Fault> {
    let digits = rest.trim_start_matches(['/', ':', '~', '-']);
    let example = if name == "ATLEAST" { 2 } else { 15 };
    if digits.is_empty() {
        // "near" alone is a word, unless a number was forgotten or parted from it.
        let parted = match next {
            Some(Token::Word(next)) => Some(next.trim_start_matches('/')),
            Some(Token::Regex(next)) => Some(next),
            _ => None,
        };
        let number = parted.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
        return match number {
            Some(number) => {
                Err(Fault::new(format!("`{word} {number}` in two"), format!("write {name}/{number}")))
            }
            None if word == name || !rest.is_empty() => Err(Fault::new(
                format!("{name} without a number"),
                format!("write {name}/{example}; for the word itself write \"{}\"", name.to_lowercase()),
            )),
            None => Ok(None),
        };
    }
    let Some(number) = digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits) else {
        if rest.starts_with('/') {
            let hint = format!("write {name}/{example}");
            return Err(Fault::new(format!("no number follows {name} in `{word}`"), hint));
        }
        return Ok(None);
    };
    if word != format!("{name}/{number}") {
        return Err(Fault::new(
            format!("unknown operator `{word}`"),
            format!("did you mean {name}/{number}?"),
        ));
    }
    let most = if name == "ATLEAST" { 1000 } else { MAX_NEAR };
    let Some(number) = number.parse::<usize>().ok().filter(|number| (1..=most).contains(number)) else {
        return Err(Fault::new(
            format!("`{number}` in `{word}` is out of range"),
            format!("write a number from 1 to {most}"),
        ));
    };
    Ok(Some(match name {
        "ATLEAST" => Operator::AtLeast(number),
        name => Operator::Near { words: number, ordered: name == "ONEAR" },
    }))
}
