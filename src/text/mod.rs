//! Text as the other rooms need it: folded tokens with a map back to bytes, sentences, language, addresses,
//! fingerprints. Pure.

pub mod address;
pub mod clean;
pub mod count;
pub mod fingerprint;
pub mod fold;
pub mod html_gate;
pub mod language;
pub mod rarity;
pub mod sentence;
pub mod terms;
