//! Files that hold an article: read within bounds, and pages among them extracted.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use url::Url;

use crate::article::{Article, Hints, extract};
use crate::feed::decode;

/// A larger file is no article.
const MAX_BYTES: u64 = 8 << 20;
/// Stands for the address that is not known (RFC 2606: never a real one).
const NOWHERE: &str = "https://page.invalid/";

/// What the file holds.
///
/// # Errors
/// In words, when it cannot be read or is larger than 8 MiB.
pub fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot read it: {error}"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("larger than {} MiB", MAX_BYTES >> 20));
    }
    Ok(bytes)
}

/// The article of a saved page, whose address is not known.
///
/// # Errors
/// In words, when it holds no article.
pub fn of_page(bytes: &[u8]) -> Result<Article, String> {
    let nowhere = Url::parse(NOWHERE).map_err(|error| error.to_string())?;
    let article =
        extract(&decode(bytes, None), &nowhere, &Hints::default()).map_err(|error| error.to_string())?;
    let canonical_url = article.canonical_url.filter(|url| url.origin() != nowhere.origin());
    Ok(Article { url: None, canonical_url, ..article })
}
