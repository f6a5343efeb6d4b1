//! Any bytes, decoded, whatever charset is declared.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::feed::decode;

mod input;

fuzz_target!(|data: &[u8]| {
    let input = input::Input::of(data);
    let text = decode(input.body, input.content_type);
    assert_eq!(text, decode(input.body, input.content_type), "decoded twice");
    assert!(!text.contains(['\0', '\u{FEFF}']), "NUL, or a mark of the byte order");
    assert!(text.len() <= 3 * input.body.len() + 3, "{} bytes from {}", text.len(), input.body.len());
    // UTF-8 is what it says, unless something in it belongs to another encoding.
    if let Ok(plain) = std::str::from_utf8(input.body)
        && !plain.contains(['\0', '\u{1B}', '\u{FEFF}'])
    {
        assert_eq!(text, plain);
    }
});
