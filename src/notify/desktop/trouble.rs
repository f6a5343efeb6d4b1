//! What can go wrong between newswatch and the screen, in words for the person.

use std::time::Duration;

use zbus::fdo;

use crate::notify::NotifyError;
use crate::text::clean::{bounded, one_line};

/// What to do where desktop alerts cannot work.
const USER_SERVICE: &str = "run newswatch as a user service for desktop alerts";

/// Why an alert did not reach the screen, by what to do next.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The connection is of no use: connect again.
    Bus(String),
    /// No server, or one that does not answer: ask again later on the same connection, as the notifications that are
    /// shown would go with it.
    Server(String),
    /// The server answered no.
    Refused(String),
}

impl From<Trouble> for NotifyError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Bus(text) | Trouble::Server(text) => Self::Unavailable(text),
            Trouble::Refused(text) => Self::Failed(text),
        }
    }
}

impl Trouble {
    /// There is no address to connect to.
    pub(super) fn no_session() -> Self {
        Self::Bus(format!("no desktop session bus here; {USER_SERVICE}"))
    }

    /// Connecting failed. A session bus also hangs up on everybody but its own user; root is no exception.
    pub(super) fn no_bus(error: &zbus::Error) -> Self {
        Self::Bus(format!("no desktop session bus here ({}); {USER_SERVICE}", quoted(error)))
    }

    /// The bus itself did not answer.
    pub(super) fn bus_silent(bound: Duration) -> Self {
        Self::Bus(format!("the desktop session bus does not answer (waited {bound:?})"))
    }
}

/// Why one method call brought no result.
#[derive(Debug)]
pub(super) enum CallError {
    /// No reply in time.
    Silent,
    /// An error, as a reply or on the way.
    Error(zbus::Error),
}

impl From<zbus::Error> for CallError {
    fn from(error: zbus::Error) -> Self {
        Self::Error(error)
    }
}

impl CallError {
    /// Nobody has, or no longer has, the name that was called.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Error(error) if Self::is_absence(error))
    }

    fn is_absence(error: &zbus::Error) -> bool {
        let zbus::Error::FDO(error) = error else { return false };
        matches!(
            **error,
            fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_) | fdo::Error::NoReply(_) // it quit meanwhile
        )
    }

    /// As the outcome of a question to the bus.
    pub(super) fn of_bus(self, bound: Duration) -> Trouble {
        match self {
            Self::Silent => Trouble::bus_silent(bound),
            Self::Error(error) => {
                Trouble::Bus(format!("the desktop session bus does not answer ({})", quoted(&error)))
            }
        }
    }

    /// As the outcome of having the bus start the notification server.
    pub(super) fn of_start(self, bound: Duration) -> Trouble {
        match self {
            Self::Error(error) if !Self::is_absence(&error) => Trouble::Server(format!(
                "the desktop's notification server cannot be started ({})",
                quoted(&error)
            )),
            absent_or_silent => absent_or_silent.of_server(bound),
        }
    }

    /// As the outcome of a call that the notification server should have answered.
    pub(super) fn of_server(self, bound: Duration) -> Trouble {
        if self.is_absent() {
            return Trouble::Server(
                "no notification server runs on this desktop; start one, e.g. dunst or mako".into(),
            );
        }
        match self {
            Self::Silent => Trouble::Server(format!(
                "the desktop's notification server does not answer (waited {bound:?})"
            )),
            Self::Error(zbus::Error::InputOutput(error)) => {
                Trouble::Bus(format!("the desktop session bus is gone ({})", quoted(&error)))
            }
            Self::Error(error) => Trouble::Refused(format!(
                "the desktop's notification server refused the alert: {}",
                quoted(&error)
            )),
        }
    }
}

/// Another program's words, fit for ours.
fn quoted(error: &impl ToString) -> String {
    bounded(&one_line(&error.to_string()), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(5);

    fn fdo(error: fdo::Error) -> CallError {
        CallError::Error(zbus::Error::FDO(Box::new(error)))
    }

    #[test]
    fn a_missing_server_and_a_silent_one_are_unavailable() {
        let missing = fdo(fdo::Error::ServiceUnknown(String::new())).of_server(BOUND);
        assert!(matches!(&missing, Trouble::Server(text) if text.contains("start one")), "{missing:?}");
        let silent = CallError::Silent.of_server(BOUND);
        assert!(
            matches!(&silent, Trouble::Server(text) if text.contains("does not answer (waited 5s)")),
            "{silent:?}"
        );
        assert!(matches!(NotifyError::from(silent), NotifyError::Unavailable(_)));
    }

    #[test]
    fn a_refusal_is_a_failure_and_cannot_forge_lines() {
        let refused = fdo(fdo::Error::Failed("too many\n<0>forged".to_owned())).of_server(BOUND);
        let NotifyError::Failed(text) = refused.into() else { panic!("not a failure") };
        assert!(text.ends_with("too many <0>forged"), "{text}");
    }

    #[test]
    fn a_broken_connection_is_the_bus() {
        let error = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        let broken = CallError::Error(zbus::Error::InputOutput(error.into())).of_server(BOUND);
        assert!(matches!(broken, Trouble::Bus(_)));
    }
}
