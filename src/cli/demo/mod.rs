//! `newswatch demo`: the whole journey, offline. The real daemon on a small press of its own, told as it happens.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::{Instant, timeout};

use super::Exit;
use super::args::DemoArgs;
use super::context::Context;
use super::print::{Printer, shown};
use super::style::{FAINT, GOOD, ODD, STRONG, paint};
use crate::alert::{Alert, AlertKind, counts};
use crate::store::{StoryReport, StoryRow, table};
use crate::text::count::count;

pub mod press;
mod stage;

use press::{Phase, expected};
use stage::Stage;

/// The demo ends within this, whatever happens.
const LIMIT: Duration = Duration::from_secs(28);

/// How wide an alert is shown.
const COLUMNS: usize = 100;

/// Shows the journey. Trouble if it does not come out as it should.
pub(super) async fn run(context: &Context, args: DemoArgs) -> anyhow::Result<Exit> {
    timeout(LIMIT, play(context, !args.no_desktop))
        .await
        .context("the demo did not come to its end in time; is the machine very busy?")?
}

async fn play(context: &Context, desktop: bool) -> anyhow::Result<Exit> {
    let begin = Instant::now();
    let mut to = context.printer();
    let has_desktop = session_bus();
    let mut stage = Stage::open(desktop && has_desktop).await?;
    heading(&mut to, "A small press opens on this machine", "no network, no configuration, nothing is kept")?;
    for outlet in stage.press.outlets() {
        to.line(format!(
            "  {:<20} {:<6} {}",
            outlet.name,
            outlet.kind.word(),
            paint(FAINT, &outlet.feed_url)
        ))?;
    }
    if desktop && !has_desktop {
        to.line("  No desktop session here: alerts are shown below only.")?;
    }
    stage.all_looked_at().await?;
    let baseline = stage.reader()?.read(|db| table::list_stories(db, u32::MAX))?.len();
    to.line(format!(
        "  First look: {baseline} stories are there already. They are the baseline; nothing is told."
    ))?;

    heading(&mut to, "4 September 2023, 16:15", "one outlet has the story")?;
    stage.go_on(Phase::Breaks);
    let first = stage.told(|alert| alert.kind == AlertKind::New).await?;
    show(&mut to, &first)?;

    heading(&mut to, "21:30", "five more outlets retell it, in other words and spellings")?;
    stage.go_on(Phase::Retold);
    let story = |stage: &Stage| -> anyhow::Result<StoryRow> {
        stage.reader()?.read(|db| table::story(db, first.story))?.context("the story is not in the store")
    };
    let retold = stage.told(|alert| alert.body.contains(&format!("{} outlets", expected::OUTLETS))).await?;
    if retold.kind != AlertKind::Quiet || retold.id != first.id {
        bail!("the retellings were told as news: {}", retold.title);
    }
    to.line(format!(
        "  The same notification, changed without a sound: {}",
        paint(STRONG, counts(&story(&stage)?.view))
    ))?;
    for report in reports(&stage, first.story)? {
        to.line(format!("    {:<20} {}", report.outlet, shown(&report.title)))?;
    }

    heading(&mut to, "5 September, 09:45", "something new is known")?;
    stage.go_on(Phase::Update);
    let update = stage.told(|alert| alert.kind == AlertKind::Update).await?;
    show(&mut to, &update)?;

    heading(&mut to, "What was not told, and why", "")?;
    sidebar(&mut to, &stage)?;
    let (stories, alerts) = stage.reader()?.read(|db| {
        Ok((table::list_stories(db, u32::MAX)?, table::list_alerts(db, update.raised, u32::MAX)?))
    })?;
    let told = story(&stage)?;
    to.line(format!(
        "  {} on other matters: no topic is true of them.",
        count(stories.len().saturating_sub(2), "story")
    ))?;
    stage.close().await?;

    let seconds = begin.elapsed().as_secs_f32();
    heading(&mut to, "In short", "")?;
    to.line(format!(
        "  {} 1 story, {}; {} and 1 update, in {seconds:.0} s.",
        paint(GOOD, "✓"),
        counts(&told.view),
        count(alerts.len(), "alert")
    ))?;
    heading(&mut to, "What next", "")?;
    to.line("  newswatch init     writes a commented configuration with public feeds and a topic")?;
    to.line("  newswatch check    finds every mistake in it")?;
    to.line("  newswatch run      watches; the README shows how to make it a service")?;
    if alerts.len() != 1 || told.view.outlets.len() != expected::OUTLETS {
        bail!("the demo should end with one alert about one story of {} outlets", expected::OUTLETS);
    }
    Ok(Exit::Yes)
}

/// Whether there is a session bus, where a desktop would listen.
fn session_bus() -> bool {
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists())
}

fn heading(to: &mut Printer<'_>, strong: &str, rest: &str) -> std::io::Result<()> {
    to.line("")?;
    let dash = if rest.is_empty() { "" } else { " — " };
    to.line(format!("{}{dash}{rest}", paint(STRONG, strong)))
}

/// An alert as a notification shows it.
fn show(to: &mut Printer<'_>, alert: &Alert) -> std::io::Result<()> {
    let word = if alert.kind == AlertKind::Update { "UPDATE" } else { "ALERT" };
    to.line(format!("  ┌ {} {}", paint(ODD, word), paint(FAINT, shown(&alert.topic_name))))?;
    to.line(format!("  │ {}", paint(STRONG, shown(&alert.title))))?;
    for line in alert.body.lines().flat_map(|line| wrapped(&shown(line))) {
        to.line(format!("  │ {line}"))?;
    }
    if let Some(url) = &alert.url {
        to.line(format!("  │ {}", paint(FAINT, url)))?;
    }
    to.line(format!("  └ why: {}", shown(&alert.why)))
}

/// `text` in lines of at most [`COLUMNS`] characters, broken at spaces; further lines are indented.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("  {word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn reports(stage: &Stage, story: i64) -> anyhow::Result<Vec<StoryReport>> {
    Ok(stage.reader()?.read(|db| table::reports_of(db, story))?)
}

/// The page whose sidebar is full of the topic.
fn sidebar(to: &mut Printer<'_>, stage: &Stage) -> anyhow::Result<()> {
    let outlet = stage.press.outlets().iter().find(|outlet| outlet.name == expected::SIDEBAR_OUTLET);
    let url = outlet.context("the demo's press lacks an outlet")?.base.join(expected::SIDEBAR_PATH)?;
    let (report, verdicts) = stage.reader()?.read(|db| {
        let report = table::report_at(db, url.as_str())?;
        let verdicts = match &report {
            Some(report) => table::verdicts_of(db, report.id)?,
            None => Vec::new(),
        };
        Ok((report, verdicts))
    })?;
    let report = report.context("the sidebar page was not stored")?;
    let verdict = verdicts.first().context("the sidebar page was not judged")?;
    if verdict.verdict.raised() {
        bail!("the sidebar page was told");
    }
    to.line(format!("  “{}” ({})", shown(&report.article.title), report.outlet))?;
    to.line(format!("    {}", shown(&verdict.verdict.why)))?;
    Ok(())
}
