//! `[sets]`: each set flattened to its phrases, with unknown names and circles found.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use super::problem::{Fault, TopicProblem};
use super::spec::{Sets, Written};
use super::term::{Alternative, Term, parse};

/// All sets, flattened: no alternative is a set any more.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    sets: HashMap<String, Vec<Alternative>>,
    /// Those that have a mistake, or use one that has.
    flawed: HashSet<String>,
}

impl Catalogue {
    /// Flattens `sets`; what is wrong goes to `problems`. Without recursion: sets are finished in the order in which
    /// all that they use is finished, and those that never are stand in a circle.
    pub(super) fn new(sets: &Sets, problems: &mut Vec<TopicProblem>) -> Self {
        let mut catalogue = Self::default();
        let mut parse = |(name, (at, strings)): (&'_ String, &'_ (Written, Vec<Written>))| {
            let known = problems.len();
            let parsed = parse_set(name, at, strings, sets, problems);
            if problems.iter().skip(known).any(|problem| !problem.warning) {
                catalogue.flawed.insert(name.clone());
            }
            parsed
        };
        let parsed: BTreeMap<&str, Vec<Alternative>> =
            sets.iter().map(|set| (set.0.as_str(), parse(set))).collect();
        let mut unfinished: BTreeMap<&str, BTreeSet<&str>> =
            parsed.iter().map(|(name, alternatives)| (*name, used(alternatives).collect())).collect();
        let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, uses) in &unfinished {
            for used in uses {
                users.entry(*used).or_default().push(name);
            }
        }
        let mut ready: VecDeque<&str> =
            unfinished.iter().filter(|(_, uses)| uses.is_empty()).map(|(name, _)| *name).collect();
        while let Some(name) = ready.pop_front() {
            unfinished.remove(name);
            let own = parsed.get(name).map_or(&[][..], Vec::as_slice);
            let flat = catalogue.flatten(own);
            if used(own).any(|used| catalogue.is_flawed(used)) {
                catalogue.flawed.insert(name.to_owned());
            }
            catalogue.sets.insert(name.to_owned(), flat);
            for user in users.get(name).into_iter().flatten() {
                if let Some(uses) = unfinished.get_mut(user) {
                    uses.remove(name);
                    if uses.is_empty() {
                        ready.push_back(user);
                    }
                }
            }
        }
        report_circles(&unfinished, sets, problems);
        catalogue
    }

    /// The phrases of set `name`; nothing for a set that has a problem of its own.
    pub(super) fn get(&self, name: &str) -> &[Alternative] {
        self.sets.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether set `name` may lack phrases that it would have without some mistake.
    pub(super) fn is_flawed(&self, name: &str) -> bool {
        self.flawed.contains(name)
    }

    fn flatten(&self, alternatives: &[Alternative]) -> Vec<Alternative> {
        let mut seen = HashSet::new();
        let inner = alternatives.iter().flat_map(|one| match &one.term {
            Term::Phrase(_) => vec![one.clone()],
            Term::Set(name) => self
                .get(name)
                .iter()
                .filter_map(|inner| Some(Alternative { zones: inner.zones.and(one.zones)?, ..inner.clone() }))
                .collect(),
        });
        inner.filter(|one| seen.insert((one.written.clone(), one.zones))).collect()
    }
}

/// The alternatives of one set, without those that are wrong.
fn parse_set(
    name: &str,
    at: &Written,
    strings: &[Written],
    sets: &Sets,
    problems: &mut Vec<TopicProblem>,
) -> Vec<Alternative> {
    if strings.is_empty() {
        problems.push(Fault::new(format!("set `{name}` is empty"), "give it a phrase, or remove it").at(at));
    }
    let mut all = Vec::new();
    for written in strings {
        let (alternatives, faults) = parse(&written.text);
        problems.extend(faults.into_iter().map(|fault| fault.at(written)));
        all.extend(alternatives.into_iter().filter(|one| match unknown_set(one, sets) {
            Some(fault) => {
                problems.push(fault.at(written));
                false
            }
            None => true,
        }));
    }
    all
}

/// The problem of an alternative that names a set which does not exist.
pub(super) fn unknown_set(alternative: &Alternative, sets: &Sets) -> Option<Fault> {
    let Term::Set(name) = &alternative.term else { return None };
    if sets.contains_key(name) {
        return None;
    }
    let nearest = sets.keys().map(|known| (strsim::osa_distance(known, name), known)).min();
    // A third of the name may differ: more is another word.
    let message = format!("unknown set `@{name}`");
    Some(match nearest.filter(|(distance, _)| *distance <= (name.chars().count() / 3).max(1)) {
        Some((_, known)) => Fault::new(message, format!("did you mean `@{known}`?")),
        None => Fault::new(message, "define it under [sets]"),
    })
}

fn used(alternatives: &[Alternative]) -> impl Iterator<Item = &str> {
    alternatives.iter().filter_map(|one| match &one.term {
        Term::Set(name) => Some(name.as_str()),
        Term::Phrase(_) => None,
    })
}

/// Every set here waits for another one here: following them ends in a circle.
fn report_circles(
    unfinished: &BTreeMap<&str, BTreeSet<&str>>,
    sets: &Sets,
    problems: &mut Vec<TopicProblem>,
) {
    let mut seen = HashSet::new();
    for start in unfinished.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut name = *start;
        while seen.insert(name) {
            path.push(name);
            let Some(next) = unfinished.get(name).and_then(BTreeSet::first) else { break };
            name = next;
        }
        // The walk ended at a set of this walk (a new circle) or of an earlier one (told already).
        let Some(circle) = path.iter().position(|step| *step == name).and_then(|from| path.get(from..))
        else {
            continue;
        };
        let Some((at, _)) = sets.get(name) else { continue };
        let shown =
            circle.iter().chain([&name]).map(|step| format!("@{step}")).collect::<Vec<_>>().join(" → ");
        problems.push(
            Fault::new(format!("sets in a circle: {shown}"), "take one of them out of the other").at(at),
        );
    }
}
