//! A replay as a person reads it.

use std::io;

use super::{Against, Backtest, ReplayView};
use crate::alert::backtest::{Changes, Example, Met};
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, FAINT, GOOD, STRONG, paint};
use crate::cli::when::When;
use crate::pipeline::Applied;
use crate::text::count::count;

/// Most articles of a list.
const ROWS: usize = 10;

/// `any`: whether anything is stored, if only of another time.
pub(super) fn print(report: &Backtest, any: bool, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    let Backtest { topic, since, days_stored, replay, against, applied } = report;
    let ReplayView {
        articles,
        matched,
        near_misses,
        stories,
        alerts,
        alerts_per_day,
        days,
        examples,
        nearest,
    } = replay;
    let (name, from) = (paint(STRONG, shown(topic)), when.local(*since));
    if !any {
        return to.line(format!("{name}: nothing is stored yet; `newswatch once` makes a first pass"));
    }
    if *articles == 0 {
        return to.line(format!("{name}: nothing is stored since {from}"));
    }
    let stored = match days_stored.round() {
        days if days < 1.0 => "less than a day".to_owned(),
        1.0 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    let alert = if (alerts_per_day - 1.0).abs() < 0.005 { "alert" } else { "alerts" };
    to.line(format!("{name}: {alerts_per_day} {alert} a day since {from}, {stored} stored"))?;
    let near = match near_misses {
        1 => "1 near miss".to_owned(),
        many => format!("{many} near misses"),
    };
    let matched = format!("{matched} matched in {}", count(*stories, "story"));
    to.line(format!("  {:<9} {}, {matched}, {near}", "articles", count(*articles, "article")))?;
    to.line(format!(
        "  {:<9} {alerts}: a story once, at its first article that matched and was not found at a first look",
        "alerts"
    ))?;
    if let Some(busiest) = days.iter().max_by_key(|day| day.alerts) {
        let quiet = format!("{} with one", count(days.len(), "day"));
        to.line(format!("  {:<9} {} on {}; {quiet}", "most", count(busiest.alerts, "alert"), busiest.day))?;
    }
    match against {
        Some(against) => compared(against, replay, when, to)?,
        None => {
            if examples.is_empty() && !nearest.is_empty() {
                to.line("")?;
                to.line("Nothing matched. What came nearest:")?;
            }
            let listed = if examples.is_empty() { nearest } else { examples };
            for Example { met, score, reason } in listed.iter().take(ROWS) {
                to.line("")?;
                to.line(format!("{score:>3}  {}", headline(met, when)))?;
                to.line(paint(FAINT, format!("     {}", shown(reason))))?;
            }
            more(examples.len().min(ROWS) as u64, replay.matched, to)?;
        }
    }
    let Some(Applied { articles, added, withdrawn }) = applied else { return Ok(()) };
    to.line("")?;
    let judged = count(*articles, "article");
    to.line(format!(
        "applied to {judged}: {} added, {withdrawn} withdrawn; nothing was told, and what was told stays as it was judged",
        count(*added, "hit")
    ))
}

fn compared(against: &Against, after: &ReplayView, when: &When, to: &mut Printer<'_>) -> io::Result<()> {
    let Against { before, todays_examples, matched, alerts, gained, lost } = against;
    to.line(format!(
        "  {:<9} {matched} matched, {}, by {before}; now {} and {}",
        "before",
        count(*alerts, "alert"),
        after.matched,
        after.alerts
    ))?;
    if *todays_examples {
        to.line("  its examples have changed since and are not kept: both rules go by today's")?;
    }
    for (word, style, changes) in [("gained", GOOD, gained), ("lost", BAD, lost)] {
        let Changes { articles, alerts, examples } = changes;
        to.line("")?;
        let numbers = format!("{}, {}", count(*articles, "article"), count(*alerts, "alert"));
        to.line(format!("{}: {numbers}", paint(style, word)))?;
        for change in examples.iter().take(ROWS) {
            to.line(format!("  {}", headline(&change.met, when)))?;
            to.line(paint(FAINT, format!("     before: {}", shown(&change.before))))?;
            to.line(paint(FAINT, format!("     after:  {}", shown(&change.after))))?;
        }
        more(examples.len().min(ROWS) as u64, *articles, to)?;
    }
    Ok(())
}

fn headline(met: &Met, when: &When) -> String {
    let Met { id, title, found, baseline, .. } = met;
    let first_look = if *baseline { ", at a first look: not told" } else { "" };
    format!("{} (article {id}, found {}{first_look})", shown(title), when.words(*found))
}

fn more(listed: u64, all: u64, to: &mut Printer<'_>) -> io::Result<()> {
    if all > listed { to.line(format!("and {} more", all - listed)) } else { Ok(()) }
}
