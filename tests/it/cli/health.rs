//! Transcripts of sources in trouble: `status`, `source list`, `source show`.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use newswatch::alert::{Health, Trouble};
use newswatch::clock::{Clock, SystemClock, earlier, later};
use newswatch::config;
use newswatch::source::{Gap, SourceState, Validators};
use newswatch::store::{Store, table};

use super::{compare, json, transcript};

const FEEDS: [&str; 4] = [
    "https://silent.example/rss",
    "https://gap.example/rss",
    "https://wall.example/rss",
    "https://well.example/rss",
];

/// Five feeds of one publisher that fail, and one each of other kinds.
fn house() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = format!(
        "[topic.t]\nall = [\"flood\"]\n[store]\npath = \"{}\"\n",
        folder.path().join("newswatch.db").display()
    );
    for url in FEEDS
        .iter()
        .map(ToString::to_string)
        .chain((1..=5).map(|n| format!("https://feeds.harbour.example/{n}")))
    {
        let name = url.trim_start_matches("https://").replace(['.', '/'], " ");
        writeln!(text, "[[feed]]\nurl = \"{url}\"\nname = \"{name}\"").unwrap();
    }
    fs::write(folder.path().join("newswatch.toml"), text).unwrap();
    let settings =
        config::load(&folder.path().join("newswatch.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    let now = SystemClock.now();
    let ago = |hours: u64| earlier(now, Duration::from_mins(hours * 60 + 30));
    let soon = later(now, Duration::from_mins(5 * 60 + 30));
    let store = Store::open(&settings.store.path).unwrap();
    store
        .write_blocking(|tx| {
            table::sync_sources(tx, &settings.sources, now, |_| SourceState::new(now, "first look"))?;
            for source in &settings.sources {
                let mut state = SourceState {
                    last_attempt: Some(ago(1)),
                    last_success: Some(ago(1)),
                    polls: 40,
                    useful: 12,
                    bytes: 1_234_567,
                    status: Some(200),
                    validators: Validators { etag: Some(b"W/\"a\"".to_vec()), last_modified: None },
                    ..SourceState::new(soon, "its cadence: 1h")
                };
                let mut health = Health::default();
                let dates: Vec<_> = (0..20).map(|n| ago(100 + n)).collect();
                match source.url.host_str().unwrap() {
                    "silent.example" => {
                        state.cadence.look(&dates, Some(20), Duration::from_hours(1), ago(99));
                        let seen = newswatch::alert::Seen { published: &dates, ..Default::default() };
                        health.look(&state, &seen, ago(0));
                        assert_eq!(health.trouble, Some(Trouble::Silent));
                    }
                    "gap.example" => state.gap = Some(Gap { from: ago(9), to: ago(4), seen: ago(2) }),
                    "wall.example" => (health.trouble, health.since) = (Some(Trouble::Walls), Some(ago(7))),
                    "well.example" => {}
                    _ => {
                        (health.trouble, health.since, health.together) =
                            (Some(Trouble::Failing), Some(ago(3)), true);
                        (state.failures, state.failing_since, state.last_success) =
                            (8, Some(ago(30)), Some(ago(31)));
                        (state.status, state.error_class) = (Some(502), Some("status".into()));
                        state.error = Some("answered 502 Bad Gateway".into());
                        state.why_next = "error 8, backing off 21h 20m".into();
                    }
                }
                table::put_source_state(tx, &source.id, &state)?;
                table::put_health(tx, &source.id, &health)?;
            }
            Ok(())
        })
        .unwrap();
    folder
}

#[test]
fn row_62_sources_in_trouble_are_shown_with_since_when_what_next_and_why() {
    let folder = house();
    let lines = [
        "status",
        "status --quiet",
        "source list",
        "source show https://feeds.harbour.example/1 https://silent.example/rss https://gap.example/rss",
        "source show nobody",
    ];
    compare("troubled", folder.path(), &transcript(folder.path(), &lines));
    let status = json(folder.path(), "status --json");
    assert_eq!((status["troubled"].as_array().unwrap().len(), &status["ok"]), (7, &false.into()));
    assert_eq!((&status["sources"]["useful_share"], &status["sources"]["silent"]), (&0.3.into(), &1.into()));
    assert_eq!(status["gaps"][0]["url"], FEEDS[1]);
    let shown = json(folder.path(), "source show --json https://feeds.harbour.example/1");
    let shown = &shown[0];
    assert_eq!((&shown["http_status"], &shown["error_class"]), (&502.into(), &"status".into()));
    assert_eq!((&shown["trouble"], &shown["etag"]), (&"failing".into(), &"W/\"a\"".into()));
    assert_eq!((&shown["useful_share"], &shown["bytes"]), (&0.3.into(), &1_234_567.into()));
}
