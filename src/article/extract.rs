//! The extractor: which part of a page is the article, and which is furniture.

use url::Url;

use super::blocks::{Block, blocks};
use super::choose::{Sums, running};
use super::dom::Page;
use super::metadata::{self, Meta};
use super::roles::{Naming, Part};
use super::stub::Stub;
use super::title::Places;
use super::zones::Zones;
use super::{Article, ExtractError, TextFrom};
use super::{
    Evidence, Kind, Template, cards, embedded, jsonld, kind, live, microdata, roles, stub, title, zones,
};
use crate::clock::Timestamp;
use crate::text::language;

/// What is known beside the page, mostly from the feed.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// The entry's title.
    pub title: Option<String>,
    /// The entry's date.
    pub published: Option<Timestamp>,
    /// The entry's or feed's language.
    pub language: Option<String>,
    /// The HTTP Content-Type.
    pub content_type: Option<String>,
    /// The entry's summary or content as plain text: what the body should resemble.
    pub text: Option<String>,
    /// The time of reading: nothing was published after it.
    pub now: Option<Timestamp>,
    /// What the last pages of the host held.
    pub template: Option<Template>,
}

/// So many blocks before the text are searched for its date, where no headline stands.
const FEW: usize = 8;

/// Extracts the article of an HTML page.
///
/// # Errors
/// When there is no article: no text, too deep or too large to parse safely, or a stub (consent wall, error page).
pub fn extract(html: &str, url: &Url, hints: &Hints) -> Result<Article, ExtractError> {
    if let Some(kind) = hints.content_type.as_deref().filter(|kind| !is_html(kind)) {
        return Err(ExtractError::NoArticle(format!("the page is {kind}, not HTML")));
    }
    let page = Page::parse(html)?;
    let blocks = blocks(&page);
    let text = Sums::new(&page, &blocks, running);
    let holds = |node| text.of(&page, node) / text.all().max(1.0);
    let cards = cards::cards(&page, &blocks);
    let item = microdata::article(&page, &text);
    let (meta, mut ld) = (Meta::of(&page, item), jsonld::read(&page));
    if let Some(item) = item {
        microdata::add(&page, item, &mut ld);
    }
    let site = metadata::site(&meta, &ld);
    let description = meta.text(&["description", "og:description"]).or_else(|| hints.text.clone());
    let sort = |heads: &[usize], naming: Naming| {
        let parts = roles::parts(&page, heads, naming, &cards, holds);
        let (headline, named_by) = title::title(&Places {
            page: &page,
            blocks: &blocks,
            parts: &parts,
            meta: &meta,
            ld: &ld,
            site: site.as_deref(),
            url,
            hint: hints.title.as_deref(),
        });
        let zones =
            zones::sort(&page, &blocks, &parts, &headline, description.as_deref(), hints.template.as_ref());
        (parts, (headline, named_by), zones)
    };
    let heads = roles::heads(&page, &blocks);
    let (mut parts, mut named, mut zones) = sort(&heads, Naming::Heeded);
    if zones.lead.is_empty() && !heads.is_empty() {
        // The text stands apart from its headline, in a wrapper with a name that misleads.
        (parts, named, zones) = sort(&[], Naming::Heeded);
    }
    if zones.words() < stub::FEWEST_WORDS {
        // Names may mislead altogether.
        let other = sort(&heads, Naming::Ignored);
        if other.2.words() >= stub::FEWEST_WORDS {
            (parts, named, zones) = other;
        } else if let Some(embedded) = embedded::zones(html, &named.0) {
            zones = Zones { start: zones.start, ..embedded };
        }
    }
    let (headline, named_by) = named;
    if let Some(body) = &ld.body {
        zones.prefer(body);
    }
    let article_text = format!("{}\n\n{}", zones.lead, zones.body);
    let kind = kind::kind(&headline, &article_text, &zones.furniture, &meta, &ld);
    refuse(&headline, &article_text, kind, hints)?;
    let near = near_headline(&page, &blocks, &parts, &headline, zones.start);
    let (published, published_from) = match hints.published {
        Some(date) => (Some(date), "feed"),
        None => {
            let found = metadata::published(&page, &meta, &ld, near.clone(), url, hints.now);
            found.map_or((None, ""), |(date, from)| (Some(date), from))
        }
    };
    let declared = metadata::language(&page, &meta, &ld).or_else(|| hints.language.clone());
    let posts = if kind == Kind::Live { live::posts(&page, &blocks, &ld) } else { Vec::new() };
    zones.head(&posts);
    let language = language::detect(&article_text, declared.as_deref());
    let spoken = if declared.is_none() || language != language::detect("", declared.as_deref()) {
        "words"
    } else {
        "declared"
    };
    let below = blocks.iter().filter(|block| near.contains(&block.node) || block.node == zones.start);
    let (byline, signed_by) = metadata::byline(&page, &meta, &ld, &parts, below).unzip();
    Ok(Article {
        evidence: Evidence {
            title: named_by.to_owned(),
            byline: signed_by.unwrap_or_default().to_owned(),
            language: language.as_ref().map_or("", |_| spoken).to_owned(),
        },
        sketch: zones.sketch,
        credit: ld.supplier.clone().or(zones.credit),
        quotes: zones.quotes,
        captions: zones.captions,
        kind,
        posts,
        url: Some(url.clone()),
        canonical_url: metadata::canonical(&page, &meta, url),
        byline,
        published,
        published_from: published_from.to_owned(),
        modified: metadata::modified(&meta, &ld),
        language,
        site,
        text_from: TextFrom::Page,
        title: headline,
        lead: zones.lead,
        body: zones.body,
        furniture: zones.furniture,
    })
}

/// Refuses what is no article, and the start of one where the feed says more.
fn refuse(headline: &str, text: &str, kind: Kind, hints: &Hints) -> Result<(), ExtractError> {
    let (words, of_feed) = (stub::count(text), hints.text.as_deref().map_or(0, stub::count));
    match stub::stub(headline, text) {
        // The feed's text stands in for a short page, unless it is shorter still.
        Some(Stub::Short(_)) if (1..words).contains(&of_feed) => Ok(()),
        Some(Stub::Short(what)) => Err(ExtractError::TooShort(what)),
        Some(Stub::Other(what)) => Err(ExtractError::NoArticle(what)),
        None if kind == Kind::Paywall && of_feed > words => Err(ExtractError::OnlyTheStart),
        None => Ok(()),
    }
}

/// The nodes from the headline to the text, which starts at `start`: where the date is looked for.
fn near_headline(
    page: &Page,
    blocks: &[Block],
    parts: &[Part],
    headline: &str,
    start: usize,
) -> std::ops::Range<usize> {
    let before = || blocks.iter().rev().skip_while(|block| block.node >= start);
    let standing = || before().find(|block| title::same(&block.text, headline));
    let head = metadata::head(page, parts, headline)
        .or_else(|| standing().or_else(|| before().take(FEW).last()).map(|block| block.node))
        .unwrap_or(start);
    head.min(start)..start.max(head)
}

/// True for content types that hold HTML, or may: many servers call it plain text or XML.
fn is_html(content_type: &str) -> bool {
    let kind = content_type.to_ascii_lowercase();
    kind.trim().is_empty()
        || kind.contains("html")
        || kind.contains("xml")
        || kind.starts_with("text/")
        || kind.contains("octet-stream")
}
