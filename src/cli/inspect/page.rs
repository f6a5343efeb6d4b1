//! `newswatch inspect page`: a page → its article.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::input::{Input, beside, guarded, how_many, inputs, read_file, step};
use super::order::in_order;
use crate::article::{Article, ExtractError, Hints, Sketch, Template, extract, text_of_html};
use crate::cli::Exit;
use crate::cli::args::{InspectArgs, InspectPageArgs};
use crate::cli::article::ArticleView;
use crate::cli::context::Context;
use crate::cli::print::{Printer, shown};
use crate::cli::style::{BAD, STRONG, paint};
use crate::cli::when::When;
use crate::config::{article_of_file, is_text_file};
use crate::feed::decode;

/// Text may hold a stray NUL; so many at its start are a program or a picture.
const MOST_NULS: usize = 8;
/// How many bytes of a file are its start.
const START: usize = 1024;
/// Stands for the address that is not known (RFC 2606: never a real one).
const NOWHERE: &str = "https://page.invalid/";

#[derive(Debug, Deserialize)]
struct Line {
    file: String,
    url: Option<String>,
    content_type: Option<String>,
    summary: Option<String>,
}

#[derive(Debug)]
struct Task {
    path: PathBuf,
    url: Option<String>,
    content_type: Option<String>,
    /// What its feed says.
    summary: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    file: Value,
    error: Option<String>,
    article: Option<ArticleView>,
}

/// Extracts them.
pub(in crate::cli) fn run(context: &Context, args: &InspectPageArgs) -> anyhow::Result<Exit> {
    let InspectPageArgs { inputs: args, summary: all_say, learn } = args;
    let (when, mut printer) = (context.when(), context.printer());
    let templates = if *learn { Some(Templates::of(context, args)?) } else { None };
    let work = |Task { path, url, content_type, summary }: Task| {
        let url = address(url.as_deref())?;
        let template = templates.as_ref().and_then(|known| known.without(&path, url.as_ref()));
        let text = summary.as_ref().or(all_say.as_ref()).map(|html| text_of_html(html));
        let hints = Hints { content_type, text, template, ..Hints::default() };
        extract_with(&path, url.as_ref(), &hints, "; --summary gives what its feed says").map(ArticleView::of)
    };
    let bar = context.progress(|| how_many(args));
    in_order(tasks(args)?, work, |Input { name, task, .. }| {
        step(bar.as_ref(), &name);
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

fn tasks(args: &InspectArgs) -> anyhow::Result<impl Iterator<Item = Input<Task>>> {
    inputs(
        args,
        &["file"],
        |file| Task { path: file.to_owned(), url: None, content_type: None, summary: None },
        |Line { file, url, content_type, summary }, folder| Task {
            path: beside(folder, &file),
            url,
            content_type,
            summary,
        },
    )
}

/// What the pages of each host hold.
struct Templates(HashMap<String, Vec<(PathBuf, Sketch)>>);

impl Templates {
    /// Reads all pages that `args` name. Those that hold no article teach nothing.
    fn of(context: &Context, args: &InspectArgs) -> anyhow::Result<Self> {
        let work = |Task { path, url, content_type, .. }: Task| {
            let url = address(url.as_deref())?;
            let sketch =
                extract_file(&path, url.as_ref(), content_type.as_deref()).map(|read| read.sketch)?;
            Ok(url.as_ref().and_then(Url::host_str).map(|host| (host.to_owned(), path, sketch)))
        };
        let bar = context.progress(|| how_many(args));
        let mut hosts: HashMap<String, Vec<(PathBuf, Sketch)>> = HashMap::new();
        in_order(tasks(args)?, work, |Input { name, task, .. }| {
            step(bar.as_ref(), &name);
            if let Ok(Some((host, path, sketch))) = task {
                hosts.entry(host).or_default().push((path, sketch));
            }
            Ok(())
        })?;
        Ok(Self(hosts))
    }

    /// What the other pages of the host of `url` hold.
    fn without(&self, path: &Path, url: Option<&Url>) -> Option<Template> {
        let mut template = Template::default();
        let pages = self.0.get(url?.host_str()?)?;
        pages.iter().filter(|(other, _)| other != path).for_each(|(_, sketch)| template.learn(sketch));
        Some(template)
    }
}

/// An address as a manifest gives it.
///
/// # Errors
/// In words, when it is none.
pub(super) fn address(url: Option<&str>) -> Result<Option<Url>, String> {
    url.map(Url::parse).transpose().map_err(|error| format!("url: {error}"))
}

/// The article in a file that was saved from `url`: a text if its name says so, else a page.
///
/// # Errors
/// In words, when the file cannot be read or holds no article.
pub(in crate::cli) fn article_in(path: &Path, url: Option<&Url>) -> Result<Article, String> {
    if !is_text_file(path) {
        return extract_file(path, url, None);
    }
    let article = article_of_file(path)?;
    Ok(Article { url: url.cloned().or(article.url), ..article })
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
    let hints = Hints { content_type: content_type.map(str::to_owned), ..Hints::default() };
    extract_with(path, url, &hints, "")
}

/// The same; `otherwise` says how to tell what the feed of a short page says.
fn extract_with(path: &Path, url: Option<&Url>, hints: &Hints, otherwise: &str) -> Result<Article, String> {
    let bytes = read_file(path)?;
    let nowhere = Url::parse(NOWHERE).map_err(|error| error.to_string())?;
    let mut article = guarded(|| {
        let html = decode(&bytes, hints.content_type.as_deref());
        if is_binary(&bytes, &html) {
            return Err("it is no page, but a binary file".to_owned());
        }
        extract(&html, url.unwrap_or(&nowhere), hints).map_err(|error| match error {
            ExtractError::TooShort(why) if hints.text.is_none() => {
                format!("{why}, unless its feed says less{otherwise}")
            }
            ExtractError::TooShort(why) => format!("{why}, and its feed says no less"),
            error => error.to_string(),
        })
    })?;
    if url.is_none() {
        article.url = None;
        article.canonical_url = article.canonical_url.filter(|url| url.origin() != nowhere.origin());
    }
    Ok(article)
}

/// Whether `bytes` are a program or a picture. UTF-16 has NULs as well, and decoded it has tags.
fn is_binary(bytes: &[u8], html: &str) -> bool {
    let marked_up = || {
        let html = html.to_ascii_lowercase();
        ["<html", "<body", "</p>", "</div>"].iter().any(|tag| html.contains(tag))
    };
    bytes.iter().take(START).filter(|byte| **byte == 0).count() > MOST_NULS && !marked_up()
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
    fn a_text_has_the_address_that_it_was_saved_from() {
        let folder = tempfile::tempdir().unwrap();
        let (path, url) = (folder.path().join("a.json"), Url::parse("https://said.example/1").unwrap());
        std::fs::write(&path, r#"{"title": "Head", "text": "Text.", "url": "https://own.example/1"}"#)
            .unwrap();
        let host = |url| article_in(&path, url).unwrap().url.unwrap().host_str().unwrap().to_owned();
        assert_eq!((host(Some(&url)), host(None)), ("said.example".into(), "own.example".into()));
    }

    #[test]
    fn a_program_is_no_page_and_utf_16_is() {
        assert!(is_binary(&[0x7f, b'E', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "\u{7f}E"));
        let page = "<p>Kim went to Vladivostok</p>";
        let wide: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!is_binary(&wide, page) && !is_binary(page.as_bytes(), page));
        assert!(!is_binary(b"one \0 stray", "one  stray"));
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
