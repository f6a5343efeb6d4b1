//! Rules as written → rules that run, or every problem at once.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, RwLock};

use foldhash::fast::RandomState;

use super::check::check_topic;
use super::example::{Examples, check_examples};
use super::filing::{Costs, Filing, PhraseCounts};
use super::hosts::{HostGlob, Sources, Trust};
use super::matcher::{Matcher, NONE};
use super::outline::Outlines;
use super::problem::{Fault, TopicProblem};
use super::query::{self, Expr};
use super::rule::{Boost, Escalation, Extras, Line, Node, Term, Terms, Topic};
use super::sets::{Catalogue, unknown_set};
use super::spec::{ExampleSpec, Sets, TopicSpec, Written};
use super::term::{self, Alternative, Phrase};
use super::wording::Wording;
use super::zones::Zones;

/// All topics, compiled. Immutable; swapped whole on reload.
#[derive(Debug, Default)]
pub struct TopicSet {
    /// In the order of their ids.
    pub(super) topics: Vec<Topic>,
    pub(super) matcher: Matcher,
    pub(super) outlines: Outlines,
    pub(super) wording: Wording,
    /// Swapped when phrases were counted.
    pub(super) filing: RwLock<Arc<Filing>>,
    pub(super) trust: Trust,
    pub(super) examples: Examples,
}

impl TopicSet {
    /// Compiles every topic.
    ///
    /// # Errors
    /// Every problem of every rule; warnings are among them only if there is an error too.
    pub fn compile(specs: &[TopicSpec], sets: &Sets) -> Result<(Self, Vec<TopicProblem>), Vec<TopicProblem>> {
        let mut builder = Builder::new(sets);
        let mut topics: Vec<Topic> = specs.iter().filter_map(|spec| builder.topic(spec)).collect();
        if builder.has_errors(0) {
            return Err(builder.problems);
        }
        topics.sort_by(|a, b| a.id.cmp(&b.id));
        // What only compiling needed goes before filing takes its own.
        let Builder { mut matcher, mut wording, problems, .. } = builder;
        wording.finish(matcher.finish());
        let costs = Costs::new(&topics, &matcher, &PhraseCounts::default());
        let filing = RwLock::new(Arc::new(Filing::new(&topics, &costs)));
        let examples = specs.iter().filter_map(|spec| {
            let place = topics.binary_search_by(|topic| (*topic.id).cmp(&spec.id.text)).ok()?;
            Some((place, spec.examples.clone()?))
        });
        let (examples, trust) = (Examples::new(examples.collect()), Trust::default());
        let set =
            Self { outlines: Outlines::new(&topics), topics, matcher, wording, filing, trust, examples };
        Ok((set, problems))
    }

    /// The ids of the topics with mistakes of their own; `None` if a set has one, which all topics may use.
    #[must_use]
    pub fn mistaken(specs: &[TopicSpec], sets: &Sets) -> Option<BTreeSet<String>> {
        let mut builder = Builder::new(sets);
        if builder.has_errors(0) {
            return None;
        }
        let mut mistaken = BTreeSet::new();
        for spec in specs {
            let before = builder.problems.len();
            builder.topic(spec);
            if builder.has_errors(before) {
                mistaken.insert(spec.id.text.clone());
            }
        }
        Some(mistaken)
    }

    /// The same topics, where `topic` goes by these examples.
    #[must_use]
    pub fn with_examples(mut self, topic: &str, examples: Option<ExampleSpec>) -> Self {
        let place = self.topics.binary_search_by(|known| (*known.id).cmp(topic)).ok();
        self.examples = Examples::new(place.zip(examples).into_iter().collect());
        self
    }

    /// The same topics, where what articles of some hosts score is multiplied: `[trust]`, each pattern of hosts with
    /// its factor.
    ///
    /// # Errors
    /// Every pattern that is none.
    pub fn with_trust(mut self, written: &[(Written, f32)]) -> Result<Self, Vec<TopicProblem>> {
        let mut problems = Vec::new();
        let globs = globs(written.iter().map(|(glob, factor)| (glob, *factor)), &mut problems);
        self.trust = Trust::new(globs);
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }
}

fn globs<'a, T>(
    written: impl Iterator<Item = (&'a Written, T)>,
    problems: &mut Vec<TopicProblem>,
) -> Vec<(HostGlob, T)> {
    let mut globs = Vec::new();
    for (written, value) in written {
        match HostGlob::new(&written.text) {
            Ok(glob) => globs.push((glob, value)),
            Err(fault) => problems.push(fault.at(written)),
        }
    }
    globs
}

/// Lines of so many terms at most are not shared.
const MAX_SHORT: usize = 8;

/// What the topics share while they are compiled.
struct Builder<'a> {
    sets: &'a Sets,
    catalogue: Catalogue,
    problems: Vec<TopicProblem>,
    matcher: Matcher,
    wording: Wording,
    /// The terms of a set, in the zones that its use leaves.
    known_sets: HashMap<(String, Zones), Vec<Term>>,
    known_lines: HashMap<Vec<Term>, Terms, RandomState>,
}

impl<'a> Builder<'a> {
    fn new(sets: &'a Sets) -> Self {
        let mut problems = Vec::new();
        Self {
            sets,
            catalogue: Catalogue::new(sets, &mut problems),
            problems,
            matcher: Matcher::default(),
            wording: Wording::default(),
            known_sets: HashMap::new(),
            known_lines: HashMap::default(),
        }
    }
}

impl Builder<'_> {
    /// Whether there are errors, besides the first `before` problems.
    fn has_errors(&self, before: usize) -> bool {
        self.problems.iter().skip(before).any(|problem| !problem.warning)
    }

    /// Nothing if there is no rule to run; why is among the problems.
    fn topic(&mut self, spec: &TopicSpec) -> Option<Topic> {
        let expr = query::of_topic(spec, &mut self.problems);
        check_topic(spec, expr.as_ref(), &self.catalogue, &mut self.problems);
        check_examples(spec, &mut self.problems);
        let zones = spec.zones.iter().map(|zone| Zones::of(*zone)).reduce(Zones::or).unwrap_or(Zones::ALL);
        let rule = self.node(&expr?, zones);
        let mask = query::line(&spec.mask, 1.0, &mut self.problems);
        let mask = self.line(&mask, Zones::ALL).terms;
        let lang = if spec.lang.iter().any(|lang| lang == "*") { &[][..] } else { &spec.lang };
        Some(Topic {
            id: spec.id.text.as_str().into(),
            severity: spec.severity,
            min_score: spec.min_score,
            is_query: spec.query.is_some(),
            fields: spec.fields,
            lang: lang.iter().map(|lang| lang.to_lowercase().into()).collect(),
            rule,
            mask,
            extras: self.extras(spec),
        })
    }

    fn extras(&mut self, spec: &TopicSpec) -> Option<Box<Extras>> {
        let TopicSpec { boost, escalate, sources, .. } = spec;
        if boost.is_empty() && escalate.is_empty() && sources.only.is_empty() && sources.skip.is_empty() {
            return None;
        }
        let boost = boost.iter().map(|boost| {
            let line = query::line(std::slice::from_ref(&boost.line), 1.0, &mut self.problems);
            Boost { line: self.line(&line, Zones::ALL), points: boost.points }
        });
        let boost = boost.collect();
        let mut escalations = Vec::with_capacity(escalate.len());
        for one in escalate {
            let when = one.when.as_ref().and_then(|written| {
                let expr = query::query(written, &mut self.problems)?;
                Some((written.text.trim().into(), self.node(&expr, Zones::ALL)))
            });
            escalations.push(Escalation { to: one.to, when, min_score: one.min_score });
        }
        let mut hosts = |written: &[Written]| -> Vec<HostGlob> {
            let globs = globs(written.iter().map(|glob| (glob, ())), &mut self.problems);
            globs.into_iter().map(|(glob, ())| glob).collect()
        };
        let sources = Sources { only: hosts(&sources.only), skip: hosts(&sources.skip) };
        Some(Box::new(Extras { boost, escalate: escalations, sources }))
    }

    /// `expr`, which is as deep as its parser allows. What it asks for may hit in `zones` only; what it excludes,
    /// anywhere.
    fn node(&mut self, expr: &Expr<'_>, zones: Zones) -> Node {
        let mut nodes = |of: &[Expr<'_>]| of.iter().map(|part| self.node(part, zones)).collect::<Box<[_]>>();
        match expr {
            Expr::Line(line) => Node::Line(self.line(line, zones)),
            Expr::And(of) => Node::And(nodes(of)),
            Expr::Or(of) => Node::Or(nodes(of)),
            Expr::Near { words, ordered, of } => {
                Node::Near { words: *words, ordered: *ordered, of: nodes(of) }
            }
            Expr::AtLeast { min, of } => match of.as_slice() {
                [Expr::Line(line)] => {
                    let known = self.problems.len();
                    let compiled = self.line(line, zones);
                    let is_flawed = |part: &query::Part<'_>| matches!(&part.alternative.term, term::Term::Set(name) if self.catalogue.is_flawed(name));
                    // How many it has is known when they are mended.
                    if self.problems.len() == known && !line.parts.iter().any(is_flawed) {
                        self.check_count(*min, compiled.terms.len(), line);
                    }
                    Node::Different { min: *min, line: Box::new(compiled) }
                }
                of => Node::AtLeast { min: *min, of: nodes(of) },
            },
            Expr::Not(inner) => Node::Not(Box::new(self.node(inner, Zones::ALL))),
        }
    }

    /// A set may turn out to hold fewer terms than are asked for.
    fn check_count(&mut self, min: usize, count: usize, line: &query::Line<'_>) {
        let Some(part) = line.parts.first().filter(|_| count > 0 && count < min) else { return };
        let fault = Fault::new(
            format!("ATLEAST/{min}, but {} has {count} different terms", line.written),
            "lower the number, or add to the set",
        );
        self.problems.push(Fault { within: part.within.clone(), ..fault }.at(part.at));
    }

    fn line(&mut self, line: &query::Line<'_>, zones: Zones) -> Line {
        let mut found: Vec<Term> = Vec::with_capacity(line.parts.len());
        for part in &line.parts {
            self.terms_of(part, zones, &mut found);
        }
        let terms = if found.len() <= MAX_SHORT {
            let mut terms: Vec<Term> = Vec::with_capacity(found.len());
            for term in found {
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
            terms.into()
        } else {
            let mut seen = HashSet::with_capacity_and_hasher(found.len(), RandomState::default());
            found.retain(|term| seen.insert(*term));
            // Long lines are sets, used by many topics; to remember the short ones costs more than they do.
            let known = self.known_lines.entry(found);
            Arc::clone(known.or_insert_with_key(|terms| terms.as_slice().into()))
        };
        let is_plain = terms.len() == line.parts.len() && is_joined(line);
        let written = if is_plain { NONE } else { self.wording.add(&line.written) };
        Line { terms, written, weight: line.weight }
    }

    /// The terms of one alternative, a set replaced by what it holds.
    fn terms_of(&mut self, part: &query::Part<'_>, zones: Zones, found: &mut Vec<Term>) {
        let alternative = &part.alternative;
        let say = |fault: Fault, problems: &mut Vec<TopicProblem>| {
            problems.push(Fault { within: part.within.clone(), ..fault }.at(part.at));
        };
        let Some(left) = alternative.zones.and(zones) else {
            let message = format!("`{}` can never hit: `in` names other zones", alternative.written.trim());
            let fault = Fault::new(message, "remove the prefix, or add its zone to `in`");
            return say(fault, &mut self.problems);
        };
        match &alternative.term {
            term::Term::Phrase(phrase) => {
                found.push(self.term(phrase, alternative, left));
            }
            term::Term::Set(name) => match unknown_set(alternative, self.sets) {
                Some(fault) => say(fault, &mut self.problems),
                None => {
                    let known = self.set(name, left);
                    if known.is_empty() && !self.catalogue.get(name).is_empty() {
                        let written = alternative.written.trim();
                        let message = format!("`{written}` can never hit: the set's own zones are others");
                        say(Fault::without_hint(message), &mut self.problems);
                    }
                    found.extend(known);
                }
            },
        }
    }

    fn set(&mut self, name: &str, zones: Zones) -> Vec<Term> {
        let key = (name.to_owned(), zones);
        if let Some(known) = self.known_sets.get(&key) {
            return known.clone();
        }
        let alternatives = self.catalogue.get(name).to_vec();
        let terms = alternatives.iter().filter_map(|inner| match &inner.term {
            term::Term::Phrase(phrase) => Some(self.term(phrase, inner, inner.zones.and(zones)?)),
            term::Term::Set(_) => None,
        });
        let terms: Vec<_> = terms.collect();
        self.known_sets.insert(key, terms.clone());
        terms
    }

    /// `alternative`, which looks for `phrase`, where it may hit in `zones`.
    fn term(&mut self, phrase: &Phrase, alternative: &Alternative, zones: Zones) -> Term {
        let pattern = self.matcher.add(phrase);
        let is_plain = alternative.written == phrase.words;
        let written = if is_plain { NONE } else { self.wording.add(&alternative.written) };
        Term { pattern, written, zones }
    }
}

/// Whether `line` is written as its alternatives with ` | ` between them, none of which is a set.
fn is_joined(line: &query::Line<'_>) -> bool {
    let mut rest = Some(line.written.as_str());
    for (number, part) in line.parts.iter().enumerate() {
        let before = if number == 0 { "" } else { " | " };
        rest =
            rest.and_then(|rest| rest.strip_prefix(before)?.strip_prefix(part.alternative.written.as_str()));
        if matches!(part.alternative.term, term::Term::Set(_)) {
            return false;
        }
    }
    rest == Some("")
}
