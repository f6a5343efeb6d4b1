//! Outlets and agencies with their names, aliases and hosts: lookups over the list in [`super::outlets`].

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::OriginKind;
use super::outlets::OUTLETS;

/// An outlet or agency.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outlet {
    /// As shown to the person.
    pub name: &'static str,
    /// Newspaper, broadcaster, site; or wire agency.
    pub kind: OriginKind,
    /// Other spellings, separated by `|`. One that begins with "The " counts only with its article, as the bare word
    /// ("Guardian", "Hill", "Sun") usually means something else.
    pub aliases: &'static str,
    /// Hosts, separated by spaces, without `www.`; their subdomains belong to them.
    pub hosts: &'static str,
}

impl Outlet {
    /// The last word of the name: by it a text may mean the outlet once it has named it ("the Times").
    pub(super) fn last_word(&self) -> &'static str {
        self.name.rsplit(' ').next().unwrap_or(self.name)
    }
}

/// One way to write an outlet's name.
struct Alias {
    outlet: &'static Outlet,
    words: Vec<&'static str>,
    needs_article: bool,
}

/// Aliases by their first word in lower case, longest first.
static ALIASES: LazyLock<HashMap<String, Vec<Alias>>> = LazyLock::new(|| {
    let mut aliases: HashMap<String, Vec<Alias>> = HashMap::new();
    for outlet in OUTLETS {
        let spellings = outlet.aliases.split('|').filter(|alias| !alias.is_empty());
        // A name of several words after "The" is unmistakable without it ("New York Times").
        let own = outlet.name.strip_prefix("The ").filter(|rest| rest.contains(' ')).unwrap_or(outlet.name);
        for spelling in std::iter::once(own).chain(spellings) {
            let bare = spelling.strip_prefix("The ");
            let words: Vec<&str> = words_of(bare.unwrap_or(spelling)).collect();
            let Some(first) = words.first() else { continue };
            let alias = Alias { outlet, needs_article: bare.is_some(), words: words.clone() };
            aliases.entry(first.to_lowercase()).or_default().push(alias);
        }
    }
    for list in aliases.values_mut() {
        list.sort_by_key(|alias| std::cmp::Reverse(alias.words.len()));
    }
    aliases
});

/// The same by their first word as a text writes it: most words of a text begin no name, and are only looked up.
static WRITTEN: LazyLock<HashMap<String, Vec<&'static Alias>, RandomState>> = LazyLock::new(|| {
    let mut written: HashMap<String, Vec<&Alias>, RandomState> = HashMap::default();
    for alias in ALIASES.values().flatten() {
        let Some(first) = alias.words.first() else { continue };
        let ways = [(*first).to_owned(), first.to_uppercase()];
        let distinct = if ways.first() == ways.last() { 1 } else { 2 };
        for way in ways.into_iter().take(distinct).filter(|way| same_word(first, way)) {
            written.entry(way).or_default().push(alias);
        }
    }
    for list in written.values_mut() {
        list.sort_by_key(|alias| std::cmp::Reverse(alias.words.len()));
    }
    written
});

/// Outlets by host.
static HOSTS: LazyLock<HashMap<&'static str, &'static Outlet>> = LazyLock::new(|| {
    OUTLETS.iter().flat_map(|outlet| outlet.hosts.split(' ').map(move |host| (host, outlet))).collect()
});

/// The canonical name of the outlet at `host` ("nytimes.com" → "The New York Times"), if the gazetteer knows it.
#[must_use]
pub fn outlet_name(host: &str) -> Option<&'static str> {
    by_host(host).map(|outlet| outlet.name)
}

fn by_host(host: &str) -> Option<&'static Outlet> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let mut rest = host.as_str();
    // No host name has more labels than this that matter; a hostile one may have thousands.
    for _ in 0..6 {
        if let Some(outlet) = HOSTS.get(rest) {
            return Some(outlet);
        }
        rest = rest.split_once('.')?.1;
    }
    None
}

/// The outlet that is called `name`, by its name, an alias or its host.
pub(super) fn by_name(name: &str) -> Option<&'static Outlet> {
    // No name has more words; a hostile one may.
    let words: Vec<&str> = words_of(name).take(12).collect();
    let words = match words.split_first() {
        Some((article, rest)) if article.eq_ignore_ascii_case("the") && !rest.is_empty() => rest,
        _ => words.as_slice(),
    };
    let first = words.first()?.to_lowercase();
    let same = |alias: &&Alias| {
        alias.words.len() == words.len()
            && alias.words.iter().zip(words).all(|(a, b)| a.to_lowercase() == b.to_lowercase())
    };
    let alias = ALIASES.get(&first).and_then(|aliases| aliases.iter().find(same));
    alias.map(|alias| alias.outlet).or_else(|| by_host(name.trim()))
}

/// The outlet that is named at the start of `words`, with the number of words that name it. `after_article`: "the" stands
/// before them.
pub(super) fn named<'a>(
    words: &(impl Iterator<Item = &'a str> + Clone),
    after_article: bool,
) -> Option<(&'static Outlet, usize)> {
    let alias = WRITTEN.get(words.clone().next()?)?.iter().find(|alias| {
        (after_article || !alias.needs_article) && {
            let mut text = words.clone();
            alias.words.iter().all(|word| text.next().is_some_and(|found| same_word(word, found)))
        }
    })?;
    Some((alias.outlet, alias.words.len()))
}

/// A name is written as it is, or all in capitals if it is long enough not to be some other abbreviation then.
fn same_word(alias: &str, found: &str) -> bool {
    alias == found || alias.len() > 3 && alias.to_uppercase() == found
}

/// Runs of letters and digits.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn hosts_and_their_subdomains_name_an_outlet() {
        assert_eq!(outlet_name("nytimes.com"), Some("The New York Times"));
        assert_eq!(outlet_name("WWW.NYTimes.com."), Some("The New York Times"));
        assert_eq!(outlet_name("edition.cnn.com"), Some("CNN"));
        assert_eq!(outlet_name("notnytimes.com"), None);
        assert_eq!(outlet_name(""), None);
    }

    #[test]
    fn names_are_found_by_any_spelling() {
        for (written, name) in [
            ("NYT", "The New York Times"),
            ("the guardian", "The Guardian"),
            ("AFP", "AFP"),
            ("bbc.co.uk", "BBC"),
        ] {
            assert_eq!(by_name(written).map(|outlet| outlet.name), Some(name), "{written}");
        }
        assert_eq!(by_name("Harbour Post"), None);
    }

    #[test]
    fn a_common_word_names_an_outlet_only_after_its_article() {
        let guardian = |article| {
            named(&["Guardian", "said"].into_iter(), article).map(|(outlet, words)| (outlet.name, words))
        };
        assert_eq!(guardian(false), None);
        assert_eq!(guardian(true), Some(("The Guardian", 1)));
    }

    #[test]
    fn the_list_is_long_and_consistent() {
        assert!(OUTLETS.len() >= 150, "{}", OUTLETS.len());
        let names: HashSet<&str> = OUTLETS.iter().map(|outlet| outlet.name).collect();
        assert_eq!(names.len(), OUTLETS.len(), "a name stands twice");
        let hosts: Vec<&str> = OUTLETS.iter().flat_map(|outlet| outlet.hosts.split(' ')).collect();
        assert_eq!(hosts.iter().collect::<HashSet<_>>().len(), hosts.len(), "a host stands twice");
        for outlet in OUTLETS {
            assert_eq!(by_name(outlet.name), Some(outlet), "{} is shadowed", outlet.name);
        }
    }
}
