//! Rules as written → rules that run, or every problem at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::check::{check_topic, check_way};
use super::example::{Examples, check_examples};
use super::filing::Filing;
use super::matcher::Matcher;
use super::problem::{Fault, TopicProblem};
use super::rule::{Line, Term, Terms, Topic, Way};
use super::sets::{Catalogue, unknown_set};
use super::spec::{LineSpec, Sets, TopicSpec, WaySpec, Written};
use super::term::{self, Alternative, parse};
use super::zones::Zones;

/// All topics, compiled. Immutable; swapped whole on reload.
#[derive(Debug, Default)]
pub struct TopicSet {
    /// In the order of their ids.
    pub(super) topics: Vec<Topic>,
    pub(super) matcher: Matcher,
    pub(super) filing: Filing,
    pub(super) examples: Examples,
}

impl TopicSet {
    /// Compiles every topic.
    ///
    /// # Errors
    /// Every problem of every rule; warnings are among them only if there is an error too.
    pub fn compile(specs: &[TopicSpec], sets: &Sets) -> Result<(Self, Vec<TopicProblem>), Vec<TopicProblem>> {
        let mut problems = Vec::new();
        let catalogue = Catalogue::new(sets, &mut problems);
        let mut builder = Builder {
            sets,
            catalogue,
            problems,
            matcher: Matcher::default(),
            terms: Vec::new(),
            known_terms: HashMap::new(),
            known_sets: HashMap::new(),
            known_lines: HashMap::new(),
        };
        let mut topics: Vec<Topic> = specs.iter().map(|spec| builder.topic(spec)).collect();
        if builder.problems.iter().any(|problem| !problem.warning) {
            return Err(builder.problems);
        }
        topics.sort_by(|a, b| a.id.cmp(&b.id));
        builder.matcher.finish();
        let filing = Filing::new(&topics, builder.matcher.len());
        let examples = specs.iter().filter_map(|spec| {
            let place = topics.binary_search_by(|topic| (*topic.id).cmp(&spec.id.text)).ok()?;
            Some((place, spec.examples.clone()?))
        });
        let examples = Examples::new(examples.collect());
        Ok((Self { topics, matcher: builder.matcher, filing, examples }, builder.problems))
    }
}

/// The number of a [`Term`] while rules are compiled.
type TermId = usize;

/// What the topics share while they are compiled.
struct Builder<'a> {
    sets: &'a Sets,
    catalogue: Catalogue,
    problems: Vec<TopicProblem>,
    matcher: Matcher,
    terms: Vec<Term>,
    known_terms: HashMap<Alternative, TermId>,
    /// The terms of a set, in the zones that its use leaves.
    known_sets: HashMap<(String, Zones), Vec<TermId>>,
    known_lines: HashMap<Vec<TermId>, Terms>,
}

impl Builder<'_> {
    fn topic(&mut self, spec: &TopicSpec) -> Topic {
        check_topic(spec, &mut self.problems);
        check_examples(spec, &mut self.problems);
        // A topic may live on its further ways alone.
        let main = Some(&spec.way).filter(|way| !way.all.is_empty() || !way.any.is_empty());
        let ways = main.into_iter().chain(&spec.also).map(|way| self.way(way, &spec.id)).collect();
        let none = spec.none.iter().map(|written| self.line(std::slice::from_ref(written), 1.0)).collect();
        let mask = self.line(&spec.mask, 1.0).terms;
        let lang = if spec.lang.iter().any(|lang| lang == "*") { &[][..] } else { &spec.lang };
        Topic {
            id: spec.id.text.as_str().into(),
            severity: spec.severity,
            min_score: spec.min_score,
            fields: spec.fields,
            lang: lang.iter().map(|lang| lang.to_lowercase().into()).collect(),
            ways,
            none,
            mask,
        }
    }

    fn way(&mut self, spec: &WaySpec, topic: &Written) -> Way {
        check_way(spec, topic, &mut self.problems);
        let mut lines = |lines: &[LineSpec]| {
            lines.iter().map(|line| self.line(&line.terms, f64::from(line.weight))).collect()
        };
        let (all, any): (Vec<Line>, Vec<Line>) = (lines(&spec.all), lines(&spec.any));
        let min = if any.is_empty() { 0 } else { spec.min.unwrap_or(1) };
        Way { all, any, min, near: spec.near }
    }

    fn line(&mut self, strings: &[Written], weight: f64) -> Line {
        let mut ids: Vec<TermId> = strings.iter().flat_map(|written| self.terms_of(written)).collect();
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
        let terms = if let Some(known) = self.known_lines.get(&ids) {
            Arc::clone(known)
        } else {
            let terms: Terms = ids.iter().filter_map(|id| self.terms.get(*id).cloned()).collect();
            self.known_lines.insert(ids, Arc::clone(&terms));
            terms
        };
        let written =
            strings.iter().map(|written| written.text.trim()).collect::<Vec<_>>().join(" | ").into();
        Line { written, terms, weight }
    }

    /// The terms of one string, sets replaced by what they hold.
    fn terms_of(&mut self, written: &Written) -> Vec<TermId> {
        let (alternatives, faults) = parse(&written.text);
        self.problems.extend(faults.into_iter().map(|fault| fault.at(written)));
        let mut ids = Vec::new();
        for alternative in alternatives {
            match &alternative.term {
                term::Term::Phrase(_) => ids.push(self.term(&alternative)),
                term::Term::Set(name) => match unknown_set(&alternative, self.sets) {
                    Some(fault) => self.problems.push(fault.at(written)),
                    None => ids.extend(self.set(name, alternative.zones, written)),
                },
            }
        }
        ids
    }

    fn set(&mut self, name: &str, zones: Zones, written: &Written) -> Vec<TermId> {
        let key = (name.to_owned(), zones);
        if let Some(known) = self.known_sets.get(&key) {
            return known.clone();
        }
        let inside = self.catalogue.get(name);
        let alternatives: Vec<_> = inside
            .iter()
            .filter_map(|inner| Some(Alternative { zones: inner.zones.and(zones)?, ..inner.clone() }))
            .collect();
        if alternatives.is_empty() && !inside.is_empty() {
            let message = format!("`{}` can never hit: the set's own zones are others", written.text.trim());
            self.problems.push(Fault::without_hint(message).at(written));
        }
        let ids: Vec<_> = alternatives.iter().map(|alternative| self.term(alternative)).collect();
        self.known_sets.insert(key, ids.clone());
        ids
    }

    fn term(&mut self, alternative: &Alternative) -> TermId {
        if let Some(known) = self.known_terms.get(alternative) {
            return *known;
        }
        let id = self.terms.len();
        if let term::Term::Phrase(phrase) = &alternative.term {
            let written = alternative.written.as_str().into();
            self.terms.push(Term { written, pattern: self.matcher.add(phrase), zones: alternative.zones });
        }
        self.known_terms.insert(alternative.clone(), id);
        id
    }
}
