//! Tests of the room as a whole.

mod defaults;
mod examples;
mod fixtures;
mod hostile;
mod sparing;

use std::path::Path;

use super::{Environment, Problems, Settings, from_text};

/// A home, and nothing else.
fn home() -> Environment {
    Environment { home: Some("/home/me".into()), ..Environment::default() }
}

/// Settings of a text in `home`.
pub(super) fn read(text: &str) -> Result<Settings, Problems> {
    from_text(Path::new("newswatch.toml"), text, &home())
}
