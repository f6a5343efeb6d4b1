//! Desktop notifications over D-Bus (freedesktop Desktop Notifications Specification 1.2).
//!
//! `notify-rust` gives the vocabulary (hints and urgencies in their D-Bus types); the calls go through `zbus`, which it
//! stands on, because its own cannot share a connection, name the server they reached, ask for capabilities without
//! blocking, or tell a missing server from a refusal, and they subscribe to closings only after showing.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;

use self::link::Link;
use self::message::message;
use self::opener::Opener;
use self::shown::{Handle, Place};
use self::trouble::Trouble;
use super::{Notifier, NotifyError, Receipt};
use crate::alert::{Alert, AlertKind};

mod link;
mod message;
mod opener;
mod shown;
mod trouble;

/// How long one call may take. A server answers in milliseconds; one that is just being started, in a second or two.
const BOUND: Duration = Duration::from_secs(5);

/// The `desktop` channel.
#[derive(Debug)]
pub struct Desktop {
    /// The bus to connect to; the session's if `None`.
    bus: Option<String>,
    bound: Duration,
    opener: Opener,
    /// Connected when first used, and again after the bus was lost.
    link: Mutex<Option<Arc<Link>>>,
}

impl Default for Desktop {
    fn default() -> Self {
        Self::new()
    }
}

impl Desktop {
    /// A channel on the session bus. Connects when first used.
    #[must_use]
    pub fn new() -> Self {
        let opener = Opener::of_desktop(std::env::var_os("INVOCATION_ID").as_deref());
        Self { bus: None, bound: BOUND, opener, link: Mutex::default() }
    }

    /// On the bus at `address` (D-Bus specification, "Server Addresses") in place of the session's.
    #[must_use]
    pub fn on_bus(self, address: impl Into<String>) -> Self {
        Self { bus: Some(address.into()), ..self }
    }

    /// With `bound` as the longest that one call to the bus or the server may take, in place of 5 s.
    #[must_use]
    pub fn bounded(self, bound: Duration) -> Self {
        Self { bound, ..self }
    }

    /// With `program` to open an article, called with its address, in place of `xdg-open`.
    #[must_use]
    pub fn opening_with(self, program: impl Into<OsString>) -> Self {
        Self { opener: Opener::program(program.into()), ..self }
    }

    async fn link(&self) -> Result<Arc<Link>, Trouble> {
        let mut slot = self.link.lock().await;
        if let Some(link) = slot.as_ref().filter(|link| !link.is_closed()) {
            return Ok(Arc::clone(link));
        }
        *slot = None;
        let address = match &self.bus {
            Some(address) => address.clone(),
            None => session_address(|name| std::env::var(name).ok()).ok_or_else(Trouble::no_session)?,
        };
        let link = Arc::new(Link::open(&address, self.bound, self.opener.clone()).await?);
        *slot = Some(Arc::clone(&link));
        Ok(link)
    }

    /// Tells, or decides not to: `None` if a quiet update has nothing on the screen to update.
    async fn place(&self, alert: &Alert, previous: Option<&str>) -> Result<Option<Handle>, Trouble> {
        let quiet = alert.kind == AlertKind::Quiet;
        let known = self.link.lock().await.as_ref().is_some_and(|link| link.shown().knows(alert.id));
        if quiet && !known {
            return Ok(None);
        }
        let link = self.link().await?;
        let server = link.server().await?;
        link.settled().await;
        let replaces = {
            let shown = link.shown();
            match shown.place(alert.id, &server.owner) {
                Place::Shown(id) => id,
                _ if quiet => return Ok(None),
                Place::Closed => 0,
                Place::Unknown => previous
                    .and_then(Handle::parse)
                    .filter(|previous| previous.owner == server.owner && !shown.is_closed(previous))
                    .map_or(0, |previous| previous.id),
            }
        };
        let id = link.notify(&server, replaces, &message(alert, server.capabilities)).await?;
        let handle = Handle { id, owner: server.owner };
        link.shown().told(alert.id, handle.clone(), alert.url.clone());
        Ok(Some(handle))
    }
}

#[async_trait]
impl Notifier for Desktop {
    fn name(&self) -> &'static str {
        "desktop"
    }

    /// Shows `alert`, in its old place while that is on the screen. A quiet update whose notification the person has
    /// closed, or that an earlier process showed, is not shown: it would pop up as if it were news.
    ///
    /// When the wait for the server ends without an answer, the notification may have been shown all the same; the
    /// repeat then replaces it on servers that know the stack tag.
    async fn tell(&self, alert: &Alert, previous: Option<&str>) -> Result<Receipt, NotifyError> {
        match self.place(alert, previous).await {
            Ok(Some(handle)) => Ok(Receipt { handle: Some(handle.to_string()) }),
            Ok(None) => Ok(Receipt { handle: previous.map(str::to_owned) }),
            Err(trouble) => {
                if let Trouble::Bus(_) = trouble {
                    *self.link.lock().await = None;
                }
                Err(trouble.into())
            }
        }
    }
}

/// Where the session bus listens, by the environment: a service of the system has neither variable.
fn session_address(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    set("DBUS_SESSION_BUS_ADDRESS")
        .or_else(|| set("XDG_RUNTIME_DIR").map(|folder| format!("unix:path={folder}/bus")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::tests::alert;

    #[test]
    fn the_session_bus_is_where_the_environment_says() {
        let address = |set: &[(&str, &str)]| {
            session_address(|name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(
            address(&[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x"), ("XDG_RUNTIME_DIR", "/run/user/1")])
                .as_deref(),
            Some("unix:path=/x")
        );
        assert_eq!(
            address(&[("XDG_RUNTIME_DIR", "/run/user/1")]).as_deref(),
            Some("unix:path=/run/user/1/bus")
        );
        assert_eq!(address(&[("DBUS_SESSION_BUS_ADDRESS", "")]), None);
    }

    #[tokio::test]
    async fn a_quiet_update_of_an_earlier_process_needs_no_bus() {
        let desktop = Desktop::new().on_bus("unix:path=/nonexistent/bus");
        let quiet = Alert { kind: AlertKind::Quiet, ..alert() };
        assert_eq!(
            desktop.tell(&quiet, Some("4@:1.9/x")).await,
            Ok(Receipt { handle: Some("4@:1.9/x".to_owned()) })
        );
    }

    #[tokio::test]
    async fn a_missing_bus_is_said_plainly() {
        for address in ["unix:path=/nonexistent/bus", "autolaunch:", "nonsense"] {
            let told = Desktop::new().on_bus(address).tell(&alert(), None).await;
            let Err(NotifyError::Unavailable(text)) = told else { panic!("{address}: {told:?}") };
            assert!(text.starts_with("no desktop session bus here"), "{text}");
            assert!(text.ends_with("run newswatch as a user service for desktop alerts"), "{text}");
        }
    }
}
