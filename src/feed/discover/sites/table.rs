//! The rules, as the sites document their addresses. The first that fits counts; one without feeds ends the search.

use super::Rule;

/// Writes the rules a line each: host, path → feeds.
macro_rules! rules {
    ($($host:literal { $($path:literal => [$($feed:literal: $why:literal),* $(,)?];)* })*) => {
        &[$($(Rule { host: $host, path: $path, feeds: &[$(($feed, $why)),*] },)*)*]
    };
}

pub(super) static RULES: &[Rule] = rules! {
    ".youtube.com" {
        "channel/{id}/**" => ["https://www.youtube.com/feeds/videos.xml?channel_id={id}": "the videos of a YouTube channel"];
        "user/{name}/**" => ["https://www.youtube.com/feeds/videos.xml?user={name}": "the videos of a YouTube account"];
        "playlist" => ["https://www.youtube.com/feeds/videos.xml?playlist_id={?list}": "a YouTube playlist"];
        "watch" => ["https://www.youtube.com/feeds/videos.xml?playlist_id={?list}": "a YouTube playlist"];
        // Handles do not tell the channel: its page does.
        "**" => [];
    }
    "github.com" {
        "features/**" => [];
        "topics/**" => [];
        "orgs/**" => [];
        "{owner}/{repo}/commits/{branch...}" => ["https://github.com/{owner}/{repo}/commits/{branch}.atom": "the commits of a branch on GitHub"];
        "{owner}/{repo}/tree/{branch...}" => ["https://github.com/{owner}/{repo}/commits/{branch}.atom": "the commits of a branch on GitHub"];
        "{owner}/{repo}/commits" => ["https://github.com/{owner}/{repo}/commits.atom": "the commits of a GitHub repository"];
        "{owner}/{repo}/tags" => ["https://github.com/{owner}/{repo}/tags.atom": "the tags of a GitHub repository"];
        "{owner}/{repo}/**" => [
            "https://github.com/{owner}/{repo}/releases.atom": "the releases of a GitHub repository",
            "https://github.com/{owner}/{repo}/commits.atom": "the commits of a GitHub repository",
            "https://github.com/{owner}/{repo}/tags.atom": "the tags of a GitHub repository",
        ];
        "{owner}" => ["https://github.com/{owner}.atom": "what a GitHub account does in public"];
    }
    // Projects may be nested in groups: what stands before `/-/` names them. `gitlab.com` is one of these.
    "gitlab.*" {
        "{project...}/-/commits/{branch}/**" => ["https://{host}/{project}/-/commits/{branch}?format=atom": "the commits of a GitLab project"];
        "{project...}/-/tree/{branch}/**" => ["https://{host}/{project}/-/commits/{branch}?format=atom": "the commits of a GitLab project"];
        "{project...}/-/**" => [
            "https://{host}/{project}/-/releases.atom": "the releases of a GitLab project",
            "https://{host}/{project}/-/tags?format=atom": "the tags of a GitLab project",
            "https://{host}/{project}.atom": "what happens in a GitLab project",
        ];
        "{group}" => ["https://{host}/{group}.atom": "what happens in a GitLab group"];
        "{project...}" => [
            "https://{host}/{project}/-/releases.atom": "the releases of a GitLab project",
            "https://{host}/{project}/-/tags?format=atom": "the tags of a GitLab project",
            "https://{host}/{project}.atom": "what happens in a GitLab project",
        ];
    }
    "codeberg.org" {
        "{owner}" => ["https://codeberg.org/{owner}.rss": "what an account does in public"];
        "{owner}/{repo}/**" => [
            "https://codeberg.org/{owner}/{repo}/releases.rss": "the releases of a repository",
            "https://codeberg.org/{owner}/{repo}.rss": "what happens in a repository",
        ];
    }
    "git.sr.ht" {
        "{owner}/{repo}/**" => [
            "https://git.sr.ht/{owner}/{repo}/refs/rss.xml": "the tags of a repository",
            "https://git.sr.ht/{owner}/{repo}/log/rss.xml": "the commits of a repository",
        ];
    }
    "pypi.org" {
        "project/{name}/**" => ["https://pypi.org/rss/project/{name}/releases.xml": "the releases of a package"];
    }
    ".reddit.com" {
        "" => ["https://www.reddit.com/.rss": "the front page of Reddit"];
        "search" => ["https://www.reddit.com/search.rss{query}": "a search of Reddit"];
        "r/{name}/comments/{id}/**" => ["https://www.reddit.com/r/{name}/comments/{id}/.rss": "the answers to a post on Reddit"];
        "r/{name}/top" => ["https://www.reddit.com/r/{name}/top/.rss": "the best posts of a subreddit"];
        "r/{name}/**" => [
            "https://www.reddit.com/r/{name}/new/.rss": "the new posts of a subreddit",
            "https://www.reddit.com/r/{name}/.rss": "the front page of a subreddit",
        ];
        "user/{name}/**" => ["https://www.reddit.com/user/{name}/.rss": "the posts of a Reddit account"];
        "u/{name}/**" => ["https://www.reddit.com/user/{name}/.rss": "the posts of a Reddit account"];
    }
    "lemmy.*" {
        "c/{name}/**" => ["https://{host}/feeds/c/{name}.xml?sort=New": "a community of Lemmy"];
        "u/{name}/**" => ["https://{host}/feeds/u/{name}.xml?sort=New": "the posts of a Lemmy account"];
        "" => ["https://{host}/feeds/local.xml?sort=New": "the posts of a Lemmy site"];
    }
    "beehaw.org" { "c/{name}/**" => ["https://{host}/feeds/c/{name}.xml?sort=New": "a community of Lemmy"]; }
    "programming.dev" { "c/{name}/**" => ["https://{host}/feeds/c/{name}.xml?sort=New": "a community of Lemmy"]; }
    "peertube.*" {
        "c/{name}/**" => ["https://{host}/feeds/videos.xml?videoChannelName={name}": "the videos of a PeerTube channel"];
        "video-channels/{name}/**" => ["https://{host}/feeds/videos.xml?videoChannelName={name}": "the videos of a PeerTube channel"];
        "a/{name}/**" => ["https://{host}/feeds/videos.xml?accountName={name}": "the videos of a PeerTube account"];
        "accounts/{name}/**" => ["https://{host}/feeds/videos.xml?accountName={name}": "the videos of a PeerTube account"];
        "" => ["https://{host}/feeds/videos.xml": "the videos of a PeerTube site"];
    }
    "bsky.app" { "profile/{name}/**" => ["https://bsky.app/profile/{name}/rss": "the posts of a Bluesky account"]; }
    "vimeo.com" {
        "channels/{name}/**" => ["https://vimeo.com/channels/{name}/videos/rss": "the videos of a Vimeo channel"];
        "{video#}" => [];
        "{name}" => ["https://vimeo.com/{name}/videos/rss": "the videos of a Vimeo account"];
    }
    "medium.com" {
        "feed/**" => [];
        "tag/{tag}/**" => ["https://medium.com/feed/tag/{tag}": "a tag of Medium"];
        "{name}/tagged/{tag}" => ["https://medium.com/feed/{name}/tagged/{tag}": "a tag of a Medium publication"];
        "{name}/**" => ["https://medium.com/feed/{name}": "the posts of a Medium account"];
        "**" => [];
    }
    ".medium.com" { "**" => ["https://{host}/feed": "the feed of a Medium publication"]; }
    "substack.com" { "**" => []; }
    "www.substack.com" { "**" => []; }
    ".substack.com" { "**" => ["https://{host}/feed": "the feed of a Substack publication"]; }
    "wordpress.com" { "**" => []; }
    ".wordpress.com" {
        "category/{name}/**" => ["https://{host}/category/{name}/feed/": "a category of a WordPress blog", "https://{host}/feed/": "the feed of a WordPress blog"];
        "tag/{name}/**" => ["https://{host}/tag/{name}/feed/": "a tag of a WordPress blog", "https://{host}/feed/": "the feed of a WordPress blog"];
        "**" => ["https://{host}/feed/": "the feed of a WordPress blog"];
    }
    ".blogspot.com" {
        "search/label/{label}" => ["https://{host}/feeds/posts/default/-/{label}": "a label of a Blogger blog", "https://{host}/feeds/posts/default": "the feed of a Blogger blog"];
        "**" => ["https://{host}/feeds/posts/default": "the feed of a Blogger blog"];
    }
    "www.tumblr.com" {
        "blog/{name}/**" => ["https://{name}.tumblr.com/rss": "the feed of a Tumblr blog"];
        "tagged/**" => [];
        "{name}/**" => ["https://{name}.tumblr.com/rss": "the feed of a Tumblr blog"];
    }
    ".tumblr.com" {
        "tagged/{tag}" => ["https://{host}/tagged/{tag}/rss": "a tag of a Tumblr blog"];
        "**" => ["https://{host}/rss": "the feed of a Tumblr blog"];
    }
    "dev.to" {
        "t/{tag}/**" => ["https://dev.to/feed/tag/{tag}": "a tag of DEV"];
        "{name}/**" => ["https://dev.to/feed/{name}": "the posts of a DEV account"];
        "" => ["https://dev.to/feed": "the front page of DEV"];
    }
    "news.ycombinator.com" {
        "" => ["https://news.ycombinator.com/rss": "the front page of Hacker News"];
        "news" => ["https://news.ycombinator.com/rss": "the front page of Hacker News"];
        "show" => ["https://news.ycombinator.com/showrss": "Show HN"];
    }
    "lobste.rs" {
        "" => ["https://lobste.rs/rss": "the front page of Lobsters"];
        "t/{tag}" => ["https://lobste.rs/t/{tag}.rss": "a tag of Lobsters"];
    }
    "news.google.com" {
        "rss/**" => [];
        "search" => ["https://news.google.com/rss/search{query}": "a search of Google News"];
        "topics/{id}/**" => ["https://news.google.com/rss/topics/{id}{query}": "a topic of Google News"];
        "publications/{id}/**" => ["https://news.google.com/rss/publications/{id}{query}": "a publication on Google News"];
        "home" => ["https://news.google.com/rss{query}": "the front page of Google News"];
        "" => ["https://news.google.com/rss{query}": "the front page of Google News"];
    }
    ".bing.com" { "news/search" => ["https://www.bing.com/news/search?q={?q}&format=rss": "a search of Bing News"]; }
    "stackoverflow.com" {
        "questions/tagged/{tag}/**" => ["https://{host}/feeds/tag/{tag}": "a tag of Stack Overflow"];
        "questions/{id#}/**" => ["https://{host}/feeds/question/{id}": "a question of Stack Overflow"];
        "users/{id#}/**" => ["https://{host}/feeds/user/{id}": "an account of Stack Overflow"];
    }
    ".stackexchange.com" {
        "questions/tagged/{tag}/**" => ["https://{host}/feeds/tag/{tag}": "a tag of Stack Exchange"];
        "questions/{id#}/**" => ["https://{host}/feeds/question/{id}": "a question of Stack Exchange"];
        "users/{id#}/**" => ["https://{host}/feeds/user/{id}": "an account of Stack Exchange"];
        "questions" => ["https://{host}/feeds": "the new questions of a Stack Exchange site"];
        "" => ["https://{host}/feeds": "the new questions of a Stack Exchange site"];
    }
    "arxiv.org" { "list/{category}/**" => ["https://rss.arxiv.org/rss/{category}": "a category of arXiv"]; }
    ".wikipedia.org" { "wiki/{title}" => ["https://{host}/w/index.php?title={title}&action=history&feed=atom": "the changes of an article"]; }
    "store.steampowered.com" {
        "app/{id#}/**" => ["https://store.steampowered.com/feeds/news/app/{id}": "the news of a game"];
        "news/app/{id#}/**" => ["https://store.steampowered.com/feeds/news/app/{id}": "the news of a game"];
    }
    // Their accounts look like Mastodon's, and have no feeds.
    ".tiktok.com" { "**" => []; }
    ".threads.net" { "**" => []; }
    ".threads.com" { "**" => []; }
    "flipboard.com" { "**" => []; }
    "*" {
        "{name@}/tagged/{tag}" => ["{origin}/{name}/tagged/{tag}.rss": "the posts of a Mastodon account under a tag"];
        "{name@}/**" => ["{origin}/{name}.rss": "the posts of a Mastodon account"];
    }
};
