//! `newswatch inspect topics`: texts × the topics of the configuration → what matched, and why or why not.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::input::{Input, beside, how_many, inputs, step};
use super::order::in_order;
use super::page::{address, article_in};
use crate::cli::Exit;
use crate::cli::args::InspectArgs;
use crate::cli::context::Context;
use crate::cli::evaluation::TopicView;
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, STRONG, paint};
use crate::config::Sample;
use crate::topic::{Quoter, TopicSet};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    id: Option<Value>,
    file: Option<String>,
    #[serde(flatten)]
    text: Sample,
}

#[derive(Debug)]
enum Task {
    Page { path: PathBuf, url: Option<String> },
    Text(Box<Sample>),
}

#[derive(Debug, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Value>,
    error: Option<String>,
    topics: Vec<TopicView>,
    #[serde(skip)]
    title: String,
}

/// Judges them.
pub(in crate::cli) fn run(context: &Context, args: &InspectArgs) -> anyhow::Result<Exit> {
    let (settings, _) = context.judging_settings()?;
    let inputs = inputs(
        args,
        &["id", "file"],
        |file| Task::Page { path: file.to_owned(), url: None },
        |line: Line, folder| match line.file {
            Some(file) => Task::Page { path: beside(folder, &file), url: line.text.url },
            None => Task::Text(Box::new(line.text)),
        },
    )?;
    let mut printer = context.printer();
    let work = |task| judge(task, &settings.topic_set);
    let bar = context.progress(|| how_many(args));
    in_order(inputs, work, |input| {
        step(bar.as_ref(), &input.name);
        let answer = Answer::of(input);
        if context.json {
            printer.json_line(&answer)?;
        } else {
            answer.print(&mut printer)?;
        }
        Ok(())
    })?;
    Ok(Exit::Yes)
}

/// The headline, and every topic on the article.
fn judge(task: Task, topics: &TopicSet) -> Result<(String, Vec<TopicView>), String> {
    let article = match task {
        Task::Page { path, url } => article_in(&path, address(url.as_deref())?.as_ref())?,
        Task::Text(text) if text.text.is_none() => return Err("neither `text` nor `file`".to_owned()),
        Task::Text(text) => text.article()?,
    };
    let quoter = Quoter::new(&article);
    let views = topics.explain(&article).into_iter().map(|one| TopicView::of(one, &quoter)).collect();
    Ok((article.title, views))
}

impl Answer {
    fn of(input: Input<(String, Vec<TopicView>)>) -> Self {
        let Input { key, name, task } = input;
        let (id, file) = if key == "id" { (Some(name), None) } else { (None, Some(name)) };
        match task {
            Ok((title, topics)) => Self { id, file, error: None, topics, title },
            Err(error) => Self { id, file, error: Some(error), topics: Vec::new(), title: String::new() },
        }
    }

    fn print(&self, to: &mut Printer<'_>) -> std::io::Result<()> {
        let name = self.id.as_ref().or(self.file.as_ref()).cloned().unwrap_or_default();
        let name = paint(STRONG, shown(&name.as_str().map_or_else(|| name.to_string(), str::to_owned)));
        if let Some(error) = &self.error {
            return to.line(format!("{name}: {} {}", paint(BAD, "error:"), shown(error)));
        }
        to.line(format!("{name}:"))?;
        for topic in &self.topics {
            topic.print(&self.title, to)?;
        }
        to.line("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_named_as_its_input_was() {
        let input = |key| Input { key, name: Value::from("x"), task: Err("no".to_owned()) };
        let json = |key| serde_json::to_value(Answer::of(input(key))).unwrap();
        assert_eq!(json("id"), serde_json::json!({ "id": "x", "error": "no", "topics": [] }));
        assert_eq!(json("file"), serde_json::json!({ "file": "x", "error": "no", "topics": [] }));
    }

    #[test]
    fn a_line_without_text_is_an_error() {
        let error = judge(Task::Text(Box::default()), &TopicSet::default()).map(|_| ()).unwrap_err();
        assert_eq!(error, "neither `text` nor `file`");
    }
}
