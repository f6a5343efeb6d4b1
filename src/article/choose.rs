//! Which elements hold the article: scores of their paragraphs, handed up the tree, and what the page marks itself.

use std::collections::HashSet;

use super::blocks::{Block, Kind, ratio};
use super::dom::Page;
use super::roles::{Part, Role};

/// How far up the tree a paragraph speaks for what holds it.
const REACH: usize = 7;
/// The share of the best candidate's text that an element marked as the article's body must hold to be believed.
const BELIEVED: f32 = 0.4;

/// The share of a parent's running text that its chosen children must hold for it to stand for them.
const WHOLE: f32 = 0.75;

/// The share of the densest element's prose below which the best scored one is not believed.
const LITTLE: f32 = 0.4;

/// Sums over blocks in document order, so that the sum over a subtree is one subtraction.
pub(super) struct Sums(Vec<f32>);

impl Sums {
    /// `value` of each block, summed by the block's place among the nodes.
    pub(super) fn new(page: &Page, blocks: &[Block], value: impl Fn(&Block) -> f32) -> Self {
        let mut at = vec![0.0; page.len() + 1];
        for block in blocks {
            if let Some(place) = at.get_mut(block.node + 1) {
                *place += value(block);
            }
        }
        let mut sum = 0.0;
        for place in &mut at {
            sum += *place;
            *place = sum;
        }
        Self(at)
    }

    /// The sum in `node` with all that it holds.
    pub(super) fn of(&self, page: &Page, node: usize) -> f32 {
        let at = |place: usize| self.0.get(place).copied().unwrap_or_default();
        at(page.end(node)) - at(node)
    }

    /// The sum over the page.
    pub(super) fn all(&self) -> f32 {
        self.0.last().copied().unwrap_or_default()
    }
}

/// The running text of a block: long, and not made of links.
pub(super) fn running(block: &Block) -> f32 {
    if block.weight >= 80 && block.link_density() < 0.3 { ratio(block.weight, 1) } else { 0.0 }
}

/// What a block says for being in an article: prose has commas and length.
fn prose(block: &Block) -> f32 {
    if block.weight < 25 || matches!(block.kind, Kind::Heading(_)) {
        return 0.0;
    }
    let commas =
        block.text.chars().filter(|c| matches!(c, ',' | '،' | '、' | '，' | '。' | '；')).take(20).count();
    let kind = if block.kind == Kind::Item { 0.5 } else { 1.0 };
    kind * (1.0 + ratio(commas, 1) + ratio(block.weight, 100).min(3.0)) * (1.0 - block.link_density())
}

/// The elements that hold the article, in document order, none within another. Empty if nothing looks like one.
pub(super) fn containers(page: &Page, blocks: &[Block], parts: &[Part]) -> Vec<usize> {
    let role = |node: usize| parts.get(node).map_or(Role::Plain, |part| part.role);
    let free = |block: &Block| role(block.node) == Role::Plain || role(block.last) == Role::Plain;
    let weights = Sums::new(page, blocks, |block| ratio(block.weight, 1));
    let links = Sums::new(page, blocks, |block| ratio(block.linked, 1));
    let good = Sums::new(page, blocks, |block| if free(block) { running(block) } else { 0.0 });
    let mut scores = vec![0.0_f32; page.len()];
    for block in blocks.iter().filter(|block| free(block)) {
        let own = prose(block);
        if own == 0.0 {
            continue;
        }
        // A paragraph speaks for what is around it; text that stands loose speaks for its holder.
        let around = if block.kind == Kind::Other { block.holder } else { page.parent(block.holder) };
        for (level, node) in page.lineage(around).take(REACH).enumerate() {
            let share = match level {
                0 => 1.0,
                1 => 0.5,
                _ => 1.0 / (3.0 * ratio(level, 1)),
            };
            if let Some(score) = scores.get_mut(node) {
                *score += own * share;
            }
        }
    }
    for (node, score) in scores.iter_mut().enumerate().filter(|(_, score)| **score > 0.0) {
        let density = links.of(page, node) / weights.of(page, node).max(1.0);
        let mark = parts.get(node).map_or(0, |part| part.mark);
        let favour = [1.0, 1.15, 1.4, 2.0].get(usize::from(mark)).copied().unwrap_or(1.0);
        *score *= (1.0 - density).max(0.0) * favour;
    }
    let found = by_score(page, &scores, &good);
    let found = gather(page, blocks, parts, found);
    let found = densest(page, blocks, parts, found);
    let text: f32 = found.iter().map(|&node| good.of(page, node)).sum();
    for mark in [3, 2] {
        let marked = outermost(
            page,
            (0..page.len())
                .filter(|&node| parts.get(node).is_some_and(|p| p.mark == mark && p.role == Role::Plain)),
        );
        // Where each paragraph has a box of its own, the short ones count with their neighbours.
        let box_of = |node: usize| (page.parent(node), page.attr(node, "class"));
        let boxes: HashSet<_> =
            marked.iter().filter(|&&node| good.of(page, node) > 0.0).map(|&node| box_of(node)).collect();
        let marked: Vec<usize> = marked.into_iter().filter(|&node| boxes.contains(&box_of(node))).collect();
        let held: f32 = marked.iter().map(|&node| good.of(page, node)).sum();
        if held >= BELIEVED * text && held >= 200.0 {
            return marked;
        }
    }
    found
}

/// The best scored element, or the parent that gathers parts of the text, with siblings that continue it.
fn by_score(page: &Page, scores: &[f32], good: &Sums) -> Vec<usize> {
    let score = |node: usize| scores.get(node).copied().unwrap_or_default();
    let best = (1..page.len()).fold(0, |best, node| if score(node) > score(best) { node } else { best });
    if best == 0 {
        return Vec::new();
    }
    let is_list = |node: &usize| matches!(page.tag(*node), "ul" | "ol" | "dl" | "li" | "dd");
    let mut top = page.lineage(best).find(|node| !is_list(node)).unwrap_or(best);
    // Up, while the parents' scores do not fall far: text split into sections scores higher in what holds them all.
    let (floor, mut last) = (score(top) / 3.0, score(top));
    for parent in page.lineage(page.parent(top)) {
        if score(parent) < floor || matches!(page.tag(parent), "body" | "html") {
            break;
        }
        if score(parent) > last {
            top = parent;
            break;
        }
        last = score(parent);
    }
    let parent = page.parent(top);
    let mut found = Vec::new();
    let (names, bar) = (page.attr(top, "class"), (0.2 * score(top)).max(10.0));
    let mut child = parent + 1;
    while child < page.end(parent) {
        let alike =
            if names.is_some() && page.attr(child, "class") == names { 0.2 * score(top) } else { 0.0 };
        let paragraph = page.tag(child) == "p" && good.of(page, child) > 0.0;
        if child == top || score(child) + alike >= bar || paragraph {
            found.push(child);
        }
        child = page.end(child).max(child + 1);
    }
    let held: f32 = found.iter().map(|&node| good.of(page, node)).sum();
    if found.len() > 1
        && held >= WHOLE * good.of(page, parent)
        && !matches!(page.tag(parent), "body" | "html" | "")
    {
        return vec![parent];
    }
    found
}

/// What holds the most prose after what is not prose is taken off, where `found` holds little of that: scores may
/// favour a list within the article, or a box of its own.
fn densest(page: &Page, blocks: &[Block], parts: &[Part], found: Vec<usize>) -> Vec<usize> {
    let plain = |block: &Block| parts.get(block.node).is_some_and(|part| part.role == Role::Plain);
    let prose = Sums::new(page, blocks, |block| if plain(block) { running(block) } else { 0.0 });
    let value = Sums::new(page, blocks, |block| match plain(block) {
        false => 0.0,
        true if running(block) > 0.0 => running(block),
        true if matches!(block.kind, Kind::Heading(_)) && block.linked == 0 => 0.0,
        true => -0.5 * ratio(block.weight + 20, 1),
    });
    let best = (1..page.len())
        .filter(|&node| !page.tag(node).is_empty())
        .max_by(|&one, &other| value.of(page, one).total_cmp(&value.of(page, other)));
    let held: f32 = found.iter().map(|&node| prose.of(page, node)).sum();
    match best {
        Some(best) if held < LITTLE * prose.of(page, best) => vec![best],
        _ => found,
    }
}

/// Some pages keep each section of a text in boxes of its own. If paragraphs that look like those in `found` (same
/// tags and classes) stand elsewhere, takes what holds most of them all, within the same `<article>`.
fn gather(page: &Page, blocks: &[Block], parts: &[Part], found: Vec<usize>) -> Vec<usize> {
    let Some(&first) = found.first() else { return found };
    let look = |block: &Block| -> Vec<(&str, &str)> {
        page.lineage(block.holder)
            .take(3)
            .map(|node| (page.tag(node), page.attr(node, "class").unwrap_or_default()))
            .collect()
    };
    let inside = within(page, &found);
    let inside = |block: &Block| inside.get(block.node).copied().unwrap_or_default();
    let mut looks: Vec<(Vec<(&str, &str)>, f32)> = Vec::new();
    for block in blocks.iter().filter(|block| inside(block) && running(block) > 0.0) {
        let own = look(block);
        if let Some((_, sum)) = looks.iter_mut().find(|(known, _)| *known == own) {
            *sum += running(block);
        } else if looks.len() < 20 {
            looks.push((own, running(block)));
        }
    }
    let Some((common, here)) = looks.into_iter().max_by(|one, other| one.1.total_cmp(&other.1)) else {
        return found;
    };
    let plain = |block: &Block| parts.get(block.node).is_some_and(|part| part.role == Role::Plain);
    let alike = Sums::new(page, blocks, |block| {
        if running(block) > 0.0 && plain(block) && look(block) == common { running(block) } else { 0.0 }
    });
    if here >= WHOLE * alike.all() {
        return found;
    }
    let mut best = (found, here);
    for node in page.lineage(page.parent(first)) {
        if matches!(page.tag(node), "body" | "html") {
            break;
        }
        if alike.of(page, node) > best.1 * 1.1 {
            best = (vec![node], alike.of(page, node));
        }
        if page.tag(node) == "article" {
            break;
        }
    }
    best.0
}

/// Which nodes stand in one of `roots`.
pub(super) fn within(page: &Page, roots: &[usize]) -> Vec<bool> {
    let mut inside = vec![false; page.len()];
    for inner in roots.iter().flat_map(|&root| root..page.end(root)) {
        if let Some(inside) = inside.get_mut(inner) {
            *inside = true;
        }
    }
    inside
}

/// Those of `nodes` (in document order) that no other of them holds.
fn outermost(page: &Page, nodes: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut end = 0;
    for node in nodes.filter(|&node| node > 0) {
        if node >= end {
            kept.push(node);
            end = page.end(node);
        }
    }
    kept
}
