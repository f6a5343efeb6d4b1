//! The text of a page as blocks: what stands between two breaks, in document order, with what is known of it.

use super::dom::Page;

/// What kind of element holds a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<p>`.
    Paragraph,
    /// `<h1>` … `<h6>`.
    Heading(u8),
    /// `<li>`, `<dd>`, `<dt>`.
    Item,
    /// Anything else.
    Other,
}

/// A paragraph's worth of text.
#[derive(Debug)]
pub(super) struct Block {
    /// The text, clean.
    pub(super) text: String,
    /// The first run of text in it.
    pub(super) node: usize,
    /// The last run of text in it.
    pub(super) last: usize,
    /// The innermost element around it that is not inline.
    pub(super) holder: usize,
    pub(super) kind: Kind,
    /// Length in Latin letters: a Han or Kana character counts for three.
    pub(super) weight: usize,
    /// The part of `weight` that stands in links.
    pub(super) linked: usize,
}

impl Block {
    /// The share of the text that stands in links, 0 to 1.
    pub(super) fn link_density(&self) -> f32 {
        ratio(self.linked, self.weight)
    }
}

/// `part` of `whole`, 0 if there is no whole.
pub(super) fn ratio(part: usize, whole: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "lengths of texts up to 8 MiB")]
    let (part, whole) = (part as f32, whole as f32);
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Elements that do not break a line.
const INLINE: [&str; 51] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "meter", "nobr", "o:p", "output", "path", "picture",
    "progress", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong",
    "sub", "sup", "time", "track", "tt", "u", "use", "var", "wbr", "input", "script",
];

/// Most blocks that breaks alone may make; elements are bounded by the parser.
const MAX_BLOCKS: usize = 50_000;

/// True for elements that do not break a line. Unknown elements break it, unless an office program made them
/// (`<st1:place>`).
pub(super) fn is_inline(tag: &str) -> bool {
    INLINE.contains(&tag) || tag.contains(':')
}

/// All text of the page's body in blocks.
pub(super) fn blocks(page: &Page) -> Vec<Block> {
    let start = page.elements("body").next().unwrap_or(0);
    let mut maker = Maker { page, done: Vec::new(), open: Open::default() };
    // The block elements, links and preformatted elements around the current node: (one past the end, which).
    let mut around: Vec<(usize, Around)> = Vec::new();
    let mut holders = vec![start];
    let (mut links, mut pre) = (0_usize, 0_usize);
    for node in start..page.end(start) {
        while let Some(&(end, which)) = around.last() {
            if end > node {
                break;
            }
            around.pop();
            match which {
                Around::Link => links -= 1,
                Around::Block { preformatted } => {
                    maker.flush();
                    holders.pop();
                    pre -= usize::from(preformatted);
                }
            }
        }
        let holder = holders.last().copied().unwrap_or(start);
        if let Some(text) = page.text(node) {
            maker.text(text, node, holder, links > 0, pre > 0);
            continue;
        }
        match page.tag(node) {
            "" | "script" => {}
            "br" => maker.line_break(),
            "hr" => maker.flush(),
            "a" => {
                // Two links side by side are two words, although nothing but a style may part them.
                maker.space();
                links += 1;
                around.push((page.end(node), Around::Link));
            }
            tag if is_inline(tag) => {}
            tag => {
                maker.flush();
                holders.push(node);
                pre += usize::from(tag == "pre");
                around.push((page.end(node), Around::Block { preformatted: tag == "pre" }));
            }
        }
    }
    maker.flush();
    maker.done
}

#[derive(Debug, Clone, Copy)]
enum Around {
    Link,
    Block { preformatted: bool },
}

/// The block that is being read.
#[derive(Debug, Default)]
struct Open {
    text: String,
    /// Runs of text, first and last, and the holder.
    place: Option<(usize, usize, usize)>,
    weight: usize,
    linked: usize,
    gap: Gap,
}

/// What stands between the last character and the next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

struct Maker<'a> {
    page: &'a Page,
    done: Vec<Block>,
    open: Open,
}

impl Maker<'_> {
    fn text(&mut self, text: &str, node: usize, holder: usize, linked: bool, preformatted: bool) {
        for c in text.chars() {
            if c == '\n' && preformatted {
                self.line_break();
            } else if c.is_whitespace() {
                self.open.gap = self.open.gap.max(Gap::Space);
            } else if !is_invisible(c) {
                let first = self.open.place.map_or(node, |(first, ..)| first);
                self.open.place = Some((first, node, holder));
                match self.open.gap {
                    Gap::Space if !self.open.text.is_empty() => self.open.text.push(' '),
                    Gap::Line if !self.open.text.is_empty() => self.open.text.push('\n'),
                    _ => {}
                }
                self.open.gap = Gap::None;
                self.open.text.push(c);
                let weight = weight(c);
                self.open.weight += weight;
                self.open.linked += if linked { weight } else { 0 };
            }
        }
    }

    /// A link starts: its text does not touch what a link before it ended with.
    fn space(&mut self) {
        if self.open.linked > 0 && self.open.linked == self.open.weight {
            self.open.gap = self.open.gap.max(Gap::Space);
        }
    }

    /// One `<br>` is a line, two are a paragraph.
    fn line_break(&mut self) {
        if self.open.gap == Gap::Line && self.done.len() < MAX_BLOCKS {
            self.flush();
        } else {
            self.open.gap = Gap::Line;
        }
    }

    fn flush(&mut self) {
        let open = std::mem::take(&mut self.open);
        if let Some((node, last, holder)) = open.place {
            let kind = kind(self.page, holder);
            let Open { text, weight, linked, .. } = open;
            self.done.push(Block { text, node, last, holder, kind, weight, linked });
        }
    }
}

/// The kind of a block by the elements around it, innermost first.
fn kind(page: &Page, holder: usize) -> Kind {
    page.lineage(holder)
        .take(3)
        .find_map(|node| match page.tag(node) {
            "p" => Some(Kind::Paragraph),
            "li" | "dd" | "dt" => Some(Kind::Item),
            "h1" => Some(Kind::Heading(1)),
            "h2" => Some(Kind::Heading(2)),
            "h3" => Some(Kind::Heading(3)),
            "h4" | "h5" | "h6" => Some(Kind::Heading(4)),
            _ => None,
        })
        .unwrap_or(Kind::Other)
}

/// What a character adds to a block's weight.
fn weight(c: char) -> usize {
    match c {
        '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' => 3,
        _ => 1,
    }
}

/// Characters that take no room: controls, soft hyphens, zero-width spaces, marks of direction. The zero-width joiner
/// and non-joiner stay: they are spelling in Persian and the languages of India.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` with runs of white space made one space, trimmed, without characters that take no room.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if !is_invisible(c) {
            if gap && !clean.is_empty() {
                clean.push(' ');
            }
            gap = false;
            clean.push(c);
        }
    }
    clean
}
