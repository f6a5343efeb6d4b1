//! The one place that writes what was harvested: judge topics, assign the story, decide the alert, in one transaction.

use std::time::Duration;

use rusqlite::Connection;
use url::Url;

use super::polled::polled_source;
use super::versions::{Returns, is_another_version, returns, text_hash_of};
use super::{Harvested, Message, watch};
use crate::alert::{self, Alert, AlertKind, Case, Told, Verdict, VerdictKind, decide};
use crate::article::Article;
use crate::clock::{Timestamp, earlier};
use crate::config::Settings;
use crate::schedule::{Outcome, Turn};
use crate::source::SourceKind;
use crate::store::{NewReport, day_of, table};
use crate::story::{self, Judged, NewsKind, NovelSentence, Report, StoryIndex, StoryView, Terms};
use crate::topic::{Evaluation, TopicSpec};

/// Earlier reports of a story that a new one is compared with, newest first.
const EARLIER: u32 = 40;

/// What a batch of messages brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ingested {
    /// Reports that were stored.
    pub reports: usize,
    /// Alerts that were raised or changed.
    pub alerts: usize,
    /// Looks that ended, with the source's name and its failure, if it failed.
    pub polled: Vec<(String, Option<String>)>,
    /// Sources that turned, by name.
    pub turned: Vec<(String, Turn)>,
}

/// Holds the index of recent reports; everything else is in the store.
#[derive(Debug)]
pub struct Ingester {
    index: StoryIndex,
}

impl Ingester {
    /// Rebuilds the index from the store.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn rebuild(db: &Connection, now: Timestamp) -> rusqlite::Result<Self> {
        let window = Duration::from_hours(24 * u64::from(StoryIndex::WINDOW_DAYS));
        let since = earlier(now, window);
        let mut index = StoryIndex::new();
        table::recent_reports(db, since, |report, story, found| {
            index.insert(report, &Terms::of(report), story, found);
        })?;
        Ok(Self { index })
    }

    /// Stores a batch of messages. Repeating it changes nothing. On an error nothing is stored and the index no longer
    /// agrees with the store: [`Ingester::rebuild`] before going on.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ingest(
        &mut self,
        db: &Connection,
        settings: &Settings,
        batch: &[Message],
        now: Timestamp,
    ) -> rusqlite::Result<Ingested> {
        let mut done = Ingested::default();
        for message in batch {
            match message {
                Message::Report(harvested) => {
                    if let Some(alerts) = self.report(db, settings, harvested, now)? {
                        done.reports += 1;
                        done.alerts += alerts;
                    }
                }
                Message::Polled(polled) => {
                    let (told, turn) = polled_source(db, settings, polled)?;
                    done.alerts += usize::from(told);
                    let failure = match &polled.outcome {
                        Outcome::Failed { message, .. }
                        | Outcome::Offline { message }
                        | Outcome::Held { message, .. } => Some(message.clone()),
                        Outcome::Gone => Some("answered 410 Gone".to_owned()),
                        Outcome::Busy { said, .. } => Some(format!("answered {said}")),
                        Outcome::NotModified { .. } | Outcome::Merged { .. } | Outcome::Read { .. } => None,
                    };
                    let name = polled.source.name.clone().unwrap_or_else(|| polled.source.url.to_string());
                    done.turned.extend(turn.map(|turn| (name.clone(), turn)));
                    done.polled.push((name, failure));
                }
            }
        }
        Ok(done)
    }

    /// Retention as the configuration says. The texts of stored articles that topics name as examples stay.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn prune(
        db: &Connection,
        settings: &Settings,
        now: Timestamp,
    ) -> rusqlite::Result<crate::store::Pruned> {
        // A topic that lost its examples would fall silent.
        let examples = settings.topic_set.stored_examples();
        let examples =
            examples.iter().map(|(_, name)| Ok(table::report_named(db, name)?.map(|report| report.id)));
        let examples: Vec<i64> =
            examples.filter_map(rusqlite::Result::transpose).collect::<rusqlite::Result<_>>()?;
        let (texts, seen) = (settings.store.keep_text, settings.store.keep_seen);
        table::prune(db, earlier(now, texts), earlier(now, seen), &examples)
    }

    /// Stores one report. `None` if it was stored before or says what its last version said; else how many alerts it
    /// raised or changed.
    fn report(
        &mut self,
        db: &Connection,
        settings: &Settings,
        harvested: &Harvested,
        now: Timestamp,
    ) -> rusqlite::Result<Option<usize>> {
        let Harvested { source, entry, article, outlet, baseline, found, feed_text, .. } = harvested;
        let text_hash = text_hash_of(harvested);
        let earlier_version = table::latest_version(db, &source.id, &entry.key)?;
        let Some(waited) = is_another_version(db, harvested, &text_hash, earlier_version.is_some())? else {
            return Ok(None);
        };
        // What the feed said at the first look and says again is no news, under whatever key and address.
        let baseline = &(*baseline
            || !matches!(source.kind, SourceKind::Watch { .. })
                && table::was_baseline(db, &source.id, entry, feed_text)?);
        let page = table::canonical_of(article);
        let outlet_before = page.map(|page| table::outlet_of_page(db, &page)).transpose()?.flatten();
        let outlet = outlet_before.as_ref().unwrap_or(outlet);
        if earlier_version.as_ref().is_some_and(|(_, hash)| *hash == text_hash) {
            return Ok(None);
        }
        let returned = match &earlier_version {
            Some(_) => returns(db, harvested, &text_hash)?,
            None => Returns::No,
        };
        if returned == Returns::TooOften {
            return Ok(None);
        }
        let mut report = report_of(harvested, outlet);
        let terms = Terms::of(&report);
        let assignment = self.index.assign(&report, &terms);
        let earlier_versions = earlier_version.is_some();
        // A further version of an entry stays in the story of the first.
        let joined = earlier_version.map(|(story, _)| story).or(assignment.story);
        let view = match joined {
            Some(story) => table::story_view(db, story)?.unwrap_or_default(),
            None => StoryView::default(),
        };
        let texts = match joined {
            Some(story) => table::story_texts(db, story, EARLIER)?,
            None => Vec::new(),
        };
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut judged = story::judge(&report, &view, &texts, &self.index);
        if let Some(news_ends) = harvested.changed {
            told_by_a_watched_page(&mut judged, article, news_ends);
        }
        if returned == Returns::Yes && harvested.changed.is_none() && judged.kind == NewsKind::Rehash {
            told_by_a_return(&mut judged, article);
        }
        if waited && earlier_versions && matches!(judged.kind, NewsKind::Development | NewsKind::Confirmation)
        {
            // The page of an entry that was told from its feed completes the report; it is no news.
            judged.kind = NewsKind::Rehash;
        }
        let story = match joined {
            Some(story) => {
                table::extend_story(db, story, report.time, &judged.view)?;
                story
            }
            None => table::open_story(db, &report.title, report.time, &judged.view)?,
        };
        report.id = table::put_report(
            db,
            &NewReport {
                source: &source.id,
                key: &entry.key,
                content_hash: &harvested.content_hash,
                text_hash: &text_hash,
                outlet,
                article,
                found: *found,
                baseline: *baseline,
                time: report.time,
                story,
                kind: judged.kind,
                likeness: assignment.likeness,
                candidates: &assignment.candidates,
                origins: &judged.origins,
                novel: &judged.novel,
            },
        )?;
        self.index.insert(&report, &terms, story, *found);
        if let Some(host) =
            article.url.as_ref().and_then(Url::host_str).filter(|_| !article.sketch.is_empty())
        {
            table::learn_template(db, host, &article.sketch, now)?;
        }
        let stored = Stored { report: &report, harvested, baseline: *baseline, story, judged: &judged };
        stored.judge_topics(db, settings, now).map(Some)
    }
}

/// A report of what was harvested, not stored yet.
fn report_of(harvested: &Harvested, outlet: &str) -> Report {
    let Harvested { article, found, .. } = harvested;
    Report {
        id: 0,
        time: article.published.filter(|date| *date <= *found).unwrap_or(*found),
        title: article.title.clone(),
        text: article.text(),
        outlet: outlet.to_owned(),
        language: article.language.clone(),
        credit: article.credit.clone().or_else(|| article.byline.clone()),
    }
}

/// An entry says again what it said before its last version: a correction that was taken back is news.
fn told_by_a_return(judged: &mut Judged, article: &Article) {
    judged.kind = NewsKind::Development;
    let sentence = if article.lead.is_empty() { &article.title } else { &article.lead };
    let why = "the entry said so before, its last version did not".to_owned();
    judged.novel = vec![NovelSentence { sentence: sentence.clone(), why }];
}

/// What changed on a watched page is new, in whatever words.
fn told_by_a_watched_page(judged: &mut Judged, article: &Article, news_ends: usize) {
    judged.kind = NewsKind::Development;
    let why = "it was not on the watched page before";
    let news = article.body.get(..news_ends).unwrap_or_default();
    let sentences =
        std::iter::once(article.lead.as_str()).chain(news.split("\n\n")).filter(|text| !text.is_empty());
    judged.novel = sentences
        .map(|sentence| NovelSentence { sentence: sentence.to_owned(), why: why.to_owned() })
        .collect();
}

/// A report that was stored.
#[derive(Clone, Copy)]
struct Stored<'a> {
    report: &'a Report,
    harvested: &'a Harvested,
    baseline: bool,
    story: i64,
    judged: &'a Judged,
}

impl Stored<'_> {
    /// Judges all topics on it. How many alerts that raised or changed.
    fn judge_topics(&self, db: &Connection, settings: &Settings, now: Timestamp) -> rusqlite::Result<usize> {
        let Harvested { article, changed, found, .. } = self.harvested;
        let mut alerts = 0;
        for mut evaluation in settings.judge(article) {
            if let Some(line) = &evaluation.near_miss {
                table::add_near_misses(db, &evaluation.topic, day_of(*found), line, 1)?;
                if !evaluation.furniture_only {
                    continue;
                }
            }
            if let Some(news_ends) = changed {
                watch::only_what_changed_counts(&mut evaluation, *news_ends);
            }
            let place = settings.topics.binary_search_by(|topic| topic.id.text.cmp(&evaluation.topic));
            let Some(topic) = place.ok().and_then(|place| settings.topics.get(place)) else { continue };
            let hit = Hit { stored: *self, evaluation: &evaluation, topic };
            alerts += usize::from(hit.settle(db, settings, now)?);
        }
        Ok(alerts)
    }
}

/// One topic that has something to say about a report.
struct Hit<'a> {
    stored: Stored<'a>,
    evaluation: &'a Evaluation,
    topic: &'a TopicSpec,
}

impl Hit<'_> {
    /// Decides, and stores the decision with what follows from it. True if an alert was raised or changed.
    fn settle(&self, db: &Connection, settings: &Settings, now: Timestamp) -> rusqlite::Result<bool> {
        let before = table::alert_about(db, &self.evaluation.topic, self.stored.story)?;
        let case = Case {
            evaluation: self.evaluation,
            judged: self.stored.judged,
            told: before.as_ref().map(|(_, told)| told),
            unsent: match &before {
                Some((alert, _)) => table::left_nowhere(db, alert.id)?,
                None => false,
            },
            baseline: self.stored.baseline,
            cooldown: self.topic.cooldown,
        };
        let verdict = decide(&case, now);
        let alert =
            if verdict.raised() { Some(self.raise(db, settings, before, &verdict, now)?) } else { None };
        let rule = settings.rule(&self.evaluation.topic);
        table::put_verdict(db, self.stored.report.id, self.evaluation, &verdict, alert, rule.as_ref(), now)?;
        Ok(alert.is_some())
    }

    /// Stores the alert and wants it told in every channel of its topic.
    fn raise(
        &self,
        db: &Connection,
        settings: &Settings,
        before: Option<(Alert, Told)>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> rusqlite::Result<i64> {
        let (kind, due) = match verdict.kind {
            VerdictKind::Tell => (AlertKind::New, now),
            VerdictKind::Join => (AlertKind::Update, now),
            VerdictKind::Update { due } => (AlertKind::Update, due),
            VerdictKind::Quiet | VerdictKind::Nothing => (AlertKind::Quiet, now),
        };
        let waiting = match &before {
            Some((old, _)) if table::waits_aloud(db, old.id)? => Some(old.clone()),
            _ => None,
        };
        // What is told aloud next is as severe as the most severe of what it tells.
        let severity = waiting
            .as_ref()
            .map_or(self.evaluation.severity, |waiting| waiting.severity.max(self.evaluation.severity));
        let hold = settings.alerts.quiet_hours.as_ref().and_then(|quiet| quiet.hold_until(due, severity));
        let view = &self.stored.judged.view;
        let told = Told {
            aloud: match (&before, kind) {
                (Some((_, told)), AlertKind::Quiet) => told.aloud,
                _ => hold.unwrap_or(due),
            },
            outlets: view.outlets.len(),
            origins: view.origins.len(),
        };
        let mut alert = Alert {
            id: 0,
            revision: 1,
            topic: self.topic.id.text.clone(),
            topic_name: self.topic.name.clone(),
            story: self.stored.story,
            severity,
            kind,
            title: self.stored.report.title.clone(),
            body: alert::body(
                self.stored.judged,
                kind == AlertKind::Update || self.stored.harvested.changed.is_some(),
            ),
            url: self.stored.harvested.article.url.clone(),
            why: verdict.why.clone(),
            raised: now,
        };
        if let Some((old, _)) = before {
            alert.id = old.id;
            alert.revision = old.revision + 1;
            if kind == AlertKind::Quiet {
                // More outlets do not change what was told: the headline and the page to open stay.
                alert.title = old.title;
                alert.url = old.url;
            }
            if let Some(waiting) = waiting {
                // What is told aloud next says all that is new since the last time.
                alert.body = alert::with_news_of(&alert.body, &waiting.body);
                if kind == AlertKind::Quiet || verdict.kind == VerdictKind::Join {
                    alert.why = waiting.why;
                }
            }
            table::update_alert(db, &alert, &told)?;
        } else {
            alert.id = table::insert_alert(db, &alert, &told)?;
        }
        let channels = self.topic.channels.as_ref().unwrap_or(&settings.alerts.channels);
        for channel in channels {
            table::want(db, alert.id, channel, alert.revision, kind, hold.unwrap_or(due))?;
        }
        Ok(alert.id)
    }
}
