//! Tests of the rules: pages and the feeds that they lead to.

use super::*;
use proptest::prelude::*;

fn best(text: &str) -> String {
    let url = Url::parse(text).expect("an address");
    site_feeds(&url).first().map(|(feed, _)| String::from(feed.clone())).unwrap_or_default()
}

#[test]
fn pages_of_known_sites_lead_to_their_feeds() {
    for (page, feed) in [
        (
            "https://www.youtube.com/channel/UCabc/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc",
        ),
        ("https://m.youtube.com/user/harbour", "https://www.youtube.com/feeds/videos.xml?user=harbour"),
        (
            "https://www.youtube.com/playlist?si=x&list=PL1",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1",
        ),
        ("https://www.youtube.com/@harbour", ""),
        ("https://github.com/o/r", "https://github.com/o/r/releases.atom"),
        ("https://www.youtube.com/watch?v=1", ""),
        ("https://github.com/o/r.git", "https://github.com/o/r/releases.atom"),
        ("https://github.com/o/r/tree/feature/x", "https://github.com/o/r/commits/feature/x.atom"),
        ("https://github.com/o/r/tags", "https://github.com/o/r/tags.atom"),
        ("https://github.com/o", "https://github.com/o.atom"),
        ("https://github.com/features/actions", ""),
        ("https://gitlab.com/g/sub/p", "https://gitlab.com/g/sub/p/-/releases.atom"),
        (
            "https://gitlab.example.org/g/p/-/tree/main/src",
            "https://gitlab.example.org/g/p/-/commits/main?format=atom",
        ),
        ("https://codeberg.org/o/r", "https://codeberg.org/o/r/releases.rss"),
        ("https://git.sr.ht/~o/r", "https://git.sr.ht/~o/r/refs/rss.xml"),
        ("https://social.example/@kim", "https://social.example/@kim.rss"),
        ("https://social.example/@kim/123456", "https://social.example/@kim.rss"),
        ("https://social.example/@kim/tagged/arms", "https://social.example/@kim/tagged/arms.rss"),
        ("https://social.example/@kim@far.example", ""),
        ("https://www.tiktok.com/@kim", ""),
        ("https://old.reddit.com/r/news/", "https://www.reddit.com/r/news/new/.rss"),
        ("https://www.reddit.com/r/news/top", "https://www.reddit.com/r/news/top/.rss"),
        ("https://www.reddit.com/user/kim/", "https://www.reddit.com/user/kim/.rss"),
        (
            "https://lemmy.example/c/news@far.example",
            "https://lemmy.example/feeds/c/news@far.example.xml?sort=New",
        ),
        ("https://bsky.app/profile/kim.example", "https://bsky.app/profile/kim.example/rss"),
        ("https://harbour.substack.com/p/flood", "https://harbour.substack.com/feed"),
        ("https://medium.com/@kim/a-story-1", "https://medium.com/feed/@kim"),
        ("https://medium.com/harbour/tagged/flood", "https://medium.com/feed/harbour/tagged/flood"),
        ("https://harbour.medium.com/a-story", "https://harbour.medium.com/feed"),
        (
            "https://harbour.wordpress.com/category/ships/",
            "https://harbour.wordpress.com/category/ships/feed/",
        ),
        (
            "https://harbour.blogspot.com/search/label/Ships",
            "https://harbour.blogspot.com/feeds/posts/default/-/Ships",
        ),
        ("https://harbour.tumblr.com/", "https://harbour.tumblr.com/rss"),
        ("https://www.tumblr.com/harbour", "https://harbour.tumblr.com/rss"),
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("https://lobste.rs/t/rust", "https://lobste.rs/t/rust.rss"),
        (
            "https://news.google.com/search?q=kim%20putin&hl=en-US",
            "https://news.google.com/rss/search?q=kim%20putin&hl=en-US",
        ),
        (
            "https://www.bing.com/news/search?q=kim+putin&form=x",
            "https://www.bing.com/news/search?q=kim+putin&format=rss",
        ),
        ("https://stackoverflow.com/questions/tagged/rust", "https://stackoverflow.com/feeds/tag/rust"),
        (
            "https://physics.stackexchange.com/questions/42/why",
            "https://physics.stackexchange.com/feeds/question/42",
        ),
        (
            "https://peertube.example/c/harbour/videos",
            "https://peertube.example/feeds/videos.xml?videoChannelName=harbour",
        ),
        ("https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/rss/cs.CL"),
        (
            "https://en.wikipedia.org/wiki/Harbour",
            "https://en.wikipedia.org/w/index.php?title=Harbour&action=history&feed=atom",
        ),
        ("https://example.org/news", ""),
        // Not below the known domains.
        ("https://notreddit.com/r/news", ""),
        ("https://youtube.com.example/channel/UCabc", ""),
    ] {
        assert_eq!(best(page), feed, "{page}");
    }
}

#[test]
fn every_name_in_a_form_is_held_by_its_path() {
    for rule in table::RULES {
        for (form, why) in rule.feeds {
            for name in form.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
            {
                let own = matches!(name, "host" | "origin" | "query") || name.starts_with('?');
                let in_path =
                    ["", "#", "@", "..."].iter().any(|kind| rule.path.contains(&format!("{{{name}{kind}}}")));
                assert!(own || in_path, "{name} of {form} ({why})");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_rule_stays_on_its_site_and_off_its_own_answers(host in prop::sample::select(vec!["www.youtube.com", "github.com", "gitlab.com", "www.reddit.com", "medium.com", "social.example", "x.tumblr.com", "news.google.com", "lemmy.example"]),
        path in "(/[@~a-z-]{0,6}){0,5}(\\?list=[a-z]{0,3}&q=)?") {
        let url = Url::parse(&format!("https://{host}{path}")).expect("an address");
        for (feed, why) in site_feeds(&url) {
            let left = feed.as_str().contains(['{', '}']);
            prop_assert!(!why.is_empty() && feed != url && !left);
            let domain = |url: &Url| url.host_str().and_then(|host| host.rsplit('.').next()).map(str::to_owned);
            prop_assert_eq!(domain(&feed), domain(&url));
        }
    }
}
