//! The HTTP client against servers of every manner, over real sockets and real time.

mod bounds;
mod broken;
mod conditional;
mod documents;
mod encodings;
mod forbidden;
mod http2;
mod manners;
mod quiet;
mod redirects;
mod robots;
mod secure;
mod swarm;

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use newswatch::clock::SystemClock;
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::{Accept, ClientSettings, FailureClass, FetchError, Request, Response, Web};
use newswatch::source::Validators;
use url::Url;

/// Settings for loopback: no spacing, and limits that a good answer on a busy machine stays far below.
fn settings() -> ClientSettings {
    ClientSettings {
        contact: Some("mailto:desk@example.org".into()),
        spacing: Duration::ZERO,
        allow: vec!["127.0.0.1/32".parse().unwrap()],
        ..ClientSettings::default()
    }
}

fn client(settings: &ClientSettings) -> HttpClient {
    HttpClient::new(settings, Arc::new(SystemClock)).unwrap()
}

fn request(url: Url) -> Request {
    Request { url, accept: Accept::Feed, validators: Validators::default() }
}

async fn get(url: Url) -> Result<Response, FetchError> {
    client(&settings()).get(request(url)).await
}

/// True in a process with these variables, which cannot be set in one that has threads; elsewhere, runs `test` alone in
/// such a process and sees it pass.
fn in_process_with(variables: &[(&str, &str)], test: &str) -> bool {
    if variables.iter().all(|(name, value)| std::env::var_os(name).is_some_and(|set| set == *value)) {
        return true;
    }
    let own = std::env::current_exe().unwrap();
    let output = Command::new(own).args(["--exact", test]).envs(variables.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    false
}

/// Fetches what must fail; says how, with the port (which differs each time) taken out.
async fn failure(settings: &ClientSettings, url: Url) -> (FailureClass, String) {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let error = client(settings).get(request(url)).await.expect_err("an answer");
    (error.class, error.message.replace(&port, ""))
}
