//! `newswatch inspect page`: a page → its article.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::input::{Input, beside, guarded, inputs, read_file};
use super::order::in_order;
use crate::article::{Article, Hints, extract};
use crate::cli::Exit;
use crate::cli::args::InspectArgs;
use crate::cli::article::ArticleView;
use crate::cli::context::Context;
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, STRONG, paint};
use crate::cli::when::When;
use crate::feed::decode;

/// Stands for the address that is not known (RFC 2606: never a real one).
const NOWHERE: &str = "https://page.invalid/";

#[derive(Debug, Deserialize)]
struct Line {
    file: String,
    url: Option<String>,
    content_type: Option<String>,
}

#[derive(Debug)]
struct Task {
    path: PathBuf,
    url: Option<String>,
    content_type: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    file: Value,
    error: Option<String>,
    article: Option<ArticleView>,
}

/// Extracts them.
pub(in crate::cli) fn run(context: &Context, args: &InspectArgs) -> anyhow::Result<Exit> {
    let inputs = inputs(
        args,
        &["file"],
        |file| Task { path: file.to_owned(), url: None, content_type: None },
        |Line { file, url, content_type }, folder| Task { path: beside(folder, &file), url, content_type },
    )?;
    let (when, mut printer) = (context.when(), context.printer());
    let work = |Task { path, url, content_type }: Task| {
        let url = address(url.as_deref())?;
        extract_file(&path, url.as_ref(), content_type.as_deref()).map(ArticleView::of)
    };
    in_order(inputs, work, |Input { name, task, .. }| {
        let answer = Answer::of(name, task);
        if context.json {
            printer.json_line(&answer)?;
        } else {
            answer.print(&when, &mut printer)?;
        }
        Ok(())
    })?;
    Ok(Exit::Yes)
}

/// An address as a manifest gives it.
///
/// # Errors
/// In words, when it is none.
pub(super) fn address(url: Option<&str>) -> Result<Option<Url>, String> {
    url.map(Url::parse).transpose().map_err(|error| format!("url: {error}"))
}

/// The article of an HTML file that was saved from `url`.
///
/// # Errors
/// In words, when the file cannot be read or holds no article.
pub(in crate::cli) fn extract_file(
    path: &Path,
    url: Option<&Url>,
    content_type: Option<&str>,
) -> Result<Article, String> {
    let bytes = read_file(path)?;
    let nowhere = Url::parse(NOWHERE).map_err(|error| error.to_string())?;
    let mut article = guarded(|| {
        let html = decode(&bytes, content_type);
        let hints = Hints { content_type: content_type.map(str::to_owned), ..Hints::default() };
        extract(&html, url.unwrap_or(&nowhere), &hints).map_err(|error| error.to_string())
    })?;
    if url.is_none() {
        article.url = None;
        article.canonical_url = article.canonical_url.filter(|url| url.origin() != nowhere.origin());
    }
    Ok(article)
}

impl Answer {
    fn of(file: Value, article: Result<ArticleView, String>) -> Self {
        match article {
            Ok(article) => Self { file, error: None, article: Some(article) },
            Err(error) => Self { file, error: Some(error), article: None },
        }
    }

    fn print(&self, when: &When, to: &mut Printer<'_>) -> std::io::Result<()> {
        let file = paint(STRONG, shown(self.file.as_str().unwrap_or("?")));
        if let Some(error) = &self.error {
            return to.line(format!("{file}: {} {}", paint(BAD, "error:"), shown(error)));
        }
        let Some(article) = &self.article else { return Ok(()) };
        to.line(format!("{file}:"))?;
        article.print_facts(when, to)?;
        for paragraph in article.text.split("\n\n") {
            to.line("")?;
            to.line(crate::text::clean::one_line(paragraph))?;
        }
        to.line("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_same_shape() {
        let answer = Answer::of(Value::from("a.html"), Err("no text".into()));
        let wanted = serde_json::json!({ "file": "a.html", "error": "no text", "article": null });
        assert_eq!(serde_json::to_value(&answer).unwrap(), wanted);
    }

    #[test]
    fn an_article_has_every_key_that_is_promised() {
        let answer = Answer::of(Value::from("a.html"), Ok(ArticleView::of(Article::default())));
        let value = serde_json::to_value(&answer).unwrap();
        let keys = [
            "title",
            "byline",
            "published",
            "modified",
            "language",
            "site",
            "canonical_url",
            "lead",
            "text",
            "furniture",
        ];
        for key in keys {
            assert!(value["article"].get(key).is_some(), "{key}");
        }
    }
}
