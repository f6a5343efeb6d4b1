//! `newswatch inspect stories`: reports in time order → stories, as they stood when each report came in.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::input::{Input, guarded, lines};
use super::page::address;
use crate::cli::Exit;
use crate::cli::args::InspectArgs;
use crate::cli::context::Context;
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, FAINT, STRONG, paint};
use crate::clock::{Timestamp, later};
use crate::story::{
    self, NewsKind, NovelSentence, Origin, Report, StoryIndex, StoryView, Terms, outlet_name,
};
use crate::text::address::outlet_host;

/// Earlier reports of a story that a new one is compared with, as in the daemon.
const EARLIER: usize = 40;
/// Stories that left the window are forgotten after so many reports.
const SWEEP: i64 = 1_000;

#[derive(Debug, Deserialize)]
struct Line {
    time: Value,
    title: String,
    #[serde(default)]
    text: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    language: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    id: Value,
    error: Option<String>,
    #[serde(flatten)]
    found: Option<Found>,
}

#[derive(Debug, Serialize)]
struct Found {
    story: i64,
    likeness: f32,
    /// Outlets of the story so far.
    outlets: usize,
    /// Whom this report names.
    origins: Vec<Origin>,
    novel: Vec<NovelSentence>,
    kind: NewsKind,
    #[serde(skip)]
    title: String,
}

/// Groups them.
pub(in crate::cli) fn run(context: &Context, args: &InspectArgs) -> anyhow::Result<Exit> {
    let mut printer = context.printer();
    let mut newsroom = Newsroom::default();
    for manifest in args.manifest.iter().chain(&args.files) {
        for Input { name, task, .. } in lines::<Line>(manifest, &["id"])? {
            let answer = match task.and_then(|line| guarded(|| newsroom.receive(line))) {
                Ok(found) => Answer { id: name, error: None, found: Some(found) },
                Err(error) => Answer { id: name, error: Some(error), found: None },
            };
            if context.json {
                printer.json_line(&answer)?;
            } else {
                answer.print(&mut printer)?;
            }
        }
    }
    Ok(Exit::Yes)
}

/// The stories so far, in memory; what the ingester keeps in the store.
#[derive(Default)]
struct Newsroom {
    index: StoryIndex,
    stories: HashMap<i64, Story>,
    reports: i64,
    opened: i64,
}

#[derive(Default)]
struct Story {
    view: StoryView,
    last: Timestamp,
    /// `title\n\ntext` of its last reports.
    texts: VecDeque<String>,
}

impl Newsroom {
    fn receive(&mut self, line: Line) -> Result<Found, String> {
        self.reports += 1;
        let report = report(self.reports, line)?;
        let terms = Terms::of(&report);
        let assignment = self.index.assign(&report, &terms);
        let id = assignment.story.unwrap_or(self.opened + 1);
        self.opened = self.opened.max(id);
        let story = self.stories.entry(id).or_default();
        let texts: Vec<&str> = story.texts.iter().map(String::as_str).collect();
        let judged = story::judge(&report, &story.view, &texts, &self.index);
        story.view = judged.view;
        story.last = story.last.max(report.time);
        story.texts.push_back(format!("{}\n\n{}", report.title, report.text));
        if story.texts.len() > EARLIER {
            story.texts.pop_front();
        }
        let found = Found {
            story: id,
            likeness: assignment.likeness,
            outlets: story.view.outlets.len(),
            origins: judged.origins.into_iter().filter(|origin| !origin.name.is_empty()).collect(),
            novel: judged.novel,
            kind: judged.kind,
            title: report.title.clone(),
        };
        self.index.insert(&report, &terms, id, report.time);
        if self.reports % SWEEP == 0 {
            let window = Duration::from_hours(24 * u64::from(StoryIndex::WINDOW_DAYS));
            // One day more than the index keeps, as reports may come late.
            let window = window + Duration::from_hours(24);
            self.stories.retain(|_, story| later(story.last, window) >= report.time);
        }
        Ok(found)
    }
}

fn report(id: i64, line: Line) -> Result<Report, String> {
    let Line { time, title, text, url, outlet, language } = line;
    let outlet = match (outlet, address(url.as_deref())?) {
        (Some(outlet), _) => outlet,
        (None, Some(url)) => {
            let host = outlet_host(&url);
            outlet_name(&host).map_or(host, str::to_owned)
        }
        // Nameless: no two reports are taken for one outlet's.
        (None, None) => String::new(),
    };
    Ok(Report {
        id,
        time: read_time(&time)?,
        title,
        text: text.unwrap_or_default(),
        outlet,
        language,
        credit: None,
    })
}

/// RFC 3339; without a zone, or as a date alone, in UTC; a number is seconds since 1970.
fn read_time(value: &Value) -> Result<Timestamp, String> {
    let utc = |time: civil::DateTime| time.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).ok();
    let time = match value {
        Value::String(text) => text
            .parse::<Timestamp>()
            .ok()
            .or_else(|| text.parse::<civil::DateTime>().ok().and_then(utc))
            .or_else(|| text.parse::<civil::Date>().ok().and_then(|date| utc(date.at(0, 0, 0, 0)))),
        other => other.as_i64().and_then(|second| Timestamp::from_second(second).ok()),
    };
    time.ok_or_else(|| format!("time: {value} is no time; write it like \"2023-09-04T10:00:00Z\""))
}

impl Answer {
    fn print(&self, to: &mut Printer<'_>) -> std::io::Result<()> {
        let id = shown(&self.id.as_str().map_or_else(|| self.id.to_string(), str::to_owned));
        if let Some(error) = &self.error {
            return to.line(format!("{id}: {} {}", paint(BAD, "error:"), shown(error)));
        }
        let Some(found) = &self.found else { return Ok(()) };
        let story = paint(STRONG, format!("story {}", found.story));
        to.line(format!(
            "{id}: {story}  {} ({:.2})  {}",
            found.kind.word(),
            found.likeness,
            shown(&found.title)
        ))?;
        let origins: Vec<&str> = found.origins.iter().map(|origin| origin.name.as_str()).collect();
        if !origins.is_empty() {
            to.line(paint(FAINT, format!("  origin: {}", shown(&origins.join(", ")))))?;
        }
        for novel in &found.novel {
            to.line(format!("  new: {}", shown(&novel.sentence)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_usual_ways() {
        let noon: Timestamp = "2023-09-04T12:00:00Z".parse().unwrap();
        let day: Timestamp = "2023-09-04T00:00:00Z".parse().unwrap();
        for (text, wanted) in [
            (Value::from("2023-09-04T12:00:00Z"), noon),
            (Value::from("2023-09-04T14:00:00+02:00"), noon),
            (Value::from("2023-09-04T12:00:00"), noon),
            (Value::from("2023-09-04"), day),
            (Value::from(1_693_785_600), day),
        ] {
            assert_eq!(read_time(&text).unwrap(), wanted, "{text}");
        }
        assert!(read_time(&Value::from("yesterday")).unwrap_err().starts_with("time: \"yesterday\""));
        assert!(read_time(&Value::Null).is_err());
    }

    #[test]
    fn an_error_names_the_report() {
        let answer = Answer { id: Value::from("a-1"), error: Some("line 2: no title".into()), found: None };
        let wanted = serde_json::json!({ "id": "a-1", "error": "line 2: no title" });
        assert_eq!(serde_json::to_value(&answer).unwrap(), wanted);
    }

    #[test]
    fn a_report_without_outlet_and_address_is_nobodys() {
        let line =
            r#"{"id": "a", "time": "2023-09-04T12:00:00Z", "title": "T", "text": "x", "outlet": null}"#;
        let report = report(1, serde_json::from_str(line).unwrap()).unwrap();
        assert_eq!(report.outlet, "", "the index takes reports of one name for one outlet's");
    }
}
