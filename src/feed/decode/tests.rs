//! Encodings, right and wrong.

use super::*;
use proptest::prelude::*;

#[test]
fn marks_come_first() {
    assert_eq!(decode(b"\xEF\xBB\xBFa\xC3\xA9", Some("text/xml; charset=koi8-r")), "aé");
    assert_eq!(decode(b"\xFE\xFF\x00a\x20\xAC", None), "a€");
    assert_eq!(decode(b"\xFF\xFEa\x00\xAC\x20", None), "a€");
    assert_eq!(decode(b"\xFF\xFE\x00\x00a\x00\x00\x00", None), "a");
    assert_eq!(decode(b"\x00\x00\x00<\x00\x00\x20\xAC", None), "<€");
    assert_eq!(decode(b"<\x00a\x00>\x00", None), "<a>");
    assert_eq!(decode(b"\x00<\x00a\x00>", None), "<a>");
}

#[test]
fn valid_utf8_is_utf8_whatever_is_declared() {
    let text = "<?xml version='1.0' encoding='iso-8859-1'?>é";
    assert_eq!(decode(text.as_bytes(), Some("text/xml; charset=windows-1251")), text);
    assert_eq!(decode(b"caf\xC3\xA9 \xE2\x82", None), "café \u{FFFD}");
}

#[test]
fn declarations_count_in_order() {
    let own = b"<?xml version='1.0' encoding='windows-1251'?>\xCF\xF0\xE8";
    assert!(decode(own, None).ends_with("При"));
    assert!(decode(own, Some("application/rss+xml;charset=\"utf-8\"")).ends_with("При"));
    assert!(decode(b"<x>\xCF\xF0\xE8", Some("text/xml; charset=windows-1251")).ends_with("При"));
    assert!(
        decode(b"<META http-equiv=x content='text/html; charset=windows-1251'>\xCF\xF0\xE8", None)
            .ends_with("При")
    );
    assert_eq!(decode(b"\x1B$B$\"\x1B(B", Some("text/xml; charset=iso-2022-jp")), "あ");
    assert!(decode(b"<?xml encoding='iso-8859-1'?>it\x92s", None).ends_with("it’s"));
}

#[test]
fn row_46_mark_then_xml_declaration_then_http_then_a_guess() {
    let said = "Сегодня в Москве прошла встреча министров";
    let (cyrillic, koi) = (encoding_rs::WINDOWS_1251.encode(said).0, encoding_rs::KOI8_R.encode(said).0);
    let xml = |label: &str, text: &[u8]| {
        [format!("<?xml version='1.0' encoding='{label}'?><rss>").as_bytes(), text].concat()
    };
    let koi_in_http = Some("application/rss+xml; charset=koi8-r");
    let marked = [b"\xEF\xBB\xBF".as_slice(), &xml("windows-1251", said.as_bytes())].concat();
    assert!(decode(&marked, koi_in_http).ends_with(said), "a mark before all");
    assert!(
        decode(&xml("windows-1251", &cyrillic), koi_in_http).ends_with(said),
        "the declaration before HTTP"
    );
    let undeclared = [b"<rss>".as_slice(), &koi].concat();
    assert!(decode(&undeclared, koi_in_http).ends_with(said), "HTTP where nothing is declared");
    assert!(decode(&xml("no-such-thing", &koi), koi_in_http).ends_with(said), "or nothing that is known");
    assert!(decode(&cyrillic, None).ends_with(said), "a guess where nobody says anything");
    // What is wrong beyond doubt does no harm, whoever says it.
    assert!(decode(&xml("windows-1251", said.as_bytes()), koi_in_http).ends_with(said));
    assert!(decode(&xml("euc-kr", b"\xC6\xFC\xFF"), Some("text/xml; charset=windows-1252")).ends_with("Æüÿ"));
    // As every browser reads them: the quotation marks of windows-1252 under the name of its older cousin.
    for name in ["latin1", "Latin-1", "iso-8859-1", "ISO_8859-1", "us-ascii"] {
        assert!(decode(&xml(name, b"it\x92s"), None).ends_with("it’s"), "{name}");
    }
    // For a page the header comes first (HTML standard, 13.2.3), in XHTML too.
    let page =
        [b"<?xml version='1.0' encoding='windows-1251'?><!DOCTYPE html><html>".as_slice(), &koi].concat();
    assert!(decode(&page, Some("text/html; charset=koi8-r")).ends_with(said));
    let page = [b"<html><meta charset=windows-1251>".as_slice(), &koi].concat();
    assert!(decode(&page, Some("text/html; charset=koi8-r")).ends_with(said));
    let json = format!("[\"{said}\"]");
    assert_eq!(decode(json.as_bytes(), Some("application/json; charset=iso-8859-1")), json);
}

#[test]
fn one_bad_byte_spoils_nothing() {
    assert_eq!(
        decode(
            "é — \u{1F600}".as_bytes().iter().chain(b" it\x92s").copied().collect::<Vec<_>>().as_slice(),
            None
        ),
        "é — \u{1F600} it’s"
    );
    assert_eq!(decode(b"it\x92s", Some("text/xml; charset=utf-8")), "it’s");
}

#[test]
fn what_was_repaired_is_named() {
    let named = |bytes: &[u8], http: Option<&str>| text(bytes, http).1.join("; ");
    let xml = |label: &str, rest: &[u8]| {
        [format!("<?xml version='1.0' encoding='{label}'?>").as_bytes(), rest].concat()
    };
    assert_eq!(named("<x>é".as_bytes(), None), "");
    assert_eq!(named(&xml("iso-8859-1", b"caf\xE9"), None), "");
    assert_eq!(named(&xml("iso-8859-1", b"cafe"), Some("text/xml; charset=utf-8")), "");
    assert_eq!(
        named(&xml("iso-8859-1", "é".as_bytes()), None),
        "decoded as UTF-8 though declared windows-1252"
    );
    assert_eq!(named(&xml("utf-16", "é".as_bytes()), None), "decoded as UTF-8 though declared UTF-16LE");
    assert_eq!(named(&xml("utf-8", b"caf\xE9."), None), "decoded as windows-1252 though declared UTF-8");
    assert_eq!(named(&xml("utf-8", b"\xC3\xA9 caf\xE9."), None), "windows-1252 in the midst of UTF-8");
    assert_eq!(
        named(&xml("windows-1251", b"\xCF\xF0"), Some("text/xml; charset=utf-8")),
        "decoded as windows-1251 though declared UTF-8"
    );
    assert_eq!(named(b"\xFE\xFF\x00<\x00x", None), "");
    assert_eq!(named(b"\x00<\x00x", None), "UTF-16 without a byte order mark");
    assert_eq!(named(b"\x00\x00\x00<", None), "UTF-32 without a byte order mark");
    assert_eq!(
        named(b"\xEF\xBB\xBF<\xC3\xA9", Some("text/xml; charset=koi8-r")),
        "decoded as UTF-8 though declared KOI8-R"
    );
    assert_eq!(named(&xml("euc-kr", b"\xFF\xFF."), None), "bytes that fit no encoding");
    assert_eq!(named(b"<x>\x08\x00", None), "control characters");
}

#[test]
fn a_label_that_cannot_be_is_not_believed() {
    let said = "Сегодня в Москве прошла встреча министров иностранных дел";
    let bytes = encoding_rs::WINDOWS_1251.encode(said).0.into_owned();
    let (read, repairs) = text(&bytes, Some("text/xml; charset=utf-8"));
    assert_eq!(
        (read.as_ref(), repairs),
        (said, vec!["decoded as windows-1251 though declared UTF-8".to_owned()])
    );
    // Of two labels, the one that fits.
    let japanese =
        encoding_rs::SHIFT_JIS.encode("<?xml version='1.0' encoding='shift_jis'?>日本語").0.into_owned();
    assert!(decode(&japanese, Some("text/xml; charset=euc-jp")).ends_with("日本語"));
    assert_eq!(decode(b"\xEF\xBB\xBFit\x92s \xC3\xA9", None), "it’s é");
}

#[test]
fn nuls_are_dropped_and_unknown_text_is_guessed() {
    assert_eq!(decode(b"ab\0c", None), "abc");
    let russian = encoding_rs::WINDOWS_1251
        .encode("Сегодня в Москве прошла встреча министров иностранных дел")
        .0
        .into_owned();
    assert!(decode(&russian, None).starts_with("Сегодня"));
}

#[test]
fn what_was_encoded_twice_is_told_from_what_is_meant() {
    assert_eq!(decoded_twice("KÃ¤lte, itâ€™s").as_deref(), Some("Kälte, it’s"));
    for meant in ["Kälte", "Ã la carte", "«Ã¤»", "Привет", "plain"] {
        assert_eq!(decoded_twice(meant), None, "{meant}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), charset in "[a-z0-9=;\" -]{0,20}") {
        let declared = format!("text/xml; charset={charset}");
        prop_assert!(!decode(&bytes, Some(&declared)).contains('\0'));
    }

    #[test]
    fn text_survives_every_unicode_encoding(text in "<[a-z]é€\u{1F600}[ -~]{0,20}") {
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        prop_assert_eq!(&decode(text.as_bytes(), None), &text);
        prop_assert_eq!(&decode(&[b"\xFF\xFE".as_slice(), &le].concat(), None), &text);
        prop_assert_eq!(&decode(&wide, None), &text);
    }
}
