//! What every command is given: where the configuration is, how to print, what time it is.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::args::Options;
use super::print::{Printer, complain};
use super::progress::{Bar, Bars};
use super::when::When;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::config::{self, Problem, Problems, Settings};
use crate::pipeline::compare_examples;
use crate::store::{Reader, SourceRow, StoreError, table};

/// What every command is given.
pub(super) struct Context {
    /// Where the configuration is.
    pub(super) config: PathBuf,
    /// Whether data is wanted as JSON.
    pub(super) json: bool,
    /// How much more to say, 0..=2.
    pub(super) verbose: u8,
    /// Whether to say only what is wrong.
    pub(super) quiet: bool,
    /// What time it is.
    pub(super) clock: Arc<dyn Clock>,
    /// The zone in which times are shown.
    pub(super) zone: TimeZone,
    /// How wide standard output is; `None` if it is not a terminal.
    pub(super) width: Option<usize>,
    /// The progress line, on terminals only.
    pub(super) bars: Bars,
}

/// The configuration cannot be used: each problem as [`Problems`] shows it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadConfiguration(pub(super) Problems);

impl Context {
    /// The facts of this process under `options`.
    pub(super) fn of_process(options: &Options) -> Self {
        Self {
            config: config::locate(options.config.as_deref()),
            json: options.json,
            verbose: options.verbose,
            quiet: options.quiet,
            clock: Arc::new(SystemClock),
            zone: TimeZone::system(),
            width: terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0)),
            bars: Bars::new(std::io::stderr().is_terminal() && !options.quiet),
        }
    }

    /// A progress line that counts to what `total` says; none where the answers themselves stand on the terminal.
    pub(super) fn progress(&self, total: impl FnOnce() -> usize) -> Option<Bar> {
        (self.width.is_none() && self.bars.are_seen()).then(|| self.bars.bar(total()))
    }

    /// The configuration.
    ///
    /// # Errors
    /// [`BadConfiguration`].
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        config::load(&self.config).map_err(|problems| BadConfiguration(problems).into())
    }

    /// The configuration, its topics by example comparing by what is stored, as the daemon has them; and what is odd about
    /// them.
    ///
    /// # Errors
    /// [`BadConfiguration`], and when the store cannot be read.
    pub(super) fn judging_settings(&self) -> anyhow::Result<(Settings, Vec<Problem>)> {
        let settings = self.settings()?;
        let odd = Self::learn_from_store(&settings)?;
        Ok((settings, odd))
    }

    /// Has topics by example compare by what is stored, if there is a store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn learn_from_store(settings: &Settings) -> anyhow::Result<Vec<Problem>> {
        if !settings.topic_set.has_examples() {
            return Ok(Vec::new());
        }
        let Some(store) = Self::store_if_any(settings)? else { return Ok(Vec::new()) };
        Ok(config::placed(settings, store.read(|db| compare_examples(db, &settings.topic_set))?))
    }

    /// The store of the configuration, for reading.
    ///
    /// # Errors
    /// When the configuration is bad, or there is no store yet.
    pub(super) fn store(&self) -> anyhow::Result<Reader> {
        Ok(Reader::open(&self.store_path()?)?)
    }

    /// Where the store is. A configuration with mistakes does not hide what is stored, as long as it says where.
    ///
    /// # Errors
    /// When the configuration is bad and does not say.
    pub(super) fn store_path(&self) -> anyhow::Result<PathBuf> {
        match self.settings() {
            Ok(settings) => Ok(settings.store.path),
            Err(error) => self.store_despite(error),
        }
    }

    /// The sources that are stored, if there is a store, and the configuration, if it can be read.
    ///
    /// # Errors
    /// When the configuration is bad and does not say where the store is, or the store cannot be read.
    pub(super) fn known_sources(&self) -> anyhow::Result<(Vec<SourceRow>, Option<Settings>)> {
        let settings = match self.settings() {
            Ok(settings) => settings,
            Err(error) => {
                let store = Reader::open(&self.store_despite(error)?)?;
                return Ok((store.read(table::list_sources)?, None));
            }
        };
        let store = Self::store_if_any(&settings)?;
        let rows = store.map(|store| store.read(table::list_sources)).transpose()?;
        Ok((rows.unwrap_or_default(), Some(settings)))
    }

    /// Where the store is by a configuration that is bad, as `error` says.
    fn store_despite(&self, error: anyhow::Error) -> anyhow::Result<PathBuf> {
        let Some(path) = config::store_of(&self.config).filter(|path| path.exists()) else {
            return Err(error);
        };
        complain(
            "warning: the configuration has mistakes, `newswatch check` shows them; this is what is stored",
        );
        Ok(path)
    }

    /// The same where it is no error that there is no store yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn store_if_any(settings: &Settings) -> anyhow::Result<Option<Reader>> {
        match open(settings) {
            Ok(reader) => Ok(Some(reader)),
            Err(StoreError::Missing(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The time now, in milliseconds as all that is stored.
    pub(super) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Words for times, as seen now.
    pub(super) fn when(&self) -> When {
        When { now: self.now(), zone: self.zone.clone() }
    }

    /// The way to standard output.
    pub(super) fn printer(&self) -> Printer<'static> {
        Printer::stdout(self.width)
    }
}

fn open(settings: &Settings) -> Result<Reader, StoreError> {
    Reader::open(&settings.store.path)
}
