//! A story so far, and what one more report is to it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::novelty::{self, Said, Weighed};
use super::{NewsKind, NovelSentence, Origin, OriginKind, Report, StoryIndex, mention, origin, terms, turn};
use crate::text::sentence::sentences;

/// Sentences at the top of a text in which its news stands.
const LEAD: usize = 3;
/// Sentences at the end of a text in which notes of corrections stand.
const NOTICE: usize = 3;
/// New and informative sentences make a development if they weigh this share of the lead …
const SHARE_OF_LEAD: f32 = 0.25;
/// … or this one, while the story is young and its reports have said little,
const SHARE_OF_YOUNG_LEAD: f32 = 0.50;
/// which is so with fewer earlier reports than this.
const YOUNG: usize = 3;
/// Names that no earlier report has, which make a new sentence informative; one new number does too.
const NEW_NAMES: usize = 2;
/// A text of fewer words is a headline's: it tells neither whether its outlet reported by itself nor much that is new.
const ENOUGH_WORDS: usize = 20;
/// New words that make a headline alone news, and the IDF from which they count: "make", "say", "first" do not.
const HEADLINE_WORDS: usize = 2;
const HEADLINE_IDF: f32 = 2.5;
/// Bytes of a sentence that are looked at for names.
const BYTES: usize = 2 * 1024;
/// A report of which less than this share of the weight is in its own words is a reprint.
const OWN_SHARE: f32 = 0.15;
/// So many new sentences are news also under an old title.
const SEVERAL: usize = 3;
/// An earlier sentence that covers this much of another's weight is the same sentence.
const SAME: f32 = 0.85;

/// A story as it stands: what alerts and tables show.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StoryView {
    /// Distinct outlets, first first.
    pub outlets: Vec<String>,
    /// Distinct independent origins, first first: an outlet that names another origin is not one itself.
    pub origins: Vec<Origin>,
}

/// A report judged against its story so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What it is to the story.
    pub kind: NewsKind,
    /// Its own origins.
    pub origins: Vec<Origin>,
    /// What is new in it (empty for the first report: everything is).
    pub novel: Vec<NovelSentence>,
    /// The story with it.
    pub view: StoryView,
}

/// Judges `report` against the story so far: `view` and the `title\n\ntext` of its earlier reports.
///
/// A development is told of only on strong evidence, as a retelling in other words has new sentences too: a turn in
/// the title or the first sentence ("the Kremlin confirmed") of which no earlier sentence tells; or a new title or three
/// new sentences, and among the first three sentences new ones, with a number or names that no earlier report has, that weigh 25 % of them
/// (50 % while the story has fewer than three reports). Of a report that is hardly more than a headline, the headline is
/// judged: new, with two words that weigh and no earlier report has, or with a turn.
#[must_use]
pub fn judge(report: &Report, view: &StoryView, earlier: &[&str], index: &StoryIndex) -> Judged {
    let spans = sentences(&report.text);
    let named = origin::named(report, &spans);
    let first = earlier.is_empty() && view.outlets.is_empty();
    let (novel, weighed, develops) =
        if earlier.is_empty() { (Vec::new(), Vec::new(), false) } else { news(report, earlier, index) };

    let mut view_now = view.clone();
    if !view_now.outlets.contains(&report.outlet) {
        view_now.outlets.push(report.outlet.clone());
    }
    for origin in named.iter().filter(|named| named.independent).map(|named| &named.origin) {
        let known = view.origins.iter().any(|known| known.name == origin.name);
        let counts = origin.kind != OriginKind::Own
            || !origin.evidence.is_empty()
            || !may_hide_its_source(report) && (first || reports_itself(report, view, &weighed));
        if !known && counts {
            view_now.origins.push(origin.clone());
        }
    }

    let lead = spans.get(..2).unwrap_or(&spans).last().and_then(|span| report.text.get(..span.end));
    let tail: Vec<&str> =
        spans.iter().rev().take(NOTICE).filter_map(|span| report.text.get(span.clone())).collect();
    let kind = if first {
        NewsKind::New
    } else if turn::corrects(&report.title, lead.unwrap_or_default(), &tail) {
        NewsKind::Correction
    } else if develops {
        NewsKind::Development
    } else if !view.origins.is_empty() && view_now.origins.len() > view.origins.len() {
        NewsKind::Confirmation
    } else {
        NewsKind::Rehash
    };
    Judged { kind, origins: named.into_iter().map(|named| named.origin).collect(), novel, view: view_now }
}

/// What is new in `report`, its sentences as they weigh, and whether that makes a development.
fn news<'a>(
    report: &'a Report,
    earlier: &[&str],
    index: &StoryIndex,
) -> (Vec<NovelSentence>, Vec<Weighed<'a>>, bool) {
    let text = if report.text.trim().is_empty() { &report.title } else { &report.text };
    let said = Said::new(earlier);
    let weighed = novelty::weigh(&said, text, index);
    let mut novel: Vec<NovelSentence> =
        weighed.iter().filter(|one| one.is_novel()).map(Weighed::novel).collect();

    let turned = turned(&said, report, &weighed, index);
    let title = novelty::weigh_one(&said, &report.title, index);
    let says_more = title.is_novel() || novel.len() >= SEVERAL;
    let headline = !wrote_enough(report)
        && (title.is_novel() && headlines_news(&title) || turn::is_headlined(&said, &report.title));
    let develops =
        turned.is_some() || headline || says_more && wrote_enough(report) && informs(&weighed, earlier.len());
    let turned = turned.or_else(|| headline.then(|| title.novel()));
    if let Some(turned) = turned
        && novel.iter().all(|one| one.sentence != turned.sentence)
    {
        novel.insert(0, turned);
    }
    (novel, weighed, develops)
}

/// Whether an outlet that names nobody reported by itself: it is new to the story, wrote enough to tell, and did not
/// reprint what an earlier report says.
fn reports_itself(report: &Report, view: &StoryView, weighed: &[Weighed<'_>]) -> bool {
    let mass =
        |own: bool| weighed.iter().filter(|one| !own || !one.is_same(SAME)).map(|one| one.mass).sum::<f32>();
    !view.outlets.contains(&report.outlet) && wrote_enough(report) && mass(true) > OWN_SHARE * mass(false)
}

/// Whether the report may well say in words that are not understood whom it has its news from: attributions are known in
/// full only in English.
fn may_hide_its_source(report: &Report) -> bool {
    report.language.as_deref().is_some_and(|language| language != "en")
}

/// Whether there is more than a headline to judge by.
fn wrote_enough(report: &Report) -> bool {
    report.text.split_whitespace().nth(ENOUGH_WORDS).is_some()
        || report.text.chars().nth(3 * ENOUGH_WORDS).is_some()
}

/// The first sentence at the top that tells a turn of which no earlier one tells.
fn turned(
    said: &Said,
    report: &Report,
    weighed: &[Weighed<'_>],
    index: &StoryIndex,
) -> Option<NovelSentence> {
    let mut top = weighed.iter().take(1).map(|one| one.sentence).chain([report.title.as_str()]);
    let (sentence, word) = top.find_map(|sentence| Some((sentence, turn::first_new(said, sentence)?)))?;
    let mut novel = novelty::weigh_one(said, sentence, index).novel();
    if !novel.why.contains(word) {
        novel.why.push_str("; turn: ");
        novel.why.push_str(word);
    }
    Some(novel)
}

/// Whether the new sentences at the top bring what no retelling would bring.
fn informs(weighed: &[Weighed<'_>], earlier: usize) -> bool {
    let lead = || weighed.iter().take(LEAD);
    let all: f32 = lead().map(|one| one.mass).sum();
    let new: f32 = lead().filter(|one| one.is_novel() && is_informative(one)).map(|one| one.mass).sum();
    let share = if earlier < YOUNG { SHARE_OF_YOUNG_LEAD } else { SHARE_OF_LEAD };
    new > 0.0 && new >= share * all
}

/// Whether a headline has words enough that weigh and no earlier report has. Outlets, days and months do not count.
/// Headlines are short and in capitals: a number or names are too much to ask of them.
fn headlines_news(title: &Weighed<'_>) -> bool {
    let words = mention::words(terms::clip(title.sentence, BYTES), 0);
    let outlets = mention::mentions(&words);
    let idle = |span: &Range<usize>| {
        words.iter().enumerate().filter(|(_, word)| span.contains(&word.span.start)).any(|(at, word)| {
            outlets.iter().any(|mention| mention.words.contains(&at))
                || mention::MONTHS.contains(&&*word.lower)
                || word.lower.ends_with("day")
        })
    };
    let weighty = title.fresh.iter().filter(|(span, idf)| *idf >= HEADLINE_IDF && !idle(span));
    weighty.count() >= HEADLINE_WORDS
}

/// Whether a sentence has a number or names that no earlier report has. Names of outlets, days and months do not count.
fn is_informative(weighed: &Weighed<'_>) -> bool {
    let words = mention::words(terms::clip(weighed.sentence, BYTES), 0);
    let outlets = mention::mentions(&words);
    let (mut numbers, mut names) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        let fresh = weighed.fresh.iter().any(|(fresh, _)| fresh.contains(&word.span.start));
        if !fresh || outlets.iter().any(|mention| mention.words.contains(&at)) {
            continue;
        }
        let calendar = mention::MONTHS.contains(&&*word.lower) || word.lower.ends_with("day");
        if word.text.starts_with(|c: char| c.is_ascii_digit()) {
            // A year dates the background.
            numbers += usize::from(!mention::is_year(&word.lower));
        } else if at > 0 && word.text.starts_with(char::is_uppercase) && !calendar {
            names += 1;
        }
    }
    numbers > 0 || names >= NEW_NAMES
}
