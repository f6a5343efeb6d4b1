//! When to look: from the outcome of a poll to the next state of its source, and who starts now. Pure; the only
//! writer of [`SourceState`](crate::source::SourceState).

mod asked;
mod moves;
mod network;
mod next;
mod overdue;
mod plan;
#[cfg(test)]
pub(crate) mod testing;
mod trouble;
mod turn;
mod wait;
mod wrong_clock;

pub use asked::{asked_for, replanned};
pub use network::{Network, NetworkNews};
pub use next::{ASKED, Answer, Outcome, Window, after, first_check, starting, validators};
pub use overdue::{Jump, spread};
pub use plan::{Due, plan};
pub use turn::{Turn, turn};
pub use wrong_clock::latest;
