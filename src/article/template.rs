//! What repeats on the pages of one host, and so belongs to the host and not to the article: newsletter lines, author
//! boxes, notes about the site that stand among the paragraphs.

use std::collections::VecDeque;

use sha2::{Digest, Sha256};

use super::blocks::Block;
use super::dom::Page;

/// Pages of a host that are remembered, the last ones.
const PAGES: usize = 12;
/// Blocks of a page that are remembered: the last of its text, where most of what repeats stands, and the first.
const BLOCKS: usize = 40;
/// Fewest other pages that must show a block before it counts as repeated.
const FEWEST: usize = 2;
/// Longest block that may be taken for furniture, in Latin letters.
pub(super) const LONGEST: usize = 600;
/// The first byte of what is stored.
const LAYOUT: u8 = 1;

/// What the last pages of a host held, as fingerprints of their blocks: a few hundred bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    pages: VecDeque<Vec<u32>>,
}

/// The fingerprints of a page's blocks, for [`Template::learn`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch(Vec<u32>);

impl Sketch {
    /// True for what came from no page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Template {
    /// Notes what a page held. Another reading of a page that is remembered (an update, the same text under another
    /// address) takes its place: an article does not make itself furniture.
    pub fn learn(&mut self, sketch: &Sketch) {
        if sketch.0.is_empty() {
            return;
        }
        let alike = |page: &Vec<u32>| {
            let common = sketch.0.iter().filter(|block| page.contains(block)).count();
            2 * common > sketch.0.len().min(page.len())
        };
        self.pages.retain(|page| !alike(page));
        self.pages.push_back(sketch.0.clone());
        if self.pages.len() > PAGES {
            self.pages.pop_front();
        }
    }

    /// How many pages are remembered.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// How many blocks stand on so many of these pages that they are furniture.
    #[must_use]
    pub fn repeated(&self) -> usize {
        let mut all: Vec<u32> = self.pages.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().filter(|&block| self.repeats(block)).count()
    }

    /// True for a block that stands on at least half of the host's last pages. What only some articles share, such as
    /// the background that a paper repeats in each report of a war, is text.
    pub(super) fn repeats(&self, block: u32) -> bool {
        let on = self.pages.iter().filter(|page| page.contains(&block)).count();
        on >= FEWEST && 2 * on >= self.pages.len()
    }

    /// As it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT];
        for page in &self.pages {
            bytes.push(u8::try_from(page.len()).unwrap_or(u8::MAX));
            bytes.extend(page.iter().flat_map(|block| block.to_le_bytes()));
        }
        bytes
    }

    /// What [`Self::to_bytes`] gave; empty for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let read = || {
            let (layout, mut rest) = bytes.split_first()?;
            let mut pages = VecDeque::new();
            while let Some((&count, tail)) = rest.split_first() {
                let (page, tail) = tail.split_at_checked(usize::from(count) * 4)?;
                pages.push_back(page.as_chunks::<4>().0.iter().copied().map(u32::from_le_bytes).collect());
                rest = tail;
            }
            (*layout == LAYOUT && pages.len() <= PAGES).then_some(Self { pages })
        };
        read().unwrap_or_default()
    }
}

/// The fingerprint of a block: its words and where it stands, so that the same words in a headline and in a list of
/// headlines are two things.
pub(super) fn fingerprint(page: &Page, block: &Block) -> u32 {
    let mut hash = Sha256::new();
    for node in page.lineage(block.holder).take(3) {
        hash.update(page.tag(node));
        hash.update(" ");
    }
    hash.update(&block.text);
    let hash = hash.finalize();
    hash.first_chunk().map_or(0, |first| u32::from_le_bytes(*first))
}

/// The sketch of a page whose text is `blocks`, in order.
pub(super) fn sketch(fingerprints: &[u32]) -> Sketch {
    let last = fingerprints.len().saturating_sub(BLOCKS * 3 / 4);
    let first = fingerprints.iter().take(last.min(BLOCKS / 4));
    let mut blocks: Vec<u32> = first.chain(fingerprints.iter().skip(last)).copied().collect();
    blocks.sort_unstable();
    blocks.dedup();
    Sketch(blocks)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PAGES, Sketch, Template};

    fn learnt(pages: &[&[u32]]) -> Template {
        let mut template = Template::default();
        for page in pages {
            template.learn(&Sketch(page.to_vec()));
        }
        template
    }

    #[test]
    fn a_block_of_half_the_pages_repeats_from_the_third_page_on() {
        assert!(!learnt(&[&[1, 2, 9]]).repeats(9), "one page proves nothing");
        assert!(learnt(&[&[1, 2, 9], &[3, 4, 9]]).repeats(9));
        let some = learnt(&[&[1, 2, 9], &[3, 4, 9], &[5, 6, 7], &[8, 10, 11], &[12, 13, 14]]);
        assert!(!some.repeats(9), "two of five reports share their background");
        assert_eq!(learnt(&[&[1, 2, 9], &[3, 4, 9]]).repeated(), 1);
    }

    #[test]
    fn an_article_that_is_read_again_is_one_page() {
        let template = learnt(&[&[1, 2, 3, 4, 9], &[1, 2, 3, 4, 5, 9], &[1, 2, 3, 4, 5, 6, 9]]);
        assert_eq!(template.pages(), 1);
        assert!(![1, 2, 3, 4, 9].iter().any(|&block| template.repeats(block)));
    }

    #[test]
    fn a_redesign_is_forgotten_with_the_pages_before_it() {
        let mut template = learnt(&[&[1, 2, 9], &[3, 4, 9], &[5, 6, 9]]);
        for page in 0..u32::try_from(PAGES).unwrap() {
            template.learn(&Sketch(vec![100 + 2 * page, 101 + 2 * page, 99]));
        }
        assert!(template.repeats(99) && !template.repeats(9));
        assert_eq!(template.pages(), PAGES);
    }

    proptest! {
        #[test]
        fn what_is_stored_comes_back(pages in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..40), 0..30)) {
            let mut template = Template::default();
            for page in &pages {
                template.learn(&Sketch(page.clone()));
            }
            let bytes = template.to_bytes();
            prop_assert!(bytes.len() < 2_000);
            prop_assert_eq!(Template::from_bytes(&bytes), template);
        }

        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = Template::from_bytes(&bytes);
        }
    }
}
