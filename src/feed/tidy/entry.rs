//! The entry that the pass is in: what was written of it, and what may be yet.

use url::Url;

use super::super::vocabulary::Field;

/// Most links of an entry that are looked at, and most second-best values.
pub(super) const MAX_FIELDS: usize = 100;

/// The entry that is being written.
pub(super) struct Entry {
    pub(super) base: Url,
    pub(super) language: Option<String>,
    pub(super) had: Vec<Field>,
    /// How many elements are open that we do not know.
    pub(super) nested: usize,
    /// Whether we stand in what Atom says of where the entry came from.
    pub(super) in_source: bool,
    /// How many empty entries were found within.
    pub(super) empty: usize,
    /// How many links were found in attributes.
    pub(super) links: usize,
    /// Second-best values by rank, for fields that get no better one.
    pub(super) spare: Vec<(u8, Field, String)>,
    /// An id that is an address, should there be no link.
    pub(super) permalink: Option<String>,
}

impl Entry {
    /// Keeps a second-best value.
    pub(super) fn spare(&mut self, rank: u8, field: Field, value: &str) {
        if self.spare.len() < MAX_FIELDS {
            self.spare.push((rank, field, value.to_owned()));
        }
    }
}
