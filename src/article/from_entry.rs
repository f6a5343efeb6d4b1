//! An article out of what the feed itself carries, where the page is not fetched, fails, or is a stub.

use super::blocks::{blocks, clean};
use super::dom::Page;
use super::lead::split_lead;
use super::{Article, TextFrom};
use crate::feed::Entry;
use crate::text::address;
use crate::text::language::Languages;

/// The article that `entry` itself tells; `because` says why its page was not used. `languages` knows those of the entries
/// before.
#[must_use]
pub fn from_entry(entry: &Entry, because: &str, languages: &mut Languages) -> Article {
    let text = |html: &Option<String>| html.as_deref().map(text_of_html).unwrap_or_default();
    let (summary, content) = (text(&entry.summary_html), text(&entry.content_html));
    let split = |text: &str| {
        let (lead, body) = split_lead(text);
        (lead.to_owned(), body.to_owned())
    };
    let (lead, body) = if content.is_empty() {
        split(&summary)
    } else if summary.is_empty()
        || summary.contains("\n\n")
        || content.contains(summary.trim_end_matches(['.', '…', ' ']))
    {
        // A summary that the content holds, or that is a text itself, is no standfirst.
        split(&content)
    } else {
        (summary, content)
    };
    let title = entry.title.as_deref().map(clean).unwrap_or_default();
    let language = languages.detect(&format!("{lead}\n\n{body}"), entry.language.as_deref());
    Article {
        url: entry.url.clone(),
        canonical_url: entry.url.as_ref().map(address::canonical),
        title,
        byline: Some(clean(&entry.authors.join(", "))).filter(|names| !names.is_empty()),
        published: entry.published,
        published_from: if entry.published.is_some() { "feed".to_owned() } else { String::new() },
        modified: entry.updated,
        language,
        text_from: TextFrom::Feed(because.to_owned()),
        lead,
        body,
        ..Article::default()
    }
}

/// The text of a fragment of HTML: paragraphs separated by a blank line, no markup. Empty if the fragment is too deep
/// or too large to parse safely.
#[must_use]
pub fn text_of_html(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return clean(html);
    }
    let Ok(page) = Page::parse(html) else { return String::new() };
    blocks(&page).into_iter().map(|block| block.text).collect::<Vec<_>>().join("\n\n")
}
