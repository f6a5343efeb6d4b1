//! Hands the arguments to the `cli` room and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    newswatch::cli::main(std::env::args_os())
}
