//! Texts on disk as the articles that they would be: examples of topics, the files of their tests, what is to be
//! explained.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::Deserialize;
use url::Url;

use crate::article::{Article, Hints, TextFrom, extract, split_lead};
use crate::feed::decode;
use crate::text::language;

/// A longer line is no headline, in characters.
const MAX_HEADLINE: usize = 200;
/// A larger file is no article.
const MAX_BYTES: u64 = 8 << 20;
/// UTF-8 says so of itself, where an editor wrote it.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// Stands for the address that is not known (RFC 2606: never a real one).
const NOWHERE: &str = "https://page.invalid/";

/// A text with what is known of it, as a line of a manifest gives it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sample {
    /// Headline.
    pub title: Option<String>,
    /// Paragraphs with a blank line between them; the lead comes first.
    pub text: Option<String>,
    /// What stands around it.
    pub furniture: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
}

impl Sample {
    /// The article that it would be.
    ///
    /// # Errors
    /// In words, when it has no text or its address is none.
    pub fn article(self) -> Result<Article, String> {
        let text = self.text.ok_or("no `text`")?;
        let text = text.trim();
        let (lead, body) = split_lead(text);
        let url = self.url.as_deref().map(Url::parse).transpose().map_err(|error| format!("url: {error}"))?;
        let title = self.title.unwrap_or_default().trim().to_owned();
        Ok(Article {
            url,
            language: language::detect(if text.is_empty() { &title } else { text }, self.language.as_deref()),
            title,
            lead: lead.trim().to_owned(),
            body: body.trim().to_owned(),
            furniture: self.furniture.unwrap_or_default(),
            text_from: TextFrom::Page,
            ..Article::default()
        })
    }
}

/// The article in a file: `.html` is extracted, `.json` is a [`Sample`], and in plain text the headline is the first
/// line, if an empty one follows and it is not as long as a paragraph.
///
/// # Errors
/// In words, when the file cannot be read or holds no article.
pub fn article_of_file(path: &Path) -> Result<Article, String> {
    let bytes = contents(path)?;
    let bytes = bytes.strip_prefix(MARK).unwrap_or(&bytes);
    match kind(path).as_str() {
        "html" | "htm" | "xhtml" => of_page(bytes),
        "json" => {
            let sample: Sample = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
            sample.article()
        }
        _ => of_text(str::from_utf8(bytes).map_err(|_| "it is not UTF-8: save it as UTF-8")?),
    }
}

/// Whether the name of a file says that it holds a text and no page: `.txt`, `.json`.
#[must_use]
pub fn is_text_file(path: &Path) -> bool {
    matches!(kind(path).as_str(), "txt" | "json")
}

/// What the file holds.
fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot read it: {error}"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("larger than {} MiB", MAX_BYTES >> 20));
    }
    Ok(bytes)
}

/// The ending of its name, in lower case.
fn kind(path: &Path) -> String {
    path.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// The article of a saved page, whose address is not known.
fn of_page(bytes: &[u8]) -> Result<Article, String> {
    let nowhere = Url::parse(NOWHERE).map_err(|error| error.to_string())?;
    let article =
        extract(&decode(bytes, None), &nowhere, &Hints::default()).map_err(|error| error.to_string())?;
    let canonical_url = article.canonical_url.filter(|url| url.origin() != nowhere.origin());
    Ok(Article { url: None, canonical_url, ..article })
}

fn of_text(text: &str) -> Result<Article, String> {
    // What ends a line is not seen: an empty line may have a space.
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    // A first paragraph of several lines, or of a long one, is no headline; a line alone is one.
    let is_alone = rest.is_empty() || rest.starts_with('\n');
    let is_headline = is_alone && first.chars().nth(MAX_HEADLINE).is_none();
    let (title, text) = if is_headline { (first, rest) } else { ("", text) };
    let sample =
        Sample { title: Some(title.to_owned()), text: Some(text.trim().to_owned()), ..Sample::default() };
    sample.article()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_its_name_says() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            article_of_file(&path).map(|article| (article.title, article.lead, article.body))
        };
        let parts = |title: &str, lead: &str, body: &str| Ok((title.into(), lead.into(), body.into()));
        let lead = "A lead that says something\ngoes on.";
        assert_eq!(
            read("a.txt", &format!("\u{feff}Head\n\n{lead}\n\nBody.\n").replace('\n', "\r\n")),
            parts("Head", lead, "Body.")
        );
        assert_eq!(read("j.txt", &format!("Head\n \n{lead} \n\t\nBody.")), parts("Head", lead, "Body."));
        assert_eq!(read("b.txt", "Head alone"), parts("Head alone", "", ""));
        assert_eq!(read("c.md", &format!("{lead}\n\nBody.")), parts("", lead, "Body."));
        assert!(read("d.txt", "\n\n").unwrap_err().contains("empty"));
        let json = "{\"title\": \"Head\", \"text\": \"A lead that says much.\\n\\nBody.\", \"file\": \"x\"}";
        assert_eq!(read("e.JSON", json), parts("Head", "A lead that says much.", "Body."));
        assert_eq!(
            read("i.json", &format!("\u{feff}{json}")),
            parts("Head", "A lead that says much.", "Body.")
        );
        assert!(read("f.json", "{}").unwrap_err().contains("text"));
        let page = format!(
            "<html><body><article><h1>Head</h1><p>{}</p></article></body></html>",
            "Some words of a text. ".repeat(20)
        );
        assert_eq!(read("g.html", &page).unwrap().0, "Head");
        assert!(read("h.html", "<p>x").is_err());
        assert!(article_of_file(&folder.path().join("none.txt")).unwrap_err().starts_with("cannot read it"));
    }

    #[test]
    fn a_paragraph_in_one_line_is_no_headline_and_a_headline_alone_has_a_language() {
        let paragraph = "The leader will travel to the port by train and meet the president. ".repeat(4);
        let paragraph = paragraph.trim();
        for (text, body) in [(paragraph.to_owned(), ""), (format!("{paragraph}\n\nBody."), "Body.")] {
            let article = of_text(&text).unwrap();
            assert_eq!((&*article.title, &*article.lead, &*article.body), ("", paragraph, body));
            assert_eq!(article.language.as_deref(), Some("en"));
        }
        let headline = of_text("Президент встретится с лидером Северной Кореи во Владивостоке").unwrap();
        assert_eq!((&*headline.lead, headline.language.as_deref()), ("", Some("ru")));
    }
}
