//! One string of a rule → its alternatives: zone prefixes, sets, phrases, `=` and `*`.

use strsim::osa_distance;

use super::problem::Fault;
use super::zones::Zones;
use crate::article::Zone;
use crate::text::fold::fold;

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

/// Words in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Phrase {
    /// The words, without `=` and `*`.
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

/// Cuts at every `|` that stands in no parentheses.
fn split(text: &str) -> Result<Vec<&str>, Fault> {
    let unbalanced =
        || Fault::new(format!("parentheses do not match in `{text}`"), "write `title:(arms | weapons)`");
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, ch) in text.char_indices() {
        match ch {
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

/// A colon makes a zone prefix only if the word before it is a zone or nearly one ("COVID: latest" is a phrase).
fn zone_prefix(part: &str) -> Result<(Option<Zone>, &str), Fault> {
    let Some((head, rest)) = part.split_once(':') else { return Ok((None, part)) };
    let head = head.trim().to_lowercase();
    if let Some(zone) = Zone::ALL.into_iter().find(|zone| zone.word() == head) {
        return Ok((Some(zone), rest.trim()));
    }
    let is_word = head.chars().all(char::is_alphabetic);
    match Zone::ALL.into_iter().find(|zone| is_word && osa_distance(zone.word(), &head) == 1) {
        Some(zone) => {
            Err(Fault::new(format!("unknown zone `{head}:`"), format!("did you mean `{}:`?", zone.word())))
        }
        None => Ok((None, part)),
    }
}

fn parse_term(text: &str) -> Result<Term, Fault> {
    if let Some(name) = text.strip_prefix('@') {
        return if name.is_empty() || name.contains(|ch: char| ch.is_whitespace() || ch == '*') {
            Err(Fault::new(
                format!("`{text}` names no set"),
                "a set stands alone: `@arms`; for both a set and a word write two lines",
            ))
        } else {
            Ok(Term::Set(name.to_owned()))
        };
    }
    if text.starts_with('~') {
        return Err(Fault::new(
            format!("word forms (`{text}`) are not supported yet"),
            "list the forms, or use a prefix such as `negotiat*`",
        ));
    }
    if text.len() > 1 && text.starts_with('/') && text.ends_with('/') {
        return Err(Fault::new(
            format!("regular expressions (`{text}`) are not supported yet"),
            "list the phrases, or use a prefix such as `CVE*`",
        ));
    }
    let (exact, rest) = text.strip_prefix('=').map_or((false, text), |rest| (true, rest.trim_start()));
    let (prefix, words) = rest.strip_suffix('*').map_or((false, rest), |words| (true, words));
    if exact && (rest.starts_with(['=', '@', '~']) || zone_prefix(rest).is_ok_and(|(zone, _)| zone.is_some()))
    {
        return Err(Fault::new(
            format!("`=` in `{text}` does not stand before words"),
            "write `=DPRK`, and a zone in front of it: `title:=DPRK`",
        ));
    }
    if words.contains('*') {
        return Err(Fault::new(format!("`*` in `{text}` is not at the end of a word"), "write `weapon*`"));
    }
    if exact && prefix {
        return Err(Fault::new(
            format!("`{text}` has both `=` and `*`"),
            "drop one of them: exact case is for whole words",
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
        if word.chars().count() < MIN_PREFIX {
            return Err(short_prefix(text, word));
        }
    }
    let form = match (exact, prefix) {
        (true, _) => Form::ExactCase,
        (_, true) => Form::Prefix,
        _ => Form::Folded,
    };
    Ok(Term::Phrase(Phrase { words: words.to_owned(), form }))
}

fn short_prefix(text: &str, word: &str) -> Fault {
    let message = format!("prefix `{text}` is under {MIN_PREFIX} letters");
    if word.contains(|ch| matches!(ch, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')) {
        Fault::new(message, "leave out `*`: Chinese and Japanese phrases hit inside longer words anyway")
    } else {
        Fault::new(message, "write more of the word, or the whole words")
    }
}

/// A query in place of a term is nearly surely meant as one: "Kim AND Putin" would look for these three words.
fn operator_in(alternative: &Alternative, text: &str) -> Option<Fault> {
    let Term::Phrase(phrase) = &alternative.term else { return None };
    let words: Vec<_> = phrase.words.split_whitespace().collect();
    let operator = words.iter().skip(1).find(|word| {
        matches!(**word, "AND" | "OR" | "NOT") || word.starts_with("NEAR/") || word.starts_with("ONEAR/")
    })?;
    Some(
        Fault::new(
            format!("`{operator}` in `{text}` is an ordinary word here"),
            "queries are not supported yet: write a line for each part, `|` between alternatives",
        )
        .into_warning(),
    )
}

#[cfg(test)]
mod tests {
    use super::{Form, Term, parse};

    /// Alternatives as `zones words form`, then faults.
    fn shown(text: &str) -> Vec<String> {
        let (alternatives, faults) = parse(text);
        let alternatives = alternatives.into_iter().map(|one| match one.term {
            Term::Set(name) => format!("{}: set {name}", one.zones),
            Term::Phrase(phrase) => {
                let form = match phrase.form {
                    Form::Folded => "",
                    Form::ExactCase => " exact",
                    Form::Prefix => " prefix",
                };
                format!("{}: {}{form}", one.zones, phrase.words)
            }
        });
        alternatives.chain(faults.into_iter().map(|fault| format!("! {}", fault.message))).collect()
    }

    #[test]
    fn the_forms_of_a_term() {
        assert_eq!(
            shown("Kim Jong Un | =DPRK|weapon* | @nk"),
            ["all: Kim Jong Un", "all: DPRK exact", "all: weapon prefix", "all: set nk"]
        );
        assert_eq!(shown("title: horoscope | body:@arms"), ["title: horoscope", "body: set arms"]);
        assert_eq!(
            shown("title:(arms | weapon*) | shells"),
            ["title: arms", "title: weapon prefix", "all: shells"]
        );
        assert_eq!(shown("COVID: latest"), ["all: COVID: latest"]);
        assert_eq!(shown("Rosneft (Russia)"), ["all: Rosneft (Russia)"]);
    }

    #[test]
    fn what_is_refused() {
        for (text, fault) in [
            ("", "! empty term"),
            ("a | | b", "! empty term"),
            ("!!!", "! empty term: `!!!` has no letters or digits"),
            ("title:", "! empty term"),
            ("ar*", "! prefix `ar*` is under 3 letters"),
            ("the ar*", "! prefix `the ar*` is under 3 letters"),
            ("金正*", "! prefix `金正*` is under 3 letters"),
            ("we*pon", "! `*` in `we*pon` is not at the end of a word"),
            ("weapon *", "! `*` in `weapon *` is not at the end of a word"),
            ("=weapon*", "! `=weapon*` has both `=` and `*`"),
            ("=@nk", "! `=` in `=@nk` does not stand before words"),
            ("=title:x", "! `=` in `=title:x` does not stand before words"),
            ("@", "! `@` names no set"),
            ("@nk arms", "! `@nk arms` names no set"),
            ("~sell", "! word forms (`~sell`) are not supported yet"),
            (r"/CVE-\d+/", r"! regular expressions (`/CVE-\d+/`) are not supported yet"),
            ("titel: summit", "! unknown zone `titel:`"),
            ("title:(a | body:b)", "! two zones in `title:(a | body:b)`"),
            ("Kim's*", "! `*` in `Kim's*` is not at the end of a word"),
            ("*", "! empty term: `*` has no letters or digits"),
            ("title:(a | b", "! parentheses do not match in `title:(a | b`"),
        ] {
            assert!(shown(text).contains(&fault.to_owned()), "{text}: {:?}", shown(text));
        }
    }

    #[test]
    fn a_query_in_a_line_is_warned_of() {
        let (alternatives, faults) = parse("Kim AND Putin");
        assert_eq!(alternatives.len(), 1);
        assert!(faults.iter().all(|fault| fault.warning) && faults.len() == 1);
        assert!(parse("NOT").1.is_empty());
    }
}
