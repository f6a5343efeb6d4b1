//! The demo's daemon: the real tasks, client and store, on the press's clock, with a channel that hands every telling to
//! whoever shows it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::press::{Moment, Phase, Press};
use crate::alert::Alert;
use crate::config::{self, Environment};
use crate::daemon::{DaemonError, Event, Mode, Shared, build_live, run};
use crate::notify::{Notifier, NotifyError, Receipt};
use crate::store::{Reader, Store};

/// Longest wait for one step; the whole demo ends within 30 seconds.
const STEP: Duration = Duration::from_secs(8);

/// What the press's configuration lacks.
const REST: &str = "\n[alerts]\nchannels = [\"log\", \"desktop\"]\n[store]\npath = \"newswatch.db\"\n";
const REST_WITHOUT_DESKTOP: &str = "\n[alerts]\nchannels = [\"log\"]\n[store]\npath = \"newswatch.db\"\n";

/// The running demo.
pub(super) struct Stage {
    pub(super) press: Press,
    moment: Arc<Moment>,
    shared: Arc<Shared>,
    told: UnboundedReceiver<Alert>,
    events: UnboundedReceiver<Event>,
    stop: CancellationToken,
    daemon: JoinHandle<Result<(), DaemonError>>,
    folder: TempDir,
}

/// Takes the place of the `log` channel.
struct Screen(UnboundedSender<Alert>);

#[async_trait]
impl Notifier for Screen {
    fn name(&self) -> &'static str {
        "log"
    }

    async fn tell(&self, alert: &Alert, _previous: Option<&str>) -> Result<Receipt, NotifyError> {
        self.0.send(alert.clone()).map_err(|_| NotifyError::Failed("the demo is over".to_owned()))?;
        Ok(Receipt::default())
    }
}

impl Stage {
    /// Opens the press and starts the daemon on it.
    pub(super) async fn open(desktop: bool) -> anyhow::Result<Self> {
        let (moment, stop) = (Arc::new(Moment::new(Phase::Baseline)), CancellationToken::new());
        let press = Press::start(moment.clone(), stop.clone())
            .await
            .context("the demo's press cannot listen on loopback")?;
        let folder = tempfile::tempdir().context("no folder for the throw-away store")?;
        let environment =
            Environment { state_directory: Some(folder.path().to_owned()), ..Environment::default() };
        let text = press.config() + if desktop { REST } else { REST_WITHOUT_DESKTOP };
        let settings = config::from_text(Path::new("demo.toml"), &text, &environment)
            .map_err(|problems| anyhow::anyhow!("the demo's configuration is wrong:\n{problems}"))?;
        let store = Store::open(&settings.store.path)?;
        let mut live = build_live(settings, &store, None)?;
        let (say, told) = mpsc::unbounded_channel();
        live.channels.insert("log".to_owned(), Arc::new(Screen(say)));
        let (happen, events) = mpsc::unbounded_channel();
        let observe = Box::new(move |event| {
            // Nobody listens any more when the demo is over.
            let _ = happen.send(event);
        });
        let shared = Shared::new(store, moment.clone(), live, observe);
        let daemon = tokio::spawn(run(shared.clone(), Mode::Forever, stop.clone()));
        Ok(Self { press, moment, shared, told, events, stop, daemon, folder })
    }

    /// Moves the story on.
    pub(super) fn go_on(&self, phase: Phase) {
        self.moment.set(phase);
        self.shared.replan();
    }

    /// Waits until every source was looked at with success.
    pub(super) async fn all_looked_at(&mut self) -> anyhow::Result<()> {
        let sources = self.press.outlets().len();
        let mut seen = HashSet::new();
        while seen.len() < sources {
            match timeout(STEP, self.events.recv()).await {
                Ok(Some(Event::Polled { source, failure: None })) => {
                    seen.insert(source);
                }
                Ok(Some(Event::Polled { source, failure: Some(failure) })) => bail!("{source}: {failure}"),
                Ok(Some(_)) => {}
                Ok(None) => bail!("the daemon ended"),
                Err(_) => {
                    bail!("only {} of {sources} outlets answered within {} s", seen.len(), STEP.as_secs())
                }
            }
        }
        Ok(())
    }

    /// Waits for the next telling that `wanted` accepts.
    pub(super) async fn told(&mut self, wanted: impl Fn(&Alert) -> bool) -> anyhow::Result<Alert> {
        loop {
            match timeout(STEP, self.told.recv()).await {
                Ok(Some(alert)) if wanted(&alert) => return Ok(alert),
                Ok(Some(_)) => {}
                Ok(None) => bail!("the daemon ended"),
                Err(_) => bail!("no alert within {} s", STEP.as_secs()),
            }
        }
    }

    /// A way to look into the throw-away store.
    pub(super) fn reader(&self) -> anyhow::Result<Reader> {
        Ok(Reader::open(self.shared.live().settings.store.path.as_path())?)
    }

    /// Stops everything and removes the store.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.daemon.await.context("the daemon broke")??;
        self.press.stopped().await;
        drop(self.folder);
        Ok(())
    }
}
