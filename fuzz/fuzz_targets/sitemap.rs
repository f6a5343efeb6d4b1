//! Any bytes, read as a sitemap, of any content type.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::feed::{Sitemap, read_sitemap};

mod checks;
mod input;

fuzz_target!(|data: &[u8]| {
    let input = input::Input::of(data);
    let read = || read_sitemap(input.body, input.content_type, &input.base, input::now());
    let sitemap = read();
    assert_eq!(sitemap, read(), "read twice");
    match sitemap {
        Ok(Sitemap::Entries(feed)) => {
            checks::feed(&feed, 50_000);
            checks::identified(&feed.entries);
        }
        Ok(Sitemap::Index(children)) => {
            assert!(children.len() <= 500, "{} sitemaps", children.len());
            for child in &children {
                checks::web(&child.url);
                child.modified.iter().for_each(|date| checks::plausible(*date));
            }
        }
        Err(_) => {}
    }
});
