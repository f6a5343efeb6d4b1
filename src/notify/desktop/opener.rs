//! Opens an article in the person's browser.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Command, Stdio};

use url::Url;

use super::message::is_web;

/// The command that opens an address, given as its last argument.
#[derive(Debug, Clone)]
pub(super) struct Opener {
    program: OsString,
    arguments: &'static [&'static str],
}

impl Opener {
    /// A program that takes the address alone.
    pub(super) fn program(program: OsString) -> Self {
        Self { program, arguments: &[] }
    }

    /// `xdg-open`. In a systemd service (which has an `INVOCATION_ID`) it is started through the user's manager, as a
    /// browser must neither inherit the service's sandbox nor end with the service.
    pub(super) fn of_desktop(invocation: Option<&OsStr>) -> Self {
        if invocation.is_some() {
            let arguments = &["--user", "--collect", "--quiet", "--", "xdg-open"];
            Self { program: "systemd-run".into(), arguments }
        } else {
            Self::program("xdg-open".into())
        }
    }

    /// Starts the command for `url` and returns; a thread collects it when it ends, which may be when the browser is
    /// closed. A thread of its own and not one of the runtime's: the runtime waits for those when it stops.
    ///
    /// # Errors
    /// When `url` is not of the web, or the command cannot be started.
    pub(super) fn open(&self, url: &Url) -> io::Result<()> {
        if !is_web(url) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not an http or https address"));
        }
        let mut child = Command::new(&self.program)
            .args(self.arguments)
            .arg(url.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let program = self.program.clone();
        std::thread::Builder::new().name("opener".to_owned()).spawn(move || match child.wait() {
            Ok(status) if status.success() => {}
            Ok(status) => tracing::warn!("{} did not open the article: {status}", program.display()),
            Err(error) => tracing::warn!("{} was lost: {error}", program.display()),
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_opens_outside_of_its_sandbox() {
        let terminal = Opener::of_desktop(None);
        assert_eq!((terminal.program, terminal.arguments), ("xdg-open".into(), [].as_slice()));
        let service = Opener::of_desktop(Some(OsStr::new("0123")));
        assert_eq!(service.program, "systemd-run");
        assert_eq!(service.arguments.last(), Some(&"xdg-open"));
    }

    #[test]
    fn nothing_but_the_web_is_opened() {
        let opener = Opener::program("/nonexistent".into());
        let open = |url: &str| opener.open(&url.parse().unwrap()).map_err(|error| error.kind());
        assert_eq!(open("file:///etc/passwd"), Err(io::ErrorKind::InvalidInput));
        assert_eq!(open("https://example.org/"), Err(io::ErrorKind::NotFound));
    }
}
