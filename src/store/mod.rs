//! SQLite holds all truth: one file, one writer, WAL readers, versioned migrations, full-text search.
//!
//! Writes go through [`Store::write`]: a closure gets one `BEGIN IMMEDIATE` transaction, which is committed if it
//! returns `Ok`. Each call runs on tokio's blocking pool; a dedicated thread would disturb paused time in tests.

#![expect(clippy::missing_errors_doc, reason = "every query returns what SQLite says, and nothing else")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::clock::Timestamp;

mod alerts;
mod column;
mod health;
mod judged;
mod crowd;
mod lock;
mod migrate;
mod named;
mod near_misses;
mod notes;
mod outbox;
mod overview;
mod private;
mod prune;
mod replay;
mod reports;
mod robots;
mod rules;
mod search;
mod seen;
mod sources;
mod stories;
mod templates;
mod waiting;

pub use rusqlite::Error as SqliteError;

pub use alerts::{AlertRow, DeliveryRow};
pub use lock::Lock;
pub use near_misses::{NearMisses, day_of};
pub use outbox::Delivery;
pub use overview::{Counts, FailingChannel, TopicHits};
pub use prune::Pruned;
pub use reports::{NewReport, StoredReport, StoredVerdict, Twin};
pub use rules::KeptRule;
pub use search::{SearchHit, fts_query};
pub use seen::Repost;
pub use sources::SourceRow;
pub use stories::{StoryReport, StoryRow};
pub use waiting::Waiting;

/// Our own trouble with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("the store {path}: {error}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        error: rusqlite::Error,
    },
    /// The file is not ours, or of a newer newswatch.
    #[error("{0}")]
    Foreign(String),
    /// No file at the place where a reader expects it.
    #[error("no store at {0} yet: `newswatch run` or `newswatch once` makes it")]
    Missing(PathBuf),
    /// The folder cannot be made.
    #[error("cannot make {path}: {error}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A task of ours ended badly while it held the store.
    #[error("a store call did not finish: {0}")]
    Interrupted(String),
}

/// The store, shared by all tasks. Cloning shares the one writer.
#[derive(Debug, Clone)]
pub struct Store {
    path: Arc<PathBuf>,
    writer: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the file for writing, makes it if there is none, and brings it to the present version.
    ///
    /// # Errors
    /// When the folder cannot be made, the file is not ours or newer than this program, or SQLite refuses.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        private::folder_of(path)?;
        private::file(path)?;
        let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
        let mut connection = Connection::open(path).map_err(sqlite)?;
        migrate::prepare(&mut connection, path)?;
        Ok(Self { path: Arc::new(path.to_owned()), writer: Arc::new(Mutex::new(connection)) })
    }

    /// Opens the file for a small write beside a running daemon, whose transactions wait for it as it waits for theirs.
    /// The file is neither made nor brought to another version.
    ///
    /// # Errors
    /// When there is none, it is not ours or not of this version, or SQLite refuses.
    pub fn beside(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
        let connection = Connection::open_with_flags(path, flags).map_err(sqlite)?;
        migrate::join(&connection, path)?;
        Ok(Self { path: Arc::new(path.to_owned()), writer: Arc::new(Mutex::new(connection)) })
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one transaction and commits it if it returns `Ok`.
    ///
    /// # Errors
    /// What `work` or the commit returns; nothing is stored then.
    pub fn write_blocking<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, StoreError> {
        let sqlite = |error| StoreError::Sqlite { path: self.path.to_path_buf(), error };
        // A poisoned lock only means that a closure panicked: its transaction was rolled back when it was dropped.
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        let value = work(&transaction).map_err(sqlite)?;
        transaction.commit().map_err(sqlite)?;
        Ok(value)
    }

    /// [`Store::write_blocking`] on the blocking pool.
    ///
    /// # Errors
    /// As there.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.write_blocking(work))
            .await
            .map_err(|error| StoreError::Interrupted(error.to_string()))?
    }
}

/// A second way in, for reading only: commands use it beside a running daemon.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    connection: Connection,
}

impl Reader {
    /// Opens the file for reading.
    ///
    /// # Errors
    /// When there is none, or it is not ours.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
        // Read-write, because a WAL file that a crash left behind must be replayed before it can be read.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Self::connect(path, flags).or_else(|first| {
            // Whoever may read the file but not write it sees it too, unless a crash left a WAL file behind.
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Self::connect(path, flags).map_err(|_| first)
        })?;
        connection.pragma_update(None, "query_only", true).map_err(sqlite)?;
        Ok(Self { path: path.to_owned(), connection })
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
        let sqlite = |error| StoreError::Sqlite { path: path.to_owned(), error };
        let connection = Connection::open_with_flags(path, flags).map_err(sqlite)?;
        migrate::present(&connection, path)?;
        Ok(connection)
    }

    /// Runs `work` on the connection.
    ///
    /// # Errors
    /// What `work` returns.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, StoreError> {
        work(&self.connection).map_err(|error| StoreError::Sqlite { path: self.path.clone(), error })
    }
}

/// Queries and statements by table family; each takes the connection or transaction that it runs on.
pub mod table {
    pub use super::alerts::*;
    pub use super::crowd::*;
    pub use super::health::*;
    pub use super::judged::*;
    pub use super::named::*;
    pub use super::near_misses::*;
    pub use super::notes::*;
    pub use super::outbox::*;
    pub use super::overview::*;
    pub use super::prune::*;
    pub use super::replay::*;
    pub use super::reports::*;
    pub use super::robots::*;
    pub use super::rules::*;
    pub use super::search::*;
    pub use super::seen::*;
    pub use super::sources::*;
    pub use super::stories::*;
    pub use super::templates::*;
    pub use super::waiting::*;
}

/// Milliseconds since 1970, as stored.
fn millis(t: Timestamp) -> i64 {
    t.as_millisecond()
}
