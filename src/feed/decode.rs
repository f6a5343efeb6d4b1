//! Bytes → text: BOM, then an XML declaration, then the HTTP charset, then a `meta` of HTML, then detection.
//!
//! RFC 7303 3 puts the charset of the header before the XML declaration. Servers stamp one charset on all that they send,
//! and the writer of a feed knows better, so it is the other way round here. A page keeps the order of the HTML standard.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr, memmem};

/// How far into a document its encoding may be declared, in bytes.
const HEAD: usize = 4_096;
/// How much of a document its encoding is guessed from, in bytes: guessing is slow, seconds for 16 MB.
const DETECTED: usize = 1 << 20;
/// How many bytes are looked through at once for controls.
const BLOCK: usize = 4_096;
/// The byte order mark (U+FEFF) in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// How many bytes that are no UTF-8 are enough to tell what else they are.
const EVIDENCE: usize = 32;

/// `bytes` as text, without a byte order mark. `declared` is the Content-Type header. Never fails: bytes that fit
/// no encoding become U+FFFD. NULs are dropped.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    text(bytes, declared).0.into_owned()
}

/// The same, without a copy where the bytes are the text, and the name of each repair that was needed.
pub(super) fn text<'a>(bytes: &'a [u8], declared: Option<&str>) -> (Cow<'a, str>, Vec<String>) {
    let Decoded { mut text, mut repairs } = decoded(bytes, declared.and_then(charset));
    // By blocks, and each to its end, so that many bytes are looked at in one step.
    let controls =
        |block: &[u8]| block.iter().fold(false, |any, b| any | (*b < b' ' && !b.is_ascii_whitespace()));
    if text.as_bytes().chunks(BLOCK).any(controls) {
        repairs.push("control characters".to_owned());
    }
    if memchr(0, text.as_bytes()).is_some() || memmem::find(text.as_bytes(), MARK).is_some() {
        text.to_mut().retain(|c| c != '\0' && c != '\u{FEFF}');
    }
    (text, repairs)
}

struct Decoded<'a> {
    text: Cow<'a, str>,
    repairs: Vec<String>,
}

/// `http` is the charset of the Content-Type.
fn decoded<'a>(bytes: &'a [u8], http: Option<&'static Encoding>) -> Decoded<'a> {
    if let Some((big_endian, marked)) = utf32(bytes) {
        let repairs = if marked { Vec::new() } else { vec!["UTF-32 without a byte order mark".to_owned()] };
        return Decoded { text: from_utf32(bytes, big_endian).into(), repairs };
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let read = text_in(encoding, bytes.get(length..).unwrap_or_default());
        // Whoever writes UTF-8 with a mark may still write windows-1252 into it.
        let read = if encoding == UTF_8 && !read.repairs.is_empty() {
            mixed(bytes.get(length..).unwrap_or_default())
        } else {
            read
        };
        let own = own_declaration(read.text.as_bytes());
        return read.though_declared(encoding, in_order(http, own));
    }
    // UTF-16 without a mark: the first character of a document is ASCII, so that every other byte is NUL.
    let wide = match bytes {
        [0, first, 0, _, ..] if *first != 0 => Some(UTF_16BE),
        [first, 0, _, 0, ..] if *first != 0 => Some(UTF_16LE),
        _ => None,
    };
    if let Some(encoding) = wide {
        let mut read = text_in(encoding, bytes);
        read.repairs.push("UTF-16 without a byte order mark".to_owned());
        return read;
    }
    narrow(bytes, http)
}

/// Text of bytes, as most documents are.
fn narrow<'a>(bytes: &'a [u8], http: Option<&'static Encoding>) -> Decoded<'a> {
    let own = own_declaration(bytes);
    let labels = in_order(http, own);
    // Text that is valid UTF-8 is UTF-8 whatever is said of it; only the escapes of ISO-2022-JP look like ASCII.
    if labels.into_iter().flatten().next() == Some(ISO_2022_JP) && bytes.contains(&0x1B) {
        return text_in(ISO_2022_JP, bytes);
    }
    match str::from_utf8(bytes) {
        Ok(text) => {
            let read = Decoded { text: text.into(), repairs: Vec::new() };
            return if text.is_ascii() { read } else { read.though_declared(UTF_8, labels) };
        }
        // A character cut in two by the end of the document is no fault of the encoding.
        Err(error) if error.error_len().is_none() => {
            return Decoded { text: String::from_utf8_lossy(bytes), repairs: Vec::new() };
        }
        Err(_) => {}
    }
    // Without a mark or its NULs the bytes are no UTF-16.
    let named = labels.into_iter().flatten().filter(|label| ![UTF_8, UTF_16BE, UTF_16LE].contains(label));
    let read = |encoding| text_in(encoding, bytes).though_declared(encoding, labels);
    let mut first = None;
    for encoding in named {
        let read = read(encoding);
        if !read.repairs.iter().any(|repair| repair == UNFIT) {
            return read;
        }
        first.get_or_insert(read);
    }
    if let Some(first) = first {
        return first;
    }
    let (good, bad) = utf8_share(bytes);
    let sure = bad >= EVIDENCE && bad > 4 * good;
    if good > bad || (labels.iter().any(Option::is_some) && !sure) {
        return mixed(bytes).though_declared(if good > 0 { UTF_8 } else { WINDOWS_1252 }, labels);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..DETECTED).unwrap_or(bytes), true);
    let guessed = detector.guess(None, Utf8Detection::Allow);
    let mut read = read(guessed);
    if labels.iter().all(Option::is_none) {
        read.repairs.push(format!("no encoding was declared: decoded as {}", guessed.name()));
    }
    read
}

/// What is said where bytes became U+FFFD.
const UNFIT: &str = "bytes that fit no encoding";

fn text_in<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, unfit) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, repairs: unfit.then(|| UNFIT.to_owned()).into_iter().collect() }
}

impl Decoded<'_> {
    /// Says so if one of `labels` is another encoding than the one that was `used`.
    fn though_declared(mut self, used: &'static Encoding, labels: [Option<&'static Encoding>; 2]) -> Self {
        // "UTF-16" alone leaves the order of bytes open.
        let same = |label: &&'static Encoding| *label == used || (is_utf16(label) && is_utf16(used));
        if let Some(label) = labels.into_iter().flatten().find(|label| !same(label)) {
            self.repairs.push(format!("decoded as {} though declared {}", used.name(), label.name()));
        }
        self
    }
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    [UTF_16BE, UTF_16LE].contains(&encoding)
}

/// The charset of a Content-Type. Labels are those of the WHATWG: latin-1 means Windows-1252, as every browser reads
/// it.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    label(value.split(['"', '\'', ';', ',', ' ']).find(|part| !part.is_empty())?)
}

fn label(label: &str) -> Option<&'static Encoding> {
    let label = label.trim();
    // The one spelling of it that the WHATWG does not know.
    let latin = label.eq_ignore_ascii_case("latin-1").then_some(WINDOWS_1252);
    Encoding::for_label_no_replacement(label.as_bytes()).or(latin)
}

/// What a document says of its own encoding.
#[derive(Debug, Clone, Copy)]
enum Own {
    /// The declaration of XML that is no page.
    Xml(&'static Encoding),
    /// A `meta` of HTML, or the declaration of a page in XHTML.
    Page(&'static Encoding),
}

/// What is said of the encoding, the best first.
fn in_order(http: Option<&'static Encoding>, own: Option<Own>) -> [Option<&'static Encoding>; 2] {
    match own {
        Some(Own::Xml(own)) => [Some(own), http],
        Some(Own::Page(own)) => [http, Some(own)],
        None => [http, None],
    }
}

/// What the XML declaration, or a `meta` of HTML, says of the encoding.
fn own_declaration(bytes: &[u8]) -> Option<Own> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(HEAD)).unwrap_or(bytes));
    if let Some((_, rest)) = head.split_once("<?xml") {
        let (declaration, rest) = rest.split_once("?>").unwrap_or((rest, ""));
        if let Some((_, value)) = declaration.split_once("encoding") {
            let value = value.trim_start().strip_prefix('=')?.trim_start();
            let own = label(value.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '?']).next()?)?;
            return Some(if is_page(rest) { Own::Page(own) } else { Own::Xml(own) });
        }
    }
    let lower = head.to_ascii_lowercase();
    lower.split("<meta").skip(1).find_map(|meta| charset(meta.split('>').next()?)).map(Own::Page)
}

/// Whether the first element of what follows an XML declaration is that of a page.
fn is_page(rest: &str) -> bool {
    let first = rest.split('<').skip(1).find(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    first.and_then(|tag| tag.get(..4)).is_some_and(|name| name.eq_ignore_ascii_case("html"))
}

/// Whether the bytes are UTF-32 with the greatest first, and whether a mark says so, else the NULs around an ASCII
/// character.
fn utf32(bytes: &[u8]) -> Option<(bool, bool)> {
    match bytes {
        [0, 0, 0xFE, 0xFF, ..] => Some((true, true)),
        [0xFF, 0xFE, 0, 0, ..] => Some((false, true)),
        [0, 0, 0, first, ..] if *first != 0 => Some((true, false)),
        [first, 0, 0, 0, ..] if *first != 0 => Some((false, false)),
        _ => None,
    }
}

fn from_utf32(bytes: &[u8], big_endian: bool) -> String {
    let (characters, _) = bytes.as_chunks::<4>();
    let code =
        |four: &[u8; 4]| if big_endian { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) };
    characters.iter().map(|four| char::from_u32(code(four)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// How many characters beyond ASCII are UTF-8, and how many bytes are not.
fn utf8_share(bytes: &[u8]) -> (usize, usize) {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    (good, bad)
}

/// UTF-8 into which another encoding was pasted: what is no UTF-8 is read as Windows-1252.
fn mixed(bytes: &[u8]) -> Decoded<'_> {
    let mut out = String::with_capacity(bytes.len());
    let mut pasted = false;
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        pasted |= !chunk.valid().is_ascii();
    }
    let repairs = pasted.then(|| "windows-1252 in the midst of UTF-8".to_owned());
    Decoded { text: out.into(), repairs: repairs.into_iter().collect() }
}

/// `text` as it was before it was encoded as UTF-8 twice ("KÃ¤lte" for "Kälte"), if that is what happened: no text
/// that is meant reads as UTF-8 when it is written as Windows-1252.
pub(super) fn decoded_twice(text: &str) -> Option<String> {
    // What began as UTF-8 begins with the first of its bytes, 0xC2 to 0xF4, and another of them follows.
    let first = text.bytes().position(|b| !b.is_ascii())?;
    let mut pasted = text.get(first..)?.chars();
    if !pasted.next().is_some_and(|c| ('\u{C2}'..='\u{F4}').contains(&c)) || pasted.next()?.is_ascii() {
        return None;
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    if unmappable { None } else { String::from_utf8(bytes.into_owned()).ok() }
}

#[cfg(test)]
mod tests;
