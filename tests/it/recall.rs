//! What a look asks of the store: nothing unless it has a document, and a refusal is a failure of the look.

use std::sync::atomic::{AtomicUsize, Ordering};

use newswatch::clock::Clock;
use newswatch::pipeline::{Job, Message, Recall, Remembered, harvest};
use newswatch::schedule::Outcome;
use newswatch::source::SourceId;
use tokio::sync::mpsc;

use super::support::fake_web::Answer;
use super::support::house::{House, first_job, settings};
use super::support::press::rss;

const FEED: &str = "https://a.example/rss";

/// Counts how often it was asked, and cannot answer.
#[derive(Default)]
struct Refuses(AtomicUsize);

#[async_trait::async_trait]
impl Recall for Refuses {
    async fn recall(&self, _source: &SourceId) -> Result<Remembered, String> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err("the disk is gone".to_owned())
    }

    async fn template(&self, _: &str) -> newswatch::article::Template {
        newswatch::article::Template::default()
    }
}

async fn look(answer: impl Fn() -> Answer + Send + Sync + 'static) -> (Outcome, usize) {
    let house = House::new("2023-09-04T12:00:00Z");
    house.web.script(FEED, move |_| answer());
    let source = settings(&format!("[[feed]]\nurl = \"{FEED}\"\n")).sources.remove(0);
    let job = Job { first_look: false, last_full: Some(house.clock.now()), ..first_job(source) };
    let (recall, (send, mut receive)) = (Refuses::default(), mpsc::channel(8));
    harvest(job, house.web.as_ref(), &recall, house.clock.as_ref(), &send).await;
    match receive.recv().await {
        Some(Message::Polled(polled)) => (polled.outcome, recall.0.load(Ordering::Relaxed)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_without_a_document_asks_nothing_of_the_store() {
    for status in [304, 404, 410, 503] {
        let (_, asked) = look(move || Answer::status(status)).await;
        assert_eq!(asked, 0, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_cannot_learn_what_is_known_fails_and_keeps_no_validators() {
    let (outcome, asked) = look(|| Answer::ok(rss("a", &[]))).await;
    assert_eq!(asked, 1);
    assert!(
        matches!(&outcome, Outcome::Failed { message, .. } if message.contains("the disk is gone")),
        "{outcome:?}"
    );
}
