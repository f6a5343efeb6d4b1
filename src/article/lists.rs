//! Where the article ends on its page: its own `<article>`, and the lists of other articles below the text.

use super::blocks::{Block, Kind};
use super::choose::running;
use super::dom::Page;
use super::labels::ends_sentence;
use super::roles::{Part, Role};
use super::{stub, title};

/// How the headings of such lists begin.
const LISTS: [&str; 12] = [
    "most viewed",
    "most read",
    "most popular",
    "more from",
    "more on",
    "the latest",
    "related",
    "you may also like",
    "read next",
    "recommended",
    "trending",
    "source: read full article",
];
/// Words of prose that must stand before a list.
const BEFORE: usize = 60;
/// From this weight (white space not counted) on a paragraph may continue the article; cards say less, or link.
const LONG: usize = 80;

/// The one `<article>` that holds the headline and enough text of its own, if there is just one.
pub(super) fn article_element(
    page: &Page,
    blocks: &[Block],
    parts: &[Part],
    headline: &str,
) -> Option<usize> {
    let plain = |block: &Block| parts.get(block.node).is_some_and(|part| part.role == Role::Plain);
    let holder = |block: &Block| page.lineage(block.holder).find(|&node| page.tag(node) == "article");
    let mut heads = blocks.iter().filter(|block| title::same(&block.text, headline)).filter_map(holder);
    let found = heads.next()?;
    let words = |block: &&Block| {
        (found..page.end(found)).contains(&block.node) && plain(block) && running(block) > 0.0
    };
    let held: usize = blocks.iter().filter(words).map(|block| stub::count(&block.text)).sum();
    (heads.all(|other| other == found) && held >= stub::FEWEST_WORDS).then_some(found)
}

/// Takes away the lists of other articles that follow the text in the same container.
pub(super) fn end_at_lists(page: &Page, blocks: &[Block], kept: &mut [bool]) {
    let (mut words, mut ended) = (0, 0);
    for (at, block) in blocks.iter().enumerate() {
        let cut = block.node < ended;
        if !cut && words >= BEFORE && is_list_heading(block) {
            let end = container_end(page, blocks, at);
            let after = || blocks.iter().skip(at + 1).take_while(|block| block.node < end);
            if are_cards(after()) {
                ended = end;
            }
        }
        let Some(kept) = kept.get_mut(at).filter(|kept| **kept) else { continue };
        if block.node < ended {
            *kept = false;
        } else if running(block) > 0.0 {
            words += stub::count(&block.text);
        }
    }
}

/// True for a heading, or a short line, that names a list of other articles.
fn is_list_heading(block: &Block) -> bool {
    let text = block.text.to_lowercase();
    let text = text.trim_end_matches([':', ' ']);
    let short = match block.kind {
        Kind::Heading(level) => level > 1 && block.weight <= 80,
        _ => block.weight <= 40 && !ends_sentence(text),
    };
    short
        && LISTS
            .iter()
            .any(|list| text.strip_prefix(list).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Where the container ends that holds the heading `at` and what follows it.
fn container_end(page: &Page, blocks: &[Block], at: usize) -> usize {
    let Some(block) = blocks.get(at) else { return 0 };
    let next = blocks.get(at + 1).map_or(0, |next| next.node);
    page.lineage(page.parent(block.holder))
        .take(3)
        .map(|node| page.end(node))
        .find(|&end| end > next)
        .unwrap_or(0)
}

/// True for links and short lines among which the article does not go on.
fn are_cards<'a>(after: impl Iterator<Item = &'a Block>) -> bool {
    let (mut cards, mut long, mut row) = (0_usize, 0_usize, 0_usize);
    for block in after {
        if block.weight < LONG || block.link_density() > 0.5 {
            cards += 1;
            row = 0;
        } else {
            long += 1;
            row += 1;
        }
        if row >= 2 {
            return false;
        }
    }
    cards >= 2 && cards >= long
}
