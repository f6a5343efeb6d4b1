//! What part each element plays on its page, by its tag, its role and the words in its class and id.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::blocks::{Block, Kind};
use super::dom::Page;

/// The part that an element plays, with all that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Nothing speaks against it.
    #[default]
    Plain,
    /// The head of the article: headline, standfirst, byline.
    Header,
    /// Not the article.
    Furniture,
}

/// Tags that never hold the article's text.
const FURNITURE_TAGS: [&str; 18] = [
    "nav",
    "footer",
    "aside",
    "button",
    "select",
    "dialog",
    "menu",
    "figcaption",
    "option",
    "datalist",
    "head",
    "title",
    "amp-ad",
    "amp-sidebar",
    "amp-consent",
    "amp-lightbox",
    "amp-user-notification",
    "caption",
];
/// ARIA roles of the same sort.
const FURNITURE_ROLES: [&str; 11] = [
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "dialog",
    "alertdialog",
    "alert",
    "menu",
    "menubar",
    "toolbar",
];
/// Words of class and id, or two neighbouring words run together, that name furniture.
const FURNITURE_WORDS: &str = "ad ads adbox adslot adsense adtext advert adverts advertisement advertising advertorial adwrapper \
    sponsor sponsored sponsors promo promos promotion promoted promobox outbrain taboola plista dianomi \
    adwrap adunit adcontainer nav navbar navigation menu submenu breadcrumb breadcrumbs crumbs masthead \
    topbar toolbar sitemap skiplink siteheader pageheader globalheader sitefooter footer foot pagefooter \
    globalfooter colophon sidebar sidebars rightrail leftrail rightcol rightcolumn rail related \
    relatedarticles relatedcontent relatedposts relatedlinks relateds recommended recommendation \
    recommendations recommend recirc recirculation readmore readnext readalso morefrom moreon morenews \
    morestories morelinks seealso alsolike youmaylike maylike popular mostpopular mostread mostviewed \
    trending toplists toplist latestnews latest topstories upnext whatsnext teaser teasers teaserlist \
    crosslinks crosslink interlink share shares sharing sharebar sharetools shareicons sharelinks \
    sharebuttons social socials socialmedia sociallinks addthis addtoany sharethis sharedaddy follow \
    followus bookmark newsletter newsletters subscribe subscription subscriptions signup mailinglist \
    optin paywallbox subscriber subscribers cookie cookies consent gdpr cookiebanner privacy onetrust \
    cmp comment comments commentlist disqus respond replies livefyre discuss discussion coral spotim \
    viafoura leserkommentare commentaires comentarios tags taglist tagcloud tagged posttags articletags \
    topics topiclist keywords categories authorbio authorbox aboutauthor authorinfo bio biography \
    authorcard abouttheauthor byline bylines dateline timestamp pubdate publishdate postmeta entrymeta \
    articlemeta metadata articleinfo caption captions wpcaption imagecaption photocaption figcaption \
    credit credits photocredit imagecredit copyright mediacredit lightbox \
    swiper slider thumbnail thumbnails videoplayer jwplayer playlist modal popup popover overlay tooltip \
    toast login signin register pagination pager prevnext postnavigation nextprev paging screenreader \
    sronly visuallyhidden visually srtext skip printonly noprint widget widgets poll quiz survey rating \
    ratings feedback vote votes donate donation donations appeal stockquote ticker weather disclaimer \
    correctionpolicy trustproject backtotop totop shoppingcart addtocart affiliate productbox commercial \
    partner partners jobs horoscope crossword reactions emoji rss feedback authoravatar";
/// Words that name the article's own text: they outweigh one word of furniture in the same class.
const ARTICLE_WORDS: &str = "articlebody articlecontent articletext storybody storycontent storytext entrycontent postcontent \
    postbody bodycontent bodytext bodycopy articlecopy maincontent contentbody newsbody newscontent \
    newstext textbody richtext contentmain pagecontent detailcontent detailtext artikelbody artikel \
    texto cuerpo contenido corps";

/// Words that name a standfirst.
const STANDFIRST_WORDS: &str = "standfirst description subtitle subheadline subheading subhead subhed dek deck lead lede chapo \
    chapeau intro introduction summary abstract excerpt teaser vorspann sottotitolo entradilla bajada \
    sapo kicker preamble ingress manchet lid";

/// Words that name who wrote the article.
const BYLINE_WORDS: &str = "byline bylines author authors authorname autor auteur";

/// What a word of class or id tells, a bit for each list that has it.
static WORDS: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let lists = [
        (FURNITURE, FURNITURE_WORDS),
        (ARTICLE, ARTICLE_WORDS),
        (STANDFIRST, STANDFIRST_WORDS),
        (BYLINE, BYLINE_WORDS),
    ];
    let mut words = HashMap::new();
    for (bit, list) in lists {
        for word in list.split_whitespace() {
            *words.entry(word).or_default() |= bit;
        }
    }
    words
});
const FURNITURE: u8 = 1;
const ARTICLE: u8 = 2;
const STANDFIRST: u8 = 4;
const BYLINE: u8 = 8;

/// What is said of an element by its own tag, attributes and names.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part {
    pub(super) role: Role,
    /// How strongly it is marked as the text of the article, 0 to 3.
    pub(super) mark: u8,
    /// Called a standfirst.
    pub(super) standfirst: bool,
    /// Called the author or the byline.
    pub(super) byline: bool,
}

/// Whether the words of class and id that name furniture are heeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    Heeded,
    Ignored,
}

/// The part of every element; the role is handed down to what it holds. `holds(node)` is the share of the page's
/// running text that stands in `node`: a wrapper named "has-sidebar" around everything is no sidebar, if it holds the
/// headline too (one of `heads`; none: whatever it holds). Comments may be most of a page.
pub(super) fn parts(
    page: &Page,
    heads: &[usize],
    names: Naming,
    cards: &[bool],
    holds: impl Fn(usize) -> f32,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::with_capacity(page.len());
    // The innermost element marked as the article's text around the current one: (one past its end, its share).
    let mut marked: Vec<(usize, f32)> = Vec::new();
    // The same names come again and again.
    let mut known: HashMap<(&str, &str), Told> = HashMap::new();
    let pieces = Pieces::default();
    for node in 0..page.len() {
        let inherited = parts.get(page.parent(node)).map(|part| part.role).unwrap_or_default();
        let mut part = if page.tag(node).is_empty() {
            Part::default()
        } else {
            let classes =
                (page.attr(node, "class").unwrap_or_default(), page.attr(node, "id").unwrap_or_default());
            let mut told = *known.entry(classes).or_insert_with(|| Told::by(classes));
            while marked.last().is_some_and(|&(end, _)| end <= node) {
                marked.pop();
            }
            // What is most of a marked text is no furniture in it ("subscriber-preview").
            let most = marked.last().is_some_and(|&(_, share)| share > 0.2 && holds(node) > 0.5 * share);
            told.furniture &= names == Naming::Heeded && !most;
            // What stands in furniture is furniture, whatever it is called.
            told.furniture &=
                inherited == Role::Furniture || !pieces.continue_beside(page, node, told, &holds);
            let part = own(page, node, told, &holds, heads);
            if part.mark >= 2 {
                marked.push((page.end(node), holds(node)));
            }
            part
        };
        if cards.get(node).copied().unwrap_or_default() {
            part.role = Role::Furniture;
        }
        if inherited == Role::Furniture || part.role == Role::Plain {
            part.role = inherited;
        }
        parts.push(part);
    }
    parts
}

/// The elements whose class names the article's text, by class: found when first asked for.
#[derive(Default)]
struct Pieces<'p>(OnceCell<HashMap<&'p str, Vec<usize>>>);

impl<'p> Pieces<'p> {
    /// Least share of the running text that is worth asking about.
    const LEAST: f32 = 0.02;

    /// True if `node`, named as furniture, holds pieces of the article's text that go on beside it: a paywall parts
    /// its text in a "teaser" and a "remainder". Cards of other articles have the same pieces in boxes like themselves.
    fn continue_beside(
        &self,
        page: &'p Page,
        node: usize,
        told: Told,
        holds: &impl Fn(usize) -> f32,
    ) -> bool {
        if !told.furniture || told.article || holds(node) < Self::LEAST {
            return false;
        }
        let (Some(class), parent) = (page.attr(node, "class"), page.parent(node)) else { return false };
        let pieces = self.0.get_or_init(|| Self::of(page));
        let is_like = |outer: usize| page.attr(outer, "class") == Some(class);
        pieces.values().any(|nodes| {
            let from = |at: usize| nodes.partition_point(|&piece| piece < at);
            let (inside, around) = (from(node)..from(page.end(node)), from(parent)..from(page.end(parent)));
            let beside = around.clone().filter(|at| !inside.contains(at)).filter_map(|at| nodes.get(at));
            !inside.is_empty()
                && beside.take(20).any(|&piece| {
                    page.lineage(piece).take_while(|&outer| outer != parent).all(|outer| !is_like(outer))
                })
        })
    }

    fn of(page: &'p Page) -> HashMap<&'p str, Vec<usize>> {
        let mut pieces: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut known: HashMap<&str, bool> = HashMap::new();
        for node in 0..page.len() {
            let Some(class) = page.attr(node, "class") else { continue };
            let told = || Told::by((class, ""));
            if *known.entry(class).or_insert_with(|| told().article && !told().furniture) {
                pieces.entry(class).or_default().push(node);
            }
        }
        pieces
    }
}

/// What the words in class and id tell.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one answer for each list of words; any of them may be true together"
)]
struct Told {
    furniture: bool,
    article: bool,
    standfirst: bool,
    byline: bool,
}

impl Told {
    fn by((class, id): (&str, &str)) -> Self {
        let told = Names::of([class, id]).told();
        Self {
            furniture: told & FURNITURE != 0,
            article: told & ARTICLE != 0,
            standfirst: told & STANDFIRST != 0,
            byline: told & BYLINE != 0,
        }
    }
}

/// The part of an element, without regard to what holds it.
fn own(page: &Page, node: usize, told: Told, holds: &impl Fn(usize) -> f32, heads: &[usize]) -> Part {
    let tag = page.tag(node);
    let itemprop = page.attr(node, "itemprop").unwrap_or_default();
    let frame = matches!(tag, "html" | "body" | "main" | "article");
    let aria = page.attr(node, "role").unwrap_or_default();
    let marked = itemprop.split_whitespace().any(|name| name == "articleBody");
    let role = if frame || marked {
        Role::Plain
    } else if tag == "header" && in_article(page, node) {
        if holds(node) > 0.5 { Role::Plain } else { Role::Header }
    } else if FURNITURE_TAGS.contains(&tag) && !(tag == "footer" && signs_quotation(page, node))
        || holds(node) < 0.5 && (matches!(tag, "header" | "form") || FURNITURE_ROLES.contains(&aria))
        || told.furniture && !told.article && (holds(node) < 0.4 || !is_head_in(page, node, heads))
    {
        Role::Furniture
    } else {
        Role::Plain
    };
    let mark = match tag {
        _ if marked => 3,
        "html" | "body" => 0,
        _ if told.article => 2,
        "main" | "article" => 1,
        _ => u8::from(aria == "main"),
    };
    let standfirst = matches!(itemprop, "description" | "alternativeHeadline") || told.standfirst;
    let byline = itemprop == "author" || page.attr(node, "rel") == Some("author") || told.byline;
    Part { role, mark, standfirst, byline }
}

/// What shows that an element around it holds the article, in document order: its headline, the page's `<main>`, an
/// `<article>` that is no comment.
pub(super) fn heads(page: &Page, blocks: &[Block]) -> Vec<usize> {
    let title = page.elements("title").next().map(|node| page.text_in(node, 2000)).unwrap_or_default();
    let mut heads: Vec<usize> = (1..page.len())
        .filter(|&node| match page.tag(node) {
            "h1" | "main" => true,
            "article" => {
                !Told::by((
                    page.attr(node, "class").unwrap_or_default(),
                    page.attr(node, "id").unwrap_or_default(),
                ))
                .furniture
            }
            _ => page.attr(node, "itemprop").is_some_and(|names| names.contains("articleBody")),
        })
        .collect();
    let named = |block: &&Block| {
        matches!(block.kind, Kind::Heading(_)) && block.weight >= 15 && title.contains(&block.text)
    };
    heads.extend(blocks.iter().filter(named).map(|block| block.node));
    heads.sort_unstable();
    heads
}

/// True if `node` holds one of `heads`, or there are none to tell by.
fn is_head_in(page: &Page, node: usize, heads: &[usize]) -> bool {
    let next = heads.partition_point(|&head| head < node);
    heads.is_empty() || heads.get(next).is_some_and(|&head| head < page.end(node))
}

/// True for a `<footer>` that says whose words a `<blockquote>` holds.
fn signs_quotation(page: &Page, node: usize) -> bool {
    page.lineage(page.parent(node)).take(2).any(|outer| page.tag(outer) == "blockquote")
}

/// True inside an `<article>` or `<main>`.
fn in_article(page: &Page, node: usize) -> bool {
    page.lineage(node).any(|outer| matches!(page.tag(outer), "article" | "main"))
}

/// The words of an element's class and id.
struct Names(Vec<String>);

impl Names {
    /// Most words that are looked at; utility class lists run to hundreds.
    const MAX: usize = 40;

    fn of(names: [&str; 2]) -> Self {
        let mut words = Vec::new();
        for name in names {
            for chunk in name.split_whitespace() {
                if words.len() >= Self::MAX {
                    break;
                }
                Self::split(chunk, &mut words);
                words.push(String::new());
            }
        }
        Self(words)
    }

    /// Splits `site-headerNav` into site, header, nav; `ad12` is ad, but `9ad1f` (a hash) is no word.
    fn split(chunk: &str, words: &mut Vec<String>) {
        let mut word = String::new();
        let mut lower = false;
        for c in chunk.chars().take(80).chain([' ']) {
            if (!c.is_alphanumeric() || (lower && c.is_uppercase())) && !word.is_empty() {
                word.truncate(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
                words.push(std::mem::take(&mut word));
            }
            lower = c.is_lowercase();
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
        }
    }

    /// What the words tell, alone or as two neighbours run together: the bits of [`WORDS`].
    fn told(&self) -> u8 {
        let (mut told, mut both) = (0, String::new());
        let word = |at: usize| self.0.get(at).map_or("", String::as_str);
        for at in 0..self.0.len() {
            // "has-sidebar" stands at what is beside the sidebar.
            let before = at.checked_sub(1).map_or("", word);
            if word(at).is_empty()
                || matches!(before, "has" | "with" | "no" | "without" | "not" | "hide" | "is")
            {
                continue;
            }
            told |= WORDS.get(word(at)).copied().unwrap_or_default();
            if !word(at + 1).is_empty() {
                both.clear();
                both.push_str(word(at));
                both.push_str(word(at + 1));
                told |= WORDS.get(both.as_str()).copied().unwrap_or_default();
            }
        }
        told
    }
}
