//! `[alerts]` and `[channel.NAME]`.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::Collector;
use super::read::{Item, Section, later};
use super::schema::{CHANNEL, LATER_CHANNELS, QUIET, nearest};
use super::value::{A_TIME, time_of_day};
use super::{AlertSettings, ChannelSettings, Environment};
use crate::alert::QuietHours;
use crate::topic::{Severity, Written};

/// The words of severity.
pub(super) const SEVERITIES: [(&str, Severity); 4] = [
    ("info", Severity::Info),
    ("notice", Severity::Notice),
    ("warning", Severity::Warning),
    ("critical", Severity::Critical),
];

/// The channels that there are, and those that were refused: their names are known all the same.
#[derive(Debug)]
pub(super) struct Channels {
    pub(super) known: BTreeMap<String, ChannelSettings>,
    refused: BTreeSet<String>,
}

impl Channels {
    /// Reads `[channel.NAME]`.
    pub(super) fn read(main: Option<&Section>, to: &mut Collector) -> Self {
        let known = [("desktop", ChannelSettings::Desktop), ("log", ChannelSettings::Log)];
        let mut channels = Self {
            known: known.map(|(name, settings)| (name.to_owned(), settings)).into(),
            refused: BTreeSet::new(),
        };
        for (name, item) in main.map(|main| main.named("channel", to)).unwrap_or_default() {
            match channel(&name, &item, to) {
                Some(settings) => channels.known.insert(name.text, settings).map_or((), drop),
                None => drop(channels.refused.insert(name.text)),
            }
        }
        channels
    }

    /// Reads an array of names of channels, each of which must be known.
    pub(super) fn names(&self, item: &Item, to: &mut Collector) -> Vec<String> {
        let mut names = Vec::new();
        for Written { text, file, at } in item.texts(to) {
            let place = super::collect::Place { file, at };
            if self.known.contains_key(&text) {
                if names.contains(&text) {
                    to.error(&place, format!("channel `{text}` is named twice"), "delete one of them");
                } else {
                    names.push(text);
                }
            } else if !self.refused.contains(&text) {
                let hint = nearest(&text, self.known.keys().map(String::as_str)).map_or_else(
                    || format!("known: {}", self.known.keys().cloned().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                to.missing(&place, format!("there is no channel `{text}`"), hint);
            }
        }
        names
    }
}

/// Reads one channel; `None` if it was refused.
fn channel(name: &Written, item: &Item, to: &mut Collector) -> Option<ChannelSettings> {
    if let Some(kind) = item.peek("type")
        && let Some(word) = LATER_CHANNELS.iter().find(|word| kind.is(word))
    {
        // Its other keys are planned as well: one problem is enough.
        later(to, &kind.place, &format!("type = \"{word}\""));
        return None;
    }
    let section = item.section(&CHANNEL, to)?;
    let named = match name.text.as_str() {
        "desktop" => Some(ChannelSettings::Desktop),
        "log" => Some(ChannelSettings::Log),
        _ => None,
    };
    let Some(kind) = section.get("type") else {
        if named.is_none() {
            to.missing(
                &section.place,
                "this channel has no `type`",
                "write type = \"desktop\" or type = \"log\"",
            );
        }
        return named;
    };
    let types = [("desktop", ChannelSettings::Desktop), ("log", ChannelSettings::Log)];
    let index = kind.choice(&[("desktop", 0_usize), ("log", 1)], to)?;
    let (word, settings) = types.into_iter().nth(index)?;
    if named.is_some_and(|named| named != settings) {
        let message = format!("channel `{}` cannot be of type `{word}`", name.text);
        to.error(&kind.place, message, "delete the line, or give the channel a name of its own");
        return None;
    }
    Some(settings)
}

/// Reads `[alerts]`.
pub(super) fn alerts(
    section: Option<&Section>,
    channels: &Channels,
    environment: &Environment,
    to: &mut Collector,
) -> AlertSettings {
    let mut alerts = AlertSettings::default();
    let Some(section) = section else { return alerts };
    if let Some(item) = section.get("channels") {
        alerts.channels = channels.names(&item, to);
    }
    if let Some(health) = section.get("health").and_then(|item| item.boolean(to)) {
        alerts.health = health;
    }
    alerts.quiet_hours = section.get("quiet_hours").and_then(|item| quiet_hours(&item, environment, to));
    alerts
}

fn quiet_hours(item: &Item, environment: &Environment, to: &mut Collector) -> Option<QuietHours> {
    let section = item.section(&QUIET, to)?;
    let mut time = |key| {
        let Some(item) = section.get(key) else {
            to.missing(
                &section.place,
                format!("`quiet_hours` has no `{key}`"),
                format!("write {key} = \"22:00\""),
            );
            return None;
        };
        item.parsed(A_TIME, time_of_day, to)
    };
    let (from, until) = (time("from"), time("to"));
    let except = match section.get("except") {
        // The default is what `Severity::Critical` promises.
        None => Some(Severity::Critical),
        Some(item) => {
            let mut choices = SEVERITIES.map(|(word, severity)| (word, Some(severity))).to_vec();
            choices.push(("none", None));
            item.choice(&choices, to)?
        }
    };
    let (from, until) = (from?, until?);
    if from == until {
        to.error(
            &section.place,
            "`quiet_hours` end when they begin",
            "write two different times, or delete them",
        );
        return None;
    }
    Some(QuietHours { from, to: until, except, zone: environment.zone.clone() })
}
