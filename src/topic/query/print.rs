//! Expressions as queries.

use std::fmt::{self, Display, Formatter, Write};

use super::super::term::{Alternative, Form, Phrase, Term};
use super::super::zones::Zones;
use super::lexer::QUOTES;
use super::operator::{Operator, operator};
use super::{Expr, Line};
use crate::article::Zone;

/// How tightly an expression holds together: one that holds less than asked for stands in parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Or,
    And,
    Not,
    Near,
    Single,
}

impl Expr<'_> {
    fn bond(&self) -> Bond {
        match self {
            Self::Or(_) => Bond::Or,
            Self::And(_) => Bond::And,
            Self::Not(_) => Bond::Not,
            Self::Near { .. } => Bond::Near,
            Self::Line(_) | Self::AtLeast { .. } => Bond::Single,
        }
    }

    fn print(&self, least: Bond, f: &mut Formatter<'_>) -> fmt::Result {
        if self.bond() < least { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl Display for Expr<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let join = |of: &[Self], between: &str, least: Bond, f: &mut Formatter<'_>| {
            of.iter().enumerate().try_for_each(|(place, part)| {
                if place > 0 {
                    write!(f, " {between} ")?;
                }
                part.print(least, f)
            })
        };
        match self {
            Self::Line(line) => line.fmt(f),
            Self::Or(of) => join(of, "OR", Bond::And, f),
            Self::And(of) => join(of, "AND", Bond::Not, f),
            Self::Not(inner) => {
                f.write_str("NOT ")?;
                inner.print(Bond::Near, f)
            }
            Self::Near { words, ordered, of } => {
                let operator = Operator::Near { words: *words, ordered: *ordered };
                join(of, &operator.to_string(), Bond::Single, f)
            }
            Self::AtLeast { min, of } => match of.as_slice() {
                [Self::Line(line)] => write!(f, "ATLEAST/{min} {line}"),
                of => {
                    write!(f, "ATLEAST/{min} (")?;
                    join(of, "OR", Bond::And, f)?;
                    f.write_char(')')
                }
            },
        }
    }
}

impl Line<'_> {
    /// `a | b | @c`.
    pub(super) fn alternatives(&self) -> String {
        self.parts.iter().map(|part| part.alternative.to_string()).collect::<Vec<_>>().join(" | ")
    }
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let alternatives = self.alternatives();
        if self.parts.len() == 1 {
            f.write_str(&alternatives)?;
        } else {
            write!(f, "({alternatives})")?;
        }
        if self.weight.to_bits() == 1.0_f32.to_bits() { Ok(()) } else { write!(f, "^{}", self.weight) }
    }
}

impl Display for Alternative {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.zones != Zones::ALL {
            for zone in Zone::ALL.into_iter().filter(|zone| self.zones.hold(*zone)) {
                write!(f, "{}:", zone.word())?;
            }
        }
        match &self.term {
            Term::Set(name) => write!(f, "@{name}"),
            Term::Phrase(phrase) => phrase.fmt(f),
        }
    }
}

impl Display for Phrase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { words, form } = self;
        match form {
            Form::Regex => return write!(f, "/{words}/"),
            Form::ExactCase => f.write_char('=')?,
            Form::Stem => f.write_char('~')?,
            Form::Folded | Form::Prefix => {}
        }
        let star = if *form == Form::Prefix { "*" } else { "" };
        if is_bare(words) {
            return write!(f, "{words}{star}");
        }
        f.write_char('"')?;
        for ch in words.chars() {
            if ch == '\\' || QUOTES.contains(&ch) {
                f.write_char('\\')?;
            }
            f.write_char(ch)?;
        }
        write!(f, "{star}\"")
    }
}

/// Whether the words need no quotes.
fn is_bare(words: &str) -> bool {
    words.starts_with(char::is_alphanumeric)
        && words.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '-' | '\'' | '’' | '.'))
        && matches!(operator(words, None), Ok(None))
}
