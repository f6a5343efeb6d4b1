//! The arguments of commands that have commands of their own.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `newswatch source …`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum SourceCommand {
    /// Every source with its health and its next check
    ///
    /// Exits with 1 if there is none.
    #[command(
        after_long_help = "Examples:\n  newswatch source list\n  newswatch source list --json | jq '.[] | select(.failures > 0) | .url'"
    )]
    List,
}

/// `newswatch topic …`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TopicCommand {
    /// Every topic with what it asks for and how often it matched
    ///
    /// Exits with 1 if there is none.
    #[command(after_long_help = "Example:\n  newswatch topic list")]
    List,
}

/// `newswatch notify …`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum NotifyCommand {
    /// Send a test alert through a channel, or through each
    ///
    /// Without a configuration it tries the channels that are always there. Exits with 1 if a channel failed.
    #[command(after_long_help = "Examples:\n  newswatch notify test\n  newswatch notify test desktop")]
    Test(NotifyTestArgs),
}

/// `newswatch notify test`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct NotifyTestArgs {
    /// The channel, by its name in the configuration
    #[arg(value_name = "CHANNEL")]
    pub(in crate::cli) channel: Option<String>,
}

/// `newswatch inspect …`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum InspectCommand {
    /// Read feeds: their format, their entries, and what had to be repaired
    #[command(after_long_help = "Examples:\n  newswatch inspect feed rss.xml
  newswatch inspect feed --json --manifest M.jsonl

A line of the manifest: {\"file\", \"base\"?, \"content_type\"?}; `base` makes relative links absolute.")]
    Feed(InspectArgs),

    /// Extract articles from pages
    #[command(after_long_help = "Examples:\n  newswatch inspect page saved.html
  newswatch inspect page --json --manifest M.jsonl

A line of the manifest: {\"file\", \"url\"?, \"content_type\"?}. Files may be compressed with gzip.")]
    Page(InspectArgs),

    /// Group reports into stories
    #[command(after_long_help = "Example:\n  newswatch inspect stories --json --manifest M.jsonl

A line of the manifest, in time order: {\"id\", \"time\", \"title\", \"text\", \"url\"?, \"outlet\"?, \"language\"?}.")]
    Stories(InspectArgs),

    /// Judge texts by the topics of the configuration
    #[command(after_long_help = "Examples:\n  newswatch inspect topics --config watch.toml saved.html
  newswatch inspect topics --json --config watch.toml --manifest M.jsonl

A line of the manifest: {\"id\", \"title\", \"text\", \"furniture\"?, \"url\"?, \"language\"?} or {\"file\", \"url\"?}.")]
    Topics(InspectArgs),
}

/// The inputs of `newswatch inspect`. A bad one is a line with `error`, never the end of the run.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct InspectArgs {
    /// The inputs as files; `inspect stories` takes files of manifest lines
    #[arg(value_name = "FILE", required_unless_present = "manifest", conflicts_with = "manifest")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// A file that names the inputs, one JSON object a line; `file` is relative to its folder
    #[arg(long, value_name = "M.jsonl")]
    pub(in crate::cli) manifest: Option<PathBuf>,
}

/// `newswatch completions`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(in crate::cli) shell: clap_complete::Shell,
}
