//! Any text, read as a date.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::feed::parse_date;

mod checks;
mod input;

fuzz_target!(|text: &str| {
    let date = parse_date(text, input::now());
    assert_eq!(date, parse_date(&format!(" {text}\n"), input::now()), "white space around it");
    if text.is_ascii() {
        assert_eq!(date, parse_date(&text.to_uppercase(), input::now()), "capitals");
    }
    if let Some(date) = date {
        checks::plausible(date);
        assert_eq!(parse_date(&date.to_string(), input::now()), Some(date), "written again");
    }
});
