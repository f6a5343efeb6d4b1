//! What sort of page an article stands on: a plain one, a live blog, a video with some lines, the start of a paid text.

use serde::{Deserialize, Serialize};

use super::jsonld::JsonLd;
use super::metadata::Meta;
use super::stub;

/// The sort of a page that holds an article. Pages that hold none are an [`super::ExtractError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A text that stands for itself.
    #[default]
    Article,
    /// Posts that are added to while something happens.
    Live,
    /// A video with a few lines beside it.
    Video,
    /// The start of a text that only subscribers may read.
    Paywall,
}

impl Kind {
    /// The word for it in `--json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Live => "live",
            Self::Video => "video",
            Self::Paywall => "paywall",
        }
    }
}

/// Texts of more words are whole, whatever the page says of subscriptions, and more than what stands beside a video.
const WHOLE: usize = 150;
/// What pages say where a text stops for those who do not pay.
const PAY: [&str; 20] = [
    "subscribe to continue",
    "subscribe to read",
    "to continue reading",
    "continue reading with",
    "this article is for subscribers",
    "for subscribers only",
    "subscribers only",
    "already a subscriber",
    "unlock this article",
    "start your free trial",
    "weiterlesen mit",
    "jetzt weiterlesen",
    "nur für abonnenten",
    "réservé aux abonnés",
    "pour lire la suite",
    "solo para suscriptores",
    "exclusivo para assinantes",
    "per gli abbonati",
    "有料会員",
    "только для подписчиков",
];
/// Words of a title that name a live page, at its start or end.
const LIVE: [&str; 14] = [
    "live",
    "live updates",
    "live blog",
    "liveblog",
    "liveticker",
    "newsblog",
    "en direct",
    "en vivo",
    "directo",
    "ao vivo",
    "em direto",
    "diretta",
    "онлайн",
    "прямой эфир",
];

/// The sort of the page whose article is `text`, under `title`, with `furniture` beside it.
pub(super) fn kind(title: &str, text: &str, furniture: &str, meta: &Meta<'_>, ld: &JsonLd) -> Kind {
    if ld.live || !ld.updates.is_empty() || names_live(title) {
        return Kind::Live;
    }
    if stub::count(text) >= WHOLE {
        return Kind::Article;
    }
    let lower = furniture.to_lowercase();
    if ld.free == Some(false)
        || PAY.iter().any(|phrase| lower.contains(phrase)) && !ld.free.unwrap_or_default()
    {
        return Kind::Paywall;
    }
    let shows_video = meta.get(&["og:type"]).is_some_and(|kind| kind.starts_with("video"));
    if shows_video || ld.video && !ld.article {
        return Kind::Video;
    }
    Kind::Article
}

/// True for "Storm on the coast – live", "Live: storm on the coast"; not for "They live by the coast".
pub(super) fn names_live(title: &str) -> bool {
    let title = title.to_lowercase();
    let parts = title.split([':', '|', '–', '—', '-', '•']).map(str::trim).collect::<Vec<_>>();
    parts.len() > 1 && [parts.first(), parts.last()].into_iter().flatten().any(|part| LIVE.contains(part))
}

#[cfg(test)]
mod tests {
    use super::names_live;

    #[test]
    fn live_pages_name_themselves_at_an_end() {
        for title in ["Storm on the coast – live", "Live: storm on the coast", "Шторм на побережье — онлайн"]
        {
            assert!(names_live(title), "{title}");
        }
        for title in ["They live by the coast", "Live music returns", "Storm: how they live", "Live"] {
            assert!(!names_live(title), "{title}");
        }
    }
}
