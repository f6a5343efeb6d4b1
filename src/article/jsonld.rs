//! What the page says of its article in JSON-LD (schema.org): headline, dates, authors, publisher.

use serde_json::Value;

use super::blocks::clean;
use super::dom::Page;
use super::from_entry::text_of_html;

/// Largest script that is parsed, in bytes.
const MAX_SCRIPT: usize = 1024 * 1024;
/// Longest text of an article that is kept, in characters.
const MAX_BODY: usize = 200_000;
/// Most objects that are looked at on one page.
const MAX_OBJECTS: usize = 500;

/// The fields of the page's article object; empty where the page does not say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct JsonLd {
    pub(super) headline: Option<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) publisher: Option<String>,
    /// Who supplied the text, if not the publisher: `sourceOrganization`, `provider` or `creditText`.
    pub(super) supplier: Option<String>,
    pub(super) language: Option<String>,
    /// The text of the article, in paragraphs parted by a blank line.
    pub(super) body: Option<String>,
    /// The page has an article object; a `LiveBlogPosting`; a `VideoObject`.
    pub(super) article: bool,
    pub(super) live: bool,
    pub(super) video: bool,
    /// `isAccessibleForFree`.
    pub(super) free: Option<bool>,
    /// `liveBlogUpdate`.
    pub(super) updates: Vec<Update>,
    /// The fields that microdata gave.
    pub(super) in_microdata: Vec<&'static str>,
}

impl JsonLd {
    /// Takes `value` from microdata for `field`, if there is one and JSON-LD gave none.
    pub(super) fn add(&mut self, field: &'static str, value: Option<String>) {
        let (Some(value), Some(place)) = (
            value,
            match field {
                "headline" => Some(&mut self.headline),
                "published" => Some(&mut self.published),
                "modified" => Some(&mut self.modified),
                "publisher" => Some(&mut self.publisher),
                "language" => Some(&mut self.language),
                _ => None,
            },
        ) else {
            return;
        };
        if place.is_none() {
            *place = Some(value);
            self.in_microdata.push(field);
        }
    }

    /// Which evidence gave `field`.
    pub(super) fn evidence(&self, field: &str) -> &'static str {
        if self.in_microdata.contains(&field) { "microdata" } else { "json-ld" }
    }
}

/// A post of a live page.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Update {
    pub(super) at: Option<String>,
    pub(super) headline: Option<String>,
    pub(super) text: String,
}

/// Reads the scripts of `page`. Broken JSON is passed over.
pub(super) fn read(page: &Page) -> JsonLd {
    let objects: Vec<Value> = page
        .scripts()
        .filter(|text| text.len() <= MAX_SCRIPT)
        .filter_map(parse)
        .flat_map(unfold)
        .take(MAX_OBJECTS)
        .collect();
    let is = |object: &Value, wanted: &str| kinds(object).any(|kind| kind == wanted);
    let video = objects.iter().any(|object| is(object, "VideoObject"));
    // A live page stands beside the posts that it lists.
    let live = objects.iter().find(|object| is(object, "LiveBlogPosting"));
    let Some(article) = live.or_else(|| objects.iter().find(|object| is_article(object))) else {
        return JsonLd { video, ..JsonLd::default() };
    };
    // A graph names its organisations beside the article, which then points to them by `@id`.
    let named = |value: &Value| -> Option<String> {
        let id = value.get("@id")?;
        objects
            .iter()
            .filter(|other| other.get("@id") == Some(id))
            .find_map(|other| string(other.get("name")))
    };
    let name =
        |value: &Value| string(Some(value)).or_else(|| string(value.get("name"))).or_else(|| named(value));
    let field = |key: &str| string(article.get(key));
    let one = |key: &str| article.get(key).and_then(|value| list(value).iter().copied().find_map(name));
    let publisher = one("publisher");
    let supplier = ["sourceOrganization", "provider", "creditText"]
        .into_iter()
        .find_map(|key| one(key).filter(|name| Some(name) != publisher.as_ref()));
    JsonLd {
        article: true,
        live: live.is_some(),
        video,
        free: article.get("isAccessibleForFree").and_then(truth),
        updates: article.get("liveBlogUpdate").map(updates).unwrap_or_default(),
        in_microdata: Vec::new(),
        body: article.get("articleBody").and_then(Value::as_str).map(paragraphs),
        headline: field("headline").or_else(|| field("name")),
        published: field("datePublished").or_else(|| field("dateCreated")),
        modified: field("dateModified"),
        authors: article
            .get("author")
            .or_else(|| article.get("creator"))
            .map(|value| list(value).iter().copied().filter_map(name).collect())
            .unwrap_or_default(),
        publisher,
        supplier,
        language: field("inLanguage")
            .or_else(|| article.get("inLanguage").and_then(|value| string(value.get("alternateName")))),
    }
}

/// A text with or without markup as paragraphs.
fn paragraphs(text: &str) -> String {
    let text: String = text.chars().take(MAX_BODY).collect();
    let text = if text.contains("</") { text_of_html(&text) } else { text };
    let lines = text.lines().map(clean).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

/// JSON, also where line breaks stand raw in strings or a comment wraps it.
fn parse(script: &str) -> Option<Value> {
    let script = script.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim();
    let script = script.trim_end_matches("-->").trim_end_matches("//]]>").trim_end().trim_end_matches(';');
    serde_json::from_str(script)
        .or_else(|_| serde_json::from_str(&script.replace(|c: char| c.is_control(), " ")))
        .ok()
}

/// The objects of a script: itself, the members of arrays and `@graph`, and what a page's `mainEntity` is.
fn unfold(value: Value) -> Vec<Value> {
    let (mut objects, mut todo) = (Vec::new(), vec![value]);
    while let Some(value) = todo.pop() {
        match value {
            Value::Array(members) => todo.extend(members.into_iter().take(MAX_OBJECTS).rev()),
            Value::Object(mut object) => {
                for key in ["mainEntity", "mainEntityOfPage", "@graph"] {
                    if object.get(key).is_some_and(|inner| inner.is_array() || inner.is_object()) {
                        todo.extend(object.remove(key));
                    }
                }
                objects.push(Value::Object(object));
            }
            _ => {}
        }
    }
    objects
}

/// True for schema.org's Article and its kinds (`NewsArticle`, `ReportageNewsArticle`, `BlogPosting`, …).
fn is_article(object: &Value) -> bool {
    kinds(object).any(|kind| {
        kind.ends_with("Article")
            || kind.ends_with("BlogPosting")
            || matches!(kind, "Report" | "Review" | "SocialMediaPosting")
    })
}

/// The types of an object.
fn kinds(object: &Value) -> impl Iterator<Item = &str> {
    object.get("@type").map(list).unwrap_or_default().into_iter().filter_map(Value::as_str)
}

/// True or false, also as a word: "False".
fn truth(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    })
}

/// The posts of a live page.
fn updates(value: &Value) -> Vec<Update> {
    let field = |update: &Value, keys: [&str; 2]| keys.iter().find_map(|key| string(update.get(*key)));
    list(value)
        .into_iter()
        .map(|update| Update {
            at: field(update, ["datePublished", "dateModified"]),
            headline: field(update, ["headline", "name"]),
            text: update.get("articleBody").and_then(Value::as_str).map(paragraphs).unwrap_or_default(),
        })
        .collect()
}

/// The members of an array, or the value itself.
fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |members| members.iter().take(MAX_OBJECTS).collect())
}

/// A string that says something, without markup's entities and white space.
fn string(value: Option<&Value>) -> Option<String> {
    let text = clean(value?.as_str()?);
    (!text.is_empty()).then_some(text)
}
