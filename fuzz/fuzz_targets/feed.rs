//! Any bytes, read as a feed, of any content type.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::feed::{MAX_ENTRIES, identify, read_feed};

mod checks;
mod input;

fuzz_target!(|data: &[u8]| {
    let input = input::Input::of(data);
    let read = || read_feed(input.body, input.content_type, &input.base, input::now());
    let feed = read();
    assert_eq!(feed, read(), "read twice");
    if let Ok(feed) = feed {
        checks::feed(&feed, MAX_ENTRIES);
        checks::identified(&identify(feed.entries));
    }
});
