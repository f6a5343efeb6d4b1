//! `newswatch source list`: every source with its health and its next check.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use serde::Serialize;
use url::Url;

use super::Exit;
use super::context::Context;
use super::print::Printer;
use super::style::{FAINT, paint};
use super::table::Table;
use super::when::When;
use crate::alert::{Health, Trouble};
use crate::clock::{Timestamp, since};
use crate::config::Settings;
use crate::feed::Rule;
use crate::schedule::ASKED;
use crate::source::{Gap, Source, SourceId, SourceState};
use crate::store::{Lock, SourceRow};
use crate::text::count::{count, short, span};

/// One source, as `--json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct SourceView {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) kind: String,
    pub(super) name: Option<String>,
    /// The headings that the configuration keeps it under, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tags: Option<Vec<String>>,
    /// "new", "ok", "busy", "failing", "resting", "removed".
    pub(super) state: &'static str,
    /// What the person was told is wrong with it: "failing", "replaced", "gone", "silent", "stubs", "walls".
    pub(super) trouble: Option<Trouble>,
    /// Since when.
    pub(super) trouble_since: Option<Timestamp>,
    pub(super) last_attempt: Option<Timestamp>,
    pub(super) last_success: Option<Timestamp>,
    /// `null` if it is asked no more: it rests, or left the configuration.
    pub(super) next_check: Option<Timestamp>,
    pub(super) why_next: String,
    pub(super) failures: u32,
    /// Answers of 410 in a row, as they are counted: one a day.
    pub(super) gone: u32,
    pub(super) error: Option<String>,
    /// The kind of the last failure: "dns", "timeout", "status", "content" and so on.
    pub(super) error_class: Option<String>,
    /// The status of the last answer; `null` if none came.
    pub(super) http_status: Option<u16>,
    /// When the failures in a row began.
    pub(super) failing_since: Option<Timestamp>,
    /// Good answers so far.
    pub(super) polls: u64,
    /// Decoded bytes of them all.
    pub(super) bytes: u64,
    /// Where it is now, if it moved for good.
    pub(super) moved_to: Option<Url>,
    /// When it may have published more than was seen.
    pub(super) gap: Option<Gap>,
    /// Seconds between two entries, by what was seen lately.
    pub(super) publishes_every: Option<u64>,
    /// Entries seen so far.
    pub(super) entries: u64,
    /// Good answers that brought something new.
    pub(super) useful: u64,
    /// Their share of the good answers; `null` before the first.
    pub(super) useful_share: Option<f64>,
    /// When the newest known entry was published.
    pub(super) newest: Option<Timestamp>,
    /// The validators that the next request sends, as text.
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    /// What had to be repaired in its last full answer.
    pub(super) repairs: Vec<String>,
    /// How it names its entries, where that needs care.
    pub(super) rules: Vec<Rule>,
    /// The page that it says it belongs to.
    pub(super) site_url: Option<Url>,
    /// Where it says that it is.
    pub(super) self_url: Option<Url>,
    /// `WebSub` hubs that it names.
    pub(super) hubs: Vec<Url>,
}

impl SourceView {
    pub(super) fn of(row: &SourceRow) -> Self {
        let (state, about) = (&row.state, row.about.clone().unwrap_or_default());
        Self {
            id: row.id.0.clone(),
            url: row.url.clone(),
            kind: row.kind.clone(),
            name: row.name.clone().or_else(|| row.title.clone()),
            tags: None,
            state: row.health(),
            trouble: row.told.trouble,
            trouble_since: row.told.since,
            last_attempt: state.last_attempt,
            last_success: state.last_success,
            next_check: (row.configured && !state.resting).then_some(state.next_check),
            why_next: state.why_next.clone(),
            failures: state.failures,
            gone: state.gone,
            error: state.error.clone(),
            error_class: state.error_class.clone(),
            http_status: state.status,
            failing_since: state.failing_since,
            polls: state.polls,
            bytes: state.bytes,
            moved_to: state.address.clone(),
            gap: state.gap,
            publishes_every: usual(row).map(|usual| usual.as_secs()),
            entries: row.entries,
            useful: state.useful,
            useful_share: share(state.useful, state.polls),
            newest: state.cadence.newest(),
            etag: state.validators.etag.as_deref().map(text),
            last_modified: state.validators.last_modified.as_deref().map(text),
            repairs: about.repairs,
            rules: row.learnt.as_ref().map(|learnt| learnt.rules.clone()).unwrap_or_default(),
            site_url: about.site_url,
            self_url: about.self_url,
            hubs: about.hubs,
        }
    }

    /// How it is, in a word: its trouble, where its state is well.
    pub(super) fn word(&self) -> &'static str {
        match self.trouble {
            Some(trouble) if self.state == "ok" => trouble.word(),
            _ => self.state,
        }
    }

    /// What is wrong, in words; empty if nothing is.
    pub(super) fn wrong(&self) -> String {
        if let Some(error) = &self.error {
            return error.clone();
        }
        match self.trouble {
            Some(Trouble::Silent) => {
                let usual = self.publishes_every.map(|usual| span(Duration::from_secs(usual)));
                let usual = usual.map(|usual| format!(", every {usual} before")).unwrap_or_default();
                format!("nothing new{usual}")
            }
            Some(Trouble::Stubs) => "cuts its texts short".to_owned(),
            Some(Trouble::Walls) => "its article pages hold no articles".to_owned(),
            Some(Trouble::Partial) => "one of its sitemaps fails".to_owned(),
            Some(Trouble::Gone | Trouble::Replaced | Trouble::Failing) | None => String::new(),
        }
    }

    /// Whether the reason of its next check says what is `wrong`.
    fn why_says(&self, wrong: &str) -> bool {
        self.why_next.contains(wrong.strip_prefix("answered ").unwrap_or(wrong))
    }

    /// The share of looks that brought something new: "30%".
    pub(super) fn useful_words(&self) -> String {
        self.useful_share.map_or_else(|| "-".to_owned(), percent)
    }

    /// Its name, else its address.
    pub(super) fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.url)
    }

    /// When it is asked next, in words.
    pub(super) fn next_words(&self, when: &When) -> String {
        let asked = self.last_attempt.filter(|_| self.why_next == ASKED);
        match (self.next_check, asked) {
            (None, _) => "never".to_owned(),
            // Its answer is awaited, or the process that asked has ended.
            (Some(_), Some(asked)) if since(when.now, asked) < AWAITED => {
                format!("being asked since {}", short(since(when.now, asked)))
            }
            (Some(next), _) if next <= when.now => "due".to_owned(),
            (Some(next), _) => when.words(next),
        }
    }

    /// What it is in words: "feed", "page (watch)".
    pub(super) fn kind_words(&self) -> String {
        match self.kind.as_str() {
            how @ ("watch" | "links") => format!("page ({how})"),
            kind => kind.to_owned(),
        }
    }
}

/// `part` of `all`, to three digits; `None` of nothing.
pub(super) fn share(part: u64, all: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of looks")]
    (all > 0).then(|| (part as f64 / all as f64 * 1_000.0).round() / 1_000.0)
}

/// A share in words: "30%".
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// How far apart it publishes, or did before it fell silent.
fn usual(row: &SourceRow) -> Option<Duration> {
    match row.told.trouble {
        Some(Trouble::Silent) => row.told.pauses.usual(),
        _ => row.state.cadence.gap(),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// So long after a request its answer may still come.
const AWAITED: Duration = Duration::from_mins(10);
/// What stands in place of a plan for a source that no pass has met yet.
const NOT_POLLED: &str = "not polled yet";
/// The same of one that left the configuration.
const REMOVED: &str = "not in the configuration";
const NOT_LEFT_OFF: &str = "not in the configuration: the running daemon drops it when it is reloaded";
/// The same of a new one, while a daemon runs by the configuration as it was.
const NOT_TAKEN_OVER: &str = "not polled yet: the running daemon takes it over when it is reloaded";

/// The sources as a person knows them: those of the configuration, whether the daemon has met them yet or not, then those
/// that left it. Without a configuration that can be read (`None`), what is stored.
pub(super) fn merged(
    rows: Vec<SourceRow>,
    settings: Option<&Settings>,
    now: Timestamp,
) -> Vec<(SourceRow, Vec<String>)> {
    let Some(settings) = settings else { return rows.into_iter().map(|row| (row, Vec::new())).collect() };
    let mut configured: BTreeMap<&SourceId, &Source> =
        settings.sources.iter().map(|source| (&source.id, source)).collect();
    let (mut watched, mut removed) = (Vec::new(), Vec::new());
    for mut row in rows {
        match configured.remove(&row.id) {
            Some(source) => {
                // Edits show at once, though the daemon takes them over at its next start or reload.
                row.configured = true;
                row.name.clone_from(&source.name);
                watched.push((row, source.tags.clone()));
            }
            None => {
                let polled = row.configured && Lock::is_held(&settings.store.path);
                if polled { NOT_LEFT_OFF } else { REMOVED }.clone_into(&mut row.state.why_next);
                row.configured = false;
                removed.push((row, Vec::new()));
            }
        }
    }
    let new = settings.sources.iter().filter(|source| configured.contains_key(&source.id));
    watched.extend(new.map(|source| (unmet(source, settings, now), source.tags.clone())));
    watched.extend(removed);
    watched
}

/// A source that is configured, and not in the store yet.
fn unmet(source: &Source, settings: &Settings, now: Timestamp) -> SourceRow {
    let why = if Lock::is_held(&settings.store.path) { NOT_TAKEN_OVER } else { NOT_POLLED };
    SourceRow {
        id: source.id.clone(),
        kind: source.kind.word().to_owned(),
        url: source.url.to_string(),
        name: source.name.clone(),
        title: None,
        configured: true,
        state: SourceState::new(now, why),
        entries: 0,
        about: None,
        learnt: None,
        told: Health::default(),
    }
}

/// Lists them. `No` if there is none.
pub(super) fn run(context: &Context) -> anyhow::Result<Exit> {
    let (rows, settings) = context.known_sources()?;
    let sources: Vec<SourceView> = merged(rows, settings.as_ref(), context.now())
        .into_iter()
        .map(|(row, tags)| SourceView { tags: Some(tags), ..SourceView::of(&row) })
        .collect();
    let mut printer = context.printer();
    if context.json {
        printer.json(&sources)?;
    } else {
        print(&sources, &context.when(), &mut printer)?;
        if !context.quiet && !sources.is_empty() {
            printer.line(paint(
                FAINT,
                "`newswatch source show`, `refresh` and `remove` take an ID, a name or an address",
            ))?;
        }
    }
    Ok(Exit::yes_if(sources.iter().any(|source| source.state != "removed")))
}

fn print(sources: &[SourceView], when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    let removed = sources.iter().filter(|source| source.state == "removed").count();
    let watched = sources.len() - removed;
    if sources.is_empty() {
        return to.line("no sources: `newswatch source add` adds one");
    }
    // A column only for those who use them.
    let tagged = sources.iter().any(|source| source.tags.as_ref().is_some_and(|tags| !tags.is_empty()));
    let headings =
        ["STATE", "ID", "SOURCE", "KIND", "TAGS", "ENTRIES", "USEFUL", "LAST GOOD", "NEXT CHECK", "WHY THEN"];
    let mut table = Table::new(headings.into_iter().filter(|heading| tagged || *heading != "TAGS"));
    for source in sources {
        let why = match source.wrong() {
            wrong if source.state == "removed" || source.why_says(&wrong) => source.why_next.clone(),
            wrong => format!("{} ({wrong})", source.why_next),
        };
        let named =
            [source.word().to_owned(), source.id.clone(), source.label().to_owned(), source.kind_words()];
        let tags = tagged.then(|| source.tags.as_deref().unwrap_or_default().join(", "));
        let fares = [
            source.entries.to_string(),
            source.useful_words(),
            when.words_or(source.last_success, "never"),
            source.next_words(when),
            why,
        ];
        table.row(named.into_iter().chain(tags).chain(fares));
    }
    to.table(table)?;
    to.line("")?;
    let left = match removed {
        0 => String::new(),
        many => format!(", and {many} that left the configuration; what they brought stays stored"),
    };
    to.line(format!("{}{left}", count(watched, "source")))
}
