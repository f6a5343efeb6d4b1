//! Ingest repeated, shuffled and cut off ends in the same store.

use newswatch::clock::Clock;
use newswatch::pipeline::{Ingester, Message, harvest};
use newswatch::store::{Store, table};
use proptest::prelude::*;
use tokio::sync::mpsc;

use super::support::house::{House, Knows, first_job, settings};
use super::support::press::{Item, page, rss};

const CONFIG: &str = r#"
[[feed]]
url = "https://a.example/rss"
name = "A"
first_look = "alert"
[topic.flood]
all = ["flood | floods", "dam"]
[alerts]
channels = ["log"]
"#;

/// What one look at a feed of four entries sends: three retell one story, one is another.
async fn messages() -> (House, Vec<Message>) {
    let house = House::new("2023-09-04T12:00:00Z");
    let texts = [
        "Floods broke the old dam above the town of Derna on Sunday night and swept whole districts of the town into the sea, officials said.",
        "The dam above Derna burst on Sunday night; floods swept whole districts of the town into the sea, according to officials there.",
        "Whole districts of the town of Derna were swept into the sea by floods on Sunday night when the old dam above it burst, officials said.",
        "The chess federation chose a new president after four rounds of voting in the capital, where delegates argued until midnight.",
    ];
    let items: Vec<Item> = (0..texts.len())
        .map(|n| {
            Item::new(
                &format!("https://a.example/{n}"),
                &format!("Report {n}: {}", &texts[n][..40]),
                &format!("Mon, 04 Sep 2023 0{n}:00:00 GMT"),
            )
        })
        .collect();
    for (item, text) in items.iter().zip(texts) {
        house.web.serve(&item.url, page(&item.title, &[text, text], &[]));
    }
    house.web.serve("https://a.example/rss", rss("a", &items));
    let source = settings(CONFIG).sources.remove(0);
    let job = first_job(source);
    let (send, mut receive) = mpsc::channel(64);
    harvest(job, house.web.as_ref(), &Knows::default(), house.clock.as_ref(), &send).await;
    drop(send);
    let mut messages = Vec::new();
    while let Some(message) = receive.recv().await {
        messages.push(message);
    }
    assert_eq!(messages.len(), 5, "four reports, then the end of the look");
    (house, messages)
}

/// What must be the same whatever the order: which reports there are, which share a story, what was told.
fn facts(store: &Store) -> (Vec<Vec<String>>, usize, u64, bool) {
    store
        .write_blocking(|tx| {
            let mut stories: Vec<Vec<String>> = table::list_stories(tx, 100)?
                .iter()
                .map(|story| {
                    let mut urls: Vec<String> = table::reports_of(tx, story.id)?
                        .into_iter()
                        .filter_map(|report| report.url)
                        .collect();
                    urls.sort();
                    Ok(urls)
                })
                .collect::<Result<_, newswatch::store::SqliteError>>()?;
            stories.sort();
            let alerts = table::list_alerts(tx, "2023-09-05T00:00:00Z".parse().unwrap(), 100)?.len();
            let validated = table::list_sources(tx)?.iter().all(|source| source.state.baseline_done);
            Ok((stories, alerts, table::outbox_len(tx)?, validated))
        })
        .unwrap()
}

fn ingest(messages: &[Message], batch: usize, house: &House) -> (Vec<Vec<String>>, usize, u64, bool) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("n.db")).unwrap();
    let (settings, now) = (settings(CONFIG), house.clock.now());
    store
        .write_blocking(|tx| {
            table::sync_sources(tx, &settings.sources, now, |source| {
                newswatch::schedule::first_check(source, now, std::time::Duration::ZERO)
            })
        })
        .unwrap();
    for batch in messages.chunks(batch) {
        store
            .write_blocking(|tx| {
                // A new ingester each time: as after a restart.
                Ingester::rebuild(tx, now)?.ingest(tx, &settings, batch, now)
            })
            .unwrap();
    }
    facts(&store)
}

#[test]
fn repeated_and_shuffled_messages_give_the_same_store() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let (house, messages) = runtime.block_on(messages());
    let _inside = runtime.enter();
    let expected = ingest(&messages, 5, &house);
    assert_eq!(expected.0.len(), 2, "{:?}", expected.0);
    assert_eq!(expected.1, 1);
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    let orders = (Just(messages.clone()).prop_shuffle(), Just(messages).prop_shuffle(), 1_usize..6);
    runner
        .run(&orders, |(first, again, batch)| {
            let stream: Vec<Message> = first.into_iter().chain(again).collect();
            prop_assert_eq!(&ingest(&stream, batch, &house), &expected);
            Ok(())
        })
        .unwrap();
}
