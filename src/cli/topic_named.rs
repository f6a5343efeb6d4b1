//! A topic as it is named on the command line.

use anyhow::bail;

use super::print::shown;
use crate::config::Settings;

/// Refuses an `id` that no topic has, with the one that may be meant.
pub(super) fn require(settings: &Settings, id: &str) -> anyhow::Result<()> {
    let mut ids = settings.topics.iter().map(|topic| topic.id.text.as_str());
    if ids.clone().any(|known| known == id) {
        return Ok(());
    }
    let near = ids.clone().map(|known| (strsim::osa_distance(known, id), known));
    let hint = match near.filter(|(distance, _)| *distance <= 2).min() {
        Some((_, near)) => format!("; did you mean `{near}`?"),
        None if ids.next().is_none() => ", nor any other: add a [topic.NAME] to the configuration".to_owned(),
        None => ": `newswatch topic list` shows all".to_owned(),
    };
    bail!("there is no topic `{}`{hint}", shown(id))
}
