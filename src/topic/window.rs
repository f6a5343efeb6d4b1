//! `near`: the tightest window of words, within one run of the text, that holds a hit of every line.
//!
//! Title, text and furniture are a run each. The text is lead and body: the lead is but its first paragraph, which
//! names the actors where the second names the matter.

use super::findings::Hit;
use crate::article::Zone;

/// What is read in one go.
const RUNS: [&[Zone]; 3] = [&[Zone::Title], &[Zone::Lead, Zone::Body], &[Zone::Furniture]];

/// A row of words in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    /// The run's place in [`RUNS`].
    run: usize,
    /// Exclusive. In words of the run, as `first`.
    end: usize,
    first: usize,
    /// Where its first word stands.
    from: Zone,
    /// Where its last word stands: another zone if it reaches from the lead into the body.
    to: Zone,
}

/// A window that holds a hit of every line: from the first word of its first hit to the last word of its last.
pub(super) type Window = Span;

impl Span {
    /// The words of `hit`. `lead`: the words of the lead, which the body follows.
    pub(super) fn of(hit: &Hit, lead: usize) -> Self {
        let run = RUNS.iter().position(|run| run.contains(&hit.zone)).unwrap_or_default();
        let before = if hit.zone == Zone::Body { lead } else { 0 };
        Self { run, end: hit.end + before, first: hit.first + before, from: hit.zone, to: hit.zone }
    }

    /// How many words it has.
    pub(super) fn words(&self) -> usize {
        self.end - self.first
    }

    /// `title`, or `lead and body`.
    pub(super) fn place(&self) -> String {
        if self.from == self.to {
            self.from.word().to_owned()
        } else {
            format!("{} and {}", self.from.word(), self.to.word())
        }
    }

    fn start(&self) -> (usize, Zone) {
        (self.first, self.from)
    }
}

/// The tightest of some windows; the earlier of two equal ones.
pub(super) fn tightest(windows: &[Window]) -> Option<Window> {
    windows.iter().copied().reduce(|best, one| if one.words() < best.words() { one } else { best })
}

/// The windows that hold a span of each of `parts` and no smaller such window, by run and end.
///
/// One sweep over the spans by where they end: for each part the latest start so far is remembered, and the earliest
/// of these starts opens the smallest window that ends here. Linear in the spans times the parts.
pub(super) fn windows(parts: &[Vec<Span>]) -> Vec<Window> {
    let numbered = |(part, spans): (usize, &Vec<Span>)| -> Vec<(Span, usize)> {
        spans.iter().map(|span| (*span, part)).collect()
    };
    let mut spans: Vec<(Span, usize)> = parts.iter().enumerate().flat_map(numbered).collect();
    spans.sort_unstable();
    let mut found = Found::default();
    for of_run in spans.chunk_by(|(a, _), (b, _)| a.run == b.run) {
        let mut latest: Vec<Option<(usize, Zone)>> = vec![None; parts.len()];
        for (span, part) in of_run {
            if let Some(start) = latest.get_mut(*part) {
                *start = (*start).max(Some(span.start()));
            }
            // `None` is the least: a part without a span so far leaves no window.
            let Some((first, from)) = latest.iter().min().copied().flatten() else { continue };
            found.add(Span { first, from, ..*span });
        }
    }
    found.0
}

/// The same where the spans stand in the order of `parts`, none beginning before the one before it ended.
pub(super) fn windows_in_order(parts: &[Vec<Span>]) -> Vec<Window> {
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let by_end = |spans: &mut Vec<Span>| spans.sort_unstable();
    let mut rows = first.clone();
    by_end(&mut rows);
    for part in rest {
        let mut spans = part.clone();
        spans.sort_unstable_by_key(|span| (span.run, span.first));
        let mut before = rows.iter().peekable();
        // The latest start of a row that ended by now.
        let mut latest: Option<Span> = None;
        let mut longer = Vec::new();
        for span in spans {
            while let Some(row) = before.next_if(|row| (row.run, row.end) <= (span.run, span.first)) {
                latest =
                    latest.filter(|known| (known.run, known.first) >= (row.run, row.first)).or(Some(*row));
            }
            if let Some(row) = latest.filter(|row| row.run == span.run) {
                longer.push(Span { first: row.first, from: row.from, ..span });
            }
        }
        by_end(&mut longer);
        rows = longer;
    }
    let mut found = Found::default();
    for row in rows {
        found.add(row);
    }
    found.0
}

/// Windows as they are found, by run and end; of those that hold another one only the inner is kept.
#[derive(Default)]
struct Found(Vec<Window>);

impl Found {
    fn add(&mut self, window: Window) {
        match self.0.last_mut() {
            // It ends no earlier, so it holds the last one unless it starts later.
            Some(last) if last.run == window.run && window.first <= last.first => {}
            Some(last) if last.run == window.run && window.end == last.end => *last = window,
            _ => self.0.push(window),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hit, Span, Window, tightest, windows, windows_in_order};
    use crate::article::Zone;

    /// The lead has so many words.
    const LEAD: usize = 20;

    fn spans(zone: Zone, places: &[(usize, usize)]) -> Vec<Span> {
        let hit = |(first, width): &(usize, usize)| Hit { zone, first: *first, end: first + width, term: 0 };
        places.iter().map(hit).map(|hit| Span::of(&hit, LEAD)).collect()
    }

    fn best(lines: &[Vec<Span>]) -> Option<(usize, String)> {
        tightest(&windows(lines)).map(|window| (window.words(), window.place()))
    }

    #[test]
    fn within_one_run() {
        for (one, other) in
            [(Zone::Title, Zone::Body), (Zone::Title, Zone::Lead), (Zone::Body, Zone::Furniture)]
        {
            assert_eq!(best(&[spans(one, &[(0, 2)]), spans(other, &[(1, 1)])]), None);
        }
        let lines = [spans(Zone::Body, &[(0, 2), (40, 2)]), spans(Zone::Body, &[(30, 1), (50, 1)])];
        assert_eq!(best(&lines), Some((11, "body".to_owned())));
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn the_body_follows_the_lead() {
        let lines = [spans(Zone::Lead, &[(0, 1), (18, 1)]), spans(Zone::Body, &[(3, 1), (30, 1)])];
        assert_eq!(best(&lines), Some((6, "lead and body".to_owned())));
    }

    #[test]
    fn in_order() {
        let (kim, putin) =
            (spans(Zone::Body, &[(5, 2), (9, 1)]), spans(Zone::Body, &[(0, 1), (6, 1), (20, 1)]));
        let found = windows_in_order(&[kim, putin]);
        assert_eq!(tightest(&found).map(|window| window.words()), Some(12), "the one at 6 overlaps");
    }

    /// Every choice of one span a part, as first and last word.
    fn choices(parts: &[Vec<Span>], ordered: bool) -> Vec<(usize, usize)> {
        let all = parts.iter().fold(vec![Vec::new()], |choices: Vec<Vec<Span>>, part| {
            choices
                .iter()
                .flat_map(|choice| part.iter().map(|span| [choice.as_slice(), &[*span]].concat()))
                .collect()
        });
        let fits =
            |choice: &Vec<Span>| !ordered || choice.windows(2).all(|pair| pair[0].end <= pair[1].first);
        all.iter()
            .filter(|choice| fits(choice))
            .filter_map(|choice| {
                let first = choice.iter().map(|span| span.first).min()?;
                Some((first, choice.iter().map(|span| span.end).max()?))
            })
            .collect()
    }

    proptest! {
        /// The windows are those choices of one span a part that hold no other choice. Places from the 20th on are
        /// the body's.
        #[test]
        fn as_if_every_choice_were_tried(parts in proptest::collection::vec(
            proptest::collection::vec((0_usize..40, 1_usize..5), 0..5), 1..4), ordered: bool)
        {
            let zoned = |(first, width): &(usize, usize)| match first.checked_sub(LEAD) {
                Some(first) => spans(Zone::Body, &[(first, *width)]),
                None => spans(Zone::Lead, &[(*first, *width)]),
            };
            let parts: Vec<Vec<Span>> = parts.iter().map(|places| places.iter().flat_map(zoned).collect()).collect();
            let all = choices(&parts, ordered);
            let holds_another = |one: &(usize, usize)| {
                all.iter().any(|other| other != one && one.0 <= other.0 && other.1 <= one.1)
            };
            let mut smallest: Vec<_> = all.iter().copied().filter(|one| !holds_another(one)).collect();
            smallest.sort_unstable();
            smallest.dedup();
            let found = if ordered { windows_in_order(&parts) } else { windows(&parts) };
            let found: Vec<_> = found.iter().map(|window: &Window| (window.first, window.end)).collect();
            prop_assert_eq!(found, smallest);
        }
    }
}
