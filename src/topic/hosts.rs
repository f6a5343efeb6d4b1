//! Hosts: which sources a topic takes, and how much each is trusted.

use super::problem::Fault;

/// A pattern of host names: `*` stands for any letters, dots too; `*.example.org` holds of example.org itself as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostGlob(Box<str>);

impl HostGlob {
    /// # Errors
    /// If `text` can be no host name.
    pub(super) fn new(text: &str) -> Result<Self, Fault> {
        let glob = text.trim().to_ascii_lowercase();
        if glob.contains("://") || glob.contains('/') {
            let host = glob.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or_default();
            return Err(Fault::new(format!("`{text}` is an address, not a host"), format!("write `{host}`")));
        }
        // Addresses may end a host with the root's full stop.
        let glob = glob.strip_suffix('.').unwrap_or(&glob);
        let (address, name) = match glob.split_once(']') {
            Some((address, rest)) if address.starts_with('[') => (address, rest),
            _ => ("", glob),
        };
        if let Some((host, port)) = name.rsplit_once(':')
            && !host.contains(':')
        {
            let host = glob.strip_suffix(&format!(":{port}")).unwrap_or(host);
            return Err(Fault::new(format!("`{text}` has a port"), format!("write `{host}`, of any port")));
        }
        if name.contains(':') || address.contains('*') {
            return Err(Fault::new(
                format!("`{text}` is no name of a host"),
                "write an address of IPv6 whole and in brackets: `[2001:db8::1]`",
            ));
        }
        let plain =
            |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-' | '_' | '*' | ':' | '[' | ']');
        if glob.is_empty() || glob.len() > 255 || !glob.chars().all(plain) {
            return Err(Fault::new(
                format!("`{text}` is no name of a host"),
                "write it as addresses have it, such as `example.org`, `*.example.org` or `xn--…`",
            ));
        }
        // `www.*` is of all hosts that say so, not of all.
        let glob = if glob.starts_with("www.*") { glob } else { without_www(glob) };
        Ok(Self(glob.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it holds of `host`, which is in lower case.
    pub(super) fn holds(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        let host = if self.0.starts_with("www.") { host } else { without_www(host) };
        self.0.strip_prefix("*.") == Some(host) || wildcard(&self.0, host)
    }

    /// How much it says: the letters that are fixed.
    fn precision(&self) -> usize {
        self.0.bytes().filter(|byte| *byte != b'*').count()
    }
}

/// Nobody means to tell `www.example.org` from `example.org`.
fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Whether `glob` holds of all of `text`: its first part at the start, its last at the end, the others in order.
fn wildcard(glob: &str, text: &str) -> bool {
    let Some((first, rest)) = glob.split_once('*') else { return glob == text };
    let (middle, last) = rest.rsplit_once('*').map_or(("", rest), |(middle, last)| (middle, last));
    let inner = text.strip_prefix(first).and_then(|text| text.strip_suffix(last));
    inner.is_some_and(|mut text| {
        middle.split('*').all(|part| match text.find(part) {
            Some(at) => {
                text = text.get(at + part.len()..).unwrap_or_default();
                true
            }
            None => false,
        })
    })
}

/// `sources = { only = […], skip = […] }` of a topic.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Empty for all.
    pub(super) only: Vec<HostGlob>,
    pub(super) skip: Vec<HostGlob>,
}

impl Sources {
    /// Why an article of `host` is not taken. One of unknown host is none of those in `only`.
    pub(super) fn refuse(&self, host: Option<&str>) -> Option<String> {
        let name = host.unwrap_or("an unknown host");
        let any = |globs: &[HostGlob]| {
            globs
                .iter()
                .find(|glob| host.is_some_and(|host| glob.holds(host)))
                .map(|glob| glob.as_str().to_owned())
        };
        if let Some(glob) = any(&self.skip) {
            return Some(format!("sources: {name} is skipped ({glob})"));
        }
        (!self.only.is_empty() && any(&self.only).is_none())
            .then(|| format!("sources: {name} is not among those of the topic"))
    }
}

/// `[trust]`: what the score of an article is multiplied by.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// The most precise first.
    globs: Vec<(HostGlob, f32)>,
}

impl Trust {
    pub(super) fn new(mut globs: Vec<(HostGlob, f32)>) -> Self {
        globs.sort_by_key(|(glob, _)| std::cmp::Reverse(glob.precision()));
        Self { globs }
    }

    /// The factor of `host` and the pattern that gave it; `None` if none holds.
    pub(super) fn of(&self, host: Option<&str>) -> Option<(&str, f32)> {
        let host = host?;
        self.globs.iter().find(|(glob, _)| glob.holds(host)).map(|(glob, factor)| (glob.as_str(), *factor))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{HostGlob, Trust, wildcard};

    fn glob(text: &str) -> HostGlob {
        HostGlob::new(text).expect("a host")
    }

    #[test]
    fn globs() {
        for (pattern, host, holds) in [
            ("example.org", "example.org", true),
            ("example.org", "www.example.org", true),
            ("www.Example.org", "example.org", true),
            ("example.org", "news.example.org", false),
            ("*.example.org", "news.example.org", true),
            ("*.example.org", "example.org", true),
            ("*.example.org", "badexample.org", false),
            ("*example*", "an.example.org", true),
            ("*", "x", true),
            ("a*a", "a", false),
            ("www.*", "www.example.org", true),
            ("www.*", "example.org", false),
            ("www.*.org", "example.org", false),
            ("example.org.", "example.org", true),
            ("example.org", "www.example.org.", true),
            ("*.example.org", "news.example.org.", true),
            ("[2001:db8::1]", "[2001:db8::1]", true),
        ] {
            assert_eq!(glob(pattern).holds(host), holds, "{pattern} {host}");
        }
        for wrong in [
            "",
            ".",
            "https://example.org/x",
            "exämple.org",
            "a b",
            "example.org:8080",
            "*.example.org:80",
            "[2001:db8::1]:80",
            "2001:db8::1",
        ] {
            assert!(HostGlob::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_most_precise_is_taken() {
        let trust = Trust::new(vec![
            (glob("*"), 1.0),
            (glob("*.blogspot.com"), 0.4),
            (glob("good.blogspot.com"), 0.9),
        ]);
        assert_eq!(trust.of(Some("bad.blogspot.com")), Some(("*.blogspot.com", 0.4)));
        assert_eq!(trust.of(Some("good.blogspot.com")), Some(("good.blogspot.com", 0.9)));
        assert_eq!(trust.of(Some("example.org")), Some(("*", 1.0)));
        assert_eq!(trust.of(None), None);
    }

    proptest! {
        #[test]
        fn wildcards_as_a_regular_expression(glob in "[ab*]{0,8}", text in "[ab]{0,10}") {
            let regex = regex::Regex::new(&format!("^{}$", glob.replace('*', ".*"))).expect("plain");
            prop_assert_eq!(wildcard(&glob, &text), regex.is_match(&text));
        }
    }
}
