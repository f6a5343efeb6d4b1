//! A configuration, and a store as a daemon leaves it: one source is well and one fails, one story of two reports is
//! told, a third article was passed over. Headlines and errors try to take over the terminal.

use std::path::Path;
use std::time::Duration;

use newswatch::alert::{Alert, AlertKind, Told, Verdict, VerdictKind};
use newswatch::article::{Article, TextFrom};
use newswatch::clock::{Clock, SystemClock, Timestamp, earlier, later};
use newswatch::config::{self, Settings};
use newswatch::feed::About;
use newswatch::source::{SourceState, Validators};
use newswatch::store::{Delivery, Lock, NewReport, Store, table};
use newswatch::story::{Candidate, NewsKind, NovelSentence, Origin, OriginKind, StoryView};
use newswatch::topic::{Evaluation, Severity};
use rusqlite::Transaction;
use tempfile::TempDir;
use url::Url;

const HOSTILE: &str = "Kim Jong Un to meet Putin\u{1b}]0;owned\u{7}\u{202e}\u{9b}2J";

/// Writes a configuration of two feeds and two topics into `folder`.
pub(super) fn configure(folder: &Path) {
    let store = folder.join("newswatch.db");
    let config = format!(
        "[[feed]]\nurl = \"https://example.org/rss.xml\"\nname = \"Example Post\"\n\
         [[feed]]\nurl = \"https://example.net/atom.xml\"\n\
         [topic.nk]\nname = \"Summit\"\nall = [\"Kim Jong Un\", \"Putin\"]\nnear = 30\nseverity = \"warning\"\n\
         [topic.rover]\nany = [\"lunar rover\"]\n\
         [alerts]\nchannels = [\"log\"]\n[store]\npath = \"{}\"\n",
        store.display()
    );
    std::fs::write(folder.join("newswatch.toml"), config).unwrap();
}

/// A folder with a configuration and a filled store, and the lock that a running daemon holds.
pub(super) struct Filled {
    folder: TempDir,
    _lock: Lock,
}

impl Filled {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The folder with both.
pub(super) fn house() -> Filled {
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path());
    let settings =
        config::load(&folder.path().join("newswatch.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    let now = SystemClock.now();
    // Half an hour off, so that "2 h ago" is that however slowly the test runs.
    let ago = |hours: u64| earlier(now, Duration::from_mins(hours * 60 + 30));
    let store = Store::open(&settings.store.path).unwrap();
    store.write_blocking(|tx| fill(tx, &settings, now, &ago)).unwrap();
    let lock = Lock::take(&settings.store.path).unwrap();
    Filled { folder, _lock: lock }
}

fn fill(
    tx: &Transaction<'_>,
    settings: &Settings,
    now: Timestamp,
    ago: &dyn Fn(u64) -> Timestamp,
) -> rusqlite::Result<()> {
    sources(tx, settings, now, ago)?;
    let reports = Reports { settings, published: ago(3), found: ago(2) };
    let view = StoryView {
        outlets: vec!["Example Post".into(), "Example Net".into()],
        origins: vec![Origin {
            name: "Yonhap".into(),
            kind: OriginKind::Agency,
            evidence: "Yonhap said".into(),
        }],
    };
    let story = table::open_story(tx, HOSTILE, ago(3), &view)?;
    let first = reports.put(tx, 0, "kim", HOSTILE, story, NewsKind::New)?;
    let second = reports.put(
        tx,
        1,
        "kim-too",
        "Putin to receive Kim Jong Un, owned\u{2066}",
        story,
        NewsKind::Rehash,
    )?;
    let other = table::open_story(
        tx,
        "A rover sleeps",
        ago(2),
        &StoryView { outlets: vec!["Example Post".into()], origins: vec![] },
    )?;
    reports.put(tx, 0, "rover", "A rover sleeps", other, NewsKind::New)?;

    let alert = Alert {
        id: 0,
        revision: 1,
        topic: "nk".into(),
        topic_name: "Summit".into(),
        story,
        severity: Severity::Warning,
        kind: AlertKind::New,
        title: HOSTILE.into(),
        body: "2 outlets, 1 origin: Yonhap".into(),
        url: Url::parse("https://example.org/kim").ok(),
        why: "matched with score 100, story not told before".into(),
        raised: ago(2),
    };
    let id = table::insert_alert(tx, &alert, &Told { aloud: ago(2), outlets: 1, origins: 1 })?;
    table::want(tx, id, "log", 1, AlertKind::New, ago(2))?;
    let told = Delivery {
        alert: id,
        channel: "log".into(),
        wanted: 1,
        kind: AlertKind::New,
        tries: 0,
        handle: None,
    };
    table::mark_told(tx, &told, None, ago(1))?;
    table::want(tx, id, "desktop", 1, AlertKind::New, ago(2))?;
    let failed = Delivery { channel: "desktop".into(), ..told };
    table::mark_failed(tx, &failed, "no session bus\u{1b}[2J owned", ago(0), ago(1))?;

    let tell = Verdict { kind: VerdictKind::Tell, why: alert.why.clone() };
    table::put_verdict(tx, first, &evaluation(true), &tell, Some(id), ago(2))?;
    let nothing = Verdict { kind: VerdictKind::Nothing, why: "told already, and it says nothing new".into() };
    table::put_verdict(tx, second, &evaluation(true), &nothing, None, ago(1))
}

fn sources(
    tx: &Transaction<'_>,
    settings: &Settings,
    now: Timestamp,
    ago: &dyn Fn(u64) -> Timestamp,
) -> rusqlite::Result<()> {
    table::sync_sources(tx, &settings.sources, now, |_| SourceState::new(now, "first look"))?;
    let soon = later(now, Duration::from_mins(5 * 60 + 30));
    let well = SourceState {
        last_attempt: Some(ago(1)),
        last_success: Some(ago(1)),
        baseline_done: true,
        polls: 9,
        useful: 2,
        bytes: 90_210,
        status: Some(304),
        validators: Validators {
            etag: Some(b"W/\"9\"".to_vec()),
            last_modified: Some(b"Mon, 04 Sep 2023 09:00:00 GMT".to_vec()),
        },
        ..SourceState::new(soon, "interval 15m")
    };
    let bad = SourceState {
        last_attempt: Some(ago(2)),
        failures: 3,
        status: Some(500),
        failing_since: Some(ago(9)),
        error_class: Some("status".into()),
        error: Some("answered 500 owned\u{1b}[2J".into()),
        ..SourceState::new(soon, "error 3, backing off 40m")
    };
    for (source, state) in settings.sources.iter().zip([well, bad]) {
        table::put_source_state(tx, &source.id, &state)?;
    }
    let about = About {
        self_url: Url::parse("https://example.org/all.xml").ok(),
        hubs: Url::parse("https://hub.example/").into_iter().collect(),
        ..About::default()
    };
    table::put_source_about(tx, &settings.sources[0].id, Some(&about), None)?;
    table::put_note(tx, "started", "2 sources, 2 topics, process 1", ago(4))?;
    // Ahead of time, as the daemon counts as silent two minutes after its last beat.
    table::put_note(tx, "beat", "2 sources, 0 being looked at", soon)?;
    table::put_note(tx, "reload", "new configuration: 2 sources, 2 topics", ago(2))
}

struct Reports<'a> {
    settings: &'a Settings,
    published: Timestamp,
    found: Timestamp,
}

impl Reports<'_> {
    fn put(
        &self,
        tx: &Transaction<'_>,
        source: usize,
        key: &str,
        title: &str,
        story: i64,
        kind: NewsKind,
    ) -> rusqlite::Result<i64> {
        let source = &self.settings.sources[source];
        let article = Article {
            url: source.url.join(key).ok(),
            canonical_url: source.url.join(key).ok(),
            title: title.into(),
            lead: format!("{title}, Yonhap said."),
            body: "The train is armoured.\u{1b}[31m owned".into(),
            furniture: "Most viewed".into(),
            published: Some(self.published),
            published_from: "feed".into(),
            language: Some("en".into()),
            text_from: TextFrom::Page,
            ..Article::default()
        };
        table::put_report(
            tx,
            &NewReport {
                source: &source.id,
                key,
                content_hash: key,
                text_hash: &table::text_hash(&article),
                outlet: source.name.as_deref().unwrap_or("Example Net"),
                article: &article,
                found: self.found,
                baseline: false,
                time: self.published,
                story,
                kind,
                likeness: if kind == NewsKind::New { 0.0 } else { 0.41 },
                candidates: if kind == NewsKind::New {
                    &[]
                } else {
                    &[Candidate { story: 1, likeness: 0.41 }]
                },
                origins: &[Origin {
                    name: "Yonhap".into(),
                    kind: OriginKind::Agency,
                    evidence: "Yonhap said".into(),
                }],
                novel: &[NovelSentence {
                    sentence: "The train is armoured.".into(),
                    why: "new: armoured".into(),
                }],
            },
        )
    }
}

fn evaluation(matched: bool) -> Evaluation {
    Evaluation {
        topic: "nk".into(),
        matched,
        score: 100,
        severity: Severity::Warning,
        why: vec!["Kim Jong Un  1×  title \"Kim Jong Un\"".into()],
        why_not: vec![],
        evidence: vec![],
        furniture_only: false,
        near_miss: None,
    }
}
