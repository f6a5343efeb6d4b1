//! Which of several sources stands best for the page that a person pasted, and why.

use std::cmp::Reverse;
use std::time::Duration;

use super::guess::WHOLE;
use super::{Candidate, Sample, Via};
use crate::clock::{Timestamp, since};
use crate::source::SourceKind;
use crate::text::count::count;

/// A source that published nothing for so long is mostly one that was left behind.
const LEFT_BEHIND: Duration = Duration::from_hours(24 * 365);

/// A candidate that was read, with what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Where it is and how it is read.
    pub candidate: Candidate,
    /// What it holds.
    pub sample: Sample,
    /// Why it stands where it stands, in words.
    pub why: Vec<String>,
}

/// Puts what was read in order, the best first. `language` is that of the page.
#[must_use]
pub fn rank(read: Vec<(Candidate, Sample)>, language: Option<&str>, now: Timestamp) -> Vec<Ranked> {
    let mut scored: Vec<(i64, Ranked)> = read
        .into_iter()
        .map(|(candidate, sample)| {
            let (score, why) = judge(&candidate, &sample, language, now);
            (score, Ranked { candidate, sample, why })
        })
        .collect();
    // Stable: what the page names first is first among equals.
    scored.sort_by_key(|(score, _)| Reverse(*score));
    let (mut first, mut twins): (Vec<Ranked>, Vec<Ranked>) = (Vec::new(), Vec::new());
    for (_, mut ranked) in scored {
        let same = |other: &Ranked| {
            !other.sample.addresses.is_empty() && other.sample.addresses == ranked.sample.addresses
        };
        match first.iter().position(same) {
            Some(place) => {
                ranked.why.push(format!("the same entries as number {}", place + 1));
                twins.push(ranked);
            }
            None => first.push(ranked),
        }
    }
    // The other formats of a feed come after all that is different, but before what nobody wants.
    let worst = first
        .iter()
        .position(|ranked| ranked.sample.comments || ranked.sample.entries == 0)
        .unwrap_or(first.len());
    first.splice(worst..worst, twins);
    first
}

fn judge(
    candidate: &Candidate,
    sample: &Sample,
    language: Option<&str>,
    now: Timestamp,
) -> (i64, Vec<String>) {
    let mut why = Vec::new();
    let mut say = |score: i64, words: String| {
        why.push(words);
        score
    };
    let mut score = match candidate.via {
        Via::Itself => say(200, "this is what stands at the address".to_owned()),
        Via::Site(rule) => say(70, rule.to_owned()),
        Via::Declared => say(60, "the page names it as its feed".to_owned()),
        Via::Linked => say(30, "the page links to it".to_owned()),
        Via::Path => say(40, "found at a usual address".to_owned()),
        Via::Robots => say(40, "robots.txt names it".to_owned()),
        Via::Selected => say(200, "read by your selector".to_owned()),
        Via::Guess if matches!(&candidate.kind, SourceKind::Watch { selector } if selector == WHOLE) => {
            say(40, "no part of the page stands out, so all of it; --watch SELECTOR narrows it".to_owned())
        }
        Via::Guess => say(40, "read from how the page is built".to_owned()),
    };
    score += match candidate.kind {
        SourceKind::Feed => 100,
        SourceKind::Sitemap if sample.titled => 60,
        SourceKind::Links { .. } => 50,
        // Without titles it lists all that there is, the imprint too.
        SourceKind::Sitemap => 20,
        SourceKind::Watch { .. } => 0,
    };
    let entries = i64::try_from(sample.entries).unwrap_or(i64::MAX);
    if sample.entries == 0 {
        score += say(-200, "nothing in it".to_owned());
    } else if !matches!(candidate.via, Via::Site(_)) {
        // A site's own rules come in the order of their worth.
        score += entries.min(50) / 5;
    }
    if sample.on_page > 0 && candidate.kind == SourceKind::Feed {
        let share = i64::try_from(sample.on_page).unwrap_or(i64::MAX).saturating_mul(60) / entries.max(1);
        score +=
            say(share, format!("{} of its {} on the page", sample.on_page, count(sample.entries, "entry")));
    }
    if sample.full_text {
        score += say(25, "whole texts".to_owned());
    }
    if sample.comments {
        score += say(-500, "comments of readers, not articles".to_owned());
    }
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if let (Some(own), Some(page)) = (&sample.language, language)
        && primary(own) != primary(page)
    {
        score += say(
            -40,
            format!("in another language than the page ({} instead of {})", primary(own), primary(page)),
        );
    }
    if let Some(newest) = sample.newest
        && since(now, newest) > LEFT_BEHIND
    {
        score += say(-100, "nothing new for more than a year".to_owned());
    }
    if !sample.repairs.is_empty() {
        score += say(-5, "had to be repaired".to_owned());
    }
    (score, why)
}
