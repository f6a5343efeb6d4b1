//! The tokens of a query, each with its bytes.

use std::ops::Range;

use winnow::ascii::{alpha1, multispace0};
use winnow::combinator::{alt, opt, preceded, repeat, terminated};
use winnow::error::EmptyError;
use winnow::stream::LocatingSlice;
use winnow::token::{none_of, one_of, take_while};
use winnow::{Parser, Result};

use super::super::problem::Fault;
use super::super::term::zone;
use crate::article::Zone;

/// What a query is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'q> {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `|`
    Bar,
    /// `title:`
    Zone(Zone),
    /// `=` before words.
    Exact,
    /// `~` before words.
    Forms,
    /// `^2`: what follows the sign.
    Weight(&'q str),
    /// `"…"`: what stands inside, as written.
    Quoted(&'q str),
    /// `/…/`: what stands inside.
    Regex(&'q str),
    /// `@name`
    Set(&'q str),
    /// Anything else without white space: a word or an operator.
    Word(&'q str),
}

type Input<'q> = LocatingSlice<&'q str>;
type Lexed<T> = Result<T, EmptyError>;

/// The tokens of `text`. What is nearly a zone is left out, and goes to `faults`.
pub(super) fn tokens<'q>(
    text: &'q str,
    faults: &mut Vec<Fault>,
) -> std::result::Result<Vec<(Token<'q>, Range<usize>)>, Fault> {
    let mut input = LocatingSlice::new(text);
    let mut tokens: Vec<(Token, Range<usize>)> = Vec::new();
    let mut after_mark = false;
    loop {
        let _: Lexed<&str> = multispace0.parse_next(&mut input);
        if input.is_empty() {
            return Ok(tokens);
        }
        // After `=` and `~` only words can stand.
        let found = if after_mark {
            alt((quoted, word)).with_span().parse_next(&mut input)
        } else {
            token.with_span().parse_next(&mut input)
        };
        let start = text.len() - input.len();
        let (token, at) = found.map_err(|EmptyError| unreadable(text, start))?;
        let token = match token {
            Token::Word(word) if word.starts_with(':') => {
                if let Some((Token::Word(before), place)) = tokens.last()
                    && !matches!(zone(before), Ok(None))
                {
                    let known =
                        Fault::new("white space before the colon of a zone", format!("write `{before}:`"));
                    let hint = zone(before).err().map_or_else(|| known.hint.clone(), |fault| fault.hint);
                    return Err(Fault { hint, ..known }.within(place.start..at.end));
                }
                token
            }
            Token::Word(word) if word.ends_with(':') => match zone(word.trim_end_matches(':')) {
                Ok(zone) => zone.map_or(token, Token::Zone),
                Err(fault) => {
                    faults.push(fault.within(at));
                    after_mark = false;
                    continue;
                }
            },
            other => other,
        };
        after_mark = matches!(token, Token::Exact | Token::Forms);
        tokens.push((token, at));
    }
}

fn token<'q>(input: &mut Input<'q>) -> Lexed<Token<'q>> {
    alt((
        alt((
            '('.value(Token::Open),
            ')'.value(Token::Close),
            '|'.value(Token::Bar),
            '='.value(Token::Exact),
            '~'.value(Token::Forms),
        )),
        preceded('^', take_while(0.., |ch: char| !ends_word(ch))).map(Token::Weight),
        preceded('@', take_while(0.., |ch: char| !ends_word(ch))).map(Token::Set),
        quoted,
        regex,
        zone_prefix,
        word,
    ))
    .parse_next(input)
}

/// `"…"`, with typographic quotes too; `\` takes the next sign as it is.
fn quoted<'q>(input: &mut Input<'q>) -> Lexed<Token<'q>> {
    let sign = alt((preceded('\\', winnow::token::any).void(), none_of(QUOTES).void()));
    (one_of(QUOTES), repeat::<_, _, (), _, _>(0.., sign).take(), one_of(QUOTES))
        .map(|(_, inside, _)| Token::Quoted(inside))
        .parse_next(input)
}

/// What opens and closes a phrase.
pub(super) const QUOTES: [char; 4] = ['"', '“', '”', '„'];

fn regex<'q>(input: &mut Input<'q>) -> Lexed<Token<'q>> {
    let sign = alt((('\\', winnow::token::any).void(), none_of(['/', '\\']).void()));
    let flags = opt(take_while(1.., |ch: char| !ends_word(ch)));
    ('/', repeat::<_, _, (), _, _>(0.., sign).take(), '/', flags)
        .verify_map(|(_, inside, _, flags): (_, _, _, Option<&str>)| {
            flags.is_none().then_some(Token::Regex(inside))
        })
        .parse_next(input)
}

/// A word directly before a colon, if it is a zone or nearly one; else the colon is a part of the word.
fn zone_prefix<'q>(input: &mut Input<'q>) -> Lexed<Token<'q>> {
    terminated(alpha1, ':')
        .take()
        .verify(|word: &str| !matches!(zone(word.trim_end_matches(':')), Ok(None)))
        .map(Token::Word)
        .parse_next(input)
}

fn word<'q>(input: &mut Input<'q>) -> Lexed<Token<'q>> {
    take_while(1.., |ch: char| !ends_word(ch))
        .verify(|word: &str| !word.starts_with('/'))
        .map(Token::Word)
        .parse_next(input)
}

fn ends_word(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '(' | ')' | '|' | '^') || QUOTES.contains(&ch)
}

/// Why no token starts at byte `start`.
fn unreadable(text: &str, start: usize) -> Fault {
    let rest = text.get(start..).unwrap_or_default();
    let first = rest.chars().next();
    let here = start..start + first.map_or(0, char::len_utf8);
    let before = text.get(..start).unwrap_or_default().trim_end();
    match first {
        Some('/')
            if rest
                .get(1..)
                .is_some_and(|rest| rest.trim_start().starts_with(|ch: char| ch.is_ascii_digit()))
                && ["NEAR", "ATLEAST"].iter().any(|name| before.ends_with(name)) =>
        {
            Fault::new("white space before the number of an operator", "write NEAR/15, ATLEAST/2")
                .within(here)
        }
        Some(quote) if QUOTES.contains(&quote) => {
            Fault::new("these quotes are not closed", "add `\"` at the end of the phrase").within(here)
        }
        Some('/') if super::super::term::regex_end(rest.get(1..).unwrap_or_default()).is_some() => {
            Fault::new(
                "something follows the expression directly",
                "end it with `/` and a space; for any case write `/(?i)cve-\\d+/`",
            )
            .within(here)
        }
        Some('/') => Fault::new(
            "this expression is not closed",
            "write `/CVE-\\d+/`; a word with a slash stands in quotes",
        )
        .within(here),
        Some(sign) => Fault::new(
            format!("no word follows here, but `{sign}`"),
            "write `=DPRK`, `~sell` or `=\"Mr. Kim\"`",
        )
        .within(here),
        None => Fault::new("a word is missing at the end", "write `=DPRK` or `~sell`").within(here),
    }
}
