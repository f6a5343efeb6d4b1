//! A watched page: what it says now against what it said at the last look.

use super::Job;
use crate::alert::REMOVED;
use crate::article::{Article, TextFrom, Zone, text_of_html};
use crate::clock::Timestamp;
use crate::feed::{Entry, Ticking, change};
use crate::source::SourceKind;
use crate::text::fingerprint::fingerprint;
use crate::topic::{Evaluation, Evidence};

/// A text this many times shorter than the last one, with nothing of that left, is in doubt.
const SHRUNK: usize = 4;
/// Parts the text from what else is remembered; no text holds it.
const PART: char = '\u{C}';

/// What is remembered of a watched page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Last {
    /// What it said.
    pub(super) text: String,
    /// The page broke off already then.
    broken: bool,
    /// The last look found something else that was in doubt.
    doubted: bool,
    /// The lines whose figures changed lately.
    ticking: Ticking,
}

impl Last {
    /// As it was written.
    pub(super) fn read(stored: &str) -> Self {
        let (text, rest) = stored.split_once(PART).unwrap_or((stored, ""));
        let (said, ticking) = rest.split_once('\n').unwrap_or((rest, ""));
        Self {
            text: text.to_owned(),
            broken: said.contains("broken"),
            doubted: said.contains("doubted"),
            ticking: Ticking::read(ticking),
        }
    }

    pub(super) fn write(&self) -> String {
        let ticking = self.ticking.write();
        match (self.broken, self.doubted) {
            (false, false) if ticking.is_empty() => self.text.clone(),
            (broken, doubted) => {
                let said = |is: bool, word: &'static str| if is { word } else { "" };
                let (broken, doubted) = (said(broken, "broken"), said(doubted, "doubted"));
                format!("{}{PART}{broken} {doubted}\n{ticking}", self.text)
            }
        }
    }

    /// Whether something changed that is told only if it stays so: the next look needs the whole page.
    pub(super) fn waits(&self) -> bool {
        self.ticking.waits()
    }

    /// What to remember if `text` is in doubt: nothing is left of what the page said, and it says far less. Sites answer so
    /// while they are being mended, with a status of success and in words that nobody can list; the next look decides.
    pub(super) fn doubts(&self, text: &str, now: Timestamp) -> Option<String> {
        let odd = !self.doubted
            && text.len() < self.text.len() / SHRUNK
            && change(&self.text, text, now).is_some_and(|change| change.kept.is_empty());
        odd.then(|| Self { doubted: true, ..self.clone() }.write())
    }
}

/// What is to be remembered of a watched page that is as it was, if that is another thing than before.
pub(super) fn unchanged(job: &Job) -> Option<String> {
    let is_page = matches!(job.source.kind, SourceKind::Watch { .. });
    let last = Last::read(job.watched.as_deref().filter(|_| is_page)?);
    let mut now = Last { doubted: false, ..last.clone() };
    now.ticking.rest();
    (now != last).then(|| now.write())
}

/// What a watched page says.
pub(super) enum Watched {
    /// It was not looked at before: the page itself is the article.
    First,
    /// What it said at the last look.
    Same,
    /// It broke off, as it did not before, and only lacks some of what it said: that proves nothing, so the last text stays.
    Unproven,
    /// Something else: the article of the change, and how many bytes of its body are new.
    Changed(Box<Article>, usize),
}

/// The text of a watched page.
pub(super) fn watched_text(entry: &Entry) -> String {
    entry.content_html.as_deref().map(text_of_html).unwrap_or_default()
}

/// Compares a watched page, whose text is `text` now, with the last look, and says what to remember of it. A change gets
/// a key of its own. `broken`: the page broke off.
pub(super) fn compare(
    job: &Job,
    entry: &mut Entry,
    text: String,
    broken: bool,
    now: Timestamp,
) -> (Watched, Last) {
    let last = job.watched.as_deref().map(Last::read);
    let ticking = last.as_ref().map(|last| last.ticking.clone()).unwrap_or_default();
    let mut next = Last { text, broken, doubted: false, ticking };
    let Some(last) = last else { return (Watched::First, next) };
    let (before, text) = (last.text.as_str(), next.text.as_str());
    if broken && !last.broken && change(before, text, now).is_some_and(|change| change.only_removes()) {
        return (Watched::Unproven, last);
    }
    let Some(change) = next.ticking.settle(before, text, now) else { return (Watched::Same, next) };
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
    (Watched::Changed(Box::new(article), news.len()), next)
}

/// Why what is true of a watched page is not of what changed on it.
pub const UNCHANGED: &str = "every hit stands in the part of the page that did not change";

/// A watched page is judged whole, as a rule may have one word in its old part and the other in the new one; but where
/// every hit stands in the old part, nothing that the person watches has changed.
pub(super) fn only_what_changed_counts(evaluation: &mut Evaluation, news_ends: usize) {
    let is_news = |evidence: &Evidence| {
        evidence.counts
            && match evidence.zone {
                Zone::Lead => true,
                Zone::Body => evidence.span.start < news_ends,
                Zone::Title | Zone::Furniture => false,
            }
    };
    if evaluation.matched && !evaluation.evidence.iter().any(is_news) {
        evaluation.matched = false;
        evaluation.why_not.insert(0, UNCHANGED.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_survives_writing() {
        for (broken, doubted) in [(false, false), (true, false), (false, true), (true, true)] {
            let text = "One.\n\nTwo is broken.".to_owned();
            for ticking in [Ticking::default(), Ticking::read("abc\t3\tIt was doubted.\tBroken at 3.\n")] {
                let last = Last { text: text.clone(), broken, doubted, ticking };
                assert_eq!(Last::read(&last.write()), last);
            }
        }
        assert_eq!(Last::read("It is doubted."), Last { text: "It is doubted.".into(), ..Last::default() });
    }
}
