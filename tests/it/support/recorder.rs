//! A channel that records what it is told, and can be made to fail.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use newswatch::alert::{Alert, AlertKind};
use newswatch::notify::{Notifier, NotifyError, Receipt};

/// Records every telling, in order.
pub struct Recorder {
    name: &'static str,
    pub told: Mutex<Vec<Alert>>,
    pub down: AtomicBool,
}

impl Recorder {
    pub fn new(name: &'static str) -> Self {
        Self { name, told: Mutex::default(), down: AtomicBool::new(false) }
    }

    /// Kind and title of each telling.
    pub fn heard(&self) -> Vec<(AlertKind, String)> {
        self.told.lock().unwrap().iter().map(|alert| (alert.kind, alert.title.clone())).collect()
    }
}

#[async_trait]
impl Notifier for Recorder {
    fn name(&self) -> &str {
        self.name
    }

    async fn tell(&self, alert: &Alert, _previous: Option<&str>) -> Result<Receipt, NotifyError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(NotifyError::Unavailable("no session bus".into()));
        }
        self.told.lock().unwrap().push(alert.clone());
        Ok(Receipt { handle: Some(alert.id.to_string()) })
    }
}
