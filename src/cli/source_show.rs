//! `newswatch source show`: everything that is known of a source.

use std::io;
use std::time::Duration;

use super::Exit;
use super::args::ShowArgs;
use super::context::Context;
use super::print::{Printer, complain, shown};
use super::source_list::{SourceView, merged};
use super::source_refresh::named;
use super::style::{STRONG, paint};
use super::when::When;
use crate::clock::since;
use crate::store::SourceRow;
use crate::text::count::{count, span};

/// Shows them. `No` if one is not known.
pub(super) fn run(context: &Context, args: &ShowArgs) -> anyhow::Result<Exit> {
    let (rows, settings) = context.known_sources()?;
    let (rows, tags): (Vec<SourceRow>, Vec<Vec<String>>) =
        merged(rows, settings.as_ref(), context.now()).into_iter().unzip();
    let (mut views, mut unknown) = (Vec::new(), false);
    for wanted in &args.sources {
        let found = named(&rows, wanted);
        if found.is_empty() {
            unknown = true;
            complain(&format!("no source is known as {}: see `newswatch source list`", shown(wanted)));
        }
        let tags_of = |row: &SourceRow| {
            rows.iter().zip(&tags).find(|(other, _)| other.id == row.id).map(|(_, tags)| tags.clone())
        };
        views.extend(found.into_iter().map(|row| SourceView { tags: tags_of(row), ..SourceView::of(row) }));
    }
    let mut to = context.printer();
    if context.json {
        to.json(&views)?;
    } else {
        for (n, view) in views.iter().enumerate() {
            if n > 0 {
                to.line("")?;
            }
            print(view, &context.when(), &mut to)?;
        }
    }
    Ok(Exit::yes_if(!unknown))
}

fn print(source: &SourceView, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    to.line(paint(STRONG, shown(source.label())))?;
    let mut field = |name: &str, value: String| {
        if value.is_empty() { Ok(()) } else { to.line(format!("  {name:<12} {}", shown(&value))) }
    };
    let moved = source.moved_to.as_ref().map(|url| format!(", moved to {url}")).unwrap_or_default();
    field("address", format!("{}{moved}", source.url))?;
    field("id", format!("{}, {}", source.id, source.kind_words()))?;
    field("tags", source.tags.as_deref().unwrap_or_default().join(", "))?;
    field("state", state(source, when))?;
    let class = source.error_class.as_deref().map(|class| format!(" ({class})")).unwrap_or_default();
    let wrong = source.wrong();
    field("trouble", if wrong.is_empty() { wrong } else { format!("{wrong}{class}") })?;
    let status = source.http_status.map(|status| format!(", HTTP status {status}")).unwrap_or_default();
    let last = source.last_attempt.map_or_else(|| "never".to_owned(), |at| when.both(at));
    field("last asked", format!("{last}{status}"))?;
    field("last good", source.last_success.map_or_else(|| "never".to_owned(), |at| when.both(at)))?;
    let next = match source.next_words(when).as_str() {
        word if word == "never" || word == "due" || word.starts_with("being") => word.to_owned(),
        word => source.next_check.map_or_else(|| word.to_owned(), |next| when.both(next)),
    };
    field("next check", format!("{next}: {}", source.why_next))?;
    field("brought", brought(source))?;
    field("publishes", publishes(source, when))?;
    if let Some(gap) = source.gap {
        let (from, to, long) = (when.local(gap.from), when.local(gap.to), span(since(gap.to, gap.from)));
        let seen = when.words(gap.seen);
        field("gap", format!("{from} to {to} ({long}), noticed {seen}: some entries may be missing"))?;
    }
    let validators = [("ETag", &source.etag), ("Last-Modified", &source.last_modified)];
    let validators =
        validators.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    field("validators", validators.collect::<Vec<_>>().join(", "))?;
    field("repairs", source.repairs.join(", "))?;
    field("hubs", source.hubs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

fn state(source: &SourceView, when: &When) -> String {
    let word = source.word();
    let since = source.failing_since.map(|at| format!(" since {}", when.both(at))).unwrap_or_default();
    let failures = match source.failures {
        0 => String::new(),
        many => format!(", {} in a row", count(many, "failure")),
    };
    let told = source.trouble_since.filter(|_| source.trouble.is_some());
    let told = told.map(|at| format!(", told {}", when.words(at))).unwrap_or_default();
    format!("{word}{since}{failures}{told}")
}

fn brought(source: &SourceView) -> String {
    let useful = format!(
        "{} of {} useful ({})",
        source.useful,
        count(source.polls, "good answer"),
        source.useful_words()
    );
    #[expect(clippy::cast_precision_loss, reason = "kilobytes are enough")]
    let kilobytes = source.bytes as f64 / 1_000.0;
    let bytes = if kilobytes < 1_000.0 {
        format!("{kilobytes:.1} KB")
    } else {
        format!("{:.1} MB", kilobytes / 1_000.0)
    };
    format!("{}, {useful}, {bytes}", count(source.entries, "entry"))
}

fn publishes(source: &SourceView, when: &When) -> String {
    let Some(newest) = source.newest else { return String::new() };
    let every = source.publishes_every.map(|usual| format!("every {}, ", span(Duration::from_secs(usual))));
    format!("{}the newest {}", every.unwrap_or_default(), when.words(newest))
}
