//! Content codings. The files in tests/fixtures/fetch hold one text in four codings (zlib, gzip, brotli and zstd at
//! their highest level), and 64 MiB of zeroes in three (the
//! zstd one with a window of 128 MiB).

use newswatch::fetch::{ClientSettings, FailureClass};

use super::{failure, get, settings};
use crate::support::server::{Act, Server, answer, head};

const TEXT: &[u8] = include_bytes!("../../fixtures/fetch/ferry.txt");
const CODED: [(&str, &[u8]); 4] = [
    ("gzip", include_bytes!("../../fixtures/fetch/ferry.gz")),
    ("deflate", include_bytes!("../../fixtures/fetch/ferry.zlib")),
    ("br", include_bytes!("../../fixtures/fetch/ferry.br")),
    ("zstd", include_bytes!("../../fixtures/fetch/ferry.zst")),
];
const BOMBS: [(&str, &[u8]); 3] = [
    ("gzip", include_bytes!("../../fixtures/fetch/bomb.gz")),
    ("br", include_bytes!("../../fixtures/fetch/bomb.br")),
    ("zstd", include_bytes!("../../fixtures/fetch/bomb.zst")),
];

fn encoding(coding: &str) -> String {
    format!("Content-Encoding: {coding}")
}

#[tokio::test]
async fn row_39_what_is_asked_for_is_understood() {
    let server = Server::start(|_| answer("200 OK", &[], "ok")).await;
    get(server.url("/")).await.unwrap();
    let asked = server.asked();
    let accepted = String::from_utf8_lossy(asked[0].header("accept-encoding")[0]).into_owned();
    let mut accepted: Vec<_> = accepted.split(',').map(str::trim).collect();
    accepted.sort_unstable();
    assert_eq!(accepted, ["br", "deflate", "gzip", "zstd"]);
    for (coding, bytes) in CODED {
        let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], bytes)).await;
        let response = get(server.url("/")).await.unwrap();
        assert!(response.body == TEXT, "{coding}");
    }
}

#[tokio::test]
async fn deflate_without_its_zlib_frame_is_understood() {
    let zlib = CODED[1].1;
    let bare = &zlib[2..zlib.len() - 4];
    let server = Server::start(move |_| answer("200 OK", &[&encoding("deflate")], bare)).await;
    assert!(get(server.url("/")).await.unwrap().body == TEXT);
    let server = Server::start(move |_| answer("200 OK", &[&encoding("deflate")], &bare[..20])).await;
    assert_eq!(failure(&settings(), server.url("/")).await.0, FailureClass::Incomplete);
}

#[tokio::test]
async fn row_40_bombs_end_at_the_limit() {
    let settings = ClientSettings { max_bytes: 1 << 20, ..settings() };
    for (coding, bytes) in BOMBS {
        let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], bytes)).await;
        let (class, message) = failure(&settings, server.url("/")).await;
        assert_eq!((class, message.as_str()), (FailureClass::TooLarge, "127.0.0.1: more than 1048576 bytes"));
    }
}

#[tokio::test]
async fn row_7_half_a_stream_is_nothing() {
    for (coding, bytes) in CODED {
        for cut in [bytes.len() / 2, bytes.len() - 1] {
            // The length is right for what is sent: only the coding knows that something is missing.
            let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], &bytes[..cut])).await;
            let (class, message) = failure(&settings(), server.url("/")).await;
            assert_eq!(class, FailureClass::Incomplete, "{coding} at {cut}: {message}");
        }
    }
}

#[tokio::test]
async fn row_7_a_damaged_stream_is_nothing() {
    let mut bytes = CODED[0].1.to_vec();
    let checksum = bytes.len() - 8;
    bytes[checksum] ^= 1;
    let server = Server::start(move |_| answer("200 OK", &[&encoding("gzip")], &bytes)).await;
    assert_eq!(failure(&settings(), server.url("/")).await.0, FailureClass::Incomplete);
    let server = Server::start(|_| answer("200 OK", &[&encoding("gzip")], "plain text, not gzip")).await;
    assert_eq!(failure(&settings(), server.url("/")).await.0, FailureClass::Incomplete);
}

#[tokio::test]
async fn a_gzip_body_may_have_several_members() {
    let twice = [CODED[0].1, CODED[0].1].concat();
    let padded = [CODED[0].1, &[0; 100]].concat();
    let half = twice[..twice.len() - 1].to_vec();
    for (bytes, length) in [(twice, Some(2)), (padded, Some(1)), (half, None)] {
        // In one piece, and byte by byte.
        for size in [bytes.len(), 1] {
            let bytes = bytes.clone();
            let server = Server::start(move |_| {
                let length = format!("Content-Length: {}", bytes.len());
                let head = Act::Send(head("200 OK", &[&encoding("gzip")], &length));
                [head].into_iter().chain(bytes.chunks(size).map(|piece| Act::Send(piece.to_vec()))).collect()
            })
            .await;
            let body = get(server.url("/")).await.map(|response| response.body);
            match length {
                Some(times) => assert!(body.unwrap() == TEXT.repeat(times)),
                None => assert_eq!(body.expect_err("half a member").class, FailureClass::Incomplete),
            }
        }
    }
}

#[tokio::test]
async fn what_follows_a_coded_body_is_passed_over() {
    for (coding, bytes) in &CODED[..3] {
        for tail in [&b"\0\0\0\0\0\0\0\0"[..], b"\n<!-- cached -->"] {
            let body = [bytes, tail].concat();
            let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], &body)).await;
            let read = get(server.url("/")).await;
            assert!(read.as_ref().is_ok_and(|response| response.body == TEXT), "{coding}: {:?}", read.err());
        }
    }
}

#[tokio::test]
async fn members_without_end_are_not_read() {
    // Each holds nothing (RFC 1952: ten bytes of head, an empty block, sum and length).
    let empty = b"\x1F\x8B\x08\0\0\0\0\0\0\xFF\x03\0\0\0\0\0\0\0\0\0";
    for (count, good) in [(100, true), (20_000, false)] {
        let server =
            Server::start(move |_| answer("200 OK", &[&encoding("gzip")], empty.repeat(count))).await;
        let read = get(server.url("/")).await;
        assert_eq!(read.is_ok_and(|response| response.body.is_empty()), good, "{count}");
    }
}

#[tokio::test]
async fn codings_have_several_spellings() {
    for coding in ["x-gzip", "GZIP", " gzip "] {
        let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], CODED[0].1)).await;
        assert!(get(server.url("/")).await.unwrap().body == TEXT, "{coding}");
    }
}

#[tokio::test]
async fn codings_that_are_not_known_are_told() {
    for coding in ["gzip, gzip", "br, gzip", "compress"] {
        let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], CODED[0].1)).await;
        let (class, message) = failure(&settings(), server.url("/")).await;
        assert_eq!(class, FailureClass::Content, "{message}");
        assert!(message.ends_with(&coding.to_lowercase()), "{message}");
    }
    for coding in ["identity", "utf-8", "none"] {
        let server = Server::start(move |_| answer("200 OK", &[&encoding(coding)], TEXT)).await;
        assert!(get(server.url("/")).await.unwrap().body == TEXT, "{coding}");
    }
}
