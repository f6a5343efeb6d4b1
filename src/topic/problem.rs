//! What can be wrong with a rule.

use std::ops::Range;

use super::spec::Written;

/// A problem in a rule, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicProblem {
    /// The string it is in.
    pub at: Written,
    /// Which bytes of that string are meant; `None` for all of it.
    pub within: Option<Range<usize>>,
    /// What is wrong: "prefix `ar*` is under 3 letters".
    pub message: String,
    /// What to do: "did you mean `@arms`?".
    pub hint: Option<String>,
    /// True for a warning: the rule runs all the same.
    pub warning: bool,
}

/// A problem without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) within: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) warning: bool,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { within: None, message: message.into(), hint: Some(hint.into()), warning: false }
    }

    pub(super) fn without_hint(message: impl Into<String>) -> Self {
        Self { within: None, message: message.into(), hint: None, warning: false }
    }

    pub(super) fn into_warning(self) -> Self {
        Self { warning: true, ..self }
    }

    /// At these bytes of the string.
    pub(super) fn within(self, within: Range<usize>) -> Self {
        Self { within: Some(within), ..self }
    }

    pub(super) fn at(self, at: &Written) -> TopicProblem {
        let Self { within, message, hint, warning } = self;
        TopicProblem { at: at.clone(), within, message, hint, warning }
    }
}
