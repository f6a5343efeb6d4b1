//! Whether to tell, and why or why not; rendering of what is told. Pure.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::Timestamp;
use crate::topic::Severity;

pub mod backtest;
mod decide;
mod health;
mod host;
mod quiet;
mod render;
mod silence;

pub use decide::{Case, Told, Verdict, VerdictKind, decide};
pub use health::{Change, FailingPart, Health, HealthNews, Seen, Trouble};
pub use host::{Begins, Neighbour, begins, ends, gaps};
pub use quiet::QuietHours;
pub use render::{REMOVED, body, counts, with_news_of};
pub use silence::Pauses;

/// One alert as it stands: what the person is told about one story under one topic. Updates keep the id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Stable over updates and repeats: channels replace by it.
    pub id: i64,
    /// 1 for the first telling, one more for each update.
    pub revision: u32,
    /// Topic id.
    pub topic: String,
    /// The topic's name as the person gave it.
    pub topic_name: String,
    /// Story id.
    pub story: i64,
    /// How loudly.
    pub severity: Severity,
    /// What happened.
    pub kind: AlertKind,
    /// One line, plain text: the story's headline.
    pub title: String,
    /// A few lines of plain text: outlets, origin, what is new.
    pub body: String,
    /// The article to open.
    pub url: Option<Url>,
    /// Why the person is told.
    pub why: String,
    /// When this revision was decided.
    pub raised: Timestamp,
}

/// What an alert, or its latest revision, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertKind {
    /// A story's first.
    New,
    /// Something new is known: told aloud again, in the same place.
    Update,
    /// More outlets, nothing new: shown in the same place without a sound.
    Quiet,
    /// About newswatch itself: a source died, items may have been lost.
    Health,
    /// Sent by `notify test`.
    Test,
}
