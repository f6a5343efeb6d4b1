//! One string of a rule → its alternatives: zone prefixes, sets, phrases with `=`, `~` and `*`, regular expressions.

use strsim::osa_distance;

use super::problem::Fault;
use super::zones::Zones;
use crate::article::Zone;
use crate::text::fold::fold;

#[cfg(test)]
mod tests;

/// The longest phrase, in words (Han and Kana: characters).
const MAX_WORDS: usize = 64;

/// The fewest letters before `*`.
const MIN_PREFIX: usize = 3;

/// What one alternative looks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Term {
    /// Words in a row.
    Phrase(Phrase),
    /// `@name`: the alternatives of a set.
    Set(String),
}

/// Words in a row, or a regular expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Phrase {
    /// The words, without `=`, `~` and `*`; an expression without its slashes.
    pub(super) words: String,
    /// How they are compared.
    pub(super) form: Form,
}

/// How the words of a phrase are compared with those of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// Folded.
    Folded,
    /// `=`: folded, and in the same case.
    ExactCase,
    /// `*`: folded, the last word being the start of a word.
    Prefix,
    /// `~`: by the stems of the words, in the language of the article.
    Stem,
    /// `/…/`: no words, but a regular expression over the text as it stands.
    Regex,
}

/// One alternative: what it looks for and where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Alternative {
    pub(super) term: Term,
    pub(super) zones: Zones,
    /// As in the rule, with its zone prefix.
    pub(super) written: String,
}

/// The alternatives of `text`, and everything that is wrong with it.
pub(super) fn parse(text: &str) -> (Vec<Alternative>, Vec<Fault>) {
    let (mut alternatives, mut faults) = (Vec::new(), Vec::new());
    match split(text) {
        Ok(parts) => parts.into_iter().for_each(|part| match parse_part(part) {
            Ok(more) => alternatives.extend(more),
            Err(fault) => faults.push(fault),
        }),
        Err(fault) => faults.push(fault),
    }
    faults.extend(alternatives.iter().filter_map(|one| operator_in(one, text)));
    (alternatives, faults)
}

/// One part between `|`, perhaps with a zone prefix, perhaps `zone:( … | … )`.
fn parse_part(part: &str) -> Result<Vec<Alternative>, Fault> {
    let (outer, rest) = zone_prefix(part)?;
    // Parentheses inside a phrase, "(North) Korea (South)", make no group.
    let group =
        rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).and_then(|inner| split(inner).ok());
    let alternative = |one: &str| {
        let (own, text) = zone_prefix(one)?;
        if outer.is_some() && own.is_some() {
            return Err(Fault::new(format!("two zones in `{part}`"), "a term has one zone: `title:summit`"));
        }
        let zone = outer.or(own);
        let written = zone.map_or_else(|| text.to_owned(), |zone| format!("{}:{text}", zone.word()));
        Ok(Alternative { term: parse_term(text)?, zones: zone.map_or(Zones::ALL, Zones::of), written })
    };
    group.unwrap_or_else(|| vec![rest]).into_iter().map(alternative).collect()
}

/// Cuts at every `|` that stands in no parentheses and in no regular expression.
fn split(text: &str) -> Result<Vec<&str>, Fault> {
    let unbalanced =
        || Fault::new(format!("parentheses do not match in `{text}`"), "write `title:(arms | weapons)`");
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    let mut skip = 0;
    for (at, ch) in text.char_indices() {
        if at < skip {
            continue;
        }
        match ch {
            '/' if starts_a_term(text.get(start..at).unwrap_or_default()) => {
                skip = at + 1 + text.get(at + 1..).and_then(regex_end).map_or(0, |end| end + 1);
            }
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or_else(unbalanced)?,
            '|' if depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    if depth == 0 { Ok(parts.into_iter().map(str::trim).collect()) } else { Err(unbalanced()) }
}

/// Whether a term starts after `before`: nothing stands there, or a zone, a parenthesis, a bar.
fn starts_a_term(before: &str) -> bool {
    matches!(before.trim_end().chars().next_back(), None | Some(':' | '(' | '|'))
}

/// Where the expression that starts at the start of `text` ends: at the first `/` without a `\` before it.
pub(super) fn regex_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, ch)| {
        let ends = ch == '/' && !escaped;
        escaped = ch == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// A colon makes a zone prefix only if the word before it is a zone or nearly one ("COVID: latest" is a phrase).
fn zone_prefix(part: &str) -> Result<(Option<Zone>, &str), Fault> {
    let Some((head, rest)) = part.split_once(':') else { return Ok((None, part)) };
    Ok(zone(head.trim())?.map_or((None, part), |zone| (Some(zone), rest.trim())))
}

/// What else zones are called.
const OTHER_NAMES: [(&str, Zone); 4] =
    [("headline", Zone::Title), ("header", Zone::Title), ("heading", Zone::Title), ("text", Zone::Body)];

/// The zone that is called `word`, which stands before a colon.
///
/// # Errors
/// If it is nearly the name of a zone, or one that zones have elsewhere.
pub(super) fn zone(word: &str) -> Result<Option<Zone>, Fault> {
    let word = word.to_lowercase();
    if let Some(zone) = Zone::ALL.into_iter().find(|zone| zone.word() == word) {
        return Ok(Some(zone));
    }
    let is_word = word.chars().all(char::is_alphabetic);
    let other = OTHER_NAMES.into_iter().find(|(name, _)| *name == word).map(|(_, zone)| zone);
    let near = || Zone::ALL.into_iter().find(|zone| is_word && osa_distance(zone.word(), &word) == 1);
    match other.or_else(near) {
        Some(zone) => {
            Err(Fault::new(format!("unknown zone `{word}:`"), format!("did you mean `{}:`?", zone.word())))
        }
        None => Ok(None),
    }
}

fn parse_term(text: &str) -> Result<Term, Fault> {
    if let Some(name) = text.strip_prefix('@') {
        return set(name);
    }
    if let Some(rest) = text.strip_prefix('/') {
        return match regex_end(rest) {
            Some(end) if end + 1 == rest.len() => regex(rest.get(..end).unwrap_or_default()),
            Some(_) => Err(Fault::new(
                format!("something follows the expression in `{text}`"),
                "an expression stands alone: `/CVE-\\d+/`; capitals do not matter in `/(?i)cve-\\d+/`",
            )),
            None => Err(Fault::new(
                format!("the expression `{text}` has no end"),
                "write `/CVE-\\d+/`; a word needs no slash before it",
            )),
        };
    }
    let marked =
        [('=', Form::ExactCase), ('~', Form::Stem)].into_iter().find(|(mark, _)| text.starts_with(*mark));
    let Some((mark, form)) = marked else { return phrase(text, text, Form::Folded) };
    let rest = text.trim_start_matches(mark).trim_start();
    if text.starts_with("==")
        || text.starts_with("~~")
        || rest.starts_with(['=', '@', '~', '/'])
        || zone_prefix(rest).is_ok_and(|(zone, _)| zone.is_some())
    {
        return Err(Fault::new(
            format!("`{mark}` in `{text}` does not stand before words"),
            format!("write `{mark}word`, and a zone in front of it: `title:{mark}word`"),
        ));
    }
    phrase(rest, text, form)
}

/// `@name`.
pub(super) fn set(name: &str) -> Result<Term, Fault> {
    if !name.is_empty() && name.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '-' | '_')) {
        return Ok(Term::Set(name.to_owned()));
    }
    Err(Fault::new(
        format!("`@{name}` names no set"),
        "a set stands alone: `@arms`; for both a set and a word write two lines",
    ))
}

/// `/source/`. Whether it is an expression at all is told by `expressions`, where it is compiled.
pub(super) fn regex(source: &str) -> Result<Term, Fault> {
    super::expressions::check(source)?;
    Ok(Term::Phrase(Phrase { words: source.to_owned(), form: Form::Regex }))
}

/// The phrase `rest`, perhaps with `*` at its end; `text` is all that was written, for messages.
pub(super) fn phrase(rest: &str, text: &str, form: Form) -> Result<Term, Fault> {
    let (prefix, words) = rest.strip_suffix('*').map_or((false, rest), |words| (true, words));
    if words.contains('*') {
        return Err(Fault::new(format!("`*` in `{text}` is not at the end of a word"), "write `weapon*`"));
    }
    if prefix && form != Form::Folded {
        let (mark, why) = if form == Form::Stem { ('~', "all forms of a word") } else { ('=', "exact case") };
        return Err(Fault::new(
            format!("`{text}` has both `{mark}` and `*`"),
            format!("drop one of them: {why} is for whole words"),
        ));
    }
    let tokens = fold(words);
    let Some(last) = tokens.last() else {
        let what = if text.is_empty() {
            "empty term".to_owned()
        } else {
            format!("empty term: `{text}` has no letters or digits")
        };
        return Err(Fault::new(what, "write a word, or remove it"));
    };
    if tokens.len() > MAX_WORDS {
        return Err(Fault::new(format!("phrase of {} words", tokens.len()), format!("at most {MAX_WORDS}")));
    }
    if prefix {
        if words.len() > last.span.end {
            return Err(Fault::new(
                format!("`*` in `{text}` is not at the end of a word"),
                "write `weapon*`",
            ));
        }
        let word = words.get(last.span.clone()).unwrap_or_default();
        // Folding takes accents away, which may stand apart (U+0301); it may also make two letters of one ("ß").
        if word.chars().count().min(last.folded.chars().count()) < MIN_PREFIX {
            return Err(short_prefix(text, word, &last.folded));
        }
    }
    let form = if prefix { Form::Prefix } else { form };
    Ok(Term::Phrase(Phrase { words: words.to_owned(), form }))
}

fn short_prefix(text: &str, word: &str, folded: &str) -> Fault {
    let read_as =
        if word.chars().count() < MIN_PREFIX { String::new() } else { format!(", read as `{folded}`") };
    let message = format!("prefix `{text}` is under {MIN_PREFIX} letters{read_as}");
    if word.contains(|ch| matches!(ch, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')) {
        Fault::new(message, "leave out `*`: Chinese and Japanese phrases hit inside longer words anyway")
    } else {
        Fault::new(message, "write more of the word, or the whole words")
    }
}

/// A query in place of a term is nearly surely meant as one: "Kim AND Putin" would look for these three words.
fn operator_in(alternative: &Alternative, text: &str) -> Option<Fault> {
    let Term::Phrase(Phrase { words, form: Form::Folded | Form::ExactCase | Form::Prefix }) =
        &alternative.term
    else {
        return None;
    };
    let operator = words.split_whitespace().enumerate().find(|(at, word)| {
        matches!(*word, "AND" | "OR") && *at > 0
            || *word == "NOT" && words.split_whitespace().nth(1).is_some()
            || ["NEAR/", "ONEAR/", "ATLEAST/"].iter().any(|operator| word.starts_with(operator))
    })?;
    Some(
        Fault::new(
            format!("`{}` in `{text}` is an ordinary word here", operator.1),
            "write the topic as query = '…', or a line for each part and `|` between alternatives",
        )
        .into_warning(),
    )
}
