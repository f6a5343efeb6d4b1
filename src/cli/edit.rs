//! What the commands share that edit the configuration: opening it, writing it, and what to do next.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::context::{BadConfiguration, Context};
use super::print::{complain, shown};
use crate::config::{Draft, Edition, Environment, SaveError, Settings, Value, Written};
use crate::feed::addresses;
use crate::store::{Lock, table};
use crate::text::address::canonical;

/// A source that was written or taken out, as `--json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct EditedSource {
    /// The file.
    pub(super) file: PathBuf,
    /// The line of its header, from 1.
    pub(super) line: usize,
    /// "feed", "page", "sitemap".
    pub(super) kind: &'static str,
    pub(super) url: String,
    pub(super) name: Option<String>,
    pub(super) tags: Vec<String>,
    /// Its table as TOML.
    pub(super) toml: String,
}

impl EditedSource {
    pub(super) fn of(file: &Path, written: &Written) -> Self {
        let draft = &written.draft;
        Self {
            file: file.to_owned(),
            line: written.line,
            kind: draft.table,
            url: draft.text("url").unwrap_or_default().to_owned(),
            name: draft.text("name").map(str::to_owned),
            tags: draft.tags().to_vec(),
            toml: draft.to_toml(),
        }
    }

    /// "feed `https://example.org/rss.xml` (Example)".
    pub(super) fn label(&self) -> String {
        label(self.kind, &self.url, self.name.as_deref())
    }

    /// "/etc/newswatch/newswatch.toml:12".
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }
}

/// "feed `https://example.org/rss.xml` (Example)".
pub(super) fn label(kind: &str, url: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{kind} {} ({})", shown(url), shown(name)),
        None => format!("{kind} {}", shown(url)),
    }
}

/// The configuration's files, valid as a whole.
pub(super) fn open(context: &Context) -> anyhow::Result<Edition> {
    Edition::open(&context.config, Environment::of_process())
        .map_err(|problems| BadConfiguration(problems).into())
}

/// Writes `text` to `file` if the configuration is valid with it.
pub(super) fn save(edition: &Edition, file: &Path, text: &str) -> anyhow::Result<Settings> {
    edition.save(file, text).map_err(|error| match error {
        SaveError::Mistakes(problems) => {
            complain("nothing was written, as the configuration would have mistakes:");
            BadConfiguration(problems).into()
        }
        error => error.into(),
    })
}

/// The text of `file` with `drafts` added; a file that is not there yet begins empty.
pub(super) fn with_added(edition: &Edition, file: &Path, drafts: &[Draft]) -> anyhow::Result<String> {
    let text = edition.text(file).unwrap_or_default();
    crate::config::add(text, drafts).with_context(|| format!("cannot add to {}", file.display()))
}

/// The file that the person names with `--file`: as it stands, or beside the main file.
pub(super) fn chosen_file(edition: &Edition, named: &Path) -> anyhow::Result<PathBuf> {
    let beside = edition.main().parent().map(|folder| folder.join(named)).unwrap_or_default();
    let found = [named.to_owned(), beside].into_iter().find(|path| edition.covers(path));
    match found {
        Some(path) => Ok(path),
        None => bail!(
            "{} is not part of the configuration: name it under `include` in {}",
            named.display(),
            edition.main().display()
        ),
    }
}

/// The sources that `wanted` names by ID, address or name, with their files.
pub(super) fn named<'e>(edition: &'e Edition, wanted: &str) -> anyhow::Result<Vec<(&'e Path, Written)>> {
    let sources = edition.sources();
    let urls: Vec<_> = addresses(wanted).unwrap_or_default().iter().map(canonical).collect();
    // Sources without a name are listed by what they call themselves.
    let titled: Vec<_> = match Context::store_if_any(&edition.settings)? {
        Some(store) => store.read(table::list_sources)?,
        None => Vec::new(),
    };
    let titled: Vec<_> = titled
        .into_iter()
        .filter(|row| row.title.as_deref().is_some_and(|title| same_name(title, wanted)))
        .map(|row| row.id)
        .collect();
    let by_id = |source: &Written| source.draft.id().is_some_and(|id| id.0 == wanted);
    let by_url = |source: &Written| source.draft.url().is_some_and(|url| urls.contains(&canonical(&url)));
    let by_name = |source: &Written| source.draft.text("name").is_some_and(|name| same_name(name, wanted));
    let by_title = |source: &Written| {
        source.draft.text("name").is_none() && source.draft.id().is_some_and(|id| titled.contains(&id))
    };
    let ways: [&dyn Fn(&Written) -> bool; 4] = [&by_id, &by_url, &by_name, &by_title];
    // The first way that finds something: a name may look like an address.
    let found =
        ways.iter().map(|way| sources.iter().filter(|(_, source)| way(source)).cloned().collect::<Vec<_>>());
    Ok(found.into_iter().find(|found| !found.is_empty()).unwrap_or_default())
}

/// Whether two names are one to a person.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// How the change comes into force.
pub(super) fn next_words(settings: &Settings) -> &'static str {
    if Lock::is_held(&settings.store.path) {
        "the daemon is running: it takes this over when it is reloaded (`systemctl --user reload newswatch`, or SIGHUP)"
    } else {
        "no daemon is running: `newswatch once` or `newswatch run` takes this over"
    }
}

/// A value as one string, for a list of feeds.
pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Texts(_) => None,
    }
}
