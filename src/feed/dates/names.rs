//! Names in dates: months in some thirty languages, halves of the day, units that follow a number, zones.
//!
//! All names stand as [`super::fold`] leaves them: lower case, without accents and other marks ("août" → "aout").

/// Names and abbreviations of each month; those with a star may go on ("jan*": January, janvier, januari).
/// What is short in one language and another word elsewhere stands in full. English first: most feeds write it.
const MONTHS: [&str; 12] = [
    "jan* jaan* ene enero gen genn gennaio gener ian* sty styczen stycznia led leden ledna oca ocak tammi* \
     янв* яну* јан* січ* ιαν* يناير جانفي",
    "feb* fev* veeb* helmi* lut luty lutego uno unor unora sub subat фев* феб* лют* φεβ* فبراير فيفري شباط",
    "mar mars march marts mart marz* maerz maart mrz mrt marco marec marca martie maret marcius maalis* bre brezen \
     brezna мар март* берез* бер μαρ* مارس اذار",
    "apr* avr* abr* kwi kwiecien kwietnia dub duben dubna nis nisan huhti* апр* квіт* кві απρ* ابريل افريل نيسان",
    "may mai maj mei mayo maio maja maji majus maig mag maggio mayis kve kveten kvetna touko* \
     маи мая мај маја трав* тра μαι μαιοσ μαιου مايو ماي ايار",
    "jun* juin juun* giu giugno iun* cze czerwiec czerwca cerven cervna cvn haz haziran kesa* \
     июн* юни јун* черв* чер ιουν* يونيو يونيه جوان حزيران",
    "jul* juil* juul* lug luglio iul* lip lipiec lipca cervenec cervence cvc tem temmuz heina* \
     июл* юли јул* лип* ιουλ* يوليو يوليه يوليوز جويلية تموز",
    "aug* avg* ago agosto agost agu agustus agt ags agustos aout sie sierpien sierpnia srp srpen srpna elo* ogos \
     авг* серп* сер αυγ* اغسطس غشت اوت اب",
    "sep* set sett settembre setembro setembre setiembre szept* eyl eylul wrz* zar zari syys* \
     сен* сеп* верес* вер σεπ* سبتمبر شتنبر ايلول",
    "oct* okt* out outubro ott ottobre paz pazdziernik* rij rijen rijna eki ekim loka* окт* жовт* жов οκτ* اكتوبر",
    "nov* noi* noe* lis listopad listopada listopadu kas kasim marras* ноя* ное* нов* лист* лис νοε* نوفمبر نونبر",
    "dec* dez dezember dezembro dic dicembre diciembre des desember desembre dets* disember gru grudzien grudnia \
     pro prosinec prosince ara aralik joulu* дек* груд* гру δεκ* ديسمبر دجنبر",
];

/// Names that are a month in one language and a day of the week in another: Tuesday, Wednesday, Sunday.
const ALSO_WEEKDAYS: [&str; 3] = ["mar", "сер", "paz"];

/// Names that mean the month before in Croatian, which is not read: it puts a dot after the day, as Polish does not.
const ALSO_CROATIAN: [&str; 4] = ["lip", "srp", "lis", "listopada"];

/// The Syriac names that are two words, and the one word that means the same.
pub(super) const OF_TWO_WORDS: [(&str, &str); 4] = [
    ("كانون الثاني", "يناير"),
    ("كانون الاول", "ديسمبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("تشرين الاول", "اكتوبر"),
];

/// A month by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    /// 1 to 12.
    pub(super) number: i32,
    /// Whether the word may be a day of the week as well.
    pub(super) doubtful: bool,
}

/// Whether `word` means one month or the one before, if there is a dot between the day and it.
pub(super) fn may_be_croatian(word: &str) -> bool {
    ALSO_CROATIAN.contains(&word)
}

/// The month that `word` names.
pub(super) fn month(word: &str) -> Option<Month> {
    let is_named = |names: &&str| {
        names.split(' ').any(|name| match name.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == name,
        })
    };
    let index = MONTHS.iter().position(is_named)?;
    Some(Month { number: i32::try_from(index).ok()? + 1, doubtful: ALSO_WEEKDAYS.contains(&word) })
}

/// The day of the week that an English `word` names, 0 is Monday.
pub(super) fn weekday(word: &str) -> Option<i8> {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    names.iter().position(|name| word.starts_with(name)).and_then(|day| day.try_into().ok())
}

/// Half of the day, where hours are counted to twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Midnight to noon.
    Morning,
    /// Noon to midnight.
    Evening,
}

/// The half of the day that `word` names after a time. The Arabic letters stand elsewhere for other words.
pub(super) fn half_after(word: &str) -> Option<Half> {
    match word {
        "am" | "πμ" | "ص" | "صباحا" => Some(Half::Morning),
        "pm" | "μμ" | "م" | "مساء" => Some(Half::Evening),
        _ => None,
    }
}

/// The half of the day that `word` names before a time. Chinese and Japanese write it onto the word before.
pub(super) fn half_before(word: &str) -> Option<Half> {
    let ends = |names: &[&str]| names.iter().any(|name| word.ends_with(name));
    if ends(&["오후", "下午", "午後", "午后", "晚上"]) {
        Some(Half::Evening)
    } else {
        ends(&["오전", "上午", "午前", "凌晨", "早上"]).then_some(Half::Morning)
    }
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// 年
    Year,
    /// 月
    Month,
    /// 日
    Day,
    /// 時
    Hour,
    /// 分
    Minute,
    /// 秒
    Second,
}

/// The unit that stands after a number in Chinese, Japanese and Korean.
pub(super) fn unit(c: char) -> Option<Unit> {
    Some(match c {
        '年' | '년' => Unit::Year,
        '月' | '월' => Unit::Month,
        '日' | '号' | '號' | '일' => Unit::Day,
        '時' | '时' | '點' | '点' | '시' => Unit::Hour,
        '分' | '분' => Unit::Minute,
        '秒' | '초' => Unit::Second,
        _ => return None,
    })
}

/// A zone by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone {
    /// Minutes east of UTC.
    pub(super) east: i32,
    /// Whether the name holds for the whole year ("PT"), so that it is an hour more in the summer of the United States.
    pub(super) summer: bool,
}

/// The zone that `word` names. The letters of the military are not among them: RFC 822 has their signs wrong, so that
/// RFC 5322, 4.3 takes them all as if no zone were given.
pub(super) fn zone(word: &str) -> Option<Zone> {
    let east = match word {
        "z" | "ut" | "utc" | "uct" | "gmt" | "wet" => 0,
        "bst" | "west" | "cet" | "met" | "mez" => 60, // BST as in Britain, not in Bangladesh
        "cest" | "mest" | "mesz" | "eet" | "sast" => 120,
        "eest" | "msk" | "trt" | "idt" | "eat" => 180,
        "irst" => 210,
        "gst" | "msd" => 240,
        "pkt" | "yekt" | "uzt" => 300,
        "ist" => 330, // India writes it in its feeds; Ireland writes GMT, Israel offsets
        "npt" => 345,
        "ict" | "wib" => 420,
        "hkt" | "sgt" | "myt" | "pht" | "awst" | "wita" => 480,
        "jst" | "kst" | "wit" => 540,
        "acst" => 570,
        "aest" => 600,
        "acdt" => 630,
        "aedt" => 660,
        "nzst" => 720,
        "nzdt" => 780,
        "ndt" => -150,
        "brt" | "art" | "adt" | "clst" | "uyt" => -180,
        "nst" => -210,
        "ast" | "edt" | "clt" | "bot" | "vet" => -240, // RFC 822 knows those of the United States, as CST
        "et" | "est" | "cdt" | "cot" | "pet" => -300,
        "ct" | "cst" | "mdt" => -360,
        "mt" | "mst" | "pdt" => -420,
        "pt" | "pst" | "akdt" => -480,
        "akst" => -540,
        "hst" => -600,
        _ => return None,
    };
    Some(Zone { east, summer: matches!(word, "et" | "ct" | "mt" | "pt") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_months() {
        for (index, names) in MONTHS.iter().enumerate() {
            for name in names.split_whitespace() {
                let word = name.trim_end_matches('*');
                let number = i32::try_from(index).expect("twelve") + 1;
                assert_eq!(month(word).map(|month| month.number), Some(number), "{word}");
            }
        }
    }

    #[test]
    fn names_stand_as_they_are_looked_up() {
        for name in MONTHS.iter().flat_map(|names| names.split_whitespace()) {
            assert_eq!(super::super::fold(name).as_deref(), Some(name));
        }
    }
}
