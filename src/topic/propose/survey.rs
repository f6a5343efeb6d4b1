//! What the examples have: which terms stand in how many of them, and where.

use std::collections::{BTreeMap, HashMap};

use super::families::{COUNTRIES, THEMES};
use super::known::{Known, phrases};
use super::people::leaders;
use super::{Given, MAX_LINES, MAX_TERMS, NoProposal, Reporters};
use crate::article::{Article, Zone};
use crate::text::rarity;
use crate::text::terms::Key;
use crate::topic::TopicSet;
use crate::topic::spec::{LineSpec, Sets, TopicSpec, WaySpec, Written};

/// In so many of a thousand reports stand words that are no theme of their own.
const COMMON: u16 = 60;
/// Phrases that no family has, as many as are looked at.
const MAX_OTHERS: usize = 40;

/// A term with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evident {
    /// As a rule writes it.
    pub(super) written: String,
    /// The `like` examples that have it, in order.
    pub(super) documents: Vec<usize>,
    /// Those that have it in the title, and in title or lead.
    pub(super) titles: Vec<usize>,
    pub(super) tops: Vec<usize>,
}

/// Terms that stand for one thing: a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) kind: Kind,
    /// That an example has; the most telling first.
    pub(super) terms: Vec<Evident>,
    /// Of the same family, in no example.
    pub(super) absent: Vec<String>,
}

/// What a group is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Country,
    Theme,
    Phrase,
}

/// A phrase of the `unlike` examples that no `like` example has.
#[derive(Debug, Clone)]
pub(super) struct Unlike {
    /// As a rule writes it, with its zone.
    pub(super) term: String,
    /// Those that have it.
    pub(super) documents: Vec<usize>,
}

/// What the examples have.
#[derive(Debug)]
pub(super) struct Survey {
    /// How many `like` examples there are.
    pub(super) examples: usize,
    groups: Vec<Group>,
    negatives: Vec<Unlike>,
}

impl Survey {
    pub(super) fn of(like: &[Given], unlike: &[Given], reporters: Reporters) -> Result<Self, NoProposal> {
        let articles: Vec<&Article> = like.iter().map(|given| &*given.article).collect();
        let phrases = phrases(&articles, reporters);
        let mut groups = families(&articles)?;
        let names = names(&phrases, like.len());
        for leader in leaders(&articles, &names, &groups) {
            if let Some(group) = groups.get_mut(leader.group) {
                group.terms.insert(0, leader.term);
            }
        }
        groups.extend(others(&phrases, like.len(), &names, &groups));
        for group in &mut groups {
            group.settle(like.len());
        }
        let others: Vec<&Article> = unlike.iter().map(|given| &*given.article).collect();
        Ok(Self { examples: like.len(), groups, negatives: negatives(&others, &phrases, reporters) })
    }

    /// The groups that every example has, most of them in title or lead, one term in half of them at least: a line of which
    /// each example has another word would miss the next article. The most telling first.
    pub(super) fn lines(&self) -> Vec<Group> {
        let shared = |group: &&Group| group.documents().len() == self.examples;
        let on_top = |group: &&Group| 3 * group.tops().len() >= 2 * self.examples;
        let firm = |group: &&Group| group.terms.iter().any(|term| 2 * term.documents.len() >= self.examples);
        let groups = self.groups.iter().filter(shared).filter(on_top).filter(firm);
        let mut lines: Vec<Group> = groups.cloned().collect();
        lines.sort_by_key(|group| (group.kind, usize::MAX - 2 * group.titles().len() - group.tops().len()));
        let few = lines.iter().filter(|group| group.kind != Kind::Phrase).count();
        // Single phrases make a topic tight: they are asked for only where there is little else.
        let phrases = 3_usize.saturating_sub(few).min(2);
        let (mut countries, mut themes, mut others) = (2, 2, phrases);
        lines.retain(|group| {
            let left = match group.kind {
                Kind::Country => &mut countries,
                Kind::Theme => &mut themes,
                Kind::Phrase => &mut others,
            };
            let keep = *left > 0;
            *left = left.saturating_sub(1);
            keep
        });
        lines.truncate(MAX_LINES);
        lines
    }

    /// What else most examples have, as far as it is no line.
    pub(super) fn also_shared<'s>(&'s self, lines: &'s [Group]) -> impl Iterator<Item = &'s Group> {
        let most = move |group: &&Group| {
            let documents = group.documents().len();
            2 * documents > self.examples && documents > 1 && !lines.contains(group)
        };
        self.groups.iter().filter(most)
    }

    /// Phrases that may keep `unlike` examples out, those that most of them have first.
    pub(super) fn negatives(&self) -> Vec<Unlike> {
        self.negatives.clone()
    }
}

impl Group {
    /// `A | B | C`.
    pub(super) fn alternatives(&self) -> String {
        self.terms.iter().map(|term| term.written.as_str()).collect::<Vec<_>>().join(" | ")
    }

    pub(super) fn documents(&self) -> Vec<usize> {
        union(self.terms.iter().map(|term| &term.documents))
    }

    pub(super) fn titles(&self) -> Vec<usize> {
        union(self.terms.iter().map(|term| &term.titles))
    }

    pub(super) fn tops(&self) -> Vec<usize> {
        union(self.terms.iter().map(|term| &term.tops))
    }

    /// The most telling first, and not too many.
    fn settle(&mut self, examples: usize) {
        self.terms.sort_by_key(|term| {
            examples.saturating_mul(8)
                - 4 * term.titles.len().min(examples)
                - term.documents.len().min(examples)
        });
        self.terms.truncate(MAX_TERMS);
    }
}

fn union<'a>(sets: impl Iterator<Item = &'a Vec<usize>>) -> Vec<usize> {
    let mut all: Vec<usize> = sets.flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The families of which an example has a term. The engine itself says which: it knows of hyphens, cases and prefixes.
fn families(articles: &[&Article]) -> Result<Vec<Group>, NoProposal> {
    let all = COUNTRIES.iter().map(|family| (Kind::Country, family));
    let all: Vec<(Kind, Vec<&str>)> = all
        .chain(THEMES.iter().map(|family| (Kind::Theme, family)))
        .map(|(kind, family)| (kind, family.split(" | ").collect()))
        .collect();
    let specs: Vec<TopicSpec> =
        all.iter().enumerate().map(|(place, (_, terms))| family_spec(place, terms)).collect();
    let (topics, _) = TopicSet::compile(&specs, &Sets::new()).map_err(|problems| {
        NoProposal::Broken(problems.first().map(|problem| problem.message.clone()).unwrap_or_default())
    })?;
    let mut found: Vec<BTreeMap<String, Evident>> = vec![BTreeMap::new(); all.len()];
    for (number, article) in articles.iter().enumerate() {
        for evaluation in topics.explain(article) {
            let family = evaluation.topic.parse::<usize>().ok().and_then(|place| found.get_mut(place));
            let Some(family) = family else { continue };
            for evidence in evaluation.evidence.into_iter().filter(|one| one.zone != Zone::Furniture) {
                let term = family.entry(evidence.term.clone()).or_insert_with(|| Evident::new(evidence.term));
                term.note(number, evidence.zone);
            }
        }
    }
    let groups = all.into_iter().zip(found).filter(|(_, found)| !found.is_empty());
    Ok(groups
        .map(|((kind, terms), found)| Group {
            kind,
            absent: terms
                .iter()
                .filter(|term| !found.contains_key(**term))
                .map(|term| (*term).to_owned())
                .collect(),
            terms: found.into_values().collect(),
        })
        .collect())
}

/// A topic whose lines are the terms of a family.
fn family_spec(place: usize, terms: &[&str]) -> TopicSpec {
    let line = |term: &&str| LineSpec { terms: vec![Written::nowhere(term)], weight: 1.0 };
    TopicSpec {
        way: WaySpec { any: terms.iter().map(line).collect(), ..WaySpec::default() },
        ..TopicSpec::new(Written::nowhere(&format!("{place:04}")))
    }
}

impl Evident {
    pub(super) fn new(written: String) -> Self {
        Self { written, documents: Vec::new(), titles: Vec::new(), tops: Vec::new() }
    }

    /// It stands in this zone of the example of that number; examples come in order.
    pub(super) fn note(&mut self, number: usize, zone: Zone) {
        let note = |numbers: &mut Vec<usize>| {
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        };
        note(&mut self.documents);
        if zone == Zone::Title {
            note(&mut self.titles);
        }
        if matches!(zone, Zone::Title | Zone::Lead) {
            note(&mut self.tops);
        }
    }
}

/// Names of several words that most examples have, such as those of people; of names that hold each other, the longest.
fn names(phrases: &HashMap<String, Known>, examples: usize) -> Vec<Evident> {
    let office = |word: &str| (COMMON..180).contains(&rarity::frequency(Key::of(word)));
    let mut names: Vec<(&String, &Known)> = phrases
        .iter()
        .filter(|(key, known)| {
            known.name
                && known.words > 1
                && 2 * known.documents.len() >= examples
                && !key.split(' ').any(office)
                && known
                    .forms
                    .keys()
                    .any(|form| form.split(' ').all(|word| word.starts_with(char::is_uppercase)))
        })
        .collect();
    names.sort_by(|a, b| b.1.words.cmp(&a.1.words).then(a.0.cmp(b.0)));
    let mut kept: Vec<(&String, &Known)> = Vec::new();
    for (key, known) in names {
        if !kept
            .iter()
            .any(|(longer, more)| holds(longer, key) && 4 * more.documents.len() >= 3 * known.documents.len())
        {
            kept.push((key, known));
        }
    }
    kept.into_iter().map(|(_, known)| known.evident()).collect()
}

/// Other phrases that all examples share, each a group of its own: names first, then the rarest.
fn others(
    phrases: &HashMap<String, Known>,
    examples: usize,
    names: &[Evident],
    groups: &[Group],
) -> Vec<Group> {
    // A name that leads a line is looked for whole, or by its family name: its other parts are no news.
    let leading = |name: &&Evident| {
        let mut terms = groups.iter().flat_map(|group| &group.terms);
        terms.any(|term| holds(&plain(&name.written), &plain(&term.written)))
    };
    let leading: Vec<String> = names.iter().filter(leading).map(|name| plain(&name.written)).collect();
    let of_a_leader = |word: &str| leading.iter().any(|name| holds(name, word));
    let known = groups.iter().flat_map(|group| &group.terms);
    let known: Vec<(String, bool)> =
        known.map(|term| (plain(&term.written), term.written.ends_with('*'))).collect();
    let covered = |term: &Evident| {
        let one = plain(&term.written);
        one.split(' ').any(of_a_leader)
            || known.iter().any(|(known, prefix)| {
                holds(known, &one)
                    || holds(&one, known)
                    || *prefix && format!(" {one}").contains(&format!(" {known}"))
            })
    };
    // "reported on Monday" is in the news every day.
    let telling = |word: Option<&str>| word.is_some_and(|word| rarity::frequency(Key::of(word)) < COMMON);
    let mut shared: Vec<(&String, &Known)> = phrases
        .iter()
        .filter(|(key, known)| {
            let words_fit = known.name && known.words > 1
                || telling(key.split(' ').next()) && telling(key.rsplit(' ').next());
            words_fit && 2 * known.documents.len() > examples && (examples == 1 || known.documents.len() > 1)
        })
        .collect();
    let rank = |known: &Known| {
        (known.documents.len(), known.titles.len(), known.name, known.tops.len(), known.words)
    };
    shared
        .sort_by(|a, b| rank(b.1).cmp(&rank(a.1)).then(a.1.frequency.cmp(&b.1.frequency)).then(a.0.cmp(b.0)));
    let mut kept: Vec<(&String, Evident)> = Vec::new();
    for (key, known) in shared {
        if kept.len() == MAX_OTHERS {
            break;
        }
        let term = known.evident();
        let part = kept.iter().any(|(other, _)| holds(other, key) || holds(key, other));
        if !part && !term.written.is_empty() && !covered(&term) {
            kept.push((key, term));
        }
    }
    let group = |term| Group { kind: Kind::Phrase, terms: vec![term], absent: Vec::new() };
    kept.into_iter().map(|(_, term)| group(term)).collect()
}

/// Phrases of `unlike` articles that no `like` example has.
fn negatives(unlike: &[&Article], like: &HashMap<String, Known>, reporters: Reporters) -> Vec<Unlike> {
    let phrases = phrases(unlike, reporters);
    let mut found: Vec<(&String, &Known)> = phrases
        .iter()
        .filter(|(key, known)| !like.contains_key(*key) && (known.words > 1 || known.frequency < COMMON))
        .collect();
    let rank = |known: &Known| (known.titles.len(), known.documents.len(), known.name, known.words == 2);
    found
        .sort_by(|a, b| rank(b.1).cmp(&rank(a.1)).then(a.1.frequency.cmp(&b.1.frequency)).then(a.0.cmp(b.0)));
    let negative = |(_, known): (&String, &Known)| {
        let term = known.evident();
        let in_title = !known.titles.is_empty() && !term.written.contains('|');
        let documents = if in_title { known.titles.clone() } else { known.documents.clone() };
        (!term.written.is_empty()).then(|| Unlike {
            term: if in_title { format!("title: {}", term.written) } else { term.written },
            documents,
        })
    };
    found.into_iter().take(MAX_OTHERS).filter_map(negative).collect()
}

/// A term without what is not a word.
fn plain(term: &str) -> String {
    let words = term.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Whether the words of `part` stand in `whole`.
fn holds(whole: &str, part: &str) -> bool {
    format!(" {whole} ").contains(&format!(" {part} "))
}
