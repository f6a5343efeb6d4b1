//! HTTP/2, with a server that refuses and leaves. It needs a certificate that the system trusts, so these tests run
//! themselves again in a process of their own, as those of `secure` do.

use std::sync::{Arc, Mutex};

use newswatch::fetch::{FailureClass, Web};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::secure::{PEM, with_certificates};
use super::{client, request, settings};
use crate::support::swarm::tls;

/// What the server does with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Answer,
    /// `REFUSED_STREAM`: nothing was done (RFC 9113 8.7).
    Refuse,
    /// `GOAWAY` that names no stream as touched (RFC 9113 6.8). Only as the first of a connection.
    Leave,
}

/// Serves by the deed for each stream in turn, the last one for ever; tells which connection each came in on.
async fn serve(deeds: &'static [Deed]) -> (Url, Arc<Mutex<Vec<usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls(&["h2", "http/1.1"])));
    let streams = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&streams);
    tokio::spawn(async move {
        for connection in 0.. {
            let (tcp, _) = listener.accept().await.unwrap();
            let stream = acceptor.accept(tcp).await.unwrap();
            let first = log.lock().unwrap().len();
            if deeds.get(first) == Some(&Deed::Leave) {
                log.lock().unwrap().push(connection);
                leave(stream).await.unwrap();
                continue;
            }
            let mut http = h2::server::handshake(stream).await.unwrap();
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                while let Some(Ok((_, mut respond))) = http.accept().await {
                    let deed = {
                        let mut log = log.lock().unwrap();
                        log.push(connection);
                        deeds[(log.len() - 1).min(deeds.len() - 1)]
                    };
                    match deed {
                        Deed::Refuse => respond.send_reset(h2::Reason::REFUSED_STREAM),
                        Deed::Answer | Deed::Leave => {
                            let mut body =
                                respond.send_response(hyper::Response::new(()), false).expect("a stream");
                            body.send_data("hello".into(), true).expect("a stream");
                        }
                    }
                }
            });
        }
    });
    (url, streams)
}

/// Says goodbye to the first request, in frames: each has a length of three bytes, its type, flags and a stream.
async fn leave(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
    const PREFACE: usize = 24;
    const HEADERS: u8 = 1;
    stream.read_exact(&mut [0; PREFACE]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize]).await?;
        if head[3] == HEADERS {
            break;
        }
    }
    let (settings, goaway) = ([0, 0, 0, 4, 0, 0, 0, 0, 0], [0, 0, 8, 7, 0, 0, 0, 0, 0]);
    stream.write_all(&[&settings[..], &goaway, &[0; 8]].concat()).await?;
    stream.shutdown().await
}

#[tokio::test]
async fn row_44_one_connection_carries_all_and_what_was_refused_is_asked_once_more() {
    if !with_certificates(
        PEM,
        "fetch::http2::row_44_one_connection_carries_all_and_what_was_refused_is_asked_once_more",
    ) {
        return;
    }
    let (url, streams) = serve(&[Deed::Answer]).await;
    let polite = client(&settings());
    for _ in 0..3 {
        assert_eq!(polite.get(request(url.clone())).await.unwrap().body, b"hello");
    }
    assert_eq!(*streams.lock().unwrap(), [0, 0, 0]);
    for (deeds, expected) in
        [(&[Deed::Refuse, Deed::Answer][..], &[0, 0][..]), (&[Deed::Leave, Deed::Answer], &[0, 1])]
    {
        let (url, streams) = serve(deeds).await;
        let answer = client(&settings()).get(request(url)).await;
        assert_eq!(answer.expect("an answer").body, b"hello", "{deeds:?}");
        assert_eq!(*streams.lock().unwrap(), expected, "{deeds:?}");
    }
    // One that never stops refusing is left alone soon.
    let (url, streams) = serve(&[Deed::Refuse]).await;
    let error = client(&settings()).get(request(url)).await.unwrap_err();
    assert_eq!(error.class, FailureClass::Incomplete, "{error}");
    assert_eq!(streams.lock().unwrap().len(), 2, "once more, and no more");
}
