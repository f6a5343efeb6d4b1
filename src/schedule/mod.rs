//! When to look: from the outcome of a poll to the next state of its source, and who starts now. Pure; the only
//! writer of [`SourceState`](crate::source::SourceState).

mod asked;
mod next;
mod plan;

pub use asked::asked_for;
pub use next::{Hints, Outcome, after, first_check, starting, validators};
pub use plan::{Due, plan};
