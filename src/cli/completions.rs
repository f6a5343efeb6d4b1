//! `newswatch completions`: for packagers, and for whoever installs by hand.

use clap::CommandFactory;

use super::Exit;
use super::args::{Cli, CompletionsArgs};
use super::context::Context;

/// Prints the script.
pub(super) fn run(context: &Context, args: &CompletionsArgs) -> anyhow::Result<Exit> {
    // Into memory first: clap_complete panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "newswatch", &mut script);
    context.printer().bytes(&script)?;
    Ok(Exit::Yes)
}
