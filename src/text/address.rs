//! Canonical addresses: one form for the many spellings of one URL.

use url::Url;

/// Parameters that say where a reader came from, never which page it is: mail campaigns, share buttons, ad clicks.
const TRACKING: [&str; 34] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_medium",
    "cmp",
    "cmpid",
    "dclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fbclid",
    "ftag",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "icid",
    "igsh",
    "igshid",
    "mbid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ns_campaign",
    "ns_mchannel",
    "ocid",
    "ref_src",
    "smid",
    "twclid",
    "wbraid",
    "yclid",
];

/// Families of tracking parameters, by how their names begin.
const TRACKING_FAMILIES: [&str; 4] = ["utm_", "at_custom", "pk_", "mtm_"];

/// Labels in front of a host that name a rendering of the outlet (mobile, AMP, its feeds), not the outlet.
const RENDERINGS: [&str; 10] =
    ["www", "www2", "m", "mobile", "amp", "rss", "rssfeeds", "feed", "feeds", "xml"];

/// `url` without fragment, tracking parameters (`utm_*`, `fbclid`, …), default port and with its host in lower case:
/// the form that identifies a page. Never used to fetch.
#[must_use]
pub fn canonical(url: &Url) -> Url {
    let mut out = url.clone();
    out.set_fragment(None);
    // Parsing has dropped the default port and lowered the host already (WHATWG URL); a host may still end in the
    // dot of the DNS root, which names the same host.
    if let Some(host) = out.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        // A refusal (a host of dots alone) leaves the address as it is, which is what it is then known by.
        let _ = out.set_host(Some(&host));
    }
    if let Some(query) = url.query() {
        // Cut the string rather than decode and write anew: what is kept stays byte for byte.
        let kept: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
        out.set_query(if kept.is_empty() { None } else { Some(kept.join("&")) }.as_deref());
    }
    out
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name).to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// The name by which a person knows the outlet at `url`: its host without `www.`, `m.`, `amp.`, `rss.`, `feeds.`.
#[must_use]
pub fn outlet_host(url: &Url) -> String {
    let mut host = url.host_str().unwrap_or_default().trim_end_matches('.');
    // What is left must still have a dot: the outlet of https://m.example/ is not "example".
    while let Some((label, rest)) = host.split_once('.') {
        if !RENDERINGS.contains(&label) || !rest.contains('.') {
            break;
        }
        host = rest;
    }
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> String {
        canonical(&Url::parse(text).expect("a test address")).into()
    }

    #[test]
    fn tracking_goes_and_meaning_stays() {
        assert_eq!(
            of("https://Example.org:443/a?utm_source=rss&id=7&fbclid=x#top"),
            "https://example.org/a?id=7"
        );
        assert_eq!(of("https://example.org/a?CMP=share_btn_tw&at_medium=RSS"), "https://example.org/a");
        assert_eq!(of("https://example.org/?p=12&page=2"), "https://example.org/?p=12&page=2");
        assert_eq!(of("https://example.org/a?q=a%20b+c&&x"), "https://example.org/a?q=a%20b+c&x");
        assert_eq!(of("https://example.org/a?"), "https://example.org/a");
    }

    #[test]
    fn scheme_path_and_order_are_kept() {
        assert_eq!(of("http://example.org/b/index.html?z=1&a=2"), "http://example.org/b/index.html?z=1&a=2");
        assert_eq!(of("https://example.org:8443/"), "https://example.org:8443/");
    }

    #[test]
    fn a_trailing_dot_is_the_same_host() {
        assert_eq!(of("https://example.org./a"), "https://example.org/a");
    }

    #[test]
    fn an_address_without_a_host_survives() {
        assert_eq!(of("mailto:a@example.org"), "mailto:a@example.org");
        assert_eq!(of("data:text/plain,x#y"), "data:text/plain,x");
    }

    #[test]
    fn outlets_are_known_by_their_bare_host() {
        let host = |text: &str| outlet_host(&Url::parse(text).expect("a test address"));
        assert_eq!(host("https://www.example.co.uk/a"), "example.co.uk");
        assert_eq!(host("https://rss.m.example.org./"), "example.org");
        assert_eq!(host("https://news.example.org/"), "news.example.org");
        assert_eq!(host("https://m.example/"), "m.example");
        assert_eq!(host("http://[::1]:80/"), "[::1]");
        assert_eq!(host("mailto:a@example.org"), "");
    }

    proptest! {
        #[test]
        fn canonical_is_its_own_canonical(path in "[a-z/.]{0,12}", query in "[a-z_=&%0-9+#?]{0,40}") {
            if let Ok(url) = Url::parse(&format!("https://example.org./{path}?{query}")) {
                let once = canonical(&url);
                prop_assert_eq!(&canonical(&once), &once);
                prop_assert!(once.fragment().is_none());
                prop_assert_eq!(once.path(), url.path());
            }
        }
    }
}
