//! Pieces → RSS 2.0, Atom, JSON Feed 1.1 or a listing page.

use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::json;

use super::Outlet;
use super::content::{Format, Piece};
use super::pages::{Document, address, escape};
use crate::clock::Timestamp;

/// The feed or listing of `outlet` with `pieces`, newest first.
pub(super) fn document(outlet: &Outlet, pieces: &[&Piece]) -> Document {
    let (content_type, body) = match outlet.site.format {
        Format::Rss => ("application/rss+xml; charset=utf-8", rss(outlet, pieces)),
        Format::Atom => ("application/atom+xml; charset=utf-8", atom(outlet, pieces)),
        Format::Json => ("application/feed+json", json_feed(outlet, pieces)),
        Format::Listing => ("text/html; charset=utf-8", listing(pieces)),
    };
    Document { content_type, body, modified: pieces.first().map(|piece| piece.date) }
}

fn rss(outlet: &Outlet, pieces: &[&Piece]) -> String {
    let items = each(pieces, |piece| {
        format!(
            "<item>\n<title>{}</title>\n<link>{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n<pubDate>{}</pubDate>\n\
             <description>{}</description>\n</item>\n",
            escape(piece.title),
            address(outlet, piece.path),
            id(outlet, piece),
            http_date(piece.date),
            escape(piece.summary),
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\">\n<channel>\n<title>{}</title>\n<link>{}</link>\n\
         <description>News from {}</description>\n<language>{}</language>\n{items}</channel>\n</rss>\n",
        outlet.name, outlet.base, outlet.name, outlet.site.language,
    )
}

fn atom(outlet: &Outlet, pieces: &[&Piece]) -> String {
    let entries = each(pieces, |piece| {
        format!(
            "<entry>\n<title>{}</title>\n<link rel=\"alternate\" href=\"{}\"/>\n<id>{}</id>\n<published>{date}</published>\n\
             <updated>{date}</updated>\n<author><name>{}</name></author>\n<summary>{}</summary>\n</entry>\n",
            escape(piece.title),
            address(outlet, piece.path),
            id(outlet, piece),
            escape(piece.byline),
            escape(piece.summary),
            date = piece.date,
        )
    });
    let updated = pieces.first().map(|piece| piece.date).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title>{}</title>\n<id>tag:{}.example,2023:/</id>\n<link rel=\"self\" href=\"{}\"/>\n<updated>{updated}</updated>\n\
         {entries}</feed>\n",
        outlet.site.language, outlet.name, outlet.site.slug, outlet.feed_url,
    )
}

fn json_feed(outlet: &Outlet, pieces: &[&Piece]) -> String {
    let items: Vec<_> = pieces
        .iter()
        .map(|piece| {
            json!({
                "id": id(outlet, piece),
                "url": address(outlet, piece.path),
                "title": piece.title,
                "content_text": piece.summary,
                "date_published": piece.date.to_string(),
                "authors": [{ "name": piece.byline }],
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.base.as_str(),
        "feed_url": outlet.feed_url.as_str(),
        "language": outlet.site.language,
        "items": items,
    });
    format!("{feed:#}\n")
}

fn listing(pieces: &[&Piece]) -> String {
    let entries = each(pieces, |piece| {
        format!(
            "<article><h2><a href=\"{}\">{}</a></h2><p>{}</p></article>\n",
            piece.path,
            escape(piece.title),
            escape(piece.summary),
        )
    });
    include_str!("pages/pacific-bulletin/listing.html").replace("{{entries}}", &entries)
}

fn each(pieces: &[&Piece], write: impl Fn(&Piece) -> String) -> String {
    pieces.iter().map(|piece| write(piece)).collect()
}

/// The guid of a piece, the same in all formats (RFC 4151).
fn id(outlet: &Outlet, piece: &Piece) -> String {
    format!("tag:{}.example,2023:{}", outlet.site.slug, piece.path)
}

/// `time` as HTTP and RSS write it; in years before 0, which have no such form, an empty string.
pub(super) fn http_date(time: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap_or_default()
}
