//! Any text is survived; what is written is read.

use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::*;
use super::now;

proptest! {
    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        let _ = parse(&text, now());
    }

    #[test]
    fn any_text_of_parts_is_survived_and_plausible(
        parts in prop::collection::vec(
            "[0-9]{1,5}|[-:/.,+ ()TtZWh]|jan|mar|août|GMT|am|p\\.m\\.|年|월|日|오후|tháng|٢|é", 0..16,
        )
    ) {
        if let Some(time) = parse(&parts.concat(), now()) {
            prop_assert_eq!(plausible(time, now()), Some(time));
        }
    }

    #[test]
    fn what_is_written_is_read(second in 631_152_000_i64..1_795_000_000, minutes in -12 * 60..14 * 60) {
        let time = Timestamp::from_second(second).expect("in range");
        let offset = Offset::from_seconds(minutes * 60).expect("in range");
        let zoned = time.to_zoned(TimeZone::fixed(offset));
        let mut texts = vec![
            time.to_string(),
            zoned.strftime("%FT%T%:z").to_string(),
            second.to_string(),
            (second * 1000).to_string(),
            rfc2822::to_string(&zoned).expect("a year of four digits"),
        ];
        for format in [
            "%a, %d %b %Y %T %z",
            "%A, %e. %B %Y, %-H:%M:%S GMT%:z",
            "%a %b %e %T %z %Y",
            "%b %d %Y %I:%M:%S %p %z",
            "%B %-d, %Y at %-I:%M:%S%P (UTC) %z",
            "%Y/%m/%d %T %z",
            "%Y%m%dT%H%M%S%z",
            "%Y-%jT%T%:z",
            "%G-W%V-%uT%T%:z",
            "%d.%m.%Y %T %z",
            "%-d %b %y %T %z",
            "%Y年%-m月%-d日 %H:%M:%S %z",
            "%d-%b-%Y %T UTC%:z",
            "%T %z %d %b %Y",
        ] {
            texts.push(strtime::format(format, &zoned).expect("a known format"));
        }
        for text in texts {
            prop_assert_eq!(parse(&text, now()), Some(time), "{}", text);
            prop_assert_eq!(parse(&text.to_uppercase(), now()), Some(time), "{}", text);
        }
    }
}
