//! A whole house for a test: a store in a folder of its own, a fake web, a paused clock, a recorder.

use std::path::Path;
use std::sync::Arc;

use newswatch::clock::Clock;
use newswatch::config::{self, Environment, Settings};
use newswatch::daemon::{Live, Mode, Shared, run};
use newswatch::pipeline::Channels;
use newswatch::store::{Reader, Store};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clock::TestClock;
use super::fake_web::FakeWeb;
use super::recorder::Recorder;

/// Settings from TOML text; every problem fails the test.
pub fn settings(toml: &str) -> Settings {
    let environment = Environment { state_directory: Some("/unused".into()), ..Environment::default() };
    match config::from_text(Path::new("test.toml"), toml, &environment) {
        Ok(settings) => settings,
        Err(problems) => panic!("{problems}"),
    }
}

/// A folder in memory where there is one: weeks of polling in a test are thousands of commits, each waiting for a disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// The parts that a daemon is made of; they outlive it.
pub struct House {
    pub folder: tempfile::TempDir,
    pub web: Arc<FakeWeb>,
    pub clock: Arc<TestClock>,
    pub log: Arc<Recorder>,
    pub desktop: Arc<Recorder>,
}

/// A running daemon.
pub struct Running {
    pub shared: Arc<Shared>,
    pub stop: CancellationToken,
    pub task: JoinHandle<Result<(), newswatch::daemon::DaemonError>>,
}

impl House {
    pub fn new(start: &str) -> Self {
        Self {
            folder: folder(),
            web: Arc::default(),
            clock: Arc::new(TestClock::at(start)),
            log: Arc::new(Recorder::new("log")),
            desktop: Arc::new(Recorder::new("desktop")),
        }
    }

    pub fn store(&self) -> Store {
        Store::open(&self.folder.path().join("newswatch.db")).unwrap()
    }

    pub fn reader(&self) -> Reader {
        Reader::open(&self.folder.path().join("newswatch.db")).unwrap()
    }

    pub fn live(&self, settings: Settings) -> Live {
        let mut channels = Channels::new();
        channels.insert("log".into(), self.log.clone());
        channels.insert("desktop".into(), self.desktop.clone());
        Live { settings, web: self.web.clone(), channels }
    }

    pub fn shared(&self, toml: &str) -> Arc<Shared> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        Shared::new(self.store(), clock, self.live(settings(toml)), Box::new(|_| {}))
    }

    /// Starts the daemon.
    pub fn start(&self, toml: &str) -> Running {
        let (shared, stop) = (self.shared(toml), CancellationToken::new());
        let task = tokio::spawn(run(shared.clone(), Mode::Forever, stop.clone()));
        Running { shared, stop, task }
    }

    /// One pass.
    pub async fn once(&self, toml: &str, all: bool) {
        run(self.shared(toml), Mode::Once { all }, CancellationToken::new()).await.unwrap();
    }
}

impl Running {
    /// Stops it as SIGTERM does, and waits.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}

/// What a look remembers: these entries.
#[derive(Default)]
pub struct Knows(pub Vec<newswatch::feed::Known>);

#[async_trait::async_trait]
impl newswatch::pipeline::Recall for Knows {
    async fn recall(
        &self,
        _: &newswatch::source::SourceId,
    ) -> Result<newswatch::pipeline::Remembered, String> {
        Ok(newswatch::pipeline::Remembered { known: self.0.clone(), ..Default::default() })
    }

    async fn template(&self, _: &str) -> newswatch::article::Template {
        newswatch::article::Template::default()
    }
}

/// The first look at `source`.
pub fn first_job(source: newswatch::source::Source) -> newswatch::pipeline::Job {
    newswatch::pipeline::Job {
        address: source.url.clone(),
        source,
        validators: newswatch::source::Validators::default(),
        body_hash: None,
        first_look: true,
        empty_since: None,
        watched: None,
        last_full: None,
        waits: false,
    }
}
