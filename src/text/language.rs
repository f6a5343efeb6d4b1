//! The language of a text: what the words say, with what the page declares as the prior.

use std::collections::HashSet;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use whatlang::{Detector, Lang};

/// How much of a text is looked at, in characters: more does not change the answer, but costs time.
const LOOKED_AT: usize = 1000;
/// Letters below which words do not outweigh a declaration.
const SHORT: usize = 80;
/// Confidence (0 to 1) from which words outweigh a declaration in a text of fair length.
const SURE: f64 = 0.7;
/// Words below which a text is not compared with the one before.
const COMPARED: usize = 40;
/// A text that has two of five words in common with those before is in their language.
const IN_COMMON: (usize, usize) = (2, 5);
/// Words that are kept of the texts before.
const KEPT: usize = 2_000;

/// The languages of texts that stand together, such as the entries of a feed. To detect one costs a tenth of a
/// millisecond; but texts of one language share their common words, about half of the words of any text, and have next
/// to none in common with another language.
#[derive(Debug, Default)]
pub struct Languages {
    /// What was declared for the texts before, and what their language was.
    found: Option<(Option<String>, Option<String>)>,
    /// Their words, by their hashes.
    words: HashSet<u64, FixedState>,
}

impl Languages {
    /// [`detect`] for the next of the texts.
    pub fn detect(&mut self, text: &str, declared: Option<&str>) -> Option<String> {
        let sample = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or_default();
        let (mut words, mut shared) = (Vec::new(), 0);
        for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            let word = self.words.hasher().hash_one(word);
            shared += usize::from(self.words.contains(&word));
            words.push(word);
        }
        let known = self.found.as_ref().filter(|(before, _)| before.as_deref() == declared);
        let enough = words.len() >= COMPARED && IN_COMMON.1 * shared >= IN_COMMON.0 * words.len();
        let language = match known.filter(|_| enough) {
            Some((_, language)) => language.clone(),
            None => detect(text, declared),
        };
        let now = (declared.map(str::to_owned), language);
        if self.found.as_ref() != Some(&now) {
            self.words.clear();
        }
        if self.words.len() < KEPT {
            self.words.extend(words);
        }
        let (_, language) = self.found.insert(now);
        language.clone()
    }
}

/// The ISO 639-1 code of the language of `text` ("en", "ru", "ko", "zh"), or of `declared` (a BCP 47 tag such as
/// `en-GB`) where the text is too short to tell. `None` if neither says.
#[must_use]
pub fn detect(text: &str, declared: Option<&str>) -> Option<String> {
    let declared = declared.and_then(primary);
    let sample: String = text.chars().take(LOOKED_AT).collect();
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let found = Detector::new().detect(&sample);
    let Some(info) = found.filter(|_| letters > 0) else { return declared };
    let said = code(info.lang());
    let Some(declared) = declared else {
        // Few Latin letters fit many languages; a script of its own tells with few.
        let tells = info.is_reliable() || letters >= SHORT || info.script() != whatlang::Script::Latin;
        return tells.then(|| said.to_owned());
    };
    // Bulgarian is not Russian because both are Cyrillic, but no page in Cyrillic is English.
    let possible =
        Lang::all().iter().any(|&lang| code(lang) == declared && info.script().langs().contains(&lang));
    let known = Lang::all().iter().any(|&lang| code(lang) == declared);
    let outweighs = if known && !possible {
        letters >= 20
    } else {
        // A language that the detector does not know reads as its neighbour (Malay as Indonesian, Galician as
        // Portuguese), so there the declaration stays; none of these reads as English.
        letters >= SHORT && info.confidence() >= SURE && (known || info.lang() == Lang::Eng)
    };
    Some(if outweighs { said.to_owned() } else { declared })
}

/// Codes that say a language and are not the one that [`detect`] gives for it: withdrawn ones, those of its written
/// forms, and those of countries that pages declare and that are of no language.
const OTHER_CODES: [(&str, &str); 22] = [
    ("at", "de"),
    ("cn", "zh"),
    ("cz", "cs"),
    ("dk", "da"),
    ("eg", "ar"),
    ("fil", "tl"),
    ("gb", "en"),
    ("gr", "el"),
    ("hk", "zh"),
    ("il", "he"),
    ("in", "id"),
    ("ir", "fa"),
    ("iw", "he"),
    ("ji", "yi"),
    ("jp", "ja"),
    ("mx", "es"),
    ("nb", "no"),
    ("nn", "no"),
    ("rs", "sr"),
    ("ua", "uk"),
    ("us", "en"),
    ("vn", "vi"),
];

/// The code that [`detect`] gives for the language that `code` says: `nb` → `no`, `jp` → `ja`. Most are it already.
#[must_use]
pub fn usual(code: &str) -> &str {
    OTHER_CODES.iter().find(|(other, _)| *other == code).map_or(code, |(_, usual)| usual)
}

/// The language of a BCP 47 tag, in the code that [`detect`] gives for it: `en-GB` → `en`, `zh-Hant` → `zh`.
fn primary(tag: &str) -> Option<String> {
    let language =
        tag.trim().split(['-', '_', ',', ';', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    let language = match usual(&language) {
        three if three.len() == 3 => Lang::from_code(three).map_or(three, |lang| code(lang)),
        other => other,
    }
    .to_owned();
    let fits = (2..=3).contains(&language.len()) && language.chars().all(|c| c.is_ascii_lowercase());
    (fits && !matches!(language.as_str(), "und" | "mul" | "zxx")).then_some(language)
}

/// ISO 639-1 of a language (639-3 where there is no shorter code).
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::{Languages, detect};

    const RUSSIAN: &str =
        "Лидер КНДР собирается в Россию, чтобы обсудить поставки вооружений, пишет американская газета.";
    const ENGLISH: &str =
        "The leader of North Korea means to travel to Russia this month to talk about weapons for the war.";

    #[test]
    fn words_tell_where_they_can() {
        for (text, wanted) in [
            (RUSSIAN, "ru"),
            (ENGLISH, "en"),
            ("据美国媒体报道，朝鲜领导人计划本月前往俄罗斯。", "zh"),
            ("북한 지도자가 이번 달 러시아를 방문할 계획이라고 신문이 보도했다.", "ko"),
            ("北朝鮮の指導者は今月ロシアを訪問する計画だと新聞が報じた。", "ja"),
        ] {
            assert_eq!(detect(text, None).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn a_declaration_decides_for_short_texts_and_loses_to_another_script() {
        assert_eq!(detect("Kim, Putin", Some("en-GB")).as_deref(), Some("en"));
        assert_eq!(detect("", Some("pt_BR")).as_deref(), Some("pt"));
        assert_eq!(detect(RUSSIAN, Some("en")).as_deref(), Some("ru"));
        assert_eq!(detect(ENGLISH, Some("zh-CN")).as_deref(), Some("en"));
        assert_eq!(detect(ENGLISH, Some("rus")).as_deref(), Some("en"));
        assert_eq!(detect(ENGLISH, Some("")).as_deref(), Some("en"));
    }

    #[test]
    fn other_codes_for_a_language_are_the_usual_one() {
        const JAPANESE: &str = "北朝鮮の指導者は今月ロシアを訪問する計画だと新聞が報じた。";
        for (declared, wanted) in [
            ("jp", "ja"),
            ("ja-JP", "ja"),
            ("nb-NO", "no"),
            ("nn", "no"),
            ("nob", "no"),
            ("fil", "tl"),
            ("UA", "uk"),
        ] {
            assert_eq!(detect("1", Some(declared)).as_deref(), Some(wanted), "{declared}");
        }
        assert_eq!(detect(&JAPANESE.repeat(4), Some("jp")).as_deref(), Some("ja"));
    }

    #[test]
    fn a_declared_language_that_the_detector_does_not_know() {
        const MALAY: &str = "Pemimpin Korea Utara itu dijangka menaiki kereta api berperisai ke Rusia bulan ini untuk \
            membincangkan bekalan senjata, menurut sebuah akhbar.";
        const GALICIAN: &str = "O dirixente viaxará este mes a Rusia para falar coas autoridades da subministración de \
            armas, segundo contou onte un xornal.";
        let long =
            format!("{ENGLISH} Officials of both countries did not want to say when the two would meet.");
        assert_eq!(detect(&long, Some("ms")).as_deref(), Some("en"));
        assert_eq!(detect("Kim, Putin to meet", Some("ms")).as_deref(), Some("ms"));
        assert_eq!(detect(MALAY, Some("ms")).as_deref(), Some("ms"));
        assert_eq!(detect(GALICIAN, Some("gl")).as_deref(), Some("gl"));
    }

    #[test]
    fn texts_that_stand_together_are_in_the_languages_that_each_alone_is_in() {
        let english = format!("{ENGLISH} {ENGLISH} The officials of North Korea did not want to say when.");
        let russian = format!("{RUSSIAN} {RUSSIAN} {RUSSIAN} {RUSSIAN}");
        let texts = [&english, &english, &russian, &english, &russian, &russian, &english];
        for declared in [None, Some("en"), Some("ms")] {
            let mut together = Languages::default();
            for text in texts {
                assert_eq!(together.detect(text, declared), detect(text, declared), "{text}, {declared:?}");
            }
        }
        let mut together = Languages::default();
        assert_eq!(together.detect(&english, Some("en")).as_deref(), Some("en"));
        assert_eq!(together.detect("Kim, Putin", Some("de")).as_deref(), Some("de"), "another declaration");
    }

    #[test]
    fn nothing_said_is_nothing_known() {
        assert_eq!(detect("", None), None);
        assert_eq!(detect("123 456", Some("und")), None);
        assert_eq!(detect("ok", None), None);
    }
}
