//! Which keys there are, by table: the reader refuses all others, and the example file is tested to mention each.

/// The keys of one kind of table.
#[derive(Debug)]
pub(super) struct Shape {
    /// How a person writes or calls it: `[fetch]`, "a line of `all` or `any`".
    pub(super) name: &'static str,
    /// What is read.
    pub(super) keys: &'static [&'static str],
    /// What is planned: refused as such, not as a typing error.
    pub(super) later: &'static [&'static str],
}

pub(super) static MAIN: Shape = Shape {
    name: "the main file",
    keys: &[
        "include", "fetch", "host", "feed", "page", "sitemap", "sets", "trust", "defaults", "topic",
        "alerts", "channel", "store",
    ],
    later: &[],
};
pub(super) static INCLUDED: Shape = Shape {
    name: "an included file",
    keys: &["feed", "page", "sitemap", "sets", "trust", "topic"],
    later: &[],
};
pub(super) static FETCH: Shape = Shape {
    name: "[fetch]",
    keys: &[
        "contact",
        "interval",
        "min_interval",
        "max_interval",
        "backoff",
        "workers",
        "per_host",
        "spacing",
        "allow",
        "articles",
        "robots",
        "connect_timeout",
        "header_timeout",
        "total_timeout",
        "max_bytes",
    ],
    later: &[],
};
pub(super) static HOST: Shape =
    Shape { name: "[[host]]", keys: &["name", "spacing", "per_host"], later: &[] };
/// Of a source that lists its entries by itself.
const LISTED: &[&str] =
    &["url", "name", "tags", "interval", "min_interval", "max_interval", "articles", "robots", "first_look"];
pub(super) static FEED: Shape = Shape { name: "[[feed]]", keys: LISTED, later: &[] };
pub(super) static PAGE: Shape = Shape {
    name: "[[page]]",
    keys: &[
        "url",
        "links",
        "watch",
        "name",
        "tags",
        "interval",
        "min_interval",
        "max_interval",
        "articles",
        "robots",
        "first_look",
    ],
    later: &[],
};
pub(super) static SITEMAP: Shape = Shape { name: "[[sitemap]]", keys: LISTED, later: &[] };
pub(super) static DEFAULTS: Shape = Shape { name: "[defaults]", keys: &["topic"], later: &[] };
pub(super) static TOPIC_DEFAULTS: Shape = Shape {
    name: "[defaults.topic]",
    keys: &["lang", "fields", "min_score", "severity", "cooldown"],
    later: &[],
};
pub(super) static TOPIC: Shape = Shape {
    name: "[topic.ID]",
    keys: &[
        "name",
        "query",
        "all",
        "any",
        "min",
        "near",
        "also",
        "none",
        "mask",
        "in",
        "boost",
        "escalate",
        "sources",
        "fields",
        "min_score",
        "severity",
        "cooldown",
        "lang",
        "channels",
    ],
    later: &["examples", "expect"],
};
pub(super) static WAY: Shape =
    Shape { name: "a further way in (`also`)", keys: &["all", "any", "min", "near"], later: &[] };
pub(super) static LINE: Shape =
    Shape { name: "a line of `all` or `any`", keys: &["term", "any", "weight"], later: &[] };
pub(super) static ESCALATION: Shape =
    Shape { name: "an entry of `escalate`", keys: &["to", "when", "min_score"], later: &[] };
pub(super) static SOURCES: Shape = Shape { name: "`sources`", keys: &["only", "skip"], later: &[] };
pub(super) static FIELDS: Shape =
    Shape { name: "`fields`", keys: &["title", "lead", "body", "furniture"], later: &[] };
pub(super) static ALERTS: Shape =
    Shape { name: "[alerts]", keys: &["channels", "quiet_hours", "health"], later: &[] };
pub(super) static QUIET: Shape = Shape { name: "`quiet_hours`", keys: &["from", "to", "except"], later: &[] };
pub(super) static CHANNEL: Shape = Shape { name: "[channel.NAME]", keys: &["type"], later: &[] };
pub(super) static STORE: Shape = Shape { name: "[store]", keys: &["path", "keep"], later: &[] };
pub(super) static KEEP: Shape = Shape { name: "`keep`", keys: &["text", "seen"], later: &[] };

/// Channel types that are planned.
pub(super) const LATER_CHANNELS: [&str; 4] = ["webhook", "ntfy", "email", "exec"];

/// Every table there is.
pub(super) static ALL: [&Shape; 19] = [
    &MAIN,
    &FETCH,
    &HOST,
    &FEED,
    &PAGE,
    &SITEMAP,
    &DEFAULTS,
    &TOPIC_DEFAULTS,
    &TOPIC,
    &WAY,
    &LINE,
    &ESCALATION,
    &SOURCES,
    &FIELDS,
    &ALERTS,
    &QUIET,
    &CHANNEL,
    &STORE,
    &KEEP,
];

impl Shape {
    /// What to do about `key`, which is none of this table's.
    pub(super) fn hint(&self, key: &str) -> String {
        if let Some(near) = nearest(key, self.keys.iter().copied()) {
            return format!("did you mean `{near}`?");
        }
        let homes: Vec<&str> = ALL.iter().filter(|s| s.keys.contains(&key)).map(|s| s.name).take(3).collect();
        if homes.is_empty() {
            format!("known in {}: {}", self.name, self.keys.join(", "))
        } else {
            format!("it belongs in {}", homes.join(" or "))
        }
    }
}

/// The candidate that `word` was probably meant to be: the same but for case, dashes and spaces, or within a third of
/// its letters.
pub(super) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let plain: String = word
        .chars()
        .take(64)
        .map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() })
        .collect();
    let allowed = (plain.chars().count() / 3).max(1);
    candidates
        .map(|candidate| (strsim::osa_distance(&plain, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        assert_eq!(TOPIC.hint("naer"), "did you mean `near`?");
        assert_eq!(TOPIC.hint("Min-Score"), "did you mean `min_score`?");
        assert_eq!(FETCH.hint("intervall"), "did you mean `interval`?");
        assert_eq!(FETCH.hint("connect-timeout"), "did you mean `connect_timeout`?");
    }

    #[test]
    fn a_key_in_the_wrong_table_is_sent_home() {
        assert_eq!(STORE.hint("quiet_hours"), "it belongs in [alerts]");
        assert_eq!(FETCH.hint("include"), "it belongs in the main file");
    }

    #[test]
    fn an_unknown_word_gets_the_list() {
        assert_eq!(STORE.hint("zzzzzz"), "known in [store]: path, keep");
    }
}
