//! Fingerprints: short stable hashes of bytes, for identity and for telling whether something changed.

use sha2::{Digest, Sha256};

/// The first 16 bytes of SHA-256 over `parts`, each followed by a NUL so that ("ab","c") differs from ("a","bc"), as
/// 32 hexadecimal digits.
#[must_use]
pub fn fingerprint<B: AsRef<[u8]>>(parts: &[B]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_ref());
        hasher.update([0]);
    }
    let mut text = String::with_capacity(32);
    for byte in hasher.finalize().iter().take(16) {
        text.extend(
            [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')),
        );
    }
    text
}
