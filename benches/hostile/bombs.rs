//! Answers that decode to 10 GB, from a server on loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use newswatch::clock::SystemClock;
use newswatch::fetch::client::HttpClient;
use newswatch::fetch::{Accept, ClientSettings, Request, Web};
use newswatch::source::Validators;
use url::Url;

/// What one repeated piece decodes to, in bytes.
const PIECE: usize = 16 << 20;
/// How often it is repeated.
const TIMES: usize = 640;

/// A body that is sent piece by piece.
pub(crate) struct Bomb {
    coding: &'static str,
    start: Vec<u8>,
    piece: Vec<u8>,
}

/// The bombs by name.
pub(crate) const NAMES: [&str; 5] = [
    "gzip of 10 GB",
    "gzip of 10 GB in members",
    "gzip of nothing without end",
    "gzip in gzip",
    "zstd of 10 GB",
];

pub(crate) fn bomb(name: &str) -> Bomb {
    let zeroes = vec![0; PIECE];
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
    };
    match name {
        "gzip of 10 GB" => {
            // Flushed blocks stand for themselves, so that the second can be sent again and again.
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            let mut block = || {
                encoder.write_all(&zeroes).and_then(|()| encoder.flush()).expect("memory");
                std::mem::take(encoder.get_mut())
            };
            Bomb { coding: "gzip", start: block(), piece: block() }
        }
        "gzip of 10 GB in members" => Bomb { coding: "gzip", start: Vec::new(), piece: gzip(&zeroes) },
        "gzip of nothing without end" => {
            Bomb { coding: "gzip", start: Vec::new(), piece: gzip(b"").repeat(5_000) }
        }
        "gzip in gzip" => {
            let inner = gzip(&zeroes).repeat(TIMES);
            Bomb { coding: "gzip", start: gzip(&inner), piece: Vec::new() }
        }
        _ => Bomb {
            coding: "zstd",
            start: Vec::new(),
            piece: zstd::encode_all(zeroes.as_slice(), 19).expect("memory"),
        },
    }
}

/// Fetches it as the daemon does; says what came of it.
pub(crate) fn fetch(bomb: Bomb) -> String {
    let address = serve(bomb).expect("a server");
    let settings = ClientSettings {
        allow: vec!["127.0.0.1/32".parse().expect("a network")],
        ..ClientSettings::default()
    };
    let client = HttpClient::new(&settings, Arc::new(SystemClock)).expect("a client");
    let url = Url::parse(&format!("http://{address}/")).expect("an address");
    let request = Request { url, accept: Accept::Feed, validators: Validators::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match runtime.block_on(client.get(request)) {
        Ok(response) => format!("{} bytes", response.body.len()),
        Err(error) => error.to_string().replace(&address.port().to_string(), "PORT"),
    }
}

fn serve(Bomb { coding, start, piece }: Bomb) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let _ = stream.read(&mut [0; 4_096])?;
        stream.write_all(format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n").as_bytes())?;
        stream.write_all(&start)?;
        for _ in 0..TIMES {
            stream.write_all(&piece)?;
        }
        Ok(())
    });
    Ok(address)
}
