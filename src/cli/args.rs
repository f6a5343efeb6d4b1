//! The arguments of every command. What stands here as documentation is what `--help` prints.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

mod nested;
mod since;

pub(super) use nested::{
    AddArgs, BacktestArgs, CompletionsArgs, DiscoverArgs, ExportArgs, ImportArgs, InspectArgs,
    InspectCommand, InspectPageArgs, Kind, NewArgs, NotifyCommand, NotifyTestArgs, RefreshArgs, RemoveArgs,
    ShowArgs, SourceCommand, SuggestArgs, TopicCommand, TopicTestArgs,
};

const TOP_EXAMPLES: &str = "\
First steps:
  newswatch demo                 see the whole journey offline, in a few seconds
  newswatch init                 write a commented starter configuration
  newswatch check                find every problem in it
  newswatch run                  watch

Exit codes: 0 done, yes, matched · 1 no, none, invalid · 2 trouble.
With --json, data goes to standard output as JSON, times as RFC 3339 in UTC; only that is stable for scripts.";

/// Watches news sources for the topics you name and tells you once per story.
///
/// newswatch polls feeds and web pages, reads whole articles, matches them against your topics, recognises that several
/// outlets tell one story, and tells you once per story, and again only when something new is known. Every decision can
/// be explained: see `newswatch explain --help`.
#[derive(Debug, Parser)]
#[command(name = "newswatch", version, max_term_width = 100, after_long_help = TOP_EXAMPLES)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) options: Options,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Options {
    /// The configuration: a file, or a folder that holds `newswatch.toml`
    ///
    /// Without it: `$NEWSWATCH_CONFIG`, else `$CONFIGURATION_DIRECTORY/newswatch.toml` (set by systemd), else
    /// `$XDG_CONFIG_HOME/newswatch/newswatch.toml`.
    #[arg(short, long, value_name = "PATH", global = true)]
    pub(super) config: Option<PathBuf>,

    /// Print data as JSON, where a command has data
    #[arg(long, global = true)]
    pub(super) json: bool,

    /// Say more on standard error (-vv: everything); `$RUST_LOG`, if set, decides instead
    #[arg(short, long, action = ArgAction::Count, global = true, conflicts_with = "quiet")]
    pub(super) verbose: u8,

    /// Say only what is wrong; no progress line
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

/// The commands, in the order in which a person meets them.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// See the whole journey offline, on a small press of its own
    ///
    /// Serves a handful of invented outlets on the loopback interface, runs the real daemon on them with a throw-away
    /// store, and shows what is alerted and why, and what is not and why not. Needs no network and no configuration,
    /// leaves nothing behind, and ends by itself.
    #[command(after_long_help = "Example:\n  newswatch demo --no-desktop")]
    Demo(DemoArgs),

    /// Write a commented starter configuration
    ///
    /// Never overwrites a file. Says what to do next.
    #[command(after_long_help = "Examples:\n  newswatch init\n  newswatch init ~/watch")]
    Init(InitArgs),

    /// Watch: poll, match, tell, until stopped
    ///
    /// The daemon. SIGHUP reloads the configuration (a bad one keeps the old one running), SIGTERM and SIGINT end it
    /// cleanly. Under systemd it says when it is ready, feeds the watchdog and logs to the journal. Exits with 2 if the configuration is bad, which no
    /// restart mends, and with 1 if anything else ended it.
    #[command(after_long_help = "Examples:\n  newswatch run\n  newswatch run --config /etc/newswatch -v")]
    Run(RunArgs),

    /// Make one pass over what is due, tell, and exit
    ///
    /// For timers and for trying a configuration. Sources keep their schedule: what is not due is not asked.
    #[command(after_long_help = "Examples:\n  newswatch once\n  newswatch once --all")]
    Once(OnceArgs),

    /// Find every problem in the configuration
    ///
    /// Reads the configuration with all its includes and names each problem with file, line and what to do; then runs the
    /// topics' own tests (`expect`). Asks nothing of the network. Exits with 1 if the configuration cannot be used, or a
    /// topic fails its tests.
    #[command(after_long_help = "Examples:\n  newswatch check\n  newswatch check --json | jq '.[].message'")]
    Check(CheckArgs),

    /// Is all well? Sources, schedule, outbox, last reload
    ///
    /// Shows how many sources are well, each one that is not with its error, when it is asked next and why then, what
    /// waits to be told, and what the daemon last said of itself. Exits with 1 if something needs attention.
    #[command(
        after_long_help = "Examples:\n  newswatch status\n  newswatch status --quiet || echo 'look after newswatch'"
    )]
    Status,

    /// The sources that are watched
    ///
    /// Sources are named in the configuration (`[[feed]]`, `[[page]]`, `[[sitemap]]`); here is how they fare, and how to
    /// find, add and remove them.
    #[command(
        subcommand,
        after_long_help = "Examples:\n  newswatch source list\n  newswatch source add example.org"
    )]
    Source(SourceCommand),

    /// The topics that you watch
    ///
    /// Topics are written in the configuration (`[topic.NAME]`); here is what they ask for, how often they match, and what
    /// becomes of a change before it goes live.
    #[command(subcommand, after_long_help = "Examples:\n  newswatch topic list\n  newswatch topic test")]
    Topic(TopicCommand),

    /// Stories that were found, the newest first
    ///
    /// A story is one event with all reports of it: which outlets tell it, and who said it first. Exits with 1 if there
    /// is none.
    #[command(
        after_long_help = "Examples:\n  newswatch stories\n  newswatch stories --json | jq '.[0].reports[].url'"
    )]
    Stories(ListArgs),

    /// Alerts that were raised, the newest first, and how each was told
    ///
    /// An alert is one story under one topic; updates change it in place. Exits with 1 if there is none.
    #[command(after_long_help = "Examples:\n  newswatch alerts --limit 5\n  newswatch alerts --json")]
    Alerts(ListArgs),

    /// Search the text of all stored articles
    ///
    /// Every word must occur; "words in quotes" as a phrase; a trailing * finds words that begin so. Case and accents
    /// do not matter. Exits with 1 if nothing is found.
    #[command(
        after_long_help = "Examples:\n  newswatch search armoured train\n  newswatch search '\"Kim Jong Un\"' vostochn*"
    )]
    Search(SearchArgs),

    /// The journey of one article: each decision with its reason, why and why not
    ///
    /// Names a stored article by its address or its number, or a local HTML file with --file. Shows where its text and
    /// dates come from, how each topic judges it, what was decided and why, which story it joined and how like it is,
    /// and how alerts were told. Exits with 0 if a topic matches, with 1 if none does.
    #[command(after_long_help = "Examples:
  newswatch explain https://example.org/world/summit
  newswatch explain 4711
  newswatch explain --file page.html --url https://example.org/world/summit")]
    Explain(ExplainArgs),

    /// Run one stage on local files, without network and store
    ///
    /// For trying, measuring and reporting faults. Answers come in the order of the inputs, with --json an object a line;
    /// a bad input is a line with `error`, never the end of the run. Exits with 0 if the run itself went well.
    #[command(subcommand, after_long_help = "Example:\n  newswatch inspect page saved.html")]
    Inspect(InspectCommand),

    /// Take over the feeds of another reader (OPML)
    ///
    /// Folders become tags. Feeds that are configured already are passed over. The result is checked as a whole before
    /// anything is written. Exits with 1 if there was nothing to add.
    #[command(
        after_long_help = "Examples:\n  newswatch import --dry-run feeds.opml\n  newswatch import feeds.opml"
    )]
    Import(ImportArgs),

    /// Write all sources as a list that other readers take (OPML)
    ///
    /// Tags become folders. Pages and sitemaps stand in it as links, with what `newswatch import` needs to take them back.
    #[command(after_long_help = "Examples:\n  newswatch export feeds.opml\n  newswatch export > feeds.opml")]
    Export(ExportArgs),

    /// The channels through which you are told
    ///
    /// Channels are set up in the configuration (`[channel.NAME]`); here they can be tried.
    #[command(subcommand, after_long_help = "Example:\n  newswatch notify test")]
    Notify(NotifyCommand),

    /// Print a completion script for a shell
    #[command(
        after_long_help = "Example:\n  newswatch completions bash > ~/.local/share/bash-completion/completions/newswatch"
    )]
    Completions(CompletionsArgs),
}

/// `newswatch demo`.
#[derive(Debug, Clone, Args)]
pub(super) struct DemoArgs {
    /// Show no desktop notification
    #[arg(long)]
    pub(super) no_desktop: bool,
}

/// `newswatch init`.
#[derive(Debug, Clone, Args)]
pub(super) struct InitArgs {
    /// The folder to write into; without it, the place where newswatch looks for its configuration
    #[arg(value_name = "PATH")]
    pub(super) folder: Option<PathBuf>,
}

/// `newswatch run`.
#[derive(Debug, Clone, Args)]
pub(super) struct RunArgs {}

/// `newswatch once`.
#[derive(Debug, Clone, Args)]
pub(super) struct OnceArgs {
    /// Ask every source, due or not; a wait that a server asked for is kept
    #[arg(long)]
    pub(super) all: bool,
}

/// `newswatch check`.
#[derive(Debug, Clone, Args)]
pub(super) struct CheckArgs {}

/// `newswatch stories` and `newswatch alerts`.
#[derive(Debug, Clone, Args)]
pub(super) struct ListArgs {
    /// Show at most so many [default: 30; with --json: all]
    #[arg(short = 'n', long, value_name = "N")]
    pub(super) limit: Option<u32>,
}

/// `newswatch search`.
#[derive(Debug, Clone, Args)]
pub(super) struct SearchArgs {
    /// What to look for
    #[arg(required = true, value_name = "QUERY")]
    pub(super) query: Vec<String>,

    #[command(flatten)]
    pub(super) list: ListArgs,
}

/// `newswatch explain`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["article", "file"])))]
pub(super) struct ExplainArgs {
    /// The address or the number of a stored article
    #[arg(value_name = "URL|ID")]
    pub(super) article: Option<String>,

    /// A local file instead: a page, or a text (.txt: a headline, an empty line, the text)
    #[arg(long, value_name = "F")]
    pub(super) file: Option<PathBuf>,

    /// The address that the file was saved from
    #[arg(long, value_name = "URL", requires = "file", conflicts_with = "article")]
    pub(super) url: Option<url::Url>,
}
