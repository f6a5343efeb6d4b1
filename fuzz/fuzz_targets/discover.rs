//! Any document, asked for the sources that it names: as a page, a robots.txt, a list of feeds (OPML).

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::feed::{
    MAX_ENTRIES, Outline, from_page, guess_links, guess_watch, read_opml, robots_sitemaps, write_opml,
};

mod checks;
mod input;

fuzz_target!(|data: &[u8]| {
    let input = input::Input::of(data);
    robots_sitemaps(input.body, &input.base).iter().for_each(|candidate| checks::web(&candidate.url));
    if let Ok(outlines) = read_opml(input.body) {
        let written = write_opml("Sources", &outlines);
        assert_eq!(
            addresses(&read_opml(written.as_bytes()).unwrap_or_default()),
            addresses(&outlines),
            "{written}"
        );
    }
    let Ok(html) = std::str::from_utf8(input.body) else { return };
    if let Ok(finds) = from_page(html, &input.base) {
        finds.candidates.iter().for_each(|candidate| checks::web(&candidate.url));
    }
    let links = guess_links(html, &input.base, input::now()).map(|(_, feed)| feed);
    let watch = guess_watch(html, &input.base).map(|(_, feed)| feed);
    for feed in links.iter().chain(&watch) {
        checks::feed(feed, MAX_ENTRIES);
        checks::identified(&feed.entries);
    }
});

fn addresses(outlines: &[Outline]) -> Vec<&str> {
    let mut addresses: Vec<_> = outlines.iter().map(|outline| outline.url.as_str()).collect();
    addresses.sort_unstable();
    addresses
}
