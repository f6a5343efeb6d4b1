//! Sources of one host that are in trouble together: one alert for all of them, and one when they are well again.

use std::time::Duration;

use super::health::GAP_AGAIN;
use super::{Health, HealthNews, Trouble};
use crate::clock::{Timestamp, since};
use crate::source::SourceId;
use crate::text::clean::one_line;
use crate::text::count::{count, span};

/// From so many sources on, the host is in trouble rather than they.
const TOGETHER: usize = 3;
/// Who fails for so long already is no passing failure …
const FAILS: Duration = Duration::from_hours(6);
/// … nor is who gives something else for so long.
const REPLACED: Duration = Duration::from_mins(30);
/// Most sources that are named.
const NAMED: usize = 5;

/// Another source of the same host, as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// Which.
    pub id: SourceId,
    /// Its name, else its address.
    pub label: String,
    /// Since when it fails.
    pub failing_since: Option<Timestamp>,
    /// True if it gives something else than it should.
    pub replaced: bool,
    /// What is kept of its health.
    pub health: Health,
}

impl Neighbour {
    /// Whether it is in `trouble`, told or not told yet.
    fn shares(&self, trouble: Trouble, now: Timestamp) -> bool {
        let for_long = |least| self.failing_since.is_some_and(|begun| since(now, begun) >= least);
        match trouble {
            Trouble::Failing => for_long(FAILS) && !self.replaced || self.health.trouble == Some(trouble),
            Trouble::Replaced => for_long(REPLACED) && self.replaced || self.health.trouble == Some(trouble),
            _ => self.health.trouble == Some(trouble) && !self.health.untold,
        }
    }
}

/// What becomes of a trouble that began at one of the sources of a host. `sources`: all of them, that one too, its health
/// as it was after the look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begins {
    /// It is alone with it.
    Alone,
    /// The host's alert says so already.
    Told,
    /// The host is in trouble.
    Host(HealthNews),
}

/// Decides about a `trouble` that began at the source `id`, with `why`; what was told of is noted in `sources`.
pub fn begins(
    sources: &mut [Neighbour],
    id: &SourceId,
    trouble: Trouble,
    why: &str,
    now: Timestamp,
) -> Begins {
    let total = sources.len();
    let open =
        sources.iter().any(|one| one.id != *id && one.health.together && one.health.trouble == Some(trouble));
    let mut sharing: Vec<&mut Neighbour> =
        sources.iter_mut().filter(|one| one.id == *id || one.shares(trouble, now)).collect();
    if open {
        if let Some(one) = sharing.iter_mut().find(|one| one.id == *id) {
            one.health.told_together(trouble, now);
        }
        return Begins::Told;
    }
    if sharing.len() < TOGETHER {
        return Begins::Alone;
    }
    let longest = sharing.iter().filter_map(|one| one.failing_since).min().map(|begun| since(now, begun));
    let what = match (trouble, longest) {
        (Trouble::Failing, Some(time)) => format!("have failed for {}", span(time)),
        (Trouble::Failing, None) => "fail".to_owned(),
        (Trouble::Replaced, _) => "give something else than they should".to_owned(),
        (Trouble::Gone, _) => "are gone for good".to_owned(),
        (Trouble::Silent, _) => "have published nothing for long".to_owned(),
        (Trouble::Stubs, _) => "cut their texts short".to_owned(),
        (Trouble::Walls, _) => "show walls in place of their articles".to_owned(),
        (Trouble::Partial, _) => "have sitemaps that fail".to_owned(),
    };
    let what = format!("{} of {} {what}", sharing.len(), count(total, "source"));
    let why = format!("{why}\n{}", names(sharing.iter().map(|one| one.label.as_str())));
    for one in sharing {
        one.health.told_together(trouble, now);
    }
    Begins::Host(HealthNews { what, why, bad: true })
}

/// Ends the alert of a host, once each of its sources that were told of together was asked since the first came back.
/// What is told then is noted in `sources`.
pub fn ends(sources: &mut [Neighbour], now: Timestamp) -> Option<HealthNews> {
    let mut together: Vec<&mut Neighbour> = sources.iter_mut().filter(|one| one.health.together).collect();
    let first = together.iter().filter_map(|one| one.health.well).min()?;
    let waits = |one: &Neighbour| {
        let asked = one.health.asked.is_some_and(|last| last >= first);
        one.health.well.is_none() && one.health.trouble != Some(Trouble::Gone) && !asked
    };
    if together.iter().any(|one| waits(one)) {
        return None;
    }
    let told = together.iter().filter_map(|one| one.health.since).min();
    let (all, mut well, mut ill) = (together.len(), 0, Vec::new());
    for one in &mut together {
        if one.health.well.is_some() {
            well += 1;
            one.health.forget_trouble();
        } else {
            // From here on it stands for itself.
            one.health.together = false;
            ill.push(one.label.as_str());
        }
    }
    let what =
        format!("{well} of {} {} well again", count(all, "source"), if well == 1 { "is" } else { "are" });
    let after = told.map_or_else(String::new, |told| format!("{} after it was told", span(since(now, told))));
    let why =
        if ill.is_empty() { after } else { format!("{after}\nStill in trouble: {}", names(ill.into_iter())) };
    Some(HealthNews { what, why, bad: false })
}

/// What becomes of a gap that was noticed at one of the sources of a host, and is noted in its health: where several have
/// some within a day, as after a failure of their server, they are told together once.
#[must_use]
pub fn gaps(sources: &[Neighbour], now: Timestamp) -> Begins {
    let recent = |one: &&Neighbour| one.health.gap_told.is_some_and(|told| since(now, told) < GAP_AGAIN);
    let with_gaps: Vec<&Neighbour> = sources.iter().filter(recent).collect();
    match with_gaps.len() {
        0..TOGETHER => Begins::Alone,
        TOGETHER => {
            let what = "several sources may have published more than was seen".to_owned();
            let named = names(with_gaps.iter().map(|one| one.label.as_str()));
            let why = format!(
                "{named}
`newswatch status` shows from when to when, of these and of any that follow"
            );
            Begins::Host(HealthNews { what, why, bad: true })
        }
        _ => Begins::Told,
    }
}

fn names<'a>(labels: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = labels.len().saturating_sub(NAMED);
    let text = labels.take(NAMED).map(one_line).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;

    fn at(hours: u64) -> Timestamp {
        later("2023-09-04T12:00:00Z".parse().unwrap(), Duration::from_hours(hours))
    }

    fn sources(failing: usize, well: usize) -> Vec<Neighbour> {
        (0..failing + well)
            .map(|n| Neighbour {
                id: SourceId(format!("{n}")),
                label: format!("Feed {n}"),
                failing_since: (n < failing).then(|| at(0)),
                replaced: false,
                health: Health::default(),
            })
            .collect()
    }

    #[test]
    fn two_are_told_one_by_one_and_three_together() {
        let id = SourceId("0".into());
        assert_eq!(begins(&mut sources(2, 9), &id, Trouble::Failing, "500", at(24)), Begins::Alone);
        assert_eq!(begins(&mut sources(9, 0), &id, Trouble::Replaced, "html", at(24)), Begins::Alone);
        let mut many = sources(7, 3);
        let Begins::Host(news) = begins(&mut many, &id, Trouble::Failing, "500", at(24)) else { panic!() };
        assert_eq!(news.what, "7 of 10 sources have failed for 24 hours");
        assert_eq!(news.why, "500\nFeed 0, Feed 1, Feed 2, Feed 3, Feed 4 and 2 more");
        assert_eq!(many.iter().filter(|one| one.health.together).count(), 7);
        let late = SourceId("9".into());
        assert_eq!(begins(&mut many, &late, Trouble::Failing, "500", at(50)), Begins::Told);
        assert!(many[9].health.together);
    }

    #[test]
    fn the_end_is_told_when_all_were_asked_again() {
        let mut many = sources(4, 0);
        begins(&mut many, &SourceId("0".into()), Trouble::Failing, "500", at(24));
        assert_eq!(ends(&mut many, at(25)), None, "nobody came back");
        for one in &mut many[..3] {
            one.health.well = Some(at(30));
        }
        assert_eq!(ends(&mut many, at(31)), None, "the last was not asked yet");
        many[3].health.asked = Some(at(32));
        let news = ends(&mut many, at(32)).unwrap();
        assert_eq!(news.what, "3 of 4 sources are well again");
        assert_eq!(news.why, "8 hours after it was told\nStill in trouble: Feed 3");
        assert_eq!(many[3].health.trouble, Some(Trouble::Failing));
        assert!(many.iter().all(|one| !one.health.together) && many[0].health.trouble.is_none());
        assert_eq!(ends(&mut many, at(40)), None, "told once");
    }

    #[test]
    fn many_gaps_at_one_host_are_told_together_once() {
        let mut many = sources(0, 9);
        let told: Vec<bool> = (0..9)
            .map(|n| {
                many[n].health.gap_told = Some(at(0));
                gaps(&many, at(1)) == Begins::Told
            })
            .collect();
        assert_eq!(told, [false, false, false, true, true, true, true, true, true]);
        many.truncate(3);
        let Begins::Host(news) = gaps(&many, at(1)) else { panic!() };
        assert!(news.why.starts_with("Feed 0, Feed 1, Feed 2\n"), "{}", news.why);
        assert_eq!(gaps(&many, at(30)), Begins::Alone, "the next day");
    }
}
