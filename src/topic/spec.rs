//! What a person writes about a topic, before compiling: every string with its place in the file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::article::{Article, Zone};
use crate::text::terms::clip;

/// A string of the configuration with the bytes where it stands, so that a problem can point at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The value.
    pub text: String,
    /// Which file (an index that the config room understands).
    pub file: usize,
    /// Byte span of the TOML value in that file.
    pub at: Range<usize>,
}

/// How loudly to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For the record.
    Info,
    /// The usual.
    #[default]
    Notice,
    /// Look soon.
    Warning,
    /// Look now; quiet hours do not hold it.
    Critical,
}

/// What a hit weighs by zone, 0.0..=1.0. A zone of weight 0 never makes a topic true.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ZoneWeights {
    /// Headline.
    pub title: f32,
    /// Standfirst or first paragraph.
    pub lead: f32,
    /// The rest of the text.
    pub body: f32,
    /// Sidebars and navigation.
    pub furniture: f32,
}

impl Default for ZoneWeights {
    fn default() -> Self {
        Self { title: 1.0, lead: 0.7, body: 0.4, furniture: 0.0 }
    }
}

impl ZoneWeights {
    /// The weight of `zone`.
    #[must_use]
    pub fn of(&self, zone: Zone) -> f32 {
        match zone {
            Zone::Title => self.title,
            Zone::Lead => self.lead,
            Zone::Body => self.body,
            Zone::Furniture => self.furniture,
        }
    }
}

/// One line of `all` or `any`: alternatives, with a weight.
#[derive(Debug, Clone, PartialEq)]
pub struct LineSpec {
    /// The alternatives: one string with `|` between them, or several strings (`{ any = [...] }`).
    pub terms: Vec<Written>,
    /// Its share in the score; 1.0 unless written.
    pub weight: f32,
}

/// A further way in: `also = [{ all = ["@kim", "Putin"], near = 15 }]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaySpec {
    /// Every line must hit.
    pub all: Vec<LineSpec>,
    /// At least `min` of these must hit.
    pub any: Vec<LineSpec>,
    /// How many lines of `any`; 1 unless written.
    pub min: Option<usize>,
    /// Words: one window that holds a hit of each line of `all`.
    pub near: Option<usize>,
}

/// An entry of `boost`: a line of which a hit moves the score.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostSpec {
    /// `Vladivostok | Vostochny`
    pub line: Written,
    /// Added to the score, -100..=100.
    pub points: i16,
}

/// An entry of `escalate`: all that it asks for must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct EscalationSpec {
    /// The severity, as written.
    pub at: Written,
    /// What the topic's severity becomes.
    pub to: Severity,
    /// A query.
    pub when: Option<Written>,
    /// Or above.
    pub min_score: Option<u8>,
}

/// `sources`: patterns of hosts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourcesSpec {
    /// Only articles of these; of all if empty.
    pub only: Vec<Written>,
    /// None of these.
    pub skip: Vec<Written>,
}

/// A topic as written, with defaults resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicSpec {
    /// The key in `[topic.ID]`.
    pub id: Written,
    /// What the person calls it; the id otherwise.
    pub name: String,
    /// The main way in as a query, in place of `way`.
    pub query: Option<Written>,
    /// The main way in.
    pub way: WaySpec,
    /// Further ways in.
    pub also: Vec<WaySpec>,
    /// Veto: any hit that counts makes the topic false.
    pub none: Vec<Written>,
    /// Hits inside these phrases do not count.
    pub mask: Vec<Written>,
    /// Zones in which what the topic asks for may hit (`in`); all if empty.
    pub zones: Vec<Zone>,
    /// What moves the score.
    pub boost: Vec<BoostSpec>,
    /// What makes it more severe.
    pub escalate: Vec<EscalationSpec>,
    /// Hosts of articles.
    pub sources: SourcesSpec,
    /// What a hit weighs by zone.
    pub fields: ZoneWeights,
    /// 0..=100; a lower score is no match.
    pub min_score: u8,
    /// How loudly to tell.
    pub severity: Severity,
    /// Languages of articles (ISO 639-1), or `*`.
    pub lang: Vec<String>,
    /// Channels of this topic; `None`: those of `[alerts]`.
    pub channels: Option<Vec<String>>,
    /// Per story: updates inside it join one follow-up.
    pub cooldown: Duration,
    /// Articles that it is about, by example.
    pub examples: Option<ExampleSpec>,
}

impl TopicSpec {
    /// A topic that says nothing yet, with everything else as it is by default.
    #[must_use]
    pub fn new(id: Written) -> Self {
        Self {
            name: id.text.clone(),
            id,
            way: WaySpec::default(),
            also: Vec::new(),
            none: Vec::new(),
            mask: Vec::new(),
            fields: ZoneWeights::default(),
            min_score: 40,
            severity: Severity::default(),
            lang: vec!["*".to_owned()],
            channels: None,
            cooldown: Duration::from_hours(6),
            examples: None,
            query: None,
            zones: Vec::new(),
            boost: Vec::new(),
            escalate: Vec::new(),
            sources: SourcesSpec::default(),
        }
    }
}

impl Written {
    /// A text that stands in no file.
    #[must_use]
    pub fn nowhere(text: &str) -> Self {
        Self { text: text.to_owned(), file: 0, at: 0..0 }
    }
}

/// `examples = { like = ["examples/*.txt"], unlike = [], min = "auto", use = "or" }`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleSpec {
    /// The key, for problems of the whole.
    pub at: Written,
    /// What the topic is about.
    pub like: Vec<Example>,
    /// What looks alike and is not meant.
    pub unlike: Vec<Example>,
    /// From this likeness on, 0.0..=1.0; `None` for `"auto"`: from the store's own articles.
    pub min: Option<f32>,
    /// What likeness is good for.
    pub usage: ExampleUse,
}

/// One example.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The string that names it, perhaps with others.
    pub at: Written,
    /// The file, or what the store knows the article by: its number or address.
    pub name: String,
    /// What it says; `None` if it is to be found in the store.
    pub article: Option<Arc<Article>>,
}

/// So much of each part of an example is read, in bytes.
pub(super) const EXAMPLE_BYTES: usize = 16 * 1024;

impl Example {
    /// The `article` of a file, as far as it is read: a topic may have hundreds of them.
    #[must_use]
    pub fn new(at: Written, name: String, article: Article) -> Self {
        let read = |text: &str| clip(text, EXAMPLE_BYTES).to_owned();
        let (title, lead, body) = (read(&article.title), read(&article.lead), read(&article.body));
        let Article { url, canonical_url, language, .. } = article;
        let article = Article { url, canonical_url, title, lead, body, language, ..Article::default() };
        Self { at, name, article: Some(Arc::new(article)) }
    }
}

/// What likeness to the examples is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExampleUse {
    /// It is a second way in.
    #[default]
    Or,
    /// It is needed beside the lines.
    And,
    /// It moves the score, never the truth.
    Score,
}

impl ExampleUse {
    /// Each with its word.
    pub const ALL: [(&'static str, Self); 3] = [("or", Self::Or), ("and", Self::And), ("score", Self::Score)];

    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, usage)| *usage == self).map_or("or", |(word, _)| word)
    }
}

impl TopicSpec {
    /// What the topic asks, as one query, whether it was written as such or in lines. `None` if it asks for nothing or
    /// cannot be read.
    #[must_use]
    pub fn as_query(&self) -> Option<String> {
        let mut problems = Vec::new();
        let expr = super::query::of_topic(self, &mut problems).map(|expr| expr.to_string());
        expr.filter(|_| problems.iter().all(|problem| problem.warning))
    }
}

/// Shared aliases: name → its strings. Terms use them as `@name`; sets may use sets.
pub type Sets = BTreeMap<String, (Written, Vec<Written>)>;
