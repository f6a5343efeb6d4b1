//! Any page, with any selector: as a listing of links, and as a page watched for changes of its text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::feed::{MAX_ENTRIES, change, read_links, read_watched};

mod checks;
mod input;

fuzz_target!(|data: &[u8]| {
    let input = input::Input::of(data);
    let Ok(html) = std::str::from_utf8(input.body) else { return };
    let links = || read_links(html, input.selector, &input.base, input::now());
    let watched = || read_watched(html, input.selector, &input.base);
    for (feed, again) in [(links(), links()), (watched(), watched())] {
        assert_eq!(feed, again, "read twice");
        if let Ok(feed) = feed {
            checks::feed(&feed, MAX_ENTRIES);
            checks::identified(&feed.entries);
        }
    }
    assert_eq!(change(html, html, input::now()), None, "a change from a text to itself");
    let _ = change(html, html.get(..html.len() / 2).unwrap_or_default(), input::now());
});
