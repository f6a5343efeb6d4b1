//! What one host is: the registrable domain, as the politeness towards one publisher holds for all its names.

use std::net::IpAddr;

use url::{Host, Url};

/// The key under which requests to `url` stand in one queue: `example.co.uk` for `feeds.example.co.uk`. Addresses and
/// single labels are keys as they are.
///
/// The private part of the Public Suffix List counts, so each site of `github.io` or `blogspot.com` is a host of its
/// own: its owner's Retry-After silences nobody else, and what they share, the machine, is guarded by its address.
/// Platforms that are not on that list (`substack.com`, `medium.com`) run one server with one limit for all their
/// sites, and so are one host.
#[must_use]
pub fn host_key(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => registrable(name).to_owned(),
        Some(Host::Ipv4(ip)) => ip.to_string(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).to_canonical().to_string(),
        None => String::new(),
    }
}

/// The registrable domain of a lowercase name; the root dot is dropped ("example.org." is the same host).
fn registrable(name: &str) -> &str {
    let name = name.strip_suffix('.').unwrap_or(name);
    // A suffix itself ("github.io") and a single label have none.
    psl::domain_str(name).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn key(host: &str) -> String {
        host_key(&Url::parse(&format!("http://{host}/feed")).unwrap())
    }

    #[test]
    fn row_34_a_host_is_a_registrable_domain() {
        for (host, expected) in [
            ("example.org", "example.org"),
            ("Feeds.News.Example.ORG", "example.org"),
            ("example.org.", "example.org"),
            ("feeds.bbci.co.uk", "bbci.co.uk"),
            ("www.asahi.com.", "asahi.com"),
            ("a.b.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
            ("rss.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
            ("one.unknown-suffix", "one.unknown-suffix"),
        ] {
            assert_eq!(key(host), expected, "{host}");
        }
    }

    #[test]
    fn row_34_sites_of_a_platform_are_hosts_of_their_own_where_the_list_says_so() {
        assert_eq!(key("one.github.io"), "one.github.io");
        assert_eq!(key("www.one.blogspot.com"), "one.blogspot.com");
        assert_eq!(key("github.io"), "github.io");
        assert_eq!(key("one.substack.com"), "substack.com");
        assert_eq!(key("medium.com"), "medium.com");
    }

    #[test]
    fn addresses_and_single_labels_are_as_they_are() {
        for (host, expected) in [
            ("127.1", "127.0.0.1"),
            ("0x7f.0.0.2", "127.0.0.2"),
            ("[::1]", "::1"),
            ("[::ffff:127.0.0.1]", "127.0.0.1"),
            ("localhost", "localhost"),
            ("com", "com"),
        ] {
            assert_eq!(key(host), expected, "{host}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_the_end_of_its_name_and_its_own_key(host in "[a-z]{1,8}(\\.[a-z0-9]{1,6}){0,4}\\.(org|co\\.uk|io|example)") {
            let found = key(&host);
            prop_assert!(host.ends_with(&found));
            prop_assert_eq!(key(&found), found.clone());
            prop_assert_eq!(key(&format!("www.{host}")).len() >= found.len(), true);
        }
    }
}
