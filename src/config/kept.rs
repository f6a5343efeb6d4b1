//! Rules as they are kept beside the hits that they made: each printed from what the person wrote, with the sets and
//! defaults that it uses, so that it compiles by itself long after the files have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::assemble::settle;
use super::collect::File;
use super::read::Section;
use super::{Environment, Problems};
use crate::text::fingerprint::fingerprint;
use crate::topic::{Example, TopicSet, TopicSpec};

/// Keys of a topic that say how it is told and tested, not what it is true of: to change them changes no rule.
const NOT_JUDGED: [&str; 4] = ["name", "channels", "cooldown", "expect"];
/// What stands before the fingerprint of a rule's examples.
const EXAMPLES: &str = "# examples: ";
/// Keys whose own entries are laid over those of the default, one by one.
const LAID_OVER: [&str; 1] = ["fields"];

/// A rule that compiles by itself ([`compile_rule`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Fingerprint of the text.
    pub hash: String,
    /// TOML: `[topic.ID]`, and of `[defaults.topic]`, `[sets]` and `[trust]` what it needs. A key is a line; a comment says
    /// how many examples it goes by, with their fingerprint: the files themselves are not kept.
    pub text: String,
}

impl Rule {
    /// Whether both go by examples, and not by the same.
    #[must_use]
    pub fn has_other_examples(&self, other: &Self) -> bool {
        let examples = |rule: &'_ Self| {
            rule.text.lines().find_map(|line| line.strip_prefix(EXAMPLES)).map(str::to_owned)
        };
        examples(self).zip(examples(other)).is_some_and(|(one, other)| one != other)
    }
}

/// All rules of a configuration, as written.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    defaults: BTreeMap<String, String>,
    sets: BTreeMap<String, String>,
    trust: BTreeMap<String, String>,
    /// By id: a line a key.
    topics: BTreeMap<String, Box<str>>,
    /// By id: how many examples, and their fingerprint.
    examples: BTreeMap<String, Box<str>>,
}

impl Rules {
    /// Those of all files, the main file first.
    pub(super) fn of(sections: &[Section]) -> Self {
        let mut rules = Self::default();
        for table in sections.iter().map(Section::table) {
            let below = |key: &str| table.get(key).and_then(|value| value.get_ref().as_table());
            if let Some(defaults) = below("defaults").and_then(|all| all.get("topic")?.get_ref().as_table()) {
                rules.defaults.extend(entries(defaults));
                rules.defaults.retain(|key, _| !NOT_JUDGED.contains(&key.as_str()));
            }
            for (key, known) in [("sets", &mut rules.sets), ("trust", &mut rules.trust)] {
                for (name, value) in below(key).into_iter().flat_map(entries) {
                    known.entry(name).or_insert(value);
                }
            }
            for (id, topic) in below("topic").into_iter().flatten() {
                let Some(topic) = topic.get_ref().as_table() else { continue };
                let mut lines = String::new();
                for (key, value) in entries(topic) {
                    if !NOT_JUDGED.contains(&key.as_str()) {
                        line(&mut lines, &key, &value);
                    }
                }
                rules.topics.entry(id.get_ref().to_string()).or_insert_with(|| lines.into());
            }
        }
        rules
    }

    /// The same, which tell one state of the examples of `topics` from another.
    #[must_use]
    pub(super) fn with_examples(mut self, topics: &[TopicSpec]) -> Self {
        let known = topics.iter().filter_map(|topic| {
            let examples = topic.examples.as_ref()?;
            let (like, unlike) = (&examples.like, &examples.unlike);
            let (of_like, of_unlike) = (fingerprint_of(like), fingerprint_of(unlike));
            let mut mark = fingerprint(&[of_like, of_unlike]);
            mark.truncate(12);
            let says = format!("{} like, {} unlike, {mark}", like.len(), unlike.len());
            (!like.is_empty()).then(|| (topic.id.text.clone(), says.into_boxed_str()))
        });
        self.examples.extend(known);
        self
    }

    /// These, and where they have no such set, default or trust, those of `other`.
    #[must_use]
    pub(super) fn or(mut self, other: &Self) -> Self {
        for (own, others) in [
            (&mut self.defaults, &other.defaults),
            (&mut self.sets, &other.sets),
            (&mut self.trust, &other.trust),
        ] {
            for (name, value) in others {
                own.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        self
    }

    /// The sets as a file would hold them, except those that `other` has.
    pub(super) fn sets_beside(&self, other: &Self) -> String {
        let mut text = "[sets]\n".to_owned();
        let missing = self.sets.iter().filter(|(name, _)| !other.sets.contains_key(*name));
        for (name, value) in missing {
            line(&mut text, name, value);
        }
        text
    }

    /// The rule of `topic`, if `own`, which these were before they were completed, has it.
    pub(super) fn rule_of_own(&self, own: &Self, topic: &str) -> Option<Rule> {
        own.topics.get(topic)?;
        self.rule(topic)
    }

    /// The rule of `topic`.
    #[must_use]
    pub fn rule(&self, topic: &str) -> Option<Rule> {
        let own = self.topics.get(topic)?;
        let written: BTreeSet<String> =
            own.lines().filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect();
        let mut text = String::new();
        let mut table = |name: &str, entries: Vec<(&String, &String)>| {
            if !entries.is_empty() {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "[{name}]");
                for (key, value) in entries {
                    line(&mut text, key, value);
                }
            }
        };
        let inherits =
            |key: &String| !written.contains(&quoted_key(key)) || LAID_OVER.contains(&key.as_str());
        table("defaults.topic", self.defaults.iter().filter(|(key, _)| inherits(key)).collect());
        table("sets", self.sets_of(own));
        table("trust", self.trust.iter().collect());
        let _ = write!(text, "[topic.{}]\n{own}", quoted_key(topic));
        if let Some(examples) = self.examples.get(topic) {
            let _ = writeln!(text, "{EXAMPLES}{examples}");
        }
        Some(Rule { hash: fingerprint(&[&text]), text })
    }

    /// The sets that `text` names, and those that they name, by name.
    fn sets_of(&self, text: &str) -> Vec<(&String, &String)> {
        let mut needed: BTreeMap<&String, &String> = BTreeMap::new();
        let mut open: Vec<&str> = vec![text];
        while let Some(text) = open.pop() {
            for (name, value) in names(text).filter_map(|name| self.sets.get_key_value(name)) {
                if needed.insert(name, value).is_none() {
                    open.push(value);
                }
            }
        }
        needed.into_iter().collect()
    }
}

/// The topic of a rule that was kept, ready to judge; without its examples, as the files are not kept
/// ([`TopicSet::with_examples`] gives it others).
///
/// # Errors
/// Every problem that it has under this version.
pub fn compile_rule(text: &str) -> Result<TopicSet, Problems> {
    let file = File { path: "rule.toml".into(), text: text.to_owned() };
    // No rule says where the store is, and none asks.
    let environment = Environment { state_directory: Some("/".into()), ..Environment::default() };
    settle(&[file], Vec::new(), &environment, false).map(|settings| settings.topic_set)
}

/// Of what the examples say, in whatever order; of those in the store, of what they are named by.
fn fingerprint_of(examples: &[Example]) -> String {
    let one = |example: &Example| match &example.article {
        Some(article) => fingerprint(&[
            &article.title,
            &article.lead,
            &article.body,
            article.language.as_deref().unwrap_or_default(),
        ]),
        None => fingerprint(&[&example.name]),
    };
    let mut all: Vec<String> = examples.iter().map(one).collect();
    all.sort_unstable();
    fingerprint(&all)
}

/// What is said by `key = value` in a table, by key.
fn entries(table: &DeTable<'_>) -> BTreeMap<String, String> {
    table
        .iter()
        .map(|(key, item)| {
            let mut text = String::new();
            value(&mut text, item);
            (key.get_ref().to_string(), text)
        })
        .collect()
}

fn line(text: &mut String, key: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} = {value}", quoted_key(key));
}

/// What may be the name of a set: what follows each `@`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('@').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}

/// Prints a value in one line, the same however it was written. As deep as the parser goes, which bounds that.
fn value(text: &mut String, item: &Spanned<DeValue<'_>>) {
    // Writing to a String cannot fail.
    let _ = match item.get_ref() {
        DeValue::String(string) => {
            quote(text, string);
            Ok(())
        }
        DeValue::Integer(integer) => match i128::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => write!(text, "{number}"),
            Err(_) => write!(text, "{integer}"),
        },
        DeValue::Float(float) => write!(text, "{float}"),
        DeValue::Boolean(yes) => write!(text, "{yes}"),
        DeValue::Datetime(time) => write!(text, "{time}"),
        DeValue::Array(array) => {
            text.push('[');
            for (place, item) in array.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                value(text, item);
            }
            text.push(']');
            Ok(())
        }
        DeValue::Table(table) => {
            let entries = entries(table);
            text.push('{');
            for (place, (key, value)) in entries.iter().enumerate() {
                let _ = write!(text, "{} {} = {value}", if place > 0 { "," } else { "" }, quoted_key(key));
            }
            text.push_str(" }");
            Ok(())
        }
    };
}

/// A key, in quotes where it needs them.
fn quoted_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) {
        return key.to_owned();
    }
    let mut quoted = String::new();
    quote(&mut quoted, key);
    quoted
}

/// A basic string (TOML 1.0), on one line.
fn quote(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests;
