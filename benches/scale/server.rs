//! The web on loopback, in a process of its own: a feed at each address of 127.0.0.0/8, with an `ETag`.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::feeds;

/// Where counts are asked for.
const COUNTS: &str = "/counts";

/// The server as its parent sees it; it ends with it.
pub(crate) struct Server {
    child: Child,
    /// The port, the same at each address.
    pub(crate) port: u16,
}

impl Server {
    /// Starts this program again as a server.
    pub(crate) fn start() -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .env(crate::PART, "server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let port = line.trim().parse().map_err(io::Error::other)?;
        Ok(Self { child, port })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Requests and connections so far, the one that asks left out.
pub(crate) fn counts(port: u16) -> (u64, u64) {
    let ask = || -> io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        write!(stream, "GET {COUNTS} HTTP/1.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = ask().unwrap_or_default();
    let mut numbers = answer.split_whitespace().map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[derive(Default)]
struct Log {
    requests: AtomicU64,
    connections: AtomicU64,
}

/// Serves until the parent goes.
pub(crate) fn serve() -> io::Result<()> {
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
        println!("{}", listener.local_addr()?.port());
        let log = Arc::new(Log::default());
        loop {
            let (stream, _) = listener.accept().await?;
            let log = log.clone();
            tokio::spawn(async move {
                let _ = answer(stream, &log).await;
            });
        }
    })
}

async fn answer(mut stream: tokio::net::TcpStream, log: &Log) -> io::Result<()> {
    let IpAddr::V4(host) = stream.local_addr()?.ip() else { return Ok(()) };
    let etag = format!("\"{:x}\"", u32::from(host));
    let (mut unread, mut counted) = (Vec::new(), false);
    loop {
        let end = loop {
            if let Some(at) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut unread).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&unread.drain(..end).collect::<Vec<u8>>()).to_ascii_lowercase();
        if head.starts_with(&format!("get {COUNTS} ")) {
            let counts =
                [&log.requests, &log.connections].map(|count| count.load(Ordering::Relaxed).to_string());
            return stream.write_all(counts.join(" ").as_bytes()).await;
        }
        log.requests.fetch_add(1, Ordering::Relaxed);
        log.connections.fetch_add(u64::from(!counted), Ordering::Relaxed);
        counted = true;
        let answer = if head.contains(&format!("if-none-match: {etag}")) {
            format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n")
        } else {
            let feed = feeds::feed(host);
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {etag}\r\nContent-Length: {}\r\n\r\n{feed}",
                feed.len()
            )
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}
