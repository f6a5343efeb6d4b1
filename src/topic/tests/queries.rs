//! Random queries on random texts, against their meaning written down plainly: every choice of hits is tried.

use proptest::prelude::*;

use super::reference::{WORDS, phrase};
use super::{article, compile};
use crate::article::Article;

#[derive(Debug, Clone)]
enum Query {
    Line(Vec<Vec<usize>>),
    And(Vec<Query>),
    Or(Vec<Query>),
    Near(usize, bool, Vec<Query>),
    AtLeast(usize, Vec<Query>),
    Different(usize, Vec<Vec<usize>>),
    Without(Box<Query>, Box<Query>),
}

/// Words in a row: run, first, end.
type Place = (usize, usize, usize);

impl Query {
    fn text(&self) -> String {
        let join = |of: &[Self], between: &str| of.iter().map(Self::text).collect::<Vec<_>>().join(between);
        let line = |phrases: &[Vec<usize>]| {
            let phrase =
                |words: &Vec<usize>| words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
            phrases.iter().map(|words| format!("\"{}\"", phrase(words))).collect::<Vec<_>>().join(" | ")
        };
        match self {
            Self::Line(phrases) => line(phrases),
            Self::And(of) => format!("({})", join(of, " AND ")),
            Self::Or(of) => format!("({})", join(of, " OR ")),
            Self::Near(words, ordered, of) => {
                format!("({})", join(of, &format!(" {}NEAR/{words} ", if *ordered { "O" } else { "" })))
            }
            Self::AtLeast(min, of) => format!("ATLEAST/{min} ({})", join(of, " OR ")),
            Self::Different(min, phrases) => format!("ATLEAST/{min} ({})", line(phrases)),
            Self::Without(one, other) => format!("({} AND NOT {})", one.text(), other.text()),
        }
    }

    fn holds(&self, zones: &[Vec<usize>]) -> bool {
        match self {
            Self::Line(_) | Self::Near(..) => !self.places(zones).is_empty(),
            Self::And(of) => of.iter().all(|part| part.holds(zones)),
            Self::Or(of) => of.iter().any(|part| part.holds(zones)),
            Self::AtLeast(min, of) => of.iter().filter(|part| part.holds(zones)).count() >= *min,
            Self::Different(min, phrases) => {
                let mut different = phrases.clone();
                different.sort();
                different.dedup();
                different.retain(|phrase| Self::Line(vec![phrase.clone()]).holds(zones));
                different.len() >= *min
            }
            Self::Without(one, other) => one.holds(zones) && !other.holds(zones),
        }
    }

    /// Where a line or a window hits, outside furniture. The body follows the lead.
    fn places(&self, zones: &[Vec<usize>]) -> Vec<Place> {
        match self {
            Self::Line(phrases) => {
                let mut places = Vec::new();
                for (zone, run, before) in [(0, 0, 0), (1, 1, 0), (2, 1, zones[1].len())] {
                    for phrase in phrases {
                        let at = (0..zones[zone].len()).filter(|at| zones[zone][*at..].starts_with(phrase));
                        places.extend(at.map(|at| (run, at + before, at + before + phrase.len())));
                    }
                }
                places
            }
            Self::Or(of) => of.iter().flat_map(|part| part.places(zones)).collect(),
            Self::Near(words, ordered, of) => {
                let choices = of.iter().fold(vec![Vec::new()], |choices: Vec<Vec<Place>>, part| {
                    let places = part.places(zones);
                    let longer = |choice: &Vec<Place>| -> Vec<Vec<Place>> {
                        places.iter().map(|place| [choice.as_slice(), &[*place]].concat()).collect()
                    };
                    choices.iter().flat_map(longer).collect()
                });
                let window = |choice: &Vec<Place>| {
                    let (run, _, _) = choice[0];
                    let in_order = choice.windows(2).all(|pair| pair[0].2 <= pair[1].1);
                    let first = choice.iter().map(|place| place.1).min()?;
                    let end = choice.iter().map(|place| place.2).max()?;
                    let fits = choice.iter().all(|place| place.0 == run) && end - first <= *words;
                    (fits && (in_order || !ordered)).then_some((run, first, end))
                };
                let mut places: Vec<_> = choices.iter().filter_map(window).collect();
                places.sort_unstable();
                places.dedup();
                places
            }
            _ => Vec::new(),
        }
    }
}

fn query() -> impl Strategy<Value = Query> {
    use proptest::collection::vec;
    let line = vec(phrase(), 1..3).prop_map(Query::Line);
    let in_window = line.prop_recursive(2, 5, 2, |part| {
        let parts = vec(part, 2..=2);
        prop_oneof![
            parts.clone().prop_map(Query::Or),
            (1_usize..9, any::<bool>(), parts)
                .prop_map(|(words, ordered, of)| Query::Near(words, ordered, of)),
        ]
    });
    in_window.prop_recursive(3, 12, 3, |part| {
        let parts = vec(part.clone(), 2..4);
        prop_oneof![
            parts.clone().prop_map(Query::And),
            parts.clone().prop_map(Query::Or),
            // An OR in the list would be dissolved into it.
            vec(part.clone(), 2..4)
                .prop_filter("an OR", |of| of.iter().all(|part| !matches!(part, Query::Or(_))))
                .prop_map(|of| Query::AtLeast(2, of)),
            Just(Query::Different(2, vec![vec![0], vec![1, 2], vec![3]])),
            (part.clone(), part).prop_map(|(one, other)| Query::Without(Box::new(one), Box::new(other))),
        ]
    })
}

proptest! {
    #[test]
    fn queries_judge_as_the_plain_meaning(
        query in query(),
        texts in proptest::collection::vec(proptest::collection::vec(0..WORDS.len(), 0..9), 4),
    ) {
        let text = |zone: usize| texts[zone].iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
        let subject = Article { lead: text(1), furniture: text(3), ..article(&text(0), &text(2)) };
        let set = compile(&format!("[topic.t]\nmin_score = 0\nquery = '{}'", query.text()));
        let evaluation = set.explain(&subject).remove(0);
        prop_assert_eq!(evaluation.matched, query.holds(&texts), "{}\n{:#?}", query.text(), evaluation);
        prop_assert_eq!(evaluation.matched, evaluation.why_not.is_empty(), "{}\n{:#?}", query.text(), evaluation);
        prop_assert_eq!(set.judge(&subject).iter().any(|one| one.matched), evaluation.matched);
        for one in &evaluation.evidence {
            prop_assert_eq!(subject.zone(one.zone).get(one.span.clone()), Some(one.text.as_str()));
        }
    }
}
