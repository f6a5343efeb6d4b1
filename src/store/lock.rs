//! One daemon a store: a lock beside the file, held as long as the process lives.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Holds the lock until dropped; the system frees it when the process dies, however it dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the store at `path`.
    ///
    /// # Errors
    /// When another process polls for this store, or the lock file cannot be made.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let name = PathBuf::from(name);
        let folder = |error| StoreError::Folder { path: name.clone(), error };
        if let Some(parent) = name.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(folder)?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_locked_once_and_freed_when_the_lock_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/newswatch.db");
        let lock = Lock::take(&path).unwrap();
        assert!(Lock::take(&path).unwrap_err().to_string().contains("already running"));
        drop(lock);
        Lock::take(&path).unwrap();
    }
}
