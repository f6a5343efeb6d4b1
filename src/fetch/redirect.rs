//! Where a redirect leads, and when to stop following.

use url::Url;

use super::{FailureClass, FetchError, Hop};

/// More redirects than this are not followed (browsers stop at 20; honest chains have two or three).
const MOST_HOPS: usize = 10;

/// A longer `Location` is not an address.
const MOST_LOCATION: usize = 8 << 10;

/// True for the statuses that send elsewhere (RFC 9110 15.4).
pub(super) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The way so far.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub(super) hops: Vec<Hop>,
}

impl Trail {
    /// The address to ask next, after `from` answered `status` with this `Location`.
    ///
    /// Credentials stay with the origin that they were given for: kept on a hop within it, and never taken from, or
    /// carried to, another (RFC 9110 15.4, and what curl does).
    pub(super) fn follow(
        &mut self,
        status: u16,
        from: &Url,
        location: Option<&[u8]>,
    ) -> Result<Url, FetchError> {
        let wrong = |what: String| FetchError::at(&place(from), FailureClass::Redirect, &what);
        let location =
            location.ok_or_else(|| wrong(format!("answered {status} without saying where to go")))?;
        if location.len() > MOST_LOCATION {
            return Err(wrong(format!("redirect to an address of {} bytes", location.len())));
        }
        // Raw UTF-8 occurs in the wild; other bytes become U+FFFD and then an address that does not exist.
        let mut next = from
            .join(String::from_utf8_lossy(location).trim())
            .map_err(|error| wrong(format!("redirect to something that is no address ({error})")))?;
        if !matches!(next.scheme(), "http" | "https") {
            return Err(wrong(format!("redirect to {}:, which is not followed", next.scheme())));
        }
        next.set_fragment(None);
        let (user, password) =
            if next.origin() == from.origin() { (from.username(), from.password()) } else { ("", None) };
        // Neither can fail for http(s), which always has a host.
        let (Ok(()), Ok(())) = (next.set_username(user), next.set_password(password)) else {
            return Err(wrong("redirect to an address without a host".to_owned()));
        };
        self.hops.push(Hop { status, from: public(from) });
        let shown = public(&next);
        if self.hops.iter().any(|hop| hop.from == shown) {
            return Err(wrong(format!("redirect in a circle, back to {}", place(&next))));
        }
        if self.hops.len() > MOST_HOPS {
            return Err(wrong(format!("more than {MOST_HOPS} redirects")));
        }
        Ok(next)
    }
}

/// The address without credentials and fragment, fit to be stored and shown.
pub(super) fn public(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // These fail only where there is no host, so nothing to remove.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Host and port for messages: paths and queries of private feeds are secrets.
pub(super) fn place(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => format!("{}:", url.scheme()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[track_caller]
    fn next(from: &str, location: &str) -> String {
        Trail::default().follow(301, &url(from), Some(location.as_bytes())).unwrap().to_string()
    }

    #[track_caller]
    fn refusal(from: &str, location: Option<&[u8]>) -> String {
        let error = Trail::default().follow(302, &url(from), location).unwrap_err();
        assert_eq!(error.class, FailureClass::Redirect);
        error.message
    }

    #[test]
    fn relative_and_absolute() {
        assert_eq!(next("http://a.example/x/y?q", "z"), "http://a.example/x/z");
        assert_eq!(next("http://a.example/x", "//b.example"), "http://b.example/");
        assert_eq!(next("https://a.example/", " http://b.example/é#top"), "http://b.example/%C3%A9");
    }

    #[test]
    fn credentials_stay_home() {
        let from = "https://me:secret@a.example/x";
        assert_eq!(next(from, "/y"), "https://me:secret@a.example/y");
        assert_eq!(next(from, "https://a.example/y"), "https://me:secret@a.example/y");
        assert_eq!(next(from, "https://b.example/"), "https://b.example/");
        assert_eq!(next(from, "http://a.example/"), "http://a.example/", "not in the clear");
        assert_eq!(next(from, "https://a.example:444/"), "https://a.example:444/");
        assert_eq!(next("https://a.example/", "https://x:y@b.example/"), "https://b.example/");
        let mut trail = Trail::default();
        trail.follow(301, &url(from), Some(b"/y")).unwrap();
        assert_eq!(trail.hops, [Hop { status: 301, from: url("https://a.example/x") }]);
    }

    #[test]
    fn refusals_say_why_without_secrets() {
        let from = "http://me:secret@a.example:8080/token?key=secret";
        insta::assert_snapshot!(refusal(from, None), @"a.example:8080: answered 302 without saying where to go");
        insta::assert_snapshot!(refusal(from, Some(b"ftp://b.example/secret")), @"a.example:8080: redirect to ftp:, which is not followed");
        insta::assert_snapshot!(refusal(from, Some(b"data:text/html,secret")), @"a.example:8080: redirect to data:, which is not followed");
        insta::assert_snapshot!(refusal(from, Some(b"http://")), @"a.example:8080: redirect to something that is no address (empty host)");
        insta::assert_snapshot!(refusal(from, Some(&[b'a'; 9000])), @"a.example:8080: redirect to an address of 9000 bytes");
        insta::assert_snapshot!(refusal(from, Some(b"#top")), @"a.example:8080: redirect in a circle, back to a.example:8080");
    }

    #[test]
    fn ten_are_followed_and_no_more() {
        let (mut trail, mut at) = (Trail::default(), url("http://a.example/0"));
        for n in 1..=MOST_HOPS {
            at = trail.follow(307, &at, Some(n.to_string().as_bytes())).unwrap();
        }
        let error = trail.follow(307, &at, Some(b"11")).unwrap_err();
        assert_eq!(error.message, "a.example: more than 10 redirects");
    }

    #[test]
    fn a_circle_is_seen_over_any_length() {
        let mut trail = Trail::default();
        let b = trail.follow(301, &url("http://a.example/"), Some(b"http://b.example/")).unwrap();
        let c = trail.follow(301, &b, Some(b"http://c.example/")).unwrap();
        let error = trail.follow(301, &c, Some(b"http://A.example#again")).unwrap_err();
        assert_eq!(error.message, "c.example: redirect in a circle, back to a.example");
    }

    proptest! {
        #[test]
        fn whatever_the_location_secrets_stay_home(
            start in prop::sample::select(vec!["", "/", "//", "https:", "https://b.example/", "http://u:p@", "\\\\"]),
            rest in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let from = url("https://me:secret@a.example/x");
            match Trail::default().follow(301, &from, Some(&[start.as_bytes(), &rest].concat())) {
                Ok(next) if next.origin() == from.origin() => prop_assert_eq!(next.password(), Some("secret")),
                Ok(next) => prop_assert!(next.username().is_empty() && next.password().is_none()),
                Err(error) => prop_assert!(!error.message.contains("secret")),
            }
        }
    }
}
