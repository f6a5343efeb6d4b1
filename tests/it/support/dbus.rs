//! A private message bus, so that tests neither need nor touch the person's session.
//!
//! Everything connects to it by its explicit address. `DBUS_SESSION_BUS_ADDRESS` is left as it is: setting a variable of
//! the own process is unsafe, and a child process for each test would only hide which test failed.

use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A `dbus-daemon` that ends with this value.
pub(crate) struct PrivateBus {
    daemon: Child,
    /// Where it listens.
    pub(crate) address: String,
    folder: TempDir,
}

impl PrivateBus {
    /// Starts a bus; `None`, said aloud, where there is no `dbus-daemon`.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder for the bus");
        let path = folder.path().display();
        let configuration = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>session</type>
              <listen>unix:path={path}/bus</listen>
              <auth>EXTERNAL</auth>
              <servicedir>{path}</servicedir>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
              </policy>
            </busconfig>"#
        );
        std::fs::write(folder.path().join("bus.conf"), configuration)
            .expect("the bus configuration is written");
        match daemon(folder.path()) {
            Ok((daemon, address)) => Some(Self { daemon, address, folder }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                super::left_out(test, "dbus-daemon", "NEWSWATCH_REQUIRE_DBUS");
                None
            }
            Err(error) => panic!("dbus-daemon does not start: {error}"),
        }
    }

    /// A folder that lasts as long as the bus.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Kills the bus and starts another one at the same place: what a logout and a login do.
    pub(crate) fn restart(&mut self) {
        self.stop();
        std::fs::remove_file(self.folder.path().join("bus")).expect("the killed bus left its socket");
        (self.daemon, self.address) = daemon(self.folder.path()).expect("it started before");
    }

    fn stop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts the daemon and waits until it says where it listens.
fn daemon(folder: &Path) -> std::io::Result<(Child, String)> {
    let mut daemon = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", folder.join("bus.conf").display()))
        .args(["--nofork", "--nopidfile", "--print-address"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null()) // it remarks on the limits of the machine
        .spawn()?;
    let stdout = daemon.stdout.take().expect("a pipe was asked for");
    let mut address = String::new();
    BufReader::new(stdout).read_line(&mut address)?;
    // The GUID that follows the path is for connections of a later bus to be refused by; a restart wants them.
    let address = address.trim().split(',').next().unwrap_or_default().to_owned();
    assert!(address.starts_with("unix:path="), "dbus-daemon printed {address:?}");
    Ok((daemon, address))
}
