//! A text on disk as the article that it would be: what `inspect topics` judges, and the files that a topic's own tests
//! name.

use std::path::Path;

use serde::Deserialize;
use url::Url;

use crate::article::{Article, TextFrom};
use crate::config::{contents, of_page};
use crate::text::language;

/// A text with what is known of it, as a line of a manifest gives it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sample {
    /// Headline.
    pub title: Option<String>,
    /// Paragraphs with a blank line between them; the first is the lead.
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
        let (lead, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let url = self.url.as_deref().map(Url::parse).transpose().map_err(|error| format!("url: {error}"))?;
        Ok(Article {
            url,
            language: language::detect(&text, self.language.as_deref()),
            title: self.title.unwrap_or_default(),
            lead: lead.to_owned(),
            body: body.to_owned(),
            furniture: self.furniture.unwrap_or_default(),
            text_from: TextFrom::Page,
            ..Article::default()
        })
    }
}

/// The article in a file: `.html` as a page, `.json` as a [`Sample`], all else as a headline, a blank line and the text.
///
/// # Errors
/// In words, when it cannot be read or holds no article.
pub fn read_sample(path: &Path) -> Result<Article, String> {
    let bytes = contents(path)?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => of_page(&bytes),
        "json" => {
            let sample: Sample = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
            sample.article()
        }
        _ => of_text(&String::from_utf8(bytes).map_err(|_| "not UTF-8")?),
    }
}

fn of_text(text: &str) -> Result<Article, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
    if !rest.is_empty() && !rest.starts_with('\n') {
        return Err(
            "its second line is not blank: the first is the headline, the text follows a blank line".into()
        );
    }
    let sample = Sample {
        title: Some(title.trim().to_owned()).filter(|title| !title.is_empty()),
        text: Some(rest.trim().to_owned()),
        ..Sample::default()
    };
    if sample.title.is_none() && sample.text.as_ref().is_some_and(String::is_empty) {
        return Err("it is empty".to_owned());
    }
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
            read_sample(&path).map(|article| (article.title, article.lead, article.body))
        };
        let parts = |title: &str, lead: &str, body: &str| Ok((title.into(), lead.into(), body.into()));
        assert_eq!(
            read("a.txt", "\u{feff}Head\r\n\r\nLead\r\ngoes on.\r\n\r\nBody.\n"),
            parts("Head", "Lead\ngoes on.", "Body.")
        );
        assert_eq!(read("b.txt", "Head alone"), parts("Head alone", "", ""));
        assert!(read("c.txt", "Head\nno blank line").unwrap_err().contains("second line"));
        assert!(read("d.txt", "\n\n").unwrap_err().contains("empty"));
        let json = "{\"title\": \"Head\", \"text\": \"Lead.\\n\\nBody.\", \"file\": \"x\"}";
        assert_eq!(read("e.JSON", json), parts("Head", "Lead.", "Body."));
        assert!(read("f.json", "{}").unwrap_err().contains("text"));
        let page = format!(
            "<html><body><article><h1>Head</h1><p>{}</p></article></body></html>",
            "Some words of a text. ".repeat(20)
        );
        assert_eq!(read("g.html", &page).unwrap().0, "Head");
        assert!(read("h.html", "<p>x").is_err());
        assert!(read_sample(&folder.path().join("none.txt")).unwrap_err().starts_with("cannot read it"));
    }
}
