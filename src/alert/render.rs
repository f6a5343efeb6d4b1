//! What the person reads: a headline, and a few lines that say who reports it, who said it first, and what is new.

use crate::story::{Judged, NovelSentence, Origin, StoryView};
use crate::text::count::count;

/// Most outlets that are named; the rest is counted.
const NAMED: usize = 6;
/// Most new sentences that are quoted.
const QUOTED: usize = 2;
/// How a sentence begins that a watched page says no more.
pub const REMOVED: &str = "No longer on the page: ";
/// How the line of a sentence begins that is new.
const NEW: &str = "New: ";
/// Longest quotation of one sentence, in characters.
const QUOTE_CHARS: usize = 240;

/// The lines under the headline of an alert. `news` says that this telling is about what is new in `judged`.
#[must_use]
pub fn body(judged: &Judged, news: bool) -> String {
    let mut lines = vec![counts(&judged.view)];
    if news {
        lines.extend(judged.novel.iter().take(QUOTED).map(quote));
    }
    lines.extend(outlets(&judged.view));
    lines.join("\n")
}

/// `body` with the quotations of `waiting`, a body that was not told yet.
#[must_use]
pub fn with_news_of(body: &str, waiting: &str) -> String {
    let is_news = |line: &&str| line.starts_with(NEW) || line.starts_with(REMOVED);
    let own: Vec<&str> = body.lines().filter(is_news).collect();
    let mut lines: Vec<&str> = body.lines().collect();
    for (at, news) in
        waiting.lines().filter(is_news).filter(|news| !own.contains(news)).take(2 * QUOTED).enumerate()
    {
        lines.insert((1 + at).min(lines.len()), news);
    }
    lines.join("\n")
}

/// "5 outlets, 1 origin: The New York Times".
#[must_use]
pub fn counts(view: &StoryView) -> String {
    let outlets = count(view.outlets.len(), "outlet");
    if view.origins.is_empty() {
        return outlets;
    }
    format!(
        "{outlets}, {}: {}",
        count(view.origins.len(), "origin"),
        list(view.origins.iter().map(|Origin { name, .. }| name.as_str()))
    )
}

fn quote(novel: &NovelSentence) -> String {
    let mut text: String = novel.sentence.chars().take(QUOTE_CHARS).collect();
    if text.len() < novel.sentence.len() {
        text.push('…');
    }
    if text.starts_with(REMOVED) { text } else { format!("{NEW}{text}") }
}

/// The outlets by name, unless they are the origins, which are named already.
fn outlets(view: &StoryView) -> Option<String> {
    let named = |name: &String| view.origins.iter().any(|origin| origin.name == *name);
    let all_named = view.origins.len() == view.outlets.len() && view.outlets.iter().all(named);
    (!all_named).then(|| list(view.outlets.iter().map(String::as_str)))
}

fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let text = names.take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{NewsKind, OriginKind};

    #[test]
    fn what_a_page_says_no_more_is_not_called_new() {
        let novel = |sentence: &str| NovelSentence { sentence: sentence.into(), why: "x".into() };
        let judged = Judged {
            kind: NewsKind::Development,
            origins: vec![],
            novel: vec![novel("It closes at ten."), novel(&format!("{REMOVED}It closes at nine."))],
            view: StoryView { outlets: vec!["Lock".into()], origins: vec![] },
        };
        let text = body(&judged, true);
        assert!(
            text.contains("\nNew: It closes at ten.\nNo longer on the page: It closes at nine."),
            "{text}"
        );
        assert!(
            with_news_of("1 outlet", &text).ends_with("at ten.\nNo longer on the page: It closes at nine.")
        );
    }

    #[test]
    fn an_alert_names_outlets_and_origins_and_quotes_what_is_new() {
        let view = StoryView {
            outlets: ["A", "B", "C", "D", "E", "F", "G", "H"].map(String::from).to_vec(),
            origins: vec![Origin {
                name: "The New York Times".into(),
                kind: OriginKind::Outlet,
                evidence: "NYT says".into(),
            }],
        };
        let novel = vec![NovelSentence { sentence: "Long ".repeat(100), why: "new".into() }];
        let judged = Judged { kind: NewsKind::Development, origins: vec![], novel, view };
        let text = body(&judged, true);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "8 outlets, 1 origin: The New York Times");
        assert!(lines[1].starts_with("New: Long Long") && lines[1].ends_with('…'));
        assert_eq!(lines[2], "A, B, C, D, E, F and 2 more");
        assert_eq!(body(&judged, false).lines().count(), 2);
        let origin =
            |name: &str| Origin { name: name.into(), kind: OriginKind::Own, evidence: String::new() };
        let view =
            StoryView { outlets: vec!["A".into(), "B".into()], origins: vec![origin("B"), origin("A")] };
        let judged = Judged { view, ..judged };
        assert_eq!(body(&judged, false), "2 outlets, 2 origins: B, A", "each is named once");
    }
}
