//! `newswatch inspect`: the pure stages on local files, one answer an input, in the order of the inputs.

pub(super) mod feed;
mod input;
mod order;
pub(super) mod page;
pub(super) mod stories;
pub(super) mod topics;
