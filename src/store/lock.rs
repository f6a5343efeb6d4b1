//! One daemon a store: a lock beside the file, held as long as the process lives.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::{StoreError, private};

/// Holds the lock until dropped; the system frees it when the process dies, however it dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Whether a process polls for the store at `path` now.
    #[must_use]
    pub fn is_held(path: &Path) -> bool {
        File::open(place(path))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Takes the lock of the store at `path`.
    ///
    /// # Errors
    /// When another process polls for this store, or the lock file cannot be made.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let name = place(path);
        let folder = |error| StoreError::Folder { path: name.clone(), error };
        private::folder_of(path)?;
        let file = File::options().create(true).append(true).open(&name).map_err(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Foreign(format!(
                "another newswatch is already running on {}; it polls by itself, stop it first",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(StoreError::Folder { path: name, error }),
        }
    }
}

fn place(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_locked_once_and_freed_when_the_lock_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/newswatch.db");
        let lock = Lock::take(&path).unwrap();
        assert!(Lock::take(&path).unwrap_err().to_string().contains("already running"));
        assert!(Lock::is_held(&path));
        drop(lock);
        assert!(!Lock::is_held(&path));
        Lock::take(&path).unwrap();
    }
}
