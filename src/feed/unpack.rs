//! gzip, as sitemaps are stored (`sitemap.xml.gz`), unpacked within bounds.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// How a file in gzip begins (RFC 1952 2.3.1).
const MAGIC: [u8; 2] = [0x1F, 0x8B];
/// Packed twice are files that a server packs once more as it sends them.
const MAX_LAYERS: usize = 2;

/// What a document unpacks to.
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// There was more than the limit.
    pub(super) cut: bool,
    /// The packed file is damaged or broke off; what came before that is here.
    pub(super) broken: bool,
}

/// Unpacks `bytes` if they are in gzip, to `limit` bytes at most. Never fails.
pub(super) fn unpack(bytes: &[u8], limit: usize) -> Unpacked {
    let mut unpacked = Unpacked { bytes: bytes.to_vec(), cut: false, broken: false };
    for _ in 0..MAX_LAYERS {
        if !unpacked.bytes.starts_with(&MAGIC) {
            break;
        }
        let mut inside = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        // What was read before an error stays.
        let read = MultiGzDecoder::new(unpacked.bytes.as_slice()).take(most).read_to_end(&mut inside);
        unpacked.broken |= read.is_err();
        unpacked.bytes = inside;
    }
    unpacked.cut = unpacked.bytes.len() > limit;
    unpacked.bytes.truncate(limit);
    unpacked
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).expect("a vector takes all");
        packed.finish().expect("a vector takes all")
    }

    fn of(bytes: &[u8]) -> (String, bool, bool) {
        let Unpacked { bytes, cut, broken } = unpack(bytes, 100);
        (String::from_utf8(bytes).expect("text"), cut, broken)
    }

    #[test]
    fn members_and_layers_are_unpacked_and_plain_text_is_left_alone() {
        assert_eq!(of(b"plain"), ("plain".into(), false, false));
        assert_eq!(of(&pack(b"one")), ("one".into(), false, false));
        assert_eq!(of(&[pack(b"one, "), pack(b"two")].concat()), ("one, two".into(), false, false));
        assert_eq!(of(&pack(&pack(b"twice"))), ("twice".into(), false, false));
    }

    #[test]
    fn a_bomb_is_cut_and_a_broken_file_keeps_what_it_held() {
        let (text, cut, broken) = of(&pack(&vec![b'x'; 1_000_000]));
        assert_eq!((text.len(), cut, broken), (100, true, false));
        let packed = pack(b"no more than this");
        let (text, cut, broken) = of(packed.get(..packed.len() - 9).expect("longer"));
        assert!("no more than this".starts_with(&text) && !cut && broken);
        assert_eq!(of(&[pack(b"whole").as_slice(), b"\n<!-- -->"].concat()).0, "whole");
    }
}
