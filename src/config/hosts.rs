//! `[[host]]`: servers that are asked otherwise than all others.

use std::collections::BTreeMap;

use url::Url;

use super::collect::{Collector, Place};
use super::read::{Item, Section};
use super::schema::HOST;
use super::value::{A_DURATION, duration_or_zero};
use crate::fetch::HostManners;
use crate::fetch::host::host_key;

/// Most requests at once at one host, here and in `[fetch]`.
pub(super) const MOST_PER_HOST: u64 = 16;

/// The hosts that `main` names.
pub(super) fn hosts(main: Option<&Section>, to: &mut Collector) -> BTreeMap<String, HostManners> {
    let mut hosts = BTreeMap::new();
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for section in main.map(|main| main.tables("host", &HOST, to)).unwrap_or_default() {
        let item = section.get("name");
        if item.is_none() {
            to.missing(&section.place, "this host has no `name`", "write name = \"example.org\"");
        }
        let spacing = section.get("spacing").and_then(|item| item.parsed(A_DURATION, duration_or_zero, to));
        let per_host = section.get("per_host").and_then(|item| item.count(1..=MOST_PER_HOST, to));
        let per_host = per_host.and_then(|count| usize::try_from(count).ok());
        let Some((name, place)) = item.and_then(|item| Some((name(&item, to)?, item.place))) else {
            continue;
        };
        if let Some(first) = places.get(&name) {
            let message = format!("this host is already at {}", to.name(first));
            to.error(&place, message, "delete one of the two");
            continue;
        }
        places.insert(name.clone(), place);
        hosts.insert(name, HostManners { per_host, spacing });
    }
    hosts
}

/// A name as requests are queued by it.
fn name(item: &Item, to: &mut Collector) -> Option<String> {
    let written = item.filled(to)?.text;
    let text = written.trim().to_lowercase();
    let bare = Url::parse(&format!("http://{text}/")).ok().filter(|url| {
        url.path() == "/" && url.query().is_none() && url.port().is_none() && url.username().is_empty()
    });
    let Some(url) = bare else {
        to.error(&item.place, format!("`{written}` is not a host"), "write its name alone: \"example.org\"");
        return None;
    };
    let key = host_key(&url);
    let said = url.host_str().unwrap_or_default();
    if said.trim_matches(['[', ']', '.']) != key {
        let message = format!("{said} is asked together with all of {key}");
        to.error(&item.place, message, format!("write name = \"{key}\""));
        return None;
    }
    Some(key)
}
