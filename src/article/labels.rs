//! Lines that are furniture by what they say: "Advertisement", "Read more: …", "Share this article".

use super::blocks::{Block, Kind};

/// Longest line that can be a label, in Latin letters.
const LONGEST: usize = 160;

/// Lines that say no more than this.
const WHOLE: &[&str] = &[
    "advertisement",
    "advertising",
    "advert",
    "ad",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "pubblicità",
    "publicidade",
    "реклама",
    "advertentie",
    "annons",
    "reklam",
    "广告",
    "廣告",
    "広告",
    "광고",
    "share",
    "share this",
    "share this article",
    "share this story",
    "print",
    "email",
    "copy link",
    "save",
    "save article",
    "save articles for later",
    "read more",
    "related",
    "related articles",
    "related stories",
    "related topics",
    "related content",
    "more on this story",
    "most read",
    "most popular",
    "most viewed",
    "see also",
    "comments",
    "leave a comment",
    "newsletter",
    "subscribe",
    "sign up",
    "follow us",
    "tags",
    "topics",
    "listen",
    "listen to article",
    "loading",
    "loading...",
    "article continues below",
    "story continues below advertisement",
    "story continues below",
    "continue reading",
    "scroll to continue",
    "article continues after ad",
    "skip advertisement",
    "supported by",
    "sponsored content",
    "promoted content",
    "view comments",
    "show comments",
    "facebook",
    "twitter",
    "whatsapp",
    "linkedin",
    "pinterest",
    "reddit",
    "telegram",
    "x",
    "more",
    "next",
    "previous",
    "close",
    "menu",
    "video",
    "photo",
    "photos",
    "gallery",
    "source: read full article",
    "article continues below this ad",
    "image",
    "caption",
    "top stories",
    "recommended",
    "recommended for you",
    "you may also like",
    "trending",
    "what to read next",
];

/// How lines begin that lead elsewhere.
const STARTS: &[&str] = &[
    "read more:",
    "read also:",
    "also read:",
    "also read |",
    "read next:",
    "read:",
    "related:",
    "see also:",
    "more:",
    "more on this",
    "watch:",
    "listen:",
    "recommended:",
    "don't miss:",
    "don’t miss:",
    "must read:",
    "click here",
    "sign up for",
    "sign up to",
    "subscribe to",
    "follow us on",
    "follow us",
    "join our",
    "get our",
    "download our",
    "download the",
    "share this",
    "originally published",
    "this article originally appeared",
    "this article was originally published",
    "all rights reserved",
    "copyright ©",
    "copyright (c)",
    "© ",
    "lesen sie auch",
    "lesen sie mehr",
    "mehr zum thema",
    "lire aussi",
    "à lire aussi",
    "lire également",
    "leer también",
    "lea también",
    "lee también",
    "le puede interesar",
    "leia também",
    "leia mais",
    "veja também",
    "leggi anche",
    "lees ook",
    "läs också",
    "les også",
    "læs også",
    "lue myös",
    "czytaj też",
    "czytaj także",
    "přečtěte si",
    "читайте также",
    "читайте також",
    "подписывайтесь",
    "подпишитесь",
    "相关阅读",
    "相关新闻",
    "延伸阅读",
    "责任编辑",
    "編輯",
    "编辑：",
    "更多精彩",
    "関連記事",
    "ayrıca bakınız",
    "입력 20",
    "기사입력",
    "photo:",
    "photo by",
    "image:",
    "photograph:",
    "picture:",
    "foto:",
    "bild:",
    "getty images",
    "[photo",
    "image source",
    "image credit",
    "photo credit",
];

/// How notices begin that stand in for something that could not be shown.
const NOTICES: &[&str] = &[
    "um eingebettete inhalte anzuzeigen",
    "an dieser stelle finden sie",
    "empfohlener redaktioneller inhalt",
    "waiting for your permission",
    "this slideshow requires javascript",
    "this content is not available",
    "this video can not be played",
    "to view this content",
    "to play this video",
    "your browser does not support",
    "please enable javascript",
    "we need your consent",
    "pour afficher ce contenu",
    "este contenido no está disponible",
    "для просмотра",
];
/// What lines say that ask readers to follow, subscribe or write.
const PLEAS: &[&str] = &[
    "follow us on",
    "follow the ",
    "sign up for",
    "sign up to",
    "subscribe to",
    "our newsletter",
    "free newsletter",
    "contact reporter",
    "letters to the editor",
    "bookmark our",
    "like us on",
    "download our app",
    "our whatsapp channel",
    "folgen sie uns",
    "unseren newsletter",
    "abonnez-vous",
    "suivez-nous",
    "síguenos",
    "suscríbete",
    "seguici su",
    "подписывайтесь на",
    "подпишитесь на",
];

/// What lines say below the text that tell of the text itself.
const CREDITS: &[&str] = &[
    "this story was originally published",
    "this article was originally published",
    "originally appeared in",
    "reprinted by permission",
    "reprinted with permission",
    "has been edited for length",
    "edited and condensed",
    "the headline was updated",
];

/// True for a line below the text that tells who helped, or where it appeared before.
pub(super) fn is_credit(block: &Block) -> bool {
    let text = block.text.to_lowercase();
    block.weight <= 300
        && (CREDITS.iter().any(|credit| text.contains(credit))
            || ["updated:", "published:", "more ap "].iter().any(|start| text.starts_with(start)))
}

/// How lines begin that say who supplied a text.
const SUPPLIERS: &[&str] = &[
    "source:",
    "source :",
    "sources:",
    "quelle:",
    "quellen:",
    "fuente:",
    "fonte:",
    "источник:",
    "джерело:",
    "来源：",
    "来源:",
    "來源：",
    "來源:",
    "출처:",
    "©",
    "(c) ",
    "copyright ",
];

/// What lines hold that say who helped with the text.
const HELPED: &[&str] = &[
    "with material from",
    "with files from",
    "with inputs from",
    "with reporting by",
    "contributed to this",
    "reporting by",
    "mit material von",
    "mit material der",
    "mit material des",
    "con información de",
    "con informazioni di",
    "с использованием материалов",
];

/// True for a line that says who supplied the text: "Source: Reuters", "© 2023 AFP"; not that all rights are reserved.
pub(super) fn is_supplier(text: &str) -> bool {
    // Korean papers end with "(서울=연합뉴스)".
    let in_brackets = text.starts_with('(') && text.ends_with(')') && text.contains('=');
    let text = text.trim_start_matches('(').to_lowercase();
    text.len() <= 100
        && !text.contains("rights reserved")
        && (in_brackets || SUPPLIERS.iter().any(|start| text.starts_with(start)))
        || text.len() <= 200 && HELPED.iter().any(|phrase| text.contains(phrase))
}

/// True for a line that credits a picture, or describes it and credits it.
pub(super) fn is_picture(block: &Block) -> bool {
    let text = block.text.to_lowercase();
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    block.weight <= 200
        && block.linked * 2 < block.weight
        && (bare.ends_with("getty images")
            || bare.ends_with("via getty")
            || bare.starts_with("photo by ")
            || bare.starts_with("photo: ")
            || text.contains(" credit: ")
            || text.contains("bildrechte:")
            || text.contains("photo credit"))
}

/// True for a line below the text that asks readers to follow, subscribe or write.
pub(super) fn is_plea(block: &Block) -> bool {
    let text = block.text.to_lowercase();
    let names = ["facebook", "twitter", "instagram", "@", "newsletter", "podcast", "e-mail", "email"];
    block.weight <= 400
        && (PLEAS.iter().any(|plea| text.contains(plea))
            || (text.starts_with("follow ") || text.starts_with("contact ") || text.starts_with("email "))
                && names.iter().any(|name| text.contains(name)))
}

/// True for a block that is a label, not text.
pub(super) fn is_label(block: &Block) -> bool {
    if block.weight > 6 * LONGEST {
        return false;
    }
    let text = block.text.to_lowercase();
    if NOTICES.iter().any(|notice| text.starts_with(notice)) {
        return true;
    }
    if block.weight > LONGEST {
        return false;
    }
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    bare.is_empty()
        || text.starts_with("http") && !text.contains(' ')
        // A shortcode that the site's software left standing: "[button link=…] … [/button]".
        || text.starts_with('[') && text.contains("[/")
        || WHOLE.contains(&bare)
        || STARTS.iter().any(|start| text.starts_with(start))
            && (block.linked > 0 || !ends_sentence(&block.text) || block.weight < 60)
        || is_picture(block)
        || block.kind != Kind::Item && block.linked > 0 && block.link_density() > 0.9
}

/// True if the text ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', '」', '』', '）', ']', '“']);
    end.ends_with(['.', '!', '?', '…', '。', '！', '？', ':', '：', '؟', '।', ';'])
}
