//! The [`Web`] of production: an HTTP client that is polite, bounded in time and memory, and hard to misuse.
//!
//! Redirects are followed here rather than by the library, because each hop has to pass the [`Guard`], wait for its turn
//! at its host, and keep credentials at home. Validators go out on every hop: a server that redirects must ignore them
//! (RFC 9110 13.2.1), and the document that they belong to is at the end of the chain, not at its start.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LOCATION,
};
use tokio::time::{Instant, timeout};
use url::Url;

use super::coding::{ACCEPTED, Decoder, TooLarge};
use super::failure::explain;
use super::guard::Guard;
use super::permission::Permission;
use super::politeness::Politeness;
use super::redirect::{Trail, is_redirect, place, public};
use super::robots::Book;
use super::{
    Accept, BuildError, ClientSettings, FailureClass, FetchError, Headers, Request, Response, Web, headers,
};
use crate::clock::Clock;
use crate::source::Validators;

/// Most bytes of headers of an HTTP/2 answer. HTTP/1 has the library's own bounds: 100 lines, 400 KiB.
const MOST_HEADER_BYTES: u32 = 64 << 10;

/// How long an unused connection is kept. Long enough for the next request of a host whose articles are read in a row;
/// short because each is a file descriptor, and thousands of hosts may be asked within a minute.
const IDLE: Duration = Duration::from_secs(5);

/// What https says on a system without CA certificates.
const NO_CERTIFICATES: &str =
    "https cannot be verified, as this system's CA certificates do not load: install them and restart";

/// Asks the web over HTTP/1.1 and HTTP/2, without proxies, cookies or Referer.
pub struct HttpClient {
    http: reqwest::Client,
    guard: Guard,
    politeness: Politeness,
    permission: Permission,
    clock: Arc<dyn Clock>,
    header_timeout: Duration,
    total_timeout: Duration,
    max_bytes: u64,
    /// False on a system without CA certificates.
    https: bool,
}

impl HttpClient {
    /// A client that keeps to `settings`. `clock` stands in for the `Date` of answers that have none.
    ///
    /// On a system without CA certificates the client works for http, and refuses https with a reason.
    ///
    /// # Errors
    /// If the contact cannot stand in a header, or the HTTP library refuses to start.
    pub fn new(settings: &ClientSettings, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        // Fails if there is one already, which serves as well.
        let _ = rustls::crypto::CryptoProvider::install_default((*ring).clone());
        let guard = Guard::new(&settings.allow);
        let agent = user_agent(settings.contact.as_deref())?;
        let builder = || {
            reqwest::Client::builder()
                .user_agent(agent.clone())
                .no_proxy()
                .referer(false)
                .redirect(reqwest::redirect::Policy::none())
                .dns_resolver(guard.clone())
                .connect_timeout(settings.connect_timeout)
                .pool_idle_timeout(IDLE)
                .http2_max_header_list_size(MOST_HEADER_BYTES)
        };
        let failed = |error: &dyn std::error::Error| BuildError::Client(reason(error));
        let (http, https) = match builder().build() {
            Ok(http) => (http, true),
            // Only the certificates depend on the system: without them all else works. If it was not that, it fails again.
            Err(error) => {
                let tls = rustls::ClientConfig::builder_with_provider(ring)
                    .with_safe_default_protocol_versions()
                    .map_err(|error| failed(&error))?
                    .with_root_certificates(rustls::RootCertStore::empty())
                    .with_no_client_auth();
                let http =
                    builder().tls_backend_preconfigured(tls).build().map_err(|error| failed(&error))?;
                let reason = reason(&error);
                tracing::warn!(%reason, "https cannot be used, as this system's CA certificates do not load: {reason}");
                (http, false)
            }
        };
        Ok(Self {
            http,
            guard,
            politeness: Politeness::new(settings.workers, settings.per_host, settings.spacing),
            permission: Permission::new(None, Arc::clone(&clock)),
            clock,
            header_timeout: settings.header_timeout,
            total_timeout: settings.total_timeout,
            max_bytes: settings.max_bytes,
            https,
        })
    }

    /// Keeps what robots.txt files say in `book`, and believes what is there.
    #[must_use]
    pub fn with_book(mut self, book: Arc<dyn Book>) -> Self {
        self.permission = Permission::new(Some(book), Arc::clone(&self.clock));
        self
    }

    /// Refuses what must not be asked, before anything is waited for or sent.
    fn admit(&self, url: &Url) -> Result<(), FetchError> {
        let refuse = |class, what: &str| Err(FetchError::at(&place(url), class, what));
        match url.scheme() {
            "http" => {}
            "https" if self.https => {}
            "https" => return refuse(FailureClass::Tls, NO_CERTIFICATES),
            scheme => {
                return refuse(FailureClass::Redirect, &format!("{scheme}: is neither http nor https"));
            }
        }
        self.guard.check(url).map_err(|refused| FetchError::from(&refused))
    }

    /// Asks one address, once: the head of its answer, within `left`.
    async fn head(
        &self,
        url: &Url,
        request: &Request,
        left: Duration,
    ) -> Result<reqwest::Response, FetchError> {
        let limit = self.header_timeout.min(left);
        let sent = self.http.get(url.clone()).headers(request_headers(request)).send();
        match timeout(limit, sent).await {
            Err(_) if limit == left => Err(self.too_long(url)),
            Err(_) => Err(FetchError::late(&place(url), "no answer", limit)),
            Ok(answer) => answer.map_err(|error| explain(error, &place(url))),
        }
    }

    fn too_long(&self, url: &Url) -> FetchError {
        FetchError::late(&place(url), "no complete answer", self.total_timeout)
    }

    /// Reads the body, at most `max_bytes` of it before and after decoding.
    async fn body(&self, mut answer: reqwest::Response, url: &Url) -> Result<Vec<u8>, FetchError> {
        let place = place(url);
        let too_large = || {
            let what = format!("more than {} bytes", self.max_bytes);
            FetchError::at(&place, FailureClass::TooLarge, &what)
        };
        let fits = |length: u64| if length <= self.max_bytes { Ok(()) } else { Err(too_large()) };
        let label = content_encoding(answer.headers());
        let Some(mut decoder) = Decoder::new(&label, self.max_bytes) else {
            let what = format!("cannot read the content encoding {label}");
            return Err(FetchError::at(&place, FailureClass::Content, &what));
        };
        let failed = |error: io::Error| match error.get_ref() {
            Some(inner) if inner.is::<TooLarge>() => too_large(),
            _ => {
                let what = format!("the answer broke off ({error})");
                FetchError::at(&place, FailureClass::Incomplete, &what)
            }
        };
        // What is sent is bounded too: a coding can hold much that decodes to nothing.
        let mut sent = 0_u64;
        fits(answer.content_length().unwrap_or(0))?;
        while let Some(chunk) = answer.chunk().await.map_err(|error| explain(error, &place))? {
            sent = sent.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            fits(sent)?;
            decoder.push(&chunk).map_err(failed)?;
        }
        decoder.finish().map_err(failed)
    }
}

/// For what an address is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A person wants it.
    Wanted,
    /// A machine follows a link: robots.txt decides, at each hop.
    Followed,
    /// It is a robots.txt.
    Robots,
}

/// Redirects of a robots.txt that are followed (RFC 9309 2.3.1.2).
const ROBOTS_HOPS: usize = 5;

impl HttpClient {
    async fn fetch(&self, request: Request, purpose: Purpose) -> Result<Response, FetchError> {
        let mut trail = Trail::default();
        let mut url = request.url.clone();
        let mut left = self.total_timeout;
        loop {
            self.admit(&url)?;
            if purpose == Purpose::Followed {
                self.permission.of(&url, |robots| self.robots(robots)).await?;
            }
            // Given back before the next hop waits for its own turn: nobody holds one host while waiting for another.
            let _turn = self.politeness.turn(&url).await;
            let begin = Instant::now();
            let answer = self.head(&url, &request, left).await?;
            left = left.saturating_sub(begin.elapsed());
            let status = answer.status().as_u16();
            if is_redirect(status) {
                url =
                    trail.follow(status, &url, answer.headers().get(LOCATION).map(HeaderValue::as_bytes))?;
                if purpose == Purpose::Robots && trail.hops.len() > ROBOTS_HOPS {
                    let what = format!("more than {ROBOTS_HOPS} redirects");
                    return Err(FetchError::at(&place(&url), FailureClass::Redirect, &what));
                }
                continue;
            }
            let headers: Headers = headers::read(answer.headers(), self.clock.now());
            let body = if answer.status().is_success() {
                timeout(left, self.body(answer, &url)).await.unwrap_or_else(|_| Err(self.too_long(&url)))?
            } else {
                Vec::new()
            };
            return Ok(Response { url: public(&url), hops: trail.hops, status, headers, body });
        }
    }

    /// Asks for a robots.txt. Boxed, as asking for a page may ask for one.
    fn robots(&self, url: Url) -> Pin<Box<dyn Future<Output = Result<Response, FetchError>> + Send + '_>> {
        let request = Request { url, accept: Accept::Robots, validators: Validators::default() };
        Box::pin(self.fetch(request, Purpose::Robots))
    }
}

#[async_trait]
impl Web for HttpClient {
    async fn get(&self, request: Request) -> Result<Response, FetchError> {
        self.fetch(request, Purpose::Wanted).await
    }

    async fn get_allowed(&self, request: Request) -> Result<Response, FetchError> {
        self.fetch(request, Purpose::Followed).await
    }
}

/// Product and version, and whom to write to.
fn user_agent(contact: Option<&str>) -> Result<HeaderValue, BuildError> {
    let product = concat!("newswatch/", env!("CARGO_PKG_VERSION"));
    let Some(contact) = contact else { return Ok(HeaderValue::from_static(product)) };
    HeaderValue::from_str(&format!("{product} (+{contact})"))
        .ok()
        .filter(|_| contact.is_ascii())
        .ok_or_else(|| BuildError::Contact(contact.to_owned()))
}

/// What a request says besides who asks.
fn request_headers(request: &Request) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        ACCEPT,
        HeaderValue::from_static(match request.accept {
            Accept::Feed | Accept::Sitemap => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, \
                 application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
            }
            Accept::Robots => "text/plain, */*;q=0.5",
            Accept::Page => "text/html, application/xhtml+xml, */*;q=0.5",
        }),
    );
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED));
    let mut echo = |name: HeaderName, value: Option<&Vec<u8>>| {
        // Bytes that came in a header can go out in one; others (a damaged store) are not worth a failure.
        if let Some(value) = value.and_then(|bytes| HeaderValue::from_bytes(bytes).ok()) {
            headers.insert(name, value);
        }
    };
    echo(IF_NONE_MATCH, request.validators.etag.as_ref());
    echo(IF_MODIFIED_SINCE, request.validators.last_modified.as_ref());
    // A delta is one against the instance that the entity tag names (RFC 3229 10.5.3).
    if request.accept == Accept::Feed && headers.contains_key(IF_NONE_MATCH) {
        headers.insert(HeaderName::from_static("a-im"), HeaderValue::from_static("feed"));
    }
    headers
}

/// The content codings of an answer, in the order in which they were applied.
fn content_encoding(headers: &HeaderMap) -> String {
    let lines: Vec<_> =
        headers.get_all(CONTENT_ENCODING).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(", ").to_ascii_lowercase()
}

/// The last cause of an error, which is the one that says something.
fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
