//! What is told of a token that cannot stand where it stands.

use std::ops::Range;

use super::super::problem::Fault;
use super::grammar::Parser;
use super::lexer::Token;
use super::operator::Operator;

impl Parser<'_, '_> {
    /// Says that no term stands where `operator` does.
    pub(super) fn no_term(&self, operator: Operator) -> Fault {
        let first = self.next == 0 || matches!(self.tokens.get(self.next - 1), Some((Token::Open, _)));
        let message = if first {
            format!("{operator} has nothing before it")
        } else {
            format!("{operator} stands where a term should")
        };
        Fault::new(message, "write a term on both sides; for the word itself, put it in quotes")
            .within(self.end())
    }

    /// Says that `token` cannot stand here, after something complete or in place of a term.
    pub(super) fn unexpected(&self, token: Token<'_>, at: Range<usize>) -> Fault {
        let text = self.written.text.get(at.clone()).unwrap_or_default();
        let after_term = self.next > 0
            && !matches!(
                self.tokens.get(self.next - 1),
                Some((Token::Open | Token::Bar | Token::Zone(_) | Token::Exact | Token::Forms, _))
            );
        let fault = match token {
            Token::Close if self.depth == 0 => {
                Fault::new("this parenthesis closes nothing", "remove it, or add `(` before")
            }
            Token::Close => {
                Fault::new("a term is missing before `)`", "add a term, or remove the parentheses")
            }
            Token::Bar if after_term => {
                Fault::new("`|` after a group", "between groups write OR; `|` joins terms")
            }
            Token::Bar => Fault::new("a term is missing before `|`", "add a term, or remove `|`"),
            Token::Weight(_) => Fault::new("a weight without a term", "write it after one: `arms^2`"),
            Token::Word("near" | "Near") if after_term => Fault::new(
                format!("`{text}` in small letters is no operator"),
                "write NEAR/15; for the word itself write \"near\"",
            ),
            Token::Word(word) if after_term && word.starts_with('-') => {
                Fault::new("`-` is no operator", format!("write AND NOT {}", word.trim_start_matches('-')))
            }
            _ if after_term => {
                let message = format!("no operator stands before `{text}`");
                let before = self.tokens.get(self.next - 1).map(|(token, _)| *token);
                let hint = match (before, token) {
                    (Some(Token::Word(before)), Token::Word(word)) => {
                        format!("for a phrase write \"{before} {word}\", else AND or OR between them")
                    }
                    _ => "write AND or OR".to_owned(),
                };
                Fault::new(message, hint)
            }
            _ => Fault::new(format!("`{text}` cannot stand here"), "write a term"),
        };
        fault.within(at)
    }
}
