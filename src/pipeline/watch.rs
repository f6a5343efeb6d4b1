//! A watched page: what it says now against what it said at the last look.

use super::Job;
use crate::alert::REMOVED;
use crate::article::{Article, TextFrom, text_of_html};
use crate::clock::Timestamp;
use crate::feed::{Entry, change};
use crate::text::fingerprint::fingerprint;

/// What a watched page says.
pub(super) enum Watched {
    /// It was not looked at before: the page itself is the article.
    First,
    /// What it said at the last look.
    Same,
    /// It broke off, and only lacks some of what it said: that proves nothing, so the last text stays.
    Unproven,
    /// Something else: the article of the change, and how many bytes of its body are new.
    Changed(Box<Article>, usize),
}

/// The text of a watched page.
pub(super) fn watched_text(entry: &Entry) -> String {
    entry.content_html.as_deref().map(text_of_html).unwrap_or_default()
}

/// Compares a watched page, whose text is `text` now, with the last look. A change gets a key of its own. `broken`: the
/// page broke off.
pub(super) fn compare(job: &Job, entry: &mut Entry, text: &str, broken: bool, now: Timestamp) -> Watched {
    let Some(before) = job.watched.as_deref() else { return Watched::First };
    let Some(change) = change(before, text, now) else { return Watched::Same };
    if broken && change.only_removes() {
        return Watched::Unproven;
    }
    // The same change may come again later (works, outage, works, outage): the key holds both texts and when the last
    // look was stored, which a crash does not move.
    let since = job.last_full.map(|at| at.to_string()).unwrap_or_default();
    entry.key = fingerprint(&[before, text, &since]);
    let kept = change.kept.join("\n\n");
    let mut said = change.added;
    said.extend(change.removed.iter().map(|sentence| format!("{REMOVED}{sentence}")));
    let (lead, news) =
        said.split_first().map(|(lead, rest)| (lead.clone(), rest.join("\n\n"))).unwrap_or_default();
    // The rest of the page follows: a rule may have one word there and the other in what is new.
    let body = if news.is_empty() { kept } else { format!("{news}\n\n{kept}") };
    let article = Article {
        url: entry.url.clone(),
        title: entry.title.clone().unwrap_or_else(|| job.source.url.to_string()),
        lead,
        body,
        language: entry.language.clone(),
        text_from: TextFrom::Page,
        ..Article::default()
    };
    Watched::Changed(Box::new(article), news.len())
}
