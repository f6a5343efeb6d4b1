//! The words of counters, clocks and stamps on pages, by the part that they play.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word can be part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any other.
    Word,
    /// A number that may count something.
    Number,
    /// "12:03", "12:03:59".
    Clock,
    /// "2026-11-22", "22.11.2026".
    Date,
    /// "November", "nov".
    Month,
    /// "Monday", "GMT", "am": what stands in dates beside numbers.
    DatePart,
    /// "hours".
    Unit,
    /// "ago", which follows …
    Ago,
    /// … and "vor", which precedes.
    Before,
    /// "views", "comments": what pages count, on either side of the number.
    Counter,
    /// "shares": the same, but behind the number only. "Shares: 42" is a price.
    Counted,
    /// "updated".
    Update,
    /// "request", "session".
    Id,
    /// "ID": what may stand between such a word and its number.
    IdName,
    /// "people", "this", "page", "now": what stands around counters.
    Filler,
}

/// What stands at the start of a line before a year of copyright.
pub(super) const COPYRIGHT: [&str; 3] = ["(c)", "copyright", "copyright (c)"];

/// The names of the months, each in English, German, French, Spanish, Italian and Russian: whole words that are nothing
/// else beside a number. [`super::dates`] knows more, by their first letters, where nothing but a date is expected.
const MONTHS: [&str; 12] = [
    "january jan januar jänner janvier janv enero ene gennaio gen января янв",
    "february feb februar févr février febrero febbraio февраля фев",
    "march mar märz mrz mars marzo марта",
    "april apr avril avr abril abr aprile апреля апр",
    "may mai mayo maggio мая",
    "june jun juni juin junio giugno giu июня",
    "july jul juli juillet juil julio luglio lug июля",
    "august aug août aout agosto ago августа авг",
    "september sep sept septembre septiembre settembre сентября сен",
    "october oct oktober okt octobre octubre ottobre ott октября окт",
    "november nov novembre noviembre ноября ноя",
    "december dec dezember dez décembre déc diciembre dic dicembre декабря дек",
];

/// The kinds with their words in lower case.
const KINDS: [(Kind, &str); 10] = [
    (
        Kind::DatePart,
        "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun montag dienstag mittwoch \
         donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles \
         jueves viernes sábado domingo понедельник вторник среда четверг пятница суббота воскресенье today yesterday \
         heute gestern hier hoy ayer сегодня вчера am pm gmt utc bst cet cest est edt cst cdt mst mdt pst pdt eet eest \
         msk jst kst ist uhr hrs et at on um à le de del den der alle в мск",
    ),
    (
        Kind::Unit,
        "second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years \
         sekunde sekunden minuten stunde stunden tag tagen woche wochen monat monaten jahr jahren seconde secondes \
         heure heures jour jours semaine semaines mois ans segundo segundos minuto minutos hora horas día días \
         semana semanas mes meses año años secondi minuti ora ore giorno giorni секунд секунды минут минуты минуту \
         час часа часов день дня дней",
    ),
    (Kind::Ago, "ago fa назад 秒前 分钟前 分鐘前 小时前 小時前 天前 分前 時間前 日前"),
    (Kind::Before, "vor hace depuis"),
    (
        Kind::Counter,
        "view views viewing pageviews likes retweets reposts clicks upvotes aufrufe aufruf vues visualizaciones \
         visualizzazioni просмотров просмотра просмотры 阅读 阅读量 浏览 浏览量 浏览次数 点击 点击量 閱讀 瀏覽 点赞 转发 \
         次浏览 次阅读 comment comments reply replies reaction reactions kommentar kommentare commentaire commentaires \
         comentario comentarios commenti комментариев комментария комментарии 评论 評論 条评论",
    ),
    (
        Kind::Counted,
        "shares shared followers subscribers online reads downloads geteilt partages compartidos condivisioni",
    ),
    (
        Kind::Update,
        "updated update modified refreshed generated edited revised reviewed published posted stand aktualisiert \
         zuletzt geändert veröffentlicht actualisé modifié publié actualizado actualización publicado aggiornato \
         pubblicato обновлено опубликовано 更新 更新时间 更新时间为 发布时间 最后更新",
    ),
    (Kind::Id, "request session token nonce csrf ray trace"),
    (Kind::IdName, "id ids"),
    (
        Kind::Filler,
        "no last first now right this the a an and in page site article story time times total by of is are was has have \
         been people users user currently just moment already since so far read one few letzte diese dieser seite am \
         mal personen cette page fois personnes esta página veces personas ultimo ultima última",
    ),
];

/// The kind of each word; the first list that has it decides. A page has many words, so that they are not sought in
/// the lists.
static WORDS: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| {
    let months = MONTHS.iter().map(|names| (Kind::Month, *names));
    let mut words = HashMap::new();
    for (kind, list) in KINDS.into_iter().chain(months) {
        for word in list.split_whitespace() {
            words.entry(word).or_insert(kind);
        }
    }
    words
});

/// The kind of `word`.
pub(super) fn kind_of(word: &str) -> Kind {
    // "12 may be dead", "they march": the months are written so in no language that has them.
    if matches!(word, "may" | "march") {
        return Kind::Word;
    }
    WORDS.get(word.to_lowercase().as_str()).copied().unwrap_or(Kind::Word)
}

/// Which month `word`, in lower case, names: 0 is January.
pub(super) fn month_of(word: &str) -> Option<usize> {
    MONTHS.iter().position(|names| names.split_whitespace().any(|name| name == word))
}
