//! TOML → [`Settings`], or every problem in all files at once, each with file, line, column and a hint.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;

use crate::alert::QuietHours;
use crate::fetch::HostManners;
use crate::source::Source;
use crate::topic::{TopicProblem, TopicSet, TopicSpec};

mod against;
mod alerts;
mod article_file;
mod assemble;
mod collect;
mod edit;
mod edition;
mod environment;
mod examples;
mod expect;
mod files;
mod held;
mod hosts;
mod kept;
mod problem;
mod read;
mod schema;
mod sections;
mod sources;
mod syntax;
#[cfg(test)]
mod tests;
mod topic_parts;
mod topics;
mod value;

pub use against::rule_in;
pub use article_file::{Sample, article_of_file, is_text_file};
pub use edit::{Draft, EditError, Value, Written, add, remove};
pub use edition::{Edition, SaveError};
pub use environment::Environment;
pub use expect::Expectation;
pub use held::Held;
pub use kept::{Rule, Rules, compile_rule};
pub use problem::{Mark, Problem, Problems};

/// Everything the daemon needs, valid as a whole.
#[derive(Debug)]
pub struct Settings {
    /// The file it came from, and those it included.
    pub files: Vec<PathBuf>,
    /// `[fetch]`.
    pub fetch: FetchSettings,
    /// `[[feed]]` and `[[page]]`, each with its settings resolved; every id once.
    pub sources: Vec<Source>,
    /// `[topic.ID]` as written, by id.
    pub topics: Vec<TopicSpec>,
    /// The same, compiled.
    pub topic_set: TopicSet,
    /// The same as written, to be kept beside hits.
    pub rules: Rules,
    /// Rules that are in force in place of some of these ([`Settings::hold`]).
    pub held: Held,
    /// The topics' own tests.
    pub expectations: Vec<Expectation>,
    /// `[alerts]`.
    pub alerts: AlertSettings,
    /// `[channel.NAME]`: desktop and log are always known.
    pub channels: BTreeMap<String, ChannelSettings>,
    /// `[store]`.
    pub store: StoreSettings,
    /// What is odd but works.
    pub warnings: Vec<Problem>,
}

impl Settings {
    /// The channels that something is told through: some topic, or trouble with sources.
    #[must_use]
    pub fn channels_used(&self) -> BTreeSet<String> {
        let own = self.topics.iter().filter_map(|topic| topic.channels.as_ref());
        own.flatten().chain(&self.alerts.channels).cloned().collect()
    }
}

/// `[fetch]`: how the web is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchSettings {
    /// Goes into the User-Agent: a mail address or a page.
    pub contact: Option<String>,
    /// What a source gets unless it says otherwise.
    pub interval: Duration,
    /// Floor.
    pub min_interval: Duration,
    /// Ceiling.
    pub max_interval: Duration,
    /// First wait after an error.
    pub backoff: Duration,
    /// Requests at once, over all hosts.
    pub workers: usize,
    /// Requests at once at one host.
    pub per_host: usize,
    /// Between request starts at one host.
    pub spacing: Duration,
    /// Hosts that are asked otherwise (`[[host]]`), by [`host_key`](crate::fetch::host::host_key).
    pub hosts: BTreeMap<String, HostManners>,
    /// Private networks that may be reached.
    pub allow: Vec<IpNet>,
    /// Whether article pages are fetched.
    pub articles: bool,
    /// Whether robots.txt decides about the sources themselves too.
    pub robots: bool,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Time to the first byte of the answer.
    pub header_timeout: Duration,
    /// Time for the whole answer.
    pub total_timeout: Duration,
    /// Most decoded bytes of one answer.
    pub max_bytes: u64,
}

/// `[alerts]`.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertSettings {
    /// Channels of topics that do not name their own.
    pub channels: Vec<String>,
    /// When not to make a sound.
    pub quiet_hours: Option<QuietHours>,
    /// Whether the person is told about the sources themselves: that one fails for long, fell silent, is well again.
    pub health: bool,
}

/// One `[channel.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelSettings {
    /// Desktop notifications over D-Bus.
    Desktop,
    /// The journal, or the terminal.
    Log,
}

/// `[store]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// The database file.
    pub path: PathBuf,
    /// How long texts are kept.
    pub keep_text: Duration,
    /// How long it is remembered that an entry was seen.
    pub keep_seen: Duration,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            contact: None,
            interval: Duration::from_mins(15),
            min_interval: Duration::from_mins(5),
            max_interval: Duration::from_hours(24),
            backoff: Duration::from_mins(10),
            workers: 64,
            per_host: 1,
            spacing: Duration::from_secs(1),
            hosts: BTreeMap::new(),
            allow: Vec::new(),
            articles: true,
            robots: false,
            connect_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_mins(1),
            max_bytes: 20 << 20,
        }
    }
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self { channels: vec!["desktop".to_owned(), "log".to_owned()], quiet_hours: None, health: true }
    }
}

/// Where the configuration is: `given`, else `$NEWSWATCH_CONFIG`, else `$CONFIGURATION_DIRECTORY/newswatch.toml`, else
/// `$XDG_CONFIG_HOME/newswatch/newswatch.toml`. A folder means its `newswatch.toml`.
#[must_use]
pub fn locate(given: Option<&Path>) -> PathBuf {
    Environment::of_process().locate(given)
}

/// Where the store of the configuration at `path` is, as far as the file can be read: for commands that only look at
/// what is stored, while the configuration has mistakes elsewhere.
#[must_use]
pub fn store_of(path: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(path).ok()?;
    let (table, _) = toml::de::DeTable::parse_recoverable(&text);
    let store = table.get_ref().get("store").and_then(|store| store.get_ref().get("path"));
    let named = store.and_then(|path| path.get_ref().as_str()).map(PathBuf::from);
    let named = named.unwrap_or_else(|| PathBuf::from("newswatch.db"));
    if named.is_absolute() {
        Some(named)
    } else {
        Some(Environment::of_process().state_folder()?.join(named))
    }
}

/// Reads `path` and all it includes, in the surroundings of this process.
///
/// # Errors
/// Every problem in all files, in order of file and line; warnings are among them.
pub fn load(path: &Path) -> Result<Settings, Problems> {
    load_with(path, &Environment::of_process())
}

/// As [`load`]; topics with mistakes are left out, if nothing else has any. They are named by their ids, and their
/// mistakes are among the warnings, as errors.
///
/// # Errors
/// As [`load`], if there is a mistake that is not a topic's own.
pub fn load_sparing_topics(path: &Path) -> Result<(Settings, BTreeSet<String>), Problems> {
    let (files, found) = files::read_all(path);
    assemble::settle_sparing(&files, found, &Environment::of_process(), true, true)
}

/// As [`load`], in given surroundings.
///
/// # Errors
/// As [`load`].
pub fn load_with(path: &Path, environment: &Environment) -> Result<Settings, Problems> {
    let (files, found) = files::read_all(path);
    assemble::settle(&files, found, environment, true)
}

/// Settings from a text, as if it stood at `path`. Reads no file: what `include` and topics name is not followed.
///
/// # Errors
/// As [`load`].
pub fn from_text(path: &Path, text: &str, environment: &Environment) -> Result<Settings, Problems> {
    let files = [collect::File { path: path.to_owned(), text: text.to_owned() }];
    assemble::settle(&files, Vec::new(), environment, false)
}

/// Whether this version understands the key in a topic.
#[must_use]
pub fn knows_topic_key(key: &str) -> bool {
    schema::TOPIC.keys.contains(&key)
}

/// Whether `name` can be that of a topic, a set or a channel: letters, digits, `-` and `_`, at most 64 of them.
#[must_use]
pub fn is_name(name: &str) -> bool {
    read::is_name(name)
}

/// Problems of rules that were found after `settings` were loaded, with the lines where they stand now.
#[must_use]
pub fn placed(settings: &Settings, problems: Vec<TopicProblem>) -> Vec<Problem> {
    if problems.is_empty() {
        return Vec::new();
    }
    let paths = settings.files.iter().cloned();
    // A file that is gone by now has no lines to show; the problem is told all the same.
    let text = |path: &Path| files::read(path, false).unwrap_or_default();
    let files: Vec<_> = paths.map(|path| collect::File { text: text(&path), path }).collect();
    let found = problems.into_iter().map(|TopicProblem { at, message, hint, warning, within: _ }| {
        collect::Found { file: at.file, at: Some(at.at), message, hint, warning }
    });
    collect::Collector::new(&files, found.collect()).finish().0
}

/// The keys that differ between two settings and hold for the life of the process: a reload cannot change them.
#[must_use]
pub fn needs_restart(old: &Settings, new: &Settings) -> Vec<String> {
    let changed = [("store.path", old.store.path != new.store.path)];
    changed.into_iter().filter(|(_, changed)| *changed).map(|(key, _)| key.to_owned()).collect()
}
