//! A web without sockets: each address answers what a closure says, after a delay on tokio's clock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use newswatch::fetch::{FailureClass, FetchError, Headers, Hop, Request, Response, Web};
use newswatch::source::Validators;
use tokio::time::Instant;

/// What one request is answered with.
pub struct Answer {
    pub status: u16,
    pub headers: Headers,
    pub body: String,
    pub delay: Duration,
    /// Redirects on the way, and where they lead.
    pub hops: Vec<u16>,
    pub place: Option<&'static str>,
}

impl Answer {
    /// 200 with an ETag made of the body.
    pub fn ok(body: impl Into<String>) -> Self {
        let body = body.into();
        let etag = Some(newswatch::text::fingerprint::fingerprint(&[&body]).into_bytes());
        let headers = Headers { validators: Validators { etag, last_modified: None }, ..Headers::default() };
        Self { headers, body, ..Self::status(200) }
    }

    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Headers::default(),
            body: String::new(),
            delay: Duration::from_millis(50),
            hops: Vec::new(),
            place: None,
        }
    }

    /// Found elsewhere, by redirects of these kinds.
    pub fn found_at(self, place: &'static str, hops: &[u16]) -> Self {
        Self { hops: hops.to_vec(), place: Some(place), ..self }
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.headers.retry_after = Some(seconds);
        self
    }
}

type Script = Box<dyn Fn(&Request) -> Answer + Send + Sync>;

/// Addresses → scripts. An address without one is a host that does not resolve.
#[derive(Default)]
pub struct FakeWeb {
    scripts: Mutex<HashMap<String, Arc<Script>>>,
    unplugged: AtomicBool,
    /// Every request with the moment when it came in and the one when it was answered.
    pub log: Mutex<Vec<(String, Instant, Option<Instant>)>>,
}

impl FakeWeb {
    /// `url` is answered by `script` from now on.
    pub fn script(&self, url: &str, script: impl Fn(&Request) -> Answer + Send + Sync + 'static) {
        self.scripts.lock().unwrap().insert(url.to_owned(), Arc::new(Box::new(script)));
    }

    /// `url` serves `body`, with 304 for whoever has it.
    pub fn serve(&self, url: &str, body: impl Into<String>) {
        let body = body.into();
        self.script(url, move |_| Answer::ok(body.clone()));
    }

    /// Pulls out the cable, or puts it back: no name resolves meanwhile.
    pub fn unplug(&self, out: bool) {
        self.unplugged.store(out, Ordering::Relaxed);
    }

    /// How often `url` was asked.
    pub fn asked(&self, url: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|(asked, ..)| asked == url).count()
    }
}

#[async_trait]
impl Web for FakeWeb {
    async fn get(&self, request: Request) -> Result<Response, FetchError> {
        let url = request.url.to_string();
        let script = self.scripts.lock().unwrap().get(&url).cloned();
        let script = script.filter(|_| !self.unplugged.load(Ordering::Relaxed));
        let at = {
            let mut log = self.log.lock().unwrap();
            log.push((url.clone(), Instant::now(), None));
            log.len() - 1
        };
        let Some(script) = script else {
            let message = format!("{} does not resolve", request.url.host_str().unwrap_or_default());
            return Err(FetchError { class: FailureClass::Dns, message, retry_after: None });
        };
        let mut answer = script(&request);
        tokio::time::sleep(answer.delay).await;
        let has = answer.headers.validators.etag.is_some()
            && answer.headers.validators.etag == request.validators.etag;
        if answer.status == 200 && has {
            answer.status = 304;
            answer.body.clear();
        }
        self.log.lock().unwrap()[at].2 = Some(Instant::now());
        let hop = |status: &u16| Hop { status: *status, from: request.url.clone() };
        Ok(Response {
            hops: answer.hops.iter().map(hop).collect(),
            url: answer.place.map_or(request.url, |place| place.parse().unwrap()),
            status: answer.status,
            headers: answer.headers,
            body: answer.body.into_bytes().into(),
        })
    }
}
