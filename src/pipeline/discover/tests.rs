//! Tests of what is kept of an answer.

use super::*;
use crate::fetch::{Body, Headers, Hop};

#[test]
fn redirects_are_followed_for_good_only_where_they_are_meant_so() {
    let url = |text: &str| Url::parse(text).expect("an address");
    let kept = |hops: &[(u16, &str)], last: &str| {
        let hops = hops.iter().map(|(status, from)| Hop { status: *status, from: url(from) }).collect();
        let response = Response {
            url: url(last),
            hops,
            status: 200,
            headers: Headers::default(),
            body: Body::default(),
        };
        String::from(settled(&response, &url("http://asked.example/")))
    };
    assert_eq!(kept(&[(301, "http://a.example/")], "https://b.example/feed"), "https://b.example/feed");
    assert_eq!(kept(&[(302, "http://a.example/")], "https://a.example/feed"), "https://a.example/feed");
    assert_eq!(
        kept(&[(308, "http://a.example/"), (302, "https://b.example/")], "https://cdn.example/x?token=1"),
        "https://b.example/"
    );
    assert_eq!(kept(&[], "https://a.example/#x"), "https://a.example/");
}
