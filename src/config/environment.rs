//! What the configuration takes from the process's surroundings, in one place so that tests can pass their own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

/// The surroundings.
#[derive(Debug, Clone)]
pub struct Environment {
    /// `$NEWSWATCH_CONFIG`: the configuration's file or folder.
    pub newswatch_config: Option<PathBuf>,
    /// `$CONFIGURATION_DIRECTORY`, set by systemd; the first of several.
    pub configuration_directory: Option<PathBuf>,
    /// `$STATE_DIRECTORY`, set by systemd; the first of several.
    pub state_directory: Option<PathBuf>,
    /// `$XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `$XDG_DATA_HOME`.
    pub xdg_data_home: Option<PathBuf>,
    /// `$HOME`.
    pub home: Option<PathBuf>,
    /// The person's time zone.
    pub zone: TimeZone,
}

impl Default for Environment {
    /// Surroundings that say nothing, in UTC.
    fn default() -> Self {
        Self {
            newswatch_config: None,
            configuration_directory: None,
            state_directory: None,
            xdg_config_home: None,
            xdg_data_home: None,
            home: None,
            zone: TimeZone::UTC,
        }
    }
}

impl Environment {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self { zone: TimeZone::system(), ..Self::from_variables(|name| std::env::var_os(name)) }
    }

    /// Those that `variable` tells by name, in UTC. An empty variable counts as unset; so does a relative XDG path, as
    /// the XDG Base Directory Specification demands.
    #[must_use]
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
        // systemd.exec(5): several directories are separated by colons.
        let first = |name: &str| {
            path(name)
                .and_then(|paths| std::env::split_paths(&paths).find(|path| !path.as_os_str().is_empty()))
        };
        Self {
            newswatch_config: path("NEWSWATCH_CONFIG"),
            configuration_directory: first("CONFIGURATION_DIRECTORY"),
            state_directory: first("STATE_DIRECTORY"),
            xdg_config_home: absolute("XDG_CONFIG_HOME"),
            xdg_data_home: absolute("XDG_DATA_HOME"),
            home: absolute("HOME"),
            zone: TimeZone::UTC,
        }
    }

    /// As [`super::locate`], in these surroundings.
    #[must_use]
    pub fn locate(&self, given: Option<&Path>) -> PathBuf {
        if let Some(path) = given.or(self.newswatch_config.as_deref()) {
            return super::files::in_folder(path);
        }
        let config_home = || {
            let home =
                self.xdg_config_home.clone().or_else(|| self.home.as_ref().map(|home| home.join(".config")));
            home.map(|home| home.join("newswatch"))
        };
        self.configuration_directory.clone().or_else(config_home).unwrap_or_default().join("newswatch.toml")
    }

    /// Where the database goes unless its path is absolute: `$STATE_DIRECTORY`, else `$XDG_DATA_HOME/newswatch`, else
    /// `~/.local/share/newswatch`.
    #[must_use]
    pub fn state_folder(&self) -> Option<PathBuf> {
        let data_home = || {
            let home = self
                .xdg_data_home
                .clone()
                .or_else(|| self.home.as_ref().map(|home| home.join(".local/share")));
            home.map(|home| home.join("newswatch"))
        };
        self.state_directory.clone().or_else(data_home)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_variables(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_configuration_is_looked_for_in_order() {
        let all = [
            ("NEWSWATCH_CONFIG", "/n/c.toml"),
            ("CONFIGURATION_DIRECTORY", "/etc/a:/etc/b"),
            ("XDG_CONFIG_HOME", "/xdg"),
            ("HOME", "/home/me"),
        ];
        let located = |from: usize| environment(all.get(from..).unwrap_or_default()).locate(None);
        assert_eq!(environment(&all).locate(Some(Path::new("x.toml"))), Path::new("x.toml"));
        assert_eq!(located(0), Path::new("/n/c.toml"));
        assert_eq!(located(1), Path::new("/etc/a/newswatch.toml"));
        assert_eq!(located(2), Path::new("/xdg/newswatch/newswatch.toml"));
        assert_eq!(located(3), Path::new("/home/me/.config/newswatch/newswatch.toml"));
        assert_eq!(located(4), Path::new("newswatch.toml"));
    }

    #[test]
    fn a_folder_means_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Environment::default().locate(Some(folder.path())), folder.path().join("newswatch.toml"));
    }

    #[test]
    fn the_state_is_kept_where_systemd_says() {
        let all =
            [("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), ("XDG_DATA_HOME", "/data"), ("HOME", "/home/me")];
        let folder = |from: usize| environment(all.get(from..).unwrap_or_default()).state_folder();
        assert_eq!(folder(0), Some("/var/lib/a".into()));
        assert_eq!(folder(1), Some("/data/newswatch".into()));
        assert_eq!(folder(2), Some("/home/me/.local/share/newswatch".into()));
        assert_eq!(folder(3), None);
    }

    #[test]
    fn empty_and_relative_variables_count_as_unset() {
        let found =
            environment(&[("STATE_DIRECTORY", ""), ("XDG_DATA_HOME", "data"), ("HOME", "/h")]).state_folder();
        assert_eq!(found, Some("/h/.local/share/newswatch".into()));
    }
}
