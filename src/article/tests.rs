//! Fixture pages with the article expected of each, and hostile pages.

use proptest::prelude::*;
use url::Url;

use super::{Article, ExtractError, Hints, Kind, Template, TextFrom, extract, from_entry, text_of_html};
use crate::feed::Entry;
use crate::text::language::Languages;

const SIDEBAR: &str = include_str!("../../tests/fixtures/article/sidebar.html");
const BOXES: &str = include_str!("../../tests/fixtures/article/boxes-inside.html");
const CLOCK: &str = include_str!("../../tests/fixtures/article/header-clock.html");

fn read(html: &str) -> Result<Article, ExtractError> {
    read_with(html, &Hints::default())
}

fn read_with(html: &str, hints: &Hints) -> Result<Article, ExtractError> {
    let url = Url::parse("https://press.example/world/a-story").expect("an address");
    extract(html, &url, hints)
}

#[test]
fn fixtures() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/fixtures/article");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    insta::glob!("../../tests/fixtures/article", "*.html", |path| {
        let html = std::fs::read_to_string(path).expect("a fixture");
        match read(&html) {
            Ok(article) => insta::assert_json_snapshot!("article", article),
            Err(error) => {
                insta::assert_json_snapshot!("article", serde_json::json!({ "error": error.to_string() }));
            }
        }
    });
}

#[test]
fn what_other_pages_of_a_host_hold_too_is_furniture_from_the_third_page_on() {
    let page = |story: &str, words: &str| {
        let story = (1..6).map(|n| {
            format!("<p>{story} {n}: {words}, and more than that was said of it on the day {n}.</p>")
        });
        let line =
            "<p>Our desk on the coast has told the news of the bay since 1921, and answers each letter.</p>";
        format!(
            "<title>{words}</title><article><h1>{words}</h1>{}{line}</article>",
            story.collect::<String>()
        )
    };
    let pages = [
        page("Bread", "bakers ask for cheaper flour this winter"),
        page("Rails", "the night train returns to the coast"),
        page("Roofs", "the market hall has lost its roof in the storm"),
    ];
    let mut template = Template::default();
    for (at, html) in pages.iter().enumerate() {
        let article =
            read_with(html, &Hints { template: Some(template.clone()), ..Hints::default() }).unwrap();
        let is_text = article.text().contains("since 1921");
        assert_eq!(is_text, at < 2, "page {at}: {}", article.text());
        assert_eq!(article.furniture.contains("since 1921"), !is_text);
        assert!(article.text().contains("on the day 5"));
        template.learn(&article.sketch);
    }
    // The same article again, and again: its own paragraphs stay.
    for _ in 0..3 {
        let article =
            read_with(&pages[0], &Hints { template: Some(template.clone()), ..Hints::default() }).unwrap();
        assert!(article.text().contains("on the day 5"), "{}", article.text());
        template.learn(&article.sketch);
    }
}

#[test]
fn the_start_of_a_paid_text_gives_way_to_a_feed_that_says_more() {
    let html = include_str!("../../tests/fixtures/article/paid-start.html");
    let said = |text: &str| read_with(html, &Hints { text: Some(text.to_owned()), ..Hints::default() });
    assert_eq!(said("A yard builds ferries of flax.").unwrap().kind, Kind::Paywall);
    let why = said(&"The whole text of the article. ".repeat(40)).unwrap_err();
    assert!(why.to_string().contains("only the start"), "{why}");
}

#[test]
fn a_sidebar_that_names_a_topic_stays_out_of_the_text() {
    let article = read(SIDEBAR).expect("an article");
    for name in ["Kim", "Putin"] {
        assert!(!article.text().contains(name), "{}", article.text());
        assert!(article.furniture.contains(name), "{}", article.furniture);
    }
    assert!(!article.furniture.contains("in a script") && !article.furniture.contains("style sheet"));
}

#[test]
fn boxes_inside_the_text_are_taken_out_and_kept_as_furniture() {
    let article = read(BOXES).expect("an article");
    assert_eq!(article.lead, "A visit in September could lead from a university campus to a naval pier.");
    for box_text in [
        "Advertisement",
        "Photograph",
        "Erdogan",
        "Zelenskyy",
        "Shoigu",
        "morning briefing",
        "First comment",
        "More from",
    ] {
        assert!(!article.text().contains(box_text), "{box_text} in {}", article.text());
        assert!(article.furniture.contains(box_text), "{box_text} not in {}", article.furniture);
    }
    assert_eq!(article.body.split("\n\n").count(), 5, "{}", article.body);
}

#[test]
fn the_feed_knows_better_when_and_a_header_clock_knows_nothing() {
    let date = "2023-08-30T20:00:00Z".parse().expect("a date");
    let hints = Hints { published: Some(date), ..Hints::default() };
    let article = read_with(CLOCK, &hints).expect("an article");
    assert_eq!((article.published, article.published_from.as_str()), (Some(date), "feed"));
    let clock_only =
        CLOCK.replace("<time datetime=\"2023-08-30T21:40:00Z\">30 August 2023, 22:40</time>", "");
    let article = read(&clock_only).expect("an article");
    assert_eq!((article.published, article.published_from.as_str()), (None, ""));
}

#[test]
fn stubs_say_what_they_are() {
    let page = |title: &str, text: &str| format!("<title>{title}</title><h1>{title}</h1><p>{text}</p>");
    for (html, says) in [
        (page("404 Not Found", "The page you are looking for has moved."), "an error page"),
        (page("Just a moment…", "Enable JavaScript and cookies to continue, please."), "a check for robots"),
        (page("Before you continue", "We value your privacy."), "a consent wall"),
        (page("Live", "Updates appear here."), "too few"),
        (String::new(), "0 words"),
    ] {
        let error = read(&html).expect_err("no article").to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_short_page_is_taken_where_the_feed_says_even_less() {
    let html = "<title>Kim to travel</title><article><h1>Kim to travel</h1><p>Kim Jong Un means to travel to Russia this month, officials told a newspaper.</p></article>";
    let feed = |text: &str| Hints { text: Some(text.to_owned()), ..Hints::default() };
    assert!(read_with(html, &feed("Kim travels.")).is_ok());
    assert!(read_with(html, &feed(&"many words ".repeat(20))).is_err());
    assert!(read_with(html, &Hints::default()).is_err());
}

#[test]
fn what_is_no_html_is_refused_by_its_type() {
    let hints = Hints { content_type: Some("application/pdf".to_owned()), ..Hints::default() };
    assert!(read_with(SIDEBAR, &hints).expect_err("no page").to_string().contains("application/pdf"));
    let hints = Hints { content_type: Some("text/html; charset=utf-8".to_owned()), ..Hints::default() };
    assert!(read_with(SIDEBAR, &hints).is_ok());
}

#[test]
fn an_address_of_another_site_or_the_front_page_is_not_canonical() {
    let with = |address: &str| {
        let link = format!("<link rel=\"canonical\" href=\"{address}\"></head>");
        read(&CLOCK.replace("</head>", &link)).expect("an article").canonical_url.map(String::from)
    };
    assert_eq!(with("/world/b").as_deref(), Some("https://press.example/world/b"));
    assert_eq!(with("https://m.press.example/b").as_deref(), Some("https://m.press.example/b"));
    for bad in
        ["https://press.example/", "https://elsewhere.test/b", "javascript:alert(1)", "ftp://press.example/b"]
    {
        assert_eq!(with(bad), None, "{bad}");
    }
}

#[test]
fn fragments_become_paragraphs() {
    for (html, wanted) in [
        ("plain &amp; simple", "plain & simple"),
        ("<p>One.</p><p>Two <b>bo</b>ld.</p>", "One.\n\nTwo bold."),
        ("One.<br><br>Two.<br>Still two.", "One.\n\nTwo.\nStill two."),
        ("<ul><li>One</li><li>Two</li></ul><blockquote>Three</blockquote>", "One\n\nTwo\n\nThree"),
        ("<p>so\u{ad}ft zero\u{200b}width\u{a0}space</p>", "soft zerowidth space"),
        ("<a href=x>One</a><a href=y>Two</a>", "One Two"),
        (
            "seen<script>not</script><style>not</style><template>not</template><p hidden>not</p><p style='display: none'>not</p>",
            "seen",
        ),
        ("<pre>line\nline\n\nparagraph</pre>", "line\nline\n\nparagraph"),
        ("", ""),
    ] {
        assert_eq!(text_of_html(html), wanted, "{html}");
    }
}

#[test]
fn an_entry_is_an_article_of_its_own() {
    let entry = Entry {
        title: Some("Kim  to travel".to_owned()),
        url: Url::parse("https://press.example/a#top").ok(),
        summary_html: Some("A newspaper &amp; its sources.".to_owned()),
        content_html: Some("<p>First paragraph of the text.</p><p>Second.</p>".to_owned()),
        published: "2023-09-04T18:30:00Z".parse().ok(),
        authors: vec![" Ada Brandt ".to_owned()],
        language: Some("en-GB".to_owned()),
        ..Entry::default()
    };
    let article = from_entry(&entry, "the page answered 404", &mut Languages::default());
    assert_eq!(article.title, "Kim to travel");
    assert_eq!(article.lead, "A newspaper & its sources.");
    assert_eq!(article.body, "First paragraph of the text.\n\nSecond.");
    assert_eq!(article.byline.as_deref(), Some("Ada Brandt"));
    assert_eq!((article.published, article.published_from.as_str()), (entry.published, "feed"));
    assert_eq!(article.text_from, TextFrom::Feed("the page answered 404".to_owned()));
    let without_summary = Entry { summary_html: Some("First paragraph …".to_owned()), ..entry.clone() };
    assert_eq!(
        from_entry(&without_summary, "", &mut Languages::default()).lead,
        "First paragraph of the text."
    );
    let summary_only = Entry { content_html: None, ..entry };
    assert_eq!(from_entry(&summary_only, "", &mut Languages::default()).text(), "A newspaper & its sources.");
}

/// Pages made to cost much: each must be refused, or read, quickly. (Without bounds most take minutes or gigabytes.)
#[test]
fn hostile_pages_are_bounded() {
    let attributes = "a b c d e f g h i j k l m n o p q r s t u v w x y z ".to_owned() + &"aa ".repeat(10);
    let formatting: String =
        (0..400).flat_map(|at| ["<b id=".to_owned(), at.to_string(), ">".to_owned()]).collect();
    for (name, html, refused) in [
        ("nested divs", "<div>".repeat(100_000), "deeper"),
        ("nested lists", "<ul><li>".repeat(5_000), "deeper"),
        ("nested templates", "<template>".repeat(100_000), "deeper"),
        ("nested tables", "<table><tr><td>".repeat(20_000), "deeper"),
        ("breaks", "<br>".repeat(310_000), "300,000"),
        ("attributes", format!("<p {attributes}>").repeat(16_000), "attributes"),
        (
            "formatting rebuilt in every paragraph",
            format!("<p>{formatting}{}", "<p>x".repeat(20_000)),
            "more than",
        ),
        ("size", "x".repeat(9 << 20), "8 MiB"),
    ] {
        let error = read(&html).expect_err(name).to_string();
        assert!(error.contains(refused), "{name}: {error}");
    }
}

#[test]
fn many_paragraphs_and_long_values_are_still_read() {
    let page =
        |inner: &str| format!("<title>A long page</title><h1>A long page</h1><article>{inner}</article>");
    let sentence = "<p>This is one of a great many paragraphs, each with some words, a comma, and a full stop at its end.";
    let article = read(&page(&sentence.repeat(5_000))).expect("unclosed paragraphs do not nest");
    assert_eq!(article.body.split("\n\n").count(), 4_999);
    let image = format!(
        "<img src=\"data:image/png;base64,{}\">",
        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4/8w9".repeat(10_000)
    );
    assert!(read(&page(&format!("{image}{}", sentence.repeat(3)))).is_ok(), "a picture in an attribute");
}

#[test]
fn furniture_is_bounded() {
    let links = "<li><a href=x>Another link to another page of this site</a>".repeat(20_000);
    let article =
        read(&SIDEBAR.replace("</footer>", &format!("<ul>{links}</ul></footer>"))).expect("an article");
    assert!(article.furniture.len() <= 100_000, "{}", article.furniture.len());
    assert!(article.furniture.contains("Kim and Putin: our dossier"));
}

/// Pieces that mangled pages are made of.
const PIECES: [&str; 40] = [
    "<p>",
    "</p>",
    "<div class='article-body'>",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<a href=x>",
    "</a>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<h1>",
    "</h1>",
    "<article>",
    "</article>",
    "<aside>",
    "<ul>",
    "<li>",
    "</ul>",
    "<br>",
    "<!--",
    "-->",
    "<script type='application/ld+json'>",
    "</script>",
    "{\"@type\":\"Article\",\"headline\":",
    "<template>",
    "</template>",
    "<svg>",
    "<math>",
    "<select>",
    "<form>",
    "<title>",
    "</title>",
    "<time datetime='2023-09-04'>",
    "\u{ad}",
    "Ким, Путин. ",
    "A sentence of words, with a comma. ",
];

proptest! {
    #[test]
    fn mangled_pages_never_panic(picks in prop::collection::vec((0..PIECES.len(), ".{0,6}"), 0..120)) {
        let html: String = picks.iter().flat_map(|(pick, noise)| [PIECES[*pick], noise.as_str()]).collect();
        let text = text_of_html(&html);
        prop_assert!(!text.contains("\n\n\n") && text.trim() == text);
        if let Ok(article) = read(&html) {
            prop_assert!(!article.lead.is_empty());
        }
    }

    #[test]
    fn cut_pages_never_panic(at in 0..SIDEBAR.len()) {
        let cut: String = SIDEBAR.chars().take(at).collect();
        if let Ok(article) = read(&cut) {
            prop_assert!(!article.text().contains("Putin"));
        }
    }

    #[test]
    fn any_text_survives_markup(words in prop::collection::vec("[a-zа-я]{1,8}", 1..40)) {
        let html = format!("<div><p>{}</p></div>", words.join(" "));
        prop_assert_eq!(text_of_html(&html), words.join(" "));
    }
}

/// A story of a town, six paragraphs.
fn story() -> String {
    let said = "The mayor of the town said on Monday that the old bridge over the river is to be closed for repairs, as its piers have sunk.";
    (1..=6).map(|at| format!("<p>{said} Part {at} of the plan comes next.</p>")).collect::<Vec<_>>().concat()
}

/// What a stranger writes below it.
const REMARK: &str = "<p>A remark by a stranger about the harvest of pears, which was poor this year, and about the weather, which was worse.</p>";

#[test]
fn comments_and_sidebars_that_are_most_of_a_page_are_not_the_text() {
    for name in ["comments", "sidebar"] {
        let html = format!(
            "<title>Bridge to close for repairs</title><div class=post><h1>Bridge to close for repairs</h1>{}</div>\
             <div class={name}>{}</div>",
            story(),
            REMARK.repeat(30)
        );
        let article = read(&html).expect("an article");
        assert!(article.text().contains("Part 6") && !article.text().contains("pears"), "{}", article.text());
        let wrapped = format!(
            "<title>Bridge to close</title><div class={name}-wrap><h1>Bridge to close</h1>{}</div>",
            story()
        );
        assert!(read(&wrapped).expect("an article").text().contains("Part 6"));
        let apart = format!(
            "<title>Bridge to close</title><h1>Bridge to close</h1><div class={name}-wrap>{}</div>",
            story()
        );
        assert!(read(&apart).expect("an article").text().contains("Part 6"));
    }
}

#[test]
fn a_list_below_the_text_ends_it_unless_the_article_goes_on() {
    for heading in
        ["<h2>Most viewed in world</h2>", "<h3>The latest</h3>", "<p>Source: Read Full Article</p>"]
    {
        let page = |after: &str| {
            format!(
                "<title>Bridge to close</title><main><h1>Bridge to close</h1>{}{heading}{after}</main>",
                story()
            )
        };
        let card = format!("<p><a href=/x>Pears fetch a high price</a></p>{REMARK}");
        let article = read(&page(&card.repeat(4))).expect("an article");
        assert!(!article.text().contains("harvest"), "{}", article.text());
        assert!(article.text().contains("Part 6") && article.furniture.contains("harvest"));
        let on = read(&page(&format!("<p><a href=/x>Pears fetch</a></p>{}", REMARK.repeat(3))))
            .expect("an article");
        assert!(on.text().contains("harvest"), "{}", on.text());
    }
}

#[test]
fn nothing_outside_the_article_that_holds_the_headline_is_its_text() {
    let html = format!(
        "<title>Bridge to close</title><main><article><h1>Bridge to close</h1>{}</article><section>{}</section></main>",
        story(),
        REMARK.repeat(20)
    );
    let text = read(&html).expect("an article").text();
    assert!(text.contains("Part 6") && !text.contains("pears"), "{text}");
}

#[test]
fn json_ld_tells_the_text_that_the_page_does_not_show() {
    let told = "The mayor of the town said on Monday that the old bridge over the river is to be closed.\\nIts piers have sunk, and repairs will take until the spring, engineers told the council.";
    let page = |shown: &str| {
        format!(
            "<title>Bridge to close</title><script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"Bridge to close\",\"articleBody\":\"{told}\"}}</script><body><h1>Bridge to close</h1>{shown}"
        )
    };
    for shown in ["<div id=app></div>".to_owned(), REMARK.repeat(5)] {
        let article = read(&page(&shown)).expect("an article");
        assert!(
            article.lead.starts_with("The mayor") && article.body.starts_with("Its piers"),
            "{article:?}"
        );
        assert!(!article.text().contains("pears"), "{}", article.text());
    }
    assert!(read(&page(&story())).expect("an article").text().contains("Part 6"));
}

#[test]
fn the_heading_of_the_newest_post_is_text() {
    let post = "The Kremlin said on Tuesday that it had nothing to say about a visit.";
    let more = "Its spokesman told reporters that he had nothing to add to that, whoever asked.";
    let data = format!(
        r#"{{"@type":"LiveBlogPosting","headline":"War: live","liveBlogUpdate":[{{"headline":"Kremlin declines to comment","articleBody":"{post} {more}"}},{{"headline":"Drones","articleBody":"Two drones came down over the region. Nobody was hurt."}}]}}"#
    );
    let older = format!(
        "<div><h2>Drones</h2><p>{}</p></div>",
        "Two drones came down over the region. Nobody was hurt. ".repeat(4)
    );
    let article = read(&format!(
        "<title>War: live</title><script type='application/ld+json'>{data}</script><article><h1>War: live</h1>\
         <div><h2>Kremlin declines to comment</h2><p>{post}</p><p>{more}</p></div>{older}</article>"
    ))
    .expect("a live page");
    assert_eq!(article.kind, Kind::Live);
    assert!(
        article.text().starts_with("Kremlin declines to comment\n\nThe Kremlin said"),
        "{}",
        article.text()
    );
}
