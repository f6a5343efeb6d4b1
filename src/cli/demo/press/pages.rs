//! A path and a phase → what an outlet serves there: its feed or listing, an article page, or nothing.

use serde_json::json;

use super::content::Piece;
use super::{Outlet, Phase, feeds};
use crate::clock::Timestamp;

/// Something to serve.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) content_type: &'static str,
    pub(super) body: String,
    /// When the newest thing in it was published.
    pub(super) modified: Option<Timestamp>,
}

/// What `outlet` has at `path` by `phase`; `None` is a 404.
pub(super) fn document(outlet: &Outlet, path: &str, phase: Phase) -> Option<Document> {
    let pieces = outlet.site.published(phase);
    if path == outlet.site.feed_path {
        return Some(feeds::document(outlet, &pieces));
    }
    let piece = pieces.into_iter().find(|piece| piece.path == path)?;
    Some(Document {
        content_type: "text/html; charset=utf-8",
        body: page(outlet, piece),
        modified: Some(piece.date),
    })
}

/// The page of `piece`: the outlet's shell around it.
fn page(outlet: &Outlet, piece: &Piece) -> String {
    let url = address(outlet, piece.path);
    let json_ld = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "description": piece.summary,
        "datePublished": piece.date.to_string(),
        "mainEntityOfPage": url,
        "author": { "@type": "Person", "name": piece.byline },
        "publisher": { "@type": "NewsMediaOrganization", "name": outlet.name },
    });
    let date = piece.date.strftime("%-d %B %Y, %H:%M UTC").to_string();
    // The body comes last, so that nothing is looked for inside it.
    [
        ("{{title}}", escape(piece.title)),
        ("{{byline}}", escape(piece.byline)),
        ("{{date}}", date),
        ("{{iso}}", piece.date.to_string()),
        ("{{url}}", escape(&url)),
        ("{{section}}", escape(piece.section)),
        ("{{summary}}", escape(piece.summary)),
        ("{{json_ld}}", json_ld.to_string().replace("</", "<\\/")),
        ("{{body}}", piece.body.to_owned()),
    ]
    .into_iter()
    .fold(outlet.site.shell.to_owned(), |page, (place, value)| page.replace(place, &value))
}

/// The absolute address of `path` at `outlet`.
pub(super) fn address(outlet: &Outlet, path: &str) -> String {
    format!("{}{path}", outlet.base.as_str().trim_end_matches('/'))
}

/// `text` for the content or an attribute of XML and HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
