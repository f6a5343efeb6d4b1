//! Sorts the blocks of a page into zones: within what holds the article, what is text and what was put between.

use std::collections::{HashMap, HashSet};

use super::blocks::{Block, Kind, ratio};
use super::choose::{Sums, containers, running, within};
use super::dom::Page;
use super::labels;
use super::lead::split_lead;
use super::lists::{article_element, end_at_lists};
use super::live::Post;
use super::roles::{Part, Role};
use super::stub;
use super::template::{self, Sketch, Template};
use super::title;

/// Longest furniture that is kept, in bytes: enough to say where a word stood, on pages that are mostly menus.
const MAX_FURNITURE: usize = 100_000;

/// The largest share of a text that may be taken out because it repeats on other pages of its host.
const MOST_REPEATED: f32 = 0.3;

/// Most quotes, and most captions, that are listed.
const MOST_LISTED: usize = 50;

/// By so many bytes of its text a post is found on its page.
const FIRST: usize = 60;

/// How many blocks below the text are looked at for who supplied it.
const CREDIT_WITHIN: usize = 4;

/// The text of a page by zone.
#[derive(Debug, Default)]
pub(super) struct Zones {
    pub(super) lead: String,
    pub(super) body: String,
    pub(super) furniture: String,
    /// The block quotes of the text; they stand in it too.
    pub(super) quotes: Vec<String>,
    /// What is written beside pictures; it stands in the furniture too.
    pub(super) captions: Vec<String>,
    /// The line below the text that says who supplied it.
    pub(super) credit: Option<String>,
    /// The node where the text starts.
    pub(super) start: usize,
    /// What the text was made of, with what was taken out of it because it repeats.
    pub(super) sketch: Sketch,
}

/// Sorts `blocks`. `description` is the page's own summary, which may stand on the page as its standfirst.
pub(super) fn sort(
    page: &Page,
    blocks: &[Block],
    parts: &[Part],
    headline: &str,
    description: Option<&str>,
    template: Option<&Template>,
) -> Zones {
    let mut roots = containers(page, blocks, parts);
    let own = article_element(page, blocks, parts, headline);
    if let Some(own) = own {
        // Parts within it stay; what is around it, or elsewhere, is not the article.
        roots.retain(|&root| (own..page.end(own)).contains(&root));
        if roots.is_empty() {
            roots.push(own);
        }
    }
    let inside = within(page, &roots);
    let inside = |block: &Block| inside.get(block.node).copied().unwrap_or_default();
    let pruned = prune(page, blocks, parts, &roots);
    let linked = linked_headings(page, blocks);
    let mut kept: Vec<bool> = blocks
        .iter()
        .enumerate()
        .map(|(at, block)| {
            let is_free = |block: &Block| parts.get(block.node).is_none_or(|part| part.role == Role::Plain);
            if linked.contains(&at) && inside(block) && is_free(block) {
                return true;
            }
            inside(block)
                && !is_pruned(&pruned, block)
                && !labels::is_label(block)
                && !is_caption(page, block)
                && !title::same(&block.text, headline)
        })
        .collect();
    end_at_lists(page, blocks, &mut kept);
    trim(blocks, &mut kept, headline);
    let sketch = take_repeated(page, blocks, &mut kept, template);
    let start = blocks.iter().zip(&kept).find(|(_, kept)| **kept).map_or(0, |(block, _)| block.node);
    let standfirst = standfirst(page, blocks, parts, &kept, headline, description);
    let mut zones = Zones { start, sketch, ..Zones::default() };
    zones.credit = credit(blocks, &kept);
    let near = article_range(page, &roots, own);
    let mut body: Vec<&str> = Vec::new();
    for (at, (block, kept)) in blocks.iter().zip(&kept).enumerate() {
        if Some(at) == standfirst {
            zones.lead.clone_from(&block.text);
        } else if *kept {
            body.push(&block.text);
        } else if zones.furniture.len() + block.text.len() <= MAX_FURNITURE
            && !title::same(&block.text, headline)
        {
            if !zones.furniture.is_empty() {
                zones.furniture.push_str("\n\n");
            }
            zones.furniture.push_str(&block.text);
        }
        let list = match () {
            () if Some(at) == standfirst => None,
            // What signs a quotation is none.
            () if *kept => (stands_in(page, block, |tag, _| tag == "blockquote")
                && !stands_in(page, block, |tag, _| tag == "footer")
                && !block.text.starts_with('—'))
            .then_some(&mut zones.quotes),
            () => (near.contains(&block.node) && stands_in(page, block, is_caption_name))
                .then_some(&mut zones.captions),
        };
        if let Some(list) = list.filter(|list| list.len() < MOST_LISTED && !list.contains(&block.text)) {
            list.push(block.text.clone());
        }
    }
    zones.body = body.join("\n\n");
    if zones.lead.is_empty() {
        let all = std::mem::take(&mut zones.body);
        let (lead, body) = split_lead(&all);
        (zones.lead, zones.body) = (lead.to_owned(), body.to_owned());
    }
    zones
}

impl Zones {
    /// Puts back what was taken for labels or boxes of `posts`: on a live page their headings are what is new, and the
    /// newest post may be short.
    pub(super) fn head(&mut self, posts: &[Post]) {
        let (mut missing, mut found): (Vec<&str>, bool) = (Vec::new(), false);
        for Post { title, text, .. } in posts {
            // JSON-LD has a post in one piece, the page in paragraphs.
            let first = text.get(..text.floor_char_boundary(FIRST)).unwrap_or_default();
            let first = first.split("\n\n").next().unwrap_or_default();
            let title = title.as_deref().unwrap_or_default();
            let named = !title.is_empty() && (self.lead.contains(title) || self.body.contains(title));
            if first.is_empty() || named {
                found |= named;
                continue;
            }
            let missed = missing.len();
            if self.lead.starts_with(first) {
                if !title.is_empty() {
                    let lead = std::mem::replace(&mut self.lead, title.to_owned());
                    let body = [lead.as_str(), &self.body].join("\n\n");
                    body.trim().clone_into(&mut self.body);
                }
            } else if let Some(at) = self.body.find(first) {
                if !title.is_empty() {
                    self.body.insert_str(at, &format!("{title}\n\n"));
                }
            } else if !found {
                missing.extend([title, text.as_str()].into_iter().filter(|part| !part.is_empty()));
            }
            found |= missing.len() == missed;
        }
        // Where no post is found, they are told in other words than on the page.
        if found && !missing.is_empty() {
            missing.extend([self.lead.as_str(), &self.body].into_iter().filter(|part| !part.is_empty()));
            let all = missing.join("\n\n");
            let (lead, body) = split_lead(&all);
            (self.lead, self.body) = (lead.to_owned(), body.to_owned());
        }
    }

    /// Words of lead and body.
    pub(super) fn words(&self) -> usize {
        stub::count(&self.lead) + stub::count(&self.body)
    }

    /// Takes `text`, what the page's JSON-LD calls the article, where what was found is too little or another text.
    pub(super) fn prefer(&mut self, text: &str) {
        let found = format!("{}\n\n{}", self.lead, self.body);
        let words = |text: &str| -> HashSet<String> {
            text.to_lowercase()
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        if stub::count(text) < stub::FEWEST_WORDS {
            return;
        }
        if stub::count(&found) >= stub::FEWEST_WORDS {
            let (found, told) = (words(&found), words(text));
            if told.intersection(&found).count() * 10 >= told.len() * 3 {
                return;
            }
        }
        if self.furniture.len() + found.len() <= MAX_FURNITURE {
            let all = format!("{}\n\n{}", found.trim(), self.furniture);
            all.trim().clone_into(&mut self.furniture);
        }
        let (lead, body) = split_lead(text);
        (self.lead, self.body) = (lead.to_owned(), body.to_owned());
    }
}

/// The nodes of the article: its element, or from the first of `roots` to the end of the last.
fn article_range(page: &Page, roots: &[usize], own: Option<usize>) -> std::ops::Range<usize> {
    let first = roots.first().copied().unwrap_or(0);
    let around = own.or_else(|| page.lineage(first).find(|&node| page.tag(node) == "article"));
    match around {
        Some(around) => around..page.end(around),
        None => first..roots.iter().map(|&root| page.end(root)).max().unwrap_or(0),
    }
}

/// True if one of the innermost elements around `block` is such, by tag and class.
fn stands_in(page: &Page, block: &Block, is: impl Fn(&str, &str) -> bool) -> bool {
    page.lineage(block.holder)
        .take(4)
        .any(|node| is(page.tag(node), page.attr(node, "class").unwrap_or_default()))
}

/// True for elements that hold what is written beside a picture.
fn is_caption_name(tag: &str, class: &str) -> bool {
    tag == "figcaption" || class.to_ascii_lowercase().contains("caption")
}

/// The line right below the text that says who supplied it: "Source: Reuters", "© 2023 AFP".
fn credit(blocks: &[Block], kept: &[bool]) -> Option<String> {
    let last = kept.iter().rposition(|kept| *kept)?;
    let below = blocks.iter().skip(last + 1).take(CREDIT_WITHIN);
    below.map(|block| &block.text).find(|text| labels::is_supplier(text)).cloned()
}

/// Takes away what other pages of the host hold too; says what the text was made of before.
fn take_repeated(page: &Page, blocks: &[Block], kept: &mut [bool], template: Option<&Template>) -> Sketch {
    let mut fingerprints = Vec::new();
    let (mut all, mut repeated, mut taken) = (0, 0, Vec::new());
    for (at, block) in blocks.iter().enumerate().filter(|&(at, _)| kept.get(at) == Some(&true)) {
        all += block.weight;
        if block.weight > template::LONGEST {
            continue;
        }
        let fingerprint = template::fingerprint(page, block);
        fingerprints.push(fingerprint);
        if template.is_some_and(|template| template.repeats(fingerprint)) {
            repeated += block.weight;
            taken.push(at);
        }
    }
    // A page that is mostly such blocks is another reading of one of them.
    if ratio(repeated, all) <= MOST_REPEATED {
        for at in taken {
            if let Some(kept) = kept.get_mut(at) {
                *kept = false;
            }
        }
    }
    template::sketch(&fingerprints)
}

/// Headings that are links, where three or more of one element each head a paragraph: a text about ten places may link
/// each of them. One alone tells of another article.
fn linked_headings(page: &Page, blocks: &[Block]) -> HashSet<usize> {
    let mut groups: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (at, pair) in blocks.windows(2).enumerate() {
        let [heading, below] = pair else { continue };
        let heads = matches!(heading.kind, Kind::Heading(2..)) && heading.link_density() > 0.6;
        if heads && running(below) > 0.0 {
            groups.entry((page.parent(heading.holder), page.tag(heading.holder))).or_default().push(at);
        }
    }
    groups.into_values().filter(|group| group.len() >= 3).flatten().collect()
}

/// True for a line beside a picture: short, in its figure, and no paragraph.
fn is_caption(page: &Page, block: &Block) -> bool {
    block.kind == Kind::Other
        && block.weight <= 300
        && page.lineage(block.holder).take(3).any(|node| page.tag(node) == "figure")
        && !page.lineage(block.holder).take(3).any(|node| matches!(page.tag(node), "blockquote" | "table"))
}

fn is_pruned(pruned: &[bool], block: &Block) -> bool {
    let at = |node: usize| pruned.get(node).copied().unwrap_or_default();
    at(block.node) && at(block.last)
}

/// Which nodes are furniture, by their role, or because they are lists of links.
fn prune(page: &Page, blocks: &[Block], parts: &[Part], roots: &[usize]) -> Vec<bool> {
    let weights = Sums::new(page, blocks, |block| ratio(block.weight, 1));
    let links = Sums::new(page, blocks, |block| ratio(block.linked, 1));
    let mut pruned = vec![false; page.len()];
    for inner in roots.iter().flat_map(|&root| root + 1..page.end(root)) {
        let inherited = pruned.get(page.parent(inner)).copied().unwrap_or_default();
        let (weight, linked) = (weights.of(page, inner), links.of(page, inner));
        let dense = match page.tag(inner) {
            "ul" | "ol" | "dl" | "menu" => linked > 0.5 * weight,
            "div" | "section" | "table" | "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote"
            | "center" | "td" | "figure" => linked > 0.6 * weight,
            _ => false,
        };
        let role = parts.get(inner).map_or(Role::Plain, |part| part.role);
        if let Some(pruned) = pruned.get_mut(inner) {
            *pruned = inherited || dense || role != Role::Plain;
        }
    }
    pruned
}

/// Takes away what hangs at the ends and between: headings that head nothing, short scraps before the first paragraph.
fn trim(blocks: &[Block], kept: &mut [bool], headline: &str) {
    let is_repeat = |block: &Block| {
        block.text.len() <= headline.len() * 5 / 4 + 4 && title::likeness(&block.text, headline) >= 0.95
    };
    let is_prose = |block: &Block| block.weight >= 60 || labels::ends_sentence(&block.text);
    let is_heading = |block: &Block| matches!(block.kind, Kind::Heading(_));
    for (block, kept) in blocks.iter().zip(kept.iter_mut()).filter(|(_, kept)| **kept) {
        if is_prose(block) && !is_heading(block) && !is_repeat(block) {
            break;
        }
        *kept = false;
    }
    // Below the last paragraph: credits, addresses, names.
    for (block, kept) in blocks.iter().zip(kept.iter_mut()).rev().filter(|(_, kept)| **kept) {
        let is_note = labels::is_plea(block) || labels::is_credit(block);
        if !is_note && (is_prose(block) || block.kind == Kind::Item) {
            break;
        }
        *kept = false;
    }
    // From the end: a heading needs kept text right below it.
    let mut below: Option<bool> = None;
    for (block, kept) in blocks.iter().zip(kept.iter_mut()).rev() {
        if is_heading(block) && *kept && below != Some(true) {
            *kept = false;
        }
        below = Some(*kept);
    }
}

/// The standfirst: a short paragraph above the text that is named so, or that the page's description repeats.
fn standfirst(
    page: &Page,
    blocks: &[Block],
    parts: &[Part],
    kept: &[bool],
    headline: &str,
    description: Option<&str>,
) -> Option<usize> {
    let first = kept.iter().position(|kept| *kept)?;
    let after = blocks
        .iter()
        .position(|block| title::same(&block.text, headline))
        .map_or(first.saturating_sub(12), |at| at + 1);
    let fits = |block: &Block| (40..=700).contains(&block.weight) && block.link_density() < 0.3;
    let named = |block: &Block| {
        page.lineage(block.holder).take(3).any(|node| parts.get(node).is_some_and(|part| part.standfirst))
    };
    let free = |block: &Block| parts.get(block.node).is_none_or(|part| part.role != Role::Furniture);
    let described = |block: &Block| description.is_some_and(|text| title::same(text, &block.text));
    (after..first)
        .filter(|&at| {
            blocks
                .get(at)
                .is_some_and(|block| fits(block) && (described(block) || named(block) && free(block)))
        })
        .find(|&at| {
            // Some pages repeat their first paragraph as the standfirst.
            blocks
                .get(at)
                .zip(blocks.get(first))
                .is_none_or(|(block, first)| !first.text.starts_with(&block.text))
        })
}
