//! Sites whose feeds stand at addresses that follow from those of their pages, as the sites document it. Nobody is asked.

use url::Url;

/// The feeds of the page at `url`, the best first, each with what it is. Empty where there is no rule.
#[must_use]
pub fn site_feeds(url: &Url) -> Vec<(Url, &'static str)> {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let host = host.trim_end_matches('.');
    let path: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let found = on_known_host(url, host, &path);
    let found = if found.is_empty() { on_any_host(url, &path) } else { found };
    let parsed = found.into_iter().filter_map(|(address, why)| Some((Url::parse(&address).ok()?, why)));
    // The page is a feed itself already.
    parsed.filter(|(feed, _)| feed != url).collect()
}

type Found = Vec<(String, &'static str)>;

/// Whether `host` is `domain` or below it.
fn below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The value of a parameter, as written.
fn parameter<'u>(url: &'u Url, name: &str) -> Option<&'u str> {
    let pairs = url.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value).next()
}

fn on_known_host(url: &Url, host: &str, path: &[&str]) -> Found {
    match host {
        _ if below(host, "youtube.com") => youtube(url, path),
        _ if below(host, "reddit.com") => reddit(url, path),
        "github.com" => github(path),
        "gitlab.com" => gitlab(host, path),
        _ if host.starts_with("gitlab.") => gitlab(host, path),
        "codeberg.org" | "gitea.com" => forgejo(host, path),
        "git.sr.ht" => sourcehut(path),
        "medium.com" | "www.medium.com" => medium(path),
        _ if below(host, "medium.com") => {
            vec![(format!("https://{host}/feed"), "the feed of a Medium publication")]
        }
        _ if below(host, "substack.com") && host != "substack.com" && host != "www.substack.com" => {
            vec![(format!("https://{host}/feed"), "the feed of a Substack publication")]
        }
        _ if below(host, "wordpress.com") && !matches!(host, "wordpress.com" | "www.wordpress.com") => {
            wordpress(url, host, path)
        }
        _ if host.contains(".blogspot.") => blogger(host, path),
        _ if below(host, "tumblr.com") => tumblr(host, path),
        "bsky.app" => match path {
            ["profile", name, ..] => {
                vec![(format!("https://bsky.app/profile/{name}/rss"), "the posts of a Bluesky account")]
            }
            _ => Found::new(),
        },
        "news.ycombinator.com" => match path {
            [] | ["news" | "front"] => {
                vec![("https://news.ycombinator.com/rss".to_owned(), "the front page of Hacker News")]
            }
            ["show" | "shownew"] => vec![("https://news.ycombinator.com/showrss".to_owned(), "Show HN")],
            _ => Found::new(),
        },
        "lobste.rs" => match path {
            [] => vec![("https://lobste.rs/rss".to_owned(), "the front page of Lobsters")],
            ["t", tag] => vec![(format!("https://lobste.rs/t/{tag}.rss"), "a tag of Lobsters")],
            _ => Found::new(),
        },
        "news.google.com" => google_news(url, path),
        _ if below(host, "bing.com") => match (path, parameter(url, "q")) {
            (["news", "search"], Some(query)) => {
                vec![(
                    format!("https://www.bing.com/news/search?q={query}&format=rss"),
                    "a search of Bing News",
                )]
            }
            _ => Found::new(),
        },
        "vimeo.com" => match path {
            ["channels", name, ..] => vec![(
                format!("https://vimeo.com/channels/{name}/videos/rss"),
                "the videos of a Vimeo channel",
            )],
            [name] if !name.bytes().all(|byte| byte.is_ascii_digit()) => {
                vec![(format!("https://vimeo.com/{name}/videos/rss"), "the videos of a Vimeo account")]
            }
            _ => Found::new(),
        },
        "dev.to" => match path {
            ["t", tag, ..] => vec![(format!("https://dev.to/feed/tag/{tag}"), "a tag of DEV")],
            [name, ..] => vec![(format!("https://dev.to/feed/{name}"), "the posts of a DEV account")],
            [] => vec![("https://dev.to/feed".to_owned(), "the front page of DEV")],
        },
        "arxiv.org" | "www.arxiv.org" => match path {
            ["list", category, ..] => {
                vec![(format!("https://rss.arxiv.org/rss/{category}"), "a category of arXiv")]
            }
            _ => Found::new(),
        },
        "pypi.org" => match path {
            ["project", name, ..] => vec![(
                format!("https://pypi.org/rss/project/{name}/releases.xml"),
                "the releases of a package",
            )],
            _ => Found::new(),
        },
        "store.steampowered.com" => match path {
            ["news", "app", id, ..] | ["app", id, ..] => {
                vec![(format!("https://store.steampowered.com/feeds/news/app/{id}"), "the news of a game")]
            }
            _ => Found::new(),
        },
        _ if below(host, "wikipedia.org") => match path {
            ["wiki", title, ..] => {
                vec![(
                    format!("https://{host}/w/index.php?title={title}&action=history&feed=atom"),
                    "the changes of an article",
                )]
            }
            _ => Found::new(),
        },
        "stackoverflow.com" | "serverfault.com" | "superuser.com" | "askubuntu.com" | "mathoverflow.net"
        | "stackapps.com" => stack_exchange(host, path),
        _ if below(host, "stackexchange.com") && host != "stackexchange.com" => stack_exchange(host, path),
        _ if host.starts_with("peertube.") || host.starts_with("tube.") || host == "framatube.org" => {
            peertube(host, path)
        }
        "beehaw.org" | "sh.itjust.works" | "programming.dev" | "feddit.org" | "feddit.de" => {
            lemmy(host, path)
        }
        _ if host.starts_with("lemmy.") => lemmy(host, path),
        _ => Found::new(),
    }
}

/// Rules of software that runs on many hosts: an address that looks like Mastodon's, but on the sites where it is none.
fn on_any_host(url: &Url, path: &[&str]) -> Found {
    let host = url.host_str().unwrap_or_default();
    let other = [
        "youtube.com",
        "tiktok.com",
        "threads.net",
        "threads.com",
        "substack.com",
        "medium.com",
        "flipboard.com",
    ];
    if other.iter().any(|domain| below(host, domain)) {
        return Found::new();
    }
    let origin = url.origin().ascii_serialization();
    match path {
        // `@name@elsewhere` shows an account of another server, which has the feed.
        [name, "tagged", tag] if is_account(name) => {
            vec![(format!("{origin}/{name}/tagged/{tag}.rss"), "the posts of a Mastodon account under a tag")]
        }
        [name, ..] if is_account(name) => {
            vec![(format!("{origin}/{name}.rss"), "the posts of a Mastodon account")]
        }
        _ => Found::new(),
    }
}

fn is_account(part: &str) -> bool {
    part.strip_prefix('@').is_some_and(|name| !name.is_empty() && !name.contains(['@', '.', '%']))
}

fn youtube(url: &Url, path: &[&str]) -> Found {
    let videos = |key: &str, id: &str, why| {
        vec![(format!("https://www.youtube.com/feeds/videos.xml?{key}={id}"), why)]
    };
    match path {
        ["channel", id, ..] => videos("channel_id", id, "the videos of a YouTube channel"),
        ["user", name, ..] => videos("user", name, "the videos of a YouTube account"),
        ["playlist" | "watch"] => match parameter(url, "list") {
            Some(list) => videos("playlist_id", list, "a YouTube playlist"),
            None => Found::new(),
        },
        // Handles do not tell the channel: its page does.
        _ => Found::new(),
    }
}

fn github(path: &[&str]) -> Found {
    let at = |owner: &str, repo: &str, feed: &str| {
        format!("https://github.com/{owner}/{}/{feed}.atom", repo.trim_end_matches(".git"))
    };
    const RELEASES: &str = "the releases of a GitHub repository";
    const COMMITS: &str = "the commits of a GitHub repository";
    const TAGS: &str = "the tags of a GitHub repository";
    match path {
        [
            "about" | "features" | "pricing" | "topics" | "search" | "marketplace" | "sponsors" | "orgs"
            | "login",
            ..,
        ] => Found::new(),
        [owner, repo, "commits" | "tree", branch @ ..] if !branch.is_empty() => {
            vec![(at(owner, repo, &format!("commits/{}", branch.join("/"))), COMMITS)]
        }
        [owner, repo, "commits"] => vec![(at(owner, repo, "commits"), COMMITS)],
        [owner, repo, "tags"] => vec![(at(owner, repo, "tags"), TAGS)],
        [owner, repo, ..] => vec![
            (at(owner, repo, "releases"), RELEASES),
            (at(owner, repo, "commits"), COMMITS),
            (at(owner, repo, "tags"), TAGS),
        ],
        [owner] => vec![(format!("https://github.com/{owner}.atom"), "what a GitHub account does in public")],
        [] => Found::new(),
    }
}

fn gitlab(host: &str, path: &[&str]) -> Found {
    // Projects may be nested in groups: what stands before `/-/` names them.
    let dash = path.iter().position(|part| *part == "-").unwrap_or(path.len());
    let (project, inside) = path.split_at(dash);
    if project.len() < 2 {
        return Found::new();
    }
    let base = format!("https://{host}/{}", project.join("/"));
    match inside {
        ["-", "commits" | "tree", branch, ..] => {
            vec![(format!("{base}/-/commits/{branch}?format=atom"), "the commits of a GitLab project")]
        }
        _ => vec![
            (format!("{base}/-/releases.atom"), "the releases of a GitLab project"),
            (format!("{base}/-/tags?format=atom"), "the tags of a GitLab project"),
            (format!("{base}.atom"), "what happens in a GitLab project"),
        ],
    }
}

fn forgejo(host: &str, path: &[&str]) -> Found {
    match path {
        [owner, repo, ..] => vec![
            (format!("https://{host}/{owner}/{repo}/releases.rss"), "the releases of a repository"),
            (format!("https://{host}/{owner}/{repo}.rss"), "what happens in a repository"),
        ],
        [owner] => vec![(format!("https://{host}/{owner}.rss"), "what an account does in public")],
        [] => Found::new(),
    }
}

fn sourcehut(path: &[&str]) -> Found {
    match path {
        [owner, repo, ..] if owner.starts_with('~') => vec![
            (format!("https://git.sr.ht/{owner}/{repo}/refs/rss.xml"), "the tags of a repository"),
            (format!("https://git.sr.ht/{owner}/{repo}/log/rss.xml"), "the commits of a repository"),
        ],
        _ => Found::new(),
    }
}

fn reddit(url: &Url, path: &[&str]) -> Found {
    let at = |path: &str| format!("https://www.reddit.com/{path}/.rss");
    match path {
        [] => vec![("https://www.reddit.com/.rss".to_owned(), "the front page of Reddit")],
        ["search"] => match url.query() {
            Some(query) => vec![(format!("https://www.reddit.com/search.rss?{query}"), "a search of Reddit")],
            None => Found::new(),
        },
        ["r", name, "comments", id, ..] => {
            vec![(at(&format!("r/{name}/comments/{id}")), "the comments of a post on Reddit")]
        }
        ["r", name, order @ ("new" | "top" | "hot" | "rising")] => {
            vec![(at(&format!("r/{name}/{order}")), "a subreddit")]
        }
        ["r", name, ..] => vec![
            (at(&format!("r/{name}/new")), "the new posts of a subreddit"),
            (at(&format!("r/{name}")), "a subreddit"),
        ],
        ["u" | "user", name, ..] => vec![(at(&format!("user/{name}")), "the posts of a Reddit account")],
        _ => Found::new(),
    }
}

fn medium(path: &[&str]) -> Found {
    match path {
        ["tag", tag, ..] => vec![(format!("https://medium.com/feed/tag/{tag}"), "a tag of Medium")],
        [name, "tagged", tag] => {
            vec![(format!("https://medium.com/feed/{name}/tagged/{tag}"), "a tag of a Medium publication")]
        }
        ["feed", ..] | [] => Found::new(),
        [name, ..] => vec![(format!("https://medium.com/feed/{name}"), "the posts of a Medium account")],
    }
}

fn wordpress(url: &Url, host: &str, path: &[&str]) -> Found {
    let blog = (format!("https://{host}/feed/"), "the feed of a WordPress blog");
    match path {
        ["category" | "tag" | "author", ..] => {
            vec![
                (
                    format!("https://{host}{}/feed/", url.path().trim_end_matches('/')),
                    "a section of a WordPress blog",
                ),
                blog,
            ]
        }
        _ => vec![blog],
    }
}

fn blogger(host: &str, path: &[&str]) -> Found {
    let blog = (format!("https://{host}/feeds/posts/default"), "the feed of a Blogger blog");
    match path {
        ["search", "label", label] => {
            vec![(format!("https://{host}/feeds/posts/default/-/{label}"), "a label of a Blogger blog"), blog]
        }
        _ => vec![blog],
    }
}

fn tumblr(host: &str, path: &[&str]) -> Found {
    const BLOG: &str = "the feed of a Tumblr blog";
    match (host, path) {
        ("tumblr.com" | "www.tumblr.com", ["blog", name, ..] | [name, ..]) => {
            vec![(format!("https://{name}.tumblr.com/rss"), BLOG)]
        }
        ("tumblr.com" | "www.tumblr.com", []) => Found::new(),
        (_, ["tagged", tag]) => vec![(format!("https://{host}/tagged/{tag}/rss"), "a tag of a Tumblr blog")],
        _ => vec![(format!("https://{host}/rss"), BLOG)],
    }
}

fn google_news(url: &Url, path: &[&str]) -> Found {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    match path {
        ["rss", ..] => Found::new(),
        ["search"] if parameter(url, "q").is_some() => {
            vec![(format!("https://news.google.com/rss/search{query}"), "a search of Google News")]
        }
        [kind @ ("topics" | "publications"), id, ..] => {
            vec![(format!("https://news.google.com/rss/{kind}/{id}{query}"), "a topic of Google News")]
        }
        [] | ["home"] => {
            vec![(format!("https://news.google.com/rss{query}"), "the front page of Google News")]
        }
        _ => Found::new(),
    }
}

fn stack_exchange(host: &str, path: &[&str]) -> Found {
    match path {
        ["questions", "tagged", tag, ..] => {
            vec![(format!("https://{host}/feeds/tag/{tag}"), "a tag of Stack Exchange")]
        }
        ["questions", id, ..] if id.bytes().all(|byte| byte.is_ascii_digit()) => {
            vec![(format!("https://{host}/feeds/question/{id}"), "a question of Stack Exchange")]
        }
        ["users", id, ..] => {
            vec![(format!("https://{host}/feeds/user/{id}"), "an account of Stack Exchange")]
        }
        [] | ["questions"] => {
            vec![(format!("https://{host}/feeds"), "the new questions of a Stack Exchange site")]
        }
        _ => Found::new(),
    }
}

fn peertube(host: &str, path: &[&str]) -> Found {
    let videos =
        |key: &str, name: &str, why| vec![(format!("https://{host}/feeds/videos.xml?{key}={name}"), why)];
    match path {
        ["c" | "video-channels", name, ..] => {
            videos("videoChannelName", name, "the videos of a PeerTube channel")
        }
        ["a" | "accounts", name, ..] => videos("accountName", name, "the videos of a PeerTube account"),
        [] | ["videos", ..] => {
            vec![(format!("https://{host}/feeds/videos.xml"), "the videos of a PeerTube site")]
        }
        _ => Found::new(),
    }
}

fn lemmy(host: &str, path: &[&str]) -> Found {
    match path {
        ["c", name, ..] => {
            vec![(format!("https://{host}/feeds/c/{name}.xml?sort=New"), "a community of Lemmy")]
        }
        ["u", name, ..] => {
            vec![(format!("https://{host}/feeds/u/{name}.xml?sort=New"), "the posts of a Lemmy account")]
        }
        [] => vec![(format!("https://{host}/feeds/local.xml?sort=New"), "the posts of a Lemmy site")],
        _ => Found::new(),
    }
}

#[cfg(test)]
mod tests {
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
                "https://harbour.blogspot.co.uk/search/label/Ships",
                "https://harbour.blogspot.co.uk/feeds/posts/default/-/Ships",
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

    proptest! {
        #[test]
        fn a_rule_stays_on_its_site_and_off_its_own_answers(host in prop::sample::select(vec!["www.youtube.com", "github.com", "gitlab.com", "www.reddit.com", "medium.com", "social.example", "x.tumblr.com", "news.google.com", "lemmy.example"]),
            path in "(/[@~a-z-]{0,6}){0,5}(\\?list=[a-z]{0,3}&q=)?") {
            let url = Url::parse(&format!("https://{host}{path}")).expect("an address");
            for (feed, why) in site_feeds(&url) {
                prop_assert!(!why.is_empty() && feed != url);
                let domain = |url: &Url| url.host_str().and_then(|host| host.rsplit('.').next()).map(str::to_owned);
                prop_assert_eq!(domain(&feed), domain(&url));
            }
        }
    }
}
