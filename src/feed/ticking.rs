//! Lines of a watched page of which only the figures change: a clock ticks at each look and is no news, a death toll
//! changes and stays, and is.
//!
//! The first change is told at once, unless the line shows seconds. What changes again at the next look, or changed at
//! many of the last ones, waits until it stays as it is: for one look, or for half as many as it ticked at.

use std::collections::{BTreeMap, HashMap};

use super::noise::{has_seconds, pattern};
use super::watch::{Change, difference};
use crate::clock::Timestamp;
use crate::text::fingerprint::fingerprint;

/// Who changed at so many of the last 32 looks ticks.
const OFTEN: u32 = 6;
/// Most patterns that are remembered: a page of nothing but prices.
const MOST: usize = 512;
/// Parts what is written of a pattern; no sentence holds it.
const PART: char = '\t';

/// What is remembered of the lines whose figures changed lately, by pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticking(BTreeMap<String, Line>);

/// The lines of one pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Line {
    /// At which of the last 32 looks they changed, the last look in the lowest bit.
    looks: u32,
    /// What they said when they were last told, if they said something else since.
    told: Vec<String>,
}

impl Line {
    /// Whether they have stayed as they are for long enough to be news.
    fn rests(&self) -> bool {
        self.looks.trailing_zeros() >= (self.looks.count_ones() / 2).max(1)
    }
}

impl Ticking {
    /// As it was written.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        let line = |line: &str| {
            let mut parts = line.split(PART);
            let (pattern, looks) = (parts.next()?, parts.next()?);
            let looks = u32::from_str_radix(looks, 16).ok()?;
            Some((pattern.to_owned(), Line { looks, told: parts.map(str::to_owned).collect() }))
        };
        Self(stored.lines().filter_map(line).take(MOST).collect())
    }

    /// As text, a line for each pattern; empty if nothing changed lately.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (pattern, line) in &self.0 {
            let looks = format!("{:x}", line.looks);
            let parts =
                [pattern.as_str(), looks.as_str()].into_iter().chain(line.told.iter().map(String::as_str));
            text.push_str(&parts.collect::<Vec<_>>().join(&PART.to_string()));
            text.push('\n');
        }
        text
    }

    /// Whether something changed that is told only if it stays so: the next look needs the whole page.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.0.values().any(|line| !line.told.is_empty())
    }

    /// A look at which the page was as it had been.
    pub fn rest(&mut self) {
        self.0.values_mut().for_each(|line| line.looks <<= 1);
        self.0.retain(|_, line| line.looks != 0 || !line.told.is_empty());
    }

    /// What is to be told of the change from `before` to `after` at `now`: without what ticks, and with what ticked and
    /// stays. `None` if that is nothing.
    pub fn settle(&mut self, before: &str, after: &str, now: Timestamp) -> Option<Change> {
        let mut change = difference(before, after, now);
        let mut ticks: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (old, new) in pairs(&change) {
            ticks.entry(key(&new)).or_default().push((old, new));
        }
        self.rest();
        for (key, lines) in ticks {
            let known = self.0.get(&key).cloned().unwrap_or_default();
            // `rest` has moved the last look up by one.
            let again = known.looks & 2 != 0 || known.looks.count_ones() >= OFTEN;
            let (old, new): (Vec<String>, Vec<String>) = lines.into_iter().unzip();
            let mut line = Line { looks: known.looks | 1, ..known };
            if again || !line.told.is_empty() || new.iter().any(|new| has_seconds(new)) {
                take(&mut change.added, &new);
                take(&mut change.removed, &old);
                if line.told.is_empty() {
                    line.told = old;
                }
            }
            if self.0.len() < MOST || self.0.contains_key(&key) {
                self.0.insert(key, line);
            }
        }
        self.tell_what_rests(&mut change);
        (!change.added.is_empty() || !change.removed.is_empty()).then_some(change)
    }

    /// Adds what ticked and stays now.
    fn tell_what_rests(&mut self, change: &mut Change) {
        let resting = self.0.iter_mut().filter(|(_, line)| !line.told.is_empty() && line.rests());
        let mut resting: HashMap<&str, &mut Line> = resting.map(|(key, line)| (key.as_str(), line)).collect();
        if resting.is_empty() {
            return;
        }
        let mut news = Vec::new();
        for sentence in &change.kept {
            let Some(line) = resting.get_mut(key(sentence).as_str()) else { continue };
            match line.told.iter().position(|told| told == sentence) {
                // It says again what it said.
                Some(at) => drop(line.told.remove(at)),
                None => news.push(sentence.clone()),
            }
        }
        take(&mut change.kept, &news);
        change.added.append(&mut news);
        for line in resting.into_values() {
            change.removed.append(&mut line.told);
        }
    }
}

/// Each line that differs in nothing but figures from one that is gone, behind that.
fn pairs(change: &Change) -> Vec<(String, String)> {
    let mut gone: HashMap<String, Vec<&String>> = HashMap::new();
    for old in change.removed.iter().rev() {
        gone.entry(pattern(old)).or_default().push(old);
    }
    let pair = |new: &String| {
        let old = gone.get_mut(&pattern(new)).and_then(Vec::pop)?;
        new.contains(|c: char| c.is_ascii_digit()).then(|| (old.clone(), new.clone()))
    };
    change.added.iter().filter_map(pair).collect()
}

fn key(sentence: &str) -> String {
    fingerprint(&[pattern(sentence)])
}

/// Takes each of `these` out of `sentences`, once.
fn take(sentences: &mut Vec<String>, these: &[String]) {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for one in these {
        *left.entry(one).or_default() += 1;
    }
    sentences.retain(|sentence| match left.get_mut(sentence.as_str()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told at each look at a page that says each of `texts` in turn, "+" before what is new.
    fn told<T: AsRef<str>>(texts: &[T]) -> Vec<String> {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let mut ticking = Ticking::default();
        let look = |pair: &[T]| {
            // As it is kept between two looks.
            ticking = Ticking::read(&ticking.write());
            let change = ticking.settle(pair[0].as_ref(), pair[1].as_ref(), now);
            change.map_or_else(String::new, |change| {
                let added = change.added.iter().map(|new| format!("+{new}"));
                added.chain(change.removed.iter().map(|old| format!("-{old}"))).collect()
            })
        };
        texts.windows(2).map(look).collect()
    }

    fn says(pattern: &str, figures: &[u32]) -> Vec<String> {
        figures
            .iter()
            .map(|figure| format!("It is so.\n\n{}", pattern.replace('#', &figure.to_string())))
            .collect()
    }

    #[test]
    fn a_clock_is_told_once_at_most_and_one_with_seconds_never() {
        for (line, most) in [
            ("Clock: 03:06:#", 0),
            ("The office clock shows 03:06:# and the staff is there.", 0),
            ("It is now Monday 23 Nov 2026 03:06:# UTC", 0),
            ("It is # o'clock in the valley.", 1),
            ("Persons in the building today: #,217", 1),
        ] {
            let figures: Vec<u32> = (10..59).collect();
            let told = told(&says(line, &figures));
            assert!(told.iter().filter(|told| !told.is_empty()).count() <= most, "{line}: {told:?}");
        }
        let days =
            ["It is now Monday 23 Nov 2026 03:06:18 UTC", "It is now Tuesday 24 Nov 2026 03:06:18 UTC"];
        assert_eq!(told(&days), [""]);
    }

    #[test]
    fn a_number_that_changes_and_stays_is_told() {
        let once = told(&says("Dead: #", &[120, 120, 131, 131, 131]));
        assert_eq!(once, ["", "+Dead: 131-Dead: 120", "", ""]);
        let twice = told(&says("Dead: #", &[120, 131, 140, 140, 140]));
        assert_eq!(twice, ["+Dead: 131-Dead: 120", "", "+Dead: 140-Dead: 131", ""]);
        let back = told(&says("Dead: #", &[120, 131, 120, 120]));
        assert_eq!(back, ["+Dead: 131-Dead: 120", "", "+Dead: 120-Dead: 131"]);
        let hourly = told(&says("Dead: #", &[1, 2, 2, 2, 2, 3, 3, 3, 3, 4]));
        assert_eq!(hourly.iter().filter(|told| !told.is_empty()).count(), 3, "{hourly:?}");
    }

    #[test]
    fn a_toll_that_rises_at_every_look_is_told_when_it_stays() {
        let mut figures: Vec<u32> = (120..130).collect();
        figures.extend([129; 9]);
        let told: Vec<String> =
            told(&says("Dead: #", &figures)).into_iter().filter(|told| !told.is_empty()).collect();
        assert_eq!(told, ["+Dead: 121-Dead: 120", "+Dead: 129-Dead: 121"]);
        let mut second = says("The quake came at 03:04:#.", &[10, 12, 12]);
        second.truncate(3);
        assert_eq!(self::told(&second)[1], "+The quake came at 03:04:12.-The quake came at 03:04:10.");
    }

    #[test]
    fn what_changes_in_words_beside_a_clock_is_told_alone() {
        let texts = ["Clock: 03:04:51\n\nAll quiet.", "Clock: 03:05:51\n\nThe dam broke at 3."];
        assert_eq!(told(&texts), ["+The dam broke at 3.-All quiet."]);
        let rows = ["Day 1: 5\n\nDay 2: 6", "Day 1: 5\n\nDay 2: 6\n\nDay 3: 9"];
        assert_eq!(told(&rows), ["+Day 3: 9"], "a line more is no line that ticks");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_forgotten() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let page = |n: u32| {
            let name = |line: u32| {
                ["ab", "cd", "ef", "gh"].map(|part| part.repeat(line as usize / 9 % 9 + 1)).join("")
            };
            (0..2_000)
                .map(|line| format!("{}{}: {n}", name(line), "x".repeat(line as usize)))
                .collect::<Vec<_>>()
                .join("\n\n")
        };
        let mut ticking = Ticking::default();
        assert!(ticking.settle(&page(1), &page(2), now).is_some());
        assert!(ticking.0.len() <= MOST);
        (0..32).for_each(|_| ticking.rest());
        assert_eq!(ticking, Ticking::default());
    }
}
