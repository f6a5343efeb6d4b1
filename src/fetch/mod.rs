//! Bytes from the web: the [`Web`] port, what is asked and what comes back. `client` is the production side.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::source::Validators;

mod body;
pub mod client;
mod coding;
mod dns;
mod failure;
mod gate;
pub mod guard;
pub mod headers;
pub mod host;
mod link_header;
mod permission;
pub mod politeness;
mod rate_limit;
mod redirect;
mod retry;
pub mod robots;
mod robots_tag;
mod settings;
pub mod shared;
mod tls;

pub use body::{Body, Place, SMALL};
pub use link_header::Links;
pub use settings::{BuildError, ClientSettings, HostManners};

/// The web, as the pipeline sees it.
#[async_trait]
pub trait Web: Send + Sync {
    /// Fetches one document, following redirects. A status of 4xx or 5xx is an answer, not an error.
    ///
    /// # Errors
    /// When there is no complete answer: see [`FetchError`].
    async fn get(&self, request: Request) -> Result<Response, FetchError>;

    /// The same, if the robots.txt of its origin, and of every origin that it is redirected to, allows it. Here there is
    /// none: only what is asked over the network has one.
    ///
    /// # Errors
    /// As [`Web::get`]; [`FailureClass::Disallowed`] and [`FailureClass::Unreadable`] besides.
    async fn get_allowed(&self, request: Request) -> Result<Response, FetchError> {
        self.get(request).await
    }

    /// [`Web::get_allowed`], where an answer that somebody else with the same to say of the page got a moment ago does as well.
    ///
    /// # Errors
    /// As there.
    async fn get_shared(&self, request: Request, _share: Share) -> Result<Response, FetchError> {
        self.get_allowed(request).await
    }

    /// What a copy of `body` is to hold, if it is a large one: see [`Body`]. Here there are no bounds.
    async fn place_for(&self, _body: &Body) -> Option<Place> {
        None
    }

    /// What is remembered of hosts, for a client that takes the place of this one.
    fn memory(&self) -> Option<client::Memory> {
        None
    }
}

/// With whom an answer may be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Fingerprint of what is known of the page: an answer from before an edit is none to whoever knows of the edit.
    pub says: String,
    /// Who asks. The second time they want a new answer.
    pub taker: String,
}

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where.
    pub url: Url,
    /// What the answer is wanted as; decides the `Accept` header.
    pub accept: Accept,
    /// Sent as If-None-Match and If-Modified-Since, byte for byte, if not empty; on redirect hops too.
    pub validators: Validators,
}

/// What kind of document is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// A feed in any format; what is new in it will do (RFC 3229), if the request has validators.
    Feed,
    /// A sitemap.
    Sitemap,
    /// An HTML page.
    Page,
    /// A robots.txt.
    Robots,
}

/// A complete answer: every byte that the server promised, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Where the document was found, after redirects; without credentials and fragment.
    pub url: Url,
    /// The redirects on the way, in order.
    pub hops: Vec<Hop>,
    /// HTTP status of the final answer.
    pub status: u16,
    /// What its headers say that matters here.
    pub headers: Headers,
    /// The decoded body of a 2xx. Empty for every other status: an error page says nothing, and a broken one must not
    /// hide its status or its Retry-After.
    pub body: Body,
}

impl Response {
    /// Where the document is for good: after permanent redirects (301, 308) and no others. `None` if there were none, or
    /// one on the way was only for now (RFC 9110 15.4.3).
    #[must_use]
    pub fn moved(&self) -> Option<&Url> {
        let permanent = self.hops.iter().all(|hop| matches!(hop.status, 301 | 308));
        (permanent && !self.hops.is_empty()).then_some(&self.url)
    }
}

/// One redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// The address that answered so; without credentials and fragment.
    pub from: Url,
}

/// The headers that decide something, parsed; validators stay raw bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers {
    /// `ETag` and `Last-Modified`, byte for byte.
    pub validators: Validators,
    /// `Content-Type`, as text.
    pub content_type: Option<String>,
    /// How long the answer stays fresh, in seconds: `max-age`, else `Expires` less `Date`, either less `Age`. `Some(0)`
    /// for `no-cache`, `no-store` and `max-age=0`; `None` if nothing was said. At most 2³¹, as for `retry_after`.
    pub fresh_for: Option<u64>,
    /// `Retry-After` in seconds from the answer, from either form (RFC 9110 10.2.3).
    pub retry_after: Option<u64>,
    /// `IM` names `feed`: the answer is what is new since the entity tag that was sent (RFC 3229 10.5.2).
    pub delta: bool,
    /// `Link`.
    pub links: Links,
    /// Seconds for which the host wants quiet because its rate limit is used up (`x-ratelimit-*`, `RateLimit`). The
    /// client keeps to the first hour of it for the whole host; what is longer is for this source to keep.
    pub quiet_for: Option<u64>,
    /// What `X-Robots-Tag` says: "noindex", "noarchive" and the like.
    pub robots_tag: Vec<&'static str>,
}

/// Why there is no answer. The message is for the person; `class` is for counting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FetchError {
    /// What went wrong, by kind.
    pub class: FailureClass,
    /// One line: what happened, where.
    pub message: String,
    /// Seconds after which it makes sense to ask again; of [`FailureClass::Held`].
    pub retry_after: Option<u64>,
}

/// The kinds of failure that a person tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// The name did not resolve.
    Dns,
    /// No connection.
    Connect,
    /// The connection was not secure.
    Tls,
    /// Too slow before the head of the answer was there: nobody answered.
    Timeout,
    /// The head of the answer came, and the rest too slowly.
    Slow,
    /// A private or special address that `[fetch] allow` does not name.
    Forbidden,
    /// The robots.txt of its host does not allow it.
    Disallowed,
    /// The robots.txt of its host cannot be read, so it may not be allowed.
    Unreadable,
    /// More bytes than allowed.
    TooLarge,
    /// Too many redirects, a loop, or a redirect to somewhere that is not http(s).
    Redirect,
    /// The answer broke off: nothing of it is kept.
    Incomplete,
    /// An answer with an error status (4xx, 5xx).
    Status,
    /// Nothing was asked: the host wants quiet, or is slow. No failure of the source.
    Held,
    /// A full answer that is not what the source should be (HTML for a feed, nothing under the selector).
    Content,
}

impl FailureClass {
    /// The word for this kind in tables and `--json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Slow => "slow",
            Self::Forbidden => "forbidden",
            Self::Held => "held",
            Self::Disallowed => "robots",
            Self::Unreadable => "robots-unreadable",
            Self::TooLarge => "too-large",
            Self::Redirect => "redirect",
            Self::Incomplete => "incomplete",
            Self::Status => "status",
            Self::Content => "content",
        }
    }
}
