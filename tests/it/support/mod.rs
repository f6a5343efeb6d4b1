//! What the tests share: a clock on paused time, a web of scripts, a scripted server, a private bus, a channel that
//! records, settings from text.

use std::io::Write;

pub mod clock;
pub mod dbus;
pub mod fake_web;
pub mod house;
pub mod press;
pub mod recorder;
pub mod server;
pub mod swarm;

/// Says on the terminal that `what` is left out because `program` is missing here; fails instead if the environment
/// variable `required` is 1, as it is where every test must have run.
pub fn left_out(what: &str, program: &str, required: &str) {
    let must = std::env::var_os(required).is_some_and(|value| value == "1");
    assert!(!must, "{what}: {program} is not on this machine, and {required}=1");
    // Past the harness, which shows what a passing test printed to nobody.
    let _ = writeln!(std::io::stderr(), "left out: {what} ({program} is not on this machine)");
}
