//! What went wrong, by kind and in one line, from the error chains of the HTTP library.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::guard::Refused;
use super::politeness::Held;
use super::{FailureClass, FetchError};

/// Chains are a handful long; this ends any that is not.
const MOST_CAUSES: usize = 16;

/// Longer causes are cut: certificate errors quote all the names of a certificate.
const MOST_CAUSE_CHARS: usize = 200;

impl FetchError {
    /// An error at a host (never a whole address: paths and queries of private feeds are secrets).
    pub(super) fn at(place: &str, class: FailureClass, what: &str) -> Self {
        Self { class, message: format!("{place}: {what}"), retry_after: None }
    }

    /// Something took longer than its limit.
    pub(super) fn late(place: &str, what: &str, limit: Duration) -> Self {
        Self::at(
            place,
            FailureClass::Timeout,
            &format!("{what} within {}", humantime::format_duration(limit)),
        )
    }
}

impl Held {
    /// The same as an error at `place`: nothing was asked.
    pub(super) fn at(self, place: &str) -> FetchError {
        let (what, wait) = match self {
            Self::Quiet(wait) => ("not asked, as this host wants quiet", wait),
            Self::Slow(wait) => ("not asked, as this host is slow and others are too", wait),
        };
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        FetchError { retry_after: Some(seconds), ..FetchError::at(place, FailureClass::Held, what) }
    }
}

impl From<&Refused> for FetchError {
    fn from(refused: &Refused) -> Self {
        Self { class: FailureClass::Forbidden, message: refused.to_string(), retry_after: None }
    }
}

/// Sorts an error of the HTTP library. Its address is dropped first, so that no message can hold it.
pub(super) fn explain(error: reqwest::Error, place: &str) -> FetchError {
    let error = error.without_url();
    let causes = causes(&error);
    let cause = innermost(&causes);
    let of = |class, what: &str| FetchError::at(place, class, &format!("{what} ({cause})"));
    if let Some(refused) = causes.iter().find_map(|e| e.downcast_ref::<Refused>()) {
        return refused.into();
    }
    // The library wraps TLS errors in io errors, and a peer that hangs up during the handshake is a bare EOF.
    let hung_up = |e: &&(dyn Error + 'static)| {
        e.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof)
    };
    if causes.iter().any(|e| e.is::<rustls::Error>()) || (error.is_connect() && causes.iter().any(hung_up)) {
        return of(FailureClass::Tls, "no secure connection");
    }
    if error.is_timeout() {
        let what = if error.is_connect() { "no connection in time" } else { "too slow" };
        return FetchError::at(place, FailureClass::Timeout, what);
    }
    if error.is_dns() {
        return of(FailureClass::Dns, "the name does not resolve");
    }
    if error.is_connect() {
        return of(FailureClass::Connect, "no connection");
    }
    let http = |is: fn(&hyper::Error) -> bool| causes.iter().filter_map(|e| e.downcast_ref()).any(is);
    if http(hyper::Error::is_parse_too_large) {
        return of(FailureClass::TooLarge, "too many or too long headers");
    }
    let what = if http(hyper::Error::is_parse) { "the answer is not HTTP" } else { "the answer broke off" };
    of(FailureClass::Incomplete, what)
}

/// The error and all below it. An `io::Error` leaves the error that it wraps out of its `source()`, so look inside.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &'a (dyn Error + 'static)),
            None => error.source(),
        }
    })
    .take(MOST_CAUSES)
    .collect()
}

/// The last cause as one printable line. The outer ones repeat it or name the address, which may hold secrets.
fn innermost(causes: &[&(dyn Error + 'static)]) -> String {
    let text = causes.last().map(ToString::to_string).unwrap_or_default();
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_CAUSE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_inside_io_errors_are_found() {
        let refused = io::Error::other(io::Error::other("the\nreal\u{1b}[31m cause"));
        let causes = causes(&refused);
        assert_eq!(innermost(&causes), "the real [31m cause");
        assert_eq!(innermost(&super::causes(&io::Error::other("x".repeat(999)))).len(), MOST_CAUSE_CHARS);
    }

    #[test]
    fn limits_are_said_for_people() {
        let late = FetchError::late("a.example", "no answer", Duration::from_secs(15));
        assert_eq!(
            late,
            FetchError {
                class: FailureClass::Timeout,
                message: "a.example: no answer within 15s".into(),
                retry_after: None
            }
        );
    }
}
