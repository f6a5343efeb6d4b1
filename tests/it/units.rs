//! The systemd units: systemd finds nothing to complain about, they are as closed as they claim, and they say what the
//! program relies on.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::left_out;

/// Where the units say that the program is; not where it is while tests run.
const INSTALLED: &str = "/usr/local/bin/newswatch";

/// A unit file of the project.
struct Unit {
    /// What `systemd-analyze` needs to read it as the manager that will run it.
    manager: &'static [&'static str],
    /// As shipped.
    text: String,
    /// With a program that exists.
    file: PathBuf,
    folder: TempDir,
}

impl Unit {
    fn of_system() -> Self {
        Self::read("system", &[])
    }

    fn of_user() -> Self {
        Self::read("user", &["--user"])
    }

    fn read(kind: &str, manager: &'static [&'static str]) -> Self {
        let shipped =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd").join(kind).join("newswatch.service");
        let text = std::fs::read_to_string(&shipped).expect("the unit is readable");
        let folder = tempfile::tempdir().expect("a folder for the unit");
        let file = folder.path().join("newswatch.service");
        let runnable = text.replace(INSTALLED, env!("CARGO_BIN_EXE_newswatch"));
        assert_ne!(runnable, text, "the unit starts {INSTALLED}");
        std::fs::write(&file, runnable).expect("the unit is written");
        Self { manager, text, file, folder }
    }

    /// Runs `systemd-analyze` on the unit; `None`, said aloud, where there is none.
    fn analyze(&self, arguments: &[&str]) -> Option<Output> {
        let ran = Command::new("systemd-analyze")
            .args(self.manager)
            .args(arguments)
            .arg(&self.file)
            // A user's manager wants a runtime folder, which a build machine lacks.
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("SYSTEMD_COLORS", "0")
            .output();
        match ran {
            Ok(output) => Some(output),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                left_out(
                    &format!("the units under systemd-analyze {}", arguments.join(" ")),
                    "systemd-analyze",
                    "NEWSWATCH_REQUIRE_SYSTEMD",
                );
                None
            }
            Err(error) => panic!("systemd-analyze does not start: {error}"),
        }
    }

    /// Nothing is misspelt, missing or contradictory.
    fn verify(&self) {
        let Some(output) = self.analyze(&["verify", "--man=no"]) else { return };
        let complaints = String::from_utf8_lossy(&output.stderr);
        // It reads the units that ours names too; their troubles are the machine's.
        let ours: Vec<_> = complaints.lines().filter(|line| line.contains("newswatch")).collect();
        assert!(output.status.success() && ours.is_empty(), "{}: {complaints}", output.status);
    }

    /// The exposure that systemd computes is at most `most`, of 10.
    fn secure(&self, most: f64) {
        let Some(output) = self.analyze(&["security", "--offline=true", "--no-pager"]) else { return };
        let report = String::from_utf8_lossy(&output.stdout);
        let exposure: f64 = report
            .split_once("Overall exposure level for newswatch.service: ")
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .and_then(|number| number.parse().ok())
            .unwrap_or_else(|| panic!("no verdict: {report}{}", String::from_utf8_lossy(&output.stderr)));
        assert!(exposure <= most, "{exposure} > {most}:\n{report}");
    }

    /// Every value of `key` in the section `[Service]`, in order.
    fn values(&self, key: &str) -> Vec<&str> {
        let service =
            self.text.split("\n[Service]\n").nth(1).and_then(|rest| rest.split("\n[Install]\n").next());
        service
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.split_once('='))
            .filter_map(|(name, value)| (name == key).then_some(value))
            .collect()
    }
}

#[test]
fn systemd_accepts_the_unit_of_the_system() {
    Unit::of_system().verify();
}

#[test]
fn systemd_accepts_the_unit_of_the_user() {
    Unit::of_user().verify();
}

#[test]
fn the_unit_of_the_system_is_closed() {
    Unit::of_system().secure(1.5);
}

#[test]
fn the_unit_of_the_user_is_closed() {
    Unit::of_user().secure(2.5);
}

#[test]
fn the_units_say_what_the_program_relies_on() {
    for unit in [Unit::of_system(), Unit::of_user()] {
        assert_eq!(unit.values("Type"), ["notify"]);
        assert_eq!(unit.values("NotifyAccess"), ["main"]);
        assert_eq!(unit.values("Restart"), ["on-failure"]);
        assert_eq!(
            unit.values("RestartPreventExitStatus"),
            ["2 78"],
            "bad configuration is not started again"
        );
        assert_eq!(unit.values("SyslogLevelPrefix"), ["no"], "no line of text sets a priority");
        assert_eq!(unit.values("ExecReload"), ["/bin/kill -HUP $MAINPID"]);
        assert_eq!(
            unit.values("PrivateUsers"),
            ["yes"],
            "without it a user's manager ignores the other settings"
        );
        assert!(unit.values("NoExecPaths").is_empty(), "it would bind ExecReload and the exec channel too");
        assert_eq!((unit.values("WatchdogSec").len(), unit.values("TimeoutStopSec").len()), (1, 1));
    }
}
