//! The arguments of commands that have commands of their own.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::since::Since;

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

    /// Everything that is known of a source
    ///
    /// When it was asked, with what result, when it is asked next and why, what it brought, what is wrong with it. Exits
    /// with 1 if there is no such source.
    #[command(after_long_help = "Examples:
  newswatch source show 'Example Post'
  newswatch source show --json https://example.org/rss.xml")]
    Show(ShowArgs),

    /// Show which sources an address stands for, the best first
    ///
    /// Takes any address: of a home page, a feed, a sitemap, a channel, a repository. Reads what the page names, the rules
    /// of known sites, usual addresses, and sitemaps, with at most twelve requests, and shows what each candidate holds.
    /// Writes nothing. Exits with 1 if none is found, with 2 if the address does not answer.
    #[command(
        after_long_help = "Examples:\n  newswatch source discover example.org\n  newswatch source discover --json https://example.org/news | jq -r '.[0].url'"
    )]
    Discover(DiscoverArgs),

    /// Add a source by any address of it
    ///
    /// Finds what the address stands for as `source discover` does, asks which to take, and writes it into the
    /// configuration, where comments and all else stay as they are. Nothing is written if the configuration would have
    /// mistakes then. Exits with 1 if nothing was added.
    #[command(after_long_help = "Examples:
  newswatch source add example.org
  newswatch source add --yes --tag World https://example.org/news
  newswatch source add --links 'article h2 a' https://example.org/press/
  newswatch source add --watch main https://example.org/statement
  newswatch source add --no-check --name Example https://example.org/rss.xml")]
    Add(AddArgs),

    /// Take a source out of the configuration
    ///
    /// Takes its lines out of the file, with the comments that are its own; all else stays as it is. What is stored of it
    /// stays, too. Exits with 1 if there is no such source.
    #[command(after_long_help = "Examples:
  newswatch source remove https://example.org/rss.xml
  newswatch source remove 'Example Post'")]
    Remove(RemoveArgs),

    /// Make sources due now
    ///
    /// The running daemon looks within seconds; without one, `newswatch once` does. A wait that a server asked for is kept.
    /// Named sources that rest are woken. Exits with 1 if nothing became due.
    #[command(after_long_help = "Examples:
  newswatch source refresh
  newswatch source refresh 'Example Post'")]
    Refresh(RefreshArgs),
}

/// `newswatch source discover`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct DiscoverArgs {
    /// The address, as it is pasted
    #[arg(value_name = "URL")]
    pub(in crate::cli) url: String,

    /// Look only for this kind
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Option<Kind>,
}

/// `newswatch source add`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct AddArgs {
    /// The address, as it is pasted
    #[arg(value_name = "URL")]
    pub(in crate::cli) url: String,

    /// Take the best without asking
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,

    /// What to call it; without it, as it calls itself
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,

    /// A heading to keep it under, such as World or World/Asia; may be given again
    #[arg(long = "tag", value_name = "TAG")]
    pub(in crate::cli) tags: Vec<String>,

    /// Look only for this kind
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Option<Kind>,

    /// Take the links of the page that this CSS selector finds as its entries
    #[arg(long, value_name = "SELECTOR", conflicts_with_all = ["watch", "kind"])]
    pub(in crate::cli) links: Option<String>,

    /// Watch the text of the page that this CSS selector finds for change
    #[arg(long, value_name = "SELECTOR", conflicts_with = "kind")]
    pub(in crate::cli) watch: Option<String>,

    /// The configuration file to write to [default: the main one, or the one list that holds all sources]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,

    /// Ask nobody: take the address as that of a feed, or as --kind sitemap, --links or --watch say
    #[arg(long, conflicts_with = "yes")]
    pub(in crate::cli) no_check: bool,
}

/// The kinds of sources, as the tables of the configuration are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Kind {
    /// RSS, Atom, RDF or JSON Feed
    Feed,
    /// A page, by its links or for its text
    Page,
    /// A sitemap
    Sitemap,
}

/// `newswatch source remove`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct RemoveArgs {
    /// The source, by its address, its name or its ID
    #[arg(value_name = "URL|NAME|ID")]
    pub(in crate::cli) source: String,
}

/// `newswatch source show`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct ShowArgs {
    /// The sources, by their addresses, names or IDs
    #[arg(value_name = "URL|NAME|ID", required = true)]
    pub(in crate::cli) sources: Vec<String>,
}

/// `newswatch source refresh`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct RefreshArgs {
    /// The sources, by their addresses, names or IDs; without any, all of them
    #[arg(value_name = "URL|NAME|ID")]
    pub(in crate::cli) sources: Vec<String>,
}

/// `newswatch import`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct ImportArgs {
    /// The list of feeds; - reads standard input
    #[arg(value_name = "FILE.opml")]
    pub(in crate::cli) list: PathBuf,

    /// The configuration file to write to [default: watchlists/imported.toml if `include` covers it, else the main one]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,

    /// Write nothing, only say what would be added
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

/// `newswatch export`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct ExportArgs {
    /// Where to write it; without it, to standard output
    #[arg(value_name = "FILE.opml")]
    pub(in crate::cli) list: Option<PathBuf>,

    /// Write over a file that is there already
    #[arg(long, requires = "list")]
    pub(in crate::cli) force: bool,
}

/// `newswatch topic …`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TopicCommand {
    /// Every topic with what it asks for and how often it matched
    ///
    /// Shows the hits of the last 30 days, and the near misses: articles with a hit for every line that is needed but one,
    /// and which line that was most often. A topic with many of those and no hit may be too tight. Exits with 1 if there
    /// is no topic.
    #[command(after_long_help = "Example:\n  newswatch topic list")]
    List,

    /// Run the topics' own tests
    ///
    /// A topic names files that it must match, and files that it must not: `expect = { match = ["examples/*.txt"],
    /// no_match = ["examples/not/*.txt"] }`, relative to the file that holds it. They are texts (a headline, a blank line,
    /// the text), pages (.html) or .json with title and text. Shows how each is judged, and why. Exits with 1 if one is
    /// not as expected.
    #[command(after_long_help = "Examples:\n  newswatch topic test\n  newswatch topic test --json summit")]
    Test(TopicTestArgs),

    /// Replay stored articles: what would a topic have told, and what does a change of it bring and cost?
    ///
    /// Judges what is stored by the topic as the configuration has it, and counts the alerts that it would have raised: a
    /// story once, at its first article that matches and was not found at the first look at its source. With --against, or
    /// --kept, shows which articles are gained and lost, each with the reason. Changes of watched pages are left out.
    /// Exits with 1 if nothing matches.
    #[command(after_long_help = "Examples:
  newswatch topic backtest summit
  newswatch topic backtest summit --since 90d --against edited.toml
  newswatch topic backtest summit --kept
  newswatch topic backtest summit --apply")]
    Backtest(BacktestArgs),

    /// Suggest terms that a topic may lack
    ///
    /// Reads what is stored, judges it by the topic as it is now, and shows the words, phrases and names that matched
    /// articles share and others have not, each with how many have it and a headline; then those behind articles that the
    /// topic turned away, which may belong into `none` or `mask`. Changes nothing: it prints lines to paste. Exits with 1
    /// if it has nothing to suggest.
    #[command(after_long_help = "Examples:\n  newswatch topic suggest nk-arms
  newswatch topic suggest nk-arms --since 90d --json")]
    Suggest(SuggestArgs),

    /// Write a first topic from example pages
    ///
    /// Reads pages that are about what you want to hear of, from files (saved pages, or plain text: the headline, an empty
    /// line, the text), addresses, or the store, and writes a topic that is true of all of them: names with their
    /// spellings, the lines that all share, and the evidence for each as comments. Addresses are asked with the manners
    /// of the daemon; pages that are stored are not asked for again. Read the topic before you use it. Exits with 1 if the
    /// examples have nothing in common.
    #[command(after_long_help = "Examples:\n  newswatch topic new --from one.html two.html three.txt
  newswatch topic new --from examples/*.txt --unlike other/*.txt --id nk-arms --out watchlists/nk-arms.toml
  newswatch topic new --from https://example.org/kim-to-visit article:12")]
    New(NewArgs),
}

/// `newswatch topic backtest`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct BacktestArgs {
    /// The topic, by its id
    #[arg(value_name = "ID")]
    pub(in crate::cli) topic: String,

    /// How far to go back: a length of time (12h, 30d), today, yesterday, or a date (2026-11-22)
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub(in crate::cli) since: Since,

    /// Compare with the topic in this file: a list of topics that stands in for the one that holds it, or a configuration
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) against: Option<PathBuf>,

    /// Compare with the rule by which stored hits were judged before it was changed
    #[arg(long, conflicts_with = "against")]
    pub(in crate::cli) kept: bool,

    /// Write the hits anew, without telling anything; a daemon may be running
    #[arg(long, conflicts_with = "against")]
    pub(in crate::cli) apply: bool,
}

/// `newswatch topic test`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct TopicTestArgs {
    /// The topic, by its id; without it, all
    #[arg(value_name = "ID")]
    pub(in crate::cli) topic: Option<String>,
}

/// `newswatch topic new`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct NewArgs {
    /// Pages that are about it: files, addresses, or stored articles (article:12)
    #[arg(long, value_name = "URL|FILE", required = true, num_args = 1..)]
    pub(in crate::cli) from: Vec<String>,

    /// Pages that look alike and are not meant
    #[arg(long, value_name = "URL|FILE", num_args = 1..)]
    pub(in crate::cli) unlike: Vec<String>,

    /// What to call the topic [default: made of its first words]
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) id: Option<String>,

    /// The file to write, which must not be there yet; - writes to standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(in crate::cli) out: PathBuf,
}

/// `newswatch topic suggest`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct SuggestArgs {
    /// The topic, by its ID
    #[arg(value_name = "ID")]
    pub(in crate::cli) topic: String,

    /// How far to go back: a length of time (12h, 30d), today, yesterday, or a date (2026-11-22)
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub(in crate::cli) since: Since,
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
  curl -s https://example.org/rss.xml | newswatch inspect feed -
  newswatch inspect feed --json --manifest M.jsonl

A line of the manifest: {\"file\", \"base\"?, \"content_type\"?}; `base` makes relative links absolute.")]
    Feed(InspectArgs),

    /// Extract articles from pages
    #[command(after_long_help = "Examples:\n  newswatch inspect page saved.html
  newswatch inspect page --summary 'The first sentence, as the feed has it.' short.html
  newswatch inspect page --json --manifest M.jsonl

A line of the manifest: {\"file\", \"url\"?, \"content_type\"?, \"summary\"?}. Files may be compressed with gzip.")]
    Page(InspectPageArgs),

    /// Group reports into stories
    ///
    /// Reads reports in the order in which they came out, and says of each to which story it belongs and how alike they are,
    /// whom it names as its origin, and what it says that is new.
    #[command(after_long_help = "Examples:\n  newswatch inspect stories --json --manifest M.jsonl
  newswatch inspect stories reports.jsonl

The manifest has a JSON object a line, a report each, the oldest first:
  id        how the answer names it; a text or a number
  time      when it came out: \"2023-09-04T10:00:00Z\", \"2023-09-04\", or seconds since 1970
  title     its headline
  text      what it says, without the headline; may be missing
  outlet    who reports, such as \"Example Post\"; else the host of the url says so
  url       its address; may be missing
  language  such as \"en\"; may be missing")]
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
    /// The inputs as files, `-` for standard input; `inspect stories` takes files of manifest lines
    #[arg(value_name = "FILE", required_unless_present = "manifest", conflicts_with = "manifest")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// A file that names the inputs, one JSON object a line; `file` is relative to its folder
    #[arg(long, value_name = "M.jsonl")]
    pub(in crate::cli) manifest: Option<PathBuf>,
}

/// `newswatch inspect page`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct InspectPageArgs {
    #[command(flatten)]
    pub(in crate::cli) inputs: InspectArgs,

    /// What the feed says of the page: a short page is an article if its feed says less
    #[arg(long, value_name = "TEXT", conflicts_with = "manifest")]
    pub(in crate::cli) summary: Option<String>,

    /// First read all pages, then take for furniture what repeats on the other pages of a host, as the daemon learns it
    #[arg(long)]
    pub(in crate::cli) learn: bool,
}

/// `newswatch completions`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(in crate::cli) shell: clap_complete::Shell,
}
