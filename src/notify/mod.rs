//! An alert, told: the [`Notifier`] port, and the channels `desktop` and `log`.

use async_trait::async_trait;

use crate::alert::Alert;

pub mod desktop;
pub mod log;

/// A way to tell the person.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// The channel's name in the configuration.
    fn name(&self) -> &str;

    /// Tells `alert`. Told again under the same `alert.id`, it replaces what is shown; a repeat of the same revision is
    /// harmless. `previous` is the handle that an earlier telling of this alert returned, perhaps in an earlier process.
    ///
    /// # Errors
    /// When the person was not told; the outbox keeps the alert and tries again.
    async fn tell(&self, alert: &Alert, previous: Option<&str>) -> Result<Receipt, NotifyError>;
}

/// Proof that a channel took an alert.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// What the channel needs to replace this telling later (a notification id with the bus owner), if anything.
    pub handle: Option<String>,
}

/// Why the person was not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// The channel cannot work here now: no session bus, no server. Said once; retried with back-off.
    #[error("{0}")]
    Unavailable(String),
    /// This telling failed.
    #[error("{0}")]
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::AlertKind;
    use crate::clock::Timestamp;
    use crate::topic::Severity;

    /// An alert of the kind that most tests of the channels vary.
    pub(super) fn alert() -> Alert {
        Alert {
            id: 7,
            revision: 1,
            topic: "nk-arms".to_owned(),
            topic_name: "North Korean arms".to_owned(),
            story: 3,
            severity: Severity::Warning,
            kind: AlertKind::New,
            title: "Kim visits a shipyard".to_owned(),
            body: "5 outlets, 1 origin: The New York Times\nNew: a second destroyer".to_owned(),
            url: Some("https://example.org/kim".parse().expect("a URL")),
            why: "first report".to_owned(),
            raised: Timestamp::UNIX_EPOCH,
        }
    }
}
