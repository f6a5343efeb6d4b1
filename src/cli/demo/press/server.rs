//! An outlet's HTTP server: GET alone, conditional requests, bounded connections, an orderly end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::{self, HeaderMap, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::fmt::rfc2822::DateTimeParser;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::feeds::http_date;
use super::pages::document;
use super::{Moment, Outlet, Phase};
use crate::clock::Timestamp;
use crate::text::fingerprint::fingerprint;

/// How long open requests may take to end after the stop.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// Connections at once at one outlet; more wait in the backlog.
const CONNECTIONS: usize = 16;
/// Time for a request's head, which also ends idle connections.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 16 * 1024;
/// Wait after a failed accept (out of file descriptors), instead of spinning.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `outlet` until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    outlet: Outlet,
    moment: Arc<Moment>,
    stop: CancellationToken,
) {
    let outlet = Arc::new(outlet);
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    // Ends when the stop token wins, or with the semaphore, which nobody closes.
    while let Some(Ok(slot)) = stop.run_until_cancelled(Arc::clone(&slots).acquire_owned()).await {
        let Some(accepted) = stop.run_until_cancelled(listener.accept()).await else { break };
        let Ok((stream, _)) = accepted else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (outlet, moment, stop) = (Arc::clone(&outlet), Arc::clone(&moment), stop.clone());
        connections.spawn(async move {
            connection(stream, &outlet, &moment, &stop).await;
            drop(slot);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    // What is still open after the grace is aborted when the set is dropped.
    let ended = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        tracing::debug!(outlet = outlet.name, "connections of the demo's press were cut");
    }
}

/// Answers the requests of one connection; after `stop`, only the one under way.
async fn connection(stream: TcpStream, outlet: &Outlet, moment: &Moment, stop: &CancellationToken) {
    let service = service_fn(|request| {
        let response = answer(&request, outlet, moment.phase());
        async { Ok::<_, Infallible>(response) }
    });
    let mut http = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    // A connection that breaks is the client's business: there is nobody left to tell.
    if stop.run_until_cancelled(http.as_mut()).await.is_none() {
        http.as_mut().graceful_shutdown();
        let _ = http.await;
    }
}

/// The answer to one request.
fn answer<B>(request: &Request<B>, outlet: &Outlet, phase: Phase) -> Response<String> {
    if request.method() != Method::GET {
        return reply(StatusCode::METHOD_NOT_ALLOWED, &[(header::ALLOW, "GET")], String::new());
    }
    let Some(document) = document(outlet, request.uri().path(), phase) else {
        let body = "<!DOCTYPE html><title>Not found</title><p>There is no such page.</p>\n";
        return reply(StatusCode::NOT_FOUND, &[(header::CONTENT_TYPE, "text/html")], body.to_owned());
    };
    let etag = format!("\"{}\"", fingerprint(&[&document.body]));
    let modified = document.modified.map(http_date).unwrap_or_default();
    let mut headers = vec![(header::ETAG, etag.as_str()), (header::LAST_MODIFIED, modified.as_str())];
    if unchanged(request.headers(), &etag, document.modified) {
        return reply(StatusCode::NOT_MODIFIED, &headers, String::new());
    }
    headers.push((header::CONTENT_TYPE, document.content_type));
    reply(StatusCode::OK, &headers, document.body)
}

/// Whether the client has this version: by `If-None-Match`, and only without it by `If-Modified-Since` (RFC 9110 13.2.2).
fn unchanged(headers: &HeaderMap, etag: &str, modified: Option<Timestamp>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key(header::IF_NONE_MATCH) {
        return headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag);
    }
    let since =
        text(header::IF_MODIFIED_SINCE).and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    matches!((since, modified), (Some(since), Some(modified)) if modified <= since)
}

fn reply(status: StatusCode, headers: &[(HeaderName, &str)], body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name.clone(), value);
        }
    }
    response
}
