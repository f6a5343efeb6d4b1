//! What was asked in vain: which address, what happened there, and what the person may try.

use std::time::Duration;

use url::Url;

use super::status_words;
use crate::fetch::{FailureClass, FetchError};
use crate::text::count::short;

/// An address that brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vain {
    /// Which.
    pub url: Url,
    /// What happened, without the address.
    pub why: String,
    /// What may help.
    pub advice: Option<&'static str>,
    /// A request was made; else the host wants quiet, and was left alone.
    pub asked: bool,
    /// The server is there and answered with an error.
    pub(super) answered: bool,
    /// Nobody was asked, as the address is private.
    pub(super) forbidden: bool,
}

impl Vain {
    /// A document that is not what was looked for.
    pub(super) fn document(url: Url, why: impl Into<String>) -> Self {
        Self { url, why: why.into(), advice: None, asked: true, answered: true, forbidden: false }
    }

    /// An answer with an error status.
    pub(super) fn status(url: Url, status: u16) -> Self {
        let advice = match status {
            401 | 403 | 407 | 451 => "it may refuse programs: look for its feed in a browser, and add that",
            404 | 410 => "check the address, or try the site's home page",
            408 | 425 | 429 | 500.. => "try again later",
            _ => "look at the address in a browser",
        };
        let why = format!("answered {}", status_words(status));
        Self { url, why, advice: Some(advice), asked: true, answered: true, forbidden: false }
    }

    /// No answer.
    pub(super) fn error(url: Url, error: &FetchError) -> Self {
        let advice = match error.class {
            FailureClass::Dns => Some("check how the name is spelled, and whether this machine is online"),
            FailureClass::Connect => Some("is the server up, and is the port right?"),
            FailureClass::Tls => Some("look at the address in a browser; http:// goes without a certificate"),
            FailureClass::Timeout | FailureClass::Slow => {
                Some("try again later; the limits are `header_timeout` and `total_timeout` of [fetch]")
            }
            FailureClass::TooLarge => Some("the limit is `max_bytes` of [fetch]"),
            FailureClass::Redirect | FailureClass::Incomplete => Some("look at the address in a browser"),
            FailureClass::Held => Some("try again when its wait is over"),
            // The first says itself what to do; the others are no errors of fetching.
            FailureClass::Forbidden
            | FailureClass::Disallowed
            | FailureClass::Unreadable
            | FailureClass::Status
            | FailureClass::Content => None,
        };
        // The host stands in the address already, unless a redirect led elsewhere.
        let host = place(&url).map(|host| format!("{host}: "));
        let mut why =
            host.and_then(|host| error.message.strip_prefix(&host)).unwrap_or(&error.message).to_owned();
        let asked = error.class != FailureClass::Held;
        if let Some(seconds) = error.retry_after.filter(|_| !asked) {
            why = format!("{why}, {} more", short(Duration::from_secs(seconds)));
        }
        let forbidden = error.class == FailureClass::Forbidden;
        Self { url, why, advice, asked, answered: false, forbidden }
    }

    /// The time of the search was over.
    pub(super) fn late(url: Url) -> Self {
        let why = "the search took too long".to_owned();
        let advice = Some("try again later, or paste the address of the feed itself");
        Self { url, why, advice, asked: true, answered: false, forbidden: false }
    }
}

/// The host as messages name it, with its port if it has one of its own.
fn place(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_left_alone_was_not_asked() {
        let held = FetchError {
            class: FailureClass::Held,
            message: "a.example: not asked, as this host wants quiet".into(),
            retry_after: Some(90),
        };
        let vain = Vain::error("http://a.example/x".parse().expect("an address"), &held);
        assert_eq!(
            (vain.why.as_str(), vain.asked),
            ("not asked, as this host wants quiet, 1m 30s more", false)
        );
    }

    #[test]
    fn a_host_is_said_once_unless_it_is_another() {
        let why = |message: &str| {
            let error =
                FetchError { class: FailureClass::Connect, message: message.into(), retry_after: None };
            Vain::error("http://a.example:81/x".parse().expect("an address"), &error).why
        };
        assert_eq!(why("a.example:81: no connection"), "no connection");
        assert_eq!(why("b.example: no connection"), "b.example: no connection");
    }
}
