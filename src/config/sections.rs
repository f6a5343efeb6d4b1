//! `[fetch]` and `[store]`, and the pace of polling that sources share with `[fetch]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;

use super::collect::{Collector, Place};
use super::hosts::MOST_PER_HOST;
use super::read::{Item, Section};
use super::schema::KEEP;
use super::value::{A_DURATION, Mistake, duration, duration_or_zero, size, spoken};
use super::{Environment, FetchSettings, StoreSettings};

/// No floor may be lower: whole seconds are what a server's headers speak in.
const LEAST_INTERVAL: Duration = Duration::from_secs(1);
/// The bounds of `max_bytes`.
const BYTES: std::ops::RangeInclusive<u64> = (1 << 10)..=(256 << 20);

/// How often to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) interval: Duration,
    pub(super) min: Duration,
    pub(super) max: Duration,
}

/// A duration as written, with its place.
type Said = Option<(Duration, Place)>;

/// The duration under `key`.
fn said(section: &Section, key: &'static str, to: &mut Collector) -> Said {
    let item = section.get(key)?;
    item.parsed(A_DURATION, duration, to).map(|value| (value, item.place))
}

/// Sets `value` to the duration under `key`, if one is written.
fn set(value: &mut Duration, section: &Section, key: &'static str, to: &mut Collector) {
    if let Some((said, _)) = said(section, key, to) {
        *value = said;
    }
}

impl Pace {
    /// The pace that `section` writes over this one. What is written must agree; what is inherited gives way to it, except
    /// that an interval never undercuts an inherited floor.
    pub(super) fn with(self, section: &Section, to: &mut Collector) -> Self {
        let mut min = said(section, "min_interval", to);
        if let Some((_, place)) = min.take_if(|(min, _)| *min < LEAST_INTERVAL) {
            to.error(&place, "`min_interval` is under a second", "write \"1s\" or more");
        }
        let mut max = said(section, "max_interval", to);
        let floor = min.as_ref().map_or(self.min, |(min, _)| *min);
        if let Some((_, place)) = max.take_if(|(max, _)| *max < floor) {
            let message = format!("`max_interval` is below `min_interval`, which is {}", spoken(floor));
            to.error(&place, message, "raise it, or lower `min_interval`");
        }
        let ceiling = max.map_or(self.max, |(max, _)| max).max(floor);
        let mut interval = said(section, "interval", to);
        if let Some((wanted, place)) = interval.take_if(|(wanted, _)| *wanted < floor) {
            let message = format!("`interval` is below `min_interval`, which is {}", spoken(floor));
            let hint = if wanted < LEAST_INTERVAL {
                "write \"1s\" or more".to_owned()
            } else {
                format!(
                    "if the server's owner agrees, lower the floor: min_interval = \"{}\"",
                    spoken(wanted)
                )
            };
            to.error(&place, message, hint);
        }
        if let Some((wanted, place)) = interval.take_if(|(wanted, _)| *wanted > ceiling) {
            let message = format!("`interval` is above `max_interval`, which is {}", spoken(ceiling));
            to.error(&place, message, format!("raise the ceiling: max_interval = \"{}\"", spoken(wanted)));
        }
        let interval = interval.map_or(self.interval, |(interval, _)| interval);
        Self { interval: interval.clamp(floor, ceiling), min: floor, max: ceiling }
    }
}

/// Reads `[fetch]`.
pub(super) fn fetch(section: Option<&Section>, to: &mut Collector) -> FetchSettings {
    let mut fetch = FetchSettings::default();
    let Some(section) = section else { return fetch };
    let defaults = Pace { interval: fetch.interval, min: fetch.min_interval, max: fetch.max_interval };
    let Pace { interval, min, max } = defaults.with(section, to);
    (fetch.interval, fetch.min_interval, fetch.max_interval) = (interval, min, max);
    fetch.contact = section.get("contact").and_then(|item| contact(&item, to));
    match said(section, "backoff", to) {
        Some((backoff, place)) if backoff < LEAST_INTERVAL => {
            to.error(&place, "`backoff` is under a second", "write \"1s\" or more");
        }
        Some((backoff, _)) => fetch.backoff = backoff,
        None => {}
    }
    set(&mut fetch.connect_timeout, section, "connect_timeout", to);
    set(&mut fetch.header_timeout, section, "header_timeout", to);
    set(&mut fetch.total_timeout, section, "total_timeout", to);
    for (key, limit) in [("connect_timeout", fetch.connect_timeout), ("header_timeout", fetch.header_timeout)]
    {
        if let Some(item) = section.get(key).filter(|_| limit > fetch.total_timeout) {
            let message =
                format!("`{key}` is above `total_timeout`, which is {}", spoken(fetch.total_timeout));
            to.warning(&item.place, message, "it never takes effect: raise `total_timeout`, or lower this");
        }
    }
    let count = |key, most, to: &mut Collector| {
        section
            .get(key)
            .and_then(|item| item.count(1..=most, to))
            .and_then(|count| usize::try_from(count).ok())
    };
    fetch.workers = count("workers", 1_024, to).unwrap_or(fetch.workers);
    fetch.per_host = count("per_host", MOST_PER_HOST, to).unwrap_or(fetch.per_host);
    if let Some(spacing) =
        section.get("spacing").and_then(|item| item.parsed(A_DURATION, duration_or_zero, to))
    {
        fetch.spacing = spacing;
    }
    if let Some(articles) = section.get("articles").and_then(|item| item.boolean(to)) {
        fetch.articles = articles;
    }
    if let Some(robots) = section.get("robots").and_then(|item| item.boolean(to)) {
        fetch.robots = robots;
    }
    if let Some(bytes) = section.get("max_bytes").and_then(|item| max_bytes(&item, to)) {
        fetch.max_bytes = bytes;
    }
    if let Some(item) = section.get("allow") {
        fetch.allow = item
            .list("an array of networks", to)
            .iter()
            .filter_map(|item| item.parsed("a network such as \"127.0.0.0/8\"", network, to))
            .collect();
    }
    fetch
}

/// Goes into a header, so one line of ASCII (RFC 9110 5.5).
fn contact(item: &Item, to: &mut Collector) -> Option<String> {
    let text = item.filled(to)?.text;
    if text.chars().all(|character| character.is_ascii_graphic() || character == ' ') && text.len() <= 200 {
        return Some(text);
    }
    let hint = "write a mail address or a page: \"mailto:you@example.org\"";
    to.error(&item.place, "`contact` is not one short line of ASCII, which a header wants", hint);
    None
}

fn max_bytes(item: &Item, to: &mut Collector) -> Option<u64> {
    if item.is_integer() {
        return item.count(BYTES, to);
    }
    let bytes = item.parsed("a size such as \"20MiB\"", size, to)?;
    if BYTES.contains(&bytes) {
        return Some(bytes);
    }
    to.error(&item.place, "`max_bytes` is out of range", "write a size from \"1KiB\" to \"256MiB\"");
    None
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, Mistake> {
    let text = text.trim();
    text.parse::<IpNet>().ok().or_else(|| text.parse().ok().map(|address: std::net::IpAddr| IpNet::from(address))).ok_or_else(|| {
        Mistake::new(
            format!("`{text}` is not a network"),
            "write an address and how many of its bits count: \"127.0.0.0/8\", \"192.168.1.0/24\", \"::1/128\"",
        )
    })
}

/// Reads `[store]`.
pub(super) fn store(
    section: Option<&Section>,
    environment: &Environment,
    to: &mut Collector,
) -> StoreSettings {
    const DAY: u64 = 24;
    let mut store = StoreSettings {
        path: PathBuf::from("newswatch.db"),
        keep_text: Duration::from_hours(180 * DAY),
        keep_seen: duration("3y").unwrap_or_default(),
    };
    let mut place = Place { file: 0, at: 0..0 };
    if let Some(item) = section.and_then(|section| section.get("path"))
        && let Some(path) = item.filled(to)
    {
        store.path = PathBuf::from(path.text);
        place = item.place;
    }
    match placed(&store.path, environment) {
        Some(path) => store.path = path,
        None => to.error(
            &place,
            "cannot tell where to keep the database: neither $STATE_DIRECTORY, $XDG_DATA_HOME nor $HOME is set",
            "write the whole path under [store]: path = \"/var/lib/newswatch/newswatch.db\"",
        ),
    }
    let keep = section.and_then(|section| section.get("keep")).and_then(|item| item.section(&KEEP, to));
    if let Some(keep) = keep {
        set(&mut store.keep_text, &keep, "text", to);
        set(&mut store.keep_seen, &keep, "seen", to);
        if store.keep_seen < store.keep_text {
            let message = format!("`seen` is shorter than `text`, which is {}", spoken(store.keep_text));
            to.error(
                &keep.place,
                message,
                "feeds bring old items back: remember them for longer than their texts",
            );
        }
    }
    store
}

/// `path` as it is if absolute, `~/` from the home, all else from the state folder.
fn placed(path: &Path, environment: &Environment) -> Option<PathBuf> {
    if path.is_absolute() {
        return Some(path.to_owned());
    }
    match path.strip_prefix("~") {
        Ok(below) => environment.home.as_ref().map(|home| home.join(below)),
        Err(_) => environment.state_folder().map(|folder| folder.join(path)),
    }
}
