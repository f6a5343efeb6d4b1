//! Folding: examples by rule, and properties over any text.

use proptest::prelude::*;

use super::{Token, each_word_while, fold};

fn words(text: &str) -> Vec<String> {
    fold(text).into_iter().map(|token| token.folded).collect()
}

fn shown(text: &str) -> String {
    fold(text).iter().fold(String::new(), |line, token| {
        let gap = if line.is_empty() {
            ""
        } else if token.joined {
            "-"
        } else {
            " "
        };
        line + gap + &token.folded
    })
}

#[test]
fn case_accents_and_width() {
    assert_eq!(shown("Erdoğan, ŁÓDŹ, Ærø, Straße, Ἀθῆναι, ΟΔΟΣ"), "erdogan lodz aero strasse αθηναι οδοσ");
    assert_eq!(shown("ＫＩＭ ﬁre Ⅷ m² ①"), "kim fire viii m2 1");
    assert_eq!(shown("e\u{301}te\u{301} = été"), "ete ete");
    assert_eq!(shown("İstanbul ISTANBUL ıstanbul"), "istanbul istanbul istanbul");
}

#[test]
fn cyrillic_letters_keep_their_marks() {
    assert_eq!(shown("Йод йод и\u{306}од иод"), "йод йод йод иод");
    assert_eq!(shown("Королёв Ки\u{301}ев Київ"), "королев киев київ");
}

#[test]
fn dashes_join_only_alone() {
    assert_eq!(shown("anti-tank anti‑tank anti–tank"), "anti-tank anti-tank anti-tank");
    assert_eq!(shown("end - of -- line—now ‐x"), "end of line now x");
    assert_eq!(shown("F-16, 10–13 September, Kim Jong-un"), "f-16 10-13 september kim jong-un");
}

#[test]
fn what_is_not_seen_is_not_there() {
    assert_eq!(shown("ammu\u{ad}nition Mos\u{200b}cow \u{feff}Kim\u{200d}"), "ammunition moscow kim");
    let tokens = fold("a\u{ad}-\u{ad}b\u{ad}");
    assert_eq!(
        tokens,
        vec![
            Token { folded: "a".into(), span: 0..1, joined: false },
            Token { folded: "b".into(), span: 6..7, joined: true },
        ]
    );
}

#[test]
fn apostrophes() {
    assert_eq!(
        shown("North Korea's and Korea’s, the Koreas' THE NORTH'S"),
        "north korea and korea the koreas the north"
    );
    assert_eq!(shown("she'll don’t we've I'd"), "she don we i");
    assert_eq!(shown("O'Brien O’Brien Sana'a Xi'an п'ять"), "obrien obrien sanaa xian пять");
    assert_eq!(shown("l'Ukraine dell’Ucraina jusqu'en"), "l-ukraine dell-ucraina jusqu-en");
    assert_eq!(shown("'quoted' 5'10 rock'n'roll 1990's"), "quoted 5 10 rocknroll 1990");
}

#[test]
fn han_and_kana_a_token_a_character_hangul_words() {
    assert_eq!(shown("金正恩访问俄罗斯"), "金 正 恩 访 问 俄 罗 斯");
    assert_eq!(shown("キム・ジョンウン ｷﾑ ﾊﾞｽ"), "キ ム シ ョ ン ウ ン キ ム バ ス".replace("シ", "ジ"));
    assert_eq!(shown("김정은 위원장이 NATO는"), "김정은 위원장이 nato 는");
    assert_eq!(words("\u{1112}\u{1161}\u{11ab}국"), ["한국"]);
}

#[test]
fn numbers_keep_their_digits_and_spelling_is_one() {
    assert_eq!(shown("4-tonne 2023 Covid-19"), "4-tonne 2023 covid-19");
    assert_eq!(shown("Armoured armored DEFENCE grey"), "armored armored defense gray");
}

#[test]
fn hostile_texts_stay_linear() {
    // Each would take minutes if any step looked back or ahead over the whole text.
    for piece in ["\u{301}", "a\u{301}", "и\u{306}", "'", "a'", "-", "\u{ad}", "\u{1161}", "x", "s's"] {
        assert!(fold(&piece.repeat(50_000)).len() <= 100_000);
    }
}

/// Texts in which the rules meet: letters of several scripts, marks, apostrophes, hyphens, invisible characters.
fn mixed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-zA-Z]{1,6}",
        1 => "[\\-'’ .\\n\u{ad}\u{200b}\u{301}\u{306}\u{fe0f}–—]{1,3}",
        1 => "[дйёЖçßŁÆαςIİ]{1,4}",
        1 => "[金正ムﾞ゙북한은는\u{1112}\u{1161}\u{11ab}]{1,3}",
        1 => "'(s|ll|t|re)",
        1 => "\\PC{1,3}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_letter_folds_to_something_stable() {
    // All that has a decomposition; the big blocks of Han and Hangul are alike and left out.
    let blocks = [0..=0x33ff, 0xa000..=0xabff, 0xf900..=0xffff, 0x1_d400..=0x1_f1ff];
    for ch in blocks.into_iter().flatten().filter_map(char::from_u32) {
        for token in fold(&format!("{ch} й{ch} x{ch}y")) {
            assert_eq!(words(&token.folded), [token.folded.as_str()], "U+{:04X}: {token:?}", u32::from(ch));
        }
    }
}

proptest! {
    #[test]
    fn spans_are_of_the_text_and_in_order(text in prop_oneof![mixed(), any::<String>()]) {
        let mut end = 0;
        for token in fold(&text) {
            prop_assert!(token.span.start >= end && token.span.start < token.span.end);
            prop_assert!(text.get(token.span.clone()).is_some(), "{token:?} is not on character boundaries");
            prop_assert!(!token.folded.is_empty());
            end = token.span.end;
        }
    }

    #[test]
    fn the_span_alone_folds_to_the_same(text in prop_oneof![mixed(), any::<String>()]) {
        for token in fold(&text) {
            let again = text.get(token.span.clone()).map(words);
            prop_assert_eq!(again, Some(vec![token.folded.clone()]), "{:?}", token);
        }
    }

    #[test]
    fn the_folded_form_is_stable(text in mixed()) {
        for token in fold(&text) {
            prop_assert_eq!(words(&token.folded), vec![token.folded.clone()], "{:?}", token);
        }
    }

    #[test]
    fn case_and_form_make_no_difference(text in "[a-zA-Zéüñçйёσ '\\-]{0,30}") {
        use unicode_normalization::UnicodeNormalization;
        prop_assert_eq!(words(&text), words(&text.to_uppercase()));
        prop_assert_eq!(words(&text), words(&text.nfd().collect::<String>()));
    }
}

#[test]
fn whoever_has_enough_gets_no_further_word() {
    let mut read = Vec::new();
    each_word_while("One two-three four", |word| {
        read.push(word.folded.to_owned());
        read.len() < 2
    });
    assert_eq!(read, ["one", "two"]);
}
