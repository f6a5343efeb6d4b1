//! The posts of a live page, each with its time.

use serde::{Deserialize, Serialize};

use super::blocks::Block;
use super::choose::{Sums, running};
use super::dates;
use super::dom::Page;
use super::jsonld::JsonLd;
use crate::clock::Timestamp;

/// Most posts that are kept, the newest as a rule: pages put them first.
const MOST: usize = 200;
/// Fewest boxes of like kind that are posts.
const FEWEST: usize = 3;

/// A post of a live page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// When it was posted, if the page says so for machines.
    pub at: Option<Timestamp>,
    /// Its heading.
    pub title: Option<String>,
    /// Its text, paragraphs separated by a blank line.
    pub text: String,
}

/// The posts of a live page, in the page's order: those that it lists in JSON-LD, else boxes of like kind that each
/// hold a `<time>` and text.
pub(super) fn posts(page: &Page, blocks: &[Block], ld: &JsonLd) -> Vec<Post> {
    let listed: Vec<Post> = ld
        .updates
        .iter()
        .filter(|update| !update.text.is_empty())
        .take(MOST)
        .map(|update| Post {
            at: update.at.as_deref().and_then(dates::parse),
            title: update.headline.clone(),
            text: update.text.clone(),
        })
        .collect();
    if !listed.is_empty() {
        return listed;
    }
    boxes(page, blocks).into_iter().take(MOST).map(|node| post(page, blocks, node)).collect()
}

/// The children of one element that are posts: of those elements that have most of them.
fn boxes(page: &Page, blocks: &[Block]) -> Vec<usize> {
    let text = Sums::new(page, blocks, running);
    let mut timed = vec![0_u32; page.len() + 1];
    for node in 0..page.len() {
        let before = timed.get(node).copied().unwrap_or_default();
        if let Some(after) = timed.get_mut(node + 1) {
            *after = before + u32::from(page.tag(node) == "time");
        }
    }
    let held = |node: usize| {
        let at = |place: usize| timed.get(place).copied().unwrap_or_default();
        at(page.end(node)) - at(node)
    };
    let mut found: Vec<(usize, usize)> = (1..page.len())
        .filter(|&node| page.tag(node) != "time" && held(node) > 0 && text.of(page, node) > 0.0)
        .map(|node| (page.parent(node), node))
        .collect();
    found.sort_unstable();
    let rows = found.chunk_by(|one, other| one.0 == other.0);
    let best = rows.filter(|row| row.len() >= FEWEST).max_by_key(|row| row.len()).unwrap_or_default();
    best.iter().map(|&(_, node)| node).collect()
}

fn post(page: &Page, blocks: &[Block], node: usize) -> Post {
    let time = (node..page.end(node)).find(|&inner| page.tag(inner) == "time");
    let inside = || {
        let first = blocks.partition_point(|block| block.node < node);
        blocks.iter().skip(first).take_while(|block| block.node < page.end(node))
    };
    let heading = inside().find(|block| matches!(block.kind, super::blocks::Kind::Heading(_)));
    let shows_time = |block: &Block| page.lineage(block.node).take(3).any(|outer| page.tag(outer) == "time");
    let text: Vec<&str> = inside()
        .filter(|block| heading.is_none_or(|heading| heading.node != block.node) && !shows_time(block))
        .map(|block| block.text.as_str())
        .collect();
    Post {
        at: time.and_then(|time| page.attr(time, "datetime")).and_then(dates::parse),
        title: heading.map(|block| block.text.clone()),
        text: text.join("\n\n"),
    }
}
