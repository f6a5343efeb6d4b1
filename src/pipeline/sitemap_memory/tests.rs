//! Tests of what is remembered of the sitemaps of an index.

use super::*;

const NOW: &str = "2026-11-22T12:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn child(name: &str, modified: &str) -> Child {
    let url = format!("https://example.org/{name}").parse().expect("an address");
    Child { url, modified: modified.parse().ok() }
}

fn names(due: &[Child]) -> Vec<&str> {
    due.iter().map(|child| &child.url.path()[1..]).collect()
}

/// Four sitemaps, of which two changed lately, and two archives.
fn children() -> Vec<Child> {
    [
        "2026-11-22T11:00:00Z",
        "2026-11-10T00:00:00Z",
        "2026-07-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
        "2026-05-01T00:00:00Z",
    ]
    .iter()
    .zip(["a", "b", "c", "d", "e"])
    .map(|(modified, name)| child(name, modified))
    .collect()
}

fn after_first_look() -> Memory {
    let (mut memory, now) = (Memory::default(), time(NOW));
    memory.list(&children(), News::None, now);
    for child in memory.due(&children(), now) {
        memory.asked(&child, now);
        memory.was_read(&child, now, child.url.to_string(), Validators::default());
    }
    memory
}

#[test]
fn archives_are_left_alone_at_the_first_look_and_until_they_change() {
    let mut memory = Memory::default();
    memory.list(&children(), News::None, time(NOW));
    assert_eq!(names(&memory.due(&children(), time(NOW))), ["a", "b", "c"]);
    let mut memory = after_first_look();
    let later = time("2026-11-22T13:00:00Z");
    assert_eq!(names(&memory.due(&children(), later)), ["a", "b", "c"]);
    let mut changed = children();
    changed[4].modified = Some(later);
    memory.list(&changed, News::All, later);
    assert_eq!(names(&memory.due(&changed, later)), ["e", "a", "b"]);
    // What it held before is no news; what is new in it is.
    let dated = |at: &str| Entry { updated: at.parse().ok(), ..Entry::default() };
    assert!(memory.was_there(&changed[4], &dated("2026-05-01T00:00:00Z")));
    assert!(memory.was_there(&changed[4], &Entry::default()));
    assert!(!memory.was_there(&changed[4], &dated("2026-11-22T00:00:00Z")));
    assert!(!memory.was_there(&changed[0], &dated("2026-05-01T00:00:00Z")));
}

#[test]
fn a_new_sitemap_comes_first_and_one_that_fails_steps_back() {
    let mut memory = after_first_look();
    let now = time("2026-11-22T13:00:00Z");
    let mut more = children();
    more.push(child("new", ""));
    memory.list(&more, News::All, now);
    assert_eq!(names(&memory.due(&more, now))[0], "new");
    assert!(!memory.was_there(&more[5], &Entry::default()));
    memory.asked(&more[5], now);
    assert_eq!(names(&memory.due(&more, now)), ["a", "b", "c", "new"]);
}

#[test]
fn those_without_dates_take_turns() {
    let (mut memory, now) = (Memory::default(), time(NOW));
    let children: Vec<Child> = (0..10).map(|n| child(&n.to_string(), "")).collect();
    memory.list(&children, News::None, now);
    for minute in 1..=8 {
        let now = time(&format!("2026-11-22T12:0{minute}:00Z"));
        for child in memory.due(&children, now).iter().take(5) {
            memory.asked(child, now);
            memory.was_read(child, now, "same".into(), Validators::default());
        }
    }
    assert!(children.iter().all(|child| memory.0[child.url.as_str()].read.is_some()));
}

#[test]
fn a_date_that_never_moves_is_not_believed_for_ever() {
    let mut memory = Memory::default();
    let children: Vec<Child> = (0..6).map(|n| child(&n.to_string(), "2026-11-01T00:00:00Z")).collect();
    memory.list(&children, News::None, time(NOW));
    for child in memory.due(&children, time(NOW)) {
        memory.was_read(&child, time(NOW), String::new(), Validators::default());
    }
    assert_eq!(memory.due(&children, time("2026-11-25T12:00:00Z")).len(), 3);
    assert_eq!(memory.due(&children, time("2026-11-29T12:00:00Z")).len(), 6);
}

#[test]
fn a_sitemap_of_news_is_read_whatever_the_index_says_of_its_age() {
    let mut memory = after_first_look();
    let now = time("2026-11-22T13:00:00Z");
    let mut more = children();
    let old = "2019-01-01T00:00:00Z";
    more.extend([child("sitemap-news.xml", old), child("news-2019-01.xml", old)]);
    memory.list(&more, News::None, now);
    assert_eq!(names(&memory.due(&more, now)), ["sitemap-news.xml", "a", "b", "c"]);
}

#[test]
fn none_waits_for_ever_though_a_look_may_read_only_one() {
    let (mut memory, now) = (Memory::default(), time(NOW));
    let children: Vec<Child> = (0..10).map(|n| child(&n.to_string(), "")).collect();
    memory.list(&children, News::None, now);
    for minute in 10..30 {
        let now = time(&format!("2026-11-22T12:{minute}:00Z"));
        let first = memory.due(&children, now).swap_remove(0);
        memory.asked(&first, now);
        memory.was_read(&first, now, minute.to_string(), Validators::default());
    }
    assert!(children.iter().all(|child| memory.0[child.url.as_str()].read.is_some()));
}

#[test]
fn what_waits_in_a_sitemap_is_read_at_the_next_look() {
    let (mut memory, now) = (Memory::default(), time(NOW));
    let children: Vec<Child> = (0..100).map(|n| child(&n.to_string(), "")).collect();
    memory.list(&children, News::None, now);
    for (n, child) in children.iter().enumerate() {
        let now = time(&format!("2026-11-22T12:{:02}:{:02}Z", n / 60, n % 60));
        memory.asked(child, now);
        memory.was_read(child, now, n.to_string(), Validators::default());
    }
    let now = time("2026-11-22T12:30:00Z");
    children.iter().skip(20).for_each(|child| memory.reread(child));
    let due = memory.due(&children, now);
    let again =
        due.iter().take(20).filter(|child| names(&[(*child).clone()])[0].parse::<u8>().unwrap() >= 20);
    assert_eq!(due.len(), 100);
    assert!((5..=12).contains(&again.count()), "the others are not kept waiting: {:?}", names(&due));
}

#[test]
fn what_was_there_at_the_first_look_is_not_forgotten_for_what_was_read() {
    let (mut memory, now) = (Memory::default(), time(NOW));
    let unread: Vec<Child> = (0..3_000).map(|n| child(&format!("old-{n}"), "")).collect();
    memory.list(&unread, News::None, now);
    for year in 0..4 {
        let days: Vec<Child> = (0..365).map(|day| child(&format!("{year}-{day}"), "")).collect();
        memory.list(&days, News::All, now);
        for day in days {
            memory.asked(&day, now);
            memory.was_read(&day, now, "x".into(), Validators::default());
        }
    }
    memory.list(&unread, News::All, now);
    assert!(unread.iter().all(|child| memory.was_there(child, &Entry::default())));
}

#[test]
fn memory_survives_writing_and_is_bounded() {
    let memory = after_first_look();
    assert_eq!(Memory::read(memory.write().as_deref()), Some(memory));
    assert_eq!(Memory::read(Some("the text of a page")), None);
    let mut memory = Memory::default();
    for month in 0..12 {
        let children: Vec<Child> = (0..400).map(|n| child(&format!("{month}-{n}"), "")).collect();
        memory.list(&children, News::All, time(NOW));
    }
    assert_eq!(memory.0.len(), MAX_REMEMBERED);
}

#[test]
fn the_failures_of_a_sitemap_are_counted_until_it_answers() {
    let (mut memory, children) = (after_first_look(), children());
    let at = |hours: u64| crate::clock::later(time(NOW), Duration::from_hours(hours));
    let all = |_: &str| true;
    for hours in 1..=3 {
        memory.asked(&children[1], at(hours));
        memory.failed(&children[1], &"é".repeat(1_000), at(hours));
    }
    memory.asked(&children[0], at(3));
    memory.failed(&children[0], "b", at(3));
    let memory_again = Memory::read(memory.write().as_deref()).expect("it is JSON");
    let failing = memory_again.failing(all, at(3)).expect("two fail");
    assert_eq!((failing.since, failing.times, failing.error.chars().count()), (at(1), 3, MAX_ERROR));
    assert!(memory.failing(|url| url == children[2].url.as_str(), at(3)).is_none(), "others are named");
    assert!(memory.failing(all, at(9 * 24)).is_none(), "nobody asks for them any more");
    memory.answered(&children[1]);
    assert_eq!(memory.failing(all, at(3)).map(|failing| failing.error.as_str()), Some("b"));
}
