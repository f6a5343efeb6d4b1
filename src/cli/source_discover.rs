//! `newswatch source discover`: which sources an address stands for.

use std::io;
use std::time::Duration;

use anyhow::{anyhow, bail};
use serde::Serialize;
use url::Url;

use super::Exit;
use super::args::{DiscoverArgs, Kind};
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{FAINT, STRONG, paint};
use crate::clock::Timestamp;
use crate::config::FetchSettings;
use crate::daemon::web;
use crate::feed::{Ranked, addresses};
use crate::pipeline::{Discovered, MAX_REQUESTS, Vain, Wanted, discover};
use crate::source::{Source, SourceKind};
use crate::store::Store;
use crate::text::count::count;

/// Most vain requests that are shown.
const SHOWN_FAILURES: usize = 12;

/// A source that was found, as `--json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct FoundView {
    pub(super) url: String,
    /// "feed", "page", "sitemap".
    pub(super) kind: &'static str,
    /// The selector of a page's links.
    links: Option<String>,
    /// The selector of a watched text.
    watch: Option<String>,
    pub(super) title: Option<String>,
    format: String,
    language: Option<String>,
    entries: usize,
    newest: Option<Timestamp>,
    titles: Vec<String>,
    /// Mean time between two entries, in seconds.
    every: Option<u64>,
    full_text: bool,
    repairs: Vec<String>,
    /// Why it stands where it stands.
    why: Vec<String>,
    /// Whether it is in the configuration already.
    pub(super) configured: bool,
}

impl FoundView {
    pub(super) fn of(found: &Ranked, configured: &[Source]) -> Self {
        let (candidate, sample) = (&found.candidate, &found.sample);
        let id = Source::id_of(&candidate.kind, &candidate.url);
        let (kind, links, watch) = match &candidate.kind {
            SourceKind::Feed => ("feed", None, None),
            SourceKind::Sitemap => ("sitemap", None, None),
            SourceKind::Links { selector } => ("page", Some(selector.clone()), None),
            SourceKind::Watch { selector } => ("page", None, Some(selector.clone())),
        };
        Self {
            url: candidate.url.to_string(),
            kind,
            links,
            watch,
            title: sample.title.clone().or_else(|| candidate.title.clone()),
            format: sample.format.clone(),
            language: sample.language.clone(),
            entries: sample.entries,
            newest: sample.newest,
            titles: sample.titles.clone(),
            every: sample.every.map(|every| every.as_secs()),
            full_text: sample.full_text,
            repairs: sample.repairs.clone(),
            why: found.why.clone(),
            configured: configured.iter().any(|source| source.id == id),
        }
    }

    /// The keys that tell how a page is read, as they are written.
    pub(super) fn selector(&self) -> Option<(&'static str, &str)> {
        let links = self.links.as_deref().map(|selector| ("links", selector));
        links.or_else(|| self.watch.as_deref().map(|selector| ("watch", selector)))
    }

    /// What it holds, in one line.
    fn facts(&self, context: &Context) -> String {
        let mut facts = vec![self.format.clone()];
        if let Some((key, selector)) = self.selector() {
            facts.push(format!("{key} = \"{}\"", shown(selector)));
        }
        if self.watch.is_none() {
            facts.push(count(self.entries, "entry"));
        }
        facts.extend(self.language.clone());
        facts.extend(self.newest.map(|newest| format!("newest {}", context.when().words(newest))));
        facts.extend(self.every.map(|every| pace(Duration::from_secs(every))));
        facts.extend(self.full_text.then(|| "whole texts".to_owned()));
        facts.extend(
            (!self.repairs.is_empty()).then(|| format!("repairs: {}", shown(&self.repairs.join("; ")))),
        );
        facts.join(", ")
    }
}

/// Shows them. `No` if there is none, an error if the address does not answer.
pub(super) async fn run(context: &Context, args: DiscoverArgs) -> anyhow::Result<Exit> {
    // Looking needs no configuration; with one, its manners and its allowed networks hold.
    let (fetch, configured, store) = if context.config.exists() {
        let settings = context.settings()?;
        (settings.fetch, settings.sources, Store::beside(&settings.store.path).ok())
    } else {
        (FetchSettings::default(), Vec::new(), None)
    };
    let urls = addresses(&args.url).map_err(|why| anyhow!(why))?;
    let discovered = search(context, &fetch, store.as_ref(), &urls, wanted(args.kind)).await?;
    let found: Vec<FoundView> =
        discovered.found.iter().map(|found| FoundView::of(found, &configured)).collect();
    let mut to = context.printer();
    if context.json {
        to.json(&found)?;
    } else if found.is_empty() {
        nothing(&urls, &discovered, &mut to)?;
    } else {
        list(context, &found, &mut to)?;
        if !context.quiet {
            to.line("")?;
            to.line("add one with `newswatch source add`, which finds the same and asks which")?;
        }
    }
    Ok(Exit::yes_if(!found.is_empty()))
}

/// What `--kind` asks for.
pub(super) fn wanted(kind: Option<Kind>) -> Wanted {
    match kind {
        None => Wanted::Any,
        Some(Kind::Feed) => Wanted::Feed,
        Some(Kind::Page) => Wanted::Page,
        Some(Kind::Sitemap) => Wanted::Sitemap,
    }
}

/// Looks for sources, with progress. Hosts that want quiet, as `store` knows, are left alone.
///
/// # Errors
/// If the address does not answer at all.
pub(super) async fn search(
    context: &Context,
    fetch: &FetchSettings,
    store: Option<&Store>,
    urls: &[Url],
    wanted: Wanted,
) -> anyhow::Result<Discovered> {
    let web = web(fetch, store)?;
    let bar = context.bars.bar(MAX_REQUESTS);
    let discovered =
        discover(urls, wanted, web.as_ref(), context.clock.as_ref(), &|url| bar.step(url.as_str())).await;
    drop(bar);
    if !discovered.reached && discovered.found.is_empty() {
        bail!("{}", unreached(urls, &discovered.failed));
    }
    Ok(discovered)
}

/// Why nothing was reached: what happened at each form of the address that was pasted, and what may help.
fn unreached(urls: &[Url], failed: &[Vain]) -> String {
    let pasted: Vec<&Vain> = failed.iter().filter(|vain| urls.contains(&vain.url)).collect();
    let mut said: Vec<String> = Vec::new();
    for (place, vain) in pasted.iter().enumerate() {
        // https:// and http:// mostly fail for one reason.
        let known = pasted.iter().take(place).any(|other| other.why == vain.why);
        said.extend((!known).then(|| format!("{}: {}", vain.url, vain.why)));
    }
    if said.is_empty() {
        said.push("nothing could be asked".to_owned());
    }
    let others = failed.iter().filter(|vain| vain.asked && !urls.contains(&vain.url)).count();
    said.extend((others > 0).then(|| format!("nothing at {} either", count(others, "usual place"))));
    said.extend(left_alone(urls, failed));
    said.extend(pasted.first().and_then(|vain| vain.advice).map(str::to_owned));
    said.join("; ")
}

/// How many usual places were not asked, as their host wants quiet.
fn left_alone(urls: &[Url], failed: &[Vain]) -> Option<String> {
    let held = failed.iter().filter(|vain| !vain.asked && !urls.contains(&vain.url)).count();
    (held > 0).then(|| format!("{} not asked, as the host wants quiet", count(held, "usual place")))
}

/// Says that nothing was found, what was asked, and what to try.
pub(super) fn nothing(urls: &[Url], discovered: &Discovered, to: &mut Printer<'_>) -> io::Result<()> {
    to.line(format!(
        "no source found at {}",
        urls.first().map(|url| shown(url.as_str())).unwrap_or_default()
    ))?;
    let said = discovered.failed.iter().filter(|vain| vain.asked || urls.contains(&vain.url));
    for vain in said.take(SHOWN_FAILURES) {
        to.line(format!("  {}: {}", shown(vain.url.as_str()), shown(&vain.why)))?;
    }
    if let Some(words) = left_alone(urls, &discovered.failed) {
        to.line(format!("  {words}"))?;
    }
    let own = discovered.failed.iter().find(|vain| urls.contains(&vain.url));
    to.line(own.and_then(|vain| vain.advice).unwrap_or(
        "try the address of its feed or another page, or say what to read: `newswatch source add --watch main URL`",
    ))
}

/// The candidates, numbered.
pub(super) fn list(context: &Context, found: &[FoundView], to: &mut Printer<'_>) -> io::Result<()> {
    for (n, view) in found.iter().enumerate() {
        let number = paint(STRONG, format!("{:>2}", n + 1));
        let configured = if view.configured { " (configured already)" } else { "" };
        to.line(format!("{number}  {:<7} {}{configured}", view.kind, shown(&view.url)))?;
        if let Some(title) = &view.title {
            to.line(format!("    {}", paint(STRONG, shown(title))))?;
        }
        to.line(format!("    {}", view.facts(context)))?;
        for title in &view.titles {
            to.line(format!("      {}", shown(title)))?;
        }
        to.line(paint(FAINT, format!("    {}", shown(&view.why.join("; ")))))?;
    }
    Ok(())
}

/// "about 12 a day".
fn pace(every: Duration) -> String {
    const DAY: u64 = 86_400;
    let seconds = every.as_secs().max(1);
    let (unit, length) = match seconds {
        0..DAY => ("day", DAY),
        DAY..604_800 => ("week", 604_800),
        604_800..2_592_000 => ("month", 2_592_000),
        _ => ("year", 31_557_600),
    };
    format!("about {} a {unit}", ((length + seconds / 2) / seconds).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_said_in_the_unit_that_fits() {
        let said = |hours: u64| pace(Duration::from_hours(hours));
        assert_eq!(pace(Duration::ZERO), "about 86400 a day");
        assert_eq!(
            [said(2), said(24), said(48), said(24 * 10), said(24 * 100), said(24 * 3650)],
            [
                "about 12 a day",
                "about 7 a week",
                "about 4 a week",
                "about 3 a month",
                "about 4 a year",
                "about 1 a year"
            ]
        );
    }
}
