//! Content codings (RFC 9110 8.4.1), undone piece by piece under a bound on what comes out.
//!
//! Not left to the HTTP library: of a gzip body of several members it reads the first, and says nothing of the others.

use std::io::{self, ErrorKind, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

/// What is asked for (`Accept-Encoding`).
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// How much is decoded at once, in bytes.
const BUFFER: usize = 16 << 10;
/// How every member of a gzip body begins (RFC 1952 2.3.1).
const MEMBER: u8 = 0x1F;
/// Most members of a gzip body: each costs time though it may hold nothing. Writers of many put 64 kB into each.
const MOST_MEMBERS: usize = 10_000;

/// Takes a body as it is sent, and keeps it as it is meant.
pub(super) struct Decoder {
    coding: Coding,
    /// Whether anything was sent: an empty body is empty in every coding.
    begun: bool,
    /// Whether the coded body came to its end, and something that is no part of it followed.
    over: bool,
}

enum Coding {
    Identity(Body),
    /// With how many members were begun.
    Gzip(GzDecoder<Body>, usize),
    Deflate(Deflate),
    Brotli(Box<DecompressorWriter<Body>>),
    Zstd(Box<zstd::stream::write::Decoder<'static, Body>>),
}

impl Decoder {
    /// A decoder for what `Content-Encoding` says; `None` if that is a coding, or a chain of them, that is not known.
    /// Labels that are no coding ("utf-8", "none") occur, and mean nothing. No more than `most` bytes come out.
    pub(super) fn new(label: &str, most: u64) -> Option<Self> {
        let body = Body { bytes: Vec::new(), most };
        let label = label.trim().to_ascii_lowercase();
        let coding = match label.as_str() {
            "gzip" | "x-gzip" => Coding::Gzip(GzDecoder::new(body), 1),
            "deflate" => Coding::Deflate(Deflate { state: Decompress::new(true), body, complete: false }),
            "br" => Coding::Brotli(Box::new(DecompressorWriter::new(body, BUFFER))),
            "zstd" => Coding::Zstd(Box::new(zstd::stream::write::Decoder::new(body).ok()?)),
            _ if label.split(',').map(str::trim).any(is_coding) => return None,
            _ => Coding::Identity(body),
        };
        Some(Self { coding, begun: false, over: false })
    }

    /// Takes the next piece. What follows the end of the coded body is passed over: some servers send padding there.
    ///
    /// # Errors
    /// [`TooLarge`] inside; anything else if the piece is not of this coding.
    pub(super) fn push(&mut self, mut piece: &[u8]) -> io::Result<()> {
        self.begun |= !piece.is_empty();
        while !piece.is_empty() && !self.over {
            let taken = match &mut self.coding {
                Coding::Identity(body) => body.write(piece)?,
                Coding::Gzip(member, count) => match member.write(piece)? {
                    0 if piece.first() == Some(&MEMBER) => {
                        *count += 1;
                        if *count > MOST_MEMBERS {
                            return Err(io::Error::other("more members of gzip than are read"));
                        }
                        let ended = std::mem::replace(member, GzDecoder::new(Body::default()));
                        *member = GzDecoder::new(ended.finish()?);
                        member.write(piece)?
                    }
                    taken => taken,
                },
                Coding::Deflate(deflate) => deflate.write(piece)?,
                Coding::Brotli(brotli) => brotli.write(piece)?,
                Coding::Zstd(zstd) => zstd.write(piece)?,
            };
            self.over = taken == 0;
            piece = piece.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// The whole body.
    ///
    /// # Errors
    /// If the coded body did not come to its end.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        if !self.begun {
            return Ok(Vec::new());
        }
        let body = match self.coding {
            Coding::Identity(body) => body,
            Coding::Gzip(member, _) => member.finish()?,
            Coding::Deflate(deflate) if deflate.complete => deflate.body,
            Coding::Deflate(_) => return Err(ErrorKind::UnexpectedEof.into()),
            Coding::Brotli(brotli) => brotli.into_inner().map_err(|_| ErrorKind::UnexpectedEof)?,
            Coding::Zstd(zstd) => zstd.finish()?,
        };
        Ok(body.bytes)
    }
}

fn is_coding(label: &str) -> bool {
    matches!(label, "gzip" | "x-gzip" | "deflate" | "br" | "zstd" | "compress" | "x-compress")
}

/// "deflate", which is the zlib format (RFC 9110 8.4.1.2); some servers send the bare deflate format (RFC 1951).
struct Deflate {
    state: Decompress,
    body: Body,
    complete: bool,
}

impl Deflate {
    /// Decodes from `piece`; says how much of it was taken.
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.state.total_in() == 0 && !piece.first().is_some_and(|first| is_zlib(*first)) {
            self.state = Decompress::new(false);
        }
        let mut buffer = [0; BUFFER];
        let start = self.state.total_in();
        let taken = |state: &Decompress| usize::try_from(state.total_in() - start).unwrap_or(usize::MAX);
        while !self.complete {
            let before = self.state.total_out();
            let rest = piece.get(taken(&self.state)..).unwrap_or_default();
            let status = self.state.decompress(rest, &mut buffer, FlushDecompress::None)?;
            let given = usize::try_from(self.state.total_out() - before).unwrap_or(usize::MAX);
            self.body.write_all(buffer.get(..given).unwrap_or_default())?;
            self.complete = status == Status::StreamEnd;
            if given == 0 {
                break;
            }
        }
        Ok(taken(&self.state))
    }
}

/// Whether a body that begins with this byte is of the zlib format: its method is deflate, with a window of no more than
/// 32 KiB (RFC 1950 2.2). The bare format would begin so with an uncompressed block whose padding is not zero.
fn is_zlib(first: u8) -> bool {
    first & 0x0F == 8 && first >> 4 <= 7
}

/// What came out so far.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    most: u64,
}

/// More came out than was allowed.
#[derive(Debug, thiserror::Error)]
#[error("more bytes than allowed")]
pub(super) struct TooLarge;

impl Write for Body {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(self.bytes.len().saturating_add(piece.len())).unwrap_or(u64::MAX);
        if length > self.most {
            return Err(io::Error::other(TooLarge));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn what_follows_the_end_is_passed_over_in_whatever_pieces_it_comes() {
        for (tail, text) in [
            (&b"\0\0\0"[..], "The dam broke."),
            (b"<!-- \x1F\x8B -->", "The dam broke."),
            (&packed(" It held."), "The dam broke. It held."),
        ] {
            let body = [&packed("The dam broke."), tail].concat();
            for size in [1, 7, body.len()] {
                let mut decoder = Decoder::new("gzip", 1_000).unwrap();
                body.chunks(size).for_each(|piece| decoder.push(piece).unwrap());
                assert_eq!(decoder.finish().unwrap(), text.as_bytes(), "{tail:?} by {size}");
            }
        }
    }
}
