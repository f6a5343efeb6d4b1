//! A scripted HTTP server on raw TCP, so that it can misbehave: it sends the bytes that it is told to, when it is told
//! to, and keeps what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// One step of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Send these bytes.
    Send(Vec<u8>),
    /// Send nothing for a while.
    Pause(Duration),
    /// Send these bytes, pause, and so on for ever.
    Endless(Vec<u8>, Duration),
    /// Break the connection off.
    Reset,
    /// Close the connection. Without it, the next request is awaited on the same one.
    Close,
}

/// A request as it came: path with query, and the whole head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) head: Vec<u8>,
}

impl Asked {
    /// The values of a header, in order, byte for byte.
    pub(crate) fn header(&self, name: &str) -> Vec<&[u8]> {
        self.head
            .split(|b| *b == b'\n')
            .filter_map(|line| {
                let colon = line.iter().position(|b| *b == b':')?;
                let (found, value) = line.split_at(colon);
                found.eq_ignore_ascii_case(name.as_bytes()).then(|| value[1..].trim_ascii())
            })
            .collect()
    }
}

/// Serves until dropped.
pub(crate) struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Log {
    connections: usize,
    asked: Vec<Asked>,
}

impl Server {
    /// Serves on a free port of 127.0.0.1, each request by `script`.
    pub(crate) async fn start(script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> Self {
        Self::start_on("127.0.0.1", script).await
    }

    /// The same on another address.
    pub(crate) async fn start_on(
        ip: &str,
        script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let log = Arc::new(Mutex::new(Log::default()));
        let script = Arc::new(script);
        let task = tokio::spawn({
            let log = Arc::clone(&log);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    log.lock().unwrap().connections += 1;
                    let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                    // The client may hang up in the middle of anything; that is its right.
                    tokio::spawn(async move { serve(stream, &log, &*script).await.ok() });
                }
            }
        });
        Self { address, log, task }
    }

    /// The address of a path here.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("an address")
    }

    /// What was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().asked.clone()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Log>,
    script: &(impl Fn(&Asked) -> Vec<Act> + ?Sized),
) -> std::io::Result<()> {
    let mut unread = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut unread).await? == 0 {
                return Ok(());
            }
        };
        let head: Vec<u8> = unread.drain(..end).collect();
        let path = head.split(|b| *b == b' ').nth(1).unwrap_or_default();
        let asked = Asked { path: String::from_utf8_lossy(path).into_owned(), head };
        log.lock().unwrap().asked.push(asked.clone());
        for act in script(&asked) {
            match act {
                Act::Send(bytes) => stream.write_all(&bytes).await?,
                Act::Pause(time) => tokio::time::sleep(time).await,
                Act::Endless(bytes, pause) => loop {
                    stream.write_all(&bytes).await?;
                    tokio::time::sleep(pause).await;
                },
                Act::Reset => return stream.set_zero_linger(),
                Act::Close => return stream.shutdown().await,
            }
        }
    }
}

/// A whole answer: status line, these header lines, Content-Length, body.
pub(crate) fn answer(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<Act> {
    let body = body.as_ref();
    let mut bytes = head(status, headers, &format!("Content-Length: {}", body.len()));
    bytes.extend_from_slice(body);
    vec![Act::Send(bytes)]
}

/// 302 to `location`.
pub(crate) fn redirect(location: &str) -> Vec<Act> {
    answer("302 Found", &[&format!("Location: {location}")], "")
}

/// A head of an answer, up to and with its blank line.
pub(crate) fn head(status: &str, headers: &[&str], last: &str) -> Vec<u8> {
    let lines = headers.iter().fold(String::new(), |all, line| all + line + "\r\n");
    format!("HTTP/1.1 {status}\r\n{lines}{last}\r\n\r\n").into_bytes()
}
