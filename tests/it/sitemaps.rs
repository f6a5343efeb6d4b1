//! Sitemaps from bytes to alert: baseline, new addresses, indexes whose sitemaps fail, archives.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use newswatch::article::TextFrom;
use newswatch::store::table;
use tokio::time::sleep;

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::page;

const CONFIG: &str = r#"
[fetch]
interval = "15m"
min_interval = "15m"
max_interval = "15m"
[[sitemap]]
url = "https://a.example/sitemap.xml"
name = "A"
[topic.t]
all = ["flood | floods"]
cooldown = "1h"
[alerts]
channels = ["log"]
"#;
const START: &str = "2023-09-04T12:00:00Z";
const ROOT: &str = "https://a.example/sitemap.xml";
const HALF_HOUR: Duration = Duration::from_mins(30);

/// A sitemap of addresses with the dates of their last change ("" for none).
fn urlset(addresses: &[(&str, &str)]) -> String {
    format!("<urlset>{}</urlset>", list("url", addresses))
}

fn index(sitemaps: &[(&str, &str)]) -> String {
    format!("<sitemapindex>{}</sitemapindex>", list("sitemap", sitemaps))
}

fn list(item: &str, addresses: &[(&str, &str)]) -> String {
    let of = |(path, date): &(&str, &str)| {
        let date = if date.is_empty() { String::new() } else { format!("<lastmod>{date}</lastmod>") };
        format!("<{item}><loc>https://a.example/{path}</loc>{date}</{item}>")
    };
    addresses.iter().map(of).collect()
}

/// A page about a flood at `place`.
fn flood(house: &House, path: &str, place: &str) {
    let texts = [
        format!(
            "Floods broke the old dam above {place} on Sunday night and swept the lower streets away, officials in {place} said."
        ),
        format!(
            "The mayor of {place} told reporters that 2,300 people were missing, and that the harbour of {place} could not be reached."
        ),
    ];
    let body = page(&format!("Floods in {place}"), &[&texts[0], &texts[1]], &[]);
    house.web.serve(&format!("https://a.example/{path}"), body);
}

fn heard(house: &House) -> Vec<String> {
    house.log.heard().into_iter().map(|(_, title)| title).collect()
}

fn serve(house: &House, path: &str, body: String) {
    house.web.serve(&format!("https://a.example/{path}"), body);
}

fn asked(house: &House, path: &str) -> usize {
    house.web.asked(&format!("https://a.example/{path}"))
}

#[tokio::test(start_paused = true)]
async fn a_new_address_is_told_and_a_page_that_was_touched_is_not() {
    let house = House::new(START);
    for (path, place) in [("old", "Oldham"), ("new", "Newport"), ("late", "Lateburg")] {
        flood(&house, path, place);
    }
    house.web.serve(ROOT, urlset(&[("old", "2023-09-03")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    assert_eq!((heard(&house).len(), asked(&house, "old")), (0, 0), "the first look sets the baseline");
    let known = house.reader().read(table::list_sources).unwrap();
    assert_eq!((known[0].kind.as_str(), known[0].entries), ("sitemap", 1));

    house.web.serve(
        ROOT,
        urlset(&[("new", ""), ("old?utm_source=x", "2023-09-04T12:10:00Z"), ("late", "2023-05-01")]),
    );
    sleep(HALF_HOUR).await;
    let told = heard(&house);
    assert_eq!(told.len(), 2, "one that is said to be old may be new: {told:?}");
    assert!(["Lateburg", "Newport"].iter().all(|place| told.concat().contains(place)), "{told:?}");
    assert_eq!(asked(&house, "old"), 0);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_sitemap_that_fails_loses_nothing_and_what_did_not_change_is_not_asked_for() {
    let house = House::new(START);
    for (path, place) in [("a", "Aford"), ("b", "Bford"), ("c", "Cford"), ("d", "Dford"), ("old", "Oldham")] {
        flood(&house, path, place);
    }
    let archives = [("s4.xml", "2023-05-01"), ("s5.xml", "2023-04-01"), ("s6.xml", "2023-03-01")];
    let at = |s1, s2, s3| index(&[[("s1.xml", s1), ("s2.xml", s2), ("s3.xml", s3)], archives].concat());
    house.web.serve(ROOT, at("2023-09-04T11:00:00Z", "2023-08-20", "2023-08-10"));
    serve(&house, "s1.xml", urlset(&[("a", "2023-09-04")]));
    serve(&house, "s2.xml", urlset(&[]));
    serve(&house, "s3.xml", urlset(&[("old", "2023-08-10")]));
    for path in ["s4.xml", "s5.xml", "s6.xml"] {
        serve(&house, path, urlset(&[("old", "2023-05-01")]));
    }
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    assert_eq!((heard(&house).len(), asked(&house, "s4.xml")), (0, 0));

    // Two sitemaps have news, one of them fails for two hours.
    serve(&house, "s1.xml", urlset(&[("a", "2023-09-04"), ("b", "2023-09-04")]));
    house.web.script("https://a.example/s2.xml", |_| Answer::status(500));
    house.web.serve(ROOT, at("2023-09-04T12:40:00Z", "2023-09-04T12:40:00Z", "2023-08-10"));
    sleep(Duration::from_hours(2)).await;
    assert_eq!(heard(&house).len(), 1, "{:?}", heard(&house));
    serve(&house, "s2.xml", urlset(&[("c", "2023-09-04T12:40:00Z")]));
    sleep(HALF_HOUR).await;
    assert_eq!(heard(&house).len(), 2, "{:?}", heard(&house));

    // An archive is read once it changes: what is new in it is news, the rest is not.
    serve(&house, "s5.xml", urlset(&[("old", "2023-05-01"), ("moved", ""), ("d", "2023-09-04T15:00:00Z")]));
    let mut more = archives;
    more[1].1 = "2023-09-04T15:00:00Z";
    house.web.serve(
        ROOT,
        index(
            &[
                [
                    ("s1.xml", "2023-09-04T12:40:00Z"),
                    ("s2.xml", "2023-09-04T12:40:00Z"),
                    ("s3.xml", "2023-08-10"),
                ],
                more,
            ]
            .concat(),
        ),
    );
    sleep(HALF_HOUR).await;
    let told = heard(&house);
    assert!(told.len() == 3 && told[2].contains("Dford"), "{told:?}");
    assert_eq!((asked(&house, "moved"), asked(&house, "old"), asked(&house, "s4.xml")), (0, 0, 0));
    let quiet = asked(&house, "s5.xml");
    sleep(Duration::from_hours(6)).await;
    assert_eq!(heard(&house).len(), 3, "nothing is told twice");
    assert!(asked(&house, "s5.xml") > quiet);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_index_in_an_index_is_read_and_one_that_is_wholly_broken_is_a_failure() {
    let house = House::new(START);
    flood(&house, "a", "Aford");
    house.web.serve(ROOT, index(&[("news.xml", "")]));
    serve(&house, "news.xml", index(&[("today.xml", "")]));
    serve(&house, "today.xml", urlset(&[("x", "")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    serve(&house, "today.xml", urlset(&[("x", ""), ("a", "")]));
    sleep(HALF_HOUR).await;
    assert_eq!(heard(&house).len(), 1, "{:?}", heard(&house));
    house.web.script("https://a.example/news.xml", |_| Answer::status(404));
    sleep(HALF_HOUR).await;
    let error = house.reader().read(table::list_sources).unwrap()[0].state.error.clone();
    assert_eq!(error.as_deref(), Some("https://a.example/news.xml: answered 404 Not Found"));
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_not_there_yet_is_read_when_it_is() {
    let house = House::new(START);
    house.web.serve(ROOT, index(&[("s1.xml", "2023-09-04")]));
    serve(&house, "s1.xml", urlset(&[("x", "")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    serve(&house, "s1.xml", urlset(&[("a", ""), ("x", "")]));
    house.web.script("https://a.example/a", |_| Answer::status(404));
    sleep(Duration::from_mins(20)).await;
    flood(&house, "a", "Aford");
    sleep(HALF_HOUR).await;
    let told = heard(&house);
    assert!(told.len() == 1 && told[0].contains("Aford"), "{told:?}");
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_address_in_two_sitemaps_is_one_entry_whatever_each_says_of_it() {
    let house = House::new(START);
    flood(&house, "a", "Aford");
    house.web.serve(ROOT, index(&[("pages.xml", "2023-09-04"), ("news.xml", "")]));
    serve(&house, "pages.xml", urlset(&[("a", "2023-09-04")]));
    serve(&house, "news.xml", urlset(&[]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    let titled = "<urlset><url><loc>https://a.example/a</loc><news:news><news:title>Floods in Aford</news:title></news:news></url></urlset>";
    serve(&house, "news.xml", titled.into());
    sleep(HALF_HOUR).await;
    serve(&house, "news.xml", titled.replace("in Aford", "reach Aford"));
    sleep(HALF_HOUR).await;
    assert_eq!((heard(&house).len(), asked(&house, "a")), (0, 0));
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_new_addresses_is_read_a_part_a_look_and_none_is_lost() {
    let house = House::new(START);
    let paths: Vec<String> = (0..450).map(|n| format!("p{n}")).collect();
    for path in &paths {
        serve(
            &house,
            path,
            page("Quiet", &["Nothing happened in the town on Sunday night, officials said."], &[]),
        );
    }
    flood(&house, "p449", "Lastford");
    house.web.serve(ROOT, urlset(&[("x", "")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    // The newest stands in the middle.
    let dates: Vec<String> =
        (0..450).map(|n| format!("2023-09-04T{:02}:{:02}:00Z", n / 60, n % 60)).collect();
    let mut all: Vec<_> =
        paths.iter().zip(&dates).map(|(path, date)| (path.as_str(), date.as_str())).collect();
    all.rotate_left(225);
    house.web.serve(ROOT, urlset(&all));
    sleep(Duration::from_mins(16)).await;
    assert_eq!(heard(&house).len(), 1, "{:?}", heard(&house));
    let learnt = house.reader().read(table::list_sources).unwrap()[0].learnt.clone();
    let learnt = serde_json::to_string(&learnt).unwrap();
    assert!(learnt.contains(",200]"), "only what is read is charged to the day: {learnt}");
    sleep(HALF_HOUR * 3).await;
    assert_eq!(heard(&house).len(), 1, "{:?}", heard(&house));
    assert!(paths.iter().all(|path| asked(&house, path) == 1));
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_sitemap_that_always_breaks_off_tells_what_is_new_in_it() {
    let house = House::new(START);
    flood(&house, "old", "Oldham");
    flood(&house, "a", "Aford");
    let cut = |addresses: &[(&str, &str)]| urlset(addresses).replace("</urlset>", "");
    house.web.serve(ROOT, index(&[("s1.xml", "")]));
    serve(&house, "s1.xml", cut(&[("old", "")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    assert_eq!(heard(&house).len(), 0);
    serve(&house, "s1.xml", cut(&[("old", ""), ("a", "")]));
    sleep(HALF_HOUR).await;
    assert_eq!(heard(&house), ["Floods in Aford"]);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_address_whose_page_is_refused_is_told_by_its_words() {
    let house = House::new(START);
    house.web.serve(ROOT, urlset(&[("old", "")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    let (path, gone) = ("news/floods-reach-derna-1234567.html", "news/chess-floods-the-park");
    house.web.script(&format!("https://a.example/{path}"), |_| Answer::status(403));
    house.web.script(&format!("https://a.example/{gone}"), |_| Answer::status(410));
    house.web.serve(ROOT, urlset(&[("old", ""), (path, ""), (gone, "")]));
    sleep(Duration::from_mins(17)).await;
    assert_eq!(heard(&house), ["Chess floods the park"], "the other is tried again first");
    sleep(HALF_HOUR * 2).await;
    daemon.stop().await;
    assert_eq!(asked(&house, path), 3);
    let url = format!("https://a.example/{path}");
    let report = house.reader().read(|db| table::report_at(db, &url)).unwrap().expect("a report");
    assert_eq!(report.article.title, "Floods reach derna");
    assert_eq!(report.article.text_from, TextFrom::Feed("its page answered 403".into()));
    assert!(heard(&house).contains(&"Floods reach derna".to_owned()), "{:?}", heard(&house));
}

#[tokio::test(start_paused = true)]
async fn old_addresses_that_come_in_a_crowd_are_no_news_and_say_why() {
    let house = House::new(START);
    house.web.serve(ROOT, urlset(&[("x", "")]));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    flood(&house, "new", "Newport");
    let paths: Vec<String> = (0..30).map(|n| format!("archive/floods-in-town-{n}")).collect();
    let mut all: Vec<_> = paths.iter().map(|path| (path.as_str(), "2023-05-01")).collect();
    all.extend([("new", ""), ("x", "2023-09-04"), ("y", "2023-09-03")]);
    house.web.serve(ROOT, urlset(&all));
    sleep(HALF_HOUR).await;
    daemon.stop().await;
    assert_eq!(heard(&house), ["Floods in Newport"]);
    let url = "https://a.example/archive/floods-in-town-7";
    assert_eq!(house.web.asked(url), 0);
    let report = house.reader().read(|db| table::report_at(db, url)).unwrap().expect("a report");
    let why = "more than 30 days old by its date, and one of many that came at once";
    assert_eq!((report.baseline, report.article.text_from), (true, TextFrom::Feed(why.into())));
}

#[tokio::test(start_paused = true)]
async fn an_index_that_names_itself_costs_no_more_than_its_sitemaps() {
    let house = House::new(START);
    let all = ["sitemap.xml", "s1.xml", "s2.xml", "s3.xml"];
    house.web.serve(ROOT, index(&all.map(|path| (path, ""))));
    for path in &all[1..] {
        serve(&house, path, urlset(&[("x", "")]));
    }
    let daemon = house.start(CONFIG);
    sleep(Duration::from_mins(5)).await;
    assert_eq!(all.map(|path| asked(&house, path)), [2, 1, 1, 1]);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_one_sitemap_has_new_is_news_though_another_is_read_for_the_first_time() {
    let house = House::new(START);
    flood(&house, "a", "Aford");
    flood(&house, "b", "Bford");
    house.web.serve(ROOT, index(&[("s1.xml", ""), ("s2.xml", "")]));
    serve(&house, "s1.xml", urlset(&[("x", "")]));
    house.web.script("https://a.example/s2.xml", |_| Answer::status(500));
    let daemon = house.start(CONFIG);
    sleep(Duration::from_mins(5)).await;
    serve(&house, "s1.xml", urlset(&[("x", ""), ("a", "")]));
    serve(&house, "s2.xml", urlset(&[("a", ""), ("b", "")]));
    sleep(HALF_HOUR).await;
    assert_eq!(heard(&house), ["Floods in Aford"], "b may have been there at the first look");
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_old_address_that_comes_into_view_as_a_newer_one_goes_is_no_news() {
    let house = House::new(START);
    flood(&house, "p5000", "Oldham");
    flood(&house, "new", "Newport");
    let paths: Vec<String> = (0..=5_000).map(|n| format!("p{n}")).collect();
    let date = |n: usize| {
        if n < 100 {
            "2023-09-01"
        } else if n < 5_000 {
            "2023-05-01"
        } else {
            "2023-04-01"
        }
    };
    let mut all: Vec<_> = paths.iter().enumerate().map(|(n, path)| (path.as_str(), date(n))).collect();
    house.web.serve(ROOT, urlset(&all));
    let daemon = house.start(CONFIG);
    sleep(Duration::from_mins(5)).await;
    all.remove(0);
    all.remove(0);
    all.push(("new", "2023-09-04"));
    house.web.serve(ROOT, urlset(&all));
    sleep(Duration::from_mins(16)).await;
    assert_eq!(heard(&house), ["Floods in Newport"]);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn dates_of_a_sitemap_that_are_all_old_are_not_believed() {
    // One with a few addresses, and one with more than are taken.
    for count in [3, 5_000] {
        let house = House::new(START);
        let paths: Vec<String> = (0..count).map(|n| format!("{count}/p{n}")).collect();
        let mut all: Vec<_> = paths.iter().map(|path| (path.as_str(), "2020-01-01")).collect();
        all.insert(0, ("", "2023-09-04"));
        house.web.serve(ROOT, urlset(&all));
        let daemon = house.start(CONFIG);
        sleep(Duration::from_mins(5)).await;
        let new: Vec<String> =
            (0..if count == 3 { 25 } else { 1 }).map(|n| format!("{count}/new{n}")).collect();
        for path in &new {
            flood(&house, path, &path.replace('/', " "));
        }
        all.splice(1..1, new.iter().map(|path| (path.as_str(), "2020-01-01")));
        house.web.serve(ROOT, urlset(&all));
        sleep(Duration::from_mins(16)).await;
        assert!(!heard(&house).is_empty(), "{count}");
        daemon.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn row_8_another_version_asks_for_the_sitemaps_of_an_index_as_if_for_the_first_time() {
    let (house, sent) = (House::new(START), Arc::<Mutex<Vec<bool>>>::default());
    serve(&house, "sitemap.xml", index(&[("news.xml", "")]));
    let log = sent.clone();
    house.web.script("https://a.example/news.xml", move |request| {
        log.lock().unwrap().push(!request.validators.is_empty());
        Answer::ok(urlset(&[("1", "2023-09-04")]))
    });
    for _ in 0..3 {
        house.once(CONFIG, true).await;
    }
    let now = "2023-09-04T12:00:00Z".parse().unwrap();
    house.store().write_blocking(|tx| table::read_by(tx, "0.0.0-older", now)).unwrap();
    for _ in 0..2 {
        house.once(CONFIG, true).await;
    }
    assert_eq!(*sent.lock().unwrap(), [false, true, true, false, true]);
}
