//! Which requests go out a second time within one look: those that a server did not touch, once.

use std::error::Error;

use reqwest::retry::{Builder, for_host};

/// Once more after `REFUSED_STREAM`, or a `GOAWAY` that is no error: the server did nothing with the request (RFC 9113
/// 8.7, 6.8). All else waits for the next look. The library's own rule asks twice more.
pub(super) fn once() -> Builder {
    for_host(AnyHost).no_budget().max_retries_per_request(1).classify_fn(|attempt| {
        if attempt.error().is_some_and(is_untouched) { attempt.retryable() } else { attempt.success() }
    })
}

/// The rule is one of the protocol: it holds at every host.
struct AnyHost;

impl PartialEq<&str> for AnyHost {
    fn eq(&self, _: &&str) -> bool {
        true
    }
}

fn is_untouched(error: &(dyn Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| (**error).source());
    causes.filter_map(|cause| cause.downcast_ref::<h2::Error>()).any(|cause| {
        let leaves = cause.is_go_away() && cause.reason() == Some(h2::Reason::NO_ERROR);
        let refuses = cause.is_reset() && cause.reason() == Some(h2::Reason::REFUSED_STREAM);
        cause.is_remote() && (leaves || refuses)
    })
}
