//! Tests of what is told about a source.

use super::*;
use crate::clock::later;

fn at(hours: u64) -> Timestamp {
    later("2023-09-04T12:00:00Z".parse().unwrap(), Duration::from_hours(hours))
}

fn failing(hours: u64, class: &str) -> SourceState {
    SourceState {
        failing_since: Some(at(0)),
        failures: u32::try_from(hours / 3).unwrap() + 1,
        error: Some("answered 500".into()),
        error_class: Some(class.into()),
        ..SourceState::new(at(hours + 1), "error 3, backing off 40m")
    }
}

fn well(hours: u64) -> SourceState {
    SourceState { last_success: Some(at(hours)), ..SourceState::new(at(hours + 1), "interval 15m") }
}

/// A look that brings no document. What is told: bad or good news, and what.
fn look(health: &mut Health, state: &SourceState, hours: u64) -> Option<(bool, String)> {
    told(health.look(state, &Seen::default(), at(hours)))
}

fn told(change: Option<Change>) -> Option<(bool, String)> {
    match change? {
        Change::Gap(news) | Change::Begins(_, news) | Change::Ends(news) => Some((news.bad, news.what)),
        Change::Asked => panic!("nobody was told of together with others"),
    }
}

#[test]
fn long_failure_is_told_once_and_recovery_once() {
    let mut health = Health::default();
    let mut told = Vec::new();
    for hours in 0..72 {
        let class = if hours < 40 { "status" } else { "content" };
        told.extend(look(&mut health, &failing(hours, class), hours).map(|(_, what)| (hours, what)));
    }
    assert_eq!(told, [(24, "has failed for 24 hours".to_owned())]);
    let Some(Change::Ends(good)) = health.look(&well(72), &Seen::default(), at(72)) else { panic!() };
    assert_eq!((good.what.as_str(), good.bad), ("is well again", false));
    assert_eq!(good.why, "failing ended 2 days after it was told");
    assert_eq!(look(&mut health, &well(73), 73), None);
}

#[test]
fn a_day_of_trouble_that_ends_is_not_told() {
    let mut health = Health::default();
    for hours in 0..23 {
        assert_eq!(look(&mut health, &failing(hours, "dns"), hours), None);
    }
    assert_eq!(look(&mut health, &well(23), 23), None);
}

#[test]
fn a_wall_is_told_sooner() {
    let mut health = Health::default();
    let told =
        (0..30).find_map(|hours| look(&mut health, &failing(hours, "content"), hours).map(|x| (hours, x)));
    assert_eq!(told, Some((6, (true, "gives something else than it should".into()))));
    assert_eq!(look(&mut health, &failing(40, "status"), 40), None, "one trouble, told once");
}

#[test]
fn a_server_that_is_busy_for_days_gives_nothing_either() {
    let mut health = Health::default();
    let busy = |hours: u64| SourceState {
        busy: u32::try_from(hours / 6).unwrap() + 1,
        last_success: Some(at(0)),
        error: Some("429 Too Many Requests".into()),
        error_class: Some("busy".into()),
        ..SourceState::new(at(hours + 6), "429 Too Many Requests, Retry-After 6h")
    };
    let told: Vec<u64> =
        (1..200).filter(|hours| look(&mut health, &busy(*hours), *hours).is_some()).collect();
    assert_eq!(told, [72]);
    assert_eq!(look(&mut health, &well(200), 200), Some((false, "is well again".into())));
}

#[test]
fn silence_is_told_by_the_sources_own_measure() {
    let mut health = Health::default();
    let mut told = Vec::new();
    for hours in 0..80 * 24 {
        let published: &[Timestamp] =
            if hours % 24 == 0 && !(40 * 24..60 * 24).contains(&hours) { &[at(hours)] } else { &[] };
        let seen = Seen { published, ..Seen::default() };
        told.extend(health.look(&well(hours), &seen, at(hours)).map(|change| match change {
            Change::Begins(trouble, news) => (hours / 24, Some(trouble), news.what),
            Change::Ends(news) => (hours / 24, None, news.what),
            other => panic!("{other:?}"),
        }));
    }
    let wanted = [
        (43, Some(Trouble::Silent), "has published nothing for 4 days".to_owned()),
        (60, None, "is well again".to_owned()),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn what_was_dead_before_it_was_watched_is_shown_and_not_told() {
    for (days, is_told) in [(20, true), (300, false)] {
        let mut health = Health::default();
        let published: Vec<Timestamp> = (0..20).map(|day| at(day * 24)).collect();
        let (seen, now) = (Seen { published: &published, ..Seen::default() }, (19 + days) * 24);
        assert_eq!(health.look(&well(now), &seen, at(now)).is_some(), is_told);
        assert_eq!(health.trouble, Some(Trouble::Silent));
        let again = Seen { published: &[at(now + 1)], ..Seen::default() };
        let after = health.look(&well(now + 1), &again, at(now + 1));
        assert_eq!((after.is_some(), health.trouble), (is_told, None), "{days} days");
    }
}

#[test]
fn what_comes_back_has_time_to_publish() {
    let mut health = Health::default();
    let published: Vec<Timestamp> = (0..200).map(at).collect();
    health.look(&well(200), &Seen { published: &published, ..Seen::default() }, at(200));
    health.trouble = Some(Trouble::Failing);
    assert_eq!(look(&mut health, &well(300), 300), Some((false, "is well again".into())));
    assert_eq!(look(&mut health, &well(301), 301), None);
    assert_eq!(look(&mut health, &well(350), 350), Some((true, "has published nothing for 6 days".into())));
}

#[test]
fn texts_that_become_stubs_are_told() {
    let mut health = Health::default();
    let mut look = |hours: u64, length: u32| {
        told(health.look(&well(hours), &Seen { length: Some(length), ..Seen::default() }, at(hours)))
    };
    for hours in 0..20 {
        assert_eq!(look(hours, 2_000), None);
    }
    assert_eq!((look(20, 100), look(21, 100)), (None, None));
    assert_eq!(look(22, 100), Some((true, "cuts its texts short".into())));
    assert_eq!(look(23, 100), None);
    assert_eq!(look(24, 2_000), Some((false, "is well again".into())));
}

#[test]
fn pages_that_become_walls_are_told_if_they_held_articles_before() {
    let seen = |articles, walls| Seen { articles, walls, ..Seen::default() };
    let mut never = Health::default();
    let mut once = Health::default();
    for hours in 0..20 {
        assert_eq!(once.look(&well(hours), &seen(1, u32::from(hours % 5 == 0)), at(hours)), None);
        assert_eq!(never.look(&well(hours), &seen(0, 2), at(hours)), None);
    }
    assert_eq!(once.look(&well(20), &seen(0, 4), at(20)), None);
    assert_eq!(
        told(once.look(&well(21), &seen(0, 1), at(21))),
        Some((true, "shows walls in place of its articles".into()))
    );
    assert_eq!(once.look(&well(22), &seen(0, 3), at(22)), None);
    assert_eq!(told(once.look(&well(23), &seen(1, 0), at(23))), Some((false, "is well again".into())));
}

#[test]
fn a_gap_is_told_with_its_span_and_not_every_hour() {
    let mut health = Health::default();
    let with_gap =
        |hours| SourceState { gap: Some(Gap { from: at(0), to: at(5), seen: at(hours) }), ..well(hours) };
    let Some(Change::Gap(news)) = health.look(&with_gap(6), &Seen::default(), at(6)) else { panic!() };
    assert!(news.why.contains("from 2023-09-04 12:00 UTC to 2023-09-04 17:00 UTC (5 hours)"), "{}", news.why);
    assert_eq!(look(&mut health, &with_gap(7), 7), None);
    assert!(look(&mut health, &with_gap(40), 40).is_some());
}

#[test]
fn what_was_kept_by_an_earlier_version_is_read() {
    let kept = r#"{"trouble":"failing","since":"2023-09-04T12:00:00Z","usual":900.0,"short":0}"#;
    let mut health: Health = serde_json::from_str(kept).unwrap();
    assert_eq!(look(&mut health, &well(30), 30), Some((false, "is well again".into())));
    assert_eq!(serde_json::from_str::<Health>("{}").unwrap(), Health::default());
}
