//! What many sources cost: `cargo bench --bench scale`. `NEWSWATCH_SCALE` says how many feeds are polled (1,000), and
//! `NEWSWATCH_SCALE_STORED` how many sources the idle store holds (100,000). `cargo bench --bench scale -- WORD` measures
//! one part: `bare`, `daemon` or `idle`. The server and each part run in a process of their own, so that each figure is of
//! that part alone. CPU seconds bear a busy machine well, wall time does not.

mod bare;
mod cycles;
mod feeds;
mod gauges;
mod idle;
mod server;

use std::process::{Command, ExitCode};

use server::Server;

/// Says which part this process is.
const PART: &str = "NEWSWATCH_SCALE_PART";
/// Says at which port the server is.
const PORT: &str = "NEWSWATCH_SCALE_PORT";
/// Says where the store is, to a process that only rests.
const STORE: &str = "NEWSWATCH_SCALE_STORE";
/// Says how many sources the idle store holds.
const STORED: &str = "NEWSWATCH_SCALE_STORED";

fn main() -> ExitCode {
    let done = match std::env::var(PART).as_deref() {
        Ok("server") => server::serve().is_ok(),
        Ok("bare") => bare::measure(number(PORT, 0), number("NEWSWATCH_SCALE", 1_000)),
        Ok("daemon") => cycles::measure(number(PORT, 0), number("NEWSWATCH_SCALE", 1_000)),
        Ok("rest") => cycles::rest(cycles::settings(number(PORT, 0), number("NEWSWATCH_SCALE", 1_000))),
        Ok("rest of idle") => cycles::rest(cycles::read(&idle::configuration(number(STORED, 100_000)))),
        Ok("idle") => idle::measure(number(STORED, 100_000)),
        _ => all(),
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the parts that the arguments name, or all, one after the other.
fn all() -> bool {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut good = true;
    for part in ["bare", "daemon", "idle"] {
        if !words.is_empty() && !words.iter().any(|word| word == part) {
            continue;
        }
        let server = Server::start().expect("a server on loopback");
        let own = std::env::current_exe().expect("this program");
        let ended = Command::new(own).env(PART, part).env(PORT, server.port.to_string()).status();
        good &= ended.is_ok_and(|status| status.success());
    }
    good
}

fn number<T: std::str::FromStr>(variable: &str, default: T) -> T {
    std::env::var(variable).ok().and_then(|text| text.replace(['_', ','], "").parse().ok()).unwrap_or(default)
}
