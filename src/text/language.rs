//! The language of a text: what the words say, with what the page declares as the prior.

use whatlang::{Detector, Lang};

/// How much of a text is looked at, in characters: more does not change the answer, but costs time.
const LOOKED_AT: usize = 1000;
/// Letters below which words do not outweigh a declaration.
const SHORT: usize = 80;
/// Confidence (0 to 1) from which words outweigh a declaration in a text of fair length.
const SURE: f64 = 0.7;

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

/// The language of a BCP 47 tag, in the code that [`detect`] gives for it: `en-GB` → `en`, `zh-Hant` → `zh`.
fn primary(tag: &str) -> Option<String> {
    let language =
        tag.trim().split(['-', '_', ',', ';', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    let language = match language.as_str() {
        "iw" => "he".to_owned(),
        "in" => "id".to_owned(),
        "nb" | "nn" => "no".to_owned(),
        "fil" => "tl".to_owned(),
        three if three.len() == 3 => {
            Lang::from_code(three).map_or_else(|| three.to_owned(), |lang| code(lang).to_owned())
        }
        other => other.to_owned(),
    };
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
    use super::detect;

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
    fn nothing_said_is_nothing_known() {
        assert_eq!(detect("", None), None);
        assert_eq!(detect("123 456", Some("und")), None);
        assert_eq!(detect("ok", None), None);
    }
}
