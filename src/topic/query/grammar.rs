//! The grammar of a query: NEAR and ONEAR bind tighter than NOT, NOT than AND, AND than OR.
//!
//! Strict: two terms side by side, an operator in small letters, a NEAR without a number are refused, each with its
//! place and what was probably meant.

use std::ops::Range;

use super::super::problem::Fault;
use super::super::spec::Written;
use super::super::term::{self, Alternative, Form, Phrase, Term};
use super::super::zones::Zones;
use super::lexer::{Token, tokens};
use super::operator::{Operator, operator};
use super::words::{quoted_term, word_term};
use super::{Expr, Line, MAX_BYTES, MAX_DEPTH, Part};
use crate::article::Zone;

/// Faults of single terms that are told of one query at most.
const MAX_FAULTS: usize = 20;

/// Reads the query that stands at `written`. What is wrong with single terms goes to `faults`, and something stands in
/// for the term.
///
/// # Errors
/// The first thing that is wrong with the grammar.
pub(super) fn parse<'a>(written: &'a Written, faults: &mut Vec<Fault>) -> Result<Expr<'a>, Fault> {
    let text = written.text.as_str();
    if text.len() > MAX_BYTES {
        let message = format!("query of {} bytes", text.len());
        return Err(Fault::new(message, format!("at most {MAX_BYTES}: put the words into [sets]")));
    }
    let tokens = tokens(text, faults)?;
    let mut parser = Parser { written, tokens, next: 0, depth: 0, zone: None, faults };
    if parser.tokens.is_empty() {
        return Err(Fault::new("the query is empty", "write a term, such as \"Kim Jong Un\""));
    }
    let expr = parser.or()?;
    if let Some((token, at)) = parser.peek() {
        return Err(parser.unexpected(token, at));
    }
    if expr.asks_for_something() {
        return Ok(expr);
    }
    Err(if matches!(expr, Expr::Or(_) | Expr::AtLeast { .. }) {
        Fault::new(
            "one side of an OR only says what not to find",
            "write AND NOT: an article is found by what is in it",
        )
    } else {
        Fault::new("the query only says what not to find", "add what to find: `arms AND NOT horoscope`")
    })
}

/// Where the reading of a query stands.
pub(super) struct Parser<'a, 'f> {
    pub(super) written: &'a Written,
    pub(super) tokens: Vec<(Token<'a>, Range<usize>)>,
    pub(super) next: usize,
    /// Open parentheses and operators that stand before their term.
    pub(super) depth: usize,
    /// Of the parentheses around.
    zone: Option<Zone>,
    /// What is wrong with terms.
    faults: &'f mut Vec<Fault>,
}

impl<'a> Parser<'a, '_> {
    fn peek(&self) -> Option<(Token<'a>, Range<usize>)> {
        self.tokens.get(self.next).cloned()
    }

    /// The operator that comes next. A word that nearly is one is refused.
    fn operator(&self) -> Result<Option<Operator>, Fault> {
        let Some((Token::Word(word), at)) = self.peek() else { return Ok(None) };
        operator(word, self.tokens.get(self.next + 1).map(|(token, _)| *token))
            .map_err(|fault| fault.within(at))
    }

    /// Where something is missing.
    pub(super) fn end(&self) -> Range<usize> {
        let token = self.tokens.get(self.next).or(self.tokens.last());
        token.map_or(0..0, |(_, at)| at.clone())
    }

    /// Parts with `wanted` between them.
    fn row(
        &mut self,
        wanted: Operator,
        part: fn(&mut Self) -> Result<Expr<'a>, Fault>,
    ) -> Result<Vec<Expr<'a>>, Fault> {
        let mut parts = vec![part(self)?];
        while self.operator()? == Some(wanted) {
            self.next += 1;
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    fn or(&mut self) -> Result<Expr<'a>, Fault> {
        self.row(Operator::Or, Self::and).map(Expr::or)
    }

    fn and(&mut self) -> Result<Expr<'a>, Fault> {
        self.row(Operator::And, Self::not).map(Expr::and)
    }

    fn not(&mut self) -> Result<Expr<'a>, Fault> {
        if self.operator()? != Some(Operator::Not) {
            return self.near();
        }
        self.next += 1;
        let inner = self.end();
        if self.operator()? == Some(Operator::Not) {
            return Err(Fault::new("NOT NOT", "remove both").within(inner));
        }
        let expr = self.near()?;
        if !expr.asks_for_something() {
            return Err(
                Fault::new("NOT before something that is negative already", "remove both NOTs").within(inner)
            );
        }
        Ok(Expr::Not(Box::new(expr)))
    }

    fn near(&mut self) -> Result<Expr<'a>, Fault> {
        let start = self.end();
        let first = self.single()?;
        let Some(Operator::Near { words, ordered }) = self.operator()? else { return Ok(first) };
        let operator = Operator::Near { words, ordered };
        let mut of = vec![Self::within_near(first, &start)?];
        while let Some(Operator::Near { .. }) = self.operator()? {
            if self.operator()? != Some(operator) {
                return Err(Fault::new(
                    format!("{operator} and another distance in one row"),
                    "put parentheses around the closer ones: `(a NEAR/5 b) NEAR/60 c`",
                )
                .within(self.end()));
            }
            self.next += 1;
            let start = self.end();
            if self.operator()? == Some(Operator::Not) {
                return Err(negative_in_near(start));
            }
            let part = self.single()?;
            of.push(Self::within_near(part, &start)?);
        }
        Ok(Expr::Near { words, ordered, of })
    }

    /// What stands in a window must have a place: terms, one of several, a window again.
    fn within_near(part: Expr<'a>, start: &Range<usize>) -> Result<Expr<'a>, Fault> {
        let mut open = vec![&part];
        while let Some(expr) = open.pop() {
            let at = start.clone();
            match expr {
                Expr::Line(_) => {}
                Expr::Or(of) | Expr::Near { of, .. } => open.extend(of),
                Expr::Not(_) => return Err(negative_in_near(at)),
                Expr::And(_) => {
                    return Err(
                        Fault::new("AND inside NEAR", "write each part: `a NEAR/15 b NEAR/15 c`").within(at)
                    );
                }
                Expr::AtLeast { .. } => {
                    return Err(Fault::new(
                        "ATLEAST inside NEAR",
                        "join them by AND: `a NEAR/15 b AND ATLEAST/2 @c`",
                    )
                    .within(at));
                }
            }
        }
        Ok(part)
    }

    /// A term with its alternatives, parentheses, or ATLEAST.
    fn single(&mut self) -> Result<Expr<'a>, Fault> {
        let here = self.end();
        if self.depth == MAX_DEPTH {
            return Err(Fault::new(
                format!("parentheses nest deeper than {MAX_DEPTH}"),
                "put parts of the query into [sets], or further ways into `also`",
            )
            .within(here));
        }
        self.depth += 1;
        let expr = match self.operator()? {
            Some(Operator::AtLeast(min)) => {
                self.next += 1;
                self.at_least(min, here)
            }
            Some(other) => Err(self.no_term(other)),
            None => self.group_or_line(),
        }?;
        self.depth -= 1;
        Ok(expr)
    }

    /// What `ATLEAST/min` counts.
    fn at_least(&mut self, min: usize, here: Range<usize>) -> Result<Expr<'a>, Fault> {
        let known = self.faults.len();
        let list = self.single()?;
        if self.faults.len() > known {
            // How many it has is known when they are mended.
            return Ok(list);
        }
        let (count, of) = match list {
            Expr::Or(of) => (of.len(), of),
            // How many a set has is known when rules are compiled.
            Expr::Line(line) => {
                let is_set = |part: &Part<'_>| matches!(part.alternative.term, term::Term::Set(_));
                let count = if line.parts.iter().any(is_set) { usize::MAX } else { line.parts.len() };
                (count, vec![Expr::Line(line)])
            }
            _ => (0, Vec::new()),
        };
        if count < 2 {
            let hint = format!("write `ATLEAST/{min} @set` or `ATLEAST/{min} (a | b | c)`");
            return Err(Fault::new(format!("ATLEAST/{min} has no list to count"), hint).within(here));
        }
        if count < min {
            let message = format!("ATLEAST/{min} of {count}");
            return Err(Fault::new(message, "lower the number, or add to the list").within(here));
        }
        Ok(Expr::AtLeast { min, of })
    }

    fn group_or_line(&mut self) -> Result<Expr<'a>, Fault> {
        let (start, outer) = (self.next, self.zone);
        let zone = self.zone_here()?;
        let Some((Token::Open, open)) = self.peek() else {
            self.next = start;
            return self.line().map(Expr::Line).and_then(|line| self.weighted(line));
        };
        self.next += 1;
        self.zone = zone;
        let inner = self.or()?;
        match self.peek() {
            Some((Token::Close, _)) => self.next += 1,
            Some((token, at)) => return Err(self.unexpected(token, at)),
            None => {
                return Err(
                    Fault::new("this parenthesis is not closed", "add `)` where the group ends").within(open)
                );
            }
        }
        self.zone = outer;
        self.weighted(inner)
    }

    /// The zone prefix here, or that of the parentheses around.
    fn zone_here(&mut self) -> Result<Option<Zone>, Fault> {
        let Some((Token::Zone(zone), at)) = self.peek() else { return Ok(self.zone) };
        if self.zone.is_some() {
            return Err(
                Fault::new("two zones for one term", "a term has one zone: `title:summit`").within(at)
            );
        }
        self.next += 1;
        if let Some((Token::Zone(_), at)) = self.peek() {
            return Err(
                Fault::new("two zones for one term", "write `(title:summit OR lead:summit)`").within(at)
            );
        }
        Ok(Some(zone))
    }

    /// `expr^2`.
    fn weighted(&mut self, mut expr: Expr<'a>) -> Result<Expr<'a>, Fault> {
        let Some((Token::Weight(number), at)) = self.peek() else { return Ok(expr) };
        let weight = number.parse::<f32>().ok().filter(|weight| (0.01..=100.0).contains(weight));
        let Some(weight) = weight else {
            return Err(Fault::new(
                format!("`^{number}` is no weight"),
                "write a number from 0.01 to 100: `arms^2`",
            )
            .within(at));
        };
        let Expr::Line(line) = &mut expr else {
            return Err(Fault::new(
                "a weight after a group",
                "weigh its terms: `arms^2`, `(arms | weapons)^2`",
            )
            .within(at));
        };
        line.weight = weight;
        self.next += 1;
        Ok(expr)
    }

    /// `a | b | @c`.
    fn line(&mut self) -> Result<Line<'a>, Fault> {
        let (known, start) = (self.faults.len(), self.end().start);
        let mut parts = vec![self.alternative()?];
        while let Some((Token::Bar, bar)) = self.peek() {
            self.next += 1;
            if matches!(self.peek(), Some((Token::Bar, _))) {
                return Err(
                    Fault::new("`||` is no operator", "write OR, or a single `|` between terms").within(bar)
                );
            }
            parts.push(self.alternative()?);
        }
        let mut line = Line { parts, weight: 1.0, written: String::new() };
        line.written = line.alternatives();
        if self.faults.len() > known {
            let end = line.parts.last().and_then(|part| part.within.as_ref()).map_or(start, |at| at.end);
            self.written.text.get(start..end).unwrap_or_default().clone_into(&mut line.written);
        }
        Ok(line)
    }

    fn alternative(&mut self) -> Result<Part<'a>, Fault> {
        let start = self.end();
        let zone = self.zone_here()?;
        if let Some(other) = self.operator()? {
            return Err(self.no_term(other));
        }
        let form = match self.peek() {
            Some((Token::Exact, _)) => Form::ExactCase,
            Some((Token::Forms, _)) => Form::Stem,
            _ => Form::Folded,
        };
        self.next += usize::from(form != Form::Folded);
        let Some((token, at)) = self.peek() else {
            return Err(Fault::new(
                "the query ends where a term should stand",
                "add a term, or remove what stands before",
            )
            .within(self.end()));
        };
        let term = match token {
            Token::Word(word) => word_term(word, form),
            Token::Quoted(inside) => quoted_term(inside, form),
            Token::Set(name) => term::set(name),
            Token::Regex(source) => term::regex(source),
            other => return Err(self.unexpected(other, at)),
        };
        let term = match term.map_err(|fault| fault.within(at.clone())) {
            Ok(term) => term,
            // A phrase in single quotes goes on behind its first word: what follows would be misread.
            Err(fault)
                if self.faults.len() >= MAX_FAULTS
                    || matches!(token, Token::Word(word) if word.starts_with('\'')) =>
            {
                return Err(fault);
            }
            Err(fault) => {
                self.faults.push(fault);
                // Unlike any other term, so that nothing else is found wrong with it.
                Term::Phrase(Phrase { words: format!("unreadable{}", at.start), form: Form::Folded })
            }
        };
        self.next += 1;
        let zones = zone.map_or(Zones::ALL, Zones::of);
        let mut alternative = Alternative { term, zones, written: String::new() };
        alternative.written = alternative.to_string();
        Ok(Part { alternative, at: self.written, within: Some(start.start.min(at.start)..at.end) })
    }
}

fn negative_in_near(at: Range<usize>) -> Fault {
    Fault::new("NOT inside NEAR", "what is absent has no place: write `a NEAR/15 b AND NOT c`").within(at)
}
