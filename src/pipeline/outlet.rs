//! The name under which a person knows who published an article.

use crate::article::Article;
use crate::source::Source;
use crate::story::outlet_name;
use crate::text::address::outlet_host;

/// The person's name for the source, else what the gazetteer calls the article's host, else what the page or the feed
/// calls itself, else the host.
pub(super) fn outlet(source: &Source, article: &Article, feed_title: Option<&str>) -> String {
    if let Some(name) = &source.name {
        return name.clone();
    }
    let host = outlet_host(article.url.as_ref().unwrap_or(&source.url));
    let named = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    outlet_name(&host)
        .map(str::to_owned)
        .or_else(|| article.site.as_deref().and_then(named))
        .or_else(|| feed_title.and_then(named))
        .unwrap_or(host)
}
