//! Hosts that mean harm, a server each, beside those that mean well: for the test and the benchmark of a swarm.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::server::{Act, Asked, Server, answer, head, redirect};

/// What a host does to whoever asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Harm {
    GzipBomb,
    BrotliBomb,
    EndlessBody,
    DrippingBody,
    DrippingHead,
    Silence,
    Reset,
    WrongLength,
    RedirectLoop,
    RedirectInside,
    SelfSigned,
}

/// All there are.
pub(crate) const HARMS: [Harm; 11] = [
    Harm::GzipBomb,
    Harm::BrotliBomb,
    Harm::EndlessBody,
    Harm::DrippingBody,
    Harm::DrippingHead,
    Harm::Silence,
    Harm::Reset,
    Harm::WrongLength,
    Harm::RedirectLoop,
    Harm::RedirectInside,
    Harm::SelfSigned,
];

/// What a host serves that means harm by documents that are what they should be, and under every limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Large {
    /// A feed of 16 MB, in 46 KB of gzip.
    Feed,
    /// A feed of twenty pages of 16 MB, as gzip.
    Pages,
}

/// 64 MiB of zeroes.
const GZIP_BOMB: &[u8] = include_bytes!("../../fixtures/fetch/bomb.gz");
const BROTLI_BOMB: &[u8] = include_bytes!("../../fixtures/fetch/bomb.br");

/// A host, until it is dropped.
pub(crate) struct Host {
    pub(crate) url: Url,
    _serves: Serves,
}

enum Serves {
    Plain { _server: Server },
    Tls(JoinHandle<()>),
}

impl Drop for Serves {
    fn drop(&mut self) {
        if let Self::Tls(task) = self {
            task.abort();
        }
    }
}

/// A host at `ip` that does `harm`; `inside` is what nobody may be led to. `tls` is for the host with a certificate that
/// nobody vouches for.
pub(crate) async fn hostile(ip: &str, harm: Harm, inside: &Url, tls: &Arc<rustls::ServerConfig>) -> Host {
    if harm == Harm::SelfSigned {
        return self_signed(ip, Arc::clone(tls)).await;
    }
    let inside = inside.to_string();
    let server = Server::start_on(ip, move |asked| acts(harm, asked, &inside)).await;
    Host { url: server.url("/feed"), _serves: Serves::Plain { _server: server } }
}

/// A host at `ip` that serves documents that are as large as they may be.
pub(crate) async fn large(ip: &str, what: Large) -> Host {
    let text = "Every morning at nine. ".repeat(140);
    let items = |count: usize| -> String {
        let item = |n| {
            format!(
                "<item><title>Ferry {n} sails</title><link>/{n}</link><description>{text}</description></item>"
            )
        };
        (0..count).map(item).collect()
    };
    let feed = |count| {
        gzip(&format!("<rss version=\"2.0\"><channel><title>Ferries</title>{}</channel></rss>", items(count)))
    };
    let (feed, page) = match what {
        Large::Feed => (feed(4_900), Vec::new()),
        Large::Pages => {
            let paragraphs = format!("<div><p>{text}<a href=\"/\">More</a></p>").repeat(4_900);
            (
                feed(20),
                gzip(&format!("<html><body><article><h1>Ferries</h1>{paragraphs}</article></body></html>")),
            )
        }
    };
    let asked_before = AtomicUsize::new(0);
    let server = Server::start_on(ip, move |asked| {
        // Another body each time.
        let end = gzip(&format!("<!-- {} -->", asked_before.fetch_add(1, Ordering::Relaxed)));
        let (kind, body) = match asked.path.as_str() {
            "/robots.txt" => return answer("404 Not Found", &[], ""),
            "/feed" => ("Content-Type: application/rss+xml", &feed),
            _ => ("Content-Type: text/html", &page),
        };
        answer("200 OK", &[kind, "Content-Encoding: gzip"], [body.as_slice(), &end].concat())
    })
    .await;
    Host { url: server.url("/feed"), _serves: Serves::Plain { _server: server } }
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("memory")
}

/// A host at `ip` that answers with a small feed.
pub(crate) async fn healthy(ip: &str) -> Host {
    let feed = "<rss version=\"2.0\"><channel><title>Ferries</title>".to_owned()
        + &"<item><title>The ferry sails</title><description>Every morning at nine.</description></item>"
            .repeat(20)
        + "</channel></rss>";
    let server = Server::start_on(ip, move |_| answer("200 OK", &["ETag: \"1\""], &feed)).await;
    Host { url: server.url("/feed"), _serves: Serves::Plain { _server: server } }
}

fn acts(harm: Harm, asked: &Asked, inside: &str) -> Vec<Act> {
    let send = |line: &str| Act::Send(head("200 OK", &["Content-Type: text/xml"], line));
    let drip = || Act::Endless(b"x".to_vec(), Duration::from_millis(40));
    match harm {
        Harm::GzipBomb => answer("200 OK", &["Content-Encoding: gzip"], GZIP_BOMB),
        Harm::BrotliBomb => answer("200 OK", &["Content-Encoding: br"], BROTLI_BOMB),
        Harm::EndlessBody => {
            vec![send("X: y"), Act::Endless(vec![b'x'; 64 << 10], Duration::ZERO)]
        }
        Harm::DrippingBody => vec![send("Content-Length: 100000"), drip()],
        Harm::DrippingHead => vec![Act::Send(b"HTTP/1.1 200 OK\r\nX-Long: ".to_vec()), drip()],
        Harm::Silence => vec![Act::Pause(Duration::from_hours(1))],
        Harm::Reset => vec![send("Content-Length: 1000"), Act::Reset],
        Harm::WrongLength => vec![send("Content-Length: 1000"), Act::Send(b"<rss/>".to_vec()), Act::Close],
        Harm::RedirectLoop => redirect(&format!("{}x", asked.path)),
        Harm::RedirectInside => redirect(inside),
        Harm::SelfSigned => Vec::new(),
    }
}

async fn self_signed(ip: &str, tls: Arc<rustls::ServerConfig>) -> Host {
    let listener = TcpListener::bind((ip, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let acceptor = tokio_rustls::TlsAcceptor::from(tls);
    let task = tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let accept = acceptor.accept(tcp);
            tokio::spawn(async move { accept.await.ok() });
        }
    });
    let url = Url::parse(&format!("https://{address}/feed")).expect("an address");
    Host { url, _serves: Serves::Tls(task) }
}

/// TLS with the certificate of tests/fixtures/fetch/loopback.*, for `protocols`.
pub(crate) fn tls(protocols: &[&str]) -> rustls::ServerConfig {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate: &[u8] = include_bytes!("../../fixtures/fetch/loopback.cert.der");
    let key: &[u8] = include_bytes!("../../fixtures/fetch/loopback.key.der");
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(certificate)],
            PrivateKeyDer::try_from(key).expect("a key"),
        )
        .expect("a certificate");
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}
