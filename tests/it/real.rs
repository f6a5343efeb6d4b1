//! The real binary on real sockets: `once` on the demo's press, phase by phase, gives one story, six outlets, one origin,
//! one alert and one update.

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use newswatch::cli::demo::press::{Moment, Phase, Press, expected};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

async fn newswatch(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_newswatch"))
        .args(arguments)
        .env("NEWSWATCH_CONFIG", folder.join("newswatch.toml"))
        .env("STATE_DIRECTORY", folder)
        .env_remove("JOURNAL_STREAM")
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_story_is_one_alert_and_one_update() {
    let (moment, stop) = (Arc::new(Moment::new(Phase::Baseline)), CancellationToken::new());
    let press = Press::start(moment.clone(), stop.clone()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    // The system's clock does not jump from phase to phase as the demo's does: no cooldown, or the update would wait.
    let config = format!(
        "{}\n[defaults.topic]\ncooldown = \"1ms\"\n[alerts]\nchannels = [\"log\"]\n[store]\npath = \"newswatch.db\"\n",
        press.config()
    );
    std::fs::write(folder.path().join("newswatch.toml"), config).unwrap();
    let check = newswatch(folder.path(), &["check"]).await;
    assert_eq!(check.status.code(), Some(0), "{check:?}");

    for phase in Phase::ALL {
        moment.set(phase);
        let once = newswatch(folder.path(), &["once", "--all"]).await;
        assert_eq!(once.status.code(), Some(0), "{phase:?}: {once:?}");
        let alerts = json(&newswatch(folder.path(), &["alerts", "--json"]).await);
        let count = alerts.as_array().unwrap().len();
        assert_eq!(count, usize::from(phase > Phase::Baseline), "{phase:?}: {alerts:#}");
    }
    stop.cancel();
    press.stopped().await;

    let alerts = json(&newswatch(folder.path(), &["alerts", "--json"]).await);
    assert_eq!(alerts[0]["kind"], "update", "{alerts:#}");
    assert_eq!(alerts[0]["title"], expected::UPDATE_TITLE);
    let stories = json(&newswatch(folder.path(), &["stories", "--json"]).await);
    let told: Vec<_> = stories
        .as_array()
        .unwrap()
        .iter()
        .filter(|story| story["topics"] == serde_json::json!(["nk-arms"]))
        .collect();
    assert_eq!(told.len(), 1, "{stories:#}");
    assert_eq!(told[0]["outlets"].as_array().unwrap().len(), expected::OUTLETS);
    assert_eq!(told[0]["reports"].as_array().unwrap().len(), expected::REPORTS);
    assert_eq!(told[0]["origins"][0]["name"], expected::ORIGIN);

    let found = newswatch(folder.path(), &["search", "Vladivostok"]).await;
    assert_eq!(found.status.code(), Some(0));
    let nothing = newswatch(folder.path(), &["search", "Ouagadougou"]).await;
    assert_eq!(nothing.status.code(), Some(1));
}
