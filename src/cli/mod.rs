//! The command line: one command a file.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

mod alerts;
mod args;
mod article;
mod check;
mod completions;
mod context;
pub mod demo;
mod edit;
mod evaluation;
mod explain;
mod export;
mod import;
mod init;
mod inspect;
mod logging;
mod notify_test;
mod once;
mod print;
mod progress;
mod run;
mod search;
mod source_add;
mod source_discover;
mod source_list;
mod source_refresh;
mod source_remove;
mod source_show;
mod status;
mod stories;
mod style;
mod table;
mod topic_backtest;
mod topic_list;
mod topic_named;
mod topic_new;
mod topic_numbers;
mod topic_suggest;
mod topic_test;
mod when;

use args::{Cli, Command, InspectCommand, NotifyCommand, SourceCommand, TopicCommand};
use context::Context;

/// How a command ended; as grep's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Done, yes, valid, matched.
    Yes,
    /// No, none, invalid.
    No,
    /// It could not be found out.
    Trouble,
    /// The daemon ended unasked; it may well work again. Not 2: service managers leave that alone, as nothing but a
    /// person mends a bad configuration.
    Restart,
}

impl Exit {
    /// `Yes` if `yes`.
    fn yes_if(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No | Exit::Restart => 1,
            Exit::Trouble => 2,
        })
    }
}

/// Runs the command that `args` name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args).and_then(fitting) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    std::panic::set_hook(Box::new(|panic| {
        let (what, place) = (panic.payload_as_str().unwrap_or_default(), panic.location());
        let place = place.map(ToString::to_string).unwrap_or_default();
        print::complain(&format!("newswatch broke at {place}: {}; please report it", print::shown(what)));
    }));
    let context = Context::of_process(&cli.options);
    logging::start(matches!(cli.command, Command::Run(_)), context.verbose, context.quiet, &context.bars);
    match dispatch(&context, cli.command) {
        Ok(exit) => exit.into(),
        // As ripgrep: the reader has what it wanted.
        Err(error) if print::is_closed(&error) => Exit::Yes.into(),
        Err(error) => {
            print::trouble(&error);
            Exit::Trouble.into()
        }
    }
}

/// Refuses `--json` where there is no data.
fn fitting(cli: Cli) -> Result<Cli, clap::Error> {
    let silent = matches!(
        cli.command,
        Command::Demo(_)
            | Command::Init(_)
            | Command::Run(_)
            | Command::Once(_)
            | Command::Export(_)
            | Command::Completions(_)
    );
    if cli.options.json && silent {
        return Err(
            Cli::command().error(ErrorKind::ArgumentConflict, "this command has no data to print as JSON")
        );
    }
    Ok(cli)
}

/// Prints what clap has to say: help and version to standard output (0), errors to standard error (2).
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell if this fails.
    let _ = error.print();
    if error.use_stderr() { Exit::Trouble.into() } else { Exit::Yes.into() }
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Demo(args) => wait_for(demo::run(context, args)),
        Command::Init(args) => init::run(context, args),
        Command::Run(args) => wait_for(run::run(context, args)),
        Command::Once(args) => wait_for(once::run(context, args)),
        Command::Check(args) => check::run(context, args),
        Command::Status => status::run(context),
        Command::Source(SourceCommand::List) => source_list::run(context),
        Command::Source(SourceCommand::Show(args)) => source_show::run(context, &args),
        Command::Source(SourceCommand::Discover(args)) => wait_for(source_discover::run(context, args)),
        Command::Source(SourceCommand::Add(args)) => wait_for(source_add::run(context, args)),
        Command::Source(SourceCommand::Remove(args)) => source_remove::run(context, &args),
        Command::Source(SourceCommand::Refresh(args)) => source_refresh::run(context, &args),
        Command::Topic(TopicCommand::List) => topic_list::run(context),
        Command::Topic(TopicCommand::Backtest(args)) => topic_backtest::run(context, &args),
        Command::Topic(TopicCommand::Test(args)) => topic_test::run(context, &args),
        Command::Topic(TopicCommand::New(args)) => wait_for(topic_new::run(context, &args)),
        Command::Topic(TopicCommand::Suggest(args)) => topic_suggest::run(context, &args),
        Command::Stories(args) => stories::run(context, &args),
        Command::Alerts(args) => alerts::run(context, &args),
        Command::Search(args) => search::run(context, &args),
        Command::Explain(args) => explain::run(context, &args),
        Command::Inspect(InspectCommand::Feed(args)) => inspect::feed::run(context, &args),
        Command::Inspect(InspectCommand::Page(args)) => inspect::page::run(context, &args),
        Command::Inspect(InspectCommand::Stories(args)) => inspect::stories::run(context, &args),
        Command::Inspect(InspectCommand::Topics(args)) => inspect::topics::run(context, &args),
        Command::Import(args) => import::run(context, &args),
        Command::Export(args) => export::run(context, &args),
        Command::Notify(NotifyCommand::Test(args)) => wait_for(notify_test::run(context, args)),
        Command::Completions(args) => completions::run(context, &args),
    }
}

/// Threads that may wait at once: 32 lookups of names, and documents and store calls beside them.
const MOST_BLOCKING: usize = 96;

/// Runs `work` on a runtime; only commands that wait for something need one.
fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(MOST_BLOCKING)
        .build()
        .context("the runtime does not start")?
        .block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_before_or_after_the_command_and_json_only_where_there_is_data() {
        for good in [
            "-c x --json status",
            "status --json --config x",
            "explain 7 -q",
            "inspect feed --json a b",
            "search a b -n 3",
        ] {
            Cli::try_parse_from(format!("newswatch {good}").split(' ')).and_then(fitting).unwrap();
        }
        for bad in
            ["run --json", "explain", "explain 7 --file x", "inspect feed", "status -q -v", "search", "statu"]
        {
            Cli::try_parse_from(format!("newswatch {bad}").split(' ')).and_then(fitting).unwrap_err();
        }
    }
}
