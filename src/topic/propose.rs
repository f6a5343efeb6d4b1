//! A first topic from example articles: what all of them have, in lines that a person can read and change. Pure.
//!
//! A line is a group of terms that stand for one thing, so that each example has one of them: a country with its capital
//! and its leader, or what newsrooms call one thing (`families`); failing that, a phrase that the examples share.

mod families;
mod known;
mod people;
mod survey;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

use self::survey::{Group, Survey};
use super::TopicSet;
use super::spec::{Example, ExampleSpec, ExampleUse, LineSpec, Sets, TopicSpec, WaySpec, Written};
use crate::article::Article;

pub use super::phrase::Reporters;
pub use write::Keys;

/// Lines that are asked for at most: each more makes the topic tighter.
const MAX_LINES: usize = 4;
/// Terms of a line at most.
const MAX_TERMS: usize = 12;
/// Windows that are tried, in words, from the tightest.
const WINDOWS: [usize; 4] = [60, 100, 160, 250];
/// Terms of `none` at most.
const MAX_NONE: usize = 5;

/// An example as it is given.
#[derive(Debug, Clone)]
pub struct Given {
    /// How the topic names it (`examples/a.txt`); `None` if it cannot be named, and so stays out of `examples`.
    pub name: Option<String>,
    /// What the person called it.
    pub called: String,
    /// What it says.
    pub article: Arc<Article>,
}

/// A topic that was proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Its id.
    pub id: String,
    /// As TOML, with comments.
    pub toml: String,
    /// What it makes of the examples, `like` first: what each is called, whether it is to match, whether it does, and
    /// with which score.
    pub judged: Vec<Judged>,
}

/// What a proposed topic makes of one example.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Judged {
    /// What it is called.
    pub example: String,
    /// Whether it is one of `like`.
    pub like: bool,
    /// Whether the topic is true of it.
    pub matched: bool,
    /// 0..=100.
    pub score: u8,
}

/// Why nothing was proposed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoProposal {
    /// The examples have nothing in common that could be asked for.
    #[error(
        "the examples share no name and no word that says what they are about: give fewer, or more alike ones"
    )]
    NothingShared,
    /// A term was found that is no term: our own mistake.
    #[error("the proposed rule has a mistake: {0}; please report it")]
    Broken(String),
}

/// The draft of a topic.
#[derive(Debug, Clone)]
struct Draft {
    lines: Vec<Group>,
    near: Option<usize>,
    none: Vec<Negative>,
    usage: ExampleUse,
}

/// A term of `none`, with the evidence.
#[derive(Debug, Clone)]
struct Negative {
    /// As the rule writes it, with its zone.
    term: String,
    unlike: usize,
}

/// Proposes a topic that is true of each of `like`, and if that can be had, of none of `unlike`. `id`: what to call it;
/// `keys`: what the configuration understands; `reporters`: whose names are no terms.
///
/// # Errors
/// [`NoProposal`].
pub fn propose(
    like: &[Given],
    unlike: &[Given],
    id: Option<&str>,
    keys: Keys,
    reporters: Reporters,
) -> Result<Proposal, NoProposal> {
    let survey = Survey::of(like, unlike, reporters)?;
    let mut draft = Draft { lines: survey.lines(), near: None, none: Vec::new(), usage: ExampleUse::Or };
    // A line that an example does not reach, for whatever reason, is not asked for.
    while !draft.lines.is_empty() && !misses(&judge(&draft, like, None)?).is_empty() {
        draft.lines.pop();
    }
    if draft.lines.is_empty() {
        return Err(NoProposal::NothingShared);
    }
    if draft.lines.len() > 1 {
        for near in WINDOWS {
            draft.near = Some(near);
            if misses(&judge(&draft, like, None)?).is_empty() {
                break;
            }
            draft.near = None;
        }
    }
    for negative in survey.negatives() {
        let matched = hits(&judge(&draft, unlike, None)?);
        if matched.is_empty() || draft.none.len() == MAX_NONE {
            break;
        }
        if matched.iter().any(|place| negative.documents.contains(place)) {
            draft.none.push(Negative { unlike: negative.documents.len(), term: negative.term });
            if !misses(&judge(&draft, like, None)?).is_empty() {
                draft.none.pop();
            }
        }
    }
    let examples = named(like, unlike);
    if examples.is_some() {
        for usage in [ExampleUse::Or, ExampleUse::And, ExampleUse::Score] {
            draft.usage = usage;
            let fits = misses(&judge(&draft, like, examples.as_ref())?).is_empty()
                && hits(&judge(&draft, unlike, examples.as_ref())?).len()
                    <= hits(&judge(&draft, unlike, None)?).len();
            if fits {
                break;
            }
        }
    }
    let id = id.map_or_else(|| draft.id(), str::to_owned);
    let all = |given: &[Given], is_like: bool| -> Result<Vec<Judged>, NoProposal> {
        let verdicts = judge(&draft, given, examples.as_ref())?;
        let judged = given.iter().zip(verdicts);
        let judged = judged.map(|(given, (matched, score))| Judged {
            example: given.called.clone(),
            like: is_like,
            matched,
            score,
        });
        Ok(judged.collect())
    };
    let mut judged = all(like, true)?;
    judged.extend(all(unlike, false)?);
    let wrong = judged.iter().filter(|one| !one.like && one.matched).count();
    Ok(Proposal { toml: write::toml(&id, &draft, &survey, (like, unlike, wrong), keys), id, judged })
}

/// Which were not matched.
fn misses(verdicts: &[(bool, u8)]) -> Vec<usize> {
    verdicts.iter().enumerate().filter(|(_, (matched, _))| !matched).map(|(place, _)| place).collect()
}

/// Which were matched.
fn hits(verdicts: &[(bool, u8)]) -> Vec<usize> {
    verdicts.iter().enumerate().filter(|(_, (matched, _))| *matched).map(|(place, _)| place).collect()
}

/// The examples that the topic can name.
fn named(like: &[Given], unlike: &[Given]) -> Option<ExampleSpec> {
    let examples = |given: &[Given]| -> Vec<Example> {
        let named = given.iter().filter_map(|one| Some((one.name.as_ref()?, &one.article)));
        named
            .map(|(name, article)| Example {
                at: Written::nowhere(name),
                name: name.clone(),
                article: Some(Arc::clone(article)),
            })
            .collect()
    };
    let like = examples(like);
    (!like.is_empty()).then(|| ExampleSpec {
        at: Written::nowhere("examples"),
        like,
        unlike: examples(unlike),
        min: None,
        usage: ExampleUse::Or,
    })
}

/// Whether `draft`, with these examples, is true of each article, and its score.
fn judge(
    draft: &Draft,
    given: &[Given],
    examples: Option<&ExampleSpec>,
) -> Result<Vec<(bool, u8)>, NoProposal> {
    let mut spec = draft.spec();
    spec.examples = examples.map(|examples| ExampleSpec { usage: draft.usage, ..examples.clone() });
    let (topics, _) = TopicSet::compile(&[spec], &Sets::new()).map_err(|problems| {
        NoProposal::Broken(problems.first().map(|problem| problem.message.clone()).unwrap_or_default())
    })?;
    let verdict = |given: &Given| {
        topics.explain(&given.article).first().map_or((false, 0), |one| (one.matched, one.score))
    };
    Ok(given.iter().map(verdict).collect())
}

impl Draft {
    fn spec(&self) -> TopicSpec {
        let line =
            |group: &Group| LineSpec { terms: vec![Written::nowhere(&group.alternatives())], weight: 1.0 };
        TopicSpec {
            way: WaySpec {
                all: self.lines.iter().map(line).collect(),
                near: self.near,
                ..WaySpec::default()
            },
            none: self.none.iter().map(|negative| Written::nowhere(&negative.term)).collect(),
            ..TopicSpec::new(Written::nowhere("proposed"))
        }
    }

    /// The first term of each line.
    fn heads(&self) -> Vec<&str> {
        self.lines.iter().filter_map(|group| Some(group.terms.first()?.written.as_str())).collect()
    }

    /// An id of the heads: letters, digits and dashes.
    fn id(&self) -> String {
        let head = |head: &str| {
            let words = head.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
        };
        let id = self.heads().into_iter().take(3).map(head).collect::<Vec<_>>().join("-");
        let id: String = id.chars().take(48).collect();
        id.trim_matches('-').to_owned()
    }
}
