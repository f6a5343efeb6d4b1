//! Reload and shutdown: a bad configuration changes nothing, a good one takes over whole, a stop cuts waits and no work.

use std::time::Duration;

use newswatch::alert::{Alert, AlertKind, Told};
use newswatch::clock::{Clock, since};
use newswatch::daemon::{NOTE, Reloaded, reload};
use newswatch::store::table;
use newswatch::topic::Severity;
use tokio::time::sleep;

use super::support::fake_web::Answer;
use super::support::house::House;
use super::support::press::{Item, rss};

const OLD: &str = "[[feed]]\nurl = \"https://a.example/rss\"\n[topic.t]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n[store]\npath = \"/here/newswatch.db\"\n";
const NEW: &str = "[[feed]]\nurl = \"https://a.example/rss\"\n[[feed]]\nurl = \"https://b.example/rss\"\n[topic.t]\nall = [\"flood\"]\n[alerts]\nchannels = [\"log\"]\n[store]\npath = \"/elsewhere/newswatch.db\"\n";

fn house() -> House {
    let house = House::new("2023-09-04T12:00:00Z");
    for host in ["a.example", "b.example"] {
        let item = Item::new(&format!("https://{host}/1"), "Flood", "Mon, 04 Sep 2023 11:00:00 GMT");
        house.web.serve(&format!("https://{host}/rss"), rss(host, &[item]));
    }
    house
}

#[tokio::test(start_paused = true)]
async fn a_bad_configuration_keeps_the_old_one_and_a_good_one_takes_over() {
    let house = house();
    let daemon = house.start(OLD);
    sleep(Duration::from_mins(1)).await;
    let path = house.folder.path().join("newswatch.toml");

    std::fs::write(&path, "[[feed]]\nurll = \"x\"\n[topic.t]\nall = [\"ar*\"]\n").unwrap();
    let kept =
        reload(&daemon.shared, &path, |_, _| unreachable!("nothing is built from a bad configuration"))
            .await
            .unwrap();
    let Reloaded::Kept { why, problems } = &kept else { panic!("{kept:?}") };
    assert!(
        ["urll", "ar*"].iter().all(|word| problems.iter().any(|line| line.contains(word))),
        "{problems:?}"
    );
    assert!(why.ends_with("problems in the new one"), "{why}");
    assert_eq!(daemon.shared.live().settings.sources.len(), 1);

    std::fs::write(&path, NEW).unwrap();
    let done = reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
    let Reloaded::New { needs_restart, summary, .. } = &done else { panic!("{done:?}") };
    assert_eq!(needs_restart, &["store.path"]);
    assert_eq!(summary, "2 sources, 1 topic; of the sources 1 added");
    sleep(Duration::from_mins(1)).await;
    assert_eq!(house.web.asked("https://b.example/rss"), 1, "the new source is looked at");
    assert_eq!(house.web.asked("https://a.example/rss"), 1, "the old one keeps its schedule");

    std::fs::write(&path, OLD).unwrap();
    reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
    sleep(Duration::from_hours(1)).await;
    assert_eq!(house.web.asked("https://b.example/rss"), 1, "a source that was taken out is not asked again");
    daemon.stop().await;
    let notes = house.reader().read(table::notes).unwrap();
    assert!(notes["reload"].1.starts_with("new configuration: 1 source"), "{notes:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_the_web_and_loses_nothing() {
    let house = house();
    house.web.script("https://a.example/rss", |_| Answer {
        delay: Duration::from_mins(10),
        ..Answer::status(200)
    });
    let daemon = house.start(OLD);
    sleep(Duration::from_mins(1)).await;
    let before = tokio::time::Instant::now();
    daemon.stop().await;
    assert!(before.elapsed() < Duration::from_secs(1));

    let item = Item::new("https://a.example/1", "Flood", "Mon, 04 Sep 2023 11:00:00 GMT");
    house.web.serve("https://a.example/rss", rss("a", &[item]));
    let daemon = house.start(OLD);
    sleep(Duration::from_hours(2)).await;
    daemon.stop().await;
    let sources = house.reader().read(table::list_sources).unwrap();
    assert_eq!(sources[0].entries, 1, "the look that was cut off was repeated");
}

#[tokio::test(start_paused = true)]
async fn the_store_says_that_the_daemon_lives_as_often_as_status_expects() {
    let house = house();
    let daemon = house.start(OLD);
    for _ in 0..10 {
        sleep(NOTE + Duration::from_secs(30)).await;
        let beat = house.reader().read(table::notes).unwrap()["beat"].0;
        assert!(since(house.clock.now(), beat) <= NOTE * 2, "the last beat was at {beat}");
    }
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_configuration_that_was_emptied_is_refused_and_what_waits_to_be_told_is_kept() {
    let house = house();
    let alerting = OLD.replace("[topic.t]", "first_look = \"alert\"\n[topic.t]");
    house.log.down.store(true, std::sync::atomic::Ordering::SeqCst);
    let daemon = house.start(&alerting);
    sleep(Duration::from_mins(1)).await;
    assert_eq!(house.reader().read(table::outbox_len).unwrap(), 1);
    let path = house.folder.path().join("newswatch.toml");
    let topicless = alerting.split("[topic.t]").next().unwrap();
    for (text, what) in [("", "neither a source nor a topic"), (topicless, "no topic")] {
        std::fs::write(&path, text).unwrap();
        let kept = reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
        let words = format!("kept the old configuration: the new one has {what}, while 1 source for 1 topic");
        assert!(kept.words().starts_with(&words), "{}", kept.words());
        assert_eq!(daemon.shared.live().settings.sources.len(), 1);
    }
    assert_eq!(house.reader().read(table::outbox_len).unwrap(), 1);
    std::fs::write(&path, alerting.replace("flood", "floo")).unwrap();
    let new = reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
    assert_eq!(new.words(), "new configuration: 1 source, 1 topic");
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_topic_that_fails_its_own_tests_stays_as_it_was_and_the_others_are_taken() {
    let house = house();
    let daemon = house.start(OLD);
    sleep(Duration::from_mins(1)).await;
    let path = house.folder.path().join("newswatch.toml");
    std::fs::write(house.folder.path().join("dam.txt"), "The dam broke\n\nA flood followed.\n").unwrap();
    let expect = "expect = { match = ['*.txt'] }\n";
    let with = |own: &str| {
        OLD.replace("all = [\"flood\"]\n", &format!("{own}{expect}[topic.other]\nall = [\"fire\"]\n"))
    };
    let judged = |title: &str| -> Vec<String> {
        let article = newswatch::article::Article { title: title.into(), ..Default::default() };
        daemon.shared.live().settings.judge(&article).into_iter().map(|one| one.topic).collect()
    };

    std::fs::write(&path, with("all = [\"drought\"]\n")).unwrap();
    let done = reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
    let Reloaded::New { held, warnings, .. } = &done else { panic!("{done:?}") };
    assert_eq!(held, &["t"]);
    assert!(
        done.words().ends_with("; t keeps its old rule (tests fail), until a restart"),
        "{}",
        done.words()
    );
    let told = "dam.txt; drought: no hit";
    assert!(
        warnings.len() == 1
            && warnings[0].contains("5:21: error: topic `t` does not match")
            && warnings[0].ends_with(told),
        "{warnings:?}"
    );
    assert_eq!(
        (judged("Flood"), judged("Drought"), judged("Fire")),
        (vec!["t".into()], vec![], vec!["other".into()])
    );

    std::fs::write(&path, with("all = [\"flood | drought\"]\n")).unwrap();
    let done = reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap();
    assert!(
        matches!(&done, Reloaded::New { held, warnings, .. } if held.is_empty() && warnings.is_empty()),
        "{done:?}"
    );
    assert_eq!((judged("Flood"), judged("Drought")), (vec!["t".into()], vec!["t".into()]));
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_topic_with_a_mistake_stays_as_it_was_and_a_new_one_is_refused() {
    let house = house();
    let daemon = house.start(OLD);
    sleep(Duration::from_mins(1)).await;
    let path = house.folder.path().join("newswatch.toml");
    let reloaded = async |text: &str| {
        std::fs::write(&path, text).unwrap();
        reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap()
    };
    let judged = |title: &str| -> Vec<String> {
        let article = newswatch::article::Article { title: title.into(), ..Default::default() };
        daemon.shared.live().settings.judge(&article).into_iter().map(|one| one.topic).collect()
    };
    let bad = OLD.replace("all = [\"flood\"]\n", "all = [\"@flod\"]\n[topic.good]\nall = [\"fire\"]\n");
    let done = reloaded(&bad).await;
    let Reloaded::New { held, warnings, .. } = &done else { panic!("{done:?}") };
    assert_eq!(held, &["t"]);
    assert!(warnings.len() == 1 && warnings[0].contains("@flod"), "{warnings:?}");
    assert!(
        done.words().ends_with("; t keeps its old rule (mistakes); a restart would fail until it is mended"),
        "{}",
        done.words()
    );
    assert_eq!((judged("Flood"), judged("Fire")), (vec!["t".into()], vec!["good".into()]));
    let topics =
        || daemon.shared.live().settings.topics.iter().map(|topic| topic.id.text.clone()).collect::<Vec<_>>();
    assert_eq!(topics(), ["good", "t"]);

    // Held on over another reload, and given up once it is left out on purpose.
    assert!(matches!(reloaded(&bad).await, Reloaded::New { held, .. } if held == ["t"]));
    assert_eq!(judged("Flood"), ["t"]);
    let untold = OLD.replace("all = [\"flood\"]", "all = [\"flood\"]\ncooldown = \"soon\"");
    assert!(matches!(reloaded(&untold).await, Reloaded::New { held, .. } if held == ["t"]));
    assert_eq!(topics(), ["t"]);
    reloaded(&bad).await;
    let new = format!("{bad}[topic.new]\nal = 3\n");
    assert!(matches!(reloaded(&new).await, Reloaded::Kept { problems, .. } if problems.len() == 2));
    let set = format!("[sets]\nx = [\"@y\"]\n{bad}");
    assert!(matches!(reloaded(&set).await, Reloaded::Kept { .. }), "all topics may use a set");
    reloaded(&OLD.replace("[topic.t]\nall = [\"flood\"]", "[topic.good]\nall = [\"fire\"]")).await;
    assert_eq!(topics(), ["good"]);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_reload_that_would_hold_many_topics_is_refused() {
    let house = house();
    let topics = |line: &str, wrong: usize| -> String {
        let of = |n: usize| format!("[topic.t{n}]\nall = ['{}']\n", if n < wrong { line } else { "flood" });
        OLD.replace("[topic.t]\nall = [\"flood\"]\n", &(0..22).map(of).collect::<String>())
    };
    let daemon = house.start(&topics("", 0));
    sleep(Duration::from_mins(1)).await;
    let path = house.folder.path().join("newswatch.toml");
    let reloaded = async |text: &str| {
        std::fs::write(&path, text).unwrap();
        reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap()
    };
    let kept = reloaded(&topics("@flod", 21)).await;
    let Reloaded::Kept { why, problems } = &kept else { panic!("{kept:?}") };
    assert_eq!((why.as_str(), problems.len()), ("21 topics in the new one have mistakes", 21));
    let two = reloaded(&topics("@flod", 2)).await;
    let told = "; t0, t1 keep their old rules (mistakes); a restart would fail until they are mended";
    assert!(two.words().ends_with(told), "{}", two.words());
    let most = reloaded(&topics("@flod", 20)).await;
    assert!(matches!(most, Reloaded::New { held, .. } if held.len() == 20));
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_topic_by_example_that_is_held_goes_by_what_is_stored_and_so_do_tests() {
    let house = house();
    let folder = house.folder.path();
    let words = "The river burst its banks when the dam of the reservoir gave way at night, drowned fields, cut \
        roads, swept bridges off, filled cellars with mud, and drove hundreds of families onto roofs, where boats \
        found them at dawn; engineers blamed cracked concrete, neglected gates and weeks of heavy rain.";
    let mut item = Item::new("https://a.example/1", "The dam broke", "Mon, 04 Sep 2023 11:00:00 GMT");
    words.clone_into(&mut item.summary);
    house.web.serve("https://a.example/rss", rss("a.example", &[item]));
    std::fs::write(folder.join("dam.txt"), format!("The dam broke\n\n{words}\n")).unwrap();
    let own = "examples = { like = ['article:1'] }\n";
    let with = |own: &str| OLD.replace("all = [\"flood\"]\n", own);
    let path = folder.join("newswatch.toml");
    let daemon = house.start(OLD);
    sleep(Duration::from_mins(1)).await;
    let reloaded = async |text: &str| {
        std::fs::write(&path, text).unwrap();
        reload(&daemon.shared, &path, |settings, _| Ok(house.live(settings))).await.unwrap()
    };
    let judged = || {
        let article = newswatch::config::article_of_file(&folder.join("dam.txt")).unwrap();
        daemon.shared.live().settings.judge(&article).iter().any(|one| one.matched)
    };
    let tested = format!("{own}expect = {{ match = ['dam.txt'] }}\n");
    let done = reloaded(&with(&tested)).await;
    assert!(matches!(&done, Reloaded::New { held, .. } if held.is_empty()), "{done:?}");
    assert!(judged());
    let done = reloaded(&with(&format!("{own}all = ['@flod']\n"))).await;
    assert!(matches!(&done, Reloaded::New { held, .. } if held == &["t"]), "{done:?}");
    let Reloaded::New { warnings, .. } = done else { unreachable!() };
    assert!(!warnings.iter().any(|line| line.contains("keeps its old rule")), "{warnings:?}");
    assert!(judged(), "held, it compares as before");
    let broken = with(&format!("{own}all = ['@flod']\n"));
    let missed = own.replace("'article:1'", "'article:1', 'article:99'");
    reloaded(&with(&missed)).await;
    let Reloaded::New { warnings, .. } = reloaded(&broken).await else { panic!() };
    let lacks =
        "topic `t`, which keeps its old rule, goes by fewer examples: no stored article is named `99`";
    assert!(warnings.iter().any(|line| line.contains(lacks)), "{warnings:?}");
    sleep(Duration::from_hours(25)).await;
    assert!(judged(), "and a day later");
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn trouble_that_was_told_nowhere_is_told_in_the_new_channel() {
    let house = house();
    let alert = |topic: &str| Alert {
        id: 0,
        revision: 1,
        topic: topic.into(),
        topic_name: "Sources".into(),
        story: -1,
        severity: Severity::Warning,
        kind: AlertKind::Health,
        title: format!("{topic} fails"),
        body: String::new(),
        url: None,
        why: String::new(),
        raised: house.clock.now(),
    };
    let told = Told { aloud: house.clock.now(), outlets: 0, origins: 0 };
    let wait = |tx: &rusqlite::Connection, topic: &str| {
        let id = table::insert_alert(tx, &alert(topic), &told)?;
        table::want(tx, id, "desktop", 1, AlertKind::Health, house.clock.now())
    };
    house.store().write_blocking(|tx| wait(tx, "newswatch").and(wait(tx, "gone"))).unwrap();
    let daemon = house.start(OLD);
    sleep(Duration::from_mins(1)).await;
    daemon.stop().await;
    let heard = house.log.heard();
    assert!(heard.contains(&(AlertKind::Health, "newswatch fails".to_owned())), "{heard:?}");
    assert!(!heard.iter().any(|(_, title)| title == "gone fails"), "{heard:?}");
}
