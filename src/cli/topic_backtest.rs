//! `newswatch topic backtest`: what a topic would have told of what is stored, and what a change of it brings and costs.

use anyhow::bail;
use serde::Serialize;

use super::Exit;
use super::args::BacktestArgs;
use super::context::{BadConfiguration, Context};
use super::print::{complain, shown};
use super::topic_named;
use crate::alert::backtest::{Changes, Comparison, Example, Met, Replay};
use crate::clock::{Timestamp, since as since_of};
use crate::config::{Rule, Settings, compile_rule, rule_in};
use crate::pipeline::{Applied, apply, backtest, compare_examples};
use crate::store::{Lock, Reader, Store, StoredReport, table};
use crate::topic::TopicSet;

mod words;

/// A replay, as `--json` gives it.
#[derive(Debug, Serialize)]
struct Backtest {
    topic: String,
    since: Timestamp,
    /// Days of that time over which articles are stored, by which alerts a day are counted.
    days_stored: f64,
    #[serde(flatten)]
    replay: ReplayView,
    against: Option<Against>,
    applied: Option<Applied>,
}

/// One rule over the articles.
#[derive(Debug, Serialize)]
struct ReplayView {
    articles: u64,
    matched: u64,
    near_misses: u64,
    stories: usize,
    /// Stories that would have been told: each once, at its first article that matched and was not found at the first
    /// look at its source.
    alerts: usize,
    alerts_per_day: f64,
    days: Vec<Day>,
    examples: Vec<Example>,
    /// What came nearest of the articles that did not match.
    nearest: Vec<Example>,
}

#[derive(Debug, Serialize)]
struct Day {
    day: jiff::civil::Date,
    alerts: u64,
}

/// The rule beside it.
#[derive(Debug, Serialize)]
struct Against {
    /// "the configuration" or "the rule as it was".
    before: &'static str,
    /// That rule went by examples that have changed since: it is judged here with today's.
    todays_examples: bool,
    matched: u64,
    alerts: usize,
    gained: Changes,
    lost: Changes,
}

/// A rule, ready to judge.
struct Ready {
    rule: Rule,
    set: TopicSet,
}

impl Ready {
    /// A rule that was kept, with the examples that the topic has now.
    fn kept(rule: Rule, topic: &str, settings: &Settings) -> anyhow::Result<Self> {
        let set = compile_rule(&rule.text).map_err(BadConfiguration)?;
        let spec = settings.topics.iter().find(|spec| spec.id.text == topic);
        let set = set.with_examples(topic, spec.and_then(|spec| spec.examples.clone()));
        Ok(Self { rule, set })
    }
}

/// Replays it. `Yes` if the topic matches something.
pub(super) fn run(context: &Context, args: &BacktestArgs) -> anyhow::Result<Exit> {
    let settings = context.settings()?;
    let Some(rule) = settings.rules.rule(&args.topic) else {
        return in_file_alone(args, &settings);
    };
    let since = args.since.before(context.now(), &context.zone)?;
    let now = Ready::kept(rule, &args.topic, &settings)?;
    let reader = Reader::open(&settings.store.path)?;
    let Some((before, said)) = beside(args, &settings, &reader, &now)? else {
        complain(&format!("no hit of {} is stored that was judged under another rule", shown(&args.topic)));
        return Ok(Exit::No);
    };
    let (before, after) = match (before, &args.against) {
        // An edited file is what may come, the configuration what is.
        (Some(edited), Some(_)) => (Some(now), edited),
        (before, _) => (before, now),
    };
    // By example: by what is stored.
    for ready in before.iter().chain([&after]) {
        reader.read(|db| compare_examples(db, &ready.set))?;
    }
    let compared = replayed(context, &reader, &args.topic, (before.as_ref(), &after), since)?;
    let applied = args.apply.then(|| write(context, &settings, args, &after, since)).transpose()?;
    // A store that is younger than that has no earlier alerts to be spread over.
    let oldest = reader.read(table::oldest_report)?;
    let stored = oldest.map_or(since, |oldest| oldest.max(since));
    let days = oldest.map_or(0.0, |_| since_of(context.now(), stored).as_secs_f64() / 86_400.0);
    let Comparison { before: old, after: new, gained, lost } = compared;
    let report = Backtest {
        topic: args.topic.clone(),
        since: stored,
        days_stored: (days * 100.0).round() / 100.0,
        replay: ReplayView::of(new, days),
        against: before.map(|before| Against {
            before: said,
            todays_examples: args.kept && before.rule.has_other_examples(&after.rule),
            matched: old.matched,
            alerts: old.told.len(),
            gained,
            lost,
        }),
        applied,
    };
    let mut to = context.printer();
    if context.json {
        to.json(&report)?;
    } else {
        words::print(&report, oldest.is_some(), &context.when(), &mut to)?;
        if report.applied.is_some() && Lock::is_held(&settings.store.path) {
            to.line("a daemon is running: reload it if it has not read this rule yet")?;
        }
    }
    Ok(Exit::yes_if(report.replay.matched > 0))
}

/// Refuses a topic that the configuration does not have; one that only the file to compare with has is not watched yet.
fn in_file_alone(args: &BacktestArgs, settings: &Settings) -> anyhow::Result<Exit> {
    if let Some(file) = args.against.as_ref().filter(|file| rule_in(file, &args.topic, settings).is_ok()) {
        let (topic, file) = (shown(&args.topic), file.display());
        bail!(
            "topic `{topic}` is in {file} alone: name that file under `include`, then try it without --against"
        );
    }
    topic_named::require(settings, &args.topic)?;
    Ok(Exit::Trouble)
}

/// The other rule, if one is asked for, and what the one before is called. `None` if it is asked for and not there.
fn beside(
    args: &BacktestArgs,
    settings: &Settings,
    reader: &Reader,
    now: &Ready,
) -> anyhow::Result<Option<(Option<Ready>, &'static str)>> {
    if let Some(file) = &args.against {
        if !file.is_file() {
            bail!("cannot read {}: name a file that holds the topic", file.display());
        }
        let (rule, set) = rule_in(file, &args.topic, settings).map_err(BadConfiguration)?;
        return Ok(Some((Some(Ready { rule, set }), "the configuration")));
    }
    if args.kept {
        let kept = reader.read(|db| table::latest_rule(db, &args.topic, &now.rule.hash))?;
        let Some(kept) = kept else { return Ok(None) };
        return Ok(Some((Some(Ready::kept(kept.rule, &args.topic, settings)?), "the rule as it was")));
    }
    Ok(Some((None, "")))
}

fn replayed(
    context: &Context,
    reader: &Reader,
    topic: &str,
    (before, after): (Option<&Ready>, &Ready),
    since: Timestamp,
) -> anyhow::Result<Comparison> {
    let mut compared = Comparison::default();
    let bar = std::cell::OnceCell::new();
    let begin = |total: u64| {
        if context.bars.are_seen() {
            let _ = bar.set(context.bars.bar(usize::try_from(total).unwrap_or(usize::MAX)));
        }
    };
    backtest(reader, since, begin, |report| {
        if let Some(bar) = bar.get() {
            bar.step(&report.article.title);
        }
        let Some(judged) = after.set.explain_one(topic, &report.article) else { return };
        let earlier = before.and_then(|before| before.set.explain_one(topic, &report.article));
        let met = met(report, context);
        match earlier {
            Some(earlier) => compared.meet(&met, &earlier, &judged),
            None => compared.after.meet(&met, &judged),
        }
    })?;
    Ok(compared.finish())
}

fn met(report: StoredReport, context: &Context) -> Met {
    let StoredReport { id, story, article, found, baseline, .. } = report;
    let day = found.to_zoned(context.zone.clone()).date();
    Met { id, story, title: article.title, url: article.url.map(String::from), found, day, baseline }
}

/// Writes the hits of the rule anew, a batch at a time beside a daemon that may be running.
fn write(
    context: &Context,
    settings: &Settings,
    args: &BacktestArgs,
    ready: &Ready,
    since: Timestamp,
) -> anyhow::Result<Applied> {
    let store = Store::beside(&settings.store.path)?;
    Ok(apply(&store, &args.topic, (&ready.rule, &ready.set), since, context.now(), |_| ())?)
}

impl ReplayView {
    fn of(replay: Replay, days: f64) -> Self {
        let Replay { articles, matched, near_misses, stories, told, days: by_day, examples, nearest } =
            replay;
        let alerts = told.len();
        let whole = f64::from(u32::try_from(alerts).unwrap_or(u32::MAX));
        Self {
            articles,
            matched,
            near_misses,
            stories: stories.len(),
            alerts,
            alerts_per_day: (whole / days.max(1.0) * 100.0).round() / 100.0,
            days: by_day.into_iter().map(|(day, alerts)| Day { day, alerts }).collect(),
            examples: examples.into(),
            nearest,
        }
    }
}
