//! The configuration's files while a command edits them: which file a source goes into, whether the result is valid as
//! a whole before anything is written, and writing it in one step.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};

use super::collect::File;
use super::edit::{Written, sources_in};
use super::{Environment, Problems, Settings, assemble, files};

/// The files as they are on disk, valid as a whole.
#[derive(Debug)]
pub struct Edition {
    environment: Environment,
    files: Vec<File>,
    /// What they say.
    pub settings: Settings,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The configuration would have mistakes.
    #[error("nothing was written, as the configuration would have mistakes:\n{0}")]
    Mistakes(Problems),
    /// Somebody else wrote it in the meantime.
    #[error("{0} was changed by another program meanwhile, nothing was written: try again")]
    Changed(PathBuf),
    /// The system refuses.
    #[error("cannot write {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl Edition {
    /// Reads the configuration at `path` with all it includes.
    ///
    /// # Errors
    /// Every problem, if it cannot be used.
    pub fn open(path: &Path, environment: Environment) -> Result<Self, Problems> {
        let (files, found) = files::read_all(path);
        let settings = assemble::settle(&files, found, &environment, true)?;
        Ok(Self { environment, files, settings })
    }

    /// The main file.
    #[must_use]
    pub fn main(&self) -> &Path {
        self.files.first().map_or(Path::new(""), |main| &main.path)
    }

    /// The text of the file at `path`, without byte order mark; `None` if the configuration does not read that file.
    #[must_use]
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.files.iter().find(|file| same(&file.path, path)).map(|file| file.text.as_str())
    }

    /// Every source with the file that it stands in, in the order of files and lines.
    #[must_use]
    pub fn sources(&self) -> Vec<(&Path, Written)> {
        let of = |file: &File| sources_in(&file.text).unwrap_or_default();
        self.files
            .iter()
            .flat_map(|file| of(file).into_iter().map(|source| (file.path.as_path(), source)))
            .collect()
    }

    /// The file that a new source goes into unless the person says otherwise: the main file, unless all sources stand in
    /// one included file.
    #[must_use]
    pub fn home(&self) -> &Path {
        let sources = self.sources();
        match sources.first() {
            Some((first, _)) if sources.iter().all(|(path, _)| path == first) => first,
            _ => self.main(),
        }
    }

    /// Whether the configuration reads the file at `path`, or would if there were one.
    #[must_use]
    pub fn covers(&self, path: &Path) -> bool {
        self.text(path).is_some() || self.files.first().is_some_and(|main| files::includes(main, path))
    }

    /// Writes `text` to the file at `path`, if the configuration is valid with it. A symbolic link is followed; the
    /// file keeps its permissions; a reader sees the old text or the new one.
    ///
    /// # Errors
    /// See [`SaveError`]; nothing is changed then.
    pub fn save(&self, path: &Path, text: &str) -> Result<Settings, SaveError> {
        let settings = self.with(path, text).map_err(SaveError::Mistakes)?;
        let failed = |error| SaveError::Io { path: path.to_owned(), error };
        let old = self.text(path);
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        // Two that edit at once wait for each other; the second then finds that the file has changed.
        let main = fs::File::open(self.main()).map_err(failed)?;
        main.lock().map_err(failed)?;
        let on_disk = match fs::read(&place) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        let mark = on_disk.as_ref().is_some_and(|bytes| bytes.starts_with(BOM));
        let found = on_disk.as_deref().map(|bytes| bytes.strip_prefix(BOM).unwrap_or(bytes));
        if found != old.map(str::as_bytes) {
            return Err(SaveError::Changed(path.to_owned()));
        }
        // A new file is as open to others as the main one.
        let like = if on_disk.is_some() { &place } else { self.main() };
        replace(&place, if mark { BOM } else { b"" }, text, like).map_err(failed)?;
        Ok(settings)
    }

    /// What the configuration says once the file at `path` holds `text`. Nothing is written.
    ///
    /// # Errors
    /// Every problem that it would have.
    pub fn with(&self, path: &Path, text: &str) -> Result<Settings, Problems> {
        let file = |path: &Path, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let changed = |old: &File| {
            if same(&old.path, path) { file(&old.path, text) } else { file(&old.path, &old.text) }
        };
        let mut files: Vec<File> = self.files.iter().map(changed).collect();
        if self.text(path).is_none() {
            files.push(file(path, text));
        }
        assemble::settle(&files, Vec::new(), &self.environment, true)
    }
}

/// The byte order mark, which some editors write.
const BOM: &[u8] = "\u{feff}".as_bytes();

fn same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// Writes beside `place`, then takes its name: a crash in between leaves the old file.
fn replace(place: &Path, mark: &[u8], text: &str, like: &Path) -> io::Result<()> {
    let folder = match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut beside = tempfile::Builder::new().prefix(".newswatch-").suffix(".tmp").tempfile_in(folder)?;
    beside.write_all(mark)?;
    beside.write_all(text.as_bytes())?;
    let like = fs::metadata(like)?;
    let own = beside.as_file().metadata()?;
    if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
        // A service that reads the file as another user must go on doing so.
        fchown(beside.as_file(), Some(like.uid()), Some(like.gid()))?;
    }
    beside.as_file().set_permissions(like.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(place)?;
    // The name is on disk once its folder is; some file systems refuse to say so.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::edit::{Draft, add};
    use super::*;

    const ONE: &str = "[[feed]]\nurl = 'https://a.example/'\n";
    const TOPIC: &str =
        "include = ['lists/*.toml']\n[topic.x]\nall = ['Pyongyang']\n[store]\npath = '/n/n.db'\n";

    fn house(files: &[(&str, &str)]) -> (tempfile::TempDir, Edition) {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("lists")).expect("made");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("written");
        }
        let edition = Edition::open(folder.path(), Environment::default());
        (folder, edition.unwrap_or_else(|problems| panic!("{problems}")))
    }

    fn home(files: &[(&str, &str)]) -> String {
        let (folder, edition) = house(files);
        edition.home().strip_prefix(folder.path()).expect("below").display().to_string()
    }

    #[test]
    fn a_source_goes_to_the_main_file_unless_all_are_in_one_list() {
        let two = format!("{TOPIC}{ONE}");
        let other = ONE.replace("a.ex", "b.ex");
        assert_eq!(home(&[("newswatch.toml", TOPIC)]), "newswatch.toml");
        assert_eq!(
            home(&[("newswatch.toml", TOPIC), ("lists/a.toml", ONE), ("lists/b.toml", "")]),
            "lists/a.toml"
        );
        assert_eq!(
            home(&[("newswatch.toml", TOPIC), ("lists/a.toml", ONE), ("lists/b.toml", &other)]),
            "newswatch.toml"
        );
        assert_eq!(home(&[("newswatch.toml", &two), ("lists/b.toml", &other)]), "newswatch.toml");
    }

    #[test]
    fn a_file_is_covered_if_the_main_file_would_read_it() {
        let (folder, edition) = house(&[("newswatch.toml", TOPIC)]);
        let covers = |name: &str| edition.covers(&folder.path().join(name));
        assert!(covers("newswatch.toml") && covers("lists/new.toml"));
        assert!(
            !covers("lists/new.txt")
                && !covers("new.toml")
                && !covers("lists/.new.toml")
                && !covers("lists/x/new.toml")
        );
    }

    #[test]
    fn a_link_is_followed_and_permissions_mark_and_the_rest_stay() {
        let (folder, edition) = house(&[("newswatch.toml", TOPIC), ("real", "\u{feff}# é\n")]);
        drop(edition);
        let (real, link) = (folder.path().join("real"), folder.path().join("lists/l.toml"));
        std::os::unix::fs::symlink("../real", &link).expect("linked");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("set");
        // Only the super-user may give a file away; for anyone else the owner stays as it is.
        let _ = std::os::unix::fs::chown(&real, Some(4242), Some(4243));
        let owner = fs::metadata(&real).map(|now| (now.uid(), now.gid())).expect("there");
        let edition = Edition::open(folder.path(), Environment::default()).expect("valid");
        let text =
            add(edition.text(&link).expect("read"), &[Draft::new("feed", "https://b.example/", None, &[])]);
        let settings = edition.save(&link, &text.expect("TOML")).expect("saved");
        assert_eq!(settings.sources.len(), 1);
        assert_eq!(
            fs::read_to_string(&real).expect("read"),
            "\u{feff}# é\n\n[[feed]]\nurl = \"https://b.example/\"\n"
        );
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::metadata(&real).expect("there").permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::metadata(&real).map(|now| (now.uid(), now.gid())).expect("there"), owner);
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 3, "nothing is left over");
        // What was read is no longer what is there.
        assert!(matches!(edition.save(&link, ""), Err(SaveError::Changed(_))));
    }

    #[test]
    fn what_would_be_a_mistake_is_not_written() {
        let (folder, edition) = house(&[("newswatch.toml", TOPIC), ("lists/a.toml", ONE)]);
        let path = folder.path().join("lists/b.toml");
        let error = edition.save(&path, ONE).expect_err("twice");
        assert!(error.to_string().contains("this source is already at"), "{error}");
        assert!(!path.exists());
        let settings = edition.save(&path, "[[feed]]\nurl = 'https://b.example/'\n").expect("a new file");
        assert_eq!((settings.sources.len(), path.exists()), (2, true));
    }
}
