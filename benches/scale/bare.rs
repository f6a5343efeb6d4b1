//! The least that polling can cost: reqwest and feed-rs, and nothing kept but the validators.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::{feeds, gauges, server};

/// Polls `count` feeds twice and prints what that cost.
pub(crate) fn measure(port: u16, count: u32) -> bool {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut etags = vec![None; usize::try_from(count).unwrap_or(0)];
        let mut items = 0;
        for cycle in ["first", "all-304"] {
            let (cpu, begin, before) = (gauges::cpu(), Instant::now(), server::counts(port));
            let places = Arc::new(Semaphore::new(64));
            let mut polls = tokio::task::JoinSet::new();
            for (n, etag) in etags.drain(..).enumerate() {
                let (client, places) = (client.clone(), places.clone());
                polls.spawn(async move {
                    let _place = places.acquire_owned().await;
                    poll(&client, port, u32::try_from(n).unwrap_or(0), etag).await
                });
            }
            let mut answers = polls.join_all().await;
            answers.sort_by_key(|(n, ..)| *n);
            items += answers.iter().map(|(.., items)| items).sum::<usize>();
            etags = answers.into_iter().map(|(_, etag, _)| etag).collect();
            let (asked, connected) = server::counts(port);
            println!(
                "bare    {cycle:8} {:6.3} CPU s  {:6.1} s  peak {:4} MB  {} requests, {} connections, {items} items read",
                gauges::cpu() - cpu,
                begin.elapsed().as_secs_f64(),
                gauges::peak(),
                asked - before.0,
                connected - before.1,
            );
        }
        items as u64 == feeds::ITEMS * u64::from(count)
    })
}

async fn poll(
    client: &reqwest::Client,
    port: u16,
    n: u32,
    etag: Option<String>,
) -> (u32, Option<String>, usize) {
    let mut request = client.get(format!("http://{}:{port}/feed", feeds::host(n)));
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    let Ok(answer) = request.send().await else { return (n, None, 0) };
    let etag = answer.headers().get("etag").and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let items = match answer.bytes().await {
        Ok(body) if !body.is_empty() => feed_rs::parser::parse(&*body).map_or(0, |feed| feed.entries.len()),
        _ => 0,
    };
    (n, etag, items)
}
