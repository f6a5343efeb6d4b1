//! `newswatch explain`: the journey of one article, each decision with its reason.

use std::path::Path;

use anyhow::{anyhow, bail};
use rusqlite::Connection;
use serde::Serialize;
use url::Url;

use super::Exit;
use super::alerts::AlertView;
use super::args::ExplainArgs;
use super::article::ArticleView;
use super::context::Context;
use super::evaluation::TopicView;
use super::inspect::page::article_in;
use super::print::shown;
use crate::alert::VerdictKind;
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::feed::Rule;
use crate::store::{Reader, Repost, StoredReport, StoredVerdict, Twin, table};
use crate::story::{Candidate, NewsKind, NovelSentence, Origin};
use crate::topic::Quoter;

mod rules;
mod words;

/// Everything that is known of one article.
#[derive(Debug, Serialize)]
struct Journey {
    article: ArticleView,
    /// How it was found; none for a file.
    found: Option<Found>,
    /// Every topic as it judges the article now, or as it did then if its rule has changed or the text is pruned.
    topics: Vec<TopicView>,
    /// True if the text is pruned.
    pruned: bool,
    story: Option<StoryPart>,
    verdicts: Vec<Decision>,
    alerts: Vec<AlertView>,
}

#[derive(Debug, Serialize)]
struct Found {
    id: i64,
    source: String,
    outlet: String,
    at: Timestamp,
    /// Found at the first look at its source, which sets the baseline.
    baseline: bool,
    /// Where it was posted again: such entries make no report.
    reposts: Vec<Repeated>,
    /// The other entries with its address: of other sources, and other versions.
    others: Vec<Twin>,
    /// How its source names entries, where that needs care.
    rules: Vec<Rule>,
    /// What is known of its host's pages.
    host: Option<Host>,
}

/// What the last pages of a host have in common.
#[derive(Debug, Serialize)]
struct Host {
    name: String,
    /// How many pages are remembered.
    pages: usize,
    /// How many blocks of text stand on so many of them that they are furniture.
    repeated: usize,
}

impl Host {
    fn of(report: &StoredReport, db: &Connection) -> rusqlite::Result<Option<Self>> {
        let Some(name) = report.article.url.as_ref().and_then(Url::host_str) else { return Ok(None) };
        let known = table::template(db, name)?;
        let (pages, repeated) = (known.pages(), known.repeated());
        Ok((pages > 0).then(|| Self { name: name.to_owned(), pages, repeated }))
    }
}

#[derive(Debug, Serialize)]
struct Repeated {
    url: String,
    at: Timestamp,
    why: String,
}

#[derive(Debug, Serialize)]
struct StoryPart {
    id: i64,
    title: String,
    likeness: f32,
    candidates: Vec<Candidate>,
    kind: NewsKind,
    origins: Vec<Origin>,
    novel: Vec<NovelSentence>,
    /// The story's outlets and origins, in words.
    told_by: String,
    /// Those origins.
    #[serde(skip)]
    counted: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Decision {
    topic: String,
    raised: bool,
    why: String,
    /// "tell", "join", "update", "quiet", "nothing".
    #[serde(flatten)]
    kind: VerdictKind,
    matched: bool,
    score: u8,
    decided: Timestamp,
    alert: Option<i64>,
}

/// Explains it. `Yes` if a topic matches.
pub(super) fn run(context: &Context, args: &ExplainArgs) -> anyhow::Result<Exit> {
    let (settings, _) = context.judging_settings()?;
    let journey = match (&args.file, &args.article) {
        (Some(file), _) => of_file(&settings, file, args.url.as_ref())?,
        (None, Some(named)) => {
            of_stored(&settings, &Reader::open(&settings.store.path)?, named, context.now())?
        }
        (None, None) => bail!("name an article by its address or number, or a file with --file"),
    };
    let mut printer = context.printer();
    if context.json {
        printer.json(&journey)?;
    } else {
        words::print(&journey, &context.when(), &mut printer)?;
    }
    Ok(Exit::yes_if(journey.topics.iter().any(|topic| topic.matched)))
}

fn of_file(settings: &Settings, file: &Path, url: Option<&Url>) -> anyhow::Result<Journey> {
    let article = article_in(file, url).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    let quoter = Quoter::new(&article);
    let topics =
        settings.topic_set.explain(&article).into_iter().map(|one| TopicView::of(one, &quoter)).collect();
    let article = ArticleView::of(article);
    Ok(Journey {
        article,
        found: None,
        topics,
        pruned: false,
        story: None,
        verdicts: Vec::new(),
        alerts: Vec::new(),
    })
}

fn of_stored(settings: &Settings, reader: &Reader, named: &str, now: Timestamp) -> anyhow::Result<Journey> {
    let Some(report) = reader.read(|db| table::report_named(db, named))? else {
        let named = shown(named);
        if named.contains("://") {
            bail!(
                "no source has shown {named}: `newswatch search` finds what is stored; of a page that you saved, \
                 `newswatch explain --file PAGE --url {named}` says what each topic makes of it"
            );
        }
        bail!("no stored article is named `{named}`: `newswatch search` finds articles and their numbers");
    };
    let (verdicts, rules, story, reposts, others, learnt, host) = reader.read(|db| {
        Ok((
            table::verdicts_of(db, report.id)?,
            table::rules_of(db, report.id)?,
            table::story(db, report.story)?,
            table::reposts_of(db, &report.source, &report.key)?,
            table::twins_of(db, report.id)?,
            table::learnt(db, &report.source)?,
            Host::of(&report, db)?,
        ))
    })?;
    let reposts =
        reposts.into_iter().map(|Repost { url, found, why, .. }| Repeated { url, at: found, why }).collect();
    let mut ids: Vec<i64> = verdicts.iter().filter_map(|verdict| verdict.alert).collect();
    ids.sort_unstable();
    ids.dedup();
    let alerts = reader.read(|db| {
        ids.iter()
            .filter_map(|id| table::alert_row(db, *id, now).transpose())
            .collect::<rusqlite::Result<Vec<_>>>()
    })?;
    let article = &report.article;
    let pruned = article.title.is_empty() && article.lead.is_empty() && article.body.is_empty();
    let topics = rules::judged(settings, article, pruned, &verdicts, &rules);
    let StoredReport { id, source, outlet, article, found, baseline, .. } = report;
    let StoredReport { story: story_id, kind, likeness, candidates, origins, novel, .. } = report;
    let (title, told_by, counted) = story
        .map(|story| {
            let told_by = crate::alert::counts(&story.view);
            (story.title, told_by, story.view.origins.into_iter().map(|origin| origin.name).collect())
        })
        .unwrap_or_default();
    Ok(Journey {
        article: ArticleView::of(article),
        found: Some(Found {
            id,
            source: source.0,
            outlet,
            at: found,
            baseline,
            reposts,
            others,
            rules: learnt.rules,
            host,
        }),
        topics,
        pruned,
        story: Some(StoryPart {
            id: story_id,
            title,
            likeness,
            candidates,
            kind,
            origins,
            novel,
            told_by,
            counted,
        }),
        verdicts: verdicts.into_iter().map(Decision::of).collect(),
        alerts: alerts.into_iter().map(AlertView::of).collect(),
    })
}

impl Decision {
    fn of(stored: StoredVerdict) -> Self {
        let StoredVerdict { verdict, evaluation, decided, alert, rule: _ } = stored;
        let raised = verdict.raised();
        Self {
            topic: evaluation.topic,
            raised,
            why: verdict.why,
            kind: verdict.kind,
            matched: evaluation.matched,
            score: evaluation.score,
            decided,
            alert,
        }
    }
}
