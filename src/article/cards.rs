//! Rows of cards: boxes of like kind, each a linked headline with a line or two of another article.

use super::blocks::Block;
use super::blocks::ratio;
use super::choose::{Sums, running};
use super::dom::Page;

/// Fewest cards that make a row.
const ROW: usize = 3;
/// Most text in a card, in Latin letters.
const MOST: f32 = 900.0;
/// Most text in a card beside its links.
const EXCERPT: usize = 600;
/// Shortest headline.
const HEADLINE: usize = 20;
/// The share of a page's running text that cards may hold: above it, they are what the page is about.
const SHARE: f32 = 0.7;

/// Which nodes stand in a row of cards.
pub(super) fn cards(page: &Page, blocks: &[Block]) -> Vec<bool> {
    let weights = Sums::new(page, blocks, |block| ratio(block.weight, 1));
    let text = Sums::new(page, blocks, running);
    let mut found = vec![false; page.len()];
    // The row that is open in each parent: its cards. A parent's children come in document order.
    let mut rows: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut all: Vec<usize> = Vec::new();
    let mut close = |row: Vec<usize>| {
        if row.len() >= ROW {
            all.extend(row);
        }
    };
    for node in 1..page.len() {
        while rows.last().is_some_and(|&(parent, _)| page.end(parent) <= node) {
            rows.pop().into_iter().for_each(|(_, row)| close(row));
        }
        if page.tag(node).is_empty() || weights.of(page, node) == 0.0 {
            continue;
        }
        let parent = page.parent(node);
        if rows.last().is_none_or(|&(open, _)| open != parent) {
            rows.push((parent, Vec::new()));
        }
        let Some((_, row)) = rows.last_mut() else { continue };
        if weights.of(page, node) <= MOST && is_card(page, blocks, node) {
            row.push(node);
        } else {
            close(std::mem::take(row));
        }
    }
    for (_, row) in rows {
        close(row);
    }
    let held: f32 = all.iter().map(|&node| text.of(page, node)).sum();
    if held <= SHARE * text.all() {
        for inner in all.into_iter().flat_map(|node| node..page.end(node)) {
            if let Some(found) = found.get_mut(inner) {
                *found = true;
            }
        }
    }
    found
}

/// True for a linked headline with little beside it.
fn is_card(page: &Page, blocks: &[Block], node: usize) -> bool {
    let first = blocks.partition_point(|block| block.node < node);
    let inside = || blocks.iter().skip(first).take_while(|block| block.node < page.end(node));
    let headline = inside().find(|block| block.weight >= HEADLINE);
    let beside: usize = inside().map(|block| block.weight - block.linked).sum();
    headline.is_some_and(|block| block.link_density() > 0.9) && beside <= EXCERPT
}
