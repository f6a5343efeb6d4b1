//! What repeats on the pages of a host is furniture from the third page on, and tells no topic.

use newswatch::store::table;

use super::support::house::House;
use super::support::press::{Item, page, rss};

const CONFIG: &str = r#"
[[feed]]
url = "https://a.example/rss"
first_look = "alert"

[topic.harbour]
all = ["harbour desk"]
channels = ["log"]
"#;

#[tokio::test(start_paused = true)]
async fn a_line_on_each_page_of_a_host_tells_a_topic_no_more_after_two() {
    let house = House::new("2023-09-04T12:00:00Z");
    let stories = [
        [
            "Bakers ask for cheaper flour",
            "Flour has doubled in price since the spring, the bakers of the valley say.",
            "The mill has promised an answer by the end of the month, and a discount until then.",
        ],
        [
            "Night train returns to the coast",
            "From December the sleeper runs three times a week to the coast and back.",
            "The first tickets were gone within the hour on Sunday, the railway company said.",
        ],
        [
            "Market hall loses its roof",
            "The storm of Sunday night took the roof off the old market hall in the town.",
            "Traders sell from their carts in the square until carpenters have been found.",
        ],
        [
            "School of rowing wins again",
            "The girls’ eight won by two lengths on the lake on Saturday in heavy rain.",
            "Their trainer has promised them a boat without holes for the coming season.",
        ],
    ];
    let line = "Our harbour desk has told the news of the bay since 1921, and it answers each letter.";
    let mut items = Vec::new();
    for (n, [title, first, second]) in stories.iter().enumerate() {
        let url = format!("https://a.example/{n}");
        let third = format!("{title}: the council will speak of it on Thursday evening in the town hall.");
        let last = format!("Who wants to say something of it may write until then. {first}");
        house.web.serve(&url, page(title, &[first, second, &third, &last, line], &[]));
        items.insert(0, Item::new(&url, title, "Mon, 04 Sep 2023 11:00:00 GMT"));
        house.web.serve("https://a.example/rss", rss("a", &items));
        house.once(CONFIG, true).await;
        house.clock.set_ahead(std::time::Duration::from_hours(2));
    }
    let texts: Vec<bool> = (0..stories.len())
        .map(|n| {
            let url = format!("https://a.example/{n}");
            let report = house.reader().read(|db| table::report_at(db, &url)).unwrap().unwrap();
            assert!(report.article.text().contains(stories[n][2]), "{:?}", report.article);
            assert_eq!(report.article.evidence.title, "heading");
            report.article.text().contains(line)
        })
        .collect();
    assert_eq!(texts, [true, true, false, false]);
    assert_eq!(house.log.told.lock().unwrap().len(), 2);
}
