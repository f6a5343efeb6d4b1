//! The watchlists that are shipped, on reports as they are written.

use super::{article, compile};
use crate::article::Article;
use crate::topic::TopicSet;

fn full() -> TopicSet {
    compile(include_str!("../../../config/watchlists/russia-north-korea.toml"))
}

fn simple() -> TopicSet {
    compile(include_str!("../../../config/watchlists/three-lines.toml"))
}

/// Title, lead, body and language.
type Report = (&'static str, &'static str, &'static str, &'static str);

fn matches(set: &TopicSet, (title, lead, body, language): Report) -> bool {
    let article =
        Article { lead: lead.to_owned(), language: Some(language.to_owned()), ..article(title, body) };
    set.judge(&article).iter().any(|one| one.matched)
}

/// The story, told in many ways.
const STORY: &[Report] = &[
    ("金正恩將訪海參崴", "北韓領導人將與普丁會面，談判軍火供應。", "", "zh"),
    ("북·러 정상 곧 회담", "북측이 북·러 회담에서 포탄을 공급할 수 있다고 당국자가 말했다.", "", "ko"),
    (
        "무기 거래 회담",
        "북측이 러시아하고 블라디보스톡에서 무기를 논의한다고 한다. 포탄 거래도 있다.",
        "",
        "ko",
    ),
    ("露朝首脳会談へ", "金総書記が今月、訪ロし武器を協議する。", "", "ja"),
    ("Rencontre en vue", "Kim Jong-un verra Vladimir Poutine ce mois-ci.", "", "fr"),
    ("Treffen geplant", "Kim Jong Un will Präsident Putin bald sehen.", "", "de"),
    ("Putin and Kim to meet", "Artillery will be on the table.", "", "en"),
    ("KIM-PUTIN SUMMIT NEARS", "Shells are wanted.", "", "en"),
    ("Train readied", "A D.P.R.K. delegation left for Russia.", "It will discuss weapons.", "en"),
    (
        "Kim to see Putin on arms",
        "Kim Jong Un travels to Russia to discuss shells. Follow our live blog.",
        "",
        "en",
    ),
    ("Warnung vor Waffendeal", "Pjöngjang will dem Kreml Granaten liefern.", "", "de"),
    ("Mise en garde", "Pyongyang livrera des armes à l'armée russe, après une rencontre.", "", "fr"),
    ("Aviso a Pionyang", "Pionyang negocia la venta de municiones al Ejército ruso.", "", "es"),
    ("김정은 방러 임박", "경호 인력이 움직였다.", "", "ko"),
    ("金正恩访俄在即", "出售军火将付出代价。", "", "zh"),
    (
        "Twenty hours in green steel",
        "The train will leave Pyongyang after dark.",
        "Kim Jong Un is off to see Vladimir Putin.",
        "en",
    ),
    ("A rare visit to Russia", "Kim Jong Un is on his way.", "The Kremlin wants to discuss shells.", "en"),
];

/// What only shares its words.
const OTHERS: &[Report] = &[
    ("Live blog: Kim and Putin", "Kim Jong Un meets Vladimir Putin to discuss weapons.", "", "en"),
    (
        "Kim Kardashian meets fans in Moscow",
        "Kim talks of her arms and sells shells; Putin was not there.",
        "",
        "en",
    ),
    (
        "Seoul's Kim on the war",
        "Minister Kim Sung-ho will discuss weapons. Putin, he said, was warned.",
        "",
        "en",
    ),
    (
        "Frigate meets tanker",
        "In the North Sea a Russian ship with missiles sold as scrap was seen.",
        "",
        "en",
    ),
    ("Putin. Kim. Two books on arms", "The lives of two dancers.", "", "en"),
    (
        "Russia blocks text on North Korea",
        "Russia let talks on Pyongyang's nuclear weapons programme fail.",
        "",
        "en",
    ),
    (
        "Russia blocks text on North Korea",
        "Russia met Pyongyang's ballistic missiles with a shrug.",
        "",
        "en",
    ),
];

/// What the first topic finds, with the common names alone.
const PLAIN: &[Report] = &[
    ("News of the day", "A North Korean train rolls to a Russian port.", "Shells are what it carries.", "en"),
    ("News of the day", "Pyongyang and the Kremlin talk arms.", "", "en"),
    ("News of the day", "The D.P.R.K. has ammunition, and Moscow has none.", "", "en"),
];

/// And what it does not.
const MISSILES: &[Report] = &[
    ("Missiles", "North Korea fires missiles towards Japan.", "", "en"),
    ("Missiles", "North Korea has launched two missiles, and Russia will not condemn it.", "", "en"),
];

#[test]
fn reports_of_the_story_and_others() {
    for (set, reports, is_story) in
        [(full(), STORY, true), (full(), OTHERS, false), (simple(), PLAIN, true), (simple(), MISSILES, false)]
    {
        for report in reports {
            assert_eq!(matches(&set, *report), is_story, "{report:?}");
        }
    }
}
