//! The [`Web`] of production: an HTTP client that is polite, bounded in time and memory, and hard to misuse.
//!
//! Redirects are followed here rather than by the library, because each hop has to pass the [`Guard`], wait for its turn
//! at its host, and keep credentials at home. Validators go out on every hop: a server that redirects must ignore them
//! (RFC 9110 13.2.1), and the document that they belong to is at the end of the chain, not at its start.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};
use url::Url;

use super::body::Reader;
use super::coding::ACCEPTED;
use super::dns::Resolver;
use super::failure::explain;
use super::gate::MOST_QUIET;
use super::guard::Guard;
use super::host::host_key;
use super::permission::Permission;
use super::politeness::{PATIENCE, Politeness};
use super::redirect::{Trail, is_redirect, place, public};
use super::robots::Book;
use super::{
    Accept, Body, BuildError, ClientSettings, FailureClass, FetchError, Headers, Place, Request, Response,
    Web, headers, retry, tls,
};
use crate::clock::{Clock, Timestamp, later, since};
use crate::source::Validators;

/// Most bytes of headers of an answer. HTTP/1 is held to it after the library's own bounds: 100 lines, 400 KiB.
const MOST_HEADER_BYTES: u32 = 64 << 10;

/// What a server may send ahead of the reader over HTTP/2, in bytes; the library's default is 2 MiB.
const WINDOW: u32 = 256 << 10;

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
    resolver: Resolver,
    politeness: Arc<Politeness>,
    permission: Arc<Permission>,
    book: Option<Arc<dyn Book>>,
    /// Set once the hosts that wanted quiet before the start are known.
    recalled: OnceCell<()>,
    clock: Arc<dyn Clock>,
    header_timeout: Duration,
    total_timeout: Duration,
    bodies: Reader,
    /// False on a system without CA certificates.
    https: bool,
}

/// What a client remembers of hosts, for one that takes its place.
#[derive(Clone)]
pub struct Memory {
    politeness: Arc<Politeness>,
    permission: Arc<Permission>,
    resolver: Resolver,
}

impl HttpClient {
    /// A client that keeps to `settings`. `clock` stands in for the `Date` of answers that have none.
    ///
    /// On a system without CA certificates the client works for http, and refuses https with a reason.
    ///
    /// # Errors
    /// If the contact cannot stand in a header, or the HTTP library refuses to start.
    pub fn new(settings: &ClientSettings, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        let guard = Guard::new(&settings.allow);
        let resolver = Resolver::new(guard.clone(), settings.connect_timeout);
        Self::with(resolver, guard, settings, clock)
    }

    fn with(
        resolver: Resolver,
        guard: Guard,
        settings: &ClientSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, BuildError> {
        let (tls, https) = tls::configure()?;
        let http = reqwest::Client::builder()
            .user_agent(user_agent(settings.contact.as_deref())?)
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .referer(false)
            .retry(retry::once())
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(resolver.clone())
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(settings.per_host.max(1))
            .http2_max_header_list_size(MOST_HEADER_BYTES)
            .http2_initial_stream_window_size(WINDOW)
            .http2_initial_connection_window_size(WINDOW)
            .build()
            .map_err(|error| BuildError::Client(tls::reason(&error)))?;
        Ok(Self {
            http,
            guard,
            resolver,
            politeness: Arc::new(Politeness::new(settings)),
            permission: Arc::new(Permission::new(None, Arc::clone(&clock))),
            book: None,
            recalled: OnceCell::new(),
            clock,
            header_timeout: settings.header_timeout,
            total_timeout: settings.total_timeout,
            bodies: settings.into(),
            https,
        })
    }

    /// Keeps what robots.txt files say, and which hosts want quiet, in `book`, and believes what is there.
    #[must_use]
    pub fn with_book(mut self, book: Arc<dyn Book>) -> Self {
        self.permission = Arc::new(Permission::new(Some(Arc::clone(&book)), Arc::clone(&self.clock)));
        self.book = Some(book);
        self
    }

    /// Takes over what the client remembers that kept to other settings: which hosts want quiet or are slow, what their
    /// robots.txt say, which names do not resolve. `settings` are those of this client.
    #[must_use]
    pub fn remembering(mut self, before: &Memory, settings: &ClientSettings) -> Self {
        self.politeness = Arc::new(Politeness::new(settings).after(&before.politeness));
        self.permission = Arc::clone(&before.permission);
        self.resolver.recall(&before.resolver);
        self
    }

    /// Leaves the hosts alone that wanted quiet before the start, and still do.
    async fn recall_quiet(&self) {
        let Some(book) = &self.book else { return };
        let recall = || async {
            let now = self.clock.now();
            // What lasts longer than any quiet was written by a clock that was ahead.
            let lasts = |until: Timestamp| until > now && since(until, now) <= MOST_QUIET;
            for (host, until) in book.quiet().await.into_iter().filter(|(_, until)| lasts(*until)) {
                self.politeness.keep_quiet(host, since(until, now));
            }
        };
        self.recalled.get_or_init(recall).await;
    }

    /// Notes for the next start that the host of `url` wants quiet for `span`.
    async fn note_quiet(&self, url: &Url, span: Duration) {
        // What is only waited out is over before a restart is.
        let Some(book) = self.book.as_ref().filter(|_| span > PATIENCE) else { return };
        book.keep_quiet(&host_key(url), later(self.clock.now(), span.min(MOST_QUIET))).await;
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
            Ok(answer) => {
                let answer = answer.map_err(|error| explain(error, &place(url)))?;
                if header_bytes(answer.headers()) > MOST_HEADER_BYTES {
                    let what = format!("more than {MOST_HEADER_BYTES} bytes of headers");
                    return Err(FetchError::at(&place(url), FailureClass::TooLarge, &what));
                }
                Ok(answer)
            }
        }
    }

    fn too_long(&self, url: &Url) -> FetchError {
        FetchError::late(&place(url), "no complete answer", self.total_timeout)
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
        self.recall_quiet().await;
        let mut trail = Trail::default();
        let mut url = request.url.clone();
        let mut left = self.total_timeout;
        loop {
            self.admit(&url)?;
            if purpose == Purpose::Followed {
                self.permission.of(&url, |robots| self.robots(robots)).await?;
            }
            let begin = Instant::now();
            let address = self.resolver.address(&url).await?;
            left = left.saturating_sub(begin.elapsed());
            // Given back before the next hop waits for its own turn: nobody holds one host while waiting for another.
            let turn = self.politeness.turn(&url, address).await.map_err(|held| held.at(&place(&url)))?;
            let begin = Instant::now();
            let answer = self.head(&url, &request, left).await?;
            left = left.saturating_sub(begin.elapsed());
            let status = answer.status().as_u16();
            let headers: Headers = headers::read(answer.headers(), self.clock.now());
            if let Some(span) = quiet(status, &headers) {
                turn.keep_quiet(span);
                self.note_quiet(&url, span).await;
            }
            if is_redirect(status) {
                url =
                    trail.follow(status, &url, answer.headers().get(LOCATION).map(HeaderValue::as_bytes))?;
                if purpose == Purpose::Robots && trail.hops.len() > ROBOTS_HOPS {
                    let what = format!("more than {ROBOTS_HOPS} redirects");
                    return Err(FetchError::at(&place(&url), FailureClass::Redirect, &what));
                }
                continue;
            }
            let body = if answer.status().is_success() {
                let body = timeout(left, self.bodies.read(answer, &url)).await;
                body.unwrap_or_else(|_| Err(FetchError { class: FailureClass::Slow, ..self.too_long(&url) }))?
            } else {
                Body::default()
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

    async fn place_for(&self, body: &Body) -> Option<Place> {
        self.bodies.place_for(body).await
    }

    fn memory(&self) -> Option<Memory> {
        let (politeness, permission) = (Arc::clone(&self.politeness), Arc::clone(&self.permission));
        Some(Memory { politeness, permission, resolver: self.resolver.clone() })
    }
}

/// How long the whole host is to be left alone after this answer.
fn quiet(status: u16, headers: &Headers) -> Option<Duration> {
    let busy = headers.retry_after.filter(|_| matches!(status, 429 | 503));
    busy.max(headers.quiet_for).map(Duration::from_secs)
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

/// The length of headers as HTTP/1 writes them.
fn header_bytes(headers: &HeaderMap) -> u32 {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
