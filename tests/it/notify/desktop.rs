//! The `desktop` channel against a notification server on a real, private message bus.

use std::process::Command;
use std::time::{Duration, Instant};

use newswatch::alert::{Alert, AlertKind};
use newswatch::clock::Timestamp;
use newswatch::notify::desktop::Desktop;
use newswatch::notify::{Notifier, NotifyError};
use newswatch::topic::Severity;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::unix::pipe;

use super::server::{Mood, Server};
use crate::support::dbus::PrivateBus;

/// What GNOME, KDE, dunst and others have in common.
const CAPABILITIES: &[&str] = &["actions", "body", "body-markup"];
/// For calls that are answered: so long that a busy machine does not end them.
const LONG: Duration = Duration::from_mins(1);

/// The bus of this test, or the end of the test where there is none.
macro_rules! bus {
    ($test:literal) => {
        match PrivateBus::start($test) {
            Some(bus) => bus,
            None => return,
        }
    };
}

fn alert(kind: AlertKind) -> Alert {
    Alert {
        id: 7,
        revision: 1,
        topic: "nk-arms".to_owned(),
        topic_name: "North Korean arms".to_owned(),
        story: 3,
        severity: Severity::Warning,
        kind,
        title: "Kim & sons <visit> a shipyard".to_owned(),
        body: "5 outlets\nNew: <b>a second</b> destroyer & crew".to_owned(),
        url: Some("https://example.org/kim?a=1&b=2".parse().expect("a URL")),
        why: "first report".to_owned(),
        raised: Timestamp::UNIX_EPOCH,
    }
}

fn desktop(bus: &PrivateBus) -> Desktop {
    Desktop::new().on_bus(&bus.address).bounded(LONG).opening_with("/nonexistent")
}

/// Tells and returns the handle.
async fn tell(desktop: &Desktop, kind: AlertKind, previous: Option<&str>) -> Option<String> {
    desktop.tell(&alert(kind), previous).await.expect("the alert is told").handle
}

async fn unavailable(desktop: &Desktop) -> String {
    match desktop.tell(&alert(AlertKind::New), None).await {
        Err(NotifyError::Unavailable(text)) => text,
        other => panic!("not unavailable: {other:?}"),
    }
}

#[tokio::test]
async fn an_alert_arrives_whole() {
    let bus = bus!("an alert arrives whole");
    let server = Server::start(&bus.address, CAPABILITIES, 1).await;
    let handle = tell(&desktop(&bus), AlertKind::New, None).await.expect("a handle");
    let told = server.told();
    let [first] = told.as_slice() else { panic!("{told:?}") };
    assert!(handle.starts_with("1@:1."), "{handle}");
    assert_eq!((first.app.as_str(), first.replaces), ("newswatch", 0));
    assert_eq!(first.summary, "Kim & sons <visit> a shipyard");
    assert_eq!(first.body, "5 outlets\nNew: &lt;b&gt;a second&lt;/b&gt; destroyer &amp; crew");
    assert_eq!(first.actions, ["default", "Open article", "open", "Open article"]);
    let mut hints: Vec<_> = first.hints.iter().map(|(name, value)| format!("{name}: {}", **value)).collect();
    hints.sort();
    let expected = [
        "category: \"x-newswatch.story\"",
        "desktop-entry: \"newswatch\"",
        "urgency: byte 0x01", // a D-Bus byte: some servers ignore any other type
        "x-canonical-private-synchronous: \"newswatch-7\"",
        "x-dunst-stack-tag: \"newswatch-7\"",
    ];
    assert_eq!(hints, expected);
}

#[tokio::test]
async fn a_server_without_markup_and_actions_gets_plain_text() {
    let bus = bus!("a server without markup and actions gets plain text");
    let server = Server::start(&bus.address, &["body"], 1).await;
    tell(&desktop(&bus), AlertKind::New, None).await;
    let told = server.told();
    assert_eq!(told[0].body, "5 outlets\nNew: <b>a second</b> destroyer & crew");
    assert!(told[0].actions.is_empty());
}

#[tokio::test]
async fn updates_and_repeats_replace_and_capabilities_are_asked_once() {
    let bus = bus!("updates and repeats replace");
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let desktop = desktop(&bus);
    let first = tell(&desktop, AlertKind::New, None).await;
    for kind in [AlertKind::New, AlertKind::Update, AlertKind::Quiet] {
        assert_eq!(tell(&desktop, kind, first.as_deref()).await, first, "{kind:?}");
    }
    let replaced: Vec<_> = server.told().iter().map(|told| told.replaces).collect();
    assert_eq!(replaced, [0, 5, 5, 5]);
    assert_eq!(server.asked(), 1);
}

// On two threads, where hearing of the closing and telling do race.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_person_closed_stays_closed_until_something_new_is_known() {
    let bus = bus!("what the person closed stays closed");
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let desktop = desktop(&bus);
    let first = tell(&desktop, AlertKind::New, None).await;
    server.dismiss(5).await;
    assert_eq!(tell(&desktop, AlertKind::Quiet, first.as_deref()).await, first);
    assert_eq!(server.told().len(), 1, "the quiet update did not pop up");
    let loud = tell(&desktop, AlertKind::Update, first.as_deref()).await.expect("a handle");
    assert!(loud.starts_with("6@"), "{loud}");
    assert_eq!(server.told()[0].replaces, 0);
    // Shown again, so quiet updates have a place again; another notification's closing is not this one's.
    server.dismiss(5).await;
    tell(&desktop, AlertKind::Quiet, Some(&loud)).await;
    assert_eq!(server.told()[0].replaces, 6);
}

#[tokio::test]
async fn a_closing_that_outruns_the_reply_counts() {
    let bus = bus!("a closing that outruns the reply counts");
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let desktop = desktop(&bus);
    server.mood(Mood::ClosingEarly);
    let first = tell(&desktop, AlertKind::New, None).await;
    server.mood(Mood::Willing);
    tell(&desktop, AlertKind::Quiet, first.as_deref()).await;
    assert_eq!(server.told().len(), 1);
}

#[tokio::test]
async fn after_a_restart_of_newswatch_the_handle_still_replaces_but_quietly_nothing_appears() {
    let bus = bus!("after a restart of newswatch the handle still replaces");
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let first = tell(&desktop(&bus), AlertKind::New, None).await;
    server.told();
    let next = desktop(&bus);
    assert_eq!(tell(&next, AlertKind::Quiet, first.as_deref()).await, first);
    assert!(server.told().is_empty());
    assert_eq!(tell(&next, AlertKind::Update, first.as_deref()).await, first);
    assert_eq!(server.told()[0].replaces, 5);
    // Another alert of the earlier process, which the person closes now.
    let other = Alert { id: 8, ..alert(AlertKind::Update) };
    server.dismiss(4).await;
    let owner = first.as_deref().and_then(|handle| handle.split('@').nth(1)).expect("an owner");
    next.tell(&other, Some(&format!("4@{owner}"))).await.expect("the alert is told");
    assert_eq!(server.told()[0].replaces, 0, "what is closed cannot be replaced");
}

#[tokio::test]
async fn after_a_restart_of_the_server_no_old_id_is_used() {
    let bus = bus!("after a restart of the server no old id is used");
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let desktop = desktop(&bus);
    let first = tell(&desktop, AlertKind::New, None).await;
    server.quit().await;
    let server = Server::start(&bus.address, &["body"], 9).await;
    assert_eq!(tell(&desktop, AlertKind::Quiet, first.as_deref()).await, first);
    assert!(server.told().is_empty(), "it went with its server");
    let second = tell(&desktop, AlertKind::Update, first.as_deref()).await.expect("a handle");
    let told = server.told();
    assert_eq!((told[0].replaces, told[0].actions.len()), (0, 0), "with the new server's capabilities");
    assert!(
        second.starts_with("9@")
            && second.split('@').nth(1) != first.as_deref().and_then(|f| f.split('@').nth(1))
    );
    // The same from a new process, which knows the handle only.
    tell(&self::desktop(&bus), AlertKind::Update, first.as_deref()).await;
    assert_eq!(server.told()[0].replaces, 0);
}

#[tokio::test]
async fn a_new_bus_is_found_and_old_handles_mean_nothing_on_it() {
    let mut bus = bus!("a new bus is found");
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let desktop = desktop(&bus);
    let first = tell(&desktop, AlertKind::New, None).await.expect("a handle");
    drop(server);
    bus.restart();
    // Unique names start again with a bus, so this server may well be called what the first one was.
    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let update = alert(AlertKind::Update);
    let second = match desktop.tell(&update, Some(&first)).await {
        // The end of the old bus may be noticed only by the call that fails for it; the next one connects.
        Err(NotifyError::Unavailable(_)) => desktop.tell(&update, Some(&first)).await,
        told => told,
    };
    let second = second.expect("the alert is told").handle.expect("a handle");
    assert_ne!(first, second);
    assert_eq!(server.told()[0].replaces, 0);
}

#[tokio::test]
async fn all_alerts_share_one_connection_which_ends_with_the_channel() {
    let bus = bus!("all alerts share one connection");
    let server = Server::start(&bus.address, CAPABILITIES, 1).await;
    let desktop = desktop(&bus);
    for id in 1..4 {
        desktop.tell(&Alert { id, ..alert(AlertKind::New) }, None).await.expect("the alert is told");
    }
    let senders: Vec<_> = server.told().into_iter().map(|told| told.sender).collect();
    let [first, second, third] = senders.as_slice() else { panic!("{senders:?}") };
    assert!(first == second && second == third, "GNOME drops what a gone sender showed: {senders:?}");
    let gone = server.departure(first).await;
    drop(desktop);
    tokio::time::timeout(LONG, gone).await.expect("no task holds the connection");
}

#[tokio::test]
async fn a_missing_server_is_said_and_found_when_it_comes() {
    let bus = bus!("a missing server is said");
    let desktop = desktop(&bus);
    assert_eq!(
        unavailable(&desktop).await,
        "no notification server runs on this desktop; start one, e.g. dunst or mako"
    );
    let server = Server::start(&bus.address, CAPABILITIES, 1).await;
    tell(&desktop, AlertKind::New, None).await;
    assert_eq!(server.told().len(), 1);
    server.quit().await;
    assert!(unavailable(&desktop).await.starts_with("no notification server"));
}

#[tokio::test]
async fn a_server_that_cannot_be_started_is_said() {
    let bus = bus!("a server that cannot be started is said");
    let service = "[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/bin/false\n";
    std::fs::write(bus.folder().join("broken.service"), service).expect("the service file is written");
    let text = unavailable(&desktop(&bus)).await;
    assert!(text.starts_with("the desktop's notification server cannot be started ("), "{text}");
}

#[tokio::test]
async fn a_hung_server_costs_the_bound_and_no_more() {
    let bus = bus!("a hung server costs the bound and no more");
    let server = Server::start(&bus.address, CAPABILITIES, 1).await;
    let bound = Duration::from_secs(1);
    let desktop = desktop(&bus).bounded(bound);
    let first = tell(&desktop, AlertKind::New, None).await;
    server.mood(Mood::Hung);
    let asked = Instant::now();
    let text = unavailable(&desktop).await;
    assert_eq!(text, "the desktop's notification server does not answer (waited 1s)");
    assert!((bound..LONG).contains(&asked.elapsed()), "{:?}", asked.elapsed());
    server.mood(Mood::Willing);
    assert_eq!(tell(&desktop, AlertKind::Update, None).await, first, "the connection was kept");
    assert_eq!(server.asked(), 2, "its capabilities are asked again after a failure");
}

#[tokio::test]
async fn a_refusal_is_a_failure_in_one_line() {
    let bus = bus!("a refusal is a failure in one line");
    let server = Server::start(&bus.address, CAPABILITIES, 1).await;
    server.mood(Mood::Refusing);
    let told = desktop(&bus).tell(&alert(AlertKind::New), None).await;
    let Err(NotifyError::Failed(text)) = told else { panic!("{told:?}") };
    assert!(text.contains("refused the alert") && text.contains("too many <0>at once"), "{text}");
}

#[tokio::test]
async fn a_click_opens_the_article_and_nothing_else_does() {
    let bus = bus!("a click opens the article");
    // A program that passes its argument on through a pipe. A shell writes it: a file that this process had open for
    // writing could not be run while another test starts a child that inherits it (ETXTBSY).
    let (program, fifo) = (bus.folder().join("open"), bus.folder().join("opened"));
    let made = Command::new("sh")
        .args([
            "-c",
            r#"mkfifo "$2" && printf '#!/bin/sh\necho "$*" >"%s"\n' "$2" >"$1" && chmod +x "$1""#,
            "sh",
        ])
        .args([&program, &fifo])
        .status()
        .expect("sh runs");
    assert!(made.success());
    let opened = pipe::OpenOptions::new().read_write(true).open_receiver(&fifo).expect("the pipe opens");
    let mut opened = BufReader::new(opened).lines();

    let server = Server::start(&bus.address, CAPABILITIES, 5).await;
    let stranger = Server::start_nameless(&bus.address, CAPABILITIES, 1).await;
    let desktop = desktop(&bus).opening_with(&program);
    tell(&desktop, AlertKind::New, None).await;
    stranger.invoke(5, "default").await;
    server.invoke(4, "default").await;
    server.invoke(5, "settings").await;
    let elsewhere = Alert { id: 8, url: "https://example.org/8".parse().ok(), ..alert(AlertKind::New) };
    desktop.tell(&elsewhere, None).await.expect("the alert is told");
    // Had one of the above opened anything, it would come out of the pipe first.
    for (id, action, address) in
        [(6, "open", "https://example.org/8"), (5, "default", "https://example.org/kim?a=1&b=2")]
    {
        server.invoke(id, action).await;
        let line = tokio::time::timeout(LONG, opened.next_line()).await.expect("in time").expect("readable");
        assert_eq!(line.as_deref(), Some(address));
    }
}
